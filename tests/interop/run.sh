#!/bin/sh
# The second reader's own tests, the shared vectors, and every .yzp file named.
#   sh tests/interop/run.sh [FILE.yzp …]
# YZP_VENV names the folder of the virtual environment; without it a temporary one is made and removed.
# PYTHON names the interpreter (3.9 or newer). The last line counts.
# YZP_VERDICT_CLASSES names a program like core/examples/verdict_classes.rs: then both verifiers also judge YZP_COUNT files
# (5,000), good and spoilt, and must agree.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${YZP_VENV:-}
if [ -z "$venv" ]; then
  venv=$(mktemp -d)
  gone=$venv
fi
made=$(mktemp -d)
trap 'rm -rf "$made" ${gone:+"$gone"}' EXIT
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
if [ -z "${YZP_VERDICT_CLASSES:-}" ]; then
  "$venv/bin/python" "$here/run_all.py" "$@"
  exit
fi
YZP_EXPORT=$made "$venv/bin/python" "$here/run_all.py" "$@"
"$venv/bin/python" "$here/differential.py" --count "${YZP_COUNT:-5000}" --from "$made" "$YZP_VERDICT_CLASSES" "$@"
