//! Every bit of a proof or a bundle counts: turned, the file is refused or contradicted, but for words from outside.

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

/// A small ledger with at least one of everything: record, statement, values, profile; and words from outside.
fn small(hash: HashAlg, alg: SigAlg) -> (Bank, Vec<Outside>, Policy) {
    let mut bank = Bank::new(hash, alg, 95);
    let customer = key(alg, 96);
    let kid = bank.enrol(crate::key::KeyRole::Customer, &customer);
    let profile = r#"{"profile":"t","version":1,"label":{"zh":"","en":""},"default_offset":"+08:00","fields":[],"refused":[],"rules":[]}"#;
    let draft = bank.draft(profile, r#"{"a":"1","b":"2"}"#, &[]);
    let terms = bank.terms(Some(kid), Role::Customer);
    bank.signed_record([1; 16], &draft, &customer, &terms);
    bank.seal();
    bank.push(crate::proof::scene::opened());
    bank.seal();
    let notary = key(alg, 97);
    let digest = Digest { alg: bank.hash, bytes: *bank.head.sealed_digest() };
    let token = Outside {
        kind: OutsideKind::TimestampToken,
        bytes: vec![0x30, 0x01],
        target: TargetKind::Block,
        digest,
    };
    let words = vec![bank.countersign(&notary, None, 1), token];
    let policy = policy(&format!(r#"{{"keys":[{}]}}"#, known(&notary, "notary")));
    (bank, words, policy)
}

fn proof_of(bank: &Bank, words: &[Outside]) -> Vec<u8> {
    let show = |height: u64, index: u64, _: &[u8]| height == 1 && index == 2;
    bank.prove_with(show, |_, name| name == "other.a", words).encode().unwrap()
}

/// Where the words from outside stand in a file.
fn words_in(bytes: &[u8], words: &[Outside]) -> core::ops::Range<usize> {
    let mut w = crate::codec::Writer::new();
    for word in words {
        word.write(&mut w);
    }
    let written = w.finish();
    let start = bytes.windows(written.len()).position(|part| part == written).unwrap();
    start..start + written.len()
}

/// Turns each of these bits: the file is then refused or contradicted, or nothing in it is proven to be sealed any more (a genesis that
/// is not understood). Only of the bits that `loose` lets through (format §15) it is enough that the verdict says something
/// else.
fn every_bit_counts(
    bytes: &[u8],
    judge: impl Fn(&[u8]) -> Verdict,
    loose: impl Fn(usize) -> bool,
    bits: impl Iterator<Item = usize>,
) {
    let good = judge(bytes);
    assert_eq!(good.count(Status::Contradicted), 0, "{}", good.text(Lang::En));
    let good = told(&good);
    let mut turned = bytes.to_vec();
    let (mut unreadable, mut contradicted) = (0, 0);
    for at_bit in bits {
        let (byte, bit) = (at_bit / 8, 1u8 << (at_bit % 8));
        turned[byte] ^= bit;
        let verdict = judge(&turned);
        if verdict.is_unreadable() {
            unreadable += 1;
        } else if verdict.count(Status::Contradicted) > 0 {
            contradicted += 1;
        } else if verdict.lines_of("entry.in-block").any(|line| line.status == Status::Proven) {
            assert!(loose(byte), "bit {at_bit} of {} contradicts nothing", bytes.len() * 8);
            assert_ne!(told(&verdict), good, "bit {at_bit} does not matter");
        }
        turned[byte] ^= bit;
    }
    assert!(unreadable > 100 && contradicted > 300, "{unreadable} {contradicted}");
    assert_eq!(turned, bytes);
}

/// `step` 1: every bit; 9: one bit of most bytes, where signatures are slow.
fn bits_of_a_proof_count(hash: HashAlg, alg: SigAlg, step: usize) {
    let (bank, words, policy) = small(hash, alg);
    let bytes = proof_of(&bank, &words);
    let outside = words_in(&bytes, &words);
    let bits = (0..bytes.len() * 8).step_by(step);
    every_bit_counts(&bytes, |bytes| verify(bytes, &policy, AT), |at| outside.contains(&at), bits);
}

#[test]
fn every_bit_of_a_proof_counts() {
    bits_of_a_proof_count(HashAlg::Sm3, SigAlg::Ed25519, 1);
}

#[test]
fn bits_of_a_proof_count_under_p256() {
    bits_of_a_proof_count(HashAlg::Sha256, SigAlg::P256, 9);
}

#[test]
fn bits_of_a_proof_count_under_sm2() {
    bits_of_a_proof_count(HashAlg::Sm3, SigAlg::Sm2, 9);
}

#[test]
fn every_bit_of_a_bundle_counts() {
    let (bank, words, _) = small(HashAlg::Sha256, SigAlg::Ed25519);
    let bytes = super::bundles::whole_with(&bank, &words);
    let outside = words_in(&bytes, &words);
    let judge = |bytes: &[u8]| verify_bundle(bytes, &Policy::empty(), AT);
    // Of words in a bundle only the form is looked at: they are checked on proofs (format §11).
    let good = told(&judge(&bytes));
    let mut turned = bytes.clone();
    let (mut refused, mut let_through) = (0, 0);
    for at_bit in 0..bytes.len() * 8 {
        let (byte, bit) = (at_bit / 8, 1u8 << (at_bit % 8));
        turned[byte] ^= bit;
        let verdict = judge(&turned);
        if verdict.is_unreadable() || verdict.count(Status::Contradicted) > 0 {
            refused += 1;
        } else {
            assert!(outside.contains(&byte), "bit {at_bit} contradicts nothing");
            assert_eq!(told(&verdict), good);
            let_through += 1;
        }
        turned[byte] ^= bit;
    }
    assert!(refused > 5 * let_through, "{refused} {let_through}");
}

#[test]
fn nothing_that_is_read_makes_the_verifier_stumble() {
    // Bytes cut, doubled, put in and taken out: there is always a verdict.
    let (bank, words, policy) = small(HashAlg::Sm3, SigAlg::Ed25519);
    let bytes = proof_of(&bank, &words);
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
