import Foundation
internal import YinzhengGenerated

/// One sealer's chain of blocks, in a file of its own. For any number of threads and tasks; one process may have it open.
///
/// It is closed when nobody holds it, or by ``close()``; calls under way finish, and every later one is
/// ``ErrorCode/invalidHandle``. Calls that end with the disk (appending, committing) take about as long as a sync.
public final class Ledger: Sendable, CustomStringConvertible {
    let resource: Resource

    init(_ handle: UInt64) { resource = Resource(handle) }

    /// Makes a new ledger in a new file.
    /// - Parameter vaultKey: what its values are encrypted under (``YinzhengLibrary/newVaultKey(_:)``); without it they stay closed.
    ///   The library keeps no copy outside this process. Put it into the Keychain.
    /// - Throws: ``ErrorCode/storage``, ``ErrorCode/diskFull``, ``ErrorCode/invalidKey``, ``ErrorCode/invalidArgument``.
    public convenience init(creating terms: LedgerCreation, at file: URL, vaultKey: Data) throws {
        let request = terms.request.data
        self.init(try native { try ledgerCreate(path: file.utf8Path.fit, vaultKey: vaultKey.fit, request: request.fit) })
    }

    /// Makes a new ledger that lives in memory only: for tests.
    public convenience init(inMemory terms: LedgerCreation, vaultKey: Data) throws {
        let request = terms.request.with("in_memory", .bool(true)).data
        self.init(try native { try ledgerCreate(path: Data().fit, vaultKey: vaultKey.fit, request: request.fit) })
    }

    /// Opens a ledger that is there.
    /// - Parameters:
    ///   - vaultKey: empty when values may stay closed (reading and proving without them), or wrapped by the host.
    ///   - expectedHead: the head that was kept outside the store. A store that is older is ``ErrorCode/headMismatch``; a store
    ///     that is newer is well: the mirror had not been written yet.
    ///   - readOnly: opens beside nobody's writing; every change is ``ErrorCode/readOnly``.
    ///   - wrappedByHost: the ledger was made with ``LedgerCreation/wrappedByHost``.
    ///   - environment: where it runs now; an *opened* event says so when it changed.
    ///   - limits: how much it takes at once, until it is closed.
    ///   - now: the time claim of the *opened* event, if one is due; `nil` reads the system's clock.
    /// - Throws: ``ErrorCode/locked`` when another process has it open, ``ErrorCode/headMismatch``, ``ErrorCode/damaged``,
    ///   ``ErrorCode/wrongVaultKey``, ``ErrorCode/notALedger``, ``ErrorCode/schemaTooNew``.
    public convenience init(opening file: URL, vaultKey: Data = Data(), expectedHead: Head? = nil, readOnly: Bool = false,
                            wrappedByHost: Bool = false, environment: DeviceEnvironment? = nil,
                            limits: Limits? = nil, now: TimeClaim? = nil) throws {
        let head: JSON? = expectedHead.map { head in
            .of(["height": .integer(head.height), "block_hash": .text(head.blockHash)])
        }
        let request = JSON.of(["expected_head": head, "read_only": readOnly ? .bool(true) : nil,
                               "wrapped_by_host": wrappedByHost ? .bool(true) : nil,
                               "environment": environment?.request, "limits": limits?.request, "now": now?.request]).data
        self.init(try native { try ledgerOpen(path: file.utf8Path.fit, vaultKey: vaultKey.fit, request: request.fit) })
    }

    /// Closes it, and gives its lock up. Closing twice does nothing.
    public func close() { resource.close() }

    /// Copies a ledger to a new file, also while it is in use. The copy has its name only once it is whole.
    public static func backup(from: URL, to: URL) throws {
        try native { try ledgerBackup(from: from.utf8Path.fit, to: to.utf8Path.fit) }
    }

    /// The same operations, with requests and replies in JSON.
    public var jsonDoor: LedgerJSON { LedgerJSON(ledger: self) }
    /// The ledger's own keys, and those of its parties.
    public var keys: LedgerKeys { LedgerKeys(ledger: self) }
    /// Erasing, holding, and what is due.
    public var privacy: LedgerPrivacy { LedgerPrivacy(ledger: self) }
    /// Keys of records that a device of the host wraps.
    public var hostKeys: LedgerHostKeys { LedgerHostKeys(ledger: self) }
    /// Stamps of RFC 3161 authorities.
    public var timestamps: LedgerTimestamps { LedgerTimestamps(ledger: self) }

    /// Says nothing of what is in it.
    public var description: String { "Ledger" }
}

// What goes in.
extension Ledger {
    /// Appends a record. It is durable when this returns, and not sealed.
    /// - Throws: ``ErrorCode/refusedField`` for what must never be kept, ``ErrorCode/unknownName``,
    ///   ``ErrorCode/invalidMessage``, ``ErrorCode/ledgerClosed``, 6xx.
    @discardableResult
    public func append(_ record: EvidenceRecord) throws -> Appended {
        .init(said: try JSON(jsonDoor.append(record.request().data)))
    }

    /// Appends several records with one sync: all of them, or none.
    @discardableResult
    public func append(all records: [EvidenceRecord]) throws -> [Appended] {
        var requests: [JSON] = []
        for record in records { requests.append(try record.request()) }
        return try Appended.replies(jsonDoor.appendMany(JSON.array(requests).data))
    }

    /// Appends an entry that was made outside, such as a statement of ``Statements/finish(_:signature:)``. Gives its number.
    @discardableResult
    public func append(entry: Data) throws -> Int64 {
        signed(try resource.use { try ledgerAppendEntry(ledger: $0, entry: entry.fit) })
    }

    /// Keeps a place for a record that a party must sign first. It waits, also across restarts, until
    /// ``finishStatement(_:signature:)`` or ``dropStatement(_:reason:time:)``.
    public func holdForSignature(_ record: EvidenceRecord, terms: SignerTerms) throws -> HeldRecord {
        try jsonDoor.holdForSignature(record.request().with("signer", terms.request).data)
    }

    /// Records that wait for a party's signature.
    public func held() throws -> [HeldRecord] {
        var all: [HeldRecord] = []
        for one in try JSON(resource.use { try ledgerHeld(ledger: $0) }).items ?? [] {
            let bytes = try Data(hex: one["to_be_signed"]?.text ?? "")
            all.append(HeldRecord(toSign: ToSign(bytes: bytes, info: one)))
        }
        return all
    }

    /// Takes a party's signature, 64 bytes or DER, verifies it, and appends the statement.
    /// - Throws: ``ErrorCode/signatureMismatch``, ``ErrorCode/invalidSignature``; the record goes on waiting.
    @discardableResult
    public func finishStatement(_ id: Int64, signature: Data) throws -> Appended {
        let id = try unsigned("id", id)
        return try .reply(resource.use { try ledgerFinishStatement(ledger: $0, id: id, signature: signature.fit) })
    }

    /// Gives up waiting. A *refused* event takes the record's place: that, too, is evidence. Gives its number.
    @discardableResult
    public func dropStatement(_ id: Int64, reason: DropReason, time: TimeClaim? = nil) throws -> Int64 {
        let id = try unsigned("id", id)
        let word = Data(reason.rawValue.utf8)
        return signed(try resource.use { try ledgerDropStatement(ledger: $0, id: id, reason: word.fit, time: time.data.fit) })
    }

    /// Holds a record, has it signed, and appends the statement. When the signer throws, or the process is killed, the record goes
    /// on waiting in ``held()``: finish it (``finishStatement(_:signature:)``) or drop it (``dropStatement(_:reason:time:)``). Until
    /// then this call cannot be repeated with its business id: that is ``ErrorCode/conflict``.
    /// - Parameters:
    ///   - kid: what ``LedgerKeys/finish(_:signature:)`` gave when the signer's key was enrolled; without it a verifier needs the
    ///     key from elsewhere.
    ///   - displayed: the digest of what was shown, typed; `nil` is what the signer itself says that it shows (``Signer/displayed``).
    /// - Throws: ``ErrorCode/digestMismatch`` for another `displayed` than that of a signer that shows something: nothing is held then.
    @discardableResult
    public func appendSigned(_ record: EvidenceRecord, by signer: some Signer, as role: Role, kid: String? = nil,
                             displayed: String? = nil) async throws -> Appended {
        if let displayed, let shows = signer.displayed, displayed != shows {
            throw YinzhengError(.digestMismatch, "the signer shows something else than what is to be sealed as displayed")
        }
        let terms = SignerTerms(key: signer.publicKey, role: role, kid: kid, displayed: displayed ?? signer.displayed, audience: "ledger")
        let held = try holdForSignature(record, terms: terms)
        return try finishStatement(held.id, signature: try await signer.sign(held.toSign))
    }

    /// Notes how far the clock has moved against the monotonic one, if it is worth an event: its number, or `nil`.
    @discardableResult
    public func noteClock(_ now: TimeClaim) throws -> Int64? {
        let time = now.request.data
        let sequence = try resource.use { try ledgerNoteClock(ledger: $0, now: time.fit) }
        return sequence == 0 ? nil : signed(sequence)
    }

    /// Ends the ledger: after this nothing is appended. Seal once more. Gives the number of the *closed* event.
    @discardableResult
    public func end(successor: VerifyKey? = nil, time: TimeClaim? = nil) throws -> Int64 {
        try jsonDoor.note(JSON.of(["kind": "closed", "successor": successor?.request, "time": time?.request]).data)
    }
}

// Sealing.
extension Ledger {
    /// Closes the next block over everything that is not sealed, and gives the bytes to sign. Once they were handed out, this
    /// is the only block that the ledger ever offers at this height: the same bytes come again until ``commit(_:)``, also after
    /// the process was killed. There is no taking back.
    /// - Throws: ``ErrorCode/nothingToSeal``, ``ErrorCode/damaged`` when stored bytes were changed.
    public func begin(now: Date = Date()) throws -> ToSign {
        let now = try unsigned("now", now.seconds)
        return try ToSign(resource.use { try ledgerBegin(ledger: $0, nowS: now) })
    }

    /// The block that waits for its signature; `nil` when none does. Ask at every start.
    public func pending() throws -> ToSign? {
        guard let given = try resource.use({ try ledgerPending(ledger: $0) }) else { return nil }
        return try ToSign(given)
    }

    /// Takes the signature over the waiting block, 64 bytes or DER, verifies it against the ledger's key, and seals.
    /// - Throws: ``ErrorCode/signatureMismatch``, ``ErrorCode/invalidSignature``, ``ErrorCode/nothingPending``; the block goes
    ///   on waiting.
    @discardableResult
    public func commit(_ signature: Data) throws -> Sealed {
        try .reply(resource.use { try ledgerCommit(ledger: $0, signature: signature.fit) })
    }

    /// ``begin(now:)``, the signer, and ``commit(_:)``. When the signer throws, the block goes on waiting.
    @discardableResult
    public func seal(by signer: some Signer) async throws -> Sealed {
        try commit(try await signer.sign(begin()))
    }

    /// True when a block should be made: more than `maxEntries` wait, or the oldest longer than `maxAge` seconds.
    public func due(maxEntries: Int64, maxAge: TimeInterval, now: Date = Date()) throws -> Bool {
        let most = try unsigned("maxEntries", maxEntries)
        let age = Int64(clamping: maxAge * 1000)
        return try resource.use { try ledgerDue(ledger: $0, maxEntries: most, maxAgeMs: age, nowMs: now.milliseconds) }
    }
}

// What it answers.
extension Ledger {
    /// How much is in it, and what waits.
    public func status() throws -> LedgerStatus {
        try .reply(resource.use { try ledgerStatus(ledger: $0) })
    }

    /// Where it stands. Keep it outside the store after every ``commit(_:)``.
    /// - Throws: ``ErrorCode/notFound`` before the first block is sealed.
    public func head() throws -> Head { try .reply(resource.use { try ledgerHead(ledger: $0) }) }

    /// A proof (`.yzp`): everything that a verifier needs, with the values that the request shows.
    /// - Throws: ``ErrorCode/notFound``, ``ErrorCode/erased``, ``ErrorCode/wrongVaultKey``.
    public func prove(_ request: ProofRequest) throws -> Data {
        try jsonDoor.prove(request.request.data)
    }

    /// The values of a record, to show some of them with ``Proofs/disclose(_:record:disclosures:)``.
    public func disclosures(_ sequence: Int64) throws -> [Disclosure] {
        let sequence = try unsigned("sequence", sequence)
        return try Disclosure.replies(resource.use { try ledgerDisclosures(ledger: $0, sequence: sequence) })
    }

    /// A dossier, by its id or its preservation number 保全号.
    public func dossier(_ dossier: String) throws -> Dossier {
        try .reply(resource.use { try ledgerDossier(ledger: $0, dossier: dossier.fit) })
    }

    /// Dossiers in the order of their ids, after one of them (`""`: from the first).
    public func dossiers(after: String = "", count: Int64) throws -> [Dossier] {
        let count = try unsigned("count", count)
        return try Dossier.replies(resource.use { try ledgerDossiers(ledger: $0, after: after.fit, count: count) })
    }

    /// What was sealed since a cursor (`""`: from the beginning), at most `limit` things.
    public func feed(after cursor: String = "", limit: Int64) throws -> Feed {
        try .reply(jsonDoor.feed(cursor, limit: limit))
    }

    /// Reads the whole store: chain, trees, signatures, values.
    public func check() throws -> CheckReport { try .reply(jsonDoor.check()) }

    /// A proof that the sealer made two blocks at one height: this ledger's, and that of a bundle of the same ledger.
    /// - Throws: ``ErrorCode/notFound`` when they agree.
    public func proveFork(bundle: Data) throws -> Data {
        let bundle = try checked("bundle", bundle)
        return try resource.use { try ledgerProveFork(ledger: $0, bundle: bundle.fit) }
    }
}
