//! Entries of one append in blobs: `count`, then the end offset of each (all 32-bit), then the check value of each (64-bit),
//! then the bytes; integers are little-endian. Few large rows are written several times faster than many small ones.

use super::mark::Mark;
use crate::error::{Error, ErrorCode, Result};

/// Bytes of an end offset and a check value.
const END: usize = 4;
const MARK: usize = 8;

/// How many of the first entries go into one blob of about `bytes`; one at least.
pub(super) fn fitting(entries: &[Vec<u8>], bytes: usize) -> usize {
    let mut sum = 0;
    let fit = entries.iter().take_while(|entry| {
        sum += entry.len();
        sum <= bytes
    });
    fit.count().max(1).min(entries.len())
}

/// Packs entries from sequence number `first`.
pub(super) fn pack(first: u64, entries: &[Vec<u8>]) -> Result<Vec<u8>> {
    let too_large = |_| Error::new(ErrorCode::LimitExceeded, "entries of one append");
    let size: usize = entries.iter().map(Vec::len).sum();
    let mut blob = Vec::with_capacity(END + (END + MARK) * entries.len() + size);
    blob.extend(u32::try_from(entries.len()).map_err(too_large)?.to_le_bytes());
    let mut end = 0usize;
    for entry in entries {
        end += entry.len();
        blob.extend(u32::try_from(end).map_err(too_large)?.to_le_bytes());
    }
    for (sequence, entry) in (first..).zip(entries) {
        blob.extend(mark(sequence, entry));
    }
    for entry in entries {
        blob.extend_from_slice(entry);
    }
    Ok(blob)
}

/// The check value binds an entry to its sequence number.
fn mark(sequence: u64, entry: &[u8]) -> [u8; MARK] {
    Mark::of(sequence).bytes(entry).value().to_le_bytes()
}

/// Number of entries in a blob.
pub(super) fn count(blob: &[u8]) -> Result<u64> {
    count_of(blob.len(), |out, at| {
        let found = blob.get(at..at + out.len()).ok_or_else(damaged)?;
        out.copy_from_slice(found);
        Ok(())
    })
}

/// Number of entries in a blob of `len` bytes, of which `read` gives the bytes from a position on. Only the true number fits
/// the blob's length.
pub(super) fn count_of(len: usize, read: impl Fn(&mut [u8], usize) -> Result<()>) -> Result<u64> {
    let number = |at: u64| -> Result<u64> {
        let mut bytes = [0; END];
        read(&mut bytes, index(at)? * END)?;
        Ok(u64::from(u32::from_le_bytes(bytes)))
    };
    let count = number(0)?;
    let last = if count == 0 { 0 } else { number(count)? };
    if body_start(count) + last != len as u64 {
        return Err(damaged());
    }
    Ok(count)
}

/// Up to `take` entries after the first `skip` of a blob that starts at sequence number `first`, each with its check value
/// tested.
pub(super) fn unpack(first: u64, blob: &[u8], skip: u64, take: u64) -> Result<Vec<&[u8]>> {
    let count = count(blob)?;
    let marks = index((1 + count) * END as u64)?;
    let body = blob.get(index(body_start(count))?..).ok_or_else(damaged)?;
    let range = skip..count.min(skip.saturating_add(take));
    let mut out = Vec::with_capacity(index(range.end.saturating_sub(range.start))?);
    for at in range {
        let from = if at == 0 { 0 } else { end(blob, at)? };
        let range = index(u64::from(from))?..index(u64::from(end(blob, at + 1)?))?;
        let entry = body.get(range).ok_or_else(damaged)?;
        let start = marks + index(at)? * MARK;
        if blob.get(start..start + MARK) != Some(&mark(first + at, entry)) {
            return Err(Error::new(
                ErrorCode::Damaged,
                format!("entry {} is not as it was written", first + at),
            ));
        }
        out.push(entry);
    }
    Ok(out)
}

/// Where the bytes of the entries start.
fn body_start(count: u64) -> u64 {
    (END as u64) + count * (END + MARK) as u64
}

/// The 32-bit number at position `at`: 0 is the count, then the end offsets.
fn end(blob: &[u8], at: u64) -> Result<u32> {
    let start = index(at)?.checked_mul(END).ok_or_else(damaged)?;
    let bytes =
        blob.get(start..start + END).and_then(|bytes| bytes.try_into().ok()).ok_or_else(damaged)?;
    Ok(u32::from_le_bytes(bytes))
}

fn index(number: u64) -> Result<usize> {
    usize::try_from(number).map_err(|_| damaged())
}

fn damaged() -> Error {
    Error::new(ErrorCode::Damaged, "a batch of entries is not as it was written")
}
