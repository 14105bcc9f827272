"""Statements: a party's signature over a record, as an entry (§5.3)."""

from typing import NamedTuple, Optional, Tuple, Union

from . import cbor, cose, shape
from . import numbers_listed as n
from .cbor import Members, Node
from .errors import Refused
from .hashes import Digest, digest, read_digest
from .key_entries import CLAIM_MEANT_FOR, read_certificates
from .readable_numbers import record_number
from .records import Record

CLAIM_ROLE, CLAIM_DISPLAYED = -65544, -65545


class Reference(NamedTuple):
    record: Digest
    role: int


class Statement(NamedTuple):
    message: cose.Sign1
    payload: bytes
    content: Union[Record, Reference, None]     # None: a record this reader does not understand
    kid: bytes
    signed_at: int
    role: int
    displayed: Optional[Digest]
    meant_for: Optional[Digest]
    certificates: Tuple[bytes, ...]

    def to_be_signed(self) -> bytes:
        return self.message.to_be_signed(self.payload)


def read_reference(data: bytes) -> Reference:
    found = shape.members(shape.read(data, "reference"), "reference", (0, 1, 2))
    shape.choice(found[0], "reference, kind", (9,))
    return Reference(read_digest(found[1], "reference"),
                     shape.choice(found[2], "reference, role", n.ROLES))


def read_header(message: cose.Sign1) -> Members:
    return cose.header_members(message, "statement", (1, 3, 4, 15, 16), (33, 34))


def read_statement(message: cose.Sign1, content: Union[Record, Reference, None],
                   payload: bytes) -> Statement:
    what = "statement"
    header = read_header(message)
    claims = shape.members(header[15], f"{what}, claims", (1, 2, 6, CLAIM_ROLE),
                           (CLAIM_DISPLAYED, CLAIM_MEANT_FOR))
    if (33 in header) != (34 in header):
        raise Refused(f"{what}: x5chain and x5t stand only together")
    certificates = _read_chain(header[33], what) if 33 in header else ()
    if certificates and _read_x5t(header[34], what) != digest(n.SHA256, certificates[0]):
        raise Refused(f"{what}: x5t is not the digest of the leaf certificate")
    kid = shape.octets32(header[4], f"{what}, kid")
    if shape.text(claims[1], f"{what}, iss") != kid.hex():
        raise Refused(f"{what}: iss is not the kid in hex")
    subject = shape.text(claims[2], f"{what}, sub")
    if content is not None:
        named = content.digest() if isinstance(content, Record) else content.record
        if subject != record_number(named.value):
            raise Refused(f"{what}: sub is not the record number")
    return Statement(
        message, payload, content, kid,
        shape.count(claims[6], f"{what}, iat"),
        shape.choice(claims[CLAIM_ROLE], f"{what}, role", n.ROLES),
        _optional_digest(claims, CLAIM_DISPLAYED, f"{what}, displayed"),
        _optional_digest(claims, CLAIM_MEANT_FOR, f"{what}, meant for"),
        certificates)


def _optional_digest(claims: Members, key: int, what: str) -> Optional[Digest]:
    return read_digest(claims[key], what) if key in claims else None


def _read_chain(node: Node, what: str) -> Tuple[bytes, ...]:
    if node.kind == cbor.ARRAY:
        return read_certificates(shape.array(node, f"{what}, x5chain", 2, 8), what)
    return read_certificates([node], what)


def _read_x5t(node: Node, what: str) -> bytes:
    algorithm, value = shape.fixed(node, f"{what}, x5t", 2)
    shape.choice(algorithm, f"{what}, x5t", (n.SHA256,))
    return shape.octets32(value, f"{what}, x5t")
