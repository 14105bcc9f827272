import Foundation
import Yinzheng

/// The two keys of a phone. They are two so that a newly enrolled finger, which may end the customer's key, never ends the
/// ledger.
public struct DeviceKey: Hashable, Sendable {
    /// Tells it apart from the other keys of the app: a part of its tag.
    public let rawValue: String
    /// Whether each signature asks for the customer's presence. Else the device must have been unlocked once since it started, and
    /// nobody's finger is needed.
    public let asksPresence: Bool

    /// Signs the blocks of an app's only ledger.
    public static let ledger = DeviceKey(rawValue: "ledger", asksPresence: false)
    /// Signs the customer's statements. Asks for the customer's presence at each signature.
    public static let customer = DeviceKey(rawValue: "customer", asksPresence: true)
    /// Signs the blocks of one of several ledgers (``PhoneLedger/Parts/name``).
    public static func ledger(named name: String) -> DeviceKey { DeviceKey(rawValue: "ledger.\(name)", asksPresence: false) }
}

/// Why a key of the hardware did not sign.
public enum HardwareKeyFault: Error, Hashable, Sendable {
    /// The customer cancelled, or chose not to.
    case cancelled
    /// The key is gone for ever: deleted, or ended by a change of the enrolled fingers or faces, or of the passcode.
    case keyGone
    /// Not now: the device is locked, or too many fingers were wrong.
    case locked
    /// Nobody answered in time.
    case timedOut
    /// This device has no such hardware, or no passcode, or does not allow the app to ask.
    case unavailable
    /// Something else, by the system's own number.
    case other(domain: String, code: Int)

    /// As the library says it.
    public var error: YinzhengError {
        switch self {
        case .cancelled: YinzhengError(.signerDeclined, "the customer cancelled")
        case .keyGone: YinzhengError(.signerKeyGone, "the hardware no longer has the key, or ended it")
        case .locked: YinzhengError(.signerLocked, "the device is locked, or locked out after wrong attempts")
        case .timedOut: YinzhengError(.signerTimedOut, "nobody answered the system's question")
        // No key is proven to be gone by it: a passcode may be set again, and a face be allowed.
        case .unavailable: YinzhengError(.signerLocked, "this device has no such hardware now, or no passcode is set")
        // Nobody said no: a fault of the technique is never written down as the customer's.
        case .other(let domain, let code): YinzhengError(.signerTimedOut, "\(domain) \(code)")
        }
    }
}

/// What the customer is asked with, and what an app prepares of it: on iOS an `LAContext`, which the app passes in so that one
/// prompt of its own words may cover what it says.
public protocol PresenceContext: Sendable {}

/// Keys that never leave hardware. The seam between the flow, which is tested with keys in memory, and the Secure Enclave.
/// P-256 only: the one algorithm of the Secure Enclave.
public protocol HardwareKeyStore: Sendable {
    /// Where its keys are kept, for the ledger's key entry.
    var custody: Custody { get }
    /// The public half, 65 bytes (uncompressed point); `nil` when there is no such key.
    func publicKey(_ key: DeviceKey) throws(HardwareKeyFault) -> Data?
    /// Makes the key, and gives its public half. Another key of this name is replaced.
    func create(_ key: DeviceKey) throws(HardwareKeyFault) -> Data
    /// Signs a message (the hardware hashes it with SHA-256); DER or 64 bytes.
    func sign(_ message: Data, with key: DeviceKey, presence: (any PresenceContext)?) async throws(HardwareKeyFault) -> Data
    /// Removes the key; nothing happens when there is none.
    func remove(_ key: DeviceKey) throws(HardwareKeyFault)
}

/// A key of the hardware as a signer.
public struct HardwareSigner: Signer {
    private let store: any HardwareKeyStore
    private let key: DeviceKey
    private let presence: (any PresenceContext)?
    /// The public half.
    public let publicKey: VerifyKey

    /// Where the key is kept, for key entries.
    public var custody: Custody { store.custody }

    /// A signer of a key that is there.
    /// - Throws: ``ErrorCode/signerKeyGone`` when there is none: a new one must be enrolled, by ``make(_:in:presence:)`` and
    ///   `Ledger.keys`.
    public init(_ key: DeviceKey, in store: any HardwareKeyStore, presence: (any PresenceContext)? = nil) throws {
        let point = try Self.said { () throws(HardwareKeyFault) in try store.publicKey(key) }
        guard let point else { throw HardwareKeyFault.keyGone.error }
        self.init(key, store, presence, point)
    }

    private init(_ key: DeviceKey, _ store: any HardwareKeyStore, _ presence: (any PresenceContext)?, _ point: Data) {
        self.store = store
        self.key = key
        self.presence = presence
        publicKey = VerifyKey(raw: point, algorithm: .p256)
    }

    /// Makes a new key, and its signer.
    public static func make(_ key: DeviceKey, in store: any HardwareKeyStore,
                            presence: (any PresenceContext)? = nil) throws -> HardwareSigner {
        let point = try said { () throws(HardwareKeyFault) in try store.create(key) }
        return HardwareSigner(key, store, presence, point)
    }

    /// The same signer, for one signature with this context.
    public func asking(_ presence: any PresenceContext) throws -> HardwareSigner {
        try HardwareSigner(key, in: store, presence: presence)
    }

    public func sign(_ toSign: ToSign) async throws -> Data {
        do {
            return try await store.sign(toSign.bytes, with: key, presence: presence)
        } catch {
            throw error.error
        }
    }

    static func said<T>(_ call: () throws(HardwareKeyFault) -> T) throws -> T {
        do {
            return try call()
        } catch {
            throw error.error
        }
    }
}
