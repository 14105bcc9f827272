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
            try ledger.commit(key.sign(waiting))
            XCTAssertNil(try ledger.pending())
            XCTAssertEqual(try ledger.status().unsealed, 1, "what came after the block is in the next")
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
        for round in 0..<12 {
            let (process, handle) = try start(folder, "anywhere")
            _ = try untilReadyOnly(handle)
            Thread.sleep(forTimeInterval: Double.random(in: 0.001...0.06))
            kill(process)
            let lines = String(decoding: handle.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n")
            let (ledger, key) = try open(folder)
            let pending = try ledger.pending()
            var appended: Int64 = 0, begun: Data?, height: Int64 = -1
            for line in lines.map({ $0.split(separator: " ") }) where line.count >= 2 {
                switch line[0] {
                case "appended": appended = Int64(line[1]) ?? 0
                case "begun": begun = Data(base64Encoded: String(line[1])) ?? begun
                case "sealed": height = Int64(line[1]) ?? -1; begun = nil
                default: break
                }
            }
            let status = try ledger.status()
            XCTAssertGreaterThan(status.entries, appended, "round \(round): an entry that was acknowledged is gone")
            XCTAssertGreaterThanOrEqual(status.head?.height ?? -1, height, "round \(round): a block that was acknowledged is gone")
            if let begun, let pending { XCTAssertEqual(pending.bytes, begun, "round \(round): another block") }
            if let pending { try ledger.commit(key.sign(pending)) }
            XCTAssertEqual(try ledger.check().problems, [], "round \(round)")
            ledger.close()
        }
    }

    /// Reads no more than the line that says so.
    private func untilReadyOnly(_ handle: FileHandle) throws -> String {
        var line = ""
        while let byte = try handle.read(upToCount: 1), byte != Data([10]) { line += String(decoding: byte, as: UTF8.self) }
        XCTAssertEqual(line, "ready")
        return line
    }
}
