//! The flat engine: whole levels in one buffer, no allocation a node.

use super::Node;
use crate::hash::HashAlg;

/// The hash of a leaf: `H(00 ‖ entry)`.
#[inline]
pub fn leaf_hash(alg: HashAlg, entry: &[u8]) -> Node {
    alg.digest_parts(&[&[0], entry])
}

/// The leaf hashes of many entries, in their order.
pub fn leaf_hashes(alg: HashAlg, entries: &[impl AsRef<[u8]>]) -> Vec<Node> {
    entries.iter().map(|entry| leaf_hash(alg, entry.as_ref())).collect()
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
    let mut level = Vec::with_capacity(leaves.len().div_ceil(2));
    parents(alg, leaves, &mut level);
    while level.len() > 1 {
        halve(alg, &mut level);
    }
    level.first().copied().unwrap_or_else(|| alg.digest(b""))
}

/// Appends the level above `level` to `out`; an odd last node is promoted.
pub(super) fn parents(alg: HashAlg, level: &[Node], out: &mut Vec<Node>) {
    let (pairs, odd) = level.as_chunks::<2>();
    out.extend(pairs.iter().map(|[left, right]| node_hash(alg, left, right)));
    out.extend_from_slice(odd);
}

/// Replaces a level by the one above it, in place.
fn halve(alg: HashAlg, level: &mut Vec<Node>) {
    let above = level.len().div_ceil(2);
    for i in 0..above {
        let parent = match (level.get(2 * i), level.get(2 * i + 1)) {
            (Some(left), Some(right)) => node_hash(alg, left, right),
            (Some(odd), None) => *odd,
            (None, _) => return,
        };
        if let Some(slot) = level.get_mut(i) {
            *slot = parent;
        }
    }
    level.truncate(above);
}
