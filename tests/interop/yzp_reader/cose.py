"""COSE_Sign1 as the format uses it (§3): always tagged, headers strictly checked."""

from typing import Collection, NamedTuple, Optional

from . import cbor, shape
from . import numbers_listed as n
from .cbor import Members, Node
from .errors import Refused
from .keys import signature_form

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


def read_sign1(node: Node, what: str, typ: str) -> Sign1:
    """A tagged message of that kind."""
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
    if found != typ:
        raise Refused(f"{what}: its typ is another message's")
    if unprotected.kind != cbor.MAP:
        raise Refused(f"{what}: the unprotected header is not a map")
    content = None if payload.kind == cbor.NULL else shape.octets(payload, f"{what}, payload")
    algorithm = shape.choice(header[1], f"{what}, alg", n.SIGNATURES)
    signature_bytes = shape.octets(signature, f"{what}, signature", 64, 64)
    objection = signature_form(algorithm, signature_bytes, typ == n.TYP_COUNTERSIGNATURE)
    if objection:
        raise Refused(f"{what}: {objection}")
    return Sign1(protected_bytes, header_node, unprotected, content, signature_bytes, algorithm,
                 found)


def header_members(message: Sign1, what: str, needed: Collection[int],
                   optional: Collection[int] = ()) -> Members:
    """The protected header with exactly these labels; `crit` (2) is never among them."""
    return shape.members(message.header, f"{what}, protected header", needed, optional)


def empty_unprotected(message: Sign1, what: str) -> None:
    if message.unprotected.value:
        raise Refused(f"{what}: the unprotected header is not empty")
