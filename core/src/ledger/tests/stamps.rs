//! Timestamps through the ledger: asked for, answered, attached, proven; and tokens that records name.

use super::*;
use crate::anchor::{Outside, OutsideKind, TargetKind, TimestampRequest};
use crate::store::OutsideKey;
use crate::time::{NotBefore, NotBeforeKind};
use crate::verify::{DeclaredTime, Policy, verify};
use crate::x509::forge::{House, Stamping, response};

fn answer(house: &House, ledger: &Ledger, at: OutsideKey, query: &TimestampRequest) -> Vec<u8> {
    let nonce = Some(query.nonce().to_vec());
    let bytes = ledger.stampable(at).unwrap();
    response(0, &Stamping { nonce, ..house.stamping(&bytes) }.token())
}

fn prove_all(ledger: &Ledger, dossier: [u8; 16]) -> Vec<u8> {
    let request = ProofRequest { records: Selection::Dossier(dossier), disclose: Disclose::None };
    ledger.prove(&request).unwrap().encode().unwrap()
}

#[test]
fn a_stamp_comes_back_into_another_process_and_travels_in_proofs() {
    let house = House::new(SigAlg::P256);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let key = key(SigAlg::Sm2, 1);
    let ledger = create(Box::new(SqliteStore::create(&path).unwrap()), HashAlg::Sm3, &key);
    seal(&ledger, &key);
    let appended = ledger.append(record(HashAlg::Sm3, r#"{"a":"1"}"#, None, Dossier::New)).unwrap();
    let at = OutsideKey::Block(seal(&ledger, &key).height);
    let query = ledger.timestamp_request(at, HashAlg::Sha256).unwrap().encode();
    assert_eq!(
        ledger.timestamp_request(OutsideKey::Block(99), HashAlg::Sm3).unwrap_err().code(),
        ErrorCode::NotFound
    );
    drop(ledger);
    let ledger = Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), open_options()).unwrap();
    let query = TimestampRequest::parse(&query).unwrap();
    let anchor = house.anchor(r#""timestamps""#);
    let policy = Policy::parse(format!(r#"{{"anchors":[{anchor}]}}"#).as_bytes()).unwrap();
    let trust = Some(policy.timestamp_trust());
    let good = answer(&house, &ledger, at, &query);
    let refused = |key, response: &[u8], trust| {
        ledger.attach_timestamp(key, &query, response, trust).unwrap_err().code()
    };
    assert_eq!(refused(OutsideKey::Block(0), &good, trust), ErrorCode::DigestMismatch);
    assert_eq!(refused(at, b"junk", trust), ErrorCode::InvalidToken);
    let stranger = Policy::empty();
    assert_eq!(refused(at, &good, Some(stranger.timestamp_trust())), ErrorCode::UntrustedChain);
    let attached = ledger.attach_timestamp(at, &query, &good, trust).unwrap();
    ledger.attach_timestamp(at, &query, &good, None).unwrap();
    let verdict = verify(
        &prove_all(&ledger, appended.dossier),
        &policy,
        DeclaredTime { unix_ms: 1_900_000_000_000 },
    );
    let stamps: Vec<_> = verdict.lines_of("outside.token").map(|line| line.outcome).collect();
    assert_eq!(stamps, ["proven"], "kept once");
    // Words that are no tokens, or about other bytes, are not kept either.
    let digest = Digest::of(HashAlg::Sm3, &ledger.stampable(at).unwrap());
    let word = |bytes: Vec<u8>| Outside {
        kind: OutsideKind::TimestampToken,
        bytes,
        target: TargetKind::Block,
        digest,
    };
    assert!(ledger.attach(at, &word(attached.bytes().to_vec())).is_ok());
    let other = house.stamping(b"other").token();
    assert_eq!(ledger.attach(at, &word(other)).unwrap_err().code(), ErrorCode::DigestMismatch);
    assert_eq!(
        ledger.attach(at, &word(vec![0x30, 0])).unwrap_err().code(),
        ErrorCode::InvalidToken
    );
}

#[test]
fn a_token_that_a_record_names_travels_with_it() {
    let house = House::new(SigAlg::Sm2);
    let key = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key);
    seal(&ledger, &key);
    ledger.append(record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New)).unwrap();
    let at = OutsideKey::Block(seal(&ledger, &key).height);
    let query = ledger.timestamp_request(at, HashAlg::Sm3).unwrap();
    let token =
        ledger.attach_timestamp(at, &query, &answer(&house, &ledger, at, &query), None).unwrap();
    let mut later = record(HashAlg::Sha256, r#"{"a":"2"}"#, None, Dossier::New);
    later.draft.time.not_before = Some(NotBefore {
        kind: NotBeforeKind::Token,
        digest: Digest::of(HashAlg::Sha256, token.bytes()),
    });
    ledger.append(record(HashAlg::Sha256, r#"{"a":"3"}"#, None, Dossier::New)).unwrap();
    seal(&ledger, &key);
    let appended = ledger.append(later).unwrap();
    seal(&ledger, &key);
    let anchor = house.anchor(r#""timestamps""#);
    let policy = Policy::parse(format!(r#"{{"anchors":[{anchor}]}}"#).as_bytes()).unwrap();
    let at = DeclaredTime { unix_ms: 1_900_000_000_000 };
    let verdict = verify(&prove_all(&ledger, appended.dossier), &policy, at);
    let outcomes = |check| verdict.lines_of(check).map(|line| line.outcome).collect::<Vec<_>>();
    // The block that it is about is not shown; its time counts all the same.
    assert_eq!(outcomes("outside.token"), ["not-proven"]);
    assert_eq!(outcomes("record.not-earlier"), ["proven.token"]);
}

#[test]
fn a_stamp_on_the_newest_block_covers_older_ones_until_the_next_is_sealed() {
    let house = House::new(SigAlg::P256);
    let key = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key);
    seal(&ledger, &key);
    let append = |json| {
        let appended = ledger.append(record(HashAlg::Sha256, json, None, Dossier::New)).unwrap();
        (appended.dossier, OutsideKey::Block(seal(&ledger, &key).height))
    };
    let (old, _) = append(r#"{"a":"1"}"#);
    append(r#"{"a":"2"}"#);
    let (stamped, at) = append(r#"{"a":"3"}"#);
    let query = ledger.timestamp_request(at, HashAlg::Sha256).unwrap();
    ledger.attach_timestamp(at, &query, &answer(&house, &ledger, at, &query), None).unwrap();
    let anchor = house.anchor(r#""timestamps""#);
    let policy = Policy::parse(format!(r#"{{"anchors":[{anchor}]}}"#).as_bytes()).unwrap();
    let grade = |dossier| {
        let now = DeclaredTime { unix_ms: 1_900_000_000_000 };
        verify(&prove_all(&ledger, dossier), &policy, now).records[0].grade
    };
    let kept = prove_all(&ledger, old);
    assert_eq!([grade(old), grade(stamped)], ["witnessed"; 2]);
    append(r#"{"a":"4"}"#);
    // The head is another block now; the stamped one is shown only where a record of it is, and covers that record.
    assert_eq!([grade(old), grade(stamped)], ["self", "witnessed"]);
    // A proof made before stays what it was.
    let verdict = verify(&kept, &policy, DeclaredTime { unix_ms: 1_900_000_000_000 });
    assert_eq!(verdict.records[0].grade, "witnessed");
    // The record's own block can still be stamped; the token says when that was.
    let own = OutsideKey::Block(1);
    let query = ledger.timestamp_request(own, HashAlg::Sha256).unwrap();
    ledger.attach_timestamp(own, &query, &answer(&house, &ledger, own, &query), None).unwrap();
    assert_eq!(grade(old), "witnessed");
}
