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

        /// All of them.
        public init(folder: URL, keys: any HardwareKeyStore, secrets: any SecretStore, mirror: (any HeadMirror)? = nil,
                    organisation: String, environment: Environment? = nil) {
            self.folder = folder
            self.keys = keys
            self.secrets = secrets
            self.mirror = mirror ?? SecretHeadMirror(secrets)
            self.organisation = organisation
            self.environment = environment
        }

        var file: URL { folder.appendingPathComponent("ledger.db") }
    }

    private init(_ ledger: Ledger, _ signer: HardwareSigner, _ mirror: any HeadMirror) {
        self.ledger = ledger
        self.signer = signer
        self.mirror = mirror
    }

    /// Opens the phone's ledger, or makes it at the first start.
    /// - Throws: ``ErrorCode/headMismatch`` when the store is older than the mirror, or gone while the mirror is there (the app
    ///   was removed and installed again): the app tells so, and goes on by ``goOn(_:)``. ``ErrorCode/signerKeyGone`` when the
    ///   ledger's key is gone.
    public static func open(_ parts: Parts) throws -> PhoneLedger {
        try PhoneStore.prepare(parts.folder)
        let known = try parts.mirror.read()
        guard FileManager.default.fileExists(atPath: parts.file.path) else {
            if let known {
                throw YinzhengError(.headMismatch, "the store is gone; the mirror knows block \(known.height)")
            }
            return try create(parts, continuing: nil)
        }
        let signer = try HardwareSigner(.ledger, in: parts.keys)
        guard let vaultKey = try parts.secrets.read("vault") else {
            throw YinzhengError(.wrongVaultKey, "the vault key is gone")
        }
        // A ledger that goes on from the mirrored one has no head to mirror before its first block.
        let expected = try known.flatMap { try follows($0, parts.file) ? nil : $0 }
        let ledger = try Ledger(opening: parts.file, vaultKey: vaultKey, expectedHead: expected, environment: parts.environment)
        return PhoneLedger(ledger, signer, parts.mirror)
    }

    /// Goes on after ``open(_:)`` has thrown ``ErrorCode/headMismatch``: a new ledger, under a new key, that says which head was
    /// known last. What is left of the old store is kept beside it: it may be evidence.
    public static func goOn(_ parts: Parts) throws -> PhoneLedger {
        guard let known = try parts.mirror.read() else {
            throw YinzhengError(.notFound, "no head is known that could be continued")
        }
        if FileManager.default.fileExists(atPath: parts.folder.path) {
            let aside = parts.folder.appendingPathExtension("before-\(known.ledgerId.prefix(8))-\(UUID().uuidString.prefix(8))")
            try FileManager.default.moveItem(at: parts.folder, to: aside)
        }
        try PhoneStore.prepare(parts.folder)
        return try create(parts, continuing: known)
    }

    /// Whether the store's genesis says that it goes on from this head.
    private static func follows(_ known: Head, _ file: URL) throws -> Bool {
        let ledger = try Ledger(opening: file, readOnly: true)
        defer { ledger.close() }
        guard try ledger.status().ledgerId != known.ledgerId else { return false }
        let said = try Checks.inspect("entry", ledger.jsonDoor.entry(0))
        let digest = { (hash: String) in "\(known.ledgerId.prefix { $0 != ":" }):\(hash)" }
        // Nothing stands there in a ledger that goes on from none.
        return (try? Yinzheng.part(of: said, at: "/says/continues/block_hash")) == digest(known.blockHash)
    }

    private static func create(_ parts: Parts, continuing known: Head?) throws -> PhoneLedger {
        let signer = try HardwareSigner.make(.ledger, in: parts.keys)
        var vaultKey = try parts.secrets.read("vault") ?? Yinzheng.newVaultKey(.aes256Gcm)
        defer { Yinzheng.wipe(&vaultKey) }
        // Before the ledger: values under a key that nobody kept would stay closed for ever.
        try parts.secrets.write("vault", vaultKey)
        var terms = LedgerCreation(hash: .sha256, key: signer.publicKey, custody: signer.custody, organisation: parts.organisation)
        terms.environment = parts.environment
        terms.continues = known
        let ledger = try Ledger(creating: terms, at: parts.file, vaultKey: vaultKey)
        return PhoneLedger(ledger, signer, parts.mirror)
    }

    /// Signs and seals what waits since the app was killed, if anything does. Call it after every ``open(_:)``.
    /// - Returns: the block, or `nil` when none waited.
    @discardableResult
    public func recover() async throws -> Sealed? {
        guard let waiting = try ledger.pending() else {
            // Killed between sealing and mirroring: the mirror is behind, which is no fault, and catches up.
            if let head = try ledger.status().head { try mirror.write(head) }
            return nil
        }
        return try await commit(waiting)
    }

    /// Seals everything that is not sealed yet, and mirrors the new head. On a phone, after every statement.
    @discardableResult
    public func seal(now: Date = Date()) async throws -> Sealed { try await commit(ledger.begin(now: now)) }

    private func commit(_ waiting: ToSign) async throws -> Sealed {
        let sealed = try ledger.commit(try await signer.sign(waiting))
        try mirror.write(ledger.head())
        return sealed
    }

    /// Closes it.
    public func close() { ledger.close() }
}
