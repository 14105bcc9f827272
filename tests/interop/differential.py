"""Two verifiers, many files, one verdict class for each: this reader against a program that answers like
`core/examples/verdict_classes.rs`.

    python3 differential.py [--count N] [--seed N] [--from FOLDER] [--keep FOLDER] PROGRAM [FILE.yzp …]

Files are made from a seed: ledgers whose entries, headers and words are spoilt before they are signed (`forge/spoilt.py`), and
ready files spoilt part by part and byte by byte (`forge/mutate.py`): proofs and bundles of its own, the files named, and those that
the tests left in FOLDER (`YZP_EXPORT`). Classes are `refused`, `contradicted`, `not-proven` (an entry is not proven to be sealed) and
`proven`; a bundle is read as a stream, so that for it the first two are one. Disagreements are told, and kept with --keep.
"""

import argparse
import functools
import hashlib
import multiprocessing
import struct
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Counter as Counts
from typing import List, NamedTuple, Optional, Tuple

from forge import spoilt
from forge.mutate import change_bytes, change_tree, closed, tree_of
from forge.encoder import encode
from yzp_reader import keys, sm2, sm3
from yzp_reader.bundle import verify_bundle
from yzp_reader.errors import Refused
from yzp_reader.policy import read_policy
from yzp_reader.report import CONTRADICTED, Report
from yzp_reader.verify import verify_proof

BATCH = 250
# The same signatures and points are met again and again.
keys.verify = functools.lru_cache(maxsize=100_000)(keys.verify)                 # type: ignore[assignment]
keys._good_point = functools.lru_cache(maxsize=10_000)(keys._good_point)        # type: ignore[assignment]
sm2.multiply = functools.lru_cache(maxsize=100_000)(sm2.multiply)               # type: ignore[assignment]
if "sm3" in hashlib.algorithms_available:       # the reader's own is written to be read, and slow
    sm3.digest = lambda data: hashlib.new("sm3", data).digest()


class File(NamedTuple):
    kind: str           # "p" proof, "b" bundle
    policy: str         # JSON, or empty
    data: bytes
    made: str           # how


def class_of(file: File) -> Tuple[str, str]:
    """The class, and what speaks against the file."""
    try:
        policy = read_policy(file.policy) if file.policy else None
        report = verify_bundle(file.data, policy) if file.kind == "b" else verify_proof(file.data, policy)
    except Refused as refusal:
        return "refused", str(refusal)
    return {0: "proven", 1: "contradicted", 3: "not-proven"}[report.exit_code()], _against(report)


def _against(report: Report) -> str:
    return "; ".join(f"{check.subject}: {check.question}: {check.detail}" for check in report.checks
                     if check.verdict == CONTRADICTED)


def ready(folder: Optional[str], names: List[str]) -> List[File]:
    """Files to spoil: this program's own, those named, and those in the folder with their policies."""
    files = [File("p", policy, data, "own") for data, policy in spoilt.good_proofs()]
    files += [File("b", "", data, "own") for data in spoilt.good_bundles()]
    paths = [Path(name) for name in names]
    if folder:
        paths += sorted(Path(folder).glob("*/*.yzp"))
    for path in paths:
        policy = path.with_suffix(".json")
        known = policy.read_text(encoding="utf-8") if policy.exists() else ""
        files.append(File("p", known, path.read_bytes(), path.stem))
    return [file for file in files if len(file.data) <= 200_000]


def make(bases: List[File], trees: "functools._lru_cache_wrapper[object]", seed: int, number: int) -> File:
    """File number `number`: first the ready ones as they are."""
    if number < len(bases):
        return bases[number]
    random = Random(f"{seed}/{number}")
    if random.random() < 0.55:
        kind, data, policy, made = spoilt.make(random)
        return File(kind, policy, data, made)
    at = random.randrange(len(bases))
    base = bases[at]
    if base.kind == "p" and random.random() < 0.6:
        tree = trees(at)
        if tree is not None:
            changed = tree
            for _ in range(random.choice((1, 1, 1, 2))):
                changed = change_tree(random, changed)
            return base._replace(data=encode(closed(changed)), made=f"parts of {base.made}")
    return base._replace(data=change_bytes(random, base.data), made=f"bytes of {base.made}")


def ask(program: str, files: List[File]) -> List[str]:
    frames = []
    for file in files:
        policy = file.policy.encode()
        frames.append(file.kind.encode() + struct.pack("<I", len(policy)) + policy
                      + struct.pack("<I", len(file.data)) + file.data)
    answer = subprocess.run([program], input=b"".join(frames), stdout=subprocess.PIPE, check=True).stdout.decode()
    lines = answer.splitlines()
    assert len(lines) == len(files), "an answer for each file"
    return lines


def differ(mine: str, theirs: str, kind: str) -> bool:
    bad = ("refused", "contradicted")
    return mine != theirs and not (kind == "b" and mine in bad and theirs in bad)


class Result(NamedTuple):
    classes: Counts[str]
    apart: List[Tuple[File, str, str]]


def run(program: str, bases: List[File], seed: int, numbers: range) -> Result:
    @functools.lru_cache(maxsize=64)
    def trees(at: int) -> object:
        try:
            return tree_of(bases[at].data)
        except Refused:
            return None

    files = [make(bases, trees, seed, number) for number in numbers]
    classes: Counts[str] = Counter()
    apart = []
    for file, answer in zip(files, ask(program, files)):
        theirs, _, why = answer.partition(" ")
        mine, objection = class_of(file)
        classes[f"{'bundle' if file.kind == 'b' else 'proof'} {mine}"] += 1
        if differ(mine, theirs, file.kind):
            apart.append((file, f"{mine} ({objection})", f"{theirs} ({why})"))
    return Result(classes, apart)


def _work(job: Tuple[str, List[File], int, range]) -> Result:
    return run(*job)


def main() -> int:
    parser = argparse.ArgumentParser(description="Two verifiers, many files.")
    parser.add_argument("program")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--from", dest="folder")
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    bases = ready(arguments.folder, arguments.files)
    jobs = [(arguments.program, bases, arguments.seed, range(at, min(at + BATCH, arguments.count)))
            for at in range(0, arguments.count, BATCH)]
    classes: Counts[str] = Counter()
    apart = 0
    with multiprocessing.Pool(arguments.workers) as pool:
        for result in pool.imap(_work, jobs):
            classes += result.classes
            for file, mine, theirs in result.apart:
                apart += 1
                if apart <= 20:
                    print(f"APART {file.made}: here {mine}, there {theirs}", flush=True)
                if arguments.keep:
                    keep(Path(arguments.keep), apart, file)
    for name, count in sorted(classes.items()):
        print(f"{count:>8} {name}")
    total = sum(classes.values())
    print(f"{total - apart} passed, {apart} failed, 0 skipped")
    return 1 if apart or not total else 0


def keep(folder: Path, number: int, file: File) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}{'.bundle' if file.kind == 'b' else '.yzp'}"
    path.write_bytes(file.data)
    if file.policy:
        path.with_suffix(".json").write_text(file.policy, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
