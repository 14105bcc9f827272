import Foundation
import XCTest
@testable import Yinzheng

/// A panic of the library arrives as an error, and the process lives. Needs a library that was built with `test-panic`.
final class PanicTests: XCTestCase {
    private func arm(_ point: String) throws {
        typealias Provoke = @convention(c) (UnsafePointer<CChar>) -> Void
        guard let symbol = dlsym(nil, "yinzheng_swift_provoke") else {
            throw XCTSkip("the library was built without test-panic")
        }
        point.withCString { unsafeBitCast(symbol, to: Provoke.self)($0) }
    }

    func testAPanicInACallIsAnErrorAndPoisonsOnlyItsObject() throws {
        let (struck, spared) = (try Bank(), try Bank())
        try arm("ledger_append")
        refused(.internal) { try struck.ledger.append(Bank.drawdown()) }
        refused(.poisoned) { try struck.ledger.append(Bank.drawdown()) }
        refused(.poisoned) { try struck.ledger.status() }
        XCTAssertEqual(try spared.ledger.append(Bank.drawdown()).place, 0)
        struck.ledger.close()
        refused(.invalidHandle) { try struck.ledger.status() }
    }

    func testAPanicWhileTheDiskIsWrittenLosesNothing() throws {
        let file = try folder(self).appendingPathComponent("ledger.db")
        let bank = try Bank(at: file)
        for point in ["store:before", "store:after"] {
            let ledger = point == "store:before" ? bank.ledger : try Ledger(opening: file, vaultKey: bank.vaultKey)
            try arm(point)
            refused(.internal) { try ledger.append(Bank.drawdown(point)) }
            ledger.close()
        }
        let again = try Ledger(opening: file, vaultKey: bank.vaultKey)
        XCTAssertFalse(try again.append(Bank.drawdown("store:before")).replayed, "it was never kept")
        XCTAssertTrue(try again.append(Bank.drawdown("store:after")).replayed, "it was kept")
        again.close()
    }

    func testAPanicBesideTheFacadeIsAnErrorAndSaysNothing() throws {
        try arm("door")
        do {
            _ = try Checks.digest(.sha256, Data())
            XCTAssertThrowsError(try Profile(file: Data())) { error in
                XCTAssertEqual((error as? YinzhengError)?.code, .internal)
                XCTAssertFalse("\(error)".contains("13900001234"), "what was being worked on")
            }
        }
        // It was armed for one failure.
        refused(.invalidProfile) { try Profile(file: Data()) }
    }
}
