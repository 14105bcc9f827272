//! Holds and restrictions: signed entries that suspend erasure, or block disclosure without erasing.

use super::append::readable;
use super::erase::reference_disclosure;
use super::{Inner, Ledger};
use crate::entry::{Body, Entry, Hold, HoldAction, HoldReason};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::store::Changes;
use crate::time::TimeClaim;

/// The most records that one hold or tombstone names.
pub(super) const RECORDS: usize = 512;

/// A hold to be set or lifted, or a restriction.
#[derive(Clone, Debug)]
pub struct HoldRequest {
    /// Set, lift or restrict.
    pub action: HoldAction,
    /// Sequence numbers of the records, at most 512.
    pub records: Vec<u64>,
    /// Why.
    pub reason: HoldReason,
    /// The host's reference, for example a case number: only a salted commitment to it is sealed.
    pub reference: String,
    /// When.
    pub time: TimeClaim,
}

/// What stands on a record now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HoldState {
    /// Erasure is suspended.
    pub held: bool,
    /// Disclosure is blocked.
    pub restricted: bool,
}

impl Ledger {
    /// Appends a hold, its end, or a restriction. It is in force at once, and sealed with the next block.
    ///
    /// # Errors
    /// `NotFound` for a sequence number that is no record, `LimitExceeded` beyond 512 records, `WrongVaultKey` without the
    /// vault key, 6xx.
    pub fn hold(&self, request: &HoldRequest) -> Result<u64> {
        let mut inner = self.lock_for_writing()?;
        inner.check_open()?;
        if request.records.is_empty() || request.records.len() > RECORDS {
            return Err(Error::new(ErrorCode::LimitExceeded, "a hold names 1 to 512 records"));
        }
        let records = request
            .records
            .iter()
            .map(|at| inner.record_digest_at(*at))
            .collect::<Result<Vec<Digest>>>()?;
        let reference = reference_disclosure(&request.reference, &mut inner.random)?;
        let hold = Hold {
            action: request.action,
            records,
            reason: request.reason,
            reference: reference.commitment(inner.hash),
            time: request.time.clone(),
        };
        let bytes = readable(hold.encode())?;
        let sequence = inner.store.next_sequence()?;
        let subject = Digest::of(inner.hash, &bytes);
        let row = inner.encrypt(&subject, &[reference])?;
        inner.store.apply(&Changes {
            entries: Some((sequence, vec![bytes])),
            vault: vec![(sequence, row)],
            about: hold.records.iter().map(|record| (record.bytes, sequence)).collect(),
            ..Changes::default()
        })?;
        Ok(sequence)
    }

    /// What stands on the record at a sequence number now.
    ///
    /// # Errors
    /// `NotFound` when the entry is no record, 6xx.
    pub fn hold_state(&self, sequence: u64) -> Result<HoldState> {
        let inner = self.lock()?;
        inner.hold_state(&inner.record_digest_at(sequence)?)
    }
}

impl Inner {
    /// Follows the holds about a record in the order they were appended.
    pub(super) fn hold_state(&self, record: &Digest) -> Result<HoldState> {
        let mut state = HoldState::default();
        for sequence in self.store.about(&record.bytes)? {
            let bytes = self.entry_at(sequence)?;
            let Body::Hold(hold) = Entry::parse(&bytes)?.body else { continue };
            if !hold.records.contains(record) {
                continue;
            }
            match hold.action {
                HoldAction::Set => state.held = true,
                HoldAction::Restrict => state.restricted = true,
                HoldAction::Lift => state = HoldState::default(),
            }
        }
        Ok(state)
    }

    /// Refuses to show values of a restricted record.
    pub(super) fn check_unrestricted(&self, record: &Digest) -> Result<()> {
        if self.hold_state(record)?.restricted {
            return Err(Error::new(ErrorCode::OnHold, "disclosure of this record is restricted"));
        }
        Ok(())
    }

    pub(super) fn record_digest_at(&self, sequence: u64) -> Result<Digest> {
        let bytes = self.entry_at(sequence)?;
        let entry = Entry::parse(&bytes)?;
        let (record, record_bytes) = entry
            .record()
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "the entry is no record"))?;
        Ok(record.digest(record_bytes))
    }
}
