use core::cmp::Ordering;

use super::*;

fn parse(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn on_the_wire() {
    // RFC 8949 §3.4.4: 273.15 is 4([-2, 27315]).
    let encoded = Writer::new().decimal(Decimal::new(-2, 27_315).unwrap()).finish();
    assert_eq!(encoded, bytes("c4 82 21 196ab3"));
    for (exponent, mantissa) in [(0, 0), (-18, i64::MIN), (18, i64::MAX), (-2, -1), (2, 5)] {
        let decimal = Decimal::new(exponent, mantissa).unwrap();
        let encoded = Writer::new().decimal(decimal).finish();
        assert_eq!(Item::parse(&encoded, 100).unwrap().decimal().unwrap(), decimal);
    }
    // The scale is part of what was said: equal numbers keep different bytes.
    assert_ne!(
        Writer::new().decimal(parse("5000.00")).finish(),
        Writer::new().decimal(parse("5000")).finish()
    );
}

#[test]
fn refused_on_the_wire() {
    for (text, expected) in [
        ("c400", ErrorCode::UnsupportedItem),
        ("c480", ErrorCode::UnsupportedItem),
        ("c48100", ErrorCode::UnsupportedItem),
        ("c483000000", ErrorCode::UnsupportedItem),
        ("c4a10000", ErrorCode::UnsupportedItem),
        ("c482f600", ErrorCode::UnsupportedItem),
        ("c48200f6", ErrorCode::UnsupportedItem),
        ("c482004100", ErrorCode::UnsupportedItem),
        ("c48200c24100", ErrorCode::UnsupportedItem), // big number as mantissa
        ("c4c4820000", ErrorCode::UnsupportedItem),
        ("c4821300", ErrorCode::OutOfRange), // 19
        ("c4823200", ErrorCode::OutOfRange), // −19
        ("c482187f00", ErrorCode::OutOfRange),
        ("c4821b7fffffffffffffff00", ErrorCode::OutOfRange),
        ("c482001b8000000000000000", ErrorCode::OutOfRange),
        ("c482003b8000000000000000", ErrorCode::OutOfRange),
        ("c4", ErrorCode::Truncated),
        ("c482", ErrorCode::Truncated),
        ("c48200", ErrorCode::Truncated),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
}

#[test]
fn exponents() {
    for exponent in [-128, -19, 19, 127] {
        assert_eq!(Decimal::new(exponent, 1).unwrap_err().code(), ErrorCode::OutOfRange);
    }
}

#[test]
fn plain_notation_keeps_the_scale() {
    for text in [
        "0",
        "5000.00",
        "23.4",
        "-0.5",
        "0.000000000000000001",
        "9223372036854775807",
        "0.00",
        "-1",
    ] {
        assert_eq!(parse(text).to_string(), text);
    }
    assert_eq!(parse("007.50").to_string(), "7.50");
    assert_eq!(Decimal::new(3, 12).unwrap().to_string(), "12000");
    assert_eq!(Decimal::new(3, 0).unwrap().to_string(), "0");
    assert_eq!(parse("-9223372036854775808").mantissa, i64::MIN);
    assert_eq!(parse("5000.00"), Decimal::new(-2, 500_000).unwrap());
}

#[test]
fn what_is_not_plain_notation() {
    for text in [
        "", "-", ".", "1.", ".5", "+1", "--1", "1e3", "1,000", " 1", "1 ", "1.2.3", "0x1", "１",
        "NaN", "-.5", "1.-5",
    ] {
        assert_eq!(
            text.parse::<Decimal>().unwrap_err().code(),
            ErrorCode::InvalidArgument,
            "{text}"
        );
    }
    for text in
        ["9223372036854775808", "-9223372036854775809", "0.0000000000000000001", &"1".repeat(500)]
    {
        assert_eq!(text.parse::<Decimal>().unwrap_err().code(), ErrorCode::OutOfRange, "{text}");
    }
    let long = format!("0.{}", "0".repeat(300));
    assert_eq!(long.parse::<Decimal>().unwrap_err().code(), ErrorCode::OutOfRange);
}

#[test]
fn numbers_compare_whatever_their_scale() {
    assert!(parse("5000.00").same_value(parse("5000")));
    assert!(parse("0.00").same_value(Decimal::new(18, 0).unwrap()));
    assert!(!parse("0.1").same_value(parse("0.01")));
    let ascending = [
        Decimal::new(18, i64::MIN).unwrap(),
        parse("-5000"),
        parse("-0.1"),
        Decimal::new(-18, -1).unwrap(),
        parse("0"),
        Decimal::new(-18, 1).unwrap(),
        parse("0.1"),
        parse("4999.99"),
        parse("5000"),
        Decimal::new(-18, i64::MAX).unwrap().max_of(parse("5000.000001")),
        Decimal::new(0, i64::MAX).unwrap(),
        Decimal::new(18, 10).unwrap(),
        Decimal::new(18, i64::MAX).unwrap(),
    ];
    for (i, a) in ascending.iter().enumerate() {
        for (j, b) in ascending.iter().enumerate() {
            assert_eq!(a.cmp_value(*b), i.cmp(&j), "{a} {b}");
        }
    }
    assert_eq!(parse("1.50").cmp_value(parse("1.5")), Ordering::Equal);
}

impl Decimal {
    fn max_of(self, other: Self) -> Self {
        if self.cmp_value(other) == Ordering::Less { other } else { self }
    }
}
