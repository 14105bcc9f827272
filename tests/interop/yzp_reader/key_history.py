"""Which ledger key was in force when (§5.1), and the other keys a ledger holds."""

from typing import Dict, List, NamedTuple, Optional

from . import hashes, keys
from . import numbers_listed as n
from .hashes import Digest
from .key_entries import KeyEntry
from .keys import PublicKey
from .report import CONTRADICTED, INTEGRITY, NOT_PROVEN, PROVEN, Report
from .view import LedgerView, Placed, Position


class InForce(NamedTuple):
    first_height: int
    kid: bytes
    epoch: int
    key: PublicKey
    next_key: Optional[bytes]


class PartyKey(NamedTuple):
    """A key that may sign statements: a party's, or the ledger's own."""

    entry: KeyEntry
    since: Position             # of its entry
    until: Optional[Position]   # of the entry that revokes or replaces it


class KeyHistory:
    """Ledger keys by epoch, and party keys by kid."""

    def __init__(self, ledger: Digest, first: KeyEntry) -> None:
        assert first.key is not None
        self.ledger = ledger
        self.hash = ledger.algorithm
        self.epochs = [InForce(0, first.digest(self.hash), 0, first.key, first.next_key)]
        self.parties = {self.epochs[0].kid: PartyKey(first, (0, 0), None)}
        self.ended: Dict[bytes, KeyEntry] = {}      # ledger keys revoked as lost or compromised

    def at(self, height: int) -> InForce:
        return [one for one in self.epochs if one.first_height <= height][-1]

    def possession_objection(self, entry: KeyEntry) -> str:
        """Why the new key did not show that it was there, or ""."""
        assert entry.key is not None and entry.possession is not None
        possession = entry.possession
        if possession.ledger != self.ledger:
            return "the possession signature is for another ledger"
        if possession.message.algorithm != entry.key.algorithm:
            return "the possession signature has another algorithm than the key"
        return keys.verify(entry.key, possession.message.signature,
                           possession.message.to_be_signed(entry.claims_raw))

    def rotate(self, placed: Placed, entry: KeyEntry) -> str:
        last = self.epochs[-1]
        assert entry.key is not None and entry.epoch is not None
        if last.first_height == placed.height + 1:
            return "a second rotation in one block"
        if entry.before != last.kid:
            return "it does not name the ledger key before it"
        if entry.epoch != last.epoch + 1:
            return f"epoch {entry.epoch} after {last.epoch}"
        if last.next_key is not None and hashes.digest(self.hash, entry.key.raw) != last.next_key:
            return "not the key that the entry before committed to"
        objection = self.possession_objection(entry)
        if not objection:
            kid = entry.digest(self.hash)
            self.epochs.append(InForce(placed.height + 1, kid, entry.epoch, entry.key,
                                       entry.next_key))
            self.parties[last.kid] = self.parties[last.kid]._replace(until=placed.position)
            self.parties[kid] = PartyKey(entry, placed.position, None)
        return objection

    def revoke_ledger_key(self, placed: Placed, entry: KeyEntry) -> str:
        now = self.at(placed.height)
        retired = [one.kid for one in self.epochs if one.epoch < now.epoch]
        if entry.before not in retired:
            return "it does not name a retired ledger key"
        if entry.revoke_reason in (n.LOST, n.COMPROMISED):
            self.ended[entry.before] = entry
        return ""

    def end_party(self, placed: Placed, entry: KeyEntry) -> str:
        """Closes the key that `entry` revokes or replaces. None to say: not shown."""
        assert entry.before is not None
        known = self.parties.get(entry.before)
        if known is None:
            return "not shown"
        if known.entry.role != entry.role:
            return "the entry it names is of another role"
        if known.until is not None:
            return "the entry it names was revoked or replaced before"
        self.parties[entry.before] = known._replace(until=placed.position)
        return ""


def build(view: LedgerView, first: KeyEntry, report: Report) -> KeyHistory:
    """Goes through the key entries shown, in order of position."""
    history = KeyHistory(view.digest, first)
    placed_keys: List[Placed] = sorted(
        (placed for placed in view.placed if isinstance(placed.entry.body, KeyEntry)),
        key=lambda placed: (placed.height, placed.index))
    for placed in placed_keys:
        entry = placed.entry.body
        if entry.role == n.KEY_LEDGER:
            report.decide(INTEGRITY, str(placed), str(entry), _ledger_key(history, placed, entry))
        else:
            _party_key(history, placed, entry, report)
    return history


def _ledger_key(history: KeyHistory, placed: Placed, entry: KeyEntry) -> str:
    if entry.action == n.ENROL:
        return "a ledger key is enrolled only in genesis"
    if entry.action == n.ROTATE:
        return history.rotate(placed, entry)
    return history.revoke_ledger_key(placed, entry)


def _party_key(history: KeyHistory, placed: Placed, entry: KeyEntry, report: Report) -> None:
    objection = ""
    shown = True
    if entry.before is not None:
        objection = history.end_party(placed, entry)
        shown = objection != "not shown"
        objection = objection if shown else ""
    if not objection and entry.key is not None:
        objection = history.possession_objection(entry)
        if not objection:
            history.parties[entry.digest(history.hash)] = PartyKey(entry, placed.position, None)
    verdict = CONTRADICTED if objection else PROVEN if shown else NOT_PROVEN
    detail = objection or ("" if shown else "the entry it names is not shown")
    group = INTEGRITY if shown else "connection"
    report.add(group, str(placed), str(entry), verdict, detail)
