//! Making a proof out of one ledger.

use super::{LedgerEvidence, Proof, ProofItem, join};
use crate::anchor::Outside;
use crate::block::{Block, Receipt};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::value::Disclosure;

/// Gathers what a proof of one ledger shows, in any order. Whoever uses it must add genesis, every ledger key entry up
/// to the head, and at least one item of the head's own block (its link will do).
#[derive(Debug)]
pub struct ProofBuilder {
    ledger_id: Digest,
    proof: Proof,
    head: Option<Vec<u8>>,
    history: Vec<(u64, Vec<[u8; 32]>)>,
}

impl ProofBuilder {
    /// A proof out of the ledger with this hash and id.
    pub fn new(hash: HashAlg, ledger_id: [u8; 32]) -> Self {
        let proof = Proof {
            items: Vec::new(),
            profiles: Vec::new(),
            ledgers: Vec::new(),
            outside: Vec::new(),
        };
        let ledger_id = Digest { alg: hash, bytes: ledger_id };
        Self { ledger_id, proof, head: None, history: Vec::new() }
    }

    /// Adds an entry with its receipt and the values to show.
    pub fn item(
        &mut self,
        entry: Vec<u8>,
        receipt: &Receipt,
        disclosures: &[Disclosure],
    ) -> &mut Self {
        let disclosures = disclosures.iter().map(Disclosure::encode).collect();
        self.proof.items.push(ProofItem { entry, receipt: receipt.encode(), disclosures });
        self
    }

    /// Adds the exact bytes of a profile file; one that was added before is passed over.
    pub fn profile(&mut self, bytes: &[u8]) -> &mut Self {
        self.proof.profiles.push(bytes.to_vec());
        self
    }

    /// Adds a word from outside.
    pub fn outside(&mut self, outside: Outside) -> &mut Self {
        self.proof.outside.push(outside);
        self
    }

    /// Says which block is the head: its sealed bytes.
    pub fn head(&mut self, sealed: &[u8]) -> &mut Self {
        self.head = Some(sealed.to_vec());
        self
    }

    /// Adds the path of the history leaf of the block at `height` in the head's history tree.
    pub fn history(&mut self, height: u64, path: Vec<[u8; 32]>) -> &mut Self {
        self.history.push((height, path));
        self
    }

    /// The proof, in order and checked.
    ///
    /// # Errors
    /// `MissingKey` without a head, `InvalidArgument` for an item or head of another ledger, `Conflict`, or what
    /// [`Proof::parse`] refuses.
    pub fn finish(self) -> Result<Proof> {
        let Self { ledger_id, mut proof, head, history } = self;
        let head = head.ok_or_else(|| Error::new(ErrorCode::MissingKey, "a proof has a head"))?;
        let mut blocks: Vec<Block> = vec![Block::parse(&head)?];
        for item in &proof.items {
            blocks.push(item.receipt()?.block().clone());
        }
        let same = |block: &Block| {
            let header = block.header();
            Digest { alg: header.hash, bytes: header.ledger_id } == ledger_id
        };
        if !blocks.iter().all(same) {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "an item or head of another ledger",
            ));
        }
        proof.ledgers.push(LedgerEvidence { head, history });
        Proof::parse(&join::in_order(proof)?.write())
    }
}
