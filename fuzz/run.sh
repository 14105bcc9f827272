#!/bin/sh
# Fuzzes every reader, or those named, for some seconds each.
#   sh fuzz/run.sh [SECONDS] [TARGET …]          60 seconds each where nothing is said
# Needs cargo-fuzz (cargo install --locked cargo-fuzz). What is found stands in fuzz/artifacts/; put it into fuzz/corpus/ with the mend.
# On a stable compiler there is no address sanitizer: our code is safe Rust, what counts are panics and the properties.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- $(cd fuzz/corpus && ls)
export RUSTC_BOOTSTRAP=1
made=${CARGO_TARGET_DIR:-target}/fuzz-corpus
for target in "$@"; do
  mkdir -p "$made/$target"
  # New inputs go into the first folder, not into the repository.
  seeds="$made/$target fuzz/corpus/$target"
  case $target in
    profile) seeds="$seeds core/profiles" ;;
    message) seeds="$seeds $(ls -d examples/*/messages | tr '\n' ' ')" ;;
  esac
  # shellcheck disable=SC2086 # a list of folders
  cargo fuzz run --sanitizer none "$target" $seeds -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 -verbosity=0
  echo "fuzz $target: $seconds s, nothing found"
done
