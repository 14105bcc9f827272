//! Signatures of parties and outsiders, in two phases.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, run};
use crate::buffer::Buffer;

/// Prepares a statement 签署声明, a party's signature over a record: over the record's bytes (detached sealing,
/// the first signer), or, where record is empty, over its digest (each further signer). request:
/// {"signer":{"key","role", ?"issued_at", ?"kid", ?"displayed", ?"audience", ?"certificates":[hex]},
/// ?"record":"sha256:…"}. role: customer, device, lender, witness, platform, agent, guarantor, teller,
/// notary or customers-bank. info says what is to be signed and by whom: "key", "digest_to_sign" (hex, for
/// devices that take digests; null for Ed25519).
///
/// - Gives: draft (holds no secret), to_be_signed; info (JSON, may be NULL).
/// - Errors: 101, 102, 104, 3xx, 402.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_statement_draft(
    record: *const u8,
    record_len: usize,
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
            let given = facade::statement_draft(
                c.bytes("record", record, record_len)?,
                c.text("request", request, request_len)?,
            )?;
            draft.give(given.draft);
            to_be_signed.give(given.to_sign.to_be_signed);
            info.give(given.to_sign.info);
            Ok(())
        })
    }
}

/// Takes the signature over a statement's draft (64 bytes or DER) and verifies it.
///
/// - Gives: entry (for yz_ledger_append_entry or yz_sealer_add).
/// - Errors: 101; 403, 404 for the signature; 3xx for the draft.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_statement_finish(
    draft: *const u8,
    draft_len: usize,
    signature: *const u8,
    signature_len: usize,
    entry: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let entry = c.out(entry);
            c.ready()?;
            entry.give(facade::statement_finish(
                c.bytes("draft", draft, draft_len)?,
                c.bytes("signature", signature, signature_len)?,
            )?);
            Ok(())
        })
    }
}

/// Prepares a countersignature 会签 over a ledger's head (yz_ledger_head_state) by a node, a notary or
/// another bank: {"key", "claim":"seen|extends","issuer", ?"role", ?"time"}. info says what is to be signed
/// and by whom: "key", "digest_to_sign" (hex, for devices that take digests; null for Ed25519).
///
/// - Gives: draft, to_be_signed; info (JSON, may be NULL).
/// - Errors: 101, 102, 3xx, 402.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_countersignature_draft(
    head: *const u8,
    head_len: usize,
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
            let given = facade::countersignature_draft(
                c.bytes("head", head, head_len)?,
                c.text("request", request, request_len)?,
            )?;
            draft.give(given.draft);
            to_be_signed.give(given.to_sign.to_be_signed);
            info.give(given.to_sign.info);
            Ok(())
        })
    }
}

/// Takes the signature over a countersignature's draft and verifies it.
///
/// - Gives: message (for yz_ledger_attach, in hex).
/// - Errors: 101; 403, 404 for the signature; 3xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_countersignature_finish(
    draft: *const u8,
    draft_len: usize,
    signature: *const u8,
    signature_len: usize,
    message: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let message = c.out(message);
            c.ready()?;
            message.give(facade::countersignature_finish(
                c.bytes("draft", draft, draft_len)?,
                c.bytes("signature", signature, signature_len)?,
            )?);
            Ok(())
        })
    }
}
