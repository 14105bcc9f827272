"""Any entry, told apart by kind (§5)."""

from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple

from . import cbor, cose, shape
from . import numbers_listed as n
from .cbor import Members
from .errors import Refused
from .key_entries import read_key_entry
from .ledger_entries import (
    known_event,
    read_event,
    read_genesis,
    read_hold,
    read_link,
    read_observed_head,
    read_renewal,
    read_tombstone,
)
from .records import NEEDED, OPTIONAL, Record, read_record
from .statements import Statement, read_header, read_reference, read_statement

ENTRY_MAX = 65_535


class Entry(NamedTuple):
    """`body` is None when a critical part is unknown: such an entry is never PROVEN."""

    raw: bytes
    name: str
    body: Any
    unknown: Tuple[int, ...]        # unknown optional keys, or an unknown optional kind

    @property
    def not_understood(self) -> bool:
        """Whether it, or the record in it, has a kind or member that is unknown."""
        return self.body is None or (isinstance(self.body, Statement) and self.body.content is None)

    @property
    def record(self) -> Optional[Record]:
        """The record this entry is, or the one its statement carries."""
        if isinstance(self.body, Record):
            return self.body
        if isinstance(self.body, Statement) and isinstance(self.body.content, Record):
            return self.body.content
        return None


# kind: (needed members, optional members, reader)
_READERS: Dict[int, Tuple[Tuple[int, ...], Tuple[int, ...], Callable[[Members, bytes], Any]]] = {
    0: ((1, 2), (), read_link),
    1: ((1, 2, 3, 4, 5, 6), (7,), read_genesis),
    2: (NEEDED, OPTIONAL, read_record),
    3: ((1,), (2,), read_key_entry),
    4: ((1, 2, 3, 4, 5), (), read_tombstone),
    5: ((1, 2, 3, 4, 5), (), read_hold),
    6: ((1, 2), (3,), read_event),
    7: ((1, 2, 3, 4, 5), (), read_observed_head),
    8: ((1, 2, 3, 4, 5), (), read_renewal),
}


def read_entry(raw: bytes) -> Entry:
    if len(raw) > ENTRY_MAX:
        raise Refused(f"entry: {len(raw)} bytes")
    node = shape.read(raw, "entry")
    if node.kind == cbor.TAG:
        return _read_statement_entry(raw, node)
    if node.kind != cbor.MAP or 0 not in node.value:
        raise Refused("entry: neither a map with a kind nor a tagged statement")
    kind = shape.integer(node.value[0], "entry, kind", 0, cbor.MAX_KEY)
    if kind in n.PAYLOAD_KINDS:
        raise Refused(f"entry: a {n.PAYLOAD_KINDS[kind]} is no entry")
    if kind not in _READERS:
        unknown = () if shape.is_critical(kind) else (kind,)
        return Entry(raw, f"unknown kind {kind}", None, unknown)
    return _read_map_entry(raw, node, kind)


def _read_map_entry(raw: bytes, node: cbor.Node, kind: int) -> Entry:
    needed, optional, reader = _READERS[kind]
    found, unknown = shape.open_members(node, n.KINDS[kind], (0,) + needed, optional)
    if any(shape.is_critical(key) for key in unknown):
        return Entry(raw, n.KINDS[kind], None, ())
    if kind == 6 and not known_event(found):
        return Entry(raw, n.KINDS[kind], None, ())
    return Entry(raw, n.KINDS[kind], reader(found, raw), tuple(unknown))


def _read_statement_entry(raw: bytes, node: cbor.Node) -> Entry:
    message = cose.read_sign1(node, "statement", n.TYP_STATEMENT)
    cose.empty_unprotected(message, "statement")
    if message.payload is None:
        raise Refused("statement: its payload is detached")
    header = read_header(message)
    content_type = shape.text(header[3], "statement, content type")
    content: Any = None
    unknown: Tuple[int, ...] = ()
    if content_type == n.CONTENT_RECORD:
        if message.payload[:1] == b"\xd2":     # no statement in a statement in a statement …
            raise Refused("statement: its payload is no record")
        inner = read_entry(message.payload)
        if inner.name != "record":
            raise Refused("statement: its payload is no record")
        content, unknown = inner.body, inner.unknown
    elif content_type == n.CONTENT_REFERENCE:
        content = read_reference(message.payload)
    else:
        raise Refused("statement: an unknown content type")
    statement = read_statement(message, content, message.payload)
    if not isinstance(content, Record) and content is not None and content.role != statement.role:
        raise Refused("statement: role in the payload and in the header differ")
    return Entry(raw, "statement", statement, unknown)
