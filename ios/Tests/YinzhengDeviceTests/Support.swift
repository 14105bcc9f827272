import Foundation
import XCTest
import Yinzheng
import YinzhengDevice
import YinzhengShieldSimulator

/// A call that must fail like this.
func refused<T>(_ code: ErrorCode, file: StaticString = #filePath, line: UInt = #line, _ call: () async throws -> T) async {
    do {
        _ = try await call()
        XCTFail("this must be refused with \(code)", file: file, line: line)
    } catch let error as YinzhengError {
        XCTAssertEqual(error.code, code, error.message, file: file, line: line)
        XCTAssertFalse(error.message.contains("13900000001"), "a value in a message", file: file, line: line)
    } catch {
        XCTFail("another kind of error: \(error)", file: file, line: line)
    }
}

/// A phone in memory: its hardware and its Keychain outlive the app's folder.
struct Phone {
    let keys = MemoryKeyStore()
    let keychain = MemorySecretStore()
    let folder: URL

    init(_ test: XCTestCase) {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("phone-\(UUID().uuidString)/ledger")
        let above = folder.deletingLastPathComponent()
        test.addTeardownBlock { try? FileManager.default.removeItem(at: above) }
    }

    var parts: PhoneLedger.Parts {
        PhoneLedger.Parts(folder: folder, keys: keys, secrets: keychain, organisation: "示例数字科技有限公司")
    }

    static let record = EvidenceRecord("generic", ["标题": "一条"])

    /// Opens, appends, seals and closes: it works.
    func works(file: StaticString = #filePath, line: UInt = #line) async throws {
        let opened = try await PhoneLedger.open(parts)
        try opened.ledger.append(Phone.record)
        try await opened.seal()
        XCTAssertEqual(try opened.ledger.status().unsealed, 0, file: file, line: line)
        XCTAssertEqual(try SecretHeadMirror(keychain).read(), try opened.ledger.head(), file: file, line: line)
        opened.close()
    }
}
