import Foundation
import XCTest
@testable import Yinzheng
@testable import YinzhengDevice
import YinzhengShieldSimulator

/// Signing with a simulated mobile shield, on all the switches on which products differ.
final class ShieldTests: XCTestCase {
    private let text = "向示范商业银行借款 5000.00 元，是否确认？"

    private func ledger() throws -> (Ledger, SoftwareKey) {
        let key = try SoftwareKey(.sm2)
        let terms = LedgerCreation(hash: .sm3, key: key.publicKey, custody: .software, organisation: "示例银行")
        return (try Ledger(inMemory: terms, vaultKey: YinzhengLibrary.newVaultKey(.sm4Gcm)), key)
    }

    func testEveryModelSignsWhatItShowed() async throws {
        for input in [ShieldModel.Input.message, .digest] {
            for output in [ShieldSimulator.Output.der, .raw] {
                for id in ["1234567812345678", "SHIELD@EXAMPLE"] {
                    let shield = try ShieldSimulator(input: input, output: output, sm2Id: Data(id.utf8))
                    let (ledger, key) = try ledger()
                    let signer = try ShieldSigner(shield, key: shield.publicKey, showing: text)
                    let enrolment = try ShieldEnrolment(shield, key: shield.publicKey)
                    let draft = try ledger.keys.enrol(.customer, signer.publicKey, custody: .shield, effective: Date())
                    let kid = try ledger.keys.finish(draft.bytes, signature: try await enrolment.sign(draft.toSign))
                    XCTAssertEqual(try ledger.keys.party(signer.publicKey)?.kid, kid, "\(input) \(output) \(id)")
                    // What it shows is sealed without a word of the host's.
                    let signed = try await ledger.appendSigned(EvidenceRecord("generic", ["标题": "一条"]), by: signer, as: .customer, kid: kid)
                    try ledger.commit(key.sign(ledger.begin()))
                    let verdict = try Verifier.verify(ledger.prove(.dossier(signed.dossier)))
                    XCTAssertFalse(verdict.contradicted, "\(input) \(output) \(id)")
                    XCTAssertEqual(verdict.records[0].grade, .countersignedByParty, "\(input) \(output) \(id)")
                    XCTAssertTrue(verdict.json.contains(try TwinDigest(of: Data(text.utf8)).sm3), "what was shown is sealed")
                    let shown = await shield.shown, open = await shield.sessions
                    XCTAssertEqual(shown, [ShieldEnrolment.text, text])
                    XCTAssertEqual(open, 0, "a session stayed open")
                }
            }
        }
    }

    func testEveryRefusalIsToldApartAndNothingIsLost() async throws {
        let shield = try ShieldSimulator(input: .digest, output: .der)
        let (ledger, _) = try ledger()
        let signer = try ShieldSigner(shield, key: shield.publicKey, showing: text)
        let held = try ledger.holdForSignature(EvidenceRecord("generic", ["标题": "一条"]),
                                               terms: SignerTerms(key: signer.publicKey, role: .customer, displayed: signer.displayed))
        await shield.set(.refuses)
        await refused(.signerDeclined) { try await signer.sign(held.toSign) }
        await shield.set(.isAway)
        await refused(.signerTimedOut) { try await signer.sign(held.toSign) }
        await shield.set(.agrees)
        let signature = try await signer.sign(held.toSign)
        await shield.set(.entersWrongPIN)
        await refused(.signerDeclined) { try await signer.sign(held.toSign) }
        await refused(.signerDeclined) { try await signer.sign(held.toSign) }
        await refused(.signerLocked) { try await signer.sign(held.toSign) }
        await shield.set(.agrees)
        await refused(.signerLocked) { try await signer.sign(held.toSign) }
        await shield.wipe()
        await refused(.signerKeyGone) { try await signer.sign(held.toSign) }
        let open = await shield.sessions
        XCTAssertEqual(open, 0, "a session stayed open")
        try ledger.finishStatement(held.id, signature: signature)
    }

    /// A record that waits for this signer.
    private func waiting(for signer: ShieldSigner, displayed: String?) throws -> (Ledger, ToSign) {
        let (ledger, _) = try ledger()
        let terms = SignerTerms(key: signer.publicKey, role: .customer, displayed: displayed)
        return (ledger, try ledger.holdForSignature(EvidenceRecord("generic", ["标题": "一条"]), terms: terms).toSign)
    }

    func testWhatIsShownIsWhatIsSealedOrNothingIsSigned() async throws {
        for input in [ShieldModel.Input.message, .digest] {
            let shield = try ShieldSimulator(input: input, output: .raw)
            let signer = try ShieldSigner(shield, key: shield.publicKey, showing: text)
            let other = try ShieldSigner(shield, key: shield.publicKey, showing: text.replacingOccurrences(of: "5000", with: "5"))
            for displayed in [other.displayed, nil, "sm3:" + String(repeating: "0", count: 64)] {
                let (ledger, toSign) = try waiting(for: signer, displayed: displayed)
                await refused(.digestMismatch) { try await signer.sign(toSign) }
                XCTAssertEqual(try ledger.held().count, 1)
            }
            // Under either hash it is the same text.
            for displayed in [signer.displayed, "sha256:" + (try TwinDigest(of: Data(text.utf8))).sha256] {
                let (ledger, toSign) = try waiting(for: signer, displayed: displayed)
                try ledger.finishStatement(ledger.held()[0].id, signature: await signer.sign(toSign))
            }
            // A digest that lies beside the bytes counts for nothing.
            let (ledger, toSign) = try waiting(for: signer, displayed: signer.displayed)
            let (_, another) = try waiting(for: signer, displayed: other.displayed)
            let mixed = try ToSign(stored: toSign.bytes, infoJSON: another.infoJSON)
            try ledger.finishStatement(ledger.held()[0].id, signature: await signer.sign(mixed))
            let shown = await shield.shown
            XCTAssertEqual(shown, [text, text, text], "a text was shown that is sealed nowhere")
        }
    }

    func testAnEnrolmentAndAStatementAreNeverTakenForEachOther() async throws {
        let shield = try ShieldSimulator(input: .message, output: .raw)
        let signer = try ShieldSigner(shield, key: shield.publicKey, showing: ShieldEnrolment.text)
        let enrolment = try ShieldEnrolment(shield, key: shield.publicKey)
        let (ledger, toSign) = try waiting(for: signer, displayed: signer.displayed)
        let draft = try ledger.keys.enrol(.customer, signer.publicKey, custody: .shield, effective: Date())
        await refused(.wrongMediaType) { try await signer.sign(draft.toSign) }
        await refused(.wrongMediaType) { try await enrolment.sign(toSign) }
        await refused(.wrongMediaType) { try await signer.sign(ledger.begin()) }
        await refused(.wrongMediaType) { try await enrolment.sign(ledger.begin()) }
        let stranger = try ToSign(stored: Data("yinzheng shield challenge 1\n".utf8), infoJSON: toSign.infoJSON)
        do {
            _ = try await signer.sign(stranger)
            XCTFail("bytes of no format were signed")
        } catch is YinzhengError {}
        let shown = await shield.shown
        XCTAssertEqual(shown, [])
    }

    func testAnEnrolmentSignsOnlyTheShieldsOwnKeyAsAParty() async throws {
        let shield = try ShieldSimulator(input: .message, output: .raw), other = try ShieldSimulator(input: .message, output: .raw)
        let enrolment = try ShieldEnrolment(shield, key: shield.publicKey)
        let (ledger, _) = try ledger()
        let stranger = try ledger.keys.enrol(.customer, other.publicKey, custody: .shield, effective: Date())
        XCTAssertEqual(try stranger.toSign.content().thumbprint, try other.publicKey.thumbprint())
        await refused(.invalidArgument) { try await enrolment.sign(stranger.toSign) }
        let rotation = try ledger.keys.rotate(to: shield.publicKey, custody: .shield, effective: Date())
        XCTAssertEqual(try rotation.toSign.content().keyRole, .ledger)
        await refused(.invalidArgument) { try await enrolment.sign(rotation.toSign) }
        let shown = await shield.shown
        XCTAssertEqual(shown, [])
    }

    func testWhatIsToBeSealedAsDisplayedIsWhatTheSignerShows() async throws {
        let shield = try ShieldSimulator(input: .message, output: .raw)
        let (ledger, _) = try ledger()
        let signer = try ShieldSigner(shield, key: shield.publicKey, showing: text)
        let document = "sha256:" + (try TwinDigest(of: Data("合同".utf8))).sha256
        let record = EvidenceRecord("generic", ["标题": "一条"])
        await refused(.digestMismatch) { try await ledger.appendSigned(record, by: signer, as: .customer, displayed: document) }
        XCTAssertEqual(try ledger.held().count, 0, "it is held, and can never be signed")
        try await ledger.appendSigned(record, by: signer, as: .customer, displayed: signer.displayed)
    }

    func testTheWordsOfADriverAreInNoMessage() async throws {
        struct Broken: ShieldDevice {
            let model: ShieldModel
            func open(challenge: Data) async throws(ShieldFault) -> (session: any ShieldSession, answer: Data) {
                throw .broken("13900000001 hung up")
            }
        }
        let shield = try ShieldSimulator(input: .message, output: .raw)
        let signer = try ShieldSigner(Broken(model: shield.model), key: shield.publicKey, showing: text)
        let (_, toSign) = try waiting(for: signer, displayed: signer.displayed)
        await refused(.signerTimedOut) { try await signer.sign(toSign) }
    }

    func testAnotherShieldIsFoundBeforeItShowsAnything() async throws {
        let shield = try ShieldSimulator(input: .message, output: .raw)
        let signer = try ShieldSigner(shield, key: shield.publicKey, showing: text)
        try await shield.swap()
        let (_, toSign) = try waiting(for: signer, displayed: signer.displayed)
        await refused(.signatureMismatch) { try await signer.sign(toSign) }
        let shown = await shield.shown, open = await shield.sessions
        XCTAssertEqual(shown, [])
        XCTAssertEqual(open, 0)
    }

    func testTheWrongUserIdIsFoundWhenTheSessionBegins() async throws {
        let shield = try ShieldSimulator(input: .message, output: .raw, sm2Id: Data("OTHER".utf8))
        let model = ShieldModel(input: .message, displayCharacters: 99)
        struct Mislabelled: ShieldDevice {
            let shield: ShieldSimulator
            let model: ShieldModel
            func open(challenge: Data) async throws(ShieldFault) -> (session: any ShieldSession, answer: Data) {
                try await shield.open(challenge: challenge)
            }
        }
        let signer = try ShieldSigner(Mislabelled(shield: shield, model: model), key: shield.publicKey, showing: text)
        let (_, toSign) = try waiting(for: signer, displayed: signer.displayed)
        await refused(.signatureMismatch) { try await signer.sign(toSign) }
    }

    func testATextThatDoesNotFitIsRefusedBeforeTheRecordIsMade() async throws {
        let shield = try ShieldSimulator(input: .digest, output: .der, displayCharacters: 20)
        XCTAssertNoThrow(try ShieldSigner(shield, key: shield.publicKey, showing: String(repeating: "确", count: 20)))
        await refused(.limitExceeded) { try ShieldSigner(shield, key: shield.publicKey, showing: String(repeating: "确", count: 21)) }
        for unreadable in ["", " ", "\n\u{3000}", "\u{301}", "借款\u{202E}元 5", "借\u{200B}款", "借款\t5", "借款\u{2028}5", "\u{0}"] {
            await refused(.invalidArgument) { try ShieldSigner(shield, key: shield.publicKey, showing: unreadable) }
        }
        XCTAssertNoThrow(try ShieldSigner(shield, key: shield.publicKey, showing: "借款\n5,000.00 元"))
        let small = try ShieldSimulator(input: .digest, output: .der, displayCharacters: 13)
        await refused(.limitExceeded) { try ShieldEnrolment(small, key: small.publicKey) }
    }

    func testAShieldThatTakesDigestsSignsNoEd25519() async throws {
        let shield = try ShieldSimulator(input: .digest, output: .der)
        let key = try SoftwareKey(.ed25519)
        let terms = LedgerCreation(hash: .sha256, key: key.publicKey, custody: .software, organisation: "示例银行")
        let ledger = try Ledger(inMemory: terms, vaultKey: Data(count: 32))
        let signer = try ShieldSigner(shield, key: shield.publicKey, showing: text)
        await refused(.algorithmMismatch) { try await signer.sign(ledger.begin()) }
    }
}
