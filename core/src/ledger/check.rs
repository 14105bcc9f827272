//! Checking a ledger whole: what is damaged, and exactly where.

use std::collections::HashSet;

use super::{Inner, Ledger};
use crate::block::Head;
use crate::entry::{Body, Entry};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::merkle::{self, Frontier, Tree};
use crate::record::Record;
use crate::store::{OutsideKey, PlaceRow, Sizes};
use crate::value::{Disclosure, Encoded};

/// Entries that are read at once.
const CHUNK: u64 = 1024;
/// More problems are not listed; such a file is not mended one by one.
const MOST: usize = 1000;

/// Something wrong that a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckProblem {
    /// Height of the block, where there is one.
    pub height: Option<u64>,
    /// Sequence number of the entry, where there is one.
    pub sequence: Option<u64>,
    /// What is wrong.
    pub error: Error,
}

/// The result of a full check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Blocks found right.
    pub blocks: u64,
    /// Entries checked, sealed or not.
    pub entries: u64,
    /// Values opened, when the vault key is there.
    pub values: u64,
    /// What is wrong, at most the first thousand; empty when nothing is.
    pub problems: Vec<CheckProblem>,
}

impl CheckReport {
    fn note(&mut self, height: Option<u64>, sequence: Option<u64>, error: Error) {
        if self.problems.len() < MOST {
            self.problems.push(CheckProblem { height, sequence, error });
        }
    }
}

impl Ledger {
    /// Checks everything: the store's own structures and every row, every block against the one before with all its entries and
    /// its signature, what leads to entries against the entries, and, with the vault key, that every value opens its
    /// commitment. `progress` gets done and total blocks. Other calls go on between two blocks.
    ///
    /// After a block that is damaged, the ones above are still checked against the history that they were signed over.
    ///
    /// # Errors
    /// Only when the store cannot be read at all; what is wrong stands in the report.
    pub fn check(&self, mut progress: impl FnMut(u64, u64)) -> Result<CheckReport> {
        let mut report = CheckReport::default();
        let (total, entries) = {
            let inner = self.lock()?;
            for error in inner.store.check() {
                report.note(None, None, error);
            }
            let entries = inner.next_sequence()?;
            let state = inner.check_whole().and_then(|()| inner.check_state(entries));
            if let Err(error) = state {
                report.note(None, None, error);
            }
            // Where the head is lost, the blocks may still be there.
            let blocks = inner.head.as_ref().map(|head| head.height() + 1);
            (blocks.map_or_else(|| inner.store.sizes().map(|sizes| sizes.blocks), Ok)?, entries)
        };
        let mut chain = Chain { before: None, history: Some(Frontier::new(self.hash())) };
        for height in 0..total {
            let inner = self.lock()?;
            match inner.check_block(&mut chain, height) {
                Ok(()) => report.blocks += 1,
                Err(error) => {
                    report.note(Some(height), None, error);
                    inner.locate(height, &mut report);
                }
            }
            drop(inner);
            progress(height + 1, total);
        }
        self.check_head(&chain, &mut report)?;
        let mut found = Found::default();
        let mut next = 0;
        while next < entries {
            let inner = self.lock()?;
            let end = entries.min(next + CHUNK);
            match inner.store.entries(next, end - next) {
                Ok(list) if list.len() as u64 == end - next => {
                    for (sequence, bytes) in (next..).zip(&list) {
                        inner.check_entry(sequence, bytes, &mut found, &mut report);
                    }
                }
                // One by one, so that only what is damaged is said to be.
                _ => {
                    for sequence in next..end {
                        match inner.entry_at(sequence) {
                            Ok(bytes) => {
                                inner.check_entry(sequence, &bytes, &mut found, &mut report);
                            }
                            Err(error) => report.note(None, Some(sequence), error),
                        }
                    }
                }
            }
            next = end;
        }
        report.entries = entries;
        report.values = found.values;
        self.lock()?.check_rest(entries, &found, &mut report)?;
        Ok(report)
    }

    fn check_head(&self, chain: &Chain, report: &mut CheckReport) -> Result<()> {
        let inner = self.lock()?;
        if let (Some(last), Some(head)) = (&chain.before, &inner.head)
            && last.height() == head.height()
            && last.encode() != head.encode()
        {
            let error = Error::new(ErrorCode::Damaged, "the stored head is not that of the blocks");
            report.note(Some(head.height()), None, error);
        }
        Ok(())
    }
}

/// How far the chain is checked.
struct Chain {
    /// State after the block before; `None` at the beginning, and after a block that is damaged.
    before: Option<Head>,
    /// History of all blocks before; `None` after one that cannot be read at all.
    history: Option<Frontier>,
}

/// What entries showed, to be compared with the rows that lead to them.
#[derive(Default)]
struct Found {
    sizes: Sizes,
    values: u64,
    records: u64,
    profiles: HashSet<[u8; 32]>,
}

impl Inner {
    fn check_block(&self, chain: &mut Chain, height: u64) -> Result<()> {
        let before = chain.before.take();
        let history = chain.history.take();
        let stored = self.stored_block(height)?;
        let mut with_this = history.clone();
        if let Some(history) = &mut with_this {
            history.push(stored.row.history_leaf);
        }
        chain.history = with_this;
        let entries = self.block_entries(&stored.row)?;
        let refs: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let tree = Tree::new(self.hash, merkle::leaf_hashes(self.hash, &refs));
        if tree.root() != stored.root {
            return Err(damaged("entries do not lead to the root that was signed"));
        }
        if stored.block.header().entry_count != tree.size() {
            return Err(damaged("the block names another number of entries"));
        }
        if before.is_some() || height == 0 {
            let block = stored.block.clone();
            chain.before =
                Some(Head::check_with_root(before.as_ref(), block, tree.root(), &refs)?.head);
        } else {
            // The state before is lost with a damaged block; signature, link and history still tie this one to the rest.
            let header = stored.block.header();
            let keys = self.head.as_ref().map_or(&self.keys, Head::keys);
            stored.block.verify(&stored.root, &keys.at(height).key)?;
            if history.is_some_and(|history| history.root() != header.history_root) {
                return Err(Error::new(ErrorCode::ChainBroken, "history root"));
            }
        }
        if self.store.tree(height)? != Some(tree.to_flat()) {
            return Err(damaged("the stored tree is not that of the entries"));
        }
        for word in self.outside_at(OutsideKey::Block(height))? {
            if word.digest.bytes != stored.block.sealed_digest() {
                return Err(damaged("a word from outside is about another block"));
            }
        }
        Ok(())
    }

    /// Names the entries of a block that are not the leaves of its stored tree.
    fn locate(&self, height: u64, report: &mut CheckReport) {
        let (Ok(Some(row)), Ok(Some(flat))) = (self.store.block(height), self.store.tree(height))
        else {
            return;
        };
        for at in 0..row.content {
            let sequence = row.first + at;
            let leaf = merkle::flat_node(&flat, at + u64::from(height > 0));
            let same = self
                .entry_at(sequence)
                .map(|bytes| Some(merkle::leaf_hash(self.hash, &bytes)) == leaf);
            match same {
                Ok(true) => {}
                Ok(false) => {
                    report.note(Some(height), Some(sequence), damaged("not what was sealed"));
                }
                // Said once more, with its reason, when entries are gone through.
                Err(_) => {}
            }
        }
    }

    fn check_entry(
        &self,
        sequence: u64,
        bytes: &[u8],
        found: &mut Found,
        report: &mut CheckReport,
    ) {
        if let Err(error) = self.check_one(sequence, bytes, found) {
            let height = self.store.height_of(sequence).unwrap_or_default();
            report.note(height, Some(sequence), error);
        }
    }

    /// Checks one entry by itself, what leads to it, and its values where they can be opened.
    fn check_one(&self, sequence: u64, bytes: &[u8], found: &mut Found) -> Result<()> {
        let entry = match Entry::parse(bytes) {
            Ok(entry) => entry,
            // A replica keeps leaves that only a newer version reads; the block's root speaks for them.
            Err(_) if self.replica => return Ok(()),
            Err(error) => return Err(error),
        };
        // Counts first: a problem with one row must not make all others look too many.
        let subjects: HashSet<[u8; 32]> =
            super::append::subjects(&entry, self.hash).into_iter().collect();
        found.sizes.about += subjects.len() as u64;
        let place = entry.place();
        found.sizes.places += u64::from(place.is_some());
        found.records += u64::from(entry.record().is_some());
        let row = self.store.vault(sequence);
        found.sizes.vault += u64::from(matches!(row, Ok(Some(_)) | Err(_)));
        if let Some(place) = place {
            let expected = PlaceRow {
                dossier: place.dossier,
                place: place.place,
                sequence: Some(sequence),
                digest: place.digest,
            };
            if self.store.place(&place.dossier, place.place)? != Some(expected) {
                return Err(damaged("its place in the dossier does not lead to it"));
            }
        }
        for subject in &subjects {
            if !self.store.about(subject)?.contains(&sequence) {
                return Err(damaged("what it is about does not lead to it"));
            }
        }
        for word in self.outside_at(OutsideKey::Entry(sequence))? {
            if word.digest != entry.digest(self.hash) {
                return Err(damaged("a word from outside is about another entry"));
            }
        }
        let row = row?;
        if let Some((record, record_bytes)) = entry.record() {
            let digest = record.digest(record_bytes);
            self.check_profile(record, found)?;
            return match row {
                None => self.check_erased(record, &digest, &[]),
                Some(row) => {
                    let Some(vault) = self.vault.as_ref().filter(|vault| !vault.is_by_host())
                    else {
                        return Ok(());
                    };
                    let kept = vault.open(&digest, &row)?;
                    found.values += kept.len() as u64;
                    check_values(&kept, |name| record.commitment(name).copied(), record.hash)?;
                    self.check_erased(record, &digest, &kept)
                }
            };
        }
        let reference = match &entry.body {
            Body::Tombstone(tombstone) => tombstone.reference,
            Body::Hold(hold) => hold.reference,
            _ => return Ok(()),
        };
        if let (Some(vault), Some(row)) = (self.vault.as_ref(), row)
            && !vault.is_by_host()
        {
            let kept = vault.open(&entry.digest(self.hash), &row)?;
            check_values(&kept, |_| Some(reference), self.hash)?;
        }
        Ok(())
    }

    fn check_profile(&self, record: &Record, found: &mut Found) -> Result<()> {
        let digest = &record.profile.digest;
        if self.replica || !found.profiles.insert(digest.bytes) {
            return Ok(());
        }
        let file = self.store.profile(digest)?;
        digest.check(&file.ok_or_else(|| damaged("its profile is missing"))?)
    }

    /// Values that are not kept must have been erased: a tombstone says so.
    fn check_erased(&self, record: &Record, digest: &Digest, kept: &[Disclosure]) -> Result<()> {
        if kept.len() == record.fields.len() || self.replica {
            return Ok(());
        }
        let mut missing: HashSet<&str> =
            record.fields.iter().map(|field| field.name.as_str()).collect();
        for disclosure in kept {
            missing.remove(disclosure.name.as_str());
        }
        for sequence in self.store.about(&digest.bytes)? {
            let bytes = self.entry_at(sequence)?;
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

    /// Records that are held, and rows that no entry leads to.
    fn check_rest(&self, entries: u64, found: &Found, report: &mut CheckReport) -> Result<()> {
        let mut held = 0;
        match self.held_places() {
            Ok(places) => {
                for place in places {
                    held += 1;
                    if self.store.place(&place.dossier, place.place)? != Some(place) {
                        report.note(
                            None,
                            None,
                            damaged("a held record's place is not kept for it"),
                        );
                    }
                }
            }
            Err(error) => report.note(None, None, error),
        }
        // Appended meanwhile: then the numbers say nothing.
        if self.next_sequence()? != entries || !report.problems.is_empty() {
            return Ok(());
        }
        let sizes = self.store.sizes()?;
        let rows = [
            (sizes.places, found.sizes.places + held, "places"),
            (sizes.about, found.sizes.about, "rows of what entries are about"),
            (sizes.vault, found.sizes.vault, "values"),
            (sizes.blocks, self.head.as_ref().map_or(0, |head| head.height() + 1), "blocks"),
            (sizes.business_ids, sizes.business_ids.min(found.records), "business ids"),
        ];
        for (rows, right, what) in rows {
            if rows != right {
                let text = format!("{rows} {what}, but entries lead to {right}");
                report.note(None, None, damaged(&text));
            }
        }
        Ok(())
    }
}

fn check_values(
    kept: &[Disclosure],
    commitment: impl Fn(&str) -> Option<[u8; 32]>,
    hash: crate::hash::HashAlg,
) -> Result<()> {
    let digests = hash.digest_many(Encoded::of(kept).pieces());
    if kept.iter().zip(digests).all(|(one, digest)| commitment(&one.name) == Some(digest)) {
        return Ok(());
    }
    Err(damaged("a value in the vault does not open its commitment"))
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorCode::Damaged, what)
}
