"""Bundles: a ledger's blocks with all their entries, one after the other (§11)."""

from typing import Iterator, List, NamedTuple, Optional

from . import cbor, hashes, shape, tree
from .blocks import ENTRIES_MAX, Block, read_block
from .cbor import Node
from .entries import Entry, read_entry
from .errors import Refused
from .hashes import Digest, read_digest
from .outside import Outside, read_outside
from .policy import Policy
from .proof import WORDS_MAX
from .report import INTEGRITY, NOT_CHECKED, NOT_PROVEN, WORDS, Report
from .verify_ledger import settle, verify_ledger
from .verify_places import verify_places
from .verify_records import Shelf
from .view import LedgerView, Placed, Rooted

BLOCK_MAX = 268_435_456        # with its entries and words from outside


class Header(NamedTuple):
    ledger: Digest
    first: int
    last: int
    block: bytes
    sealed: bytes


class BlockItem(NamedTuple):
    block: Block
    entries: List[Entry]
    outside: List[Outside]


class Bundle(NamedTuple):
    header: Header
    blocks: List[BlockItem]


def _items(data: bytes) -> Iterator[Node]:
    at = 0
    while at < len(data):
        try:
            node = cbor.decode_prefix(data, at)
        except Refused as refusal:
            raise Refused(f"bundle, byte {at}: {refusal}") from None
        at = node.end
        yield node


def read_bundle(data: bytes) -> Bundle:
    nodes = list(_items(data))
    if len(nodes) < 2:
        raise Refused("bundle: cut off")
    header = _read_header(nodes[0])
    end = shape.count(nodes[-1], "bundle end")
    blocks = [_read_block_item(node) for node in nodes[1:-1]]
    if end != len(blocks) or end != header.last - header.first + 1:
        raise Refused("bundle: its end does not count its blocks")
    bundle = Bundle(header, blocks)
    check_heights(bundle)
    return bundle


def check_heights(bundle: Bundle) -> None:
    header = bundle.header
    for height, item in enumerate(bundle.blocks, header.first):
        found = item.block.header
        if (found.ledger, found.height, found.hash) != (
                header.ledger.value, height, header.ledger.algorithm):
            raise Refused(f"bundle: not block {height} of its ledger")


def _read_header(node: Node) -> Header:
    found = shape.members(node, "bundle header", range(6))
    if shape.text(found[0], "bundle header") != "yinzheng-bundle":
        raise Refused("bundle: not a bundle")
    shape.choice(found[1], "bundle, version", (0,))
    block, sealed = shape.fixed(found[5], "bundle header, last block", 2)
    header = Header(read_digest(found[2], "bundle header"), shape.count(found[3], "bundle header"),
                    shape.count(found[4], "bundle header"), shape.octets32(block, "bundle header"),
                    shape.octets32(sealed, "bundle header"))
    if header.first > header.last:
        raise Refused("bundle: no blocks")
    return header


def _read_block_item(node: Node) -> BlockItem:
    if node.end - node.start > BLOCK_MAX:
        raise Refused("block item: larger than 268435456 bytes")
    sealed, entries, outside = shape.fixed(node, "block item", 3)
    return read_block_item(
        shape.octets(sealed, "block item"),
        [shape.octets(entry, "block item, entry")
         for entry in shape.array(entries, "block item, entries", 2, ENTRIES_MAX)],
        [read_outside(word, "block item, outside")
         for word in shape.array(outside, "block item, outside", 0, WORDS_MAX)])


def read_block_item(sealed: bytes, entries: List[bytes], outside: List[Outside]) -> BlockItem:
    block = read_block(sealed, "block", receipt=False)
    found = [read_entry(entry) for entry in entries]
    if len(found) != block.header.count:
        raise Refused("block item: not the signed number of entries")
    return BlockItem(block, found, outside)


def verify_bundle(data: bytes, policy: Optional[Policy] = None) -> Report:
    return verify_blocks(read_bundle(data), policy)


def verify_blocks(bundle: Bundle, policy: Optional[Policy] = None) -> Report:
    """Blocks, ledger keys and places. Keys of others, statements, values and words are checked on proofs."""
    report = Report()
    view = LedgerView(bundle.header.ledger.value, bundle.header.ledger.algorithm)
    for item in bundle.blocks:
        _add_block(view, item)
    last = view.blocks[bundle.header.last][0]
    same = (last.block.block_hash(last.root), last.block.sealed_digest()) == (
        bundle.header.block, bundle.header.sealed)
    report.decide(INTEGRITY, "bundle", "header names its last block", "" if same else "another block")
    if bundle.header.first:
        report.add(INTEGRITY, view.name, "blocks and entries", NOT_PROVEN,
                   f"the bundle begins at height {bundle.header.first}")
        return report
    verify_ledger(view, policy, report, whole=True)
    _history(view, report)
    settle(view, (), report)
    shelf = Shelf([view], [])
    strange = [placed.position for placed in view.placed if not placed.stands]
    verify_places(shelf, report, strange[0] if strange else (bundle.header.last + 1, 0))
    report.add(WORDS, "bundle", "statements, values, words from outside", NOT_CHECKED, "they are checked on proofs")
    return report


def _add_block(view: LedgerView, item: BlockItem) -> None:
    header = item.block.header
    leaves = [tree.leaf_hash(header.hash, entry.raw) for entry in item.entries]
    rooted = Rooted(item.block, tree.root(header.hash, leaves))
    view.add_block(rooted)
    for index, entry in enumerate(item.entries):
        view.placed.append(Placed(header.ledger, header.hash, header.height, index,
                                  entry, (), rooted))


def _history(view: LedgerView, report: Report) -> None:
    """The history root of every block, recomputed from the blocks before it."""
    frontier = tree.Frontier(view.hash)
    for height in sorted(view.blocks):
        one = view.blocks[height][0]
        good = one.block.header.history_root == frontier.root()
        if report.decide(INTEGRITY, f"{view.name} block {height}", "history root",
                         "" if good else "not the root of the blocks before") and one in view.signed:
            view.in_history.add(one.name)
        frontier.push(hashes.digest(view.hash, b"\x00" + one.block.history_leaf(one.root)))
