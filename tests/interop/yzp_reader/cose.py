"""COSE_Sign1 as the format uses it (§3): always tagged, headers strictly checked."""

from typing import Collection, NamedTuple, Optional

from . import cbor, shape
from . import numbers_listed as n
from .cbor import Members, Node
from .errors import Refused

PROTECTED_MAX = 32_768


class Sign1(NamedTuple):
    """The four parts of a message and the numbers every header has."""

    protected: bytes
    header: Node
    unprotected: Node
    payload: Optional[bytes]
    signature: bytes
    algorithm: int
    typ: str

    def to_be_signed(self, payload: bytes) -> bytes:
        return sig_structure(self.protected, payload)

    def sealed(self) -> bytes:
        """The message with an empty unprotected map and without payload (§8). All heads are
        in shortest form, so these are the received bytes but for that map."""
        return (b"\xd2\x84" + cbor.byte_string(self.protected) + b"\xa0\xf6"
                + cbor.byte_string(self.signature))


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    """["Signature1", protected, h'', payload]."""
    return (b"\x84\x6aSignature1" + cbor.byte_string(protected) + b"\x40"
            + cbor.byte_string(payload))


def typ_of(node: Node) -> str:
    """The `typ` of a tagged message, or "" where it has none: only to tell messages apart."""
    try:
        return read_sign1(node, "message").typ
    except Refused:
        return ""


def read_sign1(node: Node, what: str, typ: str = "") -> Sign1:
    """A tagged message; with `typ`, only that kind of message."""
    if node.kind != cbor.TAG or node.value[0] != cbor.TAG_SIGN1:
        raise Refused(f"{what}: not a tagged COSE_Sign1")
    protected, unprotected, payload, signature = shape.fixed(node.value[1], what, 4)
    protected_bytes = shape.octets(protected, f"{what}, protected header", 1, PROTECTED_MAX)
    header_node = shape.read(protected_bytes, f"{what}, protected header")
    if header_node.kind != cbor.MAP:
        raise Refused(f"{what}: the protected header is not a map")
    header: Members = header_node.value
    for label, name in ((1, "alg"), (16, "typ")):
        if label not in header:
            raise Refused(f"{what}: the protected header has no {name}")
    found = shape.text(header[16], f"{what}, typ")
    if typ and found != typ:
        raise Refused(f"{what}: its typ is another message's")
    if unprotected.kind != cbor.MAP:
        raise Refused(f"{what}: the unprotected header is not a map")
    content = None if payload.kind == cbor.NULL else shape.octets(payload, f"{what}, payload")
    return Sign1(
        protected_bytes, header_node, unprotected, content,
        shape.octets(signature, f"{what}, signature", 64, 64),
        shape.choice(header[1], f"{what}, alg", n.SIGNATURES), found)


def header_members(message: Sign1, what: str, needed: Collection[int],
                   optional: Collection[int] = ()) -> Members:
    """The protected header with exactly these labels; `crit` (2) is never among them."""
    return shape.members(message.header, f"{what}, protected header", needed, optional)


def empty_unprotected(message: Sign1, what: str) -> None:
    if message.unprotected.value:
        raise Refused(f"{what}: the unprotected header is not empty")
