#!/bin/sh
# Line coverage of the readers and the verifier by their own tests and the vectors, as docs/testing.md tells it.
#   sh tests/coverage.sh            a table by file
#   sh tests/coverage.sh --html     pages under the target folder's llvm-cov/
# Needs cargo-llvm-cov (cargo install --locked cargo-llvm-cov) and rustup component add llvm-tools. Built without the store: what
# writes ledgers is tested elsewhere.
set -eu
cd "$(dirname "$0")/.."
exec cargo llvm-cov --locked -p yinzheng --no-default-features --lib \
  --test vectors_bytes --test vectors_format --test vectors_values --test verdict_vectors --test fuzz_corpus \
  --ignore-filename-regex '(/tests/|tests\.rs|/testing\.rs|/fuzz/|scene|vectors|forms\.rs|hostile|verify/tests)' "$@"
