//! Rows of the SQLite store as Rust values: numbers, digests, and the check value that each row must have.

use rusqlite::Row;

use super::mark::Mark;
use super::{BlockRow, OutsideKey, PlaceRow, VaultRow};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};

/// Number of a table in check values.
pub(super) mod table {
    pub(in super::super) const META: u64 = 1;
    pub(in super::super) const BLOCK: u64 = 2;
    pub(in super::super) const PLACE: u64 = 3;
    pub(in super::super) const BUSINESS_ID: u64 = 4;
    pub(in super::super) const ABOUT: u64 = 5;
    pub(in super::super) const PROFILE: u64 = 6;
    pub(in super::super) const HELD: u64 = 7;
    pub(in super::super) const OUTSIDE: u64 = 8;
    pub(in super::super) const VAULT: u64 = 9;
    pub(in super::super) const RUN: u64 = 10;
}

/// The check value of a row with one key and one value in bytes.
pub(super) fn pair_mark(table: u64, key: &[u8], value: &[u8]) -> i64 {
    Mark::of(table).bytes(key).bytes(value).value()
}

/// The check value of a row with bytes and a number.
pub(super) fn numbered_mark(table: u64, bytes: &[u8], number: i64) -> i64 {
    Mark::of(table).bytes(bytes).number(number).value()
}

pub(super) fn place_mark(row: &PlaceRow) -> Result<i64> {
    let sequence = row.sequence.map_or(Ok(-1), signed)?;
    Ok(Mark::of(table::PLACE)
        .bytes(&row.dossier)
        .number(signed(row.place)?)
        .number(sequence)
        .number(row.digest.alg.cose_id())
        .bytes(&row.digest.bytes)
        .value())
}

pub(super) fn block_mark(row: &BlockRow) -> Result<i64> {
    Ok(Mark::of(table::BLOCK)
        .number(signed(row.height)?)
        .number(signed(row.first)?)
        .number(signed(row.content)?)
        .bytes(&row.history_leaf)
        .bytes(&row.sealed)
        .value())
}

pub(super) fn outside_mark(kind: i64, target: i64, bytes: &[u8]) -> i64 {
    Mark::of(table::OUTSIDE).number(kind).number(target).bytes(bytes).value()
}

/// Refuses a row that does not have its check value.
pub(super) fn check(expected: i64, found: i64, what: &str) -> Result<()> {
    if expected == found { Ok(()) } else { Err(damaged(what)) }
}

/// Columns of a place, in the order dossier, place, sequence, alg, digest, mark.
pub(super) type PlaceColumns = ([u8; 16], i64, Option<i64>, i64, [u8; 32], i64);

pub(super) fn place_columns(row: &Row<'_>) -> rusqlite::Result<PlaceColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

pub(super) fn place_row(columns: PlaceColumns) -> Result<PlaceRow> {
    let (dossier, place, sequence, alg, digest, mark) = columns;
    let alg = HashAlg::from_cose_id(alg).map_err(|_| damaged("place"))?;
    let digest = Digest { alg, bytes: digest };
    let sequence = sequence.map(unsigned).transpose()?;
    let row = PlaceRow { dossier, place: unsigned(place)?, sequence, digest };
    check(place_mark(&row)?, mark, "place")?;
    Ok(row)
}

/// Columns of a vault row, in the order sequence, key, mark, data. The data need no check value: they are authenticated.
pub(super) type VaultColumns = (i64, Vec<u8>, i64, Vec<u8>);

pub(super) fn vault_columns(row: &Row<'_>) -> rusqlite::Result<VaultColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

pub(super) fn vault_row((sequence, key, mark, data): VaultColumns) -> Result<(u64, VaultRow)> {
    check(numbered_mark(table::VAULT, &key, sequence), mark, "vault")?;
    Ok((unsigned(sequence)?, VaultRow { key, data }))
}

/// Columns of a block, in the order height, first, content, leaf, sealed, mark.
pub(super) type BlockColumns = (i64, i64, i64, Vec<u8>, Vec<u8>, i64);

pub(super) fn block_columns(row: &Row<'_>) -> rusqlite::Result<BlockColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

pub(super) fn block_row(
    (height, first, content, leaf, sealed, mark): BlockColumns,
) -> Result<BlockRow> {
    let history_leaf = array(&leaf, "block")?;
    let (height, first, content) = (unsigned(height)?, unsigned(first)?, unsigned(content)?);
    let row = BlockRow { height, first, content, sealed, history_leaf };
    check(block_mark(&row)?, mark, &format!("block {height}"))?;
    Ok(row)
}

/// What a word from outside is about, as kind and number.
pub(super) fn outside_key(key: OutsideKey) -> (i64, u64) {
    match key {
        OutsideKey::Block(height) => (1, height),
        OutsideKey::Entry(sequence) => (2, sequence),
    }
}

pub(super) fn array<const N: usize>(bytes: &[u8], table: &str) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| damaged(table))
}

/// A number to be kept. Counts stay below 2^53, so that they fit SQLite's signed integers.
pub(super) fn signed(number: u64) -> Result<i64> {
    i64::try_from(number)
        .map_err(|_| Error::new(ErrorCode::InvalidArgument, "a number beyond 2^53"))
}

/// A number to look for: beyond everything that can be kept, nothing is found.
pub(super) fn bound(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|_| damaged("a negative number"))
}

pub(super) fn damaged(what: &str) -> Error {
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
        Some(Code::ReadOnly) => ErrorCode::ReadOnly,
        // Rows that must not be there are there; our own statements no longer fit the schema; a column has another type.
        Some(Code::ConstraintViolation | Code::Unknown) | None => ErrorCode::Damaged,
        _ => ErrorCode::Storage,
    };
    let text = match error.sqlite_error() {
        Some(inner) => inner.to_string(),
        None => "a row is not of its table's form".to_owned(),
    };
    Error::new(code, format!("SQLite: {text}"))
}
