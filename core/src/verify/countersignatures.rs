//! Signatures of others over a ledger's blocks.

use serde_json::{Value, json};

use super::case::Case;
use super::hints;
use super::lines::time_text;
use super::outside::{self, Looked, Witness, WitnessKind};
use super::policy::PolicyRole;
use super::words::Say;
use crate::anchor::{Claim, Countersignature, Outside};
use crate::hash::{Digest, hex};

/// What it says, whose it is, and which blocks it covers.
pub(super) fn look(case: &Case<'_>, beside: &Outside, read: &Countersignature) -> Looked {
    // Two times stand in it, both by the countersigner's clock; the later one counts.
    let issued_ms = i64::try_from(read.issued_at).unwrap_or(i64::MAX).saturating_mul(1000);
    let time_ms = read.time.captured.unix_ms.max(issued_ms);
    let mut facts = json!({
        "issuer": read.issuer,
        "height": read.height,
        "ledger": hex::encode(&read.ledger_id.bytes),
        "time_ms": time_ms,
        "time": time_text(time_ms, read.time.captured.offset_minutes),
        "alg": read.alg.name(),
        "kid": hex::encode(&read.kid),
        "claim": read.claim.name(),
        "hint": "",
    });
    let mut add = |name: &str, value: Value| {
        if let Value::Object(facts) = &mut facts {
            facts.insert(name.to_owned(), value);
        }
    };
    // What it says of the block it stands beside needs no key: a copy under another name is none.
    if beside.digest != read.sealed_digest || names_another_block(case, read) {
        return (Say::OutsideCountersignatureContradictedTarget, facts, None);
    }
    let known: Vec<_> = case.policy.signers(&read.kid).collect();
    let Some((first, _)) = known.first() else {
        return (Say::OutsideCountersignatureNotProvenKey, facts, None);
    };
    add("name", json!(first.name));
    let Some((known, role)) = known.iter().find(|(known, _)| read.verify(&known.key).is_ok())
    else {
        add("hint", hints::words(hints::sm2(&first.key, &read.to_be_signed(), read.signature())));
        return (Say::OutsideCountersignatureContradictedSignature, facts, None);
    };
    add("name", json!(known.name));
    add("role", json!(PolicyRole::Signer(*role).name()));
    if case.policy.revoked_since(&known.thumbprint).is_some() {
        return (Say::OutsideCountersignatureNotProvenRevoked, facts, None);
    }
    let Some(place) = case.block_sealed_as(&read.sealed_digest) else {
        return match other_block_there(case, read) {
            true => (Say::OutsideCountersignatureContradictedFork, facts, None),
            false => (Say::OutsideCountersignatureNotProvenBlock, facts, None),
        };
    };
    let Some((at, ledger)) = case
        .blocks
        .get(place)
        .and_then(|block| Some((block.ledger, case.ledgers.get(block.ledger)?)))
    else {
        return (Say::OutsideCountersignatureNotProvenBlock, facts, None);
    };
    let say = match read.claim {
        Claim::Seen => Say::OutsideCountersignatureProvenSeen,
        Claim::Extends => Say::OutsideCountersignatureProvenExtends,
    };
    let witness = Witness {
        ledger: at,
        kind: WitnessKind::Countersigner(known.thumbprint, *role),
        name: known.name.clone(),
        time_ms,
        own: ledger.keys.as_ref().is_some_and(|keys| {
            keys.all().iter().any(|own| own.key.thumbprint() == known.thumbprint)
        }),
        covers: outside::covered(case, at, place),
        entry: None,
    };
    (say, facts, Some(witness))
}

/// Whether the block with the sealed digest is shown, but is not the one that the other members of the payload name.
fn names_another_block(case: &Case<'_>, read: &Countersignature) -> bool {
    let place = case.block_sealed_as(&read.sealed_digest);
    let Some(block) = place.and_then(|place| case.blocks.get(place)) else { return false };
    let header = block.block.header();
    let typed = |bytes| Digest { alg: header.hash, bytes };
    read.ledger_id != typed(header.ledger_id)
        || read.height != header.height
        || block.hash.map(typed) != Some(read.block_hash)
}

/// Whether another signed block is shown at the height that the payload names.
fn other_block_there(case: &Case<'_>, read: &Countersignature) -> bool {
    let ledger = case.ledger_of(&read.ledger_id).and_then(|at| case.ledgers.get(at));
    ledger.is_some_and(|ledger| {
        case.blocks_at(ledger, read.height).any(|(_, block)| block.root.is_some())
    })
}
