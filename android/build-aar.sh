#!/bin/sh
# Packs the AAR: classes of the JVM jars' sources and Android's own, manifest, backup rules, consumer rules, native libraries.
#   ANDROID_NDK_HOME=/path/to/ndk sh android/build-aar.sh                  with libraries for three ABIs, ready to use
#   sh android/build-aar.sh --classes-only                                 without native libraries: for tests
#   … --out FOLDER                                                         default: target/android/aar
# With an NDK (r26 or newer) everything is linked by its own clang, SQLite included, for API 23 and pages of 16 KB; what comes out is checked
# with readelf before it is packed. That part was NOT run where this was written: there was no NDK. Without one: check-libraries.sh.
set -eu
cd "$(dirname "$0")/.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
out=$target/android/aar native=yes
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=$2; shift 2 ;;
    --classes-only) native=no; shift ;;
    *) sed -n '2,8s/^# //p' "$0" >&2; exit 2 ;;
  esac
done
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
# Only what this script made is taken away: a folder with anything else in it is somebody's.
if [ -d "$out" ] && [ -n "$(ls -A "$out")" ]; then
  [ "$out" = "$target/android/aar" ] || [ -f "$out/.yinzheng-aar" ] || { echo "$out is not empty, and not of this script" >&2; exit 2; }
  rm -rf "$out"
fi
mkdir -p "$out/aar/jni"
: > "$out/.yinzheng-aar"

if [ "$native" = yes ]; then
  [ -d "${ANDROID_NDK_HOME:-}" ] || { echo "SKIPPED android (aar): ANDROID_NDK_HOME names no NDK; --classes-only packs without native libraries"; exit 77; }
  bin=$(echo "$ANDROID_NDK_HOME"/toolchains/llvm/prebuilt/*/bin)
  for abi in arm64-v8a armeabi-v7a x86_64; do
    case $abi in
      arm64-v8a) rust=aarch64-linux-android clang=aarch64-linux-android23-clang ;;
      armeabi-v7a) rust=armv7-linux-androideabi clang=armv7a-linux-androideabi23-clang ;;
      x86_64) rust=x86_64-linux-android clang=x86_64-linux-android23-clang ;;
    esac
    rustup target add "$rust" >/dev/null 2>&1 || true
    key=$(echo "$rust" | tr a-z- A-Z_)
    env "CARGO_TARGET_${key}_LINKER=$bin/$clang" "CC_$(echo "$rust" | tr - _)=$bin/$clang" "AR_$(echo "$rust" | tr - _)=$bin/llvm-ar" \
      "CARGO_TARGET_${key}_RUSTFLAGS=-C link-arg=-Wl,-z,max-page-size=16384 -C link-arg=-Wl,-soname,libyinzheng_jni.so -C link-arg=-Wl,--no-undefined -C link-arg=-Wl,--pack-dyn-relocs=android -C link-arg=-Wl,--icf=all" \
      sh ffi/sqlite-flags.sh cargo rustc --locked --profile release-small -p yinzheng-jni --lib --crate-type cdylib --target "$rust"
    library=$target/$rust/release-small/libyinzheng_jni.so
    readelf -lW "$library" | awk '$1 == "LOAD" && $NF != "0x4000" { bad = 1 } $1 == "LOAD" { any = 1 } END { exit bad || !any }' ||
      { echo "$abi: a segment is not aligned for pages of 16 KB"; exit 1; }
    ! readelf -dW "$library" | grep -qE 'TEXTREL|RPATH|RUNPATH' || { echo "$abi: text relocations, or a search path of its own"; exit 1; }
    symbols=$(readelf -W --dyn-syms "$library" | awk '$7 != "UND" && $5 != "LOCAL" && NF == 8 && $1 != "Num:" { print $8 }')
    [ "$symbols" = JNI_OnLoad ] || { echo "$abi: it exports $symbols"; exit 1; }
    mkdir -p "$out/aar/jni/$abi"
    cp "$library" "$out/aar/jni/$abi/"
    echo "$abi: $(($(wc -c < "$library") / 1024)) KiB, budget 2048 KiB"
  done
fi

# What is used is compiled anew: a class may have gone from the sources. Tests pack what they compiled.
if [ "$native" = yes ] || [ ! -f android/target/classes/io/yinzheng/android/PhoneLedger.class ]; then
  rm -rf android/target/classes
  mvn -q -B -f android/pom.xml process-classes
fi
cp android/AndroidManifest.xml "$out/aar/"
cp -r android/res "$out/aar/"
cp android/consumer-rules.pro "$out/aar/proguard.txt"
# The names of the resources, as the tools that build apps read them.
for file in android/res/xml/*.xml; do echo "int xml $(basename "$file" .xml) 0x0"; done > "$out/aar/R.txt"
python3 - android/target/classes "$out/aar" "$out/yinzheng-android-$version.aar" <<'PY'
import os, sys, zipfile
classes, aar, out = sys.argv[1:]
def pack(folder, target, only=None):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for at, _, files in sorted(os.walk(folder)):
            for name in sorted(files):
                path = os.path.relpath(os.path.join(at, name), folder)
                if only and not path.endswith(only):
                    continue
                # The same bytes whenever it is made.
                info = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                made.writestr(info, open(os.path.join(folder, path), "rb").read())
pack(classes, os.path.join(aar, "classes.jar"), (".class", ".kotlin_module"))
pack(aar, out)
inside = set(zipfile.ZipFile(out).namelist())
must = {"AndroidManifest.xml", "classes.jar", "R.txt", "proguard.txt", "res/xml/yinzheng_data_extraction.xml", "res/xml/yinzheng_full_backup.xml"}
assert must <= inside, must - inside
jar = set(zipfile.ZipFile(os.path.join(aar, "classes.jar")).namelist())
assert {"io/yinzheng/Native.class", "io/yinzheng/kotlin/LedgersKt.class", "io/yinzheng/android/KeystoreSigner.class"} <= jar
assert not [name for name in jar if "Test" in name or name.startswith("example/")]
print(f"{out}: {os.path.getsize(out) // 1024} KiB, {len(jar)} classes, {sum(n.startswith('jni/') for n in inside)} native libraries")
PY
