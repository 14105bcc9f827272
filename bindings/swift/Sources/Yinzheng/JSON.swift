import Foundation

/// JSON as the library speaks it: members in their order, integers exact. Other numbers are kept as their text.
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(String)
    case text(String)
    case array([JSON])
    case object([Member])
    /// A text that is JSON already and goes out as it is.
    case raw(String)

    struct Member: Hashable, Sendable {
        let name: String
        let value: JSON

        static func == (one: Member, other: Member) -> Bool { JSON.same(one.name, other.name) && one.value == other.value }
        func hash(into hasher: inout Hasher) {
            hasher.combine(Array(name.utf8))
            hasher.combine(value)
        }
    }

    /// Whether two texts are the same bytes. To Swift, forms of Unicode that look alike are equal; as evidence they are not.
    static func same(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

    static func == (one: JSON, other: JSON) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)), (.text(let one), .text(let other)), (.raw(let one), .raw(let other)):
            same(one, other)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .integer(let number): hasher.combine(number)
        case .number(let text), .text(let text), .raw(let text): hasher.combine(Array(text.utf8))
        case .array(let items): hasher.combine(items)
        case .object(let members): hasher.combine(members)
        }
    }

    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { Self.same($0.name, name) }?.value
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    var items: [JSON]? { if case .array(let items) = self { items } else { nil } }
    var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    var isNull: Bool { self == .null }

    /// An object, with what is `nil` left out.
    static func of(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }

    /// This object with one member set.
    func with(_ name: String, _ value: JSON?) -> JSON {
        var members = (self.members ?? []).filter { $0.name != name }
        if let value { members.append(Member(name: name, value: value)) }
        return .object(members)
    }

    var data: Data { Data(string.utf8) }

    var string: String {
        var out = ""
        write(into: &out)
        return out
    }

    private func write(into out: inout String) {
        switch self {
        case .null: out += "null"
        case .bool(let flag): out += flag ? "true" : "false"
        case .integer(let number): out += String(number)
        case .number(let text), .raw(let text): out += text
        case .text(let text): Self.quote(text, into: &out)
        case .array(let items):
            out += "["
            for (at, item) in items.enumerated() {
                if at > 0 { out += "," }
                item.write(into: &out)
            }
            out += "]"
        case .object(let members):
            out += "{"
            for (at, member) in members.enumerated() {
                if at > 0 { out += "," }
                Self.quote(member.name, into: &out)
                out += ":"
                member.value.write(into: &out)
            }
            out += "}"
        }
    }

    private static func quote(_ text: String, into out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}

extension JSON: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self = .text(text) }
}

extension JSON {
    /// A list of texts.
    static func texts(_ texts: some Sequence<String>) -> JSON { .array(texts.map(JSON.text)) }
    /// A list of numbers.
    static func integers(_ numbers: some Sequence<Int64>) -> JSON { .array(numbers.map(JSON.integer)) }
}
