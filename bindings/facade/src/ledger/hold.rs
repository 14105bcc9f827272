//! Records that a party signs before they are sealed.

use serde_json::{Value, json};
use yinzheng::entry::RefuseReason;
use yinzheng::hash::hex;
use yinzheng::ledger::{Held, Ledger};
use yinzheng::number;
use yinzheng::{Error, ErrorCode};

use super::append;
use crate::failure::Outcome;
use crate::handle::Handle;
use crate::request::RecordWire;
use crate::signing::ToSign;
use crate::{guard, json, time, words};

fn held_json(held: &Held) -> Value {
    json!({
        "id": held.id,
        "digest": held.digest.to_string(),
        "number": number::record_number(&held.digest),
        "dossier": hex::encode(&held.dossier),
        "preservation_number": number::preservation_number(&held.dossier),
        "place": held.place,
    })
}

/// Gives a record its place in a dossier, and the bytes that a party must sign over it. The request is that of
/// [`super::ledger_append`] with `"signer":{"key","role", ?"issued_at", ?"kid", ?"displayed", ?"audience":"ledger"|digest,
/// ?"certificates"}`. The info has `id`, under which [`ledger_finish_statement`] takes the signature, perhaps after a restart.
///
/// # Errors
/// As [`super::ledger_append`].
pub fn ledger_hold_for_signature(ledger: Handle, request: &[u8]) -> Outcome<ToSign> {
    guard::with("ledger_hold_for_signature", ledger, |ledger: &Ledger| {
        let mut wire: RecordWire<'_> = json::object("request", request)?;
        wire.only_for_a_ledger(true)?;
        let signer = wire.signer.take();
        let signer = signer.ok_or_else(|| Error::new(ErrorCode::Internal, "signer"))?;
        let (record, remarks) = append::ready(ledger, &mut wire)?;
        let captured = record.draft.time.captured.unix_ms;
        let terms = signer.terms(captured, Some(ledger.id()))?;
        let held = ledger.hold_for_signature(&record, &signer.key.read()?, &terms)?;
        let info = remarks.add_to(held_json(&held));
        Ok(ToSign::new(held.to_be_signed, &held.key, info))
    })
}

/// The records that wait for a signature: a JSON array of what [`ledger_hold_for_signature`] says, each with `to_be_signed` in hex.
///
/// # Errors
/// `InvalidHandle`, `Damaged`, 6xx.
pub fn ledger_held(ledger: Handle) -> Outcome<Vec<u8>> {
    guard::with("ledger_held", ledger, |ledger: &Ledger| {
        let held = ledger.held()?;
        let list = held.iter().map(|held| {
            let mut said = held_json(held);
            if let Some(members) = said.as_object_mut() {
                let digest = held.key.digest_to_sign(&held.to_be_signed);
                members.insert("to_be_signed".into(), json!(hex::encode(&held.to_be_signed)));
                members.insert("digest_to_sign".into(), json!(digest.map(|d| hex::encode(&d))));
                members.insert("key".into(), words::key_json(&held.key));
            }
            said
        });
        Ok(json::reply(&Value::Array(list.collect())))
    })
}

/// Takes the signature of a held record, raw or DER, verifies it, and appends the statement. The reply is that of
/// [`super::ledger_append`], without remarks.
///
/// # Errors
/// `NotFound` for an id that is not held; `InvalidSignature`, `SignatureMismatch`: the record stays held.
pub fn ledger_finish_statement(ledger: Handle, id: u64, signature: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_finish_statement", ledger, |ledger: &Ledger| {
        Ok(json::reply(&append::appended_json(&ledger.finish_statement(id, signature)?)))
    })
}

/// Drops a held record: a *refused* event takes its place. `reason`: `declined`, `timed-out`, `locked` or `withdrawn`; `time` is a
/// JSON time claim, or empty for the system's clock. Gives the event's sequence number.
///
/// # Errors
/// `NotFound`, `UnknownName`, 6xx.
pub fn ledger_drop_statement(ledger: Handle, id: u64, reason: &[u8], time: &[u8]) -> Outcome<u64> {
    guard::with("ledger_drop_statement", ledger, |ledger: &Ledger| {
        let reason = json::text("reason", reason)?;
        let reason = words::named("reason", RefuseReason::ALL, RefuseReason::name, reason)?;
        ledger.drop_statement(id, reason, time::read(time)?)
    })
}
