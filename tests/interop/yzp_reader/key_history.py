"""Which ledger key was in force when (§5.1), and the other keys a ledger holds."""

from typing import Dict, List, NamedTuple, Optional

from . import hashes, keys
from . import numbers_listed as n
from .hashes import Digest
from .key_entries import KeyEntry
from .keys import PublicKey
from .report import CONNECTION, INTEGRITY, NOT_PROVEN, Report
from .view import LedgerView, Placed, Position, Rooted

NOT_SHOWN = "the entry it names is not shown"


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


def possession_objection(entry: KeyEntry, *ledgers: Optional[Digest]) -> str:
    """Why the new key did not show that it was there, or ""."""
    assert entry.key is not None and entry.possession is not None
    possession = entry.possession
    if possession.ledger not in ledgers:
        return "the possession signature is for another ledger"
    if possession.message.algorithm != entry.key.algorithm:
        return "the possession signature has another algorithm than the key"
    return keys.verify(entry.key, possession.message.signature,
                       possession.message.to_be_signed(entry.claims_raw))


class KeyHistory:
    """Ledger keys by epoch, and party keys by kid."""

    def __init__(self, ledger: Digest, first: KeyEntry, before: Optional[Digest] = None) -> None:
        assert first.key is not None
        self.ledger = ledger
        self.before = before        # the ledger that this one goes on from (§5.5)
        self.ended_before: Dict[bytes, Position] = {}   # kids not shown here, with what ended them
        self.hash = ledger.algorithm
        self.epochs = [InForce(0, first.digest(self.hash), 0, first.key, first.next_key)]
        self.parties = {self.epochs[0].kid: PartyKey(first, (0, 0), None)}
        self.revoked: Dict[bytes, KeyEntry] = {}    # retired ledger keys, with their revocation

    def at(self, height: int) -> InForce:
        return [one for one in self.epochs if one.first_height <= height][-1]

    def add(self, placed: Placed, entry: KeyEntry) -> str:
        """Takes the next key entry; what speaks against it, or ""."""
        if entry.role == n.KEY_LEDGER:
            return self._ledger_key(placed, entry)
        objection = self._end_party(placed, entry) if entry.before is not None else ""
        if objection or entry.key is None:
            return objection
        objection = possession_objection(entry, self.ledger, self.before)
        kid = entry.digest(self.hash)
        if not objection and kid in self.parties:
            objection = "the same key entry twice"
        if not objection:
            self.parties[kid] = PartyKey(entry, placed.position, None)
        return objection

    def add_without_before(self, placed: Placed, entry: KeyEntry) -> str:
        """The same for an entry of a party whose entry before is not shown."""
        assert entry.before is not None
        self.ended_before.setdefault(entry.before, placed.position)
        if entry.key is None:
            return ""
        objection = possession_objection(entry, self.ledger, self.before)
        if not objection:
            self.parties[entry.digest(self.hash)] = PartyKey(entry, placed.position, None)
        return objection

    def _ledger_key(self, placed: Placed, entry: KeyEntry) -> str:
        if entry.action == n.ENROL:
            return "a ledger key is enrolled only in genesis"
        if entry.action == n.ROTATE:
            return self._rotate(placed, entry)
        return self._revoke_ledger_key(placed, entry)

    def _rotate(self, placed: Placed, entry: KeyEntry) -> str:
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
        objection = possession_objection(entry, self.ledger)
        if not objection:
            kid = entry.digest(self.hash)
            self.epochs.append(InForce(placed.height + 1, kid, entry.epoch, entry.key,
                                       entry.next_key))
            self.parties[last.kid] = self.parties[last.kid]._replace(until=placed.position)
            self.parties[kid] = PartyKey(entry, placed.position, None)
        return objection

    def _revoke_ledger_key(self, placed: Placed, entry: KeyEntry) -> str:
        now = self.at(placed.height)
        retired = [one.kid for one in self.epochs if one.epoch < now.epoch]
        if entry.before not in retired:
            return "it does not name a retired ledger key"
        if entry.before in self.revoked:
            return "that key was revoked before"
        self.revoked[entry.before] = entry
        return ""

    def ended(self) -> Dict[bytes, KeyEntry]:
        """Ledger keys revoked as lost or compromised, with their revocation."""
        return {kid: entry for kid, entry in self.revoked.items()
                if entry.revoke_reason in (n.LOST, n.COMPROMISED)}

    def _end_party(self, placed: Placed, entry: KeyEntry) -> str:
        """Closes the key that `entry` revokes or replaces."""
        assert entry.before is not None
        known = self.parties.get(entry.before)
        if known is None:
            return NOT_SHOWN
        if known.entry.role != entry.role:
            return "the entry it names is of another role"
        if known.until is not None:
            return "the entry it names was revoked or replaced before"
        self.parties[entry.before] = known._replace(until=placed.position)
        return ""


def take(history: KeyHistory, view: LedgerView, block: Rooted, parties: bool, report: Report) -> None:
    """Takes in the key entries of a signed block, in order of position. `parties`: not only the ledger's own keys."""
    placed_keys: List[Placed] = sorted(
        (placed for placed in view.placed if isinstance(placed.entry.body, KeyEntry)
         and placed.rooted is not None and placed.rooted.name == block.name),
        key=lambda placed: placed.position)
    for placed in placed_keys:
        entry = placed.entry.body
        if entry.role != n.KEY_LEDGER and not parties:
            continue
        objection = history.add(placed, entry)
        if objection == NOT_SHOWN:      # only the entries of ledger keys must all be shown
            objection = history.add_without_before(placed, entry)
            if not objection:
                report.add(CONNECTION, str(placed), str(entry), NOT_PROVEN, NOT_SHOWN)
                continue
        report.decide(INTEGRITY, str(placed), str(entry), objection)
