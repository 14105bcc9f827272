//! The same trees by another hand: the `rs_merkle` engine with RFC 9162 prefixes over the digest crates. It shares
//! no line with the flat engine; tests and verifiers that want a second opinion compare the two.

use rs_merkle::{Hasher, MerkleTree};
use sha2::Digest;

use super::Node;
use crate::hash::HashAlg;

#[derive(Clone)]
struct Sha256;

#[derive(Clone)]
struct Sm3;

// `rs_merkle` joins two children and hashes them, and promotes a node that has no sibling: with the prefix 01
// in front that is RFC 9162.
impl Hasher for Sha256 {
    type Hash = Node;

    fn hash(data: &[u8]) -> Node {
        sha2::Sha256::new_with_prefix([1]).chain_update(data).finalize().into()
    }
}

impl Hasher for Sm3 {
    type Hash = Node;

    fn hash(data: &[u8]) -> Node {
        sm3::Sm3::new_with_prefix([1]).chain_update(data).finalize().into()
    }
}

/// The root over these leaf hashes; `H("")` for none. Equal to [`super::root`].
pub fn root(alg: HashAlg, leaves: &[Node]) -> Node {
    let root = match alg {
        HashAlg::Sha256 => MerkleTree::<Sha256>::from_leaves(leaves).root(),
        HashAlg::Sm3 => MerkleTree::<Sm3>::from_leaves(leaves).root(),
    };
    root.unwrap_or_else(|| alg.digest(b""))
}

/// The inclusion path of leaf `index`, from the leaf upward; empty when there is no such leaf. Equal to
/// [`super::Tree::path`].
pub fn path(alg: HashAlg, leaves: &[Node], index: usize) -> Vec<Node> {
    if index >= leaves.len() {
        return Vec::new();
    }
    match alg {
        HashAlg::Sha256 => {
            MerkleTree::<Sha256>::from_leaves(leaves).proof(&[index]).proof_hashes().to_vec()
        }
        HashAlg::Sm3 => {
            MerkleTree::<Sm3>::from_leaves(leaves).proof(&[index]).proof_hashes().to_vec()
        }
    }
}
