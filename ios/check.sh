#!/bin/sh
# What a machine without Apple's tools can say of iOS: the static library for devices builds in the feature sets that need no C
# compiler, and what of it an app would carry is linked by lld and weighed beside its budget.
#   sh ios/check.sh              the library for devices, and sizes
#   sh ios/check.sh simulator    that for the simulator builds, with the nightly and its sources of the standard library (5 minutes)
# Needs rustup for the target aarch64-apple-ios; ends with 77 without. SQLite (feature `store`) needs Apple's C compiler and SDK, and
# so does the XCFramework: that is `ios/build-xcframework.sh`, and said to be skipped here.
set -eu
cd "$(dirname "$0")/.."
triple=aarch64-apple-ios
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$target/ios
mkdir -p "$work"
missing() { echo "SKIPPED ios ($1): $2"; }

if [ "${1:-}" = simulator ]; then
    [ -d "$(rustc +nightly --print sysroot 2>/dev/null)/lib/rustlib/src" ] ||
        { echo "ios: no nightly with rust-src (rustup component add rust-src --toolchain nightly)"; exit 77; }
    cargo +nightly rustc --locked -q -Zbuild-std=std,panic_unwind -p yinzheng-swift --lib --crate-type staticlib \
        --target aarch64-apple-ios-sim --no-default-features --features seal,x509,paper
    echo "ios simulator: $(($(wc -c <"$target/aarch64-apple-ios-sim/debug/libyinzheng_swift.a") / 1024)) KiB, not optimised"
    exit 0
fi

rustup target list --installed 2>/dev/null | grep -qx "$triple" || rustup target add "$triple" >/dev/null 2>&1 ||
    { echo "ios: the target $triple cannot be had (no rustup, or no network)"; exit 77; }
lld=$(find "$(rustc --print sysroot)" -name ld64.lld -path '*gcc-ld*' | head -n 1)
status=0

# name, features, budget and ceiling in KiB
weigh() {
    cargo rustc --locked -q -p yinzheng-swift --lib --crate-type staticlib --target "$triple" --profile release-small \
        --no-default-features --features "$2"
    library=$target/$triple/release-small/libyinzheng_swift.a
    archive=$(($(wc -c <"$library") / 1024))
    if [ -z "$lld" ]; then
        missing "size, $1" "this toolchain brings no ld64.lld"
        return
    fi
    # As an app links it: what nothing calls is left out. The system's own functions are looked up when it is loaded.
    grep -oE '(uniffi|ffi)_yinzheng_swift_[a-z0-9_]+' bindings/swift/generated/YinzhengFFI/YinzhengFFI.h | sort -u | sed 's/^/_/' >"$work/exports"
    "$lld" -dylib -arch arm64 -platform_version ios 15.0 18.0 -undefined dynamic_lookup -dead_strip -x -S \
        -exported_symbols_list "$work/exports" -o "$work/$1.dylib" "$library" >"$work/$1.log" 2>&1 ||
        { cat "$work/$1.log"; status=1; return; }
    kib=$(($(wc -c <"$work/$1.dylib") / 1024))
    echo "ios $1: $kib KiB linked and stripped ($archive KiB as an archive), budget $3 KiB ($([ "$kib" -le "$3" ] && echo met || echo missed)), ceiling $4 KiB"
    [ "$kib" -le "$4" ] || { echo "ios $1: over its ceiling"; status=1; }
}

weigh verify "" 819 2300
weigh seal seal,x509,paper 2048 4000
if [ "$(uname -s)" = Darwin ]; then
    weigh store store,x509,paper 2048 5200
else
    missing "with the store" "SQLite for iOS needs Apple's SDK (ios/build-xcframework.sh, on a Mac)"
fi
missing "simulator" "takes a nightly and five minutes: sh ios/check.sh simulator"
exit "$status"
