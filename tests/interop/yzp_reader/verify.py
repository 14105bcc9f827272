"""A whole proof, as §14 says."""

from typing import Dict, Optional

from .key_history import KeyHistory
from .policy import Policy
from .proof import read_proof
from .report import NOT_CHECKED, ORIGIN, Report
from .statements import Statement
from .verify_ended import verify_ended
from .verify_ledger import settle, verify_history, verify_ledger
from .verify_places import verify_places
from .verify_records import Shelf, verify_records
from .verify_words import verify_elsewhere, verify_not_before, verify_outside, verify_statement
from .view import view_proof


def verify_proof(data: bytes, policy: Optional[Policy] = None) -> Report:
    """Raises Refused when the bytes are no proof in the form of §1 and §10."""
    proof = read_proof(data)
    report = Report()
    views = view_proof(proof)
    histories: Dict[bytes, Optional[KeyHistory]] = {}
    for view in views:
        histories[view.id] = verify_ledger(view, policy, report)
        verify_history(view, report)
    seen = [found for word in proof.outside
            for found in [verify_outside(word, views, policy, report)] if found is not None]
    for view in views:
        settle(view, verify_ended(view, histories[view.id], policy, seen, report), report)
    shelf = Shelf(views, proof.profiles)
    verify_records(shelf, report)
    verify_places(shelf, report)
    for placed in shelf.placed:
        if isinstance(placed.entry.body, Statement):
            verify_statement(placed, placed.entry.body, histories, policy, shelf, report)
    verify_elsewhere(shelf, views, report)
    verify_not_before(shelf, views, proof.outside, report)
    if policy is not None and policy.require:
        report.add(ORIGIN, "policy", "what it requires", NOT_CHECKED)
    return report
