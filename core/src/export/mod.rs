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
mod texts;
mod values;

pub use deposit::{Platform, deposit};

use self::commands::{Commands, Section};
use self::keys::Keys;
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

/// The kit of a record: of its entry, and of every further statement over it that the proof shows. Keys that are not in the
/// proof, such as a notary's, are taken from the policy where it has them.
///
/// Nothing is checked here: a kit of a proof that does not hold shows an expert that it does not.
///
/// # Errors
/// `NotFound` when the proof does not show the record, or what reading the proof's entries gives.
pub fn kit_of_record(proof: &Proof, record: &Digest, policy: &Policy) -> Result<Vec<KitFile>> {
    kit(proof, policy, |item| {
        let entry = Entry::parse(&item.entry)?;
        Ok(entry.record().is_some_and(|(read, bytes)| read.digest(bytes) == *record))
    })
}

/// The kit of the entry with this sequence number in this ledger.
///
/// # Errors
/// `NotFound` when the proof does not show the entry, or what reading the proof's entries gives.
pub fn kit_of_sequence(
    proof: &Proof,
    ledger: &Digest,
    sequence: u64,
    policy: &Policy,
) -> Result<Vec<KitFile>> {
    kit(proof, policy, |item| {
        let receipt = item.receipt()?;
        let header = receipt.block().header();
        let here = Digest { alg: header.hash, bytes: header.ledger_id } == *ledger;
        Ok(here && receipt.sequence() == Some(sequence))
    })
}

fn kit(
    proof: &Proof,
    policy: &Policy,
    wanted: impl Fn(&ProofItem) -> Result<bool>,
) -> Result<Vec<KitFile>> {
    for item in &proof.items {
        if wanted(item)? {
            return of_item(proof, policy, item);
        }
    }
    Err(Error::new(ErrorCode::NotFound, "the proof does not show this entry"))
}

fn of_item(proof: &Proof, policy: &Policy, item: &ProofItem) -> Result<Vec<KitFile>> {
    let receipt = item.receipt()?;
    let header = receipt.block().header();
    let keys = Keys::of(proof, policy, header.ledger_id)?;
    let mut out = Commands::new(header.hash);
    out.file("entry.cbor", item.entry.clone());
    out.file("receipt.cbor", receipt.encode());
    out.file("sealed-block.cbor", receipt.block().sealed_bytes());
    values::values(&mut out, item)?;
    let leaf = [&[0u8], item.entry.as_slice()].concat();
    let place = (receipt.index(), header.entry_count);
    let root = path::steps(&mut out, Section::Path, header.hash, leaf, place, receipt.path());
    if root != receipt.root(&item.entry)? {
        return Err(Error::new(ErrorCode::Internal, "the steps do not lead to the path's root"));
    }
    out.signature(
        "block",
        &receipt.block().to_be_signed(&root),
        &Signature::from_canonical(header.alg, receipt.block().signature())?,
        Some(keys.of_block(header.height)),
    )?;
    let head = path::to_head(&mut out, proof, &keys, &receipt, &root)?;
    // The entry's own signature, then those of further signers over the same record.
    let mut statements = Vec::new();
    let mut record = None;
    let entry = Entry::parse(&item.entry)?;
    if let Some((read, bytes)) = entry.record() {
        record = Some(read.digest(bytes));
    }
    if let Body::Statement(statement) = entry.body {
        record.get_or_insert(statement.record_digest());
        statements.push((*statement, &item.entry));
    }
    for other in proof.items.iter().filter(|other| other.entry != item.entry) {
        if let Body::Statement(statement) = Entry::parse(&other.entry)?.body
            && Some(statement.record_digest()) == record
        {
            statements.push((*statement, &other.entry));
        }
    }
    for (at, (statement, bytes)) in statements.iter().enumerate() {
        let name = format!("statement-{}", at + 1);
        out.file(&format!("{name}.cbor"), bytes.to_vec());
        let signature = Signature::from_canonical(statement.alg, statement.signature())?;
        out.signature(&name, &statement.to_be_signed(), &signature, keys.named(&statement.kid))?;
    }
    outside::words(&mut out, proof, &keys, item, &head)?;
    Ok(out.finish())
}

#[cfg(test)]
mod tests;
