"""Entries, disclosures and messages as the tests write them."""

import hashlib
from typing import Any, Dict, List, Optional, Sequence

from yzp_reader import sm3

from .encoder import Tag, encode
from .signers import Signer

SHA256, SM3 = -16, -66003
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def digest(alg: int, data: bytes) -> bytes:
    return hashlib.sha256(data).digest() if alg == SHA256 else sm3.digest(data)


def leaf_hash(alg: int, data: bytes) -> bytes:
    return digest(alg, b"\x00" + data)


def _split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def root(alg: int, hashes: Sequence[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if not hashes:
        return digest(alg, b"")
    if len(hashes) == 1:
        return hashes[0]
    k = _split(len(hashes))
    return digest(alg, b"\x01" + root(alg, hashes[:k]) + root(alg, hashes[k:]))


def path(alg: int, index: int, hashes: Sequence[bytes]) -> List[bytes]:
    """RFC 9162 §2.1.3.1, word for word."""
    if len(hashes) == 1:
        return []
    k = _split(len(hashes))
    if index < k:
        return path(alg, index, hashes[:k]) + [root(alg, hashes[k:])]
    return path(alg, index - k, hashes[k:]) + [root(alg, hashes[:k])]


def time_claim(ms: int = 1_750_000_000_000, **extra: Any) -> Dict[int, Any]:
    claim: Dict[int, Any] = {0: [ms - 5, 480, "2025-06-15 23:06:40"], 1: [ms, 480], 2: 4}
    claim.update({int(key[1:]): value for key, value in extra.items()})
    return claim


def sign1(signer: Signer, protected: Dict[int, Any], payload: Optional[bytes],
          detached: Optional[bytes] = None, signature: Optional[bytes] = None) -> bytes:
    header = encode(protected)
    content = payload if detached is None else detached
    tbs = encode(["Signature1", header, b"", content])
    return encode(Tag(18, [header, {}, payload if detached is None else None,
                           signature or signer.sign(tbs)]))


def key_claims(action: int, role: int, signer: Optional[Signer], **extra: Any) -> Dict[int, Any]:
    claims: Dict[int, Any] = {0: action, 1: role, 7: 1_750_000_000_000}
    if signer is not None:
        claims[2] = signer.cose_key()
        claims[4] = 8
        if signer.sm2_id is not None:
            claims[3] = signer.sm2_id
    claims.update({int(key[1:]): value for key, value in extra.items() if value is not None})
    return claims


def key_entry(claims: Dict[int, Any], signer: Optional[Signer] = None, ledger: Any = None,
              meant_for: Any = None) -> bytes:
    """With a possession signature by `signer` when it is given."""
    claims_raw = encode(claims)
    entry: Dict[int, Any] = {0: 3, 1: claims_raw}
    if signer is not None:
        protected = {1: signer.alg, 15: {-65546: meant_for or ledger},
                     16: "application/vnd.yinzheng.possession+cose"}
        entry[2] = sign1(signer, protected, None, detached=claims_raw)
    return encode(entry)


def disclosure(name: str, value: Any, salt: bytes = b"") -> bytes:
    salt = salt or hashlib.sha256(name.encode()).digest()[:16]
    return encode([salt, value, name])


def record(alg: int, fields: Dict[str, Any], profile: bytes, dossier: bytes = b"D" * 16,
           place: int = 0, citations: Sequence[Any] = (), **extra: Any) -> Dict[int, Any]:
    """A record whose commitments open with `disclosure(name, value)`."""
    names = sorted(fields, key=lambda name: name.encode("utf-8"))
    body: Dict[int, Any] = {
        0: 2, 1: 0, 2: ["loan.disbursement", 1, [alg, digest(alg, profile)]], 3: dossier, 4: place,
        5: list(citations), 7: time_claim(), 8: alg,
        6: [[name, digest(alg, disclosure(name, fields[name]))] for name in names]}
    body.update({int(key[1:]): value for key, value in extra.items()})
    return body


def number(letter: str, value: int) -> str:
    check = next(c for c in range(1021) if (1024 * value + c) % 1021 == 0)
    whole, symbols = 1024 * value + check, ""
    for _ in range(28):
        whole, rest = divmod(whole, 32)
        symbols = SYMBOLS[rest] + symbols
    return letter + "".join("-" + symbols[i:i + 4] for i in range(0, 28, 4))


def record_number(record_digest: bytes) -> str:
    return number("R", int.from_bytes(record_digest, "big") // 2 ** 126)


def statement(signer: Signer, kid: bytes, role: int, record_raw: bytes, alg: int,
              reference: bool = False, claims: Optional[Dict[int, Any]] = None,
              labels: Optional[Dict[int, Any]] = None, payload: Optional[bytes] = None,
              signature: Optional[bytes] = None) -> bytes:
    record_digest = digest(alg, record_raw)
    content = "reference" if reference else "record"
    cwt: Dict[int, Any] = {1: kid.hex(), 2: record_number(record_digest), 6: 1_750_000_000,
                           -65544: role}
    cwt.update(claims or {})
    protected: Dict[int, Any] = {
        1: signer.alg, 3: f"application/vnd.yinzheng.{content}+cbor", 4: kid, 15: cwt,
        16: "application/vnd.yinzheng.statement+cose"}
    protected.update(labels or {})
    if payload is None:
        payload = encode({0: 9, 1: [alg, record_digest], 2: role}) if reference else record_raw
    return sign1(signer, protected, payload, signature=signature)
