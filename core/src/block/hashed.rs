//! Sealing large blocks: leaves are hashed once, in as many pieces as they come in, for the bytes to sign and for the tree
//! that is kept alike.

use super::{Block, Head, PreparedBlock, SealedBlock, leaves};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;
use crate::merkle::{Node, Tree, leaf_hashes};

/// Takes in the leaves of a block, piece by piece. Nothing is kept of most of them but their hashes.
#[derive(Clone, Debug)]
pub struct LeafHasher {
    hash: HashAlg,
    hashes: Vec<Node>,
    own: Vec<Vec<u8>>,
    last: Option<Vec<u8>>,
}

/// The leaves of a block, hashed: its tree, and those that do something to the ledger itself.
#[derive(Clone, Debug)]
pub struct BlockLeaves {
    tree: Tree,
    own: Vec<Vec<u8>>,
}

impl LeafHasher {
    /// For a ledger with this hash, leaf 0 first: genesis and the *opened* event, or a link that the caller has at hand.
    pub fn first(hash: HashAlg) -> Self {
        Self { hash, hashes: Vec::new(), own: Vec::new(), last: None }
    }

    /// For the block after `head`; its link is leaf 0 already.
    pub fn after(head: &Head) -> Self {
        let mut leaves = Self::first(head.hash());
        leaves.add(&[&head.next_link()]);
        leaves
    }

    /// Takes in the next entries.
    pub fn add(&mut self, entries: &[&[u8]]) {
        // Of the first block these must be genesis and the opened event, whatever they are; of others the first is the link.
        let first = 2usize.saturating_sub(self.hashes.len());
        self.hashes.extend(leaf_hashes(self.hash, entries));
        let own = |(at, bytes): &(usize, &&[u8])| *at < first || leaves::matters(bytes);
        let own = entries.iter().enumerate().filter(own);
        self.own.extend(own.map(|(_, bytes)| bytes.to_vec()));
        let last = entries.last().filter(|bytes| !leaves::matters(bytes));
        if !entries.is_empty() {
            self.last = last.map(|bytes| bytes.to_vec());
        }
    }

    /// All of them.
    pub fn finish(mut self) -> BlockLeaves {
        // Whatever the last leaf is: it must not stand behind a closed event.
        self.own.extend(self.last);
        BlockLeaves { tree: Tree::new(self.hash, self.hashes), own: self.own }
    }
}

impl BlockLeaves {
    /// The block's tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Whether they were hashed for the block after this head, or for a ledger's first: nobody signs a block that no reader takes.
    fn check_fit(&self, before: Option<&Head>) -> Result<()> {
        let own = self.own();
        let (hash, link) = match before {
            None => (leaves::read_genesis(&own)?.0.hash, None),
            Some(head) => (head.hash(), Some(head.next_link())),
        };
        if self.tree.alg() != hash || link.is_some_and(|link| own.first() != Some(&link.as_slice()))
        {
            let what = "the leaves were hashed for another block or with another algorithm";
            return Err(Error::new(ErrorCode::ChainBroken, what));
        }
        Ok(())
    }

    /// The leaves that the rules of the chain look at, leaf 0 first.
    pub(crate) fn own(&self) -> Vec<&[u8]> {
        self.own.iter().map(Vec::as_slice).collect()
    }
}

impl Head {
    /// As [`Head::prepare_first`] (`before` is `None`) and [`Head::prepare`], over leaves that are hashed already.
    ///
    /// # Errors
    /// As those.
    pub fn prepare_leaves(
        before: Option<&Head>,
        leaves: &BlockLeaves,
        begun_at: u64,
    ) -> Result<PreparedBlock> {
        leaves.check_fit(before)?;
        let (root, size) = (leaves.tree.root(), leaves.tree.size());
        Self::prepare_with_root(before, (&leaves.own(), size), root, begun_at)
    }

    /// As [`Head::check`], over leaves that are hashed already.
    ///
    /// # Errors
    /// As that.
    pub fn check_leaves(
        before: Option<&Head>,
        block: &Block,
        leaves: &BlockLeaves,
    ) -> Result<SealedBlock> {
        leaves.check_fit(before)?;
        if block.header().entry_count != leaves.tree.size() {
            return Err(Error::new(
                ErrorCode::ChainBroken,
                "the entry count is not the number of entries",
            ));
        }
        Self::check_with_root(before, block.clone(), leaves.tree.root(), &leaves.own())
    }
}
