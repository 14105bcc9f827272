//! Appending records: one business event, one call.

use serde_json::{Value, json};
use yinzheng::Result;
use yinzheng::hash::hex;
use yinzheng::ledger::{Appended, Dossier, Ledger, NewRecord};

use crate::failure::Outcome;
use crate::handle::Handle;
use crate::request::{Prepared, RecordWire};
use crate::{guard, json, words};

/// What the reply says about a message besides what became of it.
pub(super) struct Remarks {
    missing: Vec<String>,
    findings: Vec<Value>,
}

/// A record on its way in.
pub(super) fn ready(ledger: &Ledger, wire: &mut RecordWire<'_>) -> Result<(NewRecord, Remarks)> {
    let dossier = match &wire.dossier {
        None => Dossier::New,
        Some(text) => Dossier::Existing(words::dossier(text)?),
    };
    let Prepared { draft, ready, missing, findings } = wire.prepare(ledger.hash())?;
    let record = NewRecord {
        business_id: wire.business_id.take(),
        dossier,
        draft,
        profile: ready.bytes.clone(),
    };
    Ok((record, Remarks { missing, findings }))
}

impl Remarks {
    pub(super) fn add_to(&self, mut reply: Value) -> Value {
        if let Some(members) = reply.as_object_mut() {
            members.insert("missing".into(), json!(self.missing));
            members.insert("findings".into(), json!(self.findings));
        }
        reply
    }
}

pub(super) fn appended_json(appended: &Appended) -> Value {
    json!({
        "sequence": appended.sequence,
        "digest": appended.digest.to_string(),
        "number": appended.number,
        "dossier": hex::encode(&appended.dossier),
        "preservation_number": appended.preservation_number,
        "place": appended.place,
        "replayed": appended.replayed,
    })
}

/// Appends a record. When this returns, it is durable; the next block seals it.
///
/// `request`: `{"profile":"id"|handle, "message":{…}, ?"business_id", ?"dossier":"D-…"|hex, ?"attachments":[{"field","media_type",
/// ?"title", "path"|"digest"}], ?"time":ms|{"captured",…}, ?"cite":[{"digest", ?"relation"}], ?"supersedes", ?"hash"}`.
/// Reply: `{"sequence","digest","number","dossier","preservation_number","place","replayed","missing":[name],
/// "findings":[{"name","findings":[number]}]}`. The same business id with the same content gives the same answer again.
///
/// # Errors
/// `RefusedField`, `InvalidMessage`, `Conflict`, `LimitExceeded`, `LedgerClosed`, `WrongVaultKey`, `ReadOnly`, 6xx.
pub fn ledger_append(ledger: Handle, request: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_append", ledger, |ledger: &Ledger| {
        let mut wire: RecordWire<'_> = json::object("request", request)?;
        wire.only_for_a_ledger(false)?;
        let (record, remarks) = ready(ledger, &mut wire)?;
        let appended = ledger.append(record)?;
        Ok(json::reply(&remarks.add_to(appended_json(&appended))))
    })
}

/// Appends records in one durable step, all of them or none: a JSON array of requests as for [`ledger_append`], a JSON array of
/// replies.
///
/// # Errors
/// As [`ledger_append`]; the message says which record (counted from 0) was refused.
pub fn ledger_append_many(ledger: Handle, requests: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_append_many", ledger, |ledger: &Ledger| {
        let mut wires: Vec<RecordWire<'_>> = json::read("requests", requests)?;
        let read = |(at, wire): (usize, &mut RecordWire<'_>)| {
            let ready = wire.only_for_a_ledger(false).and_then(|()| ready(ledger, wire));
            ready.map_err(|error| error.within(&format!("record {at}")))
        };
        let all = wires.iter_mut().enumerate().map(read).collect::<Result<Vec<_>>>()?;
        let (records, remarks): (Vec<NewRecord>, Vec<Remarks>) = all.into_iter().unzip();
        let appended = ledger.append_many(&records)?;
        let replies = appended.iter().zip(&remarks);
        let replies = replies.map(|(appended, remarks)| remarks.add_to(appended_json(appended)));
        Ok(json::reply(&Value::Array(replies.collect())))
    })
}

/// Appends an entry that was made outside: a key entry, an observed head, a renewal, a further signer's statement
/// ([`crate::statement_finish`]). Gives its sequence number.
///
/// # Errors
/// `WrongKind` for records and other entries with calls of their own, `KeyNotInForce`, `LedgerClosed`, 3xx, 6xx.
pub fn ledger_append_entry(ledger: Handle, entry: &[u8]) -> Outcome<u64> {
    guard::with("ledger_append_entry", ledger, |ledger: &Ledger| ledger.append_entry(entry))
}
