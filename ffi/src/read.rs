//! Reading a ledger, and proving from it.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// How a ledger stands:
/// {"ledger_id","hash","blocks","entries","unsealed","oldest_unsealed_ms","pending","held","closed","head"}.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_status(
    ledger: Handle,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_status(ledger)?);
            Ok(())
        })
    }
}

/// The last signed block, for the host's mirror:
/// {"ledger_id","height","block_hash","sealed_digest","next_sequence"}.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 502 before block 0 is sealed.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_head(
    ledger: Handle,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_head(ledger)?);
            Ok(())
        })
    }
}

/// The state after the last block as bytes: for countersignatures, and to go on with detached sealing.
///
/// - Gives: head.
/// - Errors: 101, 204, 205, 502.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_head_state(
    ledger: Handle,
    head: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let head = c.out(head);
            c.ready()?;
            head.give(facade::ledger_head_state(ledger)?);
            Ok(())
        })
    }
}

/// The exact bytes of an entry.
///
/// - Gives: entry.
/// - Errors: 101, 204, 205, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_entry(
    ledger: Handle,
    sequence: u64,
    entry: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let entry = c.out(entry);
            c.ready()?;
            entry.give(facade::ledger_entry(ledger, sequence)?);
            Ok(())
        })
    }
}

/// The receipt 回执 of a sealed entry (RFC 9942).
///
/// - Gives: receipt.
/// - Errors: 101, 204, 205; 502 for an entry that is not sealed; 603, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_receipt(
    ledger: Handle,
    sequence: u64,
    receipt: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let receipt = c.out(receipt);
            c.ready()?;
            receipt.give(facade::ledger_receipt(ledger, sequence)?);
            Ok(())
        })
    }
}

/// A block: its sealed bytes, which outsiders stamp and countersign, and what it claims.
///
/// - Gives: block; info (JSON, may be NULL).
/// - Errors: 101, 204, 205, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_block(
    ledger: Handle,
    height: u64,
    block: *mut Buffer,
    info: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let block = c.out(block);
            let info = c.optional(info);
            c.ready()?;
            let given = facade::ledger_block(ledger, height)?;
            block.give(given.0);
            info.give(given.1);
            Ok(())
        })
    }
}

/// Up to count entries (at most 10,000) from sequence number first, as yz_inspect tells them, each with
/// "sequence" and "height" (null while it is not sealed); a key entry also with its "kid", and the "previous"
/// one that it replaces or ends.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 104, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_list(
    ledger: Handle,
    first: u64,
    count: u64,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_list(ledger, first, count)?);
            Ok(())
        })
    }
}

/// Up to count dossiers 证据链 (at most 10,000) above the one named, empty for the first:
/// [{"dossier","preservation_number"}].
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 104, 108, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_dossiers(
    ledger: Handle,
    after: *const c_char,
    after_len: usize,
    count: u64,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_dossiers(ledger, c.text("after", after, after_len)?, count)?);
            Ok(())
        })
    }
}

/// A dossier by its id in hex or its preservation number 保全号:
/// {"dossier","preservation_number","places":[{"place","sequence","digest","number"}]}; sequence is null
/// while a record is held for signature.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 108, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_dossier(
    ledger: Handle,
    dossier: *const c_char,
    dossier_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_dossier(ledger, c.text("dossier", dossier, dossier_len)?)?);
            Ok(())
        })
    }
}

/// What a preservation number 保全号 or record number 存证编号 leads to: {"kind":"dossier", …} as
/// yz_ledger_dossier, or {"kind":"record","place", "sequence","digest","number","dossier"}.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 108, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_find(
    ledger: Handle,
    number: *const c_char,
    number_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_find(ledger, c.text("number", number, number_len)?)?);
            Ok(())
        })
    }
}

/// What was sealed from a cursor on (empty: from the beginning), for whoever passes it on: to a timestamp
/// authority, a notary, a platform, a customer. At most limit items, and at most 10,000:
/// {"items":[{"next","height","sequence","kind",…}],"next"}. Keep "next" once all were dealt with, and hand it in
/// again. kind: "block" ("block_hash","sealed_digest"; after the block's entries), "record"
/// ("digest","number","dossier","preservation_number","place","signed_by"), "signed" ("record","role"), "key"
/// ("action","role","kid"), "erased" ("records"), "hold" ("action","records"), "event" ("event"),
/// "observed-head" ("ledger_id","of_height"), "other". No values and no persons are in it.
///
/// - Gives: reply (JSON).
/// - Errors: 101 for a cursor that the feed did not give; 204, 205; 503 for one beyond the head; 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_feed(
    ledger: Handle,
    cursor: *const c_char,
    cursor_len: usize,
    limit: u64,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            let cursor = c.text("cursor", cursor, cursor_len)?;
            reply.give(facade::ledger_feed(ledger, cursor, limit)?);
            Ok(())
        })
    }
}
