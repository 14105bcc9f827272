//! A ledger that ends, and the one that goes on from it.

use serde::Deserialize;
use serde_json::json;
use yinzheng::entry::ContinueReason;
use yinzheng::ledger::{ContinueOptions, CreateOptions, HeadInfo, Ledger};

use super::open::fresh_store;
use crate::create::{CreateWire, LimitsWire};
use crate::failure::Outcome;
use crate::handle::{self, Handle};
use crate::{guard, json, words};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContinueWire {
    reason: String,
    create: CreateWire,
    last_known: Option<HeadWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadWire {
    ledger_id: String,
    height: u64,
    block_hash: String,
    sealed_digest: String,
    next_sequence: u64,
}

/// Makes a new ledger in a new file that goes on from `old`, which ends. What the old one never sealed is taken over byte for byte,
/// held records too. `request`: `{"reason":"rollover|restore|key-lost|new-hash", "create":{…}, ?"last_known":{…}}`: `create` as for
/// [`super::ledger_create`] without `continues`; `last_known` is a later head of the old ledger ([`super::ledger_head`]), where the
/// host knows one after a restore. Gives the new handle and `{"entries","held","left":[{"sequence","why"}]}`.
///
/// # Errors
/// `InvalidArgument` before block 0, and at a rollover unless the old ledger was closed and that sealed; `WrongVaultKey` for another
/// vault key than the old ledger's; `HeadMismatch`; and as [`super::ledger_create`]. After an error throw the new file away.
pub fn ledger_continue(
    old: Handle,
    path: &[u8],
    vault_key: &[u8],
    request: &[u8],
) -> Outcome<(Handle, Vec<u8>)> {
    guard::with("ledger_continue", old, |old: &Ledger| {
        let mut wire: ContinueWire = json::object("request", request)?;
        let last_known = match &wire.last_known {
            None => None,
            Some(head) => Some(HeadInfo {
                ledger_id: words::digest("ledger_id", &head.ledger_id)?,
                height: head.height,
                block_hash: words::hex_n("block_hash", &head.block_hash)?,
                sealed_digest: words::hex_n("sealed_digest", &head.sealed_digest)?,
                next_sequence: head.next_sequence,
            }),
        };
        let reason = &wire.reason;
        let reason = words::named("reason", ContinueReason::ALL, ContinueReason::name, reason)?;
        let limits = LimitsWire::read(wire.create.limits.as_ref())?;
        let create: CreateOptions = super::open::create_options(&mut wire.create, vault_key)?;
        let store = fresh_store(json::text("path", path)?, wire.create.in_memory)?;
        let options = ContinueOptions { reason, create, last_known };
        let (new, taken) = Ledger::continue_from(old, store, options)?;
        new.set_limits(limits)?;
        let left = taken.left.iter().map(|(at, why)| json!({ "sequence": at, "why": why }));
        let reply = json!({
            "entries": taken.entries, "held": taken.held, "left": left.collect::<Vec<_>>(),
        });
        Ok((handle::keep(new)?, json::reply(&reply)))
    })
}
