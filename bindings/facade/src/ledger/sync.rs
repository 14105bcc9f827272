//! Bundles out and in.

use std::fs::OpenOptions;
use std::io::{BufWriter, Read};

use serde_json::json;
use yinzheng::ledger::{Ledger, import};
use yinzheng::store::{SqliteStore, backup};
use yinzheng::{Error, ErrorCode};

use crate::failure::Outcome;
use crate::handle::Handle;
use crate::verify::{BundleFrom, open};
use crate::{guard, json};

/// The blocks from `first` to `last`, both included, as a bundle in memory. For long ranges see [`ledger_export_file`].
///
/// # Errors
/// `NotFound` for a height that is not sealed, `InvalidArgument` for an empty range, 6xx.
pub fn ledger_export(ledger: Handle, first: u64, last: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_export", ledger, |ledger: &Ledger| ledger.export(first, last, Vec::new()))
}

/// The same into a new file, with constant memory. A file that is there already is not touched.
///
/// # Errors
/// As [`ledger_export`]; `Storage` when the file cannot be made.
pub fn ledger_export_file(ledger: Handle, first: u64, last: u64, path: &[u8]) -> Outcome<()> {
    guard::with("ledger_export_file", ledger, |ledger: &Ledger| {
        let failed = |error: std::io::Error| {
            Error::new(ErrorCode::Storage, format!("bundle file: {}", error.kind()))
        };
        let path = json::text("path", path)?;
        let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
        let out = ledger.export(first, last, BufWriter::new(file))?;
        let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)
    })
}

/// Copies the ledger's file at `from` to a new file at `to`, as it stands at one moment, while others go on writing. The copy is on
/// disk when this returns. What is erased later can still be read from it by whoever has the vault key, until [`super::ledger_rewrap`]
/// moved the ledger to another one and the old key was destroyed.
///
/// # Errors
/// `NotALedger`, `SchemaTooNew`, `InvalidArgument` when something is at `to` already, `Damaged`, `DiskFull`, `Storage`.
pub fn ledger_backup(from: &[u8], to: &[u8]) -> Outcome<()> {
    guard::run("ledger_backup", || backup(json::text("from", from)?, json::text("to", to)?))
}

/// Takes a bundle into a replica: the file at `path`, made when it is not there. Every block is checked before it is kept:
/// `{"imported","known","height"}`. Open the replica read-only.
///
/// # Errors
/// `ChainBroken` for a gap or another branch, `InvalidArgument` for another ledger or a store that is no replica, 3xx, 4xx, 6xx.
/// Blocks before the one at fault are kept.
pub fn replica_import(path: &[u8], bundle: BundleFrom<'_>) -> Outcome<Vec<u8>> {
    guard::run("replica_import", || {
        let path = json::text("path", path)?;
        if path.is_empty() {
            return Err(Error::new(ErrorCode::InvalidArgument, "no path"));
        }
        let input: Box<dyn Read> = match bundle {
            BundleFrom::Bytes(bytes) => Box::new(bytes),
            BundleFrom::File(path) => Box::new(open(json::text("bundle", path)?)?),
        };
        let mut store = match std::fs::exists(path) {
            Ok(true) => SqliteStore::open(path)?,
            _ => SqliteStore::create(path)?,
        };
        let report = import(&mut store, input)?;
        Ok(json::reply(&json!({
            "imported": report.imported, "known": report.known, "height": report.height,
        })))
    })
}
