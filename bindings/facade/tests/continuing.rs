//! A ledger that ends and the one that goes on from it; what is due for erasure; proof that one block comes after another.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use serde_json::json;
use yinzheng_facade::*;

#[test]
fn a_lost_key_loses_no_record() {
    let (old, _) = ledger("SHA-256", "P-256");
    let record = append(old, &loan("5000.00"));
    let (fresh, public) = key("P-256");
    let mut create = create_request("SHA-256", &public);
    create["in_memory"] = json!(true);
    let request = bytes(&json!({ "reason": "key-lost", "create": create }));
    assert_eq!(number(ledger_continue(old, b"", &[8; 32], &request)), 605, "another vault key");
    assert_eq!(number(ledger_continue(old, b"", &VAULT, b"{}")), 101);
    assert_eq!(number(ledger_continue(fresh, b"", &VAULT, &request)), 204, "a key is no ledger");
    let (new, taken) = ledger_continue(old, b"", &VAULT, &request).unwrap();
    assert_eq!(value(&taken), json!({ "entries": 1, "held": 0, "left": [] }));
    assert_eq!(number(ledger_append(old, &bytes(&loan("1.00")))), 507, "the old one has ended");
    seal(new, fresh);
    let found = value(&ledger_find(new, text(&record, "number").as_bytes()).unwrap());
    assert_eq!(found["digest"], record["digest"]);
    let request = bytes(&json!({ "dossier": record["dossier"], "disclose": "all" }));
    assert_sound(&verify_proof(&ledger_prove(new, &request).unwrap(), b"", 0, b"").unwrap());
}

#[test]
fn a_ledger_is_rolled_over_to_the_announced_successor() {
    let (old, old_key) = ledger("SHA-256", "Ed25519");
    let (next, public) = key("SM2");
    let (other, other_public) = key("SM2");
    let request = |public: &serde_json::Value| {
        let mut create = create_request("SM3", public);
        create["in_memory"] = json!(true);
        bytes(&json!({ "reason": "new-hash", "create": create }))
    };
    assert_eq!(number(ledger_continue(old, b"", &VAULT, &request(&public))), 101, "not closed");
    let closed = json!({ "kind": "closed", "successor": public, "time": 1_793_500_000_000_i64 });
    ledger_note(old, &bytes(&closed)).unwrap();
    assert_eq!(number(ledger_note(old, &bytes(&closed))), 507);
    seal(old, old_key);
    assert_eq!(number(ledger_continue(old, b"", &VAULT, &request(&other_public))), 101);
    let (new, _) = ledger_continue(old, b"", &VAULT, &request(&public)).unwrap();
    seal(new, next);
    close(other).unwrap();
}

#[test]
fn times_to_keep_run_from_what_the_host_knows() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    let record = append(ledger, &loan("5000.00"));
    let ask = |end: serde_json::Value, now: i64| {
        let request = json!({ "dossier": record["dossier"], "now_ms": now, "relationship_end_ms": end, "transaction_end_ms": end });
        value(&ledger_retention(ledger, &bytes(&request)).unwrap())
    };
    let (end, far) = (json!(1_793_500_000_000_i64), 1_793_500_000_000 + 12 * 366 * 86_400_000_i64);
    let named = |reply: &serde_json::Value| {
        reply.as_array().unwrap().iter().any(|row| !row["over"].as_array().unwrap().is_empty())
    };
    assert!(named(&ask(end.clone(), far)), "twelve years later");
    assert!(!named(&ask(end, 1_793_500_000_001)), "a moment later");
    assert!(!named(&ask(json!(null), far)), "what has not ended");
    assert_eq!(number(ledger_retention(ledger, b"{\"dossier\":\"D-0\",\"now_ms\":0}")), 108);
    let nobody = json!({ "dossier": "00".repeat(16), "now_ms": 0 });
    assert_eq!(number(ledger_retention(ledger, &bytes(&nobody))), 502);
}

#[test]
fn a_witness_checks_that_its_older_block_is_an_ancestor() {
    let (one, key_one) = ledger("SHA-256", "Ed25519");
    for amount in ["1.00", "2.00"] {
        append(one, &loan(amount));
        seal(one, key_one);
    }
    let proof = ledger_consistency(one, 0, 2).unwrap();
    let head = json!({ "after": hex(&ledger_head_state(one).unwrap()) });
    let said = value(&inspect(b"consistency", &proof, &bytes(&head)).unwrap());
    assert_eq!((&said["older"]["height"], &said["newer"]["height"]), (&json!(0), &json!(2)));
    let (two, _) = ledger("SHA-256", "Ed25519");
    let foreign = json!({ "after": hex(&ledger_head_state(two).unwrap()) });
    assert_eq!(number(inspect(b"consistency", &proof, &bytes(&foreign))), 503);
    let mut bent = proof.clone();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    assert!(inspect(b"consistency", &bent, b"").is_err());
}
