#if canImport(Security) && canImport(LocalAuthentication)
import Foundation
import LocalAuthentication
import Security
import Yinzheng

/// An `LAContext` that an app prepared: its reason text, its fall-back title, how long one presence may be used again.
public struct LocalPresence: PresenceContext, @unchecked Sendable {
    // An LAContext may be used from any thread, and is only handed on here.
    let context: LAContext

    /// A context for one signature. Set its `localizedReason` before.
    public init(_ context: LAContext) { self.context = context }
}

/// A `HardwareSigner` whose key lives in the Secure Enclave.
public typealias SecureEnclaveSigner = HardwareSigner

/// Keys of the Secure Enclave. They are made in it and cannot be read, copied or backed up.
public struct SecureEnclaveStore: HardwareKeyStore {
    /// What the customer's key asks for.
    public enum Presence: Sendable {
        /// A finger, the face, or the passcode. It outlives newly enrolled fingers.
        case userPresence
        /// A finger or face that is enrolled now. Enrolling another ends the key (``HardwareKeyFault/keyGone``), and the customer
        /// enrols a new one.
        case currentBiometry
    }

    private let tag: String
    private let presence: Presence

    /// - Parameter tag: tells the keys of this app apart, such as its bundle identifier.
    public init(tag: String, presence: Presence = .userPresence) {
        self.tag = tag
        self.presence = presence
    }

    public var custody: Custody { .enclave }

    private func tag(_ key: DeviceKey) -> String { "\(tag).\(key.rawValue)" }
    /// Of a key that was made, and has not taken the place of the one before.
    private func newTag(_ key: DeviceKey) -> String { "new of \(tag(key))" }

    private func query(_ tag: String) -> [CFString: Any] {
        [kSecClass: kSecClassKey, kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom, kSecAttrKeySizeInBits: 256,
         kSecAttrTokenID: kSecAttrTokenIDSecureEnclave, kSecAttrApplicationTag: Data(tag.utf8)]
    }

    private func find(_ key: DeviceKey, _ context: LAContext?) throws(HardwareKeyFault) -> SecKey? {
        if let found = try find(tag(key), context) { return found }
        // Killed while a key was replaced: the one before is deleted only when the new one is there.
        return try find(newTag(key), context)
    }

    private func find(_ tag: String, _ context: LAContext?) throws(HardwareKeyFault) -> SecKey? {
        var query = query(tag)
        query[kSecReturnRef] = true
        if let context { query[kSecUseAuthenticationContext] = context }
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        switch status {
        case errSecSuccess: break
        case errSecItemNotFound: return nil
        default: throw SystemFault.fault(SystemFault.security, Int(status))
        }
        guard let found, CFGetTypeID(found) == SecKeyGetTypeID() else { throw .other(domain: "Security", code: 0) }
        return unsafeDowncast(found, to: SecKey.self)
    }

    private func point(_ key: SecKey) throws(HardwareKeyFault) -> Data {
        var error: Unmanaged<CFError>?
        guard let half = SecKeyCopyPublicKey(key), let bytes = SecKeyCopyExternalRepresentation(half, &error) else {
            throw Self.fault(error)
        }
        return bytes as Data
    }

    public func publicKey(_ key: DeviceKey) throws(HardwareKeyFault) -> Data? {
        guard let found = try find(key, nil) else { return nil }
        return try point(found)
    }

    public func create(_ key: DeviceKey) throws(HardwareKeyFault) -> Data {
        // The key before is deleted when the new one is there: a making that fails leaves it as it was.
        try settle(key)
        let (accessible, flags): (CFString, SecAccessControlCreateFlags) = switch (key.asksPresence, presence) {
        // After the first unlock, so that what was begun in the background can be sealed there.
        case (false, _): (kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly, [.privateKeyUsage])
        case (true, .userPresence): (kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly, [.privateKeyUsage, .userPresence])
        case (true, .currentBiometry):
            (kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly, [.privateKeyUsage, .biometryCurrentSet])
        }
        var error: Unmanaged<CFError>?
        guard let access = SecAccessControlCreateWithFlags(nil, accessible, flags, &error) else { throw Self.fault(error) }
        var attributes = query(newTag(key))
        attributes[kSecPrivateKeyAttrs] = [kSecAttrIsPermanent: true, kSecAttrAccessControl: access,
                                           kSecAttrApplicationTag: Data(newTag(key).utf8)] as [CFString: Any]
        guard let made = SecKeyCreateRandomKey(attributes as CFDictionary, &error) else { throw Self.fault(error) }
        let half = try point(made)
        try remove(tag(key))
        try settle(key)
        return half
    }

    /// A new key takes the place of one that is gone, and goes where there is one.
    private func settle(_ key: DeviceKey) throws(HardwareKeyFault) {
        guard try find(tag(key), nil) == nil else { return try remove(newTag(key)) }
        let named: [CFString: Any] = [kSecAttrApplicationTag: Data(tag(key).utf8)]
        let status = SecItemUpdate(query(newTag(key)) as CFDictionary, named as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else {
            throw SystemFault.fault(SystemFault.security, Int(status))
        }
    }

    public func sign(_ message: Data, with key: DeviceKey, presence: (any PresenceContext)?) async throws(HardwareKeyFault) -> Data {
        guard let found = try find(key, (presence as? LocalPresence)?.context) else { throw .keyGone }
        // Signing blocks while the system asks, so it waits on a thread of its own.
        let outcome: Result<Data, HardwareKeyFault> = await withCheckedContinuation { continuation in
            let held = Held(key: found)
            DispatchQueue.global(qos: .userInitiated).async {
                var error: Unmanaged<CFError>?
                let algorithm = SecKeyAlgorithm.ecdsaSignatureMessageX962SHA256
                let signature = SecKeyCreateSignature(held.key, algorithm, message as CFData, &error)
                continuation.resume(returning: signature.map { .success($0 as Data) } ?? .failure(Self.fault(error)))
            }
        }
        return try outcome.get()
    }

    /// A `SecKey` may be used from any thread.
    private struct Held: @unchecked Sendable { let key: SecKey }

    public func remove(_ key: DeviceKey) throws(HardwareKeyFault) {
        try remove(newTag(key))
        try remove(tag(key))
    }

    private func remove(_ tag: String) throws(HardwareKeyFault) {
        let status = SecItemDelete(query(tag) as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else {
            throw SystemFault.fault(SystemFault.security, Int(status))
        }
    }

    private static func fault(_ error: Unmanaged<CFError>?) -> HardwareKeyFault {
        guard let error = error?.takeRetainedValue() else { return .other(domain: "Security", code: 0) }
        return SystemFault.fault(CFErrorGetDomain(error) as String, CFErrorGetCode(error))
    }
}
#endif
