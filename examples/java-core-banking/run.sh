#!/bin/sh
# The story of a core bank, with a PostgreSQL and an HSM that it brings up itself in a temporary folder, and takes down again.
#   sh examples/java-core-banking/run.sh           the story, both ways
#   sh examples/java-core-banking/run.sh test      the service killed in the middle; KILLS=20 for longer
# Needs a JDK, Maven, postgresql and softhsm2 (apt-get install postgresql softhsm2). Exit status 77: one of them is missing.
set -eu
cd "$(dirname "$0")/../.."
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export CARGO_TARGET_DIR="$target"
missing() { echo "SKIPPED java-bank: $*"; exit 77; }
for tool in javac mvn keytool softhsm2-util; do
  command -v "$tool" >/dev/null 2>&1 || missing "$tool is not installed (apt-get install default-jdk-headless maven softhsm2)"
done
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
[ -x "$postgres/initdb" ] || missing "PostgreSQL is not installed (apt-get install postgresql)"
token_library=$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -n 1)

cargo build --locked -p yinzheng-jni
library=$target/debug/libyinzheng_jni.so
mvn -q -B -f bindings/java/pom.xml -Dmaven.test.skip=true package

work=$(mktemp -d)
chmod 755 "$work"
# PostgreSQL refuses to run as root; everybody else runs it as himself.
as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$*"; else sh -c "$*"; fi; }
stop() {
  as "'$postgres/pg_ctl' -D '$work/data' -m immediate stop" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap stop EXIT INT TERM

mkdir "$work/socket" "$work/tokens" "$work/bank"
[ "$(id -u)" != 0 ] || { mkdir "$work/data" && chown postgres "$work/data" "$work/socket"; }
as "'$postgres/initdb' -D '$work/data' -U bank -A trust -E UTF8 --locale=C" >"$work/initdb.log" 2>&1 || { cat "$work/initdb.log"; exit 1; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || echo 54329)
# fsync stays on: a kill test against a database that may lose what it acknowledged proves nothing.
as "'$postgres/pg_ctl' -D '$work/data' -l '$work/data/log' -w -o '-p $port -k $work/socket -h 127.0.0.1' start" >/dev/null || { cat "$work/data/log"; exit 1; }

echo "directories.tokendir = $work/tokens" > "$work/softhsm2.conf"
export SOFTHSM2_CONF="$work/softhsm2.conf" BANK_PIN=1234
softhsm2-util --init-token --free --label bank --so-pin 87654321 --pin "$BANK_PIN" >/dev/null
slot=$(softhsm2-util --show-slots | awk '/^Slot/ { slot = $2 } /Label: *bank/ { print slot; exit }')
printf 'name = Bank\nlibrary = %s\nslot = %s\n' "$token_library" "$slot" > "$work/pkcs11.cfg"
# The ledger key is made in the token, with the certificate that Java wants beside it.
keytool -genkeypair -keystore NONE -storetype PKCS11 -addprovider SunPKCS11 -providerarg "$work/pkcs11.cfg" -storepass "$BANK_PIN" \
  -alias ledger -keyalg EC -groupname secp256r1 -dname "CN=ledger" -validity 3650 >/dev/null 2>"$work/keytool.log" || { cat "$work/keytool.log"; exit 1; }
export BANK_PKCS11="$work/pkcs11.cfg" BANK_DATABASE="jdbc:postgresql://127.0.0.1:$port/postgres?user=bank"

bank=examples/java-core-banking
if [ "${1:-}" = test ]; then
  mvn -B -f "$bank/pom.xml" "-Dkills=${KILLS:-4}" "-Dyinzheng.library=$library" test >"$work/log" 2>&1 || {
    tail -n 80 "$work/log"
    exit 1
  }
  grep -E '^(outbox|detached):|Tests run: [0-9]+, Failures: 0, Errors: 0, Skipped: 0$' "$work/log" | sed 's/^\[[A-Z]*\] *//'
  # Maven says BUILD SUCCESS too when it finds no test, or when every one is skipped.
  grep -qE 'Tests run: [1-9][0-9]*, Failures: 0, Errors: 0, Skipped: 0$' "$work/log" || { echo "not every test was run"; exit 1; }
  ! grep -nF -f bindings/java/jni-alarms.txt "$work/log"
else
  mvn -q -B -f "$bank/pom.xml" compile org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lib
  java "-Dyinzheng.library=$library" -cp "$bank/target/classes:$bank/target/lib/*:bindings/java/target/yinzheng-0.1.0.jar" \
    example.bank.Story "$work/bank"
fi
