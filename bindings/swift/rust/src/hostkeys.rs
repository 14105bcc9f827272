//! Keys of records that the host's device wraps.

use yinzheng_facade as facade;

use crate::bridge::{NumberAnd, Outcome};

#[uniffi::export]
pub(crate) fn ledger_draw_record_key(ledger: u64) -> Outcome<NumberAnd> {
    Ok(facade::ledger_draw_record_key(ledger)?.into())
}

#[uniffi::export]
pub(crate) fn ledger_supply_wrapped_key(ledger: u64, id: u64, wrapped: &[u8]) -> Outcome<u64> {
    Ok(facade::ledger_supply_wrapped_key(ledger, id, wrapped)?)
}

#[uniffi::export]
pub(crate) fn ledger_wrapped_key(ledger: u64, sequence: u64) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_wrapped_key(ledger, sequence)?)
}

#[uniffi::export]
pub(crate) fn ledger_disclosures_with_key(
    ledger: u64,
    sequence: u64,
    key: &[u8],
) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_disclosures_with_key(ledger, sequence, key)?)
}

#[uniffi::export]
pub(crate) fn ledger_erase_with_key(ledger: u64, request: &[u8], key: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::ledger_erase_with_key(ledger, request, key)?)
}

#[uniffi::export]
pub(crate) fn ledger_replace_wrapped_key(
    ledger: u64,
    sequence: u64,
    wrapped: &[u8],
) -> Outcome<()> {
    Ok(facade::ledger_replace_wrapped_key(ledger, sequence, wrapped)?)
}
