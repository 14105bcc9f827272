"""The vectors of whole files, and a few hundred files of the differential run without the other verifier."""

import json
import unittest
from random import Random

import make_verdicts
from differential import File, class_of
from forge import spoilt


class Verdicts(unittest.TestCase):
    def test_vectors(self) -> None:
        cases = json.loads(make_verdicts.FILE.read_text(encoding="utf-8"))["cases"]
        self.assertGreater(len(cases), 60)
        for case in cases:
            with self.subTest(case["name"]):
                file = File(case["kind"][0], case.get("policy", ""), bytes.fromhex(case["hex"]), case["name"])
                found, why = class_of(file)
                self.assertEqual(found, case["class"], why)

    def test_they_are_made_again(self) -> None:
        self.assertEqual(make_verdicts.FILE.read_text(encoding="utf-8"), make_verdicts.make())

    def test_spoilt_ledgers_of_one_seed_are_the_same(self) -> None:
        for number in range(20):
            self.assertEqual(spoilt.make(Random(number)), spoilt.make(Random(number)))


if __name__ == "__main__":
    unittest.main()
