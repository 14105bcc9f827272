//! How much a ledger takes at once: set by the host, with defaults that suit a server, and not stored.

use super::{Inner, Ledger};
use crate::error::{Error, ErrorCode, Result};

/// What an open ledger takes at once. A block takes 100,000 entries, whatever stands here: on that depends in which block an appended key
/// comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Records in one [`Ledger::append_many`], 1 to 1,000,000; 100,000 without a word. They are one transaction.
    pub append_records: usize,
    /// Entries that may wait for a block, at least 1; 10,000,000 without a word. Beyond, records are refused with `LimitExceeded` until
    /// a block is sealed: a ledger whose signer has gone away does not grow until the disk is full, unseen. Records held for a signature
    /// count when they are held; what says something of the ledger itself (keys, tombstones, holds, clock, statements that are
    /// finished) is never refused.
    pub waiting_entries: u64,
}

/// The most that [`Limits::append_records`] may be: keeps one transaction, and one row, within reason.
const APPEND_RECORDS: usize = 1_000_000;

impl Default for Limits {
    fn default() -> Self {
        Self { append_records: 100_000, waiting_entries: 10_000_000 }
    }
}

impl Limits {
    /// Whether every limit is in its range.
    ///
    /// # Errors
    /// `InvalidArgument`.
    pub fn check(&self) -> Result<()> {
        let sound = (1..=APPEND_RECORDS).contains(&self.append_records) && self.waiting_entries > 0;
        match sound {
            true => Ok(()),
            false => Err(Error::new(
                ErrorCode::InvalidArgument,
                "append_records 1 to 1,000,000, waiting_entries 1 or more",
            )),
        }
    }
}

impl Inner {
    /// Whether another record may wait for a block, when it would be the entry at `next`.
    pub(super) fn check_room(&self, next: u64) -> Result<()> {
        let most = self.limits.waiting_entries;
        match next.saturating_sub(self.first_unsealed()) < most {
            true => Ok(()),
            false => Err(Error::new(
                ErrorCode::LimitExceeded,
                format!("at most {most} entries wait for a block; seal one, or send less"),
            )),
        }
    }
}

impl Ledger {
    /// Sets how much the ledger takes at once, from now until it is dropped.
    ///
    /// # Errors
    /// `InvalidArgument` for a limit out of its range.
    pub fn set_limits(&self, limits: Limits) -> Result<()> {
        limits.check()?;
        self.lock()?.limits = limits;
        Ok(())
    }

    /// How much the ledger takes at once.
    ///
    /// # Errors
    /// `Poisoned` after a panic.
    pub fn limits(&self) -> Result<Limits> {
        Ok(self.lock()?.limits)
    }
}
