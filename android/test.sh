#!/bin/sh
# Android's side, as far as a Java machine can run it:
#   sh android/test.sh                 everything below
#   sh android/test.sh classes shrink libraries
# classes    compiled from the JVM jars' sources and Android's own, held against Android 6, 14 and 15; every vector, killed processes and
#            the shield with -Xcheck:jni; signer, mirror and facts on Android 6, 9 and 15 under Robolectric, with real ledgers
# story      the customer's side of the credit loan, killed in the middle, ends in a bundle that verifies
# shrink     D8 takes the library; R8 with its consumer rules leaves what the native library needs, and the shrunk story still runs
# aar        the AAR without native libraries, and what is in it
# libraries  static and shared libraries for phones, see check-libraries.sh
# Exit status 77: a tool is missing. A part that lacks its tool says so and is not counted as passed.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- classes story shrink aar libraries
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
work=$target/android
mkdir -p "$work"
missing() { echo "SKIPPED android ($1): $2"; }
for tool in javac mvn python3; do
  command -v "$tool" >/dev/null 2>&1 || { missing all "$tool is not installed (apt-get install default-jdk-headless maven python3)"; exit 77; }
done
tests=0

echo "-- the native library of this machine"
cargo build --locked -q -p yinzheng-jni
cp "$target/debug/libyinzheng_jni.so" "$work/"
export YINZHENG_JNI="$work/libyinzheng_jni.so"
classes=android/target/classes made=android/target/test-classes

# Jars that are read as files: from Maven's own repository, fetched where they are not there yet.
repository=$(mvn -q -B help:evaluate -Dexpression=settings.localRepository -DforceStdout 2>/dev/null | tail -n 1) || repository=''
[ -d "$repository" ] || repository=$HOME/.m2/repository
fetch() {
  group=$1 name=$2 version=$3 type=${4:-jar}
  file=$repository/$(echo "$group" | tr . /)/$name/$version/$name-$version.$type
  [ -f "$file" ] || mvn -q -B dependency:get -Dtransitive=false "-Dartifact=$group:$name:$version:$type" >"$work/log-fetch" 2>&1 || {
    missing "$part" "$group:$name:$version cannot be fetched (no network?)"
    exit 77
  }
}
system() { fetch org.robolectric android-all "$1"; }

classes() {
  for version in 15-robolectric-12650502 14-robolectric-10818077 6.0.1_r3-robolectric-r1; do system "$version"; done
  # What Robolectric starts, in one folder; and two libraries that it asks for, out of their AARs.
  jars=android/target/robolectric
  mkdir -p "$jars"
  for version in 15-robolectric-12650502 9-robolectric-4913185-2 6.0.1_r3-robolectric-r1; do
    fetch org.robolectric android-all-instrumented "$version-i7"
    ln -sf "$file" "$jars/"
  done
  fetch androidx.test monitor 1.7.2 aar
  python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("classes.jar"))' "$file" > "$jars/monitor.jar"
  fetch androidx.test.espresso espresso-idling-resource 3.6.1 aar
  python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("classes.jar"))' "$file" > "$jars/espresso-idling-resource.jar"

  echo "-- compiled against Android 15, held against 14 and 6; tests on $(java -version 2>&1 | head -n 1)"
  log=$work/log-classes reports=android/target/surefire-reports
  # Nothing that an earlier run compiled is packed with this one's.
  rm -rf "$reports" "$classes" "$made"
  status=0
  mvn -B -f android/pom.xml test >"$log" 2>&1 || status=$?
  # Robolectric's own library makes the machine complain: its tests run without -Xcheck:jni, so any complaint is ours.
  if [ "$status" -ne 0 ] || grep -nF -f bindings/java/jni-alarms.txt "$log" "$reports"/*; then
    grep -E 'ERROR|Tests run' "$log" | cut -c1-400 | head -n 60
    return 1
  fi
  grep -hE '^vectors:' "$reports"/*-output.txt
  summary=$(sed -n 's/^.*Tests run: \([1-9][0-9]*\), Failures: 0, Errors: 0, Skipped: 0$/\1/p' "$log" | awk '{ tests += $1 } END { print NR + 0, tests + 0 }')
  [ "${summary% *}" = 2 ] || { echo "tests were started twice, and ran ${summary% *} times"; return 1; }
  tests=$((tests + ${summary#* }))
  class=$(od -An -tu1 -j6 -N2 "$classes/io/yinzheng/android/PhoneLedger.class" | awk '{ print $1 * 256 + $2 }')
  [ "$class" = 52 ] || { echo "class files are of version $class, D8 is given 52"; return 1; }
}

# Runs the story of the example in a new folder, with these class paths.
story() {
  rm -rf "$work/story"
  mkdir -p "$work/story"
  java "-Dyinzheng.library=$YINZHENG_JNI" -Xcheck:jni -cp "$1" example.customer.StoryKt "$work/story" >"$work/log-story" 2>&1 &&
    ! grep -nF -f bindings/java/jni-alarms.txt "$work/log-story" && grep -q '^sync bundle of .*: verified; with one bit changed: refused$' "$work/log-story"
}

compiled() { [ -d "$made/example" ] || { echo "the part \`classes\` must have compiled first"; return 1; }; }

for part in "$@"; do
  case $part in
    classes) classes ;;
    story)
      echo "-- the story of examples/android-app"
      compiled
      fetch org.jetbrains.kotlin kotlin-stdlib 2.4.20
      story "$classes:$made:$file" || { tail -n 30 "$work/log-story"; exit 1; }
      grep -vE '^  ' "$work/log-story"
      tests=$((tests + 1))
      ;;
    shrink)
      echo "-- D8 and R8"
      compiled
      status=0
      YINZHENG_REPOSITORY=$repository sh android/shrink.sh "$work/shrink" || status=$?
      [ "$status" != 77 ] || continue
      [ "$status" = 0 ] || exit 1
      story "$work/shrink/kept.jar" || { echo "the shrunk story does not run"; tail -n 30 "$work/log-story"; exit 1; }
      if story "$work/shrink/without-rules.jar"; then echo "without the consumer rules it runs too: this test proves nothing"; exit 1; fi
      grep -q 'NoClassDefFoundError\|NoSuchMethodError\|UnsatisfiedLinkError\|ClassNotFoundException' "$work/log-story" || {
        echo "without the consumer rules it fails otherwise than expected"; tail -n 30 "$work/log-story"; exit 1; }
      echo "shrunk with the rules the story runs, without them it does not"
      tests=$((tests + 4))
      ;;
    aar)
      echo "-- the AAR"
      compiled
      sh android/build-aar.sh --out "$work/aar" --classes-only
      mkdir -p "$work/theirs"
      echo theirs > "$work/theirs/file"
      if sh android/build-aar.sh --out "$work/theirs" --classes-only 2>/dev/null || [ ! -f "$work/theirs/file" ]; then
        echo "build-aar.sh takes a folder that is somebody's"; exit 1
      fi
      tests=$((tests + 2))
      ;;
    libraries)
      echo "-- native libraries for phones"
      status=0
      sh android/check-libraries.sh || status=$?
      [ "$status" = 0 ] || [ "$status" = 77 ] || exit 1
      [ "$status" = 77 ] || tests=$((tests + 1))
      ;;
    *) echo "classes, story, shrink, aar or libraries" >&2; exit 2 ;;
  esac
done
echo "android: $tests tests passed"
