"""Builds ledgers, proofs and bundles from the page, for the tests. Proofs come as Python
structures, so that a test can spoil one thing before it is encoded."""

import hashlib
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from .encoder import Tag, encode
from .messages import digest, key_claims, key_entry, leaf_hash, path, root, sign1, time_claim
from .signers import Signer

VDS = {-16: 1, -66003: -66005}
OPENED = {0: 6, 1: 1, 2: time_claim(), 3: {1: "yinzheng 0.1.0"}}


class Sealed(NamedTuple):
    entries: List[bytes]
    protected: bytes
    signature: bytes
    root: bytes
    sealed: bytes
    block_hash: bytes
    sealed_digest: bytes
    first: int

    def history_leaf(self, height: int) -> bytes:
        return encode([height, self.block_hash, self.sealed_digest])


class Ledger:
    """One ledger; `add` collects entries, `seal` makes the next block of them."""

    def __init__(self, alg: int, signer: Signer, organisation: str = "Example Bank",
                 next_key: Optional[bytes] = None, continues: Any = None,
                 genesis: Optional[Dict[int, Any]] = None) -> None:
        self.alg = alg
        self.signer = signer
        first = key_entry(key_claims(1, 1, signer, _9=0, _11=next_key))
        body: Dict[int, Any] = {0: 1, 1: 0, 2: alg, 3: first, 4: b"N" * 16, 5: time_claim(),
                                6: organisation}
        if continues is not None:
            body[7] = continues
        body.update(genesis or {})
        self.genesis = encode(body)
        self.id = digest(alg, self.genesis)
        self.kid = digest(alg, first)
        self.epoch = 0
        self.blocks: List[Sealed] = []
        self.pending: List[bytes] = [self.genesis, encode(OPENED)]
        self._rotation: Optional[Tuple[Signer, bytes]] = None

    @property
    def digest(self) -> List[Any]:
        return [self.alg, self.id]

    def add(self, entry: Any) -> Tuple[int, int]:
        """Height and index the entry will have; leaf 0 of later blocks is the link."""
        self.pending.append(entry if isinstance(entry, bytes) else encode(entry))
        return len(self.blocks), len(self.pending) - (0 if self.blocks else 1)

    def enrol(self, role: int, signer: Signer, **extra: Any) -> Tuple[Tuple[int, int], bytes]:
        """Place and kid of a party's key."""
        entry = key_entry(key_claims(1, role, signer, **extra), signer, self.digest)
        return self.add(entry), digest(self.alg, entry)

    def rotate(self, signer: Signer, epoch: Optional[int] = None, before: Optional[bytes] = None,
               possessor: Optional[Signer] = None, meant_for: Any = None,
               next_key: Optional[bytes] = None) -> Tuple[int, int]:
        claims = key_claims(2, 1, signer, _8=before or self.kid, _11=next_key,
                            _9=self.epoch + 1 if epoch is None else epoch)
        entry = key_entry(claims, possessor or signer, self.digest, meant_for)
        self._rotation = signer, digest(self.alg, entry)
        return self.add(entry)

    def seal(self, claims: Optional[Dict[int, Any]] = None, labels: Optional[Dict[int, Any]] = None,
             link: Optional[Dict[int, Any]] = None, signer: Optional[Signer] = None,
             drop: Sequence[int] = ()) -> int:
        """Seals what is pending; `claims`, `labels`, `link` override what would be right."""
        height = len(self.blocks)
        cwt, entries = self._claims(height, link)
        cwt.update(claims or {})
        for key in drop:
            cwt.pop(key, None)
        signer = signer or self.signer
        protected: Dict[int, Any] = {
            1: signer.alg, 4: self.kid, 15: cwt, 16: "application/vnd.yinzheng.block+cose",
            395: VDS[self.alg]}
        protected.update(labels or {})
        header = encode(protected)
        top = root(self.alg, [leaf_hash(self.alg, entry) for entry in entries])
        tbs = encode(["Signature1", header, b"", top])
        signature = signer.sign(tbs)
        sealed = encode(Tag(18, [header, {}, None, signature]))
        self.blocks.append(Sealed(entries, header, signature, top, sealed, digest(self.alg, tbs),
                                  digest(self.alg, sealed), cwt[-65540]))
        self.pending = []
        if self._rotation is not None:
            self.signer, self.kid = self._rotation
            self.epoch += 1
            self._rotation = None
        return height

    def _claims(self, height: int, link: Optional[Dict[int, Any]]
                ) -> Tuple[Dict[int, Any], List[bytes]]:
        entries = list(self.pending)
        cwt: Dict[int, Any] = {}
        first = 0
        if height:
            before = self.blocks[-1]
            body: Dict[int, Any] = {0: 0, 1: before.block_hash, 2: before.sealed_digest}
            body.update(link or {})
            entries.insert(0, encode(body))
            cwt[-65541] = before.block_hash
            first = before.first + len(before.entries) - (1 if height > 1 else 0)
        cwt.update({
            1: self.id.hex(), 2: f"{self.id.hex()}/{height}", 6: 1_750_000_000 + height,
            -65537: self.id, -65538: height, -65539: len(entries), -65540: first,
            -65542: root(self.alg, self._history(height)), -65543: self.epoch})
        return cwt, entries

    def _history(self, size: int) -> List[bytes]:
        return [leaf_hash(self.alg, block.history_leaf(height))
                for height, block in enumerate(self.blocks[:size])]

    def receipt(self, height: int, index: int, size: Optional[int] = None) -> bytes:
        block = self.blocks[height]
        hashes = [leaf_hash(self.alg, entry) for entry in block.entries]
        inclusion = encode([size or len(hashes), index, path(self.alg, index, hashes)])
        return encode(Tag(18, [block.protected, {396: {-1: [inclusion]}}, None, block.signature]))

    def item(self, place: Tuple[int, int], disclosures: Sequence[bytes] = ()) -> Dict[int, Any]:
        item: Dict[int, Any] = {0: self.blocks[place[0]].entries[place[1]],
                                1: self.receipt(*place)}
        if disclosures:
            item[2] = list(disclosures)
        return item

    def part(self, heights: Sequence[int]) -> Dict[int, Any]:
        head = max(heights)
        return {0: self.blocks[head].sealed,
                1: [[height, path(self.alg, height, self._history(head))]
                    for height in sorted(heights) if height != head]}

    def bundle(self, outside: Sequence[Any] = (), first: int = 0) -> List[Any]:
        last = self.blocks[-1]
        shown = self.blocks[first:]
        header = {0: "yinzheng-bundle", 1: 0, 2: self.digest, 3: first, 4: len(self.blocks) - 1,
                  5: [last.block_hash, last.sealed_digest]}
        return [header, *[[b.sealed, b.entries, list(outside) if b is last else []]
                          for b in shown], len(shown)]


Shown = Dict[Tuple[int, int], Sequence[bytes]]      # place to disclosures


def proof(shown: Sequence[Tuple[Ledger, Shown]], profiles: Sequence[bytes] = (),
          outside: Sequence[Any] = ()) -> Dict[int, Any]:
    """The proof of these entries, and of genesis, as a structure to encode."""
    items: List[Any] = []
    parts: List[Any] = []
    for ledger, places in sorted(shown, key=lambda pair: pair[0].id):
        wanted: Shown = {(0, 0): (), **places}
        items += [ledger.item(place, wanted[place]) for place in sorted(wanted)]
        parts.append(ledger.part(sorted({height for height, _ in wanted})))
    return {0: "yinzheng-proof", 1: 0, 2: items,
            3: sorted(profiles, key=lambda data: hashlib.sha256(data).digest()),
            4: parts, 5: list(outside)}


def encode_sequence(items: Sequence[Any]) -> bytes:
    return b"".join(encode(item) for item in items)


def outside(kind: int, raw: bytes, ledger: Ledger, target: bytes, target_kind: int = 1
            ) -> Dict[int, Any]:
    return {0: kind, 1: raw, 2: [target_kind, [ledger.alg, target]]}


def countersignature(signer: Signer, ledger: Ledger, height: int,
                     payload: Optional[Dict[int, Any]] = None,
                     signature_of: Any = None) -> bytes:
    block = ledger.blocks[height]
    body: Dict[int, Any] = {
        0: 10, 1: ledger.digest, 2: height, 3: [ledger.alg, block.block_hash],
        4: [ledger.alg, block.sealed_digest], 5: height, 6: 2, 7: time_claim()}
    body.update(payload or {})
    protected = {1: signer.alg, 4: signer.thumbprint(), 15: {1: "Example Notary", 6: 1_750_000_100},
                 16: "application/vnd.yinzheng.countersignature+cose"}
    raw = encode(body)
    signature = None
    if signature_of is not None:
        signature = signature_of(encode(["Signature1", encode(protected), b"", raw]))
    return sign1(signer, protected, raw, signature=signature)
