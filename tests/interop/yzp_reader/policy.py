"""The verifier's own policy: which ledgers and keys it knows, and by what names.

The format leaves the policy to the verifier; this one reads the JSON of docs/verdicts.md, so
that one file serves both readers. `require` is read and reported NOT CHECKED.
"""

import base64
import json
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from . import cbor, der, shape
from . import numbers_listed as n
from .errors import Refused
from .hashes import Digest
from .keys import PublicKey, read_key

_MEMBERS = {
    "ledgers": {"id", "hash", "name"},
    "keys": {"spki_pem", "cose_key", "sm2_id", "role", "name"},
    "revoked": {"thumbprint", "since_ms"},
}


LEDGER = "ledger"
ROLE_NAMES = {role: name.replace("'", "").replace(" ", "-") for role, name in n.ROLES.items()}


class NamedKey(NamedTuple):
    name: str
    key: PublicKey
    role: str       # "ledger" or a role of statements


class Policy(NamedTuple):
    ledgers: Dict[Digest, str]          # ledger id to name
    keys: Dict[bytes, NamedKey]         # thumbprint to key
    ended: Mapping[bytes, int] = {}     # thumbprint of a key to the ms from which it proves nothing
    require: bool = False


def _text(entry: Any, member: str) -> str:
    if not isinstance(entry.get(member), str):
        raise Refused(f"policy: {member} is missing or no text")
    return str(entry[member])


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Refused("policy: not hex") from None


def _read_ledger(entry: Any) -> Digest:
    ledger = _hex(_text(entry, "id"))
    names = {name: algorithm for algorithm, name in n.HASHES.items()}
    if len(ledger) != 32 or _text(entry, "hash") not in names:
        raise Refused("policy: no ledger id with its hash")
    return Digest(names[entry["hash"]], ledger)


def _read_key(entry: Any) -> PublicKey:
    if ("cose_key" in entry) == ("spki_pem" in entry):
        raise Refused("policy: a key is given as cose_key or as spki_pem")
    if "cose_key" in entry:
        raw = _hex(_text(entry, "cose_key"))
    else:
        raw = _cose_key_of(_text(entry, "spki_pem"))
    key = read_key(shape.read(raw, "policy, key"), "policy, key")
    if "sm2_id" not in entry:
        return key
    sm2_id = _text(entry, "sm2_id").encode("utf-8")
    if key.algorithm != n.SM2 or len(sm2_id) > 8191:
        raise Refused("policy: sm2_id is for SM2 keys, up to 8191 bytes")
    return key._replace(sm2_id=sm2_id)


def _cose_key_of(pem: str) -> bytes:
    lines = [line.strip() for line in pem.strip().splitlines()]
    if len(lines) < 3 or lines[0] != "-----BEGIN PUBLIC KEY-----" or lines[-1] != "-----END PUBLIC KEY-----":
        raise Refused("policy: no PEM of a public key")
    try:
        name, point = der.public_key(base64.b64decode("".join(lines[1:-1]), validate=True))
    except (ValueError, der.DerError):
        raise Refused("policy: no public key of a kind known here") from None
    x, y = cbor.byte_string(point[:32]), cbor.byte_string(point[32:])
    if name == "Ed25519":
        return bytes.fromhex("a401010327200621") + x
    if name == "P-256":
        return bytes.fromhex("a501020326200121") + x + b"\x22" + y
    if name == "SM2":
        return bytes.fromhex("a50102033a000101d1203a000101d521") + x + b"\x22" + y
    raise Refused("policy: a key on another curve")


def _each_once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("policy: a member stands twice")
    return found


def read_policy(text: str) -> Policy:
    try:
        document = json.loads(text, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise Refused("policy: not JSON") from None
    if not isinstance(document, dict) or set(document) - {*_MEMBERS, "require"}:
        raise Refused("policy: not an object of ledgers, keys, revoked and require")
    for part, known in _MEMBERS.items():
        entries = document.setdefault(part, [])
        if not isinstance(entries, list) or not all(
                isinstance(entry, dict) and not set(entry) - known for entry in entries):
            raise Refused(f"policy: {part} is no list of objects with {sorted(known)}")
    keys: Dict[bytes, NamedKey] = {}
    for entry in document["keys"]:
        key = _read_key(entry)
        role = _text(entry, "role")
        if role != LEDGER and role not in ROLE_NAMES.values():
            raise Refused("policy: an unknown role")
        known_key = keys.get(key.thumbprint())
        if known_key is not None and known_key.role == role:
            raise Refused("policy: a key stands twice in one role")
        keys[key.thumbprint()] = NamedKey(_text(entry, "name"), key, role)
    ended = {}
    for entry in document["revoked"]:
        if type(entry.get("since_ms")) is not int:
            raise Refused("policy: since_ms is no number of milliseconds")
        ended[_hex(_text(entry, "thumbprint"))] = entry["since_ms"]
    ledgers = {_read_ledger(entry): _text(entry, "name") for entry in document["ledgers"]}
    return Policy(ledgers, keys, ended, "require" in document)


def load_policy(path: Optional[str]) -> Optional[Policy]:
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return read_policy(file.read())
    except UnicodeDecodeError:
        raise Refused("policy: not UTF-8") from None
