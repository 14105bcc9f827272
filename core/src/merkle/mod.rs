//! Merkle trees as RFC 9162 §2.1 defines them, over SHA-256 or SM3.
//!
//! Leaf `H(00 ‖ entry)`, node `H(01 ‖ left ‖ right)`, the empty tree `H("")`. A node without a sibling is
//! promoted as it is, never doubled, so two different lists of leaves never share a root (the fault known as
//! CVE-2012-2459). The shape of the tree, and with it the length of every path, follows from the size alone:
//! lengths are checked before anything is hashed.
//!
//! Functions take *leaf hashes*, never entries, unless they say so.

mod engine;
mod flat;
mod frontier;
mod proof;
pub mod second_opinion;
mod tree;

#[cfg(test)]
mod tests;

pub use engine::{leaf_hash, leaf_hashes, node_hash, root};
pub use flat::{flat_len, flat_node, flat_path};
pub use frontier::Frontier;
pub use proof::{
    consistency_path_len, path_len, root_from_path, verify_consistency, verify_inclusion,
};
pub use tree::{Tree, consistency_path};

/// A leaf hash, an inner node or a root.
pub type Node = [u8; 32];
