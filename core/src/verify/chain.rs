//! Ledger by ledger: genesis, keys, block signatures, one history. Results go into the case; lines are said by
//! [`super::ledgers`].

use std::collections::BTreeMap;

use super::case::{BlockShown, Case};
use super::hints;
use crate::block::history_leaf;
use crate::entry::{Body, Genesis};
use crate::error::{Error, ErrorCode};
use crate::hash::Digest;
use crate::key::{KeyClaims, KeyEntry, KeyRole, LedgerKeys, SignerKeys};
use crate::merkle;
use crate::sign::PublicKey;

/// How many different roots of one block are tried against its signature: an honest proof has one.
const ROOTS: usize = 4;

/// How the key that a block names came out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BlockKey {
    /// It is the one in force.
    InForce,
    /// It is another one.
    Wrong,
    /// Key entries are missing.
    Missing,
    /// The ledger's keys are not known at all.
    Unknown,
}

/// How a key entry came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum KeyOutcome {
    /// It holds.
    Holds,
    /// It does not.
    Broken(Error),
    /// The entry before is not shown.
    Unconnected,
}

/// Checks all ledgers of the case.
pub(super) fn check(case: &mut Case<'_>) {
    for ledger in 0..case.ledgers.len() {
        start(case, ledger);
        let blocks = case.ledgers.get(ledger).map(|l| l.blocks.clone()).unwrap_or_default();
        for block in &blocks {
            check_signature(case, ledger, *block);
            apply_keys(case, ledger, *block);
        }
        for block in &blocks {
            let in_history = in_history(case, ledger, *block);
            let follows = follows(case, &blocks, *block);
            if let Some(block) = case.blocks.get_mut(*block) {
                (block.in_history, block.follows) = (in_history, follows);
            }
        }
        let mut signed: BTreeMap<u64, usize> = BTreeMap::new();
        for block in blocks.iter().filter_map(|block| case.blocks.get(*block)) {
            *signed.entry(block.height()).or_default() += usize::from(block.root.is_some());
        }
        let fork = signed.into_iter().find(|(_, count)| *count > 1).map(|(height, _)| height);
        if let Some(ledger) = case.ledgers.get_mut(ledger) {
            ledger.fork = fork;
        }
    }
}

/// Genesis gives the ledger id and the first key.
fn start(case: &mut Case<'_>, ledger: usize) {
    let Some(shown) = case.ledgers.get_mut(ledger) else { return };
    let first = shown.blocks.first().and_then(|block| case.blocks.get(*block));
    let Some(item) = first.and_then(|block| case.items.get(*block.items.first()?)) else { return };
    let Body::Genesis(genesis) = &item.entry.body else { return };
    let genesis: &Genesis = genesis;
    if genesis.hash != shown.id.alg || Digest::of(genesis.hash, item.bytes) != shown.id {
        return;
    }
    shown.keys = LedgerKeys::from_genesis(&genesis.key_entry, genesis.hash, shown.id).ok();
    if let Some(keys) = &shown.keys {
        shown.genesis = Some(genesis);
        let before = genesis.continues.as_ref().map(|other| other.ledger_id);
        shown.signers = SignerKeys::new(genesis.hash, shown.id).going_on_from(before);
        shown.in_use.insert(keys.newest().kid, ((0, 0), None));
    }
}

fn check_signature(case: &mut Case<'_>, ledger: usize, place: usize) {
    let (Some(ledger), Some(shown)) = (case.ledgers.get(ledger), case.blocks.get(place)) else {
        return;
    };
    let header = shown.block.header();
    let Some(keys) = &ledger.keys else { return };
    let in_force = keys.at(header.height);
    let known_epochs = u64::try_from(keys.all().len()).unwrap_or(u64::MAX);
    let outcome = if header.hash != ledger.id.alg {
        BlockKey::Wrong
    } else if header.kid == in_force.kid && Some(header.key_epoch) == in_force.epoch {
        BlockKey::InForce
    } else if header.key_epoch >= known_epochs && keys.by_kid(&header.kid).is_none() {
        BlockKey::Missing
    } else {
        BlockKey::Wrong
    };
    let (root, hint) = match outcome {
        BlockKey::InForce => find_root(case, shown, &in_force.key),
        _ => (None, None),
    };
    if let Some(shown) = case.blocks.get_mut(place) {
        (shown.key, shown.root, shown.hint) = (outcome, root, hint);
        shown.hash = root.map(|root| shown.block.block_hash(&root));
    }
}

/// The root under which the block's signature verifies, most shown first.
fn find_root(
    case: &Case<'_>,
    shown: &BlockShown<'_>,
    key: &PublicKey,
) -> (Option<[u8; 32]>, Option<&'static str>) {
    let mut counts: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    for item in shown.items.iter().filter_map(|item| case.items.get(*item)) {
        *counts.entry(item.root).or_default() += 1;
    }
    let mut roots: Vec<([u8; 32], usize)> = counts.into_iter().collect();
    roots.sort_by_key(|(_, count)| core::cmp::Reverse(*count));
    roots.truncate(ROOTS);
    let fits = |root: &[u8; 32]| shown.block.verify(root, key).is_ok();
    if let Some((root, _)) = roots.iter().find(|(root, _)| fits(root)) {
        return (Some(*root), None);
    }
    let hint = roots.first().and_then(|(root, _)| {
        hints::sm2(key, &shown.block.to_be_signed(root), shown.block.signature())
    });
    (None, hint)
}

/// Takes in the key entries of a block whose signature verified.
fn apply_keys(case: &mut Case<'_>, ledger: usize, place: usize) {
    let (Some(ledger), Some(block)) = (case.ledgers.get_mut(ledger), case.blocks.get(place)) else {
        return;
    };
    let (Some(keys), Some(root)) = (&mut ledger.keys, block.root) else { return };
    let height = block.height();
    for place in &block.items {
        let Some(item) = case.items.get_mut(*place).filter(|item| item.root == root) else {
            continue;
        };
        let Body::Key(_, claims) = &item.entry.body else { continue };
        let applied = if claims.role == KeyRole::Ledger {
            keys.apply(item.bytes, height)
        } else {
            ledger.signers.apply(item.bytes, height)
        };
        let outcome = match applied {
            Ok(()) => KeyOutcome::Holds,
            Err(error) if error.code() == ErrorCode::KeyNotInForce => {
                if may_be_left_out(claims, keys, &ledger.signers) {
                    KeyOutcome::Unconnected
                } else {
                    KeyOutcome::Broken(error)
                }
            }
            Err(error) => KeyOutcome::Broken(error),
        };
        if outcome == KeyOutcome::Holds {
            let position = item.position();
            if let Some((_, end)) = claims.previous.and_then(|kid| ledger.in_use.get_mut(&kid)) {
                end.get_or_insert(position);
            }
            match (claims.previous, claims.reason) {
                (Some(kid), Some(reason)) => {
                    ledger.revoked.push((kid, reason, claims.effective_ms));
                }
                _ => {
                    let kid = KeyEntry::digest(item.bytes, ledger.id.alg);
                    ledger.in_use.insert(kid, (position, None));
                }
            }
        }
        item.key = Some(outcome);
    }
}

/// Whether the entry that a key entry names may simply not be shown. One that is there but ended, or is another's, was not
/// left out; and of ledger keys none can be: the block that the entry stands in is signed by the key in force, so all keys
/// before that one are known.
fn may_be_left_out(claims: &KeyClaims, keys: &LedgerKeys, signers: &SignerKeys) -> bool {
    let known = |kid: &[u8; 32]| signers.by_kid(kid).is_some() || keys.by_kid(kid).is_some();
    claims.role != KeyRole::Ledger && claims.previous.is_some_and(|kid| !known(&kid))
}

fn in_history(case: &Case<'_>, ledger: usize, place: usize) -> Option<bool> {
    let (ledger, block) = (case.ledgers.get(ledger)?, case.blocks.get(place)?);
    let head = case.blocks.get(ledger.head)?;
    head.root?;
    let (hash, height) = (block.hash?, block.height());
    if !ledger.head_is_shown {
        return None;
    }
    if place == ledger.head {
        return Some(true);
    }
    if height >= head.height() {
        return Some(false);
    }
    let at = ledger.evidence.history.binary_search_by_key(&height, |(height, _)| *height).ok()?;
    let (_, path) = ledger.evidence.history.get(at)?;
    let leaf = history_leaf(ledger.id.alg, height, &hash, &block.sealed_digest);
    let reached = merkle::root_from_path(ledger.id.alg, leaf, height, head.height(), path);
    Some(reached.is_ok_and(|reached| reached == head.block.header().history_root))
}

/// Whether a block follows what is shown before it: the place of the block right before, or what is wrong. `None` when
/// neither the block before nor anything to compare is shown.
fn follows(
    case: &Case<'_>,
    blocks: &[usize],
    place: usize,
) -> Option<core::result::Result<usize, &'static str>> {
    let block = case.blocks.get(place)?;
    let (header, root) = (block.block.header(), block.root?);
    let first = block.items.first().and_then(|item| case.items.get(*item));
    let link = first.and_then(|item| match item.entry.body {
        Body::Link(link) if item.root == root => Some(link),
        _ => None,
    });
    if link.is_some_and(|link| Some(link.previous_block) != header.previous_block) {
        return Some(Err("link"));
    }
    let before = |b: &&usize| case.blocks.get(**b).is_some_and(|b| b.height() < header.height);
    let at = blocks.partition_point(|b| before(&b));
    let newest = blocks.get(..at)?.last().and_then(|b| case.blocks.get(*b))?;
    let newest_header = newest.block.header();
    let end = newest_header.first_sequence.saturating_add(newest_header.content_count());
    let gap = header.height - newest_header.height - 1;
    if gap > 0 {
        let possible = header.first_sequence >= end.saturating_add(gap);
        return (!possible).then_some(Err("sequence"));
    }
    let right_before =
        blocks.get(..at)?.iter().rev().filter_map(|b| Some((*b, case.blocks.get(*b)?)));
    let found = right_before
        .take_while(|(_, b)| b.height() + 1 == header.height)
        .find(|(_, b)| b.hash.is_some() && b.hash == header.previous_block);
    let Some((at, previous)) = found else {
        return newest.root.is_some().then_some(Err("previous-block"));
    };
    if link.is_some_and(|link| link.previous_sealed != previous.sealed_digest) {
        return Some(Err("link"));
    }
    let previous_header = previous.block.header();
    let end = previous_header.first_sequence.saturating_add(previous_header.content_count());
    Some(if header.first_sequence == end { Ok(at) } else { Err("sequence") })
}

/// Reads the claims of the key embedded in genesis.
pub(super) fn first_claims(genesis: &Genesis) -> Option<KeyClaims> {
    KeyEntry::parse(&genesis.key_entry).ok().map(|(_, claims)| claims)
}
