"""§7 trees, §12 numbers, §4 time claims, §6 values."""

import unittest
from typing import Any

from forge import messages
from forge.encoder import Tag, decimal, encode
from yzp_reader import readable_numbers, timeclaim, tree, values
from yzp_reader.errors import Refused
from yzp_reader.shape import read


class Trees(unittest.TestCase):
    def test_roots_paths_and_frontier(self) -> None:
        for alg in (-16, -66003):
            frontier = tree.Frontier(alg)
            leaves = [tree.leaf_hash(alg, bytes([i])) for i in range(33)]
            for size in range(34):
                top = messages.root(alg, leaves[:size])
                self.assertEqual(tree.root(alg, leaves[:size]), top)
                self.assertEqual(frontier.root(), top)
                for index in range(size):
                    path = messages.path(alg, index, leaves[:size])
                    tree.check_path(index, size, path, "path")
                    self.assertEqual(
                        tree.root_from_path(alg, leaves[index], index, size, path), top)
                if size < 33:
                    frontier.push(leaves[size])

    def test_path_form(self) -> None:
        node = bytes(32)
        for index, size, length in ((0, 1, 1), (0, 2, 0), (0, 2, 2), (2, 3, 2), (3, 3, 1), (4, 4, 2),
                                    (0, 0, 0), (6, 7, 3), (0, 2 ** 53, 52), (5, 5, 3)):
            with self.assertRaises(Refused):
                tree.check_path(index, size, [node] * length, "path")
        tree.check_path(2, 3, [node], "path")
        tree.check_path(0, 2 ** 53 - 1, [node] * 53, "path")

    def test_empty_tree(self) -> None:
        self.assertEqual(tree.root(-16, []).hex(),
                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


class Numbers(unittest.TestCase):
    def test_both_ways(self) -> None:
        for seed in range(50):
            data = messages.digest(-16, bytes([seed]))
            dossier = readable_numbers.preservation_number(data[:16])
            self.assertEqual(dossier, messages.number("D", int.from_bytes(data[:16], "big")))
            self.assertEqual(readable_numbers.record_number(data), messages.record_number(data))
            self.assertEqual(readable_numbers.read_number(dossier),
                             ("D", int.from_bytes(data[:16], "big")))

    def test_read_kindly(self) -> None:
        number = readable_numbers.record_number(messages.digest(-16, b"x"))
        spoken = number.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        self.assertEqual(readable_numbers.read_number(spoken), readable_numbers.read_number(number))

    def test_every_wrong_symbol_is_noticed(self) -> None:
        number = readable_numbers.preservation_number(b"D" * 16)
        for at, old in enumerate(number):
            if at == 0 or old == "-":
                continue
            for new in readable_numbers.SYMBOLS + "U*":
                if new != old:
                    with self.assertRaises(Refused):
                        readable_numbers.read_number(number[:at] + new + number[at + 1:])

    def test_refused(self) -> None:
        good = readable_numbers.preservation_number(b"D" * 16)
        large = messages.number("D", 1 << 128)
        for text in ("", "D", good[1:], "X" + good[1:], good + "0", good[:-1], large):
            with self.assertRaises(Refused):
                readable_numbers.read_number(text)
        self.assertEqual(readable_numbers.read_number("R" + large[1:]), ("R", 1 << 128))


class TimeClaims(unittest.TestCase):
    def test_accepted(self) -> None:
        claim = messages.time_claim(_3=5, _4=6, _5=7, _6=bytes(16), _7=[1, [-16, bytes(32)]])
        found = timeclaim.read_time_claim(read(encode(claim), "time"), "time")
        self.assertIn("clock: server", str(found))
        timeclaim.read_time_claim(read(encode({1: [-5, -1439], 2: 0}), "time"), "time")
        huge = timeclaim.read_time_claim(read(encode({1: [2 ** 62, 0], 2: 0}), "time"), "time")
        self.assertIn("ms since 1970", str(huge))

    def test_refused(self) -> None:
        good = messages.time_claim()
        bad: list = [{}, [], {1: [0, 0]}, {2: 0}]
        bad += [{**good, key: value} for key, value in (
            (8, 0), (64, 0), (-1, 0), (2, 7), (2, -1), (3, -1), (4, 2 ** 53), (5, None), (6, bytes(15)),
            (6, bytes(17)), (7, [0, [-16, bytes(32)]]), (7, [4, [-16, bytes(32)]]), (7, [1, bytes(32)]),
            (7, [1, [-15, bytes(32)]]), (1, [0, 1440]), (1, [0, -1440]), (1, [0]), (1, [0, 0, ""]),
            (1, [0, 0, "x" * 65]), (1, [0, 0, None]), (1, 0), (0, [decimal(0, 1), 0]),
            (1, [0, 0, "x", 0]))]
        for claim in bad:
            with self.assertRaises(Refused, msg=str(claim)):
                timeclaim.read_time_claim(read(encode(claim), "time"), "time")


GOOD_VALUES: Any = [
    None, "", "text", {0: 0, 1: "a", 2: "Ａ"}, {0: 0, 1: "a", 3: [10]}, {0: 1, 1: -5, 2: "-5"},
    {0: 2, 1: decimal(-2, 5), 4: "km"}, {0: 2, 1: decimal(0, 5)}, {0: 3, 1: decimal(18, 5), 4: "CNY"},
    {0: 4, 1: decimal(-18, -2 ** 63), 4: "%/a"}, {0: 6, 1: "0001-01-01"}, {0: 6, 1: "9999-12-31"},
    {0: 5, 1: 253402300799999, 4: 0}, {0: 5, 1: -62135596800000 - 60000, 4: 1}, {0: 6, 1: "2024-02-29"},
    {0: 9, 1: [decimal(0, -90), decimal(1, 18)], 5: decimal(3, 0)}, {0: 2, 1: decimal(0, 1), 4: "u" * 128},
    "x" * 262_144,
    {0: 9, 1: [decimal(-18, 2 ** 63 - 1), decimal(-3, -180_000)]}, {0: 5, 1: 0, 4: 480, 3: [5, 13]},
    {0: 6, 1: "2025-06-15"},
    {0: 7, 1: True}, {0: 8, 1: "01", 4: "gender"}, {0: 9, 1: [decimal(-1, 1), decimal(-1, 2)], 5: decimal(0, 9)},
    {0: 9, 1: [decimal(-1, 1), decimal(-1, 2)], 4: "GCJ-02"},
    {0: 10, 1: ["image/png", 9, bytes(32), bytes(32), "face"]}, {0: 11, 1: b"x"}, {0: 12, 1: "张*", 4: "name"},
    {0: 3, 2: "lots", 3: [1]}, {0: 5, 2: "yesterday", 3: [1, 14]}]

BAD_VALUES: Any = [
    1, True, b"x", [], {}, decimal(0, 1), {0: 13, 1: "x"}, {0: -1, 1: "x"}, {1: "x"}, {0: 0}, {0: 0, 1: "x"},
    {0: 0, 1: "x", 2: "x"}, {0: 0, 1: 5, 2: "x"}, {0: 0, 2: "x"}, {0: 0, 1: "x", 3: []},
    {0: 0, 1: "x", 3: [3, 3]}, {0: 0, 1: "x", 3: [4, 3]}, {0: 0, 1: "x", 3: [0]}, {0: 0, 1: "x", 3: [-1]},
    {0: 0, 1: "x", 3: 3}, {0: 0, 1: "x", 2: "y", 6: 0}, {0: 0, 1: "x", 2: "y", 64: 0},
    {0: 0, 1: "x", 2: "y", -70000: 0}, {0: 0, 1: "x", 2: "y", 4: "z"}, {0: 1, 1: "5"}, {0: 1, 1: 5, 4: "m"},
    {0: 1, 1: decimal(0, 5)}, {0: 1, 1: 5, 5: decimal(0, 5)}, {0: 2, 1: 5}, {0: 2, 1: decimal(0, 1), 4: 5},
    {0: 3, 1: decimal(0, 1)}, {0: 3, 1: decimal(0, 1), 4: 156}, {0: 4, 1: decimal(0, 1)}, {0: 5, 1: 0},
    {0: 5, 1: 0, 4: 1440}, {0: 5, 1: 0, 4: "+08:00"}, {0: 5, 1: decimal(0, 0), 4: 0}, {0: 6, 1: "2025-6-15"},
    {0: 6, 1: "2025-06-15 "}, {0: 6, 1: "２０２５-06-15"}, {0: 6, 1: 20250615}, {0: 7, 1: 1}, {0: 7, 1: None},
    {0: 8, 1: "01"}, {0: 8, 1: 1, 4: "x"}, {0: 9, 1: [decimal(0, 1)]}, {0: 9, 1: [1, 2]},
    {0: 9, 1: [decimal(0, 1), decimal(0, 1)], 5: 9}, {0: 10, 1: ["a", -1, bytes(32), bytes(32), "t"]},
    {0: 10, 1: ["a", 1, bytes(31), bytes(32), "t"]}, {0: 10, 1: ["a", 1, bytes(32), bytes(32)]},
    {0: 10, 1: ["a", 1, bytes(32), bytes(32), None]}, {0: 11, 1: "x"}, {0: 12, 1: "x"},
    {0: 12, 1: None, 4: "name"}, {0: 3, 1: decimal(0, 1), 2: "1", 3: [1], 4: "CNY"}, {0: 3, 3: [1]},
    {0: 3, 2: "x", 3: [1], 4: "CNY"}, {0: 3, 2: "x"}, {0: 3, 2: "x", 3: [2]}, {0: 3, 2: 5, 3: [1]},
    {0: 9, 2: "x", 3: [1], 5: decimal(0, 1)}, Tag(18, [b"", {}, None, b""]), {0: 0, 2: "x", 3: [1]}, {0: 12, 1: "x",
    2: "y", 4: "name"}, {0: 6, 1: "2025-02-29"},
    {0: 10, 1: ["a", 1, bytes(32), bytes(32), "t"], 2: "x"}, {0: 6, 1: "0000-01-01"}, {0: 6, 1: "2025-00-10"},
    {0: 12, 2: "x", 3: [1]}, {0: 10, 2: "x", 3: [1]}, {0: 5, 1: 253402300800000, 4: 0},
    {0: 5, 1: 253402300799999, 4: 1},
    {0: 5, 1: -62135596800000, 4: -1}, {0: 3, 1: decimal(0, 1), 4: "cny"}, {0: 3, 1: decimal(0, 1), 4: "CNYX"},
    {0: 3, 1: decimal(0, 1), 4: ""}, {0: 4, 1: decimal(0, 1), 4: ""}, {0: 8, 1: "", 4: "x"}, {0: 8, 1: "x", 4: ""},
    {0: 8, 1: "x" * 129, 4: "x"}, {0: 2, 1: decimal(0, 1), 4: "u" * 129}, {0: 9, 1: [decimal(0, 91), decimal(0, 0)]},
    {0: 9, 1: [decimal(-1, 901), decimal(0, 0)]}, {0: 9, 1: [decimal(0, 0), decimal(18, 1)]},
    {0: 9, 1: [decimal(0, 0), decimal(-2, -18_001)]}, {0: 9, 1: [decimal(0, 0), decimal(0, 0)], 5: decimal(0, -1)},
    {0: 9, 1: [decimal(0, 0), decimal(0, 0)], 4: ""}, {0: 10, 1: ["", 1, bytes(32), bytes(32), "t"]}, "x" * 262_145,
    {0: 11, 1: bytes(262_145)}, {0: 12, 1: "x", 4: ""}]


class Values(unittest.TestCase):
    def test_accepted(self) -> None:
        for value in GOOD_VALUES:
            found = values.read_disclosure(messages.disclosure("name", value), "disclosure")
            self.assertTrue(str(found.value).isprintable())

    def test_refused(self) -> None:
        for value in BAD_VALUES:
            with self.assertRaises(Refused, msg=str(value)):
                values.read_disclosure(messages.disclosure("name", value), "disclosure")

    def test_disclosures_refused(self) -> None:
        salt = bytes(16)
        for item in ([salt, "v"], [salt, "v", "n", 0], [bytes(15), "v", "n"], [bytes(17), "v", "n"],
                     [salt, "v", ""], [salt, "v", "n" * 129], [salt, "v", b"n"], ["", "v", "n"], {0: salt}):
            with self.assertRaises(Refused):
                values.read_disclosure(encode(item), "disclosure")

    def test_decimals_for_people(self) -> None:
        for exponent, mantissa, text in ((-2, 2340, "23.40"), (-2, -5, "-0.05"), (2, 7, "700"), (0, 0, "0"),
                                         (-3, 12345, "12.345"), (-18, 1, "0." + "0" * 17 + "1")):
            node = read(encode({0: 2, 1: decimal(exponent, mantissa)}), "value")
            self.assertEqual(values.read_value(node, "value").parsed, text)

    def test_control_characters_are_escaped(self) -> None:
        shown = values.printable("a\u202eb\u200bc\nd\x1b[0m")
        self.assertEqual(shown, "a\\u{202e}b\\u{200b}c\\u{a}d\\u{1b}[0m")


if __name__ == "__main__":
    unittest.main()
