import Foundation
import Yinzheng

/// A phone's ledger with what belongs around it: hardware key, vault key in the Keychain, head mirror, and what waits since the
/// app was killed. A thin flow over `Yinzheng`; everything that it does can be done without it.
public struct PhoneLedger: Sendable {
    /// The ledger.
    public let ledger: Ledger
    /// Signs its blocks.
    public let signer: HardwareSigner
    private let mirror: any HeadMirror

    /// What a phone's ledger stands on.
    public struct Parts: Sendable {
        /// The folder of the store; ``PhoneStore/prepare(_:)`` is done with it.
        public var folder: URL
        /// The hardware.
        public var keys: any HardwareKeyStore
        /// Where the vault key lies.
        public var secrets: any SecretStore
        /// Where the head is mirrored.
        public var mirror: any HeadMirror
        /// Who seals, public.
        public var organisation: String
        /// Where it runs, public, with signs of a jailbreak.
        public var environment: Environment?

        /// Tells the ledgers of an app apart: its key, vault key and mirror are kept under it. `nil` in an app with one ledger.
        public let name: String?

        /// All of them. Each ledger of an app has a folder and a name of its own; a mirror that is given, too.
        public init(folder: URL, keys: any HardwareKeyStore, secrets: any SecretStore, mirror: (any HeadMirror)? = nil,
                    organisation: String, environment: Environment? = nil, name: String? = nil) {
            self.folder = folder
            self.keys = keys
            self.secrets = secrets
            self.mirror = mirror ?? SecretHeadMirror(secrets, name: Self.item("head", name))
            self.organisation = organisation
            self.environment = environment
            self.name = name
        }

        private static func item(_ kind: String, _ name: String?) -> String { name.map { "\(kind).\($0)" } ?? kind }
        var key: DeviceKey { name.map(DeviceKey.ledger(named:)) ?? .ledger }
        var vault: String { Self.item("vault", name) }

        var file: URL { folder.appendingPathComponent("ledger.db") }
    }

    private init(_ ledger: Ledger, _ signer: HardwareSigner, _ mirror: any HeadMirror) {
        self.ledger = ledger
        self.signer = signer
        self.mirror = mirror
    }

    /// Opens the phone's ledger, or makes it at the first start. Its first block is sealed and mirrored before this returns, so
    /// there is no time in which nothing guards it.
    /// - Throws: ``ErrorCode/headMismatch`` when the store is older than the mirror, when it is gone while the Keychain or the
    ///   hardware knows of it (the app was removed and installed again), or when the mirror is gone: the app tells so, and goes on
    ///   by ``goOn(_:)``. ``ErrorCode/signerKeyGone`` when the ledger's key is gone or another one. ``ErrorCode/locked`` while it
    ///   is open, or being opened, elsewhere.
    public static func open(_ parts: Parts) async throws -> PhoneLedger {
        try await Opening.alone(parts.folder) {
            try PhoneStore.prepare(parts.folder)
            let known = try parts.mirror.read()
            guard FileManager.default.fileExists(atPath: parts.file.path) else {
                if let known {
                    throw YinzhengError(.headMismatch, "the store is gone; the mirror knows block \(known.height)")
                }
                guard try parts.secrets.read(parts.vault) == nil, try !hasKey(parts) else {
                    throw YinzhengError(.headMismatch, "the store is gone; a key of its ledger is there")
                }
                // A file without a ledger is the sign that the keys beside it belong to no ledger yet.
                try Data().write(to: parts.file)
                return try await create(parts, continuing: nil)
            }
            let found: Found
            do {
                found = try Found(parts.file)
            } catch let error as YinzhengError where error.code == .notALedger {
                if let known {
                    throw YinzhengError(.headMismatch, "no ledger is in the store; the mirror knows block \(known.height)")
                }
                // Killed while it was made: nobody has had it yet.
                return try await create(parts, continuing: nil)
            }
            // A ledger that goes on from the mirrored one has no head to mirror before its first block.
            let expected = known.flatMap { found.follows($0) ? nil : $0 }
            if expected == nil, let head = found.head, head.height > 0 {
                throw YinzhengError(.headMismatch, "the store has block \(head.height), and its mirror is gone")
            }
            let signer = try HardwareSigner(parts.key, in: parts.keys)
            guard var vaultKey = try parts.secrets.read(parts.vault) else {
                throw YinzhengError(.wrongVaultKey, "the vault key is gone")
            }
            defer { Yinzheng.wipe(&vaultKey) }
            guard try found.signs(signer.publicKey) else {
                throw YinzhengError(.signerKeyGone, "the hardware has another key than this ledger's")
            }
            let ledger = try Ledger(opening: parts.file, vaultKey: vaultKey, expectedHead: expected, environment: parts.environment)
            return try await PhoneLedger(ledger, signer, parts.mirror).begun()
        }
    }

    /// Goes on after ``open(_:)`` has thrown ``ErrorCode/headMismatch``: a new ledger, under a new key, that says which head was
    /// known last. What is left of the old store is kept beside it: it may be evidence.
    public static func goOn(_ parts: Parts) async throws -> PhoneLedger {
        try await Opening.alone(parts.folder) {
            guard let known = try parts.mirror.read() else {
                throw YinzhengError(.notFound, "no head is known that could be continued")
            }
            if FileManager.default.fileExists(atPath: parts.folder.path) {
                let aside = parts.folder.appendingPathExtension("before-\(known.ledgerId.prefix(8))-\(UUID().uuidString.prefix(8))")
                try FileManager.default.moveItem(at: parts.folder, to: aside)
            }
            try PhoneStore.prepare(parts.folder)
            return try await create(parts, continuing: known)
        }
    }

    private static func hasKey(_ parts: Parts) throws -> Bool {
        try HardwareSigner.said { () throws(HardwareKeyFault) in try parts.keys.publicKey(parts.key) } != nil
    }

    private static func create(_ parts: Parts, continuing known: Head?) async throws -> PhoneLedger {
        // A key that a killed start left is taken; a ledger that goes on never has the key of the one before.
        let signer = try known == nil && hasKey(parts) ? HardwareSigner(parts.key, in: parts.keys)
            : HardwareSigner.make(parts.key, in: parts.keys)
        var vaultKey = try parts.secrets.read(parts.vault) ?? Yinzheng.newVaultKey(.aes256Gcm)
        defer { Yinzheng.wipe(&vaultKey) }
        // Before the ledger: values under a key that nobody kept would stay closed for ever.
        try parts.secrets.write(parts.vault, vaultKey)
        var terms = LedgerCreation(hash: .sha256, key: signer.publicKey, custody: signer.custody, organisation: parts.organisation)
        terms.environment = parts.environment
        terms.continues = known
        let ledger = try Ledger(creating: terms, at: parts.file, vaultKey: vaultKey)
        return try await PhoneLedger(ledger, signer, parts.mirror).begun()
    }

    /// With its first block sealed and mirrored.
    private func begun() async throws -> PhoneLedger {
        do {
            if let head = try ledger.status().head { try mirror.write(head) } else { try await seal() }
            return self
        } catch {
            ledger.close()
            throw error
        }
    }

    /// Signs and seals what waits since the app was killed: a block that was begun, and records that are in none. Call it after
    /// every ``open(_:)``. Records whose signer was asked when the app was killed go on waiting in `ledger.held()`.
    /// - Returns: the newest block, or `nil` when nothing waited.
    @discardableResult
    public func recover() async throws -> Sealed? {
        if try ledger.status().unsealed > 0 { return try await seal() }
        // Killed between sealing and mirroring: the mirror is behind, which is no fault, and catches up.
        if let head = try ledger.status().head { try mirror.write(head) }
        return nil
    }

    /// Seals everything that is not sealed yet, and mirrors the new head. On a phone, after every statement.
    /// - Returns: the newest block. A block that waited already is sealed before it.
    @discardableResult
    public func seal(now: Date = Date()) async throws -> Sealed {
        // A block that waits was begun before the newest record: then one block more is made.
        var sealed = try await commit(ledger.begin(now: now))
        while try ledger.status().unsealed > 0 { sealed = try await commit(ledger.begin(now: now)) }
        return sealed
    }

    private func commit(_ waiting: ToSign) async throws -> Sealed {
        let sealed = try ledger.commit(try await signer.sign(waiting))
        try mirror.write(ledger.head())
        return sealed
    }

    /// Closes it.
    public func close() { ledger.close() }
}

/// What a store says of itself, read beside nobody's writing.
private struct Found {
    let head: Head?
    private let ledgerId: String
    private let keys: [LedgerKey]
    private let genesis: String

    init(_ file: URL) throws {
        let ledger = try Ledger(opening: file, readOnly: true)
        defer { ledger.close() }
        let status = try ledger.status()
        (head, ledgerId, keys) = (status.head, status.ledgerId, try ledger.keys.list())
        genesis = try Checks.inspect("entry", ledger.jsonDoor.entry(0))
    }

    /// Whether its genesis says that it goes on from this head.
    func follows(_ known: Head) -> Bool {
        guard ledgerId != known.ledgerId else { return false }
        let digest = { (hash: String) in "\(known.ledgerId.prefix { $0 != ":" }):\(hash)" }
        // Nothing stands there in a ledger that goes on from none.
        return (try? Yinzheng.part(of: genesis, at: "/says/continues/block_hash")) == digest(known.blockHash)
    }

    /// Whether this key may sign its next block, or the one after: while a rotation is not sealed yet, both do.
    func signs(_ key: VerifyKey) throws -> Bool {
        let wanted = try key.spki()
        return try keys.contains { try $0.ended == nil && $0.revoked == nil && $0.key.spki() == wanted }
    }
}

/// One opening at a time for each folder: two first starts at once would make two keys, and the second is the end of the first.
private final class Opening: @unchecked Sendable {
    private static let shared = Opening()
    // Guarded by the lock.
    private let lock = NSLock()
    private var folders: Set<String> = []

    private func enter(_ folder: String) -> Bool { lock.withLock { folders.insert(folder).inserted } }
    private func leave(_ folder: String) { lock.withLock { _ = folders.remove(folder) } }

    static func alone<T>(_ folder: URL, _ call: () async throws -> T) async throws -> T {
        let path = folder.standardizedFileURL.path
        guard shared.enter(path) else { throw YinzhengError(.locked, "it is being opened in this process") }
        defer { shared.leave(path) }
        return try await call()
    }
}
