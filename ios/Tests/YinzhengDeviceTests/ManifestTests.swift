import Foundation
import XCTest

/// The privacy manifest is one that Apple's tools can read, and says nothing but what the library does.
final class ManifestTests: XCTestCase {
    func testThePrivacyManifest() throws {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        // Of the module that whoever uses this package links, also without hardware.
        let bytes = try Data(contentsOf: folder.appendingPathComponent("bindings/swift/Sources/Yinzheng/PrivacyInfo.xcprivacy"))
        let said = try XCTUnwrap(PropertyListSerialization.propertyList(from: bytes, format: nil) as? [String: Any])
        XCTAssertEqual(Set(said.keys), ["NSPrivacyTracking", "NSPrivacyTrackingDomains", "NSPrivacyCollectedDataTypes", "NSPrivacyAccessedAPITypes"])
        XCTAssertEqual(said["NSPrivacyTracking"] as? Bool, false)
        for name in ["NSPrivacyTrackingDomains", "NSPrivacyCollectedDataTypes"] { XCTAssertEqual((said[name] as? [Any])?.count, 0, name) }
        var reasons: [String: [String]] = [:]
        for one in try XCTUnwrap(said["NSPrivacyAccessedAPITypes"] as? [[String: Any]]) {
            reasons[one["NSPrivacyAccessedAPIType"] as? String ?? ""] = one["NSPrivacyAccessedAPITypeReasons"] as? [String]
        }
        XCTAssertEqual(reasons, ["NSPrivacyAccessedAPICategoryFileTimestamp": ["C617.1"], "NSPrivacyAccessedAPICategoryDiskSpace": ["E174.1"],
                                 "NSPrivacyAccessedAPICategorySystemBootTime": ["35F9.1"]])
    }
}
