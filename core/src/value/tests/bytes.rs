//! Bytes of values: what is written is read, and what is read is written the same. The tables of known and of
//! refused bytes are the vectors: `core/tests/vectors_values`.

use proptest::prelude::*;

use super::*;
use crate::codec::{Decimal, Item, Writer};
use crate::hash::{HashAlg, TwinDigest, hex};

fn from_hex(text: &str) -> Result<Value> {
    let bytes = hex::decode(&text.replace(' ', "")).unwrap();
    Value::read(Item::parse(&bytes, DISCLOSURE_BYTES)?)
}

#[test]
fn a_finding_of_a_later_version_is_kept() {
    let value = from_hex("a3 00 00 01 61 78 03 82 02 1901f4").unwrap();
    assert_eq!(value.findings().iter().map(|f| f.number()).collect::<Vec<_>>(), [2, 500]);
    assert_eq!(hex::encode(&value.encode()), "a30000016178038202 1901f4".replace(' ', ""));
}

#[test]
fn limits_of_length() {
    let long = "x".repeat(TEXT_BYTES + 1);
    assert_eq!(Spec::of(FieldType::Text).read(&long).unwrap_err().code(), ErrorCode::TooLarge);
    let encoded = Writer::new().text(&long).finish();
    let item = Item::parse(&encoded, DISCLOSURE_BYTES).unwrap();
    assert_eq!(Value::read(item).unwrap_err().code(), ErrorCode::TooLarge);
    // The longest text there is, with an original beside it, still fits a disclosure.
    let padded = format!(" {}", "x".repeat(TEXT_BYTES - 1));
    let value = Spec::of(FieldType::Text).read(&padded).unwrap();
    let bytes = Disclosure { salt: [7; 16], value, name: "n".repeat(128) }.encode();
    assert_eq!(Disclosure::parse(&bytes).unwrap().encode(), bytes);
}

#[test]
fn disclosures() {
    let value = Spec::of(FieldType::MsisdnCn).read("13900000001").unwrap();
    let one = Disclosure { salt: [0xab; 16], value, name: "subject.mobile".to_owned() };
    let bytes = one.encode();
    assert_eq!(bytes.get(..2), Some(&[0x83, 0x50][..]), "as docs/format.md §13 says");
    assert_eq!(Disclosure::parse(&bytes).unwrap(), one);
    assert_eq!(one.commitment(HashAlg::Sm3), HashAlg::Sm3.digest(&bytes));
    // Every part counts.
    for (salt, name, text) in [
        ([1; 16], "subject.mobile", "13900000001"),
        ([0xab; 16], "a", "13900000001"),
        ([0xab; 16], "subject.mobile", "1"),
    ] {
        let value = Spec::of(FieldType::MsisdnCn).read(text).unwrap();
        let other = Disclosure { salt, value, name: name.to_owned() };
        assert_ne!(other.commitment(HashAlg::Sm3), one.commitment(HashAlg::Sm3));
    }
    assert!(!format!("{one:?}").contains("139"), "logs stay free of values");
}

#[test]
fn broken_disclosures() {
    let good = Disclosure { salt: [1; 16], value: Value::Null, name: "a".to_owned() }.encode();
    for end in 0..good.len() {
        assert!(Disclosure::parse(good.get(..end).unwrap()).is_err(), "cut at {end}");
    }
    let mut long = good.clone();
    long.push(0);
    assert_eq!(Disclosure::parse(&long).unwrap_err().code(), ErrorCode::TrailingBytes);
    let write = |salt: &[u8], name: &str, parts: usize| {
        let mut w = Writer::new();
        w.array(parts).bstr(salt).null().text(name);
        if parts == 4 {
            w.null();
        }
        Disclosure::parse(&w.finish()).unwrap_err().code()
    };
    assert_eq!(write(&[1; 16], "", 3), ErrorCode::OutOfRange);
    assert_eq!(write(&[1; 16], &"n".repeat(129), 3), ErrorCode::OutOfRange);
    assert_eq!(write(&[1; 15], "a", 3), ErrorCode::OutOfRange);
    assert_eq!(write(&[1; 16], "a", 4), ErrorCode::WrongType);
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (-18i8..=18, any::<i64>()).prop_map(|(exponent, mantissa)| Decimal { exponent, mantissa })
}

fn degrees(limit: i64) -> impl Strategy<Value = Decimal> {
    (-limit * 1_000_000..=limit * 1_000_000).prop_map(|mantissa| Decimal { exponent: -6, mantissa })
}

fn parsed() -> impl Strategy<Value = Parsed> {
    prop_oneof![
        any::<String>().prop_map(Parsed::Text),
        any::<i64>().prop_map(Parsed::Integer),
        (decimal(), proptest::option::of("[a-z%/]{1,8}"))
            .prop_map(|(value, unit)| Parsed::Decimal { value, unit }),
        (decimal(), "[A-Z]{3}").prop_map(|(amount, currency)| Parsed::Money { amount, currency }),
        (decimal(), "[a-z%/]{1,8}").prop_map(|(value, unit)| Parsed::Rate { value, unit }),
        (-62_000_000_000_000i64..253_000_000_000_000, -1439i16..=1439)
            .prop_map(|(ms, offset)| Parsed::Instant(Instant::new(ms, offset).unwrap())),
        (-719_000i64..2_900_000).prop_map(|days| Parsed::Date(Date::from_days(days).unwrap())),
        any::<bool>().prop_map(Parsed::Flag),
        (".{1,10}", ".{1,10}").prop_map(|(code, system)| Parsed::Code { code, system }),
        (
            degrees(90),
            degrees(180),
            proptest::option::of("[A-Z]{3}"),
            proptest::option::of(0i64..1000)
        )
            .prop_map(|(lat, lon, datum, metres)| {
                let accuracy = metres.map(|mantissa| Decimal { exponent: -1, mantissa });
                Parsed::Geo(Geo { lat, lon, datum, accuracy })
            }),
        (".{0,20}", proptest::collection::vec(any::<u8>(), 0..40)).prop_map(|(title, content)| {
            let digest = TwinDigest::of(&content);
            Parsed::Attachment(Attachment { media_type: "text/plain".to_owned(), digest, title })
        }),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Parsed::Bytes),
        (".{0,10}", "[a-z_0-9]{1,8}").prop_map(|(text, rule)| Parsed::Masked { text, rule }),
    ]
}

prop_compose! {
    fn value()(parsed in proptest::option::weighted(0.8, parsed()), original in proptest::option::of(any::<String>()),
        numbers in proptest::collection::vec(2u16..40, 0..4), kind in 1u64..10) -> Value {
        let findings: Vec<_> = numbers.into_iter().filter_map(Finding::from_number).collect();
        match parsed {
            None => Value::unparsed(Kind::from_number(kind).unwrap(), original.unwrap_or_default(), &findings).unwrap(),
            Some(parsed @ (Parsed::Attachment(_) | Parsed::Masked { .. })) => Value::of(parsed, None, &findings).unwrap(),
            Some(parsed) => Value::of(parsed, original, &findings).unwrap(),
        }
    }
}

proptest! {
    #[test]
    fn written_is_read(value in value()) {
        let bytes = value.encode();
        let item = Item::parse(&bytes, DISCLOSURE_BYTES).unwrap();
        prop_assert!(Value::read(item).unwrap() == value, "{}", hex::encode(&bytes));
    }

    #[test]
    fn accepted_bytes_encode_to_themselves(value in value(), at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut bytes = value.encode();
        *bytes.get_mut(at.index(value.encode().len())).unwrap() = with;
        if let Ok(read) = Item::parse(&bytes, DISCLOSURE_BYTES).and_then(Value::read) {
            prop_assert_eq!(hex::encode(&read.encode()), hex::encode(&bytes));
        }
    }

    #[test]
    fn any_text_is_read_as_any_type(text in any::<String>(), number in 0usize..22) {
        let spec = Spec { currency: Some("CNY".to_owned()), ..Spec::of(reading::TYPES[number % reading::TYPES.len()]) };
        let value = spec.read(&text).unwrap();
        prop_assert_eq!(value.original(), Some(text.as_str()), "the original is never altered");
        let bytes = value.encode();
        prop_assert!(Item::parse(&bytes, DISCLOSURE_BYTES).and_then(Value::read).unwrap() == value);
    }
}
