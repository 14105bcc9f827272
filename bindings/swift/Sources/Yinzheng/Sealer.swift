import Foundation
internal import YinzhengGenerated

/// Detached sealing: one block for a host that keeps entries, blocks and head in its own store. Nothing is kept here; comparing
/// and setting the head's row in the host's store is the lock. For any number of threads.
public final class Sealer: Sendable {
    private let resource: Resource

    /// A block after a head that the host kept; empty for the first block of a ledger.
    public init(head: Data = Data()) throws { resource = Resource(try native { try sealerOpen(head: head.fit) }) }

    /// Closes it.
    public func close() { resource.close() }

    /// Adds an entry's bytes.
    public func add(_ entry: Data) throws { try resource.use { try sealerAdd(sealer: $0, entry: entry.fit) } }

    /// Closes the block, and gives what to sign. Keep the draft before it is signed.
    public func prepare(begunAt: Date) throws -> Draft {
        let begun = try unsigned("begunAt", begunAt.seconds)
        return try Draft(resource.use { try sealerPrepare(sealer: $0, begunAt: begun) })
    }

    /// Takes the signature, verifies it, and gives the block and the new head.
    /// - Throws: ``ErrorCode/stalePending`` for the draft of another block, ``ErrorCode/signatureMismatch``.
    public func finish(_ draft: Data, signature: Data) throws -> SealedBlock {
        let parts = try resource.use { try sealerFinish(sealer: $0, draft: draft.fit, signature: signature.fit) }
        return SealedBlock(block: parts.block, head: parts.head, info: try JSON(parts.info))
    }

    /// The receipt 回执 of a leaf of this block: entry `n` that was added is leaf `n + 1` (`n` in block 0).
    public func receipt(block: Data, leaf: Int64) throws -> Data {
        let leaf = try unsigned("leaf", leaf)
        return try resource.use { try sealerReceipt(sealer: $0, block: block.fit, leaf: leaf) }
    }

    /// The path of the block at `height` in the history tree over `leaves`, 32 bytes for each block below the head.
    public static func historyPath(_ hash: HashAlgorithm, leaves: Data, height: Int64) throws -> Data {
        let height = try unsigned("height", height)
        return try native { try YinzhengGenerated.historyPath(hash: hash.rawValue.fit, leaves: leaves.fit, height: height) }
    }
}

/// A block that a host sealed itself, for it to keep.
public struct SealedBlock: Hashable, Sendable {
    /// The sealed bytes.
    public let block: Data
    /// The head after it, for the next ``Sealer``.
    public let head: Data
    let info: JSON

    /// The block's height.
    public var height: Int64 { info["height"]?.integer ?? 0 }
    /// The number of its first entry.
    public var firstSequence: Int64 { info["first_sequence"]?.integer ?? 0 }
    /// Its leaf in the history tree, 32 bytes.
    public var historyLeaf: Data { (info["history_leaf"]?.text).flatMap { try? Data(hex: $0) } ?? Data() }
    /// Everything that was said, as JSON.
    public var infoJSON: String { info.string }
}

/// The first two entries of a ledger that a host keeps itself.
public struct Genesis: Hashable, Sendable {
    /// The genesis entry.
    public let genesis: Data
    /// The *opened* event.
    public let opened: Data
    /// The ledger's id, typed: `sha256:…` or `sm3:…`.
    public let ledgerId: String

    /// Makes them.
    public init(_ terms: LedgerCreation) throws {
        let request = terms.request.data
        let parts = try native { try genesisMake(request: request.fit) }
        genesis = parts.genesis
        opened = parts.opened
        ledgerId = try JSON(parts.info)["ledger_id"]?.text ?? ""
    }
}

/// A record that a host keeps itself.
public struct DetachedRecord: Hashable, Sendable, CustomStringConvertible {
    /// The entry's bytes.
    public let entry: Data
    let info: JSON

    private init(_ request: JSON) throws {
        let request = request.data
        let parts = try native { try recordMake(request: request.fit) }
        entry = parts.first
        info = try JSON(parts.second)
    }

    /// The first record of a dossier.
    public init(first record: EvidenceRecord) throws { try self.init(record.request()) }

    /// The next record of a dossier.
    /// - Parameter predecessor: the digest of the record before, typed.
    public init(next record: EvidenceRecord, place: Int64, predecessor: String) throws {
        try self.init(record.request().with("place", .integer(place)).with("predecessor", .text(predecessor)))
    }

    /// Its digest, typed.
    public var digest: String { info["digest"]?.text ?? "" }
    /// The record number 存证编号.
    public var number: String { info["number"]?.text ?? "" }
    /// The preservation number 保全号.
    public var preservationNumber: String { info["preservation_number"]?.text ?? "" }
    /// Its disclosures, hex: the host keeps them, encrypted. Whoever has one can read the value.
    public var disclosures: [String] { info["disclosures"]?.items?.compactMap(\.text) ?? [] }
    /// Everything that was said, as JSON, with the disclosures.
    public var infoJSON: String { info.string }
    /// Says no value.
    public var description: String { "DetachedRecord \(number)" }
}

/// Statements 签署声明 and countersignatures 会签 in two phases, without a ledger.
public enum Statements {
    /// Prepares the first signer's statement over a record's own bytes.
    public static func over(record: Data, terms: SignerTerms) throws -> Draft {
        let request = JSON.of(["signer": terms.request]).data
        return try Draft(native { try statementDraft(record: record.fit, request: request.fit) })
    }

    /// Prepares a further signer's statement over a record's digest; ``SignerTerms/issuedAt`` must be set.
    public static func over(digest: String, terms: SignerTerms) throws -> Draft {
        let request = JSON.of(["signer": terms.request, "record": .text(digest)]).data
        return try Draft(native { try statementDraft(record: Data().fit, request: request.fit) })
    }

    /// Takes the signature, verifies it, and gives the entry: for ``Ledger/append(entry:)`` or ``Sealer/add(_:)``.
    public static func finish(_ draft: Data, signature: Data) throws -> Data {
        try native { try statementFinish(draft: draft.fit, signature: signature.fit) }
    }

    /// Prepares a countersignature over a ledger's head (``LedgerJSON/headState()``).
    public static func countersign(headState: Data, key: VerifyKey, claim: Claim, issuer: String, role: Role? = nil,
                                   time: TimeClaim? = nil) throws -> Draft {
        let request = JSON.of(["key": key.request, "claim": .text(claim.rawValue), "issuer": .text(issuer),
                               "role": role.map { .text($0.rawValue) }, "time": time?.request]).data
        return try Draft(native { try countersignatureDraft(head: headState.fit, request: request.fit) })
    }

    /// Takes the signature over a countersignature, verifies it, and gives its bytes.
    public static func finishCountersignature(_ draft: Data, signature: Data) throws -> Data {
        try native { try countersignatureFinish(draft: draft.fit, signature: signature.fit) }
    }

    /// Keeps a countersignature beside the block that it is about.
    public static func attach(_ countersignature: Data, to ledger: Ledger, height: Int64) throws {
        try ledger.jsonDoor.attach(JSON.of(["height": .integer(height), "kind": "countersignature",
                                            "bytes": .text(countersignature.hex)]).data)
    }
}
