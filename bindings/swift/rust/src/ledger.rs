//! The embedded ledger: opening, appending, signatures of parties, and sealing.

use yinzheng_facade as facade;

use crate::bridge::{Outcome, ToSign};

#[uniffi::export]
pub(crate) fn vault_key_generate(suite: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::vault_key_generate(suite)?)
}

#[uniffi::export]
pub(crate) fn ledger_create(path: &[u8], vault_key: &[u8], request: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_create(path, vault_key, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_open(path: &[u8], vault_key: &[u8], request: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_open(path, vault_key, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_append(ledger: u64, request: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_append(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_append_many(ledger: u64, requests: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_append_many(ledger, requests)?)
}

#[uniffi::export]
pub(crate) fn ledger_append_entry(ledger: u64, entry: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_append_entry(ledger, entry)?)
}

#[uniffi::export]
pub(crate) fn ledger_hold_for_signature(ledger: u64, request: &[u8]) -> Outcome<ToSign> {
    Ok(facade::ledger_hold_for_signature(ledger, request)?.into())
}

#[uniffi::export]
pub(crate) fn ledger_held(ledger: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_held(ledger)?)
}

#[uniffi::export]
pub(crate) fn ledger_finish_statement(ledger: u64, id: u64, signature: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_finish_statement(ledger, id, signature)?)
}

#[uniffi::export]
pub(crate) fn ledger_drop_statement(
    ledger: u64,
    id: u64,
    reason: &[u8],
    time: &[u8],
) -> Outcome<u64> {
    Ok(facade::ledger_drop_statement(ledger, id, reason, time)?)
}

#[uniffi::export]
pub(crate) fn ledger_begin(ledger: u64, now_s: u64) -> Outcome<ToSign> {
    Ok(facade::ledger_begin(ledger, now_s)?.into())
}

#[uniffi::export]
pub(crate) fn ledger_pending(ledger: u64) -> Outcome<Option<ToSign>> {
    Ok(facade::ledger_pending(ledger)?.map(ToSign::from))
}

#[uniffi::export]
pub(crate) fn ledger_commit(ledger: u64, signature: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_commit(ledger, signature)?)
}

#[uniffi::export]
pub(crate) fn ledger_due(
    ledger: u64,
    max_entries: u64,
    max_age_ms: i64,
    now_ms: i64,
) -> Outcome<bool> {
    Ok(facade::ledger_due(ledger, max_entries, max_age_ms, now_ms)?)
}
