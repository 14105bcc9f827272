//! What a bank's operations do at the boundary: an HSM that wraps, backups, set clocks, and a witness that keeps a replica.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use serde_json::json;
use yinzheng_facade::*;

/// Stands for an HSM: the same call wraps and unwraps.
fn wrap(key: &[u8]) -> Vec<u8> {
    key.iter().map(|byte| byte ^ 0x5c).collect()
}

fn wrapped_request(public: &serde_json::Value) -> Vec<u8> {
    let mut request = create_request("SM3", public);
    request["in_memory"] = json!(true);
    request["wrapped_by_host"] = json!(true);
    bytes(&request)
}

#[test]
fn the_hosts_hsm_wraps_every_records_key() {
    let (signer, public) = key("SM2");
    let ledger = ledger_create(b"", &VAULT, &wrapped_request(&public)).unwrap();
    seal(ledger, signer);
    assert_eq!(number(ledger_append(ledger, &bytes(&loan("1.00")))), 605, "no key is ready");

    let (id, plain) = ledger_draw_record_key(ledger).unwrap();
    assert_eq!(plain.len(), 32);
    assert_eq!(number(ledger_supply_wrapped_key(ledger, id + 1, &wrap(&plain))), 502);
    assert_eq!(number(ledger_supply_wrapped_key(ledger, id, b"")), 101);
    assert_eq!(number(ledger_supply_wrapped_key(ledger, id, &[1; 4097])), 101);
    assert_eq!(ledger_supply_wrapped_key(ledger, id, &wrap(&plain)).unwrap(), 1);
    let record = append(ledger, &loan("5000.00"));
    let sequence = record["sequence"].as_u64().unwrap();

    let wrapped = ledger_wrapped_key(ledger, sequence).unwrap();
    let opened = ledger_disclosures_with_key(ledger, sequence, &wrap(&wrapped)).unwrap();
    assert!(
        value(&opened).as_array().unwrap().iter().any(|row| row["hex"].as_str().unwrap().len() > 8)
    );
    assert_eq!(number(ledger_disclosures_with_key(ledger, sequence, &wrapped)), 603, "as wrapped");
    assert_eq!(number(ledger_disclosures_with_key(ledger, sequence, b"")), 603);
    assert_eq!(number(ledger_disclosures(ledger, sequence)), 605, "only the host can open it");

    let erase = bytes(&json!({
        "record": sequence, "names": ["loan.amount"], "reason": "order", "reference": "order 7",
    }));
    assert_eq!(number(ledger_erase(ledger, &erase)), 605, "what stays must be opened");
    assert_eq!(number(ledger_erase_with_key(ledger, &erase, &wrapped)), 603, "as wrapped");
    assert_eq!(
        number(ledger_erase_with_key(ledger, &erase, &wrap(&wrapped))),
        605,
        "no key is ready"
    );
    for _ in 0..2 {
        let (id, plain) = ledger_draw_record_key(ledger).unwrap();
        ledger_supply_wrapped_key(ledger, id, &wrap(&plain)).unwrap();
    }
    let erased = ledger_erase_with_key(ledger, &erase, &wrap(&wrapped)).unwrap();
    assert_eq!(value(&erased)["names"][0], "loan.amount");
    assert_ne!(ledger_wrapped_key(ledger, sequence).unwrap(), wrapped);
    let whole = bytes(&json!({"records": [sequence], "reason": "order", "reference": "order 7"}));
    assert_eq!(number(ledger_erase_with_key(ledger, &whole, &wrap(&wrapped))), 101);

    ledger_replace_wrapped_key(ledger, sequence, b"under another key").unwrap();
    assert_eq!(ledger_wrapped_key(ledger, sequence).unwrap(), b"under another key");
    assert_eq!(number(ledger_replace_wrapped_key(ledger, sequence, b"")), 101);
    assert_eq!(number(ledger_wrapped_key(ledger, 99)), 502);
}

#[test]
fn a_ledger_that_wraps_its_own_keys_gives_none_out() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    let record = append(ledger, &loan("5000.00"));
    assert_eq!(number(ledger_draw_record_key(ledger)), 101);
    assert_eq!(number(ledger_supply_wrapped_key(ledger, 0, &[1; 32])), 502);
    let sequence = record["sequence"].as_u64().unwrap();
    assert_eq!(number(ledger_replace_wrapped_key(ledger, sequence, &[1; 32])), 101);
}

#[test]
fn a_ledger_takes_as_much_at_once_as_its_host_says() {
    let (signer, public) = key("Ed25519");
    let mut request = create_request("SHA-256", &public);
    request["in_memory"] = json!(true);
    for (limits, expected) in [
        (json!({"append_records": 0}), 101),
        (json!({"waiting_entries": 0}), 101),
        (json!({"waiting_entries": -1}), 101),
        (json!({"block_entries": 5}), 101),
        (json!([]), 101),
    ] {
        request["limits"] = limits.clone();
        assert_eq!(number(ledger_create(b"", &VAULT, &bytes(&request))), expected, "{limits}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db").to_str().unwrap().as_bytes().to_vec();
    let mut on_disk = create_request("SHA-256", &public);
    on_disk["limits"] = json!({"waiting_entries": 0});
    assert_eq!(number(ledger_create(&path, &VAULT, &bytes(&on_disk))), 101);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    request["limits"] = json!({"append_records": 1, "waiting_entries": 2});
    let ledger = ledger_create(b"", &VAULT, &bytes(&request)).unwrap();
    seal(ledger, signer);
    let two = bytes(&json!([loan("1.00"), loan("2.00")]));
    assert_eq!(number(ledger_append_many(ledger, &two)), 104);
    append(ledger, &loan("1.00"));
    append(ledger, &loan("2.00"));
    assert_eq!(number(ledger_append(ledger, &bytes(&loan("3.00")))), 104, "seal first");
    seal(ledger, signer);
    append(ledger, &loan("3.00"));
}

#[test]
fn a_backup_opens_as_the_ledger_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().as_bytes().to_vec();
    let (signer, public) = key("Ed25519");
    let request = bytes(&create_request("SHA-256", &public));
    let ledger = ledger_create(&at("ledger"), &VAULT, &request).unwrap();
    seal(ledger, signer);
    let record = append(ledger, &loan("5000.00"));
    seal(ledger, signer);
    ledger_backup(&at("ledger"), &at("backup")).unwrap();
    assert_eq!(number(ledger_backup(&at("ledger"), &at("backup"))), 101, "it is there");
    assert_eq!(number(ledger_backup(&at("nowhere"), &at("other"))), 606);
    assert_eq!(number(ledger_backup(b"\xff", &at("other"))), 309);

    let head = value(&ledger_head(ledger).unwrap());
    assert_eq!(number(ledger_open(&at("backup"), &[8; 32], b"")), 605, "another vault key");
    let restored = ledger_open(&at("backup"), &VAULT, br#"{"read_only":true}"#).unwrap();
    assert_eq!(value(&ledger_head(restored).unwrap()), head);
    let found = value(&ledger_find(restored, text(&record, "number").as_bytes()).unwrap());
    assert_eq!(found["digest"], record["digest"]);
}

#[test]
fn a_clock_that_was_set_is_noted() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    let now = |ms: i64, monotonic: u64| {
        bytes(&json!({
            "captured": { "ms": ms, "offset_minutes": 480 }, "tier": "device",
            "monotonic_ms": monotonic, "boot_id": "11".repeat(16),
        }))
    };
    let start = 1_793_500_200_000_i64;
    assert_eq!(
        ledger_note_clock(ledger, &now(start, 1_000)).unwrap(),
        0,
        "nothing to compare with"
    );
    assert_eq!(ledger_note_clock(ledger, &now(start + 5_000, 6_000)).unwrap(), 0, "time passed");
    let event = ledger_note_clock(ledger, &now(start - 60_000, 7_000)).unwrap();
    let entry = ledger_entry(ledger, event).unwrap();
    let said = value(&inspect(b"entry", &entry, b"").unwrap());
    assert!(said.to_string().contains("-66000"), "{said}");
    assert_eq!(number(ledger_note_clock(ledger, b"{}")), 101);
}

#[test]
fn a_witness_countersigns_what_extends_its_replica_and_proves_a_fork() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().as_bytes().to_vec();
    let (signer, public) = key("P-256");
    let request = bytes(&create_request("SHA-256", &public));
    let own = ledger_create(&at("own"), &VAULT, &request).unwrap();
    seal(own, signer);
    ledger_backup(&at("own"), &at("clone")).unwrap();
    let clone = ledger_open(&at("clone"), &VAULT, b"").unwrap();
    for (ledger, amount) in [(own, "1.00"), (clone, "2.00")] {
        append(ledger, &loan(amount));
        seal(ledger, signer);
    }
    let honest = ledger_export(own, 0, 1).unwrap();
    let forked = ledger_export(clone, 0, 1).unwrap();

    replica_import(&at("replica"), BundleFrom::Bytes(&honest)).unwrap();
    let replica = ledger_open(&at("replica"), b"", br#"{"read_only":true}"#).unwrap();
    let (witness, witness_public) = key("Ed25519");
    let request = bytes(
        &json!({ "key": witness_public, "claim": "extends", "issuer": "示例公证处", "role": "notary" }),
    );
    let head = ledger_head_state(replica).unwrap();
    let draft = countersignature_draft(&head, &request).unwrap();
    let signature = key_sign(witness, &draft.to_sign.to_be_signed).unwrap();
    let word = countersignature_finish(&draft.draft, &signature).unwrap();
    ledger_attach(
        own,
        &bytes(&json!({ "height": 1, "kind": "countersignature", "bytes": hex(&word) })),
    )
    .unwrap();

    assert_eq!(number(replica_import(&at("replica"), BundleFrom::Bytes(&forked))), 504);
    assert_eq!(number(ledger_prove_fork(replica, &honest)), 502, "nothing is another block");
    let proof = ledger_prove_fork(replica, &forked).unwrap();
    assert_eq!(proof, ledger_prove_fork(own, &forked).unwrap());
    let verdict = value(&verify_proof(&proof, b"", 0, b"").unwrap());
    let line = |line: &&serde_json::Value| line["check"] == "ledger.one-history";
    let line = verdict["lines"].as_array().unwrap().iter().find(line).unwrap();
    assert_eq!(line["status"], "CONTRADICTED");

    let (stranger, _) = ledger("SHA-256", "Ed25519");
    assert_eq!(number(ledger_prove_fork(stranger, &forked)), 101, "another ledger's");
    assert_eq!(number(ledger_prove_fork(own, b"\x01")), 310);
}

#[test]
fn the_feed_tells_what_to_send_next() {
    let (ledger, signer) = ledger("SM3", "SM2");
    let start = value(&ledger_feed(ledger, b"", 100).unwrap());
    let record = append(ledger, &loan("5000.00"));
    let next = text(&start, "next").as_bytes();
    let nothing = value(&ledger_feed(ledger, next, 100).unwrap());
    assert_eq!(nothing, json!({ "items": [], "next": start["next"] }), "appended is not sealed");
    let sealed = seal(ledger, signer);
    let feed = value(&ledger_feed(ledger, next, 100).unwrap());
    let [told, block] = feed["items"].as_array().unwrap().as_slice() else { panic!("{feed}") };
    for member in ["digest", "number", "dossier", "preservation_number", "place", "sequence"] {
        assert_eq!(told[member], record[member], "{member}");
    }
    assert_eq!((&told["kind"], &block["kind"]), (&json!("record"), &json!("block")));
    assert_eq!(block["sealed_digest"], sealed["sealed_digest"]);
    let one = value(&ledger_feed(ledger, next, 1).unwrap());
    assert_eq!(one["items"], json!([told]));
    assert_eq!(one["next"], told["next"]);
    assert_eq!(number(ledger_feed(ledger, b"7.0", 1)), 503);
    assert_eq!(number(ledger_feed(ledger, b"seven", 1)), 101);
    assert_eq!(number(ledger_feed(ledger, b"\xff", 1)), 309);
}

#[test]
fn pages_are_made_of_a_verdict() {
    let (ledger, signer) = ledger("SM3", "SM2");
    let record = append(ledger, &loan("5000.00"));
    seal(ledger, signer);
    let request = json!({ "dossier": record["dossier"], "disclose": "all" });
    let proof = ledger_prove(ledger, &bytes(&request)).unwrap();
    let verdict = verify_proof(&proof, b"", 1_793_600_000_000, b"json").unwrap();
    let page = |mut request: serde_json::Value| {
        request.as_object_mut().unwrap().entry("lang").or_insert("zh".into());
        verdict_paper(&verdict, &bytes(&request))
    };
    let text = |made: Vec<u8>| String::from_utf8(made).unwrap();
    for kind in ["certificate", "signing", "list"] {
        let html = text(page(json!({ "kind": kind, "lang": "en", "issuer": "Bank <b>" })).unwrap());
        assert!(html.starts_with("<!DOCTYPE html>") && !html.contains("<b>"), "{kind}");
        assert!(html.contains(record["number"].as_str().unwrap()), "{kind}");
    }
    let masked = text(page(json!({ "kind": "certificate" })).unwrap());
    let full = text(page(json!({ "kind": "certificate", "full": true })).unwrap());
    assert!(masked.contains("存证证明") && full != masked);
    assert!(text(page(json!({ "kind": "list.csv", "originals": [] })).unwrap()).contains(','));
    let digest = json!({ "size": 1, "sha256": "00".repeat(32), "sm3": "00".repeat(32) });
    for (request, expected) in [
        (json!({}), 101),
        (json!({ "kind": "certificate", "colour": "red" }), 101),
        (json!({ "kind": "annex" }), 101),
        (json!({ "kind": "receipt" }), 101),
        (json!({ "kind": "list", "originals": [{ "sha256": "00" }] }), 101),
        (json!({ "kind": "poster" }), 102),
        (json!({ "kind": "list", "lang": "fr" }), 102),
        (json!({ "kind": "annex", "contract": digest }), 407),
        (json!({ "kind": "receipt", "record": record["number"] }), 502),
    ] {
        assert_eq!(number(page(request.clone())), expected, "{request}");
    }
    let request = br#"{"kind":"certificate","lang":"zh"}"#;
    assert_eq!(number(verdict_paper(&verdict, br#"{"kind":"certificate"}"#)), 101, "no language");
    for junk in [&b""[..], b"{}", b"[]", &verdict[..verdict.len() - 1], &proof] {
        assert_eq!(number(verdict_paper(junk, request)), 109);
    }
}

#[test]
fn a_platform_is_told_what_its_interface_takes() {
    let (ledger, signer) = ledger("SM3", "SM2");
    let record = append(ledger, &loan("5000.00"));
    seal(ledger, signer);
    let request = json!({ "dossier": record["dossier"], "disclose": "all" });
    let proof = ledger_prove(ledger, &bytes(&request)).unwrap();
    let digest = text(&record, "digest").as_bytes();
    let told = value(&proof_deposit(&proof, digest, b"btoe").unwrap());
    assert_eq!(told["BusinessId"], record["number"]);
    assert_eq!(format!("sm3:{}", text(&told, "EvidenceHash")), text(&record, "digest"));
    assert_eq!(number(proof_deposit(&proof, digest, b"fisco")), 101, "nobody signed it");
    assert_eq!(number(proof_deposit(&proof, digest, b"nobody")), 102);
    let other = format!("sm3:{}", "00".repeat(32));
    assert_eq!(number(proof_deposit(&proof, other.as_bytes(), b"btoe")), 502);
    assert_eq!(number(proof_deposit(b"", digest, b"btoe")), 301);
}
