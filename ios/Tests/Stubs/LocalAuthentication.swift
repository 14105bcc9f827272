// As in Security.swift beside this.
import Foundation

public final class LAContext {
    public var localizedReason = ""
    public init() {}
}

public let LAErrorDomain = "com.apple.LocalAuthentication"

public struct LAError: Error {
    public enum Code: Int, Sendable {
        case authenticationFailed = -1, userCancel = -2, userFallback = -3, systemCancel = -4, passcodeNotSet = -5
        case biometryNotAvailable = -6, biometryNotEnrolled = -7, biometryLockout = -8, appCancel = -9, invalidContext = -10
        case notInteractive = -1004
    }
}
