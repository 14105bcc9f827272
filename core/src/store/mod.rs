//! Where a ledger keeps its bytes. The ledger drives a [`Store`]; it never sees a file or a row.
//!
//! A store has one way to change: [`Store::apply`] takes a set of changes and makes them durable together, or none of
//! them. Everything the ledger promises rests on that.

mod backup;
mod batch;
mod lock;
mod mark;
mod memory;
mod network;
mod rows;
mod runs;
mod schema;
mod sqlite;
mod verify;
mod wipe;
mod write;

pub use backup::backup;
pub use memory::MemoryStore;
pub use sqlite::SqliteStore;

use std::collections::HashSet;

use crate::error::{Error, Result};
use crate::hash::Digest;

/// A signed block as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRow {
    /// Height.
    pub height: u64,
    /// Sequence number of its first entry that is not a link.
    pub first: u64,
    /// Number of its entries that are not links.
    pub content: u64,
    /// Sealed bytes.
    pub sealed: Vec<u8>,
    /// The block's leaf in the history tree.
    pub history_leaf: [u8; 32],
}

/// A place taken in a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// The dossier.
    pub dossier: [u8; 16],
    /// The place.
    pub place: u64,
    /// Sequence number of the entry that takes it; `None` while a record is held out for signature.
    pub sequence: Option<u64>,
    /// Record digest that the next place cites.
    pub digest: Digest,
}

/// Encrypted disclosures of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultRow {
    /// The record's own key, wrapped under the vault key.
    pub key: Vec<u8>,
    /// The disclosures under the record's key.
    pub data: Vec<u8>,
}

/// Changes that become durable together or not at all.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Named state that must still be as the caller knows it, else nothing is done: a second writer who got past the lock
    /// finds out here, before two blocks are begun at one height.
    pub expected: Vec<(&'static str, Option<Vec<u8>>)>,
    /// Entries with the sequence number of the first: they must continue what is there.
    pub entries: Option<(u64, Vec<Vec<u8>>)>,
    /// Places taken, or changed from held to sealed. A place that has a sequence number keeps it.
    pub places: Vec<PlaceRow>,
    /// First places of dossiers whose ids were drawn at random for these changes. Nothing can be there, so it is not looked for.
    pub begun: Vec<PlaceRow>,
    /// Business ids, as keyed digests, with the sequence number they led to.
    pub business_ids: Vec<([u8; 16], u64)>,
    /// Sequence numbers whose vault rows are destroyed, before new ones are written.
    pub erased: Vec<u64>,
    /// Vault rows by sequence number; one that takes the place of another has that one in `erased`.
    pub vault: Vec<(u64, VaultRow)>,
    /// What entries are about: a record or key entry digest, and the sequence number of the entry that is about it.
    pub about: Vec<([u8; 32], u64)>,
    /// Profile files by their digest.
    pub profiles: Vec<(Digest, Vec<u8>)>,
    /// Records held out for signature, by id, in order; `None` removes one, and must stand before another under its id.
    pub held: Vec<(u64, Option<Vec<u8>>)>,
    /// A block, and its tree in flat form ([`crate::merkle::flat_path`]); the root is its last node.
    pub block: Option<(BlockRow, Vec<u8>)>,
    /// Words from outside, each with the height or sequence number it is kept at.
    pub outside: Vec<(OutsideKey, Vec<u8>)>,
    /// Named state; `None` removes.
    pub meta: Vec<(&'static str, Option<Vec<u8>>)>,
}

/// What a word from outside is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutsideKey {
    /// A block, by height.
    Block(u64),
    /// An entry, by sequence number.
    Entry(u64),
}

/// Takes entries, with the sequence number of the first.
pub type VisitEntries<'a> = dyn FnMut(u64, &[&[u8]]) -> Result<()> + 'a;

/// How many rows there are, to find rows that nothing leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Signed blocks.
    pub blocks: u64,
    /// Places.
    pub places: u64,
    /// Business ids.
    pub business_ids: u64,
    /// Vault rows.
    pub vault: u64,
    /// Rows that say what an entry is about.
    pub about: u64,
}

/// A place to keep a ledger. Reads give what the last successful [`Store::apply`] left, or an error: never other bytes, except
/// in a block's tree, which is checked against its signed root. Numbers beyond anything stored lead to nothing.
///
/// # Errors
/// Every method gives `Storage`, `DiskFull` or `Damaged`.
#[allow(clippy::missing_errors_doc)] // said once, above, for all
pub trait Store: Send {
    /// Makes all changes durable, or none. After an error nothing is changed for this handle; after a crash the changes may
    /// be there all the same.
    ///
    /// `Locked` when `expected` is not what is there; `Internal` for entries or a block that do not continue what is there;
    /// `PlaceTaken` for a place that is taken; `Damaged` for a business id, vault row or block that is there already.
    fn apply(&mut self, changes: &Changes) -> Result<()>;

    /// From here to [`Store::end_reading`] or the next [`Store::apply`] all reads are of one moment. For many small reads, which
    /// are cheaper so.
    fn begin_reading(&self) -> Result<()> {
        Ok(())
    }

    /// Ends what [`Store::begin_reading`] began, if anything.
    fn end_reading(&self) -> Result<()> {
        Ok(())
    }

    /// Named state.
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>>;

    /// The sequence number after the last entry.
    fn next_sequence(&self) -> Result<u64>;

    /// Up to `count` entries from sequence number `first`.
    fn entries(&self, first: u64, count: u64) -> Result<Vec<Vec<u8>>>;

    /// Calls `visit` with up to `count` entries from sequence number `first`, a list at a time, each with the sequence number of
    /// its first. For a caller that needs each only once: a store that keeps many together copies none of them. An error that
    /// `visit` gives ends it and is given back.
    fn visit_entries(&self, first: u64, count: u64, visit: &mut VisitEntries<'_>) -> Result<()> {
        let entries = self.entries(first, count)?;
        let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        if entries.is_empty() { Ok(()) } else { visit(first, &entries) }
    }

    /// The block at a height.
    fn block(&self, height: u64) -> Result<Option<BlockRow>>;

    /// Height of the block with this sequence number, if it is sealed.
    fn height_of(&self, sequence: u64) -> Result<Option<u64>>;

    /// Chosen nodes of a block's tree, by their positions in flat form; the root last.
    fn nodes(&self, height: u64, positions: &[u64]) -> Result<Option<Vec<[u8; 32]>>>;

    /// A block's whole tree in flat form.
    fn tree(&self, height: u64) -> Result<Option<Vec<u8>>>;

    /// History leaves of `count` blocks from height `first`.
    fn history_leaves(&self, first: u64, count: u64) -> Result<Vec<[u8; 32]>>;

    /// The last place taken in a dossier.
    fn last_place(&self, dossier: &[u8; 16]) -> Result<Option<PlaceRow>>;

    /// One place of a dossier.
    fn place(&self, dossier: &[u8; 16], place: u64) -> Result<Option<PlaceRow>>;

    /// All places of a dossier, ascending.
    fn places(&self, dossier: &[u8; 16]) -> Result<Vec<PlaceRow>>;

    /// Calls `visit` with every place that can be found, in the order of dossier and place; one that has two rows comes twice. An
    /// error that `visit` gives ends it and is given back.
    fn visit_places(&self, visit: &mut dyn FnMut(PlaceRow) -> Result<()>) -> Result<()>;

    /// Up to `limit` dossiers whose id is above `after`, ascending.
    fn dossiers(&self, after: Option<[u8; 16]>, limit: usize) -> Result<Vec<[u8; 16]>>;

    /// The place whose record digest starts with these bits (130 of them, as a record number has).
    fn find_record(&self, prefix: &[u8; 17]) -> Result<Option<PlaceRow>>;

    /// The sequence number that a business id led to.
    fn business_id(&self, id: &[u8; 16]) -> Result<Option<u64>>;

    /// Business ids that led to sequence numbers from `first` on, in any order.
    fn business_ids_from(&self, first: u64) -> Result<Vec<([u8; 16], u64)>>;

    /// The vault row of an entry.
    fn vault(&self, sequence: u64) -> Result<Option<VaultRow>>;

    /// Up to `limit` vault rows from sequence number `first`, ascending.
    fn vault_rows(&self, first: u64, limit: usize) -> Result<Vec<(u64, VaultRow)>>;

    /// Makes sure that nothing destroyed is left in the store's files: not in its journal, not in free pages.
    fn scrub(&mut self) -> Result<()>;

    /// Sequence numbers of entries about a digest, ascending.
    fn about(&self, subject: &[u8; 32]) -> Result<Vec<u64>>;

    /// A profile file by its digest.
    fn profile(&self, digest: &Digest) -> Result<Option<Vec<u8>>>;

    /// All records held out for signature, by id.
    fn held(&self) -> Result<Vec<(u64, Vec<u8>)>>;

    /// Words from outside about a block or entry, in the order they came.
    fn outside(&self, key: OutsideKey) -> Result<Vec<Vec<u8>>>;

    /// The entries about which words from outside are kept, of `count` from sequence number `first`.
    fn entries_with_words(&self, first: u64, count: u64) -> Result<HashSet<u64>> {
        let mut with_words = HashSet::new();
        for sequence in first..first.saturating_add(count) {
            if !self.outside(OutsideKey::Entry(sequence))?.is_empty() {
                with_words.insert(sequence);
            }
        }
        Ok(with_words)
    }

    /// The highest block about which a word from outside is kept, of those up to `height`.
    fn last_outside(&self, height: u64) -> Result<Option<u64>>;

    /// Bytes taken on disk; 0 where there is none.
    fn bytes(&self) -> Result<u64>;

    /// Numbers of rows.
    fn sizes(&self) -> Result<Sizes>;

    /// Another handle on the same store, for another thread to read with; `None` where there can be none.
    fn reader(&self) -> Option<Box<dyn Store>> {
        None
    }

    /// Checks the store's own structures and every row by itself (not the evidence in them), and says what is wrong.
    fn check(&self) -> Vec<Error>;
}

/// Whether the first 130 bits of a digest are those of a record number.
pub(crate) fn has_prefix(digest: &[u8; 32], prefix: &[u8; 17]) -> bool {
    let (head, tail) = (digest.get(..16), digest.get(16));
    head == prefix.get(..16)
        && tail.map(|byte| byte & 0xc0) == prefix.get(16).map(|byte| byte & 0xc0)
}

#[cfg(test)]
mod tests;
