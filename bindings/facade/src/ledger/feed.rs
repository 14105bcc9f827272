//! What happened, for whoever passes it on.

use serde_json::{Value, json};
use yinzheng::hash::hex;
use yinzheng::ledger::{FeedCursor, FeedItem, Happened, Ledger};
use yinzheng::number;

use crate::failure::Outcome;
use crate::handle::Handle;
use crate::{guard, json};

/// What was sealed from a cursor on (empty: from the beginning), at most `limit` items, and at most 10,000:
/// `{"items":[{"next","height","sequence","kind",…}],"next"}`. Keep `next` once all items were dealt with, and hand it in again; no
/// items means nothing more is sealed yet. `kind` is `block` (`block_hash`, `sealed_digest`; after the entries of the block), `record`
/// (`digest`, `number`, `dossier`, `preservation_number`, `place`, `signed_by`), `signed` (`record`, `role`), `key` (`action`, `role`,
/// `kid`), `erased` (`records`), `hold` (`action`, `records`), `event` (`event`), `observed-head` (`ledger_id`, `of_height`) or
/// `other`. There are no values and no persons in it.
///
/// # Errors
/// `InvalidArgument` for a cursor that this feed did not give, `HeadMismatch` for one beyond the head, `Damaged`, other 6xx.
pub fn ledger_feed(ledger: Handle, cursor: &[u8], limit: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_feed", ledger, |ledger: &Ledger| {
        let cursor = match json::text("cursor", cursor)? {
            "" => FeedCursor::default(),
            text => text.parse()?,
        };
        let items = ledger.feed(cursor, usize::try_from(limit).unwrap_or(usize::MAX))?;
        let next = items.last().map_or(cursor, |item| item.next);
        let items: Vec<Value> = items.iter().map(item_json).collect();
        Ok(json::reply(&json!({ "items": items, "next": next.to_string() })))
    })
}

fn item_json(item: &FeedItem) -> Value {
    let texts = |digests: &[yinzheng::hash::Digest]| -> Vec<String> {
        digests.iter().map(ToString::to_string).collect()
    };
    let mut reply = json!({
        "next": item.next.to_string(),
        "height": item.height,
        "sequence": item.sequence,
        "kind": item.what.name(),
    });
    let more = match &item.what {
        Happened::Block { block_hash, sealed_digest } => json!({
            "block_hash": hex::encode(block_hash), "sealed_digest": hex::encode(sealed_digest),
        }),
        Happened::Record { digest, dossier, place, signed_by } => json!({
            "digest": digest.to_string(),
            "number": number::record_number(digest),
            "dossier": hex::encode(dossier),
            "preservation_number": number::preservation_number(dossier),
            "place": place,
            "signed_by": signed_by.map(|role| role.name()),
        }),
        Happened::Signed { record, role } => {
            json!({ "record": record.to_string(), "role": role.name() })
        }
        Happened::Key { action, role, kid } => json!({
            "action": action.name(), "role": role.name(), "kid": hex::encode(kid),
        }),
        Happened::Erased { records } => json!({ "records": texts(records) }),
        Happened::Hold { action, records } => {
            json!({ "action": action.name(), "records": texts(records) })
        }
        Happened::Event { code } => json!({ "event": code.name() }),
        Happened::ObservedHead { ledger_id, height } => {
            json!({ "ledger_id": ledger_id.to_string(), "of_height": height })
        }
        Happened::Other => json!({}),
    };
    if let (Some(members), Value::Object(more)) = (reply.as_object_mut(), more) {
        members.extend(more);
    }
    reply
}
