//! Sorted runs: how rows with random keys are written in order.
//!
//! A B-tree over random keys writes about one page for every row once it has outgrown the cache. So `place`,
//! `business_id` and `about` have the number of a run in front of their keys. New rows go into the youngest run, which is
//! small enough to stay together; once it has its share of entries, the next one begins behind it. Once the runs of one
//! size hold eight times as much, they become one of the next, written in order, up to a size that still takes no long pause. A row is looked for in every
//! run: there are a few dozen until a ledger has tens of millions of entries. Rows of a run never change.

use rusqlite::{Connection, params};

use super::mark::Mark;
use super::rows::{check, signed, storage, table};
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
/// Runs are put together by the entries in them, not by their number: SQLite sorts what it copies in memory, so a run must not
/// grow with what callers write at once. Who writes as much as a large run at once begins one.
pub(super) fn youngest(connection: &Connection, sequence: u64, count: usize) -> Result<i64> {
    let mut runs = read(connection)?;
    let newest = runs.last().ok_or_else(|| Error::new(ErrorCode::Damaged, "store: no run"))?;
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
                // Smaller runs are younger: these are the last ones.
                runs.truncate(runs.len() - smaller.len());
                let together = Run { run: next, size: size + 1, first: first.first };
                merge(connection, size, next).map_err(storage)?;
                put(connection, runs.last().map_or(0, |before| before.run), together)?;
                runs.push(together);
                next += 1;
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

/// Checks that every run is there: a missing one would hide its rows.
pub(super) fn check_all(connection: &Connection) -> Result<()> {
    read(connection).map(|_| ())
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

/// Writes the rows of all runs of one size, in order, as run number `into`.
fn merge(connection: &Connection, size: i64, into: i64) -> rusqlite::Result<()> {
    for (table, key, rest) in [
        ("place", "dossier, place", "sequence, alg, digest, mark"),
        ("business_id", "id", "sequence, mark"),
        ("about", "subject, sequence", "mark"),
    ] {
        let of_size = "run IN (SELECT run FROM run WHERE size=?1)";
        let copy = format!(
            "INSERT INTO {table} SELECT ?2, {key}, {rest} FROM {table} WHERE {of_size} ORDER BY {key}"
        );
        connection.execute(&copy, [size, into])?;
        connection.execute(&format!("DELETE FROM {table} WHERE {of_size}"), [size])?;
    }
    connection.execute("DELETE FROM run WHERE size=?1", [size])?;
    Ok(())
}
