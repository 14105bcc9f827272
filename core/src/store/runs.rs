//! Sorted runs: how rows with random keys are written in order.
//!
//! A B-tree over random keys writes about one page for every row once it has outgrown the cache. So `place`,
//! `business_id` and `about` have the number of a run in front of their keys. New rows go into the youngest run, which is
//! small enough to stay together; once it has its share of entries, the next one begins behind it. Once the runs of one
//! size hold eight times as much, they become one of the next, written in order, up to a size that still takes no long pause. A row is looked for in every
//! run: there are a few dozen until a ledger has tens of millions of entries. Rows of a run never change.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rusqlite::{CachedStatement, Connection, Row, Rows, params};

use super::PlaceRow;
use super::mark::Mark;
use super::rows::{PlaceColumns, check, place_columns, place_row, signed, storage, table};
use crate::error::{Error, ErrorCode, Result};

/// Entries in the youngest run before the next one begins.
const YOUNG: u64 = if cfg!(test) { 3 } else { 8_192 };

/// How many times as many entries the runs of one size hold together before they become one of the next.
const TOGETHER: u64 = if cfg!(test) { 2 } else { 8 };

/// How often runs are put together: 8,192 entries, then 65,536, then 524,288.
const LARGEST: i64 = 2;

/// A run, as `run` has it.
#[derive(Clone, Copy)]
struct Run {
    /// Its number. Later runs have larger ones.
    run: i64,
    /// How often it was put together from smaller ones.
    size: i64,
    /// Sequence number of the first entry whose rows are in it.
    first: i64,
}

/// Writes the first run of a new ledger.
pub(super) fn create(connection: &Connection) -> Result<()> {
    put(connection, 0, Run { run: 1, size: 0, first: 0 })
}

/// Number of the run for rows of `count` entries from `sequence` on. Begins a new run, and puts old ones together, when it is time.
///
/// Runs are put together by the entries in them, not by their number: they are ordered in memory, so a run must not grow with
/// what callers write at once. Who writes as much as a large run at once begins one.
pub(super) fn youngest(connection: &Connection, sequence: u64, count: usize) -> Result<i64> {
    let mut runs = read(connection)?;
    let newest = runs.last().ok_or_else(no_run)?;
    let own = (0..LARGEST).take_while(|size| count as u64 >= entries_above(*size)).count() as i64;
    let sequence = signed(sequence)?;
    if own == 0 && sequence < newest.first.saturating_add(signed(YOUNG)?) {
        return Ok(newest.run);
    }
    let mut next = newest.run + 1;
    for size in 0..LARGEST {
        let smaller: Vec<Run> = runs.iter().filter(|run| run.size == size).copied().collect();
        let full = |first: &Run| {
            sequence.saturating_sub(first.first) >= signed(entries_above(size)).unwrap_or(i64::MAX)
        };
        match smaller.first() {
            Some(first) if size < own || full(first) => {
                let together = Run { run: next, size: size + 1, first: first.first };
                // Smaller runs are younger: these were the last ones.
                runs.truncate(runs.len() - smaller.len());
                let instead = if try_merge(connection, &smaller, next)? {
                    next += 1;
                    vec![together]
                } else {
                    // As they are, but never tried again at this size.
                    smaller.iter().map(|run| Run { size: size + 1, ..*run }).collect()
                };
                for run in instead {
                    put(connection, runs.last().map_or(0, |before| before.run), run)?;
                    runs.push(run);
                }
            }
            None if size < own => {}
            _ => break,
        }
    }
    let before = runs.last().map_or(0, |before| before.run);
    put(connection, before, Run { run: next, size: own, first: sequence })?;
    Ok(next)
}

/// Entries that runs of this size hold before they become one of the next.
fn entries_above(size: i64) -> u64 {
    (0..=size).fold(YOUNG, |entries, _| entries.saturating_mul(TOGETHER))
}

/// Checks that runs are there, each tied to the one before: a missing one would hide its rows. What the last ones hide, the rows of
/// places show, which are visited by way of their runs.
pub(super) fn check_all(connection: &Connection) -> Result<()> {
    match read(connection)?.is_empty() {
        false => Ok(()),
        true => Err(no_run()),
    }
}

fn no_run() -> Error {
    Error::new(ErrorCode::Damaged, "store: no run")
}

fn read(connection: &Connection) -> Result<Vec<Run>> {
    let mut statement = connection
        .prepare_cached("SELECT run, size, first, mark FROM run ORDER BY run")
        .map_err(storage)?;
    let mut rows = statement.query([]).map_err(storage)?;
    let (mut runs, mut before) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(storage)? {
        let read = || Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        let (run, size, first, found) = read().map_err(storage)?;
        let run = Run { run, size, first };
        check(mark(before, run), found, "run")?;
        before = run.run;
        runs.push(run);
    }
    Ok(runs)
}

/// The check value ties a run to the one before it.
fn mark(before: i64, run: Run) -> i64 {
    let Run { run, size, first } = run;
    Mark::of(table::RUN).number(before).number(run).number(size).number(first).value()
}

fn put(connection: &Connection, before: i64, run: Run) -> Result<()> {
    let values = params![run.run, run.size, run.first, mark(before, run)];
    connection
        .execute("INSERT INTO run VALUES(?1, ?2, ?3, ?4)", values)
        .map(|_| ())
        .map_err(storage)
}

/// Puts runs of one size together as run number `into`, or leaves their rows as they are where one is not of its table's form or two
/// have one key: what leads to one entry is damaged then, and no reason to refuse others.
fn try_merge(connection: &Connection, of_size: &[Run], into: i64) -> Result<bool> {
    connection.execute_batch("SAVEPOINT together").map_err(storage)?;
    let merged = match merge(connection, of_size, into) {
        Err(error) if is_of_a_row(&error) => {
            connection.execute_batch("ROLLBACK TO together").map_err(storage)?;
            connection
                .execute("DELETE FROM run WHERE run BETWEEN ?1 AND ?2", range(of_size))
                .map_err(storage)?;
            false
        }
        other => other.map(|()| true).map_err(storage)?,
    };
    connection.execute_batch("RELEASE together").map(|()| merged).map_err(storage)
}

/// Whether one row is wrong, not the file.
fn is_of_a_row(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        Some(code) => code == rusqlite::ErrorCode::ConstraintViolation,
        None => true,
    }
}

/// The first and the last of these; whatever stood between them is in larger runs already.
fn range(runs: &[Run]) -> [i64; 2] {
    let number = |run: Option<&Run>| run.map_or(0, |run| run.run);
    [number(runs.first()), number(runs.last())]
}

/// Writes the rows of all runs of one size, in order, as run number `into`. Read and ordered here: for a statement that reads a
/// table and writes it, SQLite keeps all rows twice over.
fn merge(connection: &Connection, of_size: &[Run], into: i64) -> rusqlite::Result<()> {
    let range = range(of_size);
    rewrite(
        connection,
        ("place", "dossier, place, sequence, alg, digest, mark"),
        range,
        |row| row.try_into(),
        |row: &PlaceColumns, insert| {
            let (dossier, place, sequence, alg, digest, mark) = row;
            insert.execute(params![into, dossier, place, sequence, alg, digest, mark])
        },
    )?;
    rewrite(
        connection,
        ("business_id", "id, sequence, mark"),
        range,
        |row| row.try_into(),
        |(id, sequence, mark): &([u8; 16], i64, i64), insert| {
            insert.execute(params![into, id, sequence, mark])
        },
    )?;
    rewrite(
        connection,
        ("about", "subject, sequence, mark"),
        range,
        |row| row.try_into(),
        |(subject, sequence, mark): &([u8; 32], i64, i64), insert| {
            insert.execute(params![into, subject, sequence, mark])
        },
    )?;
    connection.execute("DELETE FROM run WHERE run BETWEEN ?1 AND ?2", range).map(drop)
}

/// Takes the rows of these runs out of a table and puts them back in order.
fn rewrite<R: Ord>(
    connection: &Connection,
    (table, columns): (&str, &str),
    range: [i64; 2],
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<R>,
    mut write: impl FnMut(&R, &mut CachedStatement<'_>) -> rusqlite::Result<usize>,
) -> rusqlite::Result<()> {
    let of_runs = "WHERE run BETWEEN ?1 AND ?2";
    let select = format!("SELECT {columns} FROM {table} {of_runs}");
    let mut rows: Vec<R> = connection
        .prepare_cached(&select)
        .and_then(|mut select| select.query_map(range, read)?.collect())?;
    rows.sort_unstable();
    let delete = format!("DELETE FROM {table} {of_runs}");
    connection.execute(&delete, range)?;
    let places = columns.split(',').count() + 1;
    let places: Vec<String> = (1..=places).map(|place| format!("?{place}")).collect();
    let insert = format!("INSERT INTO {table} VALUES({})", places.join(", "));
    let mut insert = connection.prepare_cached(&insert)?;
    rows.iter().try_for_each(|row| write(row, &mut insert).map(drop))
}

/// Calls `visit` with the places of all runs and those that are held, in the order of their keys. Each run is in that order; they are
/// brought together here. A row whose run is not there leads nowhere, and is not visited.
pub(super) fn visit_places(
    connection: &Connection,
    visit: &mut dyn FnMut(PlaceRow) -> Result<()>,
) -> Result<()> {
    let held =
        "SELECT dossier, place, NULL, alg, digest, mark FROM place_held ORDER BY dossier, place";
    let of_run = "SELECT dossier, place, sequence, alg, digest, mark FROM place WHERE run=?1 ORDER BY dossier, place";
    let runs = read(connection)?;
    let prepare = |sql: &str| connection.prepare(sql).map_err(storage);
    let mut held = prepare(held)?;
    let mut of_runs = runs.iter().map(|_| prepare(of_run)).collect::<Result<Vec<_>>>()?;
    let mut sources = vec![held.query([]).map_err(storage)?];
    for (statement, run) in of_runs.iter_mut().zip(&runs) {
        sources.push(statement.query([run.run]).map_err(storage)?);
    }
    let next = |rows: &mut Rows<'_>| -> Result<Option<PlaceColumns>> {
        let row = rows.next().map_err(storage)?;
        row.map(place_columns).transpose().map_err(storage)
    };
    let mut first = BinaryHeap::new();
    for (at, rows) in sources.iter_mut().enumerate() {
        first.extend(next(rows)?.map(|columns| Reverse((columns, at))));
    }
    while let Some(Reverse((columns, at))) = first.pop() {
        visit(place_row(columns)?)?;
        if let Some(rows) = sources.get_mut(at) {
            first.extend(next(rows)?.map(|columns| Reverse((columns, at))));
        }
    }
    Ok(())
}
