// The customer's side of the credit loan on the command line: `loan-story FOLDER DOCUMENT [--die begin|signed]`.
//
// Run once with --die it is killed by SIGKILL between begin and commit; run again without, it finds the block that waits, with the
// same bytes, seals it, exports a sync bundle and verifies that. Keys lie in files here, in the place of the Secure Enclave.
import Foundation
import LoanFlow
import Yinzheng
import YinzhengDevice
import YinzhengShieldSimulator

func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
func fail(_ line: String) -> Never {
    FileHandle.standardError.write(Data(("loan-story: " + line + "\n").utf8))
    exit(1)
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { fail("FOLDER DOCUMENT [--die begin|signed]") }
let folder = URL(fileURLWithPath: arguments[1])
let die = arguments.count == 5 && arguments[3] == "--die" ? arguments[4] : nil
let drawer = FileDrawer(folder.appendingPathComponent("device"))
let customer = CustomerSide.Customer(name: "苏示例", mobile: "13900000001", agreementNumber: "SF-2026-1008-000017")
let facts = CustomerSide.Phone(model: "示例手机 S1", system: "ExampleOS 6.0", appVersion: "8.2.1", cleanCheck: "未见异常")
let bytesFile = folder.appendingPathComponent("begun")

do {
    let keys = try FileKeyStore(drawer)
    let phone = try await PhoneLedger.open(PhoneLedger.Parts(
        folder: folder.appendingPathComponent("ledger"), keys: keys, secrets: drawer,
        organisation: "示例数字科技有限公司", environment: facts.environment))
    let side = CustomerSide(phone, facts: facts)

    if let waiting = try phone.ledger.pending() {
        guard try Data(contentsOf: bytesFile) == waiting.bytes else { fail("another block waits than the one that was begun") }
        say("a block waits since the app was killed, with the same bytes")
        guard let sealed = try await phone.recover() else { fail("it is gone") }
        say("sealed block \(sealed.height)")
    } else {
        try await phone.recover()
        // Read and agree: the digest of the text, scroll and time events.
        let document = Reading.Document(title: "个人信用借款合同", version: "2026.09",
                                        bytes: try Data(contentsOf: URL(fileURLWithPath: arguments[2])), pages: 3)
        let start = Date(timeIntervalSinceNow: -600)
        var reading = Reading(document, shownAt: start)
        for step in 1...10 { reading.scrolled(to: Double(step) / 10, at: start.addingTimeInterval(Double(step) * 55)) }
        try reading.agree(at: Date())
        // Signed by the customer's key, and once more on a shield, by a guarantor.
        let signer = try keys.publicKey(.customer) == nil ? HardwareSigner.make(.customer, in: keys) : HardwareSigner(.customer, in: keys)
        let kid = try await side.enrol(signer, custody: signer.custody, at: Date())
        let signed = try await side.sign(reading, by: customer, with: signer, kid: kid)
        say("signed by the customer: \(signed.number) of \(signed.preservationNumber)")
        let shield = try ShieldSimulator(input: .digest, output: .der)
        let guarantor = try ShieldSigner(shield, key: shield.publicKey, showing: "为合同 \(customer.agreementNumber) 提供担保，是否确认？")
        let terms = SignerTerms(key: guarantor.publicKey, role: .guarantor, issuedAt: Date(), displayed: guarantor.displayed)
        let statement = try Statements.over(digest: signed.digest, terms: terms)
        try phone.ledger.append(entry: Statements.finish(statement.bytes, signature: try await guarantor.sign(statement.toSign)))
        say("signed on the guarantor's shield, which showed: \(await shield.shown.joined())")
        // Sealed offline; killed on the way, if so told.
        let begun = try phone.ledger.begin()
        try begun.bytes.write(to: bytesFile)
        if die == "begin" { kill(getpid(), SIGKILL) }
        _ = try await phone.signer.sign(begun)
        if die == "signed" { kill(getpid(), SIGKILL) }
        guard let sealed = try await phone.recover() else { fail("nothing was sealed") }
        say("sealed block \(sealed.height), offline")
    }

    // Later, with a network: a bundle for any node, and what the library says of it.
    let bundle = try side.syncBundle()
    let head = try phone.ledger.head()
    let policy = Policy(json: #"{"ledgers":[{"id":"\#(head.ledgerId.suffix(64))","hash":"SHA-256","name":"示例数字科技有限公司"}]}"#)
    let verdict = try Verifier.verify(bundle: bundle, policy: policy)
    guard !verdict.contradicted, !verdict.unreadable, verdict.originProven else { fail("\(verdict)") }
    say("bundle of \(bundle.count) bytes verified: \(verdict)")
    phone.close()
} catch {
    fail("\(error)")
}
