//! When to seal: pure functions that the host asks.

use super::Ledger;
use super::seal::PendingBlock;
use crate::entry::{Body, Entry};
use crate::error::Result;
use crate::time::TimeClaim;

/// How a ledger stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Number of signed blocks.
    pub blocks: u64,
    /// Number of entries, sealed or not.
    pub entries: u64,
    /// Entries that are in no signed block.
    pub unsealed: u64,
    /// Capture time of the oldest of them that has one, milliseconds since 1970.
    pub oldest_unsealed_ms: Option<i64>,
    /// Whether a block waits for its signature.
    pub pending: bool,
    /// When that block was begun, seconds since 1970 by the host's clock: how long its signer has been silent.
    pub pending_since_s: Option<u64>,
    /// Height of the newest block about which an outsider's word is kept; blocks above it rest on the sealer alone.
    pub last_outside: Option<u64>,
    /// Bytes that the store takes on disk, without what is beside its file.
    pub store_bytes: u64,
    /// Records held out for a party's signature.
    pub held: u64,
    /// Whether the ledger was closed.
    pub closed: bool,
}

/// When a block is due. Seal soon: until then an entry is only the sealer's own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealPolicy {
    /// At this many unsealed entries.
    pub max_entries: u64,
    /// Or when the oldest unsealed entry is this old, in milliseconds.
    pub max_age_ms: i64,
}

impl Default for SealPolicy {
    /// 1,000 entries or 60 seconds.
    fn default() -> Self {
        Self { max_entries: 1_000, max_age_ms: 60_000 }
    }
}

impl SealPolicy {
    /// Whether a block is due at `now_ms`. A clock that went back makes nothing due; the number of entries still does.
    pub fn due(&self, status: &Status, now_ms: i64) -> bool {
        let old = status
            .oldest_unsealed_ms
            .is_some_and(|oldest| now_ms.saturating_sub(oldest) >= self.max_age_ms);
        status.pending || (status.unsealed > 0 && (status.unsealed >= self.max_entries || old))
    }
}

impl Ledger {
    /// How the ledger stands.
    ///
    /// # Errors
    /// 6xx.
    pub fn status(&self) -> Result<Status> {
        let inner = self.lock()?;
        inner.check_whole()?;
        let entries = inner.next_sequence()?;
        let first = inner.first_unsealed();
        let oldest = inner.store.entries(first, 16)?;
        Ok(Status {
            blocks: inner.head.as_ref().map_or(0, |head| head.height() + 1),
            entries,
            unsealed: entries.saturating_sub(first),
            oldest_unsealed_ms: oldest.iter().filter_map(|bytes| captured_ms(bytes)).min(),
            pending: inner.pending.is_some(),
            pending_since_s: inner.pending.as_ref().and_then(PendingBlock::begun_s),
            last_outside: inner.store.last_outside(u64::MAX)?,
            store_bytes: inner.store.bytes()?,
            held: inner.store.held()?.len() as u64,
            closed: inner.closing,
        })
    }
}

fn captured_ms(bytes: &[u8]) -> Option<i64> {
    let entry = Entry::parse(bytes).ok()?;
    let captured = |time: &TimeClaim| time.captured.unix_ms;
    if let Some((record, _)) = entry.record() {
        return Some(captured(&record.time));
    }
    match &entry.body {
        Body::Genesis(genesis) => Some(captured(&genesis.created)),
        Body::Event(event) => Some(captured(&event.time)),
        Body::Tombstone(tombstone) => Some(captured(&tombstone.time)),
        Body::Hold(hold) => Some(captured(&hold.time)),
        Body::ObservedHead(head) => Some(captured(&head.time)),
        _ => None,
    }
}
