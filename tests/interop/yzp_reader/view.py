"""What of one ledger is in front of us, whether from a proof or from a bundle."""

from dataclasses import dataclass
from typing import Dict, List, NamedTuple, Optional, Sequence, Set, Tuple

from . import hashes, tree
from .blocks import Block
from .entries import Entry
from .hashes import Digest
from .proof import LedgerPart, Proof
from .values import Disclosure

Position = Tuple[int, int]      # height and index


class Rooted(NamedTuple):
    """A block with a root that entries shown lead to."""

    block: Block
    root: bytes

    @property
    def height(self) -> int:
        return self.block.header.height

    @property
    def name(self) -> Tuple[bytes, bytes]:
        """Sealed bytes and root."""
        return self.block.sealed, self.root


@dataclass
class Placed:
    """An entry at its place."""

    ledger: bytes
    hash: int
    height: int
    index: int
    entry: Entry
    disclosures: Sequence[Disclosure]
    rooted: Optional[Rooted] = None     # the block, with the root that its path leads to
    stands: bool = False                # proven to be sealed (§14.5), and understood

    @property
    def position(self) -> Position:
        return self.height, self.index

    @property
    def digest(self) -> Digest:
        return hashes.digest_of(self.hash, self.entry.raw)

    def __str__(self) -> str:
        return f"{self.ledger.hex()[:8]} {self.height}/{self.index} {self.entry.name}"


class LedgerView:
    """One ledger: its blocks (one for each height unless something is wrong) and entries."""

    def __init__(self, ledger: bytes, algorithm: int) -> None:
        self.id = ledger
        self.hash = algorithm
        self.blocks: Dict[int, List[Rooted]] = {}
        self.placed: List[Placed] = []
        self.part: Optional[LedgerPart] = None      # of a proof
        self.signed: List[Rooted] = []              # by the key in force
        self.in_history: Set[Tuple[bytes, bytes]] = set()   # names of signed blocks in the head's history

    @property
    def name(self) -> str:
        return f"ledger {self.id.hex()[:8]}"

    @property
    def digest(self) -> Digest:
        return Digest(self.hash, self.id)

    def add_block(self, rooted: Rooted) -> None:
        known = self.blocks.setdefault(rooted.height, [])
        same = [(one.block.sealed, one.root) for one in known]
        if (rooted.block.sealed, rooted.root) not in same:
            known.append(rooted)

    def signed_at(self, height: int) -> List[Rooted]:
        return [one for one in self.signed if one.height == height]

    def genesis(self) -> Optional[Placed]:
        for placed in self.placed:
            if (placed.height, placed.index) == (0, 0):
                return placed
        return None

    def newest(self) -> int:
        return max(self.blocks)


def view_proof(proof: Proof) -> List[LedgerView]:
    views = {}
    for part in proof.ledgers:
        header = part.head.header
        views[header.ledger] = LedgerView(header.ledger, header.hash)
        views[header.ledger].part = part
    for item in proof.items:
        view = views[item.ledger]
        inclusion = item.receipt.inclusion
        assert inclusion is not None
        leaf = tree.leaf_hash(item.receipt.header.hash, item.entry.raw)
        root = tree.root_from_path(item.receipt.header.hash, leaf, inclusion.index,
                                   inclusion.size, inclusion.path)
        bare = item.receipt._replace(inclusion=None)
        rooted = Rooted(bare, root)
        view.add_block(rooted)
        view.placed.append(Placed(
            item.ledger, view.hash, item.height, inclusion.index,
            item.entry, item.disclosures, rooted))
    return list(views.values())
