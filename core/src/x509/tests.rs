//! Chains, and what revokes what stands in them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::forge::*;
use super::*;
use crate::error::{ErrorCode, Result};
use crate::sign::SigAlg;
use crate::testing::code;

/// 2026-06-01T12:00:00Z.
const AT_MS: i64 = 1_780_315_200_000;
const TIMES: [&str; 2] = ["260101000000Z", "270101000000Z"];
const GOOD: &[u8] = &[0x80, 0];

fn read(der: &[u8]) -> Certificate {
    Certificate::parse(der).unwrap()
}

fn trust(house: &House, crls: &[Vec<u8>], ocsp: &[Vec<u8>]) -> Trust {
    Trust {
        anchors: vec![read(&house.root_certificate)],
        others: vec![read(&house.middle_certificate)],
        crls: crls.iter().map(|der| Crl::parse(der).unwrap()).collect(),
        ocsp: ocsp.iter().map(|der| OcspResponse::parse(der).unwrap()).collect(),
    }
}

fn stamper(house: &House, trust: &Trust) -> Result<Chain> {
    trust.chain(&read(&house.stamper_certificate), &[], AT_MS, Purpose::TimeStamping)
}

/// Whether everything in the chain of the timestamp authority was asked about, with these lists.
fn asked(house: &House, crls: &[Vec<u8>], ocsp: &[Vec<u8>]) -> Result<bool> {
    let root = crl("Root", &house.root, TIMES, None);
    let crls = [crls, &[root]].concat();
    stamper(house, &trust(house, &crls, ocsp)).map(|chain| chain.revocation_checked)
}

#[test]
fn a_list_of_one_distribution_point_calls_nothing_good() {
    let house = House::new(SigAlg::P256);
    let list = |revoked, behind: &[u8]| crl_of("Middle", &house.middle, &TIMES, revoked, behind);
    let shard = one_distribution_point();
    assert!(asked(&house, &[list(None, &[])], &[]).unwrap());
    assert!(!asked(&house, &[list(None, &shard)], &[]).unwrap());
    assert!(!asked(&house, &[list(Some((9, "260301000000Z", None)), &shard)], &[]).unwrap());
    let revoked = list(Some((3, "260301000000Z", Some(4))), &shard);
    assert_eq!(code(asked(&house, &[revoked], &[])), ErrorCode::CertificateRevoked);
    // Beside a whole list it does no harm.
    assert!(asked(&house, &[list(None, &shard), list(None, &[])], &[]).unwrap());
}

#[test]
fn a_list_without_an_end_speaks_up_to_its_own_time() {
    let house = House::new(SigAlg::P256);
    let list = |this, revoked| crl_of("Middle", &house.middle, &[this], revoked, &[]);
    assert!(!asked(&house, &[list("260601115959Z", None)], &[]).unwrap());
    assert!(asked(&house, &[list("260601120000Z", None)], &[]).unwrap());
    assert!(asked(&house, &[list("260901000000Z", None)], &[]).unwrap());
    let revoked = list("260301000000Z", Some((3, "260201000000Z", Some(4))));
    assert_eq!(code(asked(&house, &[revoked], &[])), ErrorCode::CertificateRevoked);
}

#[test]
fn of_two_answers_that_revoke_each_counts() {
    let house = House::new(SigAlg::P256);
    let list = |at, reason| crl("Middle", &house.middle, TIMES, Some((3, at, reason)));
    let superseded = list("260701000000Z", Some(4));
    let good = crl("Middle", &house.middle, TIMES, None);
    asked(&house, std::slice::from_ref(&superseded), &[]).unwrap();
    for at in ["260701000000Z", "260801000000Z"] {
        for other in [Some(1), Some(2), Some(6), None] {
            let compromised = list(at, other);
            for lists in [
                [superseded.clone(), compromised.clone()],
                [compromised.clone(), superseded.clone()],
                [good.clone(), compromised.clone()],
                [compromised, good.clone()],
            ] {
                assert_eq!(code(asked(&house, &lists, &[])), ErrorCode::CertificateRevoked);
            }
        }
    }
    // A list and an answer, and an answer that calls it good.
    let answer = |status: &[u8]| ocsp("Middle", &house.middle, &house.middle, 3, status, &[]);
    let when = tlv(0x18, &[b"20260801000000Z"]);
    let compromised = tlv(0xa1, &[&when, &tlv(0xa0, &[&[0x0a, 1, 1]])]);
    for answers in [
        vec![answer(&compromised)],
        vec![answer(GOOD), answer(&compromised)],
        vec![answer(&compromised), answer(GOOD)],
    ] {
        let lists = std::slice::from_ref(&superseded);
        assert_eq!(code(asked(&house, lists, &answers)), ErrorCode::CertificateRevoked);
    }
    asked(&house, &[superseded.clone(), good, superseded], &[answer(GOOD)]).unwrap();
}

#[test]
fn an_authority_that_is_trusted_itself_can_be_revoked() {
    let house = House::new(SigAlg::P256);
    let pinned = |crls: &[Vec<u8>], ocsp: &[Vec<u8>]| Trust {
        anchors: vec![read(&house.stamper_certificate)],
        ..trust(&house, crls, ocsp)
    };
    let checked = |trust: &Trust| {
        let chain = stamper(&house, trust)?;
        assert_eq!((chain.anchor, chain.length), (0, 1));
        Ok(chain.revocation_checked)
    };
    let list = |signer: &Key, at, reason| crl("Middle", signer, TIMES, Some((3, at, reason)));
    let good = crl("Middle", &house.middle, TIMES, None);
    let answer = |status: &[u8]| ocsp("Middle", &house.middle, &house.middle, 3, status, &[]);
    let revoked = tlv(0xa1, &[&tlv(0x18, &[b"20260301000000Z"])]);
    assert!(!checked(&pinned(&[], &[])).unwrap());
    assert!(checked(&pinned(std::slice::from_ref(&good), &[])).unwrap());
    assert!(checked(&pinned(&[], &[answer(GOOD)])).unwrap());
    for trust in [
        pinned(&[list(&house.middle, "260301000000Z", Some(4))], &[]),
        pinned(&[list(&house.middle, "260901000000Z", Some(1)), good.clone()], &[]),
        pinned(&[], &[answer(&revoked)]),
    ] {
        assert_eq!(code(checked(&trust)), ErrorCode::CertificateRevoked);
    }
    checked(&pinned(&[list(&house.middle, "260901000000Z", Some(4))], &[])).unwrap();
    // The issuer may be an anchor too.
    let list_of_middle = [list(&house.middle, "260301000000Z", None)];
    let mut both = pinned(&list_of_middle, &[]);
    both.anchors.push(read(&house.middle_certificate));
    both.others.clear();
    assert_eq!(code(checked(&both)), ErrorCode::CertificateRevoked);
    // Another's list, and one whose issuer the evidence brings, say nothing.
    let stranger = Key::new(SigAlg::P256, 99);
    assert!(!checked(&pinned(&[list(&stranger, "260301000000Z", None)], &[])).unwrap());
    let mut alone = pinned(&list_of_middle, &[]);
    alone.others.clear();
    let given = [read(&house.middle_certificate)];
    let leaf = read(&house.stamper_certificate);
    let chain = alone.chain(&leaf, &given, AT_MS, Purpose::TimeStamping).unwrap();
    assert!(!chain.revocation_checked);
}

#[test]
fn an_authority_for_other_purposes_issues_no_stamper() {
    let house = House::new(SigAlg::P256);
    let with = |extended: Option<(bool, &'static [&'static str])>, leaf: &[u8], purpose| {
        let mut trust = trust(&house, &[], &[]);
        let middle = Spec { extended, ..Spec::middle() };
        trust.others = vec![read(&middle.certificate(&house.middle, &house.root))];
        trust.chain(&read(leaf), &[], AT_MS, purpose)
    };
    for (purposes, expected) in [
        (&[SERVER][..], false),
        (&[SERVER, "1.3.6.1.5.5.7.3.9"], false),
        (&[STAMPING], true),
        (&["2.5.29.37.0"], true),
        (&[SERVER, STAMPING], true),
    ] {
        for critical in [false, true] {
            let extended = Some((critical, purposes));
            let result = with(extended, &house.stamper_certificate, Purpose::TimeStamping);
            match expected {
                true => drop(result.unwrap()),
                false => assert_eq!(code(result), ErrorCode::WrongPurpose),
            }
            // What a certificate of a person is for is the policy's matter.
            with(extended, &house.person_certificate, Purpose::Signing).unwrap();
        }
    }
    with(None, &house.stamper_certificate, Purpose::TimeStamping).unwrap();
}

#[test]
fn where_nobody_is_trusted_no_way_is_tried() {
    let house = House::new(SigAlg::P256);
    let ring: Vec<Certificate> = (10..40u64)
        .map(|serial| {
            let spec = Spec { serial, issuer: "Middle", ..Spec::middle() };
            read(&spec.certificate(&house.middle, &house.middle))
        })
        .collect();
    let leaf = read(&house.stamper_certificate);
    let trust = Trust::default();
    let result = trust.chain(&leaf, &ring, AT_MS, Purpose::TimeStamping);
    assert_eq!(code(result), ErrorCode::UntrustedChain);
}
