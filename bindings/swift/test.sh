#!/bin/sh
# The Swift door and what iOS builds on it, on this machine: builds the library with a switch for panics, compares what uniffi
# generates with what is checked in, compiles everything in Swift 6's language mode without a warning, runs every test and the
# example's story, killed in its middle.
#   sh bindings/swift/test.sh
#   SECONDS_OF_THREADS=60 sh bindings/swift/test.sh
# Exit status 77: no Swift can be had here. A part that lacks its tool says so and is not counted as passed.
set -eu
cd "$(dirname "$0")/../.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$target/swift
mkdir -p "$work/library"
# Asked before the function below has the same name.
on_path=$(command -v swift || true)
swift() { sh bindings/swift/toolchain.sh swift "$@"; }

# The first time this fetches a Debian, which waits for the network while compilers work. In a group of processes of its own: when
# this script ends early, all of it ends.
$(command -v setsid || true) sh bindings/swift/toolchain.sh &
toolchain=$!
trap 'kill -- "-$toolchain" 2>/dev/null || true' EXIT
trap 'exit 1' HUP INT TERM

echo "-- the library, with a switch for panics, and what uniffi generates of it"
cargo build --locked -p yinzheng-swift --features test-panic
library=libyinzheng_swift.$([ "$(uname -s)" = Darwin ] && echo dylib || echo so)
cp "$target/debug/$library" "$work/library/"
sh bindings/swift/generate.sh "$work/library/$library" "$work/generated"
diff -r bindings/swift/generated "$work/generated" || { echo "run bindings/swift/generate.sh, and check in what it writes"; exit 1; }
# Without the store and without keys it is still a whole: the verifier's.
cargo check --locked --quiet -p yinzheng-swift --no-default-features

wait "$toolchain" || exit $?
trap - EXIT
if [ -z "$on_path" ]; then
    # A folder that somebody names by mistake is not emptied.
    mkdir -p "$work/not-ours"
    : >"$work/not-ours/kept"
    if YINZHENG_SWIFT_ROOT="$work/not-ours" sh bindings/swift/toolchain.sh 2>"$work/not-ours.log" || [ ! -e "$work/not-ours/kept" ]; then
        cat "$work/not-ours.log"
        echo "the toolchain took a folder that is not its own"
        exit 1
    fi
fi
# A mirror whose signature does not fit makes no Debian, and that is a failure, not a machine without Swift; a machine that lacks a tool
# is skipped.
if [ -n "$on_path" ]; then
    echo "what the toolchain refuses is not asked: swift is on PATH"
elif ! command -v debootstrap >/dev/null 2>&1 || ! command -v gpg >/dev/null 2>&1; then
    echo "SKIPPED swift (what the toolchain refuses): debootstrap or gpg is not installed"
else
    echo "-- what the toolchain refuses"
    asked() {
        env -u YINZHENG_WITHOUT_SWIFT YINZHENG_SWIFT_ROOT="$work/refused-root" "$@" sh bindings/swift/toolchain.sh >"$work/refused.log" 2>&1
    }
    failed() { cat "$work/refused.log"; echo "$1"; exit 1; }
    rm -rf "$work/mirror" "$work/refused-root" "$work/nobody.gpg"
    mkdir -p "$work/mirror/dists/trixie"
    mirror="YINZHENG_DEBIAN_MIRROR=file://$work/mirror" release=$work/mirror/dists/trixie/Release
    code=0; asked "$mirror" || code=$?
    [ "$code" = 1 ] || failed "a mirror without anything gives $code, not a failure"
    # Signed, by somebody whom Debian's keyring does not know. With that one's own keyring it comes further: nothing else was refused.
    home=$(mktemp -d)
    gnupg() { gpg --homedir "$home" --batch --quiet --pinentry-mode loopback --passphrase '' "$@" 2>>"$work/gpg.log"; }
    printf 'Suite: stable\nCodename: trixie\nComponents: main\nArchitectures: amd64\nSHA256:\n' >"$release"
    gnupg --quick-generate-key nobody@example.com ed25519 sign 1d
    gnupg --armor --detach-sign --output "$release.gpg" "$release"
    gnupg --export --output "$work/nobody.gpg"
    gpgconf --homedir "$home" --kill gpg-agent || true
    rm -rf "$home"
    unknown='signed by unknown key'
    code=0; asked "$mirror" || code=$?
    [ "$code" = 1 ] && grep -q "$unknown" "$work/refused.log" || failed "a mirror that a stranger signed gives $code"
    code=0; asked "$mirror" YINZHENG_DEBIAN_KEYRING="$work/nobody.gpg" || code=$?
    [ "$code" = 1 ] && ! grep -q "$unknown" "$work/refused.log" || failed "a mirror that fits its keyring is refused for its signature"
    code=0; asked "$mirror" YINZHENG_WITHOUT_SWIFT="a test" || code=$?
    [ "$code" = 77 ] || failed "who says why is not skipped: $code"
    code=0; asked YINZHENG_DEBIAN_KEYRING="$work/none.gpg" || code=$?
    [ "$code" = 77 ] || failed "without a keyring it goes on: $code"
    [ ! -e "$work/refused-root" ] || { echo "something was made"; exit 1; }
fi
echo "-- compiled in Swift 6's language mode without a warning, by $(swift --version 2>&1 | head -n 1)"
options="--scratch-path $work/build -Xlinker -L$work/library -Xlinker -rpath -Xlinker $work/library"
# A warning is said when a file is compiled, so not again in a second run: the log is kept until there is none.
log=$work/build.log
# shellcheck disable=SC2086 # options
swift build --build-tests $options >"$log.new" 2>&1 || { grep -E 'error:' "$log.new" | head -n 20; tail -n 5 "$log.new"; exit 1; }
[ ! -s "$log" ] || cat "$log" >>"$log.new"
grep -E '^/.*warning:' "$log.new" | sort -u >"$log" || true
if [ -s "$log" ]; then cat "$log"; rm -f "$log"; rm -rf "$work/build"; echo "warnings"; exit 1; fi

# The manifest of a release: the same package, with the library by address and checksum; and none by what is no address.
echo "-- the manifest of a release"
rm -rf "$work/release"
mkdir -p "$work/release"
sum=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
sh ios/release-manifest.sh https://example.com/1/YinzhengFFI.xcframework.zip "$sum" "$work/release/Package.swift"
for folder in $(sed -n 's/.*path: "\([^"]*\)".*/\1/p' "$work/release/Package.swift"); do
    mkdir -p "$work/release/$(dirname "$folder")"
    cp -R "$folder" "$work/release/$folder"
done
sh bindings/swift/toolchain.sh swift package --package-path "$work/release" dump-package >"$work/release.json" ||
    { cat "$work/release.json"; echo "the manifest of a release cannot be read"; exit 1; }
for said in '"url" : "https://example.com/1/YinzhengFFI.xcframework.zip"' "\"checksum\" : \"$sum\"" '"name" : "YinzhengShieldSimulator"'; do
    grep -qF "$said" "$work/release.json" || { echo "the manifest of a release does not say $said"; exit 1; }
done
for wrong in "http://example.com/a.xcframework.zip $sum" 'https://example.com/a".xcframework.zip '"$sum" "https://example.com/a.xcframework.zip ${sum%f}" \
    "https://example.com/a.xcframework.zip ${sum%f}g" "https://example.com/a.zip $sum" ""; do
    # shellcheck disable=SC2086 # two arguments
    if sh ios/release-manifest.sh $wrong >/dev/null 2>&1; then echo "a manifest was written for: $wrong"; exit 1; fi
done

# What only Apple's systems compile is type-checked against stubs of our own here; the screens are read for their grammar only.
swiftc() { sh bindings/swift/toolchain.sh swiftc -swift-version 6 "$@"; }
if [ "$(uname -s)" = Darwin ]; then
    echo "on a Mac the build above has compiled these"
else
    mkdir -p "$work/stubs"
    for module in Security LocalAuthentication; do
        swiftc -parse-as-library -emit-module -module-name "$module" -emit-module-path "$work/stubs/$module.swiftmodule" \
            "ios/Tests/Stubs/$module.swift"
    done
    swiftc -typecheck -warnings-as-errors -module-name YinzhengDevice -I "$work/stubs" -I "$work/build/debug/Modules" \
        -Xcc "-fmodule-map-file=bindings/swift/generated/YinzhengFFI/module.modulemap" ios/Sources/YinzhengDevice/*.swift
    sed '/^#if/d; /^#endif/d' examples/ios-app/Sources/LoanScreens/LoanScreens.swift >"$work/screens.swift"
    sh bindings/swift/toolchain.sh swiftc -frontend -parse "$work/screens.swift"
fi

echo "-- tests"
status=0
# shellcheck disable=SC2086 # options
swift test --skip-build --disable-swift-testing $options >"$work/test.log" 2>&1 || status=$?
grep -E '^(vectors|threads):' "$work/test.log" || true
if [ "$status" -ne 0 ]; then
    grep -E 'error:' "$work/test.log" | cut -c1-400 | head -n 30
    tail -n 5 "$work/test.log"
    exit 1
fi
# The last summary is that of all.
tests=$(sed -n 's/^.*Executed \([0-9]*\) tests\{0,1\}, with \(\([0-9]*\) tests\{0,1\} skipped and \)\{0,1\}0 failures.*$/\1 \3/p' "$work/test.log" | tail -n 1)
skipped=${tests#* } tests=${tests%% *}
[ -n "$tests" ] || { echo "no summary of the tests"; tail -n 5 "$work/test.log"; exit 1; }
grep -q '^vectors: [1-9][0-9]* passed, 0 failed$' "$work/test.log" || { echo "the vectors did not run"; exit 1; }
[ "${skipped:-0}" = 0 ] || { echo "$skipped tests were skipped, and none may be here"; exit 1; }

echo "-- the example's story, killed before and after the signature"
story=$work/build/debug/loan-story
for moment in begin signed; do
    folder=$work/story-$moment
    rm -rf "$folder"
    mkdir -p "$folder"
    code=0
    sh bindings/swift/toolchain.sh "$story" "$folder" examples/credit-loan/attachments/loan-agreement.txt --die "$moment" >"$folder/first" 2>&1 || code=$?
    [ "$code" = 137 ] || { cat "$folder/first"; echo "it was not killed: $code"; exit 1; }
    sh bindings/swift/toolchain.sh "$story" "$folder" examples/credit-loan/attachments/loan-agreement.txt >"$folder/second" 2>&1 || { cat "$folder/second"; exit 1; }
    grep -q 'waits since the app was killed, with the same bytes' "$folder/second" || { cat "$folder/second"; exit 1; }
    grep -q '^bundle of [0-9]* bytes verified' "$folder/second" || { cat "$folder/second"; exit 1; }
done
cat "$work/story-begin/first" "$work/story-begin/second"
echo "swift: $((tests + 2)) tests passed"
