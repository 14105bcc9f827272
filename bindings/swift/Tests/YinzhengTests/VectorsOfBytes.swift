import Foundation
import XCTest
@testable import Yinzheng

/// The vectors of bytes, mathematics, values and signatures.
final class VectorsOfBytes: Vectors {
    func codec() throws { try inspected(list(Self.file("codec"), "vectors"), "item") }

    func hash() throws {
        let all = try Self.file("hash")
        for each in try list(all, "digests") {
            let alg: HashAlgorithm = each["alg"] == .integer(-16) ? .sha256 : .sm3
            count(each, try Checks.digest(alg, bytes(each, "hex")) == bytes(each, "digest"), "another digest")
            let typed = try inspect("digest", text(each, "wire")).value
            count(each, typed != nil && typed?["digest"] == each["text"], "another typed digest")
        }
        for each in try list(all, "twins") {
            let whole = try bytes(each, "hex")
            let pieces = stride(from: 0, to: whole.count, by: 7).map { whole[whole.startIndex + $0..<min(whole.startIndex + $0 + 7, whole.endIndex)] }
            let digest = try TwinDigest(of: whole)
            let right = try digest == TwinDigest(of: pieces) && each["size"] == .integer(digest.size)
                && each["sha256"]?.text == digest.sha256 && each["sm3"]?.text == digest.sm3
            count(each, right, "other digests")
        }
        try inspected(list(all, "refused"), "digest")
    }

    func merkle() throws {
        let all = try Self.file("merkle")
        let entries = try list(all, "entries")
        for suite in try list(all, "suites") {
            let alg = try XCTUnwrap(HashAlgorithm(rawValue: text(suite, "name")))
            let leaves = try list(suite, "leaf_hashes").compactMap(\.text)
            for (at, leaf) in leaves.enumerated() {
                count(suite, try Checks.digest(alg, Data(hex: "00" + entries[at].text!)).hex == leaf, "another leaf hash")
            }
            for tree in try list(suite, "trees") {
                let size = Int(tree["size"]!.integer!)
                let root = try Checks.treeRoot(alg, leafHashes: Data(hex: leaves.prefix(size).joined()))
                count(suite, root == (try bytes(tree, "root")), "another root")
            }
            for each in try list(suite, "inclusion") {
                let came = try tried {
                    try Checks.inclusion(alg, leafHash: bytes(each, "leaf_hash"), index: each["index"]!.integer!,
                                         size: each["size"]!.integer!, path: nodes(each, "path"), root: bytes(each, "root"))
                }
                if try judge(each, came.number, result(each)) { count(each, true, "") }
            }
            for each in try list(suite, "consistency") {
                let came = try tried {
                    try Checks.consistency(alg, firstSize: each["first_size"]!.integer!, secondSize: each["second_size"]!.integer!,
                                           firstRoot: bytes(each, "first_root"), secondRoot: bytes(each, "second_root"),
                                           path: nodes(each, "path"))
                }
                if try judge(each, came.number, result(each)) { count(each, true, "") }
            }
        }
    }

    func value() throws {
        let all = try Self.file("value")
        for each in try list(all, "values") {
            count(each, told(each, try inspect("value", text(each, "hex")).value, "findings", "zh", "en"), "another value")
        }
        try inspected(list(all, "refused"), "value")
        for each in try list(all, "readings") {
            let said = try JSON(parsing: Profile.valueJSON(type: text(each, "type"), text: text(each, "text")))
            count(each, told(each, said, "hex", "findings", "zh", "en"), "another reading")
        }
        for each in try list(all, "disclosures") {
            let said = try inspect("disclosure", text(each, "hex")).value
            let right = told(each, said, "salt", "sha256", "sm3") && each["field"] == said?["name"] && each["value"] == said?["hex"]
            count(each, right, "another disclosure")
        }
    }

    private func check(_ key: VerifyKey, _ message: String, _ signature: String,
                       _ form: SignatureForm) throws -> Result<Data, YinzhengError> {
        try tried { try Checks.signature(key, message: Data(hex: message), signature: Data(hex: signature), form: form) }
    }

    func signature() throws {
        let all = try Self.file("signature")
        let keys = try list(all, "keys")
        for each in keys {
            count(each, told(each, try JSON(parsing: key(each).describe()), "thumbprint", "spki_der", "sm2_z"), "another key")
        }
        try inspected(list(all, "bad_keys"), "cose-key")
        for each in try list(all, "signatures") {
            let (signature, message) = (try text(each, "signature"), try text(each, "message"))
            let sealed = try check(key(each), message, signature, .sealed).value
            let given = try check(key(each), message, text(each, "der"), .given).value
            count(each, sealed?.hex == signature && given?.hex == signature, "it does not fit")
        }
        for each in try list(all, "forms") {
            let key = try key(XCTUnwrap(keys.first { $0["alg"] == each["alg"] }))
            for form in SignatureForm.allCases {
                // A form is judged before the signature in it, which belongs to no message here: what passes does not fit.
                let number = try check(key, "00", text(each, "hex"), form).number
                let judged = number == ErrorCode.signatureMismatch.rawValue ? 0 : number
                if try judge(each, judged, text(each, form.rawValue)) { count(each, true, "") }
            }
        }
        for each in try list(all, "messages") {
            let said = try inspect("message", text(each, "message")).value
            let structure = try text(each, "sig_structure")
            let right = try said != nil && structure.contains(said?["protected"]?.text ?? "-")
                && check(key(each), structure, said?["signature"]?.text ?? "", .sealed).value != nil
            count(each, right, "it does not fit")
        }
    }

    func sm2Negative() throws {
        let all = try Self.file("sm2_negative")
        let key = VerifyKey(raw: try bytes(all, "key"), algorithm: .sm2)
        let message = try text(all, "message")
        let accepted = try XCTUnwrap(all["accepted"])
        let right = try ["signature", "der"].allSatisfy {
            try check(key, message, text(accepted, $0), .given).value == bytes(accepted, "signature")
        }
        count(accepted, right, "it does not fit")
        // In this file an error is {"number", "name"}.
        let named = { (each: JSON) in each["error"]?["name"]?.text ?? "no error" }
        for each in try list(all, "signatures") {
            let by = each["sm2_id"]?.text == nil ? key : key.withSM2Id(try bytes(each, "sm2_id"))
            _ = try judge(each, check(by, message, text(each, "signature"), .given).number, named(each))
        }
        for each in try list(all, "keys") {
            let bad = VerifyKey(raw: try bytes(each, "sec1"), algorithm: .sm2)
            _ = try judge(each, tried { try bad.describe() }.number, named(each))
        }
        for each in try list(all, "structures") {
            let bad = each["spki_der"] != nil ? VerifyKey(spki: try bytes(each, "spki_der")) : VerifyKey(cose: try bytes(each, "cose_key"))
            _ = try judge(each, tried { try bad.describe() }.number, named(each))
        }
    }

    func message() throws {
        let all = try Self.file("message")
        for name in ["read", "refused"] {
            for each in try list(all, name) {
                let said = try tried { try JSON(parsing: Profile.readJSON(text(each, "profile"), text(each, "message"))) }
                guard try judge(each, said.number, result(each)), let fields = said.value?["fields"]?.items else { continue }
                let expected = try list(each, "fields")
                let right = expected.count == fields.count && told(each, said.value, "missing")
                    && zip(expected, fields).allSatisfy { told($0, $1, "name", "class", "hex", "findings") }
                count(each, right, "other fields")
            }
        }
    }
}
