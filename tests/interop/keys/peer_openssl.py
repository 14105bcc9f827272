"""The openssl command, version 3: key files, and all three algorithms."""

import os
import subprocess
import tempfile
from typing import List, Optional

from peer import NotForThisTool, serve, unhex

PASSPHRASE = ["-passin", "env:PEER_PASSPHRASE"]
KINDS = {
    "Ed25519": ["-algorithm", "ED25519"],
    "P-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "SM2": ["-algorithm", "SM2"],
}
CIPHERS = {"aes": "-aes-256-cbc", "sm4": "-sm4-cbc"}
HASHES = {"P-256": "sha256", "SM2": "sm3"}
FOLDER = tempfile.TemporaryDirectory()
ENVIRONMENT = {**os.environ, "PEER_PASSPHRASE": "correct horse 印证"}


def put(name: str, data: bytes) -> str:
    path = os.path.join(FOLDER.name, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def openssl(arguments: List[str]) -> Optional[bytes]:
    done = subprocess.run(["openssl", *arguments], env=ENVIRONMENT, capture_output=True)
    return done.stdout if done.returncode == 0 else None


def must(arguments: List[str]) -> bytes:
    out = openssl(arguments)
    if out is None:
        raise ValueError("openssl " + arguments[0])
    return out


def make(alg: str, scheme: str) -> str:
    secret = must(["genpkey", *KINDS[alg], CIPHERS[scheme], "-pass", PASSPHRASE[1]])
    public = must(["pkey", "-in", put("secret", secret), *PASSPHRASE, "-pubout"])
    return f"{secret.hex()} {public.hex()}"


def options(alg: str, sm2_id: str) -> List[str]:
    """What makes pkeyutl hash as the algorithm wants it; Ed25519 takes the message as it is."""
    chosen = ["-rawin"]
    if alg in HASHES:
        chosen += ["-digest", HASHES[alg]]
    if alg == "SM2":
        chosen += ["-pkeyopt", "hexdistid:" + ("" if sm2_id == "-" else sm2_id)]
    return chosen


def sign(alg: str, secret: str, _public: str, sm2_id: str, message: str) -> str:
    key, data = put("secret", unhex(secret)), put("message", unhex(message))
    return must(["pkeyutl", "-sign", "-inkey", key, *PASSPHRASE, "-in", data, *options(alg, sm2_id)]).hex()


def sign_digest(alg: str, secret: str, digest: str) -> str:
    # For SM2 it would hash the digest once more.
    if alg != "P-256":
        raise NotForThisTool
    key, data = put("secret", unhex(secret)), put("digest", unhex(digest))
    return must(["pkeyutl", "-sign", "-inkey", key, *PASSPHRASE, "-in", data]).hex()


def verify(alg: str, public: str, sm2_id: str, message: str, signature: str) -> str:
    key, data = put("public", unhex(public)), put("message", unhex(message))
    out = openssl(["pkeyutl", "-verify", "-pubin", "-inkey", key, "-in", data,
                   "-sigfile", put("signature", unhex(signature)), *options(alg, sm2_id)])
    return "false" if out is None else "true"


serve({
    "about": lambda: "openssl files Ed25519 P-256 SM2",
    "make": make,
    "sign": sign,
    "sign-digest": sign_digest,
    "verify": verify,
})
