//! Sending blocks out and taking them in: bundles, checked block by block before a byte is kept.

use std::io::{Read, Write};

use super::{Ledger, meta, seal};
use crate::block::{Block, Head};
use crate::bundle::{BundleBlock, BundleHeader, BundleReader, BundleWriter};
use crate::codec::Writer;
use crate::entry::Entry;
use crate::error::{Error, ErrorCode, Result};
use crate::merkle::{Tree, leaf_hashes};
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
    /// `NotFound` for a height that is not sealed, `InvalidArgument` for an empty range, `Storage`.
    pub fn export<W: Write>(&self, first: u64, last: u64, out: W) -> Result<W> {
        let inner = self.lock()?;
        let stored = inner.stored_block(last)?;
        let header = BundleHeader {
            ledger_id: inner.id,
            first,
            last,
            block_hash: stored.block.block_hash(&stored.root),
            sealed_digest: stored.block.sealed_digest(),
        };
        let mut writer = BundleWriter::new(out, header)?;
        for height in first..=last {
            let row = inner.stored_block(height)?.row;
            let entries = inner.block_entries(&row)?;
            let outside = inner.outside_at(OutsideKey::Block(height))?;
            writer.block(&BundleBlock { sealed: row.sealed, entries, outside })?;
        }
        writer.finish()
    }
}

/// Takes a bundle into a replica: an empty store, or one that an earlier import of the same ledger filled. Every rule of the
/// chain is checked again before a block is kept; blocks that are there already must be the same.
///
/// The replica is a ledger without a vault: [`Ledger::open`] it with `read_only`.
///
/// # Errors
/// `ChainBroken` for a gap or another branch, `InvalidArgument` for another ledger or for a store that is not a replica, and what
/// [`BundleBlock::check`] gives. Blocks before the one at fault are kept.
pub fn import(store: &mut dyn Store, input: impl Read) -> Result<ImportReport> {
    let mut reader = BundleReader::new(input)?;
    let header = reader.header().clone();
    let mut head = store.meta(meta::HEAD)?.map(|bytes| Head::decode(&bytes)).transpose()?;
    if head.is_none() && store.next_sequence()? != 0 || store.meta(meta::INDEX_KEY)?.is_some() {
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
            let same = store.block(height)?.is_some_and(|row| row.sealed == block.sealed);
            if !same {
                return Err(Error::new(
                    ErrorCode::ChainBroken,
                    "another block stands at this height",
                ));
            }
            report.known += 1;
            continue;
        }
        head = Some(keep(store, head.as_ref(), &block)?);
        report.imported += 1;
    }
    let head = head.ok_or_else(|| Error::new(ErrorCode::ChainBroken, "no block"))?;
    if head.height() == header.last {
        header.check_last(&head)?;
    }
    report.height = head.height();
    Ok(report)
}

fn keep(store: &mut dyn Store, before: Option<&Head>, block: &BundleBlock) -> Result<Head> {
    let sealed = block.check(before)?;
    let hash = sealed.head.hash();
    let tree = Tree::new(hash, leaf_hashes(hash, &block.entries));
    let row = seal::block_row(&sealed.block, &sealed.root);
    let link = usize::from(row.height > 0);
    let entries: Vec<Vec<u8>> = block.entries.iter().skip(link).cloned().collect();
    let mut changes = Changes {
        meta: vec![(meta::HEAD, Some(sealed.head.encode()))],
        outside: Vec::with_capacity(block.outside.len()),
        ..Changes::default()
    };
    if before.is_none() {
        changes.meta.push((meta::GENESIS, entries.first().cloned()));
    }
    for outside in &block.outside {
        let mut w = Writer::new();
        outside.write(&mut w);
        changes.outside.push((OutsideKey::Block(row.height), w.finish()));
    }
    for (sequence, bytes) in (row.first..).zip(&entries) {
        let entry = Entry::parse(bytes)?;
        if let Some(place) = entry.place() {
            let known = store.places(&place.dossier)?.iter().any(|row| row.place == place.place);
            let twice = changes
                .places
                .iter()
                .any(|row| row.dossier == place.dossier && row.place == place.place);
            if known || twice {
                return Err(Error::new(
                    ErrorCode::ChainBroken,
                    "two entries take one place of a dossier",
                ));
            }
            let sequence = Some(sequence);
            changes.places.push(PlaceRow {
                dossier: place.dossier,
                place: place.place,
                sequence,
                digest: place.digest,
            });
        }
        changes.about.extend(
            super::append::subjects(&entry, hash).into_iter().map(|subject| (subject, sequence)),
        );
    }
    changes.entries = Some((row.first, entries));
    changes.block = Some((row, tree.to_flat()));
    store.apply(&changes)?;
    Ok(sealed.head)
}
