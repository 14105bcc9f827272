import Foundation
import XCTest
@testable import Yinzheng

/// What the files of tests/vectors have in common: cases, their names, what must come out, and a count.
class Vectors {
    private(set) var passed = 0
    private(set) var failures: [String] = []
    /// Declared time of every verification, as in the tests of the library.
    static let at = Date(timeIntervalSince1970: 4_000_000_000)

    static let repository: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { folder.deleteLastPathComponent() }
        return folder
    }()

    /// Numbers of errors, by name.
    private static let numbers: [String: Int] = {
        let file = try! JSON(Data(contentsOf: repository.appendingPathComponent("core/data/errors.json")))
        return Dictionary(uniqueKeysWithValues: file.items!.map { ($0["name"]!.text!, Int($0["number"]!.integer!)) })
    }()

    static func file(_ name: String) throws -> JSON {
        try JSON(Data(contentsOf: repository.appendingPathComponent("tests/vectors/\(name).json")))
    }

    func list(_ of: JSON, _ name: String) throws -> [JSON] { try XCTUnwrap(of[name]?.items, name) }
    func text(_ of: JSON, _ name: String) throws -> String { try XCTUnwrap(of[name]?.text, name) }
    func bytes(_ of: JSON, _ name: String) throws -> Data { try Data(hex: text(of, name)) }
    /// Nodes one after the other.
    func nodes(_ of: JSON, _ name: String) throws -> Data { try Data(hex: list(of, name).compactMap(\.text).joined()) }
    func result(_ of: JSON) -> String? { of["result"]?.text }

    func key(_ of: JSON) throws -> VerifyKey {
        let key = VerifyKey(cose: try bytes(of, "cose_key"))
        return of["sm2_id"]?.text == nil ? key : key.withSM2Id(try bytes(of, "sm2_id"))
    }

    func count(_ about: JSON, _ right: Bool, _ what: @autoclosure () -> String) {
        if right { passed += 1; return }
        let name = about["name"]?.text ?? about["what"]?.text ?? about["text"]?.text ?? "?"
        failures.append("\(name): \(what())")
    }

    /// What came out of a call: a value, or an error, whose message was read.
    func tried<T>(_ call: () throws -> T) throws -> Result<T, YinzhengError> {
        do {
            return .success(try call())
        } catch let error as YinzhengError {
            try readError(error)
            return .failure(error)
        }
    }

    /// Judges how a call came out. An expected refusal is counted here; true when it was rightly accepted.
    func judge(_ about: JSON, _ number: Int, _ result: String?) throws -> Bool {
        let ok = result == nil || result == "ok"
        let expected = ok ? 0 : try XCTUnwrap(Self.numbers[result!], result!)
        if number != expected || !ok { count(about, number == expected, "error \(number), expected \(result ?? "ok")") }
        return number == expected && ok
    }

    func same(_ about: JSON, _ said: JSON?, _ expected: JSON?) {
        count(about, sorted(said) == sorted(expected), "said \(said?.string ?? "-"), expected \(expected?.string ?? "-")")
    }

    /// Members in the order of their names: JSON objects have none.
    private func sorted(_ json: JSON?) -> JSON? {
        switch json {
        case .object(let members)?:
            .object(members.map { JSON.Member(name: $0.name, value: sorted($0.value)!) }.sorted { $0.name < $1.name })
        case .array(let items)?: .array(items.map { sorted($0)! })
        default: json
        }
    }

    func told(_ expected: JSON, _ said: JSON?, _ names: String...) -> Bool {
        guard let said else { return false }
        return names.allSatisfy { name in
            let (one, other) = (expected[name] ?? .null, said[name] ?? .null)
            return sorted(one) == sorted(other)
        }
    }

    /// Reads a piece; its facts.
    func inspect(_ kind: String, _ hex: String, _ beside: JSON? = nil) throws -> Result<JSON, YinzhengError> {
        try tried { try JSON(parsing: Checks.inspect(kind, Data(hex: hex), beside: beside?.string ?? "")) }
    }

    func inspected(_ cases: [JSON], _ kind: String) throws {
        for each in cases where try judge(each, inspect(kind, text(each, "hex")).number, result(each)) { count(each, true, "") }
    }
}

extension Result where Failure == YinzhengError {
    var number: Int { if case .failure(let error) = self { error.number } else { 0 } }
    var value: Success? { try? get() }
}
