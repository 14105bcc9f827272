"""The strict part of Ed25519 that general libraries leave out (§3): canonical encodings,
no small order. The signature equation itself is checked by the `cryptography` package."""

from functools import lru_cache
from typing import Optional, Tuple

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)

Point = Tuple[int, int]


def decode_point(encoded: bytes) -> Optional[Point]:
    """RFC 8032 §5.1.3, canonical encodings only; None if it is not one."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2 ** 255 - 1)
    if len(encoded) != 32 or y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == P - u and u:
        x = x * SQRT_MINUS_1 % P
    if v * x * x % P != u:
        return None
    if x == 0 and sign:
        return None
    return (P - x if x & 1 != sign else x), y


def _double(point: Point) -> Point:
    x, y = point
    product = D * x * x * y * y % P
    new_x = 2 * x * y * pow(1 + product, P - 2, P)
    new_y = (y * y + x * x) * pow(1 - product, P - 2, P)
    return new_x % P, new_y % P


def has_small_order(point: Point) -> bool:
    """Whether 8 × point is the neutral element."""
    for _ in range(3):
        point = _double(point)
    return point == (0, 1)


@lru_cache(maxsize=4096)
def good_point(encoded: bytes) -> bool:
    """Canonical, on the curve, not of small order."""
    point = decode_point(encoded)
    return point is not None and not has_small_order(point)


def in_range(signature: bytes) -> bool:
    """S < L."""
    return int.from_bytes(signature[32:], "little") < L
