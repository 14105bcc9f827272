"""A proof, read and checked for form (§10)."""

import hashlib
from dataclasses import dataclass
from typing import Any, Dict, List, NamedTuple, Sequence, Set, Tuple

from . import shape
from .blocks import Block, read_block
from .cbor import Node
from .entries import Entry, read_entry
from .errors import Refused
from .hashes import digest_of
from .numbers_listed import HASHES
from .outside import Outside, read_outside
from .profile import Profile, read_profile
from .tree import MAX_PATH, check_path
from .values import Disclosure, read_disclosures

PROOF_MAX = 64 * 2 ** 20
ITEMS_MAX = 65_536
WORDS_MAX = 1_024


@dataclass(frozen=True)
class Item:
    """One entry shown, with its receipt."""

    entry: Entry
    receipt: Block
    disclosures: List[Disclosure]

    @property
    def ledger(self) -> bytes:
        return self.receipt.header.ledger

    @property
    def height(self) -> int:
        return self.receipt.header.height

    @property
    def index(self) -> int:
        assert self.receipt.inclusion is not None
        return self.receipt.inclusion.index

    def __str__(self) -> str:
        return f"{self.entry.name} {self.height}/{self.index}"


class LedgerPart(NamedTuple):
    head: Block
    paths: Dict[int, List[bytes]]       # height to history path


class Proof(NamedTuple):
    items: List[Item]
    profiles: List[Profile]
    ledgers: List[LedgerPart]
    outside: List[Outside]


def read_proof(data: bytes) -> Proof:
    if len(data) > PROOF_MAX:
        raise Refused("proof: larger than 64 MiB")
    found = shape.members(shape.read(data, "proof"), "proof", range(6))
    if shape.text(found[0], "proof") != "yinzheng-proof":
        raise Refused("proof: not a proof")
    shape.choice(found[1], "proof, version", (0,))
    proof = Proof(
        [_read_item(node) for node in shape.array(found[2], "proof, items", 1, ITEMS_MAX)],
        [read_profile(shape.octets(node, "profile")) for node in shape.array(found[3], "proof, profiles")],
        [_read_ledger(node) for node in shape.array(found[4], "proof, ledgers", 1)],
        [read_outside(node, "outside") for node in shape.array(found[5], "proof, outside", 0, WORDS_MAX)])
    _check_order(proof)
    _check_heads(proof)
    return proof


def _read_item(node: Node) -> Item:
    found = shape.members(node, "item", (0, 1), (2,))
    entry = read_entry(shape.octets(found[0], "item, entry"))
    receipt = read_block(shape.octets(found[1], "item, receipt"), "receipt", receipt=True)
    disclosures = []
    if 2 in found:
        disclosures = read_disclosures(shape.array(found[2], "disclosures", 1), "disclosure")
        _check_may_disclose(entry, disclosures)
    return Item(entry, receipt, disclosures)


def _check_may_disclose(entry: Entry, disclosures: List[Disclosure]) -> None:
    if entry.not_understood or entry.record is not None:
        return
    if entry.name in ("tombstone", "hold") and [d.name for d in disclosures] == ["reference"]:
        return
    raise Refused(f"item: disclosures beside a {entry.name}")


def _read_ledger(node: Node) -> LedgerPart:
    found = shape.members(node, "ledger", (0, 1))
    head = read_block(shape.octets(found[0], "head"), "head", receipt=False)
    paths: Dict[int, List[bytes]] = {}
    last = -1
    for part in shape.array(found[1], "history paths"):
        height_node, path = shape.fixed(part, "history path", 2)
        height = shape.count(height_node, "history path, height")
        if height <= last:
            raise Refused("history paths are not in ascending order of height")
        last = height
        paths[height] = [shape.octets32(sibling, "history path")
                         for sibling in shape.array(path, "history path", 0, MAX_PATH)]
        check_path(height, head.header.height, paths[height], "history path")
    return LedgerPart(head, paths)


def _ascending(keys: Sequence[Tuple[Any, ...]], what: str) -> None:
    if any(before >= after for before, after in zip(keys, keys[1:])):
        raise Refused(f"{what} are out of order, or one stands twice")


def _check_order(proof: Proof) -> None:
    _ascending([(part.head.header.ledger,) for part in proof.ledgers], "ledgers")
    _ascending([(item.ledger, item.height, item.index) for item in proof.items], "items")
    _ascending([(hashlib.sha256(profile.raw).digest(),) for profile in proof.profiles], "profiles")


def _check_heads(proof: Proof) -> None:
    """Exactly the blocks shown stand in the ledger parts, and genesis is shown (§10)."""
    shown: Dict[bytes, Set[int]] = {}
    for item in proof.items:
        shown.setdefault(item.ledger, set()).add(item.height)
    if set(shown) != {part.head.header.ledger for part in proof.ledgers}:
        raise Refused("the ledgers of the items are not the ledgers listed")
    for part in proof.ledgers:
        header = part.head.header
        heights = shown[header.ledger]
        if max(heights) != header.height:
            raise Refused("a head is not the newest block shown")
        if heights - {header.height} != set(part.paths):
            raise Refused("history paths are not those of the blocks shown below the head")
        if not any(item.ledger == header.ledger and (item.height, item.index) == (0, 0)
                   for item in proof.items):
            raise Refused("a ledger without its genesis")
    _check_profiles(proof)


def _check_profiles(proof: Proof) -> None:
    """Each is named by a record shown. A record that is not understood might name any."""
    if any(item.entry.record is None and item.entry.not_understood for item in proof.items):
        return
    used = {record.profile_digest for item in proof.items
            for record in [item.entry.record] if record is not None}
    for profile in proof.profiles:
        if not any(digest_of(algorithm, profile.raw) in used for algorithm in HASHES):
            raise Refused("profile: no record shown names it")
