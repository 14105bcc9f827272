//! The tables of the SQLite store, and the settings it runs with. `docs/store.md` explains them for people who open a
//! ledger with other tools.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::rows::storage;
use super::runs;
use crate::error::{Error, ErrorCode, Result};

/// "YZL0": lets `file` and other tools tell a ledger from any other SQLite file.
const APPLICATION_ID: i32 = 0x595a_4c30;

/// SQL that leads from each schema to the next, from number 1 on. A step never touches sealed bytes: it may change what finds and
/// keeps them.
const MIGRATIONS: [&str; 0] = [];

/// Number of this schema.
pub(super) const SCHEMA: i32 = 1 + MIGRATIONS.len() as i32;

/// 8 KiB: large rows of bulk appends need few overflow pages, and a single append still writes only a few pages.
const PAGE_SIZE: u32 = 8192;

/// `mark` is the check value of the columns before it; a batch has one for each entry, inside.
const TABLES: &str = "
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL, mark INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE batch(first INTEGER PRIMARY KEY, entries BLOB NOT NULL);
CREATE TABLE block(height INTEGER PRIMARY KEY, first INTEGER NOT NULL UNIQUE, content INTEGER NOT NULL,
                   leaf BLOB NOT NULL, sealed BLOB NOT NULL, mark INTEGER NOT NULL, nodes BLOB NOT NULL);
CREATE TABLE run(run INTEGER PRIMARY KEY, size INTEGER NOT NULL, first INTEGER NOT NULL, mark INTEGER NOT NULL);
CREATE TABLE place(run INTEGER NOT NULL, dossier BLOB NOT NULL, place INTEGER NOT NULL, sequence INTEGER NOT NULL,
                   alg INTEGER NOT NULL, digest BLOB NOT NULL, mark INTEGER NOT NULL,
                   PRIMARY KEY(run, dossier, place)) WITHOUT ROWID;
CREATE TABLE place_held(dossier BLOB NOT NULL, place INTEGER NOT NULL, alg INTEGER NOT NULL,
                        digest BLOB NOT NULL, mark INTEGER NOT NULL, PRIMARY KEY(dossier, place)) WITHOUT ROWID;
CREATE TABLE business_id(run INTEGER NOT NULL, id BLOB NOT NULL, sequence INTEGER NOT NULL, mark INTEGER NOT NULL,
                         PRIMARY KEY(run, id)) WITHOUT ROWID;
CREATE TABLE vault(sequence INTEGER PRIMARY KEY, key BLOB NOT NULL, mark INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE about(run INTEGER NOT NULL, subject BLOB NOT NULL, sequence INTEGER NOT NULL, mark INTEGER NOT NULL,
                   PRIMARY KEY(run, subject, sequence)) WITHOUT ROWID;
CREATE TABLE profile(digest BLOB PRIMARY KEY, file BLOB NOT NULL, mark INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE held(id INTEGER PRIMARY KEY, row BLOB NOT NULL, mark INTEGER NOT NULL);
CREATE TABLE outside(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, target INTEGER NOT NULL, bytes BLOB NOT NULL,
                     mark INTEGER NOT NULL);
CREATE INDEX outside_target ON outside(kind, target);
";

/// Makes the file and its tables, or finishes what an interrupted call left: a file without any content, or with tables
/// that no ledger was written to.
pub(super) fn create(path: &Path) -> Result<Connection> {
    if path.exists() && !path.is_file() {
        return Err(taken());
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = connect(path, flags)?;
    let rows = |table: &str| -> Result<i64> {
        let sql = format!("SELECT count(*) FROM {table}");
        connection.query_row(&sql, [], |row| row.get(0)).map_err(storage)
    };
    match rows("sqlite_schema") {
        Ok(0) if pragma(&connection, "application_id")? == 0 => {}
        Ok(_) if check(&connection).is_ok() && rows("meta")? == 0 && rows("batch")? == 0 => {
            settings(&connection)?;
            return Ok(connection);
        }
        Err(error) if error.code() != ErrorCode::NotALedger => return Err(error),
        _ => return Err(taken()),
    }
    connection.pragma_update(None, "page_size", PAGE_SIZE).map_err(storage)?;
    settings(&connection)?;
    connection
        .execute_batch(&format!(
            "BEGIN IMMEDIATE; PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={SCHEMA}; {TABLES}"
        ))
        .map_err(storage)?;
    runs::create(&connection)?;
    connection.execute_batch("COMMIT").map_err(storage)?;
    Ok(connection)
}

fn taken() -> Error {
    Error::new(
        ErrorCode::InvalidArgument,
        "something is there already; open it, or choose another name",
    )
}

/// Opens a ledger's file for writing.
pub(super) fn open(path: &Path) -> Result<Connection> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    migrate(&connection, &MIGRATIONS)?;
    check(&connection)?;
    // SQLite opens what it may not write all the same, and only a write would tell.
    if connection.is_readonly("main").map_err(storage)? {
        return Err(Error::new(ErrorCode::Storage, "the file cannot be written"));
    }
    settings(&connection)?;
    Ok(connection)
}

/// Opens a ledger's file for reading. Where nothing can be written beside it (a read-only medium, the image of a seized
/// disk) and nothing was left beside it, the file by itself is the whole ledger.
pub(super) fn open_read_only(path: &Path) -> Result<Connection> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    match (check(&connection), immutable(path)) {
        (Err(error), Some(alone)) if error.code() == ErrorCode::Storage => {
            let uri = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            let connection = connect(&alone, uri)?;
            check(&connection).map(|()| connection)
        }
        (checked, _) => checked.map(|()| connection),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let connection = connection.map_err(storage)?;
    // More statements than there are in this module: none is compiled twice.
    connection.set_prepared_statement_cache_capacity(96);
    // Plans that do not look at the values: otherwise SQLite makes a new one whenever it is given others.
    let stable = DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
    connection.set_db_config(stable, true).map_err(storage)?;
    // Of whoever reads: a changed file may hold views, triggers and malformed cells.
    connection
        .execute_batch("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;")
        .map_err(storage)?;
    Ok(connection)
}

/// The name under which SQLite neither looks for a log nor makes one; `None` where there is a log.
fn immutable(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    if Path::new(&log).exists() {
        return None;
    }
    let mut uri = String::from("file:");
    for byte in path.to_str()?.bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    Some(PathBuf::from(uri))
}

fn pragma(connection: &Connection, name: &str) -> Result<i32> {
    connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).map_err(storage)
}

/// Applies the settings to an open connection, and reads back the one that SQLite may silently refuse.
fn settings(connection: &Connection) -> Result<()> {
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
             PRAGMA cache_size=-16384;",
        )
        .map_err(storage)
}

/// Brings a ledger of an older schema up to date: all steps in one transaction, or none.
fn migrate(connection: &Connection, steps: &[&str]) -> Result<()> {
    let done = pragma(connection, "user_version")?;
    let is_ledger = pragma(connection, "application_id")? == APPLICATION_ID;
    let open = usize::try_from(done).ok().and_then(|done| steps.get(done.checked_sub(1)?..));
    let Some(steps) = open.filter(|steps| is_ledger && !steps.is_empty()) else { return Ok(()) };
    let to = done.saturating_add(i32::try_from(steps.len()).unwrap_or(i32::MAX));
    let all = steps.join(";\n");
    let sql = format!("BEGIN IMMEDIATE;\n{all};\nPRAGMA user_version={to};\nCOMMIT");
    connection.execute_batch(&sql).map_err(|error| {
        // What failed first is what is told.
        let _ = connection.execute_batch("ROLLBACK");
        storage(error)
    })
}

/// Checks that an open file is a ledger that this version reads.
fn check(connection: &Connection) -> Result<()> {
    if pragma(connection, "application_id")? != APPLICATION_ID {
        return Err(Error::new(ErrorCode::NotALedger, "the file is not a ledger's"));
    }
    match pragma(connection, "user_version")? {
        SCHEMA => Ok(()),
        newer if newer > SCHEMA => Err(Error::new(
            ErrorCode::SchemaTooNew,
            format!("schema {newer}, this version reads {SCHEMA}"),
        )),
        0 => Err(Error::new(ErrorCode::NotALedger, "unfinished: its creation was interrupted")),
        older => Err(Error::new(
            ErrorCode::ReadOnly,
            format!(
                "schema {older} of an older version; open it for writing once, which brings it up to date"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const STEPS: [&str; 2] = [
        "ALTER TABLE held ADD COLUMN since INTEGER; UPDATE held SET since=0",
        "CREATE TABLE more(a INTEGER)",
    ];

    fn ledger(folder: &Path) -> Connection {
        let connection = create(&folder.join("ledger.yzl")).unwrap();
        connection.execute("INSERT INTO held VALUES(1, x'00', 2)", []).unwrap();
        connection
    }

    fn version(connection: &Connection) -> i32 {
        pragma(connection, "user_version").unwrap()
    }

    #[test]
    fn a_migration_takes_all_steps_that_are_left_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let connection = ledger(folder.path());
        migrate(&connection, &STEPS[..1]).unwrap();
        assert_eq!(version(&connection), 2);
        migrate(&connection, &STEPS).unwrap();
        migrate(&connection, &STEPS).unwrap();
        assert_eq!(version(&connection), 3);
        let since: i64 =
            connection.query_row("SELECT since FROM held", [], |row| row.get(0)).unwrap();
        assert_eq!(since, 0);
        assert_eq!(check(&connection).unwrap_err().code(), ErrorCode::SchemaTooNew);
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let connection = ledger(folder.path());
        let error = migrate(&connection, &[STEPS[0], "DROP TABLE nowhere"]).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Damaged);
        assert_eq!(version(&connection), 1);
        assert!(connection.prepare("SELECT since FROM held").is_err());
        migrate(&connection, &STEPS).unwrap();
    }

    #[test]
    fn only_ledgers_are_migrated() {
        let folder = tempfile::tempdir().unwrap();
        for (application, version) in
            [(1, 1), (APPLICATION_ID, 0), (APPLICATION_ID, 9), (APPLICATION_ID, -1)]
        {
            let name = folder.path().join(format!("{application} {version}"));
            let connection = Connection::open(name).unwrap();
            connection.pragma_update(None, "application_id", application).unwrap();
            connection.pragma_update(None, "user_version", version).unwrap();
            migrate(&connection, &STEPS[1..]).unwrap();
            assert!(connection.prepare("SELECT a FROM more").is_err());
        }
        // A reader changes nothing, and says what would.
        let path = folder.path().join("ledger.yzl");
        let connection = ledger(folder.path());
        connection.pragma_update(None, "user_version", -1).unwrap();
        assert_eq!(open_read_only(&path).unwrap_err().code(), ErrorCode::ReadOnly);
    }
}
