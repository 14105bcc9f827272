//! Software keys.

use yinzheng_facade as facade;

use crate::bridge::Outcome;

#[uniffi::export]
pub(crate) fn key_generate(algorithm: &[u8]) -> Outcome<u64> {
    Ok(facade::key_generate(algorithm)?)
}

#[uniffi::export]
pub(crate) fn key_from_pkcs8(pem: &[u8], passphrase: &[u8]) -> Outcome<u64> {
    Ok(facade::key_from_pkcs8(pem, passphrase)?)
}

#[uniffi::export]
pub(crate) fn key_to_pkcs8(key: u64, passphrase: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::key_to_pkcs8(key, passphrase)?)
}

#[uniffi::export]
pub(crate) fn key_public(key: u64) -> Outcome<Vec<u8>> {
    Ok(facade::key_public(key)?)
}

#[uniffi::export]
pub(crate) fn key_sign(key: u64, message: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::key_sign(key, message)?)
}

#[uniffi::export]
pub(crate) fn key_sign_digest(key: u64, digest: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::key_sign_digest(key, digest)?)
}
