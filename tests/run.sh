#!/bin/sh
# Every check of the project, leg by leg.
#   sh tests/run.sh               all legs
#   sh tests/run.sh format tests  these legs only
# A leg that lacks its tool prints `SKIPPED <leg>: <reason>`. One failure does not stop the next leg. The
# last line counts, and the exit status is 0 only when nothing failed. A skipped leg never counts as passed.
set -u
cd "$(dirname "$0")/.." || exit 2

legs="format links lints tests verify-only second-opinion hsm keys timestamps envelope erasure torture docs c c-asan java kotlin java-bank android swift ios story paper licences python foreign fuzz"
skipped_status=77
target=${CARGO_TARGET_DIR:-target}

# Ends the running leg without a verdict.
skip() {
  echo "SKIPPED $leg: $*"
  exit $skipped_status
}

# Runs tests of which there must be some: Cargo calls it a success when a name leads to none.
some() {
  said=$("$@" 2>&1) || { printf '%s\n' "$said"; return 1; }
  printf '%s\n' "$said"
  printf '%s\n' "$said" | grep -q '^test result: ok\. [1-9]' || { echo "no test was run by: $*"; return 1; }
}

# The programs that legs run as users do. `tests` has made them already: with other features the library would be built anew.
programs() {
  cargo build --locked --workspace --bins --examples
  debug=$(cd "$target" && pwd)/debug
}

# Formatting as rustfmt.toml says.
leg_format() {
  cargo fmt --version >/dev/null 2>&1 || skip "rustfmt is not installed (rustup component add rustfmt)"
  cargo fmt --all --check
}

# Every link from one page to another file of the project leads somewhere.
leg_links() {
  broken=$(find . \( -name .git -o -name target -o -name out \) -prune -o -name '*.md' -print | while read -r page; do
    grep -o '](\([^)]*\))' "$page" | sed 's/^](//; s/[#)].*//' | grep -vE '^(https?:|$)' | while read -r link; do
      [ -e "$(dirname "$page")/$link" ] || echo "$page: $link is not there"
    done
  done)
  [ -z "$broken" ] || { echo "$broken"; return 1; }
}

# No warning from rustc or clippy: everything with tests and benchmarks, and once more what is built without a part of it.
leg_lints() {
  cargo clippy --version >/dev/null 2>&1 || skip "clippy is not installed (rustup component add clippy)"
  cargo clippy --locked --workspace --all-targets -- -D warnings
  cargo clippy --locked -p yinzheng --no-default-features --lib --tests -- -D warnings
  cargo clippy --locked -p yinzheng --no-default-features --features envelope,package --lib -- -D warnings
  cargo clippy --locked -p yinzheng -p yinzheng-cli --features yinzheng/second-opinion --lib --bins -- -D warnings
  cargo clippy --locked -p yinzheng-facade -p yinzheng-ffi -p yinzheng-jni -p yinzheng-swift --features yinzheng-facade/test-panic,yinzheng-ffi/test-panic,yinzheng-jni/test-panic,yinzheng-swift/test-panic --all-targets -- -D warnings
  cargo clippy --locked -p yinzheng-ffi -p yinzheng-jni -p yinzheng-swift --no-default-features --features yinzheng-ffi/seal,yinzheng-jni/seal,yinzheng-swift/seal -- -D warnings
}

# Every Rust test, and every example in the documentation. Those that need a tool are ignored here and run by the leg they name.
leg_tests() {
  cargo test --locked --workspace
  # Copies that code leaves when it is not optimised are no leaks.
  CARGO_PROFILE_DEV_OPT_LEVEL=1 some cargo test --locked --workspace --test secrets_in_memory -- --include-ignored
  some cargo test --locked --workspace --features yinzheng-facade/test-panic --test panics --test panics_store
}

# A verifier is built without the store: SQLite may not be in it.
leg_verify_only() {
  tree=$(cargo tree --locked -p yinzheng --no-default-features -e normal --prefix none)
  if echo "$tree" | grep -E '^(rusqlite|libsqlite3-sys) '; then
    echo "the crates above belong to the store, yet a build without the store has them"
    return 1
  fi
  cargo test --locked -p yinzheng --no-default-features --lib
}

# Verdicts with a second implementation of every algorithm, other people's code: both must agree.
leg_second_opinion() {
  some cargo test --locked -p yinzheng --features second-opinion --lib -- second_ two_
  some cargo test --locked -p yinzheng --features second-opinion --test wycheproof -- second_ two_
}

# Keys outside the library: a simulated SM2 device, and SoftHSM through PKCS#11, installed where that is possible.
leg_hsm() {
  cargo test --locked --workspace --test sm2_device
  if ! command -v softhsm2-util >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends softhsm2; } >/dev/null 2>&1 || true
  fi
  command -v softhsm2-util >/dev/null 2>&1 || skip "SoftHSM is not installed (apt-get install softhsm2)"
  some cargo test --locked --workspace --test softhsm -- --include-ignored
}

# Keys and signatures both ways with tools that we did not write: openssl, and for SM2 at least one more (PyPI, Go, Maven).
leg_keys() {
  openssl version 2>/dev/null | grep -q '^OpenSSL 3' || skip "OpenSSL 3 is not installed (apt-get install openssl)"
  command -v python3 >/dev/null 2>&1 || skip "python3 is not installed"
  here=$PWD/tests/interop/keys
  work=$(mkdir -p "$target" && cd "$target" && pwd)/keys
  mkdir -p "$work"
  [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv" || {
    rm -rf "$work/venv"
    skip "python3 -m venv does not work (apt-get install python3-venv)"
  }
  python=$work/venv/bin/python
  # One by one: what one machine cannot install must not take the others away.
  while read -r package; do
    "$python" -m pip install --quiet --disable-pip-version-check "$package" || true
  done <"$here/requirements.txt"
  peers="$python $here/peer_openssl.py" others=0
  add() {
    peers="$peers
$1"
    others=$((others + 1))
  }
  lacks() { echo "SKIPPED keys ($1): $2"; }
  for module in gmssl gmssl_pyx; do
    if "$python" -c "import $module" 2>/dev/null; then
      add "$python $here/peer_$module.py"
    else
      lacks $module "it cannot be installed (no network?)"
    fi
  done
  if ! command -v go >/dev/null 2>&1; then
    lacks gmsm "go is not installed"
  elif ! (cd "$here/gmsm" && go mod download); then
    lacks gmsm "its modules cannot be fetched (no network?)"
  else
    (cd "$here/gmsm" && go build -o "$work/gmsm" .)
    add "$work/gmsm"
  fi
  if ! command -v javac >/dev/null 2>&1 || ! command -v mvn >/dev/null 2>&1; then
    lacks bouncycastle "Java or Maven is not installed"
  elif ! mvn -q -B -f "$here/bouncycastle/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$work/jars"; then
    lacks bouncycastle "it cannot be fetched (no network?)"
  else
    javac -cp "$work/jars/*" -d "$work/classes" "$here/bouncycastle/Peer.java"
    add "java -cp '$work/classes:$work/jars/*' Peer"
  fi
  [ "$others" -gt 0 ] || skip "no second tool for SM2 can be installed (no network?)"
  echo "$peers" | sed 's/^/peer: /'
  export YINZHENG_KEY_PEERS="$peers"
  for test in foreign_keys openssl_keys; do
    some cargo test --locked --workspace --test "$test" -- --include-ignored
  done
}

# Timestamps with authorities and readers that we did not write: openssl, rfc3161-client and, for SM2, BouncyCastle.
leg_timestamps() {
  openssl version 2>/dev/null | grep -q '^OpenSSL 3' || skip "OpenSSL 3 is not installed (apt-get install openssl)"
  command -v python3 >/dev/null 2>&1 || skip "python3 is not installed"
  here=$PWD/tests/interop/timestamps
  work=$(mkdir -p "$target" && cd "$target" && pwd)/timestamps
  mkdir -p "$work"
  [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv" || {
    rm -rf "$work/venv"
    skip "python3 -m venv does not work (apt-get install python3-venv)"
  }
  "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" ||
    skip "the packages of tests/interop/timestamps/requirements.txt cannot be installed (no network?)"
  jars=''
  if ! command -v javac >/dev/null 2>&1 || ! command -v mvn >/dev/null 2>&1; then
    echo "SKIPPED timestamps (bouncycastle): Java or Maven is not installed"
  elif ! mvn -q -B -f "$here/../keys/bouncycastle/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$work/jars"; then
    echo "SKIPPED timestamps (bouncycastle): it cannot be fetched (no network?)"
  else
    javac -Xlint:none -nowarn -cp "$work/jars/*" -d "$work/classes" "$here/Authority.java"
    jars="$work/classes:$work/jars/*"
  fi
  programs
  yinzheng=$debug/yinzheng
  "$yinzheng" --quiet seal examples/credit-loan --out "$work/story" --fresh >/dev/null
  "$work/venv/bin/python" "$here/check.py" "$yinzheng" "$work/story" "$work/made" ${jars:+"$jars"}
}

# What was erased is sought in every block of an unmounted disk, also where the process was killed while it erased.
leg_erasure() {
  [ "$(id -u)" = 0 ] || skip "only root may mount a disk image"
  command -v mkfs.ext4 >/dev/null 2>&1 || skip "mkfs.ext4 is not installed (apt-get install e2fsprogs)"
  losetup -f >/dev/null 2>&1 || skip "this machine has no loop device"
  probe=$(mktemp -d)
  truncate -s 4M "$probe/image" && mkfs.ext4 -q "$probe/image" && mkdir "$probe/disk" &&
    mount -o loop "$probe/image" "$probe/disk" 2>/dev/null || { rm -rf "$probe"; skip "this machine mounts no disk image"; }
  umount "$probe/disk"
  rm -rf "$probe"
  if command -v strace >/dev/null 2>&1 && strace -qq -o /dev/null true 2>/dev/null; then
    some cargo test --locked --workspace --test erased_from_disk -- --include-ignored
  else
    echo "SKIPPED erasure (killed): strace is not installed or may not trace here"
    some cargo test --locked --workspace --test erased_from_disk -- --include-ignored --skip crash::
  fi
}

# The embedded ledger is killed, starved and lied to at system calls of a seeded script, and opened again.
leg_torture() {
  command -v strace >/dev/null 2>&1 || skip "strace is not installed (apt-get install strace)"
  programs
  status=0
  "$debug/yinzheng-torture" --quick || status=$?
  [ "$status" -ne 77 ] || skip "strace may not trace here"
  return "$status"
}

# Envelopes both ways with the age command and pyrage, and those with SM2 and SM4 with gmsm. The library's own tests of them are among `tests`.
leg_envelope() {
  command -v python3 >/dev/null 2>&1 || skip "python3 is not installed"
  if ! command -v age >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends age; } >/dev/null 2>&1 || true
  fi
  venv=$target/envelope-venv
  if ! [ -x "$venv/bin/python" ]; then
    python3 -m venv "$venv" || { rm -rf "$venv"; skip "python3 -m venv does not work (apt-get install python3-venv)"; }
  fi
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/interop/envelope/requirements.txt ||
    skip "the packages of tests/interop/envelope/requirements.txt cannot be installed (no network?)"
  programs
  "$venv/bin/python" tests/interop/envelope/check.py "$debug/yinzheng" "$(cd "$target" && pwd)/envelope"
  command -v go >/dev/null 2>&1 || { echo "SKIPPED envelope (vectors and gmsm): go is not installed"; return 0; }
  here=$PWD/tests/interop/envelope work=$(cd "$target" && pwd)
  if (cd "$here/gmsm" && go mod download); then
    (cd "$here/gmsm" && go build -o "$work/envelope-gmsm" .)
    python3 "$here/gm.py" "$debug/yinzheng" "$work/envelope-gmsm" "$work/envelope-gm"
  else
    echo "SKIPPED envelope (gmsm): its modules cannot be fetched (no network?)"
  fi
  module=$(cd "$target" && go mod download -json c2sp.org/CCTV/age@v0.0.0-20251208015420-e9274a7bdbfd | sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p')
  [ -d "$module" ] || { echo "SKIPPED envelope (vectors): the format's own cannot be fetched (no network?)"; return 0; }
  "$venv/bin/python" tests/interop/envelope/vectors.py "$debug/yinzheng" "$module" "$(cd "$target" && pwd)/envelope"
}

# The manual builds without a warning: no broken link, nothing undocumented.
leg_docs() {
  RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
}

# The README's main command, into a folder that an earlier run may have filled, and its proofs handed to the second reader's leg.
leg_story() {
  cargo run --locked --release -- seal examples/credit-loan --out "$target/story" --fresh
}

# The C door from the side of C: install, symbols, header as C99 and C++17, the example, every vector, sizes beside their budgets.
leg_c() {
  sh ffi/tests/c/run.sh || { status=$?; [ "$status" != 77 ] || skip "a C compiler, pkg-config or binutils are not installed"; return "$status"; }
}

# Misuse of every C function, threads, provoked panics and random call sequences under AddressSanitizer and Valgrind.
leg_c_asan() {
  sh ffi/tests/sanitize.sh || { status=$?; [ "$status" != 77 ] || skip "this compiler has no AddressSanitizer for this machine"; return "$status"; }
}

# The Java door: every test and vector with -Xcheck:jni, on this Java and on others that are there.
leg_java() {
  sh bindings/java/test.sh java jvms || { status=$?; [ "$status" != 77 ] || skip "a JDK, Maven or binutils are not installed"; return "$status"; }
}

# Kotlin's functions over the Java door, with every vector.
leg_kotlin() {
  sh bindings/java/test.sh kotlin || { status=$?; [ "$status" != 77 ] || skip "a JDK, Maven or binutils are not installed"; return "$status"; }
}

# Android's classes, signer and mirror on the Java machine, the example's story, shrinking, and a library for phones.
leg_android() {
  if ! ls /usr/bin/ld.lld* >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends clang-22 lld-22; } >/dev/null 2>&1 || true
  fi
  sh android/test.sh || { status=$?; [ "$status" != 77 ] || skip "a JDK, Maven or what they fetch are not there"; return "$status"; }
}

# The Swift door and the flow of iOS, with every vector, on this machine's Swift or one in a Debian of its own.
leg_swift() {
  sh bindings/swift/test.sh || { status=$?; [ "$status" != 77 ] || skip "no Swift can be had here (see above)"; return "$status"; }
}

# The static library for iOS devices, and what it weighs.
leg_ios() {
  sh ios/check.sh || { status=$?; [ "$status" != 77 ] || skip "the target aarch64-apple-ios cannot be had"; return "$status"; }
}

# The core bank: its story, and the service killed in the middle, over a PostgreSQL and an HSM that it brings up itself.
leg_java_bank() {
  for what in story test; do
    sh examples/java-core-banking/run.sh "$what" || { status=$?; [ "$status" != 77 ] || skip "a JDK, Maven, PostgreSQL or SoftHSM are not installed"; return "$status"; }
  done
}

# Certificates, lists, annexes and receipts in a real browser, on the screen, on a phone and on paper.
leg_paper() {
  command -v python3 >/dev/null 2>&1 || skip "python3 is not installed"
  if ! command -v chromium >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk poppler-utils; } >/dev/null 2>&1 || true
  fi
  command -v chromium >/dev/null 2>&1 || skip "Chromium is not installed (apt-get install chromium fonts-noto-cjk)"
  command -v pdftotext >/dev/null 2>&1 || skip "pdftotext is not installed (apt-get install poppler-utils)"
  programs
  here=$(cd "$target" && pwd)
  "$debug/yinzheng" --quiet seal examples/credit-loan --out "$here/paper/story" --fresh >/dev/null
  python3 tests/paper/check.py "$debug/yinzheng" "$here/paper/story" "$here/paper/pages" ||
    { status=$?; [ "$status" != 77 ] || skip "Chromium does not start here"; return "$status"; }
}

# Licences, sources and banned crates of the dependency tree. Advisories need a database from the network.
leg_licences() {
  cargo deny --version >/dev/null 2>&1 || skip "cargo-deny is not installed (cargo install --locked cargo-deny)"
  cargo deny --log-level error check bans licenses sources
}

# The second reader: Python, written from docs/format.md, ordinary packages, none of our code. Then some thousand files, good
# and spoilt, that both verifiers must judge alike (tests/interop/differential.py).
leg_python() {
  # Some versions of unittest call a run of no tests a success.
  ls tests/interop/test_*.py >/dev/null || return 1
  command -v python3 >/dev/null 2>&1 || skip "python3 is not installed"
  venv=$target/interop-venv
  if ! [ -x "$venv/bin/python" ]; then
    python3 -m venv "$venv" || { rm -rf "$venv"; skip "python3 -m venv does not work (apt-get install python3-venv)"; }
  fi
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/interop/requirements.txt ||
    skip "the packages of tests/interop/requirements.txt cannot be installed (no network?)"
  # Proofs that the command made just now, where the story leg ran.
  proofs=$(ls "$target"/story/dossier.yzp "$target"/story/steps/*.yzp 2>/dev/null) || proofs=''
  [ -n "$proofs" ] || echo "SKIPPED python (story): the leg \`story\` made no proofs"
  programs
  # shellcheck disable=SC2086 # a list of files
  YZP_VENV=$venv YZP_VERDICT_CLASSES=$debug/examples/verdict_classes sh tests/interop/run.sh $proofs
}

# Tools we did not write: openssl and COSE libraries of four languages read kits that the command makes.
leg_foreign() {
  command -v python3 >/dev/null 2>&1 || skip "python3 is not installed"
  programs
  "$debug/examples/outsiders" "$target/foreign/made"
  sh tests/interop/foreign/run.sh "$debug/yinzheng" "$target/foreign/made" "$(cd "$target" && pwd)/foreign" ||
    { status=$?; [ "$status" != 77 ] || skip "no foreign tool could be had"; return "$status"; }
}

# Every reader for a few seconds each; the C door's fuzzer is only compiled (sh ffi/fuzz/run.sh). The same properties over the corpus and all vectors are part of `tests`.
leg_fuzz() {
  cargo fuzz --version >/dev/null 2>&1 || skip "cargo-fuzz is not installed (cargo install --locked cargo-fuzz)"
  sh fuzz/run.sh "${YINZHENG_FUZZ_SECONDS:-3}"
  cargo check --locked --manifest-path ffi/fuzz/Cargo.toml
}

for wanted in "$@"; do
  case " $legs " in
    *" $wanted "*) ;;
    *) echo "no leg is called \`$wanted\`; there are: $legs" >&2; exit 2 ;;
  esac
done
# shellcheck disable=SC2086 # the list of legs is meant to be split
[ $# -gt 0 ] || set -- $legs

passed=0 failed=0 skipped=0 failed_legs='' skipped_legs=''
for leg in "$@"; do
  echo "== $leg"
  started=$(date +%s)
  # A subshell of its own, not a condition: there `set -e` would be ignored.
  (set -e; "leg_$(echo "$leg" | tr - _)")
  status=$?
  case $status in
    0) passed=$((passed + 1)) ;;
    "$skipped_status") skipped=$((skipped + 1)); skipped_legs="$skipped_legs $leg" ;;
    *) failed=$((failed + 1)); failed_legs="$failed_legs $leg"; echo "FAILED $leg" ;;
  esac
  echo "== $leg: $(($(date +%s) - started)) s"
done

echo "$passed passed, $failed failed${failed_legs:+:$failed_legs}, $skipped skipped${skipped_legs:+:$skipped_legs}"
[ "$failed" -eq 0 ]
