"""Checks of dossiers: one entry for each place, in order (§5.2, §5.5). Only what is proven to be sealed takes one."""

from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from . import numbers_listed as n
from .hashes import Digest
from .ledger_entries import Event
from .readable_numbers import preservation_number
from .records import Record
from .report import CONNECTION, INTEGRITY, NOT_PROVEN, PROVEN, Report
from .verify_records import Shelf
from .view import Placed, Position


class Taker(NamedTuple):
    """What takes a place: a record, or a refused event in its stead."""

    placed: Placed
    place: int
    digest: Digest
    before: Optional[Digest]
    record: Optional[Record]


Line = Dict[int, List[Taker]]                   # place to its takers, as sealed
Lines = Dict[Tuple[bytes, bytes], Line]         # by ledger and dossier


def verify_places(shelf: Shelf, report: Report, whole_until: Position = (0, 0)) -> None:
    """`whole_until`: every entry of the ledger before it is shown and understood: a place missing there was never taken."""
    lines: Lines = {}
    for placed in shelf.placed:
        found = _taker(placed) if placed.stands else None
        if found is not None:
            dossier, taker = found
            lines.setdefault((placed.ledger, dossier), {}).setdefault(taker.place, []).append(taker)
    for (ledger, dossier), line in lines.items():
        subject = f"{ledger.hex()[:8]} {preservation_number(dossier)}"
        for place in sorted(line):
            takers = line[place]
            same = all(taker.record is not None and taker.digest == takers[0].digest for taker in takers)
            report.decide(INTEGRITY, f"{subject} place {place}", "taken once",
                          "" if len(takers) == 1 or same else "two different entries take one place")
            for taker in takers:
                _before(shelf, lines, (ledger, dossier), taker, whole_until, report)
        _readings(subject, [line[place][0] for place in sorted(line)], report)


def _taker(placed: Placed) -> Optional[Tuple[bytes, Taker]]:
    record, body = placed.entry.record, placed.entry.body
    if record is not None:
        return record.dossier, Taker(placed, record.place, record.digest(), record.predecessor(), record)
    if isinstance(body, Event) and body.code == n.REFUSED_EVENT:
        return body.facts[1], Taker(placed, body.facts[2], body.facts[3], body.facts.get(5), None)
    return None


def _before(shelf: Shelf, lines: Lines, key: Tuple[bytes, bytes], taker: Taker, whole_until: Position,
            report: Report) -> None:
    """What took the place before, in the same ledger and dossier, or in a ledger that this one goes on from."""
    if taker.before is None:
        return
    ledger, dossier = key
    line = lines[key]
    subject, question = str(taker.placed), f"what took place {taker.place - 1}"
    here = line.get(taker.place - 1, [])
    found = here
    if not here and taker.place == min(line):
        found = _further_back(shelf, lines, key, taker.place - 1)
    named = [one for one in found if one.digest == taker.before]
    if _took_another(shelf, line, dossier, taker):
        report.decide(CONNECTION, subject, question, "it took another place")
    elif named and here and named[0].placed.position >= taker.placed.position:
        report.decide(CONNECTION, subject, question, "it was sealed later")
    elif named:
        report.add(CONNECTION, subject, question, PROVEN)
    elif found:
        report.decide(CONNECTION, subject, question, "another entry took it")
    elif taker.placed.position < whole_until and not (ledger in shelf.before and taker.place == min(line)):
        report.decide(CONNECTION, subject, question, "nothing took it")
    else:
        report.add(CONNECTION, subject, question, NOT_PROVEN, "not shown")


def _further_back(shelf: Shelf, lines: Lines, key: Tuple[bytes, bytes], place: int) -> List[Taker]:
    ledger, dossier = key
    seen = [ledger]
    while ledger in shelf.before and shelf.before[ledger] not in seen:
        ledger = shelf.before[ledger]
        seen.append(ledger)
        found = lines.get((ledger, dossier), {}).get(place, [])
        if found:
            return found
    return []


def _took_another(shelf: Shelf, line: Line, dossier: bytes, taker: Taker) -> bool:
    """Whether what it names as the one before is shown to have another place."""
    before = taker.place - 1
    record = shelf.records.get(taker.before) if taker.before is not None else None
    if record is not None and (record.place != before or taker.record is not None and record.dossier != dossier):
        return True
    return before not in line and any(one.digest == taker.before for takers in line.values() for one in takers)


def _readings(subject: str, takers: Sequence[Taker], report: Report) -> None:
    """Monotonic clocks do not run back from place to place under one boot id."""
    last: Optional[Tuple[bytes, int]] = None
    for taker in takers:
        time = taker.record.time if taker.record is not None else None
        if time is None or time.boot_id is None or time.monotonic is None:
            continue
        if last is not None and last[0] == time.boot_id:
            report.decide(CONNECTION, f"{subject} place {taker.place}", "monotonic clock",
                          "" if time.monotonic >= last[1] else "it ran back")
        last = time.boot_id, time.monotonic
