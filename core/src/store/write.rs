//! What [`super::Store::apply`] writes, inside one transaction.

use rusqlite::{CachedStatement, Connection, OptionalExtension, ToSql, params};

use super::rows::{
    block_mark, check, numbered_mark, outside_key, outside_mark, pair_mark, place_mark, signed,
    storage, table,
};
use super::{Changes, PlaceRow, batch, runs};
use crate::error::{Error, ErrorCode, Result};

/// Bytes of entries in one row of `batch`: large rows are written faster, but one entry is read with its whole row.
const BATCH_BYTES: usize = 64 * 1024;

/// Writes all changes to a store whose next entry is number `next`; whoever calls commits, or rolls back after an error.
pub(super) fn write(connection: &Connection, changes: &Changes, next: u64) -> Result<()> {
    let run = |sql: &str, params: &[&dyn ToSql]| -> Result<usize> {
        prepare(connection, sql)?.execute(params).map_err(storage)
    };
    for (name, expected) in &changes.expected {
        expect(connection, name, expected.as_deref())?;
    }
    if let Some((block, _)) = &changes.block {
        let next = next_height(connection)?;
        if next != signed(block.height)? {
            return Err(Error::new(ErrorCode::Internal, "the block does not continue the store"));
        }
    }
    if let Some((first, entries)) = &changes.entries {
        let (mut first, mut rest) = (*first, entries.as_slice());
        while !rest.is_empty() {
            let (row, after) = rest.split_at(batch::fitting(rest, BATCH_BYTES));
            let blob = batch::pack(first, row)?;
            run("INSERT INTO batch VALUES(?1, ?2)", &[&signed(first)?, &blob])?;
            (first, rest) = (first + row.len() as u64, after);
        }
    }
    find(connection, changes, next)?;
    for sequence in &changes.erased {
        run("DELETE FROM vault WHERE sequence=?1", &[&signed(*sequence)?])?;
    }
    let mut insert = prepare(connection, "INSERT INTO vault VALUES(?1, ?2, ?3, ?4)")?;
    for (sequence, row) in &changes.vault {
        let sequence = signed(*sequence)?;
        let mark = numbered_mark(table::VAULT, &row.key, sequence);
        insert.execute(params![sequence, row.key, mark, row.data]).map_err(storage)?;
    }
    for (digest, file) in &changes.profiles {
        let digest = digest.bytes.as_slice();
        let mark = pair_mark(table::PROFILE, digest, file);
        run("INSERT OR IGNORE INTO profile VALUES(?1, ?2, ?3)", &[&digest, file, &mark])?;
    }
    for (id, row) in &changes.held {
        let id = signed(*id)?;
        match row {
            Some(row) => {
                let mark = numbered_mark(table::HELD, row, id);
                run("INSERT INTO held VALUES(?1, ?2, ?3)", &[&id, row, &mark])?
            }
            None => run("DELETE FROM held WHERE id=?1", &[&id])?,
        };
    }
    if let Some((block, nodes)) = &changes.block {
        let sql = "INSERT INTO block VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let numbers = (signed(block.height)?, signed(block.first)?, signed(block.content)?);
        let (leaf, mark) = (block.history_leaf.as_slice(), block_mark(block)?);
        run(sql, &[&numbers.0, &numbers.1, &numbers.2, &leaf, &block.sealed, &mark, nodes])?;
    }
    for (key, bytes) in &changes.outside {
        let (kind, target) = outside_key(*key);
        let target = signed(target)?;
        let mark = outside_mark(kind, target, bytes);
        let sql = "INSERT INTO outside(kind, target, bytes, mark) VALUES(?1, ?2, ?3, ?4)";
        run(sql, &[&kind, &target, bytes, &mark])?;
    }
    for (name, value) in &changes.meta {
        match value {
            Some(value) => {
                let mark = pair_mark(table::META, name.as_bytes(), value);
                run("INSERT OR REPLACE INTO meta VALUES(?1, ?2, ?3)", &[name, value, &mark])?
            }
            None => run("DELETE FROM meta WHERE name=?1", &[name])?,
        };
    }
    Ok(())
}

/// Writes the rows that entries are found by, in the order of their keys.
fn find(connection: &Connection, changes: &Changes, next: u64) -> Result<()> {
    let Changes { places, begun, business_ids, about, .. } = changes;
    if places.is_empty() && begun.is_empty() && business_ids.is_empty() && about.is_empty() {
        return Ok(());
    }
    let count = changes.entries.as_ref().map_or(0, |(_, entries)| entries.len());
    let run = runs::youngest(connection, next, count)?;
    begin_dossiers(connection, run, begun)?;
    take_places(connection, run, places)?;
    keep_ids(connection, run, business_ids)?;
    keep_about(connection, run, about)
}

fn keep_ids(connection: &Connection, run: i64, business_ids: &[([u8; 16], u64)]) -> Result<()> {
    if business_ids.is_empty() {
        return Ok(());
    }
    // A look and an insert, not one statement for both: SQLite copies every page aside for a statement that may do more
    // than one insert.
    let id_there = "SELECT 1 FROM run CROSS JOIN business_id USING(run) WHERE id=?1";
    let mut there = prepare(connection, id_there)?;
    let mut insert = prepare(connection, "INSERT INTO business_id VALUES(?1, ?2, ?3, ?4)")?;
    let mut ids: Vec<_> = business_ids.iter().collect();
    ids.sort();
    for (id, sequence) in ids {
        let (id, sequence) = (id.as_slice(), signed(*sequence)?);
        if there.exists([id]).map_err(storage)? {
            return Err(Error::new(ErrorCode::Damaged, "store: a business id is there already"));
        }
        let mark = numbered_mark(table::BUSINESS_ID, id, sequence);
        insert.execute(params![run, id, sequence, mark]).map_err(storage)?;
    }
    Ok(())
}

fn keep_about(connection: &Connection, run: i64, about: &[([u8; 32], u64)]) -> Result<()> {
    if about.is_empty() {
        return Ok(());
    }
    let about_there =
        "SELECT 1 FROM run CROSS JOIN about USING(run) WHERE subject=?1 AND sequence=?2";
    let mut there = prepare(connection, about_there)?;
    let mut insert = prepare(connection, "INSERT INTO about VALUES(?1, ?2, ?3, ?4)")?;
    for (subject, sequence) in about {
        let (subject, sequence) = (subject.as_slice(), signed(*sequence)?);
        if !there.exists(params![subject, sequence]).map_err(storage)? {
            let mark = numbered_mark(table::ABOUT, subject, sequence);
            insert.execute(params![run, subject, sequence, mark]).map_err(storage)?;
        }
    }
    Ok(())
}

const TAKE: &str = "INSERT INTO place VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// Writes the first places of new dossiers: nothing in any run has a key that was just drawn.
fn begin_dossiers(connection: &Connection, run: i64, begun: &[PlaceRow]) -> Result<()> {
    let mut rows: Vec<&PlaceRow> = begun.iter().collect();
    rows.sort_unstable_by_key(|row| row.dossier);
    let mut take = prepare(connection, TAKE)?;
    for row in rows {
        let PlaceRow { dossier, place, sequence: Some(sequence), digest } = row else {
            return Err(Error::new(ErrorCode::Internal, "a dossier begins with a held record"));
        };
        let (place, sequence, mark) = (signed(*place)?, signed(*sequence)?, place_mark(row)?);
        let (alg, digest) = (digest.alg.cose_id(), digest.bytes.as_slice());
        take.execute(params![run, dossier.as_slice(), place, sequence, alg, digest, mark])
            .map_err(|error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::ConstraintViolation) => taken(),
                _ => storage(error),
            })?;
    }
    Ok(())
}

/// Takes places, or fills those that are held by the same record.
fn take_places(connection: &Connection, run: i64, places: &[PlaceRow]) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let fill = "DELETE FROM place_held WHERE dossier=?1 AND place=?2 AND alg=?3 AND digest=?4";
    let there = "SELECT 1 FROM run CROSS JOIN place USING(run) WHERE dossier=?1 AND place=?2
                 UNION ALL SELECT 1 FROM place_held WHERE dossier=?1 AND place=?2";
    let (mut fill, mut there) = (prepare(connection, fill)?, prepare(connection, there)?);
    let mut take = prepare(connection, TAKE)?;
    let mut hold = prepare(connection, "INSERT INTO place_held VALUES(?1, ?2, ?3, ?4, ?5)")?;
    let mut rows: Vec<&PlaceRow> = places.iter().collect();
    rows.sort_by_key(|row| (row.dossier, row.place));
    let held = "SELECT 1 FROM place_held LIMIT 1";
    let any_held = prepare(connection, held)?.exists([]).map_err(storage)?
        || places.iter().any(|row| row.sequence.is_none());
    for row in rows {
        let (dossier, digest) = (row.dossier.as_slice(), row.digest.bytes.as_slice());
        let (place, alg, mark) = (signed(row.place)?, row.digest.alg.cose_id(), place_mark(row)?);
        if any_held {
            fill.execute(params![dossier, place, alg, digest]).map_err(storage)?;
        }
        if there.exists(params![dossier, place]).map_err(storage)? {
            return Err(taken());
        }
        match row.sequence.map(signed).transpose()? {
            Some(at) => take.execute(params![run, dossier, place, at, alg, digest, mark]),
            None => hold.execute(params![dossier, place, alg, digest, mark]),
        }
        .map_err(storage)?;
    }
    Ok(())
}

fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>> {
    connection.prepare_cached(sql).map_err(storage)
}

fn taken() -> Error {
    Error::new(ErrorCode::PlaceTaken, "store: a place is taken already")
}

fn next_height(connection: &Connection) -> Result<i64> {
    let last = connection
        .prepare_cached("SELECT max(height) FROM block")
        .map_err(storage)?
        .query_row([], |row| row.get::<_, Option<i64>>(0))
        .map_err(storage)?;
    Ok(last.map_or(0, |last| last.saturating_add(1)))
}

fn expect(connection: &Connection, name: &str, expected: Option<&[u8]>) -> Result<()> {
    let found = read_meta(connection, name)?;
    if found.as_deref() == expected {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::Locked,
        "the store changed under this handle: there is another writer",
    ))
}

/// Named state with its check value tested.
pub(super) fn read_meta(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>, i64)> = connection
        .prepare_cached("SELECT value, mark FROM meta WHERE name=?1")
        .map_err(storage)?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(storage)?;
    let Some((value, mark)) = row else { return Ok(None) };
    check(pair_mark(table::META, name.as_bytes(), &value), mark, name)?;
    Ok(Some(value))
}
