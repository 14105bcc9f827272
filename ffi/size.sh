#!/bin/sh
# What the shared library weighs as it is shipped, beside its budget: sh ffi/size.sh [LIBRARY], where one with everything is built already.
# Fails above the ceilings, which only come down, but for what a new ability weighs: timestamps and certificate chains (feature `x509`)
# weigh 496 KiB of it, pages (feature `paper`) 282; a check on several threads, and words for bytes that wait for a signature, brought 150 more.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
status=0

build() {
  # shellcheck disable=SC2086 # options
  sh ffi/sqlite-flags.sh cargo rustc --locked -q -p yinzheng-ffi --profile release-small $1 --crate-type cdylib
}

# name, budget and ceiling in KiB, library
weigh() {
  kib=$(($(wc -c < "$4") / 1024))
  echo "$1: $kib KiB, budget $2 KiB ($([ "$kib" -le "$2" ] && echo met || echo missed)), ceiling $3 KiB"
  [ "$kib" -le "$3" ] || status=1
}

library=$target/release-small/libyinzheng_ffi.so
[ "$(uname)" != Darwin ] || library=${library%.so}.dylib
[ $# -gt 0 ] || build ""
weigh "everything on" 2048 5350 "${1:-$library}"
build --no-default-features
weigh "verifying only" 819 2300 "$library"
exit "$status"
