"""Key entries: enrolment, rotation and revocation (§5.1)."""

from typing import List, NamedTuple, Optional, Tuple

from . import cose, hashes, shape
from . import numbers_listed as n
from .cbor import Members, Node
from .errors import Refused
from .hashes import Digest, read_digest
from .keys import PublicKey, read_key

CERTIFICATE_MAX = 16_384
CLAIM_MEANT_FOR = -65546


class Possession(NamedTuple):
    message: cose.Sign1
    ledger: Digest


class KeyEntry(NamedTuple):
    raw: bytes
    claims_raw: bytes
    action: int
    role: int
    key: Optional[PublicKey]
    custody: Optional[int]
    certificates: Tuple[bytes, ...]
    attestation: Optional[Tuple[str, bytes]]
    effective_ms: int
    before: Optional[bytes]
    epoch: Optional[int]
    revoke_reason: Optional[int]
    next_key: Optional[bytes]
    possession: Optional[Possession]

    def digest(self, algorithm: int) -> bytes:
        """Digest of the key entry: the kid of what its key signs."""
        return hashes.digest(algorithm, self.raw)

    def __str__(self) -> str:
        custody = f", custody claimed: {n.CUSTODY[self.custody]}" if self.custody is not None else ""
        kind = f", {n.SIGNATURES[self.key.algorithm]}" if self.key else ""
        return f"{n.ACTIONS[self.action]} {n.KEY_ROLES[self.role]} key{kind}{custody}"


def read_key_entry(found: Members, raw: bytes, embedded: bool = False) -> KeyEntry:
    """`found` are the known members of the entry; `embedded` = the first key in genesis."""
    what = "first key" if embedded else "key entry"
    claims_raw = shape.octets(found[1], f"{what}, claims")
    claims = shape.members(shape.read(claims_raw, f"{what}, claims"), f"{what}, claims",
                           (0, 1, 7), (2, 3, 4, 5, 6, 8, 9, 10, 11))
    action = shape.choice(claims[0], f"{what}, action", n.ACTIONS)
    role = shape.choice(claims[1], f"{what}, role", n.KEY_ROLES)
    _check_presence(claims, action, role, what)
    possession = _read_possession(found[2], what) if 2 in found else None
    wanted = action != n.REVOKE and not embedded
    if (possession is not None) != wanted:
        raise Refused(f"{what}: a possession signature "
                      + ("is missing" if wanted else "stands where none may"))
    entry = KeyEntry(
        raw, claims_raw, action, role,
        _read_key_with_id(claims, what),
        shape.choice(claims[4], f"{what}, custody", n.CUSTODY) if 4 in claims else None,
        read_certificates(shape.array(claims[5], what, 1, 8), what) if 5 in claims else (),
        _read_attestation(claims[6], f"{what}, attestation") if 6 in claims else None,
        shape.integer(claims[7], f"{what}, effective from"),
        shape.octets32(claims[8], f"{what}, entry before") if 8 in claims else None,
        shape.count(claims[9], f"{what}, epoch") if 9 in claims else None,
        shape.choice(claims[10], f"{what}, reason", n.REVOKE_REASONS) if 10 in claims else None,
        shape.octets32(claims[11], f"{what}, next key") if 11 in claims else None,
        possession)
    if embedded and (action, role, entry.epoch) != (n.ENROL, n.KEY_LEDGER, 0):
        raise Refused("first key: not the enrolment of a ledger key with epoch 0")
    return entry


def _check_presence(claims: Members, action: int, role: int, what: str) -> None:
    """Which members stand with which action and role."""
    carries_key = action != n.REVOKE
    rules = (
        (2, carries_key, "key"), (4, carries_key, "custody"), (8, action != n.ENROL, "entry before"),
        (9, carries_key and role == n.KEY_LEDGER, "epoch"),
        (10, action == n.REVOKE, "reason of revocation"))
    for key, wanted, name in rules:
        if (key in claims) != wanted:
            raise Refused(f"{what}: member {key} ({name}) "
                          + ("is missing" if wanted else "stands where none may"))
    if not carries_key and (3 in claims or 5 in claims or 6 in claims):
        raise Refused(f"{what}: a revocation with members of a key")
    if 11 in claims and not (carries_key and role == n.KEY_LEDGER):
        raise Refused(f"{what}: a next key that is not a ledger's")


def _read_key_with_id(claims: Members, what: str) -> Optional[PublicKey]:
    if 2 not in claims:
        return None
    key = read_key(claims[2], f"{what}, key")
    if (3 in claims) != (key.algorithm == n.SM2):
        raise Refused(f"{what}: an SM2 user ID stands exactly with SM2 keys")
    if 3 in claims:
        key = key._replace(sm2_id=shape.octets(claims[3], f"{what}, SM2 user ID", 1, 8191))
    return key


def _read_attestation(node: Node, what: str) -> Tuple[str, bytes]:
    form, attestation = shape.fixed(node, what, 2)
    return shape.text(form, what), shape.octets(attestation, what, 1, CERTIFICATE_MAX)


def read_certificates(nodes: List[Node], what: str) -> Tuple[bytes, ...]:
    return tuple(shape.octets(node, f"{what}, certificate", 1, CERTIFICATE_MAX) for node in nodes)


def _read_possession(node: Node, what: str) -> Possession:
    what = f"{what}, possession"
    raw = shape.octets(node, what)
    message = cose.read_sign1(shape.read(raw, what), what, n.TYP_POSSESSION)
    header = cose.header_members(message, what, (1, 15, 16))
    cose.empty_unprotected(message, what)
    if message.payload is not None:
        raise Refused(f"{what}: its payload is attached")
    claims = shape.members(header[15], f"{what}, claims", (CLAIM_MEANT_FOR,))
    return Possession(message, read_digest(claims[CLAIM_MEANT_FOR], f"{what}, ledger id"))
