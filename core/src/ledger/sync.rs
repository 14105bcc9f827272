//! Sending blocks out and taking them in: bundles, checked block by block before a byte is kept.

use std::io::{Read, Write};

use super::load::is_replica;
use super::read::StoredBlock;
use super::{Ledger, meta, seal};
use crate::anchor::TargetKind;
use crate::block::{Block, Head};
use crate::bundle::{BundleBlock, BundleHeader, BundleReader, BundleWriter};
use crate::codec::Writer;
use crate::entry::Entry;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::merkle::{self, Tree, leaf_hashes};
use crate::store::{Changes, OutsideKey, PlaceRow, Store};

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// Blocks that were new and are kept now.
    pub imported: u64,
    /// Blocks that were there already and are the same.
    pub known: u64,
    /// The head after it.
    pub height: u64,
}

impl Ledger {
    /// Writes the blocks from `first` to `last`, both included, as a bundle.
    ///
    /// # Errors
    /// `NotFound` for a height that is not sealed, `InvalidArgument` for an empty range, `LimitExceeded` for a block too large for
    /// a bundle, `Damaged`, `Storage`.
    pub fn export<W: Write>(&self, first: u64, last: u64, out: W) -> Result<W> {
        let stored = self.lock()?.stored_block(last)?;
        let header = BundleHeader {
            ledger_id: self.id,
            first,
            last,
            block_hash: stored.block.block_hash(&stored.root),
            sealed_digest: stored.block.sealed_digest(),
        };
        let mut writer = BundleWriter::new(out, header)?;
        for height in first..=last {
            // Sealed blocks do not change: a slow receiver keeps nobody from the ledger.
            let inner = self.lock()?;
            let row = inner.stored_block(height)?.row;
            let entries = inner.block_entries(&row)?;
            let outside = inner.outside_at(OutsideKey::Block(height))?;
            drop(inner);
            writer.block(&BundleBlock { sealed: row.sealed, entries, outside })?;
        }
        writer.finish()
    }
}

/// Takes a bundle into a replica: an empty store, or one that an earlier import of the same ledger filled. Every rule of the
/// chain is checked again before a block is kept, one block in one durable step; blocks that are there already must be the
/// same, and words from outside that are new are added to them. So an import that was cut can be repeated, from any height.
///
/// The replica is a ledger without a vault: [`Ledger::open`] it with `read_only`.
///
/// # Errors
/// `ChainBroken` for a gap or another branch, `InvalidArgument` for another ledger or for a store that is not a replica,
/// `HeadMismatch` for a header that names another last block, `RootMismatch` for a known block with other entries, and what
/// [`BundleReader::next_block`] and [`BundleBlock::check`] give. Blocks before the one at fault are kept: they are right.
pub fn import(store: &mut dyn Store, input: impl Read) -> Result<ImportReport> {
    let mut reader = BundleReader::new(input)?;
    let header = reader.header().clone();
    let mut stored = store.meta(meta::HEAD)?;
    let mut head = match stored.as_deref() {
        // That of a ledger of its own, before its first block.
        None | Some([]) => None,
        Some(bytes) => Some(Head::decode(bytes)?),
    };
    if head.is_none() && store.next_sequence()? != 0 || !is_replica(store)? {
        return Err(Error::new(
            ErrorCode::InvalidArgument,
            "this store is a ledger of its own, not a replica",
        ));
    }
    if head.as_ref().is_some_and(|head| head.ledger_id() != header.ledger_id) {
        return Err(Error::new(ErrorCode::InvalidArgument, "the bundle is of another ledger"));
    }
    let mut report = ImportReport { imported: 0, known: 0, height: 0 };
    while let Some(block) = reader.next_block()? {
        let height = Block::parse(&block.sealed)?.header().height;
        if head.as_ref().is_some_and(|head| height <= head.height()) {
            compare(store, &header, height, &block)?;
            report.known += 1;
        } else {
            let next = keep(store, stored, head.as_ref(), &header, &block)?;
            stored = Some(next.encode());
            head = Some(next);
            report.imported += 1;
        }
    }
    let head = head.ok_or_else(|| Error::new(ErrorCode::ChainBroken, "no block"))?;
    report.height = head.height();
    Ok(report)
}

/// A block that is there already.
fn compare(
    store: &mut dyn Store,
    header: &BundleHeader,
    height: u64,
    block: &BundleBlock,
) -> Result<()> {
    let there = StoredBlock::read(store, &header.ledger_id, height)?;
    if there.row.sealed != block.sealed {
        return Err(Error::new(ErrorCode::ChainBroken, "another block stands at this height"));
    }
    let hash = header.ledger_id.alg;
    if merkle::root(hash, &leaf_hashes(hash, &block.entries)) != there.root {
        return Err(Error::new(
            ErrorCode::RootMismatch,
            "the entries are not those of the block that is there",
        ));
    }
    if height == header.last && there.block.block_hash(&there.root) != header.block_hash {
        return Err(Error::new(
            ErrorCode::HeadMismatch,
            "the bundle's header names another last block",
        ));
    }
    let known = store.outside(OutsideKey::Block(height))?;
    let mut outside = words(block, &there.block)?;
    outside.retain(|(_, word)| !known.contains(word));
    if outside.is_empty() {
        return Ok(());
    }
    store.apply(&Changes { outside, ..Changes::default() })
}

/// A block that is new.
fn keep(
    store: &mut dyn Store,
    stored: Option<Vec<u8>>,
    before: Option<&Head>,
    header: &BundleHeader,
    block: &BundleBlock,
) -> Result<Head> {
    let sealed = block.check(before)?;
    // The last block's hash stands in the header; it must show before the block is kept.
    if sealed.head.height() == header.last {
        header.check_last(&sealed.head)?;
    }
    let hash = sealed.head.hash();
    let tree = Tree::new(hash, leaf_hashes(hash, &block.entries));
    let row = seal::block_row(&sealed.block, &sealed.root);
    let link = usize::from(row.height > 0);
    let entries: Vec<Vec<u8>> = block.entries.iter().skip(link).cloned().collect();
    let mut changes = Changes {
        expected: vec![(meta::HEAD, stored)],
        meta: vec![(meta::HEAD, Some(sealed.head.encode()))],
        outside: words(block, &sealed.block)?,
        ..Changes::default()
    };
    if before.is_none() {
        changes.meta.push((meta::GENESIS, entries.first().cloned()));
    }
    for (sequence, bytes) in (row.first..).zip(&entries) {
        // A leaf that this version cannot read is kept like any other; nothing leads to it.
        let Ok(entry) = Entry::parse(bytes) else { continue };
        if let Some(place) = entry.place() {
            changes.places.push(PlaceRow {
                dossier: place.dossier,
                place: place.place,
                sequence: Some(sequence),
                digest: place.digest,
            });
        }
        changes.about.extend(
            super::append::subjects(&entry, hash).into_iter().map(|subject| (subject, sequence)),
        );
    }
    changes.entries = Some((row.first, entries));
    changes.block = Some((row, tree.to_flat()));
    // The store looks at every place as it takes it, in the order of the keys: a look before it, one by one, was half of an import.
    store.apply(&changes).map_err(|error| match error.code() {
        ErrorCode::PlaceTaken => {
            Error::new(ErrorCode::ChainBroken, "two entries take one place of a dossier")
        }
        _ => error,
    })?;
    Ok(sealed.head)
}

/// The words from outside beside a block, each once, which must be about it.
fn words(block: &BundleBlock, sealed: &Block) -> Result<Vec<(OutsideKey, Vec<u8>)>> {
    let header = sealed.header();
    let digest = Digest { alg: header.hash, bytes: sealed.sealed_digest() };
    let mut words: Vec<(OutsideKey, Vec<u8>)> = Vec::with_capacity(block.outside.len());
    for outside in &block.outside {
        if outside.target != TargetKind::Block || outside.digest != digest {
            return Err(Error::new(
                ErrorCode::DigestMismatch,
                "a word from outside is about another block",
            ));
        }
        outside.check()?;
        let mut w = Writer::new();
        outside.write(&mut w);
        let word = (OutsideKey::Block(header.height), w.finish());
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Ok(words)
}
