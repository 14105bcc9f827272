"""Vectors of values and messages (§6). How text becomes a value, and what people see, are the
profiles' matter and not the format's: of those vectors only the resulting bytes are read."""

from typing import Any

from vectors_basic import Failures, expect, outcome, unhex
from yzp_reader import hashes, shape, values
from yzp_reader import numbers_listed as n


def _read(data: bytes) -> values.Value:
    return values.read_value(shape.read(data, "value"), "value")


def _accepted(failures: Failures, name: str, vector: Any) -> None:
    found = outcome(lambda: str(list(_read(unhex(vector["hex"])).findings)))
    expect(failures, name, found, str(vector["findings"]))


def value(document: Any) -> Failures:
    failures: Failures = []
    for vector in document["values"]:
        _accepted(failures, vector["name"], vector)
    for vector in document["refused"]:
        found = outcome(lambda: repr(_read(unhex(vector["hex"]))))
        expect(failures, vector["name"], found, "refused")
    for vector in document["readings"]:
        _accepted(failures, f"{vector['type']} {vector['text']!r}", vector)
    for vector in document["disclosures"]:
        _disclosure(failures, vector)
    return failures


def _disclosure(failures: Failures, vector: Any) -> None:
    raw = unhex(vector["hex"])
    disclosure = values.read_disclosure(raw, "disclosure")
    salt, found, name = shape.read(raw, "disclosure").value
    expect(failures, vector["name"], (salt.value.hex(), found.raw.hex(), name.value, disclosure.name),
           (vector["salt"], vector["value"], vector["field"], vector["field"]))
    expect(failures, vector["name"], hashes.digest(n.SHA256, raw).hex(), vector["sha256"])
    expect(failures, vector["name"], hashes.digest(n.SM3, raw).hex(), vector["sm3"])


def message(document: Any) -> Failures:
    failures: Failures = []
    for vector in document["read"]:
        names = [field["name"] for field in vector["fields"]]
        expect(failures, vector["name"], sorted(names, key=lambda name: name.encode()), names)
        for field in vector["fields"]:
            _accepted(failures, f"{vector['name']}, {field['name']}", field)
    return failures
