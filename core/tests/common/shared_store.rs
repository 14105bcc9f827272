//! A store in memory that outlives the ledger that is open over it.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use yinzheng::hash::Digest;
use yinzheng::store::{
    BlockRow, Changes, MemoryStore, OutsideKey, PlaceRow, Sizes, Store, VaultRow,
};
use yinzheng::{Error, Result};

/// Clones share what they hold.
#[derive(Clone)]
pub struct SharedStore(Arc<Mutex<MemoryStore>>);

impl SharedStore {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(MemoryStore::new())))
    }
}

impl Store for SharedStore {
    fn apply(&mut self, changes: &Changes) -> Result<()> {
        self.0.lock().unwrap().apply(changes)
    }
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.0.lock().unwrap().meta(name)
    }
    fn next_sequence(&self) -> Result<u64> {
        self.0.lock().unwrap().next_sequence()
    }
    fn entries(&self, first: u64, count: u64) -> Result<Vec<Vec<u8>>> {
        self.0.lock().unwrap().entries(first, count)
    }
    fn block(&self, height: u64) -> Result<Option<BlockRow>> {
        self.0.lock().unwrap().block(height)
    }
    fn height_of(&self, sequence: u64) -> Result<Option<u64>> {
        self.0.lock().unwrap().height_of(sequence)
    }
    fn nodes(&self, height: u64, positions: &[u64]) -> Result<Option<Vec<[u8; 32]>>> {
        self.0.lock().unwrap().nodes(height, positions)
    }
    fn tree(&self, height: u64) -> Result<Option<Vec<u8>>> {
        self.0.lock().unwrap().tree(height)
    }
    fn history_leaves(&self, first: u64, count: u64) -> Result<Vec<[u8; 32]>> {
        self.0.lock().unwrap().history_leaves(first, count)
    }
    fn last_place(&self, dossier: &[u8; 16]) -> Result<Option<PlaceRow>> {
        self.0.lock().unwrap().last_place(dossier)
    }
    fn place(&self, dossier: &[u8; 16], place: u64) -> Result<Option<PlaceRow>> {
        self.0.lock().unwrap().place(dossier, place)
    }
    fn places(&self, dossier: &[u8; 16]) -> Result<Vec<PlaceRow>> {
        self.0.lock().unwrap().places(dossier)
    }
    fn visit_places(&self, visit: &mut dyn FnMut(PlaceRow) -> Result<()>) -> Result<()> {
        self.0.lock().unwrap().visit_places(visit)
    }
    fn dossiers(&self, after: Option<[u8; 16]>, limit: usize) -> Result<Vec<[u8; 16]>> {
        self.0.lock().unwrap().dossiers(after, limit)
    }
    fn find_record(&self, prefix: &[u8; 17]) -> Result<Option<PlaceRow>> {
        self.0.lock().unwrap().find_record(prefix)
    }
    fn business_id(&self, id: &[u8; 16]) -> Result<Option<u64>> {
        self.0.lock().unwrap().business_id(id)
    }
    fn business_ids_from(&self, first: u64) -> Result<Vec<([u8; 16], u64)>> {
        self.0.lock().unwrap().business_ids_from(first)
    }
    fn vault(&self, sequence: u64) -> Result<Option<VaultRow>> {
        self.0.lock().unwrap().vault(sequence)
    }
    fn vault_rows(&self, first: u64, limit: usize) -> Result<Vec<(u64, VaultRow)>> {
        self.0.lock().unwrap().vault_rows(first, limit)
    }
    fn scrub(&mut self) -> Result<()> {
        self.0.lock().unwrap().scrub()
    }
    fn about(&self, subject: &[u8; 32]) -> Result<Vec<u64>> {
        self.0.lock().unwrap().about(subject)
    }
    fn profile(&self, digest: &Digest) -> Result<Option<Vec<u8>>> {
        self.0.lock().unwrap().profile(digest)
    }
    fn held(&self) -> Result<Vec<(u64, Vec<u8>)>> {
        self.0.lock().unwrap().held()
    }
    fn outside(&self, key: OutsideKey) -> Result<Vec<Vec<u8>>> {
        self.0.lock().unwrap().outside(key)
    }
    fn last_outside(&self, height: u64) -> Result<Option<u64>> {
        self.0.lock().unwrap().last_outside(height)
    }
    fn bytes(&self) -> Result<u64> {
        self.0.lock().unwrap().bytes()
    }
    fn sizes(&self) -> Result<Sizes> {
        self.0.lock().unwrap().sizes()
    }
    fn check(&self) -> Vec<Error> {
        self.0.lock().unwrap().check()
    }
}
