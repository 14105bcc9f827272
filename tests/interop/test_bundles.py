"""Bundles (§11)."""

import unittest
from typing import Any, List

from forge import builder
from forge.builder import encode_sequence
from forge.encoder import encode
from forge.messages import time_claim
from forge.scenes import Scene
from yzp_reader.bundle import verify_bundle
from yzp_reader.errors import Refused
from yzp_reader.report import CONTRADICTED, Report

DAMAGE = encode({0: 6, 1: 6, 2: time_claim(), 3: {1: 0, 2: 2}})


class Bundles(unittest.TestCase):
    def setUp(self) -> None:
        self.scene = Scene(-16, -8)
        self.items = self.scene.ledger.bundle([self.countersignature(self.scene)])

    @staticmethod
    def countersignature(scene: Scene) -> Any:
        raw = builder.countersignature(scene.notary, scene.ledger, 5)
        return builder.outside(1, raw, scene.ledger, scene.ledger.blocks[5].sealed_digest)

    def report(self, items: List[Any]) -> Report:
        return verify_bundle(encode_sequence(items), self.scene.policy())

    def refuse(self, items: List[Any], words: str = "") -> None:
        with self.assertRaises(Refused) as caught:
            self.report(items)
        self.assertIn(words, str(caught.exception))

    def contradict(self, items: List[Any], words: str) -> None:
        report = self.report(items)
        details = [check.detail for check in report.checks if check.verdict == CONTRADICTED]
        self.assertTrue(any(words in detail for detail in details), "\n".join(report.lines()))

    def test_good(self) -> None:
        for hash_alg in (-16, -66003):
            for alg in (-8, -7, -66002):
                self.scene = Scene(hash_alg, alg)
                report = self.report(self.scene.ledger.bundle([self.countersignature(self.scene)]))
                self.assertEqual(report.exit_code(), 0, "\n".join(report.lines()))

    def test_later_part_is_not_proven(self) -> None:
        report = self.report(self.scene.ledger.bundle(first=2))
        self.assertEqual(report.exit_code(), 3, "\n".join(report.lines()))

    def test_header(self) -> None:
        header = self.items[0]
        for key, value in ((0, "yinzheng-proof"), (1, 1), (2, self.scene.ledger.id),
                           (2, [-66003, self.scene.ledger.id]),
                           (2, [-16, bytes(32)]), (3, 1), (4, 6), (4, 4), (5, [bytes(32)]), (5, bytes(32)), (6, 0),
                           (64, 0)):
            self.refuse([{**header, key: value}, *self.items[1:]])
        for key in range(6):
            self.refuse([{k: v for k, v in header.items() if k != key}, *self.items[1:]], "missing")
        for pair in ([bytes(32), header[5][1]], [header[5][0], bytes(32)]):
            self.contradict([{**header, 5: pair}, *self.items[1:]], "another block")

    def test_cut_or_shuffled(self) -> None:
        items = self.items
        for spoilt in ([], items[:1], items[:-1], [*items[:-1], 5], [*items[:-1], 7], [*items, 6], items[1:],
                       [items[0], *items[2:]], [items[0], items[2], items[1], *items[3:]],
                       [items[0], items[1], *items[1:]], [items[0], 0]):
            self.refuse(spoilt)
        data = encode_sequence(items)
        for end in range(0, len(data), 37):
            with self.assertRaises(Refused):
                verify_bundle(data[:end])

    def change_entries(self, block: int, change: Any) -> List[Any]:
        sealed, entries, outside = self.items[1 + block]
        spoilt = list(self.items)
        spoilt[1 + block] = [sealed, change(list(entries)), outside]
        return spoilt

    def test_entries(self) -> None:
        for change, words in (
                (lambda e: e[:-1], "signed number"), (lambda e: e + [DAMAGE], "signed number"),
                (lambda e: e[:1], "1 items")):
            self.refuse(self.change_entries(2, change), words)
        self.contradict(self.change_entries(2, lambda e: [e[1], e[0], *e[2:]]), "leaf 0 of block 2")
        self.contradict(self.change_entries(2, lambda e: [e[0], e[0], *e[2:]]), "leaf 1 of block 2")
        self.contradict(self.change_entries(2, lambda e: [e[0], e[2], e[1], *e[3:]]), "does not match")
        self.contradict(self.change_entries(1, lambda e: [e[0], DAMAGE, *e[2:]]), "does not match")
        self.contradict(self.change_entries(0, lambda e: [e[0], DAMAGE]), "not opened")

    def seal_wrongly(self, **how: Any) -> List[Any]:
        ledger = builder.Ledger(-16, self.scene.ledger_key)
        ledger.seal()
        ledger.add(DAMAGE)
        ledger.seal()
        ledger.add(DAMAGE)
        ledger.seal(**how)
        return ledger.bundle()

    def test_chain(self) -> None:
        self.assertEqual(self.report(self.seal_wrongly()).exit_code(), 0)
        for how, words in (({"claims": {-65542: bytes(32)}}, "not the root of the blocks"),
                           ({"claims": {-65541: bytes(32)}}, "previous block hash"),
                           ({"claims": {-65540: 9}}, "does not follow"),
                           ({"link": {1: bytes(32)}}, "different previous"),
                           ({"link": {2: bytes(32)}}, "sealed digest"),
                           ({"signer": self.scene.second_key}, "does not match")):
            self.contradict(self.seal_wrongly(**how), words)

    def test_receipts_are_no_blocks(self) -> None:
        spoilt = list(self.items)
        spoilt[2] = [self.scene.ledger.receipt(1, 1), *spoilt[2][1:]]
        self.refuse(spoilt, "not empty")


if __name__ == "__main__":
    unittest.main()
