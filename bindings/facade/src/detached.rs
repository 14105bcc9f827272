//! Detached sealing: the host keeps entries, blocks and head in its own database, and asks the library for the rules only.
//!
//! A *sealer* is a handle with the head (or none yet) and the entries that are to go into the next block. The order of things:
//! [`sealer_open`], [`sealer_add`] for each entry, [`sealer_prepare`]; store the draft; sign; [`sealer_finish`]; store block and
//! new head in one transaction that compares the head row with the head given to [`sealer_open`]. After a crash the same head,
//! entries and draft go on from there. Once its draft was stored, a block is the only one ever offered at its height.

use std::sync::{Mutex, MutexGuard};

use serde_json::json;
use yinzheng::block::{Block, BlockHeader, Head, PreparedBlock, history_leaf};
use yinzheng::codec::{Item, Writer};
use yinzheng::entry::{Event, Facts, Genesis};
use yinzheng::hash::{Digest, HashAlg, hex};
use yinzheng::key::{KeyClaims, KeyEntry, KeyRole};
use yinzheng::merkle::{Tree, leaf_hashes};
use yinzheng::number;
use yinzheng::random::Random;
use yinzheng::record::Record;
use yinzheng::value::Disclosure;
use yinzheng::{Error, ErrorCode, Result};

use crate::create::CreateWire;
use crate::failure::Outcome;
use crate::handle::{self, Handle, Object};
use crate::request::RecordWire;
use crate::signing::{Draft, ToSign};
use crate::{guard, json, words};

/// Head and entries of the next block.
struct Sealer {
    head: Option<Head>,
    state: Mutex<Vec<Vec<u8>>>,
}

impl Object for Sealer {
    const TYPE: u64 = 5;
    const NAME: &'static str = "sealer";
}

/// A block that is sealed, for the host to keep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealedOut {
    /// The block: sealed bytes.
    pub block: Vec<u8>,
    /// The head after it.
    pub head: Vec<u8>,
    /// `{"height","block_hash","sealed_digest","first_sequence","entries","history_leaf"}`.
    pub info: Vec<u8>,
}

/// The first two entries of a new ledger, genesis and the *opened* event, and `{"ledger_id","key"}`. The request is that of
/// [`crate::ledger_create`].
///
/// # Errors
/// `InvalidArgument`, `UnknownName`, `InvalidKey`, `RandomUnavailable`.
pub fn genesis_make(request: &[u8]) -> Outcome<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    guard::run("genesis_make", || {
        let mut wire: CreateWire = json::object("request", request)?;
        let (hash, created) = (wire.hash()?, wire.created()?);
        let custody = wire.custody()?;
        let mut claims =
            KeyClaims::enrol(KeyRole::Ledger, wire.key.read()?, custody, created.captured.unix_ms);
        claims.certificates = wire.certificates()?;
        claims.next_key = wire.next_key()?;
        let genesis = Genesis {
            hash,
            key_entry: KeyEntry::new(&claims).encode(),
            nonce: Random::system().array()?,
            created: created.clone(),
            continues: wire.continues()?,
            organisation: wire.organisation,
        };
        let facts = Facts::Opened {
            library: concat!("yinzheng ", env!("CARGO_PKG_VERSION"), " detached").to_owned(),
            build: wire.environment.build()?,
            system: wire.environment.system.clone(),
            device: wire.environment.device.clone(),
            self_test_passed: None,
            clock: wire.environment.clock()?,
        };
        let (genesis, opened) = (genesis.encode(), Event { time: created, facts }.encode());
        // What is handed out must be what every reader takes.
        yinzheng::entry::Entry::parse(&genesis)?;
        yinzheng::entry::Entry::parse(&opened)?;
        let info = json!({
            "ledger_id": Digest::of(hash, &genesis).to_string(),
            "key": claims.key.as_ref().map(words::key_json),
        });
        Ok((genesis, opened, json::reply(&info)))
    })
}

/// A record for detached sealing: its entry bytes, and what [`crate::ledger_append`] would reply, with `disclosures` (hex) that the
/// host must keep as its own secret. The request is that of [`crate::ledger_append`] with `place` and, above place 0,
/// `predecessor`, and always a `dossier` above place 0; `hash` defaults to SHA-256.
///
/// # Errors
/// As [`crate::ledger_append`].
pub fn record_make(request: &[u8]) -> Outcome<(Vec<u8>, Vec<u8>)> {
    guard::run("record_make", || {
        let mut wire: RecordWire<'_> = json::object("request", request)?;
        if wire.signer.is_some() || wire.business_id.is_some() {
            let what = "signer and business_id belong to ledgers with a store";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
        let place = wire.place.unwrap_or_default();
        let dossier = match &wire.dossier {
            Some(text) => words::dossier(text)?,
            None if place == 0 => Random::system().array()?,
            None => {
                return Err(Error::new(
                    ErrorCode::InvalidArgument,
                    "which dossier has this place?",
                ));
            }
        };
        let predecessor = wire.predecessor()?;
        let prepared = wire.prepare(HashAlg::Sha256)?;
        let entry = prepared.draft.at(dossier, place, predecessor)?.encode();
        let digest = Digest::of(prepared.draft.hash, &entry);
        // A record over the size of an entry is refused here, before anybody stores it.
        Record::parse(&entry)?;
        let disclosures: Vec<String> = prepared
            .draft
            .disclosures
            .iter()
            .map(|disclosure: &Disclosure| hex::encode(&disclosure.encode()))
            .collect();
        let info = json!({
            "digest": digest.to_string(),
            "number": number::record_number(&digest),
            "dossier": hex::encode(&dossier),
            "preservation_number": number::preservation_number(&dossier),
            "place": place,
            "missing": prepared.missing,
            "findings": prepared.findings,
            "disclosures": disclosures,
        });
        Ok((entry, json::reply(&info)))
    })
}

/// A sealer after `head`, or before block 0 when it is empty.
///
/// # Errors
/// 3xx for bytes that are no head.
pub fn sealer_open(head: &[u8]) -> Outcome<Handle> {
    guard::run("sealer_open", || {
        let head = if head.is_empty() { None } else { Some(Head::decode(head)?) };
        handle::keep(Sealer { head, state: Mutex::new(Vec::new()) })
    })
}

/// Adds the next entry: genesis first where there is no head, never a link.
///
/// # Errors
/// `LimitExceeded` for one that is too large. What an entry may be is checked by [`sealer_prepare`].
pub fn sealer_add(sealer: Handle, entry: &[u8]) -> Outcome<()> {
    guard::with("sealer_add", sealer, |sealer: &Sealer| {
        if entry.len() > yinzheng::codec::limits::ENTRY_BYTES {
            return Err(Error::new(ErrorCode::LimitExceeded, "an entry has at most 65,535 bytes"));
        }
        sealer.entries()?.push(entry.to_vec());
        Ok(())
    })
}

/// Fixes the block over the added entries; `begun_at` is seconds since 1970. Store the draft before its bytes are signed.
///
/// # Errors
/// `NothingToSeal`, `LedgerClosed`, or what a reader would refuse about an entry.
pub fn sealer_prepare(sealer: Handle, begun_at: u64) -> Outcome<Draft> {
    guard::with("sealer_prepare", sealer, |sealer: &Sealer| {
        let entries = sealer.entries()?;
        let prepared = sealer.prepare(&entries, begun_at)?;
        let header = BlockHeader::parse(&prepared.protected)?;
        let info = json!({ "height": header.height, "entries": header.entry_count });
        let to_sign = ToSign::new(prepared.to_be_signed(), &prepared.key, info);
        Ok(Draft { draft: draft_bytes(&prepared), to_sign })
    })
}

/// Takes the signature over a draft, raw or DER, verifies it, and seals: also in another process, given the same head and entries.
///
/// # Errors
/// `StalePending` when head, entries and draft do not belong together; `InvalidSignature`, `SignatureMismatch`.
pub fn sealer_finish(sealer: Handle, draft: &[u8], signature: &[u8]) -> Outcome<SealedOut> {
    guard::with("sealer_finish", sealer, |sealer: &Sealer| {
        let entries = sealer.entries()?;
        let [protected, _] = Item::parse(draft, draft.len())?.array_n::<2>()?;
        let begun_at = BlockHeader::parse(protected.bstr()?)?.begun_at;
        let prepared = sealer.prepare(&entries, begun_at)?;
        if draft_bytes(&prepared) != draft {
            return Err(Error::new(ErrorCode::StalePending, "head or entries are not the draft's"));
        }
        let block = prepared.sign(signature)?;
        let leaves = leaves(prepared.link.as_deref(), &entries);
        let sealed = Head::check(sealer.head.as_ref(), &block.sealed_bytes(), &leaves)?;
        let (header, head) = (block.header(), &sealed.head);
        let leaf =
            history_leaf(header.hash, header.height, head.block_hash(), head.sealed_digest());
        let info = json!({
            "height": header.height,
            "block_hash": hex::encode(head.block_hash()),
            "sealed_digest": hex::encode(head.sealed_digest()),
            "first_sequence": header.first_sequence,
            "entries": header.content_count(),
            "history_leaf": hex::encode(&leaf),
        });
        Ok(SealedOut { block: block.sealed_bytes(), head: head.encode(), info: json::reply(&info) })
    })
}

/// The receipt of one leaf of a block that this sealer's head and entries lead to. Leaf 0 is the link (genesis in block 0), so
/// entry number `n` that was added is leaf `n + 1` (`n` in block 0).
///
/// # Errors
/// `RootMismatch` or `SignatureMismatch` when the block is not theirs, `OutOfRange` for a leaf that it does not have.
pub fn sealer_receipt(sealer: Handle, block: &[u8], leaf: u64) -> Outcome<Vec<u8>> {
    guard::with("sealer_receipt", sealer, |sealer: &Sealer| {
        let entries = sealer.entries()?;
        let link = sealer.head.as_ref().map(Head::next_link);
        let leaves = leaves(link.as_deref(), &entries);
        let block = Block::parse(block)?;
        Head::check(sealer.head.as_ref(), &block.sealed_bytes(), &leaves)?;
        let hash = block.header().hash;
        let tree = Tree::new(hash, leaf_hashes(hash, &leaves));
        Ok(block.receipt(leaf, tree.path(leaf)?).encode())
    })
}

/// The path of the block at `height` in the history tree over `leaves`, one of 32 bytes for each block below the head: what a
/// proof needs for every block it shows besides the head's.
///
/// # Errors
/// `OutOfRange`, `InvalidArgument`, `UnknownName`.
pub fn history_path(hash: &[u8], leaves: &[u8], height: u64) -> Outcome<Vec<u8>> {
    guard::run("history_path", || {
        let hash = words::hash_alg(json::text("hash", hash)?)?;
        Ok(Tree::new(hash, words::nodes("leaves", leaves)?).path(height)?.concat())
    })
}

impl Sealer {
    fn entries(&self) -> Result<MutexGuard<'_, Vec<Vec<u8>>>> {
        self.state.lock().map_err(|_| Error::new(ErrorCode::Poisoned, "sealer"))
    }

    fn prepare(&self, entries: &[Vec<u8>], begun_at: u64) -> Result<PreparedBlock> {
        let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        match &self.head {
            None => Head::prepare_first(&entries, begun_at),
            Some(head) => head.prepare(&entries, begun_at),
        }
    }
}

/// Header and root: enough to see in another process whether it is the same block.
fn draft_bytes(prepared: &PreparedBlock) -> Vec<u8> {
    Writer::new().array(2).bstr(&prepared.protected).bstr(&prepared.root).finish()
}

fn leaves<'a>(link: Option<&'a [u8]>, entries: &'a [Vec<u8>]) -> Vec<&'a [u8]> {
    link.into_iter().chain(entries.iter().map(Vec::as_slice)).collect()
}
