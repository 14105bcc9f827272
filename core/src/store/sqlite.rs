//! The embedded store: one SQLite file, a format that forensic tools open.

use std::collections::HashSet;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Params, Row, TransactionBehavior, params};

use super::lock::Lock;
use super::rows::{
    array, block_columns, block_row, bound, check, damaged, numbered_mark, outside_key,
    outside_mark, pair_mark, place_columns, place_row, storage, table, unsigned, vault_columns,
    vault_row,
};
use super::wipe::wipe_log;
use super::write::{read_meta, write};
use super::{
    BlockRow, Changes, OutsideKey, PlaceRow, Sizes, Store, VaultRow, VisitEntries, batch, network,
    runs, schema,
};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;

/// The places of a dossier in every run, and held ones.
const PLACES: &str = "SELECT dossier, place, sequence, alg, digest, place.mark FROM run CROSS JOIN place USING(run) WHERE dossier=?1
    UNION ALL SELECT dossier, place, NULL, alg, digest, mark FROM place_held WHERE dossier=?1";

/// A ledger's SQLite file. Opened for writing it holds the one-writer lock until it is dropped.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    next_sequence: u64,
    /// After the connection, so that it is given back last.
    lock: Option<Lock>,
}

impl SqliteStore {
    /// Makes a new file at `path`, or finishes one whose making was interrupted before any ledger was in it.
    ///
    /// # Errors
    /// `InvalidArgument` when something else is there already, `Locked`, `Storage`, also for a network file system: its locks
    /// and syncs do not hold what the ledger promises.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        network::refuse(path)?;
        let lock = Lock::take(path)?;
        let connection = schema::create(path)?;
        Ok(Self { connection, next_sequence: 0, lock: Some(lock) })
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
        network::refuse(path)?;
        let lock = Lock::take(path)?;
        Self::over(schema::open(path)?, Some(lock))
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
        Self::over(schema::open_read_only(path)?, None)
    }

    fn over(connection: Connection, lock: Option<Lock>) -> Result<Self> {
        let mut store = Self { connection, next_sequence: 0, lock };
        store.next_sequence = store.read_next_sequence()?;
        Ok(store)
    }

    fn read_next_sequence(&self) -> Result<u64> {
        let last =
            self.one("SELECT max(first) FROM batch", [], |row| row.get::<_, Option<i64>>(0))?;
        let Some(first) = last.flatten() else { return Ok(0) };
        let blob =
            self.connection.blob_open("main", "batch", "entries", first, true).map_err(storage)?;
        let read = |bytes: &mut [u8], at| blob.read_at_exact(bytes, at).map_err(storage);
        let count = batch::count_of(blob.len(), read)?;
        Ok(unsigned(first)?.saturating_add(count))
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

    /// Calls `visit` with each row of a query, one at a time.
    pub(super) fn each(&self, sql: &str, visit: &mut dyn FnMut(&Row<'_>)) -> Result<()> {
        let mut statement = self.connection.prepare(sql).map_err(storage)?;
        let mut rows = statement.query([]).map_err(storage)?;
        while let Some(row) = rows.next().map_err(storage)? {
            visit(row);
        }
        Ok(())
    }

    pub(super) fn check_runs(&self) -> Result<()> {
        runs::check_all(&self.connection)
    }

    pub(super) fn all<T>(
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

impl Drop for SqliteStore {
    /// SQLite deletes the log when the last connection goes; its blocks would keep what is erased later.
    fn drop(&mut self) {
        if self.lock.is_some() && !std::thread::panicking() {
            let _ = self.end_reading();
            // Best effort, and no waiting for readers: a log that they keep is there for the next writer.
            let _ = self.connection.busy_timeout(std::time::Duration::ZERO);
            let _ = wipe_log(&self.connection);
        }
    }
}

impl Store for SqliteStore {
    fn apply(&mut self, changes: &Changes) -> Result<()> {
        let added = changes.entries.as_ref().map_or(0, |(_, entries)| entries.len() as u64);
        if changes.entries.as_ref().is_some_and(|(first, _)| *first != self.next_sequence) {
            return Err(Error::new(ErrorCode::Internal, "entries do not continue the store"));
        }
        self.end_reading()?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(storage)?;
        write(&transaction, changes, self.next_sequence)?;
        transaction.commit().map_err(storage)?;
        self.next_sequence += added;
        Ok(())
    }

    fn begin_reading(&self) -> Result<()> {
        match self.connection.is_autocommit() {
            true => self.connection.execute_batch("BEGIN").map_err(storage),
            false => Ok(()),
        }
    }

    fn end_reading(&self) -> Result<()> {
        match self.connection.is_autocommit() {
            true => Ok(()),
            false => self.connection.execute_batch("ROLLBACK").map_err(storage),
        }
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        read_meta(&self.connection, name)
    }

    fn next_sequence(&self) -> Result<u64> {
        Ok(self.next_sequence)
    }

    fn entries(&self, first: u64, count: u64) -> Result<Vec<Vec<u8>>> {
        let mut out = Vec::new();
        self.visit_entries(first, count, &mut |_, entries| {
            out.extend(entries.iter().map(|entry| entry.to_vec()));
            Ok(())
        })?;
        Ok(out)
    }

    fn visit_entries(&self, first: u64, count: u64, visit: &mut VisitEntries<'_>) -> Result<()> {
        let end = first.saturating_add(count);
        let sql = "SELECT first, entries FROM batch
                   WHERE first >= coalesce((SELECT max(first) FROM batch WHERE first <= ?1), 0) AND first < ?2 ORDER BY first";
        let mut statement = self.connection.prepare_cached(sql).map_err(storage)?;
        let mut rows = statement.query(params![bound(first), bound(end)]).map_err(storage)?;
        let mut next = None;
        while let Some(row) = rows.next().map_err(storage)? {
            let at = unsigned(row.get(0).map_err(storage)?)?;
            // Batches lie end to end; where one is missing, the next must not pass for it.
            if next.map_or(at > first, |next| at != next) {
                return Err(damaged(&format!("entries before {at} are missing")));
            }
            let blob = row.get_ref(1).map_err(storage)?.as_blob().map_err(|_| damaged("batch"))?;
            let (skip, take) = (first.saturating_sub(at), end.saturating_sub(at.max(first)));
            let entries = batch::unpack(at, blob, skip, take)?;
            if !entries.is_empty() {
                visit(at.saturating_add(skip), &entries)?;
            }
            next = Some(at.saturating_add(batch::count(blob)?));
        }
        Ok(())
    }

    fn block(&self, height: u64) -> Result<Option<BlockRow>> {
        let sql = "SELECT height, first, content, leaf, sealed, mark FROM block WHERE height=?1";
        self.one(sql, [bound(height)], block_columns)?.map(block_row).transpose()
    }

    fn height_of(&self, sequence: u64) -> Result<Option<u64>> {
        let sql = "SELECT height, first, content, leaf, sealed, mark FROM block WHERE first <= ?1 ORDER BY first DESC LIMIT 1";
        let row = self.one(sql, [bound(sequence)], block_columns)?.map(block_row).transpose()?;
        Ok(row.filter(|row| sequence - row.first < row.content).map(|row| row.height))
    }

    fn nodes(&self, height: u64, positions: &[u64]) -> Result<Option<Vec<[u8; 32]>>> {
        let height = bound(height);
        if self.one("SELECT 1 FROM block WHERE height=?1", [height], |_| Ok(()))?.is_none() {
            return Ok(None);
        }
        let blob =
            self.connection.blob_open("main", "block", "nodes", height, true).map_err(storage)?;
        let root = (blob.len() / 32).checked_sub(1).ok_or_else(|| damaged("block"))?;
        let positions =
            positions.iter().map(|at| usize::try_from(*at).unwrap_or(usize::MAX)).chain([root]);
        let read = |at: usize| -> Result<[u8; 32]> {
            let mut node = [0; 32];
            let start = at.checked_mul(32).ok_or_else(|| damaged("block"))?;
            blob.read_at_exact(&mut node, start).map_err(storage)?;
            Ok(node)
        };
        positions.map(read).collect::<Result<_>>().map(Some)
    }

    fn tree(&self, height: u64) -> Result<Option<Vec<u8>>> {
        self.one("SELECT nodes FROM block WHERE height=?1", [bound(height)], |row| row.get(0))
    }

    fn history_leaves(&self, first: u64, count: u64) -> Result<Vec<[u8; 32]>> {
        let end = first.saturating_add(count);
        let sql = "SELECT leaf FROM block WHERE height >= ?1 AND height < ?2 ORDER BY height";
        let leaves = self.all(sql, [bound(first), bound(end)], |row| row.get::<_, Vec<u8>>(0))?;
        leaves.iter().map(|leaf| array(leaf, "block")).collect()
    }

    fn last_place(&self, dossier: &[u8; 16]) -> Result<Option<PlaceRow>> {
        let sql = &format!("{PLACES} ORDER BY place DESC LIMIT 1");
        self.one(sql, [dossier.as_slice()], place_columns)?.map(place_row).transpose()
    }

    fn place(&self, dossier: &[u8; 16], place: u64) -> Result<Option<PlaceRow>> {
        let sql = &format!("SELECT * FROM ({PLACES}) WHERE place=?2");
        let key = params![dossier.as_slice(), bound(place)];
        self.one(sql, key, place_columns)?.map(place_row).transpose()
    }

    fn places(&self, dossier: &[u8; 16]) -> Result<Vec<PlaceRow>> {
        let sql = &format!("{PLACES} ORDER BY place");
        self.all(sql, [dossier.as_slice()], place_columns)?.into_iter().map(place_row).collect()
    }

    fn visit_places(&self, visit: &mut dyn FnMut(PlaceRow) -> Result<()>) -> Result<()> {
        runs::visit_places(&self.connection, visit)
    }

    fn dossiers(&self, after: Option<[u8; 16]>, limit: usize) -> Result<Vec<[u8; 16]>> {
        // The first of each run, then the first of all: a run is ordered in itself only.
        let after: &[u8] = after.as_ref().map_or(&[], |id| id);
        let count = i64::try_from(limit).unwrap_or(i64::MAX);
        let of_run = "SELECT dossier, place, sequence, alg, digest, mark FROM place
                      WHERE run=?3 AND dossier > ?1 AND place=0 ORDER BY dossier LIMIT ?2";
        let held = "SELECT dossier, place, NULL, alg, digest, mark FROM place_held
                    WHERE dossier > ?1 AND place=0 ORDER BY dossier LIMIT ?2";
        let mut rows = self.all(held, params![after, count], place_columns)?;
        for run in self.all("SELECT run FROM run", [], |row| row.get::<_, i64>(0))? {
            rows.extend(self.all(of_run, params![after, count, run], place_columns)?);
        }
        let places: Vec<PlaceRow> = rows.into_iter().map(place_row).collect::<Result<_>>()?;
        let mut ids: Vec<[u8; 16]> = places.into_iter().map(|row| row.dossier).collect();
        ids.sort_unstable();
        ids.truncate(limit);
        Ok(ids)
    }

    fn find_record(&self, prefix: &[u8; 17]) -> Result<Option<PlaceRow>> {
        // A scan: an index over random digests would cost every append more than this rare question.
        let sql = "SELECT dossier, place, sequence, alg, digest, mark FROM place WHERE substr(digest, 1, 16) = ?1
                   UNION ALL SELECT dossier, place, NULL, alg, digest, mark FROM place_held WHERE substr(digest, 1, 16) = ?1
                   ORDER BY dossier, place";
        let rows = self.all(sql, [prefix.get(..16)], place_columns)?;
        let rows: Vec<PlaceRow> = rows.into_iter().map(place_row).collect::<Result<_>>()?;
        Ok(rows.into_iter().find(|row| super::has_prefix(&row.digest.bytes, prefix)))
    }

    fn business_id(&self, id: &[u8; 16]) -> Result<Option<u64>> {
        let sql = "SELECT sequence, business_id.mark FROM run CROSS JOIN business_id USING(run) WHERE id=?1";
        let row = self.one(sql, [id.as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((sequence, mark)) = row else { return Ok(None) };
        check(numbered_mark(table::BUSINESS_ID, id, sequence), mark, "business id")?;
        unsigned(sequence).map(Some)
    }

    fn business_ids_from(&self, first: u64) -> Result<Vec<([u8; 16], u64)>> {
        let sql = "SELECT id, sequence, mark FROM business_id WHERE sequence >= ?1";
        let rows: Vec<([u8; 16], i64, i64)> =
            self.all(sql, [bound(first)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let checked = rows.into_iter().map(|(id, sequence, mark)| {
            check(numbered_mark(table::BUSINESS_ID, &id, sequence), mark, "business id")?;
            Ok((id, unsigned(sequence)?))
        });
        checked.collect()
    }

    fn vault(&self, sequence: u64) -> Result<Option<VaultRow>> {
        let sql = "SELECT sequence, key, mark, data FROM vault WHERE sequence=?1";
        let row = self.one(sql, [bound(sequence)], vault_columns)?.map(vault_row).transpose()?;
        Ok(row.map(|(_, row)| row))
    }

    fn vault_rows(&self, first: u64, limit: usize) -> Result<Vec<(u64, VaultRow)>> {
        let sql = "SELECT sequence, key, mark, data FROM vault WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.all(sql, params![bound(first), limit], vault_columns)?;
        rows.into_iter().map(vault_row).collect()
    }

    fn scrub(&mut self) -> Result<()> {
        // Deleted rows are overwritten by secure_delete; their old pages still stand in the write-ahead log. Readers can hold
        // that up.
        wipe_log(&self.connection)
    }

    fn about(&self, subject: &[u8; 32]) -> Result<Vec<u64>> {
        let sql = "SELECT sequence, about.mark FROM run CROSS JOIN about USING(run) WHERE subject=?1 ORDER BY sequence";
        let rows = self.all(sql, [subject.as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let read = |(sequence, mark)| {
            check(numbered_mark(table::ABOUT, subject, sequence), mark, "about")?;
            unsigned(sequence)
        };
        rows.into_iter().map(read).collect()
    }

    fn profile(&self, digest: &Digest) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT file, mark FROM profile WHERE digest=?1";
        let row = self.one(sql, [digest.bytes.as_slice()], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?))
        })?;
        let Some((file, mark)) = row else { return Ok(None) };
        check(pair_mark(table::PROFILE, &digest.bytes, &file), mark, "profile")?;
        Ok(Some(file))
    }

    fn held(&self) -> Result<Vec<(u64, Vec<u8>)>> {
        let rows = self.all("SELECT id, row, mark FROM held ORDER BY id", [], |row| {
            Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?))
        })?;
        let read = |(id, row, mark): (i64, Vec<u8>, i64)| {
            check(numbered_mark(table::HELD, &row, id), mark, "held record")?;
            Ok((unsigned(id)?, row))
        };
        rows.into_iter().map(read).collect()
    }

    fn outside(&self, key: OutsideKey) -> Result<Vec<Vec<u8>>> {
        let (kind, target) = outside_key(key);
        let target = bound(target);
        let sql = "SELECT bytes, mark FROM outside WHERE kind=?1 AND target=?2 ORDER BY id";
        let rows = self.all(sql, [kind, target], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let read = |(bytes, mark): (Vec<u8>, i64)| {
            check(outside_mark(kind, target, &bytes), mark, "word from outside").map(|()| bytes)
        };
        rows.into_iter().map(read).collect()
    }

    fn entries_with_words(&self, first: u64, count: u64) -> Result<HashSet<u64>> {
        let (kind, _) = outside_key(OutsideKey::Entry(0));
        let sql = "SELECT target FROM outside WHERE kind=?1 AND target >= ?2 AND target < ?3";
        let end = bound(first.saturating_add(count));
        let targets = self.all(sql, params![kind, bound(first), end], |row| row.get(0))?;
        targets.into_iter().map(unsigned).collect()
    }

    fn last_outside(&self, height: u64) -> Result<Option<u64>> {
        let (block, _) = outside_key(OutsideKey::Block(0));
        let sql = "SELECT max(target) FROM outside WHERE kind=?1 AND target<=?2";
        let height = i64::try_from(height).unwrap_or(i64::MAX);
        let target = self.one(sql, (block, height), |row| row.get::<_, Option<i64>>(0))?;
        target.flatten().map(unsigned).transpose()
    }

    fn bytes(&self) -> Result<u64> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        unsigned(self.one(sql, [], |row| row.get(0))?.unwrap_or_default())
    }

    fn sizes(&self) -> Result<Sizes> {
        let count = |table: &str| -> Result<u64> {
            let rows = self.one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
            unsigned(rows.unwrap_or_default())
        };
        Ok(Sizes {
            blocks: count("block")?,
            places: count("place")?.saturating_add(count("place_held")?),
            business_ids: count("business_id")?,
            vault: count("vault")?,
            about: count("about")?,
        })
    }

    fn reader(&self) -> Option<Box<dyn Store>> {
        let reader = Self::open_read_only(self.connection.path()?).ok()?;
        Some(Box::new(reader))
    }

    fn check(&self) -> Vec<Error> {
        super::verify::check(self)
    }
}
