"""The negative catalogue of SM2, `tests/vectors/sm2_negative.json`."""

from typing import Any, List

from yzp_reader import cbor, keys
from yzp_reader import numbers_listed as n
from yzp_reader.errors import Refused
from yzp_reader.keys import PublicKey
from yzp_reader.shape import read


def cose_key(point: bytes) -> bytes:
    return (b"\xa5\x01\x02\x03" + cbor.head(1, -1 - n.SM2) + b"\x20" + cbor.head(1, -1 - n.CURVE_SM2)
            + b"\x21" + cbor.byte_string(point[:32]) + b"\x22" + cbor.byte_string(point[32:]))


def accepts_key(raw: bytes) -> bool:
    try:
        keys.read_key(read(raw, "key"), "key")
    except Refused:
        return False
    return True


def negative(content: Any) -> List[str]:
    """DER is a signer's form; the reader, who sees sealed bytes only, refuses it by its length."""
    failures: List[str] = []
    point = bytes.fromhex(content["key"])
    message = bytes.fromhex(content["message"])

    def objection(case: Any) -> str:
        sm2_id = bytes.fromhex(case["sm2_id"]) if "sm2_id" in case else n.SM2_DEFAULT_ID
        key = PublicKey(n.SM2, point[:32], point[32:], cose_key(point), sm2_id)
        return keys.verify(key, bytes.fromhex(case["signature"]), message)

    if objection(content["accepted"]) or not accepts_key(cose_key(point)):
        failures.append("the standard's own example is refused")
    for case in content["signatures"]:
        found = objection(case)
        if not found:
            failures.append(f"{case['what']}: accepted")
        raw = len(case["signature"]) == 128
        if raw and (found == "the signature does not match") != (case["error"]["name"] == "SignatureMismatch"):
            failures.append(f"{case['what']}: {found}")
    for case in content["keys"]:
        sec1 = bytes.fromhex(case["sec1"])
        if len(sec1) == 64 and accepts_key(cose_key(sec1)):
            failures.append(f"{case['what']}: accepted")
    for case in content["structures"]:
        if "cose_key" in case and accepts_key(bytes.fromhex(case["cose_key"])):
            failures.append(f"{case['what']}: accepted")
    return failures
