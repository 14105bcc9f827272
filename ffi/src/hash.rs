//! Digests of attachments: SHA-256 and SM3 together.

use core::ffi::c_char;

use yinzheng_facade as facade;

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// Both digests of an attachment: {"size","sha256","sm3"}. Put the reply as "digest" into an attachment of
/// yz_ledger_append.
///
/// - Gives: reply (JSON).
/// - Errors: 101.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_hash_bytes(
    bytes: *const u8,
    bytes_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::hash_bytes(c.bytes("bytes", bytes, bytes_len)?)?);
            Ok(())
        })
    }
}

/// The same of a file, read once with constant memory.
///
/// - Gives: reply (JSON).
/// - Errors: 101; 309 for a path that is not UTF-8; 601 when it cannot be read.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_hash_file(
    path: *const c_char,
    path_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::hash_file(c.text("path", path, path_len)?)?);
            Ok(())
        })
    }
}

/// The same of everything that a file descriptor gives from where it stands. The descriptor stays open and the host's; what was
/// read is read.
///
/// - Gives: reply (JSON).
/// - Errors: 101; 601 when it cannot be read, or on systems without file descriptors.
/// - Threads: any, but nobody else may use or close the descriptor meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_hash_fd(fd: i32, reply: *mut Buffer, error: *mut Error) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::hash_reader(read_fd(fd)?)?);
            Ok(())
        })
    }
}

/// A file of its own on the descriptor, so that nothing here closes the host's.
#[cfg(unix)]
fn read_fd(fd: i32) -> facade::Outcome<std::fs::File> {
    use std::os::fd::BorrowedFd;

    if fd < 0 {
        return Err(unreadable());
    }
    // SAFETY: not -1, and borrowed only for the one call that duplicates it; of a number that is no open descriptor the
    // system makes an error there.
    let borrowed = unsafe { BorrowedFd::borrow_raw(fd) };
    borrowed.try_clone_to_owned().map(std::fs::File::from).map_err(|_| unreadable())
}

#[cfg(not(unix))]
fn read_fd(_: i32) -> facade::Outcome<std::fs::File> {
    Err(unreadable())
}

fn unreadable() -> facade::Failure {
    let message = "[601] the store failed: not a readable file descriptor".into();
    facade::Failure { number: 601, message }
}

/// Starts both digests of bytes that come in pieces: yz_hash_update for each, then yz_hash_finish, then
/// yz_close.
///
/// - Gives: hash (a handle).
/// - Errors: 101; 104 when too many handles are open.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_hash_begin(hash: *mut Handle, error: *mut Error) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let hash = c.out(hash);
            c.ready()?;
            hash.give(facade::hash_begin()?);
            Ok(())
        })
    }
}

/// Takes the next piece.
///
/// - Errors: 101; 204, also after yz_hash_finish.
/// - Threads: any; pieces of several threads come in any order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_hash_update(
    hash: Handle,
    piece: *const u8,
    piece_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe { run(error, |c| facade::hash_update(hash, c.bytes("piece", piece, piece_len)?)) }
}

/// Ends both digests: {"size","sha256","sm3"}. The handle must still be closed.
///
/// - Gives: reply (JSON).
/// - Errors: 101; 204, also the second time.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_hash_finish(
    hash: Handle,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::hash_finish(hash)?);
            Ok(())
        })
    }
}
