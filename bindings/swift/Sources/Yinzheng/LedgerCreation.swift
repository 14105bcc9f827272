import Foundation
internal import YinzhengGenerated

/// Where a ledger runs: facts that stand in its *opened* events, public, and written again at an opening where they changed.
public struct DeviceEnvironment: Hashable, Sendable {
    /// The operating system and its version. Signs of a jailbreak stand here, too: `iOS 18.2; jailbreak signs: none`.
    public var system: String?
    /// The class of device; never a number that names one person's device.
    public var device: String?
    /// The digest of the app's build, 64 hex digits.
    public var build: String?
    /// What the system's clock rests on.
    public var clock: ClockTier?

    /// Facts, as far as they are known.
    public init(system: String? = nil, device: String? = nil, build: String? = nil, clock: ClockTier? = nil) {
        self.system = system
        self.device = device
        self.build = build
        self.clock = clock
    }

    var request: JSON {
        .of(["system": system.map(JSON.text), "device": device.map(JSON.text), "build": build.map(JSON.text),
             "clock": clock.map { .text($0.rawValue) }])
    }
}

/// What a new ledger says of itself: its hash, its first key, and who seals.
public struct LedgerCreation: Hashable, Sendable {
    /// The hash of its trees and blocks, for ever.
    public var hash: HashAlgorithm
    /// Its first key.
    public var key: VerifyKey
    /// Where that key is kept, as declared.
    public var custody: Custody
    /// The name of the sealing organisation, public: 1 to 200 bytes.
    public var organisation: String
    /// The key's certificates, DER, its own first.
    public var certificates: [Data] = []
    /// The digest of the next key, typed, when it is known already.
    public var nextKey: String?
    /// When it is made; `nil` reads the system's clock.
    public var created: TimeClaim?
    /// Where it runs.
    public var environment: DeviceEnvironment?
    /// The ledger that it goes on from, when that one's store is gone and only its head is known: after a reinstallation.
    /// ``Ledger/continued(by:reason:lastKnown:at:vaultKey:)`` is for a store that is still there.
    public var continues: Head?
    /// Why; not said without ``continues``.
    public var continueReason: ContinueReason = .restore
    /// The key of each record is wrapped by a device of the host (``Ledger/hostKeys``).
    public var wrappedByHost = false
    /// How much it takes at once, until it is closed; `nil` is as ``Limits/init(appendRecords:waitingEntries:)`` says.
    public var limits: Limits?

    /// Terms with what every ledger needs; the rest may be set after.
    public init(hash: HashAlgorithm, key: VerifyKey, custody: Custody, organisation: String) {
        self.hash = hash
        self.key = key
        self.custody = custody
        self.organisation = organisation
    }

    /// Digests that point outside their ledger are typed; those of a head are bare, and of its ledger's hash.
    private func continuing(_ head: Head) -> JSON {
        let hash = head.ledgerId.prefix { $0 != ":" }
        return .of(["ledger_id": .text(head.ledgerId), "height": .integer(head.height),
                    "block_hash": .text("\(hash):\(head.blockHash)"), "sealed_digest": .text("\(hash):\(head.sealedDigest)"),
                    "reason": .text(continueReason.rawValue)])
    }

    var request: JSON {
        .of(["hash": .text(hash.rawValue), "key": key.request, "custody": .text(custody.rawValue),
             "organisation": .text(organisation), "next_key": nextKey.map(JSON.text), "created": created?.request,
             "certificates": certificates.isEmpty ? nil : .texts(certificates.map(\.hex)),
             "continues": continues.map(continuing),
             "environment": environment?.request, "wrapped_by_host": wrappedByHost ? .bool(true) : nil,
             "limits": limits?.request])
    }
}

/// How much an open ledger takes at once. Not kept with the ledger.
public struct Limits: Sendable, Hashable {
    /// Records in one ``Ledger/append(all:)``, 1 to 1,000,000.
    public let appendRecords: Int64
    /// Entries that may wait for a block before records are refused with ``ErrorCode/limitExceeded``.
    public let waitingEntries: Int64

    /// Limits; without a word those that suit a server.
    public init(appendRecords: Int64 = 100_000, waitingEntries: Int64 = 10_000_000) {
        self.appendRecords = appendRecords
        self.waitingEntries = waitingEntries
    }

    var request: JSON {
        .of(["append_records": .integer(appendRecords), "waiting_entries": .integer(waitingEntries)])
    }
}

/// The ledger that goes on from another.
public struct Continued: Sendable {
    /// The new ledger.
    public let ledger: Ledger
    /// How many unsealed entries were taken over.
    public let entries: Int64
    /// How many records that wait for a signature were taken over.
    public let held: Int64
    /// Everything that was said, as JSON.
    public let infoJSON: String
}

extension Ledger {
    /// Makes the ledger that goes on from this one: at a roll-over, after a restore from a backup, when the key is lost. What is
    /// not sealed yet goes along.
    /// - Parameter lastKnown: after a restore, the head that is known from outside.
    public func continued(by terms: LedgerCreation, reason: ContinueReason, lastKnown: Head? = nil, at file: URL,
                          vaultKey: Data) throws -> Continued {
        let request = JSON.of(["reason": .text(reason.rawValue), "create": terms.request, "last_known": lastKnown?.said]).data
        let given = try resource.use {
            try ledgerContinue(old: $0, path: file.utf8Path.fit, vaultKey: vaultKey.fit, request: request.fit)
        }
        let new = Ledger(given.number)
        let said = try JSON(given.bytes)
        return Continued(ledger: new, entries: said["entries"]?.integer ?? 0, held: said["held"]?.integer ?? 0,
                         infoJSON: said.string)
    }
}
