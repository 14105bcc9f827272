"""Blocks and receipts (§8)."""

from dataclasses import dataclass
from typing import List, NamedTuple, Optional

from . import cbor, cose, hashes, shape, tree
from . import numbers_listed as n
from .cbor import Node
from .errors import Refused

(CLAIM_LEDGER, CLAIM_HEIGHT, CLAIM_COUNT, CLAIM_FIRST, CLAIM_PREVIOUS, CLAIM_HISTORY,
 CLAIM_EPOCH) = range(-65537, -65544, -1)
ENTRIES_MAX = 16_777_216


@dataclass(frozen=True)
class Header:
    """The signed claims of a block."""

    algorithm: int
    kid: bytes
    begin: int
    ledger: bytes
    height: int
    count: int
    first: int
    previous: Optional[bytes]
    history_root: bytes
    epoch: int
    hash: int


@dataclass(frozen=True)
class Inclusion:
    size: int
    index: int
    path: List[bytes]


class Block(NamedTuple):
    """A block, or with `inclusion` a receipt."""

    message: cose.Sign1
    header: Header
    sealed: bytes
    inclusion: Optional[Inclusion]

    def to_be_signed(self, root: bytes) -> bytes:
        return self.message.to_be_signed(root)

    def block_hash(self, root: bytes) -> bytes:
        return hashes.digest(self.header.hash, self.to_be_signed(root))

    def sealed_digest(self) -> bytes:
        return hashes.digest(self.header.hash, self.sealed)

    def history_leaf(self, root: bytes) -> bytes:
        """[height, block hash, sealed digest]."""
        return (b"\x83" + cbor.head(0, self.header.height)
                + cbor.byte_string(self.block_hash(root))
                + cbor.byte_string(self.sealed_digest()))

    @property
    def first_after(self) -> int:
        """The first sequence number of the next block."""
        return self.header.first + self.header.count - (1 if self.header.height else 0)


def read_block(raw: bytes, what: str, receipt: bool) -> Block:
    """A block with empty unprotected header, or a receipt with exactly one path."""
    message = cose.read_sign1(shape.read(raw, what), what, n.TYP_BLOCK)
    if message.payload is not None:
        raise Refused(f"{what}: its payload is attached")
    header = _read_header(message, what)
    inclusion = None
    if receipt:
        inclusion = _read_inclusion(message.unprotected, what)
        if inclusion.size != header.count:
            raise Refused(f"{what}: tree size {inclusion.size}, signed entry count {header.count}")
        tree.check_path(inclusion.index, inclusion.size, inclusion.path, what)
    else:
        cose.empty_unprotected(message, what)
    return Block(message, header, message.sealed(), inclusion)


def _read_header(message: cose.Sign1, what: str) -> Header:
    labels = cose.header_members(message, what, (1, 4, 15, 16, 395))
    claims = shape.members(
        labels[15], f"{what}, claims",
        (1, 2, 6, CLAIM_LEDGER, CLAIM_HEIGHT, CLAIM_COUNT, CLAIM_FIRST, CLAIM_HISTORY, CLAIM_EPOCH),
        (CLAIM_PREVIOUS,))
    header = Header(
        message.algorithm,
        shape.octets32(labels[4], f"{what}, kid"),
        shape.count(claims[6], f"{what}, iat"),
        shape.octets32(claims[CLAIM_LEDGER], f"{what}, ledger id"),
        shape.count(claims[CLAIM_HEIGHT], f"{what}, height"),
        shape.integer(claims[CLAIM_COUNT], f"{what}, entry count", 2, ENTRIES_MAX),
        shape.count(claims[CLAIM_FIRST], f"{what}, first sequence number"),
        shape.octets32(claims[CLAIM_PREVIOUS], f"{what}, previous") if CLAIM_PREVIOUS in claims
        else None,
        shape.octets32(claims[CLAIM_HISTORY], f"{what}, history root"),
        shape.count(claims[CLAIM_EPOCH], f"{what}, epoch"),
        n.VDS[shape.choice(labels[395], f"{what}, vds", n.VDS)])
    issuer = header.ledger.hex()
    if shape.text(claims[1], f"{what}, iss") != issuer:
        raise Refused(f"{what}: iss is not the ledger id")
    if shape.text(claims[2], f"{what}, sub") != f"{issuer}/{header.height}":
        raise Refused(f"{what}: sub is not ledger id and height")
    if (header.previous is None) != (header.height == 0):
        raise Refused(f"{what}: a previous block hash is absent exactly in block 0")
    _check_height(header, what)
    return header


def _check_height(header: Header, what: str) -> None:
    """What the height alone says of other claims."""
    empty = header.history_root == tree.root(header.hash, [])
    if header.height == 0:
        if header.first or header.epoch or not empty:
            raise Refused(f"{what}: block 0 with a history, an epoch or entries before it")
    elif header.first <= header.height or header.epoch > header.height or empty:
        raise Refused(f"{what}: first sequence number, epoch or history do not fit the height")


def _read_inclusion(unprotected: Node, what: str) -> Inclusion:
    what = f"{what}, inclusion"
    proofs = shape.members(unprotected, what, (396,))[396]
    path_list = shape.members(proofs, what, (-1,))[-1]
    raw = shape.octets(shape.fixed(path_list, what, 1)[0], what)
    size, index, path = shape.fixed(shape.read(raw, what), what, 3)
    return Inclusion(
        shape.count(size, f"{what}, size"), shape.count(index, f"{what}, index"),
        [shape.octets32(node, what) for node in shape.array(path, what, 1, tree.MAX_PATH)])
