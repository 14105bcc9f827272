#!/bin/sh
# Writes the Package.swift of a release: the same as at the repository's root, with the library as a binary target by address and
# checksum, since Xcode gives a package no variables. It goes into the commit that is tagged.
#   sh ios/release-manifest.sh https://…/YinzhengFFI.xcframework.zip CHECKSUM [FILE]     FILE: else to the screen
# The checksum is what `ios/build-xcframework.sh` prints: 64 hex digits.
set -eu
cd "$(dirname "$0")/.."
url=${1:-} checksum=${2:-}
case $url in
https://*.xcframework.zip) ;;
*) echo "release-manifest: the address begins with https:// and ends with .xcframework.zip" >&2; exit 2 ;;
esac
# Nothing that could end the text in the manifest, and go on as a program there.
case $url in *[!A-Za-z0-9._~:/%+-]*) echo "release-manifest: a character in the address that has no place there" >&2; exit 2 ;; esac
case $checksum in *[!0-9a-f]*) checksum= ;; esac
[ "${#checksum}" = 64 ] || { echo "release-manifest: a checksum has 64 digits, 0 to 9 and a to f" >&2; exit 2; }
manifest=$(awk -v url="$url" -v checksum="$checksum" '
    /^\/\/ library: begin$/ { inside = 1; marks++
        print "let library: Target = .binaryTarget("
        print "    name: \"YinzhengFFI\","
        print "    url: \"" url "\","
        print "    checksum: \"" checksum "\")"
    }
    !inside { print }
    /^\/\/ library: end$/ { inside = 0; marks++ }
    END { exit marks != 2 }
' Package.swift) || { echo "release-manifest: Package.swift has lost its two marks" >&2; exit 1; }
if [ -n "${3:-}" ]; then printf '%s\n' "$manifest" >"$3"; else printf '%s\n' "$manifest"; fi
