//! The proof laid out for the checks: entries, the blocks they stand in, ledgers, records. Nothing is decided here.

use std::collections::{BTreeMap, HashMap};

use super::outside::{OutsideShown, Witness};
use super::policy::Policy;
use super::statements::StatementShown;
use super::tokens::TokenShown;
use super::{DeclaredTime, chain};
use crate::block::{Block, Receipt};
use crate::entry::{Entry, Genesis};
use crate::error::Result;
use crate::hash::{Digest, HashAlg, hex};
use crate::key::{LedgerKeys, RevokeReason, SignerKeys};
use crate::number;
use crate::profile::Profile;
use crate::proof::{LedgerEvidence, Reading};
use crate::record::Record;
use crate::value::{Disclosure, Value};

/// Height and index in the block: the order of sealing within a ledger.
pub(super) type Position = (u64, u64);

/// Everything that the checks look at.
pub(super) struct Case<'a> {
    pub(super) reading: &'a Reading,
    pub(super) policy: &'a Policy,
    pub(super) at: DeclaredTime,
    /// One for each item of the proof.
    pub(super) items: Vec<Shown<'a>>,
    /// Distinct blocks, by ledger and height.
    pub(super) blocks: Vec<BlockShown<'a>>,
    /// One for each ledger of the proof.
    pub(super) ledgers: Vec<LedgerShown<'a>>,
    /// Items that are records, bare or inside a first signer's statement.
    pub(super) records: Vec<RecordShown<'a>>,
    /// What outsiders said, as it came out.
    pub(super) outside: Vec<OutsideShown>,
    /// Countersignatures and tokens that are proven, in the order in which they were attached.
    pub(super) witnesses: Vec<Witness>,
    /// How tokens came out: one for each word from outside that is a token.
    pub(super) tokens: Vec<Option<TokenShown>>,
    /// Profile files, in the order of the proof.
    pub(super) profiles: Vec<Result<Profile>>,
    by_profile: HashMap<Digest, usize>,
    /// Statements, as they came out.
    pub(super) statements: Vec<StatementShown>,
    pub(super) by_digest: HashMap<Digest, Vec<usize>>,
    /// Sealed digests of the blocks with their places in `blocks`, ascending.
    pub(super) sealed_digests: Vec<([u8; 32], usize)>,
}

/// An item.
pub(super) struct Shown<'a> {
    /// Its place in `items`.
    pub(super) place: usize,
    pub(super) receipt: &'a Receipt,
    pub(super) bytes: &'a [u8],
    pub(super) entry: &'a Entry<'a>,
    pub(super) disclosures: &'a [Disclosure],
    pub(super) ledger: usize,
    pub(super) block: usize,
    /// The root that entry and path lead to.
    pub(super) root: [u8; 32],
    /// How a key entry came out.
    pub(super) key: Option<chain::KeyOutcome>,
}

/// A block that items stand in.
pub(super) struct BlockShown<'a> {
    pub(super) block: &'a Block,
    pub(super) ledger: usize,
    pub(super) items: Vec<usize>,
    pub(super) sealed_digest: [u8; 32],
    /// How the key that the header names came out.
    pub(super) key: chain::BlockKey,
    /// The root under which the signature verifies.
    pub(super) root: Option<[u8; 32]>,
    /// The block hash, once the root is known.
    pub(super) hash: Option<[u8; 32]>,
    /// What would have made an SM2 signature fit.
    pub(super) hint: Option<&'static str>,
    /// Set when the key's end is known and nothing says that the block is older: when it ended, ms.
    pub(super) ended: Option<i64>,
    /// Whether it lies in the head's history; `None` where that cannot be said.
    pub(super) in_history: Option<bool>,
    /// Whether it follows the block before, where that is shown: the places in `blocks` it follows, or what is wrong.
    pub(super) follows: Option<core::result::Result<usize, &'static str>>,
}

/// A ledger.
pub(super) struct LedgerShown<'a> {
    pub(super) id: Digest,
    pub(super) evidence: &'a LedgerEvidence,
    pub(super) head: usize,
    /// Whether the head that the proof lists is a block that items stand in; else `head` is another block of its height.
    pub(super) head_is_shown: bool,
    /// Places in `blocks`, ascending by height.
    pub(super) blocks: Vec<usize>,
    /// The genesis entry, when it gives the ledger id.
    pub(super) genesis: Option<&'a Genesis>,
    pub(super) keys: Option<LedgerKeys>,
    pub(super) signers: SignerKeys,
    /// Where the entry of each key stands, and the entry that replaced or revoked it, as (height, index).
    pub(super) in_use: BTreeMap<[u8; 32], (Position, Option<Position>)>,
    /// Revocations: kid, reason, effective from (ms, declared).
    pub(super) revoked: Vec<([u8; 32], RevokeReason, i64)>,
    /// A height with two signed blocks.
    pub(super) fork: Option<u64>,
}

/// A record.
pub(super) struct RecordShown<'a> {
    pub(super) item: usize,
    pub(super) record: &'a Record,
    pub(super) digest: Digest,
    pub(super) number: String,
    /// The record, by its place in `records`, that replaced this one.
    pub(super) superseded_by: Option<usize>,
    /// What was disclosed, and whether it fits the record's commitment.
    pub(super) values: Vec<(&'a Disclosure, bool)>,
    /// Its profile, by its place in `profiles`.
    pub(super) profile: Option<usize>,
}

impl<'a> Case<'a> {
    /// Lays out a proof. `entries` are its entries, read, one for each item.
    pub(super) fn new(
        reading: &'a Reading,
        entries: &'a [Entry<'a>],
        policy: &'a Policy,
        at: DeclaredTime,
    ) -> Self {
        let mut case = Self {
            reading,
            policy,
            at,
            items: Vec::with_capacity(entries.len()),
            blocks: Vec::new(),
            ledgers: Vec::with_capacity(reading.heads.len()),
            records: Vec::new(),
            outside: Vec::new(),
            witnesses: Vec::new(),
            tokens: Vec::new(),
            profiles: Vec::with_capacity(reading.proof.profiles.len()),
            by_profile: HashMap::new(),
            statements: Vec::new(),
            by_digest: HashMap::new(),
            sealed_digests: Vec::new(),
        };
        for (at, bytes) in reading.proof.profiles.iter().enumerate() {
            let [sha256, sm3] = HashAlg::ALL.map(|alg| Digest::of(alg, bytes));
            case.by_profile.extend([(sha256, at), (sm3, at)]);
            case.profiles.push(Profile::parse(bytes));
        }
        let parts = reading
            .receipts
            .iter()
            .zip(&reading.proof.items)
            .zip(&reading.disclosures)
            .zip(entries);
        // Items come ordered by ledger and height, so the blocks of one height are the last ones made.
        let mut ledger = 0;
        let mut same_height: Vec<usize> = Vec::new();
        for (at, (((receipt, item), disclosures), entry)) in parts.enumerate() {
            let block = receipt.block();
            while reading
                .heads
                .get(ledger)
                .is_some_and(|head| head.header().ledger_id != block.header().ledger_id)
            {
                ledger += 1;
                same_height.clear();
            }
            let here =
                |place: &&usize| case.blocks.get(**place).is_some_and(|shown| shown.block == block);
            let place = match same_height.iter().find(here) {
                Some(place) => *place,
                None => {
                    let higher = same_height
                        .first()
                        .and_then(|place| case.blocks.get(*place))
                        .is_some_and(|shown| shown.block.header().height != block.header().height);
                    if higher {
                        same_height.clear();
                    }
                    same_height.push(case.blocks.len());
                    case.blocks.push(BlockShown::new(block, ledger));
                    case.blocks.len() - 1
                }
            };
            if let Some(shown) = case.blocks.get_mut(place) {
                shown.items.push(at);
            }
            case.items.push(Shown {
                place: at,
                receipt,
                bytes: &item.entry,
                entry,
                disclosures,
                ledger,
                block: place,
                // A receipt that was read has a path of the right length, so this cannot fail.
                root: receipt.root(&item.entry).unwrap_or_default(),
                key: None,
            });
            case.add_record(at);
        }
        for (at, (head, evidence)) in reading.heads.iter().zip(&reading.proof.ledgers).enumerate() {
            case.add_ledger(at, head, evidence);
        }
        case.link_superseded();
        let digests = case.blocks.iter().enumerate().map(|(at, block)| (block.sealed_digest, at));
        case.sealed_digests = digests.collect();
        case.sealed_digests.sort_unstable();
        case
    }

    fn add_record(&mut self, at: usize) {
        let Some(shown) = self.items.get(at) else { return };
        let entry: &'a Entry<'a> = shown.entry;
        let Some((record, bytes)) = entry.record() else { return };
        let digest = record.digest(bytes);
        let number = number::record_number(&digest);
        self.by_digest.entry(digest).or_default().push(self.records.len());
        let raw = self.reading.proof.items.get(at).map_or(&[][..], |item| &item.disclosures);
        let digests = record.hash.digest_many(raw.iter().map(Vec::as_slice));
        let values = shown
            .disclosures
            .iter()
            .zip(digests)
            .map(|(one, digest)| (one, record.commitment(&one.name) == Some(&digest)))
            .collect();
        let profile = self.by_profile.get(&record.profile.digest).copied();
        let superseded_by = None;
        self.records.push(RecordShown {
            item: at,
            record,
            digest,
            number,
            superseded_by,
            values,
            profile,
        });
    }

    fn add_ledger(&mut self, at: usize, head: &Block, evidence: &'a LedgerEvidence) {
        let from = self.blocks.partition_point(|block| block.ledger < at);
        let to = self.blocks.partition_point(|block| block.ledger <= at);
        let blocks: Vec<usize> = (from..to).collect();
        let is_head = |place: &usize| self.blocks.get(*place).is_some_and(|b| b.block == head);
        let found = blocks.iter().copied().rev().find(is_head);
        let head_place = found.or(blocks.last().copied()).unwrap_or_default();
        // Block 0 says which hash the ledger has; a later block that says otherwise is wrong by itself.
        let first = self.blocks.get(from).map_or(head, |block| block.block).header();
        let id = Digest { alg: first.hash, bytes: first.ledger_id };
        self.ledgers.push(LedgerShown {
            id,
            evidence,
            head: head_place,
            head_is_shown: found.is_some(),
            blocks,
            genesis: None,
            keys: None,
            signers: SignerKeys::new(id.alg, id),
            in_use: BTreeMap::new(),
            revoked: Vec::new(),
            fork: None,
        });
    }

    /// Corrections: the newest one wins.
    fn link_superseded(&mut self) {
        let mut replaced: BTreeMap<usize, usize> = BTreeMap::new();
        for (by, record) in self.records.iter().enumerate() {
            let old = record.record.supersedes.and_then(|digest| self.by_digest.get(&digest));
            for old in old.into_iter().flatten() {
                let same = self
                    .records
                    .get(*old)
                    .is_some_and(|old| old.record.dossier == record.record.dossier);
                if same {
                    replaced.insert(*old, by);
                }
            }
        }
        for (old, by) in replaced {
            if let Some(record) = self.records.get_mut(old) {
                record.superseded_by = Some(by);
            }
        }
    }
}

impl<'a> BlockShown<'a> {
    fn new(block: &'a Block, ledger: usize) -> Self {
        Self {
            block,
            ledger,
            items: Vec::new(),
            sealed_digest: block.sealed_digest(),
            key: chain::BlockKey::Unknown,
            root: None,
            hash: None,
            hint: None,
            ended: None,
            in_history: None,
            follows: None,
        }
    }

    pub(super) fn height(&self) -> u64 {
        self.block.header().height
    }

    pub(super) fn subject(&self) -> String {
        let header = self.block.header();
        format!("block:{}/{}", hex::encode(&header.ledger_id), header.height)
    }
}

impl<'a> RecordShown<'a> {
    /// The value under a name, when it is shown and fits.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        let at = self.values.binary_search_by(|(one, _)| one.name.as_str().cmp(name)).ok()?;
        self.values.get(at).filter(|(_, fits)| *fits).map(|(one, _)| &one.value)
    }
}

impl LedgerShown<'_> {
    pub(super) fn subject(&self) -> String {
        format!("ledger:{}", hex::encode(&self.id.bytes))
    }

    pub(super) fn hash(&self) -> HashAlg {
        self.id.alg
    }
}

impl Shown<'_> {
    pub(super) fn position(&self) -> Position {
        (self.receipt.block().header().height, self.receipt.index())
    }

    /// Where the entry stands, as a subject.
    pub(super) fn subject(&self) -> String {
        let header = self.receipt.block().header();
        let ledger = hex::encode(&header.ledger_id);
        format!("entry:{ledger}/{}/{}", header.height, self.receipt.index())
    }
}
