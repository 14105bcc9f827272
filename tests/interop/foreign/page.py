"""Runs the commands of docs/verify-without-us.md, word for word, over one proof.

    python3 page.py PAGE PROOF POLICY NUMBER ALGORITHM

Blocks marked ```sh run in one shell, in their order. Words behind `sh` name the algorithms that a block is for; `pip` says that it
installs something, and without a network it is skipped aloud. A ```text block after it lists what the output must hold, line by
line in this order; a … stands for anything.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, List, NamedTuple

HASHES = {"p256": "sha256", "ed25519": "sha256", "sm2": "sm3"}


class Block(NamedTuple):
    marks: List[str]
    commands: str
    expected: List[str]


def blocks(page: str) -> Iterator[Block]:
    for found in re.finditer(r"^```sh *([a-z0-9 ]*)\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", page, re.M | re.S):
        yield Block(found.group(1).split(), found.group(2), (found.group(3) or "").splitlines())


def holds(output: str, expected: List[str]) -> bool:
    pattern = ".*".join(re.escape(line).replace("…", ".+") for line in expected)
    return re.search(pattern, output, re.S) is not None


def run(block: Block, folder: Path, environment: dict) -> str:
    done = subprocess.run(["sh", "-ec", block.commands], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        return f"exit {done.returncode}: {done.stdout}{done.stderr}"
    return "" if holds(done.stdout, block.expected) else f"not as expected: {done.stdout}{done.stderr}"


def main() -> int:
    page, proof, policy, number, algorithm = sys.argv[1:]
    environment = {**os.environ, "NUMBER": number, "HASH": HASHES[algorithm]}
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(proof, folder / "dossier.yzp")
        shutil.copy(policy, folder / "policy.json")
        for block in blocks(Path(page).read_text(encoding="utf-8")):
            algorithms = [mark for mark in block.marks if mark in HASHES]
            if algorithms and algorithm not in algorithms:
                continue
            where = folder / "kit" if (folder / "kit").exists() else folder
            problem = run(block, where, environment)
            if problem and "pip" in block.marks and "No matching distribution" in problem:
                print(f"SKIPPED foreign (page): {algorithm}: no network to install from")
                skipped += 1
            elif problem:
                print(f"FAILED page: {algorithm}:\n{block.commands}{problem}")
                failed += 1
            else:
                passed += 1
    print(f"page, {algorithm}: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
