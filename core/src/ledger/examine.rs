//! What a check looks at block by block and entry by entry: each by itself, so that several threads can look at one time. What
//! ties blocks together is checked by [`super::course`], in their order.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::append::subjects;
use super::prove::outside_of;
use super::read::StoredBlock;
use crate::block::{BlockLeaves, LeafHasher};
use crate::entry::{Body, Entry, Link};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::record::Record;
use crate::store::{OutsideKey, PlaceRow, Sizes, Store, VaultRow};
use crate::value::{Disclosure, Encoded};
use crate::vault::Vault;

/// Records whose values are in memory at one time: a record may have some megabytes of them.
const VALUES_AT_ONCE: usize = 16;

/// Everything but the store that looking needs.
pub(super) struct Eye {
    pub(super) hash: HashAlg,
    pub(super) id: Digest,
    pub(super) replica: bool,
    /// Opens values; `None` without the vault key, and where the host wraps.
    pub(super) vault: Option<Vault>,
    /// With a key that nobody is shown, so that nobody can make rows whose sums look right.
    pub(super) sums: RandomState,
}

/// What entries showed, to be compared with the rows that lead to them.
#[derive(Default)]
pub(super) struct Found {
    pub(super) sizes: Sizes,
    /// Sum over the places that entries take, see [`Eye::sum`].
    pub(super) places: u64,
    pub(super) values: u64,
    pub(super) records: u64,
    profiles: HashSet<[u8; 32]>,
    pub(super) problems: Vec<(u64, Error)>,
}

/// A block by itself.
pub(super) struct Examined {
    pub(super) stored: Result<StoredBlock>,
    /// Its leaves as they are stored.
    pub(super) leaves: Result<BlockLeaves>,
    /// Whether the stored tree is that of the leaves, and words from outside are about this block.
    pub(super) beside: Result<()>,
    /// What its entries showed; `None` when they cannot all be read.
    pub(super) found: Option<Found>,
}

impl Found {
    pub(super) fn join(&mut self, other: Found) {
        self.sizes.places += other.sizes.places;
        self.sizes.vault += other.sizes.vault;
        self.sizes.about += other.sizes.about;
        self.places = self.places.wrapping_add(other.places);
        self.values += other.values;
        self.records += other.records;
        self.profiles.extend(other.profiles);
        self.problems.extend(other.problems);
    }
}

impl Eye {
    /// A number for a place. The sum of these over entries and over rows is the same when the rows are those that lead to the
    /// entries; not so by chance once in 2^64.
    fn sum(&self, place: &PlaceRow) -> u64 {
        let PlaceRow { dossier, place, sequence, digest } = place;
        self.sums.hash_one((dossier, place, sequence, digest.alg.cose_id(), digest.bytes))
    }

    /// Sum over the places that lead to entries below `end`. `Damaged` for a place that is there twice: each row may lead to an
    /// entry, and still only one of the two is found.
    pub(super) fn places(&self, store: &dyn Store, end: u64) -> Result<u64> {
        let (mut sum, mut before) = (0u64, None);
        store.visit_places(&mut |row| {
            if before.replace((row.dossier, row.place)) == Some((row.dossier, row.place)) {
                return Err(damaged("one place of a dossier is taken twice"));
            }
            if row.sequence.is_some_and(|sequence| sequence < end) {
                sum = sum.wrapping_add(self.sum(&row));
            }
            Ok(())
        })?;
        Ok(sum)
    }

    pub(super) fn block(&self, store: &dyn Store, height: u64) -> Examined {
        let not_read = || Error::new(ErrorCode::Damaged, format!("block {height}: not read"));
        let stored =
            StoredBlock::read(store, &self.id, height).map_err(|error| match error.code() {
                ErrorCode::NotFound => {
                    Error::new(ErrorCode::Damaged, format!("block {height}: missing"))
                }
                _ => error,
            });
        let mut found = Found::default();
        let leaves = match &stored {
            Ok(stored) => self.leaves(store, stored, &mut found),
            Err(_) => Err(not_read()),
        };
        let beside = match (&stored, &leaves) {
            (Ok(stored), Ok(leaves)) => self.beside(store, stored, leaves),
            _ => Err(not_read()),
        };
        let found = leaves.is_ok().then_some(found);
        Examined { stored, leaves, beside, found }
    }

    fn leaves(
        &self,
        store: &dyn Store,
        stored: &StoredBlock,
        found: &mut Found,
    ) -> Result<BlockLeaves> {
        let mut leaves = LeafHasher::first(self.hash);
        let row = &stored.row;
        if let Some(before) = row.height.checked_sub(1) {
            let before = StoredBlock::read(store, &self.id, before)?;
            let link = Link {
                previous_block: before.block.block_hash(&before.root),
                previous_sealed: before.block.sealed_digest(),
            };
            leaves.add(&[&link.encode()]);
        }
        let words = store.entries_with_words(row.first, row.content)?;
        let mut count = 0;
        store.visit_entries(row.first, row.content, &mut |first, entries| {
            leaves.add(entries);
            count += entries.len() as u64;
            self.entries(store, first, entries, &words, found);
            Ok(())
        })?;
        if count != row.content {
            return Err(Error::new(
                ErrorCode::Damaged,
                format!("block {}: entries are missing", row.height),
            ));
        }
        Ok(leaves.finish())
    }

    fn beside(&self, store: &dyn Store, stored: &StoredBlock, leaves: &BlockLeaves) -> Result<()> {
        let height = stored.row.height;
        if store.tree(height)? != Some(leaves.tree().to_flat()) {
            return Err(damaged("the stored tree is not that of the entries"));
        }
        for word in outside_of(store, OutsideKey::Block(height))? {
            if word.digest.bytes != stored.block.sealed_digest() {
                return Err(damaged("a word from outside is about another block"));
            }
        }
        Ok(())
    }

    /// Looks at entries from sequence number `first`; `words` are those about which there is a word from outside.
    pub(super) fn entries(
        &self,
        store: &dyn Store,
        first: u64,
        entries: &[&[u8]],
        words: &HashSet<u64>,
        found: &mut Found,
    ) {
        for (first, entries) in
            (first..).step_by(VALUES_AT_ONCE).zip(entries.chunks(VALUES_AT_ONCE))
        {
            let rows = store.vault_rows(first, entries.len());
            let mut rows = rows.map(|rows| rows.into_iter().peekable()).ok();
            for (sequence, bytes) in (first..).zip(entries) {
                let row = match &mut rows {
                    Some(rows) => Ok(rows.next_if(|(of, _)| *of == sequence).map(|(_, row)| row)),
                    // One by one, so that only what is damaged is said to be.
                    None => store.vault(sequence),
                };
                let has_word = words.contains(&sequence);
                if let Err(error) = self.entry(store, sequence, bytes, row, has_word, found) {
                    found.problems.push((sequence, error));
                }
            }
        }
    }

    /// One entry by itself, what it is about, and its values where they can be opened. Its place is noted, not looked for.
    pub(super) fn entry(
        &self,
        store: &dyn Store,
        sequence: u64,
        bytes: &[u8],
        row: Result<Option<VaultRow>>,
        has_word: bool,
        found: &mut Found,
    ) -> Result<()> {
        let entry = match Entry::parse(bytes) {
            Ok(entry) => entry,
            // A replica keeps leaves that only a newer version reads; the block's root speaks for them.
            Err(_) if self.replica => return Ok(()),
            Err(error) => return Err(error),
        };
        // Counts first: a problem with one row must not make all others look too many.
        let mut subjects = subjects(&entry, self.hash);
        subjects.sort_unstable();
        subjects.dedup();
        found.sizes.about += subjects.len() as u64;
        let place = entry.place();
        if let Some(place) = &place {
            found.sizes.places += 1;
            found.places = found.places.wrapping_add(self.sum(&PlaceRow {
                dossier: place.dossier,
                place: place.place,
                sequence: Some(sequence),
                digest: place.digest,
            }));
        }
        found.records += u64::from(entry.record().is_some());
        found.sizes.vault += u64::from(matches!(row, Ok(Some(_)) | Err(_)));
        for subject in &subjects {
            if !store.about(subject)?.contains(&sequence) {
                return Err(damaged("what it is about does not lead to it"));
            }
        }
        let words = match has_word {
            true => outside_of(store, OutsideKey::Entry(sequence))?,
            false => Vec::new(),
        };
        if words.iter().any(|word| word.digest != entry.digest(self.hash)) {
            return Err(damaged("a word from outside is about another entry"));
        }
        let row = row?;
        if let (Some((record, _)), Some(place)) = (entry.record(), &place) {
            let digest = place.digest;
            self.check_profile(store, record, found)?;
            return match (row, &self.vault) {
                (None, _) => self.check_erased(store, record, &digest, &[]),
                (Some(_), None) => Ok(()),
                (Some(row), Some(vault)) => {
                    let kept = vault.open(&digest, &row)?;
                    found.values += kept.len() as u64;
                    check_values(&kept, |name| record.commitment(name).copied(), record.hash)?;
                    self.check_erased(store, record, &digest, &kept)
                }
            };
        }
        let reference = match &entry.body {
            Body::Tombstone(tombstone) => tombstone.reference,
            Body::Hold(hold) => hold.reference,
            _ => return Ok(()),
        };
        if let (Some(vault), Some(row)) = (&self.vault, row) {
            let kept = vault.open(&entry.digest(self.hash), &row)?;
            check_values(&kept, |_| Some(reference), self.hash)?;
        }
        Ok(())
    }

    fn check_profile(&self, store: &dyn Store, record: &Record, found: &mut Found) -> Result<()> {
        let digest = &record.profile.digest;
        if self.replica || !found.profiles.insert(digest.bytes) {
            return Ok(());
        }
        let file = store.profile(digest)?;
        digest.check(&file.ok_or_else(|| damaged("its profile is missing"))?)
    }

    /// Values that are not kept must have been erased: a tombstone says so.
    fn check_erased(
        &self,
        store: &dyn Store,
        record: &Record,
        digest: &Digest,
        kept: &[Disclosure],
    ) -> Result<()> {
        if kept.len() == record.fields.len() || self.replica {
            return Ok(());
        }
        let mut missing: HashSet<&str> =
            record.fields.iter().map(|field| field.name.as_str()).collect();
        for disclosure in kept {
            missing.remove(disclosure.name.as_str());
        }
        for sequence in store.about(&digest.bytes)? {
            let bytes = store.entries(sequence, 1)?.into_iter().next();
            let bytes = bytes.ok_or_else(|| damaged("what is about it is missing"))?;
            let Body::Tombstone(tombstone) = Entry::parse(&bytes)?.body else { continue };
            match &tombstone.names {
                None => missing.clear(),
                Some(names) => names.iter().for_each(|name| {
                    missing.remove(name.as_str());
                }),
            }
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(damaged("values are missing that nobody erased"))
        }
    }
}

fn check_values(
    kept: &[Disclosure],
    commitment: impl Fn(&str) -> Option<[u8; 32]>,
    hash: HashAlg,
) -> Result<()> {
    let digests = hash.digest_many(Encoded::of(kept).pieces());
    if kept.iter().zip(digests).all(|(one, digest)| commitment(&one.name) == Some(digest)) {
        return Ok(());
    }
    Err(damaged("a value in the vault does not open its commitment"))
}

pub(super) fn damaged(what: &str) -> Error {
    Error::new(ErrorCode::Damaged, what)
}
