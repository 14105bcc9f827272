"""SM2 signature verification (GM/T 0003.2, GM/T 0009) over the curve sm2p256v1."""

from typing import Optional, Tuple

from .hashes import sm3_digest

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0

Point = Tuple[int, int]
_Jacobian = Tuple[int, int, int]    # x / z², y / z³; z = 0 is the neutral element


def on_curve(x: int, y: int) -> bool:
    return x < P and y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    if not y or not z:
        return 1, 1, 0
    s = 4 * x * y * y % P
    m = (3 * x * x + A * pow(z, 4, P)) % P
    new_x = (m * m - 2 * s) % P
    return new_x, (m * (s - new_x) - 8 * pow(y, 4, P)) % P, 2 * y * z % P


def _add(one: _Jacobian, two: _Jacobian) -> _Jacobian:
    x1, y1, z1 = one
    x2, y2, z2 = two
    if not z1:
        return two
    if not z2:
        return one
    u1, u2 = x1 * z2 * z2 % P, x2 * z1 * z1 % P
    s1, s2 = y1 * pow(z2, 3, P) % P, y2 * pow(z1, 3, P) % P
    if u1 == u2:
        return _double(one) if s1 == s2 else (1, 1, 0)
    h, r = u2 - u1, s2 - s1
    h2, h3 = h * h % P, pow(h, 3, P)
    x = (r * r - h3 - 2 * u1 * h2) % P
    return x, (r * (u1 * h2 - x) - s1 * h3) % P, h * z1 * z2 % P


def multiply(scalar: int, point: Point) -> _Jacobian:
    total: _Jacobian = (1, 1, 0)
    for bit in bin(scalar)[2:]:
        total = _double(total)
        if bit == "1":
            total = _add(total, (point[0], point[1], 1))
    return total


def affine(point: _Jacobian) -> Optional[Point]:
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, P - 2, P)
    return x * inverse * inverse % P, y * pow(inverse, 3, P) % P


def message_digest(public: Point, user_id: bytes, message: bytes) -> bytes:
    """e = SM3(Z ‖ M), Z over the user ID, the curve and the public key (§3)."""
    parts = (A, B, GX, GY, public[0], public[1])
    z = sm3_digest((8 * len(user_id)).to_bytes(2, "big") + user_id
                   + b"".join(part.to_bytes(32, "big") for part in parts))
    return sm3_digest(z + message)


def verify(public: Point, user_id: bytes, message: bytes, r: int, s: int) -> bool:
    """GM/T 0003.2 §7. `public` is on the curve."""
    if not (1 <= r < N and 1 <= s < N):
        return False
    t = (r + s) % N
    if t == 0:
        return False
    e = int.from_bytes(message_digest(public, user_id, message), "big")
    point = affine(_add(multiply(s, (GX, GY)), multiply(t, public)))
    return point is not None and (e + point[0]) % N == r
