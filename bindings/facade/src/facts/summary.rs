//! An entry in a line, for lists.

use serde_json::{Value, json};
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::hex;
use yinzheng::number;

use crate::words;

/// What an entry is, with the numbers that people and other entries call it by.
pub(crate) fn entry_json(bytes: &[u8], entry: &Entry<'_>) -> Value {
    let kind = match &entry.body {
        Body::Link(_) => "link",
        Body::Genesis(_) => "genesis",
        Body::Record(_) => "record",
        Body::Key(..) => "key",
        Body::Tombstone(_) => "tombstone",
        Body::Hold(_) => "hold",
        Body::Event(_) => "event",
        Body::ObservedHead(_) => "observed-head",
        Body::Renewal(_) => "renewal",
        Body::Statement(_) => "statement",
        Body::Unknown { .. } => "unknown",
    };
    let mut said = json!({ "kind": kind, "bytes": bytes.len() });
    let Some(members) = said.as_object_mut() else { return said };
    if let Some((record, record_bytes)) = entry.record() {
        let digest = record.digest(record_bytes);
        let names: Vec<&str> = record.fields.iter().map(|field| field.name.as_str()).collect();
        let more = json!({
            "profile": record.profile.id,
            "version": record.profile.version,
            "hash": record.hash.name(),
            "digest": digest.to_string(),
            "number": number::record_number(&digest),
            "dossier": hex::encode(&record.dossier),
            "preservation_number": number::preservation_number(&record.dossier),
            "place": record.place,
            "captured_ms": record.time.captured.unix_ms,
            "tier": record.time.tier.name(),
            "fields": names,
            "supersedes": record.supersedes.map(|digest| digest.to_string()),
        });
        members.extend(more.as_object().cloned().unwrap_or_default());
    }
    match &entry.body {
        Body::Genesis(genesis) => {
            members.insert("hash".into(), json!(genesis.hash.name()));
            members.insert("organisation".into(), json!(genesis.organisation));
        }
        Body::Event(event) => {
            members.insert("event".into(), json!(event.code().name()));
        }
        Body::Statement(signed) => {
            members.insert("role".into(), json!(signed.role.name()));
            members.insert("record".into(), json!(signed.record_digest().to_string()));
        }
        Body::Key(_, claims) => {
            members.insert("action".into(), json!(claims.action.name()));
            members.insert("role".into(), json!(claims.role.name()));
            members.insert("custody".into(), json!(claims.custody.map(|custody| custody.name())));
            members.insert("key".into(), json!(claims.key.as_ref().map(words::key_json)));
            let previous = claims.previous.map(|kid| hex::encode(&kid));
            members.insert("previous".into(), json!(previous));
        }
        Body::Unknown { critical } => {
            members.insert("critical".into(), json!(critical));
        }
        _ => {}
    }
    said
}
