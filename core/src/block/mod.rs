//! Blocks and receipts: a signed batch root, chained to the block before (format §8), and the one check of a
//! successor that ledger, replica and verifier share.

mod hashed;
mod head;
mod header;
mod leaves;
mod receipt;

pub use hashed::{BlockLeaves, LeafHasher};
pub use head::{Head, PreparedBlock, SealedBlock};
pub use header::{BlockHeader, MAX_ENTRIES};
#[cfg(feature = "store")]
pub(crate) use leaves::apply as apply_leaves;
pub use receipt::Receipt;

use crate::codec::Writer;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;
use crate::sign::{PublicKey, Sign1, Signature, Strictness, sig_structure};

const EMPTY_MAP: &[u8] = &[0xa0];

/// A signed block, without its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    header: BlockHeader,
    message: Sign1,
}

impl Block {
    /// Reads sealed bytes: the tagged COSE_Sign1 with an empty unprotected map and a nil payload.
    ///
    /// # Errors
    /// Any 3xx, `InvalidSignature` or `HighS` for a signature not in canonical form. The signature itself is checked by
    /// [`Block::verify`], once the root is known.
    pub fn parse(sealed: &[u8]) -> Result<Self> {
        let message = Sign1::parse(sealed)?;
        if message.unprotected != EMPTY_MAP {
            return Err(Error::new(
                ErrorCode::UnknownCritical,
                "a sealed block's unprotected header is empty",
            ));
        }
        Self::from_message(message)
    }

    fn from_message(message: Sign1) -> Result<Self> {
        let header = BlockHeader::parse(&message.protected)?;
        if message.payload.is_some() {
            return Err(Error::new(ErrorCode::WrongType, "a block's payload is detached (nil)"));
        }
        Signature::from_canonical(header.alg, &message.signature)?;
        Ok(Self { header, message: Sign1 { unprotected: EMPTY_MAP.to_vec(), ..message } })
    }

    /// What the block claims.
    pub fn header(&self) -> &BlockHeader {
        &self.header
    }

    /// The sealed bytes: what outsiders sign or stamp. The same for every receipt of this block.
    pub fn sealed_bytes(&self) -> Vec<u8> {
        self.message.encode()
    }

    /// H(sealed bytes): covers the signature.
    pub fn sealed_digest(&self) -> [u8; 32] {
        self.header.hash.digest(&self.sealed_bytes())
    }

    /// The bytes that were signed, given the root.
    pub fn to_be_signed(&self, root: &[u8; 32]) -> Vec<u8> {
        sig_structure(&self.message.protected, root)
    }

    /// H(Sig_structure): the chain's identity of this block.
    pub fn block_hash(&self, root: &[u8; 32]) -> [u8; 32] {
        self.header.hash.digest(&self.to_be_signed(root))
    }

    /// The signature, 64 bytes.
    pub fn signature(&self) -> &[u8] {
        &self.message.signature
    }

    /// Checks the signature over `root`.
    ///
    /// # Errors
    /// `AlgorithmMismatch` when the header names another algorithm than the key's, `SignatureMismatch`.
    pub fn verify(&self, root: &[u8; 32], key: &PublicKey) -> Result<()> {
        if key.alg() != self.header.alg {
            return Err(Error::new(ErrorCode::AlgorithmMismatch, "block"));
        }
        let signature = Signature::from_canonical(self.header.alg, &self.message.signature)?;
        key.verify(&self.to_be_signed(root), &signature, Strictness::Ours)
    }

    /// The receipt for the entry at `index`, given its path.
    pub fn receipt(&self, index: u64, path: Vec<[u8; 32]>) -> Receipt {
        Receipt { block: self.clone(), index, path }
    }
}

/// The history leaf of a block: its hash in the tree over all blocks.
pub fn history_leaf(
    hash: HashAlg,
    height: u64,
    block_hash: &[u8; 32],
    sealed_digest: &[u8; 32],
) -> [u8; 32] {
    crate::merkle::leaf_hash(hash, &history_leaf_bytes(height, block_hash, sealed_digest))
}

/// The bytes whose leaf hash that is.
pub(crate) fn history_leaf_bytes(
    height: u64,
    block_hash: &[u8; 32],
    sealed_digest: &[u8; 32],
) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(3).uint(height).bstr(block_hash).bstr(sealed_digest).finish()
}

#[cfg(test)]
mod forms;
#[cfg(test)]
mod hashed_tests;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_leaves;
#[cfg(test)]
mod tests;
