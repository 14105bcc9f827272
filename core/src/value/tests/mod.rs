//! Tests of the values. The vectors that other languages read stand in `core/tests/value_vectors.rs`.

mod bytes;
mod civil;
mod reading;
mod words;

use super::parse::{FieldType, Spec};
use super::*;

/// Reads text as a type with nothing else said.
fn read(field_type: FieldType, text: &str) -> Value {
    Spec::of(field_type).read(text).unwrap()
}

/// Reads text and expects content: what people see, and the findings.
fn seen(value: &Value) -> (String, Vec<u16>) {
    (value.display(Lang::En), value.findings().iter().map(|f| f.number()).collect())
}
