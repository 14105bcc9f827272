import Foundation
internal import YinzhengGenerated

/// A public key. It is looked at when it is used: a wrong one is ``ErrorCode/invalidKey`` then.
public struct VerifyKey: Hashable, Sendable, CustomStringConvertible {
    let request: JSON

    init(request: JSON) { self.request = request }

    /// As replies describe keys.
    init(said: JSON) {
        request = .of(["cose_key": said["cose_key"], "sm2_id_hex": said["sm2_id_hex"].flatMap { $0.isNull ? nil : $0 }])
    }

    /// A SubjectPublicKeyInfo in DER.
    public init(spki der: Data) { request = .of(["spki_der": .text(der.hex)]) }
    /// A SubjectPublicKeyInfo in PEM.
    public init(pem: String) { request = .of(["spki_pem": .text(pem)]) }
    /// A COSE_Key.
    public init(cose: Data) { request = .of(["cose_key": .text(cose.hex)]) }
    /// The bare bytes: 32 for Ed25519, an uncompressed or compressed point for P-256 and SM2.
    public init(raw: Data, algorithm: SignatureAlgorithm) {
        request = .of(["raw": .text(raw.hex), "algorithm": .text(algorithm.rawValue)])
    }

    /// The same SM2 key under another user ID than `1234567812345678`.
    public func withSM2Id(_ id: Data) -> VerifyKey { VerifyKey(request: request.with("sm2_id_hex", .text(id.hex))) }

    /// What is known of it: algorithm, COSE_Key, SubjectPublicKeyInfo, thumbprint, SM2's user ID and Z, as JSON.
    public func describe() throws -> String { try described().string }
    /// Its algorithm.
    public func algorithm() throws -> SignatureAlgorithm {
        guard let known = SignatureAlgorithm(rawValue: try described()["algorithm"]?.text ?? "") else {
            throw YinzhengError(.unsupportedAlgorithm, "an algorithm that is newer than these sources")
        }
        return known
    }
    /// Its SubjectPublicKeyInfo, DER.
    public func spki() throws -> Data { try Data(hex: described()["spki_der"]?.text ?? "") }

    /// Its thumbprint (RFC 9679), hex: SHA-256 of what the key is, without SM2's user ID.
    public func thumbprint() throws -> String { try described()["thumbprint"]?.text ?? "" }

    private func described() throws -> JSON {
        let key = request.data
        return try JSON(native { try keyDescribe(key: key.fit) })
    }

    /// As requests of the JSON door hold keys.
    public var json: String { request.string }
    /// The key as requests hold it.
    public var description: String { "VerifyKey \(json)" }
}

/// A key in this process's memory, wiped when it is closed: for tests, servers and backups, not for a customer's phone. Its
/// custody is always ``Custody/software``. For any number of threads.
public final class SoftwareKey: Signer, CustomStringConvertible {
    private let resource: Resource
    /// The public half.
    public let publicKey: VerifyKey

    private init(_ handle: UInt64) throws {
        resource = Resource(handle)
        publicKey = VerifyKey(said: try JSON(resource.use { try keyPublic(key: $0) }))
    }

    /// A new key.
    public convenience init(_ algorithm: SignatureAlgorithm) throws {
        try self.init(native { try keyGenerate(algorithm: algorithm.rawValue.fit) })
    }

    /// A key out of a PKCS#8 PEM file's text; an empty passphrase stands for a file that is not encrypted.
    /// - Throws: ``ErrorCode/keyFile``, ``ErrorCode/unsupportedAlgorithm``.
    public convenience init(pkcs8 pem: String, passphrase: Data) throws {
        try self.init(native { try keyFromPkcs8(pem: pem.fit, passphrase: passphrase.fit) })
    }

    /// The text of an encrypted PKCS#8 PEM file that openssl opens.
    public func pkcs8(passphrase: Data) throws -> String {
        String(decoding: try resource.use { try keyToPkcs8(key: $0, passphrase: passphrase.fit) }, as: UTF8.self)
    }

    /// Signs a message, in message form. 64 bytes. Nothing waits here, so it is not `async`.
    public func sign(_ toSign: ToSign) throws -> Data { try sign(message: toSign.bytes) }

    /// Signs a message, in message form. 64 bytes.
    public func sign(message: Data) throws -> Data {
        try resource.use { try keySign(key: $0, message: message.fit) }
    }

    /// Signs a digest of 32 bytes as it is: what devices do that take digests, and what their simulators need.
    /// - Throws: ``ErrorCode/unsupportedAlgorithm`` for Ed25519.
    public func sign(digest: Data) throws -> Data {
        try resource.use { try keySignDigest(key: $0, digest: digest.fit) }
    }

    /// Wipes the key. Every later call is ``ErrorCode/invalidHandle``. Closing twice does nothing.
    public func close() { resource.close() }

    /// Says nothing of the key.
    public var description: String { "SoftwareKey" }
}
