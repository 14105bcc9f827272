//! Lines about time: what a record declares, and what of it somebody outside supports.

use serde_json::{Value, json};

use super::case::{Case, RecordShown, Shown};
use super::lines::{Lines, time_text};
use super::outside::{Witness, WitnessKind, covered, witnesses_of_record};
use super::tokens::{self, Outcome, TokenShown};
use super::words::Say;
use crate::time::{Moment, NotBeforeKind};

/// Says the lines of all records.
pub(super) fn say(case: &Case<'_>, lines: &mut Lines) {
    for record in &case.records {
        let Some(item) = case.item_of(record) else { continue };
        declared(case, record, item, lines);
        not_later(case, record, item, lines);
        not_earlier(case, record, lines);
        interval(case, record, item, lines);
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

/// By when it existed, as the first word from outside says.
fn latest<'c>(
    case: &'c Case<'_>,
    record: &RecordShown<'_>,
    item: &Shown<'_>,
) -> Option<&'c Witness> {
    // An earlier word is worth more; of two at one time the first attached is named.
    witnesses_of_record(case, record, item)
        .filter(|_| case.stands(record))
        .min_by_key(|witness| witness.time_ms)
}

fn not_later(case: &Case<'_>, record: &RecordShown<'_>, item: &Shown<'_>, lines: &mut Lines) {
    let Some(witness) = latest(case, record, item) else {
        return lines.say(Say::RecordNotLaterNotProven, &record.number, json!({}));
    };
    let facts = json!({
        "by": witness.name,
        "time": time_text(witness.time_ms, 0),
        "time_ms": witness.time_ms,
    });
    let say = match witness.kind {
        WitnessKind::Countersigner(..) => Say::RecordNotLaterProven,
        WitnessKind::Authority(_) => Say::RecordNotLaterProvenToken,
    };
    lines.say(say, &record.number, facts);
}

fn not_earlier(case: &Case<'_>, record: &RecordShown<'_>, lines: &mut Lines) {
    let reference = &record.record.time.not_before;
    let mut facts =
        json!({ "reference": reference.as_ref().map(|named| named.digest.to_string()) });
    let say = match reference {
        None => Say::RecordNotEarlierNotProven,
        Some(named) => match named.kind {
            NotBeforeKind::Block if case.block_sealed_as(&named.digest).is_some() => {
                Say::RecordNotEarlierProven
            }
            NotBeforeKind::Token => match tokens::attached(case, &named.digest) {
                Some(TokenShown { outcome: Outcome::Holds(stamped), .. }) => {
                    if let Value::Object(facts) = &mut facts {
                        facts.insert("by".to_owned(), json!(stamped.by));
                        facts.insert("time".to_owned(), json!(time_text(stamped.earliest_ms, 0)));
                        facts.insert("time_ms".to_owned(), json!(stamped.earliest_ms));
                    }
                    Say::RecordNotEarlierProvenToken
                }
                Some(TokenShown { outcome: Outcome::NotChecked, .. }) => {
                    Say::RecordNotEarlierNotChecked
                }
                Some(_) => Say::RecordNotEarlierNotProvenToken,
                None => Say::RecordNotEarlierNotProven,
            },
            NotBeforeKind::Block | NotBeforeKind::SignedNonce => Say::RecordNotEarlierNotProven,
        },
    };
    lines.say(say, &record.number, facts);
}

/// From when on it can have been made: the time of a token that it names, or that a record names in a block that it names
/// or in one that this block holds on to.
fn earliest(case: &Case<'_>, record: &RecordShown<'_>) -> Option<i64> {
    let of_token = |record: &RecordShown<'_>| {
        let named = record.record.time.not_before.as_ref()?;
        match &tokens::attached(case, &named.digest)
            .filter(|_| named.kind == NotBeforeKind::Token)?
            .outcome
        {
            Outcome::Holds(stamped) => Some(stamped.earliest_ms),
            _ => None,
        }
    };
    let named = record.record.time.not_before.as_ref()?;
    if named.kind != NotBeforeKind::Block {
        return of_token(record);
    }
    let place = case.block_sealed_as(&named.digest)?;
    let ledger = case.blocks.get(place)?.ledger;
    let covered = covered(case, ledger, place);
    let there = case.records.iter().filter(|other| {
        case.item_of(other).is_some_and(|item| covered.contains(&item.block)) && case.stands(other)
    });
    there.filter_map(of_token).max()
}

/// Both bounds together: the interval in which it was made.
fn interval(case: &Case<'_>, record: &RecordShown<'_>, item: &Shown<'_>, lines: &mut Lines) {
    let Some((from, to)) = earliest(case, record).zip(latest(case, record, item)) else { return };
    let facts = json!({
        "from": time_text(from, 0),
        "from_ms": from,
        "to": time_text(to.time_ms, 0),
        "to_ms": to.time_ms,
        "by": to.name,
    });
    let say = match from <= to.time_ms {
        true => Say::RecordIntervalProven,
        false => Say::RecordIntervalContradicted,
    };
    lines.say(say, &record.number, facts);
}
