"""Checks within one ledger: genesis, keys, blocks and their chain (§14.3–5, §8)."""

from typing import Collection, Optional, Tuple

from . import key_history, keys, tree
from . import numbers_listed as n
from .key_history import KeyHistory
from .ledger_entries import Event, Genesis, Link
from .policy import Policy
from .report import INTEGRITY, NOT_CHECKED, NOT_PROVEN, ORIGIN, PROVEN, Report
from .view import LedgerView, Placed, Rooted


def verify_ledger(view: LedgerView, policy: Optional[Policy], report: Report,
                  whole: bool = False) -> Optional[KeyHistory]:
    """The key history, or None when genesis was not understood or does not fit. `whole`: a bundle with every entry, of
    which no rotation can be missing, and in which the keys of others are not checked."""
    _origin(view, policy, report)
    history = _genesis(view, report)
    for height in sorted(view.blocks):
        for one in view.blocks[height]:
            if _block(view, history, one, whole, report):
                view.signed.append(one)
                assert history is not None
                key_history.take(history, view, one, not whole, report)
        signed = {one.block.sealed for one in view.signed_at(height)}
        report.decide(INTEGRITY, f"{view.name} block {height}", "one block at this height",
                      "" if len(signed) < 2 else "two different blocks, both signed")
    _neighbours(view, report)
    _places_of_entries(view, report)
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
    return KeyHistory(view.digest, body.first_key, before)


def _block(view: LedgerView, history: Optional[KeyHistory], one: Rooted, whole: bool, report: Report) -> bool:
    """Whether the key in force signed it, over this root."""
    subject = f"{view.name} block {one.height}"
    header = one.block.header
    if header.hash != view.hash:
        return report.decide(INTEGRITY, subject, "hash", "another hash than the ledger's")
    if history is None:
        report.add(INTEGRITY, subject, "signature", NOT_PROVEN, "no ledger key is known")
        return False
    now = history.at(one.height)
    known = [epoch.kid for epoch in history.epochs]
    if not whole and header.epoch >= len(known) and header.kid not in known:
        report.add(INTEGRITY, subject, "signature", NOT_PROVEN,
                   f"the key entry of epoch {header.epoch} is not shown")
        return False
    objection = ""
    if header.kid != now.kid or header.epoch != now.epoch:
        objection = "kid and epoch are not those of the key in force"
    elif header.algorithm != now.key.algorithm:
        objection = "alg is not the key's"
    else:
        objection = keys.verify(now.key, one.block.message.signature,
                                one.block.to_be_signed(one.root))
    return report.decide(INTEGRITY, subject, "signature by the key in force, over the root", objection)


def _neighbours(view: LedgerView, report: Report) -> None:
    """What headers say of each other, as far as the blocks shown allow."""
    heights = sorted({one.height for one in view.signed})
    for before, after in zip(heights, heights[1:]):
        for two in view.signed_at(after):
            objections = [_successor(one, two) for one in view.signed_at(before)]
            for objection in objections if all(objections) else [""]:
                report.decide(INTEGRITY, f"{view.name} block {after}",
                              f"follows block {before}", objection)


def _successor(one: Rooted, two: Rooted) -> str:
    old, new = one.block.header, two.block.header
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
        assert placed.rooted is not None
        _leaf_0(placed, report)
        if isinstance(body, Link):
            report.decide(INTEGRITY, str(placed), "link", _link(view, placed, placed.rooted, body))
        if placed.position == (0, 1):
            opened = isinstance(body, Event) and body.code == n.OPENED
            report.decide(INTEGRITY, str(placed), "block 0 begins with genesis and opened",
                          "" if opened else "the second entry is not opened")
        if isinstance(body, Event) and body.code == n.CLOSED:
            count = placed.rooted.block.header.count
            last = placed.index == count - 1 and placed.height == view.newest()
            report.decide(INTEGRITY, str(placed), "nothing follows closed",
                          "" if last else "entries or blocks follow it")


def _leaf_0(placed: Placed, report: Report) -> None:
    """Genesis and links stand at leaf 0, and nowhere else; a link has its three keys and no other."""
    wanted = None if placed.index else "link" if placed.height else "genesis"
    name = placed.entry.name if placed.entry.name in ("link", "genesis") else None
    if name is not None or wanted is not None:
        objection = "" if name == wanted else f"leaf {placed.index} of block {placed.height}"
        if name == "link" and (placed.entry.body is None or placed.entry.unknown):
            objection = "a link has its three keys and no other"
        report.decide(INTEGRITY, str(placed), "place of links and genesis", objection)


def _link(view: LedgerView, placed: Placed, rooted: Rooted, link: Link) -> str:
    if rooted.name not in [one.name for one in view.signed]:
        return ""
    if link.previous != rooted.block.header.previous:
        return "link and header name different previous blocks"
    before = [one for one in view.signed_at(placed.height - 1)
              if one.block.block_hash(one.root) == link.previous]
    if before and link.sealed not in [one.block.sealed_digest() for one in before]:
        return "not the sealed digest of the block before"
    return ""


def settle(view: LedgerView, ended: Collection[Tuple[bytes, bytes]], report: Report) -> None:
    """Which entries are proven to be sealed: in a signed block of the one history that no ended key may have
    signed; and understood."""
    for placed in view.placed:
        assert placed.rooted is not None
        name = placed.rooted.name
        critical = placed.entry.not_understood and not placed.entry.unknown
        if placed.entry.unknown:
            report.add(INTEGRITY, str(placed), "unknown optional parts", NOT_CHECKED,
                       f"keys or kind {list(placed.entry.unknown)}")
        if critical:
            report.add(INTEGRITY, str(placed), "entry", NOT_PROVEN, "an unknown critical part")
        elif name not in view.in_history or name in ended:
            report.add(INTEGRITY, str(placed), "sealed", NOT_PROVEN, "its block is not proven")
        else:
            placed.stands = True


def verify_history(view: LedgerView, report: Report) -> None:
    """Proofs: every signed block below the head is in the head's history tree; the head listed is
    the newest block shown."""
    assert view.part is not None
    head = view.part.head
    same = [one for one in view.blocks[head.header.height] if one.block.sealed == head.sealed]
    if not report.decide(INTEGRITY, f"{view.name} head", "head and receipts are one block",
                         "" if same else "two different blocks at one height"):
        return
    if not any(one.block.sealed == head.sealed for one in view.signed):
        return
    for one in view.signed:
        if one.block.sealed == head.sealed:
            view.in_history.add(one.name)
        elif one.height < head.header.height:
            leaf = tree.leaf_hash(view.hash, one.block.history_leaf(one.root))
            root = tree.root_from_path(view.hash, leaf, one.height, head.header.height, view.part.paths[one.height])
            if report.decide(INTEGRITY, f"{view.name} block {one.height}", "stands in the head's history",
                             "" if root == head.header.history_root else
                             "its history path does not lead to the head's root"):
                view.in_history.add(one.name)
