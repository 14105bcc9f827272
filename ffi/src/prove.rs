//! Values, proofs and the checking of a ledger.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// The values of a record, for the host itself: [{"name","hex","findings","zh","en","disclosure"}];
/// disclosure (hex) opens this value to whoever gets it.
///
/// - Gives: reply (JSON, secret).
/// - Errors: 101, 204, 205, 502; 509 when erased; 510 while disclosure is restricted; 605, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_disclosures(
    ledger: Handle,
    sequence: u64,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_disclosures(ledger, sequence)?);
            Ok(())
        })
    }
}

/// Makes a proof 证据 (.yzp) of a dossier or of single entries, showing chosen values: {"dossier"} or
/// {"sequences":[…]}, with "disclose":"all"|"none"|"profile"|"for:court"|{"names":[…]}|{"classes":["C1"]} and
/// ?"head":"newest"|"witnessed"|height. A timestamp or countersignature covers all records under the head of a
/// proof: "witnessed" takes the newest block with one that has the records in its history. Later ones are not shown.
///
/// - Gives: proof.
/// - Errors: 101, 108, 204, 205; 502 for records that are not there or not sealed, and where there is no such head;
///   605, other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_prove(
    ledger: Handle,
    request: *const c_char,
    request_len: usize,
    proof: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let proof = c.out(proof);
            c.ready()?;
            proof.give(facade::ledger_prove(ledger, c.text("request", request, request_len)?)?);
            Ok(())
        })
    }
}

/// Proof that the block at height older is an ancestor of the one at height newer (docs/format.md §10).
///
/// - Gives: proof.
/// - Errors: 101 unless older is below newer; 204, 205, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_consistency(
    ledger: Handle,
    older: u64,
    newer: u64,
    proof: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let proof = c.out(proof);
            c.ready()?;
            proof.give(facade::ledger_consistency(ledger, older, newer)?);
            Ok(())
        })
    }
}

/// Checks everything that is stored:
/// {"blocks","entries","values","problems":[{"height","sequence","error","message"}]}. Takes as long as
/// reading it all, and other calls on the ledger wait.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 6xx only when the store cannot be read at all.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_check(
    ledger: Handle,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_check(ledger)?);
            Ok(())
        })
    }
}

/// The ledger keys, epoch by epoch: [{"kid","epoch","custody","since","ended","revoked","key"}], heights of
/// blocks.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204, 205, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_keys(
    ledger: Handle,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::ledger_keys(ledger)?);
            Ok(())
        })
    }
}
