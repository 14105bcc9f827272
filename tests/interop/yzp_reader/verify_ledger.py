"""Checks within one ledger: genesis, keys, blocks and their chain (§14.3–5, §8)."""

from typing import List, Optional

from . import key_history, keys, tree
from . import numbers_listed as n
from .blocks import Block
from .key_history import KeyHistory
from .ledger_entries import Event, Genesis, Link
from .policy import Policy
from .report import INTEGRITY, NOT_CHECKED, NOT_PROVEN, ORIGIN, PROVEN, Report
from .view import LedgerView, Placed, Rooted


def verify_ledger(view: LedgerView, policy: Optional[Policy], report: Report) -> Optional[KeyHistory]:
    """The key history, or None when genesis was not understood or does not fit."""
    _origin(view, policy, report)
    history = _genesis(view, report)
    for height in sorted(view.blocks):
        rooted = view.blocks[height]
        report.decide(INTEGRITY, f"{view.name} block {height}", "one block at this height",
                      "" if len(rooted) == 1 else "two different blocks, or two roots")
        for one in rooted:
            _block(view, history, one, report)
    _neighbours(view, report)
    _places_of_entries(view, report)
    for placed in view.placed:
        _understood(placed, report)
    return history


def _origin(view: LedgerView, policy: Optional[Policy], report: Report) -> None:
    question = "ledger named in the policy"
    if policy is None:
        report.add(ORIGIN, view.name, question, NOT_CHECKED, "no policy given")
    elif view.digest in policy.ledgers:
        report.add(ORIGIN, view.name, question, PROVEN, policy.ledgers[view.digest])
    else:
        report.add(ORIGIN, view.name, question, NOT_PROVEN, "the policy does not name it")


def _genesis(view: LedgerView, report: Report) -> Optional[KeyHistory]:
    placed = view.genesis()
    subject = f"{view.name} genesis"
    if placed is None:
        report.add(INTEGRITY, subject, "ledger id", NOT_PROVEN, "genesis is not shown")
        return None
    body = placed.entry.body
    if not isinstance(body, Genesis):
        report.add(INTEGRITY, subject, "ledger id", NOT_PROVEN, "genesis is not understood")
        return None
    objection = ""
    if body.hash != view.hash:
        objection = "genesis fixes another hash than the blocks name"
    elif placed.digest.value != view.id:
        objection = "the digest of genesis is not the ledger id"
    if not report.decide(INTEGRITY, subject, "ledger id", objection):
        return None
    report.note(f"{view.name} calls itself “{body.organisation}”, {n.HASHES[body.hash]}, "
                f"{body.time}; first key: {body.first_key}")
    before = None if body.continues is None else body.continues.ledger
    return key_history.build(view, body.first_key, before, report)


def _block(view: LedgerView, history: Optional[KeyHistory], one: Rooted, report: Report) -> None:
    subject = f"{view.name} block {one.height}"
    if one.block.header.hash != view.hash:
        report.decide(INTEGRITY, subject, "hash", "another hash than the ledger's")
        return
    if one.height == 0:
        report.decide(INTEGRITY, subject, "first block", _first_block(one.block))
    if history is None:
        report.add(INTEGRITY, subject, "signature", NOT_PROVEN, "no ledger key is known")
        return
    header = one.block.header
    now = history.at(one.height)
    if header.kid != now.kid and header.epoch > now.epoch:
        report.add(INTEGRITY, subject, "signature", NOT_PROVEN,
                   f"the key entry of epoch {header.epoch} is not shown")
        return
    objection = ""
    if header.kid != now.kid or header.epoch != now.epoch:
        objection = "kid and epoch are not those of the key in force"
    elif header.algorithm != now.key.algorithm:
        objection = "alg is not the key's"
    else:
        objection = keys.verify(now.key, one.block.message.signature,
                                one.block.to_be_signed(one.root))
    report.decide(INTEGRITY, subject, "signature by the key in force, over the root", objection)


def _first_block(block: Block) -> str:
    header = block.header
    if header.first != 0:
        return "the first sequence number is not 0"
    if header.history_root != tree.root(header.hash, []):
        return "the history root is not that of an empty history"
    return ""


def _neighbours(view: LedgerView, report: Report) -> None:
    """What headers say of each other, as far as the blocks shown allow."""
    heights = sorted(view.blocks)
    for before, after in zip(heights, heights[1:]):
        for one in view.blocks[before]:
            for two in view.blocks[after]:
                objection = _successor(one, two, view.id)
                report.decide(INTEGRITY, f"{view.name} block {after}",
                              f"follows block {before}", objection)


def _successor(one: Rooted, two: Rooted, ledger: bytes) -> str:
    old, new = one.block.header, two.block.header
    if old.ledger != ledger or new.ledger != ledger:
        return "another ledger's block"
    between = new.height - old.height - 1
    if between:
        if new.first < one.block.first_after + between:
            return "sequence numbers do not leave room for the blocks between"
        return ""
    if new.previous != one.block.block_hash(one.root):
        return "the previous block hash is not that block's"
    if new.first != one.block.first_after:
        return "the first sequence number does not follow"
    return ""


def _places_of_entries(view: LedgerView, report: Report) -> None:
    for placed in view.placed:
        body = placed.entry.body
        _leaf_0(placed, report)
        if placed.entry.name == "link":
            report.decide(INTEGRITY, str(placed), "link", _link(view, placed))
        if placed.height == 0 and placed.index == 1:
            opened = isinstance(body, Event) and body.code == n.OPENED
            if body is not None or placed.entry.name != "event":
                report.decide(INTEGRITY, str(placed), "block 0 begins with genesis and opened",
                              "" if opened else "the second entry is not opened")
        if isinstance(body, Event) and body.code == n.CLOSED:
            count = view.blocks[placed.height][0].block.header.count
            last = placed.index == count - 1 and placed.height == view.newest()
            report.decide(INTEGRITY, str(placed), "nothing follows closed",
                          "" if last else "entries or blocks follow it")


def _leaf_0(placed: Placed, report: Report) -> None:
    """Genesis and links stand at leaf 0, and nowhere else."""
    wanted = None if placed.index else "link" if placed.height else "genesis"
    name = placed.entry.name if placed.entry.name in ("link", "genesis") else None
    if name is not None or wanted is not None:
        report.decide(INTEGRITY, str(placed), "place of links and genesis",
                      "" if name == wanted else f"leaf {placed.index} of block {placed.height}")


def _link(view: LedgerView, placed: Placed) -> str:
    height, link = placed.height, placed.entry.body
    if not isinstance(link, Link) or placed.entry.unknown:
        return "a link has its three keys and no other"
    for one in view.blocks[height]:
        if link.previous != one.block.header.previous:
            return "link and header name different previous blocks"
    for before in view.blocks.get(height - 1, []):
        if link.sealed != before.block.sealed_digest():
            return "not the sealed digest of the block before"
    return ""


def _understood(placed: Placed, report: Report) -> None:
    entry = placed.entry
    if entry.unknown:
        report.add(INTEGRITY, str(placed), "unknown optional parts", NOT_CHECKED,
                   f"keys or kind {list(entry.unknown)}")
    elif entry.body is None:
        report.add(INTEGRITY, str(placed), "entry", NOT_PROVEN, "an unknown critical part")


def verify_history(view: LedgerView, report: Report) -> None:
    """Proofs: every block below the head is in the head's history tree; the head listed is
    the newest block shown."""
    assert view.part is not None
    head = view.part.head
    for one in view.blocks[head.header.height]:
        same = one.block.sealed == head.sealed
        report.decide(INTEGRITY, f"{view.name} head", "head and receipts are one block",
                      "" if same else "two different blocks at one height")
    for height in sorted(view.part.paths):
        path: List[bytes] = view.part.paths[height]
        for one in view.blocks[height]:
            leaf = tree.leaf_hash(view.hash, one.block.history_leaf(one.root))
            root = tree.root_from_path(view.hash, leaf, height, head.header.height, path)
            good = root == head.header.history_root
            report.decide(INTEGRITY, f"{view.name} block {height}", "stands in the head's history",
                          "" if good else "its history path does not lead to the head's root")
