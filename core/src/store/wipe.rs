//! Overwriting the write-ahead log. SQLite cuts or deletes its log and leaves the blocks to the file system, unwritten: what
//! was deleted from the database, overwritten there, would still stand in free blocks of the disk.
//!
//! Only what the log no longer uses is overwritten: whatever fails in between, SQLite finds its log as it left it.

use std::fs::OpenOptions;
use std::io::{self, Seek, SeekFrom, Write};

use rusqlite::Connection;

use super::rows::{storage, unsigned};
use super::schema::SCHEMA;
use crate::error::{Error, ErrorCode, Result};

/// Bytes of the log's header, and of the header before each page in it (<https://sqlite.org/fileformat2.html#walformat>).
const HEADERS: (u64, u64) = (32, 24);

/// Brings the whole log into the database, overwrites it with zeros and cuts it to nothing.
///
/// `Locked` when a reader still reads from the log, or somebody else writes.
pub(super) fn wipe_log(connection: &Connection) -> Result<()> {
    if is_empty(connection) {
        return Ok(());
    }
    let seen = version(connection)?;
    // From here on every page of the log is in the database, on disk, and readers read there.
    checkpoint(connection, "RESTART")?;
    // So the next write begins the log anew, and what was in it before is behind this one page and means nothing.
    connection.pragma_update(None, "user_version", SCHEMA).map_err(storage)?;
    if checkpoint(connection, "PASSIVE")? != 1 {
        return Err(held("the write-ahead log did not begin anew; erase again"));
    }
    // The store has one writer; but lock files have been deleted, and what another wrote since must stay.
    connection.execute_batch("BEGIN IMMEDIATE").map_err(storage)?;
    let done = version(connection).and_then(|now| match now == seen {
        true => overwrite(connection),
        false => Err(held("another writer uses the write-ahead log")),
    });
    let ended = connection.execute_batch("ROLLBACK").map_err(storage);
    done.and(ended)?;
    checkpoint(connection, "TRUNCATE").map(drop)
}

/// Whether nothing was written to the log since it was made or cut, by anybody.
fn is_empty(connection: &Connection) -> bool {
    let path = connection.path().filter(|path| !path.is_empty());
    path.is_some_and(|path| match std::fs::metadata(log_of(path)) {
        Ok(log) => log.len() == 0,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    })
}

fn log_of(path: &str) -> String {
    format!("{path}-wal")
}

/// A number that changes when another connection commits.
fn version(connection: &Connection) -> Result<i64> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0)).map_err(storage)
}

fn held(what: &'static str) -> Error {
    Error::new(ErrorCode::Locked, what)
}

/// Gives the number of pages in the log.
fn checkpoint(connection: &Connection, how: &str) -> Result<i64> {
    let (busy, pages): (i64, i64) = connection
        .query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .map_err(storage)?;
    match busy {
        0 => Ok(pages),
        _ => Err(held("a reader holds the write-ahead log; close it and erase again")),
    }
}

/// Overwrites what is behind the first page of the log.
fn overwrite(connection: &Connection) -> Result<()> {
    // A name that is not UTF-8 is not told; the empty one is a ledger in memory.
    let path = connection.path().ok_or_else(|| {
        Error::new(
            ErrorCode::Storage,
            "the write-ahead log of a file whose name is not UTF-8 cannot be overwritten",
        )
    })?;
    if path.is_empty() {
        return Ok(());
    }
    let page: i64 =
        connection.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(storage)?;
    let used = HEADERS.0 + HEADERS.1 + unsigned(page)?;
    zero(&log_of(path), used).map_err(|error| {
        Error::new(ErrorCode::Storage, format!("overwriting the write-ahead log: {}", error.kind()))
    })
}

fn zero(path: &str, from: u64) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let mut left = file.seek(SeekFrom::End(0))?.saturating_sub(from);
    if left == 0 {
        return Ok(());
    }
    file.seek(SeekFrom::Start(from))?;
    let zeros = [0; 16 * 1024];
    while left > 0 {
        let now = usize::try_from(left).unwrap_or(usize::MAX).min(zeros.len());
        file.write_all(zeros.get(..now).unwrap_or_default())?;
        left -= now as u64;
    }
    file.sync_data()
}
