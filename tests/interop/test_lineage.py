"""Ledgers that go on from others, and what they took over (§5.5)."""

import unittest
from typing import Any, Dict, Optional, Tuple

from forge import builder, signers
from forge.builder import Ledger
from forge.encoder import encode
from forge.messages import digest, key_claims, key_entry, record, statement
from forge.scenes import PROFILE, ProofCase

FIRST = encode(record(-16, {"a": "1"}, PROFILE))
SECOND = encode(record(-16, {"a": "2"}, PROFILE, place=1, citations=[[0, [-16, digest(-16, FIRST)]]]))


def continuing(old: Ledger, seed: str, reason: int = 3, ledger: Optional[bytes] = None) -> Ledger:
    last = old.blocks[-1]
    named = {0: [-16, ledger or old.id], 1: len(old.blocks) - 1, 2: [-16, last.block_hash],
             3: [-16, last.sealed_digest], 4: reason}
    new = Ledger(-16, signers.Ed25519(seed), continues=named)
    new.seal()
    return new


class Lineage(ProofCase):
    def setUp(self) -> None:
        self.customer = signers.P256("customer")
        self.old = Ledger(-16, signers.Ed25519("lost"))
        self.old.seal()
        self.key_place, self.kid = self.old.enrol(2, self.customer)
        self.first = self.old.add(FIRST)
        self.old.seal()

    def taken(self, meant_for: Optional[Ledger] = None, raw: bytes = SECOND) -> bytes:
        audience = {-65546: (meant_for or self.old).digest}
        return statement(self.customer, self.kid, 1, raw, -16, claims=audience)

    def proof(self, new: Ledger, *entries: bytes, shown_before: bool = True) -> Dict[int, Any]:
        places: Dict[Tuple[int, int], Any] = {new.add(entry): () for entry in entries}
        new.seal()
        ledgers = [(new, places)]
        if shown_before:
            ledgers.append((self.old, {self.key_place: (), self.first: ()}))
        return builder.proof(ledgers, [PROFILE])

    def test_good(self) -> None:
        report = self.report(self.proof(continuing(self.old, "next"), self.taken()))
        self.assertEqual(report.exit_code(), 0, "\n".join(report.lines()))
        text = "\n".join(report.lines())
        self.assertIn("signature by the customer key sealed in a ledger before", text)
        self.assertNotIn("not shown", text)

    def test_alone_it_is_not_contradicted(self) -> None:
        proof = self.proof(continuing(self.old, "next"), self.taken(), shown_before=False)
        self.assert_not_proven(proof, "neither sealed here")

    def test_in_an_unrelated_ledger(self) -> None:
        other = Ledger(-16, signers.Ed25519("other"))
        other.seal()
        self.assert_contradicted(self.proof(other, self.taken()), "meant for another")

    def test_a_ledger_named_falsely(self) -> None:
        new = continuing(self.old, "next", ledger=bytes(32))
        self.assert_not_proven(self.proof(new, self.taken()), "a ledger further back")

    def test_a_place_that_does_not_follow(self) -> None:
        wrong = encode(record(-16, {"a": "2"}, PROFILE, place=1, citations=[[0, [-16, digest(-16, b"x")]]]))
        proof = self.proof(continuing(self.old, "next"), wrong)
        self.assert_contradicted(proof, "another entry took it")

    def test_a_key_that_ended_there(self) -> None:
        end = self.old.add(key_entry(key_claims(3, 2, None, _8=self.kid, _10=2), None, self.old.digest))
        self.old.seal()
        new = continuing(self.old, "next")
        place = new.add(self.taken())
        new.seal()
        proof = builder.proof([(self.old, {self.key_place: (), self.first: (), end: ()}),
                               (new, {place: ()})], [PROFILE])
        self.assert_contradicted(proof, "revoked or replaced")

    def test_a_key_that_ended_on_the_way(self) -> None:
        end = key_entry(key_claims(3, 2, None, _8=self.kid, _10=2), None, self.old.digest)
        proof = self.proof(continuing(self.old, "next"), end, self.taken())
        self.assert_contradicted(proof, "revoked or replaced")

    def test_a_key_that_came_over(self) -> None:
        party = signers.Sm2("party")
        self.old.enrol(2, party)
        entry = self.old.pending[-1]
        kid = digest(-16, entry)
        said = statement(party, kid, 1, SECOND, -16, claims={-65546: self.old.digest})
        report = self.report(self.proof(continuing(self.old, "next"), entry, said))
        self.assertEqual(report.exit_code(), 0, "\n".join(report.lines()))
        other = Ledger(-16, signers.Ed25519("other"))
        other.seal()
        self.assert_contradicted(self.proof(other, entry), "for another ledger")


if __name__ == "__main__":
    unittest.main()
