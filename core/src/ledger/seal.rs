//! Sealing: from appended entries to a signed block, in two phases.

use super::types::{Pending, Sealed};
use super::{Inner, Ledger, meta};
use crate::block::{
    Block, BlockHeader, BlockLeaves, Head, LeafHasher, PreparedBlock, history_leaf,
};
use crate::codec::{Item, Writer};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::sign::{PublicKey, Signature, Strictness};
use crate::store::{BlockRow, Changes};

/// The most entries in one block of the embedded ledger: what is sealed at once is held in memory at once. What is left
/// over goes into the next block.
const BLOCK_ENTRIES: u64 = if cfg!(test) { 50 } else { 100_000 };

/// A block whose bytes were handed out: kept until it is committed, whatever happens in between.
pub(super) struct PendingBlock {
    /// Sequence number after its last entry.
    pub(super) end: u64,
    protected: Vec<u8>,
    root: [u8; 32],
    /// The state as the store has it.
    stored: Vec<u8>,
    /// Made when the block was begun; after a restart, made again from what is stored.
    leaves: Option<BlockLeaves>,
}

impl PendingBlock {
    fn new(end: u64, protected: Vec<u8>, root: [u8; 32]) -> Self {
        let mut w = Writer::new();
        w.array(3).uint(end).bstr(&protected).bstr(&root);
        Self { end, protected, root, stored: w.finish(), leaves: None }
    }

    pub(super) fn decode(bytes: Vec<u8>) -> Result<Self> {
        let [end, protected, root] = Item::parse(&bytes, bytes.len())?.array_n::<3>()?;
        let (end, protected, root) = (end.count()?, protected.bstr()?.to_vec(), root.bstr32()?);
        Ok(Self { end, protected, root, stored: bytes, leaves: None })
    }

    /// When it was begun, seconds since 1970.
    pub(super) fn begun_s(&self) -> Option<u64> {
        BlockHeader::parse(&self.protected).ok().map(|header| header.begun_at)
    }

    /// Whether this block can stand after `head` with the entries that the store has.
    pub(super) fn fits(&self, head: Option<&Head>, id: &Digest, next_sequence: u64) -> bool {
        let Ok(header) = BlockHeader::parse(&self.protected) else { return false };
        let first = head.map_or(0, Head::next_sequence);
        header.ledger_id == id.bytes
            && header.hash == id.alg
            && header.height == head.map_or(0, |head| head.height() + 1)
            && header.previous_block.as_ref() == head.map(Head::block_hash)
            && header.first_sequence == first
            && first.checked_add(header.content_count()) == Some(self.end)
            && self.end <= next_sequence
    }
}

impl Ledger {
    /// Fixes the next block over all entries that are not sealed, and gives the bytes to sign. Until [`Ledger::commit`] it gives
    /// the same bytes again, across restarts; entries that are appended meanwhile go into the block after.
    ///
    /// `now_s` is the time in seconds since 1970, sealed as the time the block was begun.
    ///
    /// # Errors
    /// `NothingToSeal`, `LedgerClosed`, `Damaged` when stored entries cannot be what was appended, 6xx.
    pub fn begin(&self, now_s: u64) -> Result<Pending> {
        let mut inner = self.lock_for_writing()?;
        if let Some(pending) = inner.describe_pending()? {
            return Ok(pending);
        }
        inner.check_not_ended()?;
        let first = inner.first_unsealed();
        let leaves = inner.leaves_from(first, BLOCK_ENTRIES)?;
        let end = first + leaves.tree().size() - u64::from(inner.head.is_some());
        if end == first {
            return Err(Error::new(ErrorCode::NothingToSeal, "every entry is in a signed block"));
        }
        // Leaves are computed from what the store gives back, and the store gives back what was appended or an error: a
        // flipped bit is not signed unseen.
        let prepared = Head::prepare_leaves(inner.head.as_ref(), &leaves, now_s)?;
        let mut pending = PendingBlock::new(end, prepared.protected, prepared.root);
        pending.leaves = Some(leaves);
        let expected =
            vec![(meta::HEAD, inner.stored_head.clone()), (meta::PENDING, Some(Vec::new()))];
        inner.store.apply(&Changes {
            expected,
            meta: vec![(meta::PENDING, Some(pending.stored.clone()))],
            ..Changes::default()
        })?;
        inner.pending = Some(pending);
        inner.describe_pending()?.ok_or_else(|| Error::new(ErrorCode::Internal, "begin"))
    }

    /// The block that waits for its signature, if there is one.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn pending(&self) -> Result<Option<Pending>> {
        let inner = self.lock()?;
        inner.check_whole()?;
        inner.describe_pending()
    }

    /// Takes the signature over the pending block, raw r‖s or DER, verifies it with the key in force, and seals.
    ///
    /// # Errors
    /// `NothingPending`; `StalePending` for the signature of the block before, which is sealed already; `InvalidSignature` or
    /// `SignatureMismatch` with what would have fitted. The block stays pending then. `Damaged` when the block
    /// was begun by another process and the stored entries changed since, 6xx.
    pub fn commit(&self, signature: &[u8]) -> Result<Sealed> {
        let mut inner = self.lock_for_writing()?;
        inner.check_not_ended()?;
        let pending = inner
            .pending
            .as_ref()
            .ok_or_else(|| Error::new(ErrorCode::NothingPending, "no block was begun"))?;
        let others: Vec<&PublicKey> = inner.keys.all().iter().map(|known| &known.key).collect();
        let block = match inner.prepared(pending)?.sign_knowing(signature, &others) {
            Err(error) if inner.is_over_head(signature)? => {
                return Err(Error::new(ErrorCode::StalePending, error.context()));
            }
            other => other?,
        };
        let made;
        let leaves = match &pending.leaves {
            Some(leaves) => leaves,
            None => {
                made = inner.leaves_of_pending(pending)?;
                &made
            }
        };
        let sealed = Head::check_leaves(inner.head.as_ref(), &block, leaves)?;
        let (row, tree) = (block_row(&sealed.block, &sealed.root), leaves.tree().to_flat());
        let summary = Sealed {
            height: row.height,
            block_hash: *sealed.head.block_hash(),
            sealed_digest: *sealed.head.sealed_digest(),
            first_sequence: row.first,
            entries: row.content,
        };
        let stored_head = Some(sealed.head.encode());
        let expected = vec![(meta::PENDING, Some(pending.stored.clone()))];
        inner.store.apply(&Changes {
            expected,
            block: Some((row, tree)),
            meta: vec![(meta::HEAD, stored_head.clone()), (meta::PENDING, Some(Vec::new()))],
            ..Changes::default()
        })?;
        inner.head = Some(sealed.head);
        inner.stored_head = stored_head;
        inner.pending = None;
        inner.history = None;
        Ok(summary)
    }

    /// Begins, signs and commits in one call, for a host whose signer answers at once. `sign` gets the bytes and the key.
    ///
    /// # Errors
    /// As [`Ledger::begin`] and [`Ledger::commit`], or what `sign` gives; the block stays pending then.
    pub fn seal_with(
        &self,
        now_s: u64,
        sign: impl FnOnce(&[u8], &PublicKey) -> Result<Vec<u8>>,
    ) -> Result<Sealed> {
        let pending = self.begin(now_s)?;
        let signature = sign(&pending.to_be_signed, &pending.key)?;
        self.commit(&signature)
    }
}

impl Inner {
    /// The height of the block that the entry at `sequence`, not sealed yet, will be in: a block takes what is there when
    /// it is begun, up to its limit, and what is left over goes into the one after.
    pub(super) fn landing_height(&self, sequence: u64) -> u64 {
        let next = self.head.as_ref().map_or(0, |head| head.height() + 1);
        let (start, height) = match &self.pending {
            Some(pending) => (pending.end, next + 1),
            None => (self.first_unsealed(), next),
        };
        sequence.checked_sub(start).map_or(next, |after| height + after / BLOCK_ENTRIES)
    }

    /// The leaves of the next block, with the link where there is one.
    fn leaves_from(&self, first: u64, count: u64) -> Result<BlockLeaves> {
        let mut leaves = match &self.head {
            None => LeafHasher::first(self.hash),
            Some(head) => LeafHasher::after(head),
        };
        self.store.visit_entries(first, count, &mut |_, entries| {
            leaves.add(entries);
            Ok(())
        })?;
        Ok(leaves.finish())
    }

    fn leaves_of_pending(&self, pending: &PendingBlock) -> Result<BlockLeaves> {
        let first = self.first_unsealed();
        let leaves = self.leaves_from(first, pending.end.saturating_sub(first))?;
        if leaves.tree().root() != pending.root {
            return Err(Error::new(
                ErrorCode::Damaged,
                "stored entries changed since the block was begun",
            ));
        }
        Ok(leaves)
    }

    fn prepared(&self, pending: &PendingBlock) -> Result<PreparedBlock> {
        let header = BlockHeader::parse(&pending.protected)?;
        let key = match &self.head {
            Some(head) => head.keys().at(header.height).key.clone(),
            None => self.keys.at(0).key.clone(),
        };
        Ok(PreparedBlock {
            protected: pending.protected.clone(),
            root: pending.root,
            link: None,
            key,
        })
    }

    /// Whether a signature is one over the last sealed block: a signer's answer that came twice, or late.
    fn is_over_head(&self, signature: &[u8]) -> Result<bool> {
        let Some(head) = &self.head else { return Ok(false) };
        let stored = self.stored_block(head.height())?;
        let key = &head.keys().at(head.height()).key;
        let message = stored.block.to_be_signed(&stored.root);
        Ok(Signature::normalise(key.alg(), signature)
            .and_then(|signature| key.verify(&message, &signature, Strictness::Ours))
            .is_ok())
    }

    fn describe_pending(&self) -> Result<Option<Pending>> {
        let Some(pending) = &self.pending else { return Ok(None) };
        let header = BlockHeader::parse(&pending.protected)?;
        let prepared = self.prepared(pending)?;
        Ok(Some(Pending {
            height: header.height,
            entries: header.entry_count,
            to_be_signed: prepared.to_be_signed(),
            key: prepared.key,
        }))
    }
}

/// The row that keeps a block.
pub(super) fn block_row(block: &Block, root: &[u8; 32]) -> BlockRow {
    let header = block.header();
    BlockRow {
        height: header.height,
        first: header.first_sequence,
        content: header.content_count(),
        sealed: block.sealed_bytes(),
        history_leaf: history_leaf(
            header.hash,
            header.height,
            &block.block_hash(root),
            &block.sealed_digest(),
        ),
    }
}
