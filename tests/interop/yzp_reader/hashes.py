"""The two hashes, and digests that carry their hash (§3)."""

import hashlib
from typing import NamedTuple

from . import numbers_listed as n
from . import shape, sm3
from .cbor import Node


def _openssl_has_sm3() -> bool:
    try:
        return hashlib.new("sm3", b"abc").hexdigest().startswith("66c7f0f462eeedd9")
    except ValueError:
        return False


_FAST_SM3 = _openssl_has_sm3()


def sm3_digest(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest() if _FAST_SM3 else sm3.digest(data)


def digest(algorithm: int, data: bytes) -> bytes:
    """H(data), 32 bytes."""
    if algorithm == n.SHA256:
        return hashlib.sha256(data).digest()
    if algorithm == n.SM3:
        return sm3_digest(data)
    raise ValueError("unknown hash")


class Digest(NamedTuple):
    """`digest` of §3: the hash and its 32 bytes."""

    algorithm: int
    value: bytes

    def __str__(self) -> str:
        return f"{n.HASHES[self.algorithm]}:{self.value.hex()}"


def digest_of(algorithm: int, data: bytes) -> Digest:
    return Digest(algorithm, digest(algorithm, data))


def read_algorithm(node: Node, what: str) -> int:
    return shape.choice(node, f"{what}, hash", n.HASHES)


def read_digest(node: Node, what: str) -> Digest:
    algorithm, value = shape.fixed(node, what, 2)
    return Digest(read_algorithm(algorithm, what), shape.octets32(value, what))
