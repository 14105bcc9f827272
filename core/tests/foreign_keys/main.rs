//! Both ways with tools that we did not write: they open our key files, verify our signatures and sign our ledgers, and
//! we open theirs and verify theirs. The leg `keys` of `tests/run.sh` starts them; the commands stand in
//! `YINZHENG_KEY_PEERS`, one a line.

#![cfg(feature = "store")]
#![allow(
    unreachable_pub,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../common/mod.rs"]
mod common;
mod ledgers;
mod peer;

use peer::Peer;
use yinzheng::ErrorCode;
use yinzheng::hash::hex;
use yinzheng::sign::{
    Diagnosis, KeyFileScheme, PublicKey, SM2_DEFAULT_ID, SigAlg, SigningRequest, SoftwareKey,
};

const MESSAGES: [&[u8]; 3] = [b"message digest", "借款金额 5000.00".as_bytes(), &[0x5a; 4096]];

/// Runs `with` for every peer and each of its algorithms.
fn each(test: &str, mut with: impl FnMut(&mut Peer, SigAlg)) {
    let commands = std::env::var("YINZHENG_KEY_PEERS").expect("YINZHENG_KEY_PEERS names the tools");
    let commands: Vec<&str> = commands.lines().filter(|line| !line.trim().is_empty()).collect();
    assert!(!commands.is_empty(), "YINZHENG_KEY_PEERS names no tools");
    for command in commands {
        let mut peer = Peer::start(command).unwrap_or_else(|| panic!("no answer: {command}"));
        for alg in peer.algs.clone() {
            with(&mut peer, alg);
            println!("{test}: {} {alg}", peer.name);
        }
    }
}

#[test]
#[ignore = "needs the tools of `sh tests/run.sh keys`"]
fn their_keys_in_our_hands() {
    each("their keys in our hands", |peer, alg| {
        for scheme in ["aes", "sm4"] {
            let Some(theirs) = peer.make(alg, scheme) else { continue };
            let (key, public) = peer.read(alg, &theirs);
            assert_eq!(key.public(), &public);
            for message in MESSAGES {
                let ours = key.sign(message).unwrap();
                assert_eq!(peer.accepts(&public, message, &ours.to_der()), Some(true));
                let theirs = peer.sign(alg, &theirs, SM2_DEFAULT_ID, message).unwrap();
                SigningRequest::new(&public, message.to_vec()).accept(&theirs).unwrap();
            }
        }
    });
}

#[test]
#[ignore = "needs the tools of `sh tests/run.sh keys`"]
fn our_keys_in_their_hands() {
    each("our keys in their hands", |peer, alg| {
        for scheme in [KeyFileScheme::Aes256, KeyFileScheme::Sm4] {
            if scheme == KeyFileScheme::Sm4 && !(peer.sm4 && peer.files) {
                continue;
            }
            let seed = [0x37; 32];
            let key = SoftwareKey::from_seed(alg, &seed).unwrap();
            let theirs = peer.ours(&key, &seed, scheme);
            let request = SigningRequest::new(key.public(), MESSAGES[1].to_vec());
            let signature = peer.sign(alg, &theirs, SM2_DEFAULT_ID, request.message()).unwrap();
            request.accept(&signature).unwrap();
        }
    });
}

#[test]
#[ignore = "needs the tools of `sh tests/run.sh keys`"]
fn what_does_not_fit_is_refused_on_both_sides() {
    each("what does not fit is refused", |peer, alg| {
        let (key, other) =
            (SoftwareKey::generate(alg).unwrap(), SoftwareKey::generate(alg).unwrap());
        let message = MESSAGES[0];
        let good = key.sign(message).unwrap().to_der();
        assert_eq!(peer.accepts(key.public(), message, &good), Some(true));
        assert_eq!(peer.accepts(key.public(), b"another", &good), Some(false));
        assert_eq!(peer.accepts(other.public(), message, &good), Some(false));
        for at in [0, good.len() / 3, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert_eq!(peer.accepts(key.public(), message, &bad), Some(false), "byte {at}");
            let request = SigningRequest::new(key.public(), message.to_vec());
            assert!(request.accept(&bad).is_err(), "byte {at}");
        }
        let theirs = peer.make(alg, "aes").unwrap();
        let (_, public) = peer.read(alg, &theirs);
        let signature = peer.sign(alg, &theirs, SM2_DEFAULT_ID, b"another").unwrap();
        let error = SigningRequest::new(&public, message.to_vec()).accept(&signature).unwrap_err();
        assert_eq!(error.code(), ErrorCode::SignatureMismatch);
    });
}

/// The switch on which SM2 breaks between products, tried on each of them.
#[test]
#[ignore = "needs the tools of `sh tests/run.sh keys`"]
fn user_ids_of_sm2() {
    each("user ids of SM2", |peer, alg| {
        if alg != SigAlg::Sm2 {
            return;
        }
        let theirs = peer.make(alg, "aes").unwrap();
        let (key, public) = peer.read(alg, &theirs);
        for id in [&b"ALICE123@YAHOO.COM"[..], b""] {
            let Some(signature) = peer.sign(alg, &theirs, id, MESSAGES[0]) else { continue };
            let named = public.clone().with_sm2_id(id).unwrap();
            SigningRequest::new(&named, MESSAGES[0].to_vec()).accept(&signature).unwrap();
            let asked = SigningRequest::new(&public, MESSAGES[0].to_vec());
            assert_eq!(asked.accept(&signature).unwrap_err().code(), ErrorCode::SignatureMismatch);
            if id.is_empty() {
                let found = asked.diagnose(&signature, &[]);
                assert!(matches!(&found, Diagnosis::Switched(_)), "{found}");
                assert!(found.to_string().contains("user"), "{found}");
            }
            let ours = key_with(&key, id).sign(MESSAGES[0]).unwrap().to_der();
            assert_eq!(peer.accepts(&named, MESSAGES[0], &ours), Some(true));
            assert_eq!(peer.accepts(&public, MESSAGES[0], &ours), Some(false));
        }
    });
}

fn key_with(key: &SoftwareKey, id: &[u8]) -> SoftwareKey {
    let pem = key.to_pkcs8_pem(peer::PASSPHRASE).unwrap();
    SoftwareKey::from_pkcs8_pem(&pem, peer::PASSPHRASE).unwrap().with_sm2_id(id).unwrap()
}

/// No tool accepts what our catalogue of SM2 refuses, unless it reads forms that we do not.
#[test]
#[ignore = "needs the tools of `sh tests/run.sh keys`"]
fn the_negative_catalogue_of_sm2() {
    let path = common::repository().join("tests/vectors/sm2_negative.json");
    let file: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let bytes = |value: &serde_json::Value| hex::decode(value.as_str().unwrap()).unwrap();
    let key = PublicKey::from_raw(SigAlg::Sm2, &bytes(&file["key"])).unwrap();
    let message = bytes(&file["message"]);
    each("the negative catalogue", |peer, alg| {
        if alg != SigAlg::Sm2 {
            return;
        }
        assert_eq!(peer.accepts(&key, &message, &bytes(&file["accepted"]["der"])), Some(true));
        for case in file["signatures"].as_array().unwrap() {
            let key = match case.get("sm2_id") {
                Some(id) => key.clone().with_sm2_id(&bytes(id)).unwrap(),
                None => key.clone(),
            };
            let mut given = bytes(&case["signature"]);
            // The tools take DER: r and s of the wrong size or meaning are put into it.
            if given.len() == 64 {
                given = der(&given);
            }
            if peer.accepts(&key, &message, &given) == Some(true) {
                let what = case["what"].as_str().unwrap();
                println!("  {} accepts: {what}", peer.name);
                assert!(what.starts_with("DER") || what.starts_with("BER"), "{what}");
            }
        }
    });
}

fn der(raw: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(31);
        let zero: &[u8] = if bytes[from] & 0x80 == 0 { &[] } else { &[0] };
        let body = [zero, &bytes[from..]].concat();
        [&[2, body.len() as u8], &body[..]].concat()
    };
    let body = [integer(&raw[..32]), integer(&raw[32..])].concat();
    [&[0x30, body.len() as u8], &body[..]].concat()
}
