#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};

use super::sd_jwt::{SdJwtDraft, SdJwtTerms};
use crate::entry::Entry;
use crate::error::ErrorCode;
use crate::hash::{Digest, HashAlg, hex};
use crate::proof::Proof;
use crate::proof::scene::simple;
use crate::sign::{PublicKey, SigAlg, Signature, SoftwareKey, Strictness};
use crate::testing::code;
use crate::value::Disclosure;

fn scene(shown: bool) -> (Proof, Digest) {
    let bank = simple(HashAlg::Sm3, SigAlg::P256);
    let proof = bank.prove_with(|_, _, _| true, |_, _| shown, &[]);
    let record = proof.items.iter().find_map(|item| {
        let entry = Entry::parse(&item.entry).unwrap();
        entry.record().map(|(record, bytes)| record.digest(bytes))
    });
    (proof, record.unwrap())
}

fn decode(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

fn object(text: &str) -> Value {
    serde_json::from_slice(&decode(text)).unwrap()
}

fn terms(holder: Option<&PublicKey>) -> SdJwtTerms {
    let issuer = "https://bank.example".to_owned();
    SdJwtTerms { issuer, issued_at: 1_793_600_000, expires_at: None, holder: holder.cloned() }
}

fn issued(
    alg: SigAlg,
    proof: &Proof,
    record: &Digest,
    terms: &SdJwtTerms,
) -> (SoftwareKey, String) {
    let key = SoftwareKey::from_seed(alg, &[5; 32]).unwrap();
    let draft = SdJwtDraft::new(proof, record, key.public(), terms).unwrap();
    let signature = key.sign(draft.signing_request().message()).unwrap();
    let text = draft.finish(signature.bytes()).unwrap();
    assert_eq!(text, draft.finish(&signature.to_der()).unwrap());
    assert_eq!(code(draft.finish(&[1; 64])), ErrorCode::SignatureMismatch);
    assert_eq!(
        format!("{draft:?}"),
        format!("SdJwtDraft({} claims)", text.matches('~').count() - 1)
    );
    (key, text)
}

#[test]
fn every_disclosed_value_is_a_claim_that_the_issuer_signed() {
    let (proof, record) = scene(true);
    for (alg, name) in [(SigAlg::P256, "ES256"), (SigAlg::Ed25519, "EdDSA")] {
        let (key, text) = issued(alg, &proof, &record, &terms(None));
        assert!(text.is_ascii() && text.ends_with('~'));
        let mut parts: Vec<&str> = text.trim_end_matches('~').split('~').collect();
        let jwt = parts.remove(0);
        let (signed, signature) = jwt.rsplit_once('.').unwrap();
        let signature = Signature::normalise(alg, &decode(signature)).unwrap();
        key.public().verify(signed.as_bytes(), &signature, Strictness::Ours).unwrap();
        let (header, payload) = signed.split_once('.').unwrap();
        let kid = hex::encode(&key.public().thumbprint());
        assert_eq!(object(header), json!({ "alg": name, "typ": "evidence+sd-jwt", "kid": kid }));
        let payload = object(payload);
        assert_eq!(payload["record"], record.to_string());
        assert_eq!(
            (&payload["iss"], &payload["iat"]),
            (&json!("https://bank.example"), &json!(1_793_600_000))
        );
        assert_eq!((payload.get("cnf"), payload.get("exp")), (None, None));
        // Each digest stands for one disclosure, and each disclosure has its digest.
        let mut digests: Vec<String> = parts
            .iter()
            .map(|part| Base64UrlUnpadded::encode_string(&HashAlg::Sha256.digest(part.as_bytes())))
            .collect();
        digests.sort();
        assert_eq!(payload["_sd"], json!(digests));
        let (item, _) = super::deposit::item_of(&proof, &record).unwrap();
        assert!(!parts.is_empty() && parts.len() == item.disclosures.len());
        for (part, bytes) in parts.iter().zip(&item.disclosures) {
            let disclosure = Disclosure::parse(bytes).unwrap();
            let [salt, name, value] = &object(part).as_array().unwrap().clone()[..] else {
                panic!("{part}")
            };
            assert_eq!(decode(salt.as_str().unwrap()), disclosure.salt);
            assert_eq!(*name, disclosure.name);
            assert!(value.is_null() || value.is_string());
        }
        // No value stands in what everybody sees.
        let open = String::from_utf8(decode(signed.split_once('.').unwrap().1)).unwrap();
        for part in &parts {
            if let Some(value) = object(part)[2].as_str().filter(|value| value.len() > 3) {
                assert!(!open.contains(value), "{value}");
            }
        }
    }
}

#[test]
fn what_is_withheld_stays_withheld() {
    let (proof, record) = scene(false);
    let ends = SdJwtTerms { expires_at: Some(7), ..terms(None) };
    let (_, text) = issued(SigAlg::P256, &proof, &record, &ends);
    assert_eq!(object(text.split('.').nth(1).unwrap())["exp"], 7);
    let (_, text) = issued(SigAlg::P256, &proof, &record, &terms(None));
    assert_eq!(text.matches('~').count(), 1);
    let payload = object(text.split('.').nth(1).unwrap());
    assert_eq!(payload["_sd"], json!([]));
}

#[test]
fn a_holders_key_binds_it() {
    let (proof, record) = scene(true);
    for (alg, kty, members) in [(SigAlg::P256, "EC", 4), (SigAlg::Ed25519, "OKP", 3)] {
        let holder = SoftwareKey::from_seed(alg, &[6; 32]).unwrap();
        let (_, text) = issued(SigAlg::Ed25519, &proof, &record, &terms(Some(holder.public())));
        let jwk = object(text.split('.').nth(1).unwrap())["cnf"]["jwk"].clone();
        assert_eq!((&jwk["kty"], jwk.as_object().unwrap().len()), (&json!(kty), members));
        assert_eq!(decode(jwk["x"].as_str().unwrap()).len(), 32);
    }
}

#[test]
fn sm2_and_strangers_are_refused() {
    let (proof, record) = scene(true);
    let key = |alg| SoftwareKey::from_seed(alg, &[5; 32]).unwrap().public().clone();
    let make = |record, key: &PublicKey, holder| {
        code(SdJwtDraft::new(&proof, record, key, &terms(holder)))
    };
    let (p256, sm2) = (key(SigAlg::P256), key(SigAlg::Sm2));
    assert_eq!(make(&record, &sm2, None), ErrorCode::UnsupportedAlgorithm);
    assert_eq!(make(&record, &p256, Some(&sm2)), ErrorCode::UnsupportedAlgorithm);
    let other = Digest { alg: HashAlg::Sm3, bytes: [0; 32] };
    assert_eq!(make(&other, &p256, None), ErrorCode::NotFound);
}
