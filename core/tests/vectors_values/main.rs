//! Known bytes of values, disclosures, messages, profiles and policies: `tests/vectors/{value,message,profile,policy}.json`. Every run makes them
//! afresh and compares byte for byte; `YINZHENG_BLESS=1` writes them. Readers in other languages take them as
//! they are.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod disclosures;
mod documents;
mod messages;
mod readings;
mod values;

use serde_json::{Value as Json, json};
use yinzheng::value::{Lang, Value};

fn bytes(text: &str) -> Vec<u8> {
    yinzheng::hash::hex::decode(&text.replace(' ', "")).unwrap()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    yinzheng::hash::hex::encode(bytes.as_ref())
}

/// What a value's bytes say: its findings, and what people see in both languages.
fn described(value: &Value) -> Json {
    let findings: Vec<u16> = value.findings().iter().map(|finding| finding.number()).collect();
    json!({"hex": hex(value.encode()), "findings": findings, "zh": value.display(Lang::Zh), "en": value.display(Lang::En)})
}

/// Joins the members of two objects.
fn joined(mut a: Json, b: Json) -> Json {
    a.as_object_mut().unwrap().extend(b.as_object().unwrap().clone());
    a
}

/// All parts of the file about values, in one list each.
#[test]
fn value_vectors() {
    let file = json!({
        "about": "docs/format.md §6. `values`: accepted bytes, findings, what people see. `refused`: bytes no reader takes. \
                  `readings`: captured text read as a type (core/profiles/README.md). `disclosures`: what is hashed, and the commitments.",
        "values": values::accepted(),
        "refused": values::refused(),
        "readings": readings::all(),
        "disclosures": disclosures::all(),
    });
    common::assert_blessed("tests/vectors/value.json", &common::pretty(&file));
}
