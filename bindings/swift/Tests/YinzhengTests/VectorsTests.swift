import Foundation
import XCTest
@testable import Yinzheng

/// Every vector of tests/vectors through Swift, and a closing count.
final class VectorsTests: XCTestCase {
    func testEveryVectorComesOutAsItSays() throws {
        let bytes: [(String, (VectorsOfBytes) throws -> Void)] = [
            ("codec", { try $0.codec() }), ("hash", { try $0.hash() }), ("merkle", { try $0.merkle() }),
            ("signature", { try $0.signature() }), ("sm2_negative", { try $0.sm2Negative() }), ("value", { try $0.value() }),
            ("message", { try $0.message() }),
        ]
        let evidence: [(String, (VectorsOfEvidence) throws -> Void)] = [
            ("time", { try $0.readAlone("time") }), ("number", { try $0.readAlone("number") }),
            ("entry", { try $0.readAlone("entry") }), ("record", { try $0.record() }), ("key", { try $0.key() }),
            ("statement", { try $0.signedBy("statement") }), ("countersignature", { try $0.signedBy("countersignature") }),
            ("receipt", { try $0.receipt() }), ("block", { try $0.chained("block") }), ("bundle", { try $0.chained("bundle") }),
            ("verdict", { try $0.verdict() }), ("proof", { try $0.proof() }), ("profile", { try $0.profile() }),
            ("policy", { try $0.policy() }),
        ]
        let before = try YinzhengLibrary.openHandles()
        var all: [(String, Vectors)] = []
        for (file, run) in bytes {
            let vectors = VectorsOfBytes()
            try run(vectors)
            all.append((file, vectors))
        }
        for (file, run) in evidence {
            let vectors = VectorsOfEvidence()
            try run(vectors)
            all.append((file, vectors))
        }
        for (file, vectors) in all {
            XCTAssertGreaterThan(vectors.passed, 0, "nothing was run of \(file)")
            for failure in vectors.failures { XCTFail("\(file): \(failure)") }
        }
        let folder = Vectors.repository.appendingPathComponent("tests/vectors").path
        let there = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        XCTAssertEqual(Set(there), Set(all.map { $0.0 + ".json" }), "a file of vectors is not run")
        XCTAssertEqual(try YinzhengLibrary.openHandles(), before, "something was not closed")
        let passed = all.reduce(0) { $0 + $1.1.passed }, failed = all.reduce(0) { $0 + $1.1.failures.count }
        print("vectors: \(passed) passed, \(failed) failed")
    }
}
