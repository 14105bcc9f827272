//! What happened in a ledger, for whoever passes it on: to a timestamp authority, a notary, a platform, a customer.
//!
//! The feed is read out of sealed blocks alone. So it is the same at every reading, a reader resumes from its own cursor, and
//! nothing in it can be taken back. It holds digests, numbers and kinds; values and persons are not in sealed bytes at all.

use core::fmt;
use core::str::FromStr;

use super::Ledger;
use crate::entry::{Body, Entry, EventCode, HoldAction};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::key::{KeyAction, KeyRole};
use crate::statement::Role;

/// The most items of one call.
pub const FEED_ITEMS: usize = 10_000;

/// How far a reader of the feed has come: the block, and how many of its leaves were given. The beginning is the default. As
/// text `height.leaf`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedCursor {
    height: u64,
    leaf: u64,
}

impl fmt::Display for FeedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.height, self.leaf)
    }
}

impl FromStr for FeedCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || {
            Error::new(ErrorCode::InvalidArgument, "a cursor is height.leaf, as the feed gave it")
        };
        let (height, leaf) = text.split_once('.').ok_or_else(bad)?;
        let number = |digits: &str| {
            let number = digits.parse::<u64>().map_err(|_| bad())?;
            // Nothing but the way it is written: no sign, no leading zero.
            if number.to_string() == digits { Ok(number) } else { Err(bad()) }
        };
        Ok(Self { height: number(height)?, leaf: number(leaf)? })
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedItem {
    /// Where to go on once this item was dealt with.
    pub next: FeedCursor,
    /// The block that it is sealed in.
    pub height: u64,
    /// Sequence number of the entry; `None` for the block itself.
    pub sequence: Option<u64>,
    /// What it was.
    pub what: Happened,
}

/// What happened. Digests are those that proofs and verdicts name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A block was sealed, after all of its entries: what a timestamp authority stamps and a notary countersigns.
    Block {
        /// Block hash.
        block_hash: [u8; 32],
        /// Sealed digest.
        sealed_digest: [u8; 32],
    },
    /// A record was sealed.
    Record {
        /// Its digest.
        digest: Digest,
        /// Its dossier.
        dossier: [u8; 16],
        /// Its place there.
        place: u64,
        /// Role of the party that signed it, for a record in a statement.
        signed_by: Option<Role>,
    },
    /// A further party signed a record.
    Signed {
        /// Digest of the record.
        record: Digest,
        /// Role of the party.
        role: Role,
    },
    /// A key came in, was replaced, or ended.
    Key {
        /// Which of the three.
        action: KeyAction,
        /// Whose key.
        role: KeyRole,
        /// Digest of the key entry.
        kid: [u8; 32],
    },
    /// Values of records were erased: whoever got them erases them too.
    Erased {
        /// Digests of the records.
        records: Vec<Digest>,
    },
    /// A hold was set or lifted, or disclosure restricted.
    Hold {
        /// Which of the three.
        action: HoldAction,
        /// Digests of the records.
        records: Vec<Digest>,
    },
    /// Something happened to the ledger itself.
    Event {
        /// What.
        code: EventCode,
    },
    /// Another ledger's head was seen.
    ObservedHead {
        /// That ledger.
        ledger_id: Digest,
        /// Height of its head.
        height: u64,
    },
    /// The beginning, a renewal, or what this version does not know.
    Other,
}

impl Happened {
    /// The kind's name: `block`, `record`, `signed`, `key`, `erased`, `hold`, `event`, `observed-head`, `other`.
    pub fn name(&self) -> &'static str {
        match self {
            Happened::Block { .. } => "block",
            Happened::Record { .. } => "record",
            Happened::Signed { .. } => "signed",
            Happened::Key { .. } => "key",
            Happened::Erased { .. } => "erased",
            Happened::Hold { .. } => "hold",
            Happened::Event { .. } => "event",
            Happened::ObservedHead { .. } => "observed-head",
            Happened::Other => "other",
        }
    }

    fn of(bytes: &[u8], kid: impl Fn(&[u8]) -> [u8; 32]) -> Result<Self> {
        let entry = Entry::parse(bytes)?;
        if let Some((record, record_bytes)) = entry.record() {
            let signed_by = match &entry.body {
                Body::Statement(statement) => Some(statement.role),
                _ => None,
            };
            return Ok(Happened::Record {
                digest: record.digest(record_bytes),
                dossier: record.dossier,
                place: record.place,
                signed_by,
            });
        }
        Ok(match entry.body {
            Body::Statement(statement) => {
                Happened::Signed { record: statement.record_digest(), role: statement.role }
            }
            Body::Key(_, claims) => {
                Happened::Key { action: claims.action, role: claims.role, kid: kid(bytes) }
            }
            Body::Tombstone(tombstone) => Happened::Erased { records: tombstone.records },
            Body::Hold(hold) => Happened::Hold { action: hold.action, records: hold.records },
            Body::Event(event) => Happened::Event { code: event.code() },
            Body::ObservedHead(seen) => {
                Happened::ObservedHead { ledger_id: seen.ledger_id, height: seen.height }
            }
            Body::Genesis(_)
            | Body::Link(_)
            | Body::Renewal(_)
            | Body::Record(_)
            | Body::Unknown { .. } => Happened::Other,
        })
    }
}

impl Ledger {
    /// What was sealed from `cursor` on, at most `limit` items and at most [`FEED_ITEMS`]; fewer, or none, when there is no more yet.
    /// Keep the last item's `next` once all were dealt with: a crash before that gives the same items again.
    ///
    /// # Errors
    /// `InvalidArgument` for a cursor that this feed did not give, `HeadMismatch` for one beyond the head (a ledger that was rolled
    /// back), `Damaged`, other 6xx.
    pub fn feed(&self, cursor: FeedCursor, limit: usize) -> Result<Vec<FeedItem>> {
        let inner = self.lock()?;
        inner.check_whole()?;
        let blocks = inner.head.as_ref().map_or(0, |head| head.height() + 1);
        if cursor.height > blocks || (cursor.height == blocks && cursor.leaf > 0) {
            return Err(Error::new(ErrorCode::HeadMismatch, "the cursor is beyond the last block"));
        }
        let mut items = Vec::new();
        let FeedCursor { mut height, mut leaf } = cursor;
        while height < blocks && items.len() < limit.min(FEED_ITEMS) {
            let stored = inner.stored_block(height)?;
            let header = stored.block.header();
            if leaf > header.entry_count {
                let what = "the block has fewer leaves than the cursor says";
                return Err(Error::new(ErrorCode::InvalidArgument, what));
            }
            // The link, which is told of by the block.
            let links = u64::from(height > 0);
            leaf = leaf.max(links);
            while leaf < header.entry_count && items.len() < limit.min(FEED_ITEMS) {
                let sequence = header.first_sequence + leaf - links;
                let bytes = inner.entry_at(sequence)?;
                leaf += 1;
                items.push(FeedItem {
                    next: FeedCursor { height, leaf },
                    height,
                    sequence: Some(sequence),
                    what: Happened::of(&bytes, |entry| inner.hash.digest(entry))?,
                });
            }
            if leaf == header.entry_count && items.len() < limit.min(FEED_ITEMS) {
                let next = FeedCursor { height: height + 1, leaf: 0 };
                let what = Happened::Block {
                    block_hash: stored.block.block_hash(&stored.root),
                    sealed_digest: stored.block.sealed_digest(),
                };
                items.push(FeedItem { next, height, sequence: None, what });
                (height, leaf) = (next.height, 0);
            }
        }
        Ok(items)
    }
}
