//! Single checks, for hosts that verify piece by piece and for the shared vectors.

use yinzheng::merkle;
use yinzheng::sign::{Signature, Strictness};
use yinzheng::{Error, ErrorCode};

use crate::failure::Outcome;
use crate::{guard, json, keys, words};

/// The digest of bytes under `SHA-256` or `SM3`, 32 bytes.
///
/// # Errors
/// `UnknownName` for another hash.
pub fn digest(hash: &[u8], bytes: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("digest", || Ok(words::hash_alg(json::text("hash", hash)?)?.digest(bytes).to_vec()))
}

/// Checks a signature over a message and gives it in its one form, 64 bytes. `form` says what is accepted: `given` (raw or DER,
/// a high s is turned into the low one), `sealed` (exactly as we seal it) or `outside` (64 bytes, a high s passes).
/// `key` is a key in JSON, see [`crate::key_describe`].
///
/// # Errors
/// `InvalidSignature`, `HighS`, `SignatureMismatch`, `InvalidKey`.
pub fn check_signature(
    key: &[u8],
    message: &[u8],
    signature: &[u8],
    form: &[u8],
) -> Outcome<Vec<u8>> {
    guard::run("check_signature", || {
        let key = keys::read(key)?;
        let alg = key.alg();
        let (signature, strictness) = match form {
            b"given" | b"" => (Signature::normalise(alg, signature)?, Strictness::Ours),
            b"sealed" => (Signature::from_canonical(alg, signature)?, Strictness::Ours),
            b"outside" => (Signature::from_outside(alg, signature)?, Strictness::Outside),
            _ => return Err(Error::new(ErrorCode::UnknownName, "form: given, sealed or outside")),
        };
        key.verify(message, &signature, strictness)?;
        Ok(signature.bytes().to_vec())
    })
}

/// The RFC 9162 root over leaf hashes, written one after the other.
///
/// # Errors
/// `UnknownName`, `InvalidArgument`.
pub fn tree_root(hash: &[u8], leaf_hashes: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("tree_root", || {
        let hash = words::hash_alg(json::text("hash", hash)?)?;
        Ok(merkle::root(hash, &words::nodes("leaf hashes", leaf_hashes)?).to_vec())
    })
}

/// Checks an RFC 9162 inclusion path, nodes one after the other, from a leaf hash to a root.
///
/// # Errors
/// `PathLength`, `RootMismatch`, `OutOfRange` for an index beyond the size, `InvalidArgument`.
pub fn check_inclusion(
    hash: &[u8],
    leaf_hash: &[u8],
    index: u64,
    size: u64,
    path: &[u8],
    root: &[u8],
) -> Outcome<()> {
    guard::run("check_inclusion", || {
        let hash = words::hash_alg(json::text("hash", hash)?)?;
        let leaf = words::bytes_n("leaf hash", leaf_hash)?;
        let root = words::bytes_n("root", root)?;
        merkle::verify_inclusion(hash, leaf, index, size, &words::nodes("path", path)?, &root)
    })
}

/// Checks an RFC 9162 consistency path between two roots of one growing tree.
///
/// # Errors
/// As [`check_inclusion`].
pub fn check_consistency(
    hash: &[u8],
    first_size: u64,
    second_size: u64,
    first_root: &[u8],
    second_root: &[u8],
    path: &[u8],
) -> Outcome<()> {
    guard::run("check_consistency", || {
        let hash = words::hash_alg(json::text("hash", hash)?)?;
        let first = words::bytes_n("first root", first_root)?;
        let second = words::bytes_n("second root", second_root)?;
        let path = words::nodes("path", path)?;
        merkle::verify_consistency(hash, first_size, second_size, &first, &second, &path)
    })
}
