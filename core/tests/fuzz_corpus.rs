//! Every fuzz target over its corpus, over every vector, and over spoilt copies, so that what must hold for any bytes is
//! also tested where cargo-fuzz is not.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use targets::{TARGETS, Target};
use yinzheng::hash::hex;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of a folder, in the order of their names.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.is_file());
    paths.into_iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    files(&root().join("fuzz/corpus").join(name))
}

/// Every `hex` that stands anywhere in the vectors.
fn vectors() -> Vec<Vec<u8>> {
    fn collect(value: &Value, out: &mut Vec<Vec<u8>>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(text)) = map.get("hex") {
                    out.extend(hex::decode(text));
                }
                map.values().for_each(|value| collect(value, out));
            }
            Value::Array(list) => list.iter().for_each(|value| collect(value, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for (name, bytes) in files(&root().join("tests/vectors")) {
        if name.ends_with(".json") {
            collect(&serde_json::from_slice(&bytes).unwrap(), &mut out);
        }
    }
    out
}

fn run((name, target): Target, what: &str, bytes: &[u8]) {
    let done = std::panic::catch_unwind(|| target(bytes));
    assert!(done.is_ok(), "{name}: {what}: {}", hex::encode(bytes));
}

#[test]
fn every_target_has_a_corpus_and_a_program() {
    for (name, _) in TARGETS {
        assert!(!corpus(name).is_empty(), "{name}");
        let program = root().join("fuzz/fuzz_targets").join(format!("{name}.rs"));
        let text = fs::read_to_string(program).unwrap();
        assert!(text.contains(&format!("yinzheng_fuzz::{name}(data)")), "{name}");
    }
    let programs = files(&root().join("fuzz/fuzz_targets"));
    assert_eq!(programs.len(), TARGETS.len());
}

#[test]
fn what_must_hold_holds_over_every_corpus() {
    for target in TARGETS {
        for (name, _) in TARGETS {
            for (file, bytes) in corpus(name) {
                run(target, &file, &bytes);
            }
        }
    }
}

#[test]
fn what_must_hold_holds_over_every_vector() {
    let vectors = vectors();
    assert!(vectors.len() >= 300, "{}", vectors.len());
    for target in TARGETS {
        for (at, bytes) in vectors.iter().enumerate() {
            run(target, &format!("vector {at}"), bytes);
        }
    }
}

#[test]
fn what_must_hold_holds_over_spoilt_copies() {
    for target in TARGETS {
        for (file, bytes) in corpus(target.0) {
            // Every tail cut off, and one bit of a byte, at about fifty places each.
            let step = (bytes.len() / 50).max(1);
            for at in (0..bytes.len()).step_by(step) {
                run(target, &file, &bytes[..at]);
                let mut spoilt = bytes.clone();
                spoilt[at] ^= 1 << (at % 8);
                run(target, &file, &spoilt);
            }
        }
    }
}
