//! Keys that may be in other hands, and which of their blocks stand all the same.

use super::case::Case;
use super::outside;
use crate::key::{KeyInForce, RevokeReason};

/// Since when the key of a block is ended, unless something says that the block is older (format §14.6): a word from
/// outside that covers it, or a head of a later epoch that holds it, where no thief can have written the way there.
pub(super) fn block_ended(case: &Case<'_>, place: usize) -> Option<i64> {
    let block = case.blocks.get(place)?;
    block.root?;
    let ledger = case.ledgers.get(block.ledger)?;
    let keys = ledger.keys.as_ref()?;
    let key = keys.at(block.height());
    let since = key_ended(case, block.ledger, &key.kid, &key.key.thumbprint())?;
    if outside::witnesses(case, place).any(|witness| witness.time_ms < since) {
        return None;
    }
    let head = case.blocks.get(ledger.head)?;
    let head_key = keys.at(head.height());
    let later = head.root.is_some() && head_key.epoch > key.epoch && block.in_history == Some(true);
    let anchored = no_thief_between(case, block.ledger, keys.all(), key.epoch, head_key.epoch);
    if later && anchored && block_ended(case, ledger.head).is_none() {
        return None;
    }
    Some(since)
}

/// Whether nobody who holds ended keys could have written the rotations from one epoch to another: every ended key on the
/// way committed to the key after it, or the policy lists a key that came after the last one that did not.
fn no_thief_between(
    case: &Case<'_>,
    ledger: usize,
    keys: &[KeyInForce],
    from: Option<u64>,
    to: Option<u64>,
) -> bool {
    let open = keys.iter().rposition(|key| {
        let ended = key_ended(case, ledger, &key.kid, &key.key.thumbprint()).is_some();
        key.epoch >= from && key.epoch < to && ended && key.next_key.is_none()
    });
    let Some(open) = open else { return true };
    let later = keys.iter().skip(open + 1).filter(|key| key.epoch <= to);
    later.into_iter().any(|key| case.policy.ledger_key(&key.key).is_some())
}

/// Since when a key may be in other hands: by a sealed revocation of its ledger as lost or compromised, or by the policy.
pub(super) fn key_ended(
    case: &Case<'_>,
    ledger: usize,
    kid: &[u8; 32],
    thumbprint: &[u8; 32],
) -> Option<i64> {
    let revoked = case.ledgers.get(ledger).map(|ledger| ledger.revoked.as_slice());
    let in_other_hands =
        |reason: &RevokeReason| matches!(reason, RevokeReason::Lost | RevokeReason::Compromised);
    let sealed = revoked
        .unwrap_or_default()
        .iter()
        .filter(|(key, reason, _)| key == kid && in_other_hands(reason))
        .map(|(_, _, since)| *since);
    sealed.chain(case.policy.revoked_since(thumbprint)).min()
}
