#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::hash::HashAlg;
use crate::random::Random;
use crate::sign::SigAlg;
use crate::testing::{code, every_cut_is_refused};
use crate::x509::forge::*;
use crate::x509::{Crl, OcspResponse};

const DATA: &[u8] = b"sealed bytes";

fn trust(house: &House) -> Trust {
    let anchors = vec![Certificate::parse(&house.root_certificate).unwrap()];
    Trust { anchors, ..Trust::default() }
}

fn verified(house: &House, token: &[u8]) -> Result<Stamp> {
    Timestamp::parse(token)?.verify(&trust(house))
}

#[test]
fn tokens_of_every_algorithm_and_of_both_arcs_hold() {
    for alg in SigAlg::ALL {
        let house = House::new(alg);
        for arc in [PKCS7, GM] {
            let stamping = Stamping { arc, ..house.stamping(DATA) };
            let token = Timestamp::parse(&stamping.token()).unwrap();
            token.covers(DATA).unwrap();
            assert_eq!(code(token.covers(b"other")), ErrorCode::DigestMismatch);
            let stamp = token.verify(&trust(&house)).unwrap();
            assert_eq!((stamp.chain.anchor, stamp.chain.length), (0, 3));
            assert!(!stamp.chain.revocation_checked);
            assert_eq!(stamp.certificate.subject(), "CN=Stamper");
            assert_eq!(stamp.certificate.issuer(), "CN=Middle");
            assert_eq!(stamp.certificate.serial(), "3");
            assert_eq!(token.time_ms(), 1_780_315_200_000);
            token.verify_alone().unwrap();
        }
    }
}

#[test]
fn the_older_name_of_a_certificate_is_read_too() {
    let house = House::new(SigAlg::P256);
    let token = Stamping { old_names: true, ..house.stamping(DATA) }.token();
    verified(&house, &token).unwrap();
    let other = house.person_certificate.clone();
    let token = Stamping { old_names: true, names: Some(other), ..house.stamping(DATA) }.token();
    assert_eq!(code(verified(&house, &token)), ErrorCode::CertificateMismatch);
}

#[test]
fn what_is_no_token_is_refused() {
    let house = House::new(SigAlg::P256);
    let good = house.stamping(DATA).token();
    every_cut_is_refused(&good, Timestamp::parse);
    let refused = |token: &[u8], what: &str| {
        let error = Timestamp::parse(token).expect_err(what);
        assert_eq!(error.code(), ErrorCode::InvalidToken, "{what}: {error:?}");
    };
    refused(&[&good[..], &[0]].concat(), "a byte after the end");
    refused(b"", "nothing");
    refused(b"junk", "junk");
    let of = |change: &dyn Fn(&mut Stamping<'_>)| {
        let mut stamping = house.stamping(DATA);
        change(&mut stamping);
        stamping.token()
    };
    refused(&of(&|s| s.arc = "1.2.840.113549.1.7.1"), "data that is not signed");
    refused(&of(&|s| s.content_type = "1.2.840.113549.1.7.1"), "other content");
    refused(&of(&|s| s.signed_type = "1.2.840.113549.1.7.1"), "another content type signed");
    refused(&of(&|s| s.names = None), "no name of the certificate");
    refused(&of(&|s| s.signers = 2), "two signers");
    refused(&of(&|s| s.signers = 0), "no signer");
    refused(&of(&|s| s.version = 2), "another version");
    refused(&of(&|s| s.time = "20260601120000"), "no zone");
    refused(&of(&|s| s.time = "20261301120000Z"), "month 13");
    refused(&of(&|s| s.time = "20260601120000.10Z"), "a fraction that ends in 0");
    refused(&of(&|s| s.accuracy = seq(&[&tlv(0x80, &[&[3, 0xe8]])])), "1,000 ms");
    refused(&of(&|s| s.imprint.1.truncate(31)), "an imprint of 31 bytes");
    refused(&of(&|s| s.nonce = Some(vec![0xff])), "a negative nonce");
    let odd = seq(&[&oid("1.3.6.1.4.1.32473.3"), &[1, 1, 0xff], &tlv(4, &[&[]])]);
    refused(&of(&|s| s.behind = tlv(0xa1, &[&odd])), "a critical extension");
    let many = || vec![vec![0x30, 0]; 17];
    refused(&of(&|s| s.carried = many()), "17 certificates");
    let sha1 = of(&|s| s.imprint = ("1.3.14.3.2.26", vec![0; 20]));
    assert_eq!(code(Timestamp::parse(&sha1)), ErrorCode::UnsupportedAlgorithm);
    assert_eq!(code(Timestamp::parse(&vec![0x30; 65_536])), ErrorCode::TooLarge);
}

#[test]
fn times_and_their_accuracy_are_read() {
    let house = House::new(SigAlg::Sm2);
    let accuracy = seq(&[&[2, 1, 1], &tlv(0x80, &[&[1, 0xf4]]), &tlv(0x81, &[&[1]])]);
    let stamping = Stamping { time: "20260601120000.2505Z", accuracy, ..house.stamping(DATA) };
    let token = Timestamp::parse(&stamping.token()).unwrap();
    assert_eq!(token.time_ms(), 1_780_315_200_250);
    assert_eq!(token.accuracy_ms(), Some(1501));
    assert_eq!(token.latest_ms() - token.earliest_ms(), 3002);
    assert_eq!(info::time_ms(b"19700101000000Z"), Some(0));
    for bad in ["", "Z", "2026060112000Z", "2026060112000aZ", "20260601120000.Z", "20260229000000Z"]
    {
        assert_eq!(info::time_ms(bad.as_bytes()), None, "{bad}");
    }
}

#[test]
fn a_certificate_for_anything_else_signs_no_timestamps() {
    let house = House::new(SigAlg::P256);
    let stamper = Spec::stamper();
    for (spec, expected) in [
        (Spec { extended: Some((false, &[STAMPING])), ..stamper.clone() }, ErrorCode::WrongPurpose),
        (
            Spec { extended: Some((true, &[STAMPING, SERVER])), ..stamper.clone() },
            ErrorCode::WrongPurpose,
        ),
        (Spec { extended: Some((true, &[SERVER])), ..stamper.clone() }, ErrorCode::WrongPurpose),
        (Spec { extended: None, ..stamper.clone() }, ErrorCode::WrongPurpose),
        (Spec { usage: Some(0x20), ..stamper.clone() }, ErrorCode::WrongPurpose),
        (Spec { until: "260601115959Z", ..stamper.clone() }, ErrorCode::CertificateNotValid),
        (Spec { from: "260601120001Z", ..stamper.clone() }, ErrorCode::CertificateNotValid),
        (Spec { odd: true, ..stamper.clone() }, ErrorCode::InvalidCertificate),
        (Spec { issuer: "Nobody", ..stamper.clone() }, ErrorCode::UntrustedChain),
    ] {
        let mut stamping = house.stamping_with(DATA, &spec);
        stamping.signer = (spec.issuer, 3);
        assert_eq!(code(verified(&house, &stamping.token())), expected);
        if expected != ErrorCode::UntrustedChain {
            let alone = Timestamp::parse(&stamping.token()).unwrap().verify_alone();
            assert_eq!(code(alone), expected);
        }
    }
    let edge = Spec { from: "260601120000Z", until: "260601120000Z", ..stamper };
    verified(&house, &house.stamping_with(DATA, &edge).token()).unwrap();
}

#[test]
fn a_chain_leads_over_authorities_only() {
    let house = House::new(SigAlg::P256);
    let with_middle = |spec: Spec, signer: &Key| {
        let mut stamping = house.stamping(DATA);
        stamping.carried =
            vec![stamping.certificate.clone(), spec.certificate(&house.middle, signer)];
        verified(&house, &stamping.token())
    };
    let middle = Spec::middle();
    with_middle(Spec { ca: Some(Some(0)), ..middle.clone() }, &house.root).unwrap();
    for (spec, expected) in [
        (Spec { ca: None, ..middle.clone() }, ErrorCode::WrongPurpose),
        (Spec { usage: Some(0xc0), ..middle.clone() }, ErrorCode::WrongPurpose),
        (Spec { until: "260101000000Z", ..middle.clone() }, ErrorCode::CertificateNotValid),
        (Spec { odd: true, ..middle.clone() }, ErrorCode::InvalidCertificate),
        (Spec { issuer: "Other", ..middle.clone() }, ErrorCode::UntrustedChain),
    ] {
        assert_eq!(code(with_middle(spec, &house.root)), expected);
    }
    // Another root of the same name.
    let forger = Key::new(SigAlg::P256, 99);
    assert_eq!(code(with_middle(middle, &forger)), ErrorCode::UntrustedChain);
    // A root that allows none between.
    let narrow = Spec { ca: Some(Some(0)), ..Spec::root() }.certificate(&house.root, &house.root);
    let trust = Trust { anchors: vec![Certificate::parse(&narrow).unwrap()], ..Trust::default() };
    let token = Timestamp::parse(&house.stamping(DATA).token()).unwrap();
    assert_eq!(code(token.verify(&trust)), ErrorCode::WrongPurpose);
    // Without the one between the way ends; with it in the policy it goes on.
    let mut stamping = house.stamping(DATA);
    stamping.carried.truncate(1);
    let token = Timestamp::parse(&stamping.token()).unwrap();
    let mut trust = self::trust(&house);
    assert_eq!(code(token.verify(&trust)), ErrorCode::UntrustedChain);
    trust.others.push(Certificate::parse(&house.middle_certificate).unwrap());
    assert_eq!(token.verify(&trust).unwrap().chain.length, 3);
    // The authority's own certificate as the anchor, and none in the token.
    stamping.carried.clear();
    let token = Timestamp::parse(&stamping.token()).unwrap();
    assert_eq!(code(token.verify(&self::trust(&house))), ErrorCode::UntrustedChain);
    let own = vec![Certificate::parse(&house.stamper_certificate).unwrap()];
    let pinned = Trust { anchors: own, ..Trust::default() };
    assert_eq!(token.verify(&pinned).unwrap().chain.length, 1);
    assert_eq!(code(token.verify(&Trust::default())), ErrorCode::UntrustedChain);
}

#[test]
fn a_ring_of_authorities_ends() {
    let house = House::new(SigAlg::P256);
    let ring: Vec<Vec<u8>> = (0..12u64)
        .map(|serial| {
            let spec = Spec { serial, subject: "Middle", issuer: "Middle", ..Spec::root() };
            spec.certificate(&house.middle, &house.middle)
        })
        .collect();
    let mut stamping = house.stamping(DATA);
    stamping.carried = [vec![stamping.certificate.clone()], ring].concat();
    let token = Timestamp::parse(&stamping.token()).unwrap();
    assert_eq!(code(token.verify(&trust(&house))), ErrorCode::LimitExceeded);
}

#[test]
fn what_was_signed_is_what_is_there() {
    let house = House::new(SigAlg::P256);
    let token = Stamping { spoilt: true, ..house.stamping(DATA) }.token();
    assert_eq!(code(verified(&house, &token)), ErrorCode::SignatureMismatch);
    let token = Stamping { digest_of: Some(vec![1]), ..house.stamping(DATA) }.token();
    assert_eq!(code(verified(&house, &token)), ErrorCode::DigestMismatch);
    let names = Some(house.middle_certificate.clone());
    let token = Stamping { names, ..house.stamping(DATA) }.token();
    assert_eq!(code(verified(&house, &token)), ErrorCode::CertificateMismatch);
    // Any byte of the token that is changed is noticed; but not of certificates that are not needed.
    let mut stamping = house.stamping(DATA);
    stamping.carried.truncate(1);
    let mut trust = trust(&house);
    trust.others.push(Certificate::parse(&house.middle_certificate).unwrap());
    let good = stamping.token();
    let holds = |token: &[u8]| {
        Timestamp::parse(token)
            .is_ok_and(|token| token.covers(DATA).is_ok() && token.verify(&trust).is_ok())
    };
    assert!(holds(&good));
    // The version numbers and the list of digests say nothing that is relied on.
    let loose: Vec<usize> = (0..good.len())
        .filter(|at| {
            let mut bytes = good.clone();
            bytes[*at] ^= 0x01;
            holds(&bytes)
        })
        .collect();
    assert!(loose.len() < 32, "{loose:?}");
}

#[test]
fn a_revoked_authority_stamps_nothing() {
    let house = House::new(SigAlg::P256);
    let token = Timestamp::parse(&house.stamping(DATA).token()).unwrap();
    let times = ["260101000000Z", "270101000000Z"];
    let verify = |crls: &[Vec<u8>], ocsp: &[Vec<u8>]| {
        let mut trust = trust(&house);
        trust.crls = crls.iter().map(|crl| Crl::parse(crl).unwrap()).collect();
        trust.ocsp = ocsp.iter().map(|ocsp| OcspResponse::parse(ocsp).unwrap()).collect();
        token.verify(&trust).map(|stamp| stamp.chain.revocation_checked)
    };
    let revoked =
        |serial, at, reason| crl("Middle", &house.middle, times, Some((serial, at, reason)));
    let good = crl("Middle", &house.middle, times, None);
    let root_good = crl("Root", &house.root, times, None);
    assert!(!verify(std::slice::from_ref(&good), &[]).unwrap());
    assert!(verify(&[good.clone(), root_good.clone()], &[]).unwrap());
    // Before, and after for a reason that makes older ones doubtful too.
    for (at, reason) in [
        ("260301000000Z", Some(4)),
        ("260601120000Z", Some(4)),
        ("260901000000Z", Some(1)),
        ("260901000000Z", None),
    ] {
        let lists = [revoked(3, at, reason), root_good.clone()];
        assert_eq!(code(verify(&lists, &[])), ErrorCode::CertificateRevoked, "{at} {reason:?}");
    }
    verify(&[revoked(3, "260901000000Z", Some(4))], &[]).unwrap();
    assert!(verify(&[revoked(9, "260301000000Z", None), root_good.clone()], &[]).unwrap());
    let root_revokes = crl("Root", &house.root, times, Some((2, "260301000000Z", Some(2))));
    assert_eq!(code(verify(&[root_revokes], &[])), ErrorCode::CertificateRevoked);
    // Lists that speak for nothing: another's, another key's, one that ended before.
    let forged =
        crl("Middle", &Key::new(SigAlg::P256, 99), times, Some((3, "260301000000Z", None)));
    let other = crl("Root", &house.root, times, Some((3, "260301000000Z", None)));
    assert!(!verify(&[forged, other], &[]).unwrap());
    let ended = crl("Middle", &house.middle, ["260101000000Z", "260401000000Z"], None);
    assert!(!verify(&[ended, root_good.clone()], &[]).unwrap());
    // The same from OCSP: by the issuer itself, or whom it certified for that.
    let answer = |signer: &Key, status: &[u8], certificates: &[Vec<u8>]| {
        ocsp("Middle", &house.middle, signer, 3, status, certificates)
    };
    let says_good: &[u8] = &[0x80, 0];
    let says_revoked = tlv(0xa1, &[&tlv(0x18, &[b"20260301000000Z"])]);
    assert!(
        verify(std::slice::from_ref(&root_good), &[answer(&house.middle, says_good, &[])]).unwrap()
    );
    let revokes = answer(&house.middle, &says_revoked, &[]);
    assert_eq!(code(verify(&[], &[revokes])), ErrorCode::CertificateRevoked);
    assert!(
        !verify(std::slice::from_ref(&root_good), &[answer(&house.middle, &[0x82, 0], &[])])
            .unwrap()
    );
    let responder = Key::new(SigAlg::P256, 98);
    let spec = Spec {
        subject: "Responder",
        serial: 8,
        extended: Some((false, &["1.3.6.1.5.5.7.3.9"])),
        ..Spec::stamper()
    };
    let certificate = spec.certificate(&responder, &house.middle);
    let delegated = answer(&responder, says_good, std::slice::from_ref(&certificate));
    assert!(verify(std::slice::from_ref(&root_good), &[delegated]).unwrap());
    let nobody = answer(&responder, &says_revoked, &[]);
    assert!(!verify(std::slice::from_ref(&root_good), &[nobody]).unwrap());
    let person = Spec { extended: None, ..spec }.certificate(&responder, &house.middle);
    assert!(!verify(&[root_good], &[answer(&responder, &says_revoked, &[person])]).unwrap());
}

#[test]
fn a_request_is_answered_by_one_answer_only() {
    let house = House::new(SigAlg::P256);
    let trust = trust(&house);
    let mut random = Random::fixed_for_tests("request");
    let request = TimestampRequest::with_random(HashAlg::Sha256, DATA, &mut random).unwrap();
    let bytes = request.encode();
    let request = TimestampRequest::parse(&bytes).unwrap();
    assert_eq!(request.encode(), bytes);
    every_cut_is_refused(&bytes, TimestampRequest::parse);
    let nonce = request.nonce().to_vec();
    let good = Stamping { nonce: Some(nonce.clone()), ..house.stamping(DATA) }.token();
    for status in [0, 1] {
        request.accept(&response(status, &good), None).unwrap();
        request.accept(&response(status, &good), Some(&trust)).unwrap();
    }
    let refused = |answer: &[u8], expected: ErrorCode| {
        for trust in [None, Some(&trust)] {
            assert_eq!(code(request.accept(answer, trust)), expected);
        }
    };
    for status in 2..=5 {
        refused(&response(status, b""), ErrorCode::AuthorityDeclined);
        refused(&response(status, &good), ErrorCode::AuthorityDeclined);
    }
    refused(&response(6, &good), ErrorCode::InvalidToken);
    refused(&response(0, b""), ErrorCode::InvalidToken);
    refused(&[&response(0, &good)[..], &[0]].concat(), ErrorCode::InvalidToken);
    refused(&good, ErrorCode::InvalidToken);
    refused(b"", ErrorCode::InvalidToken);
    refused(&response(0, &house.stamping(DATA).token()), ErrorCode::NonceMismatch);
    let other = Stamping { nonce: Some(vec![7]), ..house.stamping(DATA) }.token();
    refused(&response(0, &other), ErrorCode::NonceMismatch);
    let other = Stamping { nonce: Some(nonce.clone()), ..house.stamping(b"other") }.token();
    refused(&response(0, &other), ErrorCode::DigestMismatch);
    let spoilt =
        Stamping { nonce: Some(nonce.clone()), spoilt: true, ..house.stamping(DATA) }.token();
    refused(&response(0, &spoilt), ErrorCode::SignatureMismatch);
    let stranger = House { root: Key::new(SigAlg::P256, 1), ..House::new(SigAlg::P256) };
    let root = Spec::root().certificate(&stranger.root, &stranger.root);
    let strange = Trust { anchors: vec![Certificate::parse(&root).unwrap()], ..Trust::default() };
    let answer = response(0, &good);
    assert_eq!(code(request.accept(&answer, Some(&strange))), ErrorCode::UntrustedChain);
    // Requests in other forms.
    // version, imprint | nonce | certificates
    let (before, rest) = bytes[2..].split_at(bytes.len() - 2 - 18 - 3);
    let (number, asked) = rest.split_at(18);
    assert_eq!((number, asked), (&tlv(2, &[&nonce])[..], &[1, 1, 0xff][..]));
    let policy = oid("1.3.6.1.4.1.32473.2");
    let extensions = tlv(0xa0, &[&seq(&[&oid("1.3.6.1.4.1.32473.3"), &tlv(4, &[&[]])])]);
    assert_eq!(TimestampRequest::parse(&seq(&[before, number, asked])).unwrap(), request);
    for (parts, what) in [
        (&[before, number][..], "without certificates"),
        (&[before, number, &[1, 1, 0]], "certificates not asked for"),
        (&[before, asked], "without a nonce"),
        (&[before, &policy, number, asked], "with a policy"),
        (&[before, number, asked, &extensions], "with extensions"),
        (&[before, asked, number], "in another order"),
    ] {
        let error = TimestampRequest::parse(&seq(parts)).expect_err(what);
        assert_eq!(error.code(), ErrorCode::InvalidToken, "{what}");
    }
    let two = TimestampRequest::new(HashAlg::Sm3, DATA).unwrap();
    assert_ne!(two.nonce(), TimestampRequest::new(HashAlg::Sm3, DATA).unwrap().nonce());
    assert_eq!(TimestampRequest::parse(&two.encode()).unwrap(), two);
    assert!(two.imprint().is_of(DATA));
}

#[test]
fn the_imprint_is_found_alone() {
    let house = House::new(SigAlg::Sm2);
    let good = house.stamping(DATA).token();
    assert_eq!(imprint_fits(&good, DATA), Some(true));
    assert_eq!(imprint_fits(&good, b"other"), Some(false));
    let gm = Stamping { arc: GM, signers: 0, names: None, ..house.stamping(DATA) }.token();
    assert_eq!(imprint_fits(&gm, b"other"), Some(false));
    let other = Stamping { content_type: PKCS7, ..house.stamping(DATA) }.token();
    for bytes in [&other[..], b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", &good[1..]] {
        assert_eq!(imprint_fits(bytes, DATA), None);
    }
    for at in 0..good.len() {
        assert_eq!(imprint_fits(&good[..at], DATA), None);
    }
}
