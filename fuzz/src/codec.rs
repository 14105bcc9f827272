//! The codec against itself and against ciborium, which knows CBOR but none of our rules.

use ciborium::Value;
use yinzheng::codec::{Item, Kind, Writer, limits};

/// What is accepted is written back to the same bytes by us and by ciborium; what is refused is not deterministic CBOR of our
/// kind in ciborium's eyes either.
pub fn codec(data: &[u8]) {
    match Item::parse(data, data.len()) {
        Ok(item) => {
            assert_eq!(item.bytes(), data);
            assert_eq!(Writer::new().raw(data).finish(), data);
            let mut w = Writer::new();
            rewrite(item, &mut w);
            assert_eq!(w.finish(), data, "written back otherwise");
            let value: Value = ciborium::from_reader(data).expect("ciborium reads what we accept");
            assert!(ours(&value, 0), "accepted against the rules");
            assert_eq!(written(&value), data, "ciborium writes it otherwise");
        }
        Err(_) => {
            if let Some(value) = whole(data) {
                assert!(!ours(&value, 0) || written(&value) != data, "refused without a reason");
            }
        }
    }
    if let Ok((item, rest)) = Item::parse_prefix(data, data.len()) {
        assert_eq!([item.bytes(), rest].concat(), data);
        assert!(Item::parse(item.bytes(), data.len()).is_ok());
    }
}

/// Reads every part by its accessor and writes it again.
fn rewrite(item: Item<'_>, w: &mut Writer) {
    match item.kind() {
        Kind::Uint => drop(w.uint(item.uint().expect("uint"))),
        Kind::Negint => drop(w.int(item.int().expect("int"))),
        Kind::Bytes => drop(w.bstr(item.bstr().expect("bytes"))),
        Kind::Text => drop(w.text(item.text().expect("text"))),
        Kind::Bool => drop(w.bool(item.bool().expect("bool"))),
        Kind::Null => drop(w.null()),
        Kind::Array => {
            let items = item.array().expect("array");
            w.array(items.len());
            items.into_iter().for_each(|item| rewrite(item, w));
        }
        Kind::Map => {
            let map = item.map().expect("map");
            w.map(map.len());
            for (key, item) in map.iter() {
                assert_eq!(map.get(key).map(|found| found.bytes()), Some(item.bytes()));
                w.int(key);
                rewrite(item, w);
            }
        }
        Kind::Tag => {
            let tag = item.tag().expect("tag");
            w.tag(tag);
            rewrite(item.tagged(tag).expect("tagged"), w);
        }
    }
}

/// The one item that the bytes are to ciborium.
fn whole(data: &[u8]) -> Option<Value> {
    let mut rest = data;
    let value = ciborium::from_reader(&mut rest).ok()?;
    rest.is_empty().then_some(value)
}

fn written(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).expect("a vector takes everything");
    out
}

/// The rules of format §1 about content; those about encoding show when the bytes are written again.
fn ours(value: &Value, depth: usize) -> bool {
    let nests = matches!(value, Value::Array(_) | Value::Map(_) | Value::Tag(..));
    if nests && depth >= limits::DEPTH {
        return false;
    }
    match value {
        Value::Integer(number) => i64::try_from(*number).is_ok(),
        Value::Bytes(_) | Value::Text(_) | Value::Bool(_) | Value::Null => true,
        Value::Array(items) => items.iter().all(|item| ours(item, depth + 1)),
        Value::Map(pairs) => {
            let keys: Vec<Vec<u8>> = pairs.iter().map(|(key, _)| written(key)).collect();
            keys.is_sorted_by(|a, b| a < b)
                && pairs.iter().all(|(key, item)| is_key(key) && ours(item, depth + 1))
        }
        Value::Tag(4, content) => ours(content, depth + 1) && is_decimal(content),
        Value::Tag(18, content) => ours(content, depth + 1) && is_sign1(content),
        _ => false,
    }
}

fn is_key(key: &Value) -> bool {
    matches!(key, Value::Integer(number) if i64::try_from(*number).is_ok_and(|key| key <= 65_535))
}

fn is_decimal(content: &Value) -> bool {
    matches!(content, Value::Array(parts) if matches!(parts.as_slice(),
        [Value::Integer(exponent), Value::Integer(_)] if (-18..=18).contains(&i128::from(*exponent))))
}

fn is_sign1(content: &Value) -> bool {
    matches!(content, Value::Array(parts) if matches!(parts.as_slice(),
        [Value::Bytes(_), Value::Map(_), Value::Bytes(_) | Value::Null, Value::Bytes(_)]))
}
