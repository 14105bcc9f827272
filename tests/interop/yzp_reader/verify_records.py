"""Checks of records and disclosures (§14.7). Places are in verify_places.py."""

from typing import Dict, List, Optional, Sequence, Tuple

from . import hashes
from . import numbers_listed as n
from .hashes import Digest
from .ledger_entries import Genesis, Marking
from .profile import Profile
from .readable_numbers import preservation_number, record_number
from .records import Record
from .report import CONNECTION, CONTRADICTED, INTEGRITY, NOT_CHECKED, NOT_PROVEN, PROVEN, Report
from .timeclaim import TimeClaim
from .view import LedgerView, Placed


class Shelf:
    """Everything shown that a digest may name."""

    def __init__(self, views: Sequence[LedgerView], profiles: Sequence[Profile]) -> None:
        self.placed = [placed for view in views for placed in view.placed]
        self.profiles = {hashes.digest_of(algorithm, profile.raw): profile
                         for profile in profiles for algorithm in n.HASHES}
        self.before: Dict[bytes, bytes] = {}        # ledgers, and those they go on from (§5.5)
        self.records: Dict[Digest, Record] = {}     # shown
        self.standing: Dict[Digest, Record] = {}    # proven to be sealed
        self.erased: Dict[Tuple[bytes, Digest], List[Marking]] = {}
        for placed in self.placed:
            self._add(placed)

    def _add(self, placed: Placed) -> None:
        record = placed.entry.record
        body = placed.entry.body
        if record is not None:
            self.records[record.digest()] = record
            if placed.stands:
                self.standing[record.digest()] = record
        elif isinstance(body, Genesis) and body.continues is not None and placed.position == (0, 0):
            self.before[placed.ledger] = body.continues.ledger.value
        elif isinstance(body, Marking) and placed.entry.name == "tombstone" and placed.stands:
            for erased in body.records:
                self.erased.setdefault((placed.ledger, erased), []).append(body)


def verify_records(shelf: Shelf, report: Report) -> None:
    for placed in shelf.placed:
        if placed.entry.record is not None:
            _record(shelf, placed, placed.entry.record, report)
        elif placed.disclosures:
            _other_disclosures(placed, report)


def _record(shelf: Shelf, placed: Placed, record: Record, report: Report) -> None:
    subject = f"{placed} {record_number(record.digest().value)}"
    report.note(f"{subject}: {preservation_number(record.dossier)} place {record.place}, profile "
                f"{record.profile_id} {record.profile_version}, {record.time}")
    for disclosure in placed.disclosures:
        report.decide(INTEGRITY, subject, f"disclosed {disclosure.name}: {disclosure.value}",
                      _disclosure_objection(record, disclosure.name, disclosure.raw))
    _withheld(shelf, placed, record, subject, report)
    profile = shelf.profiles.get(record.profile_digest)
    if profile is None:
        report.add(CONNECTION, subject, "profile", NOT_PROVEN, "the profile is not shown")
    else:
        same = (profile.id, profile.version) == (record.profile_id, record.profile_version)
        report.decide(INTEGRITY, subject, "profile: digest, id, version",
                      "" if same else "the file has another id or version")
    report.add(CONNECTION, subject, "rules of the profile", NOT_CHECKED)
    if _happened_later(record.time):
        report.add(CONNECTION, subject, "time", CONTRADICTED, "it happened after it was captured")
    for citation in record.citations:
        if citation.relation != n.PREDECESSOR:
            _names(shelf, subject, n.RELATIONS[citation.relation], citation.digest, report)
        if citation.relation == n.CONSENT and citation.digest in shelf.standing:
            given = shelf.standing[citation.digest].time.when().milliseconds
            report.decide(CONNECTION, subject, "consent before its use",
                          "" if given <= record.time.when().milliseconds else "it was given later")
    if record.supersedes is not None:
        _names(shelf, subject, "supersedes", record.supersedes, report)
        old = shelf.standing.get(record.supersedes)
        if old is not None and old.dossier != record.dossier:
            report.add(CONNECTION, subject, "supersedes", CONTRADICTED, "a record of another dossier")


def _happened_later(time: TimeClaim) -> bool:
    """Than it was captured, and its uncertainty does not explain it."""
    return (time.happened is not None
            and time.happened.milliseconds > time.captured.milliseconds + (time.uncertainty or 0))


def _disclosure_objection(record: Record, name: str, raw: bytes) -> str:
    if name not in record.fields:
        return "the record has no such field"
    if hashes.digest(record.hash, raw) != record.fields[name]:
        return "its digest is not the commitment"
    return ""


def _withheld(shelf: Shelf, placed: Placed, record: Record, subject: str, report: Report) -> None:
    disclosed = {disclosure.name for disclosure in placed.disclosures}
    marks = shelf.erased.get((placed.ledger, record.digest()), [])
    erased: List[str] = []
    withheld: List[str] = []
    for name in record.fields:
        gone = any(mark.names is None or name in mark.names for mark in marks)
        if name in disclosed and gone:
            report.note(f"{subject}: {name} is disclosed although a tombstone calls it erased")
        elif name not in disclosed:
            (erased if gone else withheld).append(name)
    if withheld:
        report.note(f"{subject}: withheld: {', '.join(withheld)}")
    if erased:
        report.note(f"{subject}: erased: {', '.join(erased)}")


def _names(shelf: Shelf, subject: str, question: str, digest: Digest, report: Report) -> None:
    shown = digest in shelf.standing
    report.add(CONNECTION, subject, question, PROVEN if shown else NOT_PROVEN,
               record_number(digest.value) if shown else "not shown")


def _other_disclosures(placed: Placed, report: Report) -> None:
    body = placed.entry.body
    for disclosure in placed.disclosures:
        if isinstance(body, Marking) and not placed.stands:
            report.add(INTEGRITY, str(placed), f"reference: {disclosure.value}", NOT_CHECKED, "it is not proven to be sealed")
        elif isinstance(body, Marking):
            good = hashes.digest(placed.hash, disclosure.raw) == body.reference
            report.decide(INTEGRITY, str(placed), f"reference: {disclosure.value}",
                          "" if good else "its digest is not the commitment")
        else:
            report.add(CONNECTION, str(placed), f"disclosed {disclosure.name}", NOT_PROVEN,
                       "beside an entry with an unknown critical part")
