//! Sealing without a store, and signatures of parties and outsiders.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// The first two entries of a ledger that the host keeps itself (detached sealing). The request is that of
/// yz_ledger_create, without "in_memory". info: {"ledger_id","key"}.
///
/// - Gives: genesis, opened (entries); info (JSON, may be NULL).
/// - Errors: 101, 102, 3xx, 402, 409.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_genesis_make(
    request: *const c_char,
    request_len: usize,
    genesis: *mut Buffer,
    opened: *mut Buffer,
    info: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let genesis = c.out(genesis);
            let opened = c.out(opened);
            let info = c.optional(info);
            c.ready()?;
            let given = facade::genesis_make(c.text("request", request, request_len)?)?;
            genesis.give(given.0);
            opened.give(given.1);
            info.give(given.2);
            Ok(())
        })
    }
}

/// A record for detached sealing. The request is that of yz_ledger_append with "place" and, above place 0,
/// "dossier" and "predecessor" (the digest of the record before); "hash" is SHA-256 unless it says
/// otherwise. The reply is that of yz_ledger_append with "disclosures" (hex), which open the record's
/// values and are for the host to keep as secrets.
///
/// - Gives: entry; reply (JSON).
/// - Errors: as yz_ledger_append, but 5xx and 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_record_make(
    request: *const c_char,
    request_len: usize,
    entry: *mut Buffer,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let entry = c.out(entry);
            let reply = c.out(reply);
            c.ready()?;
            let given = facade::record_make(c.text("request", request, request_len)?)?;
            entry.give(given.0);
            reply.give(given.1);
            Ok(())
        })
    }
}

/// A sealer: head (empty before block 0) and the entries of the next block, without a store. Then
/// yz_sealer_add for each entry, yz_sealer_prepare, the host stores the draft and has its bytes signed,
/// yz_sealer_finish, and the host stores block and new head in one transaction that compares its head row
/// with the head given here. After a crash the same head, entries and draft go on from there. Once its
/// draft is stored, a block is the only one ever offered at its height.
///
/// - Gives: sealer (a handle).
/// - Errors: 101, 104; 3xx, 4xx for bytes that are no head.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_sealer_open(
    head: *const u8,
    head_len: usize,
    sealer: *mut Handle,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let sealer = c.out(sealer);
            c.ready()?;
            sealer.give(facade::sealer_open(c.bytes("head", head, head_len)?)?);
            Ok(())
        })
    }
}

/// Adds the next entry: where there is no head, genesis first; never a link.
///
/// - Errors: 101, 204; 104 for one over 65,535 bytes.
/// - Threads: any, in the order of the calls.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_sealer_add(
    sealer: Handle,
    entry: *const u8,
    entry_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe { run(error, |c| facade::sealer_add(sealer, c.bytes("entry", entry, entry_len)?)) }
}

/// Fixes the block over the added entries. begun_at is seconds since 1970. info says what is to be signed
/// and by whom: "key", "digest_to_sign" (hex, for devices that take digests; null for Ed25519), "height",
/// "entries".
///
/// - Gives: draft (store it before anybody signs), to_be_signed; info (JSON, may be NULL).
/// - Errors: 101, 204; 506 without entries; 504, 507, 508, 3xx, 4xx for entries that the ledger's rules
///   refuse.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_sealer_prepare(
    sealer: Handle,
    begun_at: u64,
    draft: *mut Buffer,
    to_be_signed: *mut Buffer,
    info: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let draft = c.out(draft);
            let to_be_signed = c.out(to_be_signed);
            let info = c.optional(info);
            c.ready()?;
            let given = facade::sealer_prepare(sealer, begun_at)?;
            draft.give(given.draft);
            to_be_signed.give(given.to_sign.to_be_signed);
            info.give(given.to_sign.info);
            Ok(())
        })
    }
}

/// Takes the signature over a draft (64 bytes or DER), verifies it, and seals; also in another process,
/// given the same head and entries. info:
/// {"height","block_hash","sealed_digest","first_sequence","entries","history_leaf"}.
///
/// - Gives: block, head (to be stored together); info (JSON, may be NULL).
/// - Errors: 101, 204; 202 when head, entries and draft do not belong together; 403, 404 for the signature;
///   3xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_sealer_finish(
    sealer: Handle,
    draft: *const u8,
    draft_len: usize,
    signature: *const u8,
    signature_len: usize,
    block: *mut Buffer,
    head: *mut Buffer,
    info: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let block = c.out(block);
            let head = c.out(head);
            let info = c.optional(info);
            c.ready()?;
            let given = facade::sealer_finish(
                sealer,
                c.bytes("draft", draft, draft_len)?,
                c.bytes("signature", signature, signature_len)?,
            )?;
            block.give(given.block);
            head.give(given.head);
            info.give(given.info);
            Ok(())
        })
    }
}

/// The receipt 回执 of one leaf of a block that this sealer's head and entries lead to. Leaf 0 is the link
/// (in block 0: genesis), so the first added entry is leaf 1 (in block 0: leaf 0).
///
/// - Gives: receipt.
/// - Errors: 101, 204, 3xx; 404, 504 for another block; 313 for a leaf that it does not have.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_sealer_receipt(
    sealer: Handle,
    block: *const u8,
    block_len: usize,
    leaf: u64,
    receipt: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let receipt = c.out(receipt);
            c.ready()?;
            receipt.give(facade::sealer_receipt(
                sealer,
                c.bytes("block", block, block_len)?,
                leaf,
            )?);
            Ok(())
        })
    }
}

/// The path of the block at a height in the history tree: leaves are the "history_leaf" bytes of all blocks
/// below the head, 32 each. A proof needs one for every block it shows besides the head's.
///
/// - Gives: path (nodes of 32 bytes).
/// - Errors: 101, 102, 313.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_history_path(
    hash: *const c_char,
    hash_len: usize,
    leaves: *const u8,
    leaves_len: usize,
    height: u64,
    path: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let path = c.out(path);
            c.ready()?;
            path.give(facade::history_path(
                c.text("hash", hash, hash_len)?,
                c.bytes("leaves", leaves, leaves_len)?,
                height,
            )?);
            Ok(())
        })
    }
}
