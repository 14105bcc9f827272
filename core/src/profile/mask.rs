//! Masking rules: what of a value may be shown. The table with its examples, for every language, is
//! `core/data/masks.json`.
//!
//! A rule never shows more of a text that is not in the form it was made for: then all of it is hidden.

use serde::Deserialize;

use crate::codec::Decimal;

const HIDDEN: &str = "****";

/// A masking rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// Mobile `139****0001`, landline `021-****0000`.
    PhoneCn,
    /// Identity number of 18: first three and last four characters.
    IdCn,
    /// Card or account number: last four digits.
    Pan,
    /// Name of a person: first character.
    Name,
    /// Address: at most the first six characters and no more than a third.
    Address,
    /// Coordinates, cut to two decimals (about a kilometre).
    Geo2,
    /// No masked form.
    None,
}

impl Mask {
    /// Every rule that makes a masked form.
    pub const ALL: &'static [Mask] =
        &[Mask::PhoneCn, Mask::IdCn, Mask::Pan, Mask::Name, Mask::Address, Mask::Geo2];

    /// The id that stands in profiles and in masked values.
    pub fn id(self) -> &'static str {
        match self {
            Mask::PhoneCn => "phone_cn",
            Mask::IdCn => "id_cn",
            Mask::Pan => "pan",
            Mask::Name => "name",
            Mask::Address => "address",
            Mask::Geo2 => "geo2",
            Mask::None => "none",
        }
    }

    /// The masked form of a text; `None` for [`Mask::None`].
    pub fn apply(self, text: &str) -> Option<String> {
        let shown = match self {
            Mask::PhoneCn => phone(text),
            Mask::IdCn => id(text),
            Mask::Pan => pan(text),
            Mask::Name => return Some(name(text)),
            Mask::Address => Some(address(text)),
            Mask::Geo2 => geo2(text),
            Mask::None => return None,
        };
        Some(shown.unwrap_or_else(|| HIDDEN.to_owned()))
    }
}

/// The masked form of `text` under the rule with this id; `None` when there is no such rule, or none applies.
pub fn mask(rule: &str, text: &str) -> Option<String> {
    Mask::ALL.iter().find(|mask| mask.id() == rule)?.apply(text)
}

fn digits(text: &str, len: core::ops::RangeInclusive<usize>) -> bool {
    len.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn phone(text: &str) -> Option<String> {
    let national = text.strip_prefix("+86").unwrap_or(text);
    if digits(national, 11..=11) {
        return Some(format!("{}{HIDDEN}{}", national.get(..3)?, national.get(7..)?));
    }
    let mut parts = national.split('-');
    let (area, number) = (parts.next()?, parts.next()?);
    let landline = digits(area, 3..=4) && digits(number, 7..=8);
    landline.then(|| Some(format!("{area}-{HIDDEN}{}", number.get(number.len() - 4..)?))).flatten()
}

fn id(text: &str) -> Option<String> {
    let formed = text.len() == 18 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    formed
        .then(|| Some(format!("{}{}{}", text.get(..3)?, "*".repeat(11), text.get(14..)?)))
        .flatten()
}

fn pan(text: &str) -> Option<String> {
    digits(text, 8..=32).then(|| Some(format!("{HIDDEN}{}", text.get(text.len() - 4..)?))).flatten()
}

fn name(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next();
    match (first, chars.count()) {
        (Some(first), rest @ 1..) => format!("{first}{}", "*".repeat(rest.min(4))),
        _ => "*".to_owned(),
    }
}

fn address(text: &str) -> String {
    let shown = (text.chars().count() / 3).min(6);
    let front: String = text.chars().take(shown).collect();
    format!("{front}{HIDDEN}")
}

fn geo2(text: &str) -> Option<String> {
    let (lat, lon) = text.split_once(',')?;
    Some(format!("{},{}", two_places(lat)?, two_places(lon)?))
}

/// Cuts (never rounds) to two places.
fn two_places(degrees: &str) -> Option<Decimal> {
    let mut value: Decimal = degrees.trim().parse().ok()?;
    while value.exponent < -2 {
        value = Decimal { exponent: value.exponent + 1, mantissa: value.mantissa / 10 };
    }
    Some(value)
}
