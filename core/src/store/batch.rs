//! Entries of one append as one blob: `count`, then the end offset of each, then the bytes; integers are 32-bit
//! little-endian. Few large rows are written several times faster than many small ones.

use crate::error::{Error, ErrorCode, Result};

/// Packs entries.
pub(super) fn pack(entries: &[Vec<u8>]) -> Result<Vec<u8>> {
    let too_large = |_| Error::new(ErrorCode::LimitExceeded, "entries of one append");
    let size: usize = entries.iter().map(Vec::len).sum();
    let mut blob = Vec::with_capacity(4 + 4 * entries.len() + size);
    blob.extend(u32::try_from(entries.len()).map_err(too_large)?.to_le_bytes());
    let mut end = 0usize;
    for entry in entries {
        end += entry.len();
        blob.extend(u32::try_from(end).map_err(too_large)?.to_le_bytes());
    }
    for entry in entries {
        blob.extend_from_slice(entry);
    }
    Ok(blob)
}

/// Number of entries in a blob.
pub(super) fn count(blob: &[u8]) -> Result<u64> {
    Ok(u64::from(word(blob, 0)?))
}

/// Unpacks up to `take` entries after the first `skip`.
pub(super) fn unpack(blob: &[u8], skip: u64, take: u64, out: &mut Vec<Vec<u8>>) -> Result<()> {
    let count = count(blob)?;
    let start = 4 + 4 * usize::try_from(count).map_err(|_| damaged())?;
    let body = blob.get(start..).ok_or_else(damaged)?;
    for at in skip..count.min(skip.saturating_add(take)) {
        let from = if at == 0 { 0 } else { word(blob, at)? };
        let to = word(blob, at + 1)?;
        let range = usize::try_from(from).map_err(|_| damaged())?
            ..usize::try_from(to).map_err(|_| damaged())?;
        out.push(body.get(range).ok_or_else(damaged)?.to_vec());
    }
    Ok(())
}

/// The word at position `at`: 0 is the count, then the end offsets.
fn word(blob: &[u8], at: u64) -> Result<u32> {
    let start = usize::try_from(at).ok().and_then(|at| at.checked_mul(4)).ok_or_else(damaged)?;
    let bytes =
        blob.get(start..start + 4).and_then(|bytes| bytes.try_into().ok()).ok_or_else(damaged)?;
    Ok(u32::from_le_bytes(bytes))
}

fn damaged() -> Error {
    Error::new(ErrorCode::Damaged, "a batch of entries does not have its own form")
}
