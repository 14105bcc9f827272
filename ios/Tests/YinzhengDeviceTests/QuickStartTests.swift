import Foundation
import XCTest
import Yinzheng
import YinzhengDevice
import YinzhengShieldSimulator

/// The lines of docs/swift.md, which must be these, compile, and do what the page says.
final class QuickStartTests: XCTestCase {
    func testFromNothingToTheFirstSealedRecord() async throws {
        let phoneInMemory = Phone(self)
        let (folder, keys, keychain) = (phoneInMemory.folder, phoneInMemory.keys, phoneInMemory.keychain)
        let contract = Data("个人信用借款合同（示例）".utf8)
        // begin
        let phone = try await PhoneLedger.open(.init(folder: folder, keys: keys, secrets: keychain, organisation: "示例银行"))
        try await phone.recover()                                         // what waits since the app was killed
        let customer = try HardwareSigner.make(.customer, in: keys)       // the first time, and enrolled; then HardwareSigner(.customer, in: keys)
        let draft = try phone.ledger.keys.enrol(.customer, customer.publicKey, custody: customer.custody, effective: Date())
        let kid = try await phone.ledger.keys.finish(draft.bytes, signature: customer.sign(draft.toSign))   // keep it beside the app's data
        var will = EvidenceRecord("will.signing", businessId: "SF-1", ["合同编号": "SF-2026-0001", "签约确认时间": .time(Date())])
        will.attachments = [try Attachment("文本原件", mediaType: "text/plain", title: "借款合同", bytes: contract)]
        let shown = "sha256:" + (try TwinDigest(of: contract).sha256)     // the exact bytes that the customer saw
        let signed = try await phone.ledger.appendSigned(will, by: customer, as: .customer, kid: kid, displayed: shown)
        try await phone.seal()                                            // blocks, under the ledger's own key; and the head mirrored
        let proof = try phone.ledger.prove(.dossier(signed.preservationNumber).showing(for: .court))
        let verdict = try Verifier.verify(proof)                          // lines with an outcome each, never just "valid"
        // end
        XCTAssertFalse(verdict.contradicted)
        XCTAssertEqual(verdict.records.map(\.sealed), [.proven])
        XCTAssertEqual(verdict.records.map(\.grade), [.countersignedByParty], "the customer's key is known")
        XCTAssertTrue(try page().contains(own()), "docs/swift.md shows other lines than these")
        phone.close()
    }

    private func page() throws -> String {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        return try String(contentsOf: folder.appendingPathComponent("docs/swift.md"), encoding: .utf8)
    }

    private func own() throws -> String {
        let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        let lines = source.components(separatedBy: "\n")
        let begin = try XCTUnwrap(lines.firstIndex(of: "        // begin")), end = try XCTUnwrap(lines.firstIndex(of: "        // end"))
        return lines[begin + 1..<end].map { String($0.dropFirst(8)) }.joined(separator: "\n")
    }
}
