use super::*;
use crate::hash::HashAlg;
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::Role;
use crate::testing::{
    code, every_bit_counts, every_cut_is_refused, first, key, negated_p256, with, without,
};
use crate::time::TimeClaim;

fn draft(
    hash: HashAlg,
    key: &SoftwareKey,
    claim: Claim,
    role: Option<Role>,
) -> CountersignatureDraft {
    let head = first(hash, &self::key(SigAlg::Ed25519, 1)).head;
    CountersignatureDraft::new(&head, claim, &TimeClaim::declared(-1), key.public(), "公证处", role)
}

fn countersigned(key: &SoftwareKey) -> Vec<u8> {
    let draft = draft(HashAlg::Sha256, key, Claim::Seen, None);
    draft.finish(key.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap()
}

fn outside(kind: OutsideKind, target: TargetKind) -> Outside {
    Outside { kind, bytes: vec![1, 2], target, digest: Digest::of(HashAlg::Sm3, b"target") }
}

fn written(outside: &Outside) -> Vec<u8> {
    let mut w = Writer::new();
    outside.write(&mut w);
    w.finish()
}

fn read(bytes: &[u8]) -> Result<Outside> {
    Outside::read(Item::parse(bytes, bytes.len())?)
}

fn receipt() -> PlatformReceipt {
    PlatformReceipt {
        platform: "平台".into(),
        id: "1".into(),
        transaction: Some("t".into()),
        height: Some((1 << 53) - 1),
        block_hash: Some("h".into()),
        time_ms: Some(-1),
        court_transaction: Some("c".into()),
        raw: vec![0; 3],
    }
}

#[test]
fn what_is_countersigned_is_read_back() {
    for hash in HashAlg::ALL {
        for alg in SigAlg::ALL {
            for (claim, role) in [(Claim::Seen, None), (Claim::Extends, Some(Role::Notary))] {
                let key = key(alg, 4);
                let head = first(hash, &self::key(SigAlg::Ed25519, 1)).head;
                let draft = draft(hash, &key, claim, role);
                let signature = key.sign(&draft.to_be_signed()).unwrap();
                let bytes = draft.finish(signature.bytes()).unwrap();
                assert_eq!(draft.finish(&signature.to_der()).unwrap(), bytes);
                let read = Countersignature::parse(&bytes).unwrap();
                read.verify(key.public()).unwrap();
                assert_eq!((read.claim, read.role, read.height), (claim, role, 0));
                assert_eq!(read.ledger_id, head.ledger_id());
                assert_eq!(
                    (&read.block_hash.bytes, &read.sealed_digest.bytes),
                    (head.block_hash(), head.sealed_digest())
                );
                assert_eq!(
                    (read.issuer.as_str(), read.issued_at),
                    ("公证处", 0),
                    "a time before 1970 is no iat"
                );
            }
        }
    }
}

#[test]
fn every_bit_of_a_countersignature_counts() {
    for alg in SigAlg::ALL {
        let key = key(alg, 4);
        let good = countersigned(&key);
        let accepts = |bytes: &[u8]| {
            Countersignature::parse(bytes).is_ok_and(|word| word.verify(key.public()).is_ok())
        };
        every_bit_counts(&good, accepts);
        every_cut_is_refused(&good, Countersignature::parse);
    }
}

#[test]
fn outsiders_may_use_the_high_s_but_no_other_key() {
    let (mine, other) = (key(SigAlg::P256, 4), key(SigAlg::P256, 5));
    let mut message = crate::sign::Sign1::parse(&countersigned(&mine)).unwrap();
    message.signature =
        [&message.signature[..32], &negated_p256(&message.signature[32..])].concat();
    let high = Countersignature::parse(&message.encode()).unwrap();
    high.verify(mine.public()).unwrap();
    assert_eq!(code(high.verify(other.public())), ErrorCode::InvalidKey);
    assert_eq!(code(high.verify(key(SigAlg::Sm2, 4).public())), ErrorCode::InvalidKey);
    let draft = draft(HashAlg::Sha256, &mine, Claim::Seen, None);
    let by_other = other.sign(&draft.to_be_signed()).unwrap();
    assert_eq!(code(draft.finish(by_other.bytes())), ErrorCode::SignatureMismatch);
    assert_eq!(code(draft.finish(&[0; 64])), ErrorCode::InvalidSignature);
}

#[test]
fn a_countersignature_that_nobody_could_read_is_not_made() {
    let key = key(SigAlg::Ed25519, 4);
    let head = first(HashAlg::Sha256, &self::key(SigAlg::Ed25519, 1)).head;
    let mut late = TimeClaim::declared(0);
    late.captured.offset_minutes = 1440;
    let names = "x".repeat(40_000);
    for (time, issuer, expected) in [
        (late, "x", ErrorCode::OutOfRange),
        (TimeClaim::declared(0), names.as_str(), ErrorCode::TooLarge),
        (TimeClaim::declared(i64::MAX), "x", ErrorCode::OutOfRange),
    ] {
        let draft =
            CountersignatureDraft::new(&head, Claim::Seen, &time, key.public(), issuer, None);
        let signature = key.sign(&draft.to_be_signed()).unwrap();
        assert_eq!(code(draft.finish(signature.bytes())), expected);
    }
}

#[test]
fn words_are_read_back_and_have_limits() {
    for kind in OutsideKind::ALL {
        for target in TargetKind::ALL {
            let word = outside(*kind, *target);
            let found = read(&written(&word));
            if (*kind, *target) == (OutsideKind::Countersignature, TargetKind::Entry) {
                assert_eq!(code(found), ErrorCode::OutOfRange);
            } else {
                assert_eq!(found.unwrap(), word);
            }
        }
    }
    let good = outside(OutsideKind::TimestampToken, TargetKind::Entry);
    let sized = |bytes: usize| written(&Outside { bytes: vec![0; bytes], ..good.clone() });
    assert!(read(&sized(65_535)).is_ok());
    assert_eq!(code(read(&sized(65_536))), ErrorCode::TooLarge);
    assert_eq!(code(read(&sized(0))), ErrorCode::TooLarge);
    let good = written(&good);
    for (name, bytes, expected) in [
        ("kind 0", with(&good, 0, &[0x00]), ErrorCode::OutOfRange),
        ("kind 4", with(&good, 0, &[0x04]), ErrorCode::OutOfRange),
        ("target alone", with(&good, 2, &[0x81, 0x01]), ErrorCode::WrongType),
        ("another key", with(&good, 64, &[0xf6]), ErrorCode::UnknownCritical),
        ("no bytes", without(&good, 1), ErrorCode::MissingKey),
        ("text", with(&good, 1, &[0x61, 0x30]), ErrorCode::WrongType),
    ] {
        assert_eq!(code(read(&bytes)), expected, "{name}");
    }
    every_cut_is_refused(&good, read);
}

#[test]
fn platform_receipts_are_kept_as_received() {
    let full = receipt();
    assert_eq!(PlatformReceipt::parse(&full.encode()).unwrap(), full);
    let least = PlatformReceipt {
        transaction: None,
        height: None,
        block_hash: None,
        time_ms: None,
        court_transaction: None,
        ..full.clone()
    };
    assert_eq!(PlatformReceipt::parse(&least.encode()).unwrap(), least);
    let good = full.encode();
    for (name, bytes, expected) in [
        ("no platform", without(&good, 0), ErrorCode::MissingKey),
        ("no id", without(&good, 1), ErrorCode::MissingKey),
        ("no raw bytes", without(&good, 7), ErrorCode::MissingKey),
        ("raw text", with(&good, 7, &[0x61, 0x30]), ErrorCode::WrongType),
        ("height text", with(&good, 3, &[0x61, 0x30]), ErrorCode::WrongType),
        (
            "height 2^53",
            with(&good, 3, &Writer::new().uint(1 << 53).finish()),
            ErrorCode::OutOfRange,
        ),
        ("null", with(&good, 2, &[0xf6]), ErrorCode::WrongType),
        ("another key", with(&good, 8, &[0xf6]), ErrorCode::UnknownCritical),
        ("an optional key", with(&good, 64, &[0xf6]), ErrorCode::UnknownCritical),
    ] {
        assert_eq!(code(PlatformReceipt::parse(&bytes)), expected, "{name}");
    }
    every_cut_is_refused(&good, PlatformReceipt::parse);
}
