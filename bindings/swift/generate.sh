#!/bin/sh
# Writes the generated half of the Swift door out of a built library, into bindings/swift/generated or another folder:
#   sh bindings/swift/generate.sh [LIBRARY] [FOLDER]
# Run it after a change of what `bindings/swift/rust` exports, and check in what it wrote.
set -eu
cd "$(dirname "$0")/../.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
library=${1:-}
folder=${2:-bindings/swift/generated}
if [ -z "$library" ]; then
    cargo build --locked -p yinzheng-swift
    library=$target/debug/libyinzheng_swift.$([ "$(uname -s)" = Darwin ] && echo dylib || echo so)
fi
# A target folder of its own, and never optimised: this program runs for a second.
CARGO_TARGET_DIR="$target/swift-bindgen" cargo build --locked --quiet --manifest-path bindings/swift/bindgen/Cargo.toml
mkdir -p "$folder/YinzhengGenerated" "$folder/YinzhengFFI"
"$target/swift-bindgen/debug/yinzheng-swift-bindgen" "$library" "$folder"
mv "$folder/YinzhengGenerated.swift" "$folder/YinzhengGenerated/"
mv "$folder/YinzhengFFI.h" "$folder/YinzhengFFI/"
cat >"$folder/YinzhengFFI/module.modulemap" <<'MAP'
module YinzhengFFI { header "YinzhengFFI.h" link "yinzheng_swift" export * }
MAP
