//! The embedded store: one SQLite file, a format that forensic tools open.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Params, Row, params};

use super::lock::Lock;
use super::{BlockRow, Changes, OutsideKey, PlaceRow, Store, VaultRow, batch, schema};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};

/// A ledger's SQLite file. Opened for writing it holds the one-writer lock until it is dropped.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    next_sequence: u64,
    _lock: Option<Lock>,
}

impl SqliteStore {
    /// Makes a new file at `path`.
    ///
    /// # Errors
    /// `InvalidArgument` when something is there already, `Locked`, `Storage`.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let lock = Lock::take(path)?;
        if path.exists() {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "a file is there already; open it, or choose another name",
            ));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(storage)?;
        schema::create(&connection)?;
        Ok(Self { connection, next_sequence: 0, _lock: Some(lock) })
    }

    /// Opens the file at `path` for writing.
    ///
    /// # Errors
    /// `NotALedger`, `Locked` when another handle or process holds it, `SchemaTooNew`, `Storage`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        if !path.is_file() {
            return Err(Error::new(ErrorCode::NotALedger, "no file is there"));
        }
        let lock = Lock::take(path)?;
        Self::with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE, Some(lock))
    }

    /// Opens the file at `path` for reading, beside a writer if there is one.
    ///
    /// # Errors
    /// `NotALedger`, `SchemaTooNew`, `Storage`.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        if !path.is_file() {
            return Err(Error::new(ErrorCode::NotALedger, "no file is there"));
        }
        Self::with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY, None)
    }

    fn with_flags(path: &Path, flags: OpenFlags, lock: Option<Lock>) -> Result<Self> {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(storage)?;
        schema::check(&connection)?;
        if lock.is_some() {
            schema::settings(&connection)?;
        }
        let mut store = Self { connection, next_sequence: 0, _lock: lock };
        store.next_sequence = store.read_next_sequence()?;
        Ok(store)
    }

    fn read_next_sequence(&self) -> Result<u64> {
        let last =
            self.one("SELECT first, entries FROM batch ORDER BY first DESC LIMIT 1", [], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })?;
        match last {
            None => Ok(0),
            Some((first, blob)) => Ok(unsigned(first)? + batch::count(&blob)?),
        }
    }

    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        self.connection
            .prepare_cached(sql)
            .map_err(storage)?
            .query_row(params, read)
            .optional()
            .map_err(storage)
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql).map_err(storage)?;
        let rows = statement.query_map(params, read).map_err(storage)?;
        rows.collect::<rusqlite::Result<_>>().map_err(storage)
    }
}

impl Store for SqliteStore {
    fn apply(&mut self, changes: &Changes) -> Result<()> {
        let added = changes.entries.as_ref().map_or(0, |(_, entries)| entries.len() as u64);
        if changes.entries.as_ref().is_some_and(|(first, _)| *first != self.next_sequence) {
            return Err(Error::new(ErrorCode::Internal, "entries do not continue the store"));
        }
        let transaction = self.connection.transaction().map_err(storage)?;
        write(&transaction, changes)?;
        transaction.commit().map_err(storage)?;
        self.next_sequence += added;
        Ok(())
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.one("SELECT value FROM meta WHERE name=?1", [name], |row| row.get(0))
    }

    fn next_sequence(&self) -> Result<u64> {
        Ok(self.next_sequence)
    }

    fn entries(&self, first: u64, count: u64) -> Result<Vec<Vec<u8>>> {
        let end = first.saturating_add(count);
        let mut out = Vec::new();
        let sql = "SELECT first, entries FROM batch
                   WHERE first >= coalesce((SELECT max(first) FROM batch WHERE first <= ?1), 0) AND first < ?2 ORDER BY first";
        let mut statement = self.connection.prepare_cached(sql).map_err(storage)?;
        let mut rows = statement.query(params![signed(first)?, signed(end)?]).map_err(storage)?;
        while let Some(row) = rows.next().map_err(storage)? {
            let at = unsigned(row.get(0).map_err(storage)?)?;
            let blob = row.get_ref(1).map_err(storage)?.as_blob().map_err(|_| damaged("batch"))?;
            batch::unpack(
                blob,
                first.saturating_sub(at),
                end.saturating_sub(at.max(first)),
                &mut out,
            )?;
        }
        Ok(out)
    }

    fn block(&self, height: u64) -> Result<Option<BlockRow>> {
        let sql = "SELECT first, content, leaf, sealed, nodes FROM block WHERE height=?1";
        let row = self.one(sql, [signed(height)?], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, Vec<u8>>(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })?;
        let Some((first, content, leaf, sealed, nodes)) = row else { return Ok(None) };
        let (first, content, history_leaf) =
            (unsigned(first)?, unsigned(content)?, array(&leaf, "block")?);
        Ok(Some(BlockRow { height, first, content, sealed, nodes, history_leaf }))
    }

    fn height_of(&self, sequence: u64) -> Result<Option<u64>> {
        let sql = "SELECT height, first + content FROM block WHERE first <= ?1 ORDER BY first DESC LIMIT 1";
        let sequence = signed(sequence)?;
        let row =
            self.one(sql, [sequence], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        row.filter(|(_, end)| sequence < *end).map(|(height, _)| unsigned(height)).transpose()
    }

    fn nodes(&self, height: u64, positions: &[u64]) -> Result<Option<(Vec<u8>, Vec<[u8; 32]>)>> {
        let height = signed(height)?;
        let sealed = self.one("SELECT sealed FROM block WHERE height=?1", [height], |row| {
            row.get::<_, Vec<u8>>(0)
        })?;
        let Some(sealed) = sealed else { return Ok(None) };
        let blob =
            self.connection.blob_open("main", "block", "nodes", height, true).map_err(storage)?;
        let root = (blob.len() / 32).checked_sub(1).ok_or_else(|| damaged("block"))?;
        let positions =
            positions.iter().map(|at| usize::try_from(*at).unwrap_or(usize::MAX)).chain([root]);
        let read = |at: usize| -> Result<[u8; 32]> {
            let mut node = [0; 32];
            let start = at.checked_mul(32).ok_or_else(|| damaged("block"))?;
            blob.read_at_exact(&mut node, start).map_err(|_| damaged("block"))?;
            Ok(node)
        };
        Ok(Some((sealed, positions.map(read).collect::<Result<_>>()?)))
    }

    fn history_leaves(&self, first: u64, count: u64) -> Result<Vec<[u8; 32]>> {
        let end = first.saturating_add(count);
        let sql = "SELECT leaf FROM block WHERE height >= ?1 AND height < ?2 ORDER BY height";
        let leaves =
            self.all(sql, [signed(first)?, signed(end)?], |row| row.get::<_, Vec<u8>>(0))?;
        leaves.iter().map(|leaf| array(leaf, "block")).collect()
    }

    fn last_place(&self, dossier: &[u8; 16]) -> Result<Option<PlaceRow>> {
        let sql = "SELECT dossier, place, sequence, alg, digest FROM place WHERE dossier=?1 ORDER BY place DESC LIMIT 1";
        self.one(sql, [dossier.as_slice()], place_columns)?.map(place_row).transpose()
    }

    fn places(&self, dossier: &[u8; 16]) -> Result<Vec<PlaceRow>> {
        let sql = "SELECT dossier, place, sequence, alg, digest FROM place WHERE dossier=?1 ORDER BY place";
        self.all(sql, [dossier.as_slice()], place_columns)?.into_iter().map(place_row).collect()
    }

    fn dossiers(&self, after: Option<[u8; 16]>, limit: usize) -> Result<Vec<[u8; 16]>> {
        let sql =
            "SELECT dossier FROM place WHERE dossier > ?1 AND place=0 ORDER BY dossier LIMIT ?2";
        let after: &[u8] = after.as_ref().map_or(&[], |id| id);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids = self.all(sql, params![after, limit], |row| row.get::<_, Vec<u8>>(0))?;
        ids.iter().map(|id| array(id, "place")).collect()
    }

    fn find_record(&self, prefix: &[u8; 17]) -> Result<Option<PlaceRow>> {
        // A scan: an index over random digests would cost every append more than this rare question.
        let sql = "SELECT dossier, place, sequence, alg, digest FROM place WHERE substr(digest, 1, 16) = ?1";
        let rows = self.all(sql, [prefix.get(..16)], place_columns)?;
        let rows: Vec<PlaceRow> = rows.into_iter().map(place_row).collect::<Result<_>>()?;
        Ok(rows.into_iter().find(|row| super::has_prefix(&row.digest.bytes, prefix)))
    }

    fn business_id(&self, id: &[u8; 16]) -> Result<Option<u64>> {
        let row =
            self.one("SELECT sequence FROM business_id WHERE id=?1", [id.as_slice()], |row| {
                row.get(0)
            })?;
        row.map(unsigned).transpose()
    }

    fn vault(&self, sequence: u64) -> Result<Option<VaultRow>> {
        let sql = "SELECT key, data FROM vault WHERE sequence=?1";
        self.one(sql, [signed(sequence)?], |row| {
            Ok(VaultRow { key: row.get(0)?, data: row.get(1)? })
        })
    }

    fn vault_rows(&self, first: u64, limit: usize) -> Result<Vec<(u64, VaultRow)>> {
        let sql =
            "SELECT sequence, key, data FROM vault WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.all(sql, params![signed(first)?, limit], |row| {
            Ok((row.get::<_, i64>(0)?, VaultRow { key: row.get(1)?, data: row.get(2)? }))
        })?;
        rows.into_iter().map(|(at, row)| Ok((unsigned(at)?, row))).collect()
    }

    fn scrub(&mut self) -> Result<()> {
        // Deleted rows are overwritten by secure_delete; their old pages still stand in the write-ahead log until it is
        // checkpointed and cut to nothing. Readers can hold that up.
        let busy: i64 = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(storage)?;
        match busy {
            0 => Ok(()),
            _ => Err(Error::new(
                ErrorCode::Locked,
                "a reader holds the write-ahead log; close it and erase again",
            )),
        }
    }

    fn about(&self, subject: &[u8; 32]) -> Result<Vec<u64>> {
        let sql = "SELECT sequence FROM about WHERE subject=?1 ORDER BY sequence";
        self.all(sql, [subject.as_slice()], |row| row.get::<_, i64>(0))?
            .into_iter()
            .map(unsigned)
            .collect()
    }

    fn profile(&self, digest: &Digest) -> Result<Option<Vec<u8>>> {
        self.one("SELECT file FROM profile WHERE digest=?1", [digest.bytes.as_slice()], |row| {
            row.get(0)
        })
    }

    fn held(&self) -> Result<Vec<(u64, Vec<u8>)>> {
        let rows = self.all("SELECT id, row FROM held ORDER BY id", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get(1)?))
        })?;
        rows.into_iter().map(|(id, row)| Ok((unsigned(id)?, row))).collect()
    }

    fn outside(&self, key: OutsideKey) -> Result<Vec<Vec<u8>>> {
        let (kind, target) = outside_key(key)?;
        self.all(
            "SELECT bytes FROM outside WHERE kind=?1 AND target=?2 ORDER BY id",
            [kind, target],
            |row| row.get(0),
        )
    }

    fn check(&self) -> Result<()> {
        let report: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(storage)?;
        if report == "ok" { Ok(()) } else { Err(damaged("SQLite's own structures")) }
    }
}

fn write(connection: &Connection, changes: &Changes) -> Result<()> {
    let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| -> Result<()> {
        connection
            .prepare_cached(sql)
            .map_err(storage)?
            .execute(params)
            .map(|_| ())
            .map_err(storage)
    };
    if let Some((first, entries)) = &changes.entries {
        run("INSERT INTO batch VALUES(?1, ?2)", &[&signed(*first)?, &batch::pack(entries)?])?;
    }
    for row in &changes.places {
        let sequence = row.sequence.map(signed).transpose()?;
        let sql = "INSERT OR REPLACE INTO place VALUES(?1, ?2, ?3, ?4, ?5)";
        let (dossier, digest) = (row.dossier.as_slice(), row.digest.bytes.as_slice());
        run(sql, &[&dossier, &signed(row.place)?, &sequence, &row.digest.alg.cose_id(), &digest])?;
    }
    for (id, sequence) in &changes.business_ids {
        run("INSERT INTO business_id VALUES(?1, ?2)", &[&id.as_slice(), &signed(*sequence)?])?;
    }
    for sequence in &changes.erased {
        run("DELETE FROM vault WHERE sequence=?1", &[&signed(*sequence)?])?;
    }
    for (sequence, row) in &changes.vault {
        run(
            "INSERT OR REPLACE INTO vault VALUES(?1, ?2, ?3)",
            &[&signed(*sequence)?, &row.key, &row.data],
        )?;
    }
    for (subject, sequence) in &changes.about {
        run(
            "INSERT OR IGNORE INTO about VALUES(?1, ?2)",
            &[&subject.as_slice(), &signed(*sequence)?],
        )?;
    }
    for (digest, file) in &changes.profiles {
        run("INSERT OR IGNORE INTO profile VALUES(?1, ?2)", &[&digest.bytes.as_slice(), file])?;
    }
    for (id, row) in &changes.held {
        match row {
            Some(row) => run("INSERT OR REPLACE INTO held VALUES(?1, ?2)", &[&signed(*id)?, row])?,
            None => run("DELETE FROM held WHERE id=?1", &[&signed(*id)?])?,
        }
    }
    if let Some(block) = &changes.block {
        let sql = "INSERT INTO block VALUES(?1, ?2, ?3, ?4, ?5, ?6)";
        let leaf = block.history_leaf.as_slice();
        let numbers = (signed(block.height)?, signed(block.first)?, signed(block.content)?);
        run(sql, &[&numbers.0, &numbers.1, &numbers.2, &leaf, &block.sealed, &block.nodes])?;
    }
    for (key, bytes) in &changes.outside {
        let (kind, target) = outside_key(*key)?;
        run(
            "INSERT INTO outside(kind, target, bytes) VALUES(?1, ?2, ?3)",
            &[&kind, &target, bytes],
        )?;
    }
    for (name, value) in &changes.meta {
        match value {
            Some(value) => run("INSERT OR REPLACE INTO meta VALUES(?1, ?2)", &[name, value])?,
            None => run("DELETE FROM meta WHERE name=?1", &[name])?,
        }
    }
    Ok(())
}

type PlaceColumns = (Vec<u8>, i64, Option<i64>, i64, Vec<u8>);

fn place_columns(row: &Row<'_>) -> rusqlite::Result<PlaceColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn place_row((dossier, place, sequence, alg, digest): PlaceColumns) -> Result<PlaceRow> {
    let alg = HashAlg::from_cose_id(alg).map_err(|_| damaged("place"))?;
    let digest = Digest { alg, bytes: array(&digest, "place")? };
    let sequence = sequence.map(unsigned).transpose()?;
    Ok(PlaceRow { dossier: array(&dossier, "place")?, place: unsigned(place)?, sequence, digest })
}

fn outside_key(key: OutsideKey) -> Result<(i64, i64)> {
    Ok(match key {
        OutsideKey::Block(height) => (1, signed(height)?),
        OutsideKey::Entry(sequence) => (2, signed(sequence)?),
    })
}

fn array<const N: usize>(bytes: &[u8], table: &str) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| damaged(table))
}

/// Counts stay below 2^53, so that they fit SQLite's signed integers.
fn signed(number: u64) -> Result<i64> {
    i64::try_from(number)
        .map_err(|_| Error::new(ErrorCode::InvalidArgument, "a number beyond 2^53"))
}

fn unsigned(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|_| damaged("a negative number"))
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorCode::Damaged, format!("store: {what}"))
}

/// SQLite's errors as ours. The text is SQLite's own and holds no bound values.
pub(super) fn storage(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let code = match error.sqlite_error_code() {
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => ErrorCode::Locked,
        Some(Code::DatabaseCorrupt) => ErrorCode::Damaged,
        Some(Code::NotADatabase) => ErrorCode::NotALedger,
        Some(Code::DiskFull) => ErrorCode::DiskFull,
        _ => ErrorCode::Storage,
    };
    Error::new(
        code,
        error.sqlite_error().map_or_else(|| "SQLite".to_owned(), |inner| inner.to_string()),
    )
}
