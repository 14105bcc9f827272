//! Erasure, holds, times to keep, and the vault's key.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// Erases values: keys and ciphertexts are destroyed, a tombstone is appended, every proof made before
/// still verifies. request: {"records":[sequence]} or {"record":sequence,"names":[…]} or {"dossier"}, with
/// "reason":"retention-over|persons-request|order|error", "reference" (only a salted commitment to it is
/// sealed), ?"time". Reply: {"tombstones":[sequence],"records":[digest],"names"}.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 102, 108, 203, 204, 205, 502; 509 when nothing is left; 510 while a hold stands; 602,
///   605, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_erase(
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
            reply.give(facade::ledger_erase(ledger, c.text("request", request, request_len)?)?);
            Ok(())
        })
    }
}

/// Which values of a dossier have been kept long enough, as their profiles say, and which have no time given:
/// nothing is erased by this. request: {"dossier","now_ms", ?"relationship_end_ms", ?"transaction_end_ms",
/// ?"certificate_expiry_ms"}, milliseconds since 1970; what has not happened yet is left out. Reply:
/// [{"sequence","over":[name],"unbounded":[name],"held"}].
///
/// - Gives: reply (JSON).
/// - Errors: 101, 108, 204, 205, 313, 502, 605, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_retention(
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
            reply.give(facade::ledger_retention(ledger, c.text("request", request, request_len)?)?);
            Ok(())
        })
    }
}

/// Suspends erasure of records ("set"), blocks their disclosure ("restrict"), or ends both ("lift"):
/// {"action","records":[sequence], "reason":"dispute|investigation|audit|persons-request","reference",
/// ?"time"}.
///
/// - Gives: sequence.
/// - Errors: 101, 102, 104, 203, 204, 205, 502, 605, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_hold(
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
            sequence.give(facade::ledger_hold(ledger, c.text("request", request, request_len)?)?);
            Ok(())
        })
    }
}

/// Moves every wrapped key to another vault key (32 or 16 bytes), which is in use afterwards:
/// {"moved","moved_before","old_key"}. It may be interrupted and called again. time: a time in JSON, or
/// empty for the system's clock.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 203, 204, 205, 402, 605, other 6xx.
/// - Threads: any; appending goes on meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_rewrap(
    ledger: Handle,
    new_vault_key: *const u8,
    new_vault_key_len: usize,
    time: *const c_char,
    time_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_rewrap(
                ledger,
                c.bytes("new_vault_key", new_vault_key, new_vault_key_len)?,
                c.text("time", time, time_len)?,
            )?);
            Ok(())
        })
    }
}

/// Takes the host's word that no copy of an old vault key ("old_key" of yz_ledger_rewrap) is left anywhere,
/// and seals it as an event.
///
/// - Gives: sequence.
/// - Errors: 101, 203, 204, 205, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_confirm_destroyed(
    ledger: Handle,
    old_key: *const c_char,
    old_key_len: usize,
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
            sequence.give(facade::ledger_confirm_destroyed(
                ledger,
                c.text("old_key", old_key, old_key_len)?,
                c.text("time", time, time_len)?,
            )?);
            Ok(())
        })
    }
}
