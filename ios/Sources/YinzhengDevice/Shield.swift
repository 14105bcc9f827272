import Foundation
import Yinzheng

/// Why a mobile shield 手机盾 did not sign.
public enum ShieldFault: Error, Hashable, Sendable {
    /// The customer pressed no.
    case refused
    /// Nobody pressed anything in time.
    case timedOut
    /// Too many wrong PINs.
    case locked
    /// The shield no longer has the key.
    case keyGone
    /// The answer to the challenge was not made by this key: another shield, or somebody between.
    case impostor
    /// The text does not fit its display.
    case textTooLong(limit: Int)
    /// The connection broke, or something else, in the words of its driver. They are for the app; no message repeats them, since a driver
    /// may put a value into its words.
    case broken(String)

    /// As the library says it. A text that does not fit is a mistake of the caller, everything else is the signer's.
    public var error: YinzhengError {
        switch self {
        case .refused: YinzhengError(.signerDeclined, "the customer refused on the shield")
        case .timedOut: YinzhengError(.signerTimedOut, "nobody answered on the shield")
        case .locked: YinzhengError(.signerLocked, "the shield is locked after wrong PINs")
        case .keyGone: YinzhengError(.signerKeyGone, "the shield no longer has the key")
        case .impostor: YinzhengError(.signatureMismatch, "the shield's answer to the challenge")
        case .textTooLong(let limit): YinzhengError(.limitExceeded, "the shield shows \(limit) characters")
        // Nobody said no.
        case .broken: YinzhengError(.signerTimedOut, "the connection to the shield broke")
        }
    }
}

/// What a model of shield takes and gives. SM2 breaks between products on these switches, so they are said.
public struct ShieldModel: Hashable, Sendable {
    /// What goes in.
    public enum Input: Hashable, Sendable {
        /// The message; the shield hashes it, with Z of its key.
        case message
        /// The digest e, with Z in it already.
        case digest
    }

    /// What goes in.
    public var input: Input
    /// How many characters (Unicode scalars) its display holds in all pages.
    public var displayCharacters: Int
    /// The user ID under which it computes Z.
    public var sm2Id: Data

    /// A model. Signatures may come out as DER or as r‖s: the library takes both.
    public init(input: Input, displayCharacters: Int, sm2Id: Data = Data("1234567812345678".utf8)) {
        self.input = input
        self.displayCharacters = displayCharacters
        self.sm2Id = sm2Id
    }
}

/// A shield, as its maker's driver is wrapped: over Bluetooth, audio jack, or a chip in the phone.
public protocol ShieldDevice: Sendable {
    /// What this model takes.
    var model: ShieldModel { get }
    /// Begins a session: the shield signs the challenge (always as a message) with its key.
    func open(challenge: Data) async throws(ShieldFault) -> (session: any ShieldSession, answer: Data)
}

/// A session with a shield, for one or more signatures.
public protocol ShieldSession: Sendable {
    /// Shows a text, waits for the customer's key press, and signs: DER or r‖s. `input` is a message or a digest, as the model
    /// says.
    func sign(_ input: Data, showing text: String) async throws(ShieldFault) -> Data
    /// Ends the session.
    func close() async
}

/// Signs statements with a shield's SM2 key after showing a text on its own display. It signs only a statement in which the digest of this
/// very text is sealed: what was shown and what was signed cannot be parted afterwards.
public struct ShieldSigner: Signer {
    private let shield: AskedShield
    /// What the shield shows.
    public let text: String
    /// The digest of the text's UTF-8 bytes, typed: `sm3:…`, for ``SignerTerms/displayed``.
    /// `Ledger.appendSigned` takes it by itself.
    public let displayed: String?
    /// The same text under the other hash is the same text.
    private let sealed: Set<String>

    /// The public half, under the shield's SM2 user ID.
    public var publicKey: VerifyKey { shield.key }

    /// A signer for one text.
    /// - Parameter key: the shield's SM2 key as the bank enrolled it.
    /// - Throws: ``ErrorCode/limitExceeded`` for a text that does not fit: shorten it before the record is made; a shield that
    ///   cuts it off would show something else than what is sealed. ``ErrorCode/invalidArgument`` for one without a visible character, or
    ///   with control characters (other than line feeds) or invisible ones, such as those that turn the direction of writing.
    public init(_ device: any ShieldDevice, key: VerifyKey, showing text: String) throws {
        shield = try AskedShield(device, key: key, showing: text)
        self.text = text
        let digest = try TwinDigest(of: Data(text.utf8))
        displayed = "sm3:" + digest.sm3
        sealed = ["sm3:" + digest.sm3, "sha256:" + digest.sha256]
    }

    /// - Throws: ``ErrorCode/digestMismatch`` for a statement over another text, or over none, and ``ErrorCode/wrongMediaType`` for bytes
    ///   that are no statement: the shield is not asked then. What ``ShieldFault`` says.
    public func sign(_ toSign: ToSign) async throws -> Data {
        let content = try toSign.content(for: publicKey)
        guard content.what == .statement else {
            throw YinzhengError(.wrongMediaType, "a shield signs statements over the text that it shows; its key is enrolled by ShieldEnrolment")
        }
        guard let displayed = content.displayed, sealed.contains(displayed) else {
            throw YinzhengError(.digestMismatch, "the text for the shield's display is not the one that these bytes seal")
        }
        return try await shield.sign(toSign.bytes, content)
    }
}

/// Shows a shield's key to a ledger: for ``LedgerKeys/enrol(_:_:custody:effective:)`` only. The shield shows a text of its own
/// (``text``), and signs nothing else with it, so that nobody takes an enrolment's key press for a statement, or the other way about.
public struct ShieldEnrolment: Signer {
    /// What the shield shows.
    public static let text = "登记签名密钥，不签署任何文件"
    private let shield: AskedShield

    /// The public half, under the shield's SM2 user ID.
    public var publicKey: VerifyKey { shield.key }

    /// - Parameter key: the shield's SM2 key.
    /// - Throws: ``ErrorCode/limitExceeded`` for a display that does not hold ``text``.
    public init(_ device: any ShieldDevice, key: VerifyKey) throws {
        shield = try AskedShield(device, key: key, showing: Self.text)
    }

    /// - Throws: ``ErrorCode/wrongMediaType`` for bytes that enrol no key, ``ErrorCode/invalidArgument`` for those that enrol another key
    ///   than the shield's, or make it a ledger's: the shield is not asked then. What ``ShieldFault`` says.
    public func sign(_ toSign: ToSign) async throws -> Data {
        let content = try toSign.content(for: publicKey)
        guard content.what == .possession else {
            throw YinzhengError(.wrongMediaType, "an enrolment signs a key's own entry; statements are ShieldSigner's")
        }
        guard let role = content.keyRole, role != .ledger, try content.thumbprint == publicKey.thumbprint() else {
            throw YinzhengError(.invalidArgument, "a shield's key is enrolled as a party's, and no other key by it")
        }
        return try await shield.sign(toSign.bytes, content)
    }
}

/// One question to a shield: a session, a text, a signature.
struct AskedShield: Sendable {
    private let device: any ShieldDevice
    private let text: String
    let key: VerifyKey

    init(_ device: any ShieldDevice, key: VerifyKey, showing text: String) throws {
        guard Self.isReadable(text) else { throw YinzhengError(.invalidArgument, "a shield shows a text that can be read") }
        let limit = device.model.displayCharacters
        guard text.unicodeScalars.count <= limit else { throw ShieldFault.textTooLong(limit: limit).error }
        self.device = device
        self.text = text
        self.key = key.withSM2Id(device.model.sm2Id)
    }

    /// With something to see, and nothing that a display would not show: what cannot be seen may change what is read.
    private static func isReadable(_ text: String) -> Bool {
        var visible = false
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\n", .spaceSeparator, .nonspacingMark, .enclosingMark, .spacingMark: continue
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: return false
            default: visible = true
            }
        }
        return visible
    }

    /// What a session's challenge begins with, on every system; 32 random bytes follow. Nothing of the format begins so: an answer can
    /// never be a signature over evidence.
    static let challengePrefix = Data("yinzheng shield challenge 1\n".utf8)

    func sign(_ bytes: Data, _ content: SignedContent) async throws -> Data {
        let input: Data
        switch device.model.input {
        case .message: input = bytes
        case .digest:
            // Made of the bytes that were looked at, not taken from beside them.
            guard let digest = content.digest else {
                throw YinzhengError(.algorithmMismatch, "a shield that takes digests signs no Ed25519")
            }
            input = digest
        }
        do {
            return try await answered(input)
        } catch {
            throw error.error
        }
    }

    private func answered(_ input: Data) async throws(ShieldFault) -> Data {
        var random = SystemRandomNumberGenerator()
        let challenge = Self.challengePrefix + Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        let (session, answer) = try await device.open(challenge: challenge)
        guard (try? Checks.signature(key, message: challenge, signature: answer)) != nil else {
            await session.close()
            throw .impostor
        }
        let outcome: Result<Data, ShieldFault>
        do {
            outcome = .success(try await session.sign(input, showing: text))
        } catch {
            outcome = .failure(error)
        }
        await session.close()
        return try outcome.get()
    }
}
