//! Opening a ledger, appending, signing, sealing.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// A new vault key for "AES-256-GCM" (32 bytes) or "SM4-GCM" (16 bytes). The host keeps it in a key store:
/// without it the values in the ledger cannot be opened again.
///
/// - Gives: key (secret bytes; freeing wipes them).
/// - Errors: 101, 102, 409.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_vault_key_generate(
    suite: *const c_char,
    suite_len: usize,
    key: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let key = c.out(key);
            c.ready()?;
            key.give(facade::vault_key_generate(c.text("suite", suite, suite_len)?)?);
            Ok(())
        })
    }
}

/// Makes a new ledger in a new file. Block 0 is sealed by yz_ledger_begin and yz_ledger_commit like every
/// other. request: {"hash":"SHA-256|SM3","key":{…},"custody","organisation", ?"certificates":[hex],
/// ?"next_key":hex, ?"created":time,
/// ?"continues":{"ledger_id","height","block_hash","sealed_digest","reason"},
/// ?"environment":{"system","device","build","clock"}, ?"in_memory", ?"wrapped_by_host",
/// ?"limits":{?"append_records", ?"waiting_entries"}}. custody: unknown, hardware, enclave, shield, hsm, hosted,
/// one-time, co-signed or software. With "in_memory":true and an empty path nothing
/// outlives the handle. A time is milliseconds since 1970, or {"captured":{"ms","offset_minutes"},"tier",…}
/// (docs/ffi.md); without one the system's clock is read, and the claim says so. With "wrapped_by_host":true
/// the host's HSM wraps every record's key (yz_ledger_draw_record_key), and vault_key keys the digests of
/// business ids only. The limits hold until the handle is closed: records in one append (100,000 without a word),
/// and entries that may wait for a block before records are refused with 104 (10,000,000).
///
/// - Gives: ledger (a handle).
/// - Errors: 101 (also for a file that is there), 102, 104, 3xx, 402, 409, 602, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_create(
    path: *const c_char,
    path_len: usize,
    vault_key: *const u8,
    vault_key_len: usize,
    request: *const c_char,
    request_len: usize,
    ledger: *mut Handle,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let ledger = c.out(ledger);
            c.ready()?;
            ledger.give(facade::ledger_create(
                c.text("path", path, path_len)?,
                c.bytes("vault_key", vault_key, vault_key_len)?,
                c.text("request", request, request_len)?,
            )?);
            Ok(())
        })
    }
}

/// Opens a ledger's file. One handle in one process holds it for writing. vault_key may be empty: then
/// values stay closed and no records are appended. request may be empty:
/// {?"expected_head":{"height","block_hash"}, ?"environment":{…}, ?"now":time, ?"read_only":bool,
/// ?"wrapped_by_host":bool, ?"limits":{…}}, limits as in yz_ledger_create. The expected head is the one that the
/// host mirrored elsewhere; a store that is older, or another, is refused.
///
/// - Gives: ledger (a handle).
/// - Errors: 101, 102, 104, 309, 402; 503 for a rolled-back or cloned store; 602 when it is open elsewhere;
///   603 when damaged; 604, 605, 606, 601.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_open(
    path: *const c_char,
    path_len: usize,
    vault_key: *const u8,
    vault_key_len: usize,
    request: *const c_char,
    request_len: usize,
    ledger: *mut Handle,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let ledger = c.out(ledger);
            c.ready()?;
            ledger.give(facade::ledger_open(
                c.text("path", path, path_len)?,
                c.bytes("vault_key", vault_key, vault_key_len)?,
                c.text("request", request, request_len)?,
            )?);
            Ok(())
        })
    }
}

/// Makes a new ledger in a new file that goes on from another, which ends: at a rollover, after a restore, or
/// when its key is lost. What the old one never sealed is taken over byte for byte, records that wait for a
/// signature too. request: {"reason":"rollover|restore|key-lost|new-hash","create":{…}, ?"last_known":{…}}:
/// create as for yz_ledger_create, without "continues"; last_known is what yz_ledger_head gave later than the
/// restored store knows. Before a rollover note "closed" and seal that. reply:
/// {"entries","held","left":[{"sequence","why"}]}.
///
/// - Gives: ledger (a handle); reply (JSON, may be NULL).
/// - Errors: as yz_ledger_create; 101 before block 0 and for a rollover that was not closed; 204, 205; 503 for
///   another last_known; 605 for another vault key than the old ledger's. After an error throw the new file
///   away.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_continue(
    old: Handle,
    path: *const c_char,
    path_len: usize,
    vault_key: *const u8,
    vault_key_len: usize,
    request: *const c_char,
    request_len: usize,
    ledger: *mut Handle,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let ledger = c.out(ledger);
            let reply = c.optional(reply);
            c.ready()?;
            let (new, said) = facade::ledger_continue(
                old,
                c.text("path", path, path_len)?,
                c.bytes("vault_key", vault_key, vault_key_len)?,
                c.text("request", request, request_len)?,
            )?;
            ledger.give(new);
            reply.give(said);
            Ok(())
        })
    }
}

/// Appends a record: one business event, one call. When it returns, the record is durable; the next block
/// seals it. request: {"profile":"id"|handle, "message":{…}, ?"business_id", ?"dossier":"D-…"|hex,
/// ?"attachments":[{"field","media_type", ?"title", "path"|"digest":{…}}], ?"time", ?"cite":[{"digest",
/// ?"relation"}], ?"supersedes":digest, ?"hash"}. Reply: {"sequence","digest","number","dossier",
/// "preservation_number","place","replayed","missing":[name],"findings":[{"name","findings":[number]}]}.
/// The same business id with the same content gives the same answer again.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 102, 104, 203, 204, 205, 309; 103 for a field that must never be kept; 105 for the
///   message; 501 for the business id with other content; 507, 605, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_append(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_append(ledger, c.text("request", request, request_len)?)?);
            Ok(())
        })
    }
}

/// Appends records in one durable step, all of them or none: a JSON array of requests, at most 100,000, and
/// a JSON array of replies.
///
/// - Gives: replies (JSON).
/// - Errors: as yz_ledger_append; the message says which record was refused.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_append_many(
    ledger: Handle,
    requests: *const c_char,
    requests_len: usize,
    replies: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let replies = c.out(replies);
            c.ready()?;
            replies.give(facade::ledger_append_many(
                ledger,
                c.text("requests", requests, requests_len)?,
            )?);
            Ok(())
        })
    }
}

/// Appends an entry that was made outside: a further signer's statement (yz_statement_finish), a key entry,
/// an observed head, a renewal.
///
/// - Gives: sequence.
/// - Errors: 101, 203, 204, 205, 3xx; 314 for entries that have calls of their own; 4xx, 507, 508, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_append_entry(
    ledger: Handle,
    entry: *const u8,
    entry_len: usize,
    sequence: *mut u64,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let sequence = c.out(sequence);
            c.ready()?;
            sequence
                .give(facade::ledger_append_entry(ledger, c.bytes("entry", entry, entry_len)?)?);
            Ok(())
        })
    }
}
