import Foundation
import Yinzheng

/// Keeps the ledger's last head outside the store, so that a store that went back to an older state is found. A mirror kept
/// beside the store goes back with it, and finds nothing.
public protocol HeadMirror: Sendable {
    /// The head that was kept last; `nil` when none was.
    func read() throws -> Head?
    /// Keeps a head in the place of the one before.
    func write(_ head: Head) throws
}

/// Keeps few secrets, such as the vault key.
public protocol SecretStore: Sendable {
    /// A secret; `nil` when there is none of this name.
    func read(_ name: String) throws -> Data?
    /// Keeps a secret in the place of the one before.
    func write(_ name: String, _ secret: Data) throws
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
        try store.read(name).map { try Head(json: String(decoding: $0, as: UTF8.self)) }
    }

    public func write(_ head: Head) throws { try store.write(name, Data(head.json.utf8)) }
}

/// A head mirror in a file, for machines without a Keychain. Put it on another disk than the store.
public struct FileHeadMirror: HeadMirror {
    private let file: URL

    /// - Parameter file: replaced as a whole at each writing.
    public init(_ file: URL) { self.file = file }

    public func read() throws -> Head? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try Head(json: String(decoding: Data(contentsOf: file), as: UTF8.self))
    }

    public func write(_ head: Head) throws { try Data(head.json.utf8).write(to: file, options: .atomic) }
}

#if canImport(Security)
import Security

/// Small things in the Keychain of this device: not in backups, not on other devices, and still there after the app was removed
/// and installed again.
public struct KeychainStore: SecretStore {
    private let service: String

    /// - Parameter service: tells the items of this app apart, such as its bundle identifier.
    public init(service: String) { self.service = service }

    /// The Keychain's own number.
    public struct Fault: Error, Hashable, Sendable {
        /// An `OSStatus`.
        public let status: Int32
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
        guard status == errSecSuccess, let data = found as? Data else { throw Fault(status: status) }
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
        guard status == errSecSuccess else { throw Fault(status: status) }
    }
}
#endif
