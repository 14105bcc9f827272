import Foundation
internal import YinzhengGenerated

/// The one error of this library. The number is for programs, the message for people: it says what is wrong, where, and what
/// to do about it, and never holds a field's value, so it may go into a log. Every `throws` of this module throws this, and
/// nothing else but what a signer of the host's own throws. It is not written as typed throws: compilers of Swift 6.0 fail on
/// `catch let error as YinzhengError where …` then.
public struct YinzhengError: Error, Hashable, Sendable {
    /// The fixed number of the error table, the same in every language: 101 to 999.
    public let number: Int
    /// What is wrong, where, and what to do about it, in English.
    public let message: String

    /// The number as a case; `nil` for one that is newer than these sources.
    public var code: ErrorCode? { ErrorCode(rawValue: number) }

    init(number: Int, message: String) {
        self.number = number
        self.message = message
    }

    /// An error that a host or a signer makes itself, such as ``ErrorCode/signerDeclined``.
    /// - Parameter context: says where, and what was expected. No value of a field.
    public init(_ code: ErrorCode, _ context: String) {
        let said = { member in Self.said(code.rawValue, .en, member) ?? "" }
        self.init(number: code.rawValue, message: "[\(code.rawValue)] \(said("message")): \(context). \(said("advice"))")
    }

    /// What this kind of error means, without the place.
    public func summary(_ language: Language) -> String { Self.said(number, language, "message") ?? "" }

    /// What to do about this kind of error.
    public func advice(_ language: Language) -> String { Self.said(number, language, "advice") ?? "" }

    private static func said(_ number: Int, _ language: Language, _ member: String) -> String? {
        guard let number = UInt32(exactly: number),
              let info = try? native({ try errorInfo(number: number, language: language.rawValue.fit) })
        else { return nil }
        return (try? JSON(info))?[member]?.text
    }
}

extension YinzhengError: LocalizedError, CustomStringConvertible {
    /// The message.
    public var errorDescription: String? { message }
    /// The message.
    public var description: String { message }
}
