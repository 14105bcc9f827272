//! Known bytes of the lowest storey: `tests/vectors/{codec,hash,merkle,signature}.json`. Every run makes them
//! afresh and compares byte for byte; `YINZHENG_BLESS=1` writes them. Readers in other languages take them as
//! they are: `hex` is the input, `result` is `ok` or the name of the error.

#![allow(
    clippy::type_complexity,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../common/mod.rs"]
mod common;

mod codec;
mod hash;
mod merkle;
mod signature;

use serde_json::{Value, json};
use yinzheng::Result;

/// `ok`, or the error's name; the vector's author says which, and the library must agree.
fn result<T>(outcome: &Result<T>, expected: &str, name: &str) -> Value {
    let found = outcome.as_ref().map_or_else(|error| error.code().name(), |_| "ok");
    assert_eq!(found, expected, "{name}");
    json!(expected)
}

fn bytes(text: &str) -> Vec<u8> {
    yinzheng::hash::hex::decode(&text.replace([' ', '\n'], "").to_lowercase()).unwrap()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    yinzheng::hash::hex::encode(bytes.as_ref())
}
