"""Envelopes with SM2 and SM4 (GM/T 0010) both ways with a tool that we did not write.

    gm.py <the yinzheng command> <the peer: gmsm/main.go, built> <a work folder>
"""

import os
import secrets
import shutil
import subprocess
import sys

# Around the blocks of the cipher, and around the forms of a DER length.
SIZES = [0, 1, 15, 16, 17, 111, 128, 65_535, 200_000]


def run(*arguments):
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    ours, peer, folder = sys.argv[1:]
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    os.makedirs(folder)
    os.chdir(folder)
    # A key of ours with a certificate of theirs, and a key of theirs.
    run(ours, "keygen", "sm2", "-o", "court")
    run(peer, "certify", "court.public.pem", "court.pem")
    run(peer, "holder", "notary.key.pem", "notary.pem")
    for size in SIZES:
        content = secrets.token_bytes(size)
        with open("plain", "wb") as file:
            file.write(content)
        run(ours, "envelope", "seal", "plain", "--to", "court.pem", "--to", "notary.pem", "--force")
        run(peer, "open", "plain.p7m", "theirs", "notary.key.pem", "notary.pem")
        assert read("theirs") == content, ("ours, opened by them", size)
        run(peer, "seal", "plain", "theirs.p7m", "notary.pem", "court.pem")
        for envelope in ["plain.p7m", "theirs.p7m"]:
            run(ours, "envelope", "open", envelope, "--key", "court.key.pem", "-o", "opened", "--force")
            assert read("opened") == content, (envelope, "opened by us", size)
    # Not addressed to us.
    run(peer, "seal", "plain", "other.p7m", "notary.pem")
    refused = [ours, "envelope", "open", "other.p7m", "--key", "court.key.pem", "-o", "other"]
    # 5: another key (docs/cli.md).
    assert subprocess.run(refused, capture_output=True).returncode == 5
    assert not os.path.exists("other")
    print(f"envelopes with SM2 and SM4: {len(SIZES)} sizes both ways with gmsm")


main()
