"""What was checked, and what came of it. Never one bare "valid"."""

from typing import List, NamedTuple

from .values import printable

PROVEN, CONTRADICTED, NOT_PROVEN, NOT_CHECKED = (
    "PROVEN", "CONTRADICTED", "NOT PROVEN", "NOT CHECKED")

# What a check is about.
INTEGRITY = "integrity"         # sealed bytes, trees, signatures, keys, commitments
ORIGIN = "origin"               # whose ledger, whose key: needs a policy
CONNECTION = "connection"       # to what may or may not stand in the same proof
WORDS = "words"                 # what parties and outsiders say


class Check(NamedTuple):
    group: str
    subject: str
    question: str
    verdict: str
    detail: str


class Report:
    """Checks in the order in which they were made, and notes that are no checks."""

    def __init__(self) -> None:
        self.checks: List[Check] = []
        self.notes: List[str] = []

    def add(self, group: str, subject: str, question: str, verdict: str, detail: str = "") -> None:
        self.checks.append(Check(group, subject, question, verdict, detail))

    def decide(self, group: str, subject: str, question: str, objection: str) -> bool:
        """PROVEN without an objection, else CONTRADICTED by it."""
        self.add(group, subject, question, CONTRADICTED if objection else PROVEN, objection)
        return not objection

    def note(self, text: str) -> None:
        self.notes.append(printable(text))

    def count(self, verdict: str, group: str = "") -> int:
        return sum(check.verdict == verdict and group in ("", check.group)
                   for check in self.checks)

    def exit_code(self) -> int:
        """0 nothing contradicted and all integrity checks proven, 1 something contradicted,
        3 nothing contradicted but some integrity check not proven."""
        if self.count(CONTRADICTED):
            return 1
        return 3 if self.count(NOT_PROVEN, INTEGRITY) else 0

    def first_line(self) -> str:
        origin = [check.verdict for check in self.checks
                  if check.group == ORIGIN and check.question == "ledger named in the policy"]
        if self.count(CONTRADICTED):
            return "Contradicted: at least one thing shown does not fit the rest."
        if origin and all(verdict == PROVEN for verdict in origin):
            return "Integrity and origin were checked; see each line."
        return "Integrity only, origin not proven for every ledger; see each line."

    def lines(self) -> List[str]:
        lines = [self.first_line()]
        for check in self.checks:
            detail = f" – {check.detail}" if check.detail else ""
            lines.append(printable(
                f"{check.verdict:<12} {check.group:<10} {check.subject}: {check.question}{detail}"))
        lines.extend(f"note         {note}" for note in self.notes)
        counts = ", ".join(f"{self.count(verdict)} {verdict}" for verdict in (
            PROVEN, CONTRADICTED, NOT_PROVEN, NOT_CHECKED))
        lines.append(f"total        {counts}")
        return lines
