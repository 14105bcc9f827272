#!/bin/sh
# The Java door beside BouncyCastle doing the same, in one run (JMH). Arguments go to JMH.
#   sh bindings/java/bench/run.sh             the library that is built for shipping, about two minutes
#   YINZHENG_JNI=/path/libyinzheng_jni.so sh bindings/java/bench/run.sh digest
set -eu
cd "$(dirname "$0")/../../.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
if [ -z "${YINZHENG_JNI:-}" ]; then
  cargo build --locked --release -p yinzheng-jni
  YINZHENG_JNI=$target/release/libyinzheng_jni.so
fi
mvn -q -B -f bindings/java/pom.xml -Dmaven.test.skip=true package
mvn -q -B -f bindings/java/bench/pom.xml compile org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lib
exec java -cp "bindings/java/bench/target/classes:bindings/java/target/yinzheng-0.1.0.jar:bindings/java/bench/target/lib/*" \
  org.openjdk.jmh.Main -f 1 -wi 3 -i 5 -w 300ms -r 500ms -jvmArgs "-Dyinzheng.library=$YINZHENG_JNI" "$@"
