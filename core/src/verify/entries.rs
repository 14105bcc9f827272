//! Lines about single entries: in their block, readable, in the right place, and what key entries do.

use serde_json::{Value, json};

use super::case::{Case, Shown};
use super::certificate::{self, Beside};
use super::chain::{self, KeyOutcome};
use super::ledgers::begun;
use super::lines::{Lines, time_text};
use super::verdict::Status;
use super::words::Say;
use crate::entry::{Body, EventCode, GENESIS_KIND, LINK_KIND};
use crate::hash::hex;
use crate::key::KeyClaims;

/// Says the lines of all entries.
pub(super) fn say(case: &Case<'_>, lines: &mut Lines) {
    for (at, item) in case.items.iter().enumerate() {
        entry_lines(case, at, item, lines);
    }
}

/// What an item is called in lines: its record's number where it has one.
pub(super) fn subject(case: &Case<'_>, at: usize, item: &Shown<'_>) -> String {
    match case.record_at(at) {
        Some(record) => record.number.clone(),
        None => item.subject(),
    }
}

fn entry_lines(case: &Case<'_>, at: usize, item: &Shown<'_>, lines: &mut Lines) {
    let subject = subject(case, at, item);
    let header = item.receipt.block().header();
    let kind = kind(&item.entry.body);
    let facts = json!({
        "kind": kind,
        "height": header.height,
        "index": item.receipt.index(),
        "sequence": item.receipt.sequence(),
        "sealed": begun(header),
        "digest": hex::encode(&header.hash.digest(item.bytes)),
    });
    let critical = matches!(item.entry.body, Body::Unknown { critical: true });
    let say = match case.sealed(item) {
        Status::Proven => Say::EntryInBlockProven,
        Status::Contradicted => Say::EntryInBlockContradicted,
        _ if critical => Say::EntryInBlockNotProvenCritical,
        _ => Say::EntryInBlockNotProvenBlock,
    };
    lines.say(say, &subject, facts);
    if item.entry.has_unknown_optional {
        lines.say(Say::EntryReadableNotChecked, &subject, json!({}));
    }
    if let Some(what) = misplaced(case, item) {
        lines.say(Say::EntryPositionContradicted, &subject, json!({ "what": what }));
    }
    key_lines(case, item, &subject, lines);
}

/// What is wrong about where an entry stands (format §8). Kinds count, understood or not: a replica looks at no more.
fn misplaced(case: &Case<'_>, item: &Shown<'_>) -> Option<&'static str> {
    let header = item.receipt.block().header();
    let (height, index) = (header.height, item.receipt.index());
    let body = &item.entry.body;
    let kind = match body {
        Body::Genesis(_) => Some(GENESIS_KIND),
        Body::Link(_) => Some(LINK_KIND),
        Body::Unknown { .. } => item.entry.kind(),
        _ => None,
    };
    match (kind, height, index) {
        (Some(GENESIS_KIND), 0, 0) => {}
        (_, 0, 0) => return Some("genesis-expected"),
        (Some(GENESIS_KIND), ..) => return Some("genesis"),
        // A replica compares the bytes of a link, so one with another key stands in no chain.
        (Some(LINK_KIND), 1.., 0)
            if matches!(body, Body::Link(_)) && !item.entry.has_unknown_optional => {}
        (Some(LINK_KIND), ..) => return Some("link"),
        (_, 1.., 0) => return Some("link-expected"),
        (_, 0, 1) if !matches!(body, Body::Event(event) if event.code() == EventCode::Opened) => {
            return Some("opened-expected");
        }
        _ => {}
    }
    if let Body::Event(event) = body
        && event.code() == EventCode::Closed
    {
        let head = case.ledgers.get(item.ledger).and_then(|ledger| case.blocks.get(ledger.head));
        let last = index + 1 == header.entry_count;
        if !last || head.is_some_and(|head| head.height() > height) {
            return Some("after-closed");
        }
    }
    None
}

fn key_lines(case: &Case<'_>, item: &Shown<'_>, subject: &str, lines: &mut Lines) {
    let claims: Option<&KeyClaims> = match &item.entry.body {
        Body::Key(_, claims) => Some(claims),
        _ => None,
    };
    let genesis = match &item.entry.body {
        Body::Genesis(genesis) => chain::first_claims(genesis),
        _ => None,
    };
    if let (Some(claims), Some(outcome)) = (claims, &item.key) {
        let mut facts = json!({
            "action": claims.action.name(),
            "role": claims.role.name(),
            "alg": claims.key.as_ref().map(|key| key.alg().name()),
            "effective": time_text(claims.effective_ms, 0),
            "epoch": claims.epoch,
        });
        let say = match outcome {
            KeyOutcome::Holds => Say::KeyEntryProven,
            KeyOutcome::Unconnected => Say::KeyEntryNotProven,
            KeyOutcome::Broken(error) => {
                if let Value::Object(facts) = &mut facts {
                    facts.insert("where".to_owned(), json!(error.context()));
                    facts.insert("error".to_owned(), json!(error.number()));
                }
                Say::KeyEntryContradicted
            }
        };
        lines.say(say, subject, facts);
    }
    if let Some(claims) = claims.or(genesis.as_ref()) {
        let beside = Beside {
            certificates: &claims.certificates,
            attestations: usize::from(claims.attestation.is_some()),
            key: claims.key.as_ref(),
            at_ms: claims.effective_ms,
        };
        certificate::say(case, &beside, subject, lines);
    }
}

/// The kind of an entry, as a word for programs.
fn kind(body: &Body) -> String {
    match body {
        Body::Link(_) => "link",
        Body::Genesis(_) => "genesis",
        Body::Record(_) => "record",
        Body::Key(..) => "key",
        Body::Tombstone(_) => "tombstone",
        Body::Hold(_) => "hold",
        Body::Event(event) => return format!("event-{}", event.code().name()),
        Body::ObservedHead(_) => "observed-head",
        Body::Renewal(_) => "renewal",
        Body::Statement(_) => "statement",
        Body::Unknown { .. } => "unknown",
    }
    .to_owned()
}
