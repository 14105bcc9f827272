#!/bin/sh
# Called by test.sh: gives the compiled library to D8 and R8 as an app's build would.
#   sh android/shrink.sh FOLDER
# dex/                the library for API 23, core library desugaring on
# shrunk/             the example app, shrunk by R8 with the library's consumer rules
# kept.jar            the story, shrunk with the rules, as class files: it can be run
# without-rules.jar   the same without the rules: it must not run
set -eu
cd "$(dirname "$0")/.."
out=$1
rm -rf "$out"
mkdir -p "$out/dex" "$out/shrunk"
: "${YINZHENG_REPOSITORY:=$HOME/.m2/repository}"
get() {
  file=$YINZHENG_REPOSITORY/$(echo "$1" | tr . /)/$2/$3/$2-$3.jar
  [ -f "$file" ] || mvn -q -B dependency:get -Dtransitive=false "-Dartifact=$1:$2:$3" >"$out/log" 2>&1 || {
    echo "SKIPPED android (shrink): $1:$2:$3 cannot be fetched (no network?)"
    exit 77
  }
}
get com.android.tools r8 8.7.18; r8=$file
get org.jetbrains.kotlin kotlin-stdlib 2.4.20; kotlin=$file
get org.jetbrains annotations 13.0; annotations=$file
get org.robolectric android-all 15-robolectric-12650502; android=$file
get com.android.tools desugar_jdk_libs_nio 2.1.5; desugar=$file
get com.android.tools desugar_jdk_libs_configuration_nio 2.1.5
python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("META-INF/desugar/d8/desugar.json"))' "$file" > "$out/desugar.json"
java=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
run() {
  tool=$1
  shift
  java -Xmx1g -cp "$r8" "com.android.tools.r8.$tool" "$@" >"$out/log-$tool" 2>&1 || { tail -n 30 "$out/log-$tool"; exit 1; }
  # This R8 is older than this Kotlin and cannot rewrite its metadata, which only reflection reads. A class that is missing would be left out, and found out on somebody's phone.
  if grep -iE '^(Warning|Error)' "$out/log-$tool" | grep -v 'otlin metadata\|META-INF'; then exit 1; fi
}
pack() { (cd "$1" && python3 -c 'import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "a") as jar:
    for folder, _, files in os.walk("."):
        for name in files:
            path = os.path.relpath(os.path.join(folder, name))
            if path.endswith(".class") and (len(sys.argv) < 3 or path.startswith(sys.argv[2])):
                jar.write(path, path)' "$2" ${3:+"$3"}); }
pack android/target/classes "$out/library.jar"
pack android/target/test-classes "$out/app.jar" example/

run D8 --release --min-api 23 --lib "$android" --lib "$java" --desugared-lib "$out/desugar.json" --classpath "$kotlin" --output "$out/dex" "$out/library.jar"
echo "D8: $(cat "$out"/dex/*.dex | wc -c | tr -d ' ') bytes for API 23"

# The app as its build would shrink it: only what its activity reaches.
printf -- '-keep class example.customer.ReadActivity { public <init>(); }\n' > "$out/app.pro"
# Shrunk and renamed; this R8's optimiser fails on its own when it writes class files.
printf -- '-dontoptimize\n-dontwarn **\n-keep class example.customer.StoryKt { public static void main(java.lang.String[]); }\n' > "$out/story.pro"
run R8 --release --min-api 23 --lib "$android" --lib "$java" --desugared-lib "$out/desugar.json" --pg-conf android/consumer-rules.pro \
  --pg-conf "$out/app.pro" --pg-map-output "$out/map.txt" --output "$out/shrunk" "$out/library.jar" "$out/app.jar" "$kotlin" "$annotations"
# The native methods and the exception's constructor keep their names, or the library is not loaded or cannot throw.
python3 - "$out/map.txt" bindings/java/src/main/java/io/yinzheng/Native.java "$out"/shrunk/*.dex <<'PY'
import re, sys
natives = re.findall(r"static native \S+ (\w+)\(", open(sys.argv[2]).read())
dex = b"".join(open(path, "rb").read() for path in sys.argv[3:])
lost = [name for name in natives if b"\0" + bytes([len(name)]) + name.encode() + b"\0" not in dex]
assert len(natives) > 50 and not lost, f"lost: {lost}"
for name in ("Lio/yinzheng/Native;", "Lio/yinzheng/YinzhengException;", "Lio/yinzheng/android/Level28;"):
    assert name.encode() in dex, name
classes = [re.match(r"(io\.yinzheng\.\S+) -> (\S+):", line) for line in open(sys.argv[1])]
other = [one for one in classes if one and one[1] != one[2]]
assert other, "nothing was renamed: this is no shrunk app"
print(f"R8: {len(dex)} bytes of the example app; all {len(natives)} native methods kept, {len(other)} other classes renamed")
PY

run R8 --release --classfile --lib "$java" --pg-conf android/consumer-rules.pro --pg-conf "$out/story.pro" \
  --output "$out/kept.jar" "$out/library.jar" "$out/app.jar" "$kotlin" "$annotations"
run R8 --release --classfile --lib "$java" --pg-conf "$out/story.pro" \
  --output "$out/without-rules.jar" "$out/library.jar" "$out/app.jar" "$kotlin" "$annotations"
