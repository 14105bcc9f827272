//! Numbers, money and rates: decimal text to exact decimals, never through a float.

use super::{Clean, Outcome, is_digits};
use crate::codec::Decimal;
use crate::value::{Finding, Kind, Parsed};

/// Reads `1,234.50`, `-5`, `.5`, `1E+3`: an optional sign, digits in one run or in correct groups of three,
/// optionally a fraction, optionally a power of ten. `Err` holds what was found.
fn exact(text: &str) -> Result<Decimal, &'static [Finding]> {
    let (text, power) = match text.split_once(['e', 'E']) {
        Some((text, power)) => (text, small(power).ok_or(&[] as &[Finding])?),
        None => (text, 0),
    };
    let (negative, text) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => (false, text),
    };
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    if fraction.is_some_and(|f| !is_digits(f))
        || !(grouped(whole) || (whole.is_empty() && fraction.is_some()))
    {
        return Err(&[]);
    }
    let digits = format!(
        "{}0{}{}",
        if negative { "-" } else { "" },
        whole.replace(',', ""),
        fraction.map(|f| format!(".{f}")).unwrap_or_default()
    );
    // What has the form of a number and is still refused has too many digits for the format.
    let number: Decimal = digits.parse().map_err(|_| &[Finding::PRECISION] as &[Finding])?;
    Decimal::new(number.exponent.saturating_add(power), number.mantissa)
        .map_err(|_| &[Finding::PRECISION] as &[Finding])
}

fn small(power: &str) -> Option<i8> {
    let digits = power.strip_prefix(['+', '-']).unwrap_or(power);
    if !is_digits(digits) {
        return None;
    }
    power.parse().ok()
}

/// Digits, in one run or in groups of three behind commas.
fn grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let mut rest = groups.peekable();
    if rest.peek().is_none() {
        return is_digits(first);
    }
    first.len() <= 3 && is_digits(first) && rest.all(|g| g.len() == 3 && is_digits(g))
}

/// The integer that a decimal is, if it is one.
fn integral(value: Decimal) -> Option<i64> {
    let power = 10i64.checked_pow(u32::from(value.exponent.unsigned_abs()));
    match (value.exponent < 0, power) {
        (true, Some(power)) => (value.mantissa % power == 0).then_some(value.mantissa / power),
        (false, Some(power)) => value.mantissa.checked_mul(power),
        (_, None) => (value.mantissa == 0).then_some(0),
    }
}

pub(super) fn integer(clean: Clean) -> Outcome {
    let clean = clean.squeeze();
    match exact(&clean.text).map(integral) {
        Ok(Some(value)) => Outcome::ok(Parsed::Integer(value), clean),
        Ok(None) => Outcome::unparsed(Kind::Integer, clean, &[Finding::PRECISION]),
        Err(findings) => Outcome::unparsed(Kind::Integer, clean, findings),
    }
}

pub(super) fn decimal(clean: Clean, unit: Option<&str>) -> Outcome {
    let clean = clean.squeeze();
    match exact(&clean.text) {
        Ok(value) => Outcome::ok(Parsed::Decimal { value, unit: unit.map(str::to_owned) }, clean),
        Err(findings) => Outcome::unparsed(Kind::Decimal, clean, findings),
    }
}

/// Signs and words that may stand before or after an amount. Only those of the profile's own currency are
/// taken off: an amount in another currency must not be read as one in this.
fn currency_marks(currency: &str) -> &'static [&'static str] {
    match currency {
        "CNY" => &["人民币", "RMB", "CNY", "¥", "￥", "元整", "元"],
        "USD" => &["US$", "USD", "$", "美元"],
        "HKD" => &["HK$", "HKD", "港元", "港币"],
        "EUR" => &["EUR", "€", "欧元"],
        "JPY" => &["JPY", "日元"],
        _ => &[],
    }
}

pub(super) fn money(clean: Clean, currency: Option<&str>) -> Outcome {
    let mut clean = clean.squeeze();
    let Some(currency) = currency else { return Outcome::unparsed(Kind::Money, clean, &[]) };
    let marks = currency_marks(currency);
    let (negative, mut body) = match clean.text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, clean.text.as_str()),
    };
    // At most a word and a sign before (人民币¥), and one mark after.
    for _ in 0..2 {
        body = marks.iter().find_map(|mark| body.strip_prefix(mark)).unwrap_or(body);
    }
    body = marks.iter().find_map(|mark| body.strip_suffix(mark)).unwrap_or(body);
    let amount =
        if negative && body.starts_with(['-', '+']) { Err(&[] as &[Finding]) } else { exact(body) };
    match amount {
        Ok(Decimal { exponent, mantissa }) => {
            let amount =
                Decimal { exponent, mantissa: if negative { -mantissa } else { mantissa } };
            if below_minor_unit(amount) {
                clean.find(Finding::PRECISION);
            }
            Outcome::ok(Parsed::Money { amount, currency: currency.to_owned() }, clean)
        }
        Err(findings) => Outcome::unparsed(Kind::Money, clean, findings),
    }
}

/// Whether an amount has more than two places that are not zero.
fn below_minor_unit(amount: Decimal) -> bool {
    let beyond = u32::from((-2i8).saturating_sub(amount.exponent).max(0).unsigned_abs());
    10i64.checked_pow(beyond).is_some_and(|power| amount.mantissa % power != 0)
}

pub(super) fn rate(clean: Clean, unit: Option<&str>) -> Outcome {
    let clean = clean.squeeze();
    let unit = unit.unwrap_or("%/a");
    // Only the unit's own sign is taken off: 0.5‰ is not 0.5 %.
    let sign = unit.chars().next().filter(|c| matches!(c, '%' | '‰' | '‱'));
    let body = sign.and_then(|sign| clean.text.strip_suffix(sign)).unwrap_or(&clean.text);
    match exact(body) {
        Ok(value) => Outcome::ok(Parsed::Rate { value, unit: unit.to_owned() }, clean),
        Err(findings) => Outcome::unparsed(Kind::Rate, clean, findings),
    }
}

/// A day of the month: `01`, `1`, `15日`.
pub(super) fn day(clean: Clean) -> Outcome {
    let clean = clean.squeeze();
    let body = clean.text.strip_suffix(['日', '号']).unwrap_or(&clean.text);
    let day: Option<i64> =
        (body.len() <= 2 && is_digits(body)).then(|| body.parse().ok()).flatten();
    match day {
        Some(day @ 1..=31) => {
            let mut clean = clean;
            clean.find(Finding::DAY_ONLY);
            Outcome::ok(Parsed::Integer(day), clean)
        }
        Some(_) => Outcome::unparsed(Kind::Integer, clean, &[Finding::OUT_OF_RANGE]),
        None => Outcome::unparsed(Kind::Integer, clean, &[]),
    }
}
