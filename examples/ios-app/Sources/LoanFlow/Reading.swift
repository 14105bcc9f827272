import Foundation
import Yinzheng

/// A text that a customer reads, and what is noticed of it: when it was shown, how far it was scrolled, when it was agreed to.
/// A screen reports to it; it knows nothing of screens.
public struct Reading: Hashable, Sendable {
    /// A text as it is shown.
    public struct Document: Hashable, Sendable {
        /// Its title.
        public let title: String
        /// Its version, as the bank counts.
        public let version: String
        /// The exact bytes that are shown, UTF-8.
        public let bytes: Data
        /// How many pages.
        public let pages: Int

        /// A text.
        public init(title: String, version: String, bytes: Data, pages: Int) {
            self.title = title
            self.version = version
            self.bytes = bytes
            self.pages = pages
        }
    }

    /// Why an agreement is not taken.
    public enum NotYet: Error, Hashable, Sendable {
        /// It was not scrolled to its end.
        case unread
        /// It was on the screen for too short a time; seconds that are missing.
        case tooSoon(TimeInterval)
        /// The clock went back since it was shown.
        case clockWentBack
    }

    /// The text.
    public let document: Document
    /// When it was shown.
    public let shownAt: Date
    /// The fewest seconds that it must be on the screen.
    public let leastSeconds: TimeInterval
    /// How far it was scrolled at most: 0 to 1.
    public private(set) var furthest = 0.0
    /// How often it was scrolled.
    public private(set) var scrolls = 0
    /// When its end came on the screen.
    public private(set) var endReachedAt: Date?
    /// When it was agreed to.
    public private(set) var agreedAt: Date?

    /// It is shown now.
    public init(_ document: Document, shownAt: Date, leastSeconds: TimeInterval = 10) {
        self.document = document
        self.shownAt = shownAt
        self.leastSeconds = leastSeconds
    }

    /// The lower edge of the screen is now at this part of the text.
    public mutating func scrolled(to part: Double, at now: Date) {
        guard part.isFinite else { return }
        scrolls += 1
        furthest = max(furthest, min(part, 1))
        if furthest >= 1, endReachedAt == nil { endReachedAt = now }
    }

    /// The customer agrees.
    /// - Throws: ``NotYet``.
    public mutating func agree(at now: Date) throws {
        guard endReachedAt != nil else { throw NotYet.unread }
        let seconds = now.timeIntervalSince(shownAt)
        guard seconds >= 0 else { throw NotYet.clockWentBack }
        guard seconds >= leastSeconds else { throw NotYet.tooSoon(leastSeconds - seconds) }
        agreedAt = now
    }

    /// The digest of the bytes that were shown, typed: it stands in the customer's statement.
    public func displayed() throws -> String { "sha256:" + (try TwinDigest(of: document.bytes)).sha256 }

    /// Seconds on the screen until it was agreed to, rounded down.
    public var seconds: Int64 { agreedAt.map { Int64($0.timeIntervalSince(shownAt)) } ?? 0 }
}
