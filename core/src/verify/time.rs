//! Lines about time: what a record declares, and what of it somebody outside supports.

use serde_json::json;

use super::case::{Case, RecordShown, Shown};
use super::lines::{Lines, time_text};
use super::outside::witnesses;
use super::words::Say;
use crate::anchor::OutsideKind;
use crate::hash::Digest;
use crate::time::{Moment, NotBeforeKind};

/// Says the lines of all records.
pub(super) fn say(case: &Case<'_>, lines: &mut Lines) {
    for record in &case.records {
        let Some(item) = case.item_of(record) else { continue };
        declared(case, record, item, lines);
        not_later(case, record, item, lines);
        not_earlier(case, record, lines);
    }
}

/// A moment as RFC 3339, in its own offset.
pub(super) fn text(moment: &Moment) -> Option<String> {
    time_text(moment.unix_ms, moment.offset_minutes)
}

fn declared(case: &Case<'_>, record: &RecordShown<'_>, item: &Shown<'_>, lines: &mut Lines) {
    let time = &record.record.time;
    let begun_at = item.receipt.block().header().begun_at;
    let begun_ms = i64::try_from(begun_at).ok().and_then(|s| s.checked_mul(1000));
    let facts = json!({
        "captured": text(&time.captured),
        "captured_original": time.captured.original,
        "occurred": time.occurred.as_ref().and_then(text),
        "tier": time.tier.name(),
        "sync_age_ms": time.sync_age_ms,
        "uncertainty_ms": time.uncertainty_ms,
        "block": begun_ms.and_then(|ms| time_text(ms, 0)),
        "at": time_text(case.at.unix_ms, 0),
    });
    let slack = time.uncertainty_ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or(0);
    // The earliest that the capture can have been, by its own words.
    let captured = time.captured.unix_ms.saturating_sub(slack);
    let occurred = time.occurred.as_ref().map(|moment| moment.unix_ms);
    let say = if occurred
        .is_some_and(|occurred| occurred > time.captured.unix_ms.saturating_add(slack))
    {
        Say::RecordTimeContradicted
    } else if captured > case.at.unix_ms {
        Say::RecordTimeNotProvenFuture
    } else if begun_ms.is_some_and(|begun| captured > begun.saturating_add(999)) {
        Say::RecordTimeNotProvenAfterBlock
    } else {
        Say::RecordTimeNotProven
    };
    lines.say(say, &record.number, facts);
}

fn not_later(case: &Case<'_>, record: &RecordShown<'_>, item: &Shown<'_>, lines: &mut Lines) {
    // An earlier word is worth more; of two at one time the first attached is named.
    let first = witnesses(case, item.block)
        .filter(|_| case.stands(record))
        .min_by_key(|witness| witness.time_ms);
    match first {
        Some(witness) => {
            let facts = json!({
                "by": witness.name,
                "time": time_text(witness.time_ms, 0),
                "time_ms": witness.time_ms,
            });
            lines.say(Say::RecordNotLaterProven, &record.number, facts);
        }
        None => lines.say(Say::RecordNotLaterNotProven, &record.number, json!({})),
    }
}

fn not_earlier(case: &Case<'_>, record: &RecordShown<'_>, lines: &mut Lines) {
    let reference = &record.record.time.not_before;
    let facts = json!({ "reference": reference.as_ref().map(|named| named.digest.to_string()) });
    let say = match reference {
        None => Say::RecordNotEarlierNotProven,
        Some(named) => match named.kind {
            NotBeforeKind::Block if case.block_sealed_as(&named.digest).is_some() => {
                Say::RecordNotEarlierProven
            }
            NotBeforeKind::Block => Say::RecordNotEarlierNotProven,
            NotBeforeKind::Token if is_attached(case, &named.digest) => {
                Say::RecordNotEarlierNotChecked
            }
            NotBeforeKind::SignedNonce | NotBeforeKind::Token => Say::RecordNotEarlierNotProven,
        },
    };
    lines.say(say, &record.number, facts);
}

/// Whether a token with this digest is attached.
fn is_attached(case: &Case<'_>, token: &Digest) -> bool {
    let words = case.reading.proof.outside.iter();
    words
        .filter(|word| word.kind == OutsideKind::TimestampToken)
        .any(|word| Digest::of(token.alg, &word.bytes) == *token)
}
