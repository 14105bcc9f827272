"""Consistency proofs (§10.1): an older block is in the history of a newer one.

Such a proof holds no keys. Signatures are checked by whoever holds the ledger's key entries,
so here they are NOT CHECKED.
"""

from typing import List, NamedTuple

from . import shape, tree
from .blocks import read_block
from .cbor import Node
from .errors import Refused
from .report import INTEGRITY, NOT_CHECKED, Report
from .view import Rooted


class Consistency(NamedTuple):
    older: Rooted
    newer: Rooted
    inclusion: List[bytes]
    path: List[bytes]


def read_consistency(data: bytes) -> Consistency:
    what = "consistency proof"
    found = shape.members(shape.read(data, what), what, range(6))
    if shape.text(found[0], what) != "yinzheng-consistency":
        raise Refused(f"{what}: it is none")
    shape.choice(found[1], f"{what}, version", (0,))
    proof = Consistency(_read_rooted(found[2], f"{what}, older block"),
                        _read_rooted(found[3], f"{what}, newer block"),
                        _read_path(found[4], what), _read_path(found[5], what))
    old, new = proof.older.block.header, proof.newer.block.header
    if (old.ledger, old.hash) != (new.ledger, new.hash) or old.height >= new.height:
        raise Refused(f"{what}: not an older and a newer block of one ledger")
    tree.check_path(old.height, new.height, proof.inclusion, what)
    if old.height == 0 and proof.path:
        raise Refused(f"{what}: nothing comes before block 0")
    return proof


def _read_rooted(node: Node, what: str) -> Rooted:
    block, root = shape.fixed(node, what, 2)
    return Rooted(read_block(shape.octets(block, what), what, receipt=False),
                  shape.octets32(root, f"{what}, root"))


def _read_path(node: Node, what: str) -> List[bytes]:
    return [shape.octets32(part, what) for part in shape.array(node, what, 0, tree.MAX_PATH)]


def verify_consistency(data: bytes) -> Report:
    proof = read_consistency(data)
    old, new = proof.older.block.header, proof.newer.block.header
    report = Report()
    subject = f"ledger {old.ledger.hex()[:8]} blocks {old.height} and {new.height}"
    leaf = tree.leaf_hash(old.hash, proof.older.block.history_leaf(proof.older.root))
    root = tree.root_from_path(old.hash, leaf, old.height, new.height, proof.inclusion)
    report.decide(INTEGRITY, subject, "the older block stands in the newer one's history",
                  "" if root == new.history_root else "the path does not lead to its history root")
    if old.height:
        good = tree.consistent(old.hash, old.height, new.height, old.history_root,
                               new.history_root, proof.path)
        report.decide(INTEGRITY, subject, "the newer history continues the older one",
                      "" if good else "the path does not lead to both history roots")
    report.add(INTEGRITY, subject, "signatures", NOT_CHECKED, "no key entries stand in such a proof")
    return report
