"""Checks of what parties and outsiders say: statements (§14.7), words from outside (§9),
what one ledger says of another, and not-before references (§4)."""

from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from . import der, hashes, keys
from . import numbers_listed as n
from .hashes import Digest
from .key_history import KeyHistory, PartyKey
from .keys import PublicKey
from .ledger_entries import Elsewhere, Event, Genesis
from .outside import Countersignature, Outside
from .policy import ROLE_NAMES, Policy
from .readable_numbers import record_number
from .report import CONNECTION, INTEGRITY, NOT_CHECKED, NOT_PROVEN, PROVEN, WORDS, Report
from .statements import Reference, Statement
from .verify_records import Shelf
from .view import LedgerView, Placed, Rooted

Histories = Dict[bytes, Optional[KeyHistory]]


def verify_statement(placed: Placed, statement: Statement, histories: Histories,
                     policy: Optional[Policy], shelf: Shelf, report: Report) -> None:
    subject = f"{placed} by {n.ROLES[statement.role]}"
    row = lineage(placed.ledger, histories)
    _audience(placed, statement, row, subject, histories, report)
    if isinstance(statement.content, Reference):
        shown = statement.content.record in shelf.records
        report.add(CONNECTION, subject, "record referred to", PROVEN if shown else NOT_PROVEN,
                   record_number(statement.content.record.value))
    key, owner, objection = _signer(placed, statement, row, policy)
    if key is None:
        report.add(WORDS, subject, "signature", NOT_PROVEN,
                   "the key is neither sealed here nor in the policy")
        return
    if not objection and statement.message.algorithm != key.algorithm:
        objection = "alg is not the key's"
    if not objection:
        objection = _certificate_objection(statement, key)
    if not objection:
        objection = keys.verify(key, statement.message.signature, statement.to_be_signed())
    report.decide(INTEGRITY, subject, f"signature by {owner}", objection)


def lineage(ledger: bytes, histories: Histories) -> List[KeyHistory]:
    """The ledger and those it goes on from, so far as they are shown (§5.5)."""
    row: List[KeyHistory] = []
    history = histories.get(ledger)
    while history is not None and history not in row:
        row.append(history)
        history = histories.get(history.before.value) if history.before is not None else None
    return row


def _audience(placed: Placed, statement: Statement, row: List[KeyHistory], subject: str,
              histories: Histories, report: Report) -> None:
    meant_for = statement.meant_for
    last = row[-1].before if row else None
    if meant_for in (None, Digest(placed.hash, placed.ledger)) or any(
            meant_for == history.before for history in row):
        report.decide(INTEGRITY, subject, "audience", "")
    elif last is not None and last.value not in histories:
        report.add(CONNECTION, subject, "audience", NOT_PROVEN,
                   "a ledger further back, or another one: not shown")
    else:
        report.decide(INTEGRITY, subject, "audience", "it is meant for another ledger")


def _signer(placed: Placed, statement: Statement, row: List[KeyHistory],
            policy: Optional[Policy]) -> Tuple[Optional[PublicKey], str, str]:
    """Key, whose it is, and what speaks against its use here."""
    history = row[0] if row else None
    if history is not None and statement.kid in history.parties:
        party = history.parties[statement.kid]
        owner = f"the {n.KEY_ROLES[party.entry.role]} key sealed in this ledger"
        return party.entry.key, owner, _party_objection(placed, statement, party)
    for before in row[1:]:
        if statement.kid in before.parties and statement.kid not in [e.kid for e in before.epochs]:
            party = before.parties[statement.kid]
            owner = f"the {n.KEY_ROLES[party.entry.role]} key sealed in a ledger before this one"
            return party.entry.key, owner, _before_objection(placed, statement, party, row[0])
    if policy is not None and statement.kid in policy.keys:
        named = policy.keys[statement.kid]
        other = named.role != ROLE_NAMES[statement.role]
        return named.key, f"{named.name} (policy)", f"the policy knows it as {named.role}" if other else ""
    return None, "", ""


def _before_objection(placed: Placed, statement: Statement, party: PartyKey,
                      here: KeyHistory) -> str:
    ended = here.ended_before.get(statement.kid)
    if party.until is not None or (ended is not None and ended < placed.position):
        return "the key had been revoked or replaced"
    if statement.role not in n.SPEAKS_FOR[party.entry.role]:
        return "the key is enrolled for another role"
    return ""


def _party_objection(placed: Placed, statement: Statement, party: PartyKey) -> str:
    if placed.position <= party.since:
        return "the key was enrolled later"
    if party.until is not None and placed.position > party.until:
        return "the key had been revoked or replaced"
    if statement.role not in n.SPEAKS_FOR[party.entry.role]:
        return "the key is enrolled for another role"
    return ""


def _certificate_objection(statement: Statement, key: PublicKey) -> str:
    if not statement.certificates:
        return ""
    leaf = statement.certificates[0]
    try:
        _, certified = der.certificate_key(leaf)
    except der.DerError:
        return "the leaf certificate cannot be read"
    return "" if certified == key.x + key.y else "the certificate is of another key"


class Seen(NamedTuple):
    """A block that an outsider known to the policy signed, and when it says it did."""

    ledger: bytes
    height: int
    signed_at: int


def verify_outside(word: Outside, views: Sequence[LedgerView], policy: Optional[Policy],
                   report: Report) -> Optional[Seen]:
    subject = f"{n.OUTSIDE_KINDS[word.kind]} on {n.TARGETS[word.target_kind]} {word.target}"
    rooted, view, raw = _target(word, views)
    if raw is None:
        report.add(WORDS, subject, "target", NOT_PROVEN, "not shown")
        if isinstance(word.body, Countersignature) and word.body.named.sealed != word.target:
            report.decide(WORDS, subject, "its payload names this block", "another sealed digest")
        return None
    report.add(WORDS, subject, "target", PROVEN)
    if isinstance(word.body, Countersignature):
        assert rooted is not None and view is not None
        named = report.decide(WORDS, subject, "its payload names this block",
                              _payload_objection(word.body, rooted, view))
        if _countersigner(word.body, subject, policy, report) and named:
            return Seen(view.id, rooted.height, word.body.signed_at)
    elif word.kind == n.TOKEN:
        _token(word, raw, subject, report)
    else:
        report.add(WORDS, subject, "platform receipt", NOT_CHECKED)
    return None


def _target(word: Outside, views: Sequence[LedgerView]
            ) -> Tuple[Optional[Rooted], Optional[LedgerView], Optional[bytes]]:
    for view in views:
        if word.target_kind == n.TARGET_ENTRY:
            for placed in view.placed:
                if placed.digest == word.target:
                    return None, view, placed.entry.raw
            continue
        for blocks in view.blocks.values():
            for one in blocks:
                if Digest(view.hash, one.block.sealed_digest()) == word.target:
                    return one, view, one.block.sealed
    return None, None, None


def _payload_objection(seen: Countersignature, one: Rooted, view: LedgerView) -> str:
    named = seen.named
    if named.ledger != view.digest or named.height != one.height:
        return "another ledger or height"
    if named.block != Digest(view.hash, one.block.block_hash(one.root)):
        return "another block hash"
    if named.sealed != Digest(view.hash, one.block.sealed_digest()):
        return "another sealed digest"
    return ""


def _countersigner(seen: Countersignature, subject: str, policy: Optional[Policy],
                   report: Report) -> bool:
    named = policy.keys.get(seen.kid) if policy is not None else None
    if named is None:
        report.add(WORDS, subject, f"signature of {seen.issuer}", NOT_PROVEN,
                   "the policy has no such key")
        return False
    assert seen.message.payload is not None
    objection = "alg is not the key's"
    if seen.message.algorithm == named.key.algorithm:
        objection = keys.verify(named.key, seen.message.signature,
                                seen.message.to_be_signed(seen.message.payload), outside=True)
    return report.decide(WORDS, subject, f"signature of {named.name} ({n.SEEN_CLAIMS[seen.claim]})",
                         objection)


def _token(word: Outside, raw: bytes, subject: str, report: Report) -> None:
    try:
        imprint = der.token_imprint(word.raw)
    except der.DerError as error:
        report.add(WORDS, subject, "imprint", NOT_PROVEN, f"no DER token: {error}")
        return
    fits = imprint.of(raw)
    if fits is None:
        report.add(WORDS, subject, "imprint", NOT_CHECKED, "a hash this reader has not")
    else:
        report.decide(WORDS, subject, f"imprint, stamped {imprint.gen_time}",
                      "" if fits else "the imprint is of other bytes")
    report.add(WORDS, subject, "signature of the token", NOT_CHECKED)


def verify_elsewhere(shelf: Shelf, views: Sequence[LedgerView], report: Report) -> None:
    """Continues, observed heads and restored, where the other ledger is shown as well."""
    for placed in shelf.placed:
        body = placed.entry.body
        named: Optional[Elsewhere] = None
        if isinstance(body, Genesis):
            named = body.continues
        elif isinstance(body, Elsewhere):
            named = body
        elif isinstance(body, Event) and body.code == n.RESTORED:
            named = Elsewhere(body.facts[1], body.facts[2], body.facts[3], None)
        if named is not None:
            _other_ledger(named, placed, views, report)


def _other_ledger(named: Elsewhere, placed: Placed, views: Sequence[LedgerView],
                  report: Report) -> None:
    question = f"block {named.height} of ledger {named.ledger.value.hex()[:8]}"
    for view in views:
        for one in view.blocks.get(named.height, []) if view.digest == named.ledger else []:
            good = (named.block.value == one.block.block_hash(one.root)
                    and (named.sealed is None or named.sealed.value == one.block.sealed_digest()))
            report.decide(CONNECTION, str(placed), question, "" if good else "another block")
            return
    report.add(CONNECTION, str(placed), question, NOT_PROVEN, "not shown")


def verify_not_before(shelf: Shelf, views: Sequence[LedgerView], words: Sequence[Outside],
                      report: Report) -> None:
    blocks = {Digest(view.hash, one.block.sealed_digest())
              for view in views for found in view.blocks.values() for one in found}
    tokens = {hashes.digest_of(algorithm, word.raw)
              for word in words if word.kind == n.TOKEN for algorithm in n.HASHES}
    for placed in shelf.placed:
        record = placed.entry.record
        if record is None or record.time.not_before is None:
            continue
        kind, digest = record.time.not_before
        shown = digest in (blocks if kind == 2 else tokens if kind == 3 else ())
        report.add(CONNECTION, str(placed), f"not before the {n.NOT_BEFORE[kind]}",
                   PROVEN if shown else NOT_PROVEN, "" if shown else "not shown")


