//! A tree with all its levels, for those who make many proofs.

use super::engine::parents;
use super::{Node, proof};
use crate::hash::HashAlg;
use crate::{Error, ErrorCode, Result};

/// All levels of a tree: about two nodes a leaf, proofs in logarithmic time.
#[derive(Clone)]
pub struct Tree {
    alg: HashAlg,
    /// Level 0 are the leaves; the last level is the root alone. Empty for the empty tree.
    levels: Vec<Vec<Node>>,
}

impl Tree {
    /// The tree over these leaf hashes.
    pub fn new(alg: HashAlg, leaves: Vec<Node>) -> Self {
        let mut levels = vec![leaves];
        while let Some(last) = levels.last()
            && last.len() > 1
        {
            let mut above = Vec::with_capacity(last.len().div_ceil(2));
            parents(alg, last, &mut above);
            levels.push(above);
        }
        Self { alg, levels }
    }

    /// The root; `H("")` for the empty tree.
    pub fn root(&self) -> Node {
        self.levels
            .last()
            .and_then(|top| top.first())
            .copied()
            .unwrap_or_else(|| self.alg.digest(b""))
    }

    /// How many leaves.
    pub fn size(&self) -> u64 {
        self.leaves().len() as u64
    }

    /// The hash algorithm.
    pub fn alg(&self) -> HashAlg {
        self.alg
    }

    pub(super) fn levels(&self) -> &[Vec<Node>] {
        &self.levels
    }

    /// The leaf hashes.
    pub fn leaves(&self) -> &[Node] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// The inclusion path of leaf `index`, from the leaf upward (RFC 9162 §2.1.3.1). An index that the tree
    /// does not have is [`ErrorCode::OutOfRange`].
    pub fn path(&self, index: u64) -> Result<Vec<Node>> {
        if index >= self.size() {
            return Err(Error::new(ErrorCode::OutOfRange, "leaf index not below the tree size"));
        }
        Ok(self.siblings(index, 0))
    }

    /// The proof that this tree extends the tree over its first `m` leaves (RFC 9162 §2.1.4.1). Empty when
    /// `m` is the size; `m` of 0 or above the size is [`ErrorCode::OutOfRange`].
    ///
    /// It is the upper part of the inclusion path of leaf `m − 1`, from the top of the complete subtree that
    /// ends there; that top itself comes first, unless it is the whole smaller tree.
    pub fn consistency_path(&self, m: u64) -> Result<Vec<Node>> {
        let size = self.size();
        proof::check_sizes(m, size)?;
        if m == size {
            return Ok(Vec::new());
        }
        let height = m.trailing_zeros() as usize;
        let top = (m - 1) >> height;
        let mut path = Vec::new();
        if !m.is_power_of_two() {
            path.extend(self.node(height, top));
        }
        path.extend(self.siblings(top, height));
        Ok(path)
    }

    fn node(&self, level: usize, index: u64) -> Option<Node> {
        self.levels.get(level)?.get(usize::try_from(index).ok()?).copied()
    }

    /// The siblings of a node and of all above it; where a node was promoted there is none.
    fn siblings(&self, mut index: u64, level: usize) -> Vec<Node> {
        let mut path = Vec::with_capacity(self.levels.len());
        for level in level..self.levels.len() {
            path.extend(self.node(level, index ^ 1));
            index >>= 1;
        }
        path
    }
}

impl core::fmt::Debug for Tree {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Tree({}, {} leaves)", self.alg, self.size())
    }
}

/// The proof that the tree over `leaves` extends the tree over the first `m` of them; see
/// [`Tree::consistency_path`].
pub fn consistency_path(alg: HashAlg, leaves: &[Node], m: u64) -> Result<Vec<Node>> {
    Tree::new(alg, leaves.to_vec()).consistency_path(m)
}
