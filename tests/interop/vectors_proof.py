"""Vectors of whole proofs (§10, §14), profile files (§16) and policies."""

from typing import Any

from vectors_basic import Failures, expect, outcome, unhex, wanted
from yzp_reader.errors import Refused
from yzp_reader.policy import read_policy
from yzp_reader.profile import read_profile
from yzp_reader.verify import verify_proof

OUTCOMES = {0: "ok", 1: "contradicted", 3: "not-proven"}


def _outcome(case: Any) -> str:
    try:
        policy = read_policy(case["policy"].encode()) if "policy" in case else None
        return OUTCOMES[verify_proof(unhex(case["hex"]), policy).exit_code()]
    except Refused:
        return "refused"


def proof(document: Any) -> Failures:
    """The class of the outcome; the names of checks and errors are the library's own."""
    failures: Failures = []
    for case in document["cases"]:
        result = case["result"]
        expect(failures, case["name"], _outcome(case), result if result in OUTCOMES.values() else "refused")
    return failures


def profile(document: Any) -> Failures:
    failures: Failures = []
    for case in document["cases"]:
        if case["result"] == "ok" or case["format"]:
            found = outcome(lambda: str(read_profile(unhex(case["hex"])) and "ok"))
            expect(failures, case["name"], found, wanted(case["result"]))
    return failures


def policy(document: Any) -> Failures:
    failures: Failures = []
    for case in document["cases"]:
        found = outcome(lambda: str(read_policy(unhex(case["hex"])) and "ok"))
        expect(failures, case["name"], found, wanted(case["result"]))
    return failures
