//! What the leaves of a block do to the ledger itself: genesis starts it, rotations change its key, *closed* ends it.
//!
//! Everything else in them is opaque here: bulk blocks are not parsed, and an entry of a newer version is a leaf like
//! any other that harms nothing but itself (format §1, §8).

use crate::anchor;
use crate::codec::limits;
use crate::entry::{Body, Entry, EventCode, Genesis};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::key::{self, KeyRole, LedgerKeys};
use crate::statement;

/// Reads the first leaves of block 0: the genesis entry, the ledger id and the first key.
pub(super) fn read_genesis(entries: &[&[u8]]) -> Result<(Genesis, [u8; 32], LedgerKeys)> {
    let [first, second, ..] = entries else {
        return Err(Error::new(
            ErrorCode::ChainBroken,
            "block 0 is genesis and at least the opened event",
        ));
    };
    let opened = matches!(Entry::parse(second)?.body, Body::Event(event) if event.code() == EventCode::Opened);
    match Entry::parse(first)?.body {
        Body::Genesis(genesis) if opened => {
            let ledger_id = Digest::of(genesis.hash, first);
            let keys = LedgerKeys::from_genesis(&genesis.key_entry, genesis.hash, ledger_id)?;
            Ok((*genesis, ledger_id.bytes, keys))
        }
        _ => {
            Err(Error::new(ErrorCode::ChainBroken, "block 0 is genesis and then the opened event"))
        }
    }
}

/// Takes in the entries after leaf 0 of the block at `height`. Gives whether the ledger is closed now.
pub(crate) fn apply(keys: &mut LedgerKeys, height: u64, entries: &[&[u8]]) -> Result<bool> {
    let mut closed = false;
    for bytes in entries {
        if closed {
            return Err(Error::new(ErrorCode::LedgerClosed, "an entry after the closed event"));
        }
        match kind(bytes)?.map(u64::from) {
            Some(0 | 1) => {
                return Err(Error::new(ErrorCode::ChainBroken, "a second link or genesis"));
            }
            Some(statement::REFERENCE_KIND | anchor::COUNTERSIGNATURE_KIND) => {
                return Err(Error::new(
                    ErrorCode::WrongKind,
                    "the payload of a signed message is no entry",
                ));
            }
            Some(key::KIND) => {
                if matches!(Entry::parse(bytes)?.body, Body::Key(_, claims) if claims.role == KeyRole::Ledger)
                {
                    keys.apply(bytes, height)?;
                }
            }
            Some(6) => {
                closed = matches!(Entry::parse(bytes)?.body, Body::Event(event) if event.code() == EventCode::Closed);
            }
            _ => {}
        }
    }
    Ok(closed)
}

/// Whether [`apply`] may do more with an entry than pass over it. What it passes over can be left out of a list that it has
/// seen whole.
pub(super) fn matters(bytes: &[u8]) -> bool {
    // Statements and records: what ledgers are full of.
    !matches!(kind(bytes), Ok(None | Some(2)))
}

/// The first byte of an entry's kind, which is the kind itself below 24; `None` for a statement. Key 0 stands first in
/// canonical order, behind a map head of one byte, or of two or three in an entry with 24 keys and more.
fn kind(bytes: &[u8]) -> Result<Option<u8>> {
    if bytes.len() > limits::ENTRY_BYTES {
        return Err(Error::new(ErrorCode::TooLarge, "an entry has at most 65,535 bytes"));
    }
    match bytes {
        [0xd2, 0x84, ..] => Ok(None),
        [0xa1..=0xb7, 0x00, kind, ..]
        | [0xb8, _, 0x00, kind, ..]
        | [0xb9, _, _, 0x00, kind, ..] => Ok(Some(*kind)),
        _ => Err(Error::new(
            ErrorCode::WrongType,
            "a leaf is a map whose first key is its kind, or a statement",
        )),
    }
}
