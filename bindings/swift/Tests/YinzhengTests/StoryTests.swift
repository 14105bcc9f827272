import Foundation
import XCTest
@testable import Yinzheng

/// One matter from the first record to the erasure, in a file, and the same without a store.
final class StoryTests: XCTestCase {
    func testOneMatter() async throws {
        let before = try YinzhengLibrary.openHandles()
        try await oneMatter()
        XCTAssertEqual(try YinzhengLibrary.openHandles(), before, "something was not closed")
    }

    private func oneMatter() async throws {
        let folder = try folder(self)
        let file = folder.appendingPathComponent("ledger.db")
        let bank = try Bank(at: file, algorithm: .sm2)
        let ledger = bank.ledger
        XCTAssertNil(try ledger.status().head)
        try bank.seal()

        // The customer's key is enrolled, and signs what was shown.
        let customer = try SoftwareKey(.p256)
        let enrolment = try ledger.keys.enrol(.customer, customer.publicKey, custody: .software, effective: Date())
        refused(.signatureMismatch) { try ledger.keys.finish(enrolment.bytes, signature: bank.key.sign(enrolment.toSign)) }
        let kid = try ledger.keys.finish(enrolment.bytes, signature: customer.sign(enrolment.toSign))
        XCTAssertEqual(kid.count, 64)

        let text = Data("个人信用借款合同（示例）".utf8)
        var will = EvidenceRecord("will.signing", businessId: "SF-1", [
            "合同编号": "SF-2026-1008-000017", "姓名": "苏示例", "手机号": "13900001234", "已阅读至末尾": .flag(true),
            "签约确认时间": .time(Date(), offsetMinutes: 480), "文本原件": "个人信用借款合同",
        ])
        will.attachments = [try Attachment("文本原件", mediaType: "text/plain", title: "个人信用借款合同", bytes: text)]
        let shown = "sm3:" + (try TwinDigest(of: text)).sm3
        let signed = try await ledger.appendSigned(will, by: customer, as: .customer, kid: kid, displayed: shown)
        XCTAssertEqual(signed.missing, [])
        XCTAssertEqual(signed.place, 0)

        var drawn = Bank.drawdown()
        drawn.dossier = signed.preservationNumber
        drawn.citations = [Citation(.consent, signed.digest)]
        let second = try ledger.append(drawn)
        XCTAssertEqual(second.dossier, signed.dossier)
        XCTAssertEqual(second.place, 1)
        XCTAssertTrue(try ledger.append(drawn).replayed)
        XCTAssertTrue(try ledger.due(maxEntries: 1, maxAge: 60))

        // Begun, closed, opened again: the same bytes wait.
        let begun = try ledger.begin()
        XCTAssertNotNil(begun.digest)
        let stored = try ToSign(stored: begun.bytes, infoJSON: begun.infoJSON)
        XCTAssertEqual(stored, begun)
        ledger.close()
        let again = try Ledger(opening: file, vaultKey: bank.vaultKey)
        XCTAssertEqual(try again.pending()?.bytes, begun.bytes)
        let sealed = try again.commit(bank.key.sign(stored))
        let head = try again.head()
        XCTAssertEqual(head.height, sealed.height)
        XCTAssertEqual(head.blockHash, sealed.blockHash)

        // Proven to a court, with the ledger's id as the anchor.
        let proof = try again.prove(.dossier(signed.preservationNumber).showing(for: .court))
        let policy = Policy(json: #"{"ledgers":[{"id":"\#(head.ledgerId.suffix(64))","hash":"SM3","name":"示例银行"}]}"#)
        XCTAssertFalse(try Verifier.verify(proof).originProven)
        let verdict = try Verifier.verify(proof, policy: policy)
        XCTAssertFalse(verdict.contradicted, verdict.json)
        XCTAssertTrue(verdict.originProven, verdict.summary(.en).joined(separator: "\n"))
        XCTAssertEqual(verdict.records.map(\.grade), [.countersignedByParty, .ownWord])
        XCTAssertEqual(verdict.records.map(\.sealed), [.proven, .proven])
        XCTAssertEqual(verdict.records[1].values(.zh)["loan.amount"]?.contains("5000.00"), true, "\(verdict.records[1].values(.zh).keys)")
        XCTAssertTrue(try verdict.paper(.certificate(.zh)).contains(signed.number))
        XCTAssertTrue(try Verifier.explain(proof, in: .zh).contains(signed.number))

        // Shown field by field: nothing at first, then one value.
        let closed = try again.prove(.entries([second.sequence]))
        XCTAssertEqual(try Verifier.verify(closed).records[0].values(.en), [:])
        let one = try XCTUnwrap(try again.disclosures(second.sequence).first { $0.name == "loan.amount" })
        let opened = try Proofs.disclose(closed, record: second.digest, disclosures: [one.disclosure])
        XCTAssertEqual(Array(try Verifier.verify(opened).records[0].values(.en).keys), ["loan.amount"])
        XCTAssertFalse(try Proofs.kit(proof, about: second.digest).isEmpty)

        // One byte turned: contradicted or unreadable, never silently good.
        var forged = proof
        forged[forged.startIndex + forged.count / 2] ^= 1
        let other = try Verifier.verify(forged, policy: policy)
        XCTAssertTrue(other.contradicted || other.unreadable || other.count(.proven) < verdict.count(.proven))

        // A replica, and what a node would take.
        let bundle = try Bundles.export(again, first: 0, last: head.height)
        XCTAssertFalse(try Verifier.verify(bundle: bundle).contradicted)
        try Bundles.import(bundle, into: folder.appendingPathComponent("replica.db"))
        let bundleFile = folder.appendingPathComponent("bundle")
        try Bundles.export(again, first: 0, last: head.height, to: bundleFile)
        XCTAssertEqual(try Data(contentsOf: bundleFile), bundle)
        XCTAssertTrue(try again.feed(limit: 100).items.contains { $0.kind == .record && $0.digest == signed.digest && $0.role == "customer" })

        // Erased: the values are gone, the proof goes on.
        XCTAssertEqual(try again.privacy.erase(records: [second.sequence], reason: .personsRequest, reference: "申请 7").records, [second.digest])
        try again.commit(bank.key.sign(again.begin()))
        refused(.erased) { try again.disclosures(second.sequence) }
        let after = try Verifier.verify(again.prove(.dossier(signed.dossier).showingAll()), policy: policy)
        XCTAssertFalse(after.contradicted)
        XCTAssertEqual(after.records[1].values(.en), [:])
        XCTAssertEqual(try again.check().problems, [])
        XCTAssertEqual(try again.dossier(signed.dossier).places.count, 2)
        XCTAssertEqual(try again.dossiers(count: 10).map(\.id), [signed.dossier])
        again.close()
        bank.key.close()
        customer.close()
    }

    func testALedgerWithoutAStore() throws {
        let key = try SoftwareKey(.ed25519)
        let genesis = try Genesis(LedgerCreation(hash: .sha256, key: key.publicKey, custody: .software, organisation: "示例银行"))
        let first = try Sealer()
        try first.add(genesis.genesis)
        try first.add(genesis.opened)
        let draft = try first.prepare(begunAt: Date())
        XCTAssertNil(draft.toSign.digest, "Ed25519 has none")
        let zero = try first.finish(draft.bytes, signature: key.sign(draft.toSign))

        let record = try DetachedRecord(first: Bank.drawdown(nil))
        let statement = try Statements.over(record: record.entry, terms: SignerTerms(key: key.publicKey, role: .lender))
        let entry = try Statements.finish(statement.bytes, signature: key.sign(statement.toSign))
        let second = try Sealer(head: zero.head)
        try second.add(entry)
        let next = try second.prepare(begunAt: Date())
        refused(.stalePending) { try second.finish(draft.bytes, signature: key.sign(next.toSign)) }
        let one = try second.finish(next.bytes, signature: key.sign(next.toSign))
        XCTAssertEqual(one.height, 1)

        let items = [
            Proofs.Item(entry: genesis.genesis, receipt: try first.receipt(block: zero.block, leaf: 0), disclosures: []),
            Proofs.Item(entry: entry, receipt: try second.receipt(block: one.block, leaf: 1), disclosures: record.disclosures),
        ]
        let path = try Sealer.historyPath(.sha256, leaves: zero.historyLeaf, height: 0)
        let proof = try Proofs.assemble(items, profiles: [Profile.file("will.drawdown")], head: one.block, history: [0: path])
        let verdict = try Verifier.verify(proof)
        XCTAssertFalse(verdict.contradicted, verdict.json)
        XCTAssertEqual(verdict.records.map(\.sealed), [.proven])
        XCTAssertEqual(verdict.records[0].number, record.number)
        XCTAssertEqual(try Proofs.join([proof, proof]).isEmpty, false)
    }

    func testKeysRotateAndLedgersGoOn() throws {
        let folder = try folder(self)
        let bank = try Bank(at: folder.appendingPathComponent("one.db"))
        try bank.seal()
        let next = try SoftwareKey(.p256)
        let draft = try bank.ledger.keys.rotate(to: next.publicKey, custody: .software, effective: Date())
        try bank.ledger.keys.finish(draft.bytes, signature: next.sign(draft.toSign))
        try bank.seal()
        try bank.ledger.append(Bank.drawdown())
        refused(.signatureMismatch) { try bank.seal() }
        try bank.ledger.commit(next.sign(bank.ledger.begin()))
        XCTAssertEqual(try bank.ledger.keys.list().map(\.epoch), [0, 1])

        // Countersigned by a node, and stamped, if an authority were asked.
        let node = try SoftwareKey(.p256)
        let seen = try Statements.countersign(headState: bank.ledger.jsonDoor.headState(), key: node.publicKey, claim: .seen, issuer: "示例节点")
        let countersignature = try Statements.finishCountersignature(seen.bytes, signature: node.sign(seen.toSign))
        try Statements.attach(countersignature, to: bank.ledger, height: bank.ledger.head().height)
        XCTAssertFalse(try bank.ledger.timestamps.request(block: 0).isEmpty)
        refused(.invalidToken) {
            let query = try bank.ledger.timestamps.request(block: 0)
            return try bank.ledger.timestamps.attach(block: 0, query: query, response: Data("nothing".utf8))
        }

        let terms = LedgerCreation(hash: .sm3, key: next.publicKey, custody: .software, organisation: "示例银行")
        try bank.ledger.end(successor: next.publicKey)
        try bank.ledger.commit(next.sign(bank.ledger.begin()))
        let continued = try bank.ledger.continued(by: terms, reason: .newHash, at: folder.appendingPathComponent("two.db"), vaultKey: bank.vaultKey)
        try continued.ledger.commit(next.sign(continued.ledger.begin()))
        refused(.ledgerClosed) { try bank.ledger.append(Bank.drawdown("JJ-2")) }
        XCTAssertEqual(try continued.ledger.append(Bank.drawdown("JJ-2")).place, 0)
        continued.ledger.close()
    }

    func testWhatIsDueAndMovedUnderAnotherKey() throws {
        let bank = try Bank()
        let record = try bank.ledger.append(Bank.drawdown())
        try bank.seal()
        let long = Date(timeIntervalSince1970: 4_000_000_000), ended = Date(timeIntervalSince1970: 1_800_000_000)
        XCTAssertEqual(try bank.ledger.privacy.due(dossier: record.dossier, now: ended, transactionEnd: ended).flatMap(\.over), [])
        let due = try bank.ledger.privacy.due(dossier: record.dossier, now: long, relationshipEnd: ended, transactionEnd: ended)
        XCTAssertTrue(due.flatMap(\.over).contains("loan.amount"), "\(due.map(\.over))")
        let said = try JSON(parsing: bank.ledger.privacy.rewrap(under: YinzhengLibrary.newVaultKey(.sm4Gcm)))
        try bank.ledger.privacy.confirmDestroyed(oldKey: XCTUnwrap(said["old_key"]?.text))
        XCTAssertFalse(try bank.ledger.disclosures(record.sequence).isEmpty)
    }

    func testALedgerTakesAsMuchAtOnceAsItsHostSays() async throws {
        let key = try SoftwareKey(.p256)
        var terms = LedgerCreation(hash: .sha256, key: key.publicKey, custody: .software, organisation: "示例银行")
        terms.limits = Limits(appendRecords: 1, waitingEntries: 2)
        let ledger = try Ledger(inMemory: terms, vaultKey: Data(repeating: 7, count: 32))
        try await ledger.seal(by: key)
        refused(.limitExceeded) { try ledger.append(all: [Bank.drawdown(nil), Bank.drawdown(nil)]) }
        try ledger.append(Bank.drawdown(nil))
        try ledger.append(Bank.drawdown(nil))
        refused(.limitExceeded) { try ledger.append(Bank.drawdown(nil)) }
        try await ledger.seal(by: key)
        try ledger.append(Bank.drawdown(nil))
        terms.limits = Limits(appendRecords: 0)
        refused(.invalidArgument) { try Ledger(inMemory: terms, vaultKey: Data(repeating: 7, count: 32)) }
    }

    func testKeysThatTheHostWraps() async throws {
        let key = try SoftwareKey(.p256)
        var terms = LedgerCreation(hash: .sha256, key: key.publicKey, custody: .software, organisation: "示例银行")
        terms.wrappedByHost = true
        let ledger = try Ledger(inMemory: terms, vaultKey: Data(repeating: 7, count: 32))
        // A device that turns every bit is enough to see who wraps.
        let turned = { (bytes: Data) in Data(bytes.map { ~$0 }) }
        let ready = try await ledger.hostKeys.supply(2) { turned($0) }
        XCTAssertEqual(ready, 2)
        let record = try ledger.append(Bank.drawdown())
        let wrapped = try ledger.hostKeys.wrapped(record.sequence)
        XCTAssertFalse(try ledger.hostKeys.disclosures(record.sequence, key: turned(wrapped)).isEmpty)
        refused(.damaged) { try ledger.hostKeys.disclosures(record.sequence, key: wrapped) }
        let erase = { (key: Data) in
            try ledger.hostKeys.erase(record: record.sequence, key: key, names: ["loan.amount"], reason: .order, reference: "7")
        }
        refused(.damaged) { try erase(wrapped) }
        _ = try await ledger.hostKeys.supply(2) { turned($0) }
        XCTAssertEqual(try erase(turned(wrapped)).names, ["loan.amount"])
        let renewed = try ledger.hostKeys.wrapped(record.sequence)
        XCTAssertFalse(try ledger.hostKeys.disclosures(record.sequence, key: turned(renewed)).contains { $0.name == "loan.amount" })
        try ledger.hostKeys.replace(record.sequence, wrapped: Data("elsewhere".utf8))
        XCTAssertEqual(try ledger.hostKeys.wrapped(record.sequence), Data("elsewhere".utf8))
    }
}
