import Foundation
import Yinzheng

/// Keeps the ledger's last head outside the store, so that a store that went back to an older state is found. A mirror kept
/// beside the store goes back with it, and finds nothing.
///
/// What it throws other than a ``YinzhengError`` reaches hosts as ``ErrorCode/storage``, with the system's number.
public protocol HeadMirror: Sendable {
    /// The head that was kept last; `nil` when none was.
    /// - Throws: ``ErrorCode/headMismatch`` when what is kept is no head.
    func read() throws -> Head?
    /// Keeps a head in the place of the one before, also of another ledger that goes on from it.
    /// - Throws: ``ErrorCode/headMismatch`` for a lower head of the same ledger, or another one at its height: a mirror never goes back.
    func write(_ head: Head) throws
    /// Keeps none any more. ``PhoneLedger/open(_:)`` then says that the mirror is gone, and only
    /// ``PhoneLedger/goOn(_:because:)`` goes on.
    func forget() throws
}

/// Keeps few secrets, such as the vault key. Errors as with ``HeadMirror``.
public protocol SecretStore: Sendable {
    /// A secret; `nil` when there is none of this name.
    func read(_ name: String) throws -> Data?
    /// Keeps a secret in the place of the one before.
    func write(_ name: String, _ secret: Data) throws
    /// Keeps none of this name any more; nothing happens when there is none.
    func remove(_ name: String) throws
}

extension Head {
    /// A head out of a mirror. Garbage there proves nothing about the ledger, and is no mistake of whoever asks.
    static func mirrored(_ bytes: Data) throws -> Head {
        do {
            return try Head(json: String(decoding: bytes, as: UTF8.self))
        } catch is YinzhengError {
            throw YinzhengError(.headMismatch, "what the mirror holds is no head")
        }
    }

    /// - Throws: ``ErrorCode/headMismatch`` where this head may not take the place of `known`.
    func checkThatItFollows(_ known: Head?) throws {
        guard let known, known.ledgerId == ledgerId else { return }
        guard height > known.height || height == known.height && blockHash == known.blockHash else {
            throw YinzhengError(.headMismatch, "the mirror holds block \(known.height) of this ledger")
        }
    }
}

/// Everything that a ``PhoneLedger/seal(now:)`` came for is sealed, and the mirror does not know the newest block yet: nothing is lost, and
/// nothing is to be signed again. Thrown instead of the mirror's own error, which says nothing of the block.
public struct MirrorBehind: Error, Hashable, Sendable {
    /// The newest block.
    public let sealed: Sealed
    /// Why its head was not mirrored.
    public let reason: YinzhengError
}

extension MirrorBehind: LocalizedError, CustomStringConvertible {
    /// In English; no value.
    public var description: String { "block \(sealed.height) is sealed, and its head is not mirrored yet: \(reason.message)" }
    /// The same.
    public var errorDescription: String? { description }
}

/// A head mirror in a secret store: in the Keychain.
public struct SecretHeadMirror: HeadMirror {
    private let store: any SecretStore
    private let name: String

    /// - Parameter name: tells the ledgers of an app apart.
    public init(_ store: any SecretStore, name: String = "head") {
        self.store = store
        self.name = name
    }

    public func read() throws -> Head? {
        try store.read(name).map(Head.mirrored)
    }

    public func write(_ head: Head) throws {
        try head.checkThatItFollows(read())
        try store.write(name, Data(head.json.utf8))
    }

    public func forget() throws { try store.remove(name) }
}

/// A head mirror in a file, for machines without a Keychain. Put it on another disk than the store.
public struct FileHeadMirror: HeadMirror {
    private let file: URL

    /// - Parameter file: replaced as a whole at each writing.
    public init(_ file: URL) { self.file = file }

    public func read() throws -> Head? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try Head.mirrored(SystemFault.storing("reading the mirror") { try Data(contentsOf: file) })
    }

    public func write(_ head: Head) throws {
        try head.checkThatItFollows(read())
        try SystemFault.storing("mirroring the head") { try Data(head.json.utf8).write(to: file, options: .atomic) }
    }

    public func forget() throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        try SystemFault.storing("emptying the mirror") { try FileManager.default.removeItem(at: file) }
    }
}

#if canImport(Security)
import Security

/// Small things in the Keychain of this device: not in backups, not on other devices, and still there after the app was removed
/// and installed again.
public struct KeychainStore: SecretStore {
    private let service: String

    /// - Parameter service: tells the items of this app apart, such as its bundle identifier.
    public init(service: String) { self.service = service }

    /// The Keychain's own number, as ``ErrorCode/signerLocked`` while the device is locked, else as ``ErrorCode/storage``.
    private func fault(_ what: String, _ status: OSStatus) -> YinzhengError {
        SystemFault.stored(what, SystemFault.security, Int(status))
    }

    private func query(_ name: String) -> [CFString: Any] {
        [kSecClass: kSecClassGenericPassword, kSecAttrService: service, kSecAttrAccount: name,
         kSecAttrSynchronizable: false, kSecUseDataProtectionKeychain: true]
    }

    public func read(_ name: String) throws -> Data? {
        var query = query(name)
        query[kSecReturnData] = true
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess, let data = found as? Data else { throw fault("reading the Keychain", status) }
        return data
    }

    public func write(_ name: String, _ secret: Data) throws {
        let changed: [CFString: Any] = [kSecValueData: secret]
        var status = SecItemUpdate(query(name) as CFDictionary, changed as CFDictionary)
        if status == errSecItemNotFound {
            var item = query(name)
            item[kSecValueData] = secret
            // The same as the ledger's key and its files: what one of them can do, all can.
            item[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            status = SecItemAdd(item as CFDictionary, nil)
        }
        guard status == errSecSuccess else { throw fault("writing the Keychain", status) }
    }

    public func remove(_ name: String) throws {
        let status = SecItemDelete(query(name) as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else { throw fault("emptying the Keychain", status) }
    }
}
#endif
