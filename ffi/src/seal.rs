//! Signatures of parties, and sealing.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// Gives a record its place in a dossier, and the bytes that a party must sign over it. The request is that
/// of yz_ledger_append with "signer":{"key","role", ?"issued_at", ?"kid", ?"displayed":digest,
/// ?"audience":"ledger"|digest, ?"certificates":[hex]}. info says what is to be signed and by whom: "key",
/// "digest_to_sign" (hex, for devices that take digests; null for Ed25519), and "id", under which
/// yz_ledger_finish_statement takes the signature, after a restart if need be.
///
/// - Gives: to_be_signed; info (JSON).
/// - Errors: as yz_ledger_append.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_hold_for_signature(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    to_be_signed: *mut Buffer,
    info: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let to_be_signed = c.out(to_be_signed);
            let info = c.out(info);
            c.ready()?;
            let given = facade::ledger_hold_for_signature(
                ledger,
                c.text("request", request, request_len)?,
            )?;
            to_be_signed.give(given.to_be_signed);
            info.give(given.info);
            Ok(())
        })
    }
}

/// The records that wait for a signature: a JSON array of infos, each with "to_be_signed" in hex.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_held(
    ledger: Handle,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_held(ledger)?);
            Ok(())
        })
    }
}

/// Takes the signature of a held record (64 bytes or DER), verifies it, and appends the statement. The
/// reply is that of yz_ledger_append.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 203, 204, 205; 403, 404 for the signature, with what would have fitted: the record stays
///   held; 502 for an id that is not held; 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_finish_statement(
    ledger: Handle,
    id: u64,
    signature: *const u8,
    signature_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_finish_statement(
                ledger,
                id,
                c.bytes("signature", signature, signature_len)?,
            )?);
            Ok(())
        })
    }
}

/// Drops a held record: a refused event takes its place. reason: "declined", "timed-out", "locked" or
/// "withdrawn". time: a time in JSON, or empty for the system's clock.
///
/// - Gives: sequence (of the event).
/// - Errors: 101, 102, 203, 204, 205, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_drop_statement(
    ledger: Handle,
    id: u64,
    reason: *const c_char,
    reason_len: usize,
    time: *const c_char,
    time_len: usize,
    sequence: *mut u64,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let sequence = c.out(sequence);
            c.ready()?;
            sequence.give(facade::ledger_drop_statement(
                ledger,
                id,
                c.text("reason", reason, reason_len)?,
                c.text("time", time, time_len)?,
            )?);
            Ok(())
        })
    }
}

/// Fixes the next block over all entries that are not sealed, and gives the bytes to sign: the same ones
/// until yz_ledger_commit, across restarts. now_s is seconds since 1970. info says what is to be signed and
/// by whom: "key", "digest_to_sign" (hex, for devices that take digests; null for Ed25519), "height",
/// "entries".
///
/// - Gives: to_be_signed; info (JSON, may be NULL).
/// - Errors: 101, 203, 204, 205; 506 when every entry is sealed; 507, 603, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_begin(
    ledger: Handle,
    now_s: u64,
    to_be_signed: *mut Buffer,
    info: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let to_be_signed = c.out(to_be_signed);
            let info = c.optional(info);
            c.ready()?;
            let given = facade::ledger_begin(ledger, now_s)?;
            to_be_signed.give(given.to_be_signed);
            info.give(given.info);
            Ok(())
        })
    }
}

/// The block that waits for its signature, as yz_ledger_begin gave it; no bytes when none waits.
///
/// - Gives: to_be_signed; info (JSON, may be NULL).
/// - Errors: 101, 204, 205, 603.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_pending(
    ledger: Handle,
    to_be_signed: *mut Buffer,
    info: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let to_be_signed = c.out(to_be_signed);
            let info = c.optional(info);
            c.ready()?;
            let given = facade::ledger_pending(ledger)?;
            if let Some(given) = given {
                to_be_signed.give(given.to_be_signed);
                info.give(given.info);
            }
            Ok(())
        })
    }
}

/// Takes the signature over the pending block (64 bytes or DER), verifies it with the key in force, and
/// seals: {"height","block_hash", "sealed_digest","first_sequence","entries"}. Mirror height and block hash
/// outside the store, for yz_ledger_open.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 203, 204, 205; 201 when no block waits; 202 for the signature of the block before; 403,
///   404 for another signature, with what would have fitted: the block stays pending; 603, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_commit(
    ledger: Handle,
    signature: *const u8,
    signature_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_commit(
                ledger,
                c.bytes("signature", signature, signature_len)?,
            )?);
            Ok(())
        })
    }
}

/// Whether a block is due: one is pending, max_entries wait, or the oldest waits for max_age_ms at now_ms.
/// Zeros for the first two stand for 1,000 entries and 60 seconds.
///
/// - Gives: due (1 or 0).
/// - Errors: 101, 204, 205, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_due(
    ledger: Handle,
    max_entries: u64,
    max_age_ms: i64,
    now_ms: i64,
    due: *mut u8,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let due = c.out(due);
            c.ready()?;
            due.give(facade::ledger_due(ledger, max_entries, max_age_ms, now_ms)?);
            Ok(())
        })
    }
}
