//! A tree as one flat run of nodes, level by level from the leaves to the root: how a store keeps it, so that a path is
//! a handful of small reads and never a second hashing of the block.

use super::{Node, Tree};

/// Number of nodes of a tree over `size` leaves in flat form; 0 for an empty tree.
pub fn flat_len(size: u64) -> u64 {
    levels(size).map(|(_, width)| width).sum()
}

/// Positions in the flat form of the nodes on the path of leaf `index`, from the leaf up; `None` when there is no such
/// leaf.
pub fn flat_path(index: u64, size: u64) -> Option<Vec<u64>> {
    if index >= size {
        return None;
    }
    let siblings = levels(size).enumerate().filter_map(|(level, (start, width))| {
        let sibling = (index >> level) ^ 1;
        (sibling < width).then(|| start + sibling)
    });
    Some(siblings.collect())
}

impl Tree {
    /// All nodes, level by level from the leaves to the root.
    pub fn to_flat(&self) -> Vec<u8> {
        let levels: Vec<&[u8]> = self.levels().iter().map(|level| level.as_flattened()).collect();
        levels.concat()
    }
}

/// The node at a position of the flat form.
pub fn flat_node(flat: &[u8], position: u64) -> Option<Node> {
    let start = usize::try_from(position).ok()?.checked_mul(32)?;
    flat.get(start..start.checked_add(32)?)?.try_into().ok()
}

/// Start and width of each level.
fn levels(size: u64) -> impl Iterator<Item = (u64, u64)> {
    let mut next = (size > 0).then_some((0, size));
    core::iter::from_fn(move || {
        let (start, width) = next?;
        next = (width > 1).then_some((start + width, width.div_ceil(2)));
        Some((start, width))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::HashAlg;

    #[test]
    fn flat_paths_are_the_trees_paths() {
        for size in 0..70u64 {
            let leaves: Vec<Node> =
                (0..size).map(|at| HashAlg::Sha256.digest(&at.to_be_bytes())).collect();
            let tree = Tree::new(HashAlg::Sha256, leaves);
            let flat = tree.to_flat();
            assert_eq!(flat.len() as u64, flat_len(size) * 32);
            for index in 0..size {
                let path: Vec<Node> = flat_path(index, size)
                    .unwrap()
                    .into_iter()
                    .map(|at| flat_node(&flat, at).unwrap())
                    .collect();
                assert_eq!(path, tree.path(index).unwrap());
            }
            assert_eq!(flat_path(size, size), None);
            if size > 0 {
                assert_eq!(flat_node(&flat, flat_len(size) - 1), Some(tree.root()));
            }
            assert_eq!(flat_node(&flat, flat_len(size)), None);
        }
    }
}
