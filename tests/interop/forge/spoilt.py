"""Whole ledgers in which one thing was wrong before it was signed: everything after it fits."""

from copy import copy
from random import Random
from typing import Any, Dict, Iterator, List, Optional, Tuple
from unittest import mock

from . import builder, scenes, signers
from .builder import Ledger, encode_sequence
from .encoder import encode
from .messages import digest, key_claims, key_entry, record, statement, time_claim
from .mutate import change_tree, closed, tree_of
from .scenes import PROFILE, Scene, write_policy

SUITES = ((-16, -8), (-16, -8), (-16, -8), (-16, -7), (-66003, -8), (-66003, -66002))


class Spoiler:
    """Decides which of the things made is spoilt, and how."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.at = random.randrange(40)
        self.count = 0
        self.made = "nothing"

    def now(self, what: str) -> bool:
        self.count += 1
        if self.count - 1 == self.at:
            self.made = what
            return True
        return False

    def item(self, raw: bytes) -> bytes:
        """The encoded item, changed somewhere."""
        return encode(closed(change_tree(self.random, tree_of(raw))))


class SpoiltLedger(Ledger):
    spoiler: Spoiler

    def add(self, entry: Any) -> Tuple[int, int]:
        raw = entry if isinstance(entry, bytes) else encode(entry)
        if self.spoiler.now("entry"):
            raw = self.spoiler.item(raw)
        if self.spoiler.now("doubled entry"):
            super().add(raw)
        return super().add(raw)

    def seal(self, *args: Any, **how: Any) -> int:
        random = self.spoiler.random
        if self.spoiler.now("claims"):
            how["claims"] = {random.choice((6, -65538, -65539, -65540, -65543)): random.randrange(9)}
        if self.spoiler.now("digests of a block"):
            how["claims"] = {random.choice((-65537, -65541, -65542)): self._some_digest()}
        if self.spoiler.now("labels"):
            how["labels"] = random.choice(({1: -7}, {1: -8}, {4: self._some_digest()}, {395: 1}, {395: -66005}, {2: []},
                                           {16: "application/vnd.yinzheng.statement+cose"}))
        if self.blocks and self.spoiler.now("link"):
            how["link"] = random.choice(({1: self._some_digest()}, {2: self._some_digest()}, {64: 0}, {3: 0}, {0: 7}))
        if self.spoiler.now("signer"):
            how["signer"] = signers.make(self.signer.alg, "somebody else")
        return super().seal(*args, **how)

    def _some_digest(self) -> bytes:
        known = [self.id, self.kid, bytes(32), digest(self.alg, b"")]
        for block in self.blocks:
            known += [block.block_hash, block.sealed_digest, block.root]
        return self.spoiler.random.choice(known)


class SpoiltScene(Scene):
    """A scene with more in it: ended keys, consents, times, corrections, things known to other versions."""

    def _last_block(self) -> None:
        random = self.ledger.spoiler.random     # type: ignore[attr-defined]
        for number in range(random.randrange(3)):
            self.places[f"extra {number}"] = self.ledger.add(self._extra(random))
        super()._last_block()

    def _extra(self, random: Random) -> Any:
        ledger, alg = self.ledger, self.alg
        choice = random.randrange(9)
        known = [alg, digest(alg, self.record)]
        if choice == 0:
            reason = random.choice((1, 2, 3, 4))
            kid = random.choice((digest(alg, key_entry(key_claims(1, 1, self.ledger_key, _9=0, _11=digest(
                alg, self.second_key.key_bytes())))), self.customer_kid, ledger.kid))
            return key_entry(key_claims(3, random.choice((1, 1, 2)), None, _8=kid, _10=reason))
        if choice == 1:
            captured = 1_750_000_000_000 + random.choice((-9, 0, 9))
            time = time_claim(captured, _0=[captured + random.choice((-5, 3, 9)), 480], _4=random.choice((0, 5)))
            return record(alg, {}, PROFILE, dossier=b"E" * 16, citations=[[2, known]], _7=time)
        if choice == 2:
            return record(alg, {}, PROFILE, dossier=random.choice((b"D", b"E")) * 16, _9=known)
        if choice == 3:
            return {**record(alg, {"a": ""}, PROFILE, dossier=b"F" * 16), random.choice((10, 63, 64, 65_535)): 1}
        if choice == 4:
            return {0: random.choice((11, 63, 64, 65_535)), 1: 2}
        if choice == 5:
            block = random.choice(ledger.blocks)
            named = random.choice(([alg, ledger.id], [alg, bytes(32)]))
            return {0: 7, 1: named, 2: random.randrange(4), 3: [alg, block.block_hash], 4: [alg, block.sealed_digest],
                    5: time_claim()}
        if choice == 6:
            facts = random.choice(({1: 0, 2: 2}, {}))
            return {0: 6, 1: random.choice((6, 7, 8, 99)), 2: time_claim(), **({3: facts} if facts else {})}
        if choice == 7:
            before = [0, random.choice((known, [alg, digest(alg, self.signed)], [alg, b"R" * 32]))]
            time = time_claim(_5=random.randrange(3), _6=b"B" * 16)
            return record(alg, {}, PROFILE, place=random.choice((1, 2, 3, 4)), citations=[before], _7=time)
        return statement(random.choice((self.customer, self.ledger_key, self.notary)), random.choice(
            (self.customer_kid, ledger.kid, self.notary.thumbprint())), random.choice((1, 2, 3, 6, 9)), self.signed, alg,
            reference=True, claims=random.choice(({}, {-65546: ledger.digest}, {-65546: [alg, bytes(32)]})))

    def words(self, spoiler: Spoiler) -> Iterator[Any]:
        random = spoiler.random
        height = random.randrange(len(self.ledger.blocks))
        block = self.ledger.blocks[height]
        payload: Dict[int, Any] = {}
        if spoiler.now("payload of a countersignature"):
            payload = random.choice(({1: [self.alg, bytes(32)]}, {2: 0, 5: 0}, {2: 3, 5: 3}, {3: [self.alg, block.root]},
                                     {4: [self.alg, bytes(32)]}, {5: 77}, {6: random.randrange(4)},
                                     {7: time_claim(random.randrange(2 * 10**12))}))
        raw = builder.countersignature(random.choice((self.notary, self.customer)), self.ledger, height, payload)
        if spoiler.now("countersignature"):
            raw = spoiler.item(raw)
        target = block.sealed_digest
        if spoiler.now("target"):
            target = random.choice((bytes(32), block.block_hash, self.ledger.blocks[0].sealed_digest))
        yield builder.outside(1, raw, self.ledger, target)
        if random.random() < 0.3:
            yield from self.outside()


def _fork(scene: SpoiltScene, height: int) -> Ledger:
    """A copy of the scene's ledger that went on in its own way from that height, under the first key."""
    first = key_entry(key_claims(1, 1, scene.ledger_key, _9=0, _11=digest(scene.alg, scene.second_key.key_bytes())))
    other = copy(scene.ledger)
    other.blocks, other.pending = scene.ledger.blocks[:height], []
    other.signer, other.kid, other.epoch = scene.ledger_key, digest(scene.alg, first), 0
    other.add({0: 6, 1: 6, 2: time_claim(), 3: {1: 0, 2: 2}})
    other.seal()
    return other


def _second(scene: SpoiltScene, ledger_class: Any, spoiler: Spoiler) -> Tuple[Ledger, Dict[Tuple[int, int], Any]]:
    """A ledger that goes on from the scene's, with some of what it may have taken over."""
    random, alg, old = spoiler.random, scene.alg, scene.ledger
    last = old.blocks[-1]
    named = {0: old.digest, 1: len(old.blocks) - 1, 2: [alg, last.block_hash], 3: [alg, last.sealed_digest],
             4: random.choice((1, 2, 3))}
    if spoiler.now("continues"):
        named.update(random.choice(({0: [alg, bytes(32)]}, {1: 2}, {2: [alg, bytes(32)]}, {3: [alg, last.block_hash]})))
    new = ledger_class(alg, signers.make(-8, "second"), continues=named)
    new.seal()
    taker = digest(alg, old.blocks[scene.places["last record"][0]].entries[scene.places["last record"][1]])
    before = [[0, [alg, random.choice((taker, taker, digest(alg, scene.signed)))]]]
    raw = encode(record(alg, {}, PROFILE, place=random.choice((4, 4, 3)), citations=before))
    party = signers.make(-8, "taken over")
    possible = [
        raw, statement(scene.customer, scene.customer_kid, random.choice((1, 2)), raw, alg,
                       claims={-65546: random.choice((old.digest, new.digest, [alg, bytes(32)]))}),
        {0: 3, 1: encode(key_claims(3, 2, None, _8=scene.customer_kid, _10=1))},
        key_entry(key_claims(1, 2, party), party, random.choice((old.digest, new.digest, [alg, bytes(32)]))),
        {0: 6, 1: 4, 2: time_claim(), 3: {1: old.digest, 2: 1, 3: [alg, old.blocks[random.choice((1, 2))].block_hash]}},
        {0: 7, 1: old.digest, 2: 3, 3: [alg, old.blocks[3].block_hash], 4: [alg, old.blocks[random.choice((3, 2))].sealed_digest],
         5: time_claim()}]
    random.shuffle(possible)
    shown: Dict[Tuple[int, int], Any] = {}
    for entry in possible[:random.randrange(1, 5)]:
        place = new.add(entry)
        if random.random() < 0.9:
            shown[place] = ()
    new.seal()
    return new, shown


def make(random: Random) -> Tuple[str, bytes, str, str]:
    """Kind, bytes, policy and how it was made."""
    spoiler = Spoiler(random)
    ledger_class = type("OneSpoiltLedger", (SpoiltLedger,), {"spoiler": spoiler})
    with mock.patch.object(scenes, "Ledger", ledger_class):
        scene = SpoiltScene(*random.choice(SUITES))
    if random.random() < 0.2:
        words = list(scene.words(spoiler)) if random.random() < 0.3 else []
        return "b", encode_sequence(scene.ledger.bundle(words, random.choice((0, 0, 0, 2)))), "", f"bundle, {spoiler.made}"
    shown: Dict[Tuple[int, int], Any] = scene.shown()
    left_out = [place for place in shown if random.random() < 0.08]
    shown = {place: shown[place] for place in shown if place not in left_out}
    words = list(scene.words(spoiler)) if random.random() < 0.5 else scene.outside()
    profiles = [PROFILE] if random.random() < 0.95 else []
    ledgers = [(scene.ledger, shown)]
    if random.random() < 0.25:
        second = _second(scene, ledger_class, spoiler)
        ledgers = [second] if random.random() < 0.2 else [*ledgers, second]
    place = random.choice(((1, 1), (2, 1)))
    if forked := len(ledgers) == 1 and ledgers[0][0] is scene.ledger and random.random() < 0.1:
        shown.pop(place, None)
    proof = builder.proof(ledgers, profiles, words)
    if forked:
        before = sum(other < place for other in {(0, 0), *shown})
        proof[2].insert(before, _fork(scene, place[0]).item(place))
    if spoiler.now("history path"):
        proof[4] = closed(change_tree(random, proof[4]))
    return "p", encode(proof), _policy(random, scene), f"proof, {spoiler.made}"


def _policy(random: Random, scene: Scene) -> str:
    if random.random() < 0.4:
        return ""
    policy = scene.policy()
    ended = {}
    for signer in (scene.ledger_key, scene.second_key, scene.notary):
        if random.random() < 0.15:
            ended[signer.thumbprint()] = random.choice((0, 1_750_000_100_000, 1_750_000_100_001, 2 * 10**12))
    return write_policy(policy._replace(ended=ended))


def good_proofs() -> List[Tuple[bytes, str]]:
    proofs = []
    for suite in sorted(set(SUITES)):
        scene = Scene(*suite)
        proofs += [(encode(scene.proof()), ""), (encode(scene.proof()), write_policy(scene.policy()))]
    return proofs


def good_bundles() -> List[bytes]:
    return [encode_sequence(Scene(*suite).ledger.bundle(first=first)) for suite in sorted(set(SUITES)) for first in (0, 3)]
