//! A panic inside any family of calls becomes an error, poisons the handle, leaves the store whole, and the host lives.
#![cfg(all(feature = "store", feature = "test-panic"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::sync::{Mutex, MutexGuard, PoisonError};

use common::*;
use serde_json::json;
use yinzheng_facade::*;

/// What is armed is armed for the whole process: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn calls_without_a_handle_fail_once_and_go_on() {
    let _alone = alone();
    let policy: &[u8] = b"";
    type Call<'a> = (&'a str, Box<dyn Fn() -> Outcome<()> + 'a>);
    let calls: Vec<Call<'_>> = vec![
        ("version", Box::new(|| version().map(drop))),
        ("limits", Box::new(|| limits().map(drop))),
        ("error_info", Box::new(|| error_info(101, b"").map(drop))),
        ("digest", Box::new(|| digest(b"SM3", b"").map(drop))),
        ("hash_bytes", Box::new(|| hash_bytes(b"").map(drop))),
        ("json_get", Box::new(|| json_get(b"{}", b"").map(drop))),
        ("inspect", Box::new(|| inspect(b"item", b"\x00", b"").map(drop))),
        ("profile_list", Box::new(|| profile_list().map(drop))),
        ("verify_proof", Box::new(|| verify_proof(b"", policy, 0, b"").map(drop))),
        (
            "verify_bundle",
            Box::new(|| verify_bundle(BundleFrom::Bytes(b""), policy, 0, b"").map(drop)),
        ),
        ("vault_key_generate", Box::new(|| vault_key_generate(b"AES-256-GCM").map(drop))),
        ("record_make", Box::new(|| record_make(&bytes(&loan("1.00"))).map(drop))),
    ];
    for (name, call) in calls {
        provoke::arm(name);
        let failure = call().unwrap_err();
        assert_eq!(failure.number, 901, "{name}");
        assert!(
            failure.message.contains(name) && failure.message.contains("provoke.rs"),
            "{}",
            failure.message
        );
        assert_eq!(call(), Ok(()), "{name} after the panic");
    }
}

#[test]
fn a_panic_in_any_call_on_a_ledger_poisons_it_alone() {
    let _alone = alone();
    type Call = fn(Handle) -> Outcome<()>;
    let calls: [(&str, Call); 12] = [
        ("ledger_append", |l| ledger_append(l, &bytes(&loan("1.00"))).map(drop)),
        ("ledger_append_many", |l| ledger_append_many(l, b"[]").map(drop)),
        ("ledger_hold_for_signature", |l| ledger_hold_for_signature(l, b"{}").map(drop)),
        ("ledger_begin", |l| ledger_begin(l, 1).map(drop)),
        ("ledger_commit", |l| ledger_commit(l, b"").map(drop)),
        ("ledger_status", |l| ledger_status(l).map(drop)),
        ("ledger_entry", |l| ledger_entry(l, 0).map(drop)),
        ("ledger_prove", |l| ledger_prove(l, b"{}").map(drop)),
        ("ledger_erase", |l| ledger_erase(l, b"{}").map(drop)),
        ("ledger_export", |l| ledger_export(l, 0, 0).map(drop)),
        ("ledger_key_draft", |l| ledger_key_draft(l, b"{}").map(drop)),
        ("ledger_check", |l| ledger_check(l).map(drop)),
    ];
    let (spared, _) = ledger("SHA-256", "Ed25519");
    for (name, call) in calls {
        let (struck, key) = ledger("SHA-256", "Ed25519");
        provoke::arm(name);
        assert_eq!(call(struck).unwrap_err().number, 901, "{name}");
        assert_eq!(number(ledger_status(struck)), 205, "{name}");
        assert!(ledger_status(spared).is_ok());
        close(struck).unwrap();
        assert_eq!(number(ledger_status(struck)), 204);
        close(key).unwrap();
    }
}

#[test]
fn a_panic_while_storing_leaves_all_or_nothing() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    for (point, kept) in [("store:before", 0), ("store:after", 1)] {
        let path =
            folder.path().join(point.replace(':', "-")).to_str().unwrap().as_bytes().to_vec();
        let (key, public) = key("P-256");
        let request = bytes(&create_request("SHA-256", &public));
        let ledger = ledger_create(&path, &VAULT, &request).unwrap();
        seal(ledger, key);
        let mut request = loan("5000.00");
        request["business_id"] = json!("loan-1");
        provoke::arm(point);
        assert_eq!(number(ledger_append(ledger, &bytes(&request))), 901);
        assert_eq!(number(ledger_append(ledger, &bytes(&request))), 205);
        close(ledger).unwrap();

        let ledger = ledger_open(&path, &VAULT, b"").unwrap();
        assert_eq!(value(&ledger_status(ledger).unwrap())["unsealed"], kept, "{point}");
        assert_eq!(value(&ledger_check(ledger).unwrap())["problems"], json!([]));
        // The host tries again, as it must: once, whichever way it went.
        let again = append(ledger, &request);
        assert_eq!(again["replayed"], kept == 1);
        let waiting = ledger_begin(ledger, 1).unwrap();
        let signature = key_sign(key, &waiting.to_be_signed).unwrap();
        provoke::arm(point);
        assert_eq!(number(ledger_commit(ledger, &signature)), 901);
        close(ledger).unwrap();

        let ledger = ledger_open(&path, &VAULT, b"").unwrap();
        let status = value(&ledger_status(ledger).unwrap());
        assert_eq!(status["pending"], kept == 0, "{point}");
        if kept == 0 {
            assert_eq!(ledger_begin(ledger, 9).unwrap(), waiting, "the same bytes again");
            ledger_commit(ledger, &signature).unwrap();
        }
        assert_eq!(value(&ledger_status(ledger).unwrap())["blocks"], 2);
        assert_eq!(value(&ledger_check(ledger).unwrap())["problems"], json!([]));
        close(ledger).unwrap();
    }
}

#[test]
fn other_handles_are_poisoned_the_same_way() {
    let _alone = alone();
    let (key, hash, sealer) =
        (key_generate(b"SM2").unwrap(), hash_begin().unwrap(), sealer_open(b"").unwrap());
    provoke::arm("key_sign");
    assert_eq!(number(key_sign(key, b"")), 901);
    assert_eq!(number(key_sign(key, b"")), 205);
    provoke::arm("hash_update");
    assert_eq!(number(hash_update(hash, b"")), 901);
    assert_eq!(number(hash_finish(hash)), 205);
    provoke::arm("sealer_add");
    assert_eq!(number(sealer_add(sealer, b"\xa0")), 901);
    assert_eq!(number(sealer_prepare(sealer, 1)), 205);
    provoke::arm("close");
    assert_eq!(number(close(key)), 901);
    [key, hash, sealer].into_iter().for_each(|handle| close(handle).unwrap());
    provoke::arm("");
}
