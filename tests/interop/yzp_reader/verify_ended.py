"""Blocks signed by a ledger key whose end is known (§14.6).

Whoever holds such a key after its end can sign blocks that look older, so its signature alone
proves nothing any more.
"""

from typing import Dict, Optional, Sequence

from .key_history import KeyHistory
from .policy import LEDGER, Policy
from .report import INTEGRITY, NOT_PROVEN, PROVEN, Report
from .verify_words import Seen
from .view import LedgerView, Rooted


def verify_ended(view: LedgerView, history: Optional[KeyHistory], policy: Optional[Policy],
                 seen: Sequence[Seen], report: Report) -> None:
    if history is None:
        return
    named = policy.ended if policy is not None else {}
    ends = {epoch.kid: named[epoch.key.thumbprint()] for epoch in history.epochs
            if epoch.key.thumbprint() in named}
    for kid, revocation in history.ended().items():
        ends[kid] = min(revocation.effective_ms, ends.get(kid, revocation.effective_ms))
    for height in sorted(view.blocks):
        for one in view.blocks[height]:
            end = ends.get(one.block.header.kid)
            if end is None:
                continue
            good = (_seen_before(view, one, end, seen)
                    or _under_a_later_key(view, history, one, ends, policy))
            report.add(INTEGRITY, f"{view.name} block {height}", "sealed before its key ended",
                       PROVEN if good else NOT_PROVEN)


def _under_a_later_key(view: LedgerView, history: KeyHistory, one: Rooted, ends: Dict[bytes, int],
                       policy: Optional[Policy]) -> bool:
    """The head is signed by a later key that has not ended. A thief can rotate to a key of his
    own, and revoke as well: so every ended key up to the head must have committed to the key
    after it, or a key that came later still stands in the policy."""
    head = view.blocks[view.newest()][0].block.header
    first = one.block.header.epoch
    if head.epoch <= first or history.at(head.height).kid != head.kid or head.kid in ends:
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
    return any(word.ledger == view.id and word.signed_at * 1000 < end
               and (word.height == view.newest() or _leads_to(view, word.height, one))
               for word in seen)


def _leads_to(view: LedgerView, newer: int, one: Rooted) -> bool:
    block_hash = one.block.block_hash(one.root)
    for height in range(one.height + 1, newer + 1):
        found = [after for after in view.blocks.get(height, [])
                 if after.block.header.previous == block_hash]
        if not found:
            return False
        block_hash = found[0].block.block_hash(found[0].root)
    return one.height <= newer
