//! Putting proofs in order, joining several into one, and showing more values of a record.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use super::read::position;
use super::{LedgerEvidence, Proof, ProofItem};
use crate::entry::Entry;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::value::Disclosure;

impl Proof {
    /// One proof out of several, usually one of each ledger of a dossier. A ledger that stands in several must stand
    /// there with the same head; doubled entries are merged and their disclosures put together.
    ///
    /// # Errors
    /// `Conflict` for one ledger with two heads, or one position with two entries; otherwise as [`Proof::parse`].
    pub fn join(proofs: Vec<Proof>) -> Result<Proof> {
        let empty = Proof {
            items: Vec::new(),
            profiles: Vec::new(),
            ledgers: Vec::new(),
            outside: Vec::new(),
        };
        let all = proofs.into_iter().fold(empty, |mut all, proof| {
            all.items.extend(proof.items);
            all.profiles.extend(proof.profiles);
            all.ledgers.extend(proof.ledgers);
            for outside in proof.outside {
                if !all.outside.contains(&outside) {
                    all.outside.push(outside);
                }
            }
            all
        });
        Proof::parse(&in_order(all)?.write())
    }

    /// The same proof with more values of one record shown.
    ///
    /// # Errors
    /// `NotFound` when the record is not in the proof, `DigestMismatch` when a disclosure opens none of its commitments,
    /// `Conflict` when another value stands under that name already.
    pub fn with_disclosures(
        mut self,
        record_digest: &Digest,
        disclosures: &[Disclosure],
    ) -> Result<Proof> {
        let mut found = false;
        for item in &mut self.items {
            let Ok(entry) = Entry::parse(&item.entry) else { continue };
            let Some((record, bytes)) = entry.record() else { continue };
            if record.digest(bytes) != *record_digest {
                continue;
            }
            found = true;
            for disclosure in disclosures {
                if record.commitment(&disclosure.name) != Some(&disclosure.commitment(record.hash))
                {
                    return Err(Error::new(
                        ErrorCode::DigestMismatch,
                        "a disclosure that opens no commitment of this record",
                    ));
                }
            }
            let more: Vec<Vec<u8>> = disclosures.iter().map(Disclosure::encode).collect();
            item.disclosures = merge_disclosures(&item.disclosures, &more)?;
        }
        if !found {
            return Err(Error::new(ErrorCode::NotFound, "this record is not in the proof"));
        }
        in_order(self)
    }
}

/// Everything in the order of format §10, each once.
pub(super) fn in_order(proof: Proof) -> Result<Proof> {
    let mut items: BTreeMap<([u8; 32], u64, u64), ProofItem> = BTreeMap::new();
    for item in proof.items {
        let receipt = item.receipt()?;
        let (ledger, height, index) = position(&receipt);
        match items.entry((*ledger, height, index)) {
            Slot::Vacant(free) => {
                let disclosures = merge_disclosures(&item.disclosures, &[])?;
                free.insert(ProofItem { disclosures, ..item });
            }
            Slot::Occupied(mut there) => {
                let there = there.get_mut();
                if there.entry != item.entry || there.receipt != item.receipt {
                    return Err(Error::new(
                        ErrorCode::Conflict,
                        "one position in a block, shown in two ways",
                    ));
                }
                there.disclosures = merge_disclosures(&there.disclosures, &item.disclosures)?;
            }
        }
    }
    let mut ledgers: BTreeMap<[u8; 32], LedgerEvidence> = BTreeMap::new();
    for ledger in proof.ledgers {
        let id = ledger.head()?.header().ledger_id;
        match ledgers.entry(id) {
            Slot::Vacant(free) => {
                free.insert(LedgerEvidence {
                    history: merge_history(&[], ledger.history)?,
                    ..ledger
                });
            }
            Slot::Occupied(mut there) => {
                let there = there.get_mut();
                if there.head != ledger.head {
                    return Err(Error::new(ErrorCode::Conflict, "one ledger with two heads"));
                }
                there.history = merge_history(&there.history, ledger.history)?;
            }
        }
    }
    let profiles: BTreeMap<[u8; 32], Vec<u8>> =
        proof.profiles.into_iter().map(|file| (HashAlg::Sha256.digest(&file), file)).collect();
    Ok(Proof {
        items: items.into_values().collect(),
        profiles: profiles.into_values().collect(),
        ledgers: ledgers.into_values().collect(),
        outside: proof.outside,
    })
}

fn merge_disclosures(some: &[Vec<u8>], more: &[Vec<u8>]) -> Result<Vec<Vec<u8>>> {
    let mut by_name: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for bytes in some.iter().chain(more) {
        let name = Disclosure::parse(bytes)?.name;
        if by_name.insert(name, bytes.clone()).is_some_and(|before| before != *bytes) {
            return Err(Error::new(ErrorCode::Conflict, "two disclosures of one name"));
        }
    }
    Ok(by_name.into_values().collect())
}

type History = Vec<(u64, Vec<[u8; 32]>)>;

fn merge_history(some: &[(u64, Vec<[u8; 32]>)], more: History) -> Result<History> {
    let mut by_height: BTreeMap<u64, Vec<[u8; 32]>> = BTreeMap::new();
    for (height, path) in some.iter().cloned().chain(more) {
        if by_height.insert(height, path.clone()).is_some_and(|before| before != path) {
            return Err(Error::new(ErrorCode::Conflict, "two history paths of one block"));
        }
    }
    Ok(by_height.into_iter().collect())
}
