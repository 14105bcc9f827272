//! Lines about ledgers, their blocks and their keys.

use serde_json::json;

use super::case::{BlockShown, Case, LedgerShown};
use super::chain::BlockKey;
use super::hints;
use super::lines::{Lines, time_text};
use super::policy::KnownKey;
use super::words::Say;
use crate::block::BlockHeader;
use crate::entry::Body;
use crate::hash::hex;
use crate::key::{Custody, KeyInForce};

/// How a ledger's origin came out.
pub(super) enum Origin<'p> {
    /// The policy lists it.
    Ledger(&'p str),
    /// The policy has the key of its newest block.
    Key(&'p KnownKey),
    /// The policy lists it, but what it shows is not proven.
    Unproven,
    /// The policy knows nothing of it.
    Unknown,
    /// There is no policy.
    NoPolicy,
}

/// Says the lines of all ledgers.
pub(super) fn say(case: &Case<'_>, lines: &mut Lines) {
    for (at, ledger) in case.ledgers.iter().enumerate() {
        ledger_lines(case, at, ledger, lines);
        for block in ledger.blocks.iter().filter_map(|block| case.blocks.get(*block)) {
            block_lines(case, ledger, block, lines);
        }
    }
}

/// Whether the ledger is the verifier's own, by id or by the key of its newest block.
pub(super) fn origin<'p>(case: &Case<'p>, ledger: &LedgerShown<'_>) -> Origin<'p> {
    let head = case
        .blocks
        .get(ledger.head)
        .filter(|head| head.root.is_some() && head.ended.is_none() && ledger.genesis.is_some());
    let sound = head.is_some() && ledger.fork.is_none() && ledger.head_is_shown;
    if let Some(known) = case.policy.ledger(&ledger.id) {
        return if sound { Origin::Ledger(&known.name) } else { Origin::Unproven };
    }
    let key = head
        .zip(ledger.keys.as_ref())
        .and_then(|(head, keys)| case.policy.ledger_key(&keys.at(head.height()).key));
    match key {
        Some(known) if sound => Origin::Key(known),
        _ if case.policy.bytes().is_none() => Origin::NoPolicy,
        _ => Origin::Unknown,
    }
}

fn ledger_lines(case: &Case<'_>, at: usize, ledger: &LedgerShown<'_>, lines: &mut Lines) {
    let subject = ledger.subject();
    match ledger.genesis {
        Some(genesis) => lines.say(
            Say::LedgerGenesisProven,
            &subject,
            json!({
                "organisation": genesis.organisation,
                "hash": ledger.hash().name(),
                "created": time_text(genesis.created.captured.unix_ms, genesis.created.captured.offset_minutes),
            }),
        ),
        None if genesis_is_unknown(case, ledger) => {
            lines.say(Say::LedgerGenesisNotProven, &subject, json!({}));
        }
        None => lines.say(Say::LedgerGenesisContradicted, &subject, json!({})),
    }
    match origin(case, ledger) {
        Origin::Ledger(name) => {
            lines.say(Say::LedgerOriginProvenLedger, &subject, json!({ "name": name }));
        }
        Origin::Key(known) => {
            let facts = json!({ "name": known.name, "thumbprint": hex::encode(&known.thumbprint) });
            lines.say(Say::LedgerOriginProvenKey, &subject, facts);
        }
        Origin::Unproven => lines.say(Say::LedgerOriginNotProvenIntegrity, &subject, json!({})),
        Origin::Unknown => lines.say(Say::LedgerOriginNotProven, &subject, json!({})),
        Origin::NoPolicy => lines.say(Say::LedgerOriginNotChecked, &subject, json!({})),
    }
    let head = case.blocks.get(ledger.head).map(|head| head.block.header());
    if let (Some(keys), Some(head)) = (&ledger.keys, head) {
        let epochs = keys.all().len();
        let missing = keys.newest().epoch < Some(head.key_epoch);
        let say = if missing { Say::LedgerKeysNotProven } else { Say::LedgerKeysProven };
        lines.say(say, &subject, json!({ "epochs": epochs, "epoch": head.key_epoch }));
        for key in keys.all() {
            custody_lines(case, at, key, lines);
        }
        for key in ledger.signers.all() {
            custody_lines(case, at, key, lines);
        }
    }
    let blocks = ledger.blocks.iter().filter_map(|block| case.blocks.get(*block));
    let all_in = blocks.clone().all(|block| block.in_history == Some(true));
    match ledger.fork {
        Some(height) => {
            let digests: Vec<String> = blocks
                .filter(|block| block.height() == height)
                .map(|block| hex::encode(&block.sealed_digest))
                .collect();
            let facts = json!({ "height": height, "sealed_digests": digests });
            lines.say(Say::LedgerOneHistoryContradicted, &subject, facts);
        }
        None if !ledger.head_is_shown => {
            lines.say(Say::LedgerOneHistoryContradictedHead, &subject, json!({}));
        }
        None if all_in => {
            let facts = json!({ "blocks": ledger.blocks.len() });
            lines.say(Say::LedgerOneHistoryProven, &subject, facts);
        }
        None => lines.say(Say::LedgerOneHistoryNotProven, &subject, json!({})),
    }
    if let Some(head) = head {
        let facts = json!({ "height": head.height, "begun": begun(head) });
        lines.say(Say::LedgerTailNotChecked, &subject, facts);
    }
}

/// Whether what stands in genesis's place has critical content of a later version.
fn genesis_is_unknown(case: &Case<'_>, ledger: &LedgerShown<'_>) -> bool {
    let first = ledger.blocks.first().and_then(|block| case.blocks.get(*block));
    let item = first.and_then(|block| case.items.get(*block.items.first()?));
    item.is_some_and(|item| matches!(item.entry.body, Body::Unknown { critical: true }))
}

/// The declared time of a block's beginning, RFC 3339.
pub(super) fn begun(header: &BlockHeader) -> Option<String> {
    i64::try_from(header.begun_at).ok()?.checked_mul(1000).and_then(|ms| time_text(ms, 0))
}

fn custody_lines(case: &Case<'_>, ledger: usize, key: &KeyInForce, lines: &mut Lines) {
    let subject = format!("key:{}", hex::encode(&key.kid));
    let facts = json!({
        "custody": key.custody.name(),
        "role": key.role.name(),
        "alg": key.key.alg().name(),
        "thumbprint": hex::encode(&key.key.thumbprint()),
    });
    let say = match key.custody {
        Custody::Hosted => Say::KeyCustodyNotProvenHosted,
        Custody::OneTime => Say::KeyCustodyNotProvenOneTime,
        _ => Say::KeyCustodyNotProven,
    };
    lines.say(say, &subject, facts);
    if let Some((height, reason)) = key.revoked {
        let effective = case
            .ledgers
            .get(ledger)
            .and_then(|ledger| ledger.revoked.iter().find(|(kid, _, _)| *kid == key.kid))
            .and_then(|(_, _, since)| time_text(*since, 0));
        let facts = json!({ "reason": reason.name(), "height": height, "effective": effective });
        lines.say(Say::KeyRevokedProven, &subject, facts);
    }
}

fn block_lines(
    case: &Case<'_>,
    ledger: &LedgerShown<'_>,
    block: &BlockShown<'_>,
    lines: &mut Lines,
) {
    let subject = block.subject();
    let header = block.block.header();
    let facts = json!({
        "epoch": header.key_epoch,
        "alg": header.alg.name(),
        "kid": hex::encode(&header.kid),
    });
    let key = match block.key {
        BlockKey::InForce => Say::BlockKeyProven,
        BlockKey::Wrong => Say::BlockKeyContradicted,
        BlockKey::Missing | BlockKey::Unknown => Say::BlockKeyNotProven,
    };
    lines.say(key, &subject, facts);
    let facts = json!({
        "alg": header.alg.name(),
        "entries": header.entry_count,
        "begun": begun(header),
        "sealed_digest": hex::encode(&block.sealed_digest),
        "since": block.ended.and_then(|since| time_text(since, 0)),
        "hint": hints::words(block.hint),
    });
    let signature = match (block.root, block.ended) {
        (Some(_), None) => Say::BlockSignatureProven,
        (Some(_), Some(_)) => Say::BlockSignatureNotProvenEnded,
        (None, _) if block.key == BlockKey::InForce => Say::BlockSignatureContradicted,
        (None, _) => Say::BlockSignatureNotProvenKey,
    };
    lines.say(signature, &subject, facts);
    let head = case.blocks.get(ledger.head).map(BlockShown::height);
    let history = match block.in_history {
        Some(true) => Say::BlockHistoryProven,
        Some(false) => Say::BlockHistoryContradicted,
        None => Say::BlockHistoryNotProven,
    };
    lines.say(history, &subject, json!({ "head": head }));
    match block.follows {
        Some(Ok(previous)) => {
            let previous = case.blocks.get(previous).map(BlockShown::height);
            lines.say(Say::BlockFollowsProven, &subject, json!({ "previous": previous }));
        }
        Some(Err(what)) => {
            lines.say(Say::BlockFollowsContradicted, &subject, json!({ "what": what }));
        }
        None => {}
    }
}
