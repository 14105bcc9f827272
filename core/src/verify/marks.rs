//! Lines about what ledgers say of themselves, of records and of each other: environment, damage, references of
//! tombstones and holds, heads observed, ledgers continued, renewals.

use serde_json::json;

use super::case::{Case, Shown};
use super::lines::{Lines, time_text};
use super::verdict::Status;
use super::words::Say;
use crate::entry::{Body, Continues, Event, Facts, ObservedHead, REFERENCE_NAME};
use crate::hash::{Digest, HashAlg, hex};
use crate::value::Disclosure;

/// Says the lines.
pub(super) fn say(case: &Case<'_>, lines: &mut Lines) {
    for item in case.items.iter().filter(|item| case.sealed(item) == Status::Proven) {
        let ledger = || case.ledgers.get(item.ledger).map(|ledger| ledger.subject());
        match &item.entry.body {
            Body::Genesis(genesis) => {
                if let Some(other) = &genesis.continues {
                    continues(case, &ledger().unwrap_or_default(), other, lines);
                }
            }
            Body::Event(event) => of_event(case, event, &ledger().unwrap_or_default(), lines),
            Body::ObservedHead(seen) => observed(case, item, seen, lines),
            Body::Renewal(renewal) => {
                let facts = json!({
                    "ledger": renewal.ledger_id.to_string(),
                    "first": renewal.first,
                    "last": renewal.last,
                    "root": renewal.root.to_string(),
                });
                lines.say(Say::RenewalNotChecked, item.subject(), facts);
            }
            Body::Tombstone(mark) => reference(item, &mark.reference, lines),
            Body::Hold(mark) => reference(item, &mark.reference, lines),
            _ => {}
        }
    }
    strays(case, lines);
}

fn of_event(case: &Case<'_>, event: &Event, ledger: &str, lines: &mut Lines) {
    match &event.facts {
        Facts::Opened { library, build, system, device, self_test_passed, clock } => {
            let facts = json!({
                "library": library,
                "build": build.map(|digest| hex::encode(&digest)),
                "system": system,
                "device": device,
                "self_test": self_test_passed.map(|passed| match passed {
                    true => json!({ "zh": "通过", "en": "passed" }),
                    false => json!({ "zh": "未通过", "en": "failed" }),
                }),
                "clock": clock.map(|tier| tier.name()),
                "time": time_text(event.time.captured.unix_ms, event.time.captured.offset_minutes),
            });
            lines.say(Say::LedgerEnvironmentNotProven, ledger, facts);
        }
        Facts::Damage { at, what } => {
            lines.say(Say::LedgerDamageProven, ledger, json!({ "at": at, "what": what }));
        }
        Facts::Restored { ledger_id, height, block_hash } => {
            let facts = json!({ "ledger": ledger_id.to_string(), "height": height });
            let say = match elsewhere(case, ledger_id, *height, block_hash, None) {
                Status::Proven => Say::LedgerRestoredProven,
                Status::Contradicted => Say::LedgerRestoredContradicted,
                _ => Say::LedgerRestoredNotProven,
            };
            lines.say(say, ledger, facts);
        }
        _ => {}
    }
}

/// A block of another ledger, by what somebody said of it: there as said, there in another way, or not shown.
fn elsewhere(
    case: &Case<'_>,
    id: &Digest,
    height: u64,
    block: &Digest,
    sealed: Option<&Digest>,
) -> Status {
    let Some(ledger) = case.ledger_of(id).and_then(|at| case.ledgers.get(at)) else {
        return Status::NotProven;
    };
    let mut status = Status::NotProven;
    for (_, shown) in case.blocks_at(ledger, height) {
        let typed = |bytes| Digest { alg: ledger.hash(), bytes };
        let same = sealed.is_none_or(|sealed| typed(shown.sealed_digest) == *sealed)
            && shown.hash.map(typed) == Some(*block);
        match (shown.root, same) {
            (Some(_), true) => return Status::Proven,
            (Some(_), false) => status = Status::Contradicted,
            (None, _) => {}
        }
    }
    status
}

fn observed(case: &Case<'_>, item: &Shown<'_>, seen: &ObservedHead, lines: &mut Lines) {
    let facts = json!({
        "ledger": seen.ledger_id.to_string(),
        "height": seen.height,
        "time": time_text(seen.time.captured.unix_ms, seen.time.captured.offset_minutes),
    });
    let came_out =
        elsewhere(case, &seen.ledger_id, seen.height, &seen.block_hash, Some(&seen.sealed_digest));
    let say = match came_out {
        Status::Proven => Say::ObservedHeadProven,
        Status::Contradicted => Say::ObservedHeadContradicted,
        _ => Say::ObservedHeadNotProven,
    };
    lines.say(say, item.subject(), facts);
}

fn continues(case: &Case<'_>, subject: &str, other: &Continues, lines: &mut Lines) {
    let facts = json!({
        "ledger": other.ledger_id.to_string(),
        "height": other.height,
        "reason": other.reason.name(),
    });
    let came_out = elsewhere(
        case,
        &other.ledger_id,
        other.height,
        &other.block_hash,
        Some(&other.sealed_digest),
    );
    let say = match came_out {
        Status::Proven => Say::LedgerContinuesProven,
        Status::Contradicted => Say::LedgerContinuesContradicted,
        _ => Say::LedgerContinuesNotProven,
    };
    lines.say(say, subject, facts);
}

/// The reference of a tombstone or hold, when it is opened.
fn reference(item: &Shown<'_>, committed: &[u8; 32], lines: &mut Lines) {
    if item.disclosures.is_empty() {
        return;
    }
    let hash = item.receipt.block().header().hash;
    let fits = item
        .disclosures
        .iter()
        .all(|one| one.name == REFERENCE_NAME && one.commitment(hash) == *committed);
    let say = if fits { Say::MarkReferenceProven } else { Say::MarkReferenceContradicted };
    lines.say(say, item.subject(), json!({}));
}

/// Disclosures beside entries that this version does not understand.
fn strays(case: &Case<'_>, lines: &mut Lines) {
    for item in case.items.iter().filter(|item| !item.disclosures.is_empty()) {
        if matches!(item.entry.body, Body::Unknown { .. }) {
            let names: Vec<&str> = item.disclosures.iter().map(|one| one.name.as_str()).collect();
            let facts = json!({ "names": names, "sha256": digests(item) });
            lines.say(Say::RecordValuesNotProven, item.subject(), facts);
        }
    }
}

fn digests(item: &Shown<'_>) -> Vec<String> {
    let digest = |one: &Disclosure| hex::encode(&one.commitment(HashAlg::Sha256));
    item.disclosures.iter().map(digest).collect()
}
