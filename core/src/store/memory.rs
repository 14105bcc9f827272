//! A ledger in memory: for tests, for short-lived tools, and as the plain model of what a store is.

use std::collections::BTreeMap;

use super::{BlockRow, Changes, OutsideKey, PlaceRow, Store, VaultRow, has_prefix};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::merkle::flat_node;

/// A store that lives and ends with the process.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    meta: BTreeMap<String, Vec<u8>>,
    entries: Vec<Vec<u8>>,
    blocks: Vec<BlockRow>,
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
}

impl Store for MemoryStore {
    fn apply(&mut self, changes: &Changes) -> Result<()> {
        if let Some((first, _)) = &changes.entries
            && *first != self.next_sequence()?
        {
            return Err(Error::new(ErrorCode::Internal, "entries do not continue the store"));
        }
        if let Some(block) = &changes.block
            && usize::try_from(block.height) != Ok(self.blocks.len())
        {
            return Err(Error::new(ErrorCode::Internal, "the block does not continue the store"));
        }
        self.entries
            .extend(changes.entries.iter().flat_map(|(_, entries)| entries.iter().cloned()));
        self.places.extend(changes.places.iter().map(|row| ((row.dossier, row.place), *row)));
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
        Ok(usize::try_from(height).ok().and_then(|at| self.blocks.get(at)).cloned())
    }

    fn height_of(&self, sequence: u64) -> Result<Option<u64>> {
        let after = self.blocks.partition_point(|block| block.first <= sequence);
        let block = after.checked_sub(1).and_then(|at| self.blocks.get(at));
        Ok(block.filter(|block| sequence < block.first + block.content).map(|block| block.height))
    }

    fn nodes(&self, height: u64, positions: &[u64]) -> Result<Option<(Vec<u8>, Vec<[u8; 32]>)>> {
        let Some(block) = self.block(height)? else { return Ok(None) };
        let root = (block.nodes.len() as u64 / 32).checked_sub(1);
        let nodes: Option<Vec<[u8; 32]>> =
            positions.iter().copied().chain(root).map(|at| flat_node(&block.nodes, at)).collect();
        let nodes =
            nodes.ok_or_else(|| Error::new(ErrorCode::Damaged, "a block's tree is too short"))?;
        Ok(Some((block.sealed, nodes)))
    }

    fn history_leaves(&self, first: u64, count: u64) -> Result<Vec<[u8; 32]>> {
        let skip = usize::try_from(first).unwrap_or(usize::MAX);
        let take = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(self.blocks.iter().skip(skip).take(take).map(|block| block.history_leaf).collect())
    }

    fn last_place(&self, dossier: &[u8; 16]) -> Result<Option<PlaceRow>> {
        Ok(self.places.range((*dossier, 0)..=(*dossier, u64::MAX)).next_back().map(|(_, row)| *row))
    }

    fn places(&self, dossier: &[u8; 16]) -> Result<Vec<PlaceRow>> {
        Ok(self.places.range((*dossier, 0)..=(*dossier, u64::MAX)).map(|(_, row)| *row).collect())
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

    fn check(&self) -> Result<()> {
        Ok(())
    }
}
