import Foundation
internal import YinzhengGenerated

/// The ledger's operations with requests and replies in JSON, for hosts that have JSON already. `docs/ffi.md` describes them.
public struct LedgerJSON: Sendable {
    let ledger: Ledger

    private func use<T>(_ call: (UInt64) throws -> T) throws -> T { try ledger.resource.use(call) }

    /// Appends a record.
    public func append(_ request: Data) throws -> Data { try use { try ledgerAppend(ledger: $0, request: request.fit) } }
    /// Appends several with one sync.
    public func appendMany(_ requests: Data) throws -> Data {
        try use { try ledgerAppendMany(ledger: $0, requests: requests.fit) }
    }
    /// Keeps a place for a record that a party must sign first.
    public func holdForSignature(_ request: Data) throws -> HeldRecord {
        HeldRecord(toSign: try ToSign(use { try ledgerHoldForSignature(ledger: $0, request: request.fit) }))
    }
    /// Records that wait for a signature.
    public func held() throws -> Data { try use { try ledgerHeld(ledger: $0) } }
    /// How much is in it.
    public func status() throws -> Data { try use { try ledgerStatus(ledger: $0) } }
    /// The head as ``Sealer`` and ``Statements/countersign(headState:key:claim:issuer:role:time:)`` take it; not JSON.
    public func headState() throws -> Data { try use { try ledgerHeadState(ledger: $0) } }
    /// An entry's bytes.
    public func entry(_ sequence: Int64) throws -> Data {
        let sequence = try unsigned("sequence", sequence)
        return try use { try ledgerEntry(ledger: $0, sequence: sequence) }
    }
    /// An entry's receipt 回执, COSE.
    public func receipt(_ sequence: Int64) throws -> Data {
        let sequence = try unsigned("sequence", sequence)
        return try use { try ledgerReceipt(ledger: $0, sequence: sequence) }
    }
    /// A block's sealed bytes, and about it in JSON.
    public func block(_ height: Int64) throws -> (block: Data, info: Data) {
        let height = try unsigned("height", height)
        let pair = try use { try ledgerBlock(ledger: $0, height: height) }
        return (pair.first, pair.second)
    }
    /// Facts of entries, one after the other.
    public func list(first: Int64, count: Int64) throws -> Data {
        let first = try unsigned("first", first), count = try unsigned("count", count)
        return try use { try ledgerList(ledger: $0, first: first, count: count) }
    }
    /// A record or a dossier by its printed number.
    public func find(_ number: String) throws -> Data { try use { try ledgerFind(ledger: $0, number: number.fit) } }
    /// What was sealed since a cursor.
    public func feed(_ cursor: String, limit: Int64) throws -> Data {
        let limit = try unsigned("limit", limit)
        return try use { try ledgerFeed(ledger: $0, cursor: cursor.fit, limit: limit) }
    }
    /// Reads the whole store.
    public func check() throws -> Data { try use { try ledgerCheck(ledger: $0) } }
    /// Makes a proof; not JSON.
    public func prove(_ request: Data) throws -> Data { try use { try ledgerProve(ledger: $0, request: request.fit) } }
    /// The consistency proof between two blocks.
    public func consistency(older: Int64, newer: Int64) throws -> Data {
        let older = try unsigned("older", older), newer = try unsigned("newer", newer)
        return try use { try ledgerConsistency(ledger: $0, older: older, newer: newer) }
    }
    /// Notes what happened to the ledger itself. Gives its number.
    @discardableResult
    public func note(_ request: Data) throws -> Int64 { signed(try use { try ledgerNote(ledger: $0, request: request.fit) }) }
    /// Keeps a word from outside beside a block or an entry.
    public func attach(_ request: Data) throws { try use { try ledgerAttach(ledger: $0, request: request.fit) } }
    /// A request for an RFC 3161 authority, DER.
    public func timestampRequest(_ request: Data) throws -> Data {
        try use { try ledgerTimestampRequest(ledger: $0, request: request.fit) }
    }
    /// Takes an authority's answer.
    public func timestampAttach(_ request: Data, query: Data, response: Data) throws -> Data {
        try use { try ledgerTimestampAttach(ledger: $0, request: request.fit, query: query.fit, response: response.fit) }
    }
}
