//! Whole files and how their verdicts come out: `tests/vectors/verdict.json`, made by `tests/interop/make_verdicts.py`, which
//! shares no code with this library.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value;
use yinzheng::hash::hex;
use yinzheng::verify::{DeclaredTime, Policy, Status, Verdict, verify, verify_bundle};

const AT: DeclaredTime = DeclaredTime { unix_ms: 4_000_000_000_000 };

fn class(verdict: &Verdict) -> &'static str {
    let not_sealed =
        |check: &&str| verdict.lines_of(check).any(|line| line.status == Status::NotProven);
    if verdict.is_unreadable() {
        "refused"
    } else if verdict.count(Status::Contradicted) > 0 {
        "contradicted"
    } else if ["entry.in-block", "bundle.blocks"].iter().any(not_sealed) {
        "not-proven"
    } else {
        "proven"
    }
}

#[test]
fn every_file_comes_out_as_for_the_second_reader() {
    let file = include_str!("../../tests/vectors/verdict.json");
    let vectors: Value = serde_json::from_str(file).unwrap();
    let mut wrong = Vec::new();
    for case in vectors["cases"].as_array().unwrap() {
        let bytes = hex::decode(case["hex"].as_str().unwrap()).unwrap();
        let policy = match case["policy"].as_str() {
            Some(policy) => Policy::parse(policy.as_bytes()).unwrap(),
            None => Policy::empty(),
        };
        let is_bundle = case["kind"] == "bundle";
        let verdict = match is_bundle {
            true => verify_bundle(bytes.as_slice(), &policy, AT),
            false => verify(&bytes, &policy, AT),
        };
        let (found, expected) = (class(&verdict), case["class"].as_str().unwrap());
        // A bundle is read as a stream: what its readers refuse comes after blocks that they have judged (§11).
        let both_bad =
            [found, expected].iter().all(|one| ["refused", "contradicted"].contains(one));
        if found != expected && !(is_bundle && both_bad) {
            wrong.push(format!("{}: {found}, not {expected}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
