//! Sealing in two phases.

use serde_json::json;
use yinzheng::hash::hex;
use yinzheng::ledger::{Ledger, Pending, SealPolicy};

use crate::failure::Outcome;
use crate::handle::Handle;
use crate::signing::ToSign;
use crate::{guard, json};

fn to_sign(pending: Pending) -> ToSign {
    let info = json!({ "height": pending.height, "entries": pending.entries });
    ToSign::new(pending.to_be_signed, &pending.key, info)
}

/// Fixes the next block over all entries that are not sealed, and gives the bytes to sign: the same ones until
/// [`ledger_commit`], across restarts. `now_s` is seconds since 1970.
///
/// # Errors
/// `NothingToSeal`, `LedgerClosed`, `ReadOnly`, `Damaged`, 6xx.
pub fn ledger_begin(ledger: Handle, now_s: u64) -> Outcome<ToSign> {
    guard::with("ledger_begin", ledger, |ledger: &Ledger| Ok(to_sign(ledger.begin(now_s)?)))
}

/// The block that waits for its signature; `None` when there is none.
///
/// # Errors
/// `InvalidHandle`, `Damaged`.
pub fn ledger_pending(ledger: Handle) -> Outcome<Option<ToSign>> {
    guard::with("ledger_pending", ledger, |ledger: &Ledger| Ok(ledger.pending()?.map(to_sign)))
}

/// Takes the signature over the pending block, raw or DER, verifies it with the key in force, and seals:
/// `{"height","block_hash","sealed_digest","first_sequence","entries"}`. Mirror height and block hash elsewhere.
///
/// # Errors
/// `NothingPending`; `InvalidSignature`, `SignatureMismatch`: the block stays pending; `Damaged`, 6xx.
pub fn ledger_commit(ledger: Handle, signature: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_commit", ledger, |ledger: &Ledger| {
        let sealed = ledger.commit(signature)?;
        Ok(json::reply(&json!({
            "height": sealed.height,
            "block_hash": hex::encode(&sealed.block_hash),
            "sealed_digest": hex::encode(&sealed.sealed_digest),
            "first_sequence": sealed.first_sequence,
            "entries": sealed.entries,
        })))
    })
}

/// Whether a block is due: one is pending, `max_entries` wait, or the oldest waits for `max_age_ms` at `now_ms`. Zeros for the first
/// two stand for 1,000 entries and 60 seconds.
///
/// # Errors
/// `InvalidHandle`, 6xx.
pub fn ledger_due(ledger: Handle, max_entries: u64, max_age_ms: i64, now_ms: i64) -> Outcome<bool> {
    guard::with("ledger_due", ledger, |ledger: &Ledger| {
        let usual = SealPolicy::default();
        let policy = SealPolicy {
            max_entries: if max_entries == 0 { usual.max_entries } else { max_entries },
            max_age_ms: if max_age_ms == 0 { usual.max_age_ms } else { max_age_ms },
        };
        Ok(policy.due(&ledger.status()?, now_ms))
    })
}
