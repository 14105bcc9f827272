//! Reading with something beside the bytes: the key that verifies, the block before, the disclosures that open.

use serde::Deserialize;
use serde_json::{Value, json};
use yinzheng::anchor::Countersignature;
use yinzheng::block::{Block, Head, Receipt, SealedBlock};
use yinzheng::bundle::BundleReader;
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::{HashAlg, hex};
use yinzheng::key::{KeyEntry, LedgerKeys, SignerKeys, verify_possession};
use yinzheng::proof::ConsistencyProof;
use yinzheng::record::Record;
use yinzheng::statement::Role;
use yinzheng::value::Disclosure;
use yinzheng::{Error, ErrorCode, Result};

use super::said::{self, bytes, digest, present};
use crate::keys::KeyWire;
use crate::words;

/// What may stand beside the bytes; each kind reads its own members.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Beside {
    pub(super) key: Option<KeyWire>,
    entry: Option<String>,
    entries: Option<Vec<String>>,
    after: Option<String>,
    disclosures: Vec<String>,
    ledger_id: Option<String>,
    first: Option<String>,
    heights: Vec<u64>,
}

fn unhex_all(what: &str, list: &[String]) -> Result<Vec<Vec<u8>>> {
    list.iter().map(|text| words::hex_bytes(what, text)).collect()
}

impl Beside {
    fn head_before(&self) -> Result<Option<Head>> {
        let head = |text: &String| Head::decode(&words::hex_bytes("after", text)?);
        self.after.as_ref().map(head).transpose()
    }
}

pub(super) fn record(read: &[u8], beside: &Beside) -> Result<Value> {
    let record = Record::parse(read)?;
    for text in &beside.disclosures {
        let disclosure = Disclosure::parse(&words::hex_bytes("disclosure", text)?)?;
        let commitment = disclosure.commitment(record.hash);
        if record.commitment(&disclosure.name) != Some(&commitment) {
            return Err(Error::new(ErrorCode::DigestMismatch, "disclosure"));
        }
    }
    Ok(said::record(&record, read))
}

/// An entry that must be of one kind.
fn not_that(what: &str, body: &Body) -> Error {
    match body {
        Body::Unknown { .. } => Error::new(ErrorCode::UnknownCritical, what),
        _ => Error::new(ErrorCode::WrongKind, what),
    }
}

pub(super) fn key(read: &[u8], beside: &Beside) -> Result<Value> {
    let Some(ledger) = &beside.ledger_id else {
        return KeyEntry::parse_first(read)
            .map(|claims| said::key_claims(&claims, read, HashAlg::Sm3));
    };
    let ledger = words::digest("ledger_id", ledger)?;
    match Entry::parse(read)?.body {
        Body::Key(entry, claims) => {
            verify_possession(&entry, &claims, &ledger)?;
            Ok(said::key_claims(&claims, read, ledger.alg))
        }
        other => Err(not_that("key entry", &other)),
    }
}

/// Key entries one after the other, under a ledger's first key.
pub(super) fn key_chain(beside: &Beside) -> Result<Value> {
    let missing = |what| Error::new(ErrorCode::InvalidArgument, what);
    let ledger = beside.ledger_id.as_ref().ok_or_else(|| missing("ledger_id"))?;
    let first = beside.first.as_ref().ok_or_else(|| missing("first"))?;
    let entries = unhex_all("entries", beside.entries.as_deref().unwrap_or_default())?;
    if entries.len() != beside.heights.len() {
        return Err(missing("one of heights for each of entries"));
    }
    let ledger = words::digest("ledger_id", ledger)?;
    let first = words::hex_bytes("first", first)?;
    let mut keys = LedgerKeys::from_genesis(&first, ledger.alg, ledger)?;
    let mut signers = SignerKeys::new(ledger.alg, ledger);
    for (at, (height, entry)) in beside.heights.iter().zip(&entries).enumerate() {
        let taken = keys.apply(entry, *height).and_then(|()| signers.apply(entry, *height));
        taken.map_err(|error| error.within(&format!("entry {at}")))?;
    }
    let all = keys.all().iter().chain(signers.all()).map(|key| {
        present(json!({
            "kid": bytes(key.kid),
            "role": key.role.number(),
            "epoch": key.epoch,
            "since": key.since,
            "ended": key.ended,
            "revoked": key.revoked.map(|(height, reason)| json!([height, reason.number()])),
        }))
    });
    let last = beside.heights.last().map_or(0, |height| height.saturating_add(1));
    if last > 10_000 {
        return Err(Error::new(ErrorCode::LimitExceeded, "heights up to 10,000"));
    }
    let in_force: Vec<String> = (0..=last).map(|height| bytes(keys.at(height).kid)).collect();
    Ok(json!({ "keys": all.collect::<Vec<_>>(), "in_force_by_height": in_force }))
}

pub(super) fn statement(read: &[u8], beside: &Beside) -> Result<Value> {
    let entry = Entry::parse(read)?;
    let Body::Statement(statement) = &entry.body else {
        return Err(not_that("statement", &entry.body));
    };
    if let Some(key) = &beside.key {
        statement.verify(&key.read()?)?;
    }
    Ok(said::statement(&entry, statement))
}

pub(super) fn countersignature(read: &[u8], beside: &Beside) -> Result<Value> {
    let word = Countersignature::parse(read)?;
    if let Some(key) = &beside.key {
        word.verify(&key.read()?)?;
    }
    Ok(present(json!({
        "alg": word.alg.cose_id(),
        "kid": bytes(word.kid),
        "issuer": word.issuer,
        "issued_at": word.issued_at,
        "role": word.role.map(Role::number),
        "ledger_id": digest(&word.ledger_id),
        "height": word.height,
        "block_hash": digest(&word.block_hash),
        "sealed_digest": digest(&word.sealed_digest),
        "claim": word.claim.number(),
        "time": said::time(&word.time),
        "to_be_signed": bytes(word.to_be_signed()),
    })))
}

pub(super) fn receipt(read: &[u8], beside: &Beside) -> Result<Value> {
    let receipt = Receipt::parse(read)?;
    let header = receipt.block().header();
    let root = match &beside.entry {
        Some(entry) => Some(receipt.root(&words::hex_bytes("entry", entry)?)?),
        None => None,
    };
    match (&root, &beside.key) {
        (Some(root), Some(key)) => receipt.block().verify(root, &key.read()?)?,
        (None, Some(_)) => {
            let what = "a key verifies with the entry only";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
        (_, None) => {}
    }
    let path: Vec<String> = receipt.path().iter().map(bytes).collect();
    Ok(present(json!({
        "ledger_id": bytes(header.ledger_id),
        "height": header.height,
        "size": header.entry_count,
        "index": receipt.index(),
        "sequence": receipt.sequence(),
        "path": path,
        "root": root.map(bytes),
        "sealed": bytes(receipt.block().sealed_bytes()),
    })))
}

pub(super) fn block(read: &[u8], beside: &Beside) -> Result<Value> {
    let Some(entries) = &beside.entries else {
        return Ok(header(&Block::parse(read)?));
    };
    let entries = unhex_all("entries", entries)?;
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let before = beside.head_before()?;
    Ok(checked(&Head::check(before.as_ref(), read, &entries)?))
}

/// What a sealed block claims.
pub(crate) fn header(block: &Block) -> Value {
    let header = block.header();
    let ledger = yinzheng::hash::Digest { alg: header.hash, bytes: header.ledger_id };
    present(json!({
        "ledger_id": digest(&ledger),
        "height": header.height,
        "entry_count": header.entry_count,
        "first_sequence": header.first_sequence,
        "previous_block": header.previous_block.map(bytes),
        "history_root": bytes(header.history_root),
        "key_epoch": header.key_epoch,
        "kid": bytes(header.kid),
        "begun_at": header.begun_at,
        "sealed_digest": bytes(block.sealed_digest()),
    }))
}

/// A block that was checked against the one before, and the head it leads to.
fn checked(sealed: &SealedBlock) -> Value {
    let head = &sealed.head;
    let mut said = header(&sealed.block);
    if let Some(members) = said.as_object_mut() {
        let more = json!({
            "root": bytes(sealed.root),
            "to_be_signed": bytes(sealed.block.to_be_signed(&sealed.root)),
            "block_hash": bytes(head.block_hash()),
            "next": {
                "history_root": bytes(head.history_root()),
                "first_sequence": head.next_sequence(),
                "kid": bytes(head.keys().at(head.height() + 1).kid),
                "closed": head.is_closed(),
            },
            "head": hex::encode(&head.encode()),
        });
        members.extend(more.as_object().cloned().unwrap_or_default());
    }
    said
}

pub(super) fn consistency(read: &[u8], beside: &Beside) -> Result<Value> {
    let proof = ConsistencyProof::parse(read)?;
    if let Some(head) = beside.head_before()? {
        let newer = proof.newer().header();
        let id = head.ledger_id();
        if (id.alg, id.bytes) != (newer.hash, newer.ledger_id) || head.height() < newer.height {
            let what = "the head is not one of this ledger at or above the newer block";
            return Err(Error::new(ErrorCode::HeadMismatch, what));
        }
        proof.verify(head.keys())?;
    }
    Ok(json!({ "older": header(proof.older()), "newer": header(proof.newer()) }))
}

pub(super) fn bundle(read: &[u8], beside: &Beside) -> Result<Value> {
    let mut reader = BundleReader::new(read)?;
    let mut head = beside.head_before()?;
    let (mut blocks, mut words) = (0u64, 0);
    while let Some(block) = reader.next_block()? {
        head = Some(block.check(head.as_ref())?.head);
        blocks += 1;
        words += block.outside.len();
    }
    let header = reader.header();
    let head = head.ok_or_else(|| Error::new(ErrorCode::ChainBroken, "no block"))?;
    header.check_last(&head)?;
    Ok(json!({
        "ledger_id": header.ledger_id.to_string(),
        "first": header.first,
        "last": header.last,
        "block_hash": bytes(header.block_hash),
        "sealed_digest": bytes(header.sealed_digest),
        "blocks": blocks,
        "outside": words,
        "head": hex::encode(&head.encode()),
    }))
}
