"""Envelopes both ways with tools that we did not write: the `age` command (Go) where it is installed, and pyrage (Rust).

    check.py <the yinzheng command> <a work folder>
"""

import os
import secrets
import shutil
import subprocess
import sys

import pyrage

SIZES = [0, 1, 65535, 65536, 65537, 200_000]


def run(*arguments):
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    ours, folder = sys.argv[1:]
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    os.makedirs(folder)
    os.chdir(folder)
    age = shutil.which("age")
    run(ours, "envelope", "key", "-o", "our.key")
    text = read("our.key").decode()
    our_public = text.splitlines()[0].split()[-1]
    theirs = pyrage.x25519.Identity.generate()
    their_public = str(theirs.to_public())
    with open("their.key", "w") as file:
        file.write(str(theirs) + "\n")
    both = ["--to", our_public, "--to", their_public]
    assert str(pyrage.x25519.Identity.from_str(text.splitlines()[1]).to_public()) == our_public
    done = 0
    for size in SIZES:
        content = secrets.token_bytes(size)
        with open("plain", "wb") as file:
            file.write(content)
        # Ours, opened by them, each recipient by himself.
        run(ours, "envelope", "seal", "plain", *both, "-o", "ours.age", "--force")
        assert pyrage.decrypt(read("ours.age"), [theirs]) == content
        if age:
            for key in ["our.key", "their.key"]:
                opened = subprocess.run([age, "-d", "-i", key, "ours.age"], check=True, capture_output=True)
                assert opened.stdout == content
        # Theirs, opened by us.
        recipients = [pyrage.x25519.Recipient.from_str(key) for key in (their_public, our_public)]
        with open("pyrage.age", "wb") as file:
            file.write(pyrage.encrypt(content, recipients))
        sealed = ["pyrage.age"]
        if age:
            run(age, "-r", their_public, "-r", our_public, "-o", "age.age", "plain")
            sealed.append("age.age")
        for envelope in sealed:
            for key in ["our.key", "their.key"]:
                run(ours, "envelope", "open", envelope, "--key", key, "-o", "opened", "--force")
                assert read("opened") == content, (envelope, key, size)
        # A changed one is opened by nobody.
        spoilt = bytearray(read("ours.age"))
        spoilt[-1] ^= 1
        with open("spoilt.age", "wb") as file:
            file.write(spoilt)
        refused = [ours, "envelope", "open", "spoilt.age", "--key", "our.key", "-o", "spoilt"]
        assert subprocess.run(refused, capture_output=True).returncode != 0
        assert not os.path.exists("spoilt")
        done += 1
    if not age:
        print("SKIPPED envelope (age): the age command is not installed (apt-get install age)")
    print(f"envelopes: {done} sizes both ways with pyrage{' and age' if age else ''}")


main()
