//! Checking proofs. Sizes and lengths first, hashes after.

use super::{Node, node_hash};
use crate::codec::limits;
use crate::hash::HashAlg;
use crate::{Error, ErrorCode, Result};

/// How many nodes of a path lie below the height where its leaf joins the right edge, and how many above.
/// Below, the index says on which side each sibling stands; above, every sibling stands on the left.
fn split(index: u64, size: u64) -> (u32, u32) {
    let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
    (inner, (index >> inner).count_ones())
}

/// The length of the inclusion path of leaf `index` in a tree of `size` leaves; `None` when there is no such
/// leaf or the size is above 2^53 − 1.
pub fn path_len(index: u64, size: u64) -> Option<usize> {
    if index >= size || size > limits::COUNT {
        return None;
    }
    let (inner, border) = split(index, size);
    Some((inner + border) as usize)
}

/// The length of the consistency path between trees of `m` and `n` leaves; `None` unless
/// 0 < `m` ≤ `n` < 2^53.
pub fn consistency_path_len(m: u64, n: u64) -> Option<usize> {
    check_sizes(m, n).ok()?;
    if m == n {
        return Some(0);
    }
    let height = m.trailing_zeros() as usize;
    Some(path_len(m - 1, n)? - height + usize::from(!m.is_power_of_two()))
}

pub(super) fn check_sizes(m: u64, n: u64) -> Result<()> {
    if m == 0 || m > n || n > limits::COUNT {
        return Err(Error::new(ErrorCode::OutOfRange, "tree sizes: 0 < first ≤ second < 2^53"));
    }
    Ok(())
}

fn check_len(expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::new(ErrorCode::PathLength, format!("expected {expected} nodes, found {found}")))
}

/// The root that an inclusion path leads to (RFC 9162 §2.1.3.2).
///
/// The root binds neither `index` nor `size`: the same path can lead to the same root for other pairs of
/// them. Whoever calls this must have both from signed bytes.
///
/// Errors: [`ErrorCode::OutOfRange`] for an index not below the size or a size above 2^53 − 1,
/// [`ErrorCode::PathLength`] for a path of the wrong length.
pub fn root_from_path(
    alg: HashAlg,
    leaf: Node,
    index: u64,
    size: u64,
    path: &[Node],
) -> Result<Node> {
    let expected = path_len(index, size).ok_or_else(|| {
        Error::new(ErrorCode::OutOfRange, "leaf index below tree size, size below 2^53")
    })?;
    check_len(expected, path.len())?;
    let (inner, _) = split(index, size);
    let (below, above) = path.split_at(inner as usize);
    let joined = below.iter().enumerate().fold(leaf, |node, (height, sibling)| {
        if index >> height & 1 == 0 {
            node_hash(alg, &node, sibling)
        } else {
            node_hash(alg, sibling, &node)
        }
    });
    Ok(left_of(alg, joined, above))
}

/// Joins a node of the right edge with the siblings to its left.
fn left_of(alg: HashAlg, node: Node, siblings: &[Node]) -> Node {
    siblings.iter().fold(node, |node, sibling| node_hash(alg, sibling, &node))
}

/// Checks that the leaf is number `index` of the `size` leaves under `root`.
///
/// Errors: as [`root_from_path`], and [`ErrorCode::RootMismatch`].
pub fn verify_inclusion(
    alg: HashAlg,
    leaf: Node,
    index: u64,
    size: u64,
    path: &[Node],
    root: &Node,
) -> Result<()> {
    expect_root(&root_from_path(alg, leaf, index, size, path)?, root, "inclusion")
}

fn expect_root(found: &Node, expected: &Node, place: &str) -> Result<()> {
    if found == expected { Ok(()) } else { Err(Error::new(ErrorCode::RootMismatch, place)) }
}

/// Checks that the tree of `n` leaves under `root_n` extends the tree of `m` leaves under `root_m`
/// (RFC 9162 §2.1.4.2). Of equal sizes the roots must be equal and the path empty.
///
/// Errors: [`ErrorCode::OutOfRange`] unless 0 < `m` ≤ `n` < 2^53, [`ErrorCode::PathLength`],
/// [`ErrorCode::RootMismatch`].
pub fn verify_consistency(
    alg: HashAlg,
    m: u64,
    n: u64,
    root_m: &Node,
    root_n: &Node,
    path: &[Node],
) -> Result<()> {
    check_sizes(m, n)?;
    check_len(consistency_path_len(m, n).unwrap_or(0), path.len())?;
    if m == n {
        return expect_root(root_n, root_m, "trees of one size");
    }
    // The complete subtree that ends at leaf m − 1: the whole smaller tree, or the first node of the path.
    let (top, path) = match path.split_first() {
        Some((first, rest)) if !m.is_power_of_two() => (*first, rest),
        _ => (*root_m, path),
    };
    let height = m.trailing_zeros();
    let index = (m - 1) >> height;
    let (inner, _) = split(m - 1, n);
    let (below, above) = path.split_at_checked((inner - height) as usize).unwrap_or((path, &[]));
    let (mut smaller, mut larger) = (top, top);
    for (step, sibling) in below.iter().enumerate() {
        if index >> step & 1 == 1 {
            smaller = node_hash(alg, sibling, &smaller);
            larger = node_hash(alg, sibling, &larger);
        } else {
            larger = node_hash(alg, &larger, sibling);
        }
    }
    expect_root(&left_of(alg, smaller, above), root_m, "smaller tree")?;
    expect_root(&left_of(alg, larger, above), root_n, "larger tree")
}
