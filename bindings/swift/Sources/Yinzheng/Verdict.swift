import Foundation
internal import YinzhengGenerated

/// The verdict 核验结论: per check one line with an outcome. Never one bare "valid".
public struct Verdict: JSONReply {
    let said: JSON
    static let required = ["lines", "summary"]

    /// One line of a verdict.
    public struct Line: JSONReply {
        let said: JSON
        /// Under which of the court's tests it stands.
        public var head: String { text("head") }
        /// What was checked.
        public var check: String { text("check") }
        /// On what it was checked.
        public var subject: String { text("subject") }
        /// How it came out, in a word of `core/data`.
        public var reason: String { text("outcome") }
        /// How it came out.
        public var outcome: Outcome { Outcome(rawValue: text("status")) ?? .notChecked }
        /// What this line says.
        public func says(_ language: Language) -> String { said["says"]?[language.rawValue]?.text ?? "" }
        /// What it does not say.
        public func saysNot(_ language: Language) -> String { said["says_not"]?[language.rawValue]?.text ?? "" }
    }

    /// What a verdict says of one record.
    public struct Record: JSONReply {
        let said: JSON
        /// The record number 存证编号.
        public var number: String { text("number") }
        /// Its digest, typed.
        public var digest: String { text("digest") }
        /// The preservation number 保全号 of its dossier.
        public var preservationNumber: String { text("dossier") }
        /// Its place in the dossier.
        public var place: Int64 { number("place") }
        /// Its profile.
        public var profile: String { text("profile") }
        /// Whether it is in a signed block.
        public var sealed: Outcome { Outcome(rawValue: text("sealed")) ?? .notChecked }
        /// How far it has come 证据等级; `nil` for a word that is newer than these sources.
        public var grade: Grade? { Grade(rawValue: text("grade")) }
        /// The values that are shown, by name, for people.
        public func values(_ language: Language) -> [String: String] {
            var out: [String: String] = [:]
            for field in each("fields") {
                if let name = field["name"]?.text, let value = field["value"]?[language.rawValue]?.text { out[name] = value }
            }
            return out
        }
    }

    /// All lines.
    public var lines: [Line] { each("lines").map(Line.init) }
    /// The lines with this outcome.
    public func lines(_ outcome: Outcome) -> [Line] { lines.filter { $0.outcome == outcome } }
    /// How many lines have this outcome.
    public func count(_ outcome: Outcome) -> Int { each("lines").count { $0["status"]?.text == outcome.rawValue } }
    /// True when anything is contradicted.
    public var contradicted: Bool { count(.contradicted) > 0 }
    /// The ids of the first lines for people.
    public var summaryIds: [String] { each("summary").compactMap { $0["id"]?.text } }
    /// True when it could not even be read.
    public var unreadable: Bool { summaryIds.contains("unreadable") }
    /// True when an anchor from outside says who sealed.
    public var originProven: Bool { summaryIds.contains("origin-checked") }
    /// True when that holds for some of it.
    public var originInPart: Bool { summaryIds.contains("origin-in-part") }
    /// The first lines for people.
    public func summary(_ language: Language) -> [String] { each("summary").compactMap { $0[language.rawValue]?.text } }
    /// What is said of each record.
    public var records: [Record] { each("records").map(Record.init) }

    /// A page for people, as HTML or CSV.
    /// - Throws: ``ErrorCode/unsupportedAlgorithm`` in a library that was built without pages.
    public func paper(_ request: PaperRequest) throws -> String {
        let verdict = said.data, request = request.request.data
        return String(decoding: try native { try verdictPaper(verdict: verdict.fit, request: request.fit) }, as: UTF8.self)
    }

    /// How many lines came out how.
    public var description: String {
        "Verdict: \(count(.proven)) proven, \(count(.contradicted)) contradicted, \(count(.notProven)) not proven, "
            + "\(count(.notChecked)) not checked"
    }
}

/// Which page is made of a verdict.
public struct PaperRequest: Hashable, Sendable {
    private let kind: String
    private let language: Language
    private let record: String?
    private let contract: TwinDigest?
    /// Values in full where they are shown, instead of masked.
    public var inFull = false
    /// The page's own number.
    public var number: String?
    /// Who issues it.
    public var issuer: String?
    /// Who asked for it.
    public var applicant: String?
    /// What for.
    public var purpose: String?
    /// Originals that were present.
    public var originals: [TwinDigest] = []

    private init(_ kind: String, _ language: Language, record: String? = nil, contract: TwinDigest? = nil) {
        self.kind = kind
        self.language = language
        self.record = record
        self.contract = contract
    }

    /// The certificate 存证证明.
    public static func certificate(_ language: Language) -> PaperRequest { .init("certificate", language) }
    /// The page about signing.
    public static func signing(_ language: Language) -> PaperRequest { .init("signing", language) }
    /// The evidence list 证据目录.
    public static func list(_ language: Language) -> PaperRequest { .init("list", language) }
    /// The evidence list as CSV.
    public static func table(_ language: Language) -> PaperRequest { .init("list.csv", language) }
    /// The annex to a contract.
    public static func annex(_ language: Language, contract: TwinDigest) -> PaperRequest {
        .init("annex", language, contract: contract)
    }
    /// The receipt for the customer, of one record by its digest.
    public static func receipt(_ language: Language, record: String) -> PaperRequest { .init("receipt", language, record: record) }

    var request: JSON {
        .of(["kind": .text(kind), "lang": .text(language.rawValue), "record": record.map(JSON.text), "contract": contract?.said,
             "full": inFull ? .bool(true) : nil, "number": number.map(JSON.text), "issuer": issuer.map(JSON.text),
             "applicant": applicant.map(JSON.text), "purpose": purpose.map(JSON.text),
             "originals": originals.isEmpty ? nil : .array(originals.map(\.said))])
    }
}
