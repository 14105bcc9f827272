//! Sealing for hosts that keep entries, blocks and head themselves; statements and countersignatures.

use yinzheng_facade as facade;

use crate::bridge::{Draft, GenesisParts, Outcome, Pair, SealedParts};

#[uniffi::export]
pub(crate) fn genesis_make(request: &[u8]) -> Outcome<GenesisParts> {
    Ok(facade::genesis_make(request)?.into())
}

#[uniffi::export]
pub(crate) fn record_make(request: &[u8]) -> Outcome<Pair> {
    Ok(facade::record_make(request)?.into())
}

#[uniffi::export]
pub(crate) fn sealer_open(head: &[u8]) -> Outcome<u64> {
    Ok(facade::sealer_open(head)?)
}

#[uniffi::export]
pub(crate) fn sealer_add(sealer: u64, entry: &[u8]) -> Outcome<()> {
    Ok(facade::sealer_add(sealer, entry)?)
}

#[uniffi::export]
pub(crate) fn sealer_prepare(sealer: u64, begun_at: u64) -> Outcome<Draft> {
    Ok(facade::sealer_prepare(sealer, begun_at)?.into())
}

#[uniffi::export]
pub(crate) fn sealer_finish(sealer: u64, draft: &[u8], signature: &[u8]) -> Outcome<SealedParts> {
    Ok(facade::sealer_finish(sealer, draft, signature)?.into())
}

#[uniffi::export]
pub(crate) fn sealer_receipt(sealer: u64, block: &[u8], leaf: u64) -> Outcome<Vec<u8>> {
    Ok(facade::sealer_receipt(sealer, block, leaf)?)
}

#[uniffi::export]
pub(crate) fn history_path(hash: &[u8], leaves: &[u8], height: u64) -> Outcome<Vec<u8>> {
    Ok(facade::history_path(hash, leaves, height)?)
}

#[uniffi::export]
pub(crate) fn statement_draft(record: &[u8], request: &[u8]) -> Outcome<Draft> {
    Ok(facade::statement_draft(record, request)?.into())
}

#[uniffi::export]
pub(crate) fn statement_finish(draft: &[u8], signature: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::statement_finish(draft, signature)?)
}

#[uniffi::export]
pub(crate) fn countersignature_draft(head: &[u8], request: &[u8]) -> Outcome<Draft> {
    Ok(facade::countersignature_draft(head, request)?.into())
}

#[uniffi::export]
pub(crate) fn countersignature_finish(draft: &[u8], signature: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::countersignature_finish(draft, signature)?)
}
