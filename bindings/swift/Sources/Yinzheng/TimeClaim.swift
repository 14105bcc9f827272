import Foundation

/// When something was captured, which clock says so, and how good that clock is.
public struct TimeClaim: Hashable, Sendable {
    /// A moment, with the minutes that local time is ahead of UTC.
    public struct Moment: Hashable, Sendable {
        /// Milliseconds since 1970.
        public var milliseconds: Int64
        /// Minutes ahead of UTC; `nil` when it is not known.
        public var offsetMinutes: Int?

        /// A moment; without an offset nothing is said of local time.
        public init(_ date: Date, offsetMinutes: Int? = nil) {
            milliseconds = date.milliseconds
            self.offsetMinutes = offsetMinutes
        }

        var request: JSON {
            guard let offsetMinutes else { return .integer(milliseconds) }
            return .of(["ms": .integer(milliseconds), "offset_minutes": .integer(Int64(offsetMinutes))])
        }
    }

    /// When it was captured.
    public var captured: Moment
    /// When it happened, if that is another time.
    public var occurred: Moment?
    /// Which clock says so; `nil` is ``ClockTier/declared``.
    public var tier: ClockTier?
    /// How long ago the clock was synchronised, milliseconds.
    public var syncAgeMilliseconds: Int64?
    /// How far it may be wrong, milliseconds.
    public var uncertaintyMilliseconds: Int64?
    /// A monotonic reading, milliseconds, and the boot that it counts from.
    public var monotonicMilliseconds: Int64?
    /// Names the boot, 16 bytes.
    public var bootId: Data?
    /// Something that the proof carries and that was not there before: its kind (`signed-nonce`, `block`, `token`) and typed digest.
    public var notBefore: (kind: String, digest: String)? {
        get { reference.map { ($0.kind, $0.digest) } }
        set { reference = newValue.map { Reference(kind: $0.kind, digest: $0.digest) } }
    }
    private var reference: Reference?

    private struct Reference: Hashable, Sendable {
        let kind: String
        let digest: String
    }

    /// A time that somebody says; set the rest after.
    public init(captured: Moment, tier: ClockTier? = nil) {
        self.captured = captured
        self.tier = tier
    }

    /// A time that somebody says.
    public init(_ date: Date, offsetMinutes: Int? = nil, tier: ClockTier? = nil) {
        self.init(captured: Moment(date, offsetMinutes: offsetMinutes), tier: tier)
    }

    var request: JSON {
        .of(["captured": captured.request, "occurred": occurred?.request, "tier": tier.map { .text($0.rawValue) },
             "sync_age_ms": syncAgeMilliseconds.map(JSON.integer), "uncertainty_ms": uncertaintyMilliseconds.map(JSON.integer),
             "monotonic_ms": monotonicMilliseconds.map(JSON.integer), "boot_id": bootId.map { .text($0.hex) },
             "not_before": reference.map { .of(["kind": .text($0.kind), "digest": .text($0.digest)]) }])
    }
}

extension TimeClaim? {
    /// Empty for the system's clock.
    var data: Data { self?.request.data ?? Data() }
}
