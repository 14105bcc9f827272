//! Reading a proof: form, order, and that its parts belong together.

use std::collections::{BTreeMap, HashSet};

use super::{LedgerEvidence, MAGIC, Proof, ProofItem, VERSION, check_profile};
use crate::anchor::{Countersignature, Outside, OutsideKind, PlatformReceipt};
use crate::block::{Block, Receipt};
use crate::codec::{Item, limits};
use crate::entry::{Body, Entry, REFERENCE_NAME};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::merkle;
use crate::value::Disclosure;

/// Most words from outside in one proof.
const WORDS: usize = 1024;

/// A proof with its receipts and heads read, so that a verifier does not read them again.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) proof: Proof,
    /// One for each item.
    pub(crate) receipts: Vec<Receipt>,
    /// One for each ledger.
    pub(crate) heads: Vec<Block>,
    /// One list for each item.
    pub(crate) disclosures: Vec<Vec<Disclosure>>,
    /// One for each word from outside.
    pub(crate) words: Vec<Word>,
}

impl Reading {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let map = Item::parse(bytes, limits::PROOF_BYTES)?.map()?;
        map.only(&[0, 1, 2, 3, 4, 5])?;
        if map.read(0, |magic| magic.text())? != MAGIC {
            return Err(Error::new(ErrorCode::WrongKind, "expected a proof"));
        }
        if map.read(1, |version| version.uint())? != VERSION {
            return Err(Error::new(ErrorCode::UnsupportedVersion, "proof"));
        }
        let items = map.read(2, |list| list.array())?;
        if items.is_empty() || items.len() > limits::PROOF_ITEMS {
            return Err(Error::new(ErrorCode::OutOfRange, "a proof has 1 to 65,536 items"));
        }
        let outside = map.read(5, |list| list.array())?;
        if outside.len() > WORDS {
            return Err(Error::new(ErrorCode::TooLarge, "at most 1,024 words from outside"));
        }
        let proof = Proof {
            items: items.into_iter().map(read_item).collect::<Result<_>>()?,
            profiles: map.read(3, |list| {
                list.array()?.iter().map(|file| file.bstr().map(<[u8]>::to_vec)).collect()
            })?,
            ledgers: map.read(4, |list| list.array()?.into_iter().map(read_ledger).collect())?,
            outside: outside.into_iter().map(Outside::read).collect::<Result<_>>()?,
        };
        Self::of(proof)
    }

    /// Reads the parts of a proof and checks that they belong together.
    fn of(proof: Proof) -> Result<Self> {
        let place = |at: usize, error: Error| error.within(&format!("item {at}"));
        let mut receipts = Vec::with_capacity(proof.items.len());
        let mut disclosures = Vec::with_capacity(proof.items.len());
        for (at, item) in proof.items.iter().enumerate() {
            receipts.push(item.receipt().map_err(|error| place(at, error.within("receipt")))?);
            disclosures.push(read_disclosures(item).map_err(|error| place(at, error))?);
        }
        let heads = proof.ledgers.iter().map(LedgerEvidence::head).collect::<Result<Vec<_>>>()?;
        if !receipts.is_sorted_by(|a, b| position(a) < position(b)) {
            return Err(Error::new(
                ErrorCode::MapOrder,
                "items ascend by ledger, height and index, each once",
            ));
        }
        for profile in &proof.profiles {
            check_profile(profile)?;
        }
        let by_digest: Vec<_> =
            proof.profiles.iter().map(|file| HashAlg::Sha256.digest(file)).collect();
        if !by_digest.is_sorted_by(|a, b| a < b) {
            return Err(Error::new(ErrorCode::MapOrder, "profiles ascend by SHA-256, each once"));
        }
        check_ledgers(&proof.ledgers, &heads, &receipts)?;
        let words = proof.outside.iter().map(read_word).collect::<Result<_>>()?;
        Ok(Self { proof, receipts, heads, disclosures, words })
    }

    /// Reads the entries, one for each item, and checks what disclosures and profiles stand beside.
    pub(crate) fn entries(&self) -> Result<Vec<Entry<'_>>> {
        let mut entries = Vec::with_capacity(self.proof.items.len());
        let mut profiles = HashSet::new();
        let mut any_profile = false;
        for (at, (item, disclosures)) in self.proof.items.iter().zip(&self.disclosures).enumerate()
        {
            let place = |error: Error| error.within(&format!("item {at}"));
            let entry = Entry::parse(&item.entry).map_err(place)?;
            if !disclosures.is_empty() && !may_disclose(&entry, disclosures) {
                let what = "disclosures beside an entry that commits to nothing of that name";
                return Err(place(Error::new(ErrorCode::UnknownCritical, what)));
            }
            if let Some((record, _)) = entry.record() {
                profiles.insert(record.profile.digest);
            }
            // A record that is not understood might name any.
            any_profile |= matches!(entry.body, Body::Unknown { critical: true });
            entries.push(entry);
        }
        let named = |file: &Vec<u8>| {
            HashAlg::ALL.iter().any(|alg| profiles.contains(&Digest::of(*alg, file)))
        };
        if !any_profile && !self.proof.profiles.iter().all(named) {
            return Err(Error::new(ErrorCode::UnknownCritical, "a profile that no record names"));
        }
        Ok(entries)
    }
}

/// A word from outside, read.
#[derive(Debug)]
pub(crate) enum Word {
    Countersignature(Box<Countersignature>),
    Token,
    Platform(Box<PlatformReceipt>),
}

/// Reads what a word says.
pub(crate) fn read_word(outside: &Outside) -> Result<Word> {
    Ok(match outside.kind {
        OutsideKind::Countersignature => Word::Countersignature(Box::new(
            Countersignature::parse(&outside.bytes)
                .map_err(|error| error.within("countersignature"))?,
        )),
        OutsideKind::TimestampToken => Word::Token,
        OutsideKind::PlatformReceipt => Word::Platform(Box::new(
            PlatformReceipt::parse(&outside.bytes)
                .map_err(|error| error.within("platform receipt"))?,
        )),
    })
}

fn may_disclose(entry: &Entry<'_>, disclosures: &[Disclosure]) -> bool {
    match entry.body {
        Body::Unknown { .. } => true,
        Body::Tombstone(_) | Body::Hold(_) => {
            matches!(disclosures, [one] if one.name == REFERENCE_NAME)
        }
        _ => entry.record().is_some(),
    }
}

/// Where an entry stands: ledger id, height, index in the block. No two items of a proof share one.
pub(super) fn position(receipt: &Receipt) -> (&[u8; 32], u64, u64) {
    let header = receipt.block().header();
    (&header.ledger_id, header.height, receipt.index())
}

fn read_item(item: Item<'_>) -> Result<ProofItem> {
    let map = item.map()?;
    map.only(&[0, 1, 2])?;
    let entry = map.read(0, |entry| entry.bstr())?;
    if entry.len() > limits::ENTRY_BYTES {
        return Err(Error::new(ErrorCode::TooLarge, "an entry has at most 65,535 bytes"));
    }
    let disclosures: Vec<Vec<u8>> = map
        .read_opt(2, |list| {
            list.array()?.iter().map(|one| one.bstr().map(<[u8]>::to_vec)).collect()
        })?
        .unwrap_or_default();
    if map.has(2) && (disclosures.is_empty() || disclosures.len() > limits::FIELDS) {
        return Err(Error::new(
            ErrorCode::OutOfRange,
            "1 to 512 disclosures, or none and no key 2",
        ));
    }
    let receipt = map.read(1, |receipt| receipt.bstr())?;
    Ok(ProofItem { entry: entry.to_vec(), receipt: receipt.to_vec(), disclosures })
}

fn read_disclosures(item: &ProofItem) -> Result<Vec<Disclosure>> {
    let read: Vec<Disclosure> =
        item.disclosures.iter().map(|one| Disclosure::parse(one)).collect::<Result<_>>()?;
    if !read.is_sorted_by(|a, b| a.name < b.name) {
        return Err(Error::new(ErrorCode::MapOrder, "disclosures ascend by name, each once"));
    }
    Ok(read)
}

fn read_ledger(item: Item<'_>) -> Result<LedgerEvidence> {
    let map = item.map()?;
    map.only(&[0, 1])?;
    let history = map.read(1, |list| {
        list.array()?
            .into_iter()
            .map(|step| {
                let [height, path] = step.array_n::<2>()?;
                let nodes = path.elements()?.map(|node| node.bstr32()).collect::<Result<_>>()?;
                Ok((height.count()?, nodes))
            })
            .collect::<Result<_>>()
    })?;
    Ok(LedgerEvidence { head: map.read(0, |head| head.bstr())?.to_vec(), history })
}

/// Ledgers listed are the ledgers of the items; each head is its ledger's newest block shown; every other height shown
/// has one history path of the right length; genesis is there.
fn check_ledgers(ledgers: &[LedgerEvidence], heads: &[Block], receipts: &[Receipt]) -> Result<()> {
    if !heads.is_sorted_by(|a, b| a.header().ledger_id < b.header().ledger_id) {
        return Err(Error::new(ErrorCode::MapOrder, "ledgers ascend by id, each once"));
    }
    let mut shown: BTreeMap<&[u8; 32], Shown> = BTreeMap::new();
    for receipt in receipts {
        shown.entry(&receipt.block().header().ledger_id).or_default().add(receipt);
    }
    if !shown.keys().copied().eq(heads.iter().map(|head| &head.header().ledger_id)) {
        return Err(Error::new(
            ErrorCode::MissingKey,
            "the ledgers of the items are the ledgers listed",
        ));
    }
    for ((ledger, head), shown) in ledgers.iter().zip(heads).zip(shown.values()) {
        shown.check(ledger, head)?;
    }
    Ok(())
}

/// The blocks of one ledger that items stand in. Receipts come in ascending order.
#[derive(Default)]
struct Shown {
    has_genesis: bool,
    heights: Vec<u64>,
}

impl Shown {
    fn add(&mut self, receipt: &Receipt) {
        let height = receipt.block().header().height;
        self.has_genesis |= height == 0 && receipt.index() == 0;
        if self.heights.last() != Some(&height) {
            self.heights.push(height);
        }
    }

    fn check(&self, ledger: &LedgerEvidence, head: &Block) -> Result<()> {
        if !self.has_genesis {
            return Err(Error::new(ErrorCode::MissingKey, "every ledger's genesis is shown"));
        }
        // Whether it is the block shown there is for the verifier to say: two blocks at one height are evidence too.
        if self.heights.last() != Some(&head.header().height) {
            return Err(Error::new(
                ErrorCode::MissingKey,
                "the head has the height of the newest block shown",
            ));
        }
        let height = head.header().height;
        let below = self.heights.iter().take_while(|shown| **shown < height);
        if !below.eq(ledger.history.iter().map(|(height, _)| height)) {
            return Err(Error::new(
                ErrorCode::MissingKey,
                "one history path for each block shown below the head, ascending",
            ));
        }
        for (at, path) in &ledger.history {
            if merkle::path_len(*at, height) != Some(path.len()) {
                return Err(Error::new(ErrorCode::PathLength, "history path"));
            }
        }
        Ok(())
    }
}
