//! Reading pieces of the format: strictly, and telling what they say.

mod asked;
mod said;
mod sealed;
mod summary;

use serde_json::{Value, json};
use yinzheng::block::Head;
use yinzheng::codec::{Item, limits};
use yinzheng::entry::Entry;
use yinzheng::hash::{Digest, HashAlg, hex};
use yinzheng::number::{self, Number};
use yinzheng::proof::Proof;
use yinzheng::sign::{PublicKey, Sign1};
use yinzheng::time::TimeClaim;
use yinzheng::value::{Disclosure, Value as FieldValue};
use yinzheng::{Error, ErrorCode, Result};

use self::sealed::Beside;
#[cfg(feature = "store")]
pub(crate) use self::sealed::header as block_header;
pub(crate) use self::summary::entry_json;
use crate::failure::Outcome;
use crate::{guard, json, profiles, words};

/// Reads a piece of the format and says what is in it, as JSON. What may stand `beside` it (JSON, may be empty) is checked too:
///
/// | kind | bytes | beside |
/// |---|---|---|
/// | `item` `digest` `value` `disclosure` `cose-key` `time` `message` | one item of that form | |
/// | `number` | a preservation or record number as people type it | |
/// | `entry` | an entry of any kind | |
/// | `record` | a record | `disclosures`: [hex] that must open its commitments |
/// | `key` | a key entry | `ledger_id`: possession is verified; without it the entry is the one in genesis |
/// | `key-chain` | none | `ledger_id`, `first`, `entries`: [hex], `heights`: [height of each entry's block] |
/// | `statement` `countersignature` | | `key` that verifies it |
/// | `receipt` | | `entry`: hex, `key` |
/// | `block` | sealed bytes | `entries`: [hex], link or genesis first, `after`: the head before (hex; none for block 0) |
/// | `bundle` | a bundle | `after` |
/// | `consistency` | of [`crate::ledger_consistency`] | `after`: a head at or above the newer block, for its keys |
/// | `head` | the state after a block | |
/// | `proof` | a proof; form only, see [`crate::verify_proof`] | |
/// | `to-be-signed` | what a signer is asked to sign, in message form | `key` that is asked |
///
/// Facts are in the form of `tests/vectors/README.md`, which lists those of the kinds that have vectors. A checked block or bundle also gives the `head` it leads to (hex).
///
/// # Errors
/// `UnknownName` for another kind; 3xx, 4xx and 5xx for bytes that are not exactly that or do not fit what stands beside them;
/// `InvalidNumber`.
pub fn inspect(kind: &[u8], bytes: &[u8], beside: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("inspect", || {
        let beside: Beside =
            if beside.is_empty() { Beside::default() } else { json::object("beside", beside)? };
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
            b"time" => said::time(&TimeClaim::read(Item::parse(bytes, limits::ENTRY_BYTES)?)?),
            b"number" => number(json::text("number", bytes)?)?,
            b"entry" => said::entry(&Entry::parse(bytes)?),
            b"record" => sealed::record(bytes, &beside)?,
            b"key" => sealed::key(bytes, &beside)?,
            b"key-chain" => sealed::key_chain(&beside)?,
            b"statement" => sealed::statement(bytes, &beside)?,
            b"countersignature" => sealed::countersignature(bytes, &beside)?,
            b"receipt" => sealed::receipt(bytes, &beside)?,
            b"block" => sealed::block(bytes, &beside)?,
            b"bundle" => sealed::bundle(bytes, &beside)?,
            b"head" => head(&Head::decode(bytes)?),
            b"consistency" => sealed::consistency(bytes, &beside)?,
            b"proof" => proof(&Proof::parse(bytes)?),
            b"to-be-signed" => asked::to_be_signed(bytes, &beside)?,
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

fn number(text: &str) -> Result<Value> {
    Ok(match number::parse(text)? {
        Number::Preservation(id) => json!({ "letter": "D", "bits": hex::encode(&id) }),
        Number::Record(bits) => json!({ "letter": "R", "bits": hex::encode(&bits) }),
    })
}

/// The state after a block.
fn head(head: &Head) -> Value {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_as_what_it_is_not() {
        for (kind, bytes, beside, number) in [
            ("item", &b""[..], "", 301),
            ("item", b"\x18\x01", "", 302),
            ("item", b"\x01\x01", "", 306),
            ("item", b"\x01", "[]", 101),
            ("item", b"\x01", "{\"secret\":1}", 101),
            ("digest", b"\x00", "", 310),
            ("value", b"\x00", "", 310),
            ("disclosure", b"\x80", "", 310),
            ("cose-key", b"\xa0", "", 312),
            ("message", b"\xa0", "", 310),
            ("time", b"\xa0", "", 312),
            ("entry", b"\xa0", "", 312),
            ("entry", b"", "", 301),
            ("record", b"\xa0", "", 312),
            ("key", b"\xa0", "", 312),
            ("key", b"\xa0", "{\"ledger_id\":\"x\"}", 101),
            ("key-chain", b"", "", 101),
            ("key-chain", b"", "{\"ledger_id\":\"x\",\"first\":\"\",\"heights\":[1]}", 101),
            ("statement", b"\xa0", "", 312),
            ("statement", b"\xa1\x00\x18\x40", "", 311),
            ("countersignature", b"\xa0", "", 310),
            ("block", b"\xf6", "", 310),
            ("block", b"\xf6", "{\"entries\":[\"zz\"]}", 101),
            ("block", b"\xf6", "{\"entries\":[],\"after\":\"00\"}", 310),
            ("bundle", b"\xa0", "", 312),
            ("receipt", b"\xf6", "", 310),
            ("head", b"\x80", "", 310),
            ("consistency", b"\xa0", "", 312),
            ("proof", b"\xa0", "", 312),
            ("to-be-signed", b"", "", 301),
            ("to-be-signed", b"\xa0", "", 310),
            ("to-be-signed", b"\x84\x61x\x40\x40\x40", "", 315),
            ("to-be-signed", b"\x84\x6aSignature1\x41\xa0\x41\x00\x40", "", 315),
            ("to-be-signed", b"\x84\x6aSignature1\x41\xa0\x40\x40", "", 312),
            ("to-be-signed", b"\x84\x6aSignature1\x44\xa1\x10\x61x\x40\x40", "", 315),
            ("number", b"D-0", "", 108),
            ("number", b"\xff", "", 309),
            ("secret", b"", "", 102),
            ("", b"", "", 102),
            ("\u{0}", b"", "", 102),
        ] {
            let failure = inspect(kind.as_bytes(), bytes, beside.as_bytes()).unwrap_err();
            assert_eq!(failure.number, number, "{kind} {bytes:?}: {}", failure.message);
        }
    }

    #[test]
    fn an_item_is_told_by_its_type_and_size() {
        let said = inspect(b"item", b"\x83\x01\x02\x03", b"").unwrap();
        assert_eq!(said, br#"{"type":"array","bytes":4}"#);
    }
}
