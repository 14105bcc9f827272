//! What stands in the pieces of the format, in the form that `tests/vectors/README.md` describes: numbers are those of the format,
//! bytes are hex, typed digests are `sha256:…` or `sm3:…`, what is absent in the bytes is absent here.

use serde_json::{Map, Value, json};
use yinzheng::entry::{Body, Entry, Event, Facts, RefuseReason};
use yinzheng::hash::{Digest, HashAlg, hex};
use yinzheng::key::{Custody, KeyClaims, KeyEntry, RevokeReason};
use yinzheng::number;
use yinzheng::record::Record;
use yinzheng::sign::PublicKey;
use yinzheng::statement::{Payload, Statement};
use yinzheng::time::{Moment, NotBeforeKind, TimeClaim};

/// An object without the members that are null.
pub(crate) fn present(members: Value) -> Value {
    match members {
        Value::Object(members) => Value::Object(
            members.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>(),
        ),
        other => other,
    }
}

pub(super) fn digest(digest: &Digest) -> Value {
    json!(digest.to_string())
}

pub(super) fn bytes(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(bytes.as_ref())
}

fn digests(list: &[Digest]) -> Vec<Value> {
    list.iter().map(digest).collect()
}

pub(super) fn key(key: &PublicKey) -> Value {
    present(json!({ "cose_key": bytes(key.to_cose_key()), "sm2_id": key.sm2_id().map(bytes) }))
}

fn moment(moment: &Moment) -> Value {
    present(json!({
        "ms": moment.unix_ms,
        "offset_minutes": moment.offset_minutes,
        "original": moment.original,
    }))
}

pub(super) fn time(claim: &TimeClaim) -> Value {
    let not_before = claim.not_before.as_ref().map(|before| {
        let kind = match before.kind {
            NotBeforeKind::SignedNonce => 1,
            NotBeforeKind::Block => 2,
            NotBeforeKind::Token => 3,
        };
        json!({ "kind": kind, "digest": digest(&before.digest) })
    });
    present(json!({
        "occurred": claim.occurred.as_ref().map(moment),
        "captured": moment(&claim.captured),
        "tier": claim.tier as u64,
        "sync_age_ms": claim.sync_age_ms,
        "uncertainty_ms": claim.uncertainty_ms,
        "monotonic_ms": claim.monotonic_ms,
        "boot_id": claim.boot_id.map(bytes),
        "not_before": not_before,
    }))
}

pub(super) fn record(record: &Record, record_bytes: &[u8]) -> Value {
    let citations: Vec<Value> = record
        .citations
        .iter()
        .map(|citation| json!([citation.relation.number(), digest(&citation.digest)]))
        .collect();
    let fields: Vec<Value> =
        record.fields.iter().map(|field| json!([field.name, bytes(field.commitment)])).collect();
    let own = record.digest(record_bytes);
    present(json!({
        "hash": record.hash.cose_id(),
        "digest": digest(&own),
        "number": number::record_number(&own),
        "profile": [record.profile.id, record.profile.version, digest(&record.profile.digest)],
        "dossier": bytes(record.dossier),
        "place": record.place,
        "citations": citations,
        "fields": fields,
        "time": time(&record.time),
        "supersedes": record.supersedes.as_ref().map(digest),
    }))
}

pub(super) fn key_claims(claims: &KeyClaims, entry: &[u8], hash: HashAlg) -> Value {
    let certificates: Vec<String> = claims.certificates.iter().map(bytes).collect();
    let attestation = claims.attestation.as_ref();
    present(json!({
        "kid": bytes(KeyEntry::digest(entry, hash)),
        "action": claims.action.number(),
        "role": claims.role.number(),
        "key": claims.key.as_ref().map(key),
        "thumbprint": claims.key.as_ref().map(|key| bytes(key.thumbprint())),
        "custody": claims.custody.map(Custody::number),
        "certificates": (!certificates.is_empty()).then_some(certificates),
        "attestation": attestation.map(|one| json!([one.format, bytes(&one.bytes)])),
        "effective_ms": claims.effective_ms,
        "previous": claims.previous.map(bytes),
        "epoch": claims.epoch,
        "reason": claims.reason.map(RevokeReason::number),
        "next_key": claims.next_key.map(bytes),
    }))
}

pub(super) fn statement(entry: &Entry<'_>, statement: &Statement) -> Value {
    let certificates: Vec<String> = statement.certificates.iter().map(bytes).collect();
    let payload = match &statement.payload {
        Payload::Record(_) => "record",
        Payload::Reference(_) => "reference",
    };
    let record = statement.record_digest();
    present(json!({
        "entry_digest": entry.digest(HashAlg::Sha256).to_string(),
        "alg": statement.alg.cose_id(),
        "kid": bytes(statement.kid),
        "role": statement.role.number(),
        "issued_at": statement.issued_at,
        "displayed": statement.displayed.as_ref().map(digest),
        "audience": statement.audience.as_ref().map(digest),
        "certificates": (!certificates.is_empty()).then_some(certificates),
        "payload": payload,
        "record_digest": digest(&record),
        "record_number": number::record_number(&record),
        "unknown_optional": entry.has_unknown_optional.then_some(true),
        "to_be_signed": bytes(statement.to_be_signed()),
    }))
}

/// What an entry of any kind says. Records, keys and statements are only named: they are read as such.
pub(super) fn entry(entry: &Entry<'_>) -> Value {
    let (kind, says) = kind_and_content(entry);
    let place = entry.place().map(|place| {
        present(json!({
            "dossier": bytes(place.dossier),
            "place": place.place,
            "digest": digest(&place.digest),
            "predecessor": place.predecessor.as_ref().map(digest),
        }))
    });
    present(json!({
        "kind": kind,
        "sha256": bytes(entry.digest(HashAlg::Sha256).bytes),
        "sm3": bytes(entry.digest(HashAlg::Sm3).bytes),
        "unknown_optional": entry.has_unknown_optional.then_some(true),
        "takes": place,
        "says": present(says),
    }))
}

fn kind_and_content(entry: &Entry<'_>) -> (&'static str, Value) {
    match &entry.body {
        Body::Link(link) => (
            "link",
            json!({
                "previous_block": bytes(link.previous_block),
                "previous_sealed": bytes(link.previous_sealed),
            }),
        ),
        Body::Genesis(genesis) => (
            "genesis",
            json!({
                "hash": genesis.hash.cose_id(),
                "ledger_id": entry.digest(genesis.hash).to_string(),
                "first_kid": bytes(KeyEntry::digest(&genesis.key_entry, genesis.hash)),
                "nonce": bytes(genesis.nonce),
                "created": time(&genesis.created),
                "organisation": genesis.organisation,
                "continues": genesis.continues.as_ref().map(|other| json!({
                    "ledger_id": digest(&other.ledger_id),
                    "height": other.height,
                    "block_hash": digest(&other.block_hash),
                    "sealed_digest": digest(&other.sealed_digest),
                    "reason": other.reason.number(),
                })),
            }),
        ),
        Body::Record(record) => {
            ("record", json!({ "record_digest": digest(&record.digest(entry.bytes)) }))
        }
        Body::Key(..) => ("key", json!({})),
        Body::Tombstone(one) => (
            "tombstone",
            json!({
                "records": digests(&one.records),
                "names": one.names,
                "reason": one.reason.number(),
                "reference": bytes(one.reference),
                "time": time(&one.time),
            }),
        ),
        Body::Hold(one) => (
            "hold",
            json!({
                "action": one.action.number(),
                "records": digests(&one.records),
                "reason": one.reason.number(),
                "reference": bytes(one.reference),
                "time": time(&one.time),
            }),
        ),
        Body::Event(event) => (
            "event",
            json!({
                "code": event.code().number(),
                "time": time(&event.time),
                "facts": event_facts(event),
            }),
        ),
        Body::ObservedHead(head) => (
            "observed head",
            json!({
                "ledger_id": digest(&head.ledger_id),
                "height": head.height,
                "block_hash": digest(&head.block_hash),
                "sealed_digest": digest(&head.sealed_digest),
                "time": time(&head.time),
            }),
        ),
        Body::Renewal(one) => (
            "renewal",
            json!({
                "ledger_id": digest(&one.ledger_id),
                "first": one.first,
                "last": one.last,
                "root": digest(&one.root),
                "leaves": one.leaves,
            }),
        ),
        Body::Statement(statement) => {
            ("statement", json!({ "record_digest": digest(&statement.record_digest()) }))
        }
        Body::Unknown { critical: true } => ("unknown, critical", json!({})),
        Body::Unknown { critical: false } => ("unknown, optional", json!({})),
    }
}

fn event_facts(event: &Event) -> Value {
    present(match &event.facts {
        Facts::Opened { library, build, system, device, self_test_passed, clock } => json!({
            "1": library,
            "2": build.map(bytes),
            "3": system,
            "4": device,
            "5": self_test_passed.map(|passed| if passed { 1 } else { 2 }),
            "6": clock.map(|tier| tier as u64),
        }),
        Facts::Closed { successor_key, successor_nonce } => {
            json!({ "1": successor_key.map(bytes), "2": successor_nonce.map(bytes) })
        }
        Facts::Clock { step_ms, boot_before, boot_after } => {
            json!({ "1": step_ms, "2": boot_before.map(bytes), "3": boot_after.map(bytes) })
        }
        Facts::Restored { ledger_id, height, block_hash } => {
            json!({ "1": digest(ledger_id), "2": height, "3": digest(block_hash) })
        }
        Facts::Refused { dossier, place, record, reason, predecessor } => json!({
            "1": bytes(dossier),
            "2": place,
            "3": digest(record),
            "4": reason.map(RefuseReason::number),
            "5": predecessor.as_ref().map(digest),
        }),
        Facts::Damage { at, what } => json!({ "1": at, "2": what }),
        Facts::Vault { key_id, step } => json!({ "1": bytes(key_id), "2": step.number() }),
    })
}
