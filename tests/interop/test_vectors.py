"""The shared vectors, one test for each file."""

import contextlib
import io
import unittest
from pathlib import Path
from typing import Callable

import run_vectors


class Vectors(unittest.TestCase):
    """Filled below."""


def _test(path: Path) -> Callable[[unittest.TestCase], None]:
    def test(case: unittest.TestCase) -> None:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            counts = run_vectors.run_file(path)
        case.assertEqual((counts.passed, counts.failed), (1, 0), said.getvalue())
    return test


for _path in sorted(run_vectors.FOLDER.glob("*.json")):
    setattr(Vectors, f"test_{_path.stem}", _test(_path))


if __name__ == "__main__":
    unittest.main()
