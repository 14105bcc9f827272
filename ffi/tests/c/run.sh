#!/bin/sh
# The C door from the side of C: install, symbols, header, the example, the vectors, sizes.
#   sh ffi/tests/c/run.sh           a part that lacks its tool says so and is not counted as passed
# PROFILE=dev builds faster and measures nothing.
set -eu
cd "$(dirname "$0")/../../.."
profile=${PROFILE:-release-small}
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$target/c-door
rm -rf "$work" && mkdir -p "$work"
prefix=$work/prefix
strict="-Wall -Wextra -Werror -pedantic"

has() { command -v "$1" >/dev/null 2>&1; }
part() { echo "-- $*"; }
# Runs something that says much, and shows its last line, or everything when it fails.
last() {
  "$@" > "$work/out" 2>&1 || { cat "$work/out"; return 1; }
  tail -n 1 "$work/out"
}
missing() { echo "SKIPPED c ($1): $2"; }

for tool in cc pkg-config nm readelf; do
  has "$tool" || { missing all "$tool is not installed (apt-get install build-essential pkg-config)"; exit 77; }
done

part "install, as a package builder does and as a user does"
DESTDIR=$work/staged sh ffi/install.sh --prefix /usr --profile "$profile"
grep -q '^prefix=/usr$' "$work/staged/usr/lib/pkgconfig/yinzheng.pc"
sh ffi/install.sh --prefix "$prefix" --profile "$profile"
cmp "$work/staged/usr/include/yinzheng.h" ffi/include/yinzheng.h
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
[ "$(pkg-config --modversion yinzheng)" = "$(sed -n 's/^#define YZ_VERSION "\(.*\)"/\1/p' "$prefix/include/yinzheng.h")" ]
library=$prefix/lib/libyinzheng.so
readelf -d "$library" | grep -q 'soname: \[libyinzheng.so.0.1\]'
[ -e "$prefix/lib/libyinzheng.so.0.1" ]
if sh ffi/install.sh --prefix relative >/dev/null 2>&1; then echo "a relative prefix was taken"; exit 1; fi

part "exported symbols are those of ffi/abi/symbols.txt, and nothing else"
nm -D --defined-only "$library" | awk '$2 ~ /^[TBDRW]$/ { print $3 }' | LC_ALL=C sort > "$work/symbols"
LC_ALL=C sort ffi/abi/symbols.txt | diff - "$work/symbols"

part "the header alone, as C99, C11 and C++17, for each kind of build"
printf '#include <yinzheng.h>\n%s\n' 'int main(void) { return yz_abi_version() == YZ_ABI_VERSION ? 0 : 1; }' > "$work/header.c"
cp "$work/header.c" "$work/header.cpp"
for only in '' -DYZ_WITHOUT_STORE -DYZ_WITHOUT_SEAL; do
  for compiler in cc clang; do
    has "$compiler" || continue
    for standard in c99 c11; do
      # shellcheck disable=SC2086,SC2046 # lists of options
      "$compiler" -std=$standard $strict $only "$work/header.c" -o "$work/header" $(pkg-config --cflags --libs yinzheng) -Wl,-rpath,"$prefix/lib"
      "$work/header"
    done
  done
  for compiler in c++ clang++; do
    has "$compiler" || continue
    # shellcheck disable=SC2086,SC2046
    "$compiler" -std=c++17 $strict $only "$work/header.cpp" -o "$work/header" $(pkg-config --cflags --libs yinzheng) -Wl,-rpath,"$prefix/lib"
    "$work/header"
  done
done
has clang || missing clang "clang is not installed; gcc compiled it"
has c++ || missing "C++" "no C++ compiler"

part "the example: a story in C with a signer of its own, and the same in Python"
if ! has make || ! pkg-config --exists libcrypto; then
  missing example "make or libcrypto is not installed (apt-get install make libssl-dev)"
else
  last make -s -C examples/c run INSTALLED=1 BUILD="$work/example"
fi
if ! has python3 || ! has openssl || ! has make; then
  missing python "python3 or openssl is not installed"
else
  make -s -C examples/c python INSTALLED=1 BUILD="$work/example"
fi

part "every vector, from C: plain, with the static library, under AddressSanitizer, under Valgrind"
# shellcheck disable=SC2046,SC2086
vectors() { out=$1; shift; cc -g -std=c99 $strict ffi/tests/c/*.c -o "$out" "$@" $(pkg-config --cflags yinzheng); }
shared="-L$prefix/lib -lyinzheng -Wl,-rpath,$prefix/lib"
# shellcheck disable=SC2086
vectors "$work/vectors" $shared
"$work/vectors" tests/vectors
# shellcheck disable=SC2046 # a list of libraries
vectors "$work/vectors-static" "$prefix/lib/libyinzheng.a" $(sed -n 's/^Libs.private: //p' "$PKG_CONFIG_PATH/yinzheng.pc")
last "$work/vectors-static" tests/vectors
# shellcheck disable=SC2086
if vectors "$work/vectors-asan" -fsanitize=address,undefined -fno-sanitize-recover $shared 2>"$work/log"; then
  last "$work/vectors-asan" tests/vectors
else
  missing asan "$(head -n 1 "$work/log")"
fi
if has valgrind; then
  grind="valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite"
  # shellcheck disable=SC2086 # a command with its options
  last $grind "$work/vectors" tests/vectors
  [ ! -x "$work/example/story" ] || {
    rm -rf "$work/grind" && mkdir "$work/grind"
    # shellcheck disable=SC2086
    last $grind "$work/example/story" "$work/grind" examples/credit-loan
  }
else
  missing valgrind "valgrind is not installed (apt-get install valgrind)"
fi

part "sizes"
if [ "$profile" = release-small ]; then sh ffi/size.sh "$prefix/lib/libyinzheng.so"; else missing sizes "profile $profile is not what is shipped"; fi
echo "the C door: all parts that could run passed"
