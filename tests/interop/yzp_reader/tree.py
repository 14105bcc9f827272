"""The RFC 9162 §2.1 tree (§7)."""

from typing import List, Optional, Sequence

from .errors import Refused
from .hashes import digest

MAX_PATH = 63


def leaf_hash(algorithm: int, leaf: bytes) -> bytes:
    return digest(algorithm, b"\x00" + leaf)


def node_hash(algorithm: int, left: bytes, right: bytes) -> bytes:
    return digest(algorithm, b"\x01" + left + right)


def root(algorithm: int, hashes: Sequence[bytes]) -> bytes:
    """Root over leaf hashes. Joining neighbours level by level and promoting an odd last
    node gives the same tree as splitting at the largest power of two."""
    if not hashes:
        return digest(algorithm, b"")
    level = list(hashes)
    while len(level) > 1:
        above = [node_hash(algorithm, level[i], level[i + 1])
                 for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def _turns(index: int, size: int) -> List[bool]:
    """For each node of the path, from the leaf up: whether it stands on the left."""
    turns = []
    last = size - 1
    while last:
        if index % 2:
            turns.append(True)
        elif index < last:
            turns.append(False)
        # else: an odd node, promoted without a sibling
        index, last = index // 2, last // 2
    return turns


def path_length(index: int, size: int) -> int:
    return len(_turns(index, size))


def check_path(index: int, size: int, path: Sequence[bytes], what: str) -> None:
    """Form of a path, before anything is hashed."""
    if index >= size:
        raise Refused(f"{what}: index {index} in a tree of {size}")
    if len(path) > MAX_PATH or len(path) != path_length(index, size):
        raise Refused(f"{what}: a path of {len(path)} nodes does not fit {index} of {size}")


def root_from_path(algorithm: int, leaf: bytes, index: int, size: int,
                   path: Sequence[bytes]) -> bytes:
    """The root a checked path leads to; `leaf` is a leaf hash."""
    value = leaf
    for sibling, on_the_left in zip(path, _turns(index, size)):
        if on_the_left:
            value = node_hash(algorithm, sibling, value)
        else:
            value = node_hash(algorithm, value, sibling)
    return value


def consistent(algorithm: int, first: int, second: int, first_root: bytes, second_root: bytes,
               path: Sequence[bytes]) -> bool:
    """RFC 9162 §2.1.4.2: the tree of `first` leaves is the beginning of that of `second`."""
    if not 0 < first <= second or len(path) > MAX_PATH:
        return False
    if first == second:
        return not path and first_root == second_root
    nodes = list(path)
    if first & (first - 1) == 0:
        nodes.insert(0, first_root)
    if not nodes:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node_hash(algorithm, node, old), node_hash(algorithm, node, new)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(algorithm, new, node)
        fn, sn = fn >> 1, sn >> 1
    return (old, new, sn) == (first_root, second_root, 0)


class Frontier:
    """A tree that only grows; used for history roots while blocks go by."""

    def __init__(self, algorithm: int) -> None:
        self.algorithm = algorithm
        self.size = 0
        self._peaks: List[Optional[bytes]] = []     # by height; None where no full subtree is

    def push(self, leaf: bytes) -> None:
        carry = leaf
        level = 0
        while level < len(self._peaks) and self._peaks[level] is not None:
            carry = node_hash(self.algorithm, self._peaks[level] or b"", carry)
            self._peaks[level] = None
            level += 1
        if level == len(self._peaks):
            self._peaks.append(None)
        self._peaks[level] = carry
        self.size += 1

    def nodes(self) -> List[bytes]:
        """Roots of the full subtrees, the largest first."""
        return [peak for peak in reversed(self._peaks) if peak is not None]

    def root(self) -> bytes:
        value: Optional[bytes] = None
        for peak in self._peaks:
            if peak is not None:
                value = peak if value is None else node_hash(self.algorithm, peak, value)
        return digest(self.algorithm, b"") if value is None else value
