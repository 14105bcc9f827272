//! Blocks and statements signed by an SM2 device with the habits and moods that real ones have.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use yinzheng::ErrorCode;
use yinzheng::entry::RefuseReason;
use yinzheng::hash::HashAlg;
use yinzheng::key::{Custody, KeyClaims, KeyRole};
use yinzheng::ledger::{Appended, CreateOptions, Dossier, Environment, Held, Ledger, NewRecord};
use yinzheng::profile::builtin_by_id;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::PublicKey;
use yinzheng::statement::{Role, Terms};
use yinzheng::store::MemoryStore;
use yinzheng::time::TimeClaim;
use yinzheng::vault::VaultKey;
use yinzheng_hsm_example::sm2_device::{Gives, Mood, Sm2Device, Takes};

fn create(key: &PublicKey) -> Ledger {
    let options = CreateOptions {
        hash: HashAlg::Sm3,
        key: key.clone(),
        custody: Custody::Shield,
        certificates: Vec::new(),
        next_key: None,
        organisation: "测试银行".into(),
        created: TimeClaim::declared(1),
        continues: None,
        environment: Environment::default(),
        vault_key: VaultKey::generate().unwrap(),
    };
    Ledger::create(Box::new(MemoryStore::new()), options).unwrap()
}

fn record(text: &str, dossier: Dossier) -> NewRecord {
    let profile = builtin_by_id("generic").unwrap();
    let reading = profile.read(format!(r#"{{"a":"{text}"}}"#).as_bytes(), &[]).unwrap();
    let reference = ProfileRef::of(profile, HashAlg::Sm3);
    let draft = RecordBuilder::new(reference, TimeClaim::declared(2))
        .fields(reading.fields)
        .build()
        .unwrap();
    NewRecord { dossier, ..NewRecord::new(profile, draft) }
}

fn append(ledger: &Ledger, text: &str) -> Appended {
    ledger.append(record(text, Dossier::New)).unwrap()
}

#[test]
fn every_kind_of_device_seals() {
    for takes in [Takes::Message, Takes::Digest] {
        for gives in [Gives::Der, Gives::Raw] {
            let mut device = Sm2Device::new(takes, gives).unwrap();
            let ledger = create(device.public());
            for at in 0..8 {
                append(&ledger, &at.to_string());
                let request = ledger.begin(9).unwrap().signing_request();
                let sealed = ledger.commit(&device.sign(&request).unwrap()).unwrap();
                assert_eq!(sealed.height, at);
            }
            assert!(ledger.check(|_, _| {}).unwrap().problems.is_empty());
            assert_eq!(device.requests(), 8);
        }
    }
}

#[test]
fn every_way_to_fail_is_told_apart_and_leaves_the_block_waiting() {
    let mut device = Sm2Device::new(Takes::Digest, Gives::Der).unwrap();
    let ledger = create(device.public());
    let begun = ledger.begin(9).unwrap();
    for (mood, code) in [
        (Mood::Declines, ErrorCode::SignerDeclined),
        (Mood::TimesOut, ErrorCode::SignerTimedOut),
        (Mood::Locked, ErrorCode::SignerLocked),
        (Mood::KeyGone, ErrorCode::SignerKeyGone),
    ] {
        device.will(&[mood]);
        assert_eq!(device.sign(&begun.signing_request()).unwrap_err().code(), code);
        assert_eq!(ledger.begin(99).unwrap(), begun, "the same bytes are offered again");
    }
    ledger.commit(&device.sign(&begun.signing_request()).unwrap()).unwrap();
}

#[test]
fn a_misbehaving_device_is_found_out_by_name() {
    let cases = [
        (Mood::ForgetsZ, ErrorCode::SignatureMismatch, "without Z"),
        (Mood::HashesAgain, ErrorCode::SignatureMismatch, "hashed again"),
    ];
    let mut device = Sm2Device::new(Takes::Digest, Gives::Raw).unwrap();
    let ledger = create(device.public());
    let request = ledger.begin(9).unwrap().signing_request();
    for (mood, code, words) in cases {
        device.will(&[mood]);
        let error = ledger.commit(&device.sign(&request).unwrap()).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.context().contains(words), "{error}");
    }
    device.will(&[Mood::SwapsHalves]);
    let error = ledger.commit(&device.sign(&request).unwrap()).unwrap_err();
    assert!(error.context().contains("swap"), "{error}");
    ledger.commit(&device.sign(&request).unwrap()).unwrap();
}

#[test]
fn a_device_with_another_user_id_is_found_out_and_can_be_enrolled_with_it() {
    let mut device = Sm2Device::new(Takes::Message, Gives::Der).unwrap().with_user_id(b"");
    let ledger = create(device.public());
    let request = ledger.begin(9).unwrap().signing_request();
    let error = ledger.commit(&device.sign(&request).unwrap()).unwrap_err();
    assert!(error.context().contains("empty SM2 user ID"), "{error}");

    let mut device = Sm2Device::new(Takes::Message, Gives::Der).unwrap().with_user_id(b"bank-07");
    let ledger = create(&device.public().clone().with_sm2_id(b"bank-07").unwrap());
    let request = ledger.begin(9).unwrap().signing_request();
    ledger.commit(&device.sign(&request).unwrap()).unwrap();
}

fn hold(ledger: &Ledger, key: &PublicKey, kid: [u8; 32]) -> Held {
    let terms = Terms::new(Role::Customer, 4).by(kid).meant_for(ledger.id());
    ledger.hold_for_signature(&record("x", Dossier::New), key, &terms).unwrap()
}

#[test]
fn a_customer_signs_or_does_not() {
    let mut bank = Sm2Device::new(Takes::Digest, Gives::Raw).unwrap();
    let mut shield = Sm2Device::new(Takes::Message, Gives::Der).unwrap();
    let ledger = create(bank.public());
    // Possession of the customer's key, shown by the shield itself.
    let claims = KeyClaims::enrol(KeyRole::Customer, shield.public().clone(), Custody::Shield, 1);
    let request = ledger.key_signing_request(&claims).unwrap();
    let kid = ledger.append_key(&claims, &shield.sign(&request).unwrap()).unwrap();
    for (mood, reason) in [
        (Mood::Declines, Some(RefuseReason::Declined)),
        (Mood::TimesOut, Some(RefuseReason::TimedOut)),
        (Mood::Locked, Some(RefuseReason::Locked)),
        (Mood::KeyGone, None),
    ] {
        let held = hold(&ledger, shield.public(), kid);
        shield.will(&[mood]);
        let error = shield.sign(&held.signing_request()).unwrap_err();
        assert_eq!(RefuseReason::of_signer(&error), reason);
        assert_eq!(
            ledger.held().unwrap().len(),
            1,
            "it still waits; the person may be asked again"
        );
        let reason = reason.unwrap_or(RefuseReason::Withdrawn);
        ledger.drop_statement(held.id, reason, TimeClaim::declared(5)).unwrap();
    }
    let held = hold(&ledger, shield.public(), kid);
    let signed = ledger.finish_statement(held.id, &shield.sign(&held.signing_request()).unwrap());
    assert_eq!(signed.unwrap().digest, held.digest);
    let request = ledger.begin(9).unwrap().signing_request();
    ledger.commit(&bank.sign(&request).unwrap()).unwrap();
    assert!(ledger.check(|_, _| {}).unwrap().problems.is_empty());
}

#[test]
fn a_device_signs_only_for_its_own_key() {
    let mut device = Sm2Device::new(Takes::Digest, Gives::Raw).unwrap();
    let other = Sm2Device::new(Takes::Digest, Gives::Raw).unwrap();
    let ledger = create(other.public());
    let request = ledger.begin(9).unwrap().signing_request();
    assert_eq!(device.sign(&request).unwrap_err().code(), ErrorCode::InvalidArgument);
}
