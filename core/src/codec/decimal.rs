//! Decimal fractions: money, rates, coordinates. Never a float.

use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use crate::{Error, ErrorCode, Result};

/// Exponents that a decimal may have.
pub(super) const EXPONENT: RangeInclusive<i64> = -18..=18;

/// `mantissa · 10^exponent`, with the scale kept as it was given: 5000.00 is (−2, 500000) and stays so.
///
/// On the wire: tag 4 over `[exponent, mantissa]` (RFC 8949 §3.4.4). Two decimals are equal when exponent
/// and mantissa are; see [`Decimal::same_value`] for equality of the numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Decimal {
    /// Power of ten, −18 to 18.
    pub exponent: i8,
    /// The digits, as an integer.
    pub mantissa: i64,
}

impl Decimal {
    /// A decimal. An exponent outside −18…18 is [`ErrorCode::OutOfRange`].
    pub fn new(exponent: i8, mantissa: i64) -> Result<Self> {
        let value = Self { exponent, mantissa };
        if value.in_range() { Ok(value) } else { Err(out_of_range()) }
    }

    pub(super) fn in_range(self) -> bool {
        EXPONENT.contains(&i64::from(self.exponent))
    }

    /// Mantissa and exponent without trailing zeros: the same for all decimals of one value.
    fn reduced(self) -> (i64, i8) {
        let (mut mantissa, mut exponent) = (self.mantissa, self.exponent);
        if mantissa == 0 {
            return (0, 0);
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        (mantissa, exponent)
    }

    /// Whether both are the same number, whatever their scale: 5000.00 and 5000 are.
    pub fn same_value(self, other: Self) -> bool {
        self.reduced() == other.reduced()
    }

    /// Orders by the number, whatever the scale.
    pub fn cmp_value(self, other: Self) -> core::cmp::Ordering {
        let ((a, ea), (b, eb)) = (self.reduced(), other.reduced());
        let low = ea.min(eb);
        // At most 19 digits each; 19 more places always decide, so larger gaps are cut to that.
        let widen =
            |m: i64, e: i8| i128::from(m) * 10i128.pow(u32::from((e - low).unsigned_abs()).min(19));
        widen(a, ea).cmp(&widen(b, eb))
    }
}

fn out_of_range() -> Error {
    Error::new(ErrorCode::OutOfRange, "decimal: exponent −18 to 18, mantissa within 64 bits")
}

impl fmt::Display for Decimal {
    /// Plain notation, scale kept: `5000.00`, `-0.5`, `12000`. A positive exponent shows as zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let places = usize::from(self.exponent.unsigned_abs());
        if self.exponent >= 0 {
            let zeros = if self.mantissa == 0 { 0 } else { places };
            return write!(f, "{sign}{digits}{}", "0".repeat(zeros));
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// Reads plain notation: an optional `-`, digits, optionally a point and digits. The scale is kept. No
    /// exponent, no `+`, no grouping, no spaces: those are [`ErrorCode::InvalidArgument`]; too many digits
    /// are [`ErrorCode::OutOfRange`].
    fn from_str(text: &str) -> Result<Self> {
        let bad = || {
            Error::new(ErrorCode::InvalidArgument, "decimal: digits, optionally a point and digits")
        };
        let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = body.split_once('.').map_or((body, None), |(w, f)| (w, Some(f)));
        let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(whole) || fraction.is_some_and(|f| !is_digits(f)) {
            return Err(bad());
        }
        let fraction = fraction.unwrap_or("");
        let places = i8::try_from(fraction.len()).map_err(|_| out_of_range())?;
        let sign = if negative { "-" } else { "" };
        let mantissa = format!("{sign}{whole}{fraction}").parse().map_err(|_| out_of_range())?;
        Self::new(-places, mantissa)
    }
}
