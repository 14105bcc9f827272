#!/bin/sh
# Misuse of every function, leaks, threads that close what others use, provoked panics and random sequences: under AddressSanitizer, and
# misuse and leaks once more under Valgrind. Exit status 77: this compiler has no sanitizer.
set -eu
cd "$(dirname "$0")/../.."
host=$(rustc -vV | sed -n 's/^host: //p')
tests="--features test-panic --test misuse --test leaks --test threads --test panics --test sequences"

# The stable compiler has the sanitizers, behind this switch.
asan() { RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address YZ_SEQUENCES=${YZ_SEQUENCES:-100} cargo "$@"; }
echo 'fn main() {}' | RUSTC_BOOTSTRAP=1 rustc -Zsanitizer=address --target "$host" -o /dev/null - 2>/dev/null || exit 77
# Otherwise the tests would pass without any of it.
# shellcheck disable=SC2086 # a list of options
asan test --locked -q -p yinzheng-ffi --target "$host" $tests

if command -v valgrind >/dev/null 2>&1; then
  # Valgrind knows no AVX-512 and hides it: the software paths are tested here, the others above.
  cargo test --locked -q -p yinzheng-ffi --no-run --test misuse --test leaks
  for test in misuse leaks; do
    program=$(cargo test --locked -p yinzheng-ffi --no-run --test "$test" 2>&1 | sed -n 's/.*Executable.*(\(.*\))$/\1/p')
    YZ_ROUNDS=2 valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite "$program" -q
  done
else
  echo "SKIPPED c-asan (valgrind): valgrind is not installed (apt-get install valgrind)"
fi
