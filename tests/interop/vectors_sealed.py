"""Vectors of entries of every kind, and of what is sealed, witnessed and carried: blocks, receipts,
countersignatures, bundles (§5, §8, §9, §11)."""

from typing import Any, Dict, List, Optional

from vectors_basic import Failures, unhex
from vectors_format import Contradicted, Facts, compare, digest_text, hex_of, read_key, time_facts
from yzp_reader import bundle, entries, hashes, key_history, keys, outside, tree
from yzp_reader import numbers_listed as n
from yzp_reader.blocks import read_block
from yzp_reader.hashes import Digest
from yzp_reader.ledger_entries import Elsewhere, Event, Genesis, Link, Marking, Renewal
from yzp_reader.records import Record
from yzp_reader.report import CONTRADICTED
from yzp_reader.statements import Statement


def _plain(facts: Dict[str, Any]) -> Facts:
    return {key: value for key, value in facts.items() if value is not None}


def _elsewhere(named: Elsewhere) -> Facts:
    return {"ledger_id": digest_text(named.ledger), "height": named.height,
            "block_hash": digest_text(named.block), "sealed_digest": digest_text(named.sealed)}


def _fact(value: Any) -> Any:
    if isinstance(value, Digest):
        return digest_text(value)
    return value.hex() if isinstance(value, bytes) else value


def _says(entry: entries.Entry) -> Facts:
    """What stands in an entry; the times of observed heads are read but not kept by the reader."""
    body = entry.body
    if isinstance(body, Link):
        return {"previous_block": body.previous.hex(), "previous_sealed": body.sealed.hex()}
    if isinstance(body, Genesis):
        continues = None
        if body.continues is not None:
            continues = {**_elsewhere(body.continues), "reason": body.reason}
        return _plain({
            "hash": body.hash, "ledger_id": digest_text(hashes.digest_of(body.hash, entry.raw)),
            "first_kid": body.first_key.digest(body.hash).hex(), "nonce": body.nonce.hex(),
            "created": time_facts(body.time), "organisation": body.organisation, "continues": continues})
    if isinstance(body, Marking):
        return _plain({
            "action": body.action, "records": [digest_text(one) for one in body.records],
            "names": list(body.names) if body.names else None, "reason": body.reason,
            "reference": body.reference.hex(), "time": time_facts(body.time)})
    if isinstance(body, Event):
        facts = {str(key): _fact(value) for key, value in body.facts.items()}
        return {"code": body.code, "time": time_facts(body.time), "facts": facts}
    if isinstance(body, Elsewhere):
        return _elsewhere(body)
    if isinstance(body, Renewal):
        return {"ledger_id": digest_text(body.ledger), "first": body.first, "last": body.last,
                "root": digest_text(body.root), "leaves": body.leaves}
    if isinstance(body, Record):
        return {"record_digest": digest_text(body.digest())}
    if isinstance(body, Statement) and body.content is not None:
        content = body.content
        digest = content.digest() if isinstance(content, Record) else content.record
        return {"record_digest": digest_text(digest)}
    return {}


def _takes(entry: entries.Entry) -> Optional[Facts]:
    record = entry.record
    if record is not None:
        return _plain({"dossier": record.dossier.hex(), "place": record.place,
                       "digest": digest_text(record.digest()),
                       "predecessor": digest_text(record.predecessor())})
    body = entry.body
    if isinstance(body, Event) and body.code == n.REFUSED_EVENT:
        return _plain({"dossier": body.facts[1].hex(), "place": body.facts[2],
                       "digest": digest_text(body.facts[3]), "predecessor": digest_text(body.facts.get(5))})
    return None


def read_entry(case: Any) -> Facts:
    raw = unhex(case["hex"])
    entry = entries.read_entry(raw)
    kind = entry.name
    if entry.not_understood:
        kind = "unknown, optional" if entry.unknown else "unknown, critical"
    says = {} if entry.not_understood else _says(entry)
    wanted = case.get("facts", {}).get("says", {})
    if kind == "observed head" and "time" in wanted:
        says["time"] = wanted["time"]
    return {"kind": kind, "sha256": hashes.digest(n.SHA256, raw).hex(),
            "sm3": hashes.digest(n.SM3, raw).hex(), "takes": _takes(entry), "says": says,
            "unknown_optional": True if entry.unknown else None}


def _verify(blocks: List[bundle.BlockItem], first_height: int) -> None:
    """All of these blocks, one after the other from genesis."""
    last = blocks[-1].block
    header = blocks[0].block.header
    root = tree.root(last.header.hash, [tree.leaf_hash(last.header.hash, entry.raw)
                                        for entry in blocks[-1].entries])
    whole = bundle.Bundle(bundle.Header(
        Digest(header.hash, header.ledger), first_height, first_height + len(blocks) - 1,
        last.block_hash(root), last.sealed_digest()), blocks)
    bundle.check_heights(whole)
    report = bundle.verify_blocks(whole)
    for check in report.checks:
        if check.verdict == CONTRADICTED:
            raise Contradicted(f"{check.question}: {check.detail}")


def _block_item(case: Any) -> bundle.BlockItem:
    return bundle.read_block_item(unhex(case["hex"]), [unhex(entry) for entry in case["entries"]], [])


def block(document: Any) -> Failures:
    failures: Failures = []
    by_name = {case["name"]: case for case in document["cases"]}

    def read(case: Any) -> Facts:
        chain = [case]
        while chain[0]["after"] is not None:
            chain.insert(0, by_name[chain[0]["after"]])
        items = [_block_item(one) for one in chain]
        _verify(items, 0)
        return _block_facts(items)

    for case in document["cases"]:
        compare(failures, case, read)
    return failures


def _block_facts(items: List[bundle.BlockItem]) -> Facts:
    frontier = tree.Frontier(items[0].block.header.hash)
    root = b""
    for item in items:
        header = item.block.header
        root = tree.root(header.hash, [tree.leaf_hash(header.hash, entry.raw) for entry in item.entries])
        frontier.push(tree.leaf_hash(header.hash, item.block.history_leaf(root)))
    sealed = items[-1].block
    header = sealed.header
    closed = any(isinstance(entry.body, Event) and entry.body.code == n.CLOSED
                 for entry in items[-1].entries)
    following = {"history_root": frontier.root().hex(), "first_sequence": sealed.first_after,
                 "kid": _kid_after(items).hex(), "closed": closed}
    return {"ledger_id": digest_text(Digest(header.hash, header.ledger)), "height": header.height,
            "entry_count": header.count, "first_sequence": header.first,
            "previous_block": hex_of(header.previous), "history_root": header.history_root.hex(),
            "key_epoch": header.epoch, "kid": header.kid.hex(), "begun_at": header.begin, "root": root.hex(),
            "to_be_signed": sealed.to_be_signed(root).hex(), "block_hash": sealed.block_hash(root).hex(),
            "sealed_digest": sealed.sealed_digest().hex(), "next": following}


def _kid_after(items: List[bundle.BlockItem]) -> bytes:
    header = items[0].block.header
    genesis = items[0].entries[0].body
    history = key_history.KeyHistory(Digest(header.hash, header.ledger), genesis.first_key)
    for item in items:
        for index, entry in enumerate(item.entries):
            if entry.name == "key" and entry.body is not None:
                history.add(key_history.Placed(header.ledger, header.hash, item.block.header.height,
                                               index, entry, ()), entry.body)
    return history.at(items[-1].block.header.height + 1).kid


def read_receipt(case: Any) -> Facts:
    receipt = read_block(unhex(case["hex"]), "receipt", receipt=True)
    inclusion, header = receipt.inclusion, receipt.header
    assert inclusion is not None
    root = tree.root_from_path(header.hash, tree.leaf_hash(header.hash, unhex(case["entry"])),
                               inclusion.index, inclusion.size, inclusion.path)
    key = read_key(case["key"])
    if key.algorithm != header.algorithm:
        raise Contradicted("alg is not the key's")
    objection = keys.verify(key, receipt.message.signature, receipt.to_be_signed(root))
    if objection:
        raise Contradicted(objection)
    sequence = header.first + inclusion.index - (1 if header.height else 0)
    return {"ledger_id": header.ledger.hex(), "height": header.height, "size": inclusion.size,
            "index": inclusion.index, "sequence": None if header.height and not inclusion.index else sequence,
            "path": [node.hex() for node in inclusion.path], "root": root.hex(),
            "sealed": receipt.sealed.hex()}


def read_countersignature(case: Any) -> Facts:
    seen = outside.read_countersignature(unhex(case["hex"]), "countersignature")
    key = read_key(case["key"])
    if seen.kid != key.thumbprint():
        raise Contradicted("the kid is of another key")
    if seen.message.algorithm != key.algorithm:
        raise Contradicted("alg is not the key's")
    assert seen.message.payload is not None
    tbs = seen.message.to_be_signed(seen.message.payload)
    objection = keys.verify(key, seen.message.signature, tbs, outside=True)
    if objection:
        raise Contradicted(objection)
    return {"alg": seen.message.algorithm, "kid": seen.kid.hex(), "issuer": seen.issuer,
            "issued_at": seen.signed_at, "role": seen.role, **_elsewhere(seen.named), "claim": seen.claim,
            "time": time_facts(seen.time), "to_be_signed": tbs.hex()}


def bundles(document: Any) -> Failures:
    failures: Failures = []
    by_name = {case["name"]: case for case in document["cases"]}

    def read(case: Any) -> Facts:
        found = bundle.read_bundle(unhex(case["hex"]))
        blocks = list(found.blocks)
        first = found.header.first
        if case["after"] is not None:
            base = bundle.read_bundle(unhex(by_name[case["after"]]["hex"]))
            blocks, first = base.blocks + blocks, base.header.first
        _verify(blocks, first)
        report = bundle.verify_blocks(found)
        for check in report.checks:
            if check.verdict == CONTRADICTED:
                raise Contradicted(f"{check.question}: {check.detail}")
        header = found.header
        return {"ledger_id": digest_text(header.ledger), "first": header.first, "last": header.last,
                "block_hash": header.block.hex(), "sealed_digest": header.sealed.hex(),
                "blocks": len(found.blocks), "outside": sum(len(item.outside) for item in found.blocks)}

    for case in document["cases"]:
        compare(failures, case, read)
    return failures
