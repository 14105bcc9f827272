//! The head that a proof leads to: the newest block, or an earlier one that somebody outside saw.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::Inner;
use crate::anchor::OutsideKind;
use crate::error::{Error, ErrorCode, Result};
use crate::key::KeyInForce;
use crate::merkle::Tree;
use crate::proof::ProofBuilder;
use crate::store::OutsideKey;

/// Which block a proof leads to. A word from outside about its head covers everything that the proof shows; one about a block
/// below the head covers little more than that block (docs/verdicts.md, "Words from outside").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProofHead {
    /// The newest block.
    #[default]
    Newest,
    /// The block at this height. What was sealed later, also erasures, holds and revocations of keys, is not shown.
    Block(u64),
    /// The newest block with a timestamp or a countersignature that has all the records chosen in its history.
    Witnessed,
}

/// `newest`, `witnessed` or a height.
impl FromStr for ProofHead {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let other = || {
            let what = "head: newest, witnessed or the height of a block";
            Error::new(ErrorCode::InvalidArgument, what)
        };
        match text {
            "newest" => Ok(Self::Newest),
            "witnessed" => Ok(Self::Witnessed),
            _ => text.parse().map(Self::Block).map_err(|_| other()),
        }
    }
}

/// The head of a proof, as the store has it.
pub(super) struct Top {
    pub(super) height: u64,
    /// The first sequence number that is not under it.
    pub(super) next_sequence: u64,
}

impl Inner {
    /// The newest block.
    pub(super) fn newest_top(&self) -> Result<Top> {
        let head = self.head.as_ref();
        let head = head.ok_or_else(|| Error::new(ErrorCode::NotFound, "no block is sealed yet"))?;
        Ok(Top { height: head.height(), next_sequence: head.next_sequence() })
    }

    /// The block that is asked for; `from` is the lowest that will do.
    pub(super) fn top(&self, wanted: ProofHead, from: u64) -> Result<Top> {
        let newest = self.newest_top()?;
        let height = match wanted {
            ProofHead::Newest => return Ok(newest),
            ProofHead::Block(height) => height,
            ProofHead::Witnessed => self.witnessed(from, newest.height)?,
        };
        if height == newest.height {
            return Ok(newest);
        }
        let row = self.stored_block(height)?.row;
        Ok(Top { height, next_sequence: row.first.saturating_add(row.content) })
    }

    /// The newest block with a timestamp or countersignature.
    fn witnessed(&self, from: u64, newest: u64) -> Result<u64> {
        let mut at = self.store.last_outside(newest)?;
        while let Some(height) = at.filter(|height| *height >= from) {
            let words = self.outside_at(OutsideKey::Block(height))?;
            if words.iter().any(|word| word.kind != OutsideKind::PlatformReceipt) {
                return Ok(height);
            }
            at = match height.checked_sub(1) {
                Some(below) => self.store.last_outside(below)?,
                None => None,
            };
        }
        Err(Error::new(
            ErrorCode::NotFound,
            "no block from the records' own on has a timestamp or countersignature",
        ))
    }

    /// Ledger keys that a verifier needs up to this head.
    pub(super) fn keys_under(&self, top: &Top) -> impl Iterator<Item = &KeyInForce> {
        let all = self.head.as_ref().map_or(&[][..], |head| head.keys().all());
        let height = top.height;
        all.iter().filter(move |key| key.since <= height)
    }

    /// The head with the paths of the other blocks shown. The head's block is shown by its link, if by nothing else.
    pub(super) fn add_head(
        &mut self,
        builder: &mut ProofBuilder,
        top: &Top,
        heights: &mut BTreeSet<u64>,
    ) -> Result<()> {
        let newest = self.head.as_ref().filter(|head| head.height() == top.height);
        let (stored, earlier) = match newest {
            Some(head) => (self.check_last_block(head)?, false),
            None => (self.stored_block(top.height)?, true),
        };
        if !heights.contains(&top.height) {
            let link = self.link_after(top.height.saturating_sub(1))?;
            let receipt = self.receipt_at(&stored, 0, &link)?;
            builder.item(link, &receipt, &[]);
        }
        builder.head(&stored.row.sealed);
        let below: Vec<u64> =
            heights.iter().copied().filter(|height| *height < top.height).collect();
        let tree_of_its_own;
        let tree = match earlier {
            true => {
                tree_of_its_own = Tree::new(self.hash, self.store.history_leaves(0, top.height)?);
                &tree_of_its_own
            }
            false => self.history_below_head()?,
        };
        if tree.root() != stored.block.header().history_root {
            return Err(Error::new(
                ErrorCode::Damaged,
                "the history leaves do not lead to the root in the block that the proof leads to",
            ));
        }
        for height in below {
            builder.history(height, tree.path(height)?);
        }
        heights.insert(top.height);
        Ok(())
    }
}
