#!/bin/sh
# The tests of the Java door where this machine has no such Java, or is no such machine:
#   sh bindings/java/elsewhere.sh java8      on Java 8, out of a folder with Debian's OpenJDK 8
#   sh bindings/java/elsewhere.sh arm64      on an Arm JVM (Debian's OpenJDK 17), every instruction emulated by QEMU, with the aarch64 library
#   sh bindings/java/elsewhere.sh musl       musl's own loader loads the musl library; no JVM of musl's is to be had
# Needs root (another root folder, mounts of its own) and for packages: mmdebstrap, qemu-user-static with binfmt-support, musl-tools. Folders are made
# once under target/elsewhere. Takes minutes to an hour, so it is no part of continuous integration. Status 77: a tool is missing.
set -eu
cd "$(dirname "$0")/../.."
repository=$PWD
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
folder=$target/elsewhere
mkdir -p "$folder"
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
needs() { command -v "$1" >/dev/null 2>&1 || { echo "SKIPPED: $1 is not installed (apt-get install $2)"; exit 77; }; }
[ "$(id -u)" = 0 ] || { echo "SKIPPED: needs root"; exit 77; }
[ $# -gt 0 ] || set -- java8 arm64 musl

# A folder with packages of a suite, checked by apt's own signatures; nothing in it is configured. An unstable suite's index may be out of date.
root() {
  needs mmdebstrap mmdebstrap
  [ ! -e "$folder/$1/complete" ] || return 0
  rm -rf "${folder:?}/$1"
  mmdebstrap --quiet --aptopt='Acquire::Check-Valid-Until "false"' --variant=extract --architectures="$3" --include="$4" "$2" "$folder/$1" "$mirror"
  for link in bin sbin lib lib64; do
    [ -e "$folder/$1/$link" ] || [ ! -d "$folder/$1/usr/$link" ] || ln -s "usr/$link" "$folder/$1/$link"
  done
  touch "$folder/$1/complete"
}

# The jar's native library for Arm; $1 is where it goes, the rest are features.
arm() {
  to=$1
  shift
  mkdir -p "$to"
  cargo-zigbuild zigbuild --locked -p yinzheng-jni --target aarch64-unknown-linux-gnu.2.17 "$@"
  cp "$target/aarch64-unknown-linux-gnu/debug/libyinzheng_jni.so" "$to/"
}

for part in "$@"; do
  case $part in
    java8)
      root java8 sid amd64 openjdk-8-jre-headless
      home=$folder/java8-home
      mkdir -p "$home/bin"
      echo 'JAVA_VERSION="1.8.0"' > "$home/release"
      # A Java that starts inside the folder, where the same paths lead to the same files.
      cat > "$home/bin/java" <<WRAPPER
#!/bin/sh
exec unshare --mount sh -c '
  root=\$1 at=\$2
  shift 2
  for path in /proc /dev /tmp "$repository" "$target" "\$HOME/.m2"; do
    mkdir -p "\$root\$path" && mount --rbind "\$path" "\$root\$path"
  done
  exec unshare --root="\$root" --wd="\$at" /usr/lib/jvm/java-8-openjdk-amd64/jre/bin/java "\$@"
' sh "$folder/java8" "\$PWD" "\$@"
WRAPPER
      chmod +x "$home/bin/java"
      "$home/bin/java" -version
      JAVA_ELSEWHERE=$home sh bindings/java/test.sh on
      ;;
    arm64)
      root arm64 bookworm arm64 openjdk-17-jre-headless
      needs qemu-aarch64-static qemu-user-static
      [ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] || {
        echo "SKIPPED: the kernel does not start Arm programs (apt-get install binfmt-support, mount binfmt_misc, update-binfmts --enable qemu-aarch64)"
        exit 77
      }
      [ -x "$target/zig-venv/bin/cargo-zigbuild" ] || sh bindings/java/natives.sh linux-aarch64
      PATH=$target/zig-venv/bin:$PATH
      rustup target add aarch64-unknown-linux-gnu >/dev/null 2>&1 || true
      arm "$folder/arm-faulty" --features test-panic
      arm "$folder/arm"
      export QEMU_LD_PREFIX="$folder/arm64" YINZHENG_JNI="$folder/arm/libyinzheng_jni.so" YINZHENG_JNI_FAULTY="$folder/arm-faulty/libyinzheng_jni.so"
      export YINZHENG_EMULATED=1 SECONDS_OF_THREADS=60
      JAVA_ELSEWHERE=$folder/arm64/usr/lib/jvm/java-17-openjdk-arm64 sh bindings/java/test.sh on
      ;;
    musl)
      needs musl-gcc musl-tools
      sh bindings/java/natives.sh linux-x86_64-musl
      cat > "$folder/load.c" <<'C'
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **arguments) {
  void *library = count == 2 ? dlopen(arguments[1], RTLD_NOW) : NULL;
  void *entry = library ? dlsym(library, "JNI_OnLoad") : NULL;
  if (!entry) { fprintf(stderr, "%s\n", dlerror()); return 1; }
  puts("musl: loaded, JNI_OnLoad is there");
  return 0;
}
C
      musl-gcc -O1 -o "$folder/load" "$folder/load.c"
      "$folder/load" "$target/natives/jar-linux-x86_64-musl/io/yinzheng/native/linux-x86_64-musl/libyinzheng_jni.so"
      ;;
    *) echo "java8, arm64 or musl" >&2; exit 2 ;;
  esac
done
