//! What outsiders said about the entry, its block, or the newest block shown.

use super::Shown;
use super::commands::Commands;
use super::keys::Keys;
use crate::anchor::{Countersignature, OutsideKind, TargetKind};
use crate::block::Block;
use crate::error::Result;
use crate::proof::Proof;
use crate::sign::Signature;

pub(super) fn words(
    out: &mut Commands,
    proof: &Proof,
    keys: &Keys<'_>,
    shown: &Shown<'_>,
    head: &Block,
) -> Result<()> {
    let block = shown.receipt.block();
    let hash = block.header().hash;
    let targets = [
        (TargetKind::Block, block.sealed_digest(), "sealed-block.cbor"),
        (TargetKind::Block, head.sealed_digest(), "head-block.cbor"),
        (TargetKind::Entry, hash.digest(&shown.item.entry), "entry.cbor"),
    ];
    let (mut countersignatures, mut tokens) = (0, 0);
    for word in proof.outside.iter().filter(|word| word.digest.alg == hash) {
        let about = targets
            .iter()
            .find(|(kind, digest, _)| *kind == word.target && *digest == word.digest.bytes);
        let Some((_, _, file)) = about else { continue };
        match word.kind {
            OutsideKind::Countersignature => {
                countersignatures += 1;
                let said = Countersignature::parse(&word.bytes)?;
                let signature = Signature::from_outside(said.alg, said.signature())?;
                let name = format!("countersignature-{countersignatures}");
                out.file(&format!("{name}.cbor"), word.bytes.clone());
                out.signature(&name, &said.to_be_signed(), &signature, keys.outsider(&said.kid))?;
            }
            OutsideKind::TimestampToken => {
                tokens += 1;
                out.token(&format!("token-{tokens}.tst"), file, word.bytes.clone());
            }
            OutsideKind::PlatformReceipt => {}
        }
    }
    Ok(())
}
