import Foundation

/// The value of one field, as a business message has it. What it becomes stands in the profile: reading never fails a record, it
/// leaves findings.
public struct FieldValue: Hashable, Sendable, ExpressibleByStringLiteral {
    let json: JSON

    /// A text, sealed as it is given.
    public static func text(_ text: String) -> FieldValue { FieldValue(json: .text(text)) }
    /// A text, sealed as it is given.
    public init(stringLiteral text: String) { json = .text(text) }
    init(json: JSON) { self.json = json }

    /// Yes or no.
    public static func flag(_ flag: Bool) -> FieldValue { FieldValue(json: .bool(flag)) }

    /// A whole number.
    public static func number(_ number: Int64) -> FieldValue { FieldValue(json: .text(String(number))) }

    /// Money or a rate: `amount(500000, places: 2)` is `5000.00`. The places are kept as given; a `Decimal` would lose them.
    /// - Parameter places: 0 to 18; with others it is no amount, which stands in ``Appended/findings``.
    public static func amount(_ units: Int64, places: Int) -> FieldValue {
        guard (0...18).contains(places) else { return .text("\(units) with \(places) places") }
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let split = padded.index(padded.endIndex, offsetBy: -places)
        let fraction = places > 0 ? ".\(padded[split...])" : ""
        return .text("\(units < 0 ? "-" : "")\(padded[..<split])\(fraction)")
    }

    /// A moment, with the minutes that local time is ahead of UTC. One that no calendar holds is no time, which stands in
    /// ``Appended/findings``.
    public static func time(_ date: Date, offsetMinutes: Int = 0) -> FieldValue {
        let seconds = date.timeIntervalSince1970
        guard abs(seconds) < 1e12, (-1440...1440).contains(offsetMinutes) else {
            return .text("\(seconds) seconds since 1970, \(offsetMinutes) minutes ahead of UTC")
        }
        let local = date.milliseconds + Int64(offsetMinutes) * 60_000
        let (days, rest) = local.quotientAndRemainder(dividingBy: 86_400_000)
        let day = rest < 0 ? days - 1 : days
        let inDay = rest < 0 ? rest + 86_400_000 : rest
        let (year, month, dayOfMonth) = civil(day)
        let pad = { (number: Int64, width: Int) in
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let zone = offsetMinutes == 0 ? "Z" : (offsetMinutes < 0 ? "-" : "+")
            + pad(Int64(abs(offsetMinutes) / 60), 2) + ":" + pad(Int64(abs(offsetMinutes) % 60), 2)
        return .text("\(pad(year, 4))-\(pad(month, 2))-\(pad(dayOfMonth, 2))T\(pad(inDay / 3_600_000, 2)):"
            + "\(pad(inDay / 60_000 % 60, 2)):\(pad(inDay / 1000 % 60, 2)).\(pad(inDay % 1000, 3))\(zone)")
    }

    /// A date without a time, in the Gregorian calendar.
    public static func date(year: Int, month: Int, day: Int) -> FieldValue {
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return .text("\(year)-\(two(month))-\(two(day))")
    }

    /// Captured, and unknown.
    public static let unknown = FieldValue(json: .null)

    /// Year, month and day of a day since 1970-01-01. No calendar of the system, whose settings could change what is sealed.
    private static func civil(_ day: Int64) -> (Int64, Int64, Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

/// A file that belongs to a record. The library keeps its digests; the file stays with the host.
public struct Attachment: Hashable, Sendable {
    /// The label of its field, as the profile knows it.
    public var label: String
    /// Its media type, such as `text/plain`.
    public var mediaType: String
    /// Its title for people.
    public var title: String
    /// Both digests and the size.
    public var digest: TwinDigest

    /// An attachment that was digested already.
    public init(_ label: String, mediaType: String, title: String, digest: TwinDigest) {
        self.label = label
        self.mediaType = mediaType
        self.title = title
        self.digest = digest
    }

    /// An attachment by its bytes.
    public init(_ label: String, mediaType: String, title: String, bytes: Data) throws {
        self.init(label, mediaType: mediaType, title: title, digest: try TwinDigest(of: bytes))
    }

    /// An attachment by its file.
    public init(_ label: String, mediaType: String, title: String? = nil, file: URL) throws {
        self.init(label, mediaType: mediaType, title: title ?? file.lastPathComponent, digest: try TwinDigest(of: file))
    }

    var request: JSON {
        .of(["field": .text(label), "media_type": .text(mediaType), "title": .text(title), "digest": digest.said])
    }
}

/// Another record that a record rests on.
public struct Citation: Hashable, Sendable {
    /// How it rests on it.
    public var relation: Relation
    /// The digest of the other record, typed.
    public var digest: String

    /// A citation.
    public init(_ relation: Relation, _ digest: String) {
        self.relation = relation
        self.digest = digest
    }
}

/// One event as it is to be sealed: a profile 场景模板 and the business message, by labels that the profile knows.
public struct EvidenceRecord: Sendable, CustomStringConvertible {
    private enum Template: Sendable {
        case named(String)
        case loaded(Profile)
    }

    private let template: Template
    private let message: Result<JSON, YinzhengError>
    /// The host's own id of the event: appending it twice keeps one record.
    public var businessId: String?
    /// The dossier that it belongs to, by id or preservation number 保全号; `nil` begins a new one.
    public var dossier: String?
    /// When it was captured; `nil` reads the system's clock.
    public var time: TimeClaim?
    /// Files that belong to it.
    public var attachments: [Attachment] = []
    /// Records that it rests on.
    public var citations: [Citation] = []
    /// The digest of the record that it corrects, typed.
    public var supersedes: String?
    /// The hash of the record, if it is not the ledger's.
    public var hash: HashAlgorithm?

    /// A record by a built-in profile, with its values by label.
    public init(_ profile: String, businessId: String? = nil, dossier: String? = nil,
                _ values: KeyValuePairs<String, FieldValue> = [:]) {
        self.init(.named(profile), .success(Self.object(values)), businessId, dossier)
    }

    /// A record by a profile of the host's own.
    public init(_ profile: Profile, businessId: String? = nil, dossier: String? = nil,
                _ values: KeyValuePairs<String, FieldValue> = [:]) {
        self.init(.loaded(profile), .success(Self.object(values)), businessId, dossier)
    }

    /// A record by a built-in profile, with the business message as it is: one JSON object, which goes in unchanged.
    public init(_ profile: String, businessId: String? = nil, dossier: String? = nil, messageJSON: String) {
        self.init(.named(profile), Self.whole(messageJSON), businessId, dossier)
    }

    /// A record by a profile of the host's own, with the business message as it is.
    public init(_ profile: Profile, businessId: String? = nil, dossier: String? = nil, messageJSON: String) {
        self.init(.loaded(profile), Self.whole(messageJSON), businessId, dossier)
    }

    private init(_ template: Template, _ message: Result<JSON, YinzhengError>, _ businessId: String?, _ dossier: String?) {
        self.template = template
        self.message = message
        self.businessId = businessId
        self.dossier = dossier
    }

    private static func object(_ values: KeyValuePairs<String, FieldValue>) -> JSON {
        .object(values.map { JSON.Member(name: $0, value: $1.json) })
    }

    /// Whole JSON cannot end the message early and go on in the request around it.
    private static func whole(_ json: String) -> Result<JSON, YinzhengError> {
        guard (try? JSON(parsing: json))?.members != nil else {
            return .failure(YinzhengError(.invalidMessage, "a message is one JSON object"))
        }
        return .success(.raw(json))
    }

    func request() throws -> JSON {
        let profile: JSON = switch template {
        case .named(let id): .text(id)
        case .loaded(let profile): .integer(signed(try profile.number()))
        }
        return .of(["profile": profile, "business_id": businessId.map(JSON.text), "dossier": dossier.map(JSON.text),
                    "time": time?.request, "supersedes": supersedes.map(JSON.text), "hash": hash.map { .text($0.rawValue) },
                    "message": try message.get(),
                    "attachments": attachments.isEmpty ? nil : .array(attachments.map(\.request)),
                    "cite": citations.isEmpty ? nil : .array(citations.map {
                        .of(["relation": .text($0.relation.rawValue), "digest": .text($0.digest)])
                    })])
    }

    /// The request for the JSON door. It holds the values in clear.
    public func json() throws -> String { try request().string }
    /// Says no value.
    public var description: String { "EvidenceRecord" }
}
