//! The tables of the SQLite store, and the settings it runs with. `docs/store.md` explains them for people who open a
//! ledger with other tools.

use rusqlite::Connection;

use super::sqlite::storage;
use crate::error::{Error, ErrorCode, Result};

/// "YZL0": lets `file` and other tools tell a ledger from any other SQLite file.
const APPLICATION_ID: i32 = 0x595a_4c30;

/// Number of this schema; a migration raises it and never touches sealed bytes.
pub(super) const SCHEMA: i32 = 1;

/// 8 KiB: large rows of bulk appends need few overflow pages, and a single append still writes only a few pages.
const PAGE_SIZE: u32 = 8192;

const TABLES: &str = "
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE batch(first INTEGER PRIMARY KEY, entries BLOB NOT NULL);
CREATE TABLE block(height INTEGER PRIMARY KEY, first INTEGER NOT NULL UNIQUE, content INTEGER NOT NULL,
                   leaf BLOB NOT NULL, sealed BLOB NOT NULL, nodes BLOB NOT NULL);
CREATE TABLE place(dossier BLOB NOT NULL, place INTEGER NOT NULL, sequence INTEGER, alg INTEGER NOT NULL,
                   digest BLOB NOT NULL, PRIMARY KEY(dossier, place)) WITHOUT ROWID;
CREATE TABLE business_id(id BLOB PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE vault(sequence INTEGER PRIMARY KEY, key BLOB NOT NULL, data BLOB NOT NULL);
CREATE TABLE about(subject BLOB NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY(subject, sequence)) WITHOUT ROWID;
CREATE TABLE profile(digest BLOB PRIMARY KEY, file BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE held(id INTEGER PRIMARY KEY, row BLOB NOT NULL);
CREATE TABLE outside(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, target INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX outside_target ON outside(kind, target);
";

/// Makes the tables of a new ledger.
pub(super) fn create(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "page_size", PAGE_SIZE).map_err(storage)?;
    settings(connection)?;
    connection
        .execute_batch(&format!(
            "BEGIN IMMEDIATE; PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={SCHEMA}; {TABLES} COMMIT;"
        ))
        .map_err(storage)
}

/// Applies the settings to an open connection, and reads back the one that SQLite may silently refuse.
pub(super) fn settings(connection: &Connection) -> Result<()> {
    // WAL with synchronous=FULL: one sync for each commit, and a commit that returned survives a power cut.
    let mode: String =
        connection.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0)).map_err(storage)?;
    if mode != "wal" {
        return Err(Error::new(
            ErrorCode::Storage,
            "the file system does not allow write-ahead logging",
        ));
    }
    connection
        .execute_batch(
            "PRAGMA synchronous=FULL;
             PRAGMA fullfsync=ON;
             PRAGMA checkpoint_fullfsync=ON;
             PRAGMA secure_delete=ON;
             PRAGMA temp_store=MEMORY;
             PRAGMA trusted_schema=OFF;
             PRAGMA cell_size_check=ON;
             PRAGMA cache_size=-16384;",
        )
        .map_err(storage)
}

/// Checks that an open file is a ledger that this version reads.
pub(super) fn check(connection: &Connection) -> Result<()> {
    let pragma = |name: &str| -> Result<i32> {
        connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).map_err(storage)
    };
    if pragma("application_id")? != APPLICATION_ID {
        return Err(Error::new(ErrorCode::NotALedger, "the file is not a ledger's"));
    }
    match pragma("user_version")? {
        SCHEMA => Ok(()),
        newer if newer > SCHEMA => Err(Error::new(
            ErrorCode::SchemaTooNew,
            format!("schema {newer}, this version reads {SCHEMA}"),
        )),
        _ => Err(Error::new(ErrorCode::NotALedger, "unfinished: its creation was interrupted")),
    }
}
