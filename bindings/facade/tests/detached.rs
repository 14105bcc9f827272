//! Detached sealing: a whole ledger whose bytes only this test keeps.
#![cfg(feature = "seal")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use serde_json::{Value, json};
use yinzheng_facade::*;

/// What a bank's database would hold.
#[derive(Default)]
struct Database {
    head: Vec<u8>,
    entries: Vec<Vec<u8>>,
    blocks: Vec<Vec<u8>>,
    receipts: Vec<Vec<Vec<u8>>>,
    history: Vec<u8>,
}

impl Database {
    /// A sealer over the entries that are in no block.
    fn sealer(&self, entries: &[Vec<u8>]) -> Handle {
        let sealer = sealer_open(&self.head).unwrap();
        entries.iter().for_each(|entry| sealer_add(sealer, entry).unwrap());
        sealer
    }

    fn seal(&mut self, key: Handle, entries: &[Vec<u8>]) -> Value {
        let sealer = self.sealer(entries);
        let draft = sealer_prepare(sealer, 1_793_500_000).unwrap();
        close(sealer).unwrap();
        // Another process goes on from what was stored.
        let sealer = self.sealer(entries);
        let signature = key_sign(key, &draft.to_sign.to_be_signed).unwrap();
        let sealed = sealer_finish(sealer, &draft.draft, &signature).unwrap();
        let leaves = entries.len() as u64 + u64::from(!self.head.is_empty());
        let receipt = |leaf| sealer_receipt(sealer, &sealed.block, leaf).unwrap();
        self.receipts.push((0..leaves).map(receipt).collect());
        assert_eq!(number(sealer_receipt(sealer, &sealed.block, leaves)), 313);
        close(sealer).unwrap();
        let info = value(&sealed.info);
        self.history.extend(unhex(text(&info, "history_leaf")));
        self.head = sealed.head;
        self.blocks.push(sealed.block);
        self.entries.extend_from_slice(entries);
        info
    }
}

fn start(hash: &str, algorithm: &str) -> (Database, Handle) {
    let (key, public) = key(algorithm);
    let (genesis, opened, _) = genesis_make(&bytes(&create_request(hash, &public))).unwrap();
    let mut database = Database::default();
    database.seal(key, &[genesis, opened]);
    (database, key)
}

#[test]
fn a_ledger_without_a_store_seals_and_proves() {
    for (hash, algorithm) in [("SHA-256", "P-256"), ("SM3", "SM2")] {
        let (mut database, key) = start(hash, algorithm);
        let mut request = loan("5000.00");
        request["hash"] = json!(hash);
        let (first, info) = record_make(&bytes(&request)).unwrap();
        let info = value(&info);
        request["dossier"] = info["dossier"].clone();
        request["place"] = json!(1);
        request["predecessor"] = info["digest"].clone();
        let (second, second_info) = record_make(&bytes(&request)).unwrap();
        let second_info = value(&second_info);
        assert_eq!(second_info["preservation_number"], info["preservation_number"]);
        database.seal(key, &[first.clone(), second.clone()]);

        let head = value(&inspect(b"head", &database.head, b"").unwrap());
        assert_eq!(head["height"], 1);
        let path = history_path(hash.as_bytes(), &database.history[..32], 0).unwrap();
        let item = |block: usize, leaf: usize, entry: &[u8], shown: &Value| json!({ "entry": hex(entry), "receipt": hex(&database.receipts[block][leaf]), "disclosures": shown });
        let profile = profile_file(b"loan.disbursement").unwrap();
        let proof = json!({
            "items": [
                item(1, 2, &second, &second_info["disclosures"]),
                item(1, 1, &first, &info["disclosures"]),
                item(0, 0, &database.entries[0], &json!([])),
                item(0, 1, &database.entries[1], &json!([])),
            ],
            "profiles": [hex(&profile)],
            "ledgers": [{
                "head": hex(&database.blocks[1]),
                "history": [{ "height": 0, "path": hex(&path) }],
            }],
        });
        let proof = proof_assemble(&bytes(&proof)).unwrap();
        assert_sound(&verify_proof(&proof, b"", 0, b"").unwrap());
        let joined = proof_join(&[&proof, &proof]).unwrap();
        assert_eq!(joined, proof);
    }
}

#[test]
fn a_statement_is_made_without_a_store() {
    let (mut database, key_handle) = start("SHA-256", "Ed25519");
    let (record, info) = record_make(&bytes(&loan("1.00"))).unwrap();
    let (customer, public) = key("SM2");
    let request = bytes(&json!({ "signer": { "key": public, "role": "customer" } }));
    let draft = statement_draft(&record, &request).unwrap();
    let signature = key_sign(customer, &draft.to_sign.to_be_signed).unwrap();
    let statement = statement_finish(&draft.draft, &signature).unwrap();
    let said = value(&inspect(b"statement", &statement, b"").unwrap());
    assert_eq!(said["record_digest"], value(&info)["digest"]);
    database.seal(key_handle, &[statement]);
    assert_eq!(number(statement_draft(b"\xa0", &request)), 312);
    assert_eq!(number(statement_draft(b"", &request)), 101);
}

#[test]
fn only_what_belongs_together_is_sealed() {
    let (database, key) = start("SHA-256", "P-256");
    let (record, _) = record_make(&bytes(&loan("1.00"))).unwrap();
    let (other, _) = record_make(&bytes(&loan("2.00"))).unwrap();
    let sealer = database.sealer(std::slice::from_ref(&record));
    let draft = sealer_prepare(sealer, 1).unwrap();
    let signature = key_sign(key, &draft.to_sign.to_be_signed).unwrap();
    assert_eq!(number(sealer_finish(sealer, &draft.draft, &key_sign(key, b"x").unwrap())), 404);
    assert_eq!(number(sealer_finish(sealer, &draft.draft, b"")), 403);
    assert_eq!(number(sealer_finish(sealer, b"", &signature)), 301);
    assert_eq!(number(sealer_finish(sealer, &draft.draft[1..], &signature)), 306);
    assert_eq!(number(sealer_finish(sealer, b"\x82\x40\x40", &signature)), 301);
    let swapped = database.sealer(&[other]);
    assert_eq!(number(sealer_finish(swapped, &draft.draft, &signature)), 202);
    let empty = sealer_open(&database.head).unwrap();
    assert_eq!(number(sealer_prepare(empty, 1)), 506);
    assert_eq!(number(sealer_finish(empty, &draft.draft, &signature)), 506);
    let sealed = sealer_finish(sealer, &draft.draft, &signature).unwrap();
    assert_eq!(number(sealer_receipt(swapped, &sealed.block, 0)), 404);
    assert_eq!(number(sealer_receipt(sealer, b"", 0)), 301);
    // A double of an entry that the ledger's rules refuse, and things that are no entries.
    for (entry, expected) in
        [(database.entries[0].clone(), 504), (b"\x00".to_vec(), 310), (b"\xa0".to_vec(), 310)]
    {
        let sealer = database.sealer(&[entry]);
        assert_eq!(number(sealer_prepare(sealer, 1)), expected);
    }
    assert_eq!(number(sealer_add(sealer, &[0; 65_536])), 104);
    assert_eq!(number(sealer_open(b"\x80")), 310);
    assert_eq!(number(sealer_add(key, b"\xa0")), 204, "a handle of another type");
    let first = sealer_open(b"").unwrap();
    assert_eq!(number(sealer_prepare(first, 1)), 504);
}

#[test]
fn requests_that_belong_to_a_store_are_refused() {
    let with = |member: &str, value: Value| {
        let mut request = loan("1.00");
        request[member] = value;
        number(record_make(&bytes(&request)))
    };
    assert_eq!(with("business_id", json!("1")), 101);
    assert_eq!(with("place", json!(1)), 101, "which dossier?");
    assert_eq!(with("predecessor", json!(format!("sha256:{}", "0".repeat(64)))), 313);
    assert_eq!(with("place", json!(-1)), 101);
    assert_eq!(with("dossier", json!("D-1")), 108);
    assert_eq!(with("hash", json!("MD5")), 102);
    assert_eq!(with("signer", json!({ "key": {}, "role": "customer" })), 101);
    assert_eq!(number(history_path(b"SM3", &[0; 33], 0)), 101);
    assert_eq!(number(history_path(b"SM3", &[0; 32], 1)), 313);
    assert_eq!(number(history_path(b"", &[0; 32], 0)), 102);
    for (proof, expected) in [
        ("{}", 101),
        (r#"{"items":[],"profiles":[],"ledgers":[]}"#, 313),
        (r#"{"items":[],"profiles":["zz"],"ledgers":[]}"#, 101),
        (r#"{"items":[{"entry":"","receipt":""}],"profiles":[],"ledgers":[]}"#, 301),
        (r#"{"items":[],"profiles":[],"ledgers":[{"head":"00"}]}"#, 310),
        (r#"{"items":[],"profiles":[],"ledgers":[],"outside":["a0"]}"#, 312),
    ] {
        assert_eq!(number(proof_assemble(proof.as_bytes())), expected, "{proof}");
    }
    assert_eq!(number(proof_join(&[])), 104);
    assert_eq!(number(proof_join(&[b""])), 301);
    assert_eq!(number(proof_disclose(b"", b"sha256:00", b"[]")), 101);
}
