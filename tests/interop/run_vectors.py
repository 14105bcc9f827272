"""Runs tests/vectors/*.json. A file of a form that is not known here is reported as skipped.

    python3 run_vectors.py [FOLDER]
"""

import json
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple

import vectors_basic
import vectors_format
import vectors_proof
import vectors_sealed
import vectors_sm2
import vectors_values
import vectors_verdict

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "vectors"


class Counts(NamedTuple):
    passed: int
    failed: int
    skipped: int

    def plus(self, other: "Counts") -> "Counts":
        return Counts(*(a + b for a, b in zip(self, other)))


# file name without .json: what checks its parsed content and returns the failures
CHECKERS: Dict[str, Callable[[Any], List[str]]] = {
    "codec": vectors_basic.codec,
    "hash": vectors_basic.hash_vectors,
    "merkle": vectors_basic.merkle,
    "signature": vectors_basic.signature,
    "sm2_negative": vectors_sm2.negative,
    "time": vectors_format.cases(vectors_format.read_time),
    "number": vectors_format.cases(vectors_format.read_number),
    "record": vectors_format.cases(vectors_format.read_record),
    "key": vectors_format.key,
    "statement": vectors_format.cases(vectors_format.read_statement),
    "entry": vectors_format.cases(vectors_sealed.read_entry),
    "block": vectors_sealed.block,
    "receipt": vectors_format.cases(vectors_sealed.read_receipt),
    "countersignature": vectors_format.cases(vectors_sealed.read_countersignature),
    "bundle": vectors_sealed.bundles,
    "value": vectors_values.value,
    "message": vectors_values.message,
    "proof": vectors_proof.proof,
    "profile": vectors_proof.profile,
    "policy": vectors_proof.policy,
    "verdict": vectors_verdict.verdict,
}


def run_file(path: Path) -> Counts:
    checker = CHECKERS.get(path.stem)
    if checker is None:
        print(f"FAILED {path.name}: a form this runner does not know")
        return Counts(0, 1, 0)
    failures = checker(json.loads(path.read_text(encoding="utf-8")))
    for failure in failures:
        print(f"FAILED {path.name}: {failure}")
    return Counts(int(not failures), int(bool(failures)), 0)


def run(folder: Path) -> Counts:
    total = Counts(0, 0, 0)
    for path in sorted(folder.glob("*.json")):
        total = total.plus(run_file(path))
    return total


def main() -> int:
    total = run(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
