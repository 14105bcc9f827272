"""Changes files in many small ways, by the structure of what is in them and byte by byte. The same seed, the same changes."""

from random import Random
from typing import Any, Callable, List, NamedTuple, Tuple

from yzp_reader import cbor
from yzp_reader.errors import Refused

from .encoder import Raw, Tag, encode, head


class Inner(NamedTuple):
    """CBOR inside a byte string."""

    content: Any


ATOMS: Tuple[Any, ...] = (
    0, 1, 2, 9, 23, 24, 255, 65_536, 2**53 - 1, 2**53, 2**63 - 1, -1, -2**63, Raw(head(0, 2**63)), Raw(head(1, 2**63)),
    b"", bytes(16), bytes(32), b"\xff" * 64, "", "x", "reference", None, True, False, [], {}, {0: 2}, [0, 1], Tag(4, [0, 1]),
    Tag(4, [19, 1]), Tag(18, [b"", {}, None, b""]), Tag(1, 0), Raw(b"\xf7"), Raw(b"\xf9\x3c\x00"), Raw(b"\x9f\xff"),
    Raw(b"\x62\xc3\x28"))
KEYS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 63, 64, 65_535, 65_536, -1, -65_536, -65_537, -65_544, -65_547, -70_000)


def tree_of(data: bytes) -> Any:
    """The parts of an item that can be encoded again, byte strings opened where CBOR is in them."""
    return _open(cbor.decode(data))


def _open(node: cbor.Node) -> Any:
    if node.kind == cbor.MAP:
        return {key: _open(value) for key, value in node.value.items()}
    if node.kind == cbor.ARRAY:
        return [_open(part) for part in node.value]
    if node.kind == cbor.TAG:
        return Tag(node.value[0], _open(node.value[1]))
    if node.kind == cbor.BYTES and node.value[:1] and node.value[0] >= 0x80 and len(node.value) not in (32, 64):
        try:
            return Inner(tree_of(node.value))
        except Refused:
            return node.value
    return node.value


def closed(tree: Any) -> Any:
    """The tree with its opened byte strings encoded."""
    if isinstance(tree, Inner):
        return encode(closed(tree.content))
    if isinstance(tree, Tag):
        return Tag(tree.number, closed(tree.content))
    if isinstance(tree, Raw):
        return tree
    if isinstance(tree, dict):
        return {key: closed(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [closed(part) for part in tree]
    return tree


Spot = Tuple[Any, Callable[[Any], Any]]     # a part, and the whole tree with another in its place


def _spots(tree: Any, rebuild: Callable[[Any], Any]) -> List[Spot]:
    spots: List[Spot] = [(tree, rebuild)]
    if isinstance(tree, Inner):
        spots += _spots(tree.content, lambda new: rebuild(Inner(new)))
    elif isinstance(tree, Tag):
        spots += _spots(tree.content, lambda new: rebuild(Tag(tree.number, new)))
    elif isinstance(tree, dict):
        for key in tree:
            spots += _spots(tree[key], lambda new, key=key: rebuild({**tree, key: new}))
    elif isinstance(tree, list) and not isinstance(tree, tuple):
        for at in range(len(tree)):
            spots += _spots(tree[at], lambda new, at=at: rebuild([*tree[:at], new, *tree[at + 1:]]))
    return spots


def change_tree(random: Random, tree: Any) -> Any:
    """One part of the tree changed, removed, doubled, moved or badly encoded."""
    spots = _spots(tree, lambda new: new)
    part, rebuild = random.choice(spots)
    if random.random() < 0.15:
        return rebuild(random.choice(spots)[0])
    if random.random() < 0.12:
        return rebuild(random.choice(ATOMS))
    return rebuild(_changed(random, part))


def _changed(random: Random, part: Any) -> Any:
    if isinstance(part, bool) or part is None or isinstance(part, Raw):
        return random.choice(ATOMS)
    if isinstance(part, int):
        return random.choice((part + 1, part - 1 if part > -2**63 else 0, -1 - part, _longer(random, part)))
    if isinstance(part, bytes):
        return _changed_bytes(random, part)
    if isinstance(part, str):
        return random.choice((part + "x", part[:-1], part.swapcase(), "\u200b" + part, part * 40))
    if isinstance(part, Tag):
        return random.choice((part.content, Tag(part.number + 1, part.content), Tag(18, part)))
    if isinstance(part, Inner):
        return random.choice((part.content, encode(closed(part.content)) + b"\x00", Inner(part)))
    if isinstance(part, list):
        return _changed_list(random, part)
    return _changed_map(random, part)


def _longer(random: Random, number: int) -> Raw:
    major, argument = (0, number) if number >= 0 else (1, -1 - number)
    size = random.choice([size for size in (1, 2, 4, 8) if argument < 256 ** size])
    return Raw(bytes([32 * major + 24 + (1, 2, 4, 8).index(size)]) + argument.to_bytes(size, "big"))


def _changed_bytes(random: Random, part: bytes) -> Any:
    if part and random.random() < 0.6:
        at = random.randrange(len(part) * 8)
        return part[:at // 8] + bytes([part[at // 8] ^ 1 << at % 8]) + part[at // 8 + 1:]
    return random.choice((part + b"\x00", part[:-1], part[::-1], b"", Raw(b"\x5b" + len(part).to_bytes(8, "big") + part),
                          Raw(b"\x5f" + encode(part) + b"\xff")))


def _changed_list(random: Random, part: List[Any]) -> Any:
    at = random.randrange(len(part) + 1)
    choice = random.randrange(5)
    if choice == 0:
        return [*part[:at], random.choice(ATOMS), *part[at:]]
    if choice == 1 or not part:
        return [*part[:at], *part[at + 1:]]
    if choice == 2:
        return [*part[:at], *part[max(0, at - 1):]]
    if choice == 3:
        other = random.randrange(len(part))
        swapped = list(part)
        swapped[at % len(part)], swapped[other] = swapped[other], swapped[at % len(part)]
        return swapped
    return part[::-1]


def _changed_map(random: Random, part: Any) -> Any:
    choice = random.randrange(6)
    key = random.choice(list(part)) if part else 0
    others = {other: value for other, value in part.items() if other != key}
    if choice == 0 or not part:
        return {**part, random.choice(KEYS): random.choice(ATOMS)}
    if choice == 1:
        return others
    if choice == 2:
        return {**others, random.choice(KEYS): part[key]}
    if choice == 3:
        return {**part, key: part[random.choice(list(part))]}
    pairs = [encode(closed(one)) + encode(closed(value)) for one, value in part.items()]
    if choice == 4:
        return Raw(head(5, len(pairs) + 1) + pairs[0] + b"".join(pairs))
    return Raw(head(5, len(pairs)) + b"".join(pairs[::-1]))


def change_bytes(random: Random, data: bytes) -> bytes:
    """One bit turned, or some bytes put in, taken out, doubled or cut off."""
    at, size = random.randrange(len(data)), random.randrange(1, 40)
    choice = random.randrange(10)
    if choice < 6:
        return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1:]
    return (data[:at] + bytes([random.randrange(256)]) + data[at:], data[:at] + data[at + size:],
            data[:at + size] + data[at:], data[:at])[choice - 6]
