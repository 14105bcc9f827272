//! Keys of a ledger, events, words from outside.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// Prepares the entry of a new key, whose holder must sign to show that he has it. Role "ledger" rotates
/// the ledger key; "customer", "device" and "witness" enrol a key, or replace the one of "previous".
/// request: {"role","key","custody","effective_ms", ?"previous":kid, ?"next_key":{key},
/// ?"certificates":[hex], ?"attestation":{"format","bytes":hex}}. info says what is to be signed and by
/// whom: "key", "digest_to_sign" (hex, for devices that take digests; null for Ed25519).
///
/// - Gives: draft, to_be_signed; info (JSON, may be NULL).
/// - Errors: 101, 102, 204, 205, 3xx, 402.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_key_draft(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
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
            let given = facade::ledger_key_draft(ledger, c.text("request", request, request_len)?)?;
            draft.give(given.draft);
            to_be_signed.give(given.to_sign.to_be_signed);
            info.give(given.to_sign.info);
            Ok(())
        })
    }
}

/// Takes the new key's own signature over its draft, and appends the entry. A new ledger key is in force
/// from the block after the one that seals it.
///
/// - Gives: kid (32 bytes: the "kid" of what the key will sign).
/// - Errors: 101, 203, 204, 205, 3xx; 403, 404 for the signature; 507, 508, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_key_finish(
    ledger: Handle,
    draft: *const u8,
    draft_len: usize,
    signature: *const u8,
    signature_len: usize,
    kid: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let kid = c.out(kid);
            c.ready()?;
            kid.give(facade::ledger_key_finish(
                ledger,
                c.bytes("draft", draft, draft_len)?,
                c.bytes("signature", signature, signature_len)?,
            )?);
            Ok(())
        })
    }
}

/// Appends the end of a key:
/// {"role","previous":kid,"reason":"retired|lost|compromised|superseded","effective_ms"}.
///
/// - Gives: sequence.
/// - Errors: 101, 102, 203, 204, 205, 507, 508, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_key_revoke(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    sequence: *mut u64,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let sequence = c.out(sequence);
            c.ready()?;
            sequence
                .give(facade::ledger_key_revoke(ledger, c.text("request", request, request_len)?)?);
            Ok(())
        })
    }
}

/// Appends what happened to the ledger itself. "kind": "closed" (?"successor":{key}, the first key
/// of the ledger that goes on, see yz_ledger_continue; nothing is appended afterwards), "clock" ("step_ms", ?"boot_before", ?"boot_after"), "restored"
/// ("ledger_id","height","block_hash"), "damage" ("at","what":"block|entry|value"), "observed-head"
/// (another ledger's "ledger_id","height","block_hash","sealed_digest"); each with ?"time".
///
/// - Gives: sequence.
/// - Errors: 101, 102, 203, 204, 205, 3xx, 507, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_note(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    sequence: *mut u64,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let sequence = c.out(sequence);
            c.ready()?;
            sequence.give(facade::ledger_note(ledger, c.text("request", request, request_len)?)?);
            Ok(())
        })
    }
}

/// Compares both clocks with what was captured last, and appends a clock event where the wall clock was set by
/// two seconds or more, or the machine was started again: for a host that wakes up, or hears that the clock
/// was set. now: a time in JSON with "monotonic_ms" and "boot_id"; without them there is nothing to compare.
///
/// - Gives: sequence (of the event; 0 for none).
/// - Errors: 101, 203, 204, 205, 507, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_note_clock(
    ledger: Handle,
    now: *const c_char,
    now_len: usize,
    sequence: *mut u64,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let sequence = c.out(sequence);
            c.ready()?;
            sequence.give(facade::ledger_note_clock(ledger, c.text("now", now, now_len)?)?);
            Ok(())
        })
    }
}

/// Keeps a word from outside beside a block ("height") or an entry ("sequence"), so that proofs carry it:
/// {"height"|"sequence","kind":"countersignature|timestamp-token|platform-receipt","bytes":hex}; a
/// platform's receipt may come as "receipt":{"platform","id", ?"transaction", ?"height", ?"block_hash",
/// ?"time_ms", ?"court_transaction","raw":hex} instead of bytes.
///
/// - Errors: 101, 102, 203, 204, 205, 3xx, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_attach(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| facade::ledger_attach(ledger, c.text("request", request, request_len)?))
    }
}

/// A request for a timestamp (RFC 3161) over a block or an entry: {"height"|"sequence", ?"hash":"SHA-256|SM3"}.
/// POST what comes back to an authority as application/timestamp-query, and keep it until the answer is there.
///
/// - Gives: query.
/// - Errors: 101, 102, 204, 205, 401 in a build without X.509, 409, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_timestamp_request(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    query: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let query = c.out(query);
            c.ready()?;
            let request = c.text("request", request, request_len)?;
            query.give(facade::ledger_timestamp_request(ledger, request)?);
            Ok(())
        })
    }
}

/// Takes the authority's answer (application/timestamp-reply) to a query and keeps the token beside its block or entry,
/// so that proofs carry it: {"height"|"sequence", ?"policy":{…}}. With a policy the token's chain is checked now, and one
/// that names no authority for timestamps refuses every token (419); without a policy that is left to whoever verifies.
///
/// - Gives: info, {"time_ms","accuracy_ms","serial","policy","hash","imprint","token":hex}.
/// - Errors: 101, 107, 203, 204, 205; 401, 403, 404, 407, 415 to 423 for the answer; 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_timestamp_attach(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    query: *const u8,
    query_len: usize,
    response: *const u8,
    response_len: usize,
    info: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let info = c.out(info);
            c.ready()?;
            info.give(facade::ledger_timestamp_attach(
                ledger,
                c.text("request", request, request_len)?,
                c.bytes("query", query, query_len)?,
                c.bytes("response", response, response_len)?,
            )?);
            Ok(())
        })
    }
}
