//! The arithmetic of rules, in integers: sums of decimals, and equal instalments (等额本息) computed again.

use crate::codec::Decimal;

/// Scale of the fixed-point numbers here: 10^15. Values stay below 10^34, well within 128 bits.
const ONE: i128 = 1_000_000_000_000_000;
/// Most instalments.
const TERMS: i64 = 600;

/// `value` × 10^`places` as an integer, towards zero. `None` when it does not fit.
fn scaled(value: Decimal, places: i32) -> Option<i128> {
    let shift = i32::from(value.exponent) + places;
    let power = 10i128.checked_pow(shift.unsigned_abs())?;
    let mantissa = i128::from(value.mantissa);
    if shift < 0 { Some(mantissa / power) } else { mantissa.checked_mul(power) }
}

/// Whether parts add up to a total exactly; `None` when the numbers are too large to say.
pub(super) fn adds_up(parts: &[Decimal], total: Decimal) -> Option<bool> {
    let lowest = parts.iter().chain([&total]).map(|d| d.exponent).min()?;
    let places = -i32::from(lowest);
    let sum = parts.iter().try_fold(0i128, |sum, part| sum.checked_add(scaled(*part, places)?))?;
    Some(sum == scaled(total, places)?)
}

/// Whether `result` is, within `tolerance`, the monthly instalment that pays back `amount` with `rate` percent
/// a year in `terms` equal instalments: amount ÷ Σ (1 + rate/12)^−k. `None` outside what can be computed.
pub(super) fn equal_instalment_fits(
    amount: Decimal,
    rate: Decimal,
    terms: i64,
    result: Decimal,
    tolerance: Decimal,
) -> Option<bool> {
    // Percent a year to a share a month: ÷ 100 ÷ 12.
    let monthly = scaled(rate, 15)? / 1_200;
    if !(1..=TERMS).contains(&terms) || !(0..=ONE).contains(&monthly) || amount.mantissa <= 0 {
        return None;
    }
    let (mut discount, mut annuity) = (ONE, 0i128);
    for _ in 0..terms {
        discount = discount * ONE / (ONE + monthly);
        annuity += discount;
    }
    // Both sides in millionths of the currency.
    let computed = scaled(amount, 6)?.checked_mul(ONE)? / annuity;
    let apart = scaled(result, 6)?.checked_sub(computed)?.unsigned_abs();
    Some(apart <= scaled(tolerance, 6)?.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn fits(amount: &str, rate: &str, terms: i64, result: &str) -> Option<bool> {
        equal_instalment_fits(d(amount), d(rate), terms, d(result), d("0.01"))
    }

    #[test]
    fn instalments() {
        // 5000, 23.4 %, 12: 471.347357… (docs of the rule); the others computed with 40-digit decimals.
        for (amount, rate, terms, result) in [
            ("5000.00", "23.4", 12, "471.35"),
            ("5000", "23.40", 12, "471.34"),
            ("12000", "0", 12, "1000.00"),
            ("100", "0", 3, "33.33"),
            ("1000000.00", "4.9", 360, "5307.27"),
            ("3000", "24", 1, "3060.00"),
        ] {
            assert_eq!(fits(amount, rate, terms, result), Some(true), "{amount} {rate} {terms}");
        }
        for (amount, rate, terms, result) in [
            ("5000.00", "23.4", 12, "471.37"),
            ("5000.00", "23.4", 12, "471.32"),
            ("5000.00", "23.4", 12, "-471.35"),
            ("5000.00", "36", 12, "471.35"),
            ("5000.00", "23.4", 24, "471.35"),
        ] {
            assert_eq!(
                fits(amount, rate, terms, result),
                Some(false),
                "{amount} {rate} {terms} {result}"
            );
        }
    }

    #[test]
    fn what_cannot_be_computed() {
        for (amount, rate, terms) in [
            ("5000", "23.4", 0),
            ("5000", "23.4", 601),
            ("5000", "23.4", -1),
            ("0", "23.4", 12),
            ("-1", "23.4", 12),
            ("5000", "-1", 12),
            ("5000", "1201", 12),
        ] {
            assert_eq!(fits(amount, rate, terms, "1"), None, "{amount} {rate} {terms}");
        }
        let huge = Decimal { exponent: 18, mantissa: i64::MAX };
        assert_eq!(equal_instalment_fits(huge, d("1"), 12, d("1"), d("0.01")), None);
        assert_eq!(equal_instalment_fits(d("1"), huge, 12, d("1"), d("0.01")), None);
        assert_eq!(equal_instalment_fits(d("1"), d("1"), 12, huge, d("0.01")), None);
    }

    #[test]
    fn sums() {
        let sum = |parts: &[&str], total: &str| {
            adds_up(&parts.iter().map(|p| d(p)).collect::<Vec<_>>(), d(total))
        };
        assert_eq!(sum(&["400.00", "71.35", "0"], "471.35"), Some(true));
        assert_eq!(sum(&["400.00", "71.35", "0.001"], "471.35"), Some(false));
        assert_eq!(sum(&["-1.5", "1.50"], "0.000"), Some(true));
        assert_eq!(sum(&[], "0"), Some(true));
        assert_eq!(sum(&[], "0.01"), Some(false));
        let (small, huge) =
            (Decimal { exponent: -18, mantissa: 1 }, Decimal { exponent: 18, mantissa: i64::MAX });
        assert_eq!(adds_up(&[small, huge], huge), None);
    }
}
