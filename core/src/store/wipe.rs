//! Overwriting the write-ahead log. SQLite cuts or deletes its log and leaves the blocks to the file system, unwritten: what
//! was deleted from the database, overwritten there, would still stand in free blocks of the disk.

use std::fs::OpenOptions;
use std::io::{self, Seek, SeekFrom, Write};

use rusqlite::Connection;

use super::rows::storage;
use crate::error::{Error, ErrorCode, Result};

/// Length of the log's own header in bytes. Without it the rest is no log.
const HEADER: usize = 32;

/// Brings the whole log into the database, overwrites it with zeros and cuts it to nothing.
///
/// `Locked` when a reader still reads from the log, or somebody else writes.
pub(super) fn wipe_log(connection: &Connection) -> Result<()> {
    let seen = version(connection)?;
    // From here on every page of the log is in the database, on disk, and readers read there.
    checkpoint(connection, "RESTART")?;
    // The store has one writer; but lock files have been deleted, and what another wrote since must stay.
    connection.execute_batch("BEGIN IMMEDIATE").map_err(storage)?;
    let done = version(connection).and_then(|now| match now == seen {
        true => overwrite(connection),
        false => Err(held("another writer uses the write-ahead log")),
    });
    connection.execute_batch("ROLLBACK").map_err(storage)?;
    done?;
    checkpoint(connection, "TRUNCATE")
}

/// A number that changes when another connection commits.
fn version(connection: &Connection) -> Result<i64> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0)).map_err(storage)
}

fn held(what: &'static str) -> Error {
    Error::new(ErrorCode::Locked, what)
}

fn checkpoint(connection: &Connection, how: &str) -> Result<()> {
    let busy: i64 = connection
        .query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |row| row.get(0))
        .map_err(storage)?;
    match busy {
        0 => Ok(()),
        _ => Err(held("a reader holds the write-ahead log; close it and erase again")),
    }
}

fn overwrite(connection: &Connection) -> Result<()> {
    let path = connection.path().filter(|path| !path.is_empty());
    path.map_or(Ok(()), |path| zero(format!("{path}-wal"))).map_err(|error| {
        Error::new(ErrorCode::Storage, format!("overwriting the write-ahead log: {}", error.kind()))
    })
}

fn zero(path: String) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    let mut left = file.seek(SeekFrom::End(0))?;
    if left == 0 {
        return Ok(());
    }
    file.rewind()?;
    // The header first, and on disk before the rest: after a crash in between, a log that begins as before and ends in zeros
    // would be taken for a shorter one, and its old pages for new ones.
    file.write_all(&[0; HEADER])?;
    file.sync_data()?;
    let zeros = [0; 16 * 1024];
    left = left.saturating_sub(HEADER as u64);
    while left > 0 {
        let now = usize::try_from(left).unwrap_or(usize::MAX).min(zeros.len());
        file.write_all(zeros.get(..now).unwrap_or_default())?;
        left -= now as u64;
    }
    file.sync_data()
}
