"""COSE keys, their thumbprints, and strict verification of signatures (§3)."""

from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes as library_hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import cbor, ed25519, shape, sm2
from . import numbers_listed as n
from .cbor import Node
from .errors import Refused
from .hashes import digest

P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# algorithm: (kty, crv, members)
_FORMS = {
    n.ED25519: (1, n.CURVE_ED25519, (1, 3, -1, -2)),
    n.P256: (2, n.CURVE_P256, (1, 3, -1, -2, -3)),
    n.SM2: (2, n.CURVE_SM2, (1, 3, -1, -2, -3)),
}


class PublicKey(NamedTuple):
    """A key that is known to be a good point of its curve."""

    algorithm: int
    x: bytes            # Ed25519: the encoded point
    y: bytes            # empty for Ed25519
    raw: bytes          # the cose-key bytes
    sm2_id: bytes = n.SM2_DEFAULT_ID

    def thumbprint(self) -> bytes:
        """RFC 9679: SHA-256 over the members 1, −1, −2 and, where present, −3."""
        kty, curve, _ = _FORMS[self.algorithm]
        parts = [b"\x01" + cbor.head(0, kty)]
        parts.append(b"\x20" + (cbor.head(0, curve) if curve >= 0 else cbor.head(1, -1 - curve)))
        parts.append(b"\x21" + cbor.byte_string(self.x))
        if self.y:
            parts.append(b"\x22" + cbor.byte_string(self.y))
        return digest(n.SHA256, cbor.head(5, len(parts)) + b"".join(parts))

    def same_point(self, other: "PublicKey") -> bool:
        return (self.algorithm, self.x, self.y) == (other.algorithm, other.x, other.y)


def read_key(node: Node, what: str) -> PublicKey:
    """A cose-key with exactly the members of its kind and a good point."""
    if node.kind != cbor.MAP or 3 not in node.value:
        raise Refused(f"{what}: no COSE_Key with an algorithm")
    algorithm = shape.choice(node.value[3], f"{what}, alg", n.SIGNATURES)
    kty, curve, needed = _FORMS[algorithm]
    found = shape.members(node, what, needed)
    shape.choice(found[1], f"{what}, kty", (kty,))
    shape.choice(found[-1], f"{what}, crv", (curve,))
    x = shape.octets32(found[-2], f"{what}, x")
    y = shape.octets32(found[-3], f"{what}, y") if -3 in found else b""
    key = PublicKey(algorithm, x, y, node.raw)
    if not _good_point(key):
        raise Refused(f"{what}: the point is not on the curve, not canonical or of small order")
    return key


def _good_point(key: PublicKey) -> bool:
    if key.algorithm == n.ED25519:
        return ed25519.good_point(key.x)
    x, y = int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")
    if key.algorithm == n.SM2:
        return sm2.on_curve(x, y)
    try:
        ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        return False
    return True


def signature_form(algorithm: int, signature: bytes, high_s: bool = False) -> str:
    """What no signature of that algorithm may look like, whatever the key (§3); else ""."""
    if len(signature) != 64:
        return "the signature is not 64 bytes"
    if algorithm == n.ED25519:
        return "" if ed25519.in_range(signature) else "S is not below L"
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    order = sm2.N if algorithm == n.SM2 else P256_N
    if not (1 <= r < order and 1 <= s < order):
        return "r or s is out of range"
    if algorithm == n.SM2:
        return "r + s is n" if r + s == order else ""
    return "" if high_s or s <= (order - 1) // 2 else "s is high"


def verify(key: PublicKey, signature: bytes, message: bytes, outside: bool = False) -> str:
    """Empty when the signature is good, else why not. `outside` accepts a high s (§3, §9)."""
    objection = signature_form(key.algorithm, signature, outside)
    if objection:
        return objection
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if key.algorithm == n.ED25519:
        good = _verify_ed25519(key, signature, message)
    elif key.algorithm == n.SM2:
        point = int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")
        good = sm2.verify(point, key.sm2_id, message, r, s)
    else:
        good = _verify_p256(key, r, s, message)
    return "" if good else "the signature does not match"


def _verify_ed25519(key: PublicKey, signature: bytes, message: bytes) -> bool:
    if not ed25519.good_point(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.x).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _verify_p256(key: PublicKey, r: int, s: int, message: bytes) -> bool:
    x, y = int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        public.verify(utils.encode_dss_signature(r, s), message,
                      ec.ECDSA(library_hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
