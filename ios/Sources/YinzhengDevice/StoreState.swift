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
        return (try? YinzhengLibrary.part(of: genesis, at: "/says/continues/block_hash")) == digest(known.blockHash)
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

/// Sealing is one task's work at a time, in the order of their coming. An actor alone would let others in while the signer is waited for,
/// and then two tasks sign one block, or mirror an older head after a newer one.
final class Turn: @unchecked Sendable {
    // Guarded by the lock.
    private let lock = NSLock()
    private var taken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    // Only whose turn it is touches these.
    /// The block that was sealed last, by any task.
    var newest: Sealed?
    /// Why its head is not mirrored; `nil` where it is.
    var behind: YinzhengError?

    private func take() async {
        await withCheckedContinuation { (turn: CheckedContinuation<Void, Never>) in
            let now = lock.withLock {
                guard taken else {
                    taken = true
                    return true
                }
                waiting.append(turn)
                return false
            }
            if now { turn.resume() }
        }
    }

    private func give() {
        let next: CheckedContinuation<Void, Never>? = lock.withLock {
            guard waiting.isEmpty else { return waiting.removeFirst() }
            taken = false
            return nil
        }
        next?.resume()
    }

    func alone<T>(_ call: () async throws -> T) async throws -> T {
        await take()
        defer { give() }
        return try await call()
    }
}
