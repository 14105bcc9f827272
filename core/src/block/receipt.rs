//! A receipt 回执: proof that an entry is in a signed block. It is an RFC 9942 receipt, and more: size and index are
//! checked against the signed claims, which RFC 9942 leaves open.

use super::Block;
use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::merkle;
use crate::sign::Sign1;

/// Label of verifiable data structure proofs (RFC 9942).
const VDP: i64 = 396;
/// Inclusion proofs inside it.
const INCLUSION: i64 = -1;

/// A block with the path of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub(super) block: Block,
    pub(super) index: u64,
    pub(super) path: Vec<[u8; 32]>,
}

impl Receipt {
    /// Reads a receipt.
    ///
    /// # Errors
    /// Any 3xx; `PathLength` when the path does not fit index and size; `OutOfRange` when the size is not the signed
    /// entry count.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let message = Sign1::parse(bytes)?;
        let unprotected = message.unprotected.clone();
        let block = Block::from_message(message)?;
        let (size, index, path) = read_inclusion(&unprotected)?;
        if size != block.header.entry_count {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "the receipt's size is not the signed entry count",
            ));
        }
        if merkle::path_len(index, size) != Some(path.len()) {
            return Err(Error::new(ErrorCode::PathLength, "the path does not fit index and size"));
        }
        Ok(Self { block, index, path })
    }

    /// The receipt's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut proof = Writer::new();
        proof.array(3).uint(self.block.header.entry_count).uint(self.index).array(self.path.len());
        for node in &self.path {
            proof.bstr(node);
        }
        let proofs = MapBuilder::new().put(INCLUSION, |w| w.array(1).bstr(proof.as_bytes()));
        let unprotected = MapBuilder::new().put(VDP, |w| proofs.write(w)).finish();
        Sign1 { unprotected, ..self.block.message.clone() }.encode()
    }

    /// The block.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Index of the entry in the block.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The path from the leaf to the root.
    pub fn path(&self) -> &[[u8; 32]] {
        &self.path
    }

    /// The entry's sequence number; a link has none.
    pub fn sequence(&self) -> Option<u64> {
        self.block.header.sequence_of(self.index)
    }

    /// The root that this entry and path lead to. Only the signature over it says that it is the block's.
    ///
    /// # Errors
    /// `PathLength`.
    pub fn root(&self, entry: &[u8]) -> Result<[u8; 32]> {
        let hash = self.block.header.hash;
        merkle::root_from_path(
            hash,
            merkle::leaf_hash(hash, entry),
            self.index,
            self.block.header.entry_count,
            &self.path,
        )
    }
}

fn read_inclusion(unprotected: &[u8]) -> Result<(u64, u64, Vec<[u8; 32]>)> {
    let header = Item::parse(unprotected, limits::HEADER_BYTES)?.map()?;
    header.only(&[VDP])?;
    let proofs = header.read(VDP, |proofs| proofs.map())?;
    proofs.only(&[INCLUSION])?;
    let [proof] = proofs.read(INCLUSION, |list| list.array_n::<1>())?;
    let [size, index, path] = Item::parse(proof.bstr()?, limits::HEADER_BYTES)?.array_n::<3>()?;
    let path = path.array()?;
    if path.len() > limits::PATH_NODES {
        return Err(Error::new(ErrorCode::PathLength, "at most 63 nodes"));
    }
    Ok((
        size.count()?,
        index.count()?,
        path.iter().map(|node| node.bstr32()).collect::<Result<_>>()?,
    ))
}
