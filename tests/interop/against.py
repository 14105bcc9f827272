"""Holds another verifier against this one: every proof the tests build, good or spoilt, is given to it.

    python3 against.py ../../target/release/yinzheng verify

The command gets `[--policy FILE] FILE.yzp` and is expected to exit 0 (nothing contradicted), 1 (something
contradicted) or 2 (refused). Ends with `N passed, N failed`.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List

HERE = Path(__file__).resolve().parent
MODULES = ["test_good_proofs", "test_spoilt_proofs", "test_forged_ledgers", "test_statements", "test_outside",
           "test_ended_keys"]


def export(folder: str) -> None:
    """Runs the tests, which leave their proofs under the exit code of this reader."""
    os.environ["YZP_EXPORT"] = folder
    sys.path.insert(0, str(HERE))
    suite = unittest.defaultTestLoader.loadTestsFromNames(MODULES)
    if not unittest.TextTestRunner(verbosity=0).run(suite).wasSuccessful():
        sys.exit("this reader's own tests fail")


def ask(command: List[str], proof: Path) -> int:
    policy = proof.with_suffix(".json")
    options = ["--policy", str(policy)] if policy.exists() else []
    return subprocess.run([*command, *options, str(proof)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode


def main() -> int:
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        export(folder)
        for proof in sorted(Path(folder).glob("*/*.yzp")):
            mine = int(proof.parent.name)
            expected = 0 if mine == 3 else mine     # 3: not proven, which is no contradiction
            if (found := ask(command, proof)) == expected:
                passed += 1
            else:
                failed += 1
                print(f"FAILED {proof.stem}: {found} instead of {expected}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
