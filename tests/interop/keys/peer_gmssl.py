"""gmssl from PyPI: SM2 and SM3 in pure Python. It knows raw keys and the default user id only."""

import secrets

from gmssl import sm2

from peer import NotForThisTool, serve, unhex

ORDER = int(sm2.default_ecc_table["n"], 16)
DEFAULT_ID = b"1234567812345678"


def tool(public: bytes, secret: bytes = b"") -> sm2.CryptSM2:
    key = sm2.CryptSM2(secret.hex(), "", asn1=True)
    # Its constructor strips zeros and fours from the front of the key, too.
    key.public_key = public.hex()
    return key


def make(_alg: str, _scheme: str) -> str:
    secret = secrets.randbelow(ORDER - 2) + 1
    public = tool(b"")._kg(secret, sm2.default_ecc_table["g"])
    return f"{secret:064x} {public}"


def sign(_alg: str, secret: str, public: str, sm2_id: str, message: str) -> str:
    if unhex(sm2_id) != DEFAULT_ID:
        raise NotForThisTool
    return str(tool(unhex(public), unhex(secret)).sign_with_sm3(unhex(message)))


def sign_digest(_alg: str, secret: str, digest: str) -> str:
    nonce = secrets.randbelow(ORDER - 1) + 1
    return str(tool(b"", unhex(secret)).sign(unhex(digest), f"{nonce:064x}"))


def verify(_alg: str, public: str, sm2_id: str, message: str, signature: str) -> str:
    if unhex(sm2_id) != DEFAULT_ID:
        raise NotForThisTool
    return "true" if tool(unhex(public)).verify_with_sm3(signature, unhex(message)) else "false"


serve({
    "about": lambda: "gmssl raw SM2",
    "make": make,
    "sign": sign,
    "sign-digest": sign_digest,
    "verify": verify,
})
