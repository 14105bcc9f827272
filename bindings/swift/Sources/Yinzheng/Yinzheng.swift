import Foundation
internal import YinzhengGenerated

/// About the library itself.
public enum Yinzheng {
    /// Versions of library and format, features and self-test, as JSON.
    public static func versionJSON() throws(YinzhengError) -> String { String(decoding: try native { try version() }, as: UTF8.self) }

    /// The limits of the format, as JSON.
    public static func limitsJSON() throws(YinzhengError) -> String { String(decoding: try native { try limits() }, as: UTF8.self) }

    /// How many objects of the library are open in this process: a test for leaks.
    public static func openHandles() throws(YinzhengError) -> Int64 { signed(try native { try handleCount() }) }

    /// A new vault key. Put it into the Keychain, and wipe it when it is no longer needed: ``wipe(_:)``.
    public static func newVaultKey(_ suite: VaultSuite) throws(YinzhengError) -> Data {
        try native { try vaultKeyGenerate(suite: Data(suite.rawValue.utf8)) }
    }

    /// Overwrites bytes in place. Swift may have made copies of them before; this wipes the one that you hold.
    public static func wipe(_ secret: inout Data) {
        secret.resetBytes(in: secret.startIndex..<secret.endIndex)
        secret = Data()
    }
}
