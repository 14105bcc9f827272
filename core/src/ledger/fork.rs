//! Proof of misbehaviour: one key signed two blocks of one ledger at one height.

use std::collections::BTreeSet;
use std::io::Read;

use super::{Inner, Ledger};
use crate::block::Block;
use crate::bundle::{BundleBlock, BundleReader};
use crate::entry::{Body, Entry};
use crate::error::{Error, ErrorCode, Result};
use crate::merkle::{Tree, leaf_hashes};
use crate::proof::{Proof, ProofBuilder};

impl Ledger {
    /// A proof that this ledger was forked: `other`, a block that somebody else was sent, stands at a height where this ledger
    /// or replica has another one, and both are signed by the key in force there. Any verifier answers CONTRADICTED to the line
    /// `ledger.one-history`. It shows no record and no value: genesis, ledger keys, and one leaf of each of the two blocks.
    ///
    /// # Errors
    /// `InvalidArgument` for a block of another ledger or the same block; `NotFound` for a height that is not sealed here, so that
    /// there is nothing to compare; `ChainBroken` when its entries are not those it counts, `SignatureMismatch` when it was not
    /// signed by that key and so proves nothing; `Damaged`.
    pub fn prove_fork(&self, other: &BundleBlock) -> Result<Proof> {
        let mut inner = self.lock()?;
        inner.check_whole()?;
        let head = inner
            .head
            .clone()
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "no block is sealed yet"))?;
        let block = Block::parse(&other.sealed)?;
        let (header, height) = (block.header(), block.header().height);
        if header.ledger_id != inner.id.bytes || header.hash != inner.hash {
            return Err(Error::new(ErrorCode::InvalidArgument, "the block is of another ledger"));
        }
        let own = inner.stored_block(height)?;
        let tree = Tree::new(inner.hash, leaf_hashes(inner.hash, &other.entries));
        if header.entry_count != tree.size() || tree.size() < 2 {
            return Err(Error::new(
                ErrorCode::ChainBroken,
                "the entry count is not the number of entries",
            ));
        }
        block.verify(&tree.root(), &head.keys().at(height).key)?;
        if own.row.sealed == other.sealed {
            return Err(Error::new(ErrorCode::InvalidArgument, "both are the same block"));
        }
        let mut builder = ProofBuilder::new(inner.hash, inner.id.bytes);
        let mut heights = BTreeSet::new();
        // Leaves of our block at this height that are shown; the other block is shown by a leaf at another index.
        let mut shown = BTreeSet::new();
        for sequence in inner.genesis_and_keys()? {
            let entry = inner.entry_at(sequence)?;
            let receipt = inner.receipt_for(sequence, &entry)?;
            let at = receipt.block().header().height;
            heights.insert(at);
            if at == height {
                shown.insert(receipt.index());
            }
            builder.item(entry, &receipt, &[]);
        }
        if shown.is_empty() {
            let link = inner.link_after(height.saturating_sub(1))?;
            builder.item(link.clone(), &inner.receipt_at(&own, 0, &link)?, &[]);
            heights.insert(height);
            shown.insert(0);
        }
        let theirs = (0..).zip(&other.entries).find(|(index, _)| !shown.contains(index));
        let (index, entry) = theirs.ok_or_else(|| {
            Error::new(ErrorCode::ChainBroken, "no leaf of the block is left to show")
        })?;
        builder.item(entry.clone(), &block.receipt(index, tree.path(index)?), &[]);
        let top = inner.newest_top()?;
        inner.add_head(&mut builder, &top, &mut heights)?;
        builder.finish()
    }
}

impl Ledger {
    /// As [`Ledger::prove_fork`], of the first block of a bundle that is another one than the block at its height here: what a
    /// replica does with a bundle that it refused with `ChainBroken`.
    ///
    /// # Errors
    /// `NotFound` when no block of the bundle is another one; what [`BundleReader`] and [`Ledger::prove_fork`] give.
    pub fn prove_fork_in(&self, bundle: impl Read) -> Result<Proof> {
        let mut reader = BundleReader::new(bundle)?;
        if reader.header().ledger_id != self.id {
            return Err(Error::new(ErrorCode::InvalidArgument, "the bundle is of another ledger"));
        }
        let head = self.head()?;
        while let Some(block) = reader.next_block()? {
            let height = Block::parse(&block.sealed)?.header().height;
            if head.as_ref().is_none_or(|head| height > head.height) {
                break;
            }
            if self.lock()?.stored_block(height)?.row.sealed != block.sealed {
                return self.prove_fork(&block);
            }
        }
        Err(Error::new(ErrorCode::NotFound, "no block of the bundle is another one than here"))
    }
}

impl Inner {
    /// Sequence numbers of what a verifier needs to follow the ledger's keys.
    fn genesis_and_keys(&self) -> Result<BTreeSet<u64>> {
        let mut all = BTreeSet::from([0]);
        let top = self.newest_top()?;
        for key in self.keys_under(&top) {
            for sequence in self.sealed_about(&key.kid, &top)? {
                if matches!(Entry::parse(&self.entry_at(sequence)?)?.body, Body::Key(..)) {
                    all.insert(sequence);
                }
            }
        }
        Ok(all)
    }
}
