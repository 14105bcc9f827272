"""The vectors of whole files are made again, and so are the files of the differential run."""

import unittest
from random import Random

import make_verdicts
from forge import spoilt


class Verdicts(unittest.TestCase):
    def test_they_are_made_again(self) -> None:
        self.assertEqual(make_verdicts.FILE.read_text(encoding="utf-8"), make_verdicts.make())

    def test_spoilt_ledgers_of_one_seed_are_the_same(self) -> None:
        for number in range(20):
            self.assertEqual(spoilt.make(Random(number)), spoilt.make(Random(number)))


if __name__ == "__main__":
    unittest.main()
