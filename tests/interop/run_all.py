"""Runs the tests, the vectors and the files named; ends with `N passed, N failed, N skipped`."""

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import run_vectors  # noqa: E402  (needs the path above)
from yzp_reader.errors import Refused  # noqa: E402
from yzp_reader.verify import verify_proof  # noqa: E402


def run_tests() -> run_vectors.Counts:
    suite = unittest.defaultTestLoader.discover(str(HERE))
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    for case, why in result.skipped:
        print(f"SKIPPED python ({case.id()}): {why}")
    return run_vectors.Counts(result.testsRun - failed - skipped, failed, skipped)


def run_file(name: str) -> run_vectors.Counts:
    """A proof that is given is expected to be good."""
    try:
        report = verify_proof(Path(name).read_bytes())
    except (Refused, OSError) as error:
        print(f"FAILED {name}: {error}")
        return run_vectors.Counts(0, 1, 0)
    print(f"== {name}\n" + "\n".join(report.lines()))
    good = report.exit_code() == 0
    return run_vectors.Counts(int(good), int(not good), 0)


def main() -> int:
    total = run_tests()
    for name in sys.argv[1:]:
        total = total.plus(run_file(name))
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
