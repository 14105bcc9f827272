// What of Apple's Security framework our sources use, with the signatures of Apple's documentation and no behaviour: so that those
// sources are type-checked on machines without it. Only bindings/swift/test.sh compiles this, and nothing is linked with it.
import Foundation

public typealias CFString = NSString
public typealias CFData = NSData
public typealias CFDictionary = NSDictionary
public typealias CFTypeRef = AnyObject
public typealias CFTypeID = UInt
public typealias OSStatus = Int32
public final class CFError {}
public final class CFAllocator {}
public final class SecKey {}
public final class SecAccessControl {}

public struct SecAccessControlCreateFlags: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let userPresence = Self(rawValue: 1), biometryCurrentSet = Self(rawValue: 8)
    public static let privateKeyUsage = Self(rawValue: 1 << 30)
}

public struct SecKeyAlgorithm: Sendable {
    public static let ecdsaSignatureMessageX962SHA256 = SecKeyAlgorithm()
}

nonisolated(unsafe) public let kSecClass: CFString = "", kSecClassKey: CFString = "", kSecClassGenericPassword: CFString = ""
nonisolated(unsafe) public let kSecAttrKeyType: CFString = "", kSecAttrKeyTypeECSECPrimeRandom: CFString = ""
nonisolated(unsafe) public let kSecAttrKeySizeInBits: CFString = "", kSecAttrTokenID: CFString = ""
nonisolated(unsafe) public let kSecAttrTokenIDSecureEnclave: CFString = "", kSecAttrApplicationTag: CFString = ""
nonisolated(unsafe) public let kSecReturnRef: CFString = "", kSecReturnData: CFString = "", kSecValueData: CFString = ""
nonisolated(unsafe) public let kSecUseAuthenticationContext: CFString = "", kSecUseDataProtectionKeychain: CFString = ""
nonisolated(unsafe) public let kSecPrivateKeyAttrs: CFString = "", kSecAttrIsPermanent: CFString = ""
nonisolated(unsafe) public let kSecAttrAccessControl: CFString = "", kSecAttrAccessible: CFString = ""
nonisolated(unsafe) public let kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly: CFString = ""
nonisolated(unsafe) public let kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly: CFString = ""
nonisolated(unsafe) public let kSecAttrService: CFString = "", kSecAttrAccount: CFString = "", kSecAttrSynchronizable: CFString = ""

public let errSecSuccess: OSStatus = 0, errSecUnimplemented: OSStatus = -4, errSecUserCanceled: OSStatus = -128
public let errSecNotAvailable: OSStatus = -25291, errSecAuthFailed: OSStatus = -25293, errSecNoSuchKeychain: OSStatus = -25294
public let errSecItemNotFound: OSStatus = -25300, errSecInteractionNotAllowed: OSStatus = -25308, errSecInvalidKeyRef: OSStatus = -67712

public typealias ErrorPointer = UnsafeMutablePointer<Unmanaged<CFError>?>
public func CFGetTypeID(_ object: CFTypeRef) -> CFTypeID { 0 }
public func CFErrorGetDomain(_ error: CFError) -> CFString! { nil }
public func CFErrorGetCode(_ error: CFError) -> Int { 0 }
public func SecKeyGetTypeID() -> CFTypeID { 0 }
public func SecItemCopyMatching(_ query: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus { 0 }
public func SecItemAdd(_ attributes: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus { 0 }
public func SecItemUpdate(_ query: CFDictionary, _ changed: CFDictionary) -> OSStatus { 0 }
public func SecItemDelete(_ query: CFDictionary) -> OSStatus { 0 }
public func SecAccessControlCreateWithFlags(_ allocator: CFAllocator?, _ protection: CFTypeRef, _ flags: SecAccessControlCreateFlags,
                                            _ error: ErrorPointer?) -> SecAccessControl? { nil }
public func SecKeyCreateRandomKey(_ parameters: CFDictionary, _ error: ErrorPointer?) -> SecKey? { nil }
public func SecKeyCopyPublicKey(_ key: SecKey) -> SecKey? { nil }
public func SecKeyCopyExternalRepresentation(_ key: SecKey, _ error: ErrorPointer?) -> CFData? { nil }
public func SecKeyCreateSignature(_ key: SecKey, _ algorithm: SecKeyAlgorithm, _ data: CFData, _ error: ErrorPointer?) -> CFData? { nil }
