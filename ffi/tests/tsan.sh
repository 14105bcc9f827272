#!/bin/sh
# Threads that close what others use, through C, and threads that append, seal and prove at one time, in core: under ThreadSanitizer.
# It knows a race only where everything was compiled with it, so the standard library is compiled too: ten minutes, and no part of
# continuous integration. SQLite is not: every connection stands behind a lock of ours. Exit status 77: this compiler cannot.
set -eu
cd "$(dirname "$0")/../.."
host=$(rustc -vV | sed -n 's/^host: //p')
rustup component add rust-src >/dev/null 2>&1 || { echo "SKIPPED: the standard library's source cannot be had (rustup component add rust-src)"; exit 77; }
# The stable compiler has the sanitizers, behind this switch. Tests of their own target folder: every crate is another one there.
tsan() { RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=thread CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/tsan" cargo "$@"; }
tsan test --locked -q -Zbuild-std --target "$host" -p yinzheng-ffi --test threads
tsan test --locked -q -Zbuild-std --target "$host" -p yinzheng --test ledger_threads
