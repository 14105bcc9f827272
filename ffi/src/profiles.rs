//! Public keys, profiles and values.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// What is known of a public key. A key in a request is one of {"spki_pem"}, {"spki_der"}, {"cose_key"},
/// {"raw","algorithm"} (hex but for PEM; algorithm Ed25519, P-256 or SM2), for SM2 with "sm2_id" (text) or
/// "sm2_id_hex" where it is not the default user id. Reply:
/// {"algorithm","cose_key","spki_der","thumbprint","sm2_id_hex","sm2_z"}.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 102, 3xx; 401, 402 for a key that is not usable.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_key_describe(
    key: *const c_char,
    key_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::key_describe(c.text("key", key, key_len)?)?);
            Ok(())
        })
    }
}

/// The profiles 场景模板 that come with the library:
/// [{"id","version","label","phase","fields","sha256","sm3"}].
///
/// - Gives: reply (JSON).
/// - Errors: 101.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_profile_list(reply: *mut Buffer, error: *mut Error) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::profile_list()?);
            Ok(())
        })
    }
}

/// Reads a profile file of the host's own. Its handle, as a number, stands as "profile" in requests.
///
/// - Gives: profile (a handle).
/// - Errors: 101, 104, 106.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_profile_load(
    file: *const u8,
    file_len: usize,
    profile: *mut Handle,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let profile = c.out(profile);
            c.ready()?;
            profile.give(facade::profile_load(c.bytes("file", file, file_len)?)?);
            Ok(())
        })
    }
}

/// What yz_profile_list says, of one profile: an id, or the decimal digits of a handle.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 102, 204.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_profile_describe(
    profile: *const c_char,
    profile_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::profile_describe(c.text("profile", profile, profile_len)?)?);
            Ok(())
        })
    }
}

/// The exact bytes of a profile file.
///
/// - Gives: file.
/// - Errors: 101, 102, 204.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_profile_file(
    profile: *const c_char,
    profile_len: usize,
    file: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let file = c.out(file);
            c.ready()?;
            file.give(facade::profile_file(c.text("profile", profile, profile_len)?)?);
            Ok(())
        })
    }
}

/// Reads a business message (one JSON object) through a profile, and seals nothing:
/// {"fields":[{"name","class","label","hex","findings","zh","en"}],"missing":[name]}.
///
/// - Gives: reply (JSON).
/// - Errors: 101, 102, 204; 103 for a field that must never be kept; 104, 105 for the message.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_profile_read(
    profile: *const c_char,
    profile_len: usize,
    message: *const c_char,
    message_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::profile_read(
                c.text("profile", profile, profile_len)?,
                c.text("message", message, message_len)?,
            )?);
            Ok(())
        })
    }
}

/// Reads a captured text as a type of profile files, such as "money" (in CNY): {"hex","findings","zh","en"}.
///
/// - Gives: reply (JSON).
/// - Errors: 101; 102 for another type; 308 for a text that is too long; 309.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_value_read(
    field_type: *const c_char,
    field_type_len: usize,
    text: *const c_char,
    text_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::value_read(
                c.text("type", field_type, field_type_len)?,
                c.text("text", text, text_len)?,
            )?);
            Ok(())
        })
    }
}
