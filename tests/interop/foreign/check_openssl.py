"""openssl over kits: every command of COMMANDS.txt, then once more over spoilt copies.

    python3 check_openssl.py KIT …
"""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import List

from kit import Checks, Command, Kit, kits, spoilt


def says_yes(folder: Path, command: Command) -> bool:
    done = subprocess.run(command.words, cwd=folder, capture_output=True, text=True)
    if command.digest is not None:
        return done.returncode == 0 and done.stdout.strip().endswith(command.digest)
    return done.returncode == 0 and ("Verified OK" in done.stdout or "Verified Successfully" in done.stdout)


def files_of(command: Command) -> List[str]:
    """The files that a command reads, without the key."""
    return [word for word in command.words if word.endswith((".bin", ".der", ".cbor"))]


def honest(checks: Checks, kit: Kit) -> None:
    for command in kit.commands():
        checks.expect(f"{kit.name}: {' '.join(command.words)}", says_yes(kit.folder, command))


def spoilt_copies(checks: Checks, kit: Kit) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / kit.name
        shutil.copytree(kit.folder, copy)
        for command in kit.commands():
            for name in files_of(command):
                data = kit.read(name)
                (copy / name).write_bytes(spoilt(data))
                checks.expect(f"{kit.name}: {name} spoilt", says_yes(copy, command), False)
                (copy / name).write_bytes(data)


def other_user_id(checks: Checks, kit: Kit) -> None:
    """SM2 signs its user ID too: without it, or with another, nothing verifies."""
    for command in kit.commands():
        words = command.words
        if "-pkeyopt" not in words:
            continue
        at = words.index("-pkeyopt")
        without = Command(words[:at] + words[at + 2:], None)
        other = Command(words[:at + 1] + ["distid:somebody"] + words[at + 2:], None)
        for wrong in (without, other):
            checks.expect(f"{kit.name}: {' '.join(wrong.words)}", says_yes(kit.folder, wrong), False)


def chain(checks: Checks, kit: Kit) -> None:
    """What COMMANDS.txt says about digests that stand in other files."""
    digest = {command.words[-1]: bytes.fromhex(command.digest)
              for command in kit.commands() if command.digest is not None}

    def stands(name: str, where: str) -> None:
        checks.expect(f"{kit.name}: digest of {name} in {where}", digest[name] in kit.read(where))

    checks.expect(f"{kit.name}: step-00.bin", kit.read("step-00.bin"), b"\0" + kit.read("entry.cbor"))
    for tree, top in (("step", "block-tbs.bin"), ("history", "head-tbs.bin")):
        steps = sorted(name for name in digest if name.startswith(f"{tree}-"))
        for name, after in zip(steps, [*steps[1:], top]):
            stands(name, after)
    if "history-00.bin" in digest:
        stands("block-tbs.bin", "history-00.bin")
        stands("sealed-block.cbor", "history-00.bin")
    for name in digest:
        if name.startswith("value-"):
            stands(name, "record.cbor")
    if "record.cbor" in digest:
        checks.expect(f"{kit.name}: record in the entry", kit.read("record.cbor") in kit.read("entry.cbor"))
    hash_name = "sha256" if kit.is_sha256() else "sm3"
    sealed = {hashlib.new(hash_name, kit.read(name)).digest()
              for name in ("sealed-block.cbor", "head-block.cbor") if (kit.folder / name).exists()}
    for name in kit.named("countersignature-*-tbs.bin"):
        tbs = kit.read(f"{name}-tbs.bin")
        checks.expect(f"{kit.name}: {name} is about a block of the kit", any(one in tbs for one in sealed))


def main() -> None:
    checks = Checks("openssl")
    for kit in kits():
        honest(checks, kit)
        spoilt_copies(checks, kit)
        other_user_id(checks, kit)
        chain(checks, kit)
    checks.end()


if __name__ == "__main__":
    main()
