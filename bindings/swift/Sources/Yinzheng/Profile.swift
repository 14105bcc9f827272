import Foundation
internal import YinzhengGenerated

/// A profile 场景模板 of the host's own: labels, types, classes and rules for one kind of record. For any number of threads.
public final class Profile: Sendable {
    private let resource: Resource

    /// Reads a profile's file. The exact bytes count: records hold their digest.
    /// - Throws: ``ErrorCode/invalidProfile``.
    public init(file: Data) throws { resource = Resource(try native { try profileLoad(file: file.fit) }) }

    /// Closes it. Records that were appended by it stay as they are.
    public func close() { resource.close() }

    func number() throws -> UInt64 { try resource.use { $0 } }

    private func named<T>(_ call: (Data) throws -> T) throws -> T {
        try resource.use { try call(Data(String($0).utf8)) }
    }

    /// The built-in profiles, as JSON.
    public static func listJSON() throws -> String { try text { try profileList() } }
    /// A built-in profile's file.
    public static func file(_ id: String) throws -> Data { try native { try profileFile(profile: id.fit) } }
    /// What it says, as JSON.
    public func describeJSON() throws -> String {
        String(decoding: try named { try profileDescribe(profile: $0.fit) }, as: UTF8.self)
    }
    /// How it reads a business message, without appending anything: fields, findings, and what is missing, as JSON.
    public func readJSON(_ message: String) throws -> String {
        String(decoding: try named { try profileRead(profile: $0.fit, message: message.fit) }, as: UTF8.self)
    }
    /// How a built-in profile reads a business message.
    public static func readJSON(_ id: String, _ message: String) throws -> String {
        try text { try profileRead(profile: id.fit, message: message.fit) }
    }
    /// How one value is read by a type of the format, as JSON.
    public static func valueJSON(type: String, text value: String) throws -> String {
        try text { try valueRead(fieldType: type.fit, text: value.fit) }
    }

    private static func text(_ call: () throws -> Data) throws -> String {
        String(decoding: try native(call), as: UTF8.self)
    }
}
