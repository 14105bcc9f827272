"""gmssl-pyx from PyPI: the C library GmSSL. Raw keys, DER signatures, any user id but the empty one."""

import gmssl_pyx as gm

from peer import NotForThisTool, serve, unhex


def make(_alg: str, _scheme: str) -> str:
    public, secret = gm.sm2_key_generate()
    return f"{secret.hex()} {public.hex()}"


def known(sm2_id: str) -> bytes:
    if sm2_id == "-":
        raise NotForThisTool
    return unhex(sm2_id)


def sign(_alg: str, secret: str, public: str, sm2_id: str, message: str) -> str:
    signature = gm.sm2_sign(unhex(secret), unhex(public), unhex(message), signer_id=known(sm2_id))
    return str(signature.hex())


def sign_digest(_alg: str, secret: str, digest: str) -> str:
    return str(gm.sm2_sign_sm3_digest(unhex(secret), unhex(digest)).hex())


def verify(_alg: str, public: str, sm2_id: str, message: str, signature: str) -> str:
    good = gm.sm2_verify(unhex(public), unhex(message), unhex(signature), signer_id=known(sm2_id))
    return "true" if good else "false"


serve({
    "about": lambda: "gmssl-pyx raw SM2",
    "make": make,
    "sign": sign,
    "sign-digest": sign_digest,
    "verify": verify,
})
