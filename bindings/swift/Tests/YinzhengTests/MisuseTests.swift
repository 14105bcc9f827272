import Foundation
import XCTest
@testable import Yinzheng

/// What must be refused, and what is then still there.
final class MisuseTests: XCTestCase {
    func testClosedThings() throws {
        let bank = try Bank()
        bank.ledger.close()
        bank.ledger.close()
        refused(.invalidHandle) { try bank.ledger.append(Bank.drawdown()) }
        refused(.invalidHandle) { try bank.ledger.begin() }
        refused(.invalidHandle) { try bank.ledger.status() }
        refused(.invalidHandle) { try bank.ledger.keys.list() }
        bank.key.close()
        refused(.invalidHandle) { try bank.key.sign(message: Data()) }
        refused(.invalidHandle) { try bank.key.pkcs8(passphrase: Data("x".utf8)) }
        let profile = try Profile(file: Profile.file("generic"))
        profile.close()
        refused(.invalidHandle) { try profile.describeJSON() }
        refused(.invalidHandle) { try Bank().ledger.append(EvidenceRecord(profile)) }
        let sealer = try Sealer()
        sealer.close()
        refused(.invalidHandle) { try sealer.add(Data()) }
    }

    func testSignaturesThatDoNotFit() async throws {
        let bank = try Bank(), other = try SoftwareKey(.p256)
        refused(.nothingPending) { try bank.ledger.commit(Data(count: 64)) }
        let waiting = try bank.ledger.begin()
        refused(.signatureMismatch) { try bank.ledger.commit(other.sign(waiting)) }
        refused(.invalidSignature) { try bank.ledger.commit(Data(count: 63)) }
        refused(.invalidSignature) { try bank.ledger.commit(Data()) }
        await refused(.signatureMismatch) { try await bank.ledger.seal(by: other) }
        XCTAssertEqual(try bank.ledger.pending(), waiting, "it goes on waiting")
        try bank.ledger.commit(bank.key.sign(waiting))
        refused(.nothingPending) { try bank.ledger.commit(bank.key.sign(waiting)) }
        refused(.nothingToSeal) { try bank.ledger.begin() }
    }

    private struct Unwilling: Signer {
        let publicKey: VerifyKey
        let code: ErrorCode
        func sign(_ toSign: ToSign) async throws -> Data { throw YinzhengError(code, "a test") }
    }

    func testASignerThatSaysNoLeavesEverythingWaiting() async throws {
        let bank = try Bank()
        for code in [ErrorCode.signerDeclined, .signerTimedOut, .signerLocked, .signerKeyGone] {
            await refused(code) { try await bank.ledger.seal(by: Unwilling(publicKey: bank.key.publicKey, code: code)) }
        }
        let customer = try SoftwareKey(.p256)
        await refused(.signerDeclined) {
            let no = Unwilling(publicKey: customer.publicKey, code: .signerDeclined)
            return try await bank.ledger.appendSigned(Bank.drawdown(), by: no, as: .customer)
        }
        let held = try XCTUnwrap(try bank.ledger.held().first)
        refused(.signatureMismatch) { try bank.ledger.finishStatement(held.id, signature: bank.key.sign(held.toSign)) }
        refused(.notFound) { try bank.ledger.finishStatement(held.id + 1, signature: Data(count: 64)) }
        refused(.invalidArgument) { try bank.ledger.finishStatement(-1, signature: Data(count: 64)) }
        try bank.ledger.dropStatement(held.id, reason: .declined)
        refused(.notFound) { try bank.ledger.dropStatement(held.id, reason: .declined) }
        XCTAssertEqual(try bank.ledger.held(), [])
    }

    func testStoresThatDoNotFit() throws {
        let folder = try folder(self)
        let file = folder.appendingPathComponent("ledger.db")
        refused(.notALedger) { try Ledger(opening: folder.appendingPathComponent("none.db"), vaultKey: Data(count: 32)) }
        let bank = try Bank(at: file)
        refused(.locked) { try Ledger(opening: file, vaultKey: bank.vaultKey) }
        try bank.ledger.append(Bank.drawdown())
        try bank.seal()
        bank.ledger.close()
        let copy = folder.appendingPathComponent("copy.db")
        try Ledger.backup(from: file, to: copy)
        let ledger = try Ledger(opening: file, vaultKey: bank.vaultKey)
        try ledger.append(Bank.drawdown("JJ-2"))
        try ledger.commit(bank.key.sign(ledger.begin()))
        let newest = try ledger.head()
        ledger.close()
        // The copy is older than the head that was kept: a rollback. The ledger itself is what the head says.
        refused(.headMismatch) { try Ledger(opening: copy, vaultKey: bank.vaultKey, expectedHead: newest) }
        refused(.wrongVaultKey) { try Ledger(opening: file, vaultKey: Data(count: 32)) }
        refused(.invalidKey) { try Ledger(opening: file, vaultKey: Data(count: 7)) }
        let reading = try Ledger(opening: file, vaultKey: bank.vaultKey, expectedHead: newest, readOnly: true)
        refused(.readOnly) { try reading.append(Bank.drawdown("JJ-3")) }
        refused(.invalidArgument) { try Head(json: "{}") }
        refused(.invalidArgument) { try Head(json: "[1") }
        XCTAssertEqual(try Head(json: newest.json), newest)
    }

    func testRecordsThatMustNotBeKept() throws {
        let bank = try Bank()
        refused(.refusedField) { try bank.ledger.append(EvidenceRecord("law.agreement", ["密码": "correct horse"])) }
        refused(.unknownName) { try bank.ledger.append(EvidenceRecord("no.such.profile")) }
        refused(.invalidMessage) { try bank.ledger.append(EvidenceRecord("generic", messageJSON: "{\"标题\":1},\"profile\":\"x\"")) }
        refused(.invalidMessage) { try bank.ledger.append(EvidenceRecord("generic", messageJSON: "[]")) }
        refused(.invalidArgument) { try bank.ledger.disclosures(-1) }
        refused(.invalidNumber) { try bank.ledger.prove(.dossier("D000-0000-0000-0000-0000-0000-0000")) }
        refused(.notFound) { try bank.ledger.prove(.dossier(String(repeating: "0", count: 32))) }
        let record = try bank.ledger.append(Bank.drawdown())
        var superseding = Bank.drawdown("other")
        superseding.supersedes = "sha256:00"
        refused(.invalidArgument) { try bank.ledger.append(superseding) }
        try bank.ledger.privacy.hold([record.sequence], reason: .dispute, reference: "案号")
        refused(.onHold) {
            try bank.ledger.privacy.erase(records: [record.sequence], reason: .personsRequest, reference: "申请")
        }
    }

    func testKeysAndPolicies() throws {
        refused(.invalidKey) { try VerifyKey(raw: Data(count: 65), algorithm: .p256).describe() }
        refused(.invalidKey) { try VerifyKey(pem: "-----BEGIN").algorithm() }
        refused(.keyFile) { try SoftwareKey(pkcs8: "nothing", passphrase: Data()) }
        refused(.unsupportedAlgorithm) { try SoftwareKey(.ed25519).sign(digest: Data(count: 32)) }
        refused(.invalidPolicy) { try Verifier.verify(Data(), policy: Policy(json: "[]")) }
        refused(.invalidArgument) { try ToSign(stored: Data(), infoJSON: "{\"key\":{}}") }
        XCTAssertTrue(try Verifier.verify(Data("no proof".utf8)).unreadable, "what is found is data, not an error")
        XCTAssertThrowsError(try Data(hex: "0")) { XCTAssertEqual(($0 as? YinzhengError)?.code, .invalidArgument) }
        XCTAssertThrowsError(try Data(hex: "0G")) { XCTAssertEqual(($0 as? YinzhengError)?.code, .invalidArgument) }
    }

    func testJSONThatIsNone() throws {
        for text in ["", "{", "{\"a\"}", "[1,]", "01", "-", "1.", "1e", "\"\\x\"", "\"\\ud800\"", "\"a", "tru", "{} {}", "\"\u{1}\"",
                     String(repeating: "[", count: 70)] {
            XCTAssertThrowsError(try JSON(parsing: text), text)
        }
        XCTAssertThrowsError(try JSON(Data([0x22, 0xff, 0x22])))
        let json = try JSON(parsing: "{\"a\":[1,-0,2.50,1e3,true,null,\"\\u501f\\ud83d\\ude00\\n\"],\"b\":9223372036854775807}")
        XCTAssertEqual(json["a"]?.items?[6].text, "借😀\n")
        XCTAssertEqual(json["b"]?.integer, .max)
        XCTAssertEqual(try JSON(parsing: json.string), json)
        XCTAssertEqual(json["a"]?.items?[2], .number("2.50"))
    }
}

/// How hosts catch. With typed throws, compilers of Swift 6.0 fail on some of these.
final class CatchingTests: XCTestCase {
    func testEveryFormOfCatching() async throws {
        let bank = try Bank()
        var caught: [ErrorCode?] = []
        do { try bank.ledger.commit(Data()) } catch { caught.append((error as? YinzhengError)?.code) }
        do { try bank.ledger.commit(Data()) } catch let error as YinzhengError where [.nothingPending].contains(error.code) {
            caught.append(error.code)
        }
        do {
            try bank.ledger.commit(Data())
            try await bank.ledger.seal(by: bank.key)
        } catch let error as YinzhengError where error.code == .nothingPending {
            caught.append(error.code)
        }
        try await bank.ledger.seal(by: bank.key)
        do { try await bank.ledger.seal(by: bank.key) } catch let error as YinzhengError { caught.append(error.code) }
        XCTAssertEqual(caught, [.nothingPending, .nothingPending, .nothingPending, .nothingToSeal])
    }
}
