import Foundation
import Yinzheng

/// What a store says of itself, read beside nobody's writing.
struct Found {
    let head: Head?
    private let ledgerId: String
    private let keys: [LedgerKey]
    private let genesis: String

    init(_ file: URL) throws {
        let ledger = try Ledger(opening: file, readOnly: true)
        defer { ledger.close() }
        let status = try ledger.status()
        (head, ledgerId, keys) = (status.head, status.ledgerId, try ledger.keys.list())
        genesis = try Checks.inspect("entry", ledger.jsonDoor.entry(0))
    }

    /// Whether its genesis says that it goes on from this head.
    func follows(_ known: Head) -> Bool {
        guard ledgerId != known.ledgerId else { return false }
        let digest = { (hash: String) in "\(known.ledgerId.prefix { $0 != ":" }):\(hash)" }
        // Nothing stands there in a ledger that goes on from none.
        return (try? Yinzheng.part(of: genesis, at: "/says/continues/block_hash")) == digest(known.blockHash)
    }

    /// Whether this key may sign its next block, or the one after: while a rotation is not sealed yet, both do.
    func signs(_ key: VerifyKey) throws -> Bool {
        let wanted = try key.spki()
        return try keys.contains { try $0.ended == nil && $0.revoked == nil && $0.key.spki() == wanted }
    }
}

/// One opening at a time for each folder: two first starts at once would make two keys, and the second is the end of the first.
final class Opening: @unchecked Sendable {
    private static let shared = Opening()
    // Guarded by the lock.
    private let lock = NSLock()
    private var folders: Set<String> = []

    private func enter(_ folder: String) -> Bool { lock.withLock { folders.insert(folder).inserted } }
    private func leave(_ folder: String) { lock.withLock { _ = folders.remove(folder) } }

    static func alone<T>(_ folder: URL, _ call: () async throws -> T) async throws -> T {
        let path = folder.standardizedFileURL.path
        guard shared.enter(path) else { throw YinzhengError(.locked, "it is being opened in this process") }
        defer { shared.leave(path) }
        return try await call()
    }
}
