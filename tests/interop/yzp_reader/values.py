"""Values and disclosures (§6)."""

import re
from datetime import date
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from . import cbor, shape
from . import numbers_listed as n
from .cbor import Node
from .errors import Refused

NAME_MAX = 128
TEXT_MAX = 262_144
DISCLOSURE_MAX = 1_048_576
FINDING_UNPARSED = 1
ABSENT, OPTIONAL, REQUIRED = "absent", "optional", "required"


class Value(NamedTuple):
    """A value; `type` is None for null and for bare text."""

    type: Optional[int]
    parsed: Any
    original: Optional[str]
    findings: Tuple[int, ...]
    qualifier: Any
    accuracy: Optional[str]

    def __str__(self) -> str:
        if self.type is None:
            return "captured as unknown" if self.parsed is None else quoted(self.parsed)
        shown = quoted(self.original) if self.parsed is None else printable(str(self.parsed))
        qualifier = "" if self.qualifier is None else f" {printable(str(self.qualifier))}"
        findings = f" (findings {list(self.findings)})" if self.findings else ""
        return f"{shown}{qualifier}{findings}"


class Disclosure(NamedTuple):
    raw: bytes
    name: str
    value: Value


def printable(text: str) -> str:
    """`text` with everything that could mislead the eye escaped."""
    return "".join(c if c.isprintable() and not "\u202a" <= c <= "\u202e"
                   else f"\\u{{{ord(c):x}}}" for c in text)


def quoted(text: Optional[str]) -> str:
    return f"“{printable(text or '')}”"


def read_name(node: Node, what: str) -> str:
    return shape.text(node, f"{what}, name", 1, NAME_MAX)


def read_disclosure(raw: bytes, what: str) -> Disclosure:
    if len(raw) > DISCLOSURE_MAX:
        raise Refused(f"{what}: {len(raw)} bytes")
    salt, value, name = shape.fixed(shape.read(raw, what), what, 3)
    shape.octets16(salt, f"{what}, salt")
    return Disclosure(raw, read_name(name, what), read_value(value, what))


def read_value(node: Node, what: str) -> Value:
    if node.kind == cbor.NULL:
        return Value(None, None, None, (), None, None)
    if node.kind == cbor.TEXT:
        return Value(None, _text(node, what), None, (), None, None)
    found = shape.members(node, f"{what}, value", (0,), (1, 2, 3, 4, 5))
    kind = shape.choice(found[0], f"{what}, value type", n.VALUE_TYPES)
    what = f"{what}, {n.VALUE_TYPES[kind]}"
    original = _text(found[2], f"{what}, original") if 2 in found else None
    if original is not None and kind in (10, 12):
        raise Refused(f"{what}: never has an original text")
    findings = _read_findings(found.get(3), what)
    if FINDING_UNPARSED in findings:
        if 1 in found or 4 in found or 5 in found or original is None or kind == 0:
            raise Refused(f"{what}: an unparsed value has its original and nothing else")
        return Value(kind, None, original, findings, None, None)
    if 1 not in found:
        raise Refused(f"{what}: no parsed value, and no finding says so")
    parsed = _PARSERS[kind](found[1], what)
    if kind == 0 and (original == parsed or (original is None and not findings)):
        raise Refused(f"{what}: bare text has another form")
    qualifier = _read_qualifier(kind, found.get(4), what)
    if kind == 5:
        _check_local_date(parsed, found[4].value, what)
    accuracy = None
    if 5 in found:
        if kind != 9:
            raise Refused(f"{what}: accuracy is for places only")
        accuracy = _decimal(found[5], what)
        if accuracy.startswith("-"):
            raise Refused(f"{what}: a negative accuracy")
    return Value(kind, parsed, original, findings, qualifier, accuracy)


def _read_findings(node: Optional[Node], what: str) -> Tuple[int, ...]:
    if node is None:
        return ()
    codes = [shape.integer(code, f"{what}, finding", 1, 65_535)
             for code in shape.array(node, f"{what}, findings", 1)]
    if any(a >= b for a, b in zip(codes, codes[1:])):
        raise Refused(f"{what}: findings are not ascending")
    return tuple(codes)


def _text(node: Node, what: str) -> str:
    return shape.text(node, what, 0, TEXT_MAX)


def _short(node: Node, what: str) -> str:
    return shape.text(node, what, 1, 128)


def _currency(node: Node, what: str) -> str:
    text = shape.text(node, what)
    if not re.fullmatch("[A-Z]{3}", text):
        raise Refused(f"{what}: a currency is three capital letters")
    return text


def _offset(node: Node, what: str) -> str:
    minutes = shape.integer(node, f"{what}, offset", -1439, 1439)
    return f"{minutes:+d} min"


# type: (whether key 4 stands, how it is read)
_QUALIFIERS: Dict[int, Tuple[str, Callable[[Node, str], str]]] = {
    2: (OPTIONAL, _short), 3: (REQUIRED, _currency), 4: (REQUIRED, _short), 5: (REQUIRED, _offset),
    8: (REQUIRED, _short), 9: (OPTIONAL, _short), 12: (REQUIRED, _short)}


def _read_qualifier(kind: int, node: Optional[Node], what: str) -> Optional[str]:
    rule, reader = _QUALIFIERS.get(kind, (ABSENT, _text))
    if node is None:
        if rule == REQUIRED:
            raise Refused(f"{what}: its qualifier (key 4) is missing")
        return None
    if rule == ABSENT:
        raise Refused(f"{what}: a qualifier (key 4) stands where none may")
    return reader(node, what)


def _integer(node: Node, what: str) -> int:
    return shape.integer(node, what)


def _decimal(node: Node, what: str) -> str:
    exponent, mantissa = shape.decimal(node, what)
    if exponent >= 0:
        return str(mantissa) + "0" * exponent
    digits = str(abs(mantissa)).rjust(1 - exponent, "0")
    return ("-" if mantissa < 0 else "") + digits[:exponent] + "." + digits[exponent:]


def _date(node: Node, what: str) -> str:
    text = shape.text(node, what)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Refused(f"{what}: not YYYY-MM-DD")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{what}: no day of the calendar") from None
    return text


def _check_local_date(milliseconds: int, offset: int, what: str) -> None:
    """Years 1 to 9999."""
    days = (milliseconds + offset * 60_000) // 86_400_000
    if not date.min.toordinal() <= days + date(1970, 1, 1).toordinal() <= date.max.toordinal():
        raise Refused(f"{what}: its local date is outside the years 1 to 9999")


def _flag(node: Node, what: str) -> bool:
    if node.kind != cbor.BOOL:
        raise Refused(f"{what}: not a boolean")
    return bool(node.value)


def _geo(node: Node, what: str) -> str:
    latitude, longitude = shape.fixed(node, what, 2)
    for part, bound in ((latitude, 90), (longitude, 180)):
        exponent, mantissa = shape.decimal(part, what)
        size, limit = abs(mantissa) * 10 ** max(exponent, 0), bound * 10 ** max(-exponent, 0)
        if size > limit:
            raise Refused(f"{what}: beyond {bound} degrees")
    return f"{_decimal(latitude, what)}, {_decimal(longitude, what)}"


def _attachment(node: Node, what: str) -> str:
    media, size, sha256, sm3, title = shape.fixed(node, what, 5)
    return (f"{_text(title, what)} ({_short(media, what)}, "
            f"{shape.count(size, what)} bytes, SHA-256 {shape.octets32(sha256, what).hex()}, "
            f"SM3 {shape.octets32(sm3, what).hex()})")


def _bytes(node: Node, what: str) -> str:
    return shape.octets(node, what, 0, TEXT_MAX).hex()


_PARSERS: Dict[int, Callable[[Node, str], Any]] = {
    0: _text, 1: _integer, 2: _decimal, 3: _decimal, 4: _decimal, 5: _integer, 6: _date,
    7: _flag, 8: _short, 9: _geo, 10: _attachment, 11: _bytes, 12: _text}


def read_disclosures(nodes: List[Node], what: str) -> List[Disclosure]:
    """Byte strings, each a disclosure, strictly ascending by name."""
    found = [read_disclosure(shape.octets(node, what), what) for node in nodes]
    shape.ascending_names([disclosure.name for disclosure in found], what)
    return found
