//! Steps of the wall clock. What a host captures with a monotonic reading and a boot id shows when somebody set the clock, or
//! started the machine again; that is sealed as an event, before whatever was captured after it. Nothing is refused for it.

use super::append::Batch;
use super::{Inner, Ledger};
use crate::codec::{Item, Writer};
use crate::entry::{Event, Facts};
use crate::error::Result;
use crate::time::TimeClaim;

/// The least step of the wall clock against the monotonic one that is sealed, in milliseconds.
const STEP_MS: i64 = 2_000;

/// Both clocks at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    wall_ms: i64,
    monotonic_ms: u64,
    boot_id: [u8; 16],
}

impl Reading {
    /// `None` where the claim does not name both.
    fn of(time: &TimeClaim) -> Option<Self> {
        let wall_ms = time.captured.unix_ms;
        Some(Self { wall_ms, monotonic_ms: time.monotonic_ms?, boot_id: time.boot_id? })
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(3).int(self.wall_ms).uint(self.monotonic_ms).bstr(&self.boot_id);
        w.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let [wall, monotonic, boot] = Item::parse(bytes, bytes.len())?.array_n::<3>()?;
        let (wall_ms, monotonic_ms) = (wall.int()?, monotonic.count()?);
        Ok(Self { wall_ms, monotonic_ms, boot_id: boot.bstr_n::<16>()? })
    }

    /// What happened between two readings, where it is more than time passing.
    fn step_to(&self, next: &Self) -> Option<Facts> {
        let passed = next.wall_ms.saturating_sub(self.wall_ms);
        if next.boot_id != self.boot_id {
            // How long the machine was off nobody knows: only a clock that is behind has been set for certain.
            return Some(Facts::Clock {
                step_ms: passed.min(0),
                boot_before: Some(self.boot_id),
                boot_after: Some(next.boot_id),
            });
        }
        let reading = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        let ran = reading(next.monotonic_ms).saturating_sub(reading(self.monotonic_ms));
        let step_ms = passed.saturating_sub(ran);
        (step_ms.saturating_abs() >= STEP_MS).then_some(Facts::Clock {
            step_ms,
            boot_before: None,
            boot_after: None,
        })
    }
}

impl Ledger {
    /// Compares both clocks with what was captured last, and appends a clock event where the wall clock was set by two seconds or
    /// more, or the machine was started again. Opening and appending do the same by themselves; a host calls this when it hears
    /// that the clock was set, or wakes up. Gives the event's sequence number. Claims without a monotonic reading and a boot id
    /// say nothing.
    ///
    /// # Errors
    /// `OutOfRange` for a claim outside the format's limits, `LedgerClosed`, 6xx.
    pub fn note_clock(&self, now: &TimeClaim) -> Result<Option<u64>> {
        let mut inner = self.lock_for_writing()?;
        inner.check_open()?;
        inner.note_clock(now)
    }
}

impl Inner {
    pub(super) fn note_clock(&mut self, now: &TimeClaim) -> Result<Option<u64>> {
        now.check()?;
        let mut batch = Batch::default();
        let event = self.clock_event(now, &batch);
        let noted = event.is_some();
        batch.note_clock(event, now);
        let sequence = self.store.next_sequence()?;
        self.write(batch)?;
        Ok(noted.then_some(sequence))
    }

    /// The event that must stand before an entry with this time.
    pub(super) fn clock_event(&self, time: &TimeClaim, batch: &Batch) -> Option<Vec<u8>> {
        let next = Reading::of(time)?;
        let facts = batch.clock.or(self.clock)?.step_to(&next)?;
        Some(Event { time: TimeClaim { occurred: None, ..time.clone() }, facts }.encode())
    }
}

impl Batch {
    /// Takes in the event, and the reading that the next one is compared with.
    pub(super) fn note_clock(&mut self, event: Option<Vec<u8>>, time: &TimeClaim) {
        self.entries.extend(event);
        self.clock = Reading::of(time).or(self.clock);
    }
}
