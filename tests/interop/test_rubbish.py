"""Whatever the bytes, the reader answers or refuses; it never stumbles."""

import random
import unittest

from forge.builder import encode_sequence
from forge.encoder import encode
from forge.scenes import Scene
from yzp_reader.bundle import verify_bundle
from yzp_reader.errors import Refused
from yzp_reader.report import Report
from yzp_reader.verify import verify_proof

PIECES = [b"", b"\x00", b"\xf6", b"\xa0", b"\x80", b"\x40", b"\x60", b"\xff", b"\xd2", b"\xc4\x82\x00\x00",
          b"\x1b\x7f\xff\xff\xff\xff\xff\xff\xff", b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", b"\x01", b"\x20"]


class Rubbish(unittest.TestCase):
    def setUp(self) -> None:
        self.random = random.Random(7)
        self.scene = Scene(-16, -8)

    def spoil(self, data: bytes) -> bytes:
        start = self.random.randrange(len(data))
        end = min(len(data), start + self.random.choice((0, 1, 1, 2, 9)))
        return data[:start] + self.random.choice(PIECES) + data[end:]

    def answer(self, data: bytes, bundle: bool) -> None:
        try:
            report = (verify_bundle if bundle else verify_proof)(data, self.scene.policy())
        except Refused:
            return
        self.assertIsInstance(report, Report)
        self.assertTrue(all(line.isprintable() for line in report.lines()))

    def test_spoilt_bytes(self) -> None:
        proof, bundle = encode(self.scene.proof()), encode_sequence(self.scene.ledger.bundle())
        for _ in range(300):
            self.answer(self.spoil(proof), bundle=False)
            self.answer(self.spoil(bundle), bundle=True)

    def test_spoilt_strings(self) -> None:
        """Changes inside byte strings whose lengths stay right."""
        for _ in range(150):
            proof = self.scene.proof()
            item = self.random.choice(proof[2])
            key = self.random.choice([0, 1])
            item[key] = self.spoil(item[key])
            self.answer(encode(proof), bundle=False)
            proof = self.scene.proof()
            word = self.random.choice(proof[5])
            word[1] = self.spoil(word[1])
            self.answer(encode(proof), bundle=False)

    def test_shuffled_entries(self) -> None:
        for _ in range(60):
            items = self.scene.ledger.bundle()
            block = self.random.choice(items[1:-1])
            self.random.shuffle(block[1])
            self.answer(encode_sequence(items), bundle=True)
            proof = self.scene.proof()
            entries = [item[0] for item in proof[2]]
            self.random.shuffle(entries)
            for item, entry in zip(proof[2], entries):
                item[0] = entry
                item.pop(2, None)
            self.answer(encode(proof), bundle=False)

    def test_noise(self) -> None:
        for size in range(300):
            data = bytes(self.random.randrange(256) for _ in range(size))
            self.answer(data, bundle=False)
            self.answer(data, bundle=True)


if __name__ == "__main__":
    unittest.main()
