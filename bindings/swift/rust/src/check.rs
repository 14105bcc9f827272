//! Single checks, and digests of attachments.

use yinzheng_facade as facade;

use crate::bridge::Outcome;

#[uniffi::export]
pub(crate) fn inspect(kind: &[u8], bytes: &[u8], beside: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::inspect(kind, bytes, beside)?)
}

#[uniffi::export]
pub(crate) fn digest(hash: &[u8], bytes: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::digest(hash, bytes)?)
}

#[uniffi::export]
pub(crate) fn check_signature(
    key: &[u8],
    message: &[u8],
    signature: &[u8],
    form: &[u8],
) -> Outcome<Vec<u8>> {
    Ok(facade::check_signature(key, message, signature, form)?)
}

#[uniffi::export]
pub(crate) fn tree_root(hash: &[u8], leaf_hashes: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::tree_root(hash, leaf_hashes)?)
}

#[uniffi::export]
pub(crate) fn check_inclusion(
    hash: &[u8],
    leaf_hash: &[u8],
    index: u64,
    size: u64,
    path: &[u8],
    root: &[u8],
) -> Outcome<()> {
    Ok(facade::check_inclusion(hash, leaf_hash, index, size, path, root)?)
}

#[uniffi::export]
pub(crate) fn check_consistency(
    hash: &[u8],
    first_size: u64,
    second_size: u64,
    first_root: &[u8],
    second_root: &[u8],
    path: &[u8],
) -> Outcome<()> {
    Ok(facade::check_consistency(hash, first_size, second_size, first_root, second_root, path)?)
}

#[uniffi::export]
pub(crate) fn hash_bytes(bytes: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::hash_bytes(bytes)?)
}

#[uniffi::export]
pub(crate) fn hash_file(path: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::hash_file(path)?)
}

#[uniffi::export]
pub(crate) fn hash_begin() -> Outcome<u64> {
    Ok(facade::hash_begin()?)
}

#[uniffi::export]
pub(crate) fn hash_update(hash: u64, piece: &[u8]) -> Outcome<()> {
    Ok(facade::hash_update(hash, piece)?)
}

#[uniffi::export]
pub(crate) fn hash_finish(hash: u64) -> Outcome<Vec<u8>> {
    Ok(facade::hash_finish(hash)?)
}
