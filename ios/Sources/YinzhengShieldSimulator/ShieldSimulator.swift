import Foundation
import Yinzheng
import YinzhengDevice

/// A mobile shield 手机盾 that lives in memory, with a customer who does as told: for tests, and for apps that are developed
/// without one. Its key is a software key, so it never stands in a release.
public actor ShieldSimulator: ShieldDevice {
    /// What the customer does next.
    public enum Customer: Hashable, Sendable {
        /// Reads and confirms.
        case agrees
        /// Presses no.
        case refuses
        /// Presses nothing.
        case isAway
        /// Enters a wrong PIN; three of them lock the shield.
        case entersWrongPIN
    }

    /// How it writes signatures.
    public enum Output: Hashable, Sendable {
        /// DER.
        case der
        /// r‖s, 64 bytes.
        case raw
    }

    /// What this model takes.
    public nonisolated let model: ShieldModel
    /// The public half, as a bank would enrol it.
    public nonisolated let publicKey: VerifyKey
    private let key: SoftwareKey
    private let output: Output
    private var customer = Customer.agrees
    private var triesLeft = 3
    private var impostor: SoftwareKey?
    private var wiped = false
    /// What the display showed, in order.
    public private(set) var shown: [String] = []
    /// How many sessions are open.
    public private(set) var sessions = 0

    /// A shield with a new key.
    public init(input: ShieldModel.Input, output: Output, displayCharacters: Int = 120,
                sm2Id: Data = Data("1234567812345678".utf8)) throws {
        model = ShieldModel(input: input, displayCharacters: displayCharacters, sm2Id: sm2Id)
        key = try SoftwareKey(.sm2)
        publicKey = key.publicKey
        self.output = output
    }

    /// Tells the customer what to do from now on.
    public func set(_ customer: Customer) { self.customer = customer }
    /// Puts another shield in its place, which answers challenges with a key of its own.
    public func swap() throws { impostor = try SoftwareKey(.sm2) }
    /// Destroys the key.
    public func wipe() { wiped = true }

    public func open(challenge: Data) async throws(ShieldFault) -> (session: any ShieldSession, answer: Data) {
        guard !wiped else { throw .keyGone }
        guard triesLeft > 0 else { throw .locked }
        let answer = try signature(over: challenge, by: impostor ?? key)
        sessions += 1
        return (Session(shield: self), answer)
    }

    fileprivate func sign(_ input: Data, showing text: String) throws(ShieldFault) -> Data {
        guard text.unicodeScalars.count <= model.displayCharacters else { throw .textTooLong(limit: model.displayCharacters) }
        shown.append(text)
        switch customer {
        case .agrees: break
        case .refuses: throw .refused
        case .isAway: throw .timedOut
        case .entersWrongPIN:
            triesLeft -= 1
            throw triesLeft > 0 ? .refused : .locked
        }
        switch model.input {
        case .message: return try signature(over: input, by: key)
        case .digest:
            guard input.count == 32 else { throw .broken("a digest has 32 bytes") }
            return written(try made { try key.sign(digest: input) })
        }
    }

    fileprivate func end() { sessions -= 1 }

    /// Of a message: e with Z under this model's user ID is the shield's own work.
    private func signature(over message: Data, by key: SoftwareKey) throws(ShieldFault) -> Data {
        let digest = try made { try Self.digest(message, key: key.publicKey.withSM2Id(model.sm2Id)) }
        return written(try made { try key.sign(digest: digest) })
    }

    /// GM/T 0003.2: e = SM3(Z ‖ message).
    private static func digest(_ message: Data, key: VerifyKey) throws -> Data {
        let said = try JSONSerialization.jsonObject(with: Data(key.describe().utf8)) as? [String: Any]
        guard let hex = said?["sm2_z"] as? String else { throw ShieldFault.broken("no Z") }
        let digits = Array(hex)
        let z = Data(stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
        return try Checks.digest(.sm3, z + message)
    }

    private func made(_ call: () throws -> Data) throws(ShieldFault) -> Data {
        do {
            return try call()
        } catch {
            throw .broken("\(error)")
        }
    }

    private func written(_ raw: Data) -> Data {
        guard output == .der else { return raw }
        let body = Self.integer(raw.prefix(32)) + Self.integer(raw.suffix(32))
        return Data([0x30, UInt8(body.count)]) + body
    }

    /// A DER INTEGER of an unsigned number.
    private static func integer(_ bytes: Data) -> Data {
        var digits = Data(bytes.drop { $0 == 0 })
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: digits.startIndex) }
        return Data([0x02, UInt8(digits.count)]) + digits
    }

    private struct Session: ShieldSession {
        let shield: ShieldSimulator
        func sign(_ input: Data, showing text: String) async throws(ShieldFault) -> Data { try await shield.sign(input, showing: text) }
        func close() async { await shield.end() }
    }
}
