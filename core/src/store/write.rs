//! What [`super::Store::apply`] writes, inside one transaction.

use rusqlite::{Connection, OptionalExtension, ToSql};

use super::rows::{
    block_mark, check, numbered_mark, outside_key, outside_mark, pair_mark, place_mark, signed,
    storage, table,
};
use super::{Changes, batch};
use crate::error::{Error, ErrorCode, Result};

/// Writes all changes; whoever calls commits, or rolls back after an error.
pub(super) fn write(connection: &Connection, changes: &Changes) -> Result<()> {
    let run = |sql: &str, params: &[&dyn ToSql]| -> Result<usize> {
        connection.prepare_cached(sql).map_err(storage)?.execute(params).map_err(storage)
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
    if let Some((first, entries)) = &changes.entries
        && !entries.is_empty()
    {
        let blob = batch::pack(*first, entries)?;
        run("INSERT INTO batch VALUES(?1, ?2)", &[&signed(*first)?, &blob])?;
    }
    for row in &changes.places {
        let sequence = row.sequence.map(signed).transpose()?;
        let sql = "INSERT INTO place VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(dossier, place)
                   DO UPDATE SET sequence=?3, mark=?6 WHERE sequence IS NULL AND alg=?4 AND digest=?5";
        let (dossier, digest) = (row.dossier.as_slice(), row.digest.bytes.as_slice());
        let (place, alg, mark) = (signed(row.place)?, row.digest.alg.cose_id(), place_mark(row)?);
        if run(sql, &[&dossier, &place, &sequence, &alg, &digest, &mark])? == 0 {
            return Err(Error::new(ErrorCode::Damaged, "store: a place is taken already"));
        }
    }
    for (id, sequence) in &changes.business_ids {
        let (id, sequence) = (id.as_slice(), signed(*sequence)?);
        let mark = numbered_mark(table::BUSINESS_ID, id, sequence);
        run("INSERT INTO business_id VALUES(?1, ?2, ?3)", &[&id, &sequence, &mark])?;
    }
    for sequence in &changes.erased {
        run("DELETE FROM vault WHERE sequence=?1", &[&signed(*sequence)?])?;
    }
    for (sequence, row) in &changes.vault {
        let sequence = signed(*sequence)?;
        let mark = numbered_mark(table::VAULT, &row.key, sequence);
        let sql = "INSERT INTO vault VALUES(?1, ?2, ?3, ?4)";
        run(sql, &[&sequence, &row.key, &mark, &row.data])?;
    }
    for (subject, sequence) in &changes.about {
        let (subject, sequence) = (subject.as_slice(), signed(*sequence)?);
        let mark = numbered_mark(table::ABOUT, subject, sequence);
        run("INSERT OR IGNORE INTO about VALUES(?1, ?2, ?3)", &[&subject, &sequence, &mark])?;
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
