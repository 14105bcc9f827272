//! What people read: escapes, display, findings in words, patterns.

use serde::Deserialize;

use super::escape::{for_people, is_hidden};
use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    number: u16,
    id: String,
    zh: String,
    en: String,
}

#[test]
fn the_table_of_findings_is_the_data_file() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../../../data/findings.json")).unwrap();
    let code: Vec<_> = Finding::ALL
        .iter()
        .map(|f| (f.number(), f.id().unwrap().to_owned(), f.label(Lang::Zh), f.label(Lang::En)))
        .collect();
    let file: Vec<_> = rows.into_iter().map(|r| (r.number, r.id, r.zh, r.en)).collect();
    assert_eq!(code, file);
    assert!(code.windows(2).all(|pair| pair[0].0 < pair[1].0), "numbers ascend");
    let later = Finding::from_number(999).unwrap();
    assert_eq!(later.id(), None);
    assert!(later.label(Lang::En).contains("999"));
    assert!(Finding::from_number(0).is_none());
}

#[test]
fn nothing_hidden_reaches_people() {
    assert_eq!(for_people("张三"), "张三");
    assert_eq!(for_people("a\u{200b}b"), "a\\u{200b}b");
    assert_eq!(for_people("a\\u{200b}b"), "a\\\\u{200b}b", "nobody can forge an escape");
    assert_eq!(for_people("1\r\n2\t\u{1b}[31m"), "1\\r\\n2\\t\\u{1b}[31m");
    for c in ('\u{0}'..=char::MAX).filter(|c| is_hidden(*c)) {
        let shown = for_people(&c.to_string()).into_owned();
        assert!(shown.is_ascii() && shown.starts_with("\\u{"), "{shown}");
    }
    for c in "张三·，。 \u{3000}aA1é😀".chars() {
        assert!(!is_hidden(c), "{c}");
    }
}

#[test]
fn both_languages() {
    let attachment = Attachment {
        media_type: "text/plain".to_owned(),
        digest: crate::hash::TwinDigest::of(b"abc"),
        title: "授权\u{202e}书".to_owned(),
    };
    let value = Value::of(Parsed::Attachment(attachment), None, &[]).unwrap();
    let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(
        value.display(Lang::Zh),
        format!("授权\\u{{202e}}书 (text/plain, 3 字节, SHA-256 {sha})")
    );
    assert_eq!(Value::Null.display(Lang::Zh), "（采集时为未知）");
    assert_eq!(Value::Text(String::new()).display(Lang::Zh), "（采集时为空）");
    let rate =
        Spec { unit: Some("%/a".to_owned()), ..Spec::of(FieldType::Rate) }.read("23.4").unwrap();
    assert_eq!(rate.display(Lang::Zh), "23.4%（年）");
    assert_eq!(rate.display_original(Lang::Zh), Some("23.4".to_owned()));
    assert_eq!(read(FieldType::Flag, "Y").display(Lang::Zh), "是");
    assert_eq!(
        Value::of(Parsed::Bytes(vec![0, 0xff]), None, &[]).unwrap().display(Lang::Zh),
        "00ff"
    );
    assert_eq!(read(FieldType::Text, "张三").display_original(Lang::En), None);
    assert_eq!(read(FieldType::Text, "").display_original(Lang::En), None);
}

#[test]
fn nothing_of_a_value_reaches_a_log() {
    for value in [
        read(FieldType::Text, "张三丰"),
        read(FieldType::MsisdnCn, "13900000001"),
        read(FieldType::Geo, "31.2,121.4"),
    ] {
        let log = format!("{value:?} {:?}", value.parsed());
        assert!(!log.contains("张三") && !log.contains("1390") && !log.contains("31"), "{log}");
    }
}

#[test]
fn values_that_cannot_be() {
    let of = |parsed, original: Option<&str>, findings: &[Finding]| {
        Value::of(parsed, original.map(str::to_owned), findings).map_err(|e| e.code())
    };
    let money = |currency: &str| Parsed::Money {
        amount: "1".parse().unwrap(),
        currency: currency.to_owned(),
    };
    assert_eq!(of(money("cny"), None, &[]), Err(ErrorCode::OutOfRange));
    assert_eq!(
        of(Parsed::Flag(true), Some("1"), &[Finding::UNPARSED]),
        Err(ErrorCode::UnsupportedItem)
    );
    let masked = Parsed::Masked { text: "*".to_owned(), rule: "pan".to_owned() };
    assert_eq!(of(masked, Some("x"), &[]), Err(ErrorCode::UnsupportedItem));
    for kind in [Kind::Text, Kind::Attachment, Kind::Masked] {
        assert_eq!(
            Value::unparsed(kind, "x".to_owned(), &[]).unwrap_err().code(),
            ErrorCode::MissingKey
        );
    }
    // Findings are put in order.
    let value = Value::unparsed(
        Kind::Date,
        "x".to_owned(),
        &[Finding::PATTERN, Finding::PATTERN, Finding::INVISIBLE],
    )
    .unwrap();
    assert_eq!(value.findings(), [Finding::UNPARSED, Finding::PATTERN, Finding::INVISIBLE]);
}

#[test]
fn patterns() {
    let fits = |pattern: &str, text: &str| Pattern::parse(pattern).unwrap().fits(text);
    for (pattern, yes, no) in [
        ("[0-9]{6,16}", "123456", "12345"),
        ("[0-9]{6,16}", "1234567890123456", "12345678901234567"),
        ("[0-9a-f]{4}", "0aff", "0aFf"),
        ("1[3-9][0-9]{9}", "13900000001", "12900000001"),
        ("[A-Z-]{2}x", "A-x", "A_x"),
        ("[ab]{0,3}b", "bbbb", "bbbba"),
        ("a{0,2}a{2}", "aa", "aaaaa"),
        ("借[0-9]", "借1", "贷1"),
        (".", ".", "a"),
    ] {
        assert!(fits(pattern, yes), "{pattern} {yes}");
        assert!(!fits(pattern, no), "{pattern} {no}");
        assert!(!fits(pattern, ""));
    }
    for bad in [
        "",
        "[",
        "[]",
        "]",
        "a{",
        "a{2",
        "[0-9",
        "[0-9{2}",
        "a{}",
        "a{2,1}",
        "a{0}",
        "a{-1}",
        "a{1,2,3}",
        "{2}",
        "[z-a]",
        "a{1025}",
        "a}",
        "[0-9]{600}[0-9]{600}",
    ] {
        assert!(Pattern::parse(bad).is_err(), "{bad}");
    }
    // No pattern runs away.
    let nasty = "[a-z]{0,30}".repeat(34);
    assert!(!fits(&nasty, &"a".repeat(5_000)));
}
