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
    private let turn = Turn()

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
        public var environment: DeviceEnvironment?

        /// Tells the ledgers of an app apart: its key, vault key and mirror are kept under it. `nil` in an app with one ledger.
        public let name: String?

        /// All of them. Each ledger of an app has a folder and a name of its own; a mirror that is given, too.
        public init(folder: URL, keys: any HardwareKeyStore, secrets: any SecretStore, mirror: (any HeadMirror)? = nil,
                    organisation: String, environment: DeviceEnvironment? = nil, name: String? = nil) {
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
        /// Where a ledger is made that goes on from another.
        var next: URL { folder.appendingPathExtension("next") }

        func mirrored() throws -> Head? { try SystemFault.storing("reading the mirror") { try mirror.read() } }
        func mirroring(_ head: Head) throws { try SystemFault.storing("mirroring the head") { try mirror.write(head) } }
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
    ///   by ``goOn(_:because:)``; also when what the mirror holds is no head. ``ErrorCode/signerKeyGone`` when the ledger's key is gone or
    ///   another one, ``ErrorCode/wrongVaultKey`` when the vault key is, ``ErrorCode/notALedger`` or ``ErrorCode/damaged`` for a spoilt store. ``ErrorCode/locked`` while it is open, or being opened, elsewhere. ``ErrorCode/storage``, ``ErrorCode/diskFull`` and
    ///   ``ErrorCode/signerLocked`` for what files and Keychain do not do now: the same call again.
    public static func open(_ parts: Parts) async throws -> PhoneLedger {
        try await Opening.alone(parts.folder) {
            try settle(parts)
            try PhoneStore.prepare(parts.folder)
            let known = try parts.mirrored()
            if !FileManager.default.fileExists(atPath: parts.file.path) {
                guard try known == nil && !isKeyed(parts) else {
                    throw YinzhengError(.headMismatch, "the store is gone, and its mirror or its keys are there")
                }
                // A file without a ledger is the sign that the keys beside it belong to no ledger yet.
                try SystemFault.storing("making the store") { try Data().write(to: parts.file) }
            }
            do {
                return try await opened(parts, known).begun()
            } catch let error as YinzhengError where error.code == .notALedger {
                guard known == nil else {
                    throw YinzhengError(.headMismatch, "no ledger is in the store, and its mirror is there")
                }
                // The first start, or one that was killed: then the key that it made is taken.
                let signer = try hasKey(parts) ? HardwareSigner(parts.key, in: parts.keys) : .make(parts.key, in: parts.keys)
                let ledger = try create(parts, signer) { try Ledger(creating: $0, at: parts.file, vaultKey: $1) }
                return try await PhoneLedger(ledger, signer, parts.mirror).begun()
            }
        }
    }

    /// Goes on after ``open(_:)`` has thrown ``ErrorCode/headMismatch``, ``ErrorCode/signerKeyGone``, ``ErrorCode/wrongVaultKey``,
    /// ``ErrorCode/notALedger`` or ``ErrorCode/damaged``: a new ledger, under a new key, that says which head was known last. Where the old store opens,
    /// what it never sealed goes along, with the records that wait for a signature. The old store is kept beside the new one: it
    /// may be evidence. Killed in its middle, call it again.
    /// - Parameter reason: ``ContinueReason/restore``, or ``ContinueReason/keyLost`` after ``ErrorCode/signerKeyGone``.
    /// - Throws: ``ErrorCode/invalidArgument`` while ``open(_:)`` would do, ``ErrorCode/notFound`` where nothing was before.
    public static func goOn(_ parts: Parts, because reason: ContinueReason = .restore) async throws -> PhoneLedger {
        guard [.restore, .keyLost].contains(reason) else {
            throw YinzhengError(.invalidArgument, "a phone's ledger goes on after a restore or a lost key")
        }
        return try await Opening.alone(parts.folder) {
            try settle(parts)
            var known: Head?
            // Where no head is, nobody can say what was known; the new ledger's takes its place.
            var spoilt = false
            do { known = try parts.mirrored() } catch let error as YinzhengError where error.code == .headMismatch { spoilt = true }
            let files = FileManager.default
            if files.fileExists(atPath: parts.file.path) {
                do {
                    try opened(parts, known).close()
                    if !spoilt { throw YinzhengError(.invalidArgument, "nothing is wrong with this ledger: open it") }
                } catch let error as YinzhengError where final.contains(error.code) {}
            } else if try known == nil && !isKeyed(parts) {
                throw YinzhengError(.notFound, "no ledger was here that could be continued")
            }
            let (old, agrees) = try left(parts, known)
            defer { old?.close() }
            // Made beside its place: it is there as a whole, or not.
            var next = parts
            next.folder = parts.next
            func clear() throws {
                if files.fileExists(atPath: next.folder.path) {
                    try SystemFault.storing("clearing a place for the new ledger") { try files.removeItem(at: next.folder) }
                }
                try PhoneStore.prepare(next.folder)
            }
            try clear()
            let signer = try HardwareSigner.make(parts.key, in: parts.keys)
            try create(parts, signer) { terms, vaultKey in
                if let old {
                    do {
                        let head = try old.status().head
                        let new = try old.continued(by: terms, reason: reason, lastKnown: agrees ? nil : known, at: next.file,
                                                    vaultKey: vaultKey).ledger
                        // The head that it names, which the mirror may lack: by it the new ledger is known.
                        if agrees, let head { try parts.mirroring(head) }
                        return new
                    } catch let error as YinzhengError where unusable.contains(error.code) {
                        try clear()
                    }
                }
                var terms = terms
                (terms.continues, terms.continueReason) = (known, reason)
                return try Ledger(creating: terms, at: next.file, vaultKey: vaultKey)
            }.close()
            old?.close()
            if spoilt, (try? parts.mirror.read()) == nil { try SystemFault.storing("emptying the mirror") { try parts.mirror.forget() } }
            try SystemFault.storing("putting the new ledger into its place") {
                if files.fileExists(atPath: parts.folder.path) {
                    try files.moveItem(at: parts.folder, to: parts.folder.appendingPathExtension("before-\(UUID().uuidString)"))
                }
                try files.moveItem(at: next.folder, to: parts.folder)
            }
            return try await opened(parts, parts.mirrored()).begun()
        }
    }

    /// What is there, for reading only: when the vault key, the ledger's key or the mirror is gone, and before ``goOn(_:because:)``.
    /// Status, proofs of what is sealed, and bundles for a node; values where the vault key is there and fits, else they stay closed.
    /// The mirror is not asked: an older store says what it said then. It may be open for writing beside.
    /// - Throws: ``ErrorCode/notALedger`` where none is, ``ErrorCode/locked`` while it is being opened, ``ErrorCode/damaged``.
    public static func openForReading(_ parts: Parts) async throws -> Ledger {
        try await Opening.alone(parts.folder) {
            try settle(parts)
            var vaultKey = try vaultKey(parts) ?? Data()
            defer { YinzhengLibrary.wipe(&vaultKey) }
            do {
                return try Ledger(opening: parts.file, vaultKey: vaultKey, readOnly: true)
            } catch let error as YinzhengError where error.code == .wrongVaultKey {
                return try Ledger(opening: parts.file, readOnly: true)
            }
        }
    }

    /// What says that a ledger cannot be opened here any more; another error, such as that of a locked device, may pass.
    private static let final: [ErrorCode?] = [.headMismatch, .signerKeyGone, .wrongVaultKey, .notALedger, .damaged]

    /// What makes an old store one that nothing can be taken from; another error may pass.
    private static let unusable: [ErrorCode?] = [.notALedger, .damaged, .wrongVaultKey, .headMismatch, .invalidArgument]

    /// What is left of the old ledger, and whether it agrees with the mirror.
    private static func left(_ parts: Parts, _ known: Head?) throws -> (Ledger?, agrees: Bool) {
        let exists = FileManager.default.fileExists(atPath: parts.file.path)
        guard exists, var vaultKey = try vaultKey(parts) else {
            return (nil, false)
        }
        defer { YinzhengLibrary.wipe(&vaultKey) }
        for expected in known == nil ? [nil] : [known, nil] {
            do {
                return (try Ledger(opening: parts.file, vaultKey: vaultKey, expectedHead: expected), expected == known)
            } catch let error as YinzhengError where unusable.contains(error.code) {}
        }
        return (nil, false)
    }

    /// Killed while a new ledger took its place: it takes it now.
    private static func settle(_ parts: Parts) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: parts.folder.path), files.fileExists(atPath: parts.next.path) else { return }
        var next = parts
        next.folder = parts.next
        guard (try? Found(next.file)) != nil else { return }
        try SystemFault.storing("putting the new ledger into its place") { try files.moveItem(at: next.folder, to: parts.folder) }
    }

    /// Opens what is there, and changes nothing where it is not the ledger that mirror and hardware know.
    private static func opened(_ parts: Parts, _ known: Head?) throws -> PhoneLedger {
        let found = try Found(parts.file)
        // A ledger that goes on from the mirrored one has no head to mirror before its first block.
        let expected = known.flatMap { found.follows($0) ? nil : $0 }
        if expected == nil, let head = found.head, head.height > 0 {
            throw YinzhengError(.headMismatch, "the store has block \(head.height), and its mirror is gone")
        }
        let signer = try HardwareSigner(parts.key, in: parts.keys)
        guard var vaultKey = try vaultKey(parts) else {
            throw YinzhengError(.wrongVaultKey, "the vault key is gone, or is none")
        }
        defer { YinzhengLibrary.wipe(&vaultKey) }
        guard try found.signs(signer.publicKey) else {
            throw YinzhengError(.signerKeyGone, "the hardware has another key than this ledger's")
        }
        let ledger = try Ledger(opening: parts.file, vaultKey: vaultKey, expectedHead: expected, environment: parts.environment)
        return PhoneLedger(ledger, signer, parts.mirror)
    }

    /// `nil` also for what is none: these ledgers are under AES-256.
    private static func vaultKey(_ parts: Parts) throws -> Data? {
        let kept = try SystemFault.storing("reading the vault key") { try parts.secrets.read(parts.vault) }
        return kept.flatMap { $0.count == 32 ? $0 : nil }
    }

    private static func hasKey(_ parts: Parts) throws -> Bool {
        try HardwareSigner.said { () throws(HardwareKeyFault) in try parts.keys.publicKey(parts.key) } != nil
    }

    private static func isKeyed(_ parts: Parts) throws -> Bool {
        try SystemFault.storing("reading the vault key") { try parts.secrets.read(parts.vault) } != nil || hasKey(parts)
    }

    private static func create(_ parts: Parts, _ signer: HardwareSigner,
                               _ make: (LedgerCreation, Data) throws -> Ledger) throws -> Ledger {
        var vaultKey = try vaultKey(parts) ?? YinzhengLibrary.newVaultKey(.aes256Gcm)
        defer { YinzhengLibrary.wipe(&vaultKey) }
        // Before the ledger: values under a key that nobody kept would stay closed for ever.
        try SystemFault.storing("keeping the vault key") { try parts.secrets.write(parts.vault, vaultKey) }
        var terms = LedgerCreation(hash: .sha256, key: signer.publicKey, custody: signer.custody, organisation: parts.organisation)
        terms.environment = parts.environment
        return try make(terms, vaultKey)
    }

    /// With its first block sealed and mirrored.
    private func begun() async throws -> PhoneLedger {
        do {
            if try ledger.status().head == nil { try await seal() } else { try await turn.alone { try caughtUp() } }
            return self
        } catch let behind as MirrorBehind {
            ledger.close()
            throw behind.reason
        } catch {
            ledger.close()
            throw error
        }
    }

    /// Signs and seals what waits since the app was killed: a block that was begun, and records that are in none. Call it after
    /// every ``open(_:)``. Records whose signer was asked when the app was killed go on waiting in `ledger.held()`.
    /// - Returns: the newest block, or `nil` when nothing waited.
    /// - Throws: as ``seal(now:)``.
    @discardableResult
    public func recover() async throws -> Sealed? {
        if try ledger.status().unsealed > 0 { return try await seal() }
        // Killed between sealing and mirroring: the mirror is behind, which is no fault, and catches up.
        try await turn.alone { try caughtUp() }
        return nil
    }

    /// Seals everything that was appended before it, and mirrors the new head. On a phone, after every statement. Tasks that call it at
    /// one time seal one after the other; who finds that another task has sealed what it came for is given that block, so a call where
    /// nothing waits gives the newest block once more. What is appended while it works may go along, and waits else for a call of its own.
    /// - Returns: the newest block. A block that waited already is sealed before it.
    /// - Throws: ``MirrorBehind`` when everything is sealed and the newest head could not be mirrored: the next call of this, of
    ///   ``recover()`` or of ``open(_:)`` mends it. ``ErrorCode/nothingToSeal`` where nothing was sealed since ``open(_:)``, and nothing
    ///   waits. What the signer throws: what is not sealed goes on waiting.
    @discardableResult
    public func seal(now: Date = Date()) async throws -> Sealed {
        try await turn.alone {
            // A mirror that fails stands in nobody's way: first all is sealed, then it is said.
            if turn.behind != nil { mirrorNewest() }
            let status = try ledger.status()
            if status.unsealed == 0, let newest = turn.newest, newest.height == status.head?.height {
                try checkMirrored()
                return newest
            }
            // A block that waits was begun before the newest record: then one block more is made.
            var sealed = try await commit(ledger.begin(now: now))
            while try ledger.head().nextSequence < status.entries { sealed = try await commit(ledger.begin(now: now)) }
            try checkMirrored()
            return sealed
        }
    }

    private func commit(_ waiting: ToSign) async throws -> Sealed {
        let sealed = try ledger.commit(try await signer.sign(waiting))
        turn.newest = sealed
        mirrorNewest()
        return sealed
    }

    // Whose turn it is calls these: a head that was read before its turn may be an older one than the mirror's.

    /// Notes where it fails; whoever may throw then does.
    private func mirrorNewest() {
        do {
            try SystemFault.storing("mirroring the head") { try mirror.write(ledger.head()) }
            turn.behind = nil
        } catch {
            turn.behind = error as? YinzhengError ?? YinzhengError(.storage, "mirroring the head")
        }
    }

    private func checkMirrored() throws {
        guard let reason = turn.behind else { return }
        if let newest = turn.newest { throw MirrorBehind(sealed: newest, reason: reason) }
        throw reason
    }

    private func caughtUp() throws {
        guard try ledger.status().head != nil else { return }
        mirrorNewest()
        try checkMirrored()
    }

    /// Closes it.
    public func close() { ledger.close() }
}
