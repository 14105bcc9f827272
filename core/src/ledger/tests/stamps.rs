//! Timestamps through the ledger: asked for, answered, attached, proven; and tokens that records name.

use super::*;
use crate::anchor::{Outside, OutsideKind, TargetKind, TimestampRequest};
use crate::store::OutsideKey;
use crate::testing::code;
use crate::time::{NotBefore, NotBeforeKind};
use crate::verify::{DeclaredTime, Policy, Status, verify};
use crate::x509::forge::{House, Stamping, response};

fn answer(house: &House, ledger: &Ledger, at: OutsideKey, query: &TimestampRequest) -> Vec<u8> {
    let nonce = Some(query.nonce().to_vec());
    let bytes = ledger.stampable(at).unwrap();
    response(0, &Stamping { nonce, ..house.stamping(&bytes) }.token())
}

const NOW: DeclaredTime = DeclaredTime { unix_ms: 1_900_000_000_000 };

fn prove_all(ledger: &Ledger, dossier: [u8; 16]) -> Vec<u8> {
    under(ledger, dossier, ProofHead::Newest).unwrap()
}

fn under(ledger: &Ledger, dossier: [u8; 16], head: ProofHead) -> Result<Vec<u8>> {
    let request = ProofRequest { records: Selection::Dossier(dossier), disclose: Disclose::None };
    ledger.prove_under(&request, head)?.encode()
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
    let verdict = verify(&prove_all(&ledger, appended.dossier), &policy, NOW);
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
    let verdict = verify(&prove_all(&ledger, appended.dossier), &policy, NOW);
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
    let grade = |dossier| verify(&prove_all(&ledger, dossier), &policy, NOW).records[0].grade;
    let kept = prove_all(&ledger, old);
    assert_eq!([grade(old), grade(stamped)], ["witnessed"; 2]);
    append(r#"{"a":"4"}"#);
    // The head is another block now; the stamped one is shown only where a record of it is, and covers that record.
    assert_eq!([grade(old), grade(stamped)], ["self", "witnessed"]);
    // A proof made before stays what it was.
    let verdict = verify(&kept, &policy, NOW);
    assert_eq!(verdict.records[0].grade, "witnessed");
    // Nor is anything lost: a proof may lead to the stamped block.
    let verdict = verify(&under(&ledger, old, ProofHead::Witnessed).unwrap(), &policy, NOW);
    assert_eq!(verdict.records[0].grade, "witnessed");
    // The record's own block can still be stamped; the token says when that was.
    let own = OutsideKey::Block(1);
    let query = ledger.timestamp_request(own, HashAlg::Sha256).unwrap();
    ledger.attach_timestamp(own, &query, &answer(&house, &ledger, own, &query), None).unwrap();
    assert_eq!(grade(old), "witnessed");
}

#[test]
fn a_proof_under_an_earlier_head_shows_what_was_there_then() {
    let house = House::new(SigAlg::P256);
    let (key, next) = (key(SigAlg::Ed25519, 1), super::key(SigAlg::P256, 2));
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key);
    seal(&ledger, &key);
    let append =
        |json, dossier| ledger.append(record(HashAlg::Sha256, json, None, dossier)).unwrap();
    let first = append(r#"{"a":"1"}"#, Dossier::New).dossier;
    seal(&ledger, &key);
    append(r#"{"a":"2"}"#, Dossier::New);
    let stamped = OutsideKey::Block(seal(&ledger, &key).height);
    let query = ledger.timestamp_request(stamped, HashAlg::Sha256).unwrap();
    ledger
        .attach_timestamp(stamped, &query, &answer(&house, &ledger, stamped, &query), None)
        .unwrap();
    // Afterwards the dossier goes on, the ledger key is another one, and its holder signs the head.
    append(r#"{"a":"3"}"#, Dossier::Existing(first));
    let late = append(r#"{"a":"4"}"#, Dossier::New).dossier;
    super::limits::rotate(&ledger, &next).unwrap();
    seal(&ledger, &key);
    append(r#"{"a":"5"}"#, Dossier::New);
    let newest = seal(&ledger, &next).height;
    let anchor = house.anchor(r#""timestamps""#);
    let policy = Policy::parse(format!(r#"{{"anchors":[{anchor}]}}"#).as_bytes()).unwrap();
    let judged = |head| verify(&under(&ledger, first, head).unwrap(), &policy, NOW);
    let now = judged(ProofHead::Newest);
    assert_eq!((now.ledgers[0].head_height, now.records.len()), (newest, 2));
    assert_eq!(now.records[0].grade, "self");
    for head in [ProofHead::Block(2), ProofHead::Witnessed] {
        // The dossier's newer record is in a block that nobody stamped.
        let refused = under(&ledger, late, head).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::NotFound);
    }
    let then = judged(ProofHead::Block(2));
    assert!(then.lines.iter().all(|line| line.status != Status::Contradicted));
    assert_eq!((then.ledgers[0].head_height, then.records.len()), (2, 1));
    assert_eq!(then.records[0].grade, "witnessed");
    assert_eq!(code(under(&ledger, first, ProofHead::Witnessed)), ErrorCode::NotFound);
    for (height, expected) in [
        (0, Some(ErrorCode::NotFound)),
        (1, None),
        (newest, None),
        (newest + 1, Some(ErrorCode::NotFound)),
        (u64::MAX, Some(ErrorCode::NotFound)),
    ] {
        let made = under(&ledger, first, ProofHead::Block(height));
        assert_eq!(made.err().map(|error| error.code()), expected, "{height}");
    }
    assert_eq!(under(&ledger, first, ProofHead::Block(newest)).unwrap(), prove_all(&ledger, first));
    for (text, head) in [
        ("newest", ProofHead::Newest),
        ("witnessed", ProofHead::Witnessed),
        ("7", ProofHead::Block(7)),
    ] {
        assert_eq!(text.parse(), Ok(head));
    }
    for text in ["", "oldest", "-1", "Newest", "1.0", "18446744073709551616"] {
        assert_eq!(code(text.parse::<ProofHead>()), ErrorCode::InvalidArgument, "{text}");
    }
}
