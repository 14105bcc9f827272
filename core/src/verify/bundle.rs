//! Verification of a whole ledger as a sync bundle, block by block.

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::json;
use sha2::Digest as _;

use super::lines::{Lines, time_text};
use super::verdict::{Inputs, LedgerView};
use super::words::Say;
use super::{DeclaredTime, Policy, Verdict, ledgers, lines, unreadable};
use crate::block::{Block, Head};
use crate::bundle::{BundleBlock, BundleReader};
use crate::entry::{Body, Entry};
use crate::error::{Error, ErrorCode};
use crate::hash::{Digest, TwinDigest, hex};
use crate::merkle;
use crate::number;
use crate::proof::read_word;
use crate::value::escape::for_people;

/// What took a place: its digest, and whether it is a record.
type Taken = (Digest, bool);

/// Verifies a bundle (format §11) from block 0 on: every block must follow the one before by the one check that ledger
/// and replica use, and places and predecessors must fit. Values, statements and rules are checked on proofs.
///
/// There is no error: a stream that cannot be read gives a verdict that says so.
pub fn verify_bundle(reader: impl Read, policy: &Policy, at: DeclaredTime) -> Verdict {
    let mut hashed =
        Hashed { inner: reader, size: 0, sha256: Default::default(), sm3: Default::default() };
    let mut state = State { all_understood: true, ..State::default() };
    let result = state.run(&mut hashed);
    // What was not read because of a fault counts too: the digest is of the whole input.
    let drained = std::io::copy(&mut hashed, &mut std::io::sink());
    let inputs = Inputs::new(&hashed.finish(), policy, at);
    if let Err(error) = drained {
        let error = Error::new(ErrorCode::Storage, error.kind().to_string());
        return unreadable(inputs, &error);
    }
    match result {
        Err(error) if state.header_missing => unreadable(inputs, &error),
        result => state.verdict(inputs, policy, result.err()),
    }
}

#[derive(Default)]
struct State {
    header_missing: bool,
    ledger: Option<Digest>,
    range: (u64, u64),
    head: Option<Head>,
    organisation: Option<String>,
    begun: Option<String>,
    blocks: u64,
    /// By dossier, place after place.
    places: BTreeMap<[u8; 16], Places>,
    lines: Lines,
    /// Set when a block did not hold.
    broken: bool,
    /// Whether genesis names a ledger that this one goes on from.
    goes_on: bool,
    all_understood: bool,
}

/// Reads a bundle that does not begin with genesis. Without the state before it nothing more can be said.
fn read_only(bundle: &mut BundleReader<impl Read>) -> crate::Result<()> {
    let header = bundle.header().clone();
    let mut last = None;
    while let Some(block) = bundle.next_block()? {
        let sealed = Block::parse(&block.sealed)?;
        block.entries.iter().try_for_each(|bytes| Entry::parse(bytes).map(|_| ()))?;
        block.outside.iter().try_for_each(|word| read_word(word).map(|_| ()))?;
        let hash = sealed.header().hash;
        if sealed.header().entry_count != u64::try_from(block.entries.len()).unwrap_or(u64::MAX) {
            return Err(Error::new(ErrorCode::ChainBroken, "not the signed number of entries"));
        }
        last = Some(
            sealed.block_hash(&merkle::root(hash, &merkle::leaf_hashes(hash, &block.entries))),
        );
    }
    if last == Some(header.block_hash) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::HeadMismatch, "the bundle's header names another last block"))
}

impl State {
    fn run(&mut self, input: &mut impl Read) -> crate::Result<()> {
        self.header_missing = true;
        let mut bundle = BundleReader::new(input)?;
        self.header_missing = false;
        let header = bundle.header().clone();
        self.ledger = Some(header.ledger_id);
        self.range = (header.first, header.last);
        if header.first > 0 {
            return read_only(&mut bundle);
        }
        while let Some(block) = bundle.next_block()? {
            if let Err(error) = self.block(&block) {
                let facts = json!({
                    "height": self.blocks,
                    "where": error.context(),
                    "error": error.number(),
                });
                self.broken = true;
                self.lines.say(Say::BundleBlocksContradicted, self.subject(), facts);
                return Ok(());
            }
        }
        let same = self.head.as_ref().is_some_and(|head| {
            head.ledger_id() == header.ledger_id
                && head.height() == header.last
                && *head.block_hash() == header.block_hash
                && *head.sealed_digest() == header.sealed_digest
        });
        if same {
            return Ok(());
        }
        Err(Error::new(ErrorCode::ChainBroken, "the last block is not the one in the header"))
    }

    fn subject(&self) -> String {
        match &self.ledger {
            Some(id) => format!("ledger:{}", hex::encode(&id.bytes)),
            None => "bundle".to_owned(),
        }
    }

    fn block(&mut self, block: &BundleBlock) -> crate::Result<()> {
        let sealed = block.check(self.head.as_ref())?;
        let header = sealed.block.header();
        self.begun = ledgers::begun(header);
        for (index, bytes) in block.entries.iter().enumerate() {
            let subject =
                format!("entry:{}/{}/{index}", hex::encode(&header.ledger_id), header.height);
            let entry = Entry::parse(bytes).map_err(|error| error.within(&subject))?;
            self.entry(&entry, &subject);
        }
        block.outside.iter().try_for_each(|word| read_word(word).map(|_| ()))?;
        self.head = Some(sealed.head);
        self.blocks += 1;
        Ok(())
    }

    fn entry(&mut self, entry: &Entry<'_>, subject: &str) {
        match &entry.body {
            Body::Genesis(genesis) => {
                self.organisation = Some(for_people(&genesis.organisation).into_owned());
                let created = &genesis.created.captured;
                let facts = json!({
                    "organisation": genesis.organisation,
                    "hash": genesis.hash.name(),
                    "created": time_text(created.unix_ms, created.offset_minutes),
                });
                self.lines.say(Say::LedgerGenesisProven, self.subject(), facts);
                self.goes_on = genesis.continues.is_some();
            }
            Body::Unknown { critical: true } => {
                self.all_understood = false;
                let facts = json!({ "kind": "unknown" });
                self.lines.say(Say::EntryInBlockNotProvenCritical, subject, facts);
            }
            _ if entry.has_unknown_optional => {
                self.lines.say(Say::EntryReadableNotChecked, subject, json!({}));
            }
            _ => {}
        }
        let Some(taken) = entry.place() else { return };
        let number = number::preservation_number(&taken.dossier);
        let places = self.places.entry(taken.dossier).or_default();
        let this = (taken.digest, entry.record().is_some());
        if taken.place < places.next() {
            // The same record may be sealed twice, bare and in a statement.
            if places.at(taken.place) != Some(this) || !this.1 {
                let facts = json!({ "place": taken.place, "entries": [subject] });
                self.lines.say(Say::DossierOnePerPlaceContradicted, number, facts);
            }
            return;
        }
        let missing = taken.place > places.next();
        // The places before may stand in a ledger that this one goes on from (§5.5), or in what was not understood.
        let elsewhere =
            missing && (!self.all_understood || self.goes_on && places.taken.is_empty());
        let follows = taken.predecessor == places.taken.last().map(|(digest, _)| *digest);
        if !elsewhere && (missing || !follows) {
            let what = if missing { "missing-before" } else { "predecessor" };
            let facts = json!({ "place": taken.place, "what": what });
            self.lines.say(Say::DossierOrderContradicted, number, facts);
        }
        if missing {
            *places = Places { from: taken.place, taken: Vec::new() };
        }
        places.taken.push(this);
    }

    fn verdict(mut self, inputs: Inputs, policy: &Policy, fault: Option<Error>) -> Verdict {
        let subject = self.subject();
        let (first, last) = self.range;
        if first > 0 {
            let facts = json!({ "first": first, "last": last });
            self.lines.say(Say::BundleBlocksNotProven, &subject, facts);
        } else if let (Some(head), false) = (&self.head, self.broken) {
            let facts = json!({ "first": first, "last": head.height() });
            self.lines.say(Say::BundleBlocksProven, &subject, facts);
        }
        match &fault {
            Some(error) => {
                let facts = json!({ "where": error.context(), "error": error.number() });
                self.lines.say(Say::BundleCompleteContradicted, &subject, facts);
            }
            None if first == 0 && !self.broken => {
                let facts = json!({ "blocks": self.blocks });
                self.lines.say(Say::BundleCompleteProven, &subject, facts);
            }
            None => {}
        }
        let sound = self.head.as_ref().filter(|_| !self.broken && fault.is_none());
        let mut known_as = None;
        if let Some(head) = sound {
            let id = head.ledger_id();
            let by_key = || policy.ledger_key(&head.keys().at(head.height()).key);
            if let Some(known) = policy.ledger(&id) {
                let facts = json!({ "name": known.name });
                self.lines.say(Say::LedgerOriginProvenLedger, &subject, facts);
                known_as = Some(known.name.clone());
            } else if let Some(known) = by_key() {
                let facts = json!({ "name": known.name });
                self.lines.say(Say::LedgerOriginProvenKey, &subject, facts);
                known_as = Some(known.name.clone());
            } else {
                self.lines.say(Say::LedgerOriginNotProven, &subject, json!({}));
            }
            let facts = json!({ "height": head.height(), "begun": self.begun });
            self.lines.say(Say::LedgerTailNotChecked, &subject, facts);
        }
        let ledgers: Vec<LedgerView> = self
            .ledger
            .iter()
            .map(|id| LedgerView {
                id: hex::encode(&id.bytes),
                hash: id.alg.name(),
                organisation: self.organisation.clone(),
                known_as: known_as.as_deref().map(|name| for_people(name).into_owned()),
                head_height: self.head.as_ref().map_or(0, Head::height),
                head_digest: self
                    .head
                    .as_ref()
                    .map(|head| hex::encode(head.sealed_digest()))
                    .unwrap_or_default(),
                head_begun: self.begun.clone(),
                blocks: self.blocks,
            })
            .collect();
        Verdict {
            summary: lines::summary(&self.lines.0, &ledgers, true),
            inputs,
            ledgers,
            dossiers: Vec::new(),
            records: Vec::new(),
            lines: self.lines.0,
        }
    }
}

/// The places of a dossier without a gap: 33 bytes or so a record are all that is kept of it.
#[derive(Default)]
struct Places {
    from: u64,
    taken: Vec<Taken>,
}

impl Places {
    fn next(&self) -> u64 {
        self.from.saturating_add(u64::try_from(self.taken.len()).unwrap_or(u64::MAX))
    }

    fn at(&self, place: u64) -> Option<Taken> {
        self.taken.get(usize::try_from(place.checked_sub(self.from)?).ok()?).copied()
    }
}

/// Hashes what passes through.
struct Hashed<R> {
    inner: R,
    size: u64,
    sha256: sha2::Sha256,
    sm3: sm3::Sm3,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        let piece = buffer.get(..n).unwrap_or_default();
        self.size += piece.len() as u64;
        self.sha256.update(piece);
        self.sm3.update(piece);
        Ok(n)
    }
}

impl<R> Hashed<R> {
    fn finish(self) -> TwinDigest {
        TwinDigest {
            size: self.size,
            sha256: self.sha256.finalize().into(),
            sm3: self.sm3.finalize().into(),
        }
    }
}
