//! Reading and listing.

use serde_json::{Value, json};
use yinzheng::entry::Entry;
use yinzheng::hash::hex;
use yinzheng::key::KeyEntry;
use yinzheng::ledger::{Found, Ledger};
use yinzheng::number;
use yinzheng::store::PlaceRow;
use yinzheng::{Error, ErrorCode, Result};

use super::open::head_json;
use crate::failure::Outcome;
use crate::handle::Handle;
use crate::{facts, guard, json, words};

/// The most rows of one list.
const ROWS: u64 = 10_000;

/// `{"ledger_id","hash","blocks","entries","unsealed","oldest_unsealed_ms","pending","held","closed","head"}`.
///
/// # Errors
/// `InvalidHandle`, 6xx.
pub fn ledger_status(ledger: Handle) -> Outcome<Vec<u8>> {
    guard::with("ledger_status", ledger, |ledger: &Ledger| {
        let status = ledger.status()?;
        Ok(json::reply(&json!({
            "ledger_id": ledger.id().to_string(),
            "hash": ledger.hash().name(),
            "blocks": status.blocks,
            "entries": status.entries,
            "unsealed": status.unsealed,
            "oldest_unsealed_ms": status.oldest_unsealed_ms,
            "pending": status.pending,
            "held": status.held,
            "closed": status.closed,
            "head": ledger.head()?.as_ref().map(head_json),
        })))
    })
}

/// The last signed block, for the host's mirror: `{"ledger_id","height","block_hash","sealed_digest","next_sequence"}`.
///
/// # Errors
/// `NotFound` before block 0 is sealed, `InvalidHandle`.
pub fn ledger_head(ledger: Handle) -> Outcome<Vec<u8>> {
    guard::with("ledger_head", ledger, |ledger: &Ledger| {
        let none = || Error::new(ErrorCode::NotFound, "no block is sealed yet");
        Ok(json::reply(&head_json(&ledger.head()?.ok_or_else(none)?)))
    })
}

/// The state after the last block as bytes: for countersignatures, and to go on with detached sealing.
///
/// # Errors
/// `NotFound` before block 0 is sealed, `InvalidHandle`.
pub fn ledger_head_state(ledger: Handle) -> Outcome<Vec<u8>> {
    guard::with("ledger_head_state", ledger, |ledger: &Ledger| Ok(ledger.head_state()?.encode()))
}

/// The exact bytes of an entry.
///
/// # Errors
/// `NotFound`, `InvalidHandle`, 6xx.
pub fn ledger_entry(ledger: Handle, sequence: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_entry", ledger, |ledger: &Ledger| ledger.entry(sequence))
}

/// The receipt 回执 of a sealed entry (RFC 9942).
///
/// # Errors
/// `NotFound` for one that is not sealed, `Damaged`, 6xx.
pub fn ledger_receipt(ledger: Handle, sequence: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_receipt", ledger, |ledger: &Ledger| Ok(ledger.receipt(sequence)?.encode()))
}

/// A block: its sealed bytes (what outsiders stamp and countersign), and what it claims as JSON.
///
/// # Errors
/// `NotFound`, `Damaged`, 6xx.
pub fn ledger_block(ledger: Handle, height: u64) -> Outcome<(Vec<u8>, Vec<u8>)> {
    guard::with("ledger_block", ledger, |ledger: &Ledger| {
        let (block, _) = ledger.block(height)?;
        Ok((block.sealed_bytes(), json::reply(&facts::block_header(&block))))
    })
}

/// Up to `count` entries (at most 10,000) from sequence number `first`, as [`crate::inspect`] tells them, each with `sequence` and
/// `height` (`null` while it is not sealed); a key entry also with its `kid`, and the `previous` one that it replaces or ends.
///
/// # Errors
/// `LimitExceeded`, `InvalidHandle`, 6xx.
pub fn ledger_list(ledger: Handle, first: u64, count: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_list", ledger, |ledger: &Ledger| {
        check_count(count)?;
        let end = ledger.status()?.entries.min(first.saturating_add(count));
        let mut rows = Vec::new();
        for sequence in first..end {
            let bytes = ledger.entry(sequence)?;
            let mut row = match Entry::parse(&bytes) {
                Ok(entry) => facts::entry_json(&bytes, &entry),
                Err(error) => json!({ "kind": "unreadable", "error": error.number() }),
            };
            if let Some(members) = row.as_object_mut() {
                if members.get("kind") == Some(&json!("key")) {
                    let kid = KeyEntry::digest(&bytes, ledger.hash());
                    members.insert("kid".into(), json!(hex::encode(&kid)));
                }
                members.insert("sequence".into(), json!(sequence));
                members.insert("height".into(), json!(ledger.height_of(sequence)?));
            }
            rows.push(row);
        }
        Ok(json::reply(&Value::Array(rows)))
    })
}

fn check_count(count: u64) -> Result<()> {
    if count > ROWS {
        return Err(Error::new(ErrorCode::LimitExceeded, "at most 10,000 rows at once"));
    }
    Ok(())
}

fn place_json(row: &PlaceRow) -> Value {
    json!({
        "place": row.place,
        "sequence": row.sequence,
        "digest": row.digest.to_string(),
        "number": number::record_number(&row.digest),
    })
}

fn dossier_json(id: &[u8; 16], places: &[PlaceRow]) -> Value {
    json!({
        "dossier": hex::encode(id),
        "preservation_number": number::preservation_number(id),
        "places": places.iter().map(place_json).collect::<Vec<_>>(),
    })
}

/// Up to `count` dossiers above the id `after` (hex or preservation number; empty for the first):
/// `[{"dossier","preservation_number"}]`.
///
/// # Errors
/// `InvalidNumber`, `LimitExceeded`, 6xx.
pub fn ledger_dossiers(ledger: Handle, after: &[u8], count: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_dossiers", ledger, |ledger: &Ledger| {
        check_count(count)?;
        let after = match json::text("after", after)? {
            "" => None,
            text => Some(words::dossier(text)?),
        };
        let ids = ledger.dossiers(after, usize::try_from(count).unwrap_or(usize::MAX))?;
        let rows = ids.iter().map(|id| {
            json!({
                "dossier": hex::encode(id),
                "preservation_number": number::preservation_number(id),
            })
        });
        Ok(json::reply(&Value::Array(rows.collect())))
    })
}

/// A dossier 证据链 of this ledger:
/// `{"dossier","preservation_number","places":[{"place","sequence","digest","number"}]}`; `sequence` is `null` while a record is
/// held for signature.
///
/// # Errors
/// `NotFound`, `InvalidNumber`, 6xx.
pub fn ledger_dossier(ledger: Handle, dossier: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_dossier", ledger, |ledger: &Ledger| {
        let id = words::dossier(json::text("dossier", dossier)?)?;
        let places = ledger.dossier(&id)?;
        if places.is_empty() {
            return Err(Error::new(ErrorCode::NotFound, "no record of this dossier is here"));
        }
        Ok(json::reply(&dossier_json(&id, &places)))
    })
}

/// What a preservation number 保全号 or record number 存证编号 leads to: `{"kind":"dossier", …}` as [`ledger_dossier`], or
/// `{"kind":"record","place","sequence","digest","number","dossier"}`.
///
/// # Errors
/// `NotFound`, `InvalidNumber`, 6xx.
pub fn ledger_find(ledger: Handle, number: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_find", ledger, |ledger: &Ledger| {
        let number = number::parse(json::text("number", number)?)?;
        let (mut said, kind) = match ledger.find(&number)? {
            Found::Dossier(id, places) => (dossier_json(&id, &places), "dossier"),
            Found::Record(row) => {
                let mut said = place_json(&row);
                if let Some(members) = said.as_object_mut() {
                    members.insert("dossier".into(), json!(hex::encode(&row.dossier)));
                }
                (said, "record")
            }
        };
        if let Some(members) = said.as_object_mut() {
            members.insert("kind".into(), json!(kind));
        }
        Ok(json::reply(&said))
    })
}

/// Checks everything that is stored: `{"blocks","entries","values","problems":[{"height","sequence","error","message"}]}`. Takes as long as
/// reading it all.
///
/// # Errors
/// Only when the store cannot be read at all.
pub fn ledger_check(ledger: Handle) -> Outcome<Vec<u8>> {
    guard::with("ledger_check", ledger, |ledger: &Ledger| {
        let report = ledger.check(|_, _| {})?;
        let problems: Vec<Value> = report
            .problems
            .iter()
            .map(|problem| {
                json!({
                    "height": problem.height,
                    "sequence": problem.sequence,
                    "error": problem.error.number(),
                    "message": problem.error.to_string(),
                })
            })
            .collect();
        Ok(json::reply(&json!({
            "blocks": report.blocks,
            "entries": report.entries,
            "values": report.values,
            "problems": problems,
        })))
    })
}
