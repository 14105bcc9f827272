import Foundation
import XCTest
import LoanFlow
@testable import Yinzheng
import YinzhengDevice
import YinzhengShieldSimulator

/// The example's flow: what is read, agreed, signed, sealed and carried away.
final class LoanFlowTests: XCTestCase {
    private let document = Reading.Document(title: "个人信用借款合同", version: "2026.09", bytes: Data("合同（示例）".utf8), pages: 3)
    private let customer = CustomerSide.Customer(name: "苏示例", mobile: "13900000001", agreementNumber: "SF-2026-1008-000017")
    private let facts = CustomerSide.Phone(model: "示例手机 S1", system: "ExampleOS 6.0", appVersion: "8.2.1", cleanCheck: "系统权限被破解")
    private let start = Date(timeIntervalSince1970: 1_791_475_200)

    func testNobodyAgreesUnread() throws {
        var reading = Reading(document, shownAt: start)
        reading.scrolled(to: 0.99, at: start.addingTimeInterval(5))
        XCTAssertThrowsError(try reading.agree(at: start.addingTimeInterval(60))) { XCTAssertEqual($0 as? Reading.NotYet, .unread) }
        reading.scrolled(to: .nan, at: start)
        reading.scrolled(to: 7, at: start.addingTimeInterval(6))
        XCTAssertThrowsError(try reading.agree(at: start.addingTimeInterval(7))) { XCTAssertEqual($0 as? Reading.NotYet, .tooSoon(3)) }
        XCTAssertThrowsError(try reading.agree(at: start.addingTimeInterval(-1))) { XCTAssertEqual($0 as? Reading.NotYet, .clockWentBack) }
        XCTAssertNil(reading.agreedAt)
        try reading.agree(at: start.addingTimeInterval(61.9))
        XCTAssertEqual(reading.seconds, 61)
        XCTAssertEqual(reading.endReachedAt, start.addingTimeInterval(6))
        XCTAssertEqual(reading.scrolls, 2)
    }

    func testTheCustomersSide() async throws {
        let phone = Phone(self)
        var parts = phone.parts
        parts.environment = facts.environment
        var side = CustomerSide(try await PhoneLedger.open(parts), facts: facts)
        var reading = Reading(document, shownAt: start)
        XCTAssertThrowsError(try side.record(reading, by: customer), "nothing was agreed to")
        reading.scrolled(to: 1, at: start.addingTimeInterval(400))
        try reading.agree(at: start.addingTimeInterval(612))
        let signer = try HardwareSigner.make(.customer, in: phone.keys)
        let kid = try await side.enrol(signer, custody: signer.custody, at: start)
        // Killed before the kid was kept: nobody is asked, and nothing is enrolled twice.
        phone.keys.fail(with: .cancelled)
        let again = try await side.enrol(signer, custody: signer.custody, at: start.addingTimeInterval(9))
        XCTAssertEqual(again, kid)
        let draft = try side.phone.ledger.keys.enrol(.customer, signer.publicKey, custody: signer.custody, effective: start)
        await refused(.signerDeclined) { try await signer.sign(draft.toSign) }
        // Cancelled first, killed while asked then, signed at last: one record, and another's that waits goes on waiting.
        let other = try SoftwareKey(.p256)
        let others = try side.phone.ledger.holdForSignature(Phone.record, terms: SignerTerms(key: other.publicKey, role: .guarantor))
        phone.keys.fail(with: .cancelled)
        await refused(.signerDeclined) { try await side.sign(reading, by: self.customer, with: signer, kid: kid) }
        XCTAssertEqual(try side.phone.ledger.held().count, 2)
        side.phone.close()
        side = CustomerSide(try await PhoneLedger.open(parts), facts: facts)
        let signed = try await side.sign(reading, by: customer, with: signer, kid: kid)
        XCTAssertEqual(try side.phone.ledger.held().map(\.id), [others.id])
        try await side.phone.seal()

        let proof = try side.phone.ledger.prove(.dossier(signed.preservationNumber).showingAll())
        let verdict = try Verifier.verify(proof)
        XCTAssertFalse(verdict.contradicted, verdict.lines(.contradicted).map(\.json).joined())
        let record = try XCTUnwrap(verdict.records.first)
        XCTAssertEqual(record.grade, .countersignedByParty)
        let values = record.values(.zh)
        XCTAssertEqual(values["doc.read_seconds"]?.hasPrefix("612"), true, values["doc.read_seconds"] ?? "-")
        XCTAssertEqual(values["doc.read_to_end"]?.isEmpty, false)
        XCTAssertEqual(values["env.clean_check"]?.contains("系统权限被破解"), true, "a sign of a jailbreak is recorded, not judged")
        XCTAssertTrue(verdict.json.contains(try TwinDigest(of: document.bytes).sha256), "what was shown is sealed")

        // On a shield: what it shows is sealed as displayed, and the text that was read is in the record.
        let shield = try ShieldSimulator(input: .digest, output: .der)
        let shown = try ShieldSigner(shield, key: shield.publicKey, showing: "签署《个人信用借款合同》，是否确认？")
        let enrolment = try ShieldEnrolment(shield, key: shield.publicKey)
        let shieldKid = try await side.enrol(enrolment, custody: .shield, at: start)
        let next = CustomerSide.Customer(name: customer.name, mobile: customer.mobile, agreementNumber: "SF-2026-1008-000018")
        let onShield = try await side.sign(reading, by: next, with: shown, kid: shieldKid)
        try await side.phone.seal()
        let second = try Verifier.verify(side.phone.ledger.prove(.dossier(onShield.preservationNumber)))
        XCTAssertEqual(second.records.first?.grade, .countersignedByParty)
        XCTAssertTrue(second.json.contains(try TwinDigest(of: Data(shown.text.utf8)).sm3), "what the shield showed is sealed")

        let bundle = try side.syncBundle()
        XCTAssertFalse(try Verifier.verify(bundle: bundle).contradicted)
        for name in [customer.name, customer.mobile, customer.agreementNumber] {
            XCTAssertNil(bundle.range(of: Data(name.utf8)), "a bundle for nodes holds no value")
        }
        side.phone.close()
    }
}
