// A process that a test kills at a point of begin, sign and commit: `killed FOLDER POINT`. It says "ready" before it waits to be
// killed, and for everything but a first start it must find what the one before left.
//
//   begin     after begin, before signing       signed    after signing, before commit
//   commit    after commit                      anywhere  loops append, begin, sign, commit until it is killed
import Foundation
import Yinzheng

let folder = URL(fileURLWithPath: CommandLine.arguments[1])
let point = CommandLine.arguments[2]
let file = folder.appendingPathComponent("ledger.db")
let keyFile = folder.appendingPathComponent("key.pem")
let vaultFile = folder.appendingPathComponent("vault")
let passphrase = Data("only a test".utf8)

func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

func wait() -> Never {
    say("ready")
    while true { Thread.sleep(forTimeInterval: 60) }
}

func start() throws -> (Ledger, SoftwareKey) {
    if FileManager.default.fileExists(atPath: file.path) {
        let key = try SoftwareKey(pkcs8: String(contentsOf: keyFile, encoding: .utf8), passphrase: passphrase)
        return (try Ledger(opening: file, vaultKey: Data(contentsOf: vaultFile)), key)
    }
    let key = try SoftwareKey(.p256)
    let vault = try YinzhengLibrary.newVaultKey(.aes256Gcm)
    try vault.write(to: vaultFile)
    try key.pkcs8(passphrase: passphrase).write(to: keyFile, atomically: true, encoding: .utf8)
    let terms = LedgerCreation(hash: .sha256, key: key.publicKey, custody: .software, organisation: "示例银行")
    return (try Ledger(creating: terms, at: file, vaultKey: vault), key)
}

let (ledger, key) = try start()
if point == "anywhere" {
    if let waiting = try ledger.pending() { try ledger.commit(key.sign(waiting)) }
    say("ready")
    while true {
        let appended = try ledger.append(EvidenceRecord("generic", ["标题": "一条", "正文": .text(UUID().uuidString)]))
        say("appended \(appended.sequence) \(appended.digest)")
        let toSign = try ledger.begin()
        say("begun \(toSign.bytes.base64EncodedString())")
        let sealed = try ledger.commit(key.sign(toSign))
        say("sealed \(sealed.height) \(sealed.blockHash)")
    }
}
try ledger.append(EvidenceRecord("generic", ["标题": "一条"]))
let toSign = try ledger.begin()
say(toSign.bytes.base64EncodedString())
if point == "begin" { wait() }
let signature = try key.sign(toSign)
if point == "signed" { wait() }
let sealed = try ledger.commit(signature)
say(sealed.blockHash)
wait()
