"""Blocks signed by a ledger key whose end is known (§14.6).

Whoever holds such a key after its end can sign blocks that look older, so its signature alone
proves nothing any more.
"""

from typing import Dict, Optional, Sequence

from .key_history import KeyHistory
from .policy import Policy
from .report import INTEGRITY, NOT_PROVEN, PROVEN, Report
from .verify_words import Seen
from .view import LedgerView, Rooted


def verify_ended(view: LedgerView, history: Optional[KeyHistory], policy: Optional[Policy],
                 seen: Sequence[Seen], report: Report) -> None:
    if history is None:
        return
    ends: Dict[bytes, int] = dict(policy.ended) if policy is not None else {}
    for kid, revocation in history.ended().items():
        ends[kid] = min(revocation.effective_ms, ends.get(kid, revocation.effective_ms))
    for height in sorted(view.blocks):
        for one in view.blocks[height]:
            end = ends.get(one.block.header.kid)
            if end is None:
                continue
            good = (_under_a_later_key(view, history, one)
                    or _seen_before(view, one, end, seen))
            report.add(INTEGRITY, f"{view.name} block {height}", "sealed before its key ended",
                       PROVEN if good else NOT_PROVEN)


def _under_a_later_key(view: LedgerView, history: KeyHistory, one: Rooted) -> bool:
    """The head is signed by a later key. A thief can rotate too: so the end must stand in the
    ledger itself, or the ended key's entry must have committed to the next key."""
    kid = one.block.header.kid
    head = view.blocks[view.newest()][0].block.header
    later = head.epoch > one.block.header.epoch and history.at(head.height).kid == head.kid
    committed = any(epoch.kid == kid and epoch.next_key is not None for epoch in history.epochs)
    return later and (kid in history.ended() or committed)


def _seen_before(view: LedgerView, one: Rooted, end: int, seen: Sequence[Seen]) -> bool:
    """An outsider signed this block, or the head whose history holds it, before the end."""
    return any(word.ledger == view.id and word.height in (one.height, view.newest())
               and word.signed_at * 1000 < end for word in seen)
