//! Comparing two values, as rules need it: exact where the values are, and honest where they are not.

use core::cmp::Ordering;

use super::rules::Op;
use crate::codec::Decimal;
use crate::value::{DAY_MS, Finding, Instant, Parsed, Value};

/// How two values relate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Relation {
    /// The first is less, equal or more; for times: earlier, not to be told apart, later.
    Ordered(Ordering),
    /// Not equal, and of a kind that has no order.
    Differs,
    /// The captured precision does not tell.
    Imprecise,
    /// Not of one kind.
    Unlike,
}

/// Relates two values that are open and were read. `None`: one of them is unknown, empty or unparsed.
pub(super) fn relate(a: &Value, b: &Value) -> Option<Relation> {
    if [a, b]
        .iter()
        .any(|v| v.is_empty() || v.findings().contains(&Finding::UNPARSED) || **v == Value::Null)
    {
        return None;
    }
    match (text(a), text(b)) {
        (Some(a), Some(b)) if a == b => return Some(Relation::Ordered(Ordering::Equal)),
        (Some(_), Some(_)) => return Some(Relation::Differs),
        (None, None) => {}
        _ => return Some(Relation::Unlike),
    }
    Some(match (a.parsed()?, b.parsed()?) {
        (Parsed::Instant(_), Parsed::Instant(_)) => spans(span(a)?, span(b)?),
        (Parsed::Date(a), Parsed::Date(b)) => Relation::Ordered(a.cmp(b)),
        (Parsed::Date(day), Parsed::Instant(at)) => {
            Relation::Ordered(day.days().cmp(&at.local_days()))
        }
        (Parsed::Instant(at), Parsed::Date(day)) => {
            Relation::Ordered(at.local_days().cmp(&day.days()))
        }
        (Parsed::Flag(a), Parsed::Flag(b)) if a == b => Relation::Ordered(Ordering::Equal),
        (Parsed::Flag(_), Parsed::Flag(_)) => Relation::Differs,
        (a, b) => match (number(a), number(b)) {
            (Some((a, a_unit)), Some((b, b_unit))) if a_unit == b_unit => {
                Relation::Ordered(a.cmp_value(b))
            }
            _ => Relation::Unlike,
        },
    })
}

impl Relation {
    /// Whether `op` holds; `None` when that cannot be said.
    pub(super) fn holds(self, op: Op) -> Option<bool> {
        match (self, op) {
            (Relation::Ordered(order), Op::NotLess) => Some(order.is_ge()),
            (Relation::Ordered(order), Op::NotMore) => Some(order.is_le()),
            (Relation::Ordered(order), Op::Equal) => Some(order.is_eq()),
            (Relation::Differs, Op::Equal) => Some(false),
            (Relation::Differs, _) | (Relation::Imprecise | Relation::Unlike, _) => None,
        }
    }
}

/// The text of texts and codes.
fn text(value: &Value) -> Option<&str> {
    match (value, value.parsed()) {
        (Value::Text(text), _)
        | (_, Some(Parsed::Text(text) | Parsed::Code { code: text, .. })) => Some(text),
        _ => None,
    }
}

/// A number with what it counts: only equal units compare.
pub(super) fn number(parsed: &Parsed) -> Option<(Decimal, Option<&str>)> {
    match parsed {
        Parsed::Integer(value) => Some((Decimal { exponent: 0, mantissa: *value }, None)),
        Parsed::Decimal { value, unit } => Some((*value, unit.as_deref())),
        Parsed::Money { amount, currency } => Some((*amount, Some(currency))),
        Parsed::Rate { value, unit } => Some((*value, Some(unit))),
        _ => None,
    }
}

/// The times that a captured instant can mean: first and last millisecond, and whether it is a whole day.
fn span(value: &Value) -> Option<(i64, i64, bool)> {
    let Parsed::Instant(at) = value.parsed()? else { return None };
    if value.findings().contains(&Finding::DATE_ONLY) {
        return Some((at.ms(), at.ms() + DAY_MS - 1, true));
    }
    let length = if to_the_second(*at, value.original()) { 999 } else { 0 };
    Some((at.ms(), at.ms() + length, false))
}

/// Whether a captured instant says no more than its second. `.0` is what Java writes when it does not know.
fn to_the_second(at: Instant, original: Option<&str>) -> bool {
    let Some(original) = original else { return false };
    let fraction = original
        .split_once('.')
        .map_or(0, |(_, rest)| rest.chars().take_while(char::is_ascii_digit).count());
    let is_epoch_ms = original.trim().len() == 13 && !original.contains(['-', '/', ':']);
    at.ms() % 1_000 == 0 && fraction < 3 && !is_epoch_ms
}

/// Times that overlap cannot be told apart and count as equal, except where one of them is a whole day: then
/// nothing is known about the order.
fn spans(
    (a_first, a_last, a_day): (i64, i64, bool),
    (b_first, b_last, b_day): (i64, i64, bool),
) -> Relation {
    if a_last < b_first {
        Relation::Ordered(Ordering::Less)
    } else if a_first > b_last {
        Relation::Ordered(Ordering::Greater)
    } else if a_day || b_day {
        Relation::Imprecise
    } else {
        Relation::Ordered(Ordering::Equal)
    }
}
