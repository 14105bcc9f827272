"""Ledger keys that were lost or stolen (§14.6)."""

import unittest
from typing import Any, Dict, Optional

from forge import builder, signers
from forge.builder import Ledger
from forge.messages import digest, key_claims, key_entry, time_claim
from forge.scenes import ProofCase
from yzp_reader.hashes import Digest
from yzp_reader.keys import read_key
from yzp_reader.policy import NamedKey, Policy
from yzp_reader.report import NOT_PROVEN, PROVEN
from yzp_reader.shape import read

DAMAGE = {0: 6, 1: 6, 2: time_claim(), 3: {1: 0, 2: 2}}
SAID = 1_750_000_100            # iat of the forged countersignature, seconds
QUESTION = "sealed before its key ended"


class EndedKeys(ProofCase):
    def setUp(self) -> None:
        self.key, self.next = signers.Ed25519("ledger"), signers.Ed25519("next")
        self.notary = signers.Ed25519("notary")

    def ledger(self, committed: bool, rotate: bool = True) -> Ledger:
        """Blocks 0 and 1 by the first key, and perhaps block 2 by the next."""
        promise = digest(-16, self.next.key_bytes()) if committed else None
        ledger = Ledger(-16, self.key, next_key=promise)
        ledger.seal()
        if rotate:
            ledger.rotate(self.next)
        ledger.add(DAMAGE)
        ledger.seal()
        if rotate:
            ledger.add(DAMAGE)
            ledger.seal()
        return ledger

    def proof(self, ledger: Ledger, seen: Optional[int] = None) -> Dict[int, Any]:
        last = len(ledger.blocks) - 1
        outside = []
        if seen is not None:
            raw = builder.countersignature(self.notary, ledger, seen)
            outside = [builder.outside(1, raw, ledger, ledger.blocks[seen].sealed_digest)]
        places: Any = {(1, 1): (), (1, len(ledger.blocks[1].entries) - 1): (), (last, 1): ()}
        return builder.proof([(ledger, places)], outside=outside)

    def policy(self, ledger: Ledger, at: int) -> Policy:
        key = read_key(read(self.notary.key_bytes(), "key"), "key")
        return Policy({Digest(-16, ledger.id): "bank"}, {self.notary.thumbprint(): NamedKey("notary", key, "notary")},
                      {self.key.thumbprint(): at})

    def check(self, ledger: Ledger, code: int, seen: Optional[int] = None, at: int = 0) -> None:
        report = self.report(self.proof(ledger, seen), self.policy(ledger, at))
        self.assertTrue(any(check.question == QUESTION for check in report.checks))
        self.assertEqual(report.exit_code(), code, "\n".join(report.lines()))

    def test_head_of_an_ended_key(self) -> None:
        self.check(self.ledger(True, rotate=False), 3)

    def test_later_key(self) -> None:
        self.check(self.ledger(True), 0)
        self.check(self.ledger(False), 3)        # a thief can rotate to a key of his own

    def test_seen_before_the_end(self) -> None:
        ledger = self.ledger(False, rotate=False)
        self.check(ledger, 0, seen=1, at=SAID * 1000 + 1)
        self.check(ledger, 3, seen=1, at=SAID * 1000)
        self.check(ledger, 3, seen=0, at=SAID * 1000 + 1)      # block 1 came after what was seen

    def test_revoked_in_the_ledger(self) -> None:
        """A thief can write a revocation too: without a commitment it proves nothing."""
        for committed in (True, False):
            for reason in (1, 2, 3, 4):
                ledger = self.ledger(committed)
                first = digest(-16, key_entry(key_claims(1, 1, self.key, _9=0, _11=ledger_promise(ledger))))
                place = ledger.add(key_entry(key_claims(3, 1, None, _8=first, _10=reason)))
                ledger.seal()
                report = self.report(builder.proof([(ledger, {(1, 1): (), place: ()})]))
                asked = [check for check in report.checks if check.question == QUESTION]
                self.assertEqual(len(asked), 2 if reason in (2, 3) else 0)
                self.assertEqual(report.exit_code(), 3 if asked and not committed else 0,
                                 "\n".join(report.lines()))

    def test_the_policy_lists_the_later_key(self) -> None:
        ledger = self.ledger(False)
        policy = self.policy(ledger, 0)
        key = NamedKey("the bank's next key", read_key(read(self.next.key_bytes(), "key"), "key"), "ledger")
        policy = policy._replace(keys={self.next.thumbprint(): key})
        self.assertEqual(self.report(self.proof(ledger), policy).exit_code(), 0)
        policy = policy._replace(keys={self.next.thumbprint(): key._replace(role="lender")})
        self.assertEqual(self.report(self.proof(ledger), policy).exit_code(), 3)

    def test_the_later_key_ended_too(self) -> None:
        """Somebody has both keys and goes on with one of his own."""
        for ended_too in (False, True):
            ledger = self.ledger(True)
            second = self.next.thumbprint()
            third = ledger.rotate(signers.Ed25519("third"))
            ledger.seal()
            ledger.add(DAMAGE)
            ledger.seal()
            policy = self.policy(ledger, 0)
            if ended_too:
                policy = policy._replace(ended={**policy.ended, second: 0})
            places: Any = {(1, 1): (), third: (), (4, 1): ()}
            report = self.report(builder.proof([(ledger, places)]), policy)
            self.assertEqual(report.exit_code(), 3 if ended_too else 0, "\n".join(report.lines()))

    def test_seen_above(self) -> None:
        """A word about a later block counts where every block between is shown."""
        for shown, code in (((1, 2, 3, 4), 0), ((1, 3, 4), 3)):
            ledger = self.ledger(False, rotate=False)
            for _ in range(3):
                ledger.add(DAMAGE)
                ledger.seal()
            raw = builder.countersignature(self.notary, ledger, 3)
            word = builder.outside(1, raw, ledger, ledger.blocks[3].sealed_digest)
            proof = builder.proof([(ledger, {(height, 1): () for height in shown})], outside=[word])
            report = self.report(proof, self.policy(ledger, SAID * 1000 + 1))
            asked = [check.verdict for check in report.checks if check.question == QUESTION]
            self.assertEqual(asked[1], PROVEN if code == 0 else NOT_PROVEN)
            self.assertEqual(asked[-1], NOT_PROVEN)         # the head came after the word
            self.assertEqual(report.exit_code(), 3)

    def test_other_keys_are_not_asked(self) -> None:
        ledger = self.ledger(True)
        policy = self.policy(ledger, 0)._replace(ended={bytes(32): 0})
        report = self.report(self.proof(ledger), policy)
        self.assertFalse(any(check.question == QUESTION for check in report.checks))


def ledger_promise(ledger: Ledger) -> Optional[bytes]:
    """The commitment to the next key that the genesis of this test's ledger has, if any."""
    promise = digest(-16, signers.Ed25519("next").key_bytes())
    return promise if promise in ledger.genesis else None


if __name__ == "__main__":
    unittest.main()
