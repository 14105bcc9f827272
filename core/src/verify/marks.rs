//! Lines about what ledgers say of themselves, of records and of each other: environment, damage, references of
//! tombstones and holds, heads observed, ledgers continued, renewals.

use serde_json::{Value, json};

use super::case::{Case, Shown};
use super::verdict::{Lines, Status, time_text};
use super::words::Say;
use crate::entry::{Body, Continues, Event, Facts, ObservedHead, REFERENCE_NAME};
use crate::hash::Digest;

/// Says the lines.
pub(super) fn say(case: &Case<'_>, lines: &mut Lines) {
    for item in case.items.iter().filter(|item| case.sealed(item) == Status::Proven) {
        let Ok(entry) = item.entry else { continue };
        let ledger = || case.ledgers.get(item.ledger).map(|ledger| ledger.subject());
        match &entry.body {
            Body::Genesis(genesis) => {
                if let Some(other) = &genesis.continues {
                    continues(case, &ledger().unwrap_or_default(), other, lines);
                }
            }
            Body::Event(event) => of_event(event, &ledger().unwrap_or_default(), lines),
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

fn of_event(event: &Event, ledger: &str, lines: &mut Lines) {
    match &event.facts {
        Facts::Opened { library, build, system, device, self_test_passed, clock } => {
            let facts = json!({
                "library": library,
                "build": build.map(|digest| crate::hash::hex::encode(&digest)),
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
        _ => {}
    }
}

/// A block of another ledger, by what somebody said of it: there as said, there in another way, or not shown.
fn elsewhere(case: &Case<'_>, id: &Digest, height: u64, block: &Digest, sealed: &Digest) -> Status {
    let Some(ledger) = case.ledger_of(id).and_then(|at| case.ledgers.get(at)) else {
        return Status::NotProven;
    };
    let mut status = Status::NotProven;
    for (_, shown) in case.blocks_at(ledger, height) {
        let typed = |bytes| Digest { alg: ledger.hash(), bytes };
        let same = typed(shown.sealed_digest) == *sealed && shown.hash.map(typed) == Some(*block);
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
        elsewhere(case, &seen.ledger_id, seen.height, &seen.block_hash, &seen.sealed_digest);
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
    let came_out =
        elsewhere(case, &other.ledger_id, other.height, &other.block_hash, &other.sealed_digest);
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

/// Disclosures beside entries that commit to nothing.
fn strays(case: &Case<'_>, lines: &mut Lines) {
    for item in case.items.iter().filter(|item| !item.disclosures.is_empty()) {
        let commits = match item.entry {
            Ok(entry) => {
                entry.record().is_some() || matches!(entry.body, Body::Tombstone(_) | Body::Hold(_))
            }
            Err(_) => false,
        };
        if !commits {
            let names: Vec<&str> = item.disclosures.iter().map(|one| one.name.as_str()).collect();
            let facts: Value = json!({ "names": names, "shown": 0 });
            lines.say(Say::RecordValuesContradicted, item.subject(), facts);
        }
    }
}
