#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::ErrorCode;
use crate::hash::hex;

fn code(bytes: &str) -> ErrorCode {
    let bytes = hex::decode(&bytes.replace(' ', "")).unwrap();
    Item::parse(&bytes, 1000).expect_err("refused").code()
}

#[test]
fn writes_and_reads() {
    let bytes = MapBuilder::new()
        .put(-1, |w| w.uint(1))
        .put(24, |w| w.array(2).null().bool(true))
        .put(0, |w| w.text("é"))
        .finish();
    let map = Item::parse(&bytes, 100).unwrap().map().unwrap();
    assert_eq!(map.keys().collect::<Vec<_>>(), [0, 24, -1]);
    assert_eq!(map.need(0).unwrap().text().unwrap(), "é");
}

#[test]
fn refuses() {
    assert_eq!(code(""), ErrorCode::Truncated);
    assert_eq!(code("1817"), ErrorCode::NotShortest);
    assert_eq!(code("f7"), ErrorCode::UnsupportedItem);
    assert_eq!(code("0000"), ErrorCode::TrailingBytes);
    assert_eq!(code("a2 0100 0000"), ErrorCode::MapOrder);
    assert_eq!(code("a2 0000 0000"), ErrorCode::DuplicateKey);
    assert_eq!(code("61ff"), ErrorCode::InvalidUtf8);
    assert_eq!(code("818181818181818180"), ErrorCode::TooDeep);
}
