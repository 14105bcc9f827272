//! Every bit of a proof matters: turned, it changes the verdict or makes the proof unreadable.

use super::*;
use crate::anchor::{Outside, OutsideKind, TargetKind};
use crate::hash::HashAlg;
use crate::proof::scene::key;
use crate::sign::SigAlg;
use crate::statement::Role;

/// Everything of a verdict but the digests of its inputs.
fn told(verdict: &Verdict) -> String {
    let mut read: serde_json::Value = serde_json::from_str(&verdict.to_json()).unwrap();
    read.as_object_mut().unwrap().remove("inputs");
    read.to_string()
}

/// A small proof with at least one of everything: record, statement, values, profile, words from outside.
fn small() -> (Proof, Policy) {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 95);
    let customer = key(SigAlg::Ed25519, 96);
    let kid = bank.enrol(crate::key::KeyRole::Customer, &customer);
    let profile = r#"{"profile":"t","version":1,"label":{"zh":"","en":""},"default_offset":"+08:00","fields":[],"refused":[],"rules":[]}"#;
    let draft = bank.draft(profile, r#"{"a":"1","b":"2"}"#, &[]);
    let terms = bank.terms(Some(kid), Role::Customer);
    bank.signed_record([1; 16], &draft, &customer, &terms);
    bank.seal();
    bank.push(crate::proof::scene::opened());
    bank.seal();
    let notary = key(SigAlg::Ed25519, 97);
    let digest = Digest { alg: bank.hash, bytes: *bank.head.sealed_digest() };
    let token = Outside {
        kind: OutsideKind::TimestampToken,
        bytes: vec![0x30, 0x01],
        target: TargetKind::Block,
        digest,
    };
    let words = [bank.countersign(&notary, None, 1), token];
    let show = |height: u64, index: u64, _: &[u8]| height == 1 && index == 2;
    let proof = bank.prove_with(show, |_, name| name == "other.a", &words);
    let policy = policy(&format!(r#"{{"keys":[{}]}}"#, known(&notary, "notary")));
    (proof, policy)
}

#[test]
fn every_bit_of_a_proof_changes_the_verdict() {
    let (proof, policy) = small();
    let bytes = proof.encode().unwrap();
    let good = verify(&bytes, &policy, AT);
    assert_eq!(good.count(Status::Contradicted), 0, "{}", good.text(Lang::En));
    let good = told(&good);
    let mut turned = bytes.clone();
    let (mut unreadable, mut said) = (0, 0);
    for at_bit in 0..bytes.len() * 8 {
        let (byte, bit) = (at_bit / 8, 1u8 << (at_bit % 8));
        turned[byte] ^= bit;
        let verdict = verify(&turned, &policy, AT);
        if verdict.is_unreadable() {
            unreadable += 1;
        } else {
            said += 1;
            assert_ne!(told(&verdict), good, "bit {at_bit} of {} does not matter", bytes.len() * 8);
        }
        turned[byte] ^= bit;
    }
    assert!(unreadable > 1_000 && said > 1_000, "{unreadable} unreadable, {said} said");
    assert_eq!(turned, bytes);
}

#[test]
fn nothing_that_is_read_makes_the_verifier_stumble() {
    // Bytes cut, doubled, put in and taken out: there is always a verdict.
    let (proof, policy) = small();
    let bytes = proof.encode().unwrap();
    for at in (0..bytes.len()).step_by(41) {
        for piece in [&[][..], &[0x00], &[0xff; 3], &bytes[at / 2..at / 2 + 5]] {
            for cut in [0, 1, 9] {
                let rest = &bytes[(at + cut).min(bytes.len())..];
                let made = [&bytes[..at], piece, rest].concat();
                let verdict = verify(&made, &policy, AT);
                assert!(!verdict.summary.is_empty());
                assert!(!verdict.text(Lang::Zh).is_empty());
            }
        }
    }
}
