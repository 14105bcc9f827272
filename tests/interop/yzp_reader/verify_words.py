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
from .policy import LEDGER, ROLE_NAMES, NamedKey, Policy
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
        return party.entry.key, owner, _party_objection(placed, statement, party, policy)
    for before in row[1:]:
        if statement.kid in before.parties and statement.kid not in [e.kid for e in before.epochs]:
            party = before.parties[statement.kid]
            owner = f"the {n.KEY_ROLES[party.entry.role]} key sealed in a ledger before this one"
            return party.entry.key, owner, _before_objection(placed, statement, party, row[0], policy)
    named = _outsider(policy, statement.kid)
    if named is not None:
        other = named.role != ROLE_NAMES[statement.role]
        return named.key, f"{named.name} (policy)", f"the policy knows it as {named.role}" if other else ""
    return None, "", ""


def _outsider(policy: Optional[Policy], thumbprint: bytes) -> Optional[NamedKey]:
    """A key of the policy that is no ledger's."""
    named = policy.keys.get(thumbprint) if policy is not None else None
    return None if named is None or named.role == LEDGER else named


def _speaks_for(party: PartyKey, statement: Statement, policy: Optional[Policy]) -> bool:
    assert party.entry.key is not None
    named = _outsider(policy, party.entry.key.thumbprint())
    return (statement.role in n.SPEAKS_FOR[party.entry.role]
            or named is not None and named.role == ROLE_NAMES[statement.role])


def _before_objection(placed: Placed, statement: Statement, party: PartyKey, here: KeyHistory,
                      policy: Optional[Policy]) -> str:
    ended = here.ended_before.get(statement.kid)
    if party.until is not None or (ended is not None and ended < placed.position):
        return "the key had been revoked or replaced"
    return "" if _speaks_for(party, statement, policy) else "the key is enrolled for another role"


def _party_objection(placed: Placed, statement: Statement, party: PartyKey, policy: Optional[Policy]) -> str:
    if placed.position <= party.since:
        return "the key was enrolled later"
    if party.until is not None and placed.position >= party.until:
        return "the key had been revoked or replaced"
    return "" if _speaks_for(party, statement, policy) else "the key is enrolled for another role"


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
    block: Rooted
    time_ms: int


def verify_outside(word: Outside, views: Sequence[LedgerView], policy: Optional[Policy],
                   report: Report) -> Optional[Seen]:
    subject = f"{n.OUTSIDE_KINDS[word.kind]} on {n.TARGETS[word.target_kind]} {word.target}"
    if isinstance(word.body, Countersignature):
        return _countersignature(word.body, word.target, subject, views, policy, report)
    raw = _target(word, views)
    if raw is None:
        report.add(WORDS, subject, "target", NOT_PROVEN, "not shown")
        return None
    report.add(WORDS, subject, "target", PROVEN)
    if word.kind == n.TOKEN:
        _token(word, raw, subject, report)
    else:
        report.add(WORDS, subject, "platform receipt", NOT_CHECKED)
    return None


def _target(word: Outside, views: Sequence[LedgerView]) -> Optional[bytes]:
    """The bytes that a token or receipt is about."""
    if word.target_kind == n.TARGET_ENTRY:
        found = [placed.entry.raw for view in views for placed in view.placed if placed.digest == word.target]
        return found[0] if found else None
    shown = _signed_as(word.target, views)
    return shown[1].block.sealed if shown is not None else None


def _signed_as(sealed: Digest, views: Sequence[LedgerView]) -> Optional[Tuple[LedgerView, Rooted]]:
    """The signed block with this sealed digest."""
    for view in views:
        for one in view.signed:
            if Digest(view.hash, one.block.sealed_digest()) == sealed:
                return view, one
    return None


def _countersignature(seen: Countersignature, target: Digest, subject: str, views: Sequence[LedgerView],
                      policy: Optional[Policy], report: Report) -> Optional[Seen]:
    """What it says of its target is checked whoever signed it; the rest needs a key of the policy."""
    shown = _signed_as(target, views)
    objection = "" if seen.named.sealed == target else "another sealed digest"
    if not objection and shown is not None:
        objection = _payload_objection(seen, *shown)
    if objection:
        report.decide(WORDS, subject, "its payload names this block", objection)
        return None
    named = _outsider(policy, seen.kid)
    if named is None:
        report.add(WORDS, subject, f"signature of {seen.issuer}", NOT_PROVEN, "the policy has no such key")
        return None
    assert seen.message.payload is not None and policy is not None
    objection = "alg is not the key's"
    if seen.message.algorithm == named.key.algorithm:
        objection = keys.verify(named.key, seen.message.signature,
                                seen.message.to_be_signed(seen.message.payload), outside=True)
    if not report.decide(WORDS, subject, f"signature of {named.name} ({n.SEEN_CLAIMS[seen.claim]})", objection):
        return None
    if seen.kid in policy.ended:
        report.add(WORDS, subject, f"key of {named.name}", NOT_PROVEN, "it has ended")
        return None
    if shown is None:
        other = [view for view in views if view.digest == seen.named.ledger and view.signed_at(seen.named.height)]
        if other:
            report.decide(WORDS, subject, "the block at that height", "another signed block is shown there")
        else:
            report.add(WORDS, subject, "target", NOT_PROVEN, "not shown")
        return None
    return Seen(shown[0].id, shown[1], max(seen.time.captured.milliseconds, seen.signed_at * 1000))


def _payload_objection(seen: Countersignature, view: LedgerView, one: Rooted) -> str:
    named = seen.named
    if named.ledger != view.digest or named.height != one.height:
        return "another ledger or height"
    if named.block != Digest(view.hash, one.block.block_hash(one.root)):
        return "another block hash"
    return ""


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
        body = placed.entry.body if placed.stands else None
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
    shown = [one for view in views if view.digest == named.ledger for one in view.signed_at(named.height)]
    if not shown:
        report.add(CONNECTION, str(placed), question, NOT_PROVEN, "not shown")
        return
    alg = named.ledger.algorithm
    good = any(named.block == Digest(alg, one.block.block_hash(one.root))
               and named.sealed in (None, Digest(alg, one.block.sealed_digest())) for one in shown)
    report.decide(CONNECTION, str(placed), question, "" if good else "another block")


def verify_not_before(shelf: Shelf, views: Sequence[LedgerView], words: Sequence[Outside],
                      report: Report) -> None:
    blocks = {Digest(view.hash, one.block.sealed_digest()) for view in views for one in view.signed}
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
