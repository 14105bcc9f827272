//! Reading a ledger: by sequence number, by the numbers people use, by dossier; and checking it whole.

use super::types::HeadInfo;
use super::{Inner, Ledger, seal};
use crate::anchor::{Outside, TargetKind};
use crate::block::{Block, Head, Receipt};
use crate::codec::Writer;
use crate::entry::{Entry, Link};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::merkle::{self, Tree};
use crate::number::Number;
use crate::proof::ConsistencyProof;
use crate::store::{BlockRow, Changes, OutsideKey, PlaceRow, Store};
use crate::value::Disclosure;

/// What a number led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A dossier with its places.
    Dossier([u8; 16], Vec<PlaceRow>),
    /// A record.
    Record(PlaceRow),
}

impl Ledger {
    /// The last signed block: what the host should mirror outside.
    ///
    /// # Errors
    /// `Poisoned`; `Damaged` when the ledger was opened for reading though its state is damaged.
    pub fn head(&self) -> Result<Option<HeadInfo>> {
        let inner = self.lock()?;
        inner.check_whole()?;
        Ok(inner.head.as_ref().map(|head| HeadInfo {
            ledger_id: inner.id,
            height: head.height(),
            block_hash: *head.block_hash(),
            sealed_digest: *head.sealed_digest(),
            next_sequence: head.next_sequence(),
        }))
    }

    /// The whole state after the last block, for countersignatures and for a host that goes on by itself.
    ///
    /// # Errors
    /// `NotFound` before block 0 is sealed.
    pub fn head_state(&self) -> Result<Head> {
        let inner = self.lock()?;
        inner.check_whole()?;
        inner.head.clone().ok_or_else(|| Error::new(ErrorCode::NotFound, "no block is sealed yet"))
    }

    /// The exact bytes of an entry.
    ///
    /// # Errors
    /// `NotFound`, 6xx.
    pub fn entry(&self, sequence: u64) -> Result<Vec<u8>> {
        self.lock()?.entry_at(sequence)
    }

    /// The receipt of a sealed entry.
    ///
    /// # Errors
    /// `NotFound` for an entry that is not sealed, `Damaged` when the stored bytes do not lead to the stored root.
    pub fn receipt(&self, sequence: u64) -> Result<Receipt> {
        let inner = self.lock()?;
        let entry = inner.entry_at(sequence)?;
        inner.receipt_for(sequence, &entry)
    }

    /// A block: its sealed bytes and its entries, link first.
    ///
    /// # Errors
    /// `NotFound`, `Damaged`, 6xx.
    pub fn block(&self, height: u64) -> Result<(Block, Vec<Vec<u8>>)> {
        let inner = self.lock()?;
        let stored = inner.stored_block(height)?;
        let entries = inner.block_entries(&stored.row)?;
        Ok((stored.block, entries))
    }

    /// Height of the block that an entry is sealed in; `None` while it is not.
    ///
    /// # Errors
    /// 6xx.
    pub fn height_of(&self, sequence: u64) -> Result<Option<u64>> {
        self.lock()?.height_of(sequence)
    }

    /// The places of a dossier in this ledger, ascending.
    ///
    /// # Errors
    /// 6xx.
    pub fn dossier(&self, dossier: &[u8; 16]) -> Result<Vec<PlaceRow>> {
        self.lock()?.store.places(dossier)
    }

    /// Up to `limit` dossiers with an id above `after`, ascending.
    ///
    /// # Errors
    /// 6xx.
    pub fn dossiers(&self, after: Option<[u8; 16]>, limit: usize) -> Result<Vec<[u8; 16]>> {
        self.lock()?.store.dossiers(after, limit)
    }

    /// What a preservation number 保全号 or record number 存证编号 leads to.
    ///
    /// # Errors
    /// `NotFound`, 6xx.
    pub fn find(&self, number: &Number) -> Result<Found> {
        let inner = self.lock()?;
        let not_found = || {
            Error::new(ErrorCode::NotFound, "no dossier or record of this ledger has this number")
        };
        match number {
            Number::Preservation(id) => {
                let places = inner.store.places(id)?;
                if places.is_empty() { Err(not_found()) } else { Ok(Found::Dossier(*id, places)) }
            }
            Number::Record(prefix) => {
                inner.store.find_record(prefix)?.map(Found::Record).ok_or_else(not_found)
            }
        }
    }

    /// The exact bytes of the profile file that records of this ledger name by its digest.
    ///
    /// # Errors
    /// `NotFound` when no record of this ledger follows it, or in a replica, which has no profiles; 6xx.
    pub fn profile(&self, digest: &Digest) -> Result<Vec<u8>> {
        let file = self.lock()?.store.profile(digest)?;
        file.ok_or_else(|| Error::new(ErrorCode::NotFound, "this ledger keeps no such profile"))
    }

    /// The disclosures of the record at a sequence number.
    ///
    /// # Errors
    /// `WrongVaultKey` without the vault key, `Erased`, `OnHold` while disclosure is restricted, `NotFound`.
    pub fn disclosures(&self, sequence: u64) -> Result<Vec<Disclosure>> {
        let inner = self.lock()?;
        let bytes = inner.entry_at(sequence)?;
        let entry = Entry::parse(&bytes)?;
        let (record, record_bytes) = entry
            .record()
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "the entry is no record"))?;
        let digest = record.digest(record_bytes);
        inner.check_unrestricted(&digest)?;
        inner.open_vault(sequence, &digest)
    }

    /// Keeps a word from outside beside what it is about; once, however often it is handed in.
    ///
    /// # Errors
    /// `NotFound` when this ledger has no block with that sealed digest at that height, or no such entry; what
    /// [`Outside::check`] gives, since a word that no proof can carry would stop every proof of its block; for a timestamp token
    /// (feature `x509`) `InvalidToken` or `UnsupportedAlgorithm`, and `DigestMismatch` when it is about other bytes.
    pub fn attach(&self, key: OutsideKey, outside: &Outside) -> Result<()> {
        outside.check()?;
        let mut inner = self.lock_for_writing()?;
        let (target, bytes) = match key {
            OutsideKey::Block(height) => {
                (TargetKind::Block, inner.stored_block(height)?.block.sealed_bytes())
            }
            OutsideKey::Entry(sequence) => (TargetKind::Entry, inner.entry_at(sequence)?),
        };
        if outside.target != target || outside.digest != Digest::of(inner.hash, &bytes) {
            return Err(Error::new(ErrorCode::NotFound, "it is about another block or entry"));
        }
        #[cfg(feature = "x509")]
        if outside.kind == crate::anchor::OutsideKind::TimestampToken {
            crate::anchor::Timestamp::parse(&outside.bytes)?.covers(&bytes)?;
        }
        let mut w = Writer::new();
        outside.write(&mut w);
        let word = w.finish();
        if inner.store.outside(key)?.contains(&word) {
            return Ok(());
        }
        inner.store.apply(&Changes { outside: vec![(key, word)], ..Changes::default() })
    }

    /// Proof that the block at `older` is an ancestor of the one at `newer`.
    ///
    /// # Errors
    /// `NotFound`, `InvalidArgument` when `older` is not below `newer`.
    pub fn consistency(&self, older: u64, newer: u64) -> Result<ConsistencyProof> {
        if older >= newer {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "the older block is below the newer one",
            ));
        }
        let inner = self.lock()?;
        let old = inner.stored_block(older)?;
        let new = inner.stored_block(newer)?;
        let leaves = inner.store.history_leaves(0, newer)?;
        ConsistencyProof::new(old.block, old.root, new.block, new.root, leaves)
    }
}

/// A block as the store has it.
pub(super) struct StoredBlock {
    pub(super) row: BlockRow,
    pub(super) block: Block,
    pub(super) root: [u8; 32],
}

impl StoredBlock {
    /// Reads a block with its root, as it was sealed: its history leaf covers header, root and signature.
    pub(super) fn read(store: &dyn Store, ledger_id: &Digest, height: u64) -> Result<Self> {
        let damaged =
            |what: &str| Error::new(ErrorCode::Damaged, format!("block {height}: {what}"));
        let row = store
            .block(height)?
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "no block has this height"))?;
        let block = Block::parse(&row.sealed).map_err(|_| damaged("unreadable"))?;
        let nodes = store.nodes(height, &[])?;
        let root = nodes.and_then(|mut nodes| nodes.pop()).ok_or_else(|| damaged("no root"))?;
        if seal::block_row(&block, &root) != row || block.header().ledger_id != ledger_id.bytes {
            return Err(damaged("header, root and signature are not as they were sealed"));
        }
        Ok(Self { row, block, root })
    }
}

impl Inner {
    pub(super) fn entry_at(&self, sequence: u64) -> Result<Vec<u8>> {
        let found = self.store.entries(sequence, 1)?.into_iter().next();
        found.ok_or_else(|| match sequence < self.first_unsealed() {
            true => Error::new(ErrorCode::Damaged, format!("entry {sequence}: missing")),
            false => Error::new(ErrorCode::NotFound, "no entry has this sequence number"),
        })
    }

    pub(super) fn stored_block(&self, height: u64) -> Result<StoredBlock> {
        let stored = StoredBlock::read(&*self.store, &self.id, height);
        let is_below = |head: &Head| height <= head.height();
        match stored {
            Err(error) if error.code() == ErrorCode::NotFound => {
                if self.head.as_ref().is_some_and(is_below) {
                    return Err(Error::new(ErrorCode::Damaged, format!("block {height}: missing")));
                }
                Err(error)
            }
            other => other,
        }
    }

    pub(super) fn height_of(&self, sequence: u64) -> Result<Option<u64>> {
        let height = self.store.height_of(sequence)?;
        if height.is_none() && sequence < self.first_unsealed() {
            return Err(Error::new(
                ErrorCode::Damaged,
                format!("nothing leads to the block of entry {sequence}"),
            ));
        }
        Ok(height)
    }

    /// The head's own block, which must be the one that the head names.
    pub(super) fn check_last_block(&self, head: &Head) -> Result<StoredBlock> {
        let stored = self.stored_block(head.height())?;
        if stored.block.block_hash(&stored.root) != *head.block_hash()
            || stored.block.sealed_digest() != *head.sealed_digest()
        {
            return Err(Error::new(ErrorCode::Damaged, "the last block is not the head's"));
        }
        Ok(stored)
    }

    /// The entries of a block as its leaves. The link is not stored: it follows from the block before.
    pub(super) fn block_entries(&self, row: &BlockRow) -> Result<Vec<Vec<u8>>> {
        let mut entries = Vec::new();
        if let Some(before) = row.height.checked_sub(1) {
            entries.push(self.link_after(before)?);
        }
        let content = self.store.entries(row.first, row.content)?;
        if content.len() as u64 != row.content {
            return Err(Error::new(
                ErrorCode::Damaged,
                format!("block {}: entries are missing", row.height),
            ));
        }
        entries.extend(content);
        Ok(entries)
    }

    pub(super) fn link_after(&self, height: u64) -> Result<Vec<u8>> {
        let stored = self.stored_block(height)?;
        Ok(Link {
            previous_block: stored.block.block_hash(&stored.root),
            previous_sealed: stored.block.sealed_digest(),
        }
        .encode())
    }

    pub(super) fn receipt_for(&self, sequence: u64, entry: &[u8]) -> Result<Receipt> {
        let not_sealed = || Error::new(ErrorCode::NotFound, "the entry is not in a signed block");
        let height = self.height_of(sequence)?.ok_or_else(not_sealed)?;
        let stored = self.stored_block(height)?;
        let index = sequence.saturating_sub(stored.row.first) + u64::from(height > 0);
        self.receipt_at(&stored, index, entry)
    }

    /// The receipt of leaf `index`, checked against the block's root, so that a flipped bit is found here and not in court.
    pub(super) fn receipt_at(
        &self,
        stored: &StoredBlock,
        index: u64,
        entry: &[u8],
    ) -> Result<Receipt> {
        let height = stored.row.height;
        let damaged =
            |what: &str| Error::new(ErrorCode::Damaged, format!("block {height}: {what}"));
        let positions = merkle::flat_path(index, stored.block.header().entry_count)
            .ok_or_else(|| damaged("no such leaf"))?;
        let mut path = self.store.nodes(height, &positions)?.ok_or_else(|| damaged("no tree"))?;
        path.pop();
        let receipt = stored.block.receipt(index, path);
        if receipt.root(entry)? != stored.root {
            return Err(damaged("entry and path do not lead to the root"));
        }
        Ok(receipt)
    }

    pub(super) fn open_vault(&self, sequence: u64, record: &Digest) -> Result<Vec<Disclosure>> {
        let vault = self
            .vault
            .as_ref()
            .ok_or_else(|| Error::new(ErrorCode::WrongVaultKey, "values need the vault key"))?;
        match self.store.vault(sequence)? {
            Some(row) => vault.open(record, &row),
            None => Err(Error::new(ErrorCode::Erased, "no values are kept for this record")),
        }
    }

    /// The history tree below the head, kept between proofs.
    pub(super) fn history_below_head(&mut self) -> Result<&Tree> {
        if self.history.is_none() {
            let height = self.head.as_ref().map_or(0, Head::height);
            let leaves = self.store.history_leaves(0, height)?;
            self.history = Some(Tree::new(self.hash, leaves));
        }
        self.history.as_ref().ok_or_else(|| Error::new(ErrorCode::Internal, "history"))
    }
}
