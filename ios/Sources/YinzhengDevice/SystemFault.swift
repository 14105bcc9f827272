import Foundation
import Yinzheng

/// The numbers of Apple's systems, as this library tells them apart. One number means different things in different domains, and
/// only what proves that the key is gone ends it: enrolling a new one cannot be taken back.
enum SystemFault {
    static let security = "NSOSStatusErrorDomain"
    static let authentication = "com.apple.LocalAuthentication"
    static let token = "CryptoTokenKit"

    static func fault(_ domain: String, _ code: Int) -> HardwareKeyFault {
        switch (domain, code) {
        // userCancel, userFallback (the customer chose another way); errSecUserCanceled; canceledByUser.
        case (authentication, -2), (authentication, -3), (security, -128), (token, -4): .cancelled
        // systemCancel and appCancel: another app came to the front, or this one gave up. Nobody said no.
        case (authentication, -4), (authentication, -9): .timedOut
        // authenticationFailed, biometryLockout, notInteractive; errSecInteractionNotAllowed, errSecAuthFailed;
        // authenticationFailed, authenticationNeeded.
        case (authentication, -1), (authentication, -8), (authentication, -1004), (security, -25308), (security, -25293),
             (token, -5), (token, -9): .locked
        // passcodeNotSet, biometryNotAvailable, biometryNotEnrolled; errSecUnimplemented, errSecNotAvailable;
        // notImplemented, tokenNotFound.
        case (authentication, -5), (authentication, -6), (authentication, -7), (security, -4), (security, -25291),
             (token, -1), (token, -7): .unavailable
        // errSecItemNotFound; objectNotFound.
        case (security, -25300), (token, -6): .keyGone
        default: .other(domain: domain, code: code)
        }
    }

    /// What files, a mirror or a secret store throw, as this library's error: its own stay, others become `storage`, `diskFull` or
    /// `signerLocked` and say the system's number. Never a path: it may name a person.
    static func storing<T>(_ what: String, _ call: () throws -> T) throws -> T {
        do {
            return try call()
        } catch let error as YinzhengError {
            throw error
        } catch {
            // Linux calls Cocoa's errors by another name than Apple's systems, and casts every other NSError to them, too.
            if error._domain.contains("CocoaError"), let cocoa = error as? CocoaError {
                throw stored(what, NSCocoaErrorDomain, cocoa.code.rawValue)
            }
            throw stored(what, error._domain, error._code)
        }
    }

    static func stored(_ what: String, _ domain: String, _ code: Int) -> YinzhengError {
        let said = "\(what): \(domain) \(code)"
        switch (domain, code) {
        // fileWriteOutOfSpace; ENOSPC.
        case (NSCocoaErrorDomain, 640), (NSPOSIXErrorDomain, 28): return YinzhengError(.diskFull, said)
        // errSecInteractionNotAllowed, errSecAuthFailed: the device is locked.
        case (security, -25308), (security, -25293): return YinzhengError(.signerLocked, said)
        default: return YinzhengError(.storage, said)
        }
    }
}
