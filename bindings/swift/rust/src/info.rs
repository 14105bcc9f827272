//! Versions, limits, errors, and the handles that are open.

use yinzheng_facade as facade;

use crate::bridge::Outcome;

#[uniffi::export]
pub(crate) fn version() -> Outcome<Vec<u8>> {
    Ok(facade::version()?)
}

#[uniffi::export]
pub(crate) fn limits() -> Outcome<Vec<u8>> {
    Ok(facade::limits()?)
}

#[uniffi::export]
pub(crate) fn error_info(number: u32, language: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::error_info(number, language)?)
}

#[uniffi::export]
pub(crate) fn json_get(json: &[u8], pointer: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::json_get(json, pointer)?)
}

#[uniffi::export]
pub(crate) fn handle_count() -> Outcome<u64> {
    Ok(facade::handle_count())
}

#[uniffi::export]
pub(crate) fn close(object: u64) -> Outcome<()> {
    Ok(facade::close(object)?)
}
