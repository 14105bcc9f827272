import Foundation
import XCTest
@testable import Yinzheng

/// The words and values of the Swift side, against the library's own.
final class ValuesTests: XCTestCase {
    func testEveryErrorOfTheTableHasItsCase() throws {
        let table = try JSON(Data(contentsOf: Vectors.repository.appendingPathComponent("core/data/errors.json"))).items!
        let numbers = Set(table.map { Int($0["number"]!.integer!) })
        XCTAssertEqual(numbers, Set(ErrorCode.allCases.map(\.rawValue)))
        for row in table {
            let name = row["name"]!.text!
            let code = ErrorCode(rawValue: Int(row["number"]!.integer!))!
            XCTAssertEqual("\(code)", name.prefix(1).lowercased() + name.dropFirst())
            XCTAssertEqual(YinzhengError(code, "x").summary(.zh), row["message_zh"]!.text!)
        }
    }

    func testEveryFunctionOfTheCDoorIsHereAndUsed() throws {
        let read = { (path: String) in
            try String(contentsOf: Vectors.repository.appendingPathComponent(path), encoding: .utf8)
        }
        let generated = try read("bindings/swift/generated/YinzhengGenerated/YinzhengGenerated.swift")
        let folder = "bindings/swift/Sources/Yinzheng"
        let sources = try FileManager.default.contentsOfDirectory(atPath: Vectors.repository.appendingPathComponent(folder).path)
            .reduce("") { try $0 + read("\(folder)/\($1)") }
        // What only C needs.
        let onlyC: Set = ["abiVersion", "bufferCount", "bufferFree", "hashFd"]
        var count = 0
        for symbol in try read("ffi/abi/symbols.txt").split(whereSeparator: \.isWhitespace) where symbol.hasPrefix("yz_") {
            let words = symbol.dropFirst(3).split(separator: "_")
            let name: String = words[0] + words.dropFirst().map(\.capitalized).joined()
            if onlyC.contains(name) { continue }
            count += 1
            XCTAssertTrue(generated.contains("public func \(name)("), "\(name) is not exported to Swift")
            XCTAssertTrue(sources.contains("try \(name)(") || sources.contains("YinzhengGenerated.\(name)("), "\(name) is used by nobody")
        }
        XCTAssertGreaterThan(count, 100)
    }

    func testMoneyKeepsItsPlaces() {
        let text = { (value: FieldValue) in value.json.text }
        XCTAssertEqual(text(.amount(500_000, places: 2)), "5000.00")
        XCTAssertEqual(text(.amount(-5, places: 2)), "-0.05")
        XCTAssertEqual(text(.amount(0, places: 2)), "0.00")
        XCTAssertEqual(text(.amount(7, places: 0)), "7")
        XCTAssertEqual(text(.amount(.min, places: 18)), "-9.223372036854775808")
    }

    func testTextsThatLookAlikeAreNotTheSame() throws {
        let composed = "\u{e9}", decomposed = "e\u{301}"
        XCTAssertEqual(composed, decomposed, "to Swift they are equal")
        XCTAssertNotEqual(FieldValue.text(composed), .text(decomposed))
        XCTAssertNil(JSON.of(["\u{e9}": .null])[decomposed])
        XCTAssertEqual(Set([FieldValue.text(composed), .text(decomposed)]).count, 2)
        // They are sealed as they are given.
        let bank = try Bank()
        let values = try [composed, decomposed].map { text in
            let record = try bank.ledger.append(EvidenceRecord("will.drawdown", ["借据号": "JJ20261008000017", "姓名": .text(text)]))
            return try bank.ledger.disclosures(record.sequence).first { $0.name == "subject.name" }?.hex
        }
        XCTAssertNotEqual(values[0], values[1])
        XCTAssertEqual(values[0]?.hasSuffix("c3a9"), true, values[0] ?? "-")
        XCTAssertEqual(values[1]?.hasSuffix("65cc81"), true, values[1] ?? "-")
    }

    func testMoments() {
        let text = { (seconds: Double, offset: Int) in
            FieldValue.time(Date(timeIntervalSince1970: seconds), offsetMinutes: offset).json.text
        }
        XCTAssertEqual(text(0, 0), "1970-01-01T00:00:00.000Z")
        XCTAssertEqual(text(951_782_400.25, 480), "2000-02-29T08:00:00.250+08:00")
        XCTAssertEqual(text(-0.001, 0), "1969-12-31T23:59:59.999Z")
        XCTAssertEqual(text(1_791_475_200, -210), "2026-10-08T12:30:00.000-03:30")
    }

    func testWhatIsPrintedHoldsNoValue() throws {
        let bank = try Bank()
        let record = Bank.drawdown()
        let appended = try bank.ledger.append(record)
        let shown = try bank.ledger.disclosures(appended.sequence)
        for text in ["\(record)", "\(bank.key)", "\(bank.ledger)", "\(shown)", "\(try bank.ledger.begin())"] {
            XCTAssertFalse(text.contains("苏示例"), text)
            XCTAssertFalse(text.contains("13900001234"), text)
        }
    }

    func testPartsOfReplies() throws {
        XCTAssertEqual(try YinzhengLibrary.part(of: #"{"a":[{"b":"借"}]}"#, at: "/a/0/b"), "借")
        refused(.notFound) { try YinzhengLibrary.part(of: "{}", at: "/a") }
        refused(.invalidArgument) { try YinzhengLibrary.part(of: "{", at: "/a") }
        XCTAssertNoThrow(try JSON(parsing: YinzhengLibrary.versionJSON()))
        XCTAssertNoThrow(try JSON(parsing: YinzhengLibrary.limitsJSON()))
        XCTAssertNoThrow(try JSON(parsing: Profile.listJSON()))
    }

    func testWordsOfTheLibrary() throws {
        for custody in Custody.allCases {
            let key = try SoftwareKey(.p256)
            let terms = LedgerCreation(hash: .sha256, key: key.publicKey, custody: custody, organisation: "示例银行")
            XCTAssertNoThrow(try Ledger(inMemory: terms, vaultKey: Data(count: 32)), custody.rawValue)
        }
        for suite in VaultSuite.allCases { XCTAssertEqual(try YinzhengLibrary.newVaultKey(suite).count, suite == .sm4Gcm ? 16 : 32) }
        for role in Role.allCases {
            let key = try SoftwareKey(.p256)
            let record = try DetachedRecord(first: EvidenceRecord("generic", ["标题": "一条"]))
            XCTAssertNoThrow(try Statements.over(record: record.entry, terms: SignerTerms(key: key.publicKey, role: role)), role.rawValue)
        }
        for tier in ClockTier.allCases {
            var record = EvidenceRecord("generic", ["标题": "一条"])
            record.time = TimeClaim(Date(), tier: tier)
            XCTAssertNoThrow(try DetachedRecord(first: record), tier.rawValue)
        }
        for relation in Relation.allCases {
            var record = EvidenceRecord("generic", ["标题": "一条"])
            record.citations = [Citation(relation, "sha256:" + String(repeating: "ab", count: 32))]
            XCTAssertNoThrow(try DetachedRecord(first: record), relation.rawValue)
        }
    }

    func testTimesAndAmountsFarOutsideNeverEndTheProcess() throws {
        let bank = try Bank()
        func noticed(_ name: String, _ value: FieldValue) throws {
            let said = try bank.ledger.append(EvidenceRecord("will.drawdown", businessId: nil, dossier: nil, messageJSON: "{\"\(name)\":\(value.json.string)}"))
            XCTAssertEqual(said.findings.count, 1, value.json.string)
        }
        for (seconds, offset) in [(1e300, 0), (-1e300, 0), (9e11, 0), (1e300, 480), (0, Int.max), (0, Int.min), (.nan, 0),
                                  (-.infinity, Int.max)] {
            try noticed("点击借据确认时间", .time(Date(timeIntervalSince1970: seconds), offsetMinutes: offset))
        }
        for places in [Int.max, Int.min, -1, 19] { try noticed("借款金额", .amount(500_000, places: places)) }
        XCTAssertEqual(FieldValue.amount(5, places: 18).json, .text("0.000000000000000005"))
        XCTAssertEqual(FieldValue.amount(.min, places: 0).json, .text("-9223372036854775808"))
        XCTAssertEqual(FieldValue.date(year: .min, month: .max, day: 0).json, .text("\(Int.min)-\(Int.max)-00"))
    }

    func testWhatATimeRestsOnIsNamedAsTheLibraryNamesIt() throws {
        let bank = try Bank()
        let digest = "sha256:" + String(repeating: "ab", count: 32)
        for (kind, code) in [("signed-nonce", nil), ("block", nil), ("token", nil), ("nonce", ErrorCode.unknownName)] {
            var record = EvidenceRecord("generic", ["标题": "一条"])
            record.time = TimeClaim(Date())
            record.time?.notBefore = (kind, digest)
            if let code { refused(code) { try bank.ledger.append(record) } } else { try bank.ledger.append(record) }
        }
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/Yinzheng/TimeClaim.swift")
        XCTAssertTrue(try String(contentsOf: source, encoding: .utf8).contains("(`signed-nonce`, `block`, `token`)"), "what its page says")
    }
}
