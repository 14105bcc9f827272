"""Strict decoder for the deterministic CBOR of §1.

It never calls itself, whatever the input, and every node keeps the exact span of
bytes it was read from, because hashes and signatures cover received bytes.
"""

from typing import Any, Dict, List, Tuple

from .errors import Refused

INT, BYTES, TEXT, ARRAY, MAP, TAG, BOOL, NULL = (
    "integer", "byte string", "text", "array", "map", "tag", "boolean", "null")

MAX_DEPTH = 8
MAX_KEY = 65_535
TAG_DECIMAL, TAG_SIGN1 = 4, 18
INT_MIN, INT_MAX = -(2 ** 63), 2 ** 63 - 1


class Node:
    """One data item. `value` is an int, bytes, str, bool or None; for an array a list of
    nodes, for a map a dict from int to node, for a tag the pair (number, node)."""

    __slots__ = ("kind", "value", "source", "start", "end")

    def __init__(self, kind: str, value: Any, source: bytes, start: int, end: int) -> None:
        self.kind = kind
        self.value = value
        self.source = source
        self.start = start
        self.end = end

    @property
    def raw(self) -> bytes:
        """The bytes this item was read from."""
        return self.source[self.start:self.end]


class _Open:
    """An array, map or tag whose contents are still being read."""

    __slots__ = ("kind", "start", "missing", "children", "number", "keys", "last_key")

    def __init__(self, kind: str, start: int, missing: int, number: int) -> None:
        self.kind = kind
        self.start = start
        self.missing = missing          # items still to come; a map counts keys and values
        self.children: List[Node] = []
        self.number = number            # of the tag
        self.keys: List[int] = []
        self.last_key = b""

    def add(self, node: Node) -> None:
        if self.kind == MAP and self.missing % 2 == 0:
            self._add_key(node)
        else:
            self.children.append(node)
        self.missing -= 1

    def _add_key(self, node: Node) -> None:
        if node.kind != INT:
            raise Refused("a map key is not an integer")
        if node.value > MAX_KEY:
            raise Refused("a map key is above 65535")
        if node.raw <= self.last_key:   # an encoded key is never empty
            raise Refused("map keys are not ascending, or one stands twice")
        self.last_key = node.raw
        self.keys.append(node.value)

    def close(self, source: bytes, end: int) -> Node:
        value: Any
        if self.kind == ARRAY:
            value = self.children
        elif self.kind == MAP:
            value = dict(zip(self.keys, self.children))
        else:
            value = (self.number, self.children[0])
            if self.number == TAG_DECIMAL:
                _check_decimal(self.children[0])
            else:
                _check_message(self.children[0])
        return Node(self.kind, value, source, self.start, end)


def _check_decimal(node: Node) -> None:
    good = (node.kind == ARRAY and len(node.value) == 2
            and all(part.kind == INT for part in node.value)
            and -18 <= node.value[0].value <= 18)
    if not good:
        raise Refused("a decimal is not [exponent -18..18, mantissa]")


def _check_message(node: Node) -> None:
    kinds = [part.kind for part in node.value] if node.kind == ARRAY else []
    if kinds not in ([BYTES, MAP, BYTES, BYTES], [BYTES, MAP, NULL, BYTES]):
        raise Refused("tag 18 without the four parts of a message")


def _head(data: bytes, at: int) -> Tuple[int, int, int]:
    """Major type, argument and the position after them, in shortest form only."""
    if at >= len(data):
        raise Refused("the input ends inside an item")
    major, info = data[at] >> 5, data[at] & 0x1F
    at += 1
    if info < 24:
        return major, info, at
    if info > 27:
        raise Refused("an indefinite length or a reserved head")
    if major == 7:
        raise Refused("a floating point number or a simple value out of the three allowed")
    size = 1 << (info - 24)
    if at + size > len(data):
        raise Refused("the input ends inside a head")
    argument = int.from_bytes(data[at:at + size], "big")
    smallest = 24 if size == 1 else 1 << (4 * size)
    if argument < smallest:
        raise Refused("a head is not in its shortest form")
    return major, argument, at + size


def _scalar(data: bytes, major: int, argument: int, start: int, at: int) -> Node:
    if major == 0 or major == 1:
        number = argument if major == 0 else -1 - argument
        if not INT_MIN <= number <= INT_MAX:
            raise Refused("an integer does not fit 64 signed bits")
        return Node(INT, number, data, start, at)
    if major == 2 or major == 3:
        end = at + argument
        if end > len(data):
            raise Refused("the input ends inside a string")
        content = data[at:end]
        if major == 2:
            return Node(BYTES, content, data, start, end)
        try:
            return Node(TEXT, content.decode("utf-8", "strict"), data, start, end)
        except UnicodeDecodeError:
            raise Refused("a text is not UTF-8") from None
    if argument == 20 or argument == 21:
        return Node(BOOL, argument == 21, data, start, at)
    if argument == 22:
        return Node(NULL, None, data, start, at)
    raise Refused("a simple value out of the three allowed")


def decode_prefix(data: bytes, start: int = 0) -> Node:
    """Reads the item that begins at `start`; bytes may follow it."""
    stack: List[_Open] = []
    at = start
    while True:
        begin = at
        major, argument, at = _head(data, at)
        if 4 <= major <= 6:
            if len(stack) == MAX_DEPTH:
                raise Refused("nested deeper than 8 levels")
            if major == 6 and argument not in (TAG_DECIMAL, TAG_SIGN1):
                raise Refused("a tag other than 4 and 18")
            kind = (ARRAY, MAP, TAG)[major - 4]
            missing = (argument, 2 * argument, 1)[major - 4]
            opened = _Open(kind, begin, missing, argument)
            if missing:
                stack.append(opened)
                continue
            done = opened.close(data, at)
        else:
            done = _scalar(data, major, argument, begin, at)
            at = done.end
        while stack:
            stack[-1].add(done)
            if stack[-1].missing:
                break
            done = stack.pop().close(data, at)
        if not stack:
            return done


def decode(data: bytes) -> Node:
    """Reads exactly one item."""
    node = decode_prefix(data)
    if node.end != len(data):
        raise Refused("bytes follow the item")
    return node


# The reader writes CBOR in four places only: Sig_structure, history leaf, thumbprint and
# sealed bytes. All four are put together from heads and received bytes.

def head(major: int, argument: int) -> bytes:
    """The shortest head of a data item."""
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * size):
            return bytes([major << 5 | info]) + argument.to_bytes(size, "big")
    raise ValueError("argument too large")


def byte_string(content: bytes) -> bytes:
    """`content` as an encoded byte string."""
    return head(2, len(content)) + content


Members = Dict[int, Node]
