import Foundation
import XCTest
@testable import Yinzheng
@testable import YinzhengDevice
import YinzhengShieldSimulator

/// The flow around hardware key, Keychain and store: restarts, reinstallation, restored stores, lost keys.
final class PhoneLedgerTests: XCTestCase {
    func testItGoesOnAfterARestart() async throws {
        let phone = Phone(self)
        let first = try await PhoneLedger.open(phone.parts)
        try first.ledger.append(Phone.record)
        let begun = try first.ledger.begin()
        first.close()
        // Killed between begin and commit, and opened again.
        let second = try await PhoneLedger.open(phone.parts)
        XCTAssertEqual(try second.ledger.pending()?.bytes, begun.bytes)
        let sealed = try await second.recover()
        XCTAssertEqual(sealed?.height, 1)
        XCTAssertEqual(try SecretHeadMirror(phone.keychain).read()?.height, 1)
        let nothing = try await second.recover()
        XCTAssertNil(nothing)
        second.close()
    }

    func testAnotherLedgerInItsPlaceIsFound() async throws {
        let phone = Phone(self)
        let first = try await PhoneLedger.open(phone.parts)
        first.close()
        // Whole, under the same key, and of another beginning.
        try FileManager.default.removeItem(at: phone.folder)
        try PhoneStore.prepare(phone.folder)
        let signer = try HardwareSigner(.ledger, in: phone.keys)
        let terms = LedgerCreation(hash: .sha256, key: signer.publicKey, custody: .software, organisation: "示例数字科技有限公司")
        let vaultKey = try XCTUnwrap(phone.keychain.read("vault"))
        let other = try Ledger(creating: terms, at: phone.folder.appendingPathComponent("ledger.db"), vaultKey: vaultKey)
        try await other.seal(by: signer)
        other.close()
        await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
    }

    func testAMirrorThatIsBehindIsNoFaultAndCatchesUp() async throws {
        let phone = Phone(self)
        let first = try await PhoneLedger.open(phone.parts)
        try first.ledger.append(Phone.record)
        // Killed after commit, before the mirror was written.
        try first.ledger.commit(await first.signer.sign(first.ledger.begin()))
        first.close()
        XCTAssertEqual(try SecretHeadMirror(phone.keychain).read()?.height, 0)
        let second = try await PhoneLedger.open(phone.parts)
        try await second.recover()
        XCTAssertEqual(try SecretHeadMirror(phone.keychain).read()?.height, 1)
        second.close()
    }

    func testReinstalledTheStoreIsGoneAndTheKeychainKnows() async throws {
        let phone = Phone(self)
        let first = try await PhoneLedger.open(phone.parts)
        let before = try first.ledger.head()
        first.close()
        try FileManager.default.removeItem(at: phone.folder)
        await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
        let again = try await PhoneLedger.goOn(phone.parts)
        try again.ledger.append(Phone.record)
        again.close()
        let second = try await PhoneLedger.open(phone.parts)
        XCTAssertEqual(try second.ledger.dossiers(count: 9).count, 1, "what was appended is still there")
        try await second.seal()
        let new = try second.ledger.head()
        XCTAssertNotEqual(new.ledgerId, before.ledgerId)
        // Its genesis says what it goes on from.
        let genesis = try Checks.inspect("entry", second.ledger.jsonDoor.entry(0))
        XCTAssertTrue(genesis.contains(before.blockHash), genesis)
        XCTAssertEqual(try SecretHeadMirror(phone.keychain).read(), new)
        second.close()
        let third = try await PhoneLedger.open(phone.parts)
        third.close()
    }

    func testAStoreThatIsOlderThanTheMirrorIsFound() async throws {
        let phone = Phone(self)
        let first = try await PhoneLedger.open(phone.parts)
        first.close()
        let backup = phone.folder.deletingLastPathComponent().appendingPathComponent("backup")
        try FileManager.default.copyItem(at: phone.folder, to: backup)
        let second = try await PhoneLedger.open(phone.parts)
        try second.ledger.append(Phone.record)
        try await second.seal()
        second.close()
        // Restored from the backup: one block is missing.
        try FileManager.default.removeItem(at: phone.folder)
        try FileManager.default.copyItem(at: backup, to: phone.folder)
        await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
        let third = try await PhoneLedger.goOn(phone.parts)
        third.close()
        // What was left of the old store is kept.
        let there = try FileManager.default.contentsOfDirectory(atPath: phone.folder.deletingLastPathComponent().path)
        XCTAssertTrue(there.contains { $0.hasPrefix("ledger.before-") }, "\(there)")
    }

    func testAMirrorBesideTheStoreGoesBackWithItAndFindsNothing() async throws {
        let phone = Phone(self)
        var parts = phone.parts
        let mirror = FileHeadMirror(phone.folder.appendingPathComponent("head"))
        parts.mirror = mirror
        let first = try await PhoneLedger.open(parts)
        first.close()
        let backup = phone.folder.deletingLastPathComponent().appendingPathComponent("backup")
        try FileManager.default.copyItem(at: phone.folder, to: backup)
        let second = try await PhoneLedger.open(parts)
        try second.ledger.append(Phone.record)
        try await second.seal()
        second.close()
        try FileManager.default.removeItem(at: phone.folder)
        try FileManager.default.copyItem(at: backup, to: phone.folder)
        let third = try await PhoneLedger.open(parts)
        XCTAssertEqual(try third.ledger.head().height, 0, "which is why the mirror belongs into the Keychain")
        third.close()
    }

    func testNothingGoesOnWithoutAMirrorOrItsKeys() async throws {
        let phone = Phone(self)
        await refused(.notFound) { try await PhoneLedger.goOn(phone.parts) }
        let first = try await PhoneLedger.open(phone.parts)
        await refused(.locked) { try await PhoneLedger.open(phone.parts) }
        first.close()
        try phone.keychain.write("vault", Data(count: 32))
        await refused(.wrongVaultKey) { try await PhoneLedger.open(phone.parts) }
        try phone.keys.remove(.ledger)
        await refused(.signerKeyGone) { try await PhoneLedger.open(phone.parts) }
        try phone.keychain.write("head", Data("{}".utf8))
        await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
    }

    func testEveryFaultOfTheHardwareIsToldApart() async throws {
        let phone = Phone(self)
        let ledger = try await PhoneLedger.open(phone.parts)
        let faults: [(HardwareKeyFault, ErrorCode)] = [
            (.cancelled, .signerDeclined), (.keyGone, .signerKeyGone), (.locked, .signerLocked), (.timedOut, .signerTimedOut),
            (.unavailable, .signerLocked), (.other(domain: "x", code: -1), .signerTimedOut),
        ]
        try ledger.ledger.append(Phone.record)
        let begun = try ledger.ledger.begin()
        for (fault, code) in faults {
            phone.keys.fail(with: fault)
            await refused(code) { try await ledger.recover() }
            XCTAssertEqual(try ledger.ledger.pending(), begun, "it goes on waiting")
        }
        try await ledger.recover()
        // The customer's key ends when another finger is enrolled; the ledger does not.
        let customer = try HardwareSigner.make(.customer, in: phone.keys)
        try phone.keys.remove(.customer)
        await refused(.signerKeyGone) { try await ledger.ledger.appendSigned(Phone.record, by: customer, as: .customer) }
        await refused(.signerKeyGone) { try HardwareSigner(.customer, in: phone.keys) }
        let held = try XCTUnwrap(ledger.ledger.held().first)
        try ledger.ledger.dropStatement(held.id, reason: .withdrawn)
        let again = try HardwareSigner.make(.customer, in: phone.keys)
        XCTAssertEqual(again.custody, .software, "it does not claim to be hardware")
        try await ledger.ledger.appendSigned(Phone.record, by: again, as: .customer)
        try await ledger.seal()
        ledger.close()
    }

    func testTheFolderIsForThisUserOnly() throws {
        let phone = Phone(self)
        try PhoneStore.prepare(phone.folder)
        #if os(Linux)
        let mode = try FileManager.default.attributesOfItem(atPath: phone.folder.path)[.posixPermissions] as? NSNumber
        XCTAssertEqual(mode?.intValue, 0o700)
        #endif
    }
}
