//! Keys that the library itself holds.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// A new software key, "Ed25519", "P-256" or "SM2". It lives in this process's memory and is wiped when
/// closed; its custody is always "software". Keys in hardware never come here: they sign outside, and only
/// their signatures come back.
///
/// - Gives: key (a handle).
/// - Errors: 101, 102, 104; 409 without randomness.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_key_generate(
    algorithm: *const c_char,
    algorithm_len: usize,
    key: *mut Handle,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let key = c.out(key);
            c.ready()?;
            key.give(facade::key_generate(c.text("algorithm", algorithm, algorithm_len)?)?);
            Ok(())
        })
    }
}

/// A software key out of the text of a PKCS#8 PEM file. An empty passphrase stands for a file that is not
/// encrypted.
///
/// - Gives: key (a handle).
/// - Errors: 101, 104, 309; 401, 410 for the file.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_key_from_pkcs8(
    pem: *const c_char,
    pem_len: usize,
    passphrase: *const u8,
    passphrase_len: usize,
    key: *mut Handle,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let key = c.out(key);
            c.ready()?;
            key.give(facade::key_from_pkcs8(
                c.text("pem", pem, pem_len)?,
                c.bytes("passphrase", passphrase, passphrase_len)?,
            )?);
            Ok(())
        })
    }
}

/// A software key as the text of an encrypted PKCS#8 PEM file that openssl opens.
///
/// - Gives: pem (UTF-8; a secret as good as its passphrase).
/// - Errors: 101, 204, 409.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_key_to_pkcs8(
    key: Handle,
    passphrase: *const u8,
    passphrase_len: usize,
    pem: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let pem = c.out(pem);
            c.ready()?;
            pem.give(facade::key_to_pkcs8(
                key,
                c.bytes("passphrase", passphrase, passphrase_len)?,
            )?);
            Ok(())
        })
    }
}

/// The public half of a software key, as yz_key_describe tells it.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 204.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_key_public(key: Handle, reply: *mut Buffer, error: *mut Error) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::key_public(key)?);
            Ok(())
        })
    }
}

/// Signs bytes in message form with a software key.
///
/// - Gives: signature (64 bytes).
/// - Errors: 101, 204.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_key_sign(
    key: Handle,
    message: *const u8,
    message_len: usize,
    signature: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let signature = c.out(signature);
            c.ready()?;
            signature.give(facade::key_sign(key, c.bytes("message", message, message_len)?)?);
            Ok(())
        })
    }
}

/// Signs a digest of 32 bytes ("digest_to_sign" of a signing info) as it is: what devices do that take
/// digests, and what their simulators need.
///
/// - Gives: signature (64 bytes).
/// - Errors: 101, 204; 401 for Ed25519.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_key_sign_digest(
    key: Handle,
    digest: *const u8,
    digest_len: usize,
    signature: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let signature = c.out(signature);
            c.ready()?;
            signature.give(facade::key_sign_digest(key, c.bytes("digest", digest, digest_len)?)?);
            Ok(())
        })
    }
}
