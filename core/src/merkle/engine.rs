//! The flat engine: whole levels in one buffer and hashed in one call, no allocation a node.

use super::Node;
use crate::hash::HashAlg;

/// The hash of a leaf: `H(00 ‖ entry)`.
#[inline]
pub fn leaf_hash(alg: HashAlg, entry: &[u8]) -> Node {
    alg.digest_parts(&[&[0], entry])
}

/// The leaf hashes of many entries, in their order.
pub fn leaf_hashes(alg: HashAlg, entries: &[impl AsRef<[u8]>]) -> Vec<Node> {
    let mut hashes = Vec::new();
    alg.digest_many_into(Some(0), entries.iter().map(AsRef::as_ref), &mut hashes);
    hashes
}

/// The hash of an inner node: `H(01 ‖ left ‖ right)`.
#[inline]
pub fn node_hash(alg: HashAlg, left: &Node, right: &Node) -> Node {
    let mut message = [1u8; 65];
    let (_, children) = message.split_at_mut(1);
    let (l, r) = children.split_at_mut(32);
    l.copy_from_slice(left);
    r.copy_from_slice(right);
    alg.digest(&message)
}

/// The root over these leaf hashes (RFC 9162 §2.1.1); `H("")` for none.
pub fn root(alg: HashAlg, leaves: &[Node]) -> Node {
    let mut level = Vec::new();
    parents(alg, leaves, &mut level);
    let mut above = Vec::new();
    while level.len() > 1 {
        above.clear();
        parents(alg, &level, &mut above);
        core::mem::swap(&mut level, &mut above);
    }
    level.first().copied().unwrap_or_else(|| alg.digest(b""))
}

/// Appends the level above `level` to `out`; an odd last node is promoted.
pub(super) fn parents(alg: HashAlg, level: &[Node], out: &mut Vec<Node>) {
    let (pairs, odd) = level.as_chunks::<2>();
    out.reserve(pairs.len() + odd.len());
    alg.digest_many_into(Some(1), pairs.iter().map(|pair| pair.as_flattened()), out);
    out.extend_from_slice(odd);
}
