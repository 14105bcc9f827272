#!/bin/sh
# The second reader's own tests, the shared vectors, and every .yzp file named.
#   sh tests/interop/run.sh [FILE.yzp …]
# YZP_VENV names the folder of the virtual environment; without it a temporary one is made and removed.
# PYTHON names the interpreter (3.9 or newer). The last line counts.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${YZP_VENV:-}
if [ -z "$venv" ]; then
  venv=$(mktemp -d)
  trap 'rm -rf "$venv"' EXIT
fi
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
"$venv/bin/python" "$here/run_all.py" "$@"
