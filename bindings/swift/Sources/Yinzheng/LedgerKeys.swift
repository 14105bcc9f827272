import Foundation
internal import YinzhengGenerated

/// The ledger's own keys and those of its parties: enrolling, rotating, revoking.
public struct LedgerKeys: Sendable {
    let ledger: Ledger

    private func claims(_ role: KeyRole, _ key: VerifyKey, _ custody: Custody, _ effective: Date, previous: String? = nil) -> Data {
        JSON.of(["role": .text(role.rawValue), "key": key.request, "custody": .text(custody.rawValue),
                 "effective_ms": .integer(effective.milliseconds), "previous": previous.map(JSON.text)]).data
    }

    /// The keys that ever signed blocks, in order.
    public func list() throws -> [LedgerKey] {
        try LedgerKey.replies(ledger.resource.use { try ledgerKeys(ledger: $0) })
    }

    /// The keys of parties (customers, devices, witnesses) that were ever enrolled, oldest first, also those in no block yet. Reads the
    /// whole ledger, entry by entry.
    public func parties() throws -> [PartyKey] {
        var found: [PartyKey] = []
        var first: Int64 = 0
        while true {
            let rows = try JSON(ledger.jsonDoor.list(first: first, count: Self.page)).items ?? []
            for row in rows where row["kind"]?.text == "key" && row["role"]?.text != KeyRole.ledger.rawValue {
                // A key in the place of another one ends that, and so does a revocation, which brings none in.
                if let previous = row["previous"]?.text, let at = found.firstIndex(where: { $0.kid == previous }) {
                    found[at] = try .reply(found[at].said.with("ended_by", row["sequence"]))
                }
                if row["key"]?.isNull == false { found.append(try .reply(row)) }
            }
            if rows.count < Self.page { return found }
            first += Int64(rows.count)
        }
    }

    /// The entry of a party's key that is in force: by it a kid is found again that the host has lost, also when it was killed between
    /// ``finish(_:signature:)`` and keeping what that gave. `nil` when the key was never enrolled, or has ended.
    public func party(_ key: VerifyKey) throws -> PartyKey? {
        let wanted = try key.describe()
        return try parties().last { try $0.endedBy == nil && $0.key.describe() == wanted }
    }

    /// As many as one reply holds.
    private static let page: Int64 = 10_000

    /// Prepares the ledger's next key; the new key signs the draft. In force from the next block.
    public func rotate(to key: VerifyKey, custody: Custody, effective: Date) throws -> Draft {
        try draft(claims(.ledger, key, custody, effective))
    }

    /// Prepares a party's key; that key signs the draft.
    public func enrol(_ role: KeyRole, _ key: VerifyKey, custody: Custody, effective: Date) throws -> Draft {
        try draft(claims(role, key, custody, effective))
    }

    /// Prepares a party's key in the place of an earlier one (``LedgerKey/kid``).
    public func replace(_ role: KeyRole, previous: String, by key: VerifyKey, custody: Custody,
                        effective: Date) throws -> Draft {
        try draft(claims(role, key, custody, effective, previous: previous))
    }

    /// The same, with a request in JSON: also certificates and attestation.
    public func draft(_ request: Data) throws -> Draft {
        try Draft(ledger.resource.use { try ledgerKeyDraft(ledger: $0, request: request.fit) })
    }

    /// Takes the new key's signature, and appends its entry. Gives the kid, hex.
    @discardableResult
    public func finish(_ draft: Data, signature: Data) throws -> String {
        try ledger.resource.use { try ledgerKeyFinish(ledger: $0, draft: draft.fit, signature: signature.fit) }.hex
    }

    /// Revokes a key. Gives the number of the entry.
    @discardableResult
    public func revoke(_ role: KeyRole, kid: String, reason: RevokeReason, effective: Date) throws -> Int64 {
        let request = JSON.of(["role": .text(role.rawValue), "previous": .text(kid), "reason": .text(reason.rawValue),
                               "effective_ms": .integer(effective.milliseconds)]).data
        return signed(try ledger.resource.use { try ledgerKeyRevoke(ledger: $0, request: request.fit) })
    }
}

/// Keys of records that a device of the host wraps, so that erasing is the device's work.
public struct LedgerHostKeys: Sendable {
    let ledger: Ledger

    /// Draws keys ahead, and has each wrapped. Gives how many are ready.
    /// - Parameter wrap: called once for each key; it must not keep what it is given.
    @discardableResult
    public func supply(_ count: Int, wrap: (Data) async throws -> Data) async throws -> Int64 {
        var ready: UInt64 = 0
        for _ in 0..<max(0, count) {
            let id: UInt64
            var key: Data
            do {
                // Given up at once: wiping bytes that two things hold would wipe a copy.
                let drawn = try ledger.resource.use { try ledgerDrawRecordKey(ledger: $0) }
                (id, key) = (drawn.number, drawn.bytes)
            }
            defer { YinzhengLibrary.wipe(&key) }
            let wrapped = try await wrap(key)
            ready = try ledger.resource.use { try ledgerSupplyWrappedKey(ledger: $0, id: id, wrapped: wrapped.fit) }
        }
        return signed(ready)
    }

    /// The wrapped key of a record: have the device unwrap it.
    public func wrapped(_ sequence: Int64) throws -> Data {
        let sequence = try unsigned("sequence", sequence)
        return try ledger.resource.use { try ledgerWrappedKey(ledger: $0, sequence: sequence) }
    }

    /// The values of a record, with its key unwrapped.
    public func disclosures(_ sequence: Int64, key: Data) throws -> [Disclosure] {
        let sequence = try unsigned("sequence", sequence)
        return try Disclosure.replies(ledger.resource.use {
            try ledgerDisclosuresWithKey(ledger: $0, sequence: sequence, key: key.fit)
        })
    }

    /// Erases some values of one record. What stays is opened with the record's own key, unwrapped, and kept under a key that was
    /// supplied; another supplied key goes to the tombstone.
    @discardableResult
    public func erase(record: Int64, key: Data, names: [String], reason: EraseReason, reference: String,
                      time: TimeClaim? = nil) throws -> Erasure {
        let request = LedgerPrivacy.request(.of(["record": .integer(record), "names": .texts(names)]), reason, reference, time)
        return try .reply(ledger.resource.use { try ledgerEraseWithKey(ledger: $0, request: request.fit, key: key.fit) })
    }

    /// Keeps a record's key under another wrapping.
    public func replace(_ sequence: Int64, wrapped: Data) throws {
        let sequence = try unsigned("sequence", sequence)
        try ledger.resource.use { try ledgerReplaceWrappedKey(ledger: $0, sequence: sequence, wrapped: wrapped.fit) }
    }
}

/// Stamps of RFC 3161 authorities. The host does the sending.
public struct LedgerTimestamps: Sendable {
    let ledger: Ledger

    private func ask(_ name: String, _ number: Int64, _ hash: HashAlgorithm) throws -> Data {
        try ledger.jsonDoor.timestampRequest(JSON.of([name: .integer(number), "hash": .text(hash.rawValue)]).data)
    }

    private func attach(_ name: String, _ number: Int64, _ query: Data, _ response: Data,
                        _ policy: Policy) throws -> Timestamp {
        let request = JSON.of([name: .integer(number), "policy": try policy.whole()]).data
        return try .reply(ledger.jsonDoor.timestampAttach(request, query: query, response: response))
    }

    /// A request for a block's stamp, DER: send it as `application/timestamp-query`.
    public func request(block height: Int64, hash: HashAlgorithm = .sha256) throws -> Data {
        try ask("height", height, hash)
    }

    /// A request for the stamp of one entry, such as a statement.
    public func request(entry sequence: Int64, hash: HashAlgorithm = .sha256) throws -> Data {
        try ask("sequence", sequence, hash)
    }

    /// Takes the authority's answer about a block, and keeps it.
    @discardableResult
    public func attach(block height: Int64, query: Data, response: Data, policy: Policy = .none) throws -> Timestamp {
        try attach("height", height, query, response, policy)
    }

    /// Takes the authority's answer about an entry, and keeps it.
    @discardableResult
    public func attach(entry sequence: Int64, query: Data, response: Data, policy: Policy = .none) throws -> Timestamp {
        try attach("sequence", sequence, query, response, policy)
    }
}
