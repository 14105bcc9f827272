//! Tokens that records name as older than themselves: a proof carries them, though the blocks they are about need not be shown.

use std::collections::BTreeSet;

use super::Inner;
use crate::anchor::{Outside, OutsideKind};
use crate::error::Result;
use crate::hash::Digest;
use crate::record::Record;
use crate::store::OutsideKey;
use crate::time::NotBeforeKind;

/// How many blocks back from the record's own a token is looked for. Whoever names one names a new one.
const BLOCKS: u64 = 4096;

impl Inner {
    /// The tokens that records name, each with the height of its record's block; without those that stand beside blocks shown.
    pub(super) fn named_tokens(
        &self,
        named: &BTreeSet<(Digest, u64)>,
        shown: &BTreeSet<u64>,
    ) -> Result<Vec<Outside>> {
        let mut found: Vec<Outside> = Vec::new();
        for (token, height) in named {
            let is_it = |word: &Outside| {
                word.kind == OutsideKind::TimestampToken
                    && Digest::of(token.alg, &word.bytes) == *token
            };
            if found.iter().any(is_it) {
                continue;
            }
            for at in (height.saturating_sub(BLOCKS)..=*height).rev() {
                if let Some(word) = self.outside_at(OutsideKey::Block(at))?.into_iter().find(is_it)
                {
                    if !shown.contains(&at) {
                        found.push(word);
                    }
                    break;
                }
            }
        }
        Ok(found)
    }
}

/// The token that a record names.
pub(super) fn named_by(record: &Record) -> Option<Digest> {
    let named = record.time.not_before.as_ref()?;
    (named.kind == NotBeforeKind::Token).then_some(named.digest)
}
