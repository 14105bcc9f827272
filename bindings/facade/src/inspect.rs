//! Reading pieces of the format: strictly, and telling what they say.

use serde_json::{Value, json};
use yinzheng::block::{Block, Head, Receipt};
use yinzheng::codec::{Item, limits};
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::{Digest, HashAlg, hex};
use yinzheng::number::{self, Number};
use yinzheng::proof::Proof;
use yinzheng::sign::{PublicKey, Sign1};
use yinzheng::statement::Statement;
use yinzheng::value::{Disclosure, Value as FieldValue};
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::{guard, json, profiles, words};

/// Reads a piece of the format and says what is in it, as JSON. `kind` is one of `item` (any canonical CBOR item), `digest`, `value`,
/// `disclosure`, `cose-key`, `message` (a COSE_Sign1), `entry`, `statement`, `block`, `receipt`, `head`, `proof`, and `number` (a
/// preservation number 保全号 or record number 存证编号 as people type it). Form is checked, not truth.
///
/// # Errors
/// `UnknownName` for another kind; 3xx and 4xx for bytes that are not exactly that; `InvalidNumber`.
pub fn inspect(kind: &[u8], bytes: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("inspect", || {
        let said = match kind {
            b"item" => item(bytes)?,
            b"digest" => digest(bytes)?,
            b"value" => value(bytes)?,
            b"disclosure" => disclosure(bytes)?,
            b"cose-key" => words::key_json(&PublicKey::from_cose_key(Item::parse(
                bytes,
                limits::ENTRY_BYTES,
            )?)?),
            b"message" => message(bytes)?,
            b"entry" => entry_json(bytes, &Entry::parse(bytes)?),
            b"statement" => statement(&Statement::parse(bytes)?),
            b"block" => block_json(&Block::parse(bytes)?),
            b"receipt" => receipt(&Receipt::parse(bytes)?),
            b"head" => head_json(&Head::decode(bytes)?),
            b"proof" => proof(&Proof::parse(bytes)?),
            b"number" => number(json::text("number", bytes)?)?,
            _ => return Err(Error::new(ErrorCode::UnknownName, "kind: see docs/ffi.md")),
        };
        Ok(json::reply(&said))
    })
}

fn item(bytes: &[u8]) -> Result<Value> {
    let item = Item::parse(bytes, limits::PROOF_BYTES)?;
    Ok(json!({ "type": format!("{:?}", item.kind()).to_lowercase(), "bytes": item.bytes().len() }))
}

fn digest(bytes: &[u8]) -> Result<Value> {
    let digest = Digest::read(Item::parse(bytes, limits::ENTRY_BYTES)?)?;
    Ok(json!({ "digest": digest.to_string() }))
}

fn value(bytes: &[u8]) -> Result<Value> {
    let value = FieldValue::read(Item::parse(bytes, yinzheng::value::DISCLOSURE_BYTES)?)?;
    Ok(profiles::value_json(&value))
}

fn disclosure(bytes: &[u8]) -> Result<Value> {
    let disclosure = Disclosure::parse(bytes)?;
    let mut said = profiles::value_json(&disclosure.value);
    if let Some(members) = said.as_object_mut() {
        members.insert("name".into(), json!(disclosure.name));
        members.insert("salt".into(), json!(hex::encode(&disclosure.salt)));
        for alg in HashAlg::ALL {
            let commitment = hex::encode(&disclosure.commitment(alg));
            members.insert(alg.prefix().into(), json!(commitment));
        }
    }
    Ok(said)
}

fn message(bytes: &[u8]) -> Result<Value> {
    let message = Sign1::parse(bytes)?;
    Ok(json!({
        "protected": hex::encode(&message.protected),
        "unprotected": hex::encode(&message.unprotected),
        "payload": message.payload.as_deref().map(hex::encode),
        "signature": hex::encode(&message.signature),
    }))
}

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
        }
        Body::Unknown { critical } => {
            members.insert("critical".into(), json!(critical));
        }
        _ => {}
    }
    said
}

fn statement(statement: &Statement) -> Value {
    json!({
        "algorithm": statement.alg.name(),
        "kid": hex::encode(&statement.kid),
        "role": statement.role.name(),
        "issued_at": statement.issued_at,
        "record": statement.record_digest().to_string(),
        "displayed": statement.displayed.map(|digest| digest.to_string()),
        "audience": statement.audience.map(|digest| digest.to_string()),
        "certificates": statement.certificates.iter().map(|one| hex::encode(one)).collect::<Vec<_>>(),
        "to_be_signed": hex::encode(&statement.to_be_signed()),
        "signature": hex::encode(statement.signature()),
    })
}

/// What a sealed block claims.
pub(crate) fn block_json(block: &Block) -> Value {
    let header = block.header();
    json!({
        "algorithm": header.alg.name(),
        "kid": hex::encode(&header.kid),
        "hash": header.hash.name(),
        "ledger_id": hex::encode(&header.ledger_id),
        "height": header.height,
        "entries": header.entry_count,
        "first_sequence": header.first_sequence,
        "previous_block": header.previous_block.as_ref().map(|hash| hex::encode(hash)),
        "history_root": hex::encode(&header.history_root),
        "key_epoch": header.key_epoch,
        "begun_at": header.begun_at,
        "sealed_digest": hex::encode(&block.sealed_digest()),
    })
}

fn receipt(receipt: &Receipt) -> Value {
    let mut said = block_json(receipt.block());
    if let Some(members) = said.as_object_mut() {
        let path: Vec<String> = receipt.path().iter().map(|node| hex::encode(node)).collect();
        members.insert("index".into(), json!(receipt.index()));
        members.insert("sequence".into(), json!(receipt.sequence()));
        members.insert("path".into(), json!(path));
    }
    said
}

/// The state after a block.
pub(crate) fn head_json(head: &Head) -> Value {
    json!({
        "ledger_id": head.ledger_id().to_string(),
        "hash": head.hash().name(),
        "height": head.height(),
        "block_hash": hex::encode(head.block_hash()),
        "sealed_digest": hex::encode(head.sealed_digest()),
        "next_sequence": head.next_sequence(),
        "closed": head.is_closed(),
        "key": words::key_json(&head.keys().at(head.height() + 1).key),
    })
}

fn proof(proof: &Proof) -> Value {
    let items: Vec<Value> = proof
        .items
        .iter()
        .map(|item| match Entry::parse(&item.entry) {
            Ok(entry) => {
                let mut said = entry_json(&item.entry, &entry);
                if let Some(members) = said.as_object_mut() {
                    members.insert("shown".into(), json!(item.disclosures.len()));
                }
                said
            }
            Err(error) => json!({ "kind": "unreadable", "error": error.number() }),
        })
        .collect();
    json!({
        "items": items,
        "profiles": proof.profiles.len(),
        "ledgers": proof.ledgers.len(),
        "outside": proof.outside.len(),
    })
}

fn number(text: &str) -> Result<Value> {
    Ok(match number::parse(text)? {
        Number::Preservation(id) => json!({
            "kind": "preservation",
            "dossier": hex::encode(&id),
            "number": number::preservation_number(&id),
        }),
        Number::Record(prefix) => json!({ "kind": "record", "prefix": hex::encode(&prefix) }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_as_what_it_is_not() {
        for (kind, bytes, number) in [
            ("item", &b""[..], 301),
            ("item", b"\x18\x01", 302),
            ("item", b"\x01\x01", 306),
            ("digest", b"\x00", 310),
            ("value", b"\x00", 310),
            ("disclosure", b"\x80", 310),
            ("cose-key", b"\xa0", 312),
            ("message", b"\xa0", 310),
            ("entry", b"\xa0", 312),
            ("entry", b"", 301),
            ("statement", b"\xa0", 310),
            ("block", b"\xf6", 310),
            ("receipt", b"\xf6", 310),
            ("head", b"\x80", 310),
            ("proof", b"\xa0", 312),
            ("number", b"D-0", 108),
            ("number", b"\xff", 309),
            ("secret", b"", 102),
            ("", b"", 102),
            ("\u{0}", b"", 102),
        ] {
            let failure = inspect(kind.as_bytes(), bytes).unwrap_err();
            assert_eq!(failure.number, number, "{kind} {bytes:?}: {}", failure.message);
        }
    }

    #[test]
    fn an_item_is_told_by_its_type_and_size() {
        assert_eq!(
            inspect(b"item", b"\x83\x01\x02\x03").unwrap(),
            br#"{"type":"array","bytes":4}"#
        );
    }
}
