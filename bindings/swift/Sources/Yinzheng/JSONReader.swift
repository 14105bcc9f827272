import Foundation

extension JSON {
    /// How deep arrays and objects may stand in each other.
    static let depth = 64

    /// Reads one value that is all of the bytes.
    init(_ bytes: Data) throws {
        var reader = JSONReader(bytes: [UInt8](bytes))
        self = try reader.whole()
    }

    /// Labelled, because `JSON("…")` is a text.
    init(parsing string: String) throws { try self.init(Data(string.utf8)) }
}

/// A strict reader of RFC 8259, for what the library replies and what a host has kept of it.
private struct JSONReader {
    let bytes: [UInt8]
    var at = 0

    mutating func whole() throws -> JSON {
        let value = try value(depth: 0)
        space()
        guard at == bytes.count else { throw wrong("text after its end") }
        return value
    }

    private func wrong(_ what: String) -> YinzhengError {
        YinzhengError(.invalidArgument, "JSON: \(what) at byte \(at)")
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { at += 1 }
    }

    private mutating func take(_ byte: Character) throws {
        guard next == byte.asciiValue else { throw wrong("a missing \(byte)") }
        at += 1
    }

    private mutating func value(depth: Int) throws -> JSON {
        guard depth < JSON.depth else { throw wrong("too deep") }
        space()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws -> JSON {
        guard bytes[at...].starts(with: word.utf8) else { throw wrong("no value") }
        at += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws -> JSON {
        try take("{")
        var members: [JSON.Member] = []
        space()
        if next == UInt8(ascii: "}") { at += 1; return .object([]) }
        while true {
            space()
            let name = try text()
            space()
            try take(":")
            members.append(JSON.Member(name: name, value: try value(depth: depth + 1)))
            space()
            guard next == UInt8(ascii: ",") else { break }
            at += 1
        }
        try take("}")
        return .object(members)
    }

    private mutating func array(depth: Int) throws -> JSON {
        try take("[")
        var items: [JSON] = []
        space()
        if next == UInt8(ascii: "]") { at += 1; return .array([]) }
        while true {
            items.append(try value(depth: depth + 1))
            space()
            guard next == UInt8(ascii: ",") else { break }
            at += 1
        }
        try take("]")
        return .array(items)
    }

    private mutating func number() throws -> JSON {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        let zero = next == UInt8(ascii: "0")
        guard digits() == 1 || !zero && at > start && bytes[at - 1] != UInt8(ascii: "-") else { throw wrong("no value") }
        if next == UInt8(ascii: ".") {
            at += 1
            guard digits() > 0 else { throw wrong("no value") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            guard digits() > 0 else { throw wrong("no value") }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        return Int64(text).map(JSON.integer) ?? .number(text)
    }

    /// Goes over digits, and counts them.
    private mutating func digits() -> Int {
        let start = at
        while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { at += 1 }
        return at - start
    }

    private mutating func text() throws -> String {
        try take("\"")
        var out: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(bytes: out, encoding: .utf8) else {
                    throw YinzhengError(.invalidUtf8, "JSON: a text before byte \(at)")
                }
                return text
            case UInt8(ascii: "\\"): try escape(into: &out)
            case 0..<0x20: throw wrong("a control character")
            default: out.append(byte)
            }
        }
        throw wrong("a text without end")
    }

    private mutating func escape(into out: inout [UInt8]) throws {
        guard let byte = next else { throw wrong("a text without end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(8)
        case UInt8(ascii: "f"): out.append(12)
        case UInt8(ascii: "n"): out.append(10)
        case UInt8(ascii: "r"): out.append(13)
        case UInt8(ascii: "t"): out.append(9)
        case UInt8(ascii: "u"):
            var code = try unit()
            if 0xd800...0xdbff ~= code {
                try take("\\")
                try take("u")
                let low = try unit()
                guard 0xdc00...0xdfff ~= low else { throw YinzhengError(.invalidUtf8, "JSON: half of a surrogate pair") }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw YinzhengError(.invalidUtf8, "JSON: half of a surrogate pair")
            }
            out.append(contentsOf: String(Character(scalar)).utf8)
        default: throw wrong("an escape that is none")
        }
    }

    private mutating func unit() throws -> UInt32 {
        guard at + 4 <= bytes.count,
              bytes[at..<at + 4].allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }),
              let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw wrong("an escape that is none") }
        at += 4
        return code
    }
}
