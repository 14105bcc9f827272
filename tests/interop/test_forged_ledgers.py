"""Ledgers sealed wrongly by somebody who has the key (§5.1, §8)."""

import unittest
from typing import Any, Dict, Optional, Sequence, Tuple

from forge import builder, signers
from forge.builder import Ledger
from forge.encoder import encode
from forge.messages import digest, key_claims, key_entry, time_claim
from forge.scenes import ProofCase

DAMAGE = {0: 6, 1: 6, 2: time_claim(), 3: {1: 0, 2: 2}}


class ForgedLedgers(ProofCase):
    def setUp(self) -> None:
        self.key = signers.Ed25519("ledger")
        self.next = signers.P256("next")

    def ledger(self, **options: Any) -> Ledger:
        ledger = Ledger(-16, self.key, **options)
        ledger.seal()
        return ledger

    def show(self, ledger: Ledger, *places: Tuple[int, int]) -> Dict[int, Any]:
        """A proof of these places, the link before the last, and all ledger key entries."""
        keys = [(height, index) for height, block in enumerate(ledger.blocks)
                for index, entry in enumerate(block.entries)
                if entry[1:3] == b"\x00\x03" and b"\x01\x01" in entry[4:12]]
        links = [(height, 0) for height in range(1, len(ledger.blocks))]
        return builder.proof([(ledger, {place: () for place in [*places, *links, *keys]})])

    def sealed(self, **how: Any) -> Dict[int, Any]:
        """Two good blocks, then one sealed in this way."""
        ledger = self.ledger()
        ledger.add(DAMAGE)
        ledger.seal()
        ledger.add(DAMAGE)
        ledger.seal(**how)
        return self.show(ledger)

    def test_nothing_wrong(self) -> None:
        self.assertEqual(self.report(self.sealed()).exit_code(), 0)

    # Headers

    def test_claims_with_another_meaning(self) -> None:
        for key, value, words in (
                (-65540, 4, "does not follow"), (-65540, 9, "does not follow"),
                (-65541, b"x" * 32, "previous block hash"), (-65542, b"x" * 32, "history path"),
                (-65543, 1, None)):
            proof = self.sealed(claims={key: value})
            if words is None:
                self.assert_contradicted(proof, "key in force")
            else:
                self.assert_contradicted(proof, words)

    def test_claims_that_are_refused(self) -> None:
        for key, value, words in (
                (1, "x", "iss"), (2, "x", "sub"), (6, -1, "iat"), (6, 2 ** 53, "iat"), (6, None, "iat"),
                (-65537, b"x" * 32, "iss"), (-65538, 3, "sub"), (-65538, 2 ** 53, "height"),
                (-65539, 1, "entry count"), (-65539, 3, "signed entry count"),
                (-65539, 16_777_217, "entry count"), (-65540, -1, "first"), (-65540, 2, "fit the height"),
                (-65543, 3, "fit the height"),
                (-65542, digest(-16, b""), "fit the height"), (-65541, b"x", "previous"),
                (-65542, b"x" * 31, "history root"), (-65543, "0", "epoch"), (-65544, 1, "unknown"),
                (3, "aud", "unknown"), (64, 0, "unknown"), (-70_000, 0, "unknown")):
            self.assert_refused(self.sealed(claims={key: value}), words)
        for key in (1, 2, 6, *range(-65543, -65536)):
            words = "absent exactly" if key == -65541 else "missing"
            if key != -65540:       # the builder itself needs that one
                self.assert_refused(self.sealed(drop=[key]), words)

    def test_labels(self) -> None:
        for label, value, words in (
                (2, [1], "unknown"), (3, "x", "unknown"), (33, b"x", "unknown"), (64, 0, "unknown"),
                (-70_000, 0, "unknown"), (396, {}, "unknown"), (4, b"x", "kid"), (4, None, "kid"),
                (395, 2, "vds"), (395, -16, "vds"), (1, -19, "alg"), (1, None, "alg"),
                (16, "application/vnd.yinzheng.statement+cose", "typ"), (16, 19, "typ"),
                (16, "application/vnd.yinzheng.Block+cose", "typ"), (15, [], "map")):
            self.assert_refused(self.sealed(labels={label: value}), words)
        self.assert_contradicted(self.sealed(labels={4: b"x" * 32}), "key in force")
        self.assert_contradicted(self.sealed(labels={1: -66002}), "alg is not the key's")
        self.assert_contradicted(self.sealed(labels={395: -66005}), "another hash")

    def test_block_0(self) -> None:
        for claim in ({-65540: 1}, {-65542: b"x" * 32}, {-65543: 1}):
            ledger = Ledger(-16, self.key)
            ledger.seal(claims=claim)
            self.assert_refused(self.show(ledger), "block 0 with")
        ledger = Ledger(-16, self.key)
        ledger.seal(claims={-65541: b"x" * 32})
        self.assert_refused(self.show(ledger), "absent exactly in block 0")
        ledger = Ledger(-16, self.key)
        ledger.pending[1] = encode(DAMAGE)
        ledger.seal()
        self.assert_contradicted(self.show(ledger, (0, 1)), "second entry is not opened")

    def test_links(self) -> None:
        for link, words in (({1: b"x" * 32}, "different previous"), ({2: b"x" * 32}, "sealed digest")):
            self.assert_contradicted(self.sealed(link=link), words)
        self.assert_contradicted(self.sealed(link={3: 0}), "three keys")
        self.assert_contradicted(self.sealed(link={64: 0}), "three keys")
        self.assert_refused(self.sealed(link={1: b"x"}), "link")
        ledger = self.ledger()
        ledger.add(ledger.genesis)
        ledger.seal()
        self.assert_contradicted(self.show(ledger, (1, 1)), "leaf 1 of block 1")
        ledger = self.ledger()
        ledger.add({0: 0, 1: bytes(32), 2: bytes(32)})
        ledger.seal()
        self.assert_contradicted(self.show(ledger, (1, 1)), "leaf 1 of block 1")
        ledger = self.ledger()
        ledger.add(DAMAGE)
        ledger.seal()
        ledger.blocks[1].entries[0] = encode({0: 64})
        self.assert_contradicted(self.show(ledger), "leaf 0 of block 1")

    def test_two_blocks_at_one_height(self) -> None:
        ledger, fork = self.ledger(), self.ledger()
        for one in (ledger, fork):
            one.add(DAMAGE if one is ledger else {**DAMAGE, 3: {1: 1, 2: 2}})
            one.add(DAMAGE)
            one.seal()
        proof = self.show(ledger, (1, 1))
        proof[2].append(fork.item((1, 2)))
        self.assert_contradicted(proof, "two different blocks")

    def test_distant_blocks(self) -> None:
        """Sequence numbers must leave room for the blocks that are not shown."""
        for first, good in ((6, True), (7, True), (5, False)):
            ledger = self.ledger()
            for _ in range(3):
                ledger.add(DAMAGE)
            ledger.seal()
            ledger.add(DAMAGE)
            ledger.seal()
            ledger.add(DAMAGE)
            ledger.seal(claims={-65540: first})
            proof = builder.proof([(ledger, {(1, 1): (), (3, 1): ()})])
            if good:
                self.assertEqual(self.report(proof).exit_code(), 0)
            else:
                self.assert_contradicted(proof, "leave room")

    # Keys

    def rotated(self, **how: Any) -> Dict[int, Any]:
        ledger = self.ledger(**{k: how.pop(k) for k in list(how) if k == "next_key"})
        ledger.rotate(self.next, **how)
        ledger.seal()
        ledger.add(DAMAGE)
        ledger.seal()
        return self.show(ledger)

    def test_rotation(self) -> None:
        promised = digest(-16, self.next.key_bytes())
        self.assertEqual(self.report(self.rotated()).exit_code(), 0)
        self.assertEqual(self.report(self.rotated(next_key=promised)).exit_code(), 0)
        for how, words in (
                ({"epoch": 0}, "epoch 0 after 0"), ({"epoch": 2}, "epoch 2 after 0"),
                ({"before": b"x" * 32}, "does not name the ledger key"),
                ({"next_key": b"x" * 32}, None),
                ({"possessor": signers.P256("other")}, "does not match"),
                ({"possessor": self.key}, "another algorithm"),
                ({"meant_for": [-16, b"x" * 32]}, "another ledger"),
                ({"meant_for": [-66003, b"x" * 32]}, "another ledger")):
            if words is not None:
                self.assert_contradicted(self.rotated(**how), words)
        ledger = self.ledger(next_key=b"x" * 32)
        ledger.rotate(self.next)
        ledger.seal()
        self.assert_contradicted(self.show(ledger), "committed to")

    def test_in_force_from_the_next_block(self) -> None:
        ledger = self.ledger()
        ledger.rotate(self.next)
        ledger.seal(signer=self.next, labels={4: ledger._rotation[1]}, claims={-65543: 1})
        self.assert_not_proven(self.show(ledger), "epoch 1", 3)
        ledger = self.ledger()
        ledger.rotate(self.next)
        kid = ledger.kid
        ledger.seal()
        ledger.add(DAMAGE)
        ledger.seal(signer=self.key, labels={4: kid}, claims={-65543: 0})
        self.assert_contradicted(self.show(ledger), "not those of the key in force")

    def test_two_rotations_in_a_block(self) -> None:
        ledger = self.ledger()
        ledger.rotate(self.next)
        _, kid = ledger._rotation or (None, b"")
        ledger.rotate(signers.P256("third"), epoch=2, before=kid)
        ledger.seal()
        self.assert_contradicted(self.show(ledger), "a second rotation")

    def key_entry_shown(self, entry: bytes, ledger: Optional[Ledger] = None) -> Dict[int, Any]:
        ledger = ledger or self.ledger()
        place = ledger.add(entry)
        ledger.seal()
        return self.show(ledger, place)

    def test_ledger_keys_outside_their_rules(self) -> None:
        ledger = self.ledger()
        second = key_entry(key_claims(1, 1, self.next, _9=0), self.next, ledger.digest)
        self.assert_contradicted(self.key_entry_shown(second, ledger), "only in genesis")
        ledger = self.ledger()
        revoke = key_entry(key_claims(3, 1, None, _8=ledger.kid, _10=3))
        self.assert_contradicted(self.key_entry_shown(revoke, ledger), "retired ledger key")
        ledger = self.ledger()
        old = ledger.kid
        ledger.rotate(self.next)
        ledger.seal()
        revoke = key_entry(key_claims(3, 1, None, _8=old, _10=1))
        self.assertEqual(self.report(self.key_entry_shown(revoke, ledger)).exit_code(), 0)
        again = key_entry(key_claims(3, 1, None, _8=old, _10=3))
        place = ledger.add(again)
        ledger.seal()
        self.assert_contradicted(self.show(ledger, place), "revoked before")

    def test_key_entries_that_are_refused(self) -> None:
        ledger = self.ledger()
        good = key_claims(1, 2, self.next)
        sm2 = key_claims(1, 2, signers.Sm2("s"))

        def without(claims: Dict[int, Any], *keys: int) -> Dict[int, Any]:
            return {k: v for k, v in claims.items() if k not in keys}

        spoilt: Sequence[Tuple[Dict[int, Any], str]] = (
            ({**good, 0: 4}, "action"), ({**good, 1: 5}, "role"), ({**good, 4: 9}, "custody"),
            (without(good, 2), "key"), (without(good, 4), "custody"), (without(good, 7), "missing"),
            ({**good, 3: b"id"}, "SM2 user ID"), (without(sm2, 3), "SM2 user ID"),
            ({**sm2, 3: b""}, "0 bytes"), ({**sm2, 3: bytes(8192)}, "8192 bytes"),
            ({**good, 5: []}, "0 items"), ({**good, 5: [b"x"] * 9}, "9 items"),
            ({**good, 5: [bytes(16_385)]}, "16385"), ({**good, 6: ["f"]}, "1 items"),
            ({**good, 5: [b""]}, "0 bytes"), ({**good, 6: ["f", b""]}, "0 bytes"),
            ({**good, 8: bytes(32)}, "member 8"), ({**good, 9: 0}, "epoch"),
            ({**good, 10: 1}, "revocation"), ({**good, 11: bytes(32)}, "next key"),
            ({**good, 12: 0}, "unknown"), ({**good, 64: 0}, "unknown"), ({**good, 0: 2}, "member 8"),
            ({**good, 1: 1}, "epoch"), ({**good, 2: {**good[2], 3: -9}}, "alg"))
        for claims, words in spoilt:
            self.assert_refused(self.key_entry_shown(key_entry(claims, self.next, ledger.digest)), words)
        self.assert_refused(self.key_entry_shown(key_entry(good)), "possession")
        gone = key_claims(3, 2, None, _8=bytes(32), _10=2)
        for claims, words in (({**gone, 4: 0}, "custody"), ({**gone, 5: [b"x"]}, "of a key"),
                              (without(gone, 10), "revocation"), (without(gone, 8), "entry before"),
                              ({**gone, 10: 5}, "reason"), ({**gone, 1: 1, 9: 0}, "epoch")):
            self.assert_refused(self.key_entry_shown(key_entry(claims)), words)
        self.assert_refused(self.key_entry_shown(key_entry(gone, self.next, ledger.digest)),
                            "where none may")
        self.assert_not_proven(self.key_entry_shown(key_entry(gone)), "is not shown")

    # Genesis

    def test_genesis(self) -> None:
        sm2_first = key_entry(key_claims(1, 1, self.next, _9=1))
        with_possession = key_entry(key_claims(1, 1, self.key, _9=0), self.key, [-16, bytes(32)])
        for key, value, words in (
                (1, 1, "version"), (2, -15, "hash"), (3, b"", "ends"), (3, {}, "map"),
                (3, sm2_first, "epoch 0"), (3, with_possession, "unknown member"), (4, b"x", "bytes"),
                (5, {}, "missing"), (6, "", "0 bytes"), (6, "x" * 201, "201 bytes"), (6, None, "null"),
                (7, {}, "missing"), (7, {0: [-16, bytes(32)], 1: 0, 2: bytes(32), 3: bytes(32), 4: 1}, "array"),
                (7, {0: [-16, bytes(32)], 1: 0, 2: [-16, bytes(32)], 3: [-16, bytes(32)], 4: 5}, "reason")):
            ledger = Ledger(-16, self.key, genesis={key: value})
            ledger.seal()
            self.assert_refused(self.show(ledger), words)

    def test_genesis_of_another_hash_or_id(self) -> None:
        ledger = Ledger(-16, self.key, genesis={2: -66003})
        ledger.seal()
        self.assert_contradicted(self.show(ledger), "another hash")
        ledger = Ledger(-16, self.key)
        ledger.id = b"x" * 32
        ledger.seal()
        self.assert_contradicted(self.show(ledger), "not the ledger id")

    def test_genesis_that_is_not_understood(self) -> None:
        ledger = Ledger(-16, self.key, genesis={8: "new"})
        ledger.seal()
        self.assert_not_proven(self.show(ledger), "not understood", 3)
        ledger = Ledger(-16, self.key, genesis={64: "new"})
        ledger.seal()
        self.assertEqual(self.report(self.show(ledger)).exit_code(), 0)

    def test_after_closed(self) -> None:
        closed = {0: 6, 1: 2, 2: time_claim(), 3: {1: bytes(32), 2: bytes(16)}}
        ledger = self.ledger()
        place = ledger.add(closed)
        ledger.add(DAMAGE)
        ledger.seal()
        self.assert_contradicted(self.show(ledger, place), "nothing follows closed")
        place = (ledger := self.ledger()).add(closed)
        ledger.seal()
        self.assertEqual(self.report(self.show(ledger, place)).exit_code(), 0)
        ledger.add(DAMAGE)
        ledger.seal()
        self.assert_contradicted(self.show(ledger, place), "nothing follows closed")


if __name__ == "__main__":
    unittest.main()
