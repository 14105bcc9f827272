import Foundation
import Yinzheng
import YinzhengDevice

/// Keys in memory in the place of the Secure Enclave: for tests, and for the iOS simulator. It says so: its custody is
/// ``Custody/software``.
public final class MemoryKeyStore: HardwareKeyStore, @unchecked Sendable {
    // Guarded by the lock.
    private let lock = NSLock()
    private var keys: [DeviceKey: (key: SoftwareKey, point: Data)] = [:]
    private var faults: [HardwareKeyFault] = []

    /// No keys yet.
    public init() {}

    public var custody: Custody { .software }

    private func guarded<T>(_ call: () throws -> T) rethrows -> T {
        lock.lock()
        defer { lock.unlock() }
        return try call()
    }

    /// The next signature fails like this.
    public func fail(with fault: HardwareKeyFault) { guarded { faults.append(fault) } }

    public func publicKey(_ key: DeviceKey) throws(HardwareKeyFault) -> Data? { guarded { keys[key]?.point } }

    public func create(_ key: DeviceKey) throws(HardwareKeyFault) -> Data {
        do {
            let made = try SoftwareKey(.p256)
            // The point is the end of a SubjectPublicKeyInfo.
            let point = try Data(made.publicKey.spki().suffix(65))
            guarded { keys[key] = (made, point) }
            return point
        } catch {
            throw .other(domain: "memory", code: (error as? YinzhengError)?.number ?? 0)
        }
    }

    public func sign(_ message: Data, with key: DeviceKey, presence: (any PresenceContext)?) async throws(HardwareKeyFault) -> Data {
        let (found, fault) = guarded { (keys[key]?.key, faults.isEmpty ? nil : faults.removeFirst()) }
        if let fault { throw fault }
        guard let found else { throw .keyGone }
        do {
            return try found.sign(message: message)
        } catch {
            throw .other(domain: "memory", code: (error as? YinzhengError)?.number ?? 0)
        }
    }

    public func remove(_ key: DeviceKey) throws(HardwareKeyFault) { guarded { keys[key] = nil } }
}

/// Secrets in memory in the place of the Keychain: like the Keychain, it outlives the store's folder.
public final class MemorySecretStore: SecretStore, @unchecked Sendable {
    // Guarded by the lock.
    private let lock = NSLock()
    private var secrets: [String: Data] = [:]

    /// No secrets yet.
    public init() {}

    public func read(_ name: String) throws -> Data? {
        lock.lock()
        defer { lock.unlock() }
        return secrets[name]
    }

    public func write(_ name: String, _ secret: Data) throws {
        lock.lock()
        defer { lock.unlock() }
        secrets[name] = secret
    }

    public func remove(_ name: String) throws {
        lock.lock()
        defer { lock.unlock() }
        secrets[name] = nil
    }
}
