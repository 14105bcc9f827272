import Foundation

/// What the library replied, as data: an own property for what most programs need, and all of it as JSON.
public protocol Reply: Hashable, Sendable, CustomStringConvertible {
    /// Everything that was said, as the library wrote it.
    var json: String { get }
}

/// A reply that stands on its JSON.
protocol JSONReply: Reply {
    var said: JSON { get }
    init(said: JSON)
    /// Members that these sources read without asking twice.
    static var required: [String] { get }
}

extension JSONReply {
    /// Everything that was said, as JSON.
    public var json: String { said.string }
    /// Says no more than its kind.
    public var description: String { String(describing: Self.self) }
    static var required: [String] { [] }

    func text(_ name: String) -> String { said[name]?.text ?? "" }
    func maybe(_ name: String) -> String? { said[name]?.text }
    func number(_ name: String) -> Int64 { said[name]?.integer ?? 0 }
    func maybeNumber(_ name: String) -> Int64? { said[name]?.integer }
    func flag(_ name: String) -> Bool { said[name]?.bool ?? false }
    func texts(_ name: String) -> [String] { said[name]?.items?.compactMap(\.text) ?? [] }
    func each(_ name: String) -> [JSON] { said[name]?.items ?? [] }

    /// What the library replied; a member that is missing then is a fault of the library.
    static func reply(_ said: JSON) throws -> Self {
        for name in required where said[name] == nil || said[name]?.isNull == true {
            throw YinzhengError(.internal, "a reply without \(name)")
        }
        return Self(said: said)
    }

    static func reply(_ bytes: Data) throws -> Self { try reply(JSON(bytes)) }

    static func replies(_ bytes: Data) throws -> [Self] {
        var all: [Self] = []
        for one in try JSON(bytes).items ?? [] { all.append(try reply(one)) }
        return all
    }
}
