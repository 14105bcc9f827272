#!/bin/sh
# Builds the C library and installs it: header, shared and static library, pkg-config file.
#   sh ffi/install.sh [--prefix DIR] [--libdir DIR] [--includedir DIR] [--verify-only] [--profile NAME] [--target TRIPLE]
# DESTDIR stands before everything, as package builders expect. --verify-only leaves out the store and whatever seals.
set -eu
cd "$(dirname "$0")/.."

prefix=/usr/local libdir='' includedir='' profile=release-small target='' features=''
while [ $# -gt 0 ]; do
  case $1 in
    --verify-only) features=--no-default-features; shift; continue ;;
    --prefix | --libdir | --includedir | --profile | --target) [ $# -ge 2 ] || { echo "$1 wants a value" >&2; exit 2; } ;;
    *) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
  esac
  case $1 in
    --prefix) prefix=$2 ;;
    --libdir) libdir=$2 ;;
    --includedir) includedir=$2 ;;
    --profile) profile=$2 ;;
    --target) target=$2 ;;
  esac
  shift 2
done
libdir=${libdir:-$prefix/lib} includedir=${includedir:-$prefix/include}
for dir in "$prefix" "$libdir" "$includedir"; do
  # A relative place in the pkg-config file would mean another one wherever it is read.
  case $dir in /*) ;; *) echo "$dir: must be an absolute path" >&2; exit 2 ;; esac
done

# One version for all crates; while the major one is 0, every minor version may change the ABI (ffi/build.rs says the same).
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
abi=$(echo "$version" | awk -F. '{ print $1 == 0 ? $1 "." $2 : $1 }')

# Without the crate type `rlib`, which `cargo test` needs, the library is optimised as a whole.
# shellcheck disable=SC2086 # empty or one word
sh ffi/sqlite-flags.sh cargo rustc --locked -q -p yinzheng-ffi --profile "$profile" $features ${target:+--target "$target"} \
  --crate-type cdylib,staticlib
built=${CARGO_TARGET_DIR:-target}/${target:+$target/}$([ "$profile" = dev ] && echo debug || echo "$profile")

to() { printf '%s%s' "${DESTDIR:-}" "$1"; }
install -d "$(to "$libdir/pkgconfig")" "$(to "$includedir")"
install -m 644 ffi/include/yinzheng.h "$(to "$includedir/yinzheng.h")"
install -m 644 "$built/libyinzheng_ffi.a" "$(to "$libdir/libyinzheng.a")"
if [ -f "$built/libyinzheng_ffi.dylib" ]; then
  install -m 755 "$built/libyinzheng_ffi.dylib" "$(to "$libdir/libyinzheng.$abi.dylib")"
  ln -sf "libyinzheng.$abi.dylib" "$(to "$libdir/libyinzheng.dylib")"
else
  install -m 755 "$built/libyinzheng_ffi.so" "$(to "$libdir/libyinzheng.so.$version")"
  ln -sf "libyinzheng.so.$version" "$(to "$libdir/libyinzheng.so.$abi")"
  ln -sf "libyinzheng.so.$abi" "$(to "$libdir/libyinzheng.so")"
fi
sed -e "s|@prefix@|$prefix|; s|@libdir@|$libdir|; s|@includedir@|$includedir|; s|@version@|$version|" \
  ffi/yinzheng.pc.in > "$(to "$libdir/pkgconfig/yinzheng.pc")"
chmod 644 "$(to "$libdir/pkgconfig/yinzheng.pc")"
echo "yinzheng $version in $(to "$prefix")"
