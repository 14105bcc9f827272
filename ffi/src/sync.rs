//! Bundles out and in.

use core::ffi::c_char;

use yinzheng_facade::{self as facade, BundleFrom};

use crate::bridge::{Error, Handle, run};
use crate::buffer::Buffer;

/// The blocks from height first to last, both included, as a sync bundle in memory.
///
/// - Gives: bundle.
/// - Errors: 101, 204, 205, 502, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_export(
    ledger: Handle,
    first: u64,
    last: u64,
    bundle: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let bundle = c.out(bundle);
            c.ready()?;
            bundle.give(facade::ledger_export(ledger, first, last)?);
            Ok(())
        })
    }
}

/// The same into a new file, block by block. A file that is there is not touched.
///
/// - Errors: 101, 204, 205, 309, 502; 601 when the file cannot be made; other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_export_file(
    ledger: Handle,
    first: u64,
    last: u64,
    path: *const c_char,
    path_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            facade::ledger_export_file(ledger, first, last, c.text("path", path, path_len)?)
        })
    }
}

/// Takes a sync bundle into a replica: the file at path, made when it is not there. Every block is checked
/// before it is kept: {"imported","known","height"}. Open the replica with "read_only".
///
/// - Gives: reply (JSON).
/// - Errors: 101 for another ledger's replica; 309, 3xx, 4xx; 504 for a gap or another branch; 6xx. Blocks
///   before the one at fault are kept.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_replica_import(
    path: *const c_char,
    path_len: usize,
    bundle: *const u8,
    bundle_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::replica_import(
                c.text("path", path, path_len)?,
                BundleFrom::Bytes(c.bytes("bundle", bundle, bundle_len)?),
            )?);
            Ok(())
        })
    }
}

/// The same from a bundle's file, block by block.
///
/// - Gives: reply (JSON).
/// - Errors: as yz_replica_import; 601 when the file cannot be opened.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_replica_import_file(
    path: *const c_char,
    path_len: usize,
    bundle_path: *const c_char,
    bundle_path_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::replica_import(
                c.text("path", path, path_len)?,
                BundleFrom::File(c.text("bundle_path", bundle_path, bundle_path_len)?),
            )?);
            Ok(())
        })
    }
}

/// Proof of misbehaviour: what stands in the bundle at some height is another block than in this ledger or
/// replica, and the same key signed both. Any verifier answers CONTRADICTED to it. For a bundle that
/// yz_replica_import refused with 504: open the replica with "read_only".
///
/// - Gives: proof (.yzp).
/// - Errors: 101 for another ledger's bundle; 204, 205, 3xx; 404 for a block that the key did not sign; 502 when
///   no block is another one; 504, 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_prove_fork(
    ledger: Handle,
    bundle: *const u8,
    bundle_len: usize,
    proof: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let proof = c.out(proof);
            c.ready()?;
            proof.give(facade::ledger_prove_fork(ledger, c.bytes("bundle", bundle, bundle_len)?)?);
            Ok(())
        })
    }
}

/// Copies the ledger's file at from to a new file at to, as it stands at one moment, while others go on
/// writing. What is erased later can still be read from the copy by whoever has the vault key, until
/// yz_ledger_rewrap moved the ledger to another key and the old one was destroyed.
///
/// - Errors: 101 when something is at to already; 309, 603, 604, 606; 601 and other 6xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_ledger_backup(
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            facade::ledger_backup(c.text("from", from, from_len)?, c.text("to", to, to_len)?)
        })
    }
}
