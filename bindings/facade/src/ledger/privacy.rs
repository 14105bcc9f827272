//! Erasure, holds, and moving the vault to another key.

use serde::Deserialize;
use serde_json::json;
use yinzheng::entry::{HoldAction, HoldReason, TombstoneReason};
use yinzheng::hash::hex;
use yinzheng::ledger::{EraseRequest, EraseTarget, Erased, HoldRequest, Ledger, RetentionStarts};
use yinzheng::{Error, ErrorCode};
use zeroize::Zeroizing;

use super::open::vault_key;
use crate::failure::Outcome;
use crate::handle::Handle;
use crate::time::{self, TimeWire};
use crate::words;
use crate::{guard, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EraseWire {
    records: Option<Vec<u64>>,
    record: Option<u64>,
    names: Option<Vec<String>>,
    dossier: Option<String>,
    reason: String,
    reference: String,
    time: Option<TimeWire>,
}

/// Erases values: keys and ciphertexts are destroyed, a tombstone is appended, and every proof made before still verifies.
/// `request`: `{"records":[sequence]} | {"record":sequence,"names":[…]} | {"dossier"}` with
/// `"reason":"retention-over|persons-request|order|error"`, `"reference"` (only a salted commitment to it is sealed), ?`"time"`.
/// Reply: `{"tombstones":[sequence],"records":[digest],"names"}`.
///
/// # Errors
/// `OnHold`, `NotFound`, `Erased` when nothing is left to erase, `WrongVaultKey`, 6xx.
pub fn ledger_erase(ledger: Handle, request: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_erase", ledger, |ledger: &Ledger| {
        ledger.erase(&erase_request(request)?).map(|erased| erased_json(&erased))
    })
}

/// Erases some values of one record where the host wraps the keys: `request` and reply as in [`ledger_erase`], with `record` and
/// `names`; `key` is the record's own, which the host unwrapped. Two keys that were supplied are used up.
///
/// # Errors
/// As [`ledger_erase`]; `InvalidArgument` for another target, or a ledger that wraps its keys itself, `Damaged` when the key is not
/// this record's.
pub fn ledger_erase_with_key(ledger: Handle, request: &[u8], key: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_erase_with_key", ledger, |ledger: &Ledger| {
        let key = Zeroizing::new(key.to_vec());
        let erased = ledger.erase_with_key(&erase_request(request)?, &key)?;
        Ok(erased_json(&erased))
    })
}

fn erase_request(request: &[u8]) -> yinzheng::Result<EraseRequest> {
    let wire: EraseWire = json::object("request", request)?;
    let target = match (wire.records, wire.record, wire.names, wire.dossier) {
        (Some(records), None, None, None) => EraseTarget::Records(records),
        (None, Some(record), Some(names), None) => EraseTarget::Fields(record, names),
        (None, None, None, Some(dossier)) => EraseTarget::Dossier(words::dossier(&dossier)?),
        _ => {
            let what = "either records, or record and names, or dossier";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
    };
    let reason = &wire.reason;
    Ok(EraseRequest {
        target,
        reason: words::named("reason", TombstoneReason::ALL, TombstoneReason::name, reason)?,
        reference: wire.reference,
        time: time::time(wire.time)?,
    })
}

fn erased_json(erased: &Erased) -> Vec<u8> {
    let records: Vec<String> = erased.records.iter().map(ToString::to_string).collect();
    json::reply(&json!({
        "tombstones": erased.tombstones, "records": records, "names": erased.names,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoldWire {
    action: String,
    records: Vec<u64>,
    reason: String,
    reference: String,
    time: Option<TimeWire>,
}

/// Suspends erasure of records (`set`), blocks their disclosure (`restrict`), or ends both (`lift`): `{"action","records":[sequence],
/// "reason":"dispute|investigation|audit|persons-request","reference", ?"time"}`. Gives the entry's sequence number.
///
/// # Errors
/// `NotFound`, `LimitExceeded`, `WrongVaultKey`, `UnknownName`, 6xx.
pub fn ledger_hold(ledger: Handle, request: &[u8]) -> Outcome<u64> {
    guard::with("ledger_hold", ledger, |ledger: &Ledger| {
        let wire: HoldWire = json::object("request", request)?;
        ledger.hold(&HoldRequest {
            action: words::named("action", HoldAction::ALL, HoldAction::name, &wire.action)?,
            reason: words::named("reason", HoldReason::ALL, HoldReason::name, &wire.reason)?,
            records: wire.records,
            reference: wire.reference,
            time: time::time(wire.time)?,
        })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionWire {
    dossier: String,
    now_ms: i64,
    relationship_end_ms: Option<i64>,
    transaction_end_ms: Option<i64>,
    certificate_expiry_ms: Option<i64>,
}

/// Values of a dossier whose time to keep is over, and those without one. Nothing is erased. `request`: `{"dossier","now_ms",
/// ?"relationship_end_ms", ?"transaction_end_ms", ?"certificate_expiry_ms"}`, milliseconds since 1970; what has not happened is
/// absent. Reply: `[{"sequence","over":[name],"unbounded":[name],"held"}]`.
///
/// # Errors
/// `NotFound`, `InvalidNumber`, `WrongVaultKey`, `OutOfRange`, 6xx.
pub fn ledger_retention(ledger: Handle, request: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_retention", ledger, |ledger: &Ledger| {
        let wire: RetentionWire = json::object("request", request)?;
        let starts = RetentionStarts {
            relationship_end: wire.relationship_end_ms,
            transaction_end: wire.transaction_end_ms,
            certificate_expiry: wire.certificate_expiry_ms,
        };
        let due = ledger.due(&words::dossier(&wire.dossier)?, &starts, wire.now_ms)?;
        let rows = due.iter().map(|due| {
            json!({
                "sequence": due.sequence,
                "over": due.over,
                "unbounded": due.unbounded,
                "held": due.held,
            })
        });
        Ok(json::reply(&rows.collect()))
    })
}

/// Moves every wrapped key to another vault key, which is in use afterwards: `{"moved","moved_before","old_key"}`. `time` is a JSON time
/// claim, or empty for the system's clock.
///
/// # Errors
/// `WrongVaultKey`, `InvalidArgument` for the key in use, `InvalidKey`, 6xx.
pub fn ledger_rewrap(ledger: Handle, new_vault_key: &[u8], time: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_rewrap", ledger, |ledger: &Ledger| {
        let report = ledger.rewrap(
            &vault_key(new_vault_key, false)?,
            crate::time::read(time)?,
            |_, _| {},
        )?;
        Ok(json::reply(&json!({
            "moved": report.moved,
            "moved_before": report.moved_before,
            "old_key": hex::encode(&report.old_key),
        })))
    })
}

/// Takes the host's word that no copy of an old vault key (`old_key` of [`ledger_rewrap`], hex) is left, and seals it as an event.
/// Gives the event's sequence number.
///
/// # Errors
/// `NotFound`, `InvalidArgument` for the key in use, 6xx.
pub fn ledger_confirm_destroyed(ledger: Handle, old_key: &[u8], time: &[u8]) -> Outcome<u64> {
    guard::with("ledger_confirm_destroyed", ledger, |ledger: &Ledger| {
        let id = words::hex_n("old_key", json::text("old_key", old_key)?)?;
        ledger.confirm_vault_key_destroyed(id, crate::time::read(time)?)
    })
}
