#!/bin/sh
# Fuzzes the C functions under AddressSanitizer: sh ffi/fuzz/run.sh [SECONDS]. What crashed lies in ffi/fuzz/artifacts.
# Needs neither cargo-fuzz nor a nightly compiler: these are the flags that cargo-fuzz gives.
set -eu
cd "$(dirname "$0")"
seconds=${1:-60}
host=$(rustc -vV | sed -n 's/^host: //p')
target=${CARGO_TARGET_DIR:-$PWD/target}
export CARGO_TARGET_DIR="$target" RUSTC_BOOTSTRAP=1
coverage=-Cllvm-args=-sanitizer-coverage
flags="-Zsanitizer=address -Cpasses=sancov-module $coverage-level=4 $coverage-inline-8bit-counters $coverage-pc-table $coverage-trace-compares"
export RUSTFLAGS="$flags --cfg fuzzing -Ccodegen-units=1"
cargo build -q --release --target "$host"
mkdir -p corpus artifacts
# Absolute paths: the target changes its working directory. A guarded panic is an error number, not a crash.
exec "$target/$host/release/c_calls" "$PWD/corpus" -artifact_prefix="$PWD/artifacts/" -max_len=1024 -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=60
