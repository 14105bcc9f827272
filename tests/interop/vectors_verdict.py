"""Vectors of whole files: the class that every verifier must give them (§14)."""

from typing import Any

from differential import File, class_of, differ
from vectors_basic import Failures


def verdict(document: Any) -> Failures:
    failures: Failures = []
    for case in document["cases"]:
        file = File(case["kind"][0], case.get("policy", ""), bytes.fromhex(case["hex"]), case["name"])
        found, why = class_of(file)
        if differ(found, case["class"], file.kind):
            failures.append(f"{case['name']}: {found} ({why}), not {case['class']}")
    return failures
