//! What the library is, what its errors mean, and the end of handles.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// The version of this interface: major × 65,536 + minor. While the major version is 0, only equal numbers fit each other;
/// afterwards a library fits every program that was built against the same major and a lower or equal minor version.
/// Compare it with YZ_ABI_VERSION.
///
/// - Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn yz_abi_version() -> u32 {
    let part = |text: &str| text.parse::<u32>().unwrap_or_default();
    part(env!("CARGO_PKG_VERSION_MAJOR")) << 16 | part(env!("CARGO_PKG_VERSION_MINOR"))
}

/// What this library is: {"version","format","store","seal"}; the last two say what this build can do.
///
/// - Gives: reply (JSON).
/// - Errors: 101 for a bad out pointer.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_version(reply: *mut Buffer, error: *mut Error) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::version()?);
            Ok(())
        })
    }
}

/// The limits of everything, by name, in JSON.
///
/// - Gives: reply (JSON).
/// - Errors: 101.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_limits(reply: *mut Buffer, error: *mut Error) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::limits()?);
            Ok(())
        })
    }
}

/// The words of an error, in "zh" or "en" (also when empty): {"number","name","message","advice"}.
///
/// - Gives: reply (JSON).
/// - Errors: 101; 102 for a number that no error has, or another language.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_error_info(
    number: u32,
    language: *const c_char,
    language_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::error_info(number, c.text("language", language, language_len)?)?);
            Ok(())
        })
    }
}

/// One value out of a reply or verdict, by JSON pointer (RFC 6901, such as "/places/0/number"), for
/// programs without a JSON library. A text is given without quotes, null as no bytes, everything else as
/// JSON.
///
/// - Gives: value (UTF-8, no zero byte at its end).
/// - Errors: 101; 309 for text that is not UTF-8; 502 when nothing stands there.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_json_get(
    json: *const c_char,
    json_len: usize,
    pointer: *const c_char,
    pointer_len: usize,
    value: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let value = c.out(value);
            c.ready()?;
            value.give(facade::json_get(
                c.text("json", json, json_len)?,
                c.text("pointer", pointer, pointer_len)?,
            )?);
            Ok(())
        })
    }
}

/// Closes a handle of any type. Calls on it that other threads have under way end as if nothing had
/// happened; what the handle referred to (a ledger's file lock) is given up with the last of them.
///
/// - Errors: 204 for a handle that is not open, 0 and one that was closed before included.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_close(handle: Handle, error: *mut Error) -> u32 {
    // SAFETY: the header's contract.
    unsafe { run(error, |_| facade::close(handle)) }
}

/// How many handles are open in this process: a test for leaks.
///
/// - Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn yz_handle_count() -> u64 {
    facade::handle_count()
}
