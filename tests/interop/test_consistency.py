"""Consistency proofs (§10.1)."""

import unittest
from typing import Any, Dict, List, Sequence

from forge import messages, signers
from forge.builder import Ledger
from forge.encoder import encode
from forge.messages import time_claim
from yzp_reader.consistency import verify_consistency
from yzp_reader.errors import Refused
from yzp_reader.report import CONTRADICTED

DAMAGE = {0: 6, 1: 6, 2: time_claim(), 3: {1: 0, 2: 2}}


def consistency_path(alg: int, m: int, hashes: Sequence[bytes], whole: bool = True) -> List[bytes]:
    """RFC 9162 §2.1.4.1, word for word."""
    if m == len(hashes):
        return [] if whole else [messages.root(alg, hashes)]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m <= k:
        return consistency_path(alg, m, hashes[:k], whole) + [messages.root(alg, hashes[k:])]
    return consistency_path(alg, m - k, hashes[k:], False) + [messages.root(alg, hashes[:k])]


class Consistency(unittest.TestCase):
    def setUp(self) -> None:
        self.ledger = Ledger(-66003, signers.Ed25519("ledger"))
        self.ledger.seal()
        for count in range(9):
            self.ledger.add({**DAMAGE, 3: {1: count, 2: 2}})
            self.ledger.seal()

    def proof(self, old: int, new: int) -> Dict[int, Any]:
        alg, blocks = self.ledger.alg, self.ledger.blocks
        leaves = self.ledger._history(new)
        return {0: "yinzheng-consistency", 1: 0, 2: [blocks[old].sealed, blocks[old].root],
                3: [blocks[new].sealed, blocks[new].root], 4: messages.path(alg, old, leaves),
                5: consistency_path(alg, old, leaves) if old else []}

    def refuse(self, proof: Any) -> None:
        with self.assertRaises(Refused):
            verify_consistency(encode(proof))

    def contradict(self, proof: Any) -> None:
        self.assertGreater(verify_consistency(encode(proof)).count(CONTRADICTED), 0)

    def test_every_pair(self) -> None:
        for new in range(1, 10):
            for old in range(new):
                report = verify_consistency(encode(self.proof(old, new)))
                self.assertEqual(report.exit_code(), 0, f"{old} {new}")

    def test_form(self) -> None:
        good = self.proof(3, 7)
        for key in range(6):
            self.refuse({k: v for k, v in good.items() if k != key})
        for key, value in ((0, "yinzheng-proof"), (1, 1), (6, 0), (64, 0), (2, good[2][:1]), (2, good[2][0]),
                           (2, good[3]), (3, good[2]), (4, good[4][:-1]), (4, good[4] + [bytes(32)]),
                           (4, [b"x"] * len(good[4])), (5, None), (5, [bytes(32)] * 64),
                           (2, [self.ledger.receipt(3, 1), good[2][1]]), (2, [good[2][0], b"x"])):
            self.refuse({**good, key: value})
        self.refuse({**self.proof(0, 5), 5: [bytes(32)]})

    def test_contradicted(self) -> None:
        good = self.proof(3, 7)
        for key, value in ((2, [good[2][0], bytes(32)]), (4, [bytes(32)] * len(good[4])),
                           (5, good[5][:-1]), (5, good[5] + [bytes(32)]), (5, good[5][::-1]), (5, []),
                           (5, [bytes(32)] * len(good[5])), (5, self.proof(2, 7)[5])):
            self.contradict({**good, key: value})

    def test_another_ledger(self) -> None:
        one = self.proof(3, 7)
        self.ledger.signer = signers.Ed25519("other")
        other = Ledger(-66003, signers.Ed25519("other"))
        other.seal()
        self.refuse({**one, 2: [other.blocks[0].sealed, other.blocks[0].root]})


if __name__ == "__main__":
    unittest.main()
