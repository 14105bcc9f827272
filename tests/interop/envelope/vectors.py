"""The age format's own test vectors (c2sp.org/CCTV/age): each X25519 envelope must open, or be refused, as they say.

    vectors.py <the yinzheng command> <the folder of the module> <a work folder>
"""

import collections
import glob
import hashlib
import os
import subprocess
import sys
import zlib


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def main():
    ours, module, work = sys.argv[1:]
    os.makedirs(work, exist_ok=True)
    key, envelope, out = (os.path.join(work, name) for name in ("key", "envelope", "out"))
    tried = other = 0
    for path in sorted(glob.glob(os.path.join(module, "testdata", "*"))):
        head, body = read(path).split(b"\n\n", 1)
        says = collections.defaultdict(list)
        for line in head.decode().splitlines():
            name, value = line.split(": ", 1)
            says[name].append(value)
        keys = says["identity"]
        # Passphrases, armour and keys of other kinds are not ours to open.
        ours_to_open = len(keys) == 1 and keys[0].startswith("AGE-SECRET-KEY-1")
        if not ours_to_open or says["passphrase"] or says["armored"]:
            other += 1
            continue
        write(key, keys[0].encode() + b"\n")
        write(envelope, zlib.decompress(body) if says["compressed"] else body)
        done = subprocess.run(
            [ours, "envelope", "open", envelope, "--key", key, "-o", out, "--force"], capture_output=True
        )
        expected = says["expect"] == ["success"]
        assert (done.returncode == 0) == expected, (path, done.stderr)
        assert done.returncode in (0, 1, 2, 5), (path, done.stderr)
        if expected:
            assert hashlib.sha256(read(out)).hexdigest() == says["payload"][0], path
        tried += 1
    assert tried > 50, tried
    print(f"envelopes: {tried} of the format's own vectors as they say; {other} are of other kinds")


main()
