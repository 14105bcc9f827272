//! What a reader finds in the bytes, as JSON.

use serde_json::{Map, Value, json};
use yinzheng::hash::Digest;
use yinzheng::record::Record;
use yinzheng::sign::PublicKey;
use yinzheng::time::{Moment, NotBeforeKind, TimeClaim};

use crate::hex;

/// An object without the members that are null: what is absent in the bytes is absent here.
pub(crate) fn present(members: Value) -> Value {
    let Value::Object(members) = members else { panic!("an object") };
    Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}

pub(crate) fn digest(digest: &Digest) -> Value {
    json!(digest.to_string())
}

fn moment(moment: &Moment) -> Value {
    present(json!({
        "ms": moment.unix_ms,
        "offset_minutes": moment.offset_minutes,
        "original": moment.original,
    }))
}

pub(crate) fn time(claim: &TimeClaim) -> Value {
    let not_before = claim.not_before.as_ref().map(|before| {
        let kind = match before.kind {
            NotBeforeKind::SignedNonce => 1,
            NotBeforeKind::Block => 2,
            NotBeforeKind::Token => 3,
        };
        json!({"kind": kind, "digest": digest(&before.digest)})
    });
    present(json!({
        "occurred": claim.occurred.as_ref().map(moment),
        "captured": moment(&claim.captured),
        "tier": claim.tier as u64,
        "sync_age_ms": claim.sync_age_ms,
        "uncertainty_ms": claim.uncertainty_ms,
        "monotonic_ms": claim.monotonic_ms,
        "boot_id": claim.boot_id.map(hex),
        "not_before": not_before,
    }))
}

pub(crate) fn record(record: &Record, bytes: &[u8]) -> Value {
    let citations: Vec<Value> = record
        .citations
        .iter()
        .map(|citation| json!([citation.relation.number(), digest(&citation.digest)]))
        .collect();
    let fields: Vec<Value> =
        record.fields.iter().map(|field| json!([field.name, hex(field.commitment)])).collect();
    let own = record.digest(bytes);
    present(json!({
        "hash": record.hash.cose_id(),
        "digest": digest(&own),
        "number": yinzheng::number::record_number(&own),
        "profile": [record.profile.id, record.profile.version, digest(&record.profile.digest)],
        "dossier": hex(record.dossier),
        "place": record.place,
        "citations": citations,
        "fields": fields,
        "time": time(&record.time),
        "supersedes": record.supersedes.as_ref().map(digest),
    }))
}

/// A key as it stands beside a case, for whoever verifies: the COSE_Key and, for SM2, the user id.
pub(crate) fn key(key: &PublicKey) -> Value {
    present(json!({"cose_key": hex(key.to_cose_key()), "sm2_id": key.sm2_id().map(hex)}))
}

/// Reads what [`key`] wrote.
pub(crate) fn read_key(value: &Value) -> PublicKey {
    let bytes = crate::bytes(value["cose_key"].as_str().unwrap());
    let item = yinzheng::codec::Item::parse(&bytes, bytes.len()).unwrap();
    let key = PublicKey::from_cose_key(item).unwrap();
    match value["sm2_id"].as_str() {
        Some(id) => key.with_sm2_id(&crate::bytes(id)).unwrap(),
        None => key,
    }
}
