#!/bin/sh
# The native libraries for phones, as far as they can be built and judged without an NDK:
#   sh android/check-libraries.sh                  arm64-v8a with sealing, no more: for every change
#   sh android/check-libraries.sh all              three ABIs, verifying only and with sealing
#   sh android/check-libraries.sh x86_64 …         these ABIs, both
# Static libraries are built by cargo. From each a shared library is linked by lld against stubs that have the names in bionic.txt
# and no others: so nothing is missing (--no-undefined), nothing is newer than API 23, every segment is aligned for pages of 16 KB, and there are no
# text relocations. It is a gate, not what is shipped: the unwinder is a stub too, and SQLite needs an NDK's headers (build-aar.sh).
# Needs the Rust targets, lld and clang (apt-get install clang lld). Exit status 77: a tool is missing.
set -eu
cd "$(dirname "$0")/.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$target/android/libraries
mkdir -p "$work"
missing() { echo "SKIPPED android (libraries): $1"; exit 77; }

# The first clang that is there with its lld, the newest first.
find_tools() {
  for suffix in -22 -21 -20 -19 -18 -17 -16 ''; do
    command -v "clang$suffix" >/dev/null 2>&1 && command -v "ld.lld$suffix" >/dev/null 2>&1 || continue
    clang=clang$suffix lld=ld.lld$suffix
    return 0
  done
  return 1
}
find_tools || missing "clang and lld are not installed (apt-get install clang lld)"
command -v readelf >/dev/null 2>&1 || missing "readelf is not installed (apt-get install binutils)"

whats='seal' abis='arm64-v8a'
case ${1:-} in
  '') ;;
  all) whats='verify seal' abis='arm64-v8a armeabi-v7a x86_64' ;;
  *) whats='verify seal' abis=$* ;;
esac
wrong=0
fail() { echo "$abi $what: $1"; wrong=1; }

# A library of empty functions with these names.
stub() {
  name=$1 out=$2
  shift 2
  for symbol in "$@"; do
    printf '.globl %s\n.type %s, %%function\n%s:\n' "$symbol" "$symbol" "$symbol"
  done > "$out/$name.s"
  "$clang" "--target=$triple" -c "$out/$name.s" -o "$out/$name.o"
  "$lld" -m "$emulation" -shared -soname "$name.so" "$out/$name.o" -o "$out/$name.so"
}

# Names of bionic.txt that are in a library and not above this level.
names() { awk -v lib="$1" '$1 !~ /^#/ && $3 == lib && ($2 <= 23 || $4 == "weak") { print $1 }' android/bionic.txt; }

check() {
  out=$work/$abi/$what
  mkdir -p "$out"
  case $what in verify) features='' ;; seal) features=seal ;; esac
  started=$(date +%s)
  cargo rustc --locked -q --profile release-small -p yinzheng-jni --lib --no-default-features --features "$features" \
    --crate-type staticlib --target "$rust" || { fail "the static library cannot be built"; return; }
  archive=$out/libyinzheng_jni.a
  cp "$target/$rust/release-small/libyinzheng_jni.a" "$archive"
  built=$(($(date +%s) - started))

  # shellcheck disable=SC2046 # lists of names
  { stub libc "$out" $(names libc); stub libdl "$out" $(names libdl); stub libunwind "$out" $unwind; }
  printf '{ global: JNI_OnLoad; local: *; };\n' > "$out/exports.map"
  library=$out/libyinzheng_jni.so
  "$lld" -m "$emulation" -shared -soname libyinzheng_jni.so --no-undefined --gc-sections -u JNI_OnLoad \
    --version-script "$out/exports.map" -z max-page-size=16384 -z text -z relro -z now --hash-style=gnu --build-id=none \
    --pack-dyn-relocs=android --icf=all -s \
    "$archive" "$out/libc.so" "$out/libdl.so" "$out/libunwind.so" -o "$library" || { fail "it does not link"; return; }

  readelf -hW "$library" | grep -q "Machine:.*$machine" || fail "it is for another machine"
  ! readelf -dW "$library" | grep -q TEXTREL || fail "it has text relocations"
  readelf -lW "$library" | awk '$1 == "LOAD" && $NF != "0x4000" { bad = 1 } $1 == "LOAD" { any = 1 } END { exit bad || !any }' ||
    fail "a segment is not aligned for pages of 16 KB"
  exported=$(readelf -W --dyn-syms "$library" | awk '$7 != "UND" && $5 != "LOCAL" && NF == 8 && $1 != "Num:" { print $8 }')
  [ "$exported" = JNI_OnLoad ] || fail "it exports $exported"
  # Weak names pass any linker, so they are held against the list once more.
  readelf -W --dyn-syms "$library" | awk '$7 == "UND" && NF == 8 { print $8, $5 }' > "$out/asked"
  while read -r symbol binding; do
    case " $unwind " in *" $symbol "*) continue ;; esac
    known=$(grep "^$symbol " android/bionic.txt) || { fail "it asks for $symbol, which bionic.txt does not have"; continue; }
    case $known in *' weak') [ "$binding" = WEAK ] || fail "it cannot do without $symbol, which API 23 lacks" ;; esac
  done < "$out/asked"
  bytes=$(wc -c < "$library" | tr -d ' ')
  kib=$((bytes / 1024))
  if [ "$what" = verify ]; then budget=819; else budget=2048; fi
  echo "$abi $what: static library $(($(wc -c < "$archive") / 1024)) KiB in $built s; shared, stripped $kib KiB, budget $budget KiB$(
    [ "$what" = verify ] || echo ' with SQLite, which this lacks') ($([ "$kib" -le "$budget" ] && echo met || echo missed))"
}

# What libunwind gives, statically in an NDK's build.
both='_Unwind_Backtrace _Unwind_DeleteException _Unwind_GetDataRelBase _Unwind_GetLanguageSpecificData _Unwind_GetRegionStart
  _Unwind_GetTextRelBase _Unwind_RaiseException _Unwind_Resume'
for abi in $abis; do
  unwind="$both _Unwind_GetIP _Unwind_GetIPInfo _Unwind_SetGR _Unwind_SetIP"
  case $abi in
    arm64-v8a) rust=aarch64-linux-android triple=aarch64-linux-android23 emulation=aarch64linux machine=AArch64 ;;
    armeabi-v7a)
      rust=armv7-linux-androideabi triple=armv7a-linux-androideabi23 emulation=armelf_linux_eabi machine=ARM
      unwind="$both _Unwind_VRS_Get _Unwind_VRS_Set __aeabi_unwind_cpp_pr0 __aeabi_unwind_cpp_pr1 __gnu_unwind_frame" ;;
    x86_64) rust=x86_64-linux-android triple=x86_64-linux-android23 emulation=elf_x86_64 machine='X86-64' ;;
    *) echo "there are arm64-v8a, armeabi-v7a and x86_64" >&2; exit 2 ;;
  esac
  # shellcheck disable=SC2086 # a list
  unwind=$(echo $unwind)
  rustup target list --installed 2>/dev/null | grep -qx "$rust" || rustup target add "$rust" >/dev/null 2>&1 ||
    missing "the Rust target $rust cannot be added (no rustup, no network?)"
  for what in $whats; do check; done
done
exit $wrong
