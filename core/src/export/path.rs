//! The steps from an entry to its block's root, and from a block to the newest block shown.

use super::Shown;
use super::commands::{Commands, Section};
use super::keys::Keys;
use crate::block::{Block, Receipt, history_leaf_bytes};
use crate::error::Result;
use crate::hash::HashAlg;
use crate::merkle;
use crate::proof::Proof;
use crate::sign::Signature;

/// One file for each hash on the way from a leaf, with its prefix, to the root; gives the root.
pub(super) fn steps(
    out: &mut Commands,
    of: Section,
    hash: HashAlg,
    leaf: Vec<u8>,
    (mut index, size): (u64, u64),
    path: &[[u8; 32]],
) -> [u8; 32] {
    let mut last = size.saturating_sub(1);
    let mut node = hash.digest(&leaf);
    step(out, of, 0, leaf, &node);
    for (at, sibling) in path.iter().enumerate() {
        // RFC 9162 §2.1.3.2: an odd node at the right edge is promoted until it has a sibling on its left.
        while index & 1 == 0 && index == last && last > 0 {
            (index, last) = (index >> 1, last >> 1);
        }
        let (left, right) = if index & 1 == 1 { (sibling, &node) } else { (&node, sibling) };
        let preimage = [&[1u8][..], left, right].concat();
        node = merkle::node_hash(hash, left, right);
        step(out, of, at + 1, preimage, &node);
        (index, last) = (index >> 1, last >> 1);
    }
    node
}

fn step(out: &mut Commands, of: Section, at: usize, preimage: Vec<u8>, digest: &[u8; 32]) {
    let tree = if of == Section::Path { "step" } else { "history" };
    let name = format!("{tree}-{at:02}.bin");
    out.digest(of, &name, digest);
    out.file(&name, preimage);
}

/// From the block of a receipt to the newest block that the proof shows of its ledger, with that one's signature; gives
/// the newest block. Nothing is written when the receipt is of the newest block.
pub(super) fn to_head(
    out: &mut Commands,
    proof: &Proof,
    items: &[Shown<'_>],
    keys: &Keys<'_>,
    receipt: &Receipt,
    root: &[u8; 32],
) -> Result<Block> {
    let block = receipt.block();
    let header = block.header();
    for ledger in &proof.ledgers {
        let head = ledger.head()?;
        if head.header().ledger_id != header.ledger_id || head.header().height == header.height {
            continue;
        }
        let Some((_, path)) = ledger.history.iter().find(|(height, _)| *height == header.height)
        else {
            continue;
        };
        let Some(head_root) = root_of(items, &head)? else { continue };
        out.file("head-block.cbor", head.sealed_bytes());
        let (block_hash, sealed) = (block.block_hash(root), block.sealed_digest());
        out.digest(Section::History, "block-tbs.bin", &block_hash);
        out.digest(Section::History, "sealed-block.cbor", &sealed);
        let leaf = history_leaf_bytes(header.height, &block_hash, &sealed);
        let leaf = [&[0u8], leaf.as_slice()].concat();
        let place = (header.height, head.header().height);
        steps(out, Section::History, header.hash, leaf, place, path);
        out.signature(
            "head",
            &head.to_be_signed(&head_root),
            &Signature::from_canonical(head.header().alg, head.signature())?,
            Some(keys.of_block(head.header().height)),
        )?;
        return Ok(head);
    }
    Ok(block.clone())
}

/// The root of a block, from any entry that the proof shows of it.
fn root_of(items: &[Shown<'_>], block: &Block) -> Result<Option<[u8; 32]>> {
    let shown = items.iter().find(|shown| shown.receipt.block() == block);
    shown.map(|shown| shown.receipt.root(&shown.item.entry)).transpose()
}
