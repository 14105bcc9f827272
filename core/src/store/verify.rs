//! Checking a SQLite store row by row: what no key leads to is found here.

use rusqlite::Row;

use super::batch;
use super::rows::{
    block_columns, block_row, check as matches, numbered_mark, outside_mark, pair_mark,
    place_columns, place_row, storage, table, unsigned,
};
use super::sqlite::SqliteStore;
use crate::error::{Error, ErrorCode, Result};

/// More is not said: a file with so much wrong is not mended row by row.
const MOST: usize = 100;

/// What is wrong with the file's structures or with single rows.
pub(super) fn check(store: &SqliteStore) -> Vec<Error> {
    let mut problems = Vec::new();
    match store.all("PRAGMA integrity_check(20)", [], |row| row.get::<_, String>(0)) {
        Ok(lines) => problems.extend(
            lines
                .iter()
                .filter(|line| *line != "ok")
                .map(|line| Error::new(ErrorCode::Damaged, format!("SQLite: {line}"))),
        ),
        Err(error) => problems.push(error),
    }
    let mut scan = |sql: &str, test: &dyn Fn(&Row<'_>) -> rusqlite::Result<Result<()>>| {
        let mut found = Vec::new();
        let read = store.each(sql, &mut |row| {
            if let Err(error) = test(row).map_err(storage).and_then(|result| result)
                && found.len() < MOST
            {
                found.push(error);
            }
        });
        problems.extend(found);
        problems.extend(read.err());
    };
    let pair = |kind: u64, what: &'static str| {
        move |row: &Row<'_>| {
            let key = row.get_ref(0)?.as_bytes().unwrap_or_default();
            let value = row.get_ref(1)?.as_blob()?;
            Ok(matches(pair_mark(kind, key, value), row.get(2)?, what))
        }
    };
    scan("SELECT name, value, mark FROM meta", &pair(table::META, "state"));
    scan("SELECT digest, file, mark FROM profile", &pair(table::PROFILE, "profile"));
    let numbered = |kind: u64, what: &'static str| {
        move |row: &Row<'_>| {
            let bytes = row.get_ref(0)?.as_blob()?;
            Ok(matches(numbered_mark(kind, bytes, row.get(1)?), row.get(2)?, what))
        }
    };
    let ids = numbered(table::BUSINESS_ID, "business id");
    scan("SELECT id, sequence, mark FROM business_id", &ids);
    scan("SELECT subject, sequence, mark FROM about", &numbered(table::ABOUT, "about"));
    scan("SELECT row, id, mark FROM held", &numbered(table::HELD, "held record"));
    scan("SELECT key, sequence, mark FROM vault", &numbered(table::VAULT, "vault"));
    scan("SELECT kind, target, bytes, mark FROM outside", &|row| {
        let (bytes, mark) = (row.get_ref(2)?.as_blob()?, row.get(3)?);
        Ok(matches(outside_mark(row.get(0)?, row.get(1)?, bytes), mark, "word from outside"))
    });
    for places in
        ["sequence, alg, digest, mark FROM place", "NULL, alg, digest, mark FROM place_held"]
    {
        scan(&format!("SELECT dossier, place, {places}"), &|row| {
            Ok(place_columns(row).map(place_row)?.map(|_| ()))
        });
    }
    scan("SELECT height, first, content, leaf, sealed, mark FROM block", &|row| {
        Ok(block_columns(row).map(block_row)?.map(|_| ()))
    });
    scan("SELECT first, entries FROM batch", &|row| {
        let first = match unsigned(row.get(0)?) {
            Ok(first) => first,
            Err(error) => return Ok(Err(error)),
        };
        let blob = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        Ok(batch::unpack(first, blob, 0, u64::MAX).map(drop))
    });
    problems.extend(store.check_runs().err());
    problems.truncate(MOST);
    problems
}
