//! The right edge of a growing tree: enough to append and to know the root.

use super::{Node, node_hash};
use crate::codec::{Item, Writer};
use crate::hash::HashAlg;
use crate::{Error, ErrorCode, Result};

/// The roots of the complete subtrees a tree consists of, largest first: one for every 1 bit of the size.
///
/// On the wire `[size, [nodes]]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Frontier {
    alg: HashAlg,
    size: u64,
    nodes: Vec<Node>,
}

impl Frontier {
    /// The empty tree.
    pub fn new(alg: HashAlg) -> Self {
        Self { alg, size: 0, nodes: Vec::new() }
    }

    /// The tree over these leaf hashes.
    pub fn of(alg: HashAlg, leaves: &[Node]) -> Self {
        leaves.iter().fold(Self::new(alg), |mut frontier, leaf| {
            frontier.push(*leaf);
            frontier
        })
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Node) {
        let mut node = leaf;
        // Each trailing 1 bit of the size is a complete subtree that the new leaf completes to a larger one.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.nodes.pop() {
                node = node_hash(self.alg, &left, &node);
            }
        }
        self.nodes.push(node);
        self.size += 1;
    }

    /// The root; `H("")` for the empty tree.
    pub fn root(&self) -> Node {
        let joined = self
            .nodes
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(self.alg, &left, &right));
        joined.unwrap_or_else(|| self.alg.digest(b""))
    }

    /// How many leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hash algorithm.
    pub fn alg(&self) -> HashAlg {
        self.alg
    }

    /// The roots of the complete subtrees, largest first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Writes `[size, [nodes]]`.
    pub fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        w.array(2).uint(self.size).array(self.nodes.len());
        for node in &self.nodes {
            w.bstr(node);
        }
        w
    }

    /// Reads `[size, [nodes]]`. Errors: [`ErrorCode::WrongType`], `OutOfRange`, and `PathLength` when the
    /// number of nodes is not the size's.
    pub fn read(alg: HashAlg, item: Item<'_>) -> Result<Self> {
        let [size, nodes] = item.array_n::<2>().map_err(|error| error.within("frontier"))?;
        let size = size.count()?;
        let nodes: Vec<Node> =
            nodes.elements()?.map(|node| node.bstr32()).collect::<Result<_>>()?;
        if nodes.len() != size.count_ones() as usize {
            return Err(Error::new(
                ErrorCode::PathLength,
                "frontier: one node for every 1 bit of the size",
            ));
        }
        Ok(Self { alg, size, nodes })
    }
}

impl core::fmt::Debug for Frontier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Frontier({}, {} leaves)", self.alg, self.size)
    }
}
