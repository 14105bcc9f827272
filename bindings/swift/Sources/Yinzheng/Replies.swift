import Foundation

/// A record that is durable in its ledger, and not sealed yet.
public struct Appended: JSONReply {
    let said: JSON
    static let required = ["sequence", "digest", "number", "dossier", "preservation_number"]

    /// Its number in the ledger.
    public var sequence: Int64 { number("sequence") }
    /// The digest of its bytes, typed: `sha256:…` or `sm3:…`.
    public var digest: String { text("digest") }
    /// The record number 存证编号.
    public var number: String { text("number") }
    /// The dossier's id, 32 hex digits.
    public var dossier: String { text("dossier") }
    /// The preservation number 保全号 of its dossier.
    public var preservationNumber: String { text("preservation_number") }
    /// Its place in the dossier.
    public var place: Int64 { number("place") }
    /// True when the business id was there already, and nothing was appended.
    public var replayed: Bool { flag("replayed") }
    /// Names of fields that the profile demands and the message lacked.
    public var missing: [String] { texts("missing") }
    /// What was noticed while reading values, by field: numbers of `docs/format.md`.
    public var findings: [String: [Int64]] {
        Dictionary(each("findings").map { ($0["name"]?.text ?? "", $0["findings"]?.items?.compactMap(\.integer) ?? []) },
                   uniquingKeysWith: +)
    }
}

/// A block that was sealed.
public struct Sealed: JSONReply {
    let said: JSON
    static let required = ["height", "block_hash", "sealed_digest", "first_sequence", "entries"]

    /// The block's height; the first is 0.
    public var height: Int64 { number("height") }
    /// The block hash, hex: the chain's identity.
    public var blockHash: String { text("block_hash") }
    /// The digest of the sealed bytes, hex: what outsiders sign or stamp.
    public var sealedDigest: String { text("sealed_digest") }
    /// The number of its first entry.
    public var firstSequence: Int64 { number("first_sequence") }
    /// How many entries are in it.
    public var entries: Int64 { number("entries") }
}

/// Where a ledger stands. Keep the last one outside the store: only what is kept elsewhere finds a store that went back.
public struct Head: JSONReply {
    let said: JSON
    static let required = ["ledger_id", "height", "block_hash", "sealed_digest", "next_sequence"]

    /// The ledger's id, typed: `sha256:…` or `sm3:…`.
    public var ledgerId: String { text("ledger_id") }
    /// The height of its last block.
    public var height: Int64 { number("height") }
    /// That block's hash, hex.
    public var blockHash: String { text("block_hash") }
    /// The digest of that block's sealed bytes, hex.
    public var sealedDigest: String { text("sealed_digest") }
    /// The number of the next entry.
    public var nextSequence: Int64 { number("next_sequence") }

    init(said: JSON) { self.said = said }

    /// A head that was kept: ``Reply/json`` of an earlier one.
    /// - Throws: ``ErrorCode/invalidArgument`` for another text.
    public init(json: String) throws {
        let said = try JSON(parsing: json)
        for name in Self.required {
            let right = name == "height" || name == "next_sequence" ? said[name]?.integer != nil : said[name]?.text != nil
            guard right else { throw YinzhengError(.invalidArgument, "a stored head has no \(name)") }
        }
        self.said = said
    }
}

/// How much is in a ledger, and what waits.
public struct LedgerStatus: JSONReply {
    let said: JSON
    static let required = ["ledger_id", "hash", "blocks", "entries", "unsealed"]

    /// The ledger's id, typed: `sha256:…` or `sm3:…`.
    public var ledgerId: String { text("ledger_id") }
    /// Its hash.
    public var hash: HashAlgorithm? { HashAlgorithm(rawValue: text("hash")) }
    /// How many blocks it has.
    public var blocks: Int64 { number("blocks") }
    /// How many entries it has.
    public var entries: Int64 { number("entries") }
    /// How many of them are in no block yet.
    public var unsealed: Int64 { number("unsealed") }
    /// When the oldest of these was appended.
    public var oldestUnsealed: Date? { maybeNumber("oldest_unsealed_ms").map { Date(timeIntervalSince1970: Double($0) / 1000) } }
    /// True while a block waits for its signature.
    public var pending: Bool { flag("pending") }
    /// How many records wait for a party's signature.
    public var held: Int64 { number("held") }
    /// True after the ledger was ended.
    public var closed: Bool { flag("closed") }
    /// Its head; `nil` before the first block is sealed.
    public var head: Head? { said["head"].flatMap { $0.isNull ? nil : Head(said: $0) } }
}

/// The records of one matter in a ledger.
public struct Dossier: JSONReply {
    let said: JSON
    static let required = ["dossier", "preservation_number"]

    /// One record of a dossier.
    public struct Place: JSONReply {
        let said: JSON
        /// Its place: 0, 1, 2…
        public var place: Int64 { number("place") }
        /// Its number in the ledger; `nil` while it waits for a signature.
        public var sequence: Int64? { maybeNumber("sequence") }
        /// The digest of the record, typed.
        public var digest: String { text("digest") }
        /// The record number 存证编号.
        public var number: String { text("number") }
    }

    /// The dossier's id, 32 hex digits.
    public var id: String { text("dossier") }
    /// The preservation number 保全号.
    public var preservationNumber: String { text("preservation_number") }
    /// Its records.
    public var places: [Place] { each("places").map(Place.init) }
}

/// A value that can be shown: salt, name and value of one commitment.
public struct Disclosure: JSONReply {
    let said: JSON
    static let required = ["name", "disclosure"]

    /// The field's name.
    public var name: String { text("name") }
    /// The value's bytes, hex.
    public var hex: String { text("hex") }
    /// The value for people, in Chinese.
    public var zh: String { text("zh") }
    /// The value for people, in English.
    public var en: String { text("en") }
    /// The disclosure itself, hex: for ``Proofs/disclose(_:record:disclosures:)``. Whoever has it can read the value.
    public var disclosure: String { text("disclosure") }
    /// Says no value.
    public var description: String { "Disclosure" }
}

/// What was erased.
public struct Erasure: JSONReply {
    let said: JSON
    /// Digests of the records, typed.
    public var records: [String] { texts("records") }
    /// Names of the erased values; empty when all of a record were.
    public var names: [String] { texts("names") }
    /// Numbers of the tombstones.
    public var tombstones: [Int64] { each("tombstones").compactMap(\.integer) }
}

/// Values of one record whose time to keep is over.
public struct RetentionDue: JSONReply {
    let said: JSON
    static let required = ["sequence"]
    /// The record's number in the ledger.
    public var sequence: Int64 { number("sequence") }
    /// Names of the values whose time is over.
    public var over: [String] { texts("over") }
    /// Names of the values for which the profile knows no time.
    public var unbounded: [String] { texts("unbounded") }
    /// True when a hold forbids erasing them.
    public var held: Bool { flag("held") }
}

/// What a look through the whole store found.
public struct CheckReport: JSONReply {
    let said: JSON
    /// How many blocks were read.
    public var blocks: Int64 { number("blocks") }
    /// How many entries were read.
    public var entries: Int64 { number("entries") }
    /// How many values were decrypted and compared.
    public var values: Int64 { number("values") }
    /// What is wrong, in English; nothing when all is well.
    public var problems: [String] { each("problems").map { $0["message"]?.text ?? "" } }
}

/// A key of a ledger, and its time.
public struct LedgerKey: JSONReply {
    let said: JSON
    static let required = ["kid", "key"]
    /// The digest of its key entry, hex.
    public var kid: String { text("kid") }
    /// Which key of the ledger it is; the first is 0.
    public var epoch: Int64 { number("epoch") }
    /// Where it is kept, as was declared.
    public var custody: String { text("custody") }
    /// The height from which it signs.
    public var since: Int64 { number("since") }
    /// The height from which it no longer signs.
    public var ended: Int64? { maybeNumber("ended") }
    /// Why it was revoked.
    public var revoked: String? { said["revoked"].flatMap { $0.isNull ? nil : $0.text ?? $0.string } }
    /// The key.
    public var key: VerifyKey { VerifyKey(said: said["key"] ?? .null) }
}

/// A party's key, and its entry in a ledger.
public struct PartyKey: JSONReply {
    let said: JSON
    static let required = ["kid", "key", "role", "sequence"]
    /// The digest of its entry, hex: for ``SignerTerms/kid``.
    public var kid: String { text("kid") }
    /// What it is for; `nil` for what is newer than these sources.
    public var role: KeyRole? { KeyRole(rawValue: text("role")) }
    /// Where it is kept, as was declared.
    public var custody: String { text("custody") }
    /// The number of its entry.
    public var sequence: Int64 { number("sequence") }
    /// The height of the block with its entry; `nil` while it is in none.
    public var height: Int64? { maybeNumber("height") }
    /// The number of the entry that ended it: of the key in its place, or of its revocation.
    public var endedBy: Int64? { maybeNumber("ended_by") }
    /// The key.
    public var key: VerifyKey { VerifyKey(said: said["key"] ?? .null) }
}

/// What an RFC 3161 authority said.
public struct Timestamp: JSONReply {
    let said: JSON
    static let required = ["time_ms", "token"]
    /// The time in the token.
    public var time: Date { Date(timeIntervalSince1970: Double(number("time_ms")) / 1000) }
    /// How far it may be wrong, in milliseconds.
    public var accuracyMilliseconds: Int64? { maybeNumber("accuracy_ms") }
    /// The token's serial number, hex.
    public var serial: String { text("serial") }
    /// The authority's policy, an object identifier.
    public var policy: String { text("policy") }
    /// The hash of the imprint.
    public var hash: HashAlgorithm? { HashAlgorithm(rawValue: text("hash")) }
    /// The imprint, hex.
    public var imprint: String { text("imprint") }
    /// The token, hex.
    public var token: String { text("token") }
}

/// What was sealed since a cursor, for whoever carries it to nodes and platforms.
public struct Feed: JSONReply {
    let said: JSON
    static let required = ["items", "next"]

    /// One thing that was sealed.
    public struct Item: JSONReply {
        let said: JSON
        /// What it is; ``FeedKind/other`` for what is newer than these sources.
        public var kind: FeedKind { FeedKind(rawValue: text("kind")) ?? .other }
        /// The cursor after it.
        public var next: String { text("next") }
        /// The height of its block.
        public var height: Int64 { number("height") }
        /// Its number in the ledger.
        public var sequence: Int64? { maybeNumber("sequence") }
        /// The digest of the record that it is or is about, typed.
        public var digest: String? { maybe("digest") ?? maybe("record") }
        /// The record number 存证编号.
        public var number: String? { maybe("number") }
        /// The preservation number 保全号.
        public var preservationNumber: String? { maybe("preservation_number") }
        /// Its place in the dossier.
        public var place: Int64? { maybeNumber("place") }
        /// The role of whoever signed, or of a key.
        public var role: String? { maybe("role") ?? maybe("signed_by") }
        /// A block's hash, or that of another ledger's head, hex.
        public var blockHash: String? { maybe("block_hash") }
        /// The digest of a block's sealed bytes, hex.
        public var sealedDigest: String? { maybe("sealed_digest") }
        /// What happened to a key or a hold.
        public var action: String? { maybe("action") }
        /// A key's kid, hex.
        public var kid: String? { maybe("kid") }
        /// Digests of the records that an erasure or a hold is about, typed.
        public var records: [String] { texts("records") }
        /// What happened to the ledger.
        public var event: String? { maybe("event") }
        /// The other ledger whose head was seen, typed.
        public var ledgerId: String? { maybe("ledger_id") }
        /// The height of that head.
        public var ofHeight: Int64? { maybeNumber("of_height") }
    }

    /// What was sealed, oldest first.
    public var items: [Item] { each("items").map(Item.init) }
    /// The cursor for the next call.
    public var next: String { text("next") }
}
