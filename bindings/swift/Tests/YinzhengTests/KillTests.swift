import Foundation
import XCTest
@testable import Yinzheng

/// Another process is killed with SIGKILL at a point of begin, sign and commit; this one opens what it left.
final class KillTests: XCTestCase {
    private func start(_ folder: URL, _ point: String) throws -> (Process, FileHandle) {
        let process = Process()
        // Beside the bundle of tests, which on Linux is one program.
        #if canImport(Darwin)
        let products = Bundle(for: KillTests.self).bundleURL.deletingLastPathComponent()
        #else
        let products = Bundle(for: KillTests.self).bundleURL
        #endif
        process.executableURL = products.appendingPathComponent("killed")
        process.arguments = [folder.path, point]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        return (process, pipe.fileHandleForReading)
    }

    private func kill(_ process: Process) {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .uncaughtSignal, "it ended by itself")
    }

    /// Lines until it says that it is ready.
    private func untilReady(_ handle: FileHandle) throws -> [String] {
        var said = Data()
        while !String(decoding: said, as: UTF8.self).hasSuffix("ready\n") {
            let piece = handle.availableData
            XCTAssertFalse(piece.isEmpty, "it ended before it was ready: \(String(decoding: said, as: UTF8.self))")
            if piece.isEmpty { break }
            said += piece
        }
        return String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func open(_ folder: URL) throws -> (Ledger, SoftwareKey) {
        let text = try String(contentsOf: folder.appendingPathComponent("key.pem"), encoding: .utf8)
        let key = try SoftwareKey(pkcs8: text, passphrase: Data("only a test".utf8))
        let vault = try Data(contentsOf: folder.appendingPathComponent("vault"))
        return (try Ledger(opening: folder.appendingPathComponent("ledger.db"), vaultKey: vault), key)
    }

    func testABlockThatWasBegunWaitsWithTheSameBytes() throws {
        for point in ["begin", "signed"] {
            let folder = try folder(self)
            let (process, handle) = try start(folder, point)
            let bytes = try XCTUnwrap(Data(base64Encoded: untilReady(handle)[0]))
            refused(.locked) { try self.open(folder) }
            kill(process)
            let (ledger, key) = try open(folder)
            let waiting = try XCTUnwrap(try ledger.pending(), point)
            XCTAssertEqual(waiting.bytes, bytes, point)
            // More was appended since: the block stays the one that was handed out.
            try ledger.append(EvidenceRecord("generic", ["标题": "另一条"]))
            XCTAssertEqual(try ledger.begin().bytes, bytes, point)
            let height = try ledger.commit(key.sign(waiting)).height
            XCTAssertTrue(try sealed(bytes, height, ledger), point)
            XCTAssertNil(try ledger.pending())
            XCTAssertEqual(try ledger.status().unsealed, 1, "what came after the block is in the next")
            try ledger.commit(key.sign(ledger.begin()))
            XCTAssertFalse(try sealed(bytes, height + 1, ledger), "the next is another")
            XCTAssertEqual(try ledger.check().problems, [])
            ledger.close()
        }
    }

    func testABlockThatWasCommittedIsThere() throws {
        let folder = try folder(self)
        let (process, handle) = try start(folder, "commit")
        let said = try untilReady(handle)
        kill(process)
        let (ledger, _) = try open(folder)
        XCTAssertNil(try ledger.pending())
        XCTAssertEqual(try ledger.head().blockHash, said[1])
        ledger.close()
    }

    func testKilledAnywhereNothingThatWasSaidIsLost() throws {
        let folder = try folder(self)
        let (first, said) = try start(folder, "begin")
        _ = try untilReady(said)
        kill(first)
        // The newest block that is known: the next process seals block 0 before it says that it is ready.
        var base: Int64 = 0, round = 0, inFlight = 0, killedAt: [String: Int] = [:]
        while round < 12 || inFlight == 0 && round < 60 {
            round += 1
            let (process, handle) = try start(folder, "anywhere")
            XCTAssertEqual(try line(handle), "ready")
            // Something was said in every round, and something else stands last each time.
            var lines: [String] = []
            for _ in 0..<1 + round % 3 { lines.append(try line(handle)) }
            Thread.sleep(forTimeInterval: round % 2 == 0 ? 0 : Double.random(in: 0...0.03))
            kill(process)
            lines += String(decoding: handle.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n").map(String.init)
            let (ledger, key) = try open(folder)
            let pending = try ledger.pending()
            var appended: Int64 = 0, begun: Data?, height = base
            for line in lines.map({ $0.split(separator: " ") }) where line.count >= 2 {
                switch line[0] {
                case "appended": appended = try XCTUnwrap(Int64(line[1]))
                // Each line is written at once, so a kill leaves whole ones.
                case "begun": begun = Data(base64Encoded: String(line[1]))
                case "sealed": height = try XCTUnwrap(Int64(line[1])); begun = nil
                default: break
                }
            }
            XCTAssertGreaterThan(appended, 0, "round \(round) tested nothing")
            killedAt[lines.last?.split(separator: " ").first.map(String.init) ?? "", default: 0] += 1
            let status = try ledger.status()
            XCTAssertGreaterThan(status.entries, appended, "round \(round): an entry that was acknowledged is gone")
            let found = try XCTUnwrap(status.head).height
            XCTAssertGreaterThanOrEqual(found, height, "round \(round): a block that was acknowledged is gone")
            if let begun {
                inFlight += 1
                // What was handed out waits, or was sealed and not said: no other block ever stands at its height.
                if let pending {
                    XCTAssertEqual(pending.bytes, begun, "round \(round): another block")
                } else {
                    XCTAssertEqual(found, height + 1, "round \(round): neither waiting nor sealed")
                    XCTAssertTrue(try sealed(begun, found, ledger), "round \(round): another block is sealed")
                }
            }
            if let pending { try ledger.commit(key.sign(pending)) }
            XCTAssertEqual(try ledger.check().problems, [], "round \(round)")
            base = try ledger.head().height
            ledger.close()
        }
        XCTAssertGreaterThan(inFlight, 0, "no block was in flight in \(round) rounds")
        print("killed: \(round) rounds, \(inFlight) with a block in flight, after \(killedAt.sorted { $0.key < $1.key })")
    }

    /// Whether these bytes were signed for the block at this height. Its protected header, all that is needed to tell blocks apart,
    /// stands between `Signature1` and the root, which the block does not repeat.
    private func sealed(_ begun: Data, _ height: Int64, _ ledger: Ledger) throws -> Bool {
        try ledger.jsonDoor.block(height).block.range(of: begun.dropFirst(20).dropLast(36)) != nil
    }

    /// Reads no more than one line.
    private func line(_ handle: FileHandle) throws -> String {
        var line = ""
        while let byte = try handle.read(upToCount: 1), byte != Data([10]) { line += String(decoding: byte, as: UTF8.self) }
        return line
    }
}
