//! A panic while anything is written leaves the store whole: all of the change or none, and the ledger goes on when it is opened again.
#![cfg(all(feature = "store", feature = "test-panic"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use serde_json::{Value, json};
use yinzheng_facade::*;

/// What a writing call may need: a ledger with one sealed record, one held, one unsealed.
struct World {
    ledger: Handle,
    key: Handle,
    public: Value,
    signature_of_held: Vec<u8>,
    held: u64,
    record: u64,
}

const TIME: &[u8] = b"1793500000000";

fn world(path: &[u8]) -> World {
    let (key, public) = key("P-256");
    let ledger = ledger_create(path, &VAULT, &bytes(&create_request("SHA-256", &public))).unwrap();
    let record = append(ledger, &loan("5000.00"))["sequence"].as_u64().unwrap();
    seal(ledger, key);
    append(ledger, &loan("1.00"));
    let mut request = loan("2.00");
    request["signer"] = json!({ "key": public, "role": "customer", "audience": "ledger" });
    let held = ledger_hold_for_signature(ledger, &bytes(&request)).unwrap();
    let signature_of_held = key_sign(key, &held.to_be_signed).unwrap();
    let held = value(&held.info)["id"].as_u64().unwrap();
    World { ledger, key, public, signature_of_held, held, record }
}

type Write = fn(&World) -> Outcome<()>;

const WRITES: [(&str, Write); 12] = [
    ("append", |w| ledger_append(w.ledger, &bytes(&loan("3.00"))).map(drop)),
    ("append_many", |w| {
        ledger_append_many(w.ledger, &bytes(&json!([loan("3.00"), loan("4.00")]))).map(drop)
    }),
    ("hold_for_signature", |w| {
        let mut request = loan("3.00");
        request["signer"] = json!({ "key": w.public, "role": "customer" });
        ledger_hold_for_signature(w.ledger, &bytes(&request)).map(drop)
    }),
    ("finish_statement", |w| {
        ledger_finish_statement(w.ledger, w.held, &w.signature_of_held).map(drop)
    }),
    ("drop_statement", |w| ledger_drop_statement(w.ledger, w.held, b"declined", TIME).map(drop)),
    ("begin", |w| ledger_begin(w.ledger, 1_793_500_002).map(drop)),
    ("note", |w| {
        let note = json!({ "kind": "clock", "step_ms": 5, "time": 1_793_500_000_000_i64 });
        ledger_note(w.ledger, &bytes(&note)).map(drop)
    }),
    ("attach", |w| {
        let attach = json!({ "height": 0, "kind": "platform-receipt",
            "receipt": { "platform": "示例平台", "id": "1", "raw": "00" } });
        ledger_attach(w.ledger, &bytes(&attach))
    }),
    ("key_finish", |w| {
        let (fresh, public) = key("P-256");
        let request =
            json!({ "role": "customer", "key": public, "custody": "software", "effective_ms": 1 });
        let draft = ledger_key_draft(w.ledger, &bytes(&request))?;
        let signature = key_sign(fresh, &draft.to_sign.to_be_signed)?;
        ledger_key_finish(w.ledger, &draft.draft, &signature).map(drop)
    }),
    ("erase", |w| {
        let erase = json!({ "records": [w.record], "reason": "order", "reference": "1", "time": 1_793_500_000_000_i64 });
        ledger_erase(w.ledger, &bytes(&erase)).map(drop)
    }),
    ("hold", |w| {
        let hold = json!({ "action": "set", "records": [w.record], "reason": "audit", "reference": "1", "time": 1_793_500_000_000_i64 });
        ledger_hold(w.ledger, &bytes(&hold)).map(drop)
    }),
    ("rewrap", |w| ledger_rewrap(w.ledger, &[8; 32], TIME).map(drop)),
];

/// The store is whole, and its ledger seals the next block and proves what it sealed.
fn goes_on(path: &[u8], world: &World, what: &str) {
    let (key, record) = (world.key, world.record);
    let ledger = ledger_open(path, &VAULT, b"")
        .unwrap_or_else(|failure| panic!("{what}: {}", failure.message));
    if what.starts_with("rewrap") {
        // A vault under way from one key to another goes on its way.
        ledger_rewrap(ledger, &[8; 32], TIME).unwrap();
    }
    assert_eq!(value(&ledger_check(ledger).unwrap())["problems"], json!([]), "{what}");
    seal(ledger, key);
    assert_eq!(value(&ledger_check(ledger).unwrap())["problems"], json!([]), "{what}, sealed");
    let request = bytes(&json!({ "sequences": [record], "disclose": "none" }));
    let proof = ledger_prove(ledger, &request).unwrap();
    assert_sound(&verify_proof(&proof, b"", 0, b"").unwrap());
    close(ledger).unwrap();
}

/// What is armed is armed for the whole process: one test.
#[test]
fn every_write_is_all_or_nothing_and_an_erasure_is_done() {
    scrub();
    let folder = tempfile::tempdir().unwrap();
    for (name, write) in WRITES {
        for point in ["store:before", "store:after"] {
            let what = format!("{name}, {point}");
            let path = folder.path().join(what.replace([':', ' ', ','], "-"));
            let path = path.to_str().unwrap().as_bytes();
            let world = world(path);
            provoke::arm(point);
            let failure = write(&world).unwrap_err();
            assert_eq!(failure.number, 901, "{what}: {}", failure.message);
            assert_eq!(number(ledger_status(world.ledger)), 205, "{what}");
            close(world.ledger).unwrap();
            goes_on(path, &world, &what);
            close(world.key).unwrap();
        }
    }
}

/// A panic while freed pages are overwritten.
fn scrub() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scrub");
    let path = path.to_str().unwrap().as_bytes();
    let world = world(path);
    provoke::arm("store:scrub");
    let erase = json!({ "records": [world.record], "reason": "order", "reference": "1", "time": 1_793_500_000_000_i64 });
    assert_eq!(number(ledger_erase(world.ledger, &bytes(&erase))), 901);
    close(world.ledger).unwrap();
    let ledger = ledger_open(path, &VAULT, b"").unwrap();
    assert_eq!(number(ledger_disclosures(ledger, world.record)), 509);
    close(ledger).unwrap();
    goes_on(path, &world, "scrub");
}
