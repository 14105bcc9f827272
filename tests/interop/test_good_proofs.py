"""Proofs in which nothing is wrong, for every hash and signature algorithm."""

import unittest

from forge import builder
from forge.builder import Ledger
from forge.encoder import encode
from forge.messages import time_claim
from forge.scenes import PROFILE, ProofCase, Scene
from yzp_reader.report import CONTRADICTED, INTEGRITY, NOT_PROVEN, PROVEN


class GoodProofs(ProofCase):
    def check(self, hash_alg: int, alg: int) -> None:
        scene = Scene(hash_alg, alg)
        report = self.report(scene.proof(), scene.policy())
        lines = "\n".join(report.lines())
        self.assertEqual(report.count(CONTRADICTED), 0, lines)
        self.assertEqual(report.count(NOT_PROVEN), 0, lines)
        self.assertEqual(report.exit_code(), 0)
        self.assertGreater(report.count(PROVEN, INTEGRITY), 30)
        self.assertIn("signature by Example Notary (policy)", lines)
        self.assertIn("signature by the customer key sealed in this ledger", lines)
        self.assertIn("signature by the ledger key sealed in this ledger", lines)
        self.assertIn("erased: loan.purpose", lines)

    def test_sha256_ed25519(self) -> None:
        self.check(-16, -8)

    def test_sha256_p256(self) -> None:
        self.check(-16, -7)

    def test_sha256_sm2(self) -> None:
        self.check(-16, -66002)

    def test_sm3_ed25519(self) -> None:
        self.check(-66003, -8)

    def test_sm3_p256(self) -> None:
        self.check(-66003, -7)

    def test_sm3_sm2(self) -> None:
        self.check(-66003, -66002)

    def test_without_policy_origin_is_not_checked(self) -> None:
        report = self.report(Scene(-16, -8).proof())
        self.assertIn("Integrity only", report.first_line())
        self.assertEqual(report.exit_code(), 0)

    def test_every_entry_alone(self) -> None:
        """Each entry of the ledger, shown alone with genesis and the rotation."""
        scene = Scene(-16, -8)
        for height, block in enumerate(scene.ledger.blocks):
            for index in range(len(block.entries)):
                shown = {(height, index): (), scene.places["rotation"]: ()}
                report = self.report(builder.proof([(scene.ledger, shown)]))
                self.assertEqual(report.exit_code(), 0, "\n".join(report.lines()))

    def test_two_ledgers_that_name_each_other(self) -> None:
        scene = Scene(-66003, -8)
        last = scene.ledger.blocks[2]
        named = {0: scene.ledger.digest, 1: 2, 2: [-66003, last.block_hash],
                 3: [-66003, last.sealed_digest], 4: 4}
        for block, expected in ((last.block_hash, 0), (b"x" * 32, 1)):
            other = Ledger(-16, scene.notary, continues={**named, 2: [-66003, block]})
            other.seal()
            place = other.add({0: 7, 1: named[0], 2: 2, 3: named[2], 4: named[3],
                               5: time_claim()})
            other.seal()
            proof = builder.proof([(scene.ledger, scene.shown()), (other, {place: ()})], [PROFILE])
            report = self.report(proof)
            self.assertEqual(report.exit_code(), expected, "\n".join(report.lines()))

    def test_large_blocks(self) -> None:
        """Paths in trees of many sizes."""
        scene = Scene(-16, -8)
        for size in range(2, 40):
            ledger = Ledger(-16, scene.ledger_key)
            ledger.seal()
            for count in range(size - 1):
                ledger.add({0: 6, 1: 6, 2: time_claim(), 3: {1: count, 2: 2}})
            ledger.seal()
            shown = {(1, index): () for index in range(size)}
            self.assertEqual(self.report(builder.proof([(ledger, shown)])).exit_code(), 0)

    def test_long_history(self) -> None:
        scene = Scene(-66003, -8)
        ledger = Ledger(-66003, scene.ledger_key)
        ledger.seal()
        for count in range(20):
            ledger.add({0: 6, 1: 6, 2: time_claim(), 3: {1: count, 2: 2}})
            ledger.seal()
            for height in range(1, len(ledger.blocks)):
                shown = {(height, 1): (), (len(ledger.blocks) - 1, 1): ()}
                report = self.report(builder.proof([(ledger, shown)]))
                self.assertEqual(report.exit_code(), 0, "\n".join(report.lines()))

    def test_optional_parts_that_are_unknown(self) -> None:
        scene = Scene(-16, -8)
        ledger = Ledger(-16, scene.ledger_key)
        ledger.seal()
        place = ledger.add({0: 64, 1: "new kind"})
        other = ledger.add({0: 6, 1: 6, 2: time_claim(), 3: {1: 0, 2: 2}, 700: [1], -70000: "x"})
        ledger.seal()
        report = self.report(encode(builder.proof([(ledger, {place: (), other: ()})])))
        self.assertEqual(report.exit_code(), 0, "\n".join(report.lines()))
        self.assertEqual(sum("unknown optional" in check.question for check in report.checks), 2)


if __name__ == "__main__":
    unittest.main()
