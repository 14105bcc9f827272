//! What the boundary tests share: a ledger in memory or in a file, and short words for calls.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use yinzheng_facade::*;

pub(crate) const VAULT: [u8; 32] = [7; 32];

pub(crate) fn value(reply: &[u8]) -> Value {
    serde_json::from_slice(reply).unwrap()
}

pub(crate) fn bytes(request: &Value) -> Vec<u8> {
    request.to_string().into_bytes()
}

#[track_caller]
pub(crate) fn number<T>(outcome: Outcome<T>) -> u16 {
    match outcome {
        Ok(_) => panic!("this must be refused"),
        Err(failure) => failure.number,
    }
}

/// A software key and its public half as a request writes it.
pub(crate) fn key(algorithm: &str) -> (Handle, Value) {
    let key = key_generate(algorithm.as_bytes()).unwrap();
    let public = value(&key_public(key).unwrap());
    (key, json!({ "cose_key": public["cose_key"] }))
}

pub(crate) fn create_request(hash: &str, key: &Value) -> Value {
    json!({
        "hash": hash, "key": key, "custody": "software", "organisation": "示例银行",
        "created": 1_793_500_000_000_i64,
    })
}

/// A ledger in memory with a key, block 0 sealed.
#[cfg(feature = "store")]
pub(crate) fn ledger(hash: &str, algorithm: &str) -> (Handle, Handle) {
    let (key, public) = key(algorithm);
    let mut request = create_request(hash, &public);
    request["in_memory"] = json!(true);
    let ledger = ledger_create(b"", &VAULT, &bytes(&request)).unwrap();
    seal(ledger, key);
    (ledger, key)
}

#[cfg(feature = "store")]
pub(crate) fn seal(ledger: Handle, key: Handle) -> Value {
    let waiting = ledger_begin(ledger, 1_793_500_001).unwrap();
    let signature = key_sign(key, &waiting.to_be_signed).unwrap();
    value(&ledger_commit(ledger, &signature).unwrap())
}

pub(crate) fn loan(amount: &str) -> Value {
    json!({
        "profile": "loan.disbursement",
        "message": { "借款金额": amount, "放款时间": "2026-11-25 10:00:00" },
        "time": { "captured": { "ms": 1_793_500_100_000_i64, "offset_minutes": 480 }, "tier": "ntp" },
    })
}

#[cfg(feature = "store")]
pub(crate) fn append(ledger: Handle, request: &Value) -> Value {
    value(&ledger_append(ledger, &bytes(request)).unwrap())
}

pub(crate) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The evidence itself holds: nothing is contradicted but rules about the business, which a single invented record breaks.
#[track_caller]
pub(crate) fn assert_sound(verdict: &[u8]) {
    let verdict = value(verdict);
    let lines = verdict["lines"].as_array().unwrap();
    let broken: Vec<&Value> = lines
        .iter()
        .filter(|line| {
            line["status"] == "CONTRADICTED" && !text(line, "check").starts_with("rule.")
        })
        .map(|line| &line["says"]["en"])
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
    assert!(lines.iter().any(|line| line["status"] == "PROVEN"));
}
