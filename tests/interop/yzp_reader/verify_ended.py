"""Blocks signed by a ledger key whose end is known (§14.6).

Whoever holds such a key after its end can sign blocks that look older, so its signature alone
proves nothing any more.
"""

from typing import Dict, Optional, Sequence, Set, Tuple

from .key_history import KeyHistory
from .policy import LEDGER, Policy
from .report import INTEGRITY, NOT_PROVEN, PROVEN, Report
from .verify_words import Seen
from .view import LedgerView, Rooted


def verify_ended(view: LedgerView, history: Optional[KeyHistory], policy: Optional[Policy],
                 seen: Sequence[Seen], report: Report) -> Set[Tuple[bytes, bytes]]:
    """The signed blocks, by name, of which nothing says that they are older than the end of their key."""
    loose: Set[Tuple[bytes, bytes]] = set()
    if history is None:
        return loose
    named = policy.ended if policy is not None else {}
    ends = {epoch.kid: named[epoch.key.thumbprint()] for epoch in history.epochs
            if epoch.key.thumbprint() in named}
    for kid, revocation in history.ended().items():
        ends[kid] = min(revocation.effective_ms, ends.get(kid, revocation.effective_ms))
    for one in view.signed:
        end = ends.get(one.block.header.kid)
        if end is None:
            continue
        good = (_seen_before(view, one, end, seen)
                or _under_a_later_key(view, history, one, ends, seen, policy))
        report.add(INTEGRITY, f"{view.name} block {one.height}", "sealed before its key ended",
                   PROVEN if good else NOT_PROVEN)
        if not good:
            loose.add(one.name)
    return loose


def _head(view: LedgerView) -> Optional[Rooted]:
    """The head that a proof lists, when it is signed."""
    found = [one for one in view.signed if view.part is not None and one.block.sealed == view.part.head.sealed]
    return found[0] if found else None


def _under_a_later_key(view: LedgerView, history: KeyHistory, one: Rooted, ends: Dict[bytes, int],
                       seen: Sequence[Seen], policy: Optional[Policy]) -> bool:
    """The head is signed by a later key that has not ended, or before it had. A thief can rotate to a key of his
    own, and revoke as well: so every ended key up to the head must have committed to the key
    after it, or a key that came later still stands in the policy."""
    top = _head(view)
    if top is None or one.name not in view.in_history:
        return False
    head, first = top.block.header, one.block.header.epoch
    if head.epoch <= first:
        return False
    if head.kid in ends and not _seen_before(view, top, ends[head.kid], seen):
        return False
    between = [epoch for epoch in history.epochs if first <= epoch.epoch < head.epoch]
    loose = [epoch.epoch for epoch in between if epoch.kid in ends and epoch.next_key is None]
    if not loose:
        return True
    return policy is not None and any(
        max(loose) < epoch.epoch <= head.epoch and _is_ledgers(policy, epoch.key.thumbprint())
        for epoch in history.epochs)


def _is_ledgers(policy: Policy, thumbprint: bytes) -> bool:
    return thumbprint in policy.keys and policy.keys[thumbprint].role == LEDGER


def _seen_before(view: LedgerView, one: Rooted, end: int, seen: Sequence[Seen]) -> bool:
    """Before the end an outsider signed this block, the head whose history holds it, or a block
    from which unbroken previous block hashes lead to it."""
    return any(word.ledger == view.id and word.time_ms < end and _covers(view, word.block, one) for word in seen)


def _covers(view: LedgerView, word: Rooted, one: Rooted) -> bool:
    if word.name == one.name or word == _head(view) and one.name in view.in_history:
        return True
    at: Optional[Rooted] = word
    while at is not None and at.height > one.height:
        previous = at.block.header.previous
        found = [before for before in view.signed_at(at.height - 1)
                 if before.block.block_hash(before.root) == previous]
        at = found[0] if found else None
    return at is not None and at.name == one.name
