//! Verification kits: everything an expert needs to check the signatures around one entry with `openssl` and nothing of
//! ours. For SM2 there is no other outside check.
//!
//! A kit holds the record with the values that the proof discloses of it; the steps from the entry up to the root that
//! stands at the end of the signed bytes of its block, and from that block to the newest one shown; for each signature the
//! bytes that were signed, the signature in the form other tools take, the public key as PEM and the exact command;
//! timestamp tokens about either block; and the entry with its RFC 9942 receipt for tools that read COSE.

mod commands;
mod deposit;
#[cfg(test)]
mod deposit_tests;
mod keys;
mod outside;
mod path;
mod sd_jwt;
#[cfg(test)]
mod sd_jwt_tests;
mod texts;
mod values;

pub use deposit::{Platform, deposit};
pub use sd_jwt::{SdJwtDraft, SdJwtTerms};

use std::collections::BTreeMap;

use self::commands::{Commands, Section};
use self::keys::Keys;
use crate::block::Receipt;
use crate::entry::{Body, Entry};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::proof::{Proof, ProofItem};
use crate::sign::Signature;
use crate::verify::Policy;

/// A file of a kit.
#[derive(Clone, PartialEq, Eq)]
pub struct KitFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl core::fmt::Debug for KitFile {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "KitFile({}, {} bytes)", self.name, self.bytes.len())
    }
}

/// The kit of a record, as [`Kits::of_record`] gives it; of many records of one proof better that way.
///
/// # Errors
/// As there.
pub fn kit_of_record(proof: &Proof, record: &Digest, policy: &Policy) -> Result<Vec<KitFile>> {
    Kits::of(proof, policy)?.of_record(record)
}

/// The kit of the entry with this sequence number in this ledger.
///
/// # Errors
/// `NotFound` when the proof does not show the entry; else as [`Kits::of_record`].
pub fn kit_of_sequence(
    proof: &Proof,
    ledger: &Digest,
    sequence: u64,
    policy: &Policy,
) -> Result<Vec<KitFile>> {
    let kits = Kits::of(proof, policy)?;
    let wanted = kits.items.iter().find(|shown| {
        let header = shown.receipt.block().header();
        let here = Digest { alg: header.hash, bytes: header.ledger_id } == *ledger;
        here && shown.receipt.sequence() == Some(sequence)
    });
    kits.of_item(wanted.ok_or_else(not_shown)?)
}

/// An entry of the proof, read.
struct Shown<'p> {
    item: &'p ProofItem,
    receipt: Receipt,
    entry: Entry<'p>,
}

/// The kits of a proof. Its entries and keys are read once for all of them.
pub struct Kits<'p> {
    proof: &'p Proof,
    items: Vec<Shown<'p>>,
    /// By ledger; a ledger without a genesis has none.
    keys: BTreeMap<[u8; 32], Result<Keys<'p>>>,
    /// Where the proof shows a record, and the statements over it.
    records: BTreeMap<Digest, usize>,
    statements: BTreeMap<Digest, Vec<usize>>,
}

impl<'p> Kits<'p> {
    /// Reads the proof's entries. Keys that are not in the proof, such as a notary's, are taken from the policy where it has them.
    ///
    /// # Errors
    /// What reading the proof's entries gives.
    pub fn of(proof: &'p Proof, policy: &'p Policy) -> Result<Self> {
        let read = |item: &'p ProofItem| {
            Ok(Shown { item, receipt: item.receipt()?, entry: Entry::parse(&item.entry)? })
        };
        let items = proof.items.iter().map(read).collect::<Result<Vec<_>>>()?;
        let mut keys = BTreeMap::new();
        let (mut records, mut statements) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
        for (at, shown) in items.iter().enumerate() {
            let ledger = shown.receipt.block().header().ledger_id;
            keys.entry(ledger).or_insert_with(|| Keys::of(&items, policy, ledger));
            if let Some((record, bytes)) = shown.entry.record() {
                records.entry(record.digest(bytes)).or_insert(at);
            }
            if let Body::Statement(statement) = &shown.entry.body {
                statements.entry(statement.record_digest()).or_default().push(at);
            }
        }
        Ok(Self { proof, items, keys, records, statements })
    }

    /// Every record that the proof shows, once.
    pub fn records(&self) -> impl Iterator<Item = &Digest> {
        self.records.keys()
    }

    /// The kit of a record: of its entry, and of every further statement over it that the proof shows.
    ///
    /// Nothing is checked here: a kit of a proof that does not hold shows an expert that it does not.
    ///
    /// # Errors
    /// `NotFound` when the proof does not show the record; `MissingKey` when it does not show the genesis of its ledger; what reading
    /// signatures, values and words from outside gives.
    pub fn of_record(&self, record: &Digest) -> Result<Vec<KitFile>> {
        let shown = self.records.get(record).and_then(|at| self.items.get(*at));
        self.of_item(shown.ok_or_else(not_shown)?)
    }

    fn of_item(&self, shown: &Shown<'p>) -> Result<Vec<KitFile>> {
        let Shown { item, receipt, entry } = shown;
        let header = receipt.block().header();
        let keys = match self.keys.get(&header.ledger_id) {
            Some(keys) => keys.as_ref().map_err(Clone::clone)?,
            None => return Err(not_shown()),
        };
        let mut out = Commands::new(header.hash);
        out.file("entry.cbor", item.entry.clone());
        out.file("receipt.cbor", receipt.encode());
        out.file("sealed-block.cbor", receipt.block().sealed_bytes());
        values::values(&mut out, shown)?;
        let leaf = [&[0u8], item.entry.as_slice()].concat();
        let place = (receipt.index(), header.entry_count);
        let root = path::steps(&mut out, Section::Path, header.hash, leaf, place, receipt.path());
        if root != receipt.root(&item.entry)? {
            return Err(Error::new(
                ErrorCode::Internal,
                "the steps do not lead to the path's root",
            ));
        }
        out.signature(
            "block",
            &receipt.block().to_be_signed(&root),
            &Signature::from_canonical(header.alg, receipt.block().signature())?,
            Some(keys.of_block(header.height)),
        )?;
        let head = path::to_head(&mut out, self.proof, &self.items, keys, receipt, &root)?;
        // The entry's own signature, then those of further signers over the same record.
        let mut own = None;
        let record = match &entry.body {
            Body::Statement(statement) => {
                own = Some(shown);
                Some(statement.record_digest())
            }
            _ => entry.record().map(|(record, bytes)| record.digest(bytes)),
        };
        let others = record.and_then(|record| self.statements.get(&record));
        let others = others.into_iter().flatten().filter_map(|at| self.items.get(*at));
        let others = others.filter(|other| other.item.entry != item.entry);
        for (at, signed) in own.into_iter().chain(others).enumerate() {
            let Body::Statement(statement) = &signed.entry.body else { continue };
            let name = format!("statement-{}", at + 1);
            out.file(&format!("{name}.cbor"), signed.item.entry.clone());
            let signature = Signature::from_canonical(statement.alg, statement.signature())?;
            let key = keys.named(&statement.kid);
            out.signature(&name, &statement.to_be_signed(), &signature, key)?;
        }
        outside::words(&mut out, self.proof, keys, shown, &head)?;
        Ok(out.finish())
    }
}

fn not_shown() -> Error {
    Error::new(ErrorCode::NotFound, "the proof does not show this entry")
}

#[cfg(test)]
mod tests;
