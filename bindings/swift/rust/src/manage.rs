//! Keys of a ledger, erasure, holds, words from outside, bundles, and the ledger that goes on from another.

use yinzheng_facade as facade;
use yinzheng_facade::BundleFrom;

use crate::bridge::{Draft, NumberAnd, Outcome};

#[uniffi::export]
pub(crate) fn ledger_note(ledger: u64, request: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_note(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_note_clock(ledger: u64, now: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_note_clock(ledger, now)?)
}

#[uniffi::export]
pub(crate) fn ledger_attach(ledger: u64, request: &[u8]) -> Outcome<()> {
    Ok(facade::ledger_attach(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_timestamp_request(ledger: u64, request: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_timestamp_request(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_timestamp_attach(
    ledger: u64,
    request: &[u8],
    query: &[u8],
    response: &[u8],
) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_timestamp_attach(ledger, request, query, response)?)
}

#[uniffi::export]
pub(crate) fn ledger_key_draft(ledger: u64, request: &[u8]) -> Outcome<Draft> {
    Ok(facade::ledger_key_draft(ledger, request)?.into())
}

#[uniffi::export]
pub(crate) fn ledger_key_finish(ledger: u64, draft: &[u8], signature: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_key_finish(ledger, draft, signature)?)
}

#[uniffi::export]
pub(crate) fn ledger_key_revoke(ledger: u64, request: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_key_revoke(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_keys(ledger: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_keys(ledger)?)
}

#[uniffi::export]
pub(crate) fn ledger_erase(ledger: u64, request: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_erase(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_hold(ledger: u64, request: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_hold(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_retention(ledger: u64, request: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_retention(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_rewrap(ledger: u64, new_vault_key: &[u8], time: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_rewrap(ledger, new_vault_key, time)?)
}

#[uniffi::export]
pub(crate) fn ledger_confirm_destroyed(ledger: u64, old_key: &[u8], time: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_confirm_destroyed(ledger, old_key, time)?)
}

#[uniffi::export]
pub(crate) fn ledger_export(ledger: u64, first: u64, last: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_export(ledger, first, last)?)
}

#[uniffi::export]
pub(crate) fn ledger_export_file(ledger: u64, first: u64, last: u64, path: &[u8]) -> Outcome<()> {
    Ok(facade::ledger_export_file(ledger, first, last, path)?)
}

#[uniffi::export]
pub(crate) fn ledger_backup(from: &[u8], to: &[u8]) -> Outcome<()> {
    Ok(facade::ledger_backup(from, to)?)
}

#[uniffi::export]
pub(crate) fn replica_import(path: &[u8], bundle: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::replica_import(path, BundleFrom::Bytes(bundle))?)
}

#[uniffi::export]
pub(crate) fn replica_import_file(path: &[u8], file: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::replica_import(path, BundleFrom::File(file))?)
}

#[uniffi::export]
pub(crate) fn ledger_continue(
    old: u64,
    path: &[u8],
    vault_key: &[u8],
    request: &[u8],
) -> Outcome<NumberAnd> {
    Ok(facade::ledger_continue(old, path, vault_key, request)?.into())
}
