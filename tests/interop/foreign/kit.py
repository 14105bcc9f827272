"""What the checks of one foreign tool have in common: kits, spoilt copies, counting."""

import re
import sys
from pathlib import Path
from typing import Callable, List, NamedTuple, Optional


class Command(NamedTuple):
    """A line of COMMANDS.txt; a hash has the digest that it must print."""
    words: List[str]
    digest: Optional[str]


class Kit:
    """A folder made by `yinzheng export --kit`."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.name = self.folder.name

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def named(self, pattern: str) -> List[str]:
        """`statement-*-tbs.bin` gives `statement-1`, `statement-2` …"""
        suffix = pattern.rpartition("*")[2]
        return sorted(path.name[:-len(suffix)] for path in self.folder.glob(pattern))

    def root(self) -> bytes:
        """The signed root: the last 32 bytes of the block's to-be-signed bytes."""
        return self.read("block-tbs.bin")[-32:]

    def is_sha256(self) -> bool:
        return "\nopenssl dgst -sha256 step-00.bin" in self.read("COMMANDS.txt").decode()

    def is_sm2(self) -> bool:
        return "\nblock (SM2" in self.read("COMMANDS.txt").decode()

    def commands(self) -> List[Command]:
        lines = self.read("COMMANDS.txt").decode().splitlines()
        found = []
        for line, after in zip(lines, lines[1:] + [""]):
            if line.startswith("openssl "):
                digest = re.fullmatch(r"    ([0-9a-f]{64})(  .*)?", after)
                found.append(Command(line.split(" "), digest.group(1) if digest else None))
        return found


def spoilt(data: bytes, at: int = -1) -> bytes:
    """The same with one bit changed."""
    copy = bytearray(data)
    copy[at] ^= 1
    return bytes(copy)


class Checks:
    """Counts; `main` ends the program."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        self.passed = self.failed = 0

    def expect(self, what: str, found: object, expected: object = True) -> None:
        if found == expected:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {self.tool}: {what}: {found!r} instead of {expected!r}")

    def accepts(self, what: str, verify: Callable[[], bool], expected: bool = True) -> None:
        """An exception of the tool is a refusal."""
        try:
            found = bool(verify())
        except Exception as error:  # noqa: BLE001  (any tool's own)
            found = False
            if expected:
                print(f"{self.tool}: {what}: {error!r}")
        self.expect(what, found, expected)

    def refuses(self, what: str, verify: Callable[[], bool]) -> None:
        self.accepts(f"{what}, spoilt", verify, False)

    def end(self) -> None:
        print(f"{self.tool}: {self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


def kits() -> List[Kit]:
    return [Kit(folder) for folder in sys.argv[1:]]
