//! What a ledger answers, and the proofs it makes.

use yinzheng_facade as facade;

use crate::bridge::{Outcome, Pair};

#[uniffi::export]
pub(crate) fn ledger_status(ledger: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_status(ledger)?)
}

#[uniffi::export]
pub(crate) fn ledger_head(ledger: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_head(ledger)?)
}

#[uniffi::export]
pub(crate) fn ledger_head_state(ledger: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_head_state(ledger)?)
}

#[uniffi::export]
pub(crate) fn ledger_entry(ledger: u64, sequence: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_entry(ledger, sequence)?)
}

#[uniffi::export]
pub(crate) fn ledger_receipt(ledger: u64, sequence: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_receipt(ledger, sequence)?)
}

#[uniffi::export]
pub(crate) fn ledger_block(ledger: u64, height: u64) -> Outcome<Pair> {
    Ok(facade::ledger_block(ledger, height)?.into())
}

#[uniffi::export]
pub(crate) fn ledger_list(ledger: u64, first: u64, count: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_list(ledger, first, count)?)
}

#[uniffi::export]
pub(crate) fn ledger_dossiers(ledger: u64, after: &[u8], count: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_dossiers(ledger, after, count)?)
}

#[uniffi::export]
pub(crate) fn ledger_dossier(ledger: u64, dossier: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_dossier(ledger, dossier)?)
}

#[uniffi::export]
pub(crate) fn ledger_find(ledger: u64, number: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_find(ledger, number)?)
}

#[uniffi::export]
pub(crate) fn ledger_feed(ledger: u64, cursor: &[u8], limit: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_feed(ledger, cursor, limit)?)
}

#[uniffi::export]
pub(crate) fn ledger_check(ledger: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_check(ledger)?)
}

#[uniffi::export]
pub(crate) fn ledger_prove(ledger: u64, request: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_prove(ledger, request)?)
}

#[uniffi::export]
pub(crate) fn ledger_disclosures(ledger: u64, sequence: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_disclosures(ledger, sequence)?)
}

#[uniffi::export]
pub(crate) fn ledger_consistency(ledger: u64, older: u64, newer: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_consistency(ledger, older, newer)?)
}

#[uniffi::export]
pub(crate) fn ledger_prove_fork(ledger: u64, bundle: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_prove_fork(ledger, bundle)?)
}
