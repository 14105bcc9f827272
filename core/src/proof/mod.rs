//! Evidence proofs 证据 (`.yzp`, format §10): entries with their receipts, the values chosen to be shown, the profiles,
//! one head for each ledger, and what outsiders said. Everything a verifier needs, in one item.
//!
//! [`Proof::parse`] checks form and order only. What a proof proves is said by [`crate::verify`].

mod builder;
mod consistency;
mod join;
mod read;

pub use builder::ProofBuilder;
pub use consistency::ConsistencyProof;
pub(crate) use read::{Reading, Word, read_word};

use crate::anchor::Outside;
use crate::block::{Block, Receipt};
use crate::codec::{MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};

const MAGIC: &str = "yinzheng-proof";
const VERSION: u64 = 0;

/// An entry shown, with its receipt and the disclosures chosen for it.
#[derive(Clone, PartialEq, Eq)]
pub struct ProofItem {
    /// The entry's exact bytes.
    pub entry: Vec<u8>,
    /// Its receipt (format §8).
    pub receipt: Vec<u8>,
    /// Disclosures (format §6), ascending by name.
    pub disclosures: Vec<Vec<u8>>,
}

/// What a proof shows of one ledger besides its entries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LedgerEvidence {
    /// Sealed bytes of the newest block shown: the head.
    pub head: Vec<u8>,
    /// For each other block shown, its height and the path of its history leaf in the head's history tree.
    pub history: Vec<(u64, Vec<[u8; 32]>)>,
}

/// An evidence proof as read or made.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof {
    /// Entries, ordered by ledger id, height and index in the block.
    pub items: Vec<ProofItem>,
    /// Exact bytes of the profile files, ordered by their SHA-256.
    pub profiles: Vec<Vec<u8>>,
    /// One for each ledger, ordered by ledger id.
    pub ledgers: Vec<LedgerEvidence>,
    /// Words from outside, in the order in which they were attached.
    pub outside: Vec<Outside>,
}

impl Proof {
    /// Reads a proof and checks its form, its limits, its order, that blocks, heads and history paths belong together,
    /// and the form of everything in it. No signature, digest or path is checked.
    ///
    /// # Errors
    /// Any 3xx, `InvalidSignature` for a signature not in canonical form, or what reading an entry gives.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let reading = Reading::parse(bytes)?;
        reading.entries()?;
        Ok(reading.proof)
    }

    /// The proof's bytes. Items, profiles, ledgers and paths are put in order and doubled ones dropped first; the result
    /// is checked by the rules that readers hold it to.
    ///
    /// # Errors
    /// As [`Proof::parse`]; `Conflict` when one position in a block is shown with two different entries or receipts.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let bytes = join::in_order(self.clone())?.write();
        Self::parse(&bytes)?;
        Ok(bytes)
    }

    fn write(&self) -> Vec<u8> {
        MapBuilder::new()
            .put_text(0, MAGIC)
            .put_uint(1, VERSION)
            .put(2, |w| write_list(w, &self.items, |w, item| item.write(w)))
            .put(3, |w| write_list(w, &self.profiles, |w, profile| w.bstr(profile)))
            .put(4, |w| write_list(w, &self.ledgers, |w, ledger| ledger.write(w)))
            .put(5, |w| write_list(w, &self.outside, |w, outside| outside.write(w)))
            .finish()
    }
}

impl ProofItem {
    fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        let shown = (!self.disclosures.is_empty()).then_some(&self.disclosures);
        MapBuilder::new()
            .put_bstr(0, &self.entry)
            .put_bstr(1, &self.receipt)
            .put_opt(2, shown, |w, shown| write_list(w, shown, |w, one| w.bstr(one)))
            .write(w)
    }

    /// The receipt, read.
    ///
    /// # Errors
    /// As [`Receipt::parse`].
    pub fn receipt(&self) -> Result<Receipt> {
        Receipt::parse(&self.receipt)
    }
}

impl LedgerEvidence {
    fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        MapBuilder::new()
            .put_bstr(0, &self.head)
            .put(1, |w| {
                write_list(w, &self.history, |w, (height, path)| {
                    write_list(w.array(2).uint(*height), path, |w, node| w.bstr(node))
                })
            })
            .write(w)
    }

    /// The head, read.
    ///
    /// # Errors
    /// As [`Block::parse`].
    pub fn head(&self) -> Result<Block> {
        Block::parse(&self.head)
    }
}

fn write_list<'w, T>(
    w: &'w mut Writer,
    list: &[T],
    mut write: impl for<'x> FnMut(&'x mut Writer, &T) -> &'x mut Writer,
) -> &'w mut Writer {
    w.array(list.len());
    for element in list {
        write(w, element);
    }
    w
}

/// A profile file is UTF-8 without byte order mark and starts with `{` (format §13).
fn check_profile(bytes: &[u8]) -> Result<()> {
    let text = core::str::from_utf8(bytes)
        .map_err(|_| Error::new(ErrorCode::InvalidUtf8, "profile file"))?;
    if bytes.len() > limits::PROFILE_BYTES {
        return Err(Error::new(ErrorCode::TooLarge, "a profile file has at most 65,536 bytes"));
    }
    if !text.starts_with('{') {
        return Err(Error::new(ErrorCode::WrongType, "a profile file starts with {"));
    }
    Ok(())
}

impl core::fmt::Debug for ProofItem {
    /// Lengths only: disclosures are values.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "ProofItem(entry {} bytes, {} disclosures)",
            self.entry.len(),
            self.disclosures.len()
        )
    }
}

impl core::fmt::Debug for Proof {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "Proof({} items, {} profiles, {} ledgers, {} words from outside)",
            self.items.len(),
            self.profiles.len(),
            self.ledgers.len(),
            self.outside.len()
        )
    }
}

#[cfg(test)]
pub(crate) mod scene;
#[cfg(test)]
mod tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod vectors;
