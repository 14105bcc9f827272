"""A CBOR encoder for the tests. It shares nothing with the reader and, when asked, writes
what the format forbids."""

from typing import Any, NamedTuple


class Tag(NamedTuple):
    number: int
    content: Any


class Raw(NamedTuple):
    """Bytes that already are an item, or pretend to be."""

    data: bytes


def head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([32 * major + argument])
    for extra, size in enumerate((1, 2, 4, 8)):
        if argument < 256 ** size:
            return bytes([32 * major + 24 + extra]) + argument.to_bytes(size, "big")
    raise ValueError(argument)


def encode(item: Any) -> bytes:
    """Maps are written in ascending order of their encoded keys."""
    if isinstance(item, Raw):
        return item.data
    if isinstance(item, Tag):
        return head(6, item.number) + encode(item.content)
    if item is None:
        return b"\xf6"
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        data = item.encode("utf-8")
        return head(3, len(data)) + data
    if isinstance(item, dict):
        pairs = sorted((encode(key), encode(value)) for key, value in item.items())
        return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
    if isinstance(item, (list, tuple)):
        return head(4, len(item)) + b"".join(encode(part) for part in item)
    raise TypeError(type(item))


def decimal(exponent: int, mantissa: int) -> Tag:
    return Tag(4, [exponent, mantissa])
