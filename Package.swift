// swift-tools-version:6.0
// The Swift door of Yinzheng 印证. SwiftPM wants this file at the repository's root; docs/swift.md describes it.
//
// For apps, the library itself is a binary target, an XCFramework that `ios/build-xcframework.sh` makes. A release has its address and
// checksum in this file (`ios/release-manifest.sh` writes them between the two marks), for Xcode sees no variables. To try one out:
//   YINZHENG_XCFRAMEWORK=path/YinzhengFFI.xcframework                         one that lies in this repository
//   YINZHENG_XCFRAMEWORK=https://…/YinzhengFFI.xcframework.zip YINZHENG_CHECKSUM=…   one that is downloaded
// Without it, the sources are built here and linked against what cargo built:
//   cargo build -p yinzheng-swift && swift build -Xlinker -Ltarget/debug

import Foundation
import PackageDescription

// library: begin
let environment = ProcessInfo.processInfo.environment
let library: Target = switch (environment["YINZHENG_XCFRAMEWORK"], environment["YINZHENG_CHECKSUM"]) {
case (let url?, let checksum?): .binaryTarget(name: "YinzhengFFI", url: url, checksum: checksum)
case (let path?, nil): .binaryTarget(name: "YinzhengFFI", path: path)
default: .systemLibrary(name: "YinzhengFFI", path: "bindings/swift/generated/YinzhengFFI")
}
// library: end

let package = Package(
    name: "Yinzheng",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "Yinzheng", targets: ["Yinzheng"]),
        .library(name: "YinzhengDevice", targets: ["YinzhengDevice"]),
        // For the tests of apps; not for their releases.
        .library(name: "YinzhengShieldSimulator", targets: ["YinzhengShieldSimulator"]),
    ],
    targets: [
        // The library in Rust, and what uniffi generated over it.
        library,
        .target(name: "YinzhengGenerated", dependencies: ["YinzhengFFI"], path: "bindings/swift/generated/YinzhengGenerated"),
        // What hosts use.
        // With what the library does that Apple's privacy manifests ask about.
        .target(name: "Yinzheng", dependencies: ["YinzhengGenerated"], path: "bindings/swift/Sources/Yinzheng",
                resources: [.copy("PrivacyInfo.xcprivacy")]),
        // Keys in the Secure Enclave and in shields, the mirror in the Keychain, the store on a phone.
        .target(name: "YinzhengDevice", dependencies: ["Yinzheng"], path: "ios/Sources/YinzhengDevice"),
        // A shield that lives in memory: for tests, and for apps that are developed without one.
        .target(name: "YinzhengShieldSimulator", dependencies: ["YinzhengDevice"], path: "ios/Sources/YinzhengShieldSimulator"),
        // The example: the customer's side of the credit loan, the same on the command line and in the app.
        .target(name: "LoanFlow", dependencies: ["YinzhengDevice"], path: "examples/ios-app/Sources/LoanFlow"),
        .target(name: "LoanScreens", dependencies: ["LoanFlow"], path: "examples/ios-app/Sources/LoanScreens"),
        .executableTarget(name: "loan-story", dependencies: ["LoanFlow", "YinzhengShieldSimulator"],
                          path: "examples/ios-app/Sources/LoanStory"),
        // Tests.
        .executableTarget(name: "killed", dependencies: ["Yinzheng"], path: "bindings/swift/Tests/Killed"),
        .testTarget(name: "YinzhengTests", dependencies: ["Yinzheng", "killed"], path: "bindings/swift/Tests/YinzhengTests"),
        .testTarget(name: "YinzhengDeviceTests", dependencies: ["YinzhengDevice", "YinzhengShieldSimulator", "LoanFlow"],
                    path: "ios/Tests/YinzhengDeviceTests"),
    ],
    swiftLanguageModes: [.v6]
)
