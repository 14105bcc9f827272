//! From a ledger to a proof that travels: entries, receipts, chosen values, keys, history.

use std::collections::{BTreeMap, BTreeSet};

use super::named::named_by;
use super::prove_head::{ProofHead, Top};
use super::{Inner, Ledger};
use crate::anchor::Outside;
use crate::codec::{Item, limits};
use crate::entry::{Body, Entry, REFERENCE_NAME};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::profile::{self, Audience, Profile};
use crate::proof::{Proof, ProofBuilder};
use crate::record::Record;
use crate::store::{OutsideKey, PlaceRow, Store};
use crate::value::{Disclosure, FieldClass};

/// Suffix of the name of a field's masked twin.
const MASKED: &str = ".masked";

/// Which records to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All records of a dossier that are sealed.
    Dossier([u8; 16]),
    /// Records by the sequence numbers of their entries.
    Sequences(Vec<u64>),
}

/// Which values to show. What is not shown is withheld: the verifier sees its name, and that it is withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disclose {
    /// Every value.
    All,
    /// None.
    None,
    /// What the profile says: plain ones, the masked twin of masked ones.
    ByProfile,
    /// What the profile shows to this kind of reader.
    Audience(Audience),
    /// Values under these names.
    Names(Vec<String>),
    /// Values of these classes.
    Classes(Vec<FieldClass>),
}

/// What to prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofRequest {
    /// Which records.
    pub records: Selection,
    /// Which of their values.
    pub disclose: Disclose,
}

impl Ledger {
    /// Makes a proof. Statements, tombstones and holds about the records come with them, and everything a verifier needs to
    /// follow the ledger's keys and its history up to its head.
    ///
    /// # Errors
    /// `NotFound` for a record that is not there or not sealed, `WrongVaultKey` when values are to be shown and the vault is
    /// closed, `Damaged`, 6xx. Values that were erased, or whose disclosure is restricted, are not shown; that is no error.
    pub fn prove(&self, request: &ProofRequest) -> Result<Proof> {
        self.prove_under(request, ProofHead::Newest)
    }

    /// As [`Ledger::prove`], with a proof that leads to another head: the one that a timestamp or a countersignature is about
    /// covers all records before it, also when other blocks were sealed since. Of a dossier only what is under that head is
    /// shown.
    ///
    /// # Errors
    /// As [`Ledger::prove`]; `NotFound` too for a height that is not sealed, and where no block from the records' own on has
    /// a word from outside.
    pub fn prove_under(&self, request: &ProofRequest, head: ProofHead) -> Result<Proof> {
        let mut inner = self.lock()?;
        inner.check_whole()?;
        let mut top = inner.newest_top()?;
        let mut chosen = inner.select(&request.records, &top)?;
        if head != ProofHead::Newest {
            let last = chosen.last().copied().map(|last| inner.height_of(last)).transpose()?;
            top = inner.top(head, last.flatten().unwrap_or(0))?;
            chosen = inner.select(&request.records, &top)?;
        }
        let mut shown: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        for sequence in inner.with_company(&chosen, &top)? {
            shown.insert(sequence, inner.entry_at(sequence)?);
        }
        let mut builder = ProofBuilder::new(inner.hash, inner.id.bytes);
        let mut heights: BTreeSet<u64> = BTreeSet::new();
        let mut profiles: BTreeSet<[u8; 32]> = BTreeSet::new();
        let mut named = BTreeSet::new();
        for (sequence, bytes) in &shown {
            let receipt = inner.receipt_for(*sequence, bytes)?;
            let height = receipt.block().header().height;
            heights.insert(height);
            let entry = Entry::parse(bytes)?;
            let mut disclosures = Vec::new();
            if matches!(entry.body, Body::Tombstone(_) | Body::Hold(_))
                && shows_references(&request.disclose)
            {
                disclosures = inner.kept(*sequence, &entry.digest(inner.hash))?;
            }
            if let Some((record, record_bytes)) = entry.record() {
                named.extend(named_by(record).map(|token| (token, height)));
                let file = inner.profile_of(record)?;
                if chosen.contains(sequence) {
                    disclosures =
                        inner.choose(*sequence, record, record_bytes, &file, &request.disclose)?;
                }
                if profiles.insert(record.profile.digest.bytes) {
                    builder.profile(&file);
                }
            }
            for outside in inner.outside_at(OutsideKey::Entry(*sequence))? {
                builder.outside(outside);
            }
            builder.item(bytes.clone(), &receipt, &disclosures);
        }
        inner.add_head(&mut builder, &top, &mut heights)?;
        for height in &heights {
            for outside in inner.outside_at(OutsideKey::Block(*height))? {
                builder.outside(outside);
            }
        }
        for outside in inner.named_tokens(&named, &heights)? {
            builder.outside(outside);
        }
        builder.finish()
    }
}

impl Inner {
    fn select(&self, selection: &Selection, top: &Top) -> Result<BTreeSet<u64>> {
        let sealed = |sequence: &u64| *sequence < top.next_sequence;
        let chosen: BTreeSet<u64> = match selection {
            Selection::Dossier(id) => self
                .whole_dossier(id)?
                .iter()
                .filter_map(|row| row.sequence)
                .filter(sealed)
                .collect(),
            Selection::Sequences(list) => {
                if !list.iter().all(sealed) {
                    return Err(Error::new(
                        ErrorCode::NotFound,
                        "an entry that is not sealed under the head of the proof; seal it first",
                    ));
                }
                list.iter().copied().collect()
            }
        };
        if chosen.is_empty() {
            return Err(Error::new(ErrorCode::NotFound, "no sealed record is selected"));
        }
        Ok(chosen)
    }

    /// Adds what belongs to the chosen records: genesis, ledger keys, entries about them, and the keys of their signers.
    fn with_company(&self, chosen: &BTreeSet<u64>, top: &Top) -> Result<BTreeSet<u64>> {
        let mut all = chosen.clone();
        all.insert(0);
        all.insert(1);
        for key in self.keys_under(top) {
            let about = self.sealed_about(&key.kid, top)?;
            if about.is_empty() && key.epoch != Some(0) {
                return Err(Error::new(
                    ErrorCode::Damaged,
                    "nothing leads to the entry of a ledger key",
                ));
            }
            all.extend(about);
        }
        let mut new: Vec<u64> = chosen.iter().copied().collect();
        while let Some(sequence) = new.pop() {
            for about in self.related(sequence, top)? {
                if all.insert(about) {
                    new.push(about);
                }
            }
        }
        Ok(all)
    }

    /// The places of a dossier. None may be missing: the proof would say so of the sealer. (A replica has a place that was
    /// held for signature only once it was signed; where this ledger goes on from another, the line may have begun there.)
    fn whole_dossier(&self, id: &[u8; 16]) -> Result<Vec<PlaceRow>> {
        let places = self.store.places(id)?;
        let begun_before = self.continued.and(places.first()).map_or(0, |row| row.place);
        match places.iter().zip(begun_before..).find(|(row, place)| row.place != *place) {
            Some((_, place)) if !self.replica => Err(Error::new(
                ErrorCode::Damaged,
                format!("place {place} of a dossier is missing"),
            )),
            _ => Ok(places),
        }
    }

    fn related(&self, sequence: u64, top: &Top) -> Result<Vec<u64>> {
        let bytes = self.entry_at(sequence)?;
        let entry = Entry::parse(&bytes)?;
        let mut related = Vec::new();
        if let Some((record, record_bytes)) = entry.record() {
            related.extend(self.sealed_about(&record.digest(record_bytes).bytes, top)?);
        }
        match &entry.body {
            Body::Statement(statement) => related.extend(self.sealed_about(&statement.kid, top)?),
            Body::Key(_, claims) => {
                related.extend(self.sealed_about(&self.hash.digest(&bytes), top)?);
                if let Some(previous) = &claims.previous {
                    related.extend(self.sealed_about(previous, top)?);
                }
            }
            _ => {}
        }
        Ok(related)
    }

    pub(super) fn sealed_about(&self, subject: &[u8; 32], top: &Top) -> Result<Vec<u64>> {
        let all = self.store.about(subject)?;
        Ok(all.into_iter().filter(|sequence| *sequence < top.next_sequence).collect())
    }

    pub(super) fn profile_of(&self, record: &Record) -> Result<Vec<u8>> {
        let file = self.store.profile(&record.profile.digest)?;
        file.ok_or_else(|| {
            Error::new(ErrorCode::Damaged, "the profile file of a record is missing")
        })
    }

    fn choose(
        &self,
        sequence: u64,
        record: &Record,
        record_bytes: &[u8],
        file: &[u8],
        disclose: &Disclose,
    ) -> Result<Vec<Disclosure>> {
        if *disclose == Disclose::None {
            return Ok(Vec::new());
        }
        let digest = record.digest(record_bytes);
        if self.hold_state(&digest)?.restricted {
            return Ok(Vec::new());
        }
        let kept = self.kept(sequence, &digest)?;
        let profile = Profile::parse(file)?;
        Ok(kept
            .into_iter()
            .filter(|disclosure| is_chosen(disclose, &profile, &disclosure.name))
            .collect())
    }

    /// The values that are kept; none when they were erased.
    pub(super) fn kept(&self, sequence: u64, subject: &Digest) -> Result<Vec<Disclosure>> {
        match self.open_vault(sequence, subject) {
            Err(error) if error.code() == ErrorCode::Erased => Ok(Vec::new()),
            other => other,
        }
    }

    pub(super) fn outside_at(&self, key: OutsideKey) -> Result<Vec<Outside>> {
        outside_of(&*self.store, key)
    }
}

/// Words from outside as a store keeps them, read.
pub(super) fn outside_of(store: &dyn Store, key: OutsideKey) -> Result<Vec<Outside>> {
    let kept = store.outside(key)?;
    kept.iter().map(|bytes| Outside::read(Item::parse(bytes, 2 * limits::ENTRY_BYTES)?)).collect()
}

/// Whether references of tombstones and holds are shown: on request only, since they may lead to a person.
fn shows_references(disclose: &Disclose) -> bool {
    match disclose {
        Disclose::All => true,
        Disclose::Names(names) => names.iter().any(|name| name == REFERENCE_NAME),
        Disclose::Audience(audience) => *audience == Audience::Customer,
        Disclose::None | Disclose::ByProfile | Disclose::Classes(_) => false,
    }
}

fn is_chosen(disclose: &Disclose, profile: &Profile, name: &str) -> bool {
    match disclose {
        Disclose::All => true,
        Disclose::None => false,
        Disclose::Names(names) => names.iter().any(|chosen| chosen == name),
        Disclose::Classes(classes) => classes.contains(&profile.field_class(name)),
        Disclose::Audience(audience) => profile.shows_to(*audience, name),
        Disclose::ByProfile => {
            let rule = |name: &str| profile.field(name).map(|field| field.disclose);
            match name.strip_suffix(MASKED) {
                Some(full) => rule(full) == Some(profile::Disclose::Masked),
                None => rule(name) == Some(profile::Disclose::Plain),
            }
        }
    }
}
