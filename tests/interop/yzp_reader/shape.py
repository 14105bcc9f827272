"""Small demands on decoded items; each failure is a refusal that says where."""

from typing import Collection, List, Optional, Tuple

from . import cbor
from .cbor import Members, Node
from .errors import Refused

COUNT_END = 2 ** 53     # §2: counts are below this


def _demand(node: Node, kind: str, what: str) -> None:
    if node.kind != kind:
        raise Refused(f"{what}: {node.kind} where {kind} is expected")


def read(data: bytes, what: str) -> Node:
    """Exactly one item, with `what` in the refusal."""
    try:
        return cbor.decode(data)
    except Refused as refusal:
        raise Refused(f"{what}: {refusal}") from None


def integer(node: Node, what: str, low: int = cbor.INT_MIN, high: int = cbor.INT_MAX) -> int:
    _demand(node, cbor.INT, what)
    if not low <= node.value <= high:
        raise Refused(f"{what}: {node.value} is outside {low} … {high}")
    return int(node.value)


def count(node: Node, what: str) -> int:
    return integer(node, what, 0, COUNT_END - 1)


def choice(node: Node, what: str, allowed: Collection[int]) -> int:
    _demand(node, cbor.INT, what)
    if node.value not in allowed:
        raise Refused(f"{what}: {node.value} is not one of the numbers listed")
    return int(node.value)


def octets(node: Node, what: str, low: int = 0, high: Optional[int] = None) -> bytes:
    _demand(node, cbor.BYTES, what)
    size = len(node.value)
    if size < low or (high is not None and size > high):
        raise Refused(f"{what}: a byte string of {size} bytes")
    return bytes(node.value)


def octets32(node: Node, what: str) -> bytes:
    return octets(node, what, 32, 32)


def octets16(node: Node, what: str) -> bytes:
    return octets(node, what, 16, 16)


def text(node: Node, what: str, low: int = 0, high: Optional[int] = None) -> str:
    """A text; limits are bytes of UTF-8."""
    _demand(node, cbor.TEXT, what)
    size = len(node.value.encode("utf-8"))
    if size < low or (high is not None and size > high):
        raise Refused(f"{what}: a text of {size} bytes")
    return str(node.value)


def array(node: Node, what: str, low: int = 0, high: Optional[int] = None) -> List[Node]:
    _demand(node, cbor.ARRAY, what)
    size = len(node.value)
    if size < low or (high is not None and size > high):
        raise Refused(f"{what}: an array of {size} items")
    return list(node.value)


def fixed(node: Node, what: str, size: int) -> List[Node]:
    return array(node, what, size, size)


def decimal(node: Node, what: str) -> Tuple[int, int]:
    """Exponent and mantissa; the decoder has checked their form."""
    if node.kind != cbor.TAG or node.value[0] != cbor.TAG_DECIMAL:
        raise Refused(f"{what}: not a decimal")
    exponent, mantissa = node.value[1].value
    return exponent.value, mantissa.value


def members(node: Node, what: str, needed: Collection[int],
            optional: Collection[int] = ()) -> Members:
    """A map with all of `needed`, any of `optional`, and nothing else (§1)."""
    _demand(node, cbor.MAP, what)
    found: Members = node.value
    for key in needed:
        if key not in found:
            raise Refused(f"{what}: member {key} is missing")
    for key in found:
        if key not in needed and key not in optional:
            raise Refused(f"{what}: unknown member {key}")
    return found


def is_critical(number: int) -> bool:
    """§1: what a reader may not skip."""
    return 0 <= number <= 63 or -65_536 <= number <= -1


def open_members(node: Node, what: str, needed: Collection[int],
                 optional: Collection[int] = ()) -> Tuple[Members, List[int]]:
    """The top level of an entry: unknown keys are let through and returned beside it."""
    _demand(node, cbor.MAP, what)
    found: Members = node.value
    unknown = [key for key in found if key not in needed and key not in optional]
    if not any(is_critical(key) for key in unknown):
        for key in needed:
            if key not in found:
                raise Refused(f"{what}: member {key} is missing")
    return found, unknown


def ascending_names(names: List[str], what: str) -> None:
    """Strictly ascending by UTF-8 bytes, so each once."""
    encoded = [name.encode("utf-8") for name in names]
    for before, after in zip(encoded, encoded[1:]):
        if before >= after:
            raise Refused(f"{what}: names are not strictly ascending")


