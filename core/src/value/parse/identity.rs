//! Numbers that name people, phones, cards and organisations: normal form, form and check digit.

use super::{Clean, Outcome, is_digits};
use crate::value::{Date, Finding};

/// GB 11643 weights of the first 17 digits, and the check characters by remainder.
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECK: &str = "10X98765432";
/// GB 32100 alphabet: digits and capitals without I, O, S, V, Z.
const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether 18 characters have the check character of GB 11643-1999 (ISO 7064 MOD 11-2).
pub fn id_cn18_fits(id: &str) -> bool {
    let Some((body, check)) = id.split_at_checked(17) else { return false };
    if !is_digits(body) || check.len() != 1 {
        return false;
    }
    let sum: u32 = body.bytes().zip(ID_WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    ID_CHECK.chars().nth((sum % 11) as usize) == check.chars().next()
}

/// Whether the last of some digits is the Luhn check digit (ISO/IEC 7812-1).
pub fn luhn_fits(digits: &str) -> bool {
    if !is_digits(digits) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let value = u32::from(b - b'0') << (i % 2);
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether 18 characters have the check character of GB 32100-2015 (ISO 7064 MOD 31-3 with weights 3^i).
pub fn uscc_fits(code: &str) -> bool {
    let Some((body, check)) = code.split_at_checked(17) else { return false };
    let place = |c: char| USCC_ALPHABET.find(c);
    let (mut sum, mut weight) = (0usize, 1usize);
    for c in body.chars() {
        let Some(value) = place(c) else { return false };
        sum = (sum + value * weight) % 31;
        weight = weight * 3 % 31;
    }
    let mut check = check.chars();
    check.next().and_then(place) == Some((31 - sum) % 31) && check.next().is_none()
}

pub(super) fn id_cn18(clean: Clean) -> Outcome {
    let mut clean = clean.squeeze();
    clean.text.make_ascii_uppercase();
    let formed = clean.text.split_at_checked(17).is_some_and(|(body, check)| {
        is_digits(body) && check.len() == 1 && (is_digits(check) || check == "X")
    });
    if !formed {
        clean.find(Finding::PATTERN);
        return Outcome::text(clean);
    }
    if !id_cn18_fits(&clean.text) {
        clean.find(Finding::CHECK_DIGIT);
    }
    let born = clean.text.get(6..14).and_then(|d| {
        let (year, rest) = d.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    });
    if born.is_none() {
        clean.find(Finding::INVALID_DATE);
    }
    Outcome::text(clean)
}

/// The 11 digits of a mobile number, without country code, hyphens and spaces.
fn mobile_digits(text: &str) -> Option<String> {
    let plain = text.replace('-', "");
    let national =
        ["+86", "0086", "86"].iter().find_map(|code| plain.strip_prefix(code)).unwrap_or(&plain);
    let mut chars = national.chars();
    let starts =
        chars.next() == Some('1') && chars.next().is_some_and(|c| ('3'..='9').contains(&c));
    (starts && national.len() == 11 && is_digits(national)).then(|| national.to_owned())
}

pub(super) fn mobile(clean: Clean) -> Outcome {
    let mut clean = clean.squeeze();
    match mobile_digits(&clean.text) {
        Some(digits) => clean.text = format!("+86{digits}"),
        None => clean.find(Finding::PATTERN),
    }
    Outcome::text(clean)
}

/// A mobile number, or a landline `0\d{2,3}-?\d{7,8}` with an optional extension `-\d{1,6}`; its normal form
/// has the hyphen.
pub(super) fn phone(clean: Clean) -> Outcome {
    let mut clean = clean.squeeze();
    let normal = mobile_digits(&clean.text)
        .map(|digits| format!("+86{digits}"))
        .or_else(|| landline(&clean.text));
    match normal {
        Some(normal) => clean.text = normal,
        None => clean.find(Finding::PATTERN),
    }
    Outcome::text(clean)
}

fn landline(text: &str) -> Option<String> {
    // Area codes 010 and 02x have three digits, all others four.
    let three = text.starts_with("01") || text.starts_with("02");
    let (area, rest) = text.split_at_checked(if three { 3 } else { 4 })?;
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let (number, extension) = rest.split_once('-').map_or((rest, None), |(n, e)| (n, Some(e)));
    let extension_fits = extension.is_none_or(|e| is_digits(e) && e.len() <= 6);
    let formed = area.starts_with('0')
        && is_digits(area)
        && is_digits(number)
        && (7..=8).contains(&number.len());
    let extension = extension.map(|e| format!("-{e}")).unwrap_or_default();
    (formed && extension_fits).then(|| format!("{area}-{number}{extension}"))
}

pub(super) fn pan(clean: Clean) -> Outcome {
    let mut clean = clean.squeeze();
    clean.text = clean.text.replace('-', "");
    if !is_digits(&clean.text) || !(13..=19).contains(&clean.text.len()) {
        clean.find(Finding::PATTERN);
    } else if !luhn_fits(&clean.text) {
        clean.find(Finding::CHECK_DIGIT);
    }
    Outcome::text(clean)
}

pub(super) fn uscc(clean: Clean) -> Outcome {
    let mut clean = clean.squeeze();
    clean.text.make_ascii_uppercase();
    if clean.text.chars().count() != 18 || !clean.text.chars().all(|c| USCC_ALPHABET.contains(c)) {
        clean.find(Finding::PATTERN);
    } else if !uscc_fits(&clean.text) {
        clean.find(Finding::CHECK_DIGIT);
    }
    Outcome::text(clean)
}

pub(super) fn hex(clean: Clean) -> Outcome {
    let mut clean = clean.squeeze();
    clean.text.make_ascii_lowercase();
    if clean.text.is_empty() || !clean.text.bytes().all(|b| b.is_ascii_hexdigit()) {
        clean.find(Finding::PATTERN);
    }
    Outcome::text(clean)
}
