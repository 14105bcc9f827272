import Foundation
internal import YinzhengGenerated

/// Bytes that wait for a signature, and who must sign them. The same bytes come again after a restart.
public struct ToSign: Hashable, Sendable, CustomStringConvertible {
    /// The bytes to sign, in message form: the signer hashes them itself, for SM2 with Z.
    public let bytes: Data
    let info: JSON

    init(bytes: Data, info: JSON) {
        self.bytes = bytes
        self.info = info
    }

    init(_ given: YinzhengGenerated.ToSign) throws {
        self.init(bytes: given.bytes, info: try JSON(given.info))
    }

    /// What a host kept in its own database while the signature was under way.
    /// - Throws: ``ErrorCode/invalidArgument`` for a text that ``infoJSON`` did not give.
    public init(stored bytes: Data, infoJSON: String) throws {
        let info = try JSON(parsing: infoJSON)
        let digest = info["digest_to_sign"]
        guard info["key"]?["cose_key"]?.text != nil, digest == nil || digest == .null || digest?.text != nil else {
            throw YinzhengError(.invalidArgument, "stored information about what is to be signed")
        }
        self.init(bytes: bytes, info: info)
    }

    /// What a device signs that takes digests: SHA-256 of the bytes, or for SM2 the digest e with Z in it. 32 bytes; `nil` for
    /// Ed25519.
    public var digest: Data? { info["digest_to_sign"]?.text.flatMap { try? Data(hex: $0) } }
    /// Whose signature is wanted.
    public var key: VerifyKey { VerifyKey(said: info["key"] ?? .null) }
    /// Everything that is known about it, such as height and number of entries of a block, as JSON.
    public var infoJSON: String { info.string }
    /// Says no more than the size.
    public var description: String { "ToSign (\(bytes.count) bytes)" }

    /// What the bytes themselves say, whoever handed them over: for a signer that shows a text beside them.
    /// - Parameter key: the key that is asked; with it ``SignedContent/digest`` is there.
    /// - Throws: ``ErrorCode/wrongMediaType`` for bytes that are nothing of this format, ``ErrorCode/algorithmMismatch`` for those that
    ///   ask another kind of key, 3xx.
    public func content(for key: VerifyKey? = nil) throws -> SignedContent {
        try .reply(JSON(parsing: Checks.inspect("to-be-signed", bytes, beside: key.map { JSON.of(["key": $0.request]).string } ?? "")))
    }
}

/// What bytes say that wait for a signature.
public struct SignedContent: JSONReply {
    let said: JSON
    static let required = ["what"]

    /// The kinds of messages that are signed.
    public enum What: String, CaseIterable, Sendable {
        /// A party's statement over a record.
        case statement
        /// A key's own entry in a ledger: proof that whoever brings it in has it.
        case possession
        /// A block.
        case block
        /// An outsider's word about a block.
        case countersignature
    }

    /// What it is; `nil` for what is newer than these sources.
    public var what: What? { What(rawValue: text("what")) }
    /// Whose key a key's own entry brings in; `nil` for what is none.
    public var keyRole: KeyRole? { what == .possession ? KeyRole(rawValue: text("role")) : nil }
    /// The thumbprint of the key that a key's own entry brings in, hex, as ``VerifyKey/thumbprint()`` gives it; `nil` for what is none.
    public var thumbprint: String? { maybe("thumbprint") }
    /// The digest of what a statement says that its signer was shown, typed.
    public var displayed: String? { maybe("displayed") }
    /// The digest of the record that a statement is about, typed.
    public var recordDigest: String? { maybe("record_digest") }
    /// What a device signs that takes digests, made of these bytes; `nil` for Ed25519 and where no key was given.
    public var digest: Data? { maybe("digest_to_sign").flatMap { try? Data(hex: $0) } }
}

/// Bytes that wait for a signature, with the draft that the host keeps until then. A draft holds no secret and may be stored.
public struct Draft: Hashable, Sendable {
    /// Hand this in again with the signature.
    public let bytes: Data
    /// What to sign.
    public let toSign: ToSign

    init(_ given: YinzhengGenerated.Draft) throws {
        bytes = given.draft
        toSign = try ToSign(given.toSign)
    }
}

/// A record that keeps its place while a party signs it.
public struct HeldRecord: Hashable, Sendable {
    /// What the party signs.
    public let toSign: ToSign

    /// Its id among those that wait.
    public var id: Int64 { toSign.info["id"]?.integer ?? 0 }
    /// The digest of the record, typed.
    public var digest: String { toSign.info["digest"]?.text ?? "" }
    /// The record number 存证编号.
    public var number: String { toSign.info["number"]?.text ?? "" }
    /// The preservation number 保全号 of its dossier.
    public var preservationNumber: String { toSign.info["preservation_number"]?.text ?? "" }
}

/// Something that signs: the Secure Enclave, a shield, a software key, a client of a signing server. Only sugar over the two
/// phases (``Ledger/begin(now:)`` and ``Ledger/commit(_:)``), which suit signers that take minutes.
///
/// The library verifies every signature before it takes it.
public protocol Signer: Sendable {
    /// The public half.
    var publicKey: VerifyKey { get }

    /// The digest of what this signer shows before it signs, typed; `nil` for one that shows nothing. Sealed with what it signs.
    var displayed: String? { get }

    /// Signs; 64 bytes or DER.
    /// - Throws: a ``YinzhengError`` such as ``ErrorCode/signerDeclined``, ``ErrorCode/signerTimedOut``,
    ///   ``ErrorCode/signerLocked`` or ``ErrorCode/signerKeyGone``; what was to be signed goes on waiting.
    func sign(_ toSign: ToSign) async throws -> Data
}

extension Signer {
    /// Nothing is shown.
    public var displayed: String? { nil }
}

/// Who signs a statement 签署声明, and on what terms.
public struct SignerTerms: Hashable, Sendable {
    /// The signer's key.
    public var key: VerifyKey
    /// In which role.
    public var role: Role
    /// When it is signed, to the second; `nil` for the record's own time.
    public var issuedAt: Date?
    /// The digest of the signer's key entry, hex, when the ledger has one.
    public var kid: String?
    /// The digest of what was shown to the signer, typed (``TwinDigest/sha256`` or ``TwinDigest/sm3`` after `sha256:` or `sm3:`).
    public var displayed: String?
    /// The ledger or audience that it is meant for; `"ledger"` is the ledger that holds the record.
    public var audience: String?
    /// The signer's certificates, DER, its own first.
    public var certificates: [Data]

    /// Terms with what everybody says; the rest may be set after.
    public init(key: VerifyKey, role: Role, issuedAt: Date? = nil, kid: String? = nil, displayed: String? = nil,
                audience: String? = nil, certificates: [Data] = []) {
        self.key = key
        self.role = role
        self.issuedAt = issuedAt
        self.kid = kid
        self.displayed = displayed
        self.audience = audience
        self.certificates = certificates
    }

    var request: JSON {
        .of(["key": key.request, "role": .text(role.rawValue), "issued_at": issuedAt.map { .integer($0.seconds) },
             "kid": kid.map(JSON.text), "displayed": displayed.map(JSON.text), "audience": audience.map(JSON.text),
             "certificates": certificates.isEmpty ? nil : .texts(certificates.map(\.hex))])
    }
}
