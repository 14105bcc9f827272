"""What outsiders say (§9, §14.9)."""

import json
import unittest
from pathlib import Path
from typing import Any, Dict, Optional

from forge import builder, der, signers
from forge.encoder import Tag, encode
from forge.messages import digest
from forge.scenes import ProofCase, Scene
from yzp_reader.der import DerError, token_imprint
from yzp_reader.report import NOT_CHECKED, PROVEN


class Outsiders(ProofCase):
    def setUp(self) -> None:
        self.scene = Scene(-16, -8)
        self.block = self.scene.ledger.blocks[4]

    def outside(self, *words: Any) -> Dict[int, Any]:
        return {**self.scene.proof(), 5: list(words)}

    def word(self, kind: int, raw: bytes, target: Optional[bytes] = None, target_kind: int = 1) -> Any:
        return builder.outside(kind, raw, self.scene.ledger, target or self.block.sealed_digest,
                               target_kind)

    def seen(self, **how: Any) -> bytes:
        return builder.countersignature(self.scene.notary, self.scene.ledger, 4, **how)

    def test_form(self) -> None:
        raw = self.seen()
        good = self.word(1, raw)
        for bad in ({**good, 0: 0}, {**good, 0: 4}, {**good, 3: 0}, {**good, 64: 0}, {**good, 2: [3, good[2][1]]},
                    {**good, 2: [2, good[2][1]]}, {**good, 2: [1, bytes(32)]}, {**good, 1: b""},
                    {**good, 0: 2, 1: b""}, {**good, 0: 2, 1: bytes(65_536)},
                    {**good, 1: raw + b"\0"}, {0: 1, 1: raw}, {**good, 1: self.block.sealed},
                    {**good, 0: 3, 1: encode({0: "p", 1: "i"})}, {**good, 0: 3, 1: encode({0: "p", 1: "i", 7: "x"})},
                    {**good, 0: 3, 1: encode({0: "p", 1: "i", 7: b"", 8: 0})},
                    {**good, 0: 3, 1: encode({0: "p", 1: "i", 3: -1, 7: b""})}):
            self.assert_refused(self.outside(bad), "")
        for key, value in ((0, 9), (1, bytes(32)), (2, 5), (3, bytes(32)), (4, "x"), (5, 3), (6, 3), (7, {}), (8, 0)):
            self.assert_refused(self.outside(self.word(1, self.seen(payload={key: value}))), "outside")

    def test_how_many(self) -> None:
        word = self.word(2, b"x")
        self.report(self.outside(*[word] * 1_024))
        self.assert_refused(self.outside(*[word] * 1_025), "1025 items")

    def test_countersignatures(self) -> None:
        policy = self.scene.policy()
        x = [-16, bytes(32)]
        for payload, words in (({1: x}, "another ledger"), ({2: 3, 5: 3}, "another ledger or height"),
                               ({3: x}, "another block hash"), ({4: x}, "another sealed digest")):
            self.assert_contradicted(self.outside(self.word(1, self.seen(payload=payload))), words, policy)
        bad = self.seen(signature_of=lambda tbs: signers.Ed25519("other").sign(tbs))
        self.assert_contradicted(self.outside(self.word(1, bad)), "does not match", policy)
        self.assert_not_proven(self.outside(self.word(1, self.seen())), "no such key")
        self.assert_contradicted(self.outside(self.word(1, self.seen(), bytes(32))), "another sealed digest")
        on_block_hash = self.word(1, self.seen(), self.block.block_hash)
        self.assert_contradicted(self.outside(on_block_hash), "another sealed digest", policy)
        elsewhere = self.word(1, self.seen(payload={4: x}), bytes(32))
        self.assert_contradicted(self.outside(elsewhere), "another signed block is shown there", policy)
        self.assert_not_proven(self.outside(elsewhere), "no such key")
        other_ledger = self.word(1, self.seen(payload={1: x, 4: x}), bytes(32))
        self.assert_not_proven(self.outside(other_ledger), "not shown", 0, policy)

    def test_high_s_from_outside(self) -> None:
        self.scene.notary = signers.P256("notary")
        high = self.seen(signature_of=lambda tbs: self.scene.notary.sign(tbs, high=True))
        report = self.report(self.outside(self.word(1, high)), self.scene.policy())
        self.assertEqual(report.exit_code(), 0)
        self.assertEqual(report.checks[-1].verdict, PROVEN)

    def test_tokens(self) -> None:
        record = self.scene.record
        for data, target, kind in ((self.block.sealed, self.block.sealed_digest, 1),
                                   (record, digest(-16, record), 2)):
            for hash_name in ("sha256", "sha512"):
                word = self.word(2, der.token(data, hash_name), target, kind)
                self.assertEqual(self.report(self.outside(word)).exit_code(), 0)
            for arc in ("2a864886f70d010702", "2a811ccf550601040202"):
                other = self.word(2, der.token(data + b"x", kind=arc), target, kind)
                self.assert_contradicted(self.outside(other), "other bytes")
            odd = self.report(self.outside(self.word(2, der.token(data, "md5"), target, kind)))
            self.assertEqual([check.verdict for check in odd.checks if check.question == "imprint"], [NOT_CHECKED])
        for raw in (b"x", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", der.token(b"")[:-1]):
            self.assert_not_proven(self.outside(self.word(2, raw)), "no DER token")
        good = der.token(b"x")
        for at in range(len(good)):
            spoilt = bytearray(good)
            spoilt[at] ^= 0x55
            self.report(self.outside(self.word(2, bytes(spoilt))))

    def test_imprints_of_the_vectors(self) -> None:
        folder = Path(__file__).resolve().parents[1] / "vectors" / "x509"
        for name in ("timestamp", "foreign"):
            for case in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["cases"]:
                if "request" in case:
                    continue
                try:
                    fits = token_imprint(bytes.fromhex(case["hex"])).of(bytes.fromhex(case["data"]))
                except DerError:
                    fits = None
                if case["result"] == "ok":
                    self.assertIs(fits, True, case["name"])
                self.assertEqual(fits is False, case["name"] == "wrong-imprint", case["name"])

    def test_a_message_is_not_another(self) -> None:
        """A countersignature is no statement, whatever its signature."""
        entry = {**self.scene.item(self.scene.proof(), "statement")}
        word = self.word(1, entry[0])
        self.assert_refused(self.outside(word), "typ")
        self.assert_refused(self.outside(self.word(1, encode(Tag(18, [b"", {}, None, b""])))), "protected")


if __name__ == "__main__":
    unittest.main()
