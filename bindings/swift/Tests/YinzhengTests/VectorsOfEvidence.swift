import Foundation
import XCTest
@testable import Yinzheng

/// The vectors of what is said, sealed and witnessed, and of whole files with their verdicts.
final class VectorsOfEvidence: Vectors {
    /// One case: read with what stands beside it, judged, its facts compared. Gives what was said where it was accepted.
    @discardableResult
    private func one(_ each: JSON, _ kind: String, _ beside: JSON? = nil) throws -> JSON? {
        let came = try inspect(kind, text(each, "hex"), beside)
        guard try judge(each, came.number, result(each)), let said = came.value else { return nil }
        if let facts = each["facts"], !facts.isNull {
            same(each, said.with("head", nil), facts)
        } else {
            count(each, true, "")
        }
        return said
    }

    func readAlone(_ file: String) throws {
        for each in try list(Self.file(file), "cases") { try one(each, file) }
    }

    func record() throws {
        for each in try list(Self.file("record"), "cases") {
            try one(each, "record", present(each["disclosures"]).map { .of(["disclosures": $0]) })
        }
    }

    private func present(_ json: JSON?) -> JSON? { json.flatMap { $0.isNull ? nil : $0 } }

    func key() throws {
        let all = try Self.file("key")
        for each in try list(all, "cases") {
            try one(each, "key", present(each["ledger_id"]).map { .of(["ledger_id": $0]) })
        }
        for each in try list(all, "chains") {
            let entries = try list(each, "entries")
            let beside = JSON.of(["ledger_id": each["ledger_id"], "first": each["first"],
                                  "entries": .array(entries.map { $0["hex"]! }), "heights": .array(entries.map { $0["height"]! })])
            let came = try inspect("key-chain", "", beside)
            if try judge(each, came.number, result(each)) {
                same(each, came.value, each["facts"])
            } else if case .failure(let error) = came {
                count(each, error.message.contains("entry \(each["at"]?.string ?? "?")"), "the message does not say which entry")
            }
        }
    }

    func signedBy(_ file: String) throws {
        for each in try list(Self.file(file), "cases") {
            try one(each, file, .of(["key": key(XCTUnwrap(each["key"])).request]))
        }
    }

    func receipt() throws {
        for each in try list(Self.file("receipt"), "cases") {
            try one(each, "receipt", .of(["entry": each["entry"], "key": key(XCTUnwrap(each["key"])).request]))
        }
    }

    /// Cases that come after the head of another, which was accepted.
    func chained(_ file: String) throws {
        var heads: [String: JSON] = [:]
        for each in try list(Self.file(file), "cases") {
            var after: JSON?
            if let name = each["after"]?.text {
                after = heads[name]
                if after == nil {
                    count(each, false, "it comes after \(name), which was not accepted")
                    continue
                }
            }
            let beside = JSON.of(["entries": present(each["entries"]), "after": after])
            if let said = try one(each, file, beside) { heads[try text(each, "name")] = said["head"] ?? .null }
        }
    }

    private func verdictOn(_ each: JSON, bundle: Bool) throws -> Result<Verdict, YinzhengError> {
        let policy = each["policy"]?.text.map { Policy(json: $0) } ?? .none
        let read = try bytes(each, "hex")
        return try tried {
            bundle ? try Verifier.verify(bundle: read, policy: policy, at: Self.at)
                : try Verifier.verify(read, policy: policy, at: Self.at)
        }
    }

    private func has(_ verdict: Verdict, _ outcome: Outcome, _ check: String) -> Bool {
        verdict.lines(outcome).contains { $0.check == check }
    }

    private func classOf(_ verdict: Verdict) -> String {
        if verdict.unreadable { return "refused" }
        if verdict.contradicted { return "contradicted" }
        let open = has(verdict, .notProven, "entry.in-block") || has(verdict, .notProven, "bundle.blocks")
        return open ? "not-proven" : "proven"
    }

    func verdict() throws {
        for each in try list(Self.file("verdict"), "cases") {
            let bundle = each["kind"]?.text == "bundle"
            let found = try verdictOn(each, bundle: bundle).value.map(classOf) ?? "no verdict"
            let expected = try text(each, "class")
            // A bundle is read as a stream: what its readers refuse comes after blocks that they have judged.
            let bad = ["refused", "contradicted"]
            count(each, found == expected || bundle && bad.contains(expected) && bad.contains(found), found)
        }
    }

    private func named(_ each: JSON, _ verdict: Verdict, _ outcome: Outcome) -> Bool {
        (each["checks"]?.items ?? []).allSatisfy { has(verdict, outcome, $0.text ?? "") }
    }

    func proof() throws {
        for each in try list(Self.file("proof"), "cases") {
            guard let said = try verdictOn(each, bundle: false).value else {
                count(each, false, "no verdict")
                continue
            }
            let number = try inspect("proof", text(each, "hex")).number
            switch try text(each, "result") {
            case "contradicted":
                count(each, number == 0 && said.contradicted && named(each, said, .contradicted), "not contradicted")
            case "ok", "not-proven":
                let right = number == 0 && !said.unreadable && !said.contradicted && named(each, said, .notProven)
                count(each, right, "another verdict")
            case let other:
                let refused = try !judge(each, number, other)
                count(each, refused && said.unreadable, "it was read")
            }
        }
    }

    func profile() throws {
        for each in try list(Self.file("profile"), "cases") {
            let number = try tried {
                let profile = try Profile(file: bytes(each, "hex"))
                _ = try profile.describeJSON()
                profile.close()
            }.number
            if try judge(each, number, result(each)) { count(each, true, "") }
        }
    }

    func policy() throws {
        for each in try list(Self.file("policy"), "cases") {
            let file = try bytes(each, "hex")
            let number = try tried { try Verifier.verify(Data(), policy: Policy(file: file), at: Self.at) }.number
            if file.isEmpty {
                count(each, number == 0, "nothing is a policy that knows nothing")
            } else if try judge(each, number, result(each)) {
                count(each, true, "")
            }
        }
    }
}
