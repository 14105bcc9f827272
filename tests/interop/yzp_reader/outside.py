"""Words from outside, beside the sealed bytes (§9)."""

from typing import Any, NamedTuple, Optional

from . import cose, shape
from . import numbers_listed as n
from .cbor import Node
from .errors import Refused
from .hashes import Digest, read_digest
from .ledger_entries import Elsewhere, read_elsewhere
from .statements import CLAIM_ROLE
from .timeclaim import TimeClaim, read_time_claim

WORD_MAX = 65_535


class Countersignature(NamedTuple):
    message: cose.Sign1
    kid: bytes
    issuer: str
    signed_at: int
    role: Optional[int]
    named: Elsewhere
    claim: int
    time: TimeClaim


class PlatformReceipt(NamedTuple):
    platform: str
    id: str


class Outside(NamedTuple):
    kind: int
    raw: bytes
    target_kind: int
    target: Digest
    body: Any       # Countersignature, PlatformReceipt or, for a token, None


def read_outside(node: Node, what: str) -> Outside:
    found = shape.members(node, what, (0, 1, 2))
    kind = shape.choice(found[0], f"{what}, kind", n.OUTSIDE_KINDS)
    raw = shape.octets(found[1], what, 1, WORD_MAX)
    target_kind, digest = shape.fixed(found[2], f"{what}, target", 2)
    target = shape.choice(target_kind, f"{what}, target", n.TARGETS)
    body: Any = None
    if kind == n.COUNTERSIGNATURE:
        if target != n.TARGET_BLOCK:
            raise Refused(f"{what}: a countersignature is about a block")
        body = read_countersignature(raw, what)
    elif kind == n.PLATFORM_RECEIPT:
        body = _read_platform_receipt(raw, what)
    return Outside(kind, raw, target, read_digest(digest, f"{what}, target"), body)


def read_countersignature(raw: bytes, what: str) -> Countersignature:
    message = cose.read_sign1(shape.read(raw, what), what, n.TYP_COUNTERSIGNATURE)
    header = cose.header_members(message, what, (1, 4, 15, 16))
    cose.empty_unprotected(message, what)
    if message.payload is None:
        raise Refused(f"{what}: its payload is detached")
    claims = shape.members(header[15], f"{what}, claims", (1, 6), (CLAIM_ROLE,))
    found = shape.members(shape.read(message.payload, what), f"{what}, payload", range(8))
    shape.choice(found[0], f"{what}, payload kind", (10,))
    height = shape.count(found[2], f"{what}, height")
    history_size = shape.count(found[5], f"{what}, history size")
    if history_size != height:
        raise Refused(f"{what}: history size {history_size} at height {height}")
    named = read_elsewhere(found[1], found[2], found[3], found[4], what)
    return Countersignature(
        message, shape.octets32(header[4], f"{what}, kid"), shape.text(claims[1], f"{what}, iss"),
        shape.count(claims[6], f"{what}, iat"),
        shape.choice(claims[CLAIM_ROLE], f"{what}, role", n.ROLES) if CLAIM_ROLE in claims else None,
        named,
        shape.choice(found[6], f"{what}, claim", n.SEEN_CLAIMS),
        read_time_claim(found[7], f"{what}, time"))


def _read_platform_receipt(raw: bytes, what: str) -> PlatformReceipt:
    found = shape.members(shape.read(raw, what), what, (0, 1, 7), (2, 3, 4, 5, 6))
    for key in (2, 4, 6):
        if key in found:
            shape.text(found[key], what)
    if 3 in found:
        shape.count(found[3], what)
    if 5 in found:
        shape.integer(found[5], what)
    shape.octets(found[7], what)
    return PlatformReceipt(shape.text(found[0], what), shape.text(found[1], what))
