//! Signatures that come back: late, twice, from the wrong key, or made of the wrong thing.

use super::tests::{create, key, record, seal};
use super::*;
use crate::entry::RefuseReason;
use crate::error::ErrorCode;
use crate::hash::HashAlg;
use crate::key::Custody;
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::{Role, Terms};
use crate::store::MemoryStore;

fn ledger(hash: HashAlg, key: &SoftwareKey) -> Ledger {
    let ledger = create(Box::new(MemoryStore::new()), hash, key);
    seal(&ledger, key);
    ledger
}

fn append(ledger: &Ledger, text: &str) -> Appended {
    ledger
        .append(record(ledger.hash(), &format!(r#"{{"a":"{text}"}}"#), None, Dossier::New))
        .unwrap()
}

/// The error's code, and its context, which must say `what`.
#[track_caller]
fn refused<T: core::fmt::Debug>(result: crate::Result<T>, code: ErrorCode, what: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.context().contains(what), "{error}");
}

#[test]
fn a_block_names_the_switch_that_would_have_fitted() {
    let sm2 = key(SigAlg::Sm2, 1);
    let ledger = ledger(HashAlg::Sm3, &sm2);
    append(&ledger, "1");
    let request = ledger.begin(9).unwrap().signing_request();
    let parts = request.sm2().unwrap();
    let commit = |given: &[u8]| ledger.commit(given);
    let untold = sm2.sign_digest(&crate::sign::sm2_digest::e(
        &crate::sign::sm2_digest::z(request.key().bytes().try_into().unwrap(), b"").unwrap(),
        request.message(),
    ));
    let mismatch = ErrorCode::SignatureMismatch;
    refused(commit(untold.unwrap().bytes()), mismatch, "empty SM2 user ID");
    let hashed = HashAlg::Sm3.digest(request.message());
    refused(commit(sm2.sign_digest(&hashed).unwrap().bytes()), mismatch, "without Z");
    refused(commit(sm2.sign(&parts.e).unwrap().bytes()), mismatch, "hashed again");
    let good = sm2.sign_digest(&parts.e).unwrap();
    let trailing = [&good.to_der()[..], &[0]].concat();
    refused(commit(&trailing), ErrorCode::InvalidSignature, "not strict");
    let mut swapped = *good.bytes();
    swapped.rotate_left(32);
    assert!(commit(&swapped).unwrap_err().context().contains("swap"));
    assert_eq!(ledger.pending().unwrap().unwrap().signing_request(), request, "still the same");
    commit(&good.to_der()).unwrap();
}

#[test]
fn late_and_double_answers_are_told_apart() {
    for (hash, alg) in [(HashAlg::Sha256, SigAlg::P256), (HashAlg::Sm3, SigAlg::Sm2)] {
        let key = key(alg, 1);
        let ledger = ledger(hash, &key);
        append(&ledger, "1");
        let first = key.sign(&ledger.begin(9).unwrap().to_be_signed).unwrap();
        ledger.commit(first.bytes()).unwrap();
        refused(ledger.commit(first.bytes()), ErrorCode::NothingPending, "");
        append(&ledger, "2");
        ledger.begin(10).unwrap();
        refused(ledger.commit(&first.to_der()), ErrorCode::StalePending, "");
        refused(ledger.commit(&[1; 64]), ErrorCode::SignatureMismatch, "");
        seal(&ledger, &key);
    }
}

#[test]
fn the_key_before_a_rotation_is_recognised() {
    let (old, new) = (key(SigAlg::P256, 1), key(SigAlg::P256, 2));
    let ledger = ledger(HashAlg::Sha256, &old);
    let claims = ledger.rotation_claims(new.public().clone(), Custody::Hsm, 7).unwrap();
    let request = ledger.key_signing_request(&claims).unwrap();
    assert_eq!(request.key(), new.public());
    let by_old = ledger.append_key(&claims, old.sign(request.message()).unwrap().bytes());
    refused(by_old, ErrorCode::SignatureMismatch, "thumbprint");
    ledger.append_key(&claims, new.sign(request.message()).unwrap().bytes()).unwrap();
    seal(&ledger, &old);
    append(&ledger, "1");
    let pending = ledger.begin(9).unwrap();
    let by_old = ledger.commit(old.sign(&pending.to_be_signed).unwrap().bytes());
    refused(by_old, ErrorCode::SignatureMismatch, "another of the known keys (P-256)");
    seal(&ledger, &new);
}

#[test]
fn the_bank_does_not_sign_for_the_customer() {
    let (bank, customer) = (key(SigAlg::Ed25519, 1), key(SigAlg::Sm2, 2));
    let ledger = ledger(HashAlg::Sha256, &bank);
    let held = ledger
        .hold_for_signature(
            &record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New),
            customer.public(),
            &Terms::new(Role::Customer, 4),
        )
        .unwrap();
    let request = held.signing_request();
    assert_eq!(request.sm2().unwrap().e, request.signable_digest().unwrap());
    let by_bank = bank.sign(request.message()).unwrap();
    let finish = |given: &[u8]| ledger.finish_statement(held.id, given);
    refused(finish(by_bank.bytes()), ErrorCode::SignatureMismatch, "known keys (Ed25519)");
    refused(finish(&[]), ErrorCode::InvalidSignature, "");
    refused(ledger.finish_statement(77, &[1; 64]), ErrorCode::NotFound, "");
    assert_eq!(ledger.held().unwrap(), std::slice::from_ref(&held));
    finish(customer.sign(request.message()).unwrap().bytes()).unwrap();
    refused(finish(&[1; 64]), ErrorCode::NotFound, "");
}

#[test]
fn each_way_to_say_no_has_its_reason() {
    let reason = |code| RefuseReason::of_signer(&crate::Error::new(code, ""));
    assert_eq!(reason(ErrorCode::SignerDeclined), Some(RefuseReason::Declined));
    assert_eq!(reason(ErrorCode::SignerTimedOut), Some(RefuseReason::TimedOut));
    assert_eq!(reason(ErrorCode::SignerLocked), Some(RefuseReason::Locked));
    for other in [ErrorCode::SignerKeyGone, ErrorCode::SignatureMismatch, ErrorCode::Storage] {
        assert_eq!(reason(other), None);
    }
}

#[test]
fn a_signer_that_gives_up_leaves_the_block_pending() {
    let key = key(SigAlg::P256, 1);
    let ledger = ledger(HashAlg::Sha256, &key);
    append(&ledger, "1");
    let begun = ledger.begin(9).unwrap();
    for code in [
        ErrorCode::SignerDeclined,
        ErrorCode::SignerTimedOut,
        ErrorCode::SignerLocked,
        ErrorCode::SignerKeyGone,
    ] {
        let given = ledger.seal_with(99, |_, _| Err(crate::Error::new(code, "shield")));
        refused(given, code, "shield");
        assert_eq!(ledger.pending().unwrap().as_ref(), Some(&begun));
    }
    seal(&ledger, &key);
}
