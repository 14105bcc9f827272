//! Erasure: keys and ciphertexts of values are destroyed, a tombstone that names digests only is sealed, and every proof
//! made before still verifies.
//!
//! *Here* an erasure is done when rows, journal and free pages are gone. Copies in old backups still hold ciphertext and
//! wrapped key; they are dead only when every vault key of that time was replaced ([`Ledger::rewrap`]) and the host has said
//! that it is destroyed ([`Ledger::confirm_vault_key_destroyed`]): then it is done *everywhere*.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::holds::RECORDS;
use super::{Inner, Ledger, meta};
use crate::entry::{Body, Entry, REFERENCE_NAME, Tombstone, TombstoneReason};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::random::Random;
use crate::store::{Changes, VaultRow};
use crate::time::TimeClaim;
use crate::value::{Disclosure, Value};
use crate::vault::open_with;

const REFERENCE_BYTES: usize = 256;
/// What makes names that hold the same value as another: its masked form, the title of its file.
const TWINS: [&str; 2] = [".masked", ".title"];

/// What to erase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EraseTarget {
    /// All values of these records, by sequence number.
    Records(Vec<u64>),
    /// Values of one record under these names, their masked forms and titles included.
    Fields(u64, Vec<String>),
    /// All values of a dossier's records in this ledger.
    Dossier([u8; 16]),
}

/// An erasure with its reason.
#[derive(Clone, Debug)]
pub struct EraseRequest {
    /// What.
    pub target: EraseTarget,
    /// Why.
    pub reason: TombstoneReason,
    /// The host's reference, for example a request's number: only a salted commitment to it is sealed.
    pub reference: String,
    /// When.
    pub time: TimeClaim,
}

/// What an erasure did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Sequence numbers of the tombstones: one for every 512 records.
    pub tombstones: Vec<u64>,
    /// Digests of the records.
    pub records: Vec<Digest>,
    /// Names, when not all values were erased.
    pub names: Option<Vec<String>>,
}

/// How far an erasure reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErasureReach {
    /// Gone from this ledger's files.
    Here,
    /// Gone from old backups too: every vault key that could open them is destroyed, as the host says.
    Everywhere,
}

impl Ledger {
    /// Erases values. Names and commitments stay in the sealed records; a tombstone is appended in the same durable step in which
    /// the keys are destroyed. A crash in between is finished by the next open.
    ///
    /// # Errors
    /// `OnHold` when a hold stands on one of the records (nothing is erased then), `NotFound`, `Erased` when nothing is left to
    /// erase, `WrongVaultKey` without the vault key, 6xx, among them `Locked` when a reader keeps the journal from being cleared. Once the tombstone
    /// stands (ask [`Ledger::erasure_reach`], or the disclosures) the values are erased all the same, and the next open or erasure
    /// clears the journal.
    pub fn erase(&self, request: &EraseRequest) -> Result<Erased> {
        self.erase_opened_by(None, request)
    }

    /// Erases some values of one record where the host wraps the keys: what stays is opened with the record's own key, which the host
    /// unwrapped, and encrypted under a key that was supplied. That one and another for the tombstone are used up.
    ///
    /// # Errors
    /// As [`Ledger::erase`]; `InvalidArgument` for another target than fields, or a ledger that wraps its keys itself, `Damaged` when the
    /// key is not this record's.
    pub fn erase_with_key(
        &self,
        request: &EraseRequest,
        key: &Zeroizing<Vec<u8>>,
    ) -> Result<Erased> {
        if !matches!(request.target, EraseTarget::Fields(..)) {
            let what = "whole records are erased without their keys";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
        self.erase_opened_by(Some(key), request)
    }

    fn erase_opened_by(
        &self,
        key: Option<&Zeroizing<Vec<u8>>>,
        request: &EraseRequest,
    ) -> Result<Erased> {
        let mut inner = self.lock_for_writing()?;
        inner.check_open()?;
        let (sequences, names) = inner.erase_target(&request.target)?;
        let mut records = Vec::with_capacity(sequences.len());
        let mut changes =
            Changes { meta: vec![(meta::SCRUB, Some(vec![1]))], ..Changes::default() };
        for sequence in sequences {
            let record = inner.record_digest_at(sequence)?;
            if inner.hold_state(&record)?.held {
                return Err(Error::new(ErrorCode::OnHold, "erasure of this record is suspended"));
            }
            let Some(row) = inner.store.vault(sequence)? else { continue };
            changes.erased.push(sequence);
            if let Some(names) = &names
                && let Some(row) = inner.without(&record, &row, names, key)?
            {
                changes.vault.push((sequence, row));
            }
            records.push(record);
        }
        if records.is_empty() {
            return Err(Error::new(ErrorCode::Erased, "no values are kept for these records"));
        }
        let tombstones = inner.add_tombstones(request, &records, names.as_deref(), &mut changes)?;
        inner.store.apply(&changes)?;
        inner.finish_erasure()?;
        Ok(Erased { tombstones, records, names })
    }

    /// How far the erasure with this tombstone reaches.
    ///
    /// # Errors
    /// `NotFound` when the entry is no tombstone, 6xx.
    pub fn erasure_reach(&self, tombstone: u64) -> Result<ErasureReach> {
        let inner = self.lock()?;
        let bytes = inner.entry_at(tombstone)?;
        if !matches!(Entry::parse(&bytes)?.body, Body::Tombstone(_)) {
            return Err(Error::new(ErrorCode::NotFound, "the entry is no tombstone"));
        }
        let keys = inner.old_vault_keys()?;
        let covering = keys.iter().position(|key| key.replaced_at > tombstone);
        let destroyed =
            covering.is_some_and(|last| keys.iter().take(last + 1).all(|key| key.destroyed));
        Ok(if destroyed { ErasureReach::Everywhere } else { ErasureReach::Here })
    }
}

/// A disclosure of the reference behind a tombstone or hold.
pub(super) fn reference_disclosure(reference: &str, random: &mut Random) -> Result<Disclosure> {
    if reference.is_empty() || reference.len() > REFERENCE_BYTES {
        return Err(Error::new(ErrorCode::InvalidArgument, "a reference has 1 to 256 bytes"));
    }
    Ok(Disclosure {
        salt: random.array()?,
        value: Value::Text(reference.to_owned()),
        name: REFERENCE_NAME.to_owned(),
    })
}

impl Inner {
    fn erase_target(&self, target: &EraseTarget) -> Result<(Vec<u64>, Option<Vec<String>>)> {
        match target {
            EraseTarget::Records(list) => {
                Ok((list.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(), None))
            }
            EraseTarget::Dossier(id) => {
                let places = self.store.places(id)?;
                if places.iter().any(|place| place.sequence.is_none()) {
                    return Err(Error::new(
                        ErrorCode::InvalidArgument,
                        "a record of the dossier is held for signature; finish or drop it first",
                    ));
                }
                let mut sequences = Vec::new();
                for sequence in places.into_iter().filter_map(|place| place.sequence) {
                    // A refused event takes a place, too, and has no values.
                    if Entry::parse(&self.entry_at(sequence)?)?.record().is_some() {
                        sequences.push(sequence);
                    }
                }
                if sequences.is_empty() {
                    Err(Error::new(ErrorCode::NotFound, "no record of this dossier is here"))
                } else {
                    Ok((sequences, None))
                }
            }
            EraseTarget::Fields(sequence, names) => {
                let bytes = self.entry_at(*sequence)?;
                let entry = Entry::parse(&bytes)?;
                let (record, _) = entry
                    .record()
                    .ok_or_else(|| Error::new(ErrorCode::NotFound, "the entry is no record"))?;
                if let Some(unknown) = names.iter().find(|name| record.commitment(name).is_none()) {
                    return Err(Error::new(
                        ErrorCode::UnknownName,
                        format!("the record has no field {unknown:?}"),
                    ));
                }
                let twins = names.iter().flat_map(|name| TWINS.map(|twin| format!("{name}{twin}")));
                let all: BTreeSet<String> = names
                    .iter()
                    .cloned()
                    .chain(twins.filter(|twin| record.commitment(twin).is_some()))
                    .collect();
                if all.is_empty() {
                    return Err(Error::new(ErrorCode::InvalidArgument, "no names"));
                }
                Ok((vec![*sequence], Some(all.into_iter().collect())))
            }
        }
    }

    /// The row without these names, under a key of its own; `None` when nothing is left.
    fn without(
        &mut self,
        record: &Digest,
        row: &VaultRow,
        names: &[String],
        key: Option<&Zeroizing<Vec<u8>>>,
    ) -> Result<Option<VaultRow>> {
        let vault = self.vault.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::WrongVaultKey, "erasing some fields needs the vault key")
        })?;
        let kept = match key {
            None => vault.open(record, row)?,
            Some(key) if vault.is_by_host() => open_with(key, record, row)?,
            Some(_) => {
                let what = "a ledger that wraps its keys itself needs none to erase";
                return Err(Error::new(ErrorCode::InvalidArgument, what));
            }
        };
        let left: Vec<Disclosure> =
            kept.iter().filter(|kept| !names.contains(&kept.name)).cloned().collect();
        if left.len() == kept.len() {
            return Err(Error::new(ErrorCode::Erased, "no values are kept under these names"));
        }
        if left.is_empty() { Ok(None) } else { self.encrypt(record, &left).map(Some) }
    }

    fn add_tombstones(
        &mut self,
        request: &EraseRequest,
        records: &[Digest],
        names: Option<&[String]>,
        changes: &mut Changes,
    ) -> Result<Vec<u64>> {
        let first = self.store.next_sequence()?;
        let mut entries = Vec::new();
        let mut sequences = Vec::new();
        for (sequence, records) in (first..).zip(records.chunks(RECORDS)) {
            let reference = reference_disclosure(&request.reference, &mut self.random)?;
            let tombstone = Tombstone {
                records: records.to_vec(),
                names: names.map(<[String]>::to_vec),
                reason: request.reason,
                reference: reference.commitment(self.hash),
                time: request.time.clone(),
            };
            let bytes = tombstone.encode();
            // Names that a long profile brings may make the entry too large; that must show before anything is destroyed.
            Entry::parse(&bytes)?;
            let row = self.encrypt(&Digest::of(self.hash, &bytes), &[reference])?;
            changes.vault.push((sequence, row));
            changes.about.extend(records.iter().map(|record| (record.bytes, sequence)));
            entries.push(bytes);
            sequences.push(sequence);
        }
        changes.entries = Some((first, entries));
        Ok(sequences)
    }

    /// Whether a tombstone names this record.
    pub(super) fn is_erased_from(&self, record: &Digest) -> Result<bool> {
        for sequence in self.store.about(&record.bytes)? {
            if matches!(Entry::parse(&self.entry_at(sequence)?)?.body, Body::Tombstone(_)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Clears what an erasure left in the journal, if one did not get that far.
    pub(super) fn finish_erasure(&mut self) -> Result<()> {
        if self.read_only || self.store.meta(meta::SCRUB)?.is_none() {
            return Ok(());
        }
        self.store.scrub()?;
        self.store.apply(&Changes { meta: vec![(meta::SCRUB, None)], ..Changes::default() })
    }
}
