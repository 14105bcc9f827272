import Foundation
internal import YinzhengGenerated

/// What a verifier takes for granted: anchors from outside such as a ledger's id, keys, authorities. It is read when it is used:
/// an unusable one is ``ErrorCode/invalidPolicy`` then.
public struct Policy: Hashable, Sendable {
    let bytes: Data

    /// Nothing from outside: integrity only, origin not checked.
    public static let none = Policy(file: Data())

    /// A policy's file.
    public init(file: Data) { bytes = file }
    /// A policy as JSON.
    public init(json: String) { bytes = Data(json.utf8) }

    /// As part of a request; `nil` for ``none``.
    func whole() throws -> JSON? {
        if bytes.isEmpty { return nil }
        guard (try? JSON(bytes))?.members != nil, let text = String(bytes: bytes, encoding: .utf8) else {
            throw YinzhengError(.invalidPolicy, "a policy is one JSON object")
        }
        return .raw(text)
    }
}

/// Verifies what others hand over. Offline; what is found is data, never an error.
public enum Verifier {
    /// The verdict 核验结论 on a proof. The same proof, policy and time give the same verdict everywhere.
    /// - Parameter at: the declared time of the verification.
    /// - Throws: only for an unusable policy.
    public static func verify(_ proof: Data, policy: Policy = .none, at: Date = Date()) throws -> Verdict {
        try .reply(said(proof, policy, at, "json"))
    }

    /// The verdict as a text for people.
    public static func explain(_ proof: Data, policy: Policy = .none, at: Date = Date(),
                               in language: Language) throws -> String {
        String(decoding: try said(proof, policy, at, language.rawValue), as: UTF8.self)
    }

    private static func said(_ proof: Data, _ policy: Policy, _ at: Date, _ form: String) throws -> Data {
        let proof = try checked("proof", proof)
        return try native {
            try verifyProof(proof: proof.fit, policy: policy.bytes.fit, atMs: at.milliseconds, form: form.fit)
        }
    }

    /// The verdict on a sync bundle.
    public static func verify(bundle: Data, policy: Policy = .none, at: Date = Date()) throws -> Verdict {
        let bundle = try checked("bundle", bundle)
        return try .reply(native {
            try verifyBundle(bundle: bundle.fit, policy: policy.bytes.fit, atMs: at.milliseconds, form: "json".fit)
        })
    }

    /// The verdict on a sync bundle in a file, read as a stream.
    public static func verify(bundle file: URL, policy: Policy = .none, at: Date = Date()) throws -> Verdict {
        try .reply(native {
            try verifyBundleFile(file: file.utf8Path.fit, policy: policy.bytes.fit, atMs: at.milliseconds, form: "json".fit)
        })
    }
}

/// Single checks, for hosts that look at pieces.
public enum Checks {
    /// Reads a piece of the format and says what is in it, as JSON. The C header
    /// (`yz_inspect` in `yinzheng.h`) lists kinds and what may stand beside them.
    public static func inspect(_ kind: String, _ bytes: Data, beside: String = "") throws -> String {
        let bytes = try checked("bytes", bytes)
        let said = try native { try YinzhengGenerated.inspect(kind: kind.fit, bytes: bytes.fit, beside: beside.fit) }
        return String(decoding: said, as: UTF8.self)
    }

    /// A digest, 32 bytes.
    public static func digest(_ hash: HashAlgorithm, _ bytes: Data) throws -> Data {
        let bytes = try checked("bytes", bytes)
        return try native { try YinzhengGenerated.digest(hash: hash.rawValue.fit, bytes: bytes.fit) }
    }

    /// Checks a signature over a message, and gives it in the form that is sealed.
    /// - Throws: ``ErrorCode/signatureMismatch``, ``ErrorCode/invalidSignature``, ``ErrorCode/invalidKey``.
    public static func signature(_ key: VerifyKey, message: Data, signature: Data,
                                 form: SignatureForm = .given) throws -> Data {
        let key = key.request.data
        return try native {
            try checkSignature(key: key.fit, message: message.fit, signature: signature.fit, form: form.rawValue.fit)
        }
    }

    /// The root of an RFC 9162 tree over leaf hashes, one after the other.
    public static func treeRoot(_ hash: HashAlgorithm, leafHashes: Data) throws -> Data {
        try native { try YinzhengGenerated.treeRoot(hash: hash.rawValue.fit, leafHashes: leafHashes.fit) }
    }

    /// Checks that a leaf is in a tree.
    /// - Throws: ``ErrorCode/rootMismatch``, ``ErrorCode/pathLength``, ``ErrorCode/outOfRange``.
    public static func inclusion(_ hash: HashAlgorithm, leafHash: Data, index: Int64, size: Int64, path: Data,
                                 root: Data) throws {
        let index = try unsigned("index", index), size = try unsigned("size", size)
        try native {
            try checkInclusion(hash: hash.rawValue.fit, leafHash: leafHash.fit, index: index, size: size, path: path.fit, root: root.fit)
        }
    }

    /// Checks that the bigger tree begins with the smaller one.
    public static func consistency(_ hash: HashAlgorithm, firstSize: Int64, secondSize: Int64, firstRoot: Data, secondRoot: Data,
                                   path: Data) throws {
        let first = try unsigned("firstSize", firstSize), second = try unsigned("secondSize", secondSize)
        try native {
            try checkConsistency(hash: hash.rawValue.fit, firstSize: first, secondSize: second, firstRoot: firstRoot.fit,
                                 secondRoot: secondRoot.fit, path: path.fit)
        }
    }
}
