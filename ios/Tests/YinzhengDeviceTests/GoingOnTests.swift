import Foundation
import XCTest
@testable import Yinzheng
@testable import YinzhengDevice
import YinzhengShieldSimulator

/// A phone's ledger that does not open any more goes on in a new one.
final class GoingOnTests: XCTestCase {
    private func says(_ path: String, _ ledger: Ledger) throws -> String {
        try YinzhengLibrary.part(of: Checks.inspect("entry", ledger.jsonDoor.entry(0)), at: path)
    }

    /// Its key is lost, or it went back to a backup, or its mirror is gone: what was never sealed goes along.
    func testWhatWasNeverSealedGoesAlong() async throws {
        for (reason, code) in [(ContinueReason.keyLost, ErrorCode.signerKeyGone), (.restore, .headMismatch)] {
            let phone = Phone(self)
            try await phone.works()
            var parts = phone.parts
            let first = try await PhoneLedger.open(parts)
            // The mirror is one block behind: killed between sealing and mirroring.
            try first.ledger.append(Phone.record)
            try first.ledger.commit(await first.signer.sign(first.ledger.begin()))
            let record = EvidenceRecord("generic", businessId: "B-1", ["标题": "一条"])
            let appended = try first.ledger.append(record)
            let key = try SoftwareKey(.p256)
            let held = try first.ledger.holdForSignature(Phone.record, terms: SignerTerms(key: key.publicKey, role: .customer))
            let before = try first.ledger.head()
            first.close()
            if reason == .keyLost { try phone.keys.remove(.ledger) } else { parts.mirror = SecretHeadMirror(MemorySecretStore()) }
            await refused(code) { try await PhoneLedger.open(parts) }
            // Killed on the way, once before its first block.
            phone.keys.fail(with: .locked)
            await refused(.signerLocked) { try await PhoneLedger.goOn(parts, because: reason) }
            let second = try await PhoneLedger.open(parts)
            XCTAssertEqual(try second.ledger.held().map(\.id), [held.id])
            XCTAssertEqual(try second.ledger.append(record).digest, appended.digest, "the record that was acknowledged")
            XCTAssertEqual(try second.ledger.status().unsealed, 0)
            XCTAssertEqual(try says("/says/continues/reason", second.ledger), reason == .keyLost ? "3" : "2")
            XCTAssertEqual(try says("/says/continues/block_hash", second.ledger), "sha256:" + before.blockHash)
            XCTAssertEqual(try parts.mirror.read(), try second.ledger.head())
            try second.ledger.finishStatement(held.id, signature: key.sign(held.toSign))
            try await second.seal()
            second.close()
            try await PhoneLedger.open(parts).close()
        }
    }

    func testAnOlderStoreGoesOnFromTheLaterHead() async throws {
        let phone = Phone(self)
        let first = try await PhoneLedger.open(phone.parts)
        let appended = try first.ledger.append(Phone.record)
        first.close()
        let backup = phone.folder.deletingLastPathComponent().appendingPathComponent("backup")
        try FileManager.default.copyItem(at: phone.folder, to: backup)
        let second = try await PhoneLedger.open(phone.parts)
        try await second.seal()
        let known = try second.ledger.head()
        second.close()
        try FileManager.default.removeItem(at: phone.folder)
        try FileManager.default.moveItem(at: backup, to: phone.folder)
        await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
        let third = try await PhoneLedger.goOn(phone.parts)
        XCTAssertEqual(try says("/says/continues/block_hash", third.ledger), "sha256:" + known.blockHash)
        XCTAssertEqual(try third.ledger.dossier(appended.dossier).places.count, 1)
        third.close()
    }

    func testGoingOnIsForLedgersThatDoNotOpen() async throws {
        let phone = Phone(self)
        try await phone.works()
        let key = try HardwareSigner(.ledger, in: phone.keys).publicKey
        for reason in ContinueReason.allCases {
            await refused(.invalidArgument) { try await PhoneLedger.goOn(phone.parts, because: reason) }
        }
        let open = try await PhoneLedger.open(phone.parts)
        await refused(.locked) { try await PhoneLedger.goOn(phone.parts) }
        open.close()
        // The hardware does not answer before the first unlock: that passes.
        struct Locked: HardwareKeyStore {
            let store: MemoryKeyStore
            var custody: Custody { store.custody }
            func publicKey(_ key: DeviceKey) throws(HardwareKeyFault) -> Data? { throw .locked }
            func create(_ key: DeviceKey) throws(HardwareKeyFault) -> Data { try store.create(key) }
            func sign(_ message: Data, with key: DeviceKey, presence: (any PresenceContext)?) async throws(HardwareKeyFault) -> Data {
                try await store.sign(message, with: key, presence: presence)
            }
            func remove(_ key: DeviceKey) throws(HardwareKeyFault) { try store.remove(key) }
        }
        var parts = phone.parts
        parts.keys = Locked(store: phone.keys)
        await refused(.signerLocked) { try await PhoneLedger.goOn(parts) }
        XCTAssertEqual(try HardwareSigner(.ledger, in: phone.keys).publicKey, key, "its key was replaced")
        try await phone.works()
    }

    func testKilledWhileTheNewLedgerTookItsPlaceItTakesItAtTheNextStart() async throws {
        let phone = Phone(self)
        try await phone.works()
        try FileManager.default.moveItem(at: phone.folder, to: phone.parts.next)
        try await phone.works()
    }

    func testAKeychainItemThatIsNoVaultKeyIsGoneOnFrom() async throws {
        for spoilt in [Data(), Data(count: 5), Data(count: 16), Data(count: 33)] {
            let phone = Phone(self)
            try await phone.works()
            try phone.keychain.write("vault", spoilt)
            await refused(.wrongVaultKey) { try await PhoneLedger.open(phone.parts) }
            try await PhoneLedger.goOn(phone.parts).close()
            try await phone.works()
        }
    }

    func testNothingButKeysIsLeftAndItStartsAnew() async throws {
        let phone = Phone(self)
        _ = try HardwareSigner.make(.ledger, in: phone.keys)
        await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
        try await PhoneLedger.goOn(phone.parts).close()
        try await phone.works()
    }
}
