"""Vectors of encoding, hashes, trees and signatures (§1, §3, §7).

A checker takes the parsed file and returns what went wrong. Where a vector names an error, only
that the bytes are refused is compared: names of errors are the library's own.
"""

from typing import Any, Callable, List

from forge.encoder import encode
from yzp_reader import cbor, cose, der, hashes, keys, shape, sm2, tree
from yzp_reader import numbers_listed as n
from yzp_reader.errors import Refused

Failures = List[str]
unhex = bytes.fromhex


def outcome(action: Callable[[], str]) -> str:
    """What `action` says, or that it refused."""
    try:
        return action()
    except Refused:
        return "refused"


def expect(failures: Failures, name: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        failures.append(f"{name}: {found!r} instead of {wanted!r}")


def wanted(result: str) -> str:
    return "ok" if result == "ok" else "refused"


def diagnostic(node: cbor.Node) -> str:
    """RFC 8949 §8, for the subset of §1."""
    if node.kind == cbor.BYTES:
        return f"h'{node.value.hex()}'"
    if node.kind == cbor.TEXT:
        return f'"{node.value}"'
    if node.kind == cbor.ARRAY:
        return "[" + ", ".join(diagnostic(part) for part in node.value) + "]"
    if node.kind == cbor.MAP:
        return "{" + ", ".join(f"{k}: {diagnostic(v)}" for k, v in node.value.items()) + "}"
    if node.kind == cbor.TAG:
        return f"{node.value[0]}({diagnostic(node.value[1])})"
    if node.kind == cbor.INT:
        return str(node.value)
    return {None: "null", True: "true", False: "false"}[node.value]


def codec(document: Any) -> Failures:
    failures: Failures = []
    for vector in document["vectors"]:
        data = unhex(vector["hex"])
        found = outcome(lambda: "ok" if cbor.decode(data).raw == data else "other bytes")
        expect(failures, vector["name"], found, wanted(vector["result"]))
        if "\\" not in vector.get("diagnostic", "\\") and found == "ok":
            expect(failures, vector["name"], diagnostic(cbor.decode(data)), vector["diagnostic"])
    return failures


def hash_vectors(document: Any) -> Failures:
    failures: Failures = []
    for vector in document["digests"]:
        digest = hashes.digest(vector["alg"], unhex(vector["hex"]))
        expect(failures, vector["name"], digest.hex(), vector["digest"])
        wire = hashes.read_digest(shape.read(unhex(vector["wire"]), "digest"), "digest")
        expect(failures, vector["name"], wire, (vector["alg"], digest))
    for vector in document["twins"]:
        data = unhex(vector["hex"])
        found = (len(data), hashes.digest(n.SHA256, data).hex(), hashes.digest(n.SM3, data).hex())
        expect(failures, vector["name"], found, (vector["size"], vector["sha256"], vector["sm3"]))
    for vector in document["refused"]:
        expect(failures, vector["name"], outcome(lambda: str(hashes.read_digest(
            shape.read(unhex(vector["hex"]), "digest"), "digest"))), "refused")
    return failures


def merkle(document: Any) -> Failures:
    failures: Failures = []
    entries = [unhex(entry) for entry in document["entries"]]
    for suite in document["suites"]:
        alg = suite["alg"]
        leaves = [tree.leaf_hash(alg, entry) for entry in entries]
        expect(failures, suite["name"], [leaf.hex() for leaf in leaves], suite["leaf_hashes"])
        for vector in suite["trees"]:
            size = vector["size"]
            frontier = tree.Frontier(alg)
            for leaf in leaves[:size]:
                frontier.push(leaf)
            expect(failures, f"root of {size}", tree.root(alg, leaves[:size]).hex(), vector["root"])
            expect(failures, f"frontier of {size}", frontier.root().hex(), vector["root"])
            expect(failures, f"frontier of {size}", encode([size, frontier.nodes()]).hex(),
                   vector["frontier"])
        for vector in suite["inclusion"]:
            expect(failures, vector["name"], outcome(lambda: _inclusion(alg, vector)),
                   wanted(vector["result"]))
        for vector in suite["consistency"]:
            expect(failures, vector["name"], outcome(lambda: _consistency(alg, vector)),
                   wanted(vector["result"]))
    return failures


def _path(vector: Any) -> List[bytes]:
    return [unhex(node) for node in vector["path"]]


def _inclusion(alg: int, vector: Any) -> str:
    index, size, path = vector["index"], vector["size"], _path(vector)
    if size >= shape.COUNT_END:
        raise Refused("a count is too large")
    tree.check_path(index, size, path, "path")
    root = tree.root_from_path(alg, unhex(vector["leaf_hash"]), index, size, path)
    return "ok" if root.hex() == vector["root"] else "refused"


def _consistency(alg: int, vector: Any) -> str:
    good = tree.consistent(alg, vector["first_size"], vector["second_size"], unhex(vector["first_root"]),
                           unhex(vector["second_root"]), _path(vector))
    return "ok" if good else "refused"


def _key(data: bytes, sm2_id: Any = None) -> keys.PublicKey:
    key = keys.read_key(shape.read(data, "key"), "key")
    return key if sm2_id is None else key._replace(sm2_id=sm2_id)


def _digest_to_sign(key: keys.PublicKey, message: bytes) -> Any:
    if key.algorithm == n.SM2:
        point = int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")
        return sm2.message_digest(point, key.sm2_id, message).hex()
    return hashes.digest(n.SHA256, message).hex() if key.algorithm == n.P256 else None


def signature(document: Any) -> Failures:
    failures: Failures = []
    ids = {}
    for vector in document["keys"]:
        sm2_id = None if vector["sm2_id"] is None else unhex(vector["sm2_id"])
        ids[vector["name"]] = sm2_id
        key = _key(unhex(vector["cose_key"]), sm2_id)
        expect(failures, vector["name"], key.algorithm, vector["alg"])
        expect(failures, vector["name"], key.thumbprint().hex(), vector["thumbprint"])
        spki = der.public_key(unhex(vector["spki_der"]))
        expect(failures, vector["name"], spki[1], key.x + key.y)
        if vector["sm2_z"] is not None:
            point = int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")
            z = unhex(vector["sm2_z"])
            expect(failures, vector["name"], sm2.message_digest(point, key.sm2_id, b"m"),
                   hashes.digest(n.SM3, z + b"m"))
    for vector in document["bad_keys"]:
        expect(failures, vector["name"], outcome(lambda: str(_key(unhex(vector["hex"])))), "refused")
    for vector in document["signatures"]:
        key = _key(unhex(vector["cose_key"]), ids.get(vector["name"]))
        message = unhex(vector["message"])
        expect(failures, vector["name"], _digest_to_sign(key, message), vector["digest_to_sign"])
        found = keys.verify(key, unhex(vector["signature"]), message) or "ok"
        expect(failures, vector["name"], found == "ok", vector["result"] == "ok")
    for vector in document["forms"]:
        for strictness in ("sealed", "outside"):
            good = not keys.signature_form(vector["alg"], unhex(vector["hex"]), strictness == "outside")
            expect(failures, f"{vector['name']}, {strictness}", good, vector[strictness] == "ok")
    for vector in document["messages"]:
        _message(failures, vector)
    return failures


def _message(failures: Failures, vector: Any) -> None:
    message = cose.read_sign1(shape.read(unhex(vector["message"]), "message"), "message",
                              n.TYP_BLOCK)
    payload = unhex(vector["payload"])
    tbs = message.to_be_signed(payload)
    expect(failures, vector["name"], tbs.hex(), vector["sig_structure"])
    expect(failures, vector["name"], message.payload, payload if "attached" in vector["name"] else None)
    expect(failures, vector["name"], keys.verify(_key(unhex(vector["cose_key"])),
                                                 message.signature, tbs), "")
