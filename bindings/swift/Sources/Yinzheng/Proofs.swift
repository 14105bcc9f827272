import Foundation
internal import YinzhengGenerated

/// What can be done with proofs without a ledger.
public enum Proofs {
    /// One proof out of several.
    public static func join(_ proofs: [Data]) throws -> Data {
        let total = proofs.reduce(0) { $0 + $1.count }
        guard total <= inputBytes else { throw YinzhengError(.limitExceeded, "proofs have more than 1 GiB") }
        return try native { try proofJoin(proofs: proofs) }
    }

    /// The same proof, with these values of one record shown (``Disclosure/disclosure``), and no other of it.
    public static func disclose(_ proof: Data, record: String, disclosures: [String]) throws -> Data {
        let proof = try checked("proof", proof)
        let list = JSON.texts(disclosures).data
        return try native { try proofDisclose(proof: proof.fit, record: record.fit, disclosures: list.fit) }
    }

    /// Files with which an expert checks one signature by openssl alone, by name.
    public static func kit(_ proof: Data, about: String) throws -> [String: Data] {
        let proof = try checked("proof", proof)
        var files: [String: Data] = [:]
        for row in try JSON(native { try proofKit(proof: proof.fit, about: about.fit) }).items ?? [] {
            files[row["name"]?.text ?? ""] = try Data(hex: row["hex"]?.text ?? "")
        }
        return files
    }

    /// What a deposit platform is told about a record, as JSON. The host does the sending.
    public static func deposit(_ proof: Data, record: String, platform: DepositPlatform) throws -> String {
        let proof = try checked("proof", proof)
        let word = Data(platform.rawValue.utf8)
        let said = try native { try proofDeposit(proof: proof.fit, record: record.fit, platform: word.fit) }
        return String(decoding: said, as: UTF8.self)
    }

    /// One entry of a proof that a host with detached sealing assembles.
    public struct Item: Hashable, Sendable {
        let request: JSON

        /// An entry, its receipt, and the disclosures (hex) that it shows.
        public init(entry: Data, receipt: Data, disclosures: [String]) {
            request = .of(["entry": .text(entry.hex), "receipt": .text(receipt.hex), "disclosures": .texts(disclosures)])
        }
    }

    /// A proof out of what a host with detached sealing has kept.
    /// - Parameters:
    ///   - profiles: the file of every record's profile.
    ///   - head: the sealed bytes of the block that it leads to.
    ///   - history: for each other block, by height, its path (``Sealer/historyPath(_:leaves:height:)``).
    public static func assemble(_ items: [Item], profiles: [Data], head: Data, history: [Int64: Data]) throws -> Data {
        let paths = history.sorted { $0.key < $1.key }.map { height, path in
            JSON.of(["height": .integer(height), "path": .text(path.hex)])
        }
        let ledger = JSON.of(["head": .text(head.hex), "history": .array(paths)])
        return try assemble(JSON.of(["items": .array(items.map(\.request)), "profiles": .texts(profiles.map(\.hex)),
                                     "ledgers": .array([ledger])]).data)
    }

    /// The same, with a request in JSON.
    public static func assemble(_ request: Data) throws -> Data {
        let request = try checked("request", request)
        return try native { try proofAssemble(request: request.fit) }
    }
}

/// Sync bundles: blocks with their entries, for a replica or a node.
public enum Bundles {
    /// The blocks `first` to `last` of a ledger.
    public static func export(_ ledger: Ledger, first: Int64, last: Int64) throws -> Data {
        let first = try unsigned("first", first), last = try unsigned("last", last)
        return try ledger.resource.use { try ledgerExport(ledger: $0, first: first, last: last) }
    }

    /// The same into a new file, for ledgers of any size.
    public static func export(_ ledger: Ledger, first: Int64, last: Int64, to file: URL) throws {
        let first = try unsigned("first", first), last = try unsigned("last", last)
        try ledger.resource.use { try ledgerExportFile(ledger: $0, first: first, last: last, path: file.utf8Path.fit) }
    }

    /// Takes a bundle into a replica, which is made when it is not there. What was done, as JSON. Importing twice does nothing.
    @discardableResult
    public static func `import`(_ bundle: Data, into replica: URL) throws -> String {
        let bundle = try checked("bundle", bundle)
        return String(decoding: try native { try replicaImport(path: replica.utf8Path.fit, bundle: bundle.fit) }, as: UTF8.self)
    }

    /// The same from a file.
    @discardableResult
    public static func `import`(file: URL, into replica: URL) throws -> String {
        String(decoding: try native { try replicaImportFile(path: replica.utf8Path.fit, file: file.utf8Path.fit) }, as: UTF8.self)
    }
}
