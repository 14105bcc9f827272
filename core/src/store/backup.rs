//! Copies of a ledger's file, made while it is in use.

use std::fs::{self, File};
use std::path::Path;

use super::rows::storage;
use super::{network, schema};
use crate::error::{Error, ErrorCode, Result};

/// Copies the ledger at `from` to a new file at `to`, as it stands at one moment; whoever has it open for writing goes on
/// meanwhile. The copy is on disk when this returns, and has its name only then.
///
/// A backup holds encrypted values with their wrapped keys: what is erased later can be read from it by whoever has the vault
/// key. Erasure is *done everywhere* only once that key is replaced and destroyed ([`crate::ledger::Ledger::rewrap`]).
/// A restored ledger that lags behind the one it replaces must not be written to: open it with the last head that is known
/// from elsewhere, and on `HeadMismatch` go on in another ledger ([`crate::ledger::Ledger::continue_from`]).
///
/// # Errors
/// `NotALedger`, `SchemaTooNew`, `InvalidArgument` when something is at `to` already, `Damaged`, `DiskFull`, `Storage`.
pub fn backup(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<()> {
    let (from, to) = (from.as_ref(), to.as_ref());
    if !from.is_file() {
        return Err(Error::new(ErrorCode::NotALedger, "no file is there"));
    }
    if to.exists() {
        return Err(Error::new(
            ErrorCode::InvalidArgument,
            "something is there already; choose another name",
        ));
    }
    network::refuse(from)?;
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    // Left by a backup that was interrupted.
    match fs::remove_file(part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&error)),
        _ => {}
    }
    let made = copy(from, part).and_then(|()| fs::rename(part, to).map_err(|error| failed(&error)));
    if made.is_err() {
        let _ = fs::remove_file(part);
    }
    made?;
    sync_folder(to)
}

fn copy(from: &Path, part: &Path) -> Result<()> {
    let name = part.to_str().ok_or_else(|| {
        Error::new(ErrorCode::InvalidArgument, "the backup's name is not Unicode")
    })?;
    let connection = schema::open_read_only(from)?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(storage)?;
    // SQLite does not sync what it copies to.
    File::open(part).and_then(|file| file.sync_all()).map_err(|error| failed(&error))?;
    schema::open_read_only(part).map(drop)
}

/// So that the new name survives a power cut, too.
fn sync_folder(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        let synced =
            File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        synced.map_err(|error| failed(&error))?;
    }
    Ok(())
}

fn failed(error: &std::io::Error) -> Error {
    let code = match error.kind() {
        std::io::ErrorKind::StorageFull => ErrorCode::DiskFull,
        _ => ErrorCode::Storage,
    };
    Error::new(code, format!("backup: {}", error.kind()))
}
