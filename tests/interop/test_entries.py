"""Entries whose form the page forbids (§5), and what they may hold."""

import unittest
from typing import Any, Dict

from forge import signers
from forge.encoder import Tag, encode
from forge.messages import digest, disclosure, record, record_number, sign1, statement, time_claim
from forge.scenes import FIELDS, PROFILE
from yzp_reader.entries import Entry, read_entry
from yzp_reader.errors import Refused

D = [-16, bytes(32)]
TIME = time_claim()
GOOD: Dict[str, Dict[int, Any]] = {
    "link": {0: 0, 1: bytes(32), 2: bytes(32)},
    "record": record(-16, FIELDS, PROFILE),
    "tombstone": {0: 4, 1: [D], 2: None, 3: 1, 4: bytes(32), 5: TIME},
    "hold": {0: 5, 1: 1, 2: [D], 3: 1, 4: bytes(32), 5: TIME},
    "event": {0: 6, 1: 6, 2: TIME, 3: {1: 0, 2: 1}},
    "observed head": {0: 7, 1: D, 2: 0, 3: D, 4: D, 5: TIME},
    "renewal": {0: 8, 1: D, 2: 0, 3: 1, 4: [-66003, bytes(32)], 5: 4},
}


class Entries(unittest.TestCase):
    def read(self, entry: Any) -> Entry:
        return read_entry(entry if isinstance(entry, bytes) else encode(entry))

    def refuse(self, entry: Any, words: str = "") -> None:
        with self.assertRaises(Refused, msg=str(entry)) as caught:
            self.read(entry)
        self.assertIn(words, str(caught.exception))

    def test_each_kind(self) -> None:
        for name, entry in GOOD.items():
            found = self.read(entry)
            self.assertEqual((found.name, found.unknown), (name, ()))
            self.assertIsNotNone(found.body)

    def test_each_member_is_needed(self) -> None:
        for name, entry in GOOD.items():
            for key in entry:
                self.refuse({k: v for k, v in entry.items() if k != key})
                self.refuse({**entry, key: None if entry[key] is not None else 0})

    def test_unknown_keys_and_kinds(self) -> None:
        for entry in GOOD.values():
            for key in (10, 63, -1, -65_536):
                found = self.read({**entry, key: 0})
                self.assertEqual((found.body, found.unknown), (None, ()))
            for key in (64, 65_535, -65_537, -2 ** 63):
                found = self.read({**entry, key: 0})
                self.assertIsNotNone(found.body)
                self.assertEqual(found.unknown, (key,))
        self.refuse({**GOOD["event"], 65_536: 0}, "65535")
        for kind, unknown in ((11, ()), (63, ()), (64, (64,)), (65_535, (65_535,))):
            found = self.read({0: kind, 1: [2]})
            self.assertEqual((found.body, found.unknown), (None, unknown))
        for kind in (65_536, -1, -70_000, "2", None):
            self.refuse({0: kind})
        self.assertIsNone(self.read({**GOOD["event"], 1: 8}).body)
        self.assertIsNone(self.read({**GOOD["event"], 1: 8, 3: {9: 9}}).body)
        for bad in ({0: 6, 1: 8}, {**GOOD["event"], 1: 8, 3: []}, {**GOOD["event"], 1: 8, 2: {}}):
            self.refuse(bad)

    def test_no_entries(self) -> None:
        reference = {0: 9, 1: D, 2: 1}
        for entry in (b"", b"\x00", [0], {}, {1: 0}, "x", None, reference, {0: 10}, Tag(4, [0, 1])):
            self.refuse(entry)
        self.refuse(encode(GOOD["link"]) + b"\0", "follow")

    def test_size(self) -> None:
        self.read({0: 64, 1: bytes(65_525)})
        self.assertEqual(len(encode({0: 64, 1: bytes(65_526)})), 65_534)
        self.refuse({0: 64, 1: bytes(65_528)}, "65536 bytes")

    def change(self, name: str, key: int, *values: Any) -> None:
        for value in values:
            self.refuse({**GOOD[name], key: value})

    def test_links(self) -> None:
        for key in (1, 2):
            self.change("link", key, b"", bytes(31), bytes(33), D, "x")

    def test_records(self) -> None:
        digest_sm3 = [-66003, bytes(32)]
        self.change("record", 1, 1, -1, "0")
        self.change("record", 2, [], ["x", 1], ["x", 1, bytes(32)], ["x", -1, D], [1, 1, D],
                    ["x", 1, digest_sm3], ["x", 1, D, 0], ["", 1, D])
        self.change("record", 3, bytes(15), bytes(17), "x")
        self.change("record", 4, -1, 1, 2 ** 53)      # place 1 needs a predecessor
        self.change("record", 5, [[0, D]], [[4, D]], [[1, bytes(32)]], [[1]], [D], [[1, D]] * 65)
        self.change("record", 7, {}, {**TIME, 8: 0})
        self.change("record", 8, -15, -66003, 0)
        self.change("record", 9, bytes(32), 0)
        self.read({**GOOD["record"], 9: D, 5: [[1, D], [2, D], [3, D]]})
        self.read({**GOOD["record"], 4: 1, 5: [[0, D], [1, D]]})
        self.refuse({**GOOD["record"], 5: [[1, D], [2, D], [1, D]]}, "stands twice")
        for citations in ([], [[1, D]], [[1, D], [0, D]], [[0, D], [0, [-16, b"x" * 32]]]):
            self.refuse({**GOOD["record"], 4: 1, 5: citations}, "place 1")

    def test_record_fields(self) -> None:
        c = bytes(32)
        self.read({**GOOD["record"], 6: []})
        self.read({**GOOD["record"], 6: [["n" * 128, c]]})
        self.read({**GOOD["record"], 6: [["Z", c], ["a", c], ["é", c], ["借", c]]})
        self.change("record", 6, [["b", c], ["a", c]], [["a", c], ["a", c]], [["", c]],
                    [["n" * 129, c]], [["借" * 43, c]], [["a", bytes(31)]], [["a", [-16, c]]],
                    [[b"a", c]], [["a"]], {}, [[f"{i:04}", c] for i in range(513)],
                    # UTF-16 order would put the first one last
                    [["\U00010000", c], ["\uffff", c]])
        self.read({**GOOD["record"], 6: [[f"{i:04}", c] for i in range(512)]})

    def test_tombstones_and_holds(self) -> None:
        self.read({**GOOD["tombstone"], 2: ["a", "b"]})
        self.change("tombstone", 1, [], [bytes(32)], [D] * 513, D)
        self.change("tombstone", 2, [], ["b", "a"], ["a", "a"], [""], "a")
        self.change("tombstone", 3, 0, 5)
        self.change("tombstone", 4, bytes(31), D)
        self.change("hold", 1, 0, 4)
        self.change("hold", 2, [], [D] * 513)
        self.change("hold", 3, 0, 5)

    def test_events(self) -> None:
        good = ({1: "1.0"}, {1: "1.0", 2: bytes(32), 3: "os", 4: "phone", 5: 1, 6: 6},
                {1: bytes(32), 2: bytes(16)}, {1: -5, 2: bytes(16), 3: bytes(16)}, {1: D, 2: 0, 3: D},
                {1: bytes(16), 2: 0, 3: D}, {1: bytes(16), 2: 1, 3: D, 4: 4, 5: D}, {1: 0, 2: 3},
                {1: bytes(8), 2: 2})
        for code, facts in zip((1, 1, 2, 3, 4, 5, 5, 6, 7), good):
            self.read({0: 6, 1: code, 2: TIME, 3: facts})
            self.refuse({0: 6, 1: code, 2: TIME, 3: {**facts, 7: 0}}, "unknown member")
            self.refuse({0: 6, 1: code, 2: TIME, 3: {**facts, 64: 0}}, "unknown member")
            self.refuse({0: 6, 1: code, 2: TIME, 3: {}})
            if code != 2:
                self.refuse({0: 6, 1: code, 2: TIME}, "missing")
        self.read({0: 6, 1: 2, 2: TIME})
        bad = ((1, {}), (1, {1: 1}), (1, {1: "x", 2: bytes(31)}), (1, {1: "x", 5: 0}), (1, {1: "x", 6: 7}),
               (2, {1: bytes(31)}), (2, {2: bytes(32)}), (3, {2: bytes(16)}), (3, {1: "x"}),
               (3, {1: 0, 2: 1}), (4, {1: D, 2: 0}), (4, {1: bytes(32), 2: 0, 3: D}),
               (5, {1: bytes(16), 2: 0}), (5, {1: bytes(16), 2: 1, 3: D}), (5, {1: bytes(16), 2: 0, 3: D, 5: D}),
               (5, {1: bytes(15), 2: 0, 3: D}),
               (5, {1: bytes(16), 2: 0, 3: D, 4: 5}), (6, {1: -1, 2: 1}), (6, {1: 0, 2: 0}), (6, {1: 0, 2: 4}),
               (6, {1: 0}), (7, {1: bytes(7), 2: 1}), (7, {1: bytes(8), 2: 3}), (7, {1: bytes(8)}),
               (4, {1: D, 2: 0, 3: [-66003, bytes(32)]}))
        for code, facts in bad:
            self.refuse({0: 6, 1: code, 2: TIME, 3: facts})

    def test_heads_and_renewals(self) -> None:
        for key in (1, 3, 4):
            self.change("observed head", key, bytes(32), [-15, bytes(32)], [-16, bytes(31)], [-16])
            self.change("observed head", key, [-66003, bytes(32)])     # the others are SHA-256
        self.change("observed head", 2, -1, 2 ** 53)
        self.change("renewal", 3, -1, "x")
        self.refuse({**GOOD["renewal"], 2: 2}, "above")
        self.change("renewal", 5, -1, 2 ** 53)


class Statements(unittest.TestCase):
    def setUp(self) -> None:
        self.signer = signers.Ed25519("customer")
        self.record = encode(GOOD["record"])
        self.kid = bytes(32)

    def make(self, **how: Any) -> bytes:
        return statement(self.signer, self.kid, 1, self.record, -16, **how)

    def refuse(self, words: str, **how: Any) -> None:
        with self.assertRaises(Refused, msg=str(how)) as caught:
            read_entry(self.make(**how))
        self.assertIn(words, str(caught.exception))

    def test_accepted(self) -> None:
        certificate = b"\x30\x00"
        x5t = [-16, digest(-16, certificate)]
        for how in ({}, {"reference": True}, {"claims": {-65545: D, -65546: D}},
                    {"labels": {33: certificate, 34: x5t}}, {"labels": {33: [certificate] * 2, 34: x5t}},
                    {"labels": {33: [certificate] * 8, 34: x5t}}):
            self.assertEqual(read_entry(self.make(**how)).name, "statement")

    def test_header(self) -> None:
        for label, value, words in (
                (1, -19, "alg"), (2, [3], "unknown"), (3, "application/cbor", "content type"), (3, 60, "text"),
                (4, bytes(31), "kid"), (5, b"x", "unknown"), (16, "application/vnd.yinzheng.block+cose", "typ"),
                (33, b"x", "together"), (34, [-16, bytes(32)], "together"), (64, 0, "unknown"),
                (395, 1, "unknown"), (-70_000, 0, "unknown")):
            self.refuse(words, labels={label: value})
        self.refuse("0 items", labels={33: [], 34: [-16, bytes(32)]})
        self.refuse("1 items", labels={33: [b"x"], 34: [-16, bytes(32)]})
        self.refuse("9 items", labels={33: [b"x"] * 9, 34: [-16, bytes(32)]})
        self.refuse("16385", labels={33: bytes(16_385), 34: [-16, bytes(32)]})
        self.refuse("listed", labels={33: b"x", 34: [-15, bytes(32)]})
        self.refuse("bytes", labels={33: b"x", 34: [-16, bytes(20)]})
        self.refuse("x5t is not", labels={33: b"x", 34: [-16, digest(-16, b"y")]})

    def test_header_size(self) -> None:
        self.refuse("protected header", labels={33: [bytes(16_384)] * 2, 34: [-16, bytes(32)]})

    def test_claims(self) -> None:
        for key, value, words in (
                (1, b"x", "iss"), (1, "x", "iss"), (1, "0" * 63 + "A", "iss"), (2, None, "sub"), (2, "x", "sub"),
                (2, record_number(bytes(32)), "sub"), (2, record_number(digest(-16, self.record)).lower(), "sub"),
                (6, -1, "iat"), (6, "x", "iat"), (3, "aud", "unknown"),
                (-65544, 0, "role"), (-65544, 11, "role"), (-65545, bytes(32), "displayed"),
                (-65546, bytes(32), "meant for"), (-65537, bytes(32), "unknown"), (-65547, 0, "unknown")):
            self.refuse(words, claims={key: value})

    def test_payload(self) -> None:
        self.refuse("no record", payload=encode(GOOD["event"]))
        self.refuse("follow", payload=self.record + b"\0")
        self.refuse("no record", payload=self.make())
        self.refuse("ends", payload=b"")
        self.refuse("unknown member", payload=encode(GOOD["event"]), reference=True)
        for reference in ({0: 9, 1: D, 2: 11}, {0: 9, 1: bytes(32), 2: 1}, {0: 8, 1: D, 2: 1}, {0: 9, 1: D},
                          {0: 9, 1: D, 2: 1, 64: 0}, {0: 9, 1: D, 2: 1, 3: 0}):
            self.refuse("reference", payload=encode(reference), reference=True)
        named = [-16, digest(-16, self.record)]
        self.refuse("differ", payload=encode({0: 9, 1: named, 2: 2}), reference=True)
        labels = {3: "application/vnd.yinzheng.reference+cbor"}
        self.refuse("reference", labels=labels)

    def test_message(self) -> None:
        protected = {1: -8, 3: "application/vnd.yinzheng.record+cbor", 4: self.kid,
                     15: {1: self.kid.hex(), 2: record_number(digest(-16, self.record)), 6: 0, -65544: 1},
                                          16: "application/vnd.yinzheng.statement+cose"}
        header = encode(protected)
        read_entry(sign1(self.signer, protected, self.record))
        good = self.signer.sign(b"anything")
        for parts, words in (
                ([header, {}, None, good], "detached"), ([header, {4: b"x"}, self.record, good], "empty"),
                ([header, {}, self.record, bytes(63)], "signature"), ([header, {}, self.record, b""], "signature"),
                ([b"", {}, self.record, good], "protected"), ([b"\xa0", {}, self.record, good], "alg"),
                ([b"\xf6", {}, self.record, good], "not a map"),
                ([header + b"\0", {}, self.record, good], "follow")):
            with self.assertRaises(Refused) as caught:
                read_entry(encode(Tag(18, parts)))
            self.assertIn(words, str(caught.exception))

    def test_statements_in_statements(self) -> None:
        data = self.record
        for _ in range(100):
            data = self.make(payload=data)
        with self.assertRaises(Refused):
            read_entry(data)

    def test_disclosure_first_bytes(self) -> None:
        """§13: what is hashed can be told apart by its first bytes."""
        self.assertEqual(disclosure("n", "v")[:2].hex(), "8350")
        self.assertEqual(self.record[:3].hex(), "a90002")
        self.assertEqual(encode(GOOD["link"])[:3].hex(), "a30000")
        self.assertEqual(self.make()[:2].hex(), "d284")
        self.assertEqual(self.signer.key_bytes()[:4].hex(), "a4010103")


if __name__ == "__main__":
    unittest.main()
