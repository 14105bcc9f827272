import Foundation
import XCTest
@testable import Yinzheng

/// Several tasks append, seal and verify while one closes.
final class ThreadsTests: XCTestCase {
    func testTasksAppendAndVerifyWhileOneCloses() async throws {
        let seconds = Double(ProcessInfo.processInfo.environment["SECONDS_OF_THREADS"] ?? "") ?? 2
        let before = try YinzhengLibrary.openHandles()
        let end = Date().addingTimeInterval(seconds)
        var rounds = 0, calls = [0, 0, 0]
        while Date() < end {
            let bank = try Bank()
            let first = try bank.ledger.append(Bank.drawdown())
            try bank.seal()
            let proof = try bank.ledger.prove(.dossier(first.dossier))
            let ledger = bank.ledger, key = bank.key
            let done = try await withThrowingTaskGroup(of: (kind: Int, calls: Int).self) { group in
                for task in 0..<6 {
                    group.addTask {
                        var done = 0
                        do {
                            while true {
                                switch task % 3 {
                                case 0: try ledger.append(Bank.drawdown("\(task)-\(done)"))
                                case 1: XCTAssertFalse(try Verifier.verify(proof).contradicted)
                                default: if try await !Self.seal(ledger, key) { done -= 1 }
                                }
                                done += 1
                                // Few threads carry all tasks: one that never waits would keep the others, and who closes, off them.
                                await Task.yield()
                                if task % 3 == 1, done > 20 { return (1, done) }
                            }
                        } catch {
                            XCTAssertEqual((error as? YinzhengError)?.code, .invalidHandle, "\(error)")
                        }
                        return (task % 3, done)
                    }
                }
                group.addTask {
                    try await Task.sleep(nanoseconds: UInt64.random(in: 1_000_000...60_000_000))
                    ledger.close()
                    ledger.close()
                    return (0, 0)
                }
                return try await group.reduce(into: [0, 0, 0]) { $0[$1.kind] += $1.calls }
            }
            for kind in 0..<3 { calls[kind] += done[kind] }
            key.close()
            rounds += 1
        }
        XCTAssertEqual(try YinzhengLibrary.openHandles(), before, "something was not closed")
        // Verifying touches nothing that closes, so it is no sign that anything met.
        for (kind, name) in ["appended", "verified", "sealed"].enumerated() { XCTAssertGreaterThan(calls[kind], 0, "nothing was \(name)") }
        print("threads: \(calls[0]) appended, \(calls[1]) verified, \(calls[2]) sealed in \(rounds) rounds")
    }

    /// Two tasks seal one ledger: one of them comes too late, which is no fault. Whether this one sealed.
    private static func seal(_ ledger: Ledger, _ key: SoftwareKey) async throws -> Bool {
        do {
            try await ledger.seal(by: key)
            return true
        } catch let error as YinzhengError where [.nothingToSeal, .nothingPending, .signatureMismatch].contains(error.code) {
            return false
        }
    }

    func testAnObjectThatIsForgottenIsClosed() throws {
        let before = try YinzhengLibrary.openHandles()
        for _ in 0..<50 { _ = try SoftwareKey(.p256).publicKey }
        XCTAssertEqual(try YinzhengLibrary.openHandles(), before)
        // The object lives as long as the call on it.
        for _ in 0..<50 { XCTAssertEqual(try Bank().ledger.append(Bank.drawdown()).place, 0) }
        XCTAssertEqual(try YinzhengLibrary.openHandles(), before)
    }
}
