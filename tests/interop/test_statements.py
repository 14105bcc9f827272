"""What parties say, and the line of a dossier (§5.2, §5.3, §14.7–8)."""

import unittest
from typing import Any, Dict, Tuple

from forge import builder, der, signers
from forge.builder import Ledger
from forge.encoder import encode
from forge.messages import digest, key_claims, key_entry, record, statement, time_claim
from forge.scenes import DOSSIER, PROFILE, ProofCase
from yzp_reader.keys import read_key
from yzp_reader.policy import NamedKey, Policy
from yzp_reader.report import PROVEN
from yzp_reader.shape import read

RECORD = encode(record(-16, {"a": "1"}, PROFILE))


def policy_of(*known: signers.Signer, role: str = "customer") -> Policy:
    return Policy({}, {one.thumbprint(): NamedKey("somebody", read_key(read(one.key_bytes(), "key"), "key"), role)
                       for one in known})


class Statements(ProofCase):
    def setUp(self) -> None:
        self.customer: signers.Signer = signers.P256("customer")
        self.ledger = Ledger(-16, signers.Ed25519("ledger"))
        self.ledger.seal()
        self.key_place, self.kid = self.ledger.enrol(2, self.customer)

    def show(self, entry: bytes, *others: Tuple[int, int]) -> Dict[int, Any]:
        place = self.ledger.add(entry)
        self.ledger.seal()
        shown: Dict[Tuple[int, int], Any] = {place: (), self.key_place: ()}
        shown.update({other: () for other in others})
        return builder.proof([(self.ledger, shown)], [PROFILE] if RECORD in entry else [])

    def say(self, **how: Any) -> bytes:
        return statement(how.pop("signer", self.customer), how.pop("kid", self.kid),
                         how.pop("role", 1), RECORD, -16, **how)

    def test_good(self) -> None:
        report = self.report(self.show(self.say()))
        self.assertEqual(report.exit_code(), 0)
        self.assertIn("signature by the customer key", "\n".join(report.lines()))

    def test_contradicted(self) -> None:
        for how, words in (
                ({"claims": {-65546: [-16, bytes(32)]}}, "meant for another"),
                ({"claims": {-65546: [-66003, self.ledger.id]}}, "meant for another"),
                ({"signer": signers.P256("other")}, "does not match"),
                ({"signer": signers.Ed25519("c")}, "alg is not"),
                *(({"role": role}, "another role") for role in (2, 3, 4, 5, 8, 9, 10))):
            self.setUp()
            self.assert_contradicted(self.show(self.say(**how)), words)

    def test_refused_signatures(self) -> None:
        high = signers.P256("customer").sign(b"x", high=True)
        for signature, words in ((bytes(64), "out of range"), (high, "s is high"), (b"\xff" * 64, "out of range"),
                                 (bytes(31) + b"\1" + bytes(32), "out of range"), (high[:63], "63 bytes")):
            self.setUp()
            self.assert_refused(self.show(self.say(signature=signature)), words)

    def test_certificates(self) -> None:
        good = der.certificate_of(self.customer.members)
        other = der.certificate_of(signers.P256("other").members)
        for certificate, imprint, words in (
                (good, good, None), (other, other, "of another key"),
                (b"\x30\x00", b"\x30\x00", "cannot be read"), (b"x", b"x", "cannot be read")):
            self.setUp()
            labels = {33: certificate, 34: [-16, digest(-16, imprint)]}
            proof = self.show(self.say(labels=labels))
            if words is None:
                self.assertEqual(self.report(proof).exit_code(), 0)
            else:
                self.assert_contradicted(proof, words)

    def test_certificates_of_other_algorithms(self) -> None:
        for alg in (-8, -66002):
            self.setUp()
            signer = signers.make(alg, "other")
            certificate = der.certificate_of(signer.members)
            labels = {33: [certificate, b"\x30\x00"], 34: [-16, digest(-16, certificate)]}
            proof = self.show(self.say(signer=signer, kid=signer.thumbprint(), labels=labels))
            self.assertEqual(self.report(proof, policy_of(signer)).count(PROVEN, "words"), 0)
            self.assertEqual(self.report(proof, policy_of(signer)).exit_code(), 0)

    def test_unknown_key(self) -> None:
        stranger = signers.Ed25519("stranger")
        proof = self.show(self.say(signer=stranger, kid=stranger.thumbprint(), role=9))
        self.assert_not_proven(proof, "neither sealed here")
        self.assert_contradicted(proof, "knows it as customer", policy_of(stranger))
        report = self.report(proof, policy_of(stranger, role="notary"))
        self.assertIn("signature by somebody (policy)", "\n".join(report.lines()))

    def test_sm2_user_id(self) -> None:
        for written, used, good in ((b"alice", b"alice", True), (b"alice", b"1234567812345678", False)):
            self.setUp()
            signer = signers.Sm2("s", written)
            place, kid = self.ledger.enrol(2, signer)
            signer.sm2_id = used
            proof = self.show(self.say(signer=signer, kid=kid), place)
            if good:
                self.assertEqual(self.report(proof).exit_code(), 0)
            else:
                self.assert_contradicted(proof, "does not match")

    def end_key(self, action: int) -> Tuple[int, int]:
        new = signers.P256("new") if action == 2 else None
        claims = key_claims(action, 2, new, _8=self.kid, _10=3 if action == 3 else None)
        return self.ledger.add(key_entry(claims, new, self.ledger.digest))

    def test_after_the_end_of_a_key(self) -> None:
        for action in (2, 3):
            self.setUp()
            end = self.end_key(action)
            self.assert_contradicted(self.show(self.say(), end), "revoked or replaced")
            self.setUp()
            place = self.ledger.add(self.say())
            end = self.end_key(action)
            self.ledger.seal()
            shown = {place: (), end: (), self.key_place: ()}
            self.assertEqual(self.report(builder.proof([(self.ledger, shown)], [PROFILE])).exit_code(), 0)

    def test_before_the_key(self) -> None:
        self.customer = signers.Ed25519("customer")     # signs the same way twice
        _, self.kid = self.ledger.enrol(2, self.customer)
        ledger = Ledger(-16, signers.Ed25519("ledger"))
        ledger.seal()
        place = ledger.add(self.say())
        key_place, kid = ledger.enrol(2, self.customer)
        self.assertEqual(kid, self.kid)
        ledger.seal()
        proof = builder.proof([(ledger, {place: (), key_place: ()})], [PROFILE])
        self.assert_contradicted(proof, "enrolled later")

    def test_key_entry_twice(self) -> None:
        entry = self.ledger.pending[0]
        place = self.ledger.add(entry)
        self.assert_contradicted(self.show(self.say(reference=True), place), "the same key entry twice")

    def test_key_ended_twice(self) -> None:
        ends = [self.end_key(3), self.end_key(2)]
        self.assert_contradicted(self.show(self.say(reference=True), *ends), "before")

    def test_ledger_keys(self) -> None:
        """The key of an entry speaks from that entry on, the one before until then."""
        old, second = self.ledger.signer, signers.Ed25519("second")
        early = self.ledger.add(self.say(signer=old, kid=self.ledger.kid, role=3))
        first_kid = self.ledger.kid
        place = self.ledger.rotate(second)
        kid = (self.ledger._rotation or (None, b""))[1]
        good = self.say(signer=second, kid=kid, role=5, reference=True)
        late = self.say(signer=old, kid=first_kid, role=8, reference=True)
        entries = [self.ledger.add(entry) for entry in (good, late)]
        self.ledger.seal()
        for last, code in zip(entries, (0, 1)):
            shown = {self.key_place: (), early: (), place: (), last: ()}
            report = self.report(builder.proof([(self.ledger, shown)], [PROFILE]))
            self.assertEqual(report.exit_code(), code, "\n".join(report.lines()))

    def test_roles(self) -> None:
        allowed = {1: (3, 5, 8), 2: (1, 6, 7), 3: (2,), 4: (4, 8, 9, 10)}
        for key_role, roles in allowed.items():
            for role in range(1, 11):
                self.setUp()
                signer: signers.Signer = signers.Ed25519("party")
                if key_role == 1:
                    signer, kid, place = self.ledger.signer, self.ledger.kid, self.key_place
                else:
                    place, kid = self.ledger.enrol(key_role, signer)
                proof = self.show(self.say(signer=signer, kid=kid, role=role), place)
                self.assertEqual(self.report(proof).exit_code(), 0 if role in roles else 1)


class Dossiers(ProofCase):
    def show(self, *entries: Any) -> Dict[int, Any]:
        ledger = Ledger(-16, signers.Ed25519("ledger"))
        ledger.seal()
        places = [ledger.add(entry) for entry in entries]
        ledger.seal()
        return builder.proof([(ledger, {place: () for place in places})], [PROFILE])

    def record(self, place: int, before: Any = None, value: str = "1", **extra: Any) -> bytes:
        citations = [[0, before]] if before else []
        return encode(record(-16, {"a": value}, PROFILE, DOSSIER, place, citations, **extra))

    def test_places(self) -> None:
        one = self.record(0)
        two = self.record(1, [-16, digest(-16, one)])
        self.assertEqual(self.report(self.show(one, two)).exit_code(), 0)
        self.assertEqual(self.report(self.show(one, one, two)).exit_code(), 0)
        self.assert_contradicted(self.show(one, self.record(0, value="2")), "two different entries")
        wrong = self.record(1, [-16, bytes(32)])
        self.assert_contradicted(self.show(one, wrong), "another entry took it")
        self.assert_not_proven(self.show(wrong), "what took place 0")
        far = self.record(5, [-16, digest(-16, one)])
        self.assert_contradicted(self.show(one, far), "took another place")
        other_alg = self.record(1, [-66003, digest(-16, one)])
        self.assert_contradicted(self.show(one, other_alg), "another entry took it")

    def test_refused_event_takes_a_place(self) -> None:
        one = self.record(0)
        before, dropped = [-16, digest(-16, one)], [-16, b"R" * 32]
        event = {0: 6, 1: 5, 2: time_claim(), 3: {1: DOSSIER, 2: 1, 3: dropped, 5: before}}
        three = self.record(2, dropped)
        self.assertEqual(self.report(self.show(one, event, three)).exit_code(), 0)
        of_event = self.record(2, [-16, digest(-16, encode(event))])
        self.assert_contradicted(self.show(one, event, of_event), "another entry took it")
        self.assert_contradicted(self.show(one, event, self.record(1, before)), "two different entries")
        again = {**event, 64: 0}
        self.assert_contradicted(self.show(one, event, again), "two different entries")
        lost = {**event, 3: {1: DOSSIER, 2: 1, 3: dropped, 5: [-16, bytes(32)]}}
        self.assert_contradicted(self.show(one, lost), "another entry took it")

    def test_a_dropped_record_that_was_sealed_all_the_same(self) -> None:
        one = self.record(0)
        event = {0: 6, 1: 5, 2: time_claim(), 3: {1: DOSSIER, 2: 0, 3: [-16, digest(-16, one)]}}
        self.assert_contradicted(self.show(one, event), "two different entries")

    def test_profiles(self) -> None:
        for text, good in (('{"profile":"loan.disbursement","version":1}', True),
                           ('{"profile":"loan.other","version":1}', False),
                           ('{"profile":"loan.disbursement","version":2}', False), ("{}", False)):
            proof = self.show(encode(record(-16, {}, text.encode())))
            proof[3] = [text.encode()]
            if good:
                self.assertEqual(self.report(proof).exit_code(), 0)
            else:
                self.assert_contradicted(proof, "another id or version")

    def test_not_before(self) -> None:
        for kind in (1, 2, 3):
            claim = time_claim(_7=[kind, [-16, bytes(32)]])
            self.assert_not_proven(self.show(self.record(0, _7=claim)), "not before")

    def test_unknown_critical_part_of_a_record(self) -> None:
        self.assert_not_proven({**self.show(self.record(0, _20=0)), 3: []}, "unknown critical", 3)


if __name__ == "__main__":
    unittest.main()
