import Foundation
import XCTest
@testable import Yinzheng

/// The message says which error, what it means and what to do, in both languages, and no value of a field.
func readError(_ error: YinzhengError, file: StaticString = #filePath, line: UInt = #line) throws {
    XCTAssertTrue(error.message.hasPrefix("[\(error.number)] \(error.summary(.en))"), error.message, file: file, line: line)
    XCTAssertTrue(error.message.hasSuffix(". \(error.advice(.en))"), error.message, file: file, line: line)
    XCTAssertFalse(error.summary(.zh).isEmpty, file: file, line: line)
    XCTAssertNotEqual(error.advice(.en), error.advice(.zh), file: file, line: line)
    XCTAssertEqual(error.code?.rawValue, error.number, file: file, line: line)
    for secret in ["13900001234", "6222020000001234567", "correct horse"] {
        XCTAssertFalse(error.message.contains(secret), "a value in a message", file: file, line: line)
    }
}

/// A call that must fail like this.
func refused<T>(_ code: ErrorCode, file: StaticString = #filePath, line: UInt = #line, _ call: () throws -> T) {
    do {
        _ = try call()
        XCTFail("this must be refused with \(code)", file: file, line: line)
    } catch let error as YinzhengError {
        XCTAssertEqual(error.code, code, error.message, file: file, line: line)
        XCTAssertNoThrow(try readError(error, file: file, line: line), file: file, line: line)
    } catch {
        XCTFail("another kind of error: \(error)", file: file, line: line)
    }
}

/// The same for calls that wait.
func refused<T>(_ code: ErrorCode, file: StaticString = #filePath, line: UInt = #line, _ call: () async throws -> T) async {
    var caught: (any Error)?
    do { _ = try await call() } catch { caught = error }
    refused(code, file: file, line: line) { if let caught { throw caught } }
}

/// A folder that is gone after the test.
func folder(_ test: XCTestCase) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("yinzheng-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    test.addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
    return folder
}

/// A bank with a ledger, in a file or in memory.
struct Bank {
    let key: SoftwareKey
    let vaultKey: Data
    let ledger: Ledger

    init(at file: URL? = nil, algorithm: SignatureAlgorithm = .p256) throws {
        key = try SoftwareKey(algorithm)
        vaultKey = try YinzhengLibrary.newVaultKey(.aes256Gcm)
        let terms = LedgerCreation(hash: algorithm == .sm2 ? .sm3 : .sha256, key: key.publicKey, custody: .software, organisation: "示例银行")
        if let file {
            ledger = try Ledger(creating: terms, at: file, vaultKey: vaultKey)
        } else {
            ledger = try Ledger(inMemory: terms, vaultKey: vaultKey)
        }
    }

    static func drawdown(_ id: String? = "JJ-2026-001") -> EvidenceRecord {
        EvidenceRecord("will.drawdown", businessId: id, [
            "借据号": "JJ20261008000017", "借款金额": .amount(500_000, places: 2), "姓名": "苏示例", "手机号": "13900001234",
            "点击借据确认时间": .time(Date(timeIntervalSince1970: 1_791_475_200), offsetMinutes: 480),
        ])
    }

    /// Begins, signs and commits, without waiting.
    @discardableResult
    func seal() throws -> Sealed { try ledger.commit(key.sign(ledger.begin())) }
}
