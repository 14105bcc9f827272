//! What is refused, call by call: with the number of the error table, and without telling values.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use serde_json::{Value, json};
use yinzheng_facade::*;

type Call = (&'static str, fn(Handle) -> u16);

/// Every call that takes a ledger, with arguments that are otherwise good.
fn ledger_calls() -> Vec<Call> {
    fn n<T>(outcome: Outcome<T>) -> u16 {
        outcome.err().map_or(0, |failure| failure.number)
    }
    vec![
        ("append", |l| n(ledger_append(l, br#"{"profile":"generic","message":{"a":1}}"#))),
        ("append_many", |l| n(ledger_append_many(l, b"[]"))),
        ("append_entry", |l| n(ledger_append_entry(l, b"\xa0"))),
        ("hold_for_signature", |l| n(ledger_hold_for_signature(l, b"{}"))),
        ("held", |l| n(ledger_held(l))),
        ("finish_statement", |l| n(ledger_finish_statement(l, 1, &[0; 64]))),
        ("drop_statement", |l| n(ledger_drop_statement(l, 1, b"declined", b""))),
        ("begin", |l| n(ledger_begin(l, 0))),
        ("pending", |l| n(ledger_pending(l))),
        ("commit", |l| n(ledger_commit(l, &[0; 64]))),
        ("due", |l| n(ledger_due(l, 0, 0, 0))),
        ("status", |l| n(ledger_status(l))),
        ("head", |l| n(ledger_head(l))),
        ("head_state", |l| n(ledger_head_state(l))),
        ("entry", |l| n(ledger_entry(l, 0))),
        ("receipt", |l| n(ledger_receipt(l, 0))),
        ("block", |l| n(ledger_block(l, 0))),
        ("list", |l| n(ledger_list(l, 0, 1))),
        ("dossiers", |l| n(ledger_dossiers(l, b"", 1))),
        ("dossier", |l| n(ledger_dossier(l, b""))),
        ("find", |l| n(ledger_find(l, b""))),
        ("check", |l| n(ledger_check(l))),
        ("prove", |l| n(ledger_prove(l, b"{}"))),
        ("disclosures", |l| n(ledger_disclosures(l, 0))),
        ("consistency", |l| n(ledger_consistency(l, 0, 1))),
        ("export", |l| n(ledger_export(l, 0, 0))),
        ("export_file", |l| n(ledger_export_file(l, 0, 0, b"/nowhere/x"))),
        ("key_draft", |l| n(ledger_key_draft(l, b"{}"))),
        ("key_finish", |l| n(ledger_key_finish(l, b"", b""))),
        ("key_revoke", |l| n(ledger_key_revoke(l, b"{}"))),
        ("keys", |l| n(ledger_keys(l))),
        ("note", |l| n(ledger_note(l, b"{}"))),
        ("attach", |l| n(ledger_attach(l, b"{}"))),
        ("erase", |l| n(ledger_erase(l, b"{}"))),
        ("hold", |l| n(ledger_hold(l, b"{}"))),
        ("rewrap", |l| n(ledger_rewrap(l, &[1; 32], b""))),
        ("confirm_destroyed", |l| n(ledger_confirm_destroyed(l, b"", b""))),
    ]
}

#[test]
fn no_call_takes_a_handle_that_is_not_an_open_ledger() {
    let (ledger, key) = ledger("SHA-256", "Ed25519");
    close(ledger).unwrap();
    for (name, call) in ledger_calls() {
        for (what, handle) in [
            ("zero", 0),
            ("closed", ledger),
            ("a key", key),
            ("any", 12345),
            ("all ones", u64::MAX),
        ] {
            assert_eq!(call(handle), 204, "{name} with {what}");
        }
    }
}

#[test]
fn appending_refuses_what_is_no_record() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    let with = |member: &str, value: Value| {
        let mut request = loan("1.00");
        request[member] = value;
        let failure = ledger_append(ledger, &bytes(&request)).unwrap_err();
        assert!(!failure.message.contains("13900001234"), "{}", failure.message);
        failure.number
    };
    let digest = format!("sha256:{}", "0".repeat(64));
    assert_eq!(with("profile", json!("nothing")), 102);
    assert_eq!(with("profile", json!(0)), 204);
    assert_eq!(with("profile", json!(ledger)), 204, "a handle of another type");
    assert_eq!(with("profile", Value::Null), 101);
    assert_eq!(with("message", json!([])), 105);
    assert_eq!(with("message", json!("13900001234")), 105);
    assert_eq!(with("message", json!({ "支付密码": "13900001234" })), 103);
    assert_eq!(with("message", json!({ "13900001234": "x" })), 105);
    assert_eq!(with("business_id", json!("")), 101);
    assert_eq!(with("business_id", json!("x".repeat(257))), 101);
    assert_eq!(with("business_id", json!(1)), 101);
    assert_eq!(with("dossier", json!("13900001234")), 108);
    assert_eq!(with("dossier", json!("R-0000-0000-0000-0000-0000-0000-0000")), 108);
    assert_eq!(with("time", json!("13900001234")), 101);
    assert_eq!(with("cite", json!([{}])), 101);
    assert_eq!(with("cite", json!([{ "digest": "13900001234" }])), 101);
    assert_eq!(with("cite", json!([{ "digest": digest, "relation": "predecessor" }])), 101);
    assert_eq!(with("cite", json!([{ "digest": digest, "relation": "friend" }])), 102);
    assert_eq!(with("cite", json!([{ "digest": digest }, { "digest": digest }])), 305);
    assert_eq!(with("supersedes", json!("sm4:00")), 401);
    assert_eq!(with("hash", json!("sha256")), 102);
    assert_eq!(with("place", json!(0)), 101, "the ledger's to know");
    assert_eq!(with("signer", json!({ "key": {}, "role": "customer" })), 101);
    assert_eq!(with("13900001234", json!(1)), 101);
    for request in [&b""[..], b"{}", b"null", b"[", b"{\"profile\":\"generic\"", b"\0", b"7"] {
        assert_eq!(number(ledger_append(ledger, request)), 101);
    }
    assert_eq!(number(ledger_append(ledger, b"{\"profile\":\"\xff\"}")), 309);
    assert_eq!(number(ledger_append_many(ledger, b"{}")), 101);
    let deep = "[".repeat(100_000);
    let deep = format!(r#"{{"profile":"generic","message":{{"a":{deep}}}"#);
    assert_eq!(number(ledger_append(ledger, deep.as_bytes())), 101);
    assert_eq!(value(&ledger_status(ledger).unwrap())["entries"], 2, "nothing went in");
}

#[test]
fn the_same_business_id_with_other_content_is_a_conflict() {
    let (ledger, _) = ledger("SM3", "SM2");
    let mut request = loan("1.00");
    request["business_id"] = json!("loan-1");
    append(ledger, &request);
    request["message"]["借款金额"] = json!("2.00");
    assert_eq!(number(ledger_append(ledger, &bytes(&request))), 501);
    let many = json!([request, request]);
    assert_eq!(number(ledger_append_many(ledger, &bytes(&many))), 501);
}

#[test]
fn no_ledger_is_made_of_bad_options() {
    let (_, public) = key("P-256");
    let good = create_request("SHA-256", &public);
    let with = |member: &str, value: Value| {
        let mut request = good.clone();
        request["in_memory"] = json!(true);
        request[member] = value;
        let both = [number(ledger_create(b"", &VAULT, &bytes(&request))), {
            let mut request = request.clone();
            request.as_object_mut().unwrap().remove("in_memory");
            number(genesis_make(&bytes(&request)))
        }];
        assert_eq!(both[0], both[1], "with and without store, {member}");
        both[0]
    };
    assert_eq!(with("hash", json!("MD5")), 102);
    assert_eq!(with("hash", Value::Null), 101);
    assert_eq!(with("key", json!({})), 101);
    assert_eq!(with("key", json!({ "cose_key": "a0" })), 312);
    assert_eq!(with("custody", json!("pocket")), 102);
    assert_eq!(with("next_key", json!("00")), 101);
    assert_eq!(with("certificates", json!(["zz"])), 101);
    assert_eq!(with("created", json!("now")), 101);
    assert_eq!(with("environment", json!({ "clock": "best" })), 102);
    assert_eq!(with("environment", json!({ "build": "00" })), 101);
    assert_eq!(with("continues", json!({})), 101);
    assert_eq!(with("nonce", json!("00")), 101, "no randomness from outside");
    let sha = format!("sha256:{}", "1".repeat(64));
    let sm3 = format!("sm3:{}", "1".repeat(64));
    let continues = |a: &str, b: &str, reason: &str| json!({ "ledger_id": a, "height": 1, "block_hash": b, "sealed_digest": b, "reason": reason });
    assert_eq!(with("continues", continues(&sha, &sm3, "restore")), 101);
    assert_eq!(with("continues", continues(&sha, &sha, "boredom")), 102);

    let mut memory = good.clone();
    memory["in_memory"] = json!(true);
    assert_eq!(number(ledger_create(b"", &VAULT, &bytes(&good))), 101, "no path");
    assert_eq!(number(ledger_create(b"x.db", &VAULT, &bytes(&memory))), 101, "both");
    for length in [0, 1, 15, 17, 31, 33, 64] {
        assert_eq!(number(ledger_create(b"", &vec![1; length], &bytes(&memory))), 402);
    }
    assert_eq!(number(ledger_create(b"\xff", &VAULT, &bytes(&good))), 309);
    assert_eq!(number(ledger_create(b"/nowhere/x.db", &VAULT, &bytes(&good))), 601);
    assert_eq!(number(vault_key_generate(b"DES")), 102);
}

#[test]
fn no_ledger_opens_with_the_wrong_key_file_or_head() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db").to_str().unwrap().as_bytes().to_vec();
    let (key, public) = key("Ed25519");
    let request = bytes(&create_request("SHA-256", &public));
    let ledger = ledger_create(&path, &VAULT, &request).unwrap();
    assert_eq!(number(ledger_create(&path, &VAULT, &request)), 602);
    assert_eq!(number(ledger_open(&path, &VAULT, b"")), 602, "one writer");
    seal(ledger, key);
    close(ledger).unwrap();
    assert_eq!(number(ledger_create(&path, &VAULT, &request)), 101, "there is one already");
    assert_eq!(number(ledger_open(&path, &[8; 32], b"")), 605);
    assert_eq!(number(ledger_open(&path, &[8; 16], b"")), 605);
    assert_eq!(number(ledger_open(&path, b"short", b"")), 402);
    let head = |height: u64| {
        bytes(&json!({ "expected_head": { "height": height, "block_hash": "1".repeat(64) } }))
    };
    assert_eq!(number(ledger_open(&path, &VAULT, &head(0))), 503);
    assert_eq!(number(ledger_open(&path, &VAULT, &head(1))), 503);
    for request in ["[]", r#"{"read_only":1}"#, r#"{"expected_head":{}}"#, r#"{"path":"x"}"#] {
        assert_eq!(number(ledger_open(&path, &VAULT, request.as_bytes())), 101, "{request}");
    }
    assert_eq!(number(ledger_open(b"/nowhere/x.db", &VAULT, b"")), 606);
    let closed = ledger_open(&path, b"", b"").unwrap();
    assert_eq!(number(ledger_append(closed, &bytes(&loan("1.00")))), 605);
}

#[test]
fn sealing_out_of_order_is_refused() {
    let (ledger, key) = ledger("SHA-256", "P-256");
    let commit = |signature: &[u8]| number(ledger_commit(ledger, signature));
    assert_eq!(commit(&[1; 64]), 201);
    assert_eq!(number(ledger_begin(ledger, 1)), 506);
    append(ledger, &loan("1.00"));
    let waiting = ledger_begin(ledger, 1).unwrap();
    assert_eq!(ledger_begin(ledger, 2).unwrap(), waiting, "the only one ever offered");
    assert_eq!(commit(b""), 403);
    assert_eq!(commit(&[0; 64]), 403);
    assert_eq!(commit(&[0xff; 64]), 403);
    assert_eq!(commit(&[1; 9000]), 308);
    assert_eq!(commit(&key_sign(key, b"another message").unwrap()), 404);
    let signature = key_sign(key, &waiting.to_be_signed).unwrap();
    ledger_commit(ledger, &signature).unwrap();
    assert_eq!(commit(&signature), 201, "double");
    assert_eq!(number(ledger_receipt(ledger, 99)), 502);
    assert_eq!(number(ledger_entry(ledger, u64::MAX)), 502);
    assert_eq!(number(ledger_block(ledger, 99)), 502);
    assert_eq!(number(ledger_list(ledger, 0, 10_001)), 104);
    assert_eq!(number(ledger_dossiers(ledger, b"", u64::MAX)), 104);
    assert_eq!(ledger_list(ledger, u64::MAX, 1).unwrap(), b"[]");
    assert_eq!(number(ledger_export(ledger, 1, 0)), 101);
    assert_eq!(number(ledger_export(ledger, 0, 9)), 502);
}

#[test]
fn proofs_marks_and_keys_refuse_other_requests() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    for (request, expected) in [
        (r#"{}"#, 101),
        (r#"{"disclose":"all"}"#, 101),
        (r#"{"sequences":[0],"dossier":"","disclose":"all"}"#, 101),
        (r#"{"sequences":[],"disclose":"all"}"#, 502),
        (r#"{"sequences":[9],"disclose":"all"}"#, 502),
        (r#"{"sequences":[0],"disclose":"all","head":"witnessed"}"#, 502),
        (r#"{"sequences":[0],"disclose":"all","head":7}"#, 502),
        (r#"{"sequences":[0],"disclose":"all","head":-1}"#, 101),
        (r#"{"sequences":[0],"disclose":"all","head":"oldest"}"#, 101),
        (r#"{"sequences":[0],"disclose":"all","head":"0"}"#, 101),
        (r#"{"sequences":[0],"disclose":"all","head":{}}"#, 101),
        (r#"{"sequences":[0],"disclose":"some"}"#, 101),
        (r#"{"sequences":[0],"disclose":{}}"#, 101),
        (r#"{"sequences":[0],"disclose":{"classes":["C9"]}}"#, 101),
        (r#"{"sequences":[0],"disclose":{"names":[],"classes":[]}}"#, 101),
        (r#"{"dossier":"00000000000000000000000000000000","disclose":"all"}"#, 502),
    ] {
        assert_eq!(number(ledger_prove(ledger, request.as_bytes())), expected, "{request}");
    }
    for (request, expected) in [
        (r#"{"kind":"refused"}"#, 101),
        (r#"{"kind":"clock"}"#, 101),
        (r#"{"kind":"clock","step_ms":1,"boot_before":"00"}"#, 101),
        (r#"{"kind":"damage","at":1,"what":"all"}"#, 102),
        (r#"{"kind":"restored","ledger_id":"x","height":0,"block_hash":"x"}"#, 101),
        (r#"{"kind":"closed","when":1}"#, 101),
        (r#"{"step_ms":1}"#, 101),
    ] {
        assert_eq!(number(ledger_note(ledger, request.as_bytes())), expected, "{request}");
    }
    for (request, expected) in [
        (r#"{"records":[2],"reason":"order","reference":"x"}"#, 502),
        (r#"{"records":[2],"reason":"mood","reference":"x"}"#, 102),
        (r#"{"records":[2],"dossier":"","reason":"order","reference":"x"}"#, 101),
        (r#"{"record":2,"reason":"order","reference":"x"}"#, 101),
        (r#"{"reason":"order","reference":"x"}"#, 101),
    ] {
        assert_eq!(number(ledger_erase(ledger, request.as_bytes())), expected, "{request}");
    }
    for (request, expected) in [
        (r#"{"action":"set","records":[],"reason":"audit","reference":"x"}"#, 104),
        (r#"{"action":"set","records":[0],"reason":"audit","reference":"x"}"#, 502),
        (r#"{"action":"grip","records":[0],"reason":"audit","reference":"x"}"#, 102),
        (r#"{"action":"set","records":[0],"reason":"mood","reference":"x"}"#, 102),
    ] {
        assert_eq!(number(ledger_hold(ledger, request.as_bytes())), expected, "{request}");
    }
    let (_, public) = key("SM2");
    for (member, value, expected) in [
        ("role", json!("king"), 102),
        ("custody", json!("pocket"), 102),
        ("key", json!({}), 101),
        ("previous", json!("0".repeat(64)), 101),
        ("attestation", json!({ "format": "x" }), 101),
        ("attestation", json!({ "format": "x", "bytes": "zz" }), 101),
        ("attestation", json!({ "format": "x", "bytes": "" }), 308),
        ("attestation", json!({ "format": "x", "bytes": "00".repeat(16_385) }), 308),
        ("effective_ms", json!(0.5), 101),
    ] {
        let mut request =
            json!({ "role": "ledger", "key": public, "custody": "hsm", "effective_ms": 5 });
        request[member] = value;
        assert_eq!(number(ledger_key_draft(ledger, &bytes(&request))), expected, "{request}");
    }
    for draft in [&b""[..], b"\xa0", b"\xff"] {
        assert!(matches!(number(ledger_key_finish(ledger, draft, &[1; 64])), 301..=312));
    }
    let revoke = json!({ "role": "customer", "previous": "0".repeat(64), "reason": "lost", "effective_ms": 1 });
    assert_eq!(number(ledger_append_entry(ledger, &ledger_entry(ledger, 0).unwrap())), 314);
    assert!(
        ledger_key_revoke(ledger, &bytes(&revoke)).is_ok(),
        "other roles are the verifier's to judge"
    );
}

#[test]
fn a_bad_bundle_leaves_no_block_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().as_bytes().to_vec();
    let (ledger, key) = ledger("SHA-256", "Ed25519");
    append(ledger, &loan("1.00"));
    seal(ledger, key);
    let bundle = ledger_export(ledger, 0, 1).unwrap();
    for cut in [0, 1, 10, bundle.len() / 2, bundle.len() - 1] {
        let name = path(&format!("cut{cut}"));
        assert_eq!(number(replica_import(&name, BundleFrom::Bytes(&bundle[..cut]))), 301);
    }
    assert_eq!(number(replica_import(&path("a"), BundleFrom::File(b"/nowhere"))), 601);
    assert_eq!(number(replica_import(b"", BundleFrom::Bytes(&bundle))), 101);
    let mut bent = bundle.clone();
    let last = bent.len() - 40;
    bent[last] ^= 1;
    assert!(replica_import(&path("bent"), BundleFrom::Bytes(&bent)).is_err());
    let rest = ledger_export(ledger, 1, 1).unwrap();
    assert_eq!(number(replica_import(&path("gap"), BundleFrom::Bytes(&rest))), 504);
}

#[test]
fn a_verification_that_can_be_made_is_no_error() {
    for proof in [&b""[..], b"\xff", b"\xa0", &[0; 1000]] {
        let verdict = value(&verify_proof(proof, b"", 0, b"json").unwrap());
        assert_eq!(verdict["lines"][0]["status"], "CONTRADICTED");
        value(&verify_bundle(BundleFrom::Bytes(proof), b"", 0, b"json").unwrap());
    }
    assert_eq!(number(verify_proof(b"", b"{", 0, b"json")), 107);
    assert_eq!(number(verify_proof(b"", b"{\"trust\":\"all\"}", 0, b"json")), 107);
    assert_eq!(number(verify_proof(b"", b"", 0, b"pdf")), 102);
    assert_eq!(number(verify_bundle(BundleFrom::File(b"/nowhere"), b"", 0, b"json")), 601);
    assert_eq!(number(verify_bundle(BundleFrom::File(b"\xff"), b"", 0, b"json")), 309);
}

#[test]
fn single_checks_refuse_other_lengths_and_sizes() {
    let node = [0u8; 32];
    assert_eq!(number(digest(b"SHA256", b"")), 102);
    assert_eq!(number(tree_root(b"SM3", &[0; 33])), 101);
    for (leaf, index, size, path, root, expected) in [
        (&node[..31], 0, 1, &b""[..], &node[..], 101),
        (&node, 0, 1, b"", &node[..31], 101),
        (&node, 0, 1, &node[..1], &node, 101),
        (&node, 0, 2, b"", &node, 317),
        (&node, 1, 1, b"", &node, 313),
        (&node, 0, u64::MAX, b"", &node, 313),
        (&node, 0, 0, b"", &node, 313),
        (&node, 0, 1, b"", &[1; 32], 408),
    ] {
        let got = number(check_inclusion(b"SHA-256", leaf, index, size, path, root));
        assert_eq!(got, expected, "index {index} of {size}");
    }
    for (first, second, path, root, expected) in [
        (0, 1, &b""[..], &node[..], 313),
        (2, 1, b"", &node, 313),
        (1, 2, b"", &node, 317),
        (1, 1, b"", &[1; 32], 408),
        (1, 1, b"", b"", 101),
    ] {
        let got = number(check_consistency(b"SM3", first, second, &node, root, path));
        assert_eq!(got, expected, "{first} to {second}");
    }
}
