#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod decimals;
mod maps;
mod properties;
mod refused;

use super::*;
use crate::ErrorCode;
use crate::hash::hex;

/// Bytes written as hexadecimal with spaces.
fn bytes(text: &str) -> Vec<u8> {
    hex::decode(&text.replace(' ', "")).unwrap()
}

fn code(text: &str) -> ErrorCode {
    Item::parse(&bytes(text), 70_000).expect_err(text).code()
}

#[test]
fn integers() {
    for (text, value) in [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("18ff", 255),
        ("190100", 256),
        ("1a00010000", 65_536),
        ("1b0000000100000000", 1 << 32),
        ("1b7fffffffffffffff", i64::MAX),
        ("20", -1),
        ("37", -24),
        ("3818", -25),
        ("3a00010000", -65_537),
        ("3b7fffffffffffffff", i64::MIN),
    ] {
        let encoded = bytes(text);
        let item = Item::parse(&encoded, 9).unwrap();
        assert_eq!(item.int().unwrap(), value);
        assert_eq!(item.uint().ok(), u64::try_from(value).ok());
        assert_eq!(Writer::new().int(value).finish(), encoded);
        if let Ok(value) = u64::try_from(value) {
            assert_eq!(Writer::new().uint(value).finish(), encoded);
        }
    }
}

#[test]
fn counts_stay_below_2_53() {
    let read = |n: u64| {
        let encoded = Writer::new().uint(n).finish();
        Item::parse(&encoded, 9).unwrap().count()
    };
    assert_eq!(read(limits::COUNT).unwrap(), 9_007_199_254_740_991);
    assert_eq!(read(limits::COUNT + 1).unwrap_err().code(), ErrorCode::OutOfRange);
    assert_eq!(read(i64::MAX as u64).unwrap_err().code(), ErrorCode::OutOfRange);
}

#[test]
fn strings_and_simple_values() {
    let encoded = bytes("86 40 43010203 60 62c3a9 f4 f6");
    let [empty, three, none, accent, no, null] =
        Item::parse(&encoded, 100).unwrap().array_n::<6>().unwrap();
    assert_eq!(empty.bstr().unwrap(), [0u8; 0]);
    assert_eq!(three.bstr_n::<3>().unwrap(), [1, 2, 3]);
    assert_eq!((none.text().unwrap(), accent.text().unwrap()), ("", "é"));
    assert_eq!((no.bool().unwrap(), null.is_null()), (false, true));
    assert_eq!(three.bytes(), bytes("43010203"));
    let mut w = Writer::new();
    w.array(6).bstr(&[]).bstr(&[1, 2, 3]).text("").text("é").bool(false).null();
    assert_eq!(w.finish(), encoded);
    assert!(w.as_bytes().is_empty());
}

#[test]
fn text_is_kept_as_given() {
    // One letter written in two ways stays two texts: nothing is normalised.
    for text in ["\u{e9}", "e\u{301}", "\u{feff}x", "\u{202e}abc", "\0", "印证"] {
        let encoded = Writer::new().text(text).finish();
        assert_eq!(Item::parse(&encoded, 100).unwrap().text().unwrap(), text);
    }
}

#[test]
fn every_wrong_type_is_told() {
    let samples: [(&str, Kind); 10] = [
        ("00", Kind::Uint),
        ("20", Kind::Negint),
        ("40", Kind::Bytes),
        ("60", Kind::Text),
        ("80", Kind::Array),
        ("a0", Kind::Map),
        ("c4820000", Kind::Tag),
        ("d28440a0f640", Kind::Tag),
        ("f5", Kind::Bool),
        ("f6", Kind::Null),
    ];
    for (text, kind) in samples {
        let encoded = bytes(text);
        let item = Item::parse(&encoded, 100).unwrap();
        assert_eq!(item.kind(), kind);
        let verdicts = [
            (kind == Kind::Uint, item.uint().err()),
            (kind == Kind::Uint, item.count().err()),
            (matches!(kind, Kind::Uint | Kind::Negint), item.int().err()),
            (kind == Kind::Bytes, item.bstr().err()),
            (kind == Kind::Text, item.text().err()),
            (kind == Kind::Bool, item.bool().err()),
            (kind == Kind::Array, item.array().err()),
            (kind == Kind::Array, item.elements().err()),
            (kind == Kind::Map, item.map().err()),
            (matches!(kind, Kind::Array | Kind::Map), item.element_count().err()),
            (text == "c4820000", item.decimal().err()),
            (text == "c4820000", item.tagged(4).err()),
            (text.starts_with("d2"), item.tagged(18).err()),
            (false, item.tagged(99).err()),
        ];
        for (at, (fits, error)) in verdicts.into_iter().enumerate() {
            assert_eq!(fits, error.is_none(), "{text} {at}");
            if let Some(error) = error {
                assert_eq!(error.code(), ErrorCode::WrongType, "{text} {at}");
            }
        }
        assert_eq!(item.is_null(), kind == Kind::Null);
        assert_eq!(item.tag().is_some(), kind == Kind::Tag);
        assert!(!format!("{item:?}").contains("820000"));
    }
}

#[test]
fn fixed_lengths() {
    let encoded = bytes("82 4100 820102");
    let [one, two] = Item::parse(&encoded, 100).unwrap().array_n::<2>().unwrap();
    assert_eq!(one.bstr32().unwrap_err().code(), ErrorCode::OutOfRange);
    assert_eq!(two.array_n::<1>().unwrap_err().code(), ErrorCode::WrongType);
    assert_eq!(two.array_n::<3>().unwrap_err().code(), ErrorCode::WrongType);
    assert_eq!(two.element_count().unwrap(), 2);
    let encoded = Writer::new().bstr(&[9; 32]).finish();
    assert_eq!(Item::parse(&encoded, 100).unwrap().bstr32().unwrap(), [9; 32]);
}

#[test]
fn a_sequence_is_read_item_by_item() {
    let sequence = bytes("01 8202 43aabbcc a0 f6");
    // The array promises two elements: the byte string is its second.
    let (first, rest) = Item::parse_prefix(&sequence, 100).unwrap();
    assert_eq!(first.uint().unwrap(), 1);
    let (second, rest) = Item::parse_prefix(rest, 100).unwrap();
    assert_eq!(second.bytes(), bytes("8202 43aabbcc"));
    let (third, rest) = Item::parse_prefix(rest, 1).unwrap();
    assert!(third.map().unwrap().is_empty());
    let (fourth, rest) = Item::parse_prefix(rest, 1).unwrap();
    assert!(fourth.is_null() && rest.is_empty());
    let code = |bytes: &[u8], max| Item::parse_prefix(bytes, max).unwrap_err().code();
    assert_eq!(code(rest, 100), ErrorCode::Truncated);
    assert_eq!(code(&sequence, 0), ErrorCode::TooLarge);
    assert_eq!(code(&bytes("43aabbcc 01"), 3), ErrorCode::TooLarge);
    assert_eq!(code(&bytes("43aabb"), 3), ErrorCode::Truncated);
    assert_eq!(code(&bytes("43aabb"), 100), ErrorCode::Truncated);
    assert!(Item::parse_prefix(&bytes("43aabbcc 01"), 4).is_ok());
}

#[test]
fn limits_are_the_published_ones() {
    let file: serde_json::Value =
        serde_json::from_str(include_str!("../../../data/limits.json")).unwrap();
    let rows: &[(&str, u64)] = &[
        ("entry_bytes", limits::ENTRY_BYTES as u64),
        ("depth", limits::DEPTH as u64),
        ("fields", limits::FIELDS as u64),
        ("path_nodes", limits::PATH_NODES as u64),
        ("signature_bytes", limits::SIGNATURE_BYTES as u64),
        ("header_bytes", limits::HEADER_BYTES as u64),
        ("count", limits::COUNT),
        ("proof_bytes", limits::PROOF_BYTES as u64),
        ("proof_items", limits::PROOF_ITEMS as u64),
        ("name_bytes", limits::NAME_BYTES as u64),
        ("profile_bytes", limits::PROFILE_BYTES as u64),
        ("sm2_id_bytes", limits::SM2_ID_BYTES as u64),
        ("id_bytes", limits::ID_BYTES as u64),
        ("map_key", limits::MAP_KEY),
        ("citations", limits::CITATIONS as u64),
        ("certificate_bytes", limits::CERTIFICATE_BYTES as u64),
        ("certificates", limits::CERTIFICATES as u64),
        ("block_entries", limits::BLOCK_ENTRIES),
    ];
    let published = file.as_object().unwrap();
    assert_eq!(published.len(), rows.len());
    for (name, value) in rows {
        assert_eq!(published[*name].as_u64(), Some(*value), "{name}");
    }
}
