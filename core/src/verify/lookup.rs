//! Finding one's way about the case.

use super::case::{BlockShown, Case, LedgerShown, RecordShown, Shown};
use super::chain::BlockKey;
use super::verdict::Status;
use crate::entry::Body;
use crate::hash::Digest;

impl<'a> Case<'a> {
    /// The records with this digest, by their places in `records`.
    pub(super) fn find(&self, digest: &Digest) -> &[usize] {
        self.by_digest.get(digest).map_or(&[], Vec::as_slice)
    }

    /// The block of an item.
    pub(super) fn block_of(&self, item: &Shown<'_>) -> Option<&BlockShown<'a>> {
        self.blocks.get(item.block)
    }

    /// Whether an item is proven to be in a signed block of its ledger's one history.
    pub(super) fn sealed(&self, item: &Shown<'_>) -> Status {
        let Some(block) = self.block_of(item) else { return Status::NotProven };
        match block.root {
            Some(root) if root != item.root => Status::Contradicted,
            Some(_) if block.ended.is_none() && block.in_history == Some(true) => {
                match item.entry.body {
                    Body::Unknown { critical: true } => Status::NotProven,
                    _ => Status::Proven,
                }
            }
            // With one root there is nothing to tell whether entry or signature was changed: the block's own line
            // says that they do not fit, and so does the entry's.
            None if block.key == BlockKey::InForce => Status::Contradicted,
            _ => Status::NotProven,
        }
    }

    /// The item of a record.
    pub(super) fn item_of(&self, record: &RecordShown<'_>) -> Option<&Shown<'a>> {
        self.items.get(record.item)
    }

    /// The ledger with this id, by its place in `ledgers`.
    pub(super) fn ledger_of(&self, id: &Digest) -> Option<usize> {
        let at = self.ledgers.binary_search_by_key(&id.bytes, |ledger| ledger.id.bytes).ok()?;
        self.ledgers.get(at).filter(|ledger| ledger.id == *id).map(|_| at)
    }

    /// A block with this sealed digest whose signature verified.
    pub(super) fn block_sealed_as(&self, sealed: &Digest) -> Option<usize> {
        let digests = &self.sealed_digests;
        let at = digests.binary_search_by_key(&sealed.bytes, |(digest, _)| *digest).ok()?;
        let (_, place) = digests.get(at)?;
        let block = self.blocks.get(*place)?;
        (block.root.is_some() && block.block.header().hash == sealed.alg).then_some(*place)
    }

    /// The blocks shown of a ledger at a height, with their places.
    pub(super) fn blocks_at(
        &self,
        ledger: &LedgerShown<'_>,
        height: u64,
    ) -> impl Iterator<Item = (usize, &BlockShown<'a>)> {
        let at = |place: &usize| self.blocks.get(*place).map_or(0, BlockShown::height);
        let from = ledger.blocks.partition_point(|place| at(place) < height);
        let shown: Vec<usize> = ledger
            .blocks
            .iter()
            .skip(from)
            .copied()
            .take_while(|place| at(place) == height)
            .collect();
        shown.into_iter().filter_map(|place| Some((place, self.blocks.get(place)?)))
    }

    /// The record in an item.
    pub(super) fn record_at(&self, item: usize) -> Option<&RecordShown<'a>> {
        let at = self.records.binary_search_by_key(&item, |record| record.item).ok()?;
        self.records.get(at)
    }

    /// Whether a record may be relied on: sealed, and proven to be.
    pub(super) fn stands(&self, record: &RecordShown<'_>) -> bool {
        self.item_of(record).is_some_and(|item| self.sealed(item) == Status::Proven)
    }
}
