import Foundation
internal import YinzhengGenerated

/// Erasing, holding, and what is due. Erasing destroys the key and the value; the proof of the rest goes on verifying.
public struct LedgerPrivacy: Sendable {
    let ledger: Ledger

    static func request(_ target: JSON, _ reason: EraseReason, _ reference: String, _ time: TimeClaim?) -> Data {
        target.with("reason", .text(reason.rawValue)).with("reference", .text(reference)).with("time", time?.request).data
    }

    private func erase(_ target: JSON, _ reason: EraseReason, _ reference: String, _ time: TimeClaim?) throws -> Erasure {
        let request = Self.request(target, reason, reference, time)
        return try .reply(ledger.resource.use { try ledgerErase(ledger: $0, request: request.fit) })
    }

    /// Erases all values of records.
    /// - Parameter reference: the order, application or rule behind it; kept as a salted commitment.
    /// - Throws: ``ErrorCode/onHold``, ``ErrorCode/notFound``.
    @discardableResult
    public func erase(records: [Int64], reason: EraseReason, reference: String, time: TimeClaim? = nil) throws -> Erasure {
        try erase(.of(["records": .integers(records)]), reason, reference, time)
    }

    /// Erases some values of one record.
    @discardableResult
    public func erase(record: Int64, names: [String], reason: EraseReason, reference: String,
                      time: TimeClaim? = nil) throws -> Erasure {
        try erase(.of(["record": .integer(record), "names": .texts(names)]), reason, reference, time)
    }

    /// Erases all values of a dossier.
    @discardableResult
    public func erase(dossier: String, reason: EraseReason, reference: String, time: TimeClaim? = nil) throws -> Erasure {
        try erase(.of(["dossier": .text(dossier)]), reason, reference, time)
    }

    private func mark(_ action: String, _ records: [Int64], _ reason: HoldReason, _ reference: String,
                      _ time: TimeClaim?) throws -> Int64 {
        let request = JSON.of(["action": .text(action), "records": .integers(records), "reason": .text(reason.rawValue),
                               "reference": .text(reference), "time": time?.request]).data
        return signed(try ledger.resource.use { try ledgerHold(ledger: $0, request: request.fit) })
    }

    /// Forbids erasing, until ``lift(_:reason:reference:time:)``. Gives the number of the entry.
    @discardableResult
    public func hold(_ records: [Int64], reason: HoldReason, reference: String, time: TimeClaim? = nil) throws -> Int64 {
        try mark("set", records, reason, reference, time)
    }

    /// Marks records as restricted: kept, not to be used.
    @discardableResult
    public func restrict(_ records: [Int64], reason: HoldReason, reference: String, time: TimeClaim? = nil) throws -> Int64 {
        try mark("restrict", records, reason, reference, time)
    }

    /// Ends a hold or a restriction.
    @discardableResult
    public func lift(_ records: [Int64], reason: HoldReason, reference: String, time: TimeClaim? = nil) throws -> Int64 {
        try mark("lift", records, reason, reference, time)
    }

    /// Values of a dossier whose time to keep is over, by its profiles. Nothing is erased. What has not happened is `nil`.
    public func due(dossier: String, now: Date, relationshipEnd: Date? = nil, transactionEnd: Date? = nil,
                    certificateExpiry: Date? = nil) throws -> [RetentionDue] {
        let milliseconds = { (date: Date?) in date.map { JSON.integer($0.milliseconds) } }
        let request = JSON.of(["dossier": .text(dossier), "now_ms": .integer(now.milliseconds),
                               "relationship_end_ms": milliseconds(relationshipEnd),
                               "transaction_end_ms": milliseconds(transactionEnd),
                               "certificate_expiry_ms": milliseconds(certificateExpiry)]).data
        return try RetentionDue.replies(ledger.resource.use { try ledgerRetention(ledger: $0, request: request.fit) })
    }

    /// Moves every value under another vault key, which is in use afterwards. What was said, as JSON, with `old_key` for
    /// ``confirmDestroyed(oldKey:time:)``.
    public func rewrap(under newVaultKey: Data, time: TimeClaim? = nil) throws -> String {
        let said = try ledger.resource.use { try ledgerRewrap(ledger: $0, newVaultKey: newVaultKey.fit, time: time.data.fit) }
        return String(decoding: said, as: UTF8.self)
    }

    /// Says that the old vault key is destroyed everywhere: only then is an erasure done in backups, too.
    @discardableResult
    public func confirmDestroyed(oldKey: String, time: TimeClaim? = nil) throws -> Int64 {
        signed(try ledger.resource.use { try ledgerConfirmDestroyed(ledger: $0, oldKey: oldKey.fit, time: time.data.fit) })
    }
}
