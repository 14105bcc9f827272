"""Checks of records and disclosures (§14.6)."""

from typing import Dict, List, Optional, Sequence, Tuple

from . import hashes
from . import numbers_listed as n
from .hashes import Digest
from .ledger_entries import Event, Genesis, Marking
from .profile import Profile
from .readable_numbers import preservation_number, record_number
from .records import Record
from .report import CONNECTION, CONTRADICTED, INTEGRITY, NOT_CHECKED, NOT_PROVEN, PROVEN, Report
from .view import LedgerView, Placed

Place = Tuple[bytes, bytes, int]        # ledger, dossier, place in it


class Shelf:
    """Everything shown that a digest may name."""

    def __init__(self, views: Sequence[LedgerView], profiles: Sequence[Profile]) -> None:
        self.placed = [placed for view in views for placed in view.placed]
        self.profiles = {hashes.digest_of(algorithm, profile.raw): profile
                         for profile in profiles for algorithm in n.HASHES}
        self.before: Dict[bytes, bytes] = {}    # ledgers, and those they go on from (§5.5)
        self.records: Dict[Digest, Record] = {}
        self.takers: Dict[Place, List[Tuple[Digest, str]]] = {}
        self.place_of: Dict[Digest, List[Place]] = {}
        self.erased: Dict[Tuple[bytes, Digest], List[Marking]] = {}
        for placed in self.placed:
            self._add(placed)

    def _add(self, placed: Placed) -> None:
        record = placed.entry.record
        body = placed.entry.body
        if record is not None:
            digest = record.digest()
            self.records[digest] = record
            self._take((placed.ledger, record.dossier, record.place), digest, "")
        elif isinstance(body, Event) and body.code == n.REFUSED_EVENT:
            self._take((placed.ledger, body.facts[1], body.facts[2]), body.facts[3], str(placed))
        elif isinstance(body, Genesis) and body.continues is not None:
            self.before[placed.ledger] = body.continues.ledger.value
        elif isinstance(body, Marking) and placed.entry.name == "tombstone":
            for erased in body.records:
                self.erased.setdefault((placed.ledger, erased), []).append(body)

    def takers_before(self, ledger: bytes, dossier: bytes, number: int) -> List[Digest]:
        """What took a place; where a line begins in the middle, in a ledger that this one goes on from."""
        seen: List[bytes] = []
        while ledger not in seen:
            seen.append(ledger)
            found = [taker for taker, _ in self.takers.get((ledger, dossier, number), [])]
            if found or ledger not in self.before or self._begun(ledger, dossier, number):
                return found
            ledger = self.before[ledger]
        return []

    def _begun(self, ledger: bytes, dossier: bytes, number: int) -> bool:
        return any(place[:2] == (ledger, dossier) and place[2] < number for place in self.takers)

    def _take(self, place: Place, digest: Digest, event: str) -> None:
        """The same record may take its place twice; a refused event never stands beside another."""
        takers = self.takers.setdefault(place, [])
        if (digest, event) not in takers:
            takers.append((digest, event))
        self.place_of.setdefault(digest, []).append(place)


def verify_records(shelf: Shelf, report: Report) -> None:
    for (ledger, dossier, place), takers in shelf.takers.items():
        subject = f"{ledger.hex()[:8]} {preservation_number(dossier)} place {place}"
        report.decide(INTEGRITY, subject, "taken once",
                      "" if len(takers) == 1 else "two different entries take one place")
    for placed in shelf.placed:
        if placed.entry.record is not None:
            _record(shelf, placed, placed.entry.record, report)
        elif placed.disclosures:
            _other_disclosures(placed, report)
        body = placed.entry.body
        if isinstance(body, Event) and body.code == n.REFUSED_EVENT:
            _before(shelf, placed, (placed.ledger, body.facts[1], body.facts[2]),
                    body.facts.get(5), report)


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
    _before(shelf, placed, (placed.ledger, record.dossier, record.place),
            record.predecessor(), report)
    for citation in record.citations:
        if citation.relation != n.PREDECESSOR:
            _names(shelf, subject, n.RELATIONS[citation.relation], citation.digest, report)
    if record.supersedes is not None:
        _names(shelf, subject, "supersedes", record.supersedes, report)


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


def _before(shelf: Shelf, placed: Placed, place: Place, digest: Optional[Digest],
            report: Report) -> None:
    """What took the place before, in the same ledger and dossier."""
    if digest is None:
        return
    ledger, dossier, number = place
    takers = shelf.takers_before(ledger, dossier, number - 1)
    question = f"what took place {number - 1}"
    if digest in takers:
        report.add(CONNECTION, str(placed), question, PROVEN)
    elif takers:
        report.add(CONNECTION, str(placed), question, CONTRADICTED, "another entry took it")
    elif any(taken[1:] != (dossier, number - 1) for taken in shelf.place_of.get(digest, [])):
        report.add(CONNECTION, str(placed), question, CONTRADICTED, "it took another place")
    else:
        report.add(CONNECTION, str(placed), question, NOT_PROVEN, "not shown")


def _names(shelf: Shelf, subject: str, question: str, digest: Digest, report: Report) -> None:
    shown = digest in shelf.records
    report.add(CONNECTION, subject, question, PROVEN if shown else NOT_PROVEN,
               record_number(digest.value) if shown else "not shown")


def _other_disclosures(placed: Placed, report: Report) -> None:
    body = placed.entry.body
    for disclosure in placed.disclosures:
        if isinstance(body, Marking):
            good = hashes.digest(placed.hash, disclosure.raw) == body.reference
            report.decide(INTEGRITY, str(placed), f"reference: {disclosure.value}",
                          "" if good else "its digest is not the commitment")
        else:
            report.add(INTEGRITY, str(placed), f"disclosed {disclosure.name}", NOT_PROVEN,
                       "beside an entry with an unknown critical part")
