"""Keys that sign, for the tests: the same seed always gives the same key."""

import hashlib
from typing import Any, Dict

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yzp_reader import sm2

from .encoder import encode

P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _scalar(seed: str, order: int) -> int:
    return int.from_bytes(hashlib.sha512(seed.encode()).digest(), "big") % (order - 2) + 1


class Signer:
    alg = 0
    members: Dict[int, Any] = {}
    sm2_id = None

    def cose_key(self) -> Dict[int, Any]:
        return dict(self.members)

    def key_bytes(self) -> bytes:
        return encode(self.members)

    def thumbprint(self) -> bytes:
        return hashlib.sha256(encode({k: v for k, v in self.members.items() if k != 3})).digest()

    def sign(self, message: bytes) -> bytes:
        raise NotImplementedError


class Ed25519(Signer):
    alg = -8

    def __init__(self, seed: str) -> None:
        self.secret = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())
        self.x = self.secret.public_key().public_bytes_raw()
        self.members = {1: 1, 3: -8, -1: 6, -2: self.x}

    def sign(self, message: bytes) -> bytes:
        return self.secret.sign(message)


class P256(Signer):
    alg = -7

    def __init__(self, seed: str) -> None:
        self.secret = ec.derive_private_key(_scalar(seed, P256_N), ec.SECP256R1())
        point = self.secret.public_key().public_numbers()
        self.members = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"),
                        -3: point.y.to_bytes(32, "big")}

    def sign(self, message: bytes, high: bool = False) -> bytes:
        r, s = utils.decode_dss_signature(self.secret.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
        if (s > P256_N // 2) != high:
            s = P256_N - s
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Sm2(Signer):
    alg = -66002

    def __init__(self, seed: str, sm2_id: bytes = b"1234567812345678") -> None:
        self.d = _scalar(seed, sm2.N)
        point = sm2.affine(sm2.multiply(self.d, (sm2.GX, sm2.GY)))
        assert point is not None
        self.point = point
        self.sm2_id = sm2_id
        self.members = {1: 2, 3: -66002, -1: -66006, -2: point[0].to_bytes(32, "big"),
                        -3: point[1].to_bytes(32, "big")}

    def sign(self, message: bytes) -> bytes:
        k = _scalar(f"{self.d}{message.hex()}", sm2.N)
        return self.sign_with(k, message)

    def sign_with(self, k: int, message: bytes) -> bytes:
        """GM/T 0003.2 §6 with a given k."""
        e = int.from_bytes(sm2.message_digest(self.point, self.sm2_id, message), "big")
        point = sm2.affine(sm2.multiply(k, (sm2.GX, sm2.GY)))
        assert point is not None
        r = (e + point[0]) % sm2.N
        s = pow(1 + self.d, sm2.N - 2, sm2.N) * (k - r * self.d) % sm2.N
        assert r and s and (r + k) % sm2.N
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def make(alg: int, seed: str) -> Signer:
    return {-8: Ed25519, -7: P256, -66002: Sm2}[alg](seed)
