//! Known bytes of what is said and what is sealed: `tests/vectors/{time,number,record,key,statement,entry,block,receipt,
//! countersignature,bundle}.json`, described in `tests/vectors/README.md`. Every run makes them afresh, reads them with
//! the library, and compares with the files byte for byte; `YINZHENG_BLESS=1` writes them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::type_complexity
)]

#[path = "../common/mod.rs"]
mod common;
#[allow(dead_code)]
#[path = "../../src/testing.rs"]
mod testing;

mod facts;
mod files;
mod scene;

// The names under which `testing.rs` finds the library, as the library's own tests do.
use yinzheng::{block, codec, entry, error, hash, key, merkle, sign, time};

use serde_json::{Map, Value, json};
use yinzheng::Result;

/// The cases of one file.
struct Cases<'r> {
    read: Box<dyn Fn(&Value, &[u8]) -> Result<Value> + 'r>,
    list: Vec<Value>,
    /// What the library says otherwise than the case.
    surprises: Vec<String>,
}

impl<'r> Cases<'r> {
    /// `read` reads the bytes of a case, with what stands beside them in the case, and gives the facts it found.
    fn new(read: impl Fn(&Value, &[u8]) -> Result<Value> + 'r) -> Self {
        Self { read: Box::new(read), list: Vec::new(), surprises: Vec::new() }
    }

    /// Adds a case that must be accepted.
    fn ok(&mut self, name: &str, what: &str, beside: Value, bytes: &[u8]) {
        match (self.read)(&beside, bytes) {
            Ok(facts) => self.push(name, what, beside, bytes, "ok", Some(facts)),
            Err(error) => self.surprises.push(format!("{name}: {error:?}, not ok")),
        }
    }

    /// Adds a case that must be refused with this error.
    fn refuse(&mut self, name: &str, what: &str, beside: Value, bytes: &[u8], error: &str) {
        let found = (self.read)(&beside, bytes);
        let found = found.as_ref().map_or_else(|error| error.code().name(), |_| "ok");
        if found != error {
            self.surprises.push(format!("{name}: {found}, not {error}"));
        }
        self.push(name, what, beside, bytes, error, None);
    }

    fn push(
        &mut self,
        name: &str,
        what: &str,
        beside: Value,
        bytes: &[u8],
        result: &str,
        facts: Option<Value>,
    ) {
        assert!(self.list.iter().all(|case| case["name"] != name), "two cases named {name}");
        let mut case = Map::new();
        case.insert("name".into(), json!(name));
        case.insert("what".into(), json!(what));
        if let Value::Object(beside) = beside {
            case.extend(beside);
        }
        case.insert("hex".into(), json!(hex(bytes)));
        case.insert("result".into(), json!(result));
        if let Some(facts) = facts {
            case.insert("facts".into(), facts);
        }
        self.list.push(Value::Object(case));
    }

    /// The list; at least two refused cases stand against each accepted one.
    fn done(self) -> Value {
        assert!(self.surprises.is_empty(), "{:#?}", self.surprises);
        let accepted = self.list.iter().filter(|case| case["result"] == "ok").count();
        let refused = self.list.len() - accepted;
        assert!(refused >= 2 * accepted, "{refused} refused for {accepted} accepted");
        Value::Array(self.list)
    }
}

fn publish(file: &str, content: &Value) {
    common::assert_blessed(&format!("tests/vectors/{file}.json"), &common::pretty(content));
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    yinzheng::hash::hex::encode(bytes.as_ref())
}

fn bytes(text: &str) -> Vec<u8> {
    yinzheng::hash::hex::decode(text).unwrap()
}

/// The bytes with `old` replaced by `new`, once: `old` must stand there exactly once.
fn swapped(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let found: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(old)).collect();
    assert_eq!(found.len(), 1, "{} stands {} times", hex(old), found.len());
    [&bytes[..found[0]], new, &bytes[found[0] + old.len()..]].concat()
}
