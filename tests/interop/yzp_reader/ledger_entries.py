"""Entries about the ledger itself: link, genesis, tombstone, hold, event, observed head,
renewal (§5, §5.4)."""

from typing import Any, Dict, NamedTuple, Optional, Tuple

from . import cbor, shape
from . import numbers_listed as n
from .cbor import Members, Node
from .errors import Refused
from .hashes import Digest, read_algorithm, read_digest
from .key_entries import KeyEntry, read_key_entry
from .timeclaim import TimeClaim, read_time_claim
from .values import read_name


class Link(NamedTuple):
    previous: bytes
    sealed: bytes


class Elsewhere(NamedTuple):
    """A block of another ledger."""

    ledger: Digest
    height: int
    block: Digest
    sealed: Optional[Digest]


class Genesis(NamedTuple):
    hash: int
    first_key: KeyEntry
    nonce: bytes
    organisation: str
    time: TimeClaim
    continues: Optional[Elsewhere]
    reason: Optional[int]           # why it continues


class Marking(NamedTuple):
    """A tombstone or a hold: what it says of which records."""

    records: Tuple[Digest, ...]
    names: Optional[Tuple[str, ...]]    # tombstone: None = all values; empty for a hold
    action: Optional[int]               # of a hold
    reason: int
    reference: bytes
    time: TimeClaim


class Event(NamedTuple):
    code: int
    time: TimeClaim
    facts: Dict[int, Any]


class Renewal(NamedTuple):
    ledger: Digest
    first: int
    last: int
    root: Digest
    leaves: int


def read_elsewhere(ledger: Node, height: Node, block: Node, sealed: Node, what: str) -> Elsewhere:
    digests = [read_digest(node, what) for node in (ledger, block, sealed)]
    if len({digest.algorithm for digest in digests}) > 1:
        raise Refused(f"{what}: digests of one ledger under two hashes")
    return Elsewhere(digests[0], shape.count(height, what), digests[1], digests[2])


def read_link(found: Members, raw: bytes) -> Link:
    return Link(shape.octets32(found[1], "link"), shape.octets32(found[2], "link"))


def read_genesis(found: Members, raw: bytes) -> Genesis:
    what = "genesis"
    shape.choice(found[1], f"{what}, format version", (0,))
    key_raw = shape.octets(found[3], f"{what}, first key")
    key = shape.members(shape.read(key_raw, f"{what}, first key"), f"{what}, first key", (0, 1))
    shape.choice(key[0], f"{what}, first key", (3,))
    continues = reason = None
    if 7 in found:
        part = shape.members(found[7], f"{what}, continues", (0, 1, 2, 3, 4))
        reason = shape.choice(part[4], f"{what}, continues, reason", n.CONTINUE_REASONS)
        continues = read_elsewhere(part[0], part[1], part[2], part[3], f"{what}, continues")
    return Genesis(read_algorithm(found[2], what), read_key_entry(key, key_raw, embedded=True),
                   shape.octets16(found[4], f"{what}, nonce"),
                   shape.text(found[6], f"{what}, organisation", 1, 200),
                   read_time_claim(found[5], f"{what}, time"), continues, reason)


def _read_records(node: Node, what: str) -> Tuple[Digest, ...]:
    return tuple(read_digest(part, what) for part in shape.array(node, what, 1, 512))


def read_tombstone(found: Members, raw: bytes) -> Marking:
    what = "tombstone"
    names = None
    if found[2].kind != cbor.NULL:
        listed = [read_name(node, what) for node in shape.array(found[2], what, 1, 512)]
        shape.ascending_names(listed, what)
        names = tuple(listed)
    return Marking(_read_records(found[1], what), names, None,
                   shape.choice(found[3], f"{what}, reason", n.TOMBSTONE_REASONS),
                   shape.octets32(found[4], f"{what}, reference"),
                   read_time_claim(found[5], f"{what}, time"))


def read_hold(found: Members, raw: bytes) -> Marking:
    what = "hold"
    return Marking(_read_records(found[2], what), (),
                   shape.choice(found[1], f"{what}, action", n.HOLD_ACTIONS),
                   shape.choice(found[3], f"{what}, reason", n.HOLD_REASONS),
                   shape.octets32(found[4], f"{what}, reference"),
                   read_time_claim(found[5], f"{what}, time"))


def _octets16(node: Node, what: str) -> bytes:
    return shape.octets16(node, what)


def _octets8(node: Node, what: str) -> bytes:
    return shape.octets(node, what, 8, 8)


def _text(node: Node, what: str) -> str:
    return shape.text(node, what)


def _one_of(numbers: Any) -> Any:
    return lambda node, what: shape.choice(node, what, numbers)


def _int(node: Node, what: str) -> int:
    return shape.integer(node, what)


# event code: (needed facts, optional facts); each fact has its reader
_FACTS: Dict[int, Tuple[Dict[int, Any], Dict[int, Any]]] = {
    n.OPENED: ({1: _text}, {2: shape.octets32, 3: _text, 4: _text, 5: _one_of((1, 2)),
                            6: _one_of(n.TIERS)}),
    n.CLOSED: ({}, {1: shape.octets32, 2: _octets16}),
    n.CLOCK: ({1: _int}, {2: _octets16, 3: _octets16}),
    n.RESTORED: ({1: read_digest, 2: shape.count, 3: read_digest}, {}),
    n.REFUSED_EVENT: ({1: _octets16, 2: shape.count, 3: read_digest},
                      {4: _one_of(n.REFUSE_REASONS), 5: read_digest}),
    n.DAMAGE: ({1: shape.count, 2: _one_of((1, 2, 3))}, {}),
    n.VAULT: ({1: _octets8, 2: _one_of((1, 2))}, {}),
}


def known_event(found: Members) -> bool:
    """An unknown code makes an event like an unknown critical kind; its form is checked."""
    if shape.count(found[1], "event, code") in n.EVENTS:
        return True
    read_time_claim(found[2], "event, time")
    if 3 in found and found[3].kind != cbor.MAP:
        raise Refused("event, facts: not a map")
    return False


def read_event(found: Members, raw: bytes) -> Event:
    code = shape.choice(found[1], "event, code", n.EVENTS)
    what = f"event {n.EVENTS[code]}"
    needed, optional = _FACTS[code]
    facts: Dict[int, Any] = {}
    if 3 in found:
        part = shape.members(found[3], f"{what}, facts", needed, optional)
        if not part:
            raise Refused(f"{what}: empty facts")
        readers = {**needed, **optional}
        facts = {key: readers[key](node, f"{what}, fact {key}") for key, node in part.items()}
    elif needed:
        raise Refused(f"{what}: its facts are missing")
    if code == n.RESTORED and facts[1].algorithm != facts[3].algorithm:
        raise Refused(f"{what}: digests of one ledger under two hashes")
    if code == n.REFUSED_EVENT and (5 in facts) != (facts[2] > 0):
        raise Refused(f"{what}: what took the place before stands exactly after place 0")
    return Event(code, read_time_claim(found[2], f"{what}, time"), facts)


def read_observed_head(found: Members, raw: bytes) -> Elsewhere:
    what = "observed head"
    read_time_claim(found[5], f"{what}, time")
    return read_elsewhere(found[1], found[2], found[3], found[4], what)


def read_renewal(found: Members, raw: bytes) -> Renewal:
    what = "renewal"
    first, last = shape.count(found[2], what), shape.count(found[3], what)
    if first > last:
        raise Refused(f"{what}: its first height is above its last")
    return Renewal(read_digest(found[1], what), first, last, read_digest(found[4], what),
                   shape.count(found[5], what))
