//! Each platform's JSON beside a file that a person has read. Written anew by `YZ_WRITE_DEPOSITS=1 cargo test -p yinzheng deposit`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;

use serde_json::Value;

use super::deposit::{Platform, deposit};
use crate::anchor::{Outside, OutsideKind, TargetKind};
use crate::entry::Entry;
use crate::error::ErrorCode;
use crate::hash::{Digest, HashAlg, hex};
use crate::proof::Proof;
use crate::proof::scene::simple;
use crate::sign::SigAlg;
use crate::value::escape::for_people;

/// The proof of [`simple`] with a timestamp token, its signed record and its unsigned one, which comes after.
fn scene() -> (Proof, Digest, Digest) {
    let bank = simple(HashAlg::Sm3, SigAlg::P256);
    let token = Outside {
        kind: OutsideKind::TimestampToken,
        bytes: vec![0x30, 0x03, 0x02, 0x01, 0x01],
        target: TargetKind::Block,
        digest: Digest { alg: HashAlg::Sm3, bytes: *bank.head.sealed_digest() },
    };
    let proof = bank.prove_with(|_, _, _| true, |_, _| true, &[token]);
    let mut records = Vec::new();
    for item in &proof.items {
        if let Some((record, bytes)) = Entry::parse(&item.entry).unwrap().record() {
            records.push(record.digest(bytes));
        }
    }
    let [signed, unsigned] = records.as_slice() else { panic!("two records") };
    (proof, *signed, *unsigned)
}

fn value(proof: &Proof, record: &Digest, platform: Platform) -> Value {
    serde_json::from_slice(&deposit(proof, record, platform).unwrap()).unwrap()
}

#[test]
fn every_platform_gets_what_its_file_says() {
    let (proof, signed, _) = scene();
    for platform in Platform::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/export/deposits");
        let path = folder.join(format!("{}.json", platform.name()));
        let now = serde_json::to_string_pretty(&value(&proof, &signed, platform)).unwrap() + "\n";
        if std::env::var_os("YZ_WRITE_DEPOSITS").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), now, "{}", platform.name());
    }
}

#[test]
fn digests_are_those_of_the_records_own_bytes() {
    let (proof, signed, unsigned) = scene();
    for record in [&signed, &unsigned] {
        let (item, _) = super::deposit::item_of(&proof, record).unwrap();
        let bytes = Entry::parse(&item.entry).unwrap().record().unwrap().1.to_vec();
        let sha256 = hex::encode(&HashAlg::Sha256.digest(&bytes));
        let sm3 = hex::encode(&HashAlg::Sm3.digest(&bytes));
        assert_eq!(value(&proof, record, Platform::AntChain)["notaryContent"], sha256);
        assert_eq!(value(&proof, record, Platform::Esign)["contentDigest"], sha256);
        assert_eq!(value(&proof, record, Platform::Btoe)["EvidenceHash"], sm3);
        assert_eq!(value(&proof, record, Platform::Baidu)["file_hash"], sm3);
        assert_eq!(value(&proof, record, Platform::Cmevi)["hash"], sm3);
        assert_eq!(hex::encode(&record.bytes), sm3, "in an SM3 ledger the record's own digest");
    }
    let flow = value(&proof, &unsigned, Platform::AntChain);
    assert_eq!((&flow["phaseNo"], flow["flowName"].as_str().unwrap().len()), (&1.into(), 36));
}

#[test]
fn only_disclosed_values_go_out_and_only_where_values_are_taken() {
    let (proof, signed, _) = scene();
    let closed = {
        let mut closed = proof.clone();
        closed.items.iter_mut().for_each(|item| item.disclosures.clear());
        closed
    };
    for platform in Platform::ALL {
        let open = deposit(&proof, &signed, platform).unwrap();
        let takes = matches!(platform, Platform::Esign | Platform::Bjca);
        let told = String::from_utf8(open).unwrap().contains("张三");
        assert_eq!(told, takes, "{}", platform.name());
        let shut = String::from_utf8(deposit(&closed, &signed, platform).unwrap()).unwrap();
        assert!(!shut.contains("张三"), "{}", platform.name());
    }
    let segment = value(&proof, &signed, Platform::Esign)["segmentData"].clone();
    let segment: Value = serde_json::from_str(segment.as_str().unwrap()).unwrap();
    assert_eq!(segment["授权编号"], for_people("A1").as_ref());
}

#[test]
fn what_a_platform_cannot_take_is_refused() {
    let (proof, signed, unsigned) = scene();
    let code = |record: &Digest, platform| deposit(&proof, record, platform).unwrap_err().code();
    assert_eq!(code(&unsigned, Platform::P3211), ErrorCode::InvalidArgument, "nobody signed it");
    assert_eq!(code(&unsigned, Platform::Fisco), ErrorCode::InvalidArgument);
    let other = Digest { alg: HashAlg::Sha256, ..signed };
    for platform in Platform::ALL {
        assert_eq!(code(&other, platform), ErrorCode::NotFound, "under another hash");
    }

    let mut bank = simple(HashAlg::Sm3, SigAlg::P256);
    let long = "长".repeat(700);
    let message =
        format!(r#"{{"姓名":"{long}","授权编号":"A2","授权时间":"2026-03-01 08:01:00"}}"#);
    let draft = bank.draft(crate::proof::scene::CONSENT, &message, &[]);
    let record = bank.record([2; 16], &draft);
    bank.seal();
    let error = deposit(&bank.prove(), &record, Platform::Bjca).unwrap_err();
    assert_eq!(error.code(), ErrorCode::LimitExceeded);
    assert!(!error.to_string().contains('长'), "an error holds no value");
    assert!(deposit(&bank.prove(), &record, Platform::Esign).is_ok());
}
