#!/bin/sh
# The native libraries as they are shipped, and one jar for each, named by its classifier:
#   sh bindings/java/natives.sh                      all of linux-x86_64, linux-aarch64, and both with musl
#   sh bindings/java/natives.sh linux-x86_64         these only
#   sh bindings/java/natives.sh --out FOLDER …       default: target/natives
# Those for glibc run from 2.17 on (CentOS 7, Kylin V10), because cargo-zigbuild links against that; readelf checks it. Needs
# python3 with venv, and the Rust targets (rustup target add). What cannot be built, or is not as it must be, is said and never
# packed; the status is 0 only when everything asked for is there. macOS and Windows build with plain Cargo on such a machine: --plain CLASSIFIER.
# Servers want speed, so the profile is release; PROFILE=release-small is for size.
set -eu
cd "$(dirname "$0")/../.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
export CARGO_PROFILE_RELEASE_STRIP=symbols
out=$target/natives profile=${PROFILE:-release} plain=''
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=$2; shift 2 ;;
    --plain) plain=$2; shift 2 ;;
    -*) sed -n '2,10s/^# //p' "$0" >&2; exit 2 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || [ -n "$plain" ] || set -- linux-x86_64 linux-aarch64 linux-x86_64-musl linux-aarch64-musl
mkdir -p "$out"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
wrong=0 sound=yes
fail() { echo "$1: $2"; wrong=1 sound=no; }

sha() { if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }

# The jar with a library and its digest, where the loader looks for it.
pack() {
  folder=$out/jar-$1/io/yinzheng/native/$1
  rm -rf "$out/jar-$1" && mkdir -p "$folder"
  cp "$2" "$folder/"
  sha "$2" > "$folder/$(basename "$2").sha256"
  (cd "$out/jar-$1" && python3 - "$out/yinzheng-$version-$1.jar" <<'PY'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as jar:
    for folder, _, files in sorted(os.walk(".")):
        for name in sorted(files):
            path = os.path.relpath(os.path.join(folder, name))
            # The same bytes whenever it is made.
            info = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            jar.writestr(info, open(path, "rb").read())
PY
  )
  echo "$1: $(wc -c < "$2" | tr -d ' ') bytes, $(wc -c < "$out/yinzheng-$version-$1.jar" | tr -d ' ') in $out/yinzheng-$version-$1.jar"
}

if [ -n "$plain" ]; then
  cargo build --locked --profile "$profile" -p yinzheng-jni
  for name in libyinzheng_jni.so libyinzheng_jni.dylib yinzheng_jni.dll; do
    [ ! -e "$target/$profile/$name" ] || { pack "$plain" "$target/$profile/$name"; exit 0; }
  done
  echo "$plain: no library in $target/$profile"
  exit 1
fi

venv=$target/zig-venv
{
  { [ -x "$venv/bin/python" ] || python3 -m venv "$venv"; } &&
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check cargo-zigbuild==0.24.1 ziglang==0.17.1
} || { echo "cargo-zigbuild cannot be installed (python3-venv, network?)"; exit 77; }
PATH=$venv/bin:$PATH
export PATH

# The highest version of glibc's symbols that a library asks for.
glibc() { readelf -W --dyn-syms "$1" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1; }

for classifier in "$@"; do
  sound=yes asked=''
  case $classifier in
    linux-x86_64) triple=x86_64-unknown-linux-gnu floor=.2.17 machine='X86-64' flags='' ;;
    linux-aarch64) triple=aarch64-unknown-linux-gnu floor=.2.17 machine='AArch64' flags='' ;;
    linux-x86_64-musl) triple=x86_64-unknown-linux-musl floor='' machine='X86-64' flags='-C target-feature=-crt-static' ;;
    linux-aarch64-musl) triple=aarch64-unknown-linux-musl floor='' machine='AArch64' flags='-C target-feature=-crt-static' ;;
    *) fail "$classifier" "not a classifier that this script knows"; continue ;;
  esac
  # What an earlier run left is not taken for this one's.
  rm -rf "$out/jar-$classifier" "$out/yinzheng-$version-$classifier.jar"
  rustup target add "$triple" >/dev/null 2>&1 || true
  if ! RUSTFLAGS="$flags" cargo-zigbuild zigbuild --locked --profile "$profile" -p yinzheng-jni --target "$triple$floor" >"$out/log-$classifier" 2>&1; then
    tail -n 5 "$out/log-$classifier"
    fail "$classifier" "cannot be built here (see $out/log-$classifier)"
    continue
  fi
  library=$target/$triple/$profile/libyinzheng_jni.so
  readelf -h "$library" | grep -q "$machine" || fail "$classifier" "for another machine"
  needed=$(readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | tr '\n' ' ')
  case $classifier in
    *-musl)
      for one in $needed; do
        case $one in libc.so|libc.musl-*|libgcc_s.so.1) ;; *) fail "$classifier" "needs $one" ;; esac
      done
      ;;
    *)
      asked=$(glibc "$library")
      [ "$(printf '%s\nGLIBC_2.17\n' "$asked" | sort -V | tail -n 1)" = GLIBC_2.17 ] || fail "$classifier" "asks for $asked"
      ;;
  esac
  ! readelf -d "$library" | grep -qE 'RPATH|RUNPATH|TEXTREL' || fail "$classifier" "has a search path of its own, or text relocations"
  symbols=$(readelf -W --dyn-syms "$library" | awk '$5 == "GLOBAL" && $7 != "UND" { print $8 }')
  [ "$symbols" = JNI_OnLoad ] || fail "$classifier" "exports $symbols"
  [ "$sound" = yes ] || continue
  pack "$classifier" "$library"
  echo "  needs $needed${asked:+, at most $asked}"
done
exit $wrong
