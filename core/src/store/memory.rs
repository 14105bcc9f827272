//! A ledger in memory: for tests, for short-lived tools, and as the plain model of what a store is.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{BlockRow, Changes, OutsideKey, PlaceRow, Sizes, Store, VaultRow, has_prefix};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::merkle::flat_node;

/// A store that lives and ends with the process.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    meta: BTreeMap<String, Vec<u8>>,
    entries: Vec<Vec<u8>>,
    blocks: Vec<(BlockRow, Vec<u8>)>,
    places: BTreeMap<([u8; 16], u64), PlaceRow>,
    business_ids: BTreeMap<[u8; 16], u64>,
    vault: BTreeMap<u64, VaultRow>,
    about: BTreeMap<([u8; 32], u64), ()>,
    profiles: Vec<(Digest, Vec<u8>)>,
    held: BTreeMap<u64, Vec<u8>>,
    outside: Vec<(OutsideKey, Vec<u8>)>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn at(&self, height: u64) -> Option<&(BlockRow, Vec<u8>)> {
        usize::try_from(height).ok().and_then(|at| self.blocks.get(at))
    }

    /// Everything that could be wrong with changes, before any of them is made.
    fn check_changes(&self, changes: &Changes) -> Result<()> {
        let refuse = |code, what: &str| Err(Error::new(code, what));
        if changes.entries.as_ref().is_some_and(|(first, _)| *first != self.entries.len() as u64) {
            return refuse(ErrorCode::Internal, "entries do not continue the store");
        }
        if changes.expected.iter().any(|(name, value)| self.meta.get(*name) != value.as_ref()) {
            return refuse(ErrorCode::Locked, "the store changed under this handle");
        }
        if changes.block.as_ref().is_some_and(|(row, _)| row.height != self.blocks.len() as u64) {
            return refuse(ErrorCode::Internal, "the block does not continue the store");
        }
        if changes.begun.iter().any(|row| row.sequence.is_none()) {
            return refuse(ErrorCode::Internal, "a dossier begins with a held record");
        }
        let mut places = HashMap::new();
        for row in changes.places.iter().chain(&changes.begun) {
            let key = (row.dossier, row.place);
            let there = places.insert(key, *row).or_else(|| self.places.get(&key).copied());
            if there.is_some_and(|there| there.sequence.is_some() || there.digest != row.digest) {
                return refuse(ErrorCode::PlaceTaken, "a place is taken already");
            }
        }
        let mut ids = HashSet::new();
        let taken = |id| self.business_ids.contains_key(id);
        if changes.business_ids.iter().any(|(id, _)| taken(id) || !ids.insert(*id)) {
            return refuse(ErrorCode::Damaged, "a business id is taken already");
        }
        let mut rows = HashSet::new();
        let taken = |at: &u64| self.vault.contains_key(at) && !changes.erased.contains(at);
        if changes.vault.iter().any(|(sequence, _)| taken(sequence) || !rows.insert(*sequence)) {
            return refuse(ErrorCode::Damaged, "values are there already");
        }
        let mut held: HashSet<u64> = self.held.keys().copied().collect();
        for (id, row) in &changes.held {
            if row.is_some() && !held.insert(*id) {
                return refuse(ErrorCode::Damaged, "a held record is there already");
            }
            if row.is_none() {
                held.remove(id);
            }
        }
        Ok(())
    }
}

impl Store for MemoryStore {
    fn apply(&mut self, changes: &Changes) -> Result<()> {
        self.check_changes(changes)?;
        self.entries
            .extend(changes.entries.iter().flat_map(|(_, entries)| entries.iter().cloned()));
        let places = changes.places.iter().chain(&changes.begun);
        self.places.extend(places.map(|row| ((row.dossier, row.place), *row)));
        self.business_ids.extend(changes.business_ids.iter().copied());
        for sequence in &changes.erased {
            self.vault.remove(sequence);
        }
        self.vault.extend(changes.vault.iter().cloned());
        self.about.extend(changes.about.iter().map(|key| (*key, ())));
        for (digest, file) in &changes.profiles {
            if !self.profiles.iter().any(|(known, _)| known == digest) {
                self.profiles.push((*digest, file.clone()));
            }
        }
        for (id, row) in &changes.held {
            match row {
                Some(row) => self.held.insert(*id, row.clone()),
                None => self.held.remove(id),
            };
        }
        self.blocks.extend(changes.block.iter().cloned());
        self.outside.extend(changes.outside.iter().cloned());
        for (name, value) in &changes.meta {
            match value {
                Some(value) => self.meta.insert((*name).to_owned(), value.clone()),
                None => self.meta.remove(*name),
            };
        }
        Ok(())
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.meta.get(name).cloned())
    }

    fn next_sequence(&self) -> Result<u64> {
        Ok(self.entries.len() as u64)
    }

    fn entries(&self, first: u64, count: u64) -> Result<Vec<Vec<u8>>> {
        let skip = usize::try_from(first).unwrap_or(usize::MAX);
        let take = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(self.entries.iter().skip(skip).take(take).cloned().collect())
    }

    fn block(&self, height: u64) -> Result<Option<BlockRow>> {
        Ok(self.at(height).map(|(row, _)| row.clone()))
    }

    fn height_of(&self, sequence: u64) -> Result<Option<u64>> {
        let after = self.blocks.partition_point(|(row, _)| row.first <= sequence);
        let block = after.checked_sub(1).and_then(|at| self.blocks.get(at));
        Ok(block.filter(|(row, _)| sequence - row.first < row.content).map(|(row, _)| row.height))
    }

    fn nodes(&self, height: u64, positions: &[u64]) -> Result<Option<Vec<[u8; 32]>>> {
        let Some((_, flat)) = self.at(height) else { return Ok(None) };
        let root = (flat.len() as u64 / 32).checked_sub(1);
        let nodes: Option<Vec<[u8; 32]>> =
            positions.iter().copied().chain(root).map(|at| flat_node(flat, at)).collect();
        nodes
            .filter(|nodes| !nodes.is_empty())
            .map(Some)
            .ok_or_else(|| Error::new(ErrorCode::Damaged, "a block's tree is too short"))
    }

    fn tree(&self, height: u64) -> Result<Option<Vec<u8>>> {
        Ok(self.at(height).map(|(_, flat)| flat.clone()))
    }

    fn history_leaves(&self, first: u64, count: u64) -> Result<Vec<[u8; 32]>> {
        let skip = usize::try_from(first).unwrap_or(usize::MAX);
        let take = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(self.blocks.iter().skip(skip).take(take).map(|(row, _)| row.history_leaf).collect())
    }

    fn last_place(&self, dossier: &[u8; 16]) -> Result<Option<PlaceRow>> {
        Ok(self.places.range((*dossier, 0)..=(*dossier, u64::MAX)).next_back().map(|(_, row)| *row))
    }

    fn place(&self, dossier: &[u8; 16], place: u64) -> Result<Option<PlaceRow>> {
        Ok(self.places.get(&(*dossier, place)).copied())
    }

    fn places(&self, dossier: &[u8; 16]) -> Result<Vec<PlaceRow>> {
        Ok(self.places.range((*dossier, 0)..=(*dossier, u64::MAX)).map(|(_, row)| *row).collect())
    }

    fn visit_places(&self, visit: &mut dyn FnMut(PlaceRow) -> Result<()>) -> Result<()> {
        self.places.values().copied().try_for_each(visit)
    }

    fn dossiers(&self, after: Option<[u8; 16]>, limit: usize) -> Result<Vec<[u8; 16]>> {
        let first_places = self
            .places
            .keys()
            .filter(|(id, place)| *place == 0 && after.is_none_or(|after| *id > after));
        Ok(first_places.map(|(id, _)| *id).take(limit).collect())
    }

    fn find_record(&self, prefix: &[u8; 17]) -> Result<Option<PlaceRow>> {
        Ok(self.places.values().find(|row| has_prefix(&row.digest.bytes, prefix)).copied())
    }

    fn business_id(&self, id: &[u8; 16]) -> Result<Option<u64>> {
        Ok(self.business_ids.get(id).copied())
    }

    fn business_ids_from(&self, first: u64) -> Result<Vec<([u8; 16], u64)>> {
        let ids = self.business_ids.iter().map(|(id, sequence)| (*id, *sequence));
        Ok(ids.filter(|(_, sequence)| *sequence >= first).collect())
    }

    fn vault(&self, sequence: u64) -> Result<Option<VaultRow>> {
        Ok(self.vault.get(&sequence).cloned())
    }

    fn vault_rows(&self, first: u64, limit: usize) -> Result<Vec<(u64, VaultRow)>> {
        Ok(self.vault.range(first..).take(limit).map(|(at, row)| (*at, row.clone())).collect())
    }

    fn scrub(&mut self) -> Result<()> {
        Ok(())
    }

    fn about(&self, subject: &[u8; 32]) -> Result<Vec<u64>> {
        Ok(self
            .about
            .range((*subject, 0)..=(*subject, u64::MAX))
            .map(|((_, sequence), ())| *sequence)
            .collect())
    }

    fn profile(&self, digest: &Digest) -> Result<Option<Vec<u8>>> {
        Ok(self.profiles.iter().find(|(known, _)| known == digest).map(|(_, file)| file.clone()))
    }

    fn held(&self) -> Result<Vec<(u64, Vec<u8>)>> {
        Ok(self.held.iter().map(|(id, row)| (*id, row.clone())).collect())
    }

    fn outside(&self, key: OutsideKey) -> Result<Vec<Vec<u8>>> {
        Ok(self
            .outside
            .iter()
            .filter(|(of, _)| *of == key)
            .map(|(_, bytes)| bytes.clone())
            .collect())
    }

    fn entries_with_words(&self, first: u64, count: u64) -> Result<HashSet<u64>> {
        let sequences = self.outside.iter().filter_map(|(key, _)| match key {
            OutsideKey::Entry(sequence) => Some(*sequence),
            OutsideKey::Block(_) => None,
        });
        Ok(sequences.filter(|at| (first..first.saturating_add(count)).contains(at)).collect())
    }

    fn last_outside(&self, height: u64) -> Result<Option<u64>> {
        let heights = self.outside.iter().filter_map(|(key, _)| match key {
            OutsideKey::Block(height) => Some(*height),
            OutsideKey::Entry(_) => None,
        });
        Ok(heights.filter(|at| *at <= height).max())
    }

    fn bytes(&self) -> Result<u64> {
        Ok(0)
    }

    fn sizes(&self) -> Result<Sizes> {
        Ok(Sizes {
            blocks: self.blocks.len() as u64,
            places: self.places.len() as u64,
            business_ids: self.business_ids.len() as u64,
            vault: self.vault.len() as u64,
            about: self.about.len() as u64,
        })
    }

    fn check(&self) -> Vec<Error> {
        Vec::new()
    }
}
