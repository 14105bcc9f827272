#!/bin/sh
# Makes YinzhengFFI.xcframework: the library for devices and for the simulator, static, with the headers that Swift needs.
#   sh ios/build-xcframework.sh [FEATURES]     "store,x509,paper" when nothing is given; without x509 or paper it is smaller
# The Swift package names every function, so `store` must be among them.
# With YINZHENG_RELEASE_URL, the address that the archive will have, it writes the release's Package.swift beside it. The privacy
# manifest travels with the Swift package (a resource of YinzhengDevice): a static library has no place for one.
# Runs on a Mac with Xcode 16 and rustup only: it needs Apple's SDKs, C compiler (for SQLite) and xcodebuild. Elsewhere it says so and
# ends with 77; `ios/check.sh` is what other machines can do. Not run yet by anybody: nobody here had a Mac.
set -eu
cd "$(dirname "$0")/.."
[ "$(uname -s)" = Darwin ] || { echo "build-xcframework: needs a Mac with Xcode; this is $(uname -s)" >&2; exit 77; }
for tool in xcodebuild rustup cargo lipo libtool; do
    command -v "$tool" >/dev/null 2>&1 || { echo "build-xcframework: $tool is missing" >&2; exit 77; }
done
features=${1-store,x509,paper}
case ,$features, in *,store,*) ;; *) echo "build-xcframework: the Swift package needs the feature store" >&2; exit 2 ;; esac
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
work=$target/xcframework
out=$work/YinzhengFFI.xcframework
rm -rf "$work"
# One module's headers in a folder of its own: two libraries in one app would otherwise both bring an include/module.modulemap.
headers=$work/headers/YinzhengFFI
mkdir -p "$headers" "$work/simulator"
cp bindings/swift/generated/YinzhengFFI/YinzhengFFI.h "$headers/"
# In an app the static library is linked by the framework, so nothing says `link` here.
echo 'module YinzhengFFI { header "YinzhengFFI.h" export * }' >"$headers/module.modulemap"

export IPHONEOS_DEPLOYMENT_TARGET=15.0
for triple in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios; do
    rustup target add "$triple"
    sh ffi/sqlite-flags.sh cargo rustc --locked -p yinzheng-swift --lib --crate-type staticlib --target "$triple" --profile release-small \
        --no-default-features --features "$features"
done
lipo -create -output "$work/simulator/libyinzheng_swift.a" \
    "$target/aarch64-apple-ios-sim/release-small/libyinzheng_swift.a" "$target/x86_64-apple-ios/release-small/libyinzheng_swift.a"
xcodebuild -create-xcframework -output "$out" \
    -library "$target/aarch64-apple-ios/release-small/libyinzheng_swift.a" -headers "$work/headers" \
    -library "$work/simulator/libyinzheng_swift.a" -headers "$work/headers"

# The same bytes for the same sources: no times in the archive, names in order.
find "$out" -exec touch -h -t 202601010000 {} +
(cd "$work" && find YinzhengFFI.xcframework | LC_ALL=C sort | zip -q -X -@ YinzhengFFI.xcframework.zip)
echo "$work/YinzhengFFI.xcframework.zip"
checksum=$(swift package compute-checksum "$work/YinzhengFFI.xcframework.zip")
echo "checksum: $checksum"
# The manifest for the commit that is tagged, once it is known where the archive will lie.
if [ -n "${YINZHENG_RELEASE_URL:-}" ]; then
    sh ios/release-manifest.sh "$YINZHENG_RELEASE_URL" "$checksum" "$work/Package.swift"
    echo "$work/Package.swift"
else
    echo "for a release: sh ios/release-manifest.sh https://…/YinzhengFFI.xcframework.zip $checksum Package.swift"
fi
