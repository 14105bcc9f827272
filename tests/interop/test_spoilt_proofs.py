"""Good proofs in which somebody changed something afterwards (§10, §14)."""

import unittest
from typing import Any, Dict, List

from forge import builder, messages, signers
from forge.encoder import Raw, Tag, encode
from forge.messages import disclosure
from forge.scenes import FIELDS, PROFILE, ProofCase, Scene
from yzp_reader import ed25519
from yzp_reader.cbor import decode
from yzp_reader.errors import Refused
from yzp_reader.hashes import Digest


class SpoiltProofs(ProofCase):
    def setUp(self) -> None:
        self.scene = Scene(-16, -8)
        self.proof = self.scene.proof()

    def item(self, name: str) -> Dict[int, Any]:
        return self.scene.item(self.proof, name)

    # Form of the proof

    def test_members(self) -> None:
        for key in range(6):
            spoilt = {k: v for k, v in self.proof.items() if k != key}
            self.assert_refused(spoilt, "missing")
        for key in (6, 63, 64, 65_535, -1, -65_537, -70_000):
            self.assert_refused({**self.proof, key: 0}, "unknown member")
        self.assert_refused({**self.proof, 65_536: 0}, "65535")
        self.assert_refused({**self.proof, 0: "yinzheng-bundle"}, "not a proof")
        self.assert_refused({**self.proof, 1: 1}, "version")
        self.assert_refused({**self.proof, 2: []}, "0 items")
        self.assert_refused({**self.proof, 4: []}, "0 items")
        self.assert_refused(encode(self.proof) + b"\0", "follow")

    def test_items(self) -> None:
        items = self.proof[2]
        for change in (items[1:], items[::-1], [items[0], *items], items + items[-1:],
                       items[:2] + [items[3], items[2]] + items[4:]):
            with self.assertRaises(Refused):
                self.report({**self.proof, 2: change})
        for key in (3, 64, -1):
            items[1][key] = 0
            self.assert_refused(self.proof, "unknown member")
            del items[1][key]
        items[1][2] = []
        self.assert_refused(self.proof, "0 items")

    def test_ledger_parts(self) -> None:
        part = self.proof[4][0]
        paths = part[1]
        for change in (paths[1:], paths[:-1], paths[::-1], paths + paths[-1:], paths[:1] + paths,
                       paths + [[5, []]], [[0, paths[0][1][:-1]], *paths[1:]],
                       [[0, paths[0][1] + [bytes(32)]], *paths[1:]]):
            with self.assertRaises(Refused):
                self.report({**self.proof, 4: [{**part, 1: change}]})
        self.assert_refused({**self.proof, 4: [part, part]}, "ledgers")
        self.assert_refused({**self.proof, 4: [{**part, 2: 0}]}, "unknown member")
        wrong = {**part, 1: [[paths[0][0], [bytes(32)] * len(paths[0][1])], *paths[1:]]}
        self.assert_contradicted({**self.proof, 4: [wrong]}, "history path")

    def test_head(self) -> None:
        part = self.proof[4][0]
        older = {**part, 0: self.scene.ledger.blocks[4].sealed}
        self.assert_refused({**self.proof, 4: [older]}, "history path")
        block = self.scene.ledger.blocks[5]
        signature = self.scene.ledger_key.sign(b"something else")
        other = encode(Tag(18, [block.protected, {}, None, signature]))
        self.assert_contradicted({**self.proof, 4: [{**part, 0: other}]}, "two different blocks")
        receipt = self.scene.ledger.receipt(5, 1)
        self.assert_refused({**self.proof, 4: [{**part, 0: receipt}]}, "not empty")

    def test_another_ledger_is_listed_or_missing(self) -> None:
        other = Scene(-66003, -8)
        both = builder.proof([(self.scene.ledger, self.scene.shown()),
                              (other.ledger, other.shown())], [PROFILE])
        self.assertEqual(self.report(both).exit_code(), 0)
        self.assert_refused({**both, 4: both[4][:1]}, "ledgers")
        self.assert_refused({**both, 4: both[4][::-1]}, "out of order")
        self.assert_refused({**self.proof, 4: both[4]}, "ledgers")

    def test_profiles(self) -> None:
        for profile, words in ((b"", "0 bytes"), (b"[]", "start"), (b"\xef\xbb\xbf{}", "start"),
                               (b"{\xff}", "UTF-8"), (b" {}", "start"),
                               (b"{" + b" " * 65_536, "bytes"), (b"{}", "no record"), (b"{", "no record"),
                               (b'{"a":' * 20_000, "bytes")):
            self.assert_refused({**self.proof, 3: [profile]}, words)
        self.assert_refused({**self.proof, 3: [PROFILE, PROFILE]}, "order")
        self.assert_not_proven({**self.proof, 3: []}, "profile is not shown")

    # Receipts

    def test_size_index_and_path(self) -> None:
        ledger, item = self.scene.ledger, self.item("record")
        block = ledger.blocks[1]
        good = messages.path(-16, 1, [messages.leaf_hash(-16, e) for e in block.entries])
        cases = (([4, 1, good], "signed entry count"), ([2, 1, good], "signed entry count"),
                 ([3, 3, good], "index"), ([3, 2, good], "does not fit"),
                 ([3, 1, good[:1]], "does not fit"), ([3, 1, good + good], "does not fit"),
                 ([3, 1, []], "0 items"), ([3, 1], "2 items"), ([3, 1, good, 0], "4 items"),
                 ([3, 1, [b"x", b"y"]], "1 bytes"), ([3, -1, good], "outside"))
        for inclusion, words in cases:
            item[1] = self.receipt(block, {396: {-1: [encode(inclusion)]}})
            self.assert_refused(self.proof, words)
        item[1] = self.receipt(block, {396: {-1: [encode([3, 1, good[::-1]])]}})
        self.assert_contradicted(self.proof, "signature by the key in force")

    def receipt(self, block: Any, unprotected: Any, payload: Any = None) -> bytes:
        return encode(Tag(18, [block.protected, unprotected, payload, block.signature]))

    def test_unprotected_header(self) -> None:
        item, block = self.item("record"), self.scene.ledger.blocks[1]
        path = decode(item[1]).value[1].value[1].value[396].value[-1].value[0].value
        for unprotected, words in (
                ({}, "missing"), ({396: {}}, "missing"), ({396: {-1: []}}, "0 items"),
                ({396: {-1: [path, path]}}, "2 items"), ({396: {-1: [path], -2: []}}, "unknown"),
                ({396: {-1: path}}, "array"), ({396: {-1: [path]}, 4: b"kid"}, "unknown"),
                ({395: 1, 396: {-1: [path]}}, "unknown"), ([], "four parts"),
                ({396: {-1: [path + b"\0"]}}, "follow"), ({396: {-1: [None]}}, "null")):
            item[1] = self.receipt(block, unprotected)
            self.assert_refused(self.proof, words)
        item[1] = self.receipt(block, {396: {-1: [path]}}, payload=block.root)
        self.assert_refused(self.proof, "attached")
        item[1] = encode([block.protected, {396: {-1: [path]}}, None, block.signature])
        self.assert_refused(self.proof, "not a tagged")

    def test_signature(self) -> None:
        block = self.scene.ledger.blocks[1]
        other = self.scene.ledger_key.sign(b"something else")
        spoilt = self.scene.proof()
        for item in spoilt[2]:
            item[1] = item[1].replace(block.signature, other)
        self.assert_contradicted(spoilt, "signature by the key in force")
        high = (int.from_bytes(other[32:], "little") + ed25519.L).to_bytes(32, "little")
        small = b"\x01" + bytes(31)
        item = self.item("record")
        for signature in (b"", block.signature[:63], block.signature + b"\0", other[:32] + high):
            item[1] = encode(Tag(18, [block.protected, decode_unprotected(item[1]), None, signature]))
            self.assert_refused(self.proof, "")
        for signature in (bytes(64), small + other[32:], b"\x02" + bytes(31) + other[32:]):
            item[1] = encode(Tag(18, [block.protected, decode_unprotected(item[1]), None, signature]))
            self.assert_contradicted(self.proof, "signature by the key in force")

    def test_entry_that_was_not_sealed(self) -> None:
        item = self.item("record")
        item[0] = item[0].replace(b"loan.purpose", b"loan.puspose")
        self.assert_contradicted(self.proof, "signature by the key in force")

    def test_entry_under_another_receipt(self) -> None:
        one, two = self.item("record"), self.item("customer key")
        one[0], two[0] = two[0], one[0]
        one.pop(2)
        self.assert_contradicted(self.proof, "signature by the key in force")

    # Disclosures

    def test_disclosures(self) -> None:
        item = self.item("record")
        good = item[2]
        self.assert_refused(self.with_disclosures(good[::-1]), "ascending")
        self.assert_refused(self.with_disclosures(good[:1] * 2), "ascending")
        other_salt = disclosure("loan.amount", FIELDS["loan.amount"], b"S" * 16)
        self.assert_contradicted(self.with_disclosures([other_salt]), "not the commitment")
        other_value = disclosure("subject.remark", None)
        self.assert_contradicted(self.with_disclosures([other_value]), "not the commitment")
        unknown = disclosure("loan.balance", "1")
        self.assert_contradicted(self.with_disclosures([unknown]), "no such field")
        moved = disclosure("loan.rate", FIELDS["loan.amount"])
        self.assert_contradicted(self.with_disclosures([moved]), "not the commitment")

    def with_disclosures(self, disclosures: Any) -> Dict[int, Any]:
        self.item("record")[2] = disclosures
        return self.proof

    def test_disclosures_beside_other_entries(self) -> None:
        some = [disclosure("loan.amount", "1")]
        for name in ("opened", "customer key", "rotation", "link 1", "refused", "reference",
                     "tombstone"):
            proof = self.scene.proof()
            self.scene.item(proof, name)[2] = some
            self.assert_refused(proof, "disclosures beside")
        self.item("hold")[2] = [disclosure("reference", "letter 2")]
        self.assert_contradicted(self.proof, "not the commitment")

    # What is left out

    def test_rotation_left_out(self) -> None:
        shown = self.scene.shown()
        del shown[self.scene.places["rotation"]]
        proof = builder.proof([(self.scene.ledger, shown)], [PROFILE], self.scene.outside())
        self.assert_not_proven(proof, "epoch 1 is not shown", 3, self.scene.policy())

    def test_customer_key_left_out(self) -> None:
        shown = self.scene.shown()
        del shown[self.scene.places["customer key"]]
        proof = builder.proof([(self.scene.ledger, shown)], [PROFILE], self.scene.outside())
        self.assert_not_proven(proof, "neither sealed here nor in the policy", 0,
                               self.scene.policy())

    def test_record_left_out(self) -> None:
        shown = self.scene.shown()
        del shown[self.scene.places["record"]]
        proof = builder.proof([(self.scene.ledger, shown)], [PROFILE])
        self.assert_not_proven(proof, "what took place 0")
        self.assert_not_proven(proof, "consent relied on")

    def test_genesis_left_out(self) -> None:
        self.assert_refused({**self.proof, 2: self.proof[2][1:]}, "without its genesis")

    def test_policy_that_knows_others(self) -> None:
        policy = self.scene.policy()._replace(ledgers={Digest(-16, bytes(32)): "Another Bank"}, keys={})
        self.assert_not_proven(self.proof, "the policy does not name it", 0, policy)
        self.assert_not_proven(self.proof, "the policy has no such key", 0, policy)

    def test_not_canonical_inside(self) -> None:
        item = self.item("opened")
        item[0] = Raw(b"\x58" + bytes([len(item[0])]) + item[0])
        self.report(self.proof)
        item[0] = Raw(b"\x59\x00" + item[0].data[1:])
        self.assert_refused(self.proof, "shortest")


def decode_unprotected(receipt: bytes) -> Any:
    return Raw(decode(receipt).value[1].value[1].raw)


class EveryByte(ProofCase):
    """No byte of a proof can change unnoticed; none of it can be cut off."""

    def export(self, data: bytes, code: int, policy: Any) -> None:
        """Too many."""

    def small_proofs(self) -> List[bytes]:
        scene = Scene(-16, -8)
        record, key = scene.places["record"], scene.places["customer key"]
        statement, link = scene.places["statement"], scene.places["link 2"]
        return [encode(builder.proof([(scene.ledger, shown)], [PROFILE])) for shown in (
            {record: scene.shown()[record]}, {key: (), link: (), statement: ()})]

    def test_every_byte(self) -> None:
        for data, step in zip(self.small_proofs(), (1, 3)):
            for at in range(0, len(data), step):
                spoilt = bytearray(data)
                spoilt[at] ^= 1 << at // step % 8
                try:
                    code = self.report(bytes(spoilt)).exit_code()
                except Refused:
                    code = 2
                self.assertIn(code, (1, 2), f"byte {at} of {data.hex()}")

    def test_every_truncation(self) -> None:
        for data in self.small_proofs():
            for end in range(len(data)):
                with self.assertRaises(Refused):
                    self.report(data[:end])

    def test_every_other_signer(self) -> None:
        """A ledger sealed by somebody who has not the key of its genesis."""
        for alg in (-8, -7, -66002):
            scene = Scene(-16, alg)
            scene.ledger.add({0: 6, 1: 6, 2: messages.time_claim(), 3: {1: 0, 2: 2}})
            height = scene.ledger.seal(signer=signers.make(alg, "thief"))
            proof = builder.proof([(scene.ledger, {
                scene.places["rotation"]: (), (height, 1): ()})])
            self.assert_contradicted(proof, "the signature does not match")


if __name__ == "__main__":
    unittest.main()
