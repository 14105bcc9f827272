"""Vectors of what is said (§4, §5, §12): time claims, numbers, records, key entries, statements.
`tests/vectors/README.md` describes them. A refused case must be refused here or be contradicted."""

from typing import Any, Callable, Dict, Optional

from vectors_basic import Failures, expect, unhex
from yzp_reader import entries, hashes, key_history, keys, readable_numbers, shape, values
from yzp_reader import numbers_listed as n
from yzp_reader.errors import Refused
from yzp_reader.hashes import Digest
from yzp_reader.key_entries import KeyEntry, read_key_entry
from yzp_reader.records import Record
from yzp_reader.statements import Statement
from yzp_reader.timeclaim import Moment, TimeClaim, read_time_claim
from yzp_reader.view import Placed

Facts = Dict[str, Any]


class Contradicted(Exception):
    """The bytes are well formed, and a check on them fails or they are not understood."""


def cases(read: Callable[[Any], Facts]) -> Callable[[Any], Failures]:
    """A checker of a file whose cases `read` turns into facts."""
    def check(document: Any) -> Failures:
        failures: Failures = []
        for case in document["cases"]:
            compare(failures, case, read)
        return failures
    return check


def compare(failures: Failures, case: Any, read: Callable[[Any], Facts]) -> None:
    try:
        found: Any = {key: value for key, value in read(case).items() if value is not None}
    except (Refused, Contradicted) as error:
        found = str(error)
    if case["result"] == "ok":
        expect(failures, case["name"], found, case["facts"])
    elif isinstance(found, dict):
        failures.append(f"{case['name']}: accepted instead of {case['result']}")


def digest_text(digest: Optional[Digest]) -> Optional[str]:
    if digest is None:
        return None
    return {n.SHA256: "sha256:", n.SM3: "sm3:"}[digest.algorithm] + digest.value.hex()


def read_digest_text(text: str) -> Digest:
    name, value = text.split(":")
    return Digest({"sha256": n.SHA256, "sm3": n.SM3}[name], unhex(value))


def hex_of(data: Optional[bytes]) -> Optional[str]:
    return None if data is None else data.hex()


def key_facts(key: keys.PublicKey) -> Facts:
    facts = {"cose_key": key.raw.hex()}
    if key.algorithm == n.SM2:
        facts["sm2_id"] = key.sm2_id.hex()
    return facts


def read_key(facts: Any) -> keys.PublicKey:
    key = keys.read_key(shape.read(unhex(facts["cose_key"]), "key"), "key")
    return key._replace(sm2_id=unhex(facts["sm2_id"])) if "sm2_id" in facts else key


def _moment(moment: Optional[Moment]) -> Optional[Facts]:
    if moment is None:
        return None
    facts: Facts = {"ms": moment.milliseconds, "offset_minutes": moment.offset}
    if moment.original is not None:
        facts["original"] = moment.original
    return facts


def time_facts(claim: TimeClaim) -> Facts:
    facts: Facts = {
        "occurred": _moment(claim.happened), "captured": _moment(claim.captured), "tier": claim.tier,
        "sync_age_ms": claim.sync_age, "uncertainty_ms": claim.uncertainty,
        "monotonic_ms": claim.monotonic, "boot_id": hex_of(claim.boot_id)}
    if claim.not_before is not None:
        facts["not_before"] = {"kind": claim.not_before[0], "digest": digest_text(claim.not_before[1])}
    return {key: value for key, value in facts.items() if value is not None}


def read_time(case: Any) -> Facts:
    return time_facts(read_time_claim(shape.read(unhex(case["hex"]), "time"), "time"))


def read_number(case: Any) -> Facts:
    letter, value = readable_numbers.read_number(unhex(case["hex"]).decode("utf-8"))
    bits = value.to_bytes(16, "big") if letter == "D" else (value << 6).to_bytes(17, "big")
    return {"letter": letter, "bits": bits.hex()}


def record_facts(record: Record) -> Facts:
    return {
        "hash": record.hash, "digest": digest_text(record.digest()),
        "number": readable_numbers.record_number(record.digest().value),
        "profile": [record.profile_id, record.profile_version, digest_text(record.profile_digest)],
        "dossier": record.dossier.hex(), "place": record.place,
        "citations": [[cited.relation, digest_text(cited.digest)] for cited in record.citations],
        "fields": [[name, value.hex()] for name, value in record.fields.items()],
        "time": time_facts(record.time), "supersedes": digest_text(record.supersedes)}


def read_record(case: Any) -> Facts:
    entry = entries.read_entry(unhex(case["hex"]))
    if not isinstance(entry.body, Record):
        raise Contradicted("no record, or not understood")
    for raw in case.get("disclosures", []):
        disclosure = values.read_disclosure(unhex(raw), "disclosure")
        commitment = entry.body.fields.get(disclosure.name)
        if commitment != hashes.digest(entry.body.hash, disclosure.raw):
            raise Contradicted("the commitment is of other bytes")
    return record_facts(entry.body)


def read_key_case(case: Any) -> Facts:
    raw = unhex(case["hex"])
    # The vectors' own ledger hashes with SM3 where it has an id.
    ledger = read_digest_text(case["ledger_id"]) if "ledger_id" in case else Digest(n.SM3, bytes(32))
    if case.get("first"):
        return key_entry_facts(_first_key(raw), ledger.algorithm)
    entry = entries.read_entry(raw).body
    if not isinstance(entry, KeyEntry):
        raise Contradicted("no key entry, or not understood")
    if entry.possession is not None:
        objection = key_history.possession_objection(entry, ledger)
        if objection:
            raise Contradicted(objection)
    return key_entry_facts(entry, ledger.algorithm)


def _first_key(raw: bytes) -> KeyEntry:
    found = shape.members(shape.read(raw, "first key"), "first key", (0, 1))
    shape.choice(found[0], "first key", (3,))
    return read_key_entry(found, raw, embedded=True)


def key_entry_facts(entry: KeyEntry, algorithm: int) -> Facts:
    return {
        "kid": entry.digest(algorithm).hex(), "action": entry.action, "role": entry.role,
        "key": key_facts(entry.key) if entry.key else None,
        "thumbprint": entry.key.thumbprint().hex() if entry.key else None,
        "custody": entry.custody,
        "certificates": [one.hex() for one in entry.certificates] or None,
        "attestation": [entry.attestation[0], entry.attestation[1].hex()] if entry.attestation else None,
        "effective_ms": entry.effective_ms, "previous": hex_of(entry.before), "epoch": entry.epoch,
        "reason": entry.revoke_reason, "next_key": hex_of(entry.next_key)}


def read_chain(case: Any) -> Facts:
    """Key entries in order, each at a height; the order within a block is the order given."""
    ledger = read_digest_text(case["ledger_id"])
    history = key_history.KeyHistory(ledger, _first_key(unhex(case["first"])))
    revoked: Dict[bytes, Any] = {}
    last = 0
    for index, item in enumerate(case["entries"], 1):
        entry = entries.read_entry(unhex(item["hex"]))
        placed = Placed(ledger.value, ledger.algorithm, item["height"], index, entry, ())
        objection = history.add(placed, entry.body)
        if objection:
            raise Contradicted(objection)
        if entry.body.revoke_reason is not None:
            revoked[entry.body.before] = [item["height"], entry.body.revoke_reason]
        last = item["height"]
    heights = range(last + 2 if case["entries"] else 1)
    facts = []
    for kid, party in history.parties.items():
        fact = {"kid": kid.hex(), "role": party.entry.role, "since": party.since[0],
                "epoch": party.entry.epoch, "ended": party.until[0] if party.until else None,
                "revoked": revoked.get(kid)}
        facts.append({key: value for key, value in fact.items() if value is not None})
    return {"keys": facts, "in_force_by_height": [history.at(height).kid.hex() for height in heights]}


def key(document: Any) -> Failures:
    failures: Failures = []
    for case in document["cases"]:
        compare(failures, case, read_key_case)
    for case in document["chains"]:
        compare(failures, case, read_chain)
    return failures


def read_statement(case: Any) -> Facts:
    raw = unhex(case["hex"])
    entry = entries.read_entry(raw)
    statement = entry.body
    if not isinstance(statement, Statement) or statement.content is None:
        raise Contradicted("no statement, or not understood")
    key = read_key(case["key"])
    if statement.message.algorithm != key.algorithm:
        raise Contradicted("alg is not the key's")
    objection = keys.verify(key, statement.message.signature, statement.to_be_signed())
    if objection:
        raise Contradicted(objection)
    record = isinstance(statement.content, Record)
    digest = statement.content.digest() if isinstance(statement.content, Record) \
        else statement.content.record
    return {
        "entry_digest": digest_text(hashes.digest_of(n.SHA256, raw)),
        "alg": statement.message.algorithm, "kid": statement.kid.hex(), "role": statement.role,
        "issued_at": statement.signed_at, "displayed": digest_text(statement.displayed),
        "audience": digest_text(statement.meant_for),
        "certificates": [one.hex() for one in statement.certificates] or None,
        "payload": "record" if record else "reference", "record_digest": digest_text(digest),
        "record_number": readable_numbers.record_number(digest.value),
        "to_be_signed": statement.to_be_signed().hex(),
        "unknown_optional": True if entry.unknown else None}
