#!/bin/sh
# Tools we did not write read verification kits: openssl, scitt-cose, pycose, go-cose, pask-wire, BouncyCastle. And SD-JWTs: sd-jwt, sd-jwt-rs.
#   sh tests/interop/foreign/run.sh YINZHENG MADE WORK
# YINZHENG: the command; MADE: the folder that the example `outsiders` filled; WORK: a folder for kits and tools, kept for the next run.
# A tool that is not there, or cannot be installed, is SKIPPED aloud: `SKIPPED foreign (tool): reason`. The last line counts; status 77
# when no tool could be had.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
yinzheng=$1 made=$2 work=$3
mkdir -p "$work"
passed=0 failed=0 skipped=0

# what, then its status: 0, 77 for skipped, or failed
count() {
  case $2 in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *) failed=$((failed + 1)); echo "FAILED $1" ;;
  esac
}

missing() {
  echo "SKIPPED foreign ($1): $2"
  return 77
}

# A kit of the signed record of each algorithm, and one of an ordinary entry: the newest block's link.
make_kits() {
  rm -rf "$work/kits"
  mkdir -p "$work/kits"
  for name in ed25519 p256 sm2; do
    kit="$yinzheng --lang en export --proof $made/$name.yzp --policy $made/$name.policy.json --kit"
    $kit "$(cat "$made/$name.number")" -o "$work/kits/$name" >/dev/null || return 1
    $kit 0 -o "$work/kits/$name-genesis" >/dev/null || return 1
  done
}

# An environment for one script, by the name of the script, with these packages.
environment() {
  script=$1 venv=$work/$1-venv
  shift
  if ! [ -x "$venv/bin/python" ]; then
    python3 -m venv "$venv" 2>/dev/null || { rm -rf "$venv"; missing "$script" "python3 -m venv does not work"; return; }
  fi
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" ||
    missing "$script" "its packages cannot be installed (no network?)"
}

python_tool() {
  environment "$@" || return
  "$venv/bin/python" "$here/check_$script.py" "$work"/kits/*
}

go_cose() {
  command -v go >/dev/null 2>&1 || { missing "go-cose" "go is not installed"; return; }
  (cd "$here/go" && go mod download) || { missing "go-cose" "its modules cannot be fetched (no network?)"; return; }
  (cd "$here/go" && go build -o "$work/go-cose" .) && "$work/go-cose" "$work"/kits/*
}

pask_wire() {
  manifest=$here/rust/Cargo.toml
  cargo fetch --quiet --locked --manifest-path "$manifest" || { missing "pask-wire" "its crates cannot be fetched (no network?)"; return; }
  CARGO_TARGET_DIR=$work/rust cargo run --quiet --locked --manifest-path "$manifest" --bin yinzheng-foreign -- "$work"/kits/*
}

bouncycastle() {
  jar=$work/bcprov-jdk18on-1.83.jar
  java -version 2>&1 | grep -qE 'version "(1[7-9]|[2-9][0-9])' || { missing "bouncycastle" "no Java 17 or newer"; return; }
  if ! [ -f "$jar" ]; then
    command -v mvn >/dev/null 2>&1 || { missing "bouncycastle" "Maven is not installed"; return; }
    mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
      -Dartifact=org.bouncycastle:bcprov-jdk18on:1.83 "-DoutputDirectory=$work" >/dev/null ||
      { missing "bouncycastle" "it cannot be fetched (no network?)"; return; }
  fi
  java -cp "$jar" "$here/java/Check.java" "$work"/kits/*
}

openssl_tool() {
  openssl version 2>/dev/null | grep -q '^OpenSSL 3' || { missing "openssl" "OpenSSL 3 is not installed"; return; }
  python3 "$here/check_openssl.py" "$work"/kits/*
}

page() {
  openssl version 2>/dev/null | grep -q '^OpenSSL 3' || { missing "page" "OpenSSL 3 is not installed"; return; }
  PATH=$(dirname "$yinzheng"):$PATH python3 "$here/page.py" "$root/docs/verify-without-us.md" \
    "$made/$1.yzp" "$made/$1.policy.json" "$(cat "$made/$1.number")" "$1"
}

# An SD-JWT of the signed record by each algorithm that JOSE knows, and one that is bound to a holder's key. The values are those of
# examples/rust/outsiders.rs.
make_sd_jwts() {
  folder=$work/sd-jwt
  rm -rf "$folder" && mkdir -p "$folder"
  YINZHENG_PASSPHRASE=synthetic-passphrase
  export YINZHENG_PASSPHRASE
  for name in p256 ed25519 holder; do
    alg=$name
    [ "$name" != holder ] || alg=p256
    "$yinzheng" --quiet keygen "$alg" -o "$folder/$name" >/dev/null || return 1
  done
  openssl pkcs8 -in "$folder/holder.key.pem" -passin env:YINZHENG_PASSPHRASE -out "$folder/holder.plain.pem" || return 1
  for name in p256 ed25519; do
    cp "$made/$name.number" "$folder/" || return 1
    echo '{"other.授权编号":"SQ-20261101-0001","other.授权时间":"2026-11-01 09:30:00.0"}' > "$folder/$name.values.json"
    issue="$yinzheng --quiet sd-jwt $(cat "$made/$name.number") --proof $made/$name.yzp --key $folder/$name.key.pem --issuer https://bank.example --expires 2099-01-01T00:00:00Z"
    $issue -o "$folder/$name.sd-jwt" >/dev/null && $issue --holder "$folder/holder.public.pem" -o "$folder/$name.bound.sd-jwt" >/dev/null || return 1
  done
  unset YINZHENG_PASSPHRASE
}

sd_jwt_rs() {
  manifest=$here/rust/Cargo.toml
  cargo fetch --quiet --locked --manifest-path "$manifest" || { missing "sd-jwt-rs" "its crates cannot be fetched (no network?)"; return; }
  CARGO_TARGET_DIR=$work/rust cargo run --quiet --locked --manifest-path "$manifest" --bin sd_jwt -- "$work/sd-jwt"
}

make_kits
count kits $?
openssl_tool
count openssl $?
for name in p256 ed25519 sm2; do
  page $name
  count "the page's commands, $name" $?
done
python_tool scitt_cose scitt-cose==0.5.0
count scitt-cose $?
# pycose reads nothing with a newer cbor2, so it has an environment of its own.
python_tool pycose pycose==1.1.0 'cbor2<6'
count pycose $?
go_cose
count go-cose $?
pask_wire
count pask-wire $?
bouncycastle
count bouncycastle $?
make_sd_jwts
count "sd-jwt issued" $?
sd_jwt() {
  environment sd_jwt sd-jwt==0.10.4 || return
  "$venv/bin/python" "$here/check_sd_jwt.py" "$work/sd-jwt"
}
sd_jwt
count sd-jwt $?
sd_jwt_rs
count sd-jwt-rs $?

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] || exit 1
# The kits by themselves show nothing.
[ "$passed" -gt 1 ] || exit 77
