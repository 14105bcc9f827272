"""One matter in one ledger, with something of every kind; the tests spoil parts of it."""

import json
import os
import unittest
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from yzp_reader.errors import Refused
from yzp_reader.hashes import Digest
from yzp_reader.keys import read_key
from yzp_reader.numbers_listed import HASHES
from yzp_reader.policy import NamedKey, Policy
from yzp_reader.report import CONTRADICTED, NOT_PROVEN, Report
from yzp_reader.shape import read
from yzp_reader.verify import verify_proof

from . import builder, signers
from .builder import Ledger
from .encoder import decimal, encode
from .messages import digest, disclosure, record, statement, time_claim

PROFILE = '{"profile":"loan.disbursement","version":1}'.encode()
FIELDS: Dict[str, Any] = {
    "loan.amount": {0: 3, 1: decimal(-2, 2_000_000), 2: "20000.00", 4: "CNY"},
    "loan.purpose": "日常消费",
    "loan.rate": {0: 4, 1: decimal(-2, 1_340), 2: "13.40", 4: "%/a"},
    "subject.name": {0: 12, 1: "张*", 4: "name"},
    "subject.note": None,
    "subject.remark": "",
}
DOSSIER = b"D" * 16


class Scene:
    """Six blocks: genesis; record and keys; statements; rotation; refusal and tombstone; end."""

    def __init__(self, hash_alg: int, alg: int) -> None:
        self.alg = hash_alg
        self.ledger_key = signers.make(alg, "ledger 0")
        self.second_key = signers.make(alg, "ledger 1")
        self.customer = signers.make(alg, "customer")
        self.notary = signers.make(alg, "notary")
        self.ledger = Ledger(hash_alg, self.ledger_key,
                             next_key=digest(hash_alg, self.second_key.key_bytes()))
        self.places: Dict[str, Tuple[int, int]] = {"opened": (0, 1)}
        self.ledger.seal()
        self._record_block()
        self._statement_block()
        self.places["rotation"] = self.ledger.rotate(self.second_key)
        self.ledger.seal()
        self._refusal_block()
        self._last_block()

    def _record_block(self) -> None:
        self.record = encode(record(self.alg, FIELDS, PROFILE))
        self.places["record"] = self.ledger.add(self.record)
        self.places["customer key"], self.customer_kid = self.ledger.enrol(2, self.customer)
        self.places["link 1"] = (self.ledger.seal(), 0)

    def _statement_block(self) -> None:
        before = [0, [self.alg, digest(self.alg, self.record)]]
        self.signed = encode(record(self.alg, {"loan.amount": "1"}, PROFILE, place=1,
                                    citations=[before]))
        extra = {-65545: [self.alg, b"S" * 32], -65546: self.ledger.digest}
        self.places["statement"] = self.ledger.add(statement(
            self.customer, self.customer_kid, 1, self.signed, self.alg, claims=extra))
        self.places["reference"] = self.ledger.add(statement(
            self.ledger_key, self.ledger.kid, 3, self.signed, self.alg, reference=True))
        self.places["outsider"] = self.ledger.add(statement(
            self.notary, self.notary.thumbprint(), 9, self.signed, self.alg, reference=True))
        self.places["link 2"] = (self.ledger.seal(), 0)

    def _refusal_block(self) -> None:
        dropped = [self.alg, b"R" * 32]     # the record that was not signed
        facts = {1: DOSSIER, 2: 2, 3: dropped, 4: 1, 5: [self.alg, digest(self.alg, self.signed)]}
        self.refused = encode({0: 6, 1: 5, 2: time_claim(), 3: facts})
        self.places["refused"] = self.ledger.add(self.refused)
        reference = digest(self.alg, disclosure("reference", "letter 1"))
        self.places["tombstone"] = self.ledger.add({
            0: 4, 1: [[self.alg, digest(self.alg, self.record)]], 2: ["loan.purpose"], 3: 2,
            4: reference, 5: time_claim()})
        self.places["hold"] = self.ledger.add({
            0: 5, 1: 1, 2: [[self.alg, digest(self.alg, self.record)]], 3: 1, 4: reference,
            5: time_claim()})
        self.places["link 4"] = (self.ledger.seal(), 0)

    def _last_block(self) -> None:
        last = self.ledger.blocks[-1]
        time = time_claim(_7=[2, [self.alg, last.sealed_digest]])
        body = record(self.alg, {}, PROFILE, place=3, _7=time,
                      citations=[[0, [self.alg, b"R" * 32]],
                                 [2, [self.alg, digest(self.alg, self.record)]]])
        self.places["last record"] = self.ledger.add(body)
        self.places["closed"] = self.ledger.add({0: 6, 1: 2, 2: time_claim()})
        self.ledger.seal()

    def shown(self) -> Dict[Tuple[int, int], List[bytes]]:
        shown: Dict[Tuple[int, int], List[bytes]] = {place: [] for place in self.places.values()}
        shown[self.places["record"]] = [
            disclosure(name, FIELDS[name])
            for name in ("loan.amount", "loan.rate", "subject.name", "subject.note",
                         "subject.remark")]
        shown[self.places["statement"]] = [disclosure("loan.amount", "1")]
        shown[self.places["tombstone"]] = [disclosure("reference", "letter 1")]
        return shown

    def outside(self) -> List[Any]:
        sealed = self.ledger.blocks[4].sealed_digest
        receipt = encode({0: "chain", 1: "1", 3: 7, 5: 1_750_000_000_000, 7: b"raw"})
        return [
            builder.outside(1, builder.countersignature(self.notary, self.ledger, 4), self.ledger,
                            sealed),
            builder.outside(3, receipt, self.ledger, digest(self.alg, self.record), 2)]

    def proof(self) -> Dict[int, Any]:
        return builder.proof([(self.ledger, self.shown())], [PROFILE], self.outside())

    def item(self, proof: Dict[int, Any], name: str) -> Dict[int, Any]:
        """The item of that entry in a proof structure."""
        raw = self.ledger.blocks[self.places[name][0]].entries[self.places[name][1]]
        return next(item for item in proof[2] if item[0] == raw)

    def policy(self) -> Policy:
        key = read_key(read(self.notary.key_bytes(), "key"), "key")
        return Policy({Digest(self.alg, self.ledger.id): "Example Bank"},
                      {self.notary.thumbprint(): NamedKey("Example Notary", key, "notary")})


def write_policy(policy: Policy) -> str:
    """The JSON of docs/verdicts.md."""
    def key(named: NamedKey) -> Dict[str, Any]:
        found = {"cose_key": named.key.raw.hex(), "role": named.role, "name": named.name}
        if named.key.algorithm == -66002:
            found["sm2_id"] = named.key.sm2_id.decode()
        return found

    return json.dumps({
        "ledgers": [{"id": ledger.value.hex(), "hash": HASHES[ledger.algorithm], "name": name}
                    for ledger, name in policy.ledgers.items()],
        "keys": [key(named) for named in policy.keys.values()],
        "revoked": [{"thumbprint": one.hex(), "since_ms": since} for one, since in policy.ended.items()]})


class ProofCase(unittest.TestCase):
    """Says what a spoilt proof must lead to."""

    exported = 0

    def report(self, proof: Any, policy: Optional[Policy] = None) -> Report:
        data = proof if isinstance(proof, bytes) else encode(proof)
        try:
            report = verify_proof(data, policy)
        except Refused:
            self.export(data, 2, policy)
            raise
        self.export(data, report.exit_code(), policy)
        return report

    def export(self, data: bytes, code: int, policy: Optional[Policy]) -> None:
        """With YZP_EXPORT=FOLDER each proof of each test is kept under its exit code, so that
        other verifiers can be held against this one."""
        folder = os.environ.get("YZP_EXPORT")
        if folder:
            ProofCase.exported += 1
            path = Path(folder) / str(code) / f"{self._testMethodName}-{ProofCase.exported}.yzp"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            if policy is not None:
                path.with_suffix(".json").write_text(write_policy(policy), encoding="utf-8")

    def assert_refused(self, proof: Any, words: str) -> None:
        with self.assertRaises(Refused) as caught:
            self.report(proof)
        self.assertIn(words, str(caught.exception))

    def assert_contradicted(self, proof: Any, words: str, policy: Optional[Policy] = None) -> None:
        self._assert_verdict(proof, CONTRADICTED, words, 1, policy)

    def assert_not_proven(self, proof: Any, words: str, code: int = 0,
                          policy: Optional[Policy] = None) -> None:
        self._assert_verdict(proof, NOT_PROVEN, words, code, policy)

    def _assert_verdict(self, proof: Any, verdict: str, words: str, code: int,
                        policy: Optional[Policy]) -> None:
        report = self.report(proof, policy)
        lines = [f"{check.subject}: {check.question}: {check.detail}" for check in report.checks
                 if check.verdict == verdict]
        self.assertTrue(any(words in line for line in lines),
                        f"{words!r} in no {verdict} line of\n" + "\n".join(report.lines()))
        self.assertEqual(report.exit_code(), code, "\n".join(report.lines()))


