"""§1: what the decoder accepts and what it refuses."""

import unittest

from forge.encoder import Raw, Tag, encode
from yzp_reader import cbor
from yzp_reader.errors import Refused

GOOD = {
    "00": 0, "17": 23, "1818": 24, "190100": 256, "1a00010000": 65536, "1b0000000100000000": 2 ** 32,
    "1b7fffffffffffffff": 2 ** 63 - 1, "20": -1, "3b7fffffffffffffff": -2 ** 63,
    "40": b"", "4100": b"\x00", "60": "", "62c3bc": "ü", "64f0908591": "\U00010151",
    "f4": False, "f5": True, "f6": None,
}

BAD = {
    "1800": "shortest", "1817": "shortest", "190018": "shortest", "1900ff": "shortest",
    "1a0000ffff": "shortest", "1b00000000ffffffff": "shortest", "580100": "shortest",
    "3800": "shortest", "d804820000": "shortest", "980100": "shortest", "b8010000": "shortest",
    "1b8000000000000000": "64 signed", "3b8000000000000000": "64 signed",
    "5f4100ff": "indefinite", "7f6100ff": "indefinite", "9fff": "indefinite", "bfff": "indefinite",
    "1c": "indefinite", "1d": "indefinite", "1e": "indefinite", "1f": "indefinite", "ff": "indefinite",
    "f90000": "floating", "fa00000000": "floating", "fb0000000000000000": "floating",
    "f7": "simple", "e0": "simple", "f3": "simple", "f0": "simple", "f820": "floating",
    "a2000000 00": "twice", "a201000000": "ascending", "a2200000 00": "ascending", "a1600000": "not an integer",
    "a1410000": "not an integer", "a1f600": "not an integer", "a18000": "not an integer",
    "a11a0001000000": "65535", "a21818001700": "ascending", "a2190100001818 00": "ascending",
    "c000": "tag", "c249": "tag", "d63a": "tag", "d9d9f700": "tag", "d86100": "tag", "c500": "tag",
    "c400": "decimal", "c48100": "decimal", "c483000000": "decimal", "c482f600": "decimal",
    "c4821300": "decimal", "d200": "tag 18", "d283f6f6f6": "tag 18", "d284f6a0f640": "tag 18",
    "d28440f6f640": "tag 18", "d28440a00040": "tag 18", "d28440a0f6f6": "tag 18", "d28540a0f64040": "tag 18",
    "c4823200": "decimal", "c48200f6": "decimal", "c482004100": "decimal",
    "61ff": "UTF-8", "62c080": "UTF-8", "63eda080": "UTF-8", "64f4908080": "UTF-8", "61c3": "UTF-8",
    "": "ends", "18": "ends", "1900": "ends", "41": "ends", "61": "ends", "81": "ends", "a1": "ends",
    "a100": "ends", "c4": "ends", "d2": "ends", "5bffffffffffffffff": "ends", "9bffffffffffffffff": "ends",
    "bb7fffffffffffffff": "ends", "820000 00": "follow", "0000": "follow", "f6f6": "follow",
}


class Cbor(unittest.TestCase):
    def test_accepted(self) -> None:
        for text, value in GOOD.items():
            node = cbor.decode(bytes.fromhex(text))
            self.assertEqual(node.value, value)
            self.assertEqual(encode(value).hex(), text)

    def test_refused(self) -> None:
        for text, words in BAD.items():
            with self.subTest(text), self.assertRaises(Refused) as caught:
                cbor.decode(bytes.fromhex(text))
            self.assertIn(words, str(caught.exception), text)

    def test_depth(self) -> None:
        for opening in (b"\x81", b"\xa1\x00"):
            self.assertEqual(cbor.decode(opening * 8 + b"\x00").end, 8 * len(opening) + 1)
            with self.assertRaises(Refused):
                cbor.decode(opening * 9 + b"\x00")
        cbor.decode(b"\x81" * 7 + b"\x80")
        with self.assertRaises(Refused):
            cbor.decode(b"\x81" * 8 + b"\x80")
        with self.assertRaises(Refused):
            cbor.decode(b"\x81" * 1_000_000)

    def test_decimal_is_two_levels(self) -> None:
        decimal = b"\xc4\x82\x20\x01"
        cbor.decode(b"\x81" * 6 + decimal)
        with self.assertRaises(Refused):
            cbor.decode(b"\x81" * 7 + decimal)

    def test_spans(self) -> None:
        inner = {-1: [b"ab", Tag(4, [-2, 5])], 3: "x"}
        data = encode([1, inner, None])
        node = cbor.decode(data)
        self.assertEqual(node.raw, data)
        self.assertEqual(node.value[1].raw, encode(inner))
        self.assertEqual(node.value[1].value[3].raw, b"\x61x")

    def test_key_order_is_by_encoded_bytes(self) -> None:
        keys = [0, 23, 24, 255, 256, 65535, -1, -24, -25, -256, -65536, -65537]
        data = encode({key: key for key in keys})
        self.assertEqual(list(cbor.decode(data).value), keys)
        self.assertEqual(cbor.decode(encode({-2 ** 63: 0})).value[-2 ** 63].value, 0)

    def test_prefix(self) -> None:
        data = encode([1]) + encode("x") + b"\x05"
        first = cbor.decode_prefix(data)
        second = cbor.decode_prefix(data, first.end)
        self.assertEqual((second.value, data[second.end:]), ("x", b"\x05"))

    def test_every_truncation_and_extension(self) -> None:
        message = Tag(18, [b"", {}, None, Raw(b"\x40")])
        data = encode({1: [1, "text", b"bytes", None, {2: Tag(4, [0, 7])}], 300: message})
        cbor.decode(data)
        for end in range(len(data)):
            with self.assertRaises(Refused):
                cbor.decode(data[:end])
        for byte in range(256):
            with self.assertRaises(Refused):
                cbor.decode(data + bytes([byte]))


if __name__ == "__main__":
    unittest.main()
