import Foundation
import XCTest
@testable import Yinzheng
@testable import YinzhengDevice
import YinzhengShieldSimulator

/// Kills, races, and things that are gone around a phone's ledger: nothing is lost silently, and nothing ends the app for ever.
final class PhoneFaultsTests: XCTestCase {
    /// A file with the tables of a ledger and nothing in them: what a kill in the middle of making it leaves.
    private func tablesOnly(_ file: URL) throws {
        let key = try SoftwareKey(.p256)
        let terms = LedgerCreation(hash: .sha256, key: key.publicKey, custody: .software, organisation: String(repeating: "x", count: 300))
        XCTAssertThrowsError(try Ledger(creating: terms, at: file, vaultKey: YinzhengLibrary.newVaultKey(.aes256Gcm)))
        XCTAssertGreaterThan(try Data(contentsOf: file).count, 0)
    }

    func testKilledWhileItWasMadeItIsMadeAgainUnderTheKeyThatIsThere() async throws {
        for tables in [false, true] {
            for keyed in [false, true] {
                let phone = Phone(self)
                try PhoneStore.prepare(phone.folder)
                if tables { try tablesOnly(phone.parts.file) } else { try Data().write(to: phone.parts.file) }
                let key = keyed ? try HardwareSigner.make(.ledger, in: phone.keys).publicKey : nil
                if keyed { try phone.keychain.write("vault", YinzhengLibrary.newVaultKey(.aes256Gcm)) }
                try await phone.works()
                let now = try HardwareSigner(.ledger, in: phone.keys).publicKey
                if let key { XCTAssertEqual(now, key, "another key was made") }
            }
        }
    }

    func testKilledWhileItWasMadeAnewItGoesOnAgain() async throws {
        let phone = Phone(self)
        try await phone.works()
        try FileManager.default.removeItem(at: phone.folder)
        try PhoneStore.prepare(phone.folder)
        try tablesOnly(phone.parts.file)
        // The mirror knows a ledger, so this is none that may be made in silence.
        await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
        // Killed once more, before its first block is signed: the mirror still knows the ledger before.
        phone.keys.fail(with: .locked)
        await refused(.signerLocked) { try await PhoneLedger.goOn(phone.parts) }
        try await phone.works()
    }

    func testAFileThatIsNoLedgerIsLeftAsItIs() async throws {
        let phone = Phone(self)
        try PhoneStore.prepare(phone.folder)
        let other = Data(repeating: 65, count: 5000)
        try other.write(to: phone.parts.file)
        do {
            _ = try await PhoneLedger.open(phone.parts)
            XCTFail("it must be refused")
        } catch is YinzhengError {}
        XCTAssertEqual(try Data(contentsOf: phone.parts.file), other)
    }

    func testSealingLeavesNothingUnsealed() async throws {
        let phone = Phone(self)
        let opened = try await PhoneLedger.open(phone.parts)
        try opened.ledger.append(Phone.record)
        let begun = try opened.ledger.begin()
        let newest = try opened.ledger.append(Phone.record)
        let sealed = try await opened.seal()
        XCTAssertNotEqual(begun.info["height"]?.integer, sealed.height, "the block that waited does not hold the newest record")
        XCTAssertEqual(try opened.ledger.status().unsealed, 0)
        XCTAssertEqual(try SecretHeadMirror(phone.keychain).read(), try opened.ledger.head())
        let verdict = try Verifier.verify(opened.ledger.prove(.dossier(newest.dossier)))
        XCTAssertEqual(verdict.records.map(\.sealed), [.proven])
        let again = try await opened.seal()
        XCTAssertEqual(again, sealed, "nothing waits, and a block was made")
        opened.close()
        let reopened = try await PhoneLedger.open(phone.parts)
        await refused(.nothingToSeal) { try await reopened.seal() }
        reopened.close()
    }

    func testWhatWasAppendedBeforeAKillIsSealedAtTheNextStart() async throws {
        let phone = Phone(self)
        let first = try await PhoneLedger.open(phone.parts)
        let customer = try HardwareSigner.make(.customer, in: phone.keys)
        try await first.ledger.appendSigned(Phone.record, by: customer, as: .customer)
        // Killed between appending and sealing.
        first.close()
        let second = try await PhoneLedger.open(phone.parts)
        let sealed = try await second.recover()
        XCTAssertEqual(sealed?.height, 1)
        XCTAssertEqual(try second.ledger.status().unsealed, 0)
        XCTAssertEqual(try SecretHeadMirror(phone.keychain).read(), try second.ledger.head())
        // Killed while the customer was asked: the record waits, for whoever asks for it.
        let held = try second.ledger.holdForSignature(Phone.record, terms: SignerTerms(key: customer.publicKey, role: .customer))
        second.close()
        let third = try await PhoneLedger.open(phone.parts)
        try await third.recover()
        XCTAssertEqual(try third.ledger.held().map(\.id), [held.id])
        third.close()
    }

    func testManyFirstStartsAtOnceMakeOneLedger() async throws {
        for _ in 0..<8 {
            let phone = Phone(self)
            let opened = await withTaskGroup(of: PhoneLedger?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do {
                            return try await PhoneLedger.open(phone.parts)
                        } catch {
                            XCTAssertEqual((error as? YinzhengError)?.code, .locked, "\(error)")
                            return nil
                        }
                    }
                }
                return await group.reduce(into: [PhoneLedger]()) { if let one = $1 { $0.append(one) } }
            }
            XCTAssertEqual(opened.count, 1)
            opened.forEach { $0.close() }
            try await phone.works()
        }
    }

    func testAnotherKeyThanTheLedgersIsFoundBeforeAnythingIsAppended() async throws {
        let phone = Phone(self)
        try await phone.works()
        let entries = try status(phone).entries
        _ = try HardwareSigner.make(.ledger, in: phone.keys)
        await refused(.signerKeyGone) { try await PhoneLedger.open(phone.parts) }
        XCTAssertEqual(try status(phone).entries, entries)
    }

    private func status(_ phone: Phone) throws -> LedgerStatus {
        let ledger = try Ledger(opening: phone.parts.file, readOnly: true)
        defer { ledger.close() }
        return try ledger.status()
    }

    func testAMirrorThatIsGoneIsFound() async throws {
        let phone = Phone(self)
        try await phone.works()
        var parts = phone.parts
        let empty = MemorySecretStore()
        parts.mirror = SecretHeadMirror(empty)
        await refused(.headMismatch) { try await PhoneLedger.open(parts) }
        XCTAssertNil(try SecretHeadMirror(empty).read(), "nothing is mirrored of what nobody knows")
    }

    func testTheFirstBlockIsSealedAndMirroredBeforeAnythingGoesIn() async throws {
        let phone = Phone(self)
        phone.keys.fail(with: .locked)
        await refused(.signerLocked) { try await PhoneLedger.open(phone.parts) }
        XCTAssertNil(try SecretHeadMirror(phone.keychain).read())
        let first = try await PhoneLedger.open(phone.parts)
        XCTAssertEqual(try SecretHeadMirror(phone.keychain).read()?.height, 0)
        first.close()
        // Killed between the first block and its mirror: it catches up.
        var parts = phone.parts
        parts.mirror = SecretHeadMirror(MemorySecretStore())
        let second = try await PhoneLedger.open(parts)
        XCTAssertEqual(try parts.mirror.read()?.height, 0)
        second.close()
        // The store is gone, and the keys know of it even where the mirror does not.
        try FileManager.default.removeItem(at: phone.folder)
        parts.mirror = SecretHeadMirror(MemorySecretStore())
        await refused(.headMismatch) { try await PhoneLedger.open(parts) }
        let key = try HardwareSigner(.ledger, in: phone.keys).publicKey
        parts.secrets = MemorySecretStore()
        await refused(.headMismatch) { try await PhoneLedger.open(parts) }
        XCTAssertEqual(try HardwareSigner(.ledger, in: phone.keys).publicKey, key, "the key was replaced")
    }

    func testTheSystemsNumbersAreReadInTheirDomain() {
        let security = "NSOSStatusErrorDomain", authentication = "com.apple.LocalAuthentication", token = "CryptoTokenKit"
        let expected: [(String, Int, ErrorCode)] = [
            // The customer's no, in each domain; the same number elsewhere is something else.
            (authentication, -2, .signerDeclined), (security, -128, .signerDeclined), (token, -4, .signerDeclined),
            (security, -4, .signerLocked), (authentication, -4, .signerTimedOut), (authentication, -9, .signerTimedOut),
            // What may come back proves no loss.
            (authentication, -5, .signerLocked), (authentication, -6, .signerLocked), (authentication, -7, .signerLocked),
            (authentication, -8, .signerLocked), (security, -25308, .signerLocked), (token, -5, .signerLocked),
            // Loss.
            (security, -25300, .signerKeyGone), (token, -6, .signerKeyGone),
            // Nobody said anything: never the customer's no, and no loss.
            (authentication, -10, .signerTimedOut), (token, -3, .signerTimedOut), (security, -67712, .signerTimedOut),
            ("", -2, .signerTimedOut), ("Security", 0, .signerTimedOut), (authentication, -128, .signerTimedOut),
        ]
        for (domain, code, error) in expected {
            XCTAssertEqual(SystemFault.fault(domain, code).error.code, error, "\(domain) \(code)")
        }
        XCTAssertEqual(ShieldFault.broken("a driver's words").error.code, .signerTimedOut)
    }

    func testTwoLedgersOfOneAppKeepTheirKeysApart() async throws {
        let phone = Phone(self)
        var ids: Set<String> = []
        for _ in 0..<2 {
            for name in [nil, "second"] {
                let folder = name.map { phone.folder.appendingPathComponent($0) } ?? phone.folder
                let parts = PhoneLedger.Parts(folder: folder, keys: phone.keys, secrets: phone.keychain, organisation: "示例", name: name)
                let opened = try await PhoneLedger.open(parts)
                try opened.ledger.append(Phone.record)
                try await opened.seal()
                XCTAssertEqual(try parts.mirror.read(), try opened.ledger.head())
                ids.insert(try opened.ledger.head().ledgerId)
                opened.close()
            }
        }
        XCTAssertEqual(ids.count, 2)
    }
}
