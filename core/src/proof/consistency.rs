//! Proof that one block of a ledger is among the ancestors of another (format §10.1): what a witness that kept an
//! older head asks for before it signs a newer one.

use crate::block::{Block, history_leaf};
use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::key::LedgerKeys;
use crate::merkle::{self, Tree};

const MAGIC: &str = "yinzheng-consistency";
const VERSION: u64 = 0;

/// An older and a newer block of one ledger, and the two paths that tie them together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsistencyProof {
    older: Block,
    older_root: [u8; 32],
    newer: Block,
    newer_root: [u8; 32],
    /// Path of the older block's history leaf in the newer block's history tree.
    inclusion: Vec<[u8; 32]>,
    /// From the older block's history tree to the newer one's; empty for block 0, which has no history.
    consistency: Vec<[u8; 32]>,
}

impl ConsistencyProof {
    /// Makes a proof from two blocks with the roots of their trees, and the history leaves
    /// ([`crate::block::history_leaf`]) of all blocks below the newer one.
    ///
    /// # Errors
    /// `InvalidArgument` when the leaves are not as many as the newer block is high, or as [`ConsistencyProof::check`].
    pub fn new(
        older: Block,
        older_root: [u8; 32],
        newer: Block,
        newer_root: [u8; 32],
        history: Vec<[u8; 32]>,
    ) -> Result<Self> {
        let (m, n) = (older.header().height, newer.header().height);
        let tree = Tree::new(newer.header().hash, history);
        if tree.size() != n {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "one history leaf for each block below the newer one",
            ));
        }
        let proof = Self {
            inclusion: tree.path(m)?,
            consistency: if m == 0 { Vec::new() } else { tree.consistency_path(m)? },
            older,
            older_root,
            newer,
            newer_root,
        };
        proof.check()?;
        Ok(proof)
    }

    /// The older block.
    pub fn older(&self) -> &Block {
        &self.older
    }

    /// The newer block.
    pub fn newer(&self) -> &Block {
        &self.newer
    }

    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let nodes = |w: &mut Writer, path: &[[u8; 32]]| {
            w.array(path.len());
            for node in path {
                w.bstr(node);
            }
        };
        let mut paths = [Writer::new(), Writer::new()];
        for (w, path) in paths.iter_mut().zip([&self.inclusion, &self.consistency]) {
            nodes(w, path);
        }
        let [inclusion, consistency] = paths.map(|mut w| w.finish());
        MapBuilder::new()
            .put_text(0, MAGIC)
            .put_uint(1, VERSION)
            .put(2, |w| w.array(2).bstr(&self.older.sealed_bytes()).bstr(&self.older_root))
            .put(3, |w| w.array(2).bstr(&self.newer.sealed_bytes()).bstr(&self.newer_root))
            .put_raw(4, &inclusion)
            .put_raw(5, &consistency)
            .finish()
    }

    /// Reads a proof and checks that its parts fit together. The signatures are checked by
    /// [`ConsistencyProof::verify`].
    ///
    /// # Errors
    /// Any 3xx, or as [`ConsistencyProof::check`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let map = Item::parse(bytes, limits::PROOF_BYTES)?.map()?;
        map.only(&[0, 1, 2, 3, 4, 5])?;
        if map.read(0, |magic| magic.text())? != MAGIC {
            return Err(Error::new(ErrorCode::WrongKind, "expected a consistency proof"));
        }
        if map.read(1, |version| version.uint())? != VERSION {
            return Err(Error::new(ErrorCode::UnsupportedVersion, "consistency proof"));
        }
        let block = |item: Item<'_>| {
            let [sealed, root] = item.array_n::<2>()?;
            Ok((Block::parse(sealed.bstr()?)?, root.bstr32()?))
        };
        let nodes = |item: Item<'_>| item.elements()?.map(|node| node.bstr32()).collect();
        let ((older, older_root), (newer, newer_root)) = (map.read(2, block)?, map.read(3, block)?);
        let proof = Self {
            older,
            older_root,
            newer,
            newer_root,
            inclusion: map.read(4, nodes)?,
            consistency: map.read(5, nodes)?,
        };
        proof.check()?;
        Ok(proof)
    }

    /// Checks that the older block and everything before it is in the newer block's history, signatures aside.
    ///
    /// # Errors
    /// `ChainBroken` for blocks of two ledgers or in the wrong order, `PathLength`, `RootMismatch`.
    pub fn check(&self) -> Result<()> {
        let (older, newer) = (self.older.header(), self.newer.header());
        let same = older.ledger_id == newer.ledger_id && older.hash == newer.hash;
        if !same || older.height >= newer.height {
            return Err(Error::new(
                ErrorCode::ChainBroken,
                "an older and a newer block of one ledger",
            ));
        }
        let leaf = history_leaf(
            older.hash,
            older.height,
            &self.older.block_hash(&self.older_root),
            &self.older.sealed_digest(),
        );
        merkle::verify_inclusion(
            newer.hash,
            leaf,
            older.height,
            newer.height,
            &self.inclusion,
            &newer.history_root,
        )?;
        match older.height {
            0 if self.consistency.is_empty() => Ok(()),
            0 => Err(Error::new(ErrorCode::PathLength, "block 0 has no history")),
            height => merkle::verify_consistency(
                newer.hash,
                height,
                newer.height,
                &older.history_root,
                &newer.history_root,
                &self.consistency,
            ),
        }
    }

    /// As [`ConsistencyProof::check`], and both signatures with the keys in force.
    ///
    /// # Errors
    /// `KeyNotInForce`, `AlgorithmMismatch`, `SignatureMismatch`, or as [`ConsistencyProof::check`].
    pub fn verify(&self, keys: &LedgerKeys) -> Result<()> {
        self.check()?;
        for (block, root) in [(&self.older, &self.older_root), (&self.newer, &self.newer_root)] {
            let key = keys.at(block.header().height);
            if block.header().kid != key.kid || Some(block.header().key_epoch) != key.epoch {
                return Err(Error::new(ErrorCode::KeyNotInForce, "consistency proof"));
            }
            block.verify(root, &key.key)?;
        }
        Ok(())
    }
}
