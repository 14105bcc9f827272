//! Keys of records that the host's HSM wraps.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// Draws a record key for the host to wrap, for a ledger made and opened with "wrapped_by_host". Each record,
/// tombstone and hold uses up one. A key whose wrapped form never comes is forgotten with the handle.
///
/// - Gives: id; key (secret bytes; freeing wipes them).
/// - Errors: 101 for a ledger that wraps its keys itself; 104 when 100,000 keys wait; 204, 205, 409, 605.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_draw_record_key(
    ledger: Handle,
    id: *mut u64,
    key: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let id = c.out(id);
            let key = c.out(key);
            c.ready()?;
            let drawn = facade::ledger_draw_record_key(ledger)?;
            id.give(drawn.0);
            key.give(drawn.1);
            Ok(())
        })
    }
}

/// Takes the wrapped form of a drawn key: 1 to 4,096 bytes, as the host's module gives it.
///
/// - Gives: ready (how many keys are ready for records).
/// - Errors: 101 for a form of another length; 204, 205; 502 for an id that does not wait; 605.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_supply_wrapped_key(
    ledger: Handle,
    id: u64,
    wrapped: *const u8,
    wrapped_len: usize,
    ready: *mut u64,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let ready = c.out(ready);
            c.ready()?;
            let wrapped = c.bytes("wrapped", wrapped, wrapped_len)?;
            ready.give(facade::ledger_supply_wrapped_key(ledger, id, wrapped)?);
            Ok(())
        })
    }
}

/// The wrapped key of an entry's values, for the host to unwrap.
///
/// - Gives: wrapped.
/// - Errors: 101, 204, 205, 502; 509 when erased; 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_wrapped_key(
    ledger: Handle,
    sequence: u64,
    wrapped: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let wrapped = c.out(wrapped);
            c.ready()?;
            wrapped.give(facade::ledger_wrapped_key(ledger, sequence)?);
            Ok(())
        })
    }
}

/// The values of a record as yz_ledger_disclosures gives them, opened with the record's own key, which the
/// host unwrapped.
///
/// - Gives: reply (JSON, secret).
/// - Errors: 101, 204, 205, 502; 509 when erased; 510 while disclosure is restricted; 603 when the key is not
///   this record's; other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_disclosures_with_key(
    ledger: Handle,
    sequence: u64,
    key: *const u8,
    key_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            let key = c.bytes("key", key, key_len)?;
            reply.give(facade::ledger_disclosures_with_key(ledger, sequence, key)?);
            Ok(())
        })
    }
}

/// Erases some values of one record where the host wraps the keys: request and reply as in yz_ledger_erase, with
/// record and names; key is the record's own, which the host unwrapped. Two keys that were supplied are used up.
///
/// - Gives: reply (JSON).
/// - Errors: as yz_ledger_erase; 101 for another target, or a ledger that wraps its keys itself; 603 when the key
///   is not this record's.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_erase_with_key(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    key: *const u8,
    key_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            let request = c.text("request", request, request_len)?;
            let key = c.bytes("key", key, key_len)?;
            reply.give(facade::ledger_erase_with_key(ledger, request, key)?);
            Ok(())
        })
    }
}

/// Puts another wrapped form of the same record key in place, for a host that moves to another wrapping key.
/// When all are replaced, the old wrapping key can be destroyed.
///
/// - Errors: 101, 204, 205, 502; 509 when erased; 605, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_replace_wrapped_key(
    ledger: Handle,
    sequence: u64,
    wrapped: *const u8,
    wrapped_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let wrapped = c.bytes("wrapped", wrapped, wrapped_len)?;
            facade::ledger_replace_wrapped_key(ledger, sequence, wrapped)
        })
    }
}
