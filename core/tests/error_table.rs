//! The error table stands twice: in the code, for Rust, and in `core/data/errors.json`, which the
//! tests of every other language read. These tests hold the two together, word for word.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use yinzheng::ErrorCode;

/// One line of the data file. Unknown members are refused, so that nothing stands there unread.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    number: u16,
    name: String,
    message: String,
    advice: String,
    message_zh: String,
    advice_zh: String,
}

/// The groups that have a meaning: argument, state, format, cryptography, ledger, storage, internal.
const HUNDREDS: [u16; 7] = [1, 2, 3, 4, 5, 6, 9];

#[allow(clippy::expect_used)] // a test helper outside `#[test]`, see clippy.toml
fn table() -> Vec<Row> {
    serde_json::from_str(include_str!("../data/errors.json"))
        .expect("errors.json is a list of rows")
}

#[test]
fn the_file_says_what_the_code_says() {
    let in_file: Vec<_> =
        table().into_iter().map(|r| (r.number, r.name, r.message, r.advice)).collect();
    let in_code: Vec<_> = ErrorCode::ALL
        .iter()
        .map(|c| (c.number(), c.name().into(), c.message().into(), c.advice().into()))
        .collect();
    // Codes on one side only are named first: that is easier to read than two long lists.
    let names = |rows: &[(u16, String, String, String)]| -> BTreeSet<String> {
        rows.iter().map(|r| format!("{} {}", r.0, r.1)).collect()
    };
    let (file_names, code_names) = (names(&in_file), names(&in_code));
    assert_eq!(
        code_names.difference(&file_names).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "in core/src/error.rs but not in core/data/errors.json"
    );
    assert_eq!(
        file_names.difference(&code_names).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "in core/data/errors.json but not in core/src/error.rs"
    );
    for (code, file) in in_code.iter().zip(&in_file) {
        assert_eq!(code, file, "left: core/src/error.rs, right: core/data/errors.json");
    }
    assert_eq!(in_code.len(), in_file.len(), "a row of core/data/errors.json stands twice");
}

#[test]
fn the_code_says_the_files_chinese() {
    for row in table() {
        let code = ErrorCode::ALL.iter().find(|code| code.number() == row.number).unwrap();
        assert_eq!(code.message_zh(), row.message_zh, "{}", row.number);
        assert_eq!(code.advice_zh(), row.advice_zh, "{}", row.number);
    }
}

#[test]
fn numbers_ascend_each_once_in_a_known_hundred() {
    let numbers: Vec<u16> = ErrorCode::ALL.iter().map(|c| c.number()).collect();
    for pair in numbers.windows(2) {
        assert!(pair[0] < pair[1], "{} stands before {}", pair[0], pair[1]);
    }
    for number in numbers {
        assert!(HUNDREDS.contains(&(number / 100)), "{number} belongs to no group");
        assert_ne!(number % 100, 0, "{number}: a group's codes start at 1");
    }
}

#[test]
fn names_are_identifiers_each_once() {
    let mut seen = BTreeSet::new();
    for code in ErrorCode::ALL {
        assert!(seen.insert(code.name()), "{} stands twice", code.name());
        assert!(code.name().starts_with(|c: char| c.is_ascii_uppercase()), "{}", code.name());
        assert!(code.name().chars().all(|c| c.is_ascii_alphanumeric()), "{}", code.name());
    }
}

#[test]
fn every_text_is_there_in_its_language_and_without_a_full_stop() {
    for row in table() {
        for text in [&row.message, &row.advice] {
            assert!(text.is_ascii() && !text.is_empty(), "{}: English {text:?}", row.number);
        }
        for text in [&row.message_zh, &row.advice_zh] {
            let chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(chinese, "{}: Chinese {text:?}", row.number);
        }
        for text in [&row.message, &row.advice, &row.message_zh, &row.advice_zh] {
            assert_eq!(text.trim(), text, "{}: spaces around {text:?}", row.number);
            assert!(!text.ends_with(['.', '。']), "{}: ends the sentence itself", row.number);
        }
    }
}

#[test]
fn an_error_shows_number_message_place_and_advice_only() {
    for &code in ErrorCode::ALL {
        let bare = yinzheng::Error::new(code, "").to_string();
        assert_eq!(bare, format!("[{}] {}. {}", code.number(), code.message(), code.advice()));
        let placed = yinzheng::Error::new(code, "index").within("path").to_string();
        let expected =
            format!("[{}] {}: path: index. {}", code.number(), code.message(), code.advice());
        assert_eq!(placed, expected);
    }
}

#[test]
fn a_row_with_a_missing_or_unknown_member_is_refused() {
    let row = r#"{"number":101,"name":"N","message":"m","advice":"a","message_zh":"文","advice_zh":"文"}"#;
    assert!(serde_json::from_str::<Row>(row).is_ok());
    for broken in [
        row.replace(r#""number":101,"#, ""),
        row.replace(r#","advice_zh":"文""#, ""),
        row.replace(r#""name":"N""#, r#""name":"N","severity":1"#),
        row.replace(r#""name":"N""#, r#""name":"N","name":"M""#),
        row.replace("101", "-1"),
        row.replace("101", "65536"),
    ] {
        assert!(serde_json::from_str::<Row>(&broken).is_err(), "{broken}");
    }
}

/// What readers of bytes, files and messages can say; everything else is about ledgers, stores, keys in hardware, calls.
const READERS: [ErrorCode; 35] = [
    ErrorCode::RefusedField,
    ErrorCode::LimitExceeded,
    ErrorCode::InvalidMessage,
    ErrorCode::InvalidProfile,
    ErrorCode::InvalidPolicy,
    ErrorCode::InvalidNumber,
    ErrorCode::Truncated,
    ErrorCode::NotShortest,
    ErrorCode::UnsupportedItem,
    ErrorCode::MapOrder,
    ErrorCode::DuplicateKey,
    ErrorCode::TrailingBytes,
    ErrorCode::TooDeep,
    ErrorCode::TooLarge,
    ErrorCode::InvalidUtf8,
    ErrorCode::WrongType,
    ErrorCode::UnknownCritical,
    ErrorCode::MissingKey,
    ErrorCode::OutOfRange,
    ErrorCode::WrongKind,
    ErrorCode::WrongMediaType,
    ErrorCode::UnsupportedVersion,
    ErrorCode::PathLength,
    ErrorCode::UnsupportedAlgorithm,
    ErrorCode::InvalidKey,
    ErrorCode::InvalidSignature,
    ErrorCode::SignatureMismatch,
    ErrorCode::AlgorithmMismatch,
    ErrorCode::HighS,
    ErrorCode::DigestMismatch,
    ErrorCode::RootMismatch,
    ErrorCode::HeadMismatch,
    ErrorCode::ChainBroken,
    ErrorCode::KeyNotInForce,
    ErrorCode::LedgerClosed,
];

/// How often each result stands in the vectors.
#[allow(clippy::unwrap_used)] // a test helper outside `#[test]`, see clippy.toml
fn results() -> BTreeMap<String, usize> {
    fn collect(value: &Value, out: &mut BTreeMap<String, usize>) {
        match value {
            Value::Object(map) => {
                let named = map.get("error").and_then(|error| error.get("name"));
                if let Some(Value::String(name)) = map.get("result").or(named) {
                    *out.entry(name.clone()).or_default() += 1;
                }
                map.values().for_each(|value| collect(value, out));
            }
            Value::Array(list) => list.iter().for_each(|value| collect(value, out)),
            _ => {}
        }
    }
    let mut out = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "json") {
            collect(&serde_json::from_slice(&fs::read(path).unwrap()).unwrap(), &mut out);
        }
    }
    out
}

#[test]
fn every_error_that_readers_give_is_reached_by_a_vector() {
    let mut results = results();
    let accepted = results.remove("ok").unwrap_or_default();
    let open = ["contradicted", "not-proven"].map(|name| results.remove(name).unwrap_or_default());
    let readers: BTreeSet<String> = READERS.iter().map(|code| code.name().into()).collect();
    assert_eq!(results.keys().cloned().collect::<BTreeSet<_>>(), readers);
    let refused = results.values().sum::<usize>() + open.iter().sum::<usize>();
    assert!(refused >= 2 * accepted, "{refused} against {accepted}");
    assert!(refused + accepted >= 300, "{refused} and {accepted}");
}
