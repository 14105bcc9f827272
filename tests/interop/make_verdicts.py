"""Makes tests/vectors/verdict.json: files with the class that every verifier must give them (see differential.py). They are what the
page once left open, or two readers once judged differently.

    python3 make_verdicts.py [--check]
"""

import json
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from forge import builder, signers
from forge.builder import OPENED, Ledger, encode_sequence
from forge.encoder import Tag, encode
from forge.messages import digest, key_claims, key_entry, record, statement, time_claim
from forge.scenes import PROFILE, Scene, write_policy
from yzp_reader import ed25519
from yzp_reader.policy import Policy

FILE = Path(__file__).resolve().parents[1] / "vectors" / "verdict.json"
ABOUT = "docs/format.md §14: proofs and bundles, and how their verdicts come out. See README.md."
SHA = -16
KEY, NEXT, CUSTOMER, NOTARY = (signers.Ed25519(name) for name in ("ledger", "next", "customer", "notary"))
DAMAGE = {0: 6, 1: 6, 2: time_claim(), 3: {1: 0, 2: 2}}


class Cases:
    def __init__(self) -> None:
        self.list: List[Dict[str, Any]] = []

    def add(self, name: str, what: str, kind: str, data: bytes, expected: str, policy: Optional[str] = None) -> None:
        case: Dict[str, Any] = {"name": name, "what": what, "kind": kind}
        if policy is not None:
            case["policy"] = policy
        self.list.append({**case, "hex": data.hex(), "class": expected})

    def proof(self, name: str, what: str, expected: str, proof: Any, policy: Optional[Policy] = None) -> None:
        self.add(name, what, "proof", encode(proof), expected, None if policy is None else write_policy(policy))

    def ledger(self, name: str, what: str, expected: str, *entries: Any, shown: Optional[Sequence[int]] = None) -> None:
        """A proof of a ledger whose block 1 has these entries; `shown`: which of them."""
        ledger = opened_ledger()
        places = [ledger.add(entry) for entry in entries]
        ledger.seal()
        picked = places if shown is None else [places[at] for at in shown]
        named = [PROFILE] if any(b"loan.disbursement" in (e if isinstance(e, bytes) else encode(e)) for e in entries) else []
        self.proof(name, what, expected, builder.proof([(ledger, {place: () for place in picked})], named))

    def bundle(self, name: str, what: str, expected: str, ledger: Ledger, first: int = 0, words: Sequence[Any] = ()) -> None:
        self.add(name, what, "bundle", encode_sequence(ledger.bundle(words, first)), expected)


def opened_ledger(**how: Any) -> Ledger:
    ledger = Ledger(SHA, KEY, **how)
    ledger.seal()
    return ledger


def taking(place: int, text: str = "1", **how: Any) -> bytes:
    """A record of one dossier, and what it cites by default."""
    before = {"citations": [[0, [SHA, bytes([place]) * 32]]]} if place and "citations" not in how else {}
    return encode(record(SHA, {"a": text}, PROFILE, place=place, **{**before, **how}))


def cites(raw: bytes, relation: int = 0) -> List[Any]:
    return [[relation, [SHA, digest(SHA, raw)]]]


def words(cases: Cases) -> None:
    scene = Scene(SHA, -8)
    policy, ledger, block = scene.policy(), scene.ledger, scene.ledger.blocks[4]
    lies: Tuple[Tuple[str, Dict[int, Any]], ...] = (
        ("ledger", {1: [SHA, bytes(32)]}), ("height", {2: 3, 5: 3}), ("block-hash", {3: [SHA, bytes(32)]}),
        ("sealed-digest", {4: [SHA, bytes(32)]}))

    def with_word(payload: Dict[int, Any], target: bytes) -> Any:
        raw = builder.countersignature(scene.notary, ledger, 4, payload)
        shown: Any = {scene.places["rotation"]: (), scene.places["refused"]: ()}
        return builder.proof([(ledger, shown)], outside=[builder.outside(1, raw, ledger, target)])

    cases.proof("whole", "something of every kind", "proven", scene.proof())
    cases.proof("whole-known", "the same, with a policy", "proven", scene.proof(), policy)
    for name, payload in lies:
        what = f"a countersignature of a block shown that names another {name.replace('-', ' ')}"
        cases.proof(f"countersignature-{name}", what, "contradicted", with_word(payload, block.sealed_digest), policy)
        cases.proof(f"countersignature-{name}-of-a-stranger", what + ", by a key that nobody knows", "contradicted",
                    with_word(payload, block.sealed_digest))
    fork = with_word({4: [SHA, bytes(32)]}, bytes(32))
    cases.proof("countersignature-fork", "a notary signed another block of that height", "contradicted", fork, policy)
    cases.proof("countersignature-fork-of-a-stranger", "so says somebody whom nobody knows", "proven", fork)
    cases.proof("countersignature-fork-ended", "so says a key that has ended", "proven", fork,
                policy._replace(ended={scene.notary.thumbprint(): 1}))
    cases.proof("countersignature-elsewhere", "a block of a ledger that is not shown", "proven",
                with_word({1: [SHA, bytes(32)], 4: [SHA, bytes(32)]}, bytes(32)), policy)


def signatures(cases: Cases) -> None:
    ledger = opened_ledger()
    place = ledger.add(DAMAGE)
    block = ledger.blocks[ledger.seal()]
    good_s = block.signature[32:]
    high = (int.from_bytes(good_s, "little") + ed25519.L).to_bytes(32, "little")
    for name, what, expected, signature in (
            ("ed25519-high-s", "S is not below L: form", "refused", block.signature[:32] + high),
            ("ed25519-small-r", "R is of small order: a check", "contradicted", b"\x01" + bytes(31) + good_s),
            ("ed25519-no-point", "R is on no curve: a check", "contradicted", b"\x02" + bytes(31) + good_s)):
        proof = builder.proof([(ledger, {place: ()})])
        proof[4][0][0] = proof[4][0][0].replace(block.signature, signature)
        for item in proof[2]:
            item[1] = item[1].replace(block.signature, signature)
        cases.proof(name, what, expected, proof)


def places_of_entries(cases: Cases) -> None:
    for name, link, expected in (("optional", {64: 0}, "contradicted"), ("critical", {3: 0}, "contradicted")):
        ledger = opened_ledger()
        place = ledger.add(DAMAGE)
        ledger.seal(link=link)
        cases.proof(f"link-{name}-key", f"a link with an unknown {name} key", expected,
                    builder.proof([(ledger, {(1, 0): (), place: ()})]))
    genesis = opened_ledger().genesis
    for name, what, entry in (("genesis-again", "genesis in block 1", genesis),
                              ("genesis-again-not-understood", "the same with an unknown critical key", {0: 1, 40: 0}),
                              ("link-again-not-understood", "a link at leaf 1 with an unknown critical key", {0: 0, 40: 0})):
        cases.ledger(name, what, "contradicted", entry, DAMAGE)
    for name, what, opened, expected in (
            ("opened-not-understood", "leaf 1 of block 0 with an unknown critical key", {**OPENED, 40: 0}, "contradicted"),
            ("opened-other-kind", "leaf 1 of block 0 of an unknown optional kind", {0: 64}, "contradicted"),
            ("opened-optional-key", "leaf 1 of block 0 with an unknown optional key", {**OPENED, 64: 0}, "proven")):
        ledger = Ledger(SHA, KEY)
        ledger.pending[1] = encode(opened)
        ledger.seal()
        cases.proof(name, what, expected, builder.proof([(ledger, {(0, 1): ()})]))
    ledger = Ledger(SHA, KEY, genesis={40: 0})
    ledger.seal()
    cases.proof("genesis-not-understood", "genesis with an unknown critical key", "not-proven",
                builder.proof([(ledger, {(0, 1): ()})]))


def key_entries(cases: Cases) -> None:
    ledger = opened_ledger()
    claims = key_claims(1, 2, CUSTOMER)
    enrolled = key_entry(claims, CUSTOMER, ledger.digest)
    kid = digest(SHA, enrolled)
    cases.ledger("key-twice", "the same key entry twice", "contradicted", enrolled, enrolled)
    ended = encode({0: 3, 1: encode(key_claims(3, 2, None, _8=kid, _10=1))})
    cases.ledger("key-revoked", "a key and its end", "proven", enrolled, ended)
    cases.ledger("key-revoked-alone", "its end without the key", "proven", enrolled, ended, shown=[1])
    cases.ledger("key-revoked-twice", "a key and two ends", "contradicted", enrolled, ended, ended)
    for name, what, role, before in (
            ("revoke-ledger-key-as-customers", "the ledger's own key ended as if it were a customer's", 2, ledger.kid),
            ("revoke-ledger-key-in-force", "the ledger key in force cannot be ended", 1, ledger.kid),
            ("revoke-unknown-ledger-key", "a ledger key that never was", 1, bytes(32)),
            ("revoke-customers-as-ledger-key", "a customer's key ended as if it were the ledger's", 1, kid)):
        cases.ledger(name, what, "contradicted", enrolled, encode(
            {0: 3, 1: encode(key_claims(3, role, None, _8=before, _10=1))}))
    skipped = key_claims(2, 1, NEXT, _8=bytes(32), _9=2)
    cases.ledger("rotation-skips-an-epoch", "a rotation that names an entry nobody shows", "contradicted",
                 key_entry(skipped, NEXT, ledger.digest))
    strange = {1: -9, 15: {-65546: ledger.digest}, 16: "application/vnd.yinzheng.possession+cose"}
    possession = encode(Tag(18, [encode(strange), {}, None, bytes(64)]))
    cases.ledger("possession-unknown-alg", "form, whatever the key", "refused",
                 {0: 3, 1: encode(claims), 2: possession})
    rotated = opened_ledger()
    rotated.rotate(NEXT)
    rotated.seal()
    first = rotated.kid
    revocation = encode({0: 3, 1: encode(key_claims(3, 1, None, _8=digest(SHA, key_entry(key_claims(1, 1, KEY, _9=0))), _10=1))})
    assert first != rotated.id
    for name, what, count, expected in (("retired-key-revoked", "a retired ledger key is revoked", 1, "proven"),
                                        ("retired-key-revoked-twice", "twice", 2, "contradicted")):
        again = opened_ledger()
        rotation = again.rotate(NEXT)
        again.seal()
        places = [again.add(revocation) for _ in range(count)]
        again.seal()
        cases.proof(name, what, expected, builder.proof([(again, {place: () for place in [rotation, *places]})]))


def records(cases: Cases) -> None:
    first = taking(0)
    for name, what, expected, entries in (
            ("record-twice", "the same record twice takes one place", "proven", [first, first]),
            ("two-records", "two records take one place", "contradicted", [first, taking(0, "2")]),
            ("predecessor", "in order", "proven", [first, taking(1, citations=cites(first))]),
            ("predecessor-sealed-later", "the place before was taken later", "contradicted",
             [taking(1, citations=cites(first)), first]),
            ("predecessor-of-another-dossier", "what it cites has a place elsewhere", "contradicted",
             [taking(0, dossier=b"E" * 16), taking(1, citations=cites(taking(0, dossier=b"E" * 16)))]),
            ("supersedes", "a correction", "proven", [first, taking(1, citations=cites(first), _9=[SHA, digest(SHA, first)])]),
            ("supersedes-elsewhere", "a correction of a record of another dossier", "contradicted",
             [first, taking(0, dossier=b"E" * 16, _9=[SHA, digest(SHA, first)])]),
            ("happened-later", "it happened after it was captured", "contradicted",
             [taking(0, _7={0: [10, 0], 1: [9, 0], 2: 1})]),
            ("happened-later-within-uncertainty", "by no more than the clock's uncertainty", "proven",
             [taking(0, _7={0: [10, 0], 1: [9, 0], 2: 1, 4: 1})]),
            ("consent-later", "the consent was given after its use", "contradicted",
             [first, taking(0, dossier=b"E" * 16, citations=cites(first, 2), _7={1: [9, 0], 2: 1})]),
            ("clock-ran-back", "monotonic readings fall under one boot id", "contradicted", _readings(first, 5, 4)),
            ("clock-ran-on", "and do not", "proven", _readings(first, 5, 5))):
        cases.ledger(name, what, expected, *entries)
    refused = {0: 6, 1: 5, 2: time_claim(), 3: {1: b"D" * 16, 2: 0, 3: [SHA, b"R" * 32]}}
    cases.ledger("refused-twice", "a place is refused once", "contradicted", refused, refused)
    cases.ledger("critical-record", "a record with an unknown critical key", "not-proven", {**record(SHA, {}, PROFILE), 10: 0})
    cases.ledger("optional-record", "with an unknown optional key", "proven", {**record(SHA, {}, PROFILE), 64: 0})
    for size, expected in ((128, "proven"), (129, "refused")):
        named = record(SHA, {}, b"{}")
        named[2][0] = "x" * size
        cases.ledger(f"profile-id-of-{size}", f"the id of a profile has {size} bytes", expected, named)
    for name, what, file in (("profile-no-json", "a file that is no JSON object", b'{"profile":"loan.disbursement"'),
                             ("profile-version", "a version that is no integer", PROFILE.replace(b":1", b":1.0"))):
        ledger = opened_ledger()
        place = ledger.add(record(SHA, {}, file))
        ledger.seal()
        cases.proof(name, what, "contradicted", builder.proof([(ledger, {place: ()})], [file]))


def _readings(first: bytes, before: int, after: int) -> List[bytes]:
    one = taking(0, _7=time_claim(_5=before, _6=b"B" * 16))
    return [one, taking(1, citations=cites(one), _7=time_claim(_5=after, _6=b"B" * 16))]


def bundles(cases: Cases) -> None:
    def with_entries(*entries: Any, **how: Any) -> Ledger:
        ledger = opened_ledger(**how)
        for entry in entries:
            ledger.add(entry)
        ledger.seal()
        return ledger

    first = taking(0)
    before = {0: [SHA, bytes(32)], 1: 3, 2: [SHA, bytes(32)], 3: [SHA, bytes(32)], 4: 3}
    good = with_entries(first, taking(1, citations=cites(first)))
    cases.bundle("bundle", "a whole ledger", "proven", good)
    cases.bundle("bundle-rest", "its end only", "not-proven", good, first=1)
    cases.bundle("bundle-malformed-record", "a block follows, but an entry in it is malformed", "refused",
                 with_entries(first, {0: 2}))
    cases.bundle("bundle-malformed-record-rest", "the same without the beginning", "refused",
                 with_entries(first, {0: 2}), first=1)
    cases.bundle("bundle-place-missing", "nothing takes the place before", "contradicted", with_entries(taking(1)))
    cases.bundle("bundle-goes-on", "it may stand in the ledger that this one goes on from", "proven",
                 with_entries(taking(1), continues=before))
    cases.bundle("bundle-goes-on-gap", "but not for a place in the middle", "contradicted",
                 with_entries(taking(1), taking(3), continues=before))
    cases.bundle("bundle-not-understood", "or in an entry that is not understood", "not-proven",
                 with_entries({**record(SHA, {}, PROFILE), 10: 0}, taking(1)))
    strange = opened_ledger()
    rotation = strange.rotate(NEXT)
    assert rotation == (1, 1)
    strange.pending[-1] = b"\xa4" + strange.pending[-1][1:] + b"\x18\x28\x00"      # with key 40
    strange.seal()
    strange.add(DAMAGE)
    strange.seal()
    cases.bundle("bundle-rotation-not-understood", "an entry that is not understood changes no key", "contradicted", strange)
    cases.proof("rotation-not-understood", "in a proof the right one may simply not be shown", "not-proven",
                builder.proof([(strange, {(1, 1): (), (2, 1): ()})]))
    cases.bundle("bundle-word-malformed", "a countersignature that is none", "refused", good,
                 words=[builder.outside(1, b"x", good, good.blocks[1].sealed_digest)])
    cases.bundle("bundle-statement-of-another", "statements are checked on proofs", "proven", with_entries(
        statement(CUSTOMER, CUSTOMER.thumbprint(), 1, first, SHA, claims={-65546: [SHA, bytes(32)]})))


def make() -> str:
    cases = Cases()
    parts: Tuple[Callable[[Cases], None], ...] = (words, signatures, places_of_entries, key_entries, records, bundles)
    for part in parts:
        part(cases)
    return json.dumps({"about": ABOUT, "cases": cases.list}, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    made = make()
    if "--check" in sys.argv:
        sys.exit(0 if FILE.read_text(encoding="utf-8") == made else "tests/vectors/verdict.json is not what make_verdicts.py makes")
    FILE.write_text(made, encoding="utf-8")
