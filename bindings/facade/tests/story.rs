//! What works: one story through every family of calls, in each suite.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use serde_json::json;
use yinzheng_facade::*;

const SUITES: [(&str, &str); 3] = [("SHA-256", "Ed25519"), ("SHA-256", "P-256"), ("SM3", "SM2")];

#[test]
fn a_loan_is_sealed_signed_proven_and_verified_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for (hash, algorithm) in SUITES {
        let path = folder.path().join(algorithm).to_str().unwrap().as_bytes().to_vec();
        let (key, public) = key(algorithm);
        let request = bytes(&create_request(hash, &public));
        let ledger = ledger_create(&path, &VAULT, &request).unwrap();
        seal(ledger, key);
        let first = append(ledger, &loan("5000.00"));
        assert_eq!(first["place"], 0);
        let mut next = loan("5000.00");
        next["dossier"] = first["preservation_number"].clone();
        next["cite"] = json!([{ "digest": first["digest"], "relation": "evidence" }]);
        next["business_id"] = json!("loan-1");
        let second = append(ledger, &next);
        assert_eq!((second["place"].as_u64(), &second["replayed"]), (Some(1), &json!(false)));
        assert_eq!(append(ledger, &next)["replayed"], true);

        // Begun, then the process ends: the same bytes wait after the restart.
        let waiting = ledger_begin(ledger, 1_793_500_002).unwrap();
        close(ledger).unwrap();
        let ledger = ledger_open(&path, &VAULT, b"").unwrap();
        let again = ledger_pending(ledger).unwrap().unwrap();
        assert_eq!(waiting, again);
        let signature = key_sign(key, &again.to_be_signed).unwrap();
        let sealed = value(&ledger_commit(ledger, &signature).unwrap());
        assert_eq!(sealed["height"], 1);

        let request = json!({ "dossier": second["dossier"], "disclose": "all" });
        let proof = ledger_prove(ledger, &bytes(&request)).unwrap();
        assert_sound(&verify_proof(&proof, b"", 1_793_600_000_000, b"json").unwrap());
        let under = |head: serde_json::Value| {
            let request = json!({ "sequences": [0], "disclose": "all", "head": head });
            ledger_prove(ledger, &bytes(&request)).unwrap()
        };
        assert_eq!(under(json!("newest")), under(json!(1)));
        assert_ne!(under(json!(1)), under(json!(0)));
        assert_sound(&verify_proof(&under(json!(0)), b"", 1_793_600_000_000, b"json").unwrap());
        for (form, word) in [(&b"zh"[..], "核验"), (b"en", "PROVEN")] {
            let said = String::from_utf8(verify_proof(&proof, b"", 0, form).unwrap()).unwrap();
            assert!(said.contains(word), "{said}");
        }
        close(ledger).unwrap();
        close(key).unwrap();
    }
}

#[test]
fn a_customer_signs_or_refuses() {
    for (hash, algorithm) in SUITES {
        let (ledger, _) = ledger(hash, "Ed25519");
        let (customer, public) = key(algorithm);
        let mut request = loan("5000.00");
        request["signer"] = json!({ "key": public, "role": "customer", "audience": "ledger" });
        let waiting = ledger_hold_for_signature(ledger, &bytes(&request)).unwrap();
        let info = value(&waiting.info);
        let held = value(&ledger_held(ledger).unwrap());
        assert_eq!(text(&held[0], "to_be_signed"), hex(&waiting.to_be_signed));
        let id = info["id"].as_u64().unwrap();
        assert_eq!(number(ledger_finish_statement(ledger, id, &[1; 64])), 404);
        let signature = key_sign(customer, &waiting.to_be_signed).unwrap();
        let signed = value(&ledger_finish_statement(ledger, id, &signature).unwrap());
        assert_eq!(signed["digest"], info["digest"]);
        assert_eq!(number(ledger_finish_statement(ledger, id, &signature)), 502);
        let entry = ledger_entry(ledger, signed["sequence"].as_u64().unwrap()).unwrap();
        let said = value(&inspect(b"statement", &entry, b"").unwrap());
        assert_eq!((&said["role"], &said["record_digest"]), (&json!(1), &info["digest"]));

        request["dossier"] = info["dossier"].clone();
        let refused = ledger_hold_for_signature(ledger, &bytes(&request)).unwrap();
        let id = value(&refused.info)["id"].as_u64().unwrap();
        ledger_drop_statement(ledger, id, b"declined", b"1793500200000").unwrap();
        assert_eq!(value(&ledger_held(ledger).unwrap()), json!([]));
    }
}

#[test]
fn a_further_signer_signs_what_is_sealed() {
    let (ledger, key_handle) = ledger("SM3", "SM2");
    let record = append(ledger, &loan("1.00"));
    seal(ledger, key_handle);
    let (witness, public) = key("P-256");
    let request = json!({
        "record": record["digest"],
        "signer": { "key": public, "role": "witness", "issued_at": 1_793_500_000 },
    });
    let draft = statement_draft(b"", &bytes(&request)).unwrap();
    let signature = key_sign(witness, &draft.to_sign.to_be_signed).unwrap();
    let entry = statement_finish(&draft.draft, &signature).unwrap();
    ledger_append_entry(ledger, &entry).unwrap();
    assert_eq!(number(statement_finish(&draft.draft, &[0; 64])), 403);
    assert_eq!(number(statement_finish(b"\x80", &signature)), 310);
}

#[test]
fn another_bank_countersigns_the_head_and_the_proof_carries_it() {
    let (ledger, key_handle) = ledger("SM3", "SM2");
    let record = append(ledger, &loan("1.00"));
    seal(ledger, key_handle);
    let head = ledger_head_state(ledger).unwrap();
    let (witness, public) = key("P-256");
    let request = json!({ "key": public, "claim": "seen", "issuer": "另一银行", "time": 1_793_500_300_000_i64 });
    let draft = countersignature_draft(&head, &bytes(&request)).unwrap();
    assert_eq!(
        number(countersignature_finish(&draft.draft, &key_sign(witness, b"x").unwrap())),
        404
    );
    assert_eq!(number(countersignature_finish(b"\x80", &[1; 64])), 310);
    let signature = key_sign(witness, &draft.to_sign.to_be_signed).unwrap();
    let word = countersignature_finish(&draft.draft, &signature).unwrap();
    let attach = json!({ "height": 1, "kind": "countersignature", "bytes": hex(&word) });
    ledger_attach(ledger, &bytes(&attach)).unwrap();
    let request = json!({ "dossier": record["dossier"], "disclose": "profile" });
    let proof = ledger_prove(ledger, &bytes(&request)).unwrap();
    assert_eq!(value(&inspect(b"proof", &proof, b"").unwrap())["outside"], 1);
    assert_sound(&verify_proof(&proof, b"", 0, b"").unwrap());

    let kit = value(&proof_kit(&proof, text(&record, "digest").as_bytes()).unwrap());
    assert!(kit.as_array().unwrap().iter().any(|file| text(file, "name").contains("COMMANDS")));
    let id = text(&value(&ledger_head(ledger).unwrap()), "ledger_id").to_owned();
    proof_kit(&proof, format!("{id}/0").as_bytes()).unwrap();
    for (about, expected) in [
        (format!("{id}/99"), 502),
        (format!("{id}/x"), 101),
        (format!("sm3:{}", "0".repeat(64)), 502),
        ("R-0".to_owned(), 101),
    ] {
        assert_eq!(number(proof_kit(&proof, about.as_bytes())), expected, "{about}");
    }
    for (member, value, expected) in
        [("claim", json!("hearsay"), 102), ("role", json!("king"), 102), ("issuer", json!(7), 101)]
    {
        let mut request = json!({ "key": public, "claim": "seen", "issuer": "x" });
        request[member] = value;
        assert_eq!(number(countersignature_draft(&head, &bytes(&request))), expected);
        assert_eq!(number(countersignature_draft(b"", &bytes(&request))), 301);
    }
}

#[test]
fn many_records_go_in_together() {
    let (ledger, key) = ledger("SHA-256", "Ed25519");
    let requests = json!([loan("1.00"), loan("2.00"), loan("3.00")]);
    let replies = value(&ledger_append_many(ledger, &bytes(&requests)).unwrap());
    assert_eq!(replies.as_array().unwrap().len(), 3);
    seal(ledger, key);
    let list = value(&ledger_list(ledger, 2, 10).unwrap());
    let kinds: Vec<&str> = list.as_array().unwrap().iter().map(|row| text(row, "kind")).collect();
    assert_eq!(kinds, ["record", "record", "record"]);
    assert_eq!(list[0]["height"], 1);
    let bad = json!([loan("1.00"), { "profile": "generic", "message": { "支付密码": "1" } }]);
    let failure = ledger_append_many(ledger, &bytes(&bad)).unwrap_err();
    assert_eq!(failure.number, 103);
    assert!(failure.message.contains("record 1"), "{}", failure.message);
    assert_eq!(value(&ledger_status(ledger).unwrap())["entries"], 5, "all or none");
}

#[test]
fn a_record_is_found_read_and_erased() {
    let (ledger, key) = ledger("SHA-256", "P-256");
    let record = append(ledger, &loan("5000.00"));
    let sequence = record["sequence"].as_u64().unwrap();
    seal(ledger, key);
    for member in ["number", "preservation_number"] {
        let found = value(&ledger_find(ledger, text(&record, member).as_bytes()).unwrap());
        assert_eq!(found["dossier"], record["dossier"]);
    }
    let dossiers = value(&ledger_dossiers(ledger, b"", 10).unwrap());
    assert_eq!(dossiers[0]["dossier"], record["dossier"]);
    let dossier = value(&ledger_dossier(ledger, text(&record, "dossier").as_bytes()).unwrap());
    assert_eq!(dossier["places"][0]["number"], record["number"]);
    let values = value(&ledger_disclosures(ledger, sequence).unwrap());
    let amount =
        values.as_array().unwrap().iter().find(|row| row["name"] == "loan.amount").unwrap();
    assert!(text(amount, "en").contains("5000.00"));

    let closed = ledger_prove(ledger, br#"{"sequences":[2],"disclose":"none"}"#).unwrap();
    let digest = text(&record, "digest").as_bytes();
    let shown = bytes(&json!([amount["disclosure"]]));
    let opened = proof_disclose(&closed, digest, &shown).unwrap();
    assert_eq!(value(&inspect(b"proof", &closed, b"").unwrap())["items"][2]["shown"], 0);
    assert_eq!(value(&inspect(b"proof", &opened, b"").unwrap())["items"][2]["shown"], 1);

    let hold = json!({ "action": "set", "records": [sequence], "reason": "dispute", "reference": "case 1" });
    ledger_hold(ledger, &bytes(&hold)).unwrap();
    let erase =
        json!({ "records": [sequence], "reason": "persons-request", "reference": "request 1" });
    assert_eq!(number(ledger_erase(ledger, &bytes(&erase))), 510);
    let lift = json!({ "action": "lift", "records": [sequence], "reason": "dispute", "reference": "case 1" });
    ledger_hold(ledger, &bytes(&lift)).unwrap();
    let erased = value(&ledger_erase(ledger, &bytes(&erase)).unwrap());
    assert_eq!(erased["records"], json!([record["digest"]]));
    assert_eq!(number(ledger_disclosures(ledger, sequence)), 509);
    let report = value(&ledger_check(ledger).unwrap());
    assert_eq!(report["problems"], json!([]));
    assert_sound(&verify_proof(&opened, b"", 0, b"").unwrap());
}

#[test]
fn keys_change_and_end() {
    let (ledger, first) = ledger("SM3", "SM2");
    let (second, public) = key("P-256");
    let request = json!({ "role": "ledger", "key": public, "custody": "hsm", "effective_ms": 5 });
    let draft = ledger_key_draft(ledger, &bytes(&request)).unwrap();
    assert_eq!(
        number(ledger_key_finish(ledger, &draft.draft, &key_sign(second, b"x").unwrap())),
        404
    );
    let signature = key_sign(second, &draft.to_sign.to_be_signed).unwrap();
    let kid = ledger_key_finish(ledger, &draft.draft, &signature).unwrap();
    seal(ledger, first);
    append(ledger, &loan("1.00"));
    let waiting = ledger_begin(ledger, 9).unwrap();
    assert_eq!(
        number(ledger_commit(ledger, &key_sign(first, &waiting.to_be_signed).unwrap())),
        404
    );
    seal(ledger, second);
    let keys = value(&ledger_keys(ledger).unwrap());
    assert_eq!((text(&keys[1], "kid"), &keys[1]["epoch"]), (hex(&kid).as_str(), &json!(1)));

    let (_, customer) = key("SM2");
    let request =
        json!({ "role": "customer", "key": customer, "custody": "shield", "effective_ms": 5 });
    ledger_key_draft(ledger, &bytes(&request)).unwrap();
    let revoke = json!({ "role": "ledger", "previous": keys[0]["kid"], "reason": "retired", "effective_ms": 6 });
    ledger_key_revoke(ledger, &bytes(&revoke)).unwrap();
    assert_eq!(number(ledger_key_revoke(ledger, &bytes(&revoke))), 508);
}

#[test]
fn the_keys_of_parties_are_in_the_list_also_before_they_are_sealed() {
    let (ledger, _) = ledger("SM3", "SM2");
    let enrol = |previous: Option<&str>| {
        let (handle, public) = key("SM2");
        let mut request =
            json!({ "role": "customer", "key": public, "custody": "shield", "effective_ms": 5 });
        if let Some(kid) = previous {
            request["previous"] = json!(kid);
        }
        let draft = ledger_key_draft(ledger, &bytes(&request)).unwrap();
        let asked = value(&inspect(b"to-be-signed", &draft.to_sign.to_be_signed, b"").unwrap());
        assert_eq!(asked["what"], "possession");
        let signature = key_sign(handle, &draft.to_sign.to_be_signed).unwrap();
        hex(&ledger_key_finish(ledger, &draft.draft, &signature).unwrap())
    };
    let first = enrol(None);
    let second = enrol(Some(&first));
    let revoke =
        json!({ "role": "customer", "previous": second, "reason": "lost", "effective_ms": 6 });
    ledger_key_revoke(ledger, &bytes(&revoke)).unwrap();
    let list = value(&ledger_list(ledger, 0, 10).unwrap());
    let keys: Vec<_> = list.as_array().unwrap().iter().filter(|row| row["kind"] == "key").collect();
    assert_eq!(keys.len(), 3);
    assert_eq!((&keys[0]["kid"], &keys[0]["previous"]), (&json!(first), &json!(null)));
    assert_eq!((&keys[1]["kid"], &keys[1]["previous"]), (&json!(second), &json!(first)));
    assert_eq!((&keys[2]["action"], &keys[2]["previous"]), (&json!("revoke"), &json!(second)));
    assert!(keys[2]["key"].is_null() && keys.iter().all(|row| row["height"].is_null()));
}

#[test]
fn a_replica_grows_from_bundles() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().as_bytes().to_vec();
    let (ledger, key) = ledger("SHA-256", "Ed25519");
    append(ledger, &loan("1.00"));
    seal(ledger, key);
    let bundle = ledger_export(ledger, 0, 1).unwrap();
    ledger_export_file(ledger, 0, 1, &path("bundle")).unwrap();
    assert_eq!(number(ledger_export_file(ledger, 0, 1, &path("bundle"))), 601, "never overwritten");
    let file = path("bundle");
    let report = value(&replica_import(&path("replica"), BundleFrom::File(&file)).unwrap());
    assert_eq!(report, json!({ "imported": 2, "known": 0, "height": 1 }));
    let again = value(&replica_import(&path("replica"), BundleFrom::Bytes(&bundle)).unwrap());
    assert_eq!(again["known"], 2);
    let replica = ledger_open(&path("replica"), b"", br#"{"read_only":true}"#).unwrap();
    assert_eq!(ledger_head(replica).unwrap(), ledger_head(ledger).unwrap());
    assert_eq!(number(ledger_append(replica, &bytes(&loan("1.00")))), 203);
    for from in [BundleFrom::Bytes(&bundle), BundleFrom::File(&file)] {
        assert_sound(&verify_bundle(from, b"", 0, b"json").unwrap());
    }
    ledger_consistency(ledger, 0, 1).unwrap();
    assert_eq!(number(ledger_consistency(ledger, 1, 1)), 101);
}

#[test]
fn the_vault_moves_to_another_key() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    append(ledger, &loan("1.00"));
    let new = vault_key_generate(b"SM4-GCM").unwrap();
    let report = value(&ledger_rewrap(ledger, &new, b"").unwrap());
    let old = text(&report, "old_key").as_bytes().to_vec();
    ledger_confirm_destroyed(ledger, &old, b"").unwrap();
    assert_eq!(number(ledger_rewrap(ledger, &new, b"")), 101);
    assert_eq!(number(ledger_confirm_destroyed(ledger, b"0000000000000000", b"")), 502);
    ledger_disclosures(ledger, 2).unwrap();
}

#[test]
fn the_ledger_says_how_it_stands_and_when_a_block_is_due() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    assert!(!ledger_due(ledger, 0, 0, i64::MAX).unwrap());
    append(ledger, &loan("1.00"));
    assert!(!ledger_due(ledger, 0, 0, 1_793_500_100_000).unwrap());
    assert!(ledger_due(ledger, 0, 0, 1_793_500_160_000).unwrap());
    assert!(ledger_due(ledger, 1, 0, 0).unwrap());
    let status = value(&ledger_status(ledger).unwrap());
    assert_eq!((&status["unsealed"], &status["blocks"]), (&json!(1), &json!(1)));
    ledger_note(ledger, br#"{"kind":"clock","step_ms":-5000,"time":1}"#).unwrap();
    let other = json!({
        "kind": "observed-head", "ledger_id": status["ledger_id"], "height": 0, "time": 1,
        "block_hash": format!("sha256:{}", text(&status["head"], "block_hash")),
        "sealed_digest": format!("sha256:{}", text(&status["head"], "sealed_digest")),
    });
    ledger_note(ledger, &bytes(&other)).unwrap();
    ledger_note(ledger, br#"{"kind":"closed"}"#).unwrap();
    assert_eq!(number(ledger_append(ledger, &bytes(&loan("1.00")))), 507);
}

#[test]
fn words_from_outside_stay_beside_the_block() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    let receipt = json!({
        "height": 0, "kind": "platform-receipt",
        "receipt": { "platform": "示例平台", "id": "1", "raw": "00" },
    });
    ledger_attach(ledger, &bytes(&receipt)).unwrap();
    for (request, expected) in [
        (json!({ "height": 9, "kind": "timestamp-token", "bytes": "00" }), 502),
        (json!({ "kind": "timestamp-token", "bytes": "00" }), 101),
        (json!({ "height": 0, "sequence": 0, "kind": "timestamp-token", "bytes": "00" }), 101),
        (json!({ "height": 0, "kind": "timestamp-token", "bytes": "" }), 308),
        (json!({ "height": 0, "kind": "timestamp-token" }), 101),
        (json!({ "height": 0, "kind": "timestamp-token", "bytes": "00" }), 416),
        (json!({ "height": 0, "kind": "rumour", "bytes": "00" }), 102),
        (json!({ "sequence": 0, "kind": "countersignature", "bytes": "00" }), 313),
        (json!({ "height": 0, "kind": "timestamp-token", "receipt": receipt["receipt"] }), 101),
    ] {
        assert_eq!(number(ledger_attach(ledger, &bytes(&request))), expected, "{request}");
    }
}

#[test]
fn a_timestamp_is_asked_for_and_only_its_own_answer_is_kept() {
    let (ledger, _) = ledger("SM3", "SM2");
    let query = ledger_timestamp_request(ledger, br#"{"height":0}"#).unwrap();
    assert_ne!(query, ledger_timestamp_request(ledger, br#"{"height":0}"#).unwrap(), "a nonce");
    let sm3 = ledger_timestamp_request(ledger, br#"{"sequence":0,"hash":"SM3"}"#).unwrap();
    for (request, expected) in [
        (r#"{"height":9}"#, 502),
        (r#"{"sequence":99}"#, 502),
        (r#"{}"#, 101),
        (r#"{"height":0,"sequence":0}"#, 101),
        (r#"{"height":0,"hash":"MD5"}"#, 102),
        (r#"{"height":0,"policy":{}}"#, 101),
    ] {
        let asked = ledger_timestamp_request(ledger, request.as_bytes());
        assert_eq!(number(asked), expected, "{request}");
    }
    let declined = [0x30, 5, 0x30, 3, 2, 1, 2];
    for (request, query, response, expected) in [
        (r#"{"height":0}"#, &query[..], &declined[..], 417),
        (r#"{"height":0}"#, &query, b"junk", 416),
        (r#"{"height":0}"#, &query, b"", 416),
        (r#"{"height":0}"#, b"junk", &declined, 416),
        (r#"{"height":0}"#, &sm3, &declined, 407),
        (r#"{"sequence":0}"#, &sm3, &declined, 417),
        (r#"{"height":9}"#, &query, &declined, 502),
        (r#"{"height":0,"policy":{"anchors":1}}"#, &query, &declined, 107),
        (r#"{}"#, &query, &declined, 101),
    ] {
        let kept = ledger_timestamp_attach(ledger, request.as_bytes(), query, response);
        assert_eq!(number(kept), expected, "{request}");
    }
}

#[test]
fn attachments_come_by_path_or_digest() {
    let (ledger, _) = ledger("SHA-256", "Ed25519");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "合同文本").unwrap();
    let path = file.path().to_str().unwrap();
    let digest = value(&hash_bytes("合同文本".as_bytes()).unwrap());
    for attachment in [
        json!({ "field": "合同", "media_type": "text/plain", "title": "合同", "path": path }),
        json!({ "field": "合同", "media_type": "text/plain", "digest": digest }),
    ] {
        let request = json!({ "profile": "generic", "attachments": [attachment], "time": 1 });
        append(ledger, &request);
    }
    for (attachment, expected) in [
        (json!({ "field": "合同", "media_type": "text/plain" }), 101),
        (
            json!({ "field": "合同", "media_type": "text/plain", "path": path, "digest": digest }),
            101,
        ),
        (json!({ "field": "合同", "media_type": "text/plain", "path": "/nowhere" }), 601),
        (json!({ "field": "合同", "path": path }), 101),
        (json!({ "field": "支付密码", "media_type": "text/plain", "path": path }), 103),
    ] {
        let request = json!({ "profile": "generic", "attachments": [attachment], "time": 1 });
        assert_eq!(number(ledger_append(ledger, &bytes(&request))), expected, "{request}");
    }
}
