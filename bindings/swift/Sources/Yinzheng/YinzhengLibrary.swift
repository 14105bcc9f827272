import Foundation
internal import YinzhengGenerated

/// About the library itself. Not called as the module is: a module whose type has its own name cannot be named.
public enum YinzhengLibrary {
    /// Versions of library and format, features and self-test, as JSON.
    public static func versionJSON() throws -> String { String(decoding: try native { try version() }, as: UTF8.self) }

    /// The limits of the format, as JSON.
    public static func limitsJSON() throws -> String { String(decoding: try native { try limits() }, as: UTF8.self) }

    /// What stands in a reply at a JSON pointer (RFC 6901), such as `/records/0/number`: a text as it is, else JSON.
    /// - Throws: ``ErrorCode/notFound``, ``ErrorCode/invalidArgument``.
    public static func part(of json: String, at pointer: String) throws -> String {
        let said = try native { try jsonGet(json: json.fit, pointer: pointer.fit) }
        return String(decoding: said, as: UTF8.self)
    }

    /// How many objects of the library are open in this process: a test for leaks.
    public static func openHandles() throws -> Int64 { signed(try native { try handleCount() }) }

    /// A new vault key. Put it into the Keychain, and wipe it when it is no longer needed: ``wipe(_:)``.
    public static func newVaultKey(_ suite: VaultSuite) throws -> Data {
        try native { try vaultKeyGenerate(suite: suite.rawValue.fit) }
    }

    /// Overwrites bytes in place. Swift may have made copies of them before; this wipes the one that you hold.
    public static func wipe(_ secret: inout Data) {
        secret.resetBytes(in: secret.startIndex..<secret.endIndex)
        secret = Data()
    }
}
