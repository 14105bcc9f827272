"""The verifier's own policy: which ledgers and keys it knows, and by what names.

    { "ledgers": [ {"id": "<64 hex digits>", "name": "Example Bank"} ],
      "keys":    [ {"name": "Example Notary", "cose_key": "<hex>", "sm2_id": "<hex>"} ],
      "ended":   [ {"kid": "<hex>", "at": 1750000000000} ] }

`ended` names ledger keys (digest of the key entry) that were lost or compromised, with the last
moment, in milliseconds, at which they can be trusted.

The page leaves the policy to the verifier; this form is this reader's own.
"""

import json
from typing import Any, Dict, Mapping, NamedTuple, Optional

from . import numbers_listed as n
from . import shape
from .errors import Refused
from .keys import PublicKey, read_key


class NamedKey(NamedTuple):
    name: str
    key: PublicKey


class Policy(NamedTuple):
    ledgers: Dict[bytes, str]       # ledger id to name
    keys: Dict[bytes, NamedKey]     # thumbprint to key
    ended: Mapping[bytes, int] = {}     # kid of a ledger key to ms


def _text(entry: Any, member: str) -> str:
    value = entry.get(member) if isinstance(entry, dict) else None
    if not isinstance(value, str):
        raise Refused(f"policy: {member} is missing or no text")
    return value


def _hex(entry: Any, member: str) -> bytes:
    try:
        return bytes.fromhex(_text(entry, member))
    except ValueError:
        raise Refused(f"policy: {member} is not hex") from None


def read_policy(text: str) -> Policy:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("policy: not JSON") from None
    if not isinstance(document, dict) or set(document) - {"ledgers", "keys", "ended"}:
        raise Refused("policy: not an object of ledgers, keys and ended")
    if not all(isinstance(part, list) for part in document.values()):
        raise Refused("policy: ledgers, keys and ended are lists")
    ledgers = {_hex(entry, "id"): _text(entry, "name") for entry in document.get("ledgers", [])}
    keys = {}
    for entry in document.get("keys", []):
        key = read_key(shape.read(_hex(entry, "cose_key"), "policy, key"), "policy, key")
        if key.algorithm == n.SM2 and "sm2_id" in entry:
            key = key._replace(sm2_id=_hex(entry, "sm2_id"))
            if len(key.sm2_id) > 8191:
                raise Refused("policy: an SM2 user ID of more than 8191 bytes")
        keys[key.thumbprint()] = NamedKey(_text(entry, "name"), key)
    ended = {}
    for entry in document.get("ended", []):
        kid = _hex(entry, "kid")
        if not isinstance(entry.get("at"), int):
            raise Refused("policy: at is no number of milliseconds")
        ended[kid] = entry["at"]
    return Policy(ledgers, keys, ended)


def load_policy(path: Optional[str]) -> Optional[Policy]:
    if path is None:
        return None
    with open(path, encoding="utf-8") as file:
        return read_policy(file.read())
