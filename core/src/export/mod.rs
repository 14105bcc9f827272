//! Verification kits: everything an expert needs to check the signatures around one entry with `openssl` and nothing of
//! ours. For SM2 there is no other outside check.
//!
//! A kit holds, for each signature, the bytes that were signed, the signature in the form other tools take, the public key
//! as PEM and the exact command; for the entry, the steps of its path up to the root that stands at the end of the signed
//! bytes of its block; and the entry with its RFC 9942 receipt for tools that read COSE.

mod commands;

use self::commands::Commands;
use crate::block::Receipt;
use crate::entry::{Body, Entry};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::key::{KeyRole, LedgerKeys, SignerKeys};
use crate::merkle;
use crate::proof::{Proof, ProofItem};
use crate::sign::{PublicKey, Signature};
use crate::statement::Statement;

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

/// The kit of a record: of its entry, and of every further statement over it that the proof shows.
///
/// Nothing is checked here: a kit of a proof that does not hold shows an expert that it does not.
///
/// # Errors
/// `NotFound` when the proof does not show the record, or what reading the proof's entries gives.
pub fn kit_of_record(proof: &Proof, record: &Digest) -> Result<Vec<KitFile>> {
    kit(proof, |item| {
        let entry = Entry::parse(&item.entry)?;
        Ok(entry.record().is_some_and(|(read, bytes)| read.digest(bytes) == *record))
    })
}

/// The kit of the entry with this sequence number in this ledger.
///
/// # Errors
/// `NotFound` when the proof does not show the entry, or what reading the proof's entries gives.
pub fn kit_of_sequence(proof: &Proof, ledger: &Digest, sequence: u64) -> Result<Vec<KitFile>> {
    kit(proof, |item| {
        let receipt = item.receipt()?;
        let header = receipt.block().header();
        let here = Digest { alg: header.hash, bytes: header.ledger_id } == *ledger;
        Ok(here && receipt.sequence() == Some(sequence))
    })
}

fn kit(proof: &Proof, wanted: impl Fn(&ProofItem) -> Result<bool>) -> Result<Vec<KitFile>> {
    for item in &proof.items {
        if wanted(item)? {
            return of_item(proof, item);
        }
    }
    Err(Error::new(ErrorCode::NotFound, "the proof does not show this entry"))
}

fn of_item(proof: &Proof, item: &ProofItem) -> Result<Vec<KitFile>> {
    let receipt = item.receipt()?;
    let header = receipt.block().header();
    let (ledger_keys, signer_keys) = keys(proof, &receipt)?;
    let mut out = Commands::new(header.hash);
    out.file("entry.cbor", item.entry.clone());
    out.file("receipt.cbor", receipt.encode());
    out.file("sealed-block.cbor", receipt.block().sealed_bytes());
    let root = path_steps(&mut out, &receipt, &item.entry)?;
    let key = ledger_keys.at(header.height);
    out.signature(
        "block",
        &receipt.block().to_be_signed(&root),
        &Signature::from_canonical(header.alg, receipt.block().signature())?,
        Some(&key.key),
    )?;
    // The entry's own signature, then those of further signers over the same record.
    let mut statements = Vec::new();
    let mut record = None;
    let entry = Entry::parse(&item.entry)?;
    if let Some((read, bytes)) = entry.record() {
        record = Some(read.digest(bytes));
    }
    if let Body::Statement(statement) = entry.body {
        record.get_or_insert(statement.record_digest());
        statements.push(*statement);
    }
    for other in proof.items.iter().filter(|other| other.entry != item.entry) {
        if let Body::Statement(statement) = Entry::parse(&other.entry)?.body
            && Some(statement.record_digest()) == record
        {
            statements.push(*statement);
        }
    }
    for (at, statement) in statements.iter().enumerate() {
        let name = format!("statement-{}", at + 1);
        let key = signer_key(statement, &ledger_keys, &signer_keys);
        let signature = Signature::from_canonical(statement.alg, statement.signature())?;
        out.signature(&name, &statement.to_be_signed(), &signature, key)?;
    }
    Ok(out.finish())
}

/// The keys that the proof shows of the entry's ledger, as they were taken in.
fn keys(proof: &Proof, of: &Receipt) -> Result<(LedgerKeys, SignerKeys)> {
    let ledger = of.block().header().ledger_id;
    let mut found: Option<(LedgerKeys, SignerKeys)> = None;
    for item in &proof.items {
        let receipt = item.receipt()?;
        let header = receipt.block().header();
        if header.ledger_id != ledger {
            continue;
        }
        let id = Digest { alg: header.hash, bytes: ledger };
        match (Entry::parse(&item.entry)?.body, &mut found) {
            (Body::Genesis(genesis), None) => {
                let keys = LedgerKeys::from_genesis(&genesis.key_entry, genesis.hash, id)?;
                found = Some((keys, SignerKeys::new(genesis.hash, id)));
            }
            // An entry that does not hold brings no key in; the verdict says why.
            (Body::Key(_, claims), Some((ledger_keys, signer_keys))) => {
                let _ = match claims.role {
                    KeyRole::Ledger => ledger_keys.apply(&item.entry, header.height),
                    _ => signer_keys.apply(&item.entry, header.height),
                };
            }
            _ => {}
        }
    }
    found.ok_or_else(|| Error::new(ErrorCode::MissingKey, "the proof shows no genesis"))
}

fn signer_key<'k>(
    statement: &Statement,
    ledger_keys: &'k LedgerKeys,
    signer_keys: &'k SignerKeys,
) -> Option<&'k PublicKey> {
    let signer = signer_keys.by_kid(&statement.kid).map(|key| &key.key);
    signer.or_else(|| ledger_keys.by_kid(&statement.kid).map(|key| &key.key))
}

/// One file for each hash on the way from the entry to the root; gives the root.
fn path_steps(out: &mut Commands, receipt: &Receipt, entry: &[u8]) -> Result<[u8; 32]> {
    let header = receipt.block().header();
    let (mut node, mut index, mut last) =
        (merkle::leaf_hash(header.hash, entry), receipt.index(), header.entry_count - 1);
    out.step(0, [&[0u8], entry].concat(), &node);
    for (at, sibling) in receipt.path().iter().enumerate() {
        // RFC 9162 §2.1.3.2: an odd node at the right edge is promoted until it has a sibling on its left.
        while index & 1 == 0 && index == last && last > 0 {
            (index, last) = (index >> 1, last >> 1);
        }
        let (left, right) = if index & 1 == 1 { (sibling, &node) } else { (&node, sibling) };
        let preimage = [&[1u8][..], left, right].concat();
        node = merkle::node_hash(header.hash, left, right);
        out.step(at + 1, preimage, &node);
        (index, last) = (index >> 1, last >> 1);
    }
    let root = receipt.root(entry)?;
    if node != root {
        return Err(Error::new(ErrorCode::Internal, "the steps do not lead to the path's root"));
    }
    Ok(root)
}

#[cfg(test)]
mod tests;
