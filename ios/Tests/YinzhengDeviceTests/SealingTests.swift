import Foundation
import XCTest
import Yinzheng
import YinzhengDevice
import YinzhengShieldSimulator

/// Several tasks seal at one time, and mirrors that fail.
final class SealingTests: XCTestCase {
    /// Lets others run while the signer is waited for, as hardware does.
    private struct Slow: HardwareKeyStore {
        let store: MemoryKeyStore
        var custody: Custody { store.custody }
        func publicKey(_ key: DeviceKey) throws(HardwareKeyFault) -> Data? { try store.publicKey(key) }
        func create(_ key: DeviceKey) throws(HardwareKeyFault) -> Data { try store.create(key) }
        func sign(_ message: Data, with key: DeviceKey, presence: (any PresenceContext)?) async throws(HardwareKeyFault) -> Data {
            for _ in 0..<Int.random(in: 1...20) { await Task.yield() }
            return try await store.sign(message, with: key, presence: presence)
        }
        func remove(_ key: DeviceKey) throws(HardwareKeyFault) { try store.remove(key) }
    }

    /// Notes what is written, and fails as told.
    private final class Mirror: HeadMirror, @unchecked Sendable {
        // Guarded by the lock.
        private let lock = NSLock()
        private var head: Head?
        private var heights: [Int64] = []
        private var fault: (any Error)?

        var written: [Int64] { lock.withLock { heights } }
        func fail(with fault: (any Error)?) { lock.withLock { self.fault = fault } }
        func read() throws -> Head? { lock.withLock { head } }
        func write(_ head: Head) throws {
            try lock.withLock {
                if let fault { throw fault }
                self.head = head
                heights.append(head.height)
            }
        }
        func forget() throws { lock.withLock { head = nil } }
    }

    private func parts(_ phone: Phone, _ mirror: Mirror) -> PhoneLedger.Parts {
        PhoneLedger.Parts(folder: phone.folder, keys: Slow(store: phone.keys), secrets: phone.keychain, mirror: mirror, organisation: "示例")
    }

    func testTasksThatSealAtOnceSealOneAfterTheOther() async throws {
        let phone = Phone(self), mirror = Mirror()
        let opened = try await PhoneLedger.open(parts(phone, mirror))
        for _ in 0..<5 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let appended = try opened.ledger.append(Phone.record)
                        let sealed = try await opened.seal()
                        XCTAssertLessThan(appended.sequence, try opened.ledger.head().nextSequence, "it is not sealed")
                        XCTAssertLessThanOrEqual(sealed.height, try opened.ledger.head().height)
                    }
                    group.addTask { try await opened.recover() }
                }
                try await group.waitForAll()
            }
        }
        XCTAssertEqual(mirror.written, mirror.written.sorted(), "an older head was mirrored after a newer one")
        XCTAssertEqual(try mirror.read(), try opened.ledger.head())
        XCTAssertEqual(try opened.ledger.status().unsealed, 0)
        opened.close()
        try await PhoneLedger.open(parts(phone, mirror)).close()
    }

    func testAMirrorThatFailsIsNotASealThatFails() async throws {
        let faults: [any Error] = [YinzhengError(.storage, "a test"), CocoaError(.fileWriteOutOfSpace), CocoaError(.fileWriteNoPermission)]
        for fault in faults {
            let phone = Phone(self), mirror = Mirror()
            let opened = try await PhoneLedger.open(parts(phone, mirror))
            try opened.ledger.append(Phone.record)
            mirror.fail(with: fault)
            var behind: MirrorBehind?
            for _ in 0..<2 {
                do {
                    _ = try await opened.seal()
                    XCTFail("the mirror failed")
                } catch let error as MirrorBehind {
                    behind = error
                }
            }
            XCTAssertEqual(behind?.sealed.height, 1, "it is sealed once")
            let full = (fault as? CocoaError)?.code == .fileWriteOutOfSpace
            XCTAssertEqual(behind?.reason.code, full ? .diskFull : .storage)
            XCTAssertEqual(try opened.ledger.head().height, 1)
            // The next one mends it, and signs nothing.
            mirror.fail(with: nil)
            phone.keys.fail(with: .keyGone)
            let sealed = try await opened.seal()
            XCTAssertEqual(sealed, behind?.sealed)
            XCTAssertEqual(try mirror.read(), try opened.ledger.head())
            await refused(.signerKeyGone) { () async throws -> Void in
                try opened.ledger.append(Phone.record)
                try await opened.seal()
            }
            // So does the next start.
            mirror.fail(with: fault)
            do {
                _ = try await opened.seal()
                XCTFail("the mirror failed")
            } catch is MirrorBehind {}
            opened.close()
            await refused(full ? .diskFull : .storage) { try await PhoneLedger.open(self.parts(phone, mirror)) }
            mirror.fail(with: nil)
            let next = try await PhoneLedger.open(parts(phone, mirror))
            XCTAssertEqual(try mirror.read()?.height, 2)
            next.close()
        }
    }

    func testWhatWaitsIsSealedAlsoWhileTheMirrorFails() async throws {
        let phone = Phone(self), mirror = Mirror()
        let opened = try await PhoneLedger.open(parts(phone, mirror))
        mirror.fail(with: CocoaError(.fileWriteUnknown))
        for height in Int64(1)...2 {
            let appended = try opened.ledger.append(Phone.record)
            do {
                _ = try await opened.seal()
                XCTFail("the mirror failed")
            } catch let behind as MirrorBehind {
                XCTAssertEqual(behind.sealed.height, height, "an older block is named")
            }
            XCTAssertLessThan(appended.sequence, try opened.ledger.head().nextSequence, "it is said to be sealed, and is not")
        }
        mirror.fail(with: nil)
        // A signer that fails keeps no head from the mirror.
        phone.keys.fail(with: .locked)
        try opened.ledger.append(Phone.record)
        await refused(.signerLocked) { try await opened.seal() }
        XCTAssertEqual(try mirror.read()?.height, 2)
        opened.close()
    }

    func testAMirrorNeverGoesBack() async throws {
        let phone = Phone(self)
        try await phone.works()
        let json = try head(phone), head = try Head(json: json)
        let file = FileHeadMirror(phone.folder.appendingPathComponent("mirror"))
        for mirror in [SecretHeadMirror(phone.keychain), file] as [any HeadMirror] {
            try mirror.write(head)
            try mirror.write(head)
            for wrong in [json.replacingOccurrences(of: "\"height\":1", with: "\"height\":0"),
                          json.replacingOccurrences(of: head.blockHash, with: String(repeating: "0", count: 64))] {
                let wrong = try Head(json: wrong)
                XCTAssertNotEqual(wrong, head)
                await refused(.headMismatch) { try mirror.write(wrong) }
            }
            XCTAssertEqual(try mirror.read(), head)
            // Another ledger goes on from it.
            let other = try Head(json: json.replacingOccurrences(of: head.ledgerId, with: "sha256:" + String(repeating: "0", count: 64)))
            try mirror.write(other)
            XCTAssertEqual(try mirror.read(), other)
        }
    }

    /// Somebody appends whenever the signer is asked.
    private final class Busy: HardwareKeyStore, @unchecked Sendable {
        let store: MemoryKeyStore
        // Guarded by the lock.
        private let lock = NSLock()
        private var ledger: Ledger?
        private var asked = 0
        init(_ store: MemoryKeyStore) { self.store = store }
        func append(to ledger: Ledger?) { lock.withLock { self.ledger = ledger } }
        var signed: Int { lock.withLock { asked } }
        var custody: Custody { store.custody }
        func publicKey(_ key: DeviceKey) throws(HardwareKeyFault) -> Data? { try store.publicKey(key) }
        func create(_ key: DeviceKey) throws(HardwareKeyFault) -> Data { try store.create(key) }
        func sign(_ message: Data, with key: DeviceKey, presence: (any PresenceContext)?) async throws(HardwareKeyFault) -> Data {
            let ledger = lock.withLock {
                asked += 1
                return asked < 9 ? self.ledger : nil
            }
            _ = try? ledger?.append(Phone.record)
            return try await store.sign(message, with: key, presence: presence)
        }
        func remove(_ key: DeviceKey) throws(HardwareKeyFault) { try store.remove(key) }
    }

    func testSealingEndsThoughSomebodyGoesOnAppending() async throws {
        let phone = Phone(self), keys = Busy(phone.keys)
        var parts = phone.parts
        parts.keys = keys
        let opened = try await PhoneLedger.open(parts)
        let appended = try opened.ledger.append(Phone.record)
        let before = keys.signed
        keys.append(to: opened.ledger)
        try await opened.seal()
        XCTAssertEqual(keys.signed, before + 1)
        XCTAssertLessThan(appended.sequence, try opened.ledger.head().nextSequence)
        XCTAssertGreaterThan(try opened.ledger.status().unsealed, 0)
        opened.close()
    }

    func testTheFirstBlockSealedAndNotMirroredIsMirroredAtTheNextOpening() async throws {
        let phone = Phone(self), mirror = Mirror()
        mirror.fail(with: CocoaError(.fileWriteUnknown))
        await refused(.storage) { try await PhoneLedger.open(self.parts(phone, mirror)) }
        mirror.fail(with: nil)
        try await PhoneLedger.open(parts(phone, mirror)).close()
        XCTAssertEqual(mirror.written, [0])
    }

    func testWhatTheSystemThrowsIsTyped() async throws {
        struct Closed: SecretStore {
            let fault: any Error
            func read(_ name: String) throws -> Data? { throw fault }
            func write(_ name: String, _ secret: Data) throws { throw fault }
            func remove(_ name: String) throws { throw fault }
        }
        let phone = Phone(self)
        try await phone.works()
        let faults: [(any Error, ErrorCode)] = [
            (NSError(domain: "NSOSStatusErrorDomain", code: -25308), .signerLocked), (NSError(domain: "NSOSStatusErrorDomain", code: -50), .storage),
            (NSError(domain: NSPOSIXErrorDomain, code: 28), .diskFull), (CocoaError(.fileReadNoPermission), .storage),
            (YinzhengError(.signerTimedOut, "a host's own"), .signerTimedOut),
        ]
        for (fault, code) in faults {
            var parts = phone.parts
            parts.secrets = Closed(fault: fault)
            await refused(code) { try await PhoneLedger.open(parts) }
            await refused(code) { try await PhoneLedger.goOn(parts) }
            await refused(code) { try await PhoneLedger.openForReading(parts) }
            parts.mirror = SecretHeadMirror(Closed(fault: fault))
            await refused(code) { try await PhoneLedger.open(parts) }
        }
        // A file where the folder must be.
        var parts = phone.parts
        parts.folder = phone.parts.folder.appendingPathComponent("ledger.db").appendingPathComponent("below")
        await refused(.storage) { try await PhoneLedger.open(parts) }
        await refused(.storage) { try FileHeadMirror(phone.folder).read() }
        await refused(.storage) { try FileHeadMirror(parts.folder).write(Head(json: self.head(phone))) }
        try await phone.works()
    }

    private func head(_ phone: Phone) throws -> String { try XCTUnwrap(SecretHeadMirror(phone.keychain).read()).json }

    func testWithoutItsVaultKeyItOpensForReading() async throws {
        let phone = Phone(self)
        let first = try await PhoneLedger.open(phone.parts)
        let appended = try first.ledger.append(Phone.record)
        try await first.seal()
        // Beside whoever writes.
        let beside = try await PhoneLedger.openForReading(phone.parts)
        XCTAssertEqual(try beside.head(), try first.ledger.head())
        beside.close()
        first.close()
        for gone in ["", "vault", "head", "ledger"] {
            switch gone {
            case "vault": try phone.keychain.remove(gone)
            case "head": try phone.keychain.write(gone, Data("garbage".utf8))
            case "ledger": try phone.keys.remove(.ledger)
            default: break
            }
            let ledger = try await PhoneLedger.openForReading(phone.parts)
            XCTAssertEqual(try ledger.status().entries, 3)
            XCTAssertFalse(try Verifier.verify(bundle: Bundles.export(ledger, first: 0, last: 1)).contradicted)
            XCTAssertFalse(try Verifier.verify(ledger.prove(.dossier(appended.dossier))).contradicted)
            if gone.isEmpty { XCTAssertFalse(try ledger.disclosures(appended.sequence).isEmpty) } else {
                await refused(.wrongVaultKey) { try ledger.disclosures(appended.sequence) }
            }
            await refused(.readOnly) { try ledger.append(Phone.record) }
            ledger.close()
        }
        // Another one's vault key, and what is none.
        for spoilt in [Data(repeating: 9, count: 32), Data(), Data(count: 5)] {
            try phone.keychain.write("vault", spoilt)
            try await PhoneLedger.openForReading(phone.parts).close()
        }
        // Killed while a new ledger took its place.
        try FileManager.default.moveItem(at: phone.folder, to: phone.folder.appendingPathExtension("next"))
        try await PhoneLedger.openForReading(phone.parts).close()
        try FileManager.default.removeItem(at: phone.folder)
        await refused(.notALedger) { try await PhoneLedger.openForReading(phone.parts) }
    }

    func testGarbageInTheMirrorIsToldAndGoneOnFrom() async throws {
        for garbage in ["", "{}", "no JSON", "{\"height\":\"1\"}"] {
            for sealed in [false, true] {
                let phone = Phone(self)
                if sealed { try await phone.works() } else { try await PhoneLedger.open(phone.parts).close() }
                try phone.keychain.write("head", Data(garbage.utf8))
                await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
                try await PhoneLedger.goOn(phone.parts).close()
                try await phone.works()
            }
            // With nothing left but the mirror.
            let phone = Phone(self)
            try phone.keychain.write("head", Data(garbage.utf8))
            await refused(.headMismatch) { try await PhoneLedger.open(phone.parts) }
            await refused(.notFound) { try await PhoneLedger.goOn(phone.parts) }
            try phone.parts.mirror.forget()
            try await phone.works()
        }
    }
}
