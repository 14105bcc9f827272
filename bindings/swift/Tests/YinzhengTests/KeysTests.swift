import Foundation
import XCTest
@testable import Yinzheng

/// Keys of parties, what bytes say that wait for a signature, and what is too long for the boundary.
final class KeysTests: XCTestCase {
    private func enrol(_ bank: Bank, _ key: SoftwareKey, _ role: KeyRole = .customer, after previous: String? = nil) throws -> String {
        let keys = bank.ledger.keys
        let draft = try previous.map { try keys.replace(role, previous: $0, by: key.publicKey, custody: .software, effective: Date()) }
            ?? keys.enrol(role, key.publicKey, custody: .software, effective: Date())
        XCTAssertEqual(try draft.toSign.content().what, .possession)
        return try keys.finish(draft.bytes, signature: key.sign(draft.toSign))
    }

    func testKeysOfPartiesAreListedAndALostKidIsFound() throws {
        let bank = try Bank()
        XCTAssertEqual(try bank.ledger.keys.parties(), [])
        let first = try SoftwareKey(.p256), second = try SoftwareKey(.sm2), device = try SoftwareKey(.ed25519)
        XCTAssertNil(try bank.ledger.keys.party(first.publicKey))
        let kid = try enrol(bank, first)
        XCTAssertEqual(try bank.ledger.keys.party(first.publicKey)?.kid, kid, "before it is sealed")
        XCTAssertNil(try bank.ledger.keys.party(first.publicKey)?.height)
        try bank.seal()
        XCTAssertEqual(try bank.ledger.keys.party(first.publicKey)?.height, 0)
        // As the host knows it, in whatever form.
        XCTAssertEqual(try bank.ledger.keys.party(VerifyKey(spki: first.publicKey.spki()))?.kid, kid)
        let next = try enrol(bank, second, after: kid), other = try enrol(bank, device, .device)
        XCTAssertNil(try bank.ledger.keys.party(first.publicKey), "another one is in its place")
        try bank.ledger.keys.revoke(.device, kid: other, reason: .lost, effective: Date())
        XCTAssertNil(try bank.ledger.keys.party(device.publicKey), "it was revoked")
        let all = try bank.ledger.keys.parties()
        XCTAssertEqual(all.map(\.kid), [kid, next, other])
        XCTAssertEqual(all.map(\.role), [.customer, .customer, .device])
        XCTAssertEqual(all.map { $0.endedBy != nil }, [true, false, true])
        XCTAssertEqual(all.map(\.custody), ["software", "software", "software"])
        // Enrolled again after its end: the newer entry counts.
        let again = try enrol(bank, device, .device)
        XCTAssertEqual(try bank.ledger.keys.party(device.publicKey)?.kid, again)
        bank.ledger.close()
        refused(.invalidHandle) { try bank.ledger.keys.parties() }
    }

    func testBytesSayWhatTheyAre() throws {
        let bank = try Bank(), key = try SoftwareKey(.sm2)
        XCTAssertEqual(try bank.ledger.begin().content().what, .block)
        let shown = "sm3:" + String(repeating: "ab", count: 32)
        let terms = SignerTerms(key: key.publicKey, role: .customer, displayed: shown)
        let held = try bank.ledger.holdForSignature(Bank.drawdown(), terms: terms)
        let content = try held.toSign.content(for: key.publicKey)
        XCTAssertEqual(content.what, .statement)
        XCTAssertEqual(content.displayed, shown)
        XCTAssertEqual(content.recordDigest, held.digest)
        XCTAssertEqual(content.digest, held.toSign.digest)
        XCTAssertNil(try held.toSign.content().digest, "whose digest, was not said")
        refused(.algorithmMismatch) { try held.toSign.content(for: SoftwareKey(.p256).publicKey) }
        for bad in [Data(), Data([0xa0]), held.toSign.bytes.dropLast(), held.toSign.bytes + [0], Data("any bytes".utf8)] {
            XCTAssertThrowsError(try ToSign(stored: Data(bad), infoJSON: held.toSign.infoJSON).content()) { XCTAssertTrue($0 is YinzhengError) }
        }
    }

    func testTheModuleCanBeNamed() {
        // Where a type is called as its module is, nothing in the module can be called by both names.
        XCTAssertEqual(Yinzheng.ErrorCode.locked.rawValue, 602)
    }

    func testWhatIsTooLongForTheBoundaryIsRefusedBeforeIt() throws {
        let long = Data(count: inputBytes + 1)
        let bank = try Bank()
        refused(.limitExceeded) { try bank.ledger.append(entry: long) }
        refused(.limitExceeded) { try bank.ledger.commit(long) }
        refused(.limitExceeded) { try bank.ledger.jsonDoor.append(long) }
        refused(.limitExceeded) { try bank.key.sign(message: long) }
        refused(.limitExceeded) { try Checks.signature(bank.key.publicKey, message: long, signature: long) }
        refused(.limitExceeded) { try Sealer(head: long) }
        refused(.limitExceeded) { try Profile(file: long) }
    }

    /// Every bytes that a call of the generated module is given go through `fit`: there a length beyond 31 bits would end the app.
    func testEveryCallMeasuresItsBytes() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let generated = try String(contentsOf: root.appendingPathComponent("generated/YinzhengGenerated/YinzhengGenerated.swift"), encoding: .utf8)
        var labels: [String: [String]] = [:]
        for line in generated.components(separatedBy: "\n") where line.hasPrefix("public func ") {
            let said = line.dropFirst("public func ".count)
            guard let open = said.firstIndex(of: "("), let close = said.firstIndex(of: ")") else { continue }
            let bytes = said[said.index(after: open)..<close].components(separatedBy: ", ").filter { $0.hasSuffix(": Data") }
            labels[String(said[..<open])] = bytes.map { String($0.dropLast(": Data".count)) }
        }
        XCTAssertGreaterThan(labels.count, 70)
        let folder = root.appendingPathComponent("Sources/Yinzheng")
        var sources = ""
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
            sources += try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        }
        var measured = 0
        for (name, bytes) in labels where !bytes.isEmpty {
            for call in sources.components(separatedBy: "try " + name + "(").dropFirst()
                + sources.components(separatedBy: "YinzhengGenerated." + name + "(").dropFirst() {
                // Up to the bracket that closes the call.
                var depth = 1
                let inside = call.prefix { character in
                    depth += character == "(" ? 1 : character == ")" ? -1 : 0
                    return depth > 0
                }
                for label in bytes {
                    let given = inside.components(separatedBy: label + ": ").dropFirst().first ?? ""
                    XCTAssertTrue(given.prefix { $0 != "," && $0 != "\n" }.hasSuffix(".fit"), "\(name), \(label)")
                    measured += 1
                }
            }
        }
        XCTAssertGreaterThan(measured, 120)
    }
}
