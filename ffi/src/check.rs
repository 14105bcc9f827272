//! Single checks, and digests of attachments.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, run};
use crate::buffer::Buffer;

/// Reads a piece of the format, strictly, and says what is in it; what stands beside it (JSON, may be empty) is
/// checked too. kind:
///
/// - "item", "digest", "value", "disclosure", "cose-key", "time", "message" (a COSE_Sign1): one item of that form;
///   "number": a preservation number 保全号 or record number 存证编号 as people type it; "entry": any entry;
///   "head": the state after a block; "proof": its form only, see yz_verify_proof.
/// - "consistency" (yz_ledger_consistency), with {"after":head} at or above its newer block, whose keys verify it.
/// - "record", with {"disclosures":[hex]} that must open its commitments.
/// - "key", a key entry, with {"ledger_id"}, or without for the one in genesis; "key-chain", no bytes, with
///   {"ledger_id","first","entries":[hex],"heights":[…]}.
/// - "statement" and "countersignature", with the {"key"} that verifies it; "receipt", with {"entry","key"}.
/// - "block", with {"entries":[hex],"after":head}; "bundle", with {"after":head}. They also give "head" (hex).
/// - "to-be-signed", the bytes that a signer is asked to sign, with the {"key"} that is asked: "what" they are ("statement",
///   "possession", "block", "countersignature"), of a statement what was "displayed", and the "digest_to_sign" of that key.
///
/// Facts are in the form of tests/vectors/README.md: the format's numbers, bytes in hex.
///
/// - Gives: reply (JSON).
/// - Errors: 101; 102 for another kind; 108 for a number; 3xx, 4xx, 5xx for bytes that are not exactly that, or do not
///   fit what stands beside them.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_inspect(
    kind: *const c_char,
    kind_len: usize,
    bytes: *const u8,
    bytes_len: usize,
    beside: *const c_char,
    beside_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::inspect(
                c.text("kind", kind, kind_len)?,
                c.bytes("bytes", bytes, bytes_len)?,
                c.text("beside", beside, beside_len)?,
            )?);
            Ok(())
        })
    }
}

/// The digest of bytes under "SHA-256" or "SM3".
///
/// - Gives: digest (32 bytes).
/// - Errors: 101, 102.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_digest(
    hash: *const c_char,
    hash_len: usize,
    bytes: *const u8,
    bytes_len: usize,
    digest: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let digest = c.out(digest);
            c.ready()?;
            digest.give(facade::digest(
                c.text("hash", hash, hash_len)?,
                c.bytes("bytes", bytes, bytes_len)?,
            )?);
            Ok(())
        })
    }
}

/// Checks a signature over a message, and gives it in its one form, 64 bytes. key is a key in JSON, see
/// yz_key_describe. form says what is accepted: "given" (64 bytes or DER; a high s is turned into the low
/// one), "sealed" (exactly as this library seals it), or "outside" (64 bytes, a high s passes).
///
/// - Gives: normal (64 bytes).
/// - Errors: 101, 102; 402 for the key; 403, 406 for another form; 404 when it does not fit.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_check_signature(
    key: *const c_char,
    key_len: usize,
    message: *const u8,
    message_len: usize,
    signature: *const u8,
    signature_len: usize,
    form: *const c_char,
    form_len: usize,
    normal: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let normal = c.out(normal);
            c.ready()?;
            normal.give(facade::check_signature(
                c.text("key", key, key_len)?,
                c.bytes("message", message, message_len)?,
                c.bytes("signature", signature, signature_len)?,
                c.text("form", form, form_len)?,
            )?);
            Ok(())
        })
    }
}

/// The root of an RFC 9162 tree over leaf hashes of 32 bytes, one after the other.
///
/// - Gives: root (32 bytes).
/// - Errors: 101, 102.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_tree_root(
    hash: *const c_char,
    hash_len: usize,
    leaf_hashes: *const u8,
    leaf_hashes_len: usize,
    root: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let root = c.out(root);
            c.ready()?;
            root.give(facade::tree_root(
                c.text("hash", hash, hash_len)?,
                c.bytes("leaf_hashes", leaf_hashes, leaf_hashes_len)?,
            )?);
            Ok(())
        })
    }
}

/// Checks an RFC 9162 inclusion path (nodes of 32 bytes, one after the other) from a leaf hash to the root
/// of a tree.
///
/// - Errors: 101, 102; 313 for an index or size out of range; 317 for a path of another length; 408 when it
///   leads elsewhere.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_check_inclusion(
    hash: *const c_char,
    hash_len: usize,
    leaf_hash: *const u8,
    leaf_hash_len: usize,
    index: u64,
    size: u64,
    path: *const u8,
    path_len: usize,
    root: *const u8,
    root_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            facade::check_inclusion(
                c.text("hash", hash, hash_len)?,
                c.bytes("leaf_hash", leaf_hash, leaf_hash_len)?,
                index,
                size,
                c.bytes("path", path, path_len)?,
                c.bytes("root", root, root_len)?,
            )
        })
    }
}

/// Checks an RFC 9162 consistency path between two roots of one growing tree.
///
/// - Errors: as yz_check_inclusion.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_check_consistency(
    hash: *const c_char,
    hash_len: usize,
    first_size: u64,
    second_size: u64,
    first_root: *const u8,
    first_root_len: usize,
    second_root: *const u8,
    second_root_len: usize,
    path: *const u8,
    path_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            facade::check_consistency(
                c.text("hash", hash, hash_len)?,
                first_size,
                second_size,
                c.bytes("first_root", first_root, first_root_len)?,
                c.bytes("second_root", second_root, second_root_len)?,
                c.bytes("path", path, path_len)?,
            )
        })
    }
}
