//! What the ledger refuses: every error its calls document, and that nothing has changed after one.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/ledger.rs"]
mod common;

use common::*;
use yinzheng::anchor::{Outside, OutsideKind, TargetKind};
use yinzheng::entry::{
    Body, Entry, Event, Facts, HoldAction, HoldReason, RefuseReason, TombstoneReason,
};
use yinzheng::hash::{Digest, HashAlg::Sha256};
use yinzheng::key::{Custody, KeyClaims, KeyRole, RevokeReason};
use yinzheng::ledger::{
    Disclose, Dossier, Environment, EraseRequest, EraseTarget, ExpectedHead, HoldRequest, Ledger,
    OpenOptions, ProofRequest, Selection, import,
};
use yinzheng::number::Number;
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::{Role, StatementDraft, Terms};
use yinzheng::store::{MemoryStore, OutsideKey, SqliteStore, Store};
use yinzheng::time::{Moment, TimeClaim};
use yinzheng::{ErrorCode, Result};

/// A ledger with one sealed record, one that waits, and one that is held.
fn ledger(bank: &SoftwareKey) -> (Ledger, [u8; 16]) {
    let ledger = create(MemoryStore::new(), Sha256, bank);
    let first = append(&ledger, "1", Some("one"), Dossier::New);
    seal(&ledger, bank);
    append(&ledger, "2", None, Dossier::Existing(first.dossier));
    let new = record(Sha256, "3", None, Dossier::Existing(first.dossier));
    ledger.hold_for_signature(&new, bank.public(), &terms(Role::Lender)).unwrap();
    (ledger, first.dossier)
}

/// Beyond the format's limits: text of other than 1 to 64 bytes, an offset no zone has.
fn impossible_times() -> [TimeClaim; 2] {
    let mut text = TimeClaim::declared(1);
    text.captured.original = Some("x".repeat(65));
    let mut offset = TimeClaim::declared(1);
    offset.captured = Moment::new(1, 2000);
    [text, offset]
}

#[test]
fn what_is_not_there_is_not_found() {
    let bank = key(SigAlg::Ed25519, 1);
    let (ledger, dossier) = ledger(&bank);
    let request = |records| ProofRequest { records, disclose: Disclose::All };
    let outside = |target, digest| Outside {
        kind: OutsideKind::PlatformReceipt,
        bytes: platform_word(1),
        target,
        digest: Digest { alg: Sha256, bytes: digest },
    };
    let head = ledger.head().unwrap().unwrap();
    let block = outside(TargetKind::Block, head.sealed_digest);
    let entry = outside(TargetKind::Entry, Sha256.digest(&ledger.entry(0).unwrap()));
    let far = i64::MAX as u64;
    let not_found: Vec<Result<()>> = vec![
        ledger.entry(4).map(drop),
        ledger.entry(u64::MAX).map(drop),
        ledger.receipt(3).map(drop),
        ledger.receipt(far).map(drop),
        ledger.block(1).map(drop),
        ledger.block(u64::MAX).map(drop),
        ledger.disclosures(0).map(drop),
        ledger.disclosures(4).map(drop),
        ledger.find(&Number::Preservation([9; 16])).map(drop),
        ledger.find(&Number::Record([9; 17])).map(drop),
        ledger.consistency(0, 1).map(drop),
        ledger.export(0, 1, Vec::new()).map(drop),
        ledger.prove(&request(Selection::Dossier([9; 16]))).map(drop),
        ledger.prove(&request(Selection::Sequences(vec![]))).map(drop),
        ledger.prove(&request(Selection::Sequences(vec![2, 3]))).map(drop),
        ledger.prove(&request(Selection::Sequences(vec![far]))).map(drop),
        ledger.attach(OutsideKey::Block(1), &block),
        ledger.attach(OutsideKey::Block(0), &entry),
        ledger.attach(OutsideKey::Entry(4), &entry),
        ledger.attach(OutsideKey::Entry(1), &entry),
        ledger.attach(OutsideKey::Block(0), &Outside { digest: entry.digest, ..block.clone() }),
        ledger.finish_statement(9, &[0; 64]).map(drop),
        ledger.drop_statement(9, RefuseReason::Declined, TimeClaim::declared(1)).map(drop),
        ledger.hold_state(0).map(drop),
        ledger.erasure_reach(0).map(drop),
        ledger.confirm_vault_key_destroyed([1; 8], TimeClaim::declared(1)).map(drop),
    ];
    for (at, result) in not_found.into_iter().enumerate() {
        assert_eq!(code(result), ErrorCode::NotFound, "case {at}");
    }
    assert_eq!(ledger.height_of(far).unwrap(), None);
    assert_eq!(ledger.height_of(3).unwrap(), None);
    assert_eq!(ledger.dossier(&[9; 16]).unwrap(), []);
    assert_eq!(ledger.dossiers(None, 9).unwrap(), [dossier]);
    assert_eq!(ledger.dossiers(Some(dossier), 9).unwrap(), [[0; 16]; 0]);
    for range in [(1, 0), (0, 0)] {
        assert_eq!(code(ledger.consistency(range.0, range.1)), ErrorCode::InvalidArgument);
    }
    assert_eq!(code(ledger.export(1, 0, Vec::new())), ErrorCode::InvalidArgument);
    for kind in OutsideKind::ALL.iter().copied() {
        let unreadable = Outside { kind, bytes: vec![1], ..block.clone() };
        assert!(ledger.attach(OutsideKey::Block(0), &unreadable).is_err(), "{kind:?}");
    }
    for len in [0, 65_536, 200_000] {
        let large = Outside { bytes: vec![1; len], ..block.clone() };
        assert_eq!(code(ledger.attach(OutsideKey::Block(0), &large)), ErrorCode::TooLarge);
    }
    ledger.attach(OutsideKey::Block(0), &block).unwrap();
    ledger.attach(OutsideKey::Block(0), &block).unwrap();
    ledger.attach(OutsideKey::Entry(0), &entry).unwrap();
    let proof = ledger.prove(&request(Selection::Dossier(dossier))).unwrap();
    assert_eq!(proof.outside.len(), 2, "each once");
    assert_sound(&ledger);
}

#[test]
fn before_the_first_block_there_is_nothing_to_show() {
    let bank = key(SigAlg::Ed25519, 1);
    let ledger = create(MemoryStore::new(), Sha256, &bank);
    let appended = append(&ledger, "1", None, Dossier::New);
    for _ in 0..2 {
        assert_eq!(ledger.head().unwrap(), None);
        assert_eq!(code(ledger.head_state()), ErrorCode::NotFound);
        assert_eq!(code(ledger.prove(&whole(appended.dossier))), ErrorCode::NotFound);
        assert_eq!(code(ledger.receipt(0)), ErrorCode::NotFound);
        assert_eq!(code(ledger.commit(&[0; 64])), ErrorCode::NothingPending);
        assert_sound(&ledger);
    }
    ledger.begin(1).unwrap();
    assert_eq!(code(ledger.prove(&whole(appended.dossier))), ErrorCode::NotFound);
    for signature in [&[][..], &[0; 64], &[1; 63], &[1; 64], &[0x30, 6, 2, 1, 1, 2, 1, 1]] {
        let error = code(ledger.commit(signature));
        assert!(
            matches!(error, ErrorCode::InvalidSignature | ErrorCode::SignatureMismatch),
            "{error:?}"
        );
    }
    assert!(ledger.pending().unwrap().is_some());
    seal(&ledger, &bank);
    assert_eq!(code(ledger.begin(1)), ErrorCode::NothingToSeal);
}

#[test]
fn only_entries_of_their_kind_are_appended_by_hand() {
    let bank = key(SigAlg::Ed25519, 1);
    let (ledger, dossier) = ledger(&bank);
    let status = ledger.status().unwrap();
    let event = |facts| Event { time: TimeClaim::declared(1), facts }.encode();
    let refused = event(Facts::Refused {
        dossier,
        place: 0,
        record: Digest { alg: Sha256, bytes: [1; 32] },
        reason: None,
        predecessor: None,
    });
    let genesis = ledger.entry(0).unwrap();
    let a_record = ledger.entry(2).unwrap();
    let link = ledger.head_state().unwrap().next_link();
    for bytes in [&refused, &genesis, &a_record, &link, &vec![0xa1, 0, 0x18, 60], &vec![0xa1, 0, 9]]
    {
        assert_eq!(code(ledger.append_entry(bytes)), ErrorCode::WrongKind, "{bytes:02x?}");
    }
    let Body::Record(parsed) = Entry::parse(&a_record).unwrap().body else { panic!("a record") };
    let over = |terms: &Terms| {
        let draft = StatementDraft::over_digest(parsed.digest(&a_record), bank.public(), terms);
        let draft = draft.unwrap();
        draft.finish(bank.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap()
    };
    let elsewhere =
        Terms { audience: Some(Digest { alg: Sha256, bytes: [7; 32] }), ..terms(Role::Witness) };
    assert_eq!(code(ledger.append_entry(&over(&elsewhere))), ErrorCode::InvalidArgument);
    let first = StatementDraft::over_record(&parsed, bank.public(), &terms(Role::Lender)).unwrap();
    let first = first.finish(bank.sign(&first.to_be_signed()).unwrap().bytes()).unwrap();
    assert_eq!(code(ledger.append_entry(&first)), ErrorCode::WrongKind);
    for cut in 0..a_record.len() {
        assert!(ledger.append_entry(&a_record[..cut]).is_err());
    }
    let claims = KeyClaims::revoke(KeyRole::Ledger, [1; 32], RevokeReason::Lost, 1);
    assert_eq!(code(ledger.append_revocation(&claims)), ErrorCode::KeyNotInForce);
    let newest = ledger.ledger_keys().unwrap()[0].kid;
    let claims = KeyClaims::revoke(KeyRole::Ledger, newest, RevokeReason::Lost, 1);
    assert_eq!(code(ledger.append_revocation(&claims)), ErrorCode::KeyNotInForce, "the newest");
    let enrol = KeyClaims::enrol(KeyRole::Ledger, bank.public().clone(), Custody::Hsm, 1);
    assert_eq!(code(ledger.append_revocation(&enrol)), ErrorCode::InvalidArgument);
    assert!(ledger.append_key(&enrol, &[0; 64]).is_err());
    assert_eq!(ledger.status().unwrap(), status);
}

#[test]
fn what_nobody_could_read_is_never_written() {
    let bank = key(SigAlg::Ed25519, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = create(SqliteStore::create(&path).unwrap(), Sha256, &bank);
    let first = append(&ledger, "1", None, Dossier::New);
    let new = record(Sha256, "2", None, Dossier::New);
    let held = ledger.hold_for_signature(&new, bank.public(), &terms(Role::Lender)).unwrap();
    let before = ledger.status().unwrap();
    for time in impossible_times() {
        let mut dated = record(Sha256, "3", None, Dossier::New);
        dated.draft.time = time.clone();
        let hold = HoldRequest {
            action: HoldAction::Set,
            records: vec![first.sequence],
            reason: HoldReason::Dispute,
            reference: "x".into(),
            time: time.clone(),
        };
        let erase = EraseRequest {
            target: EraseTarget::Records(vec![first.sequence]),
            reason: TombstoneReason::PersonsRequest,
            reference: "x".into(),
            time: time.clone(),
        };
        let hands = [
            ledger.append(dated).map(drop),
            ledger.drop_statement(held.id, RefuseReason::Declined, time.clone()).map(drop),
            ledger.hold(&hold).map(drop),
            ledger.erase(&erase).map(drop),
        ];
        for (at, result) in hands.into_iter().enumerate() {
            assert_eq!(code(result), ErrorCode::OutOfRange, "call {at}");
        }
    }
    let certified = |sizes: &[usize]| Terms {
        certificates: sizes.iter().map(|size| vec![1; *size]).collect(),
        ..terms(Role::Lender)
    };
    for sizes in [&[16_385][..], &[0], &[1; 9], &[16_384, 16_384, 16_384]] {
        let held = ledger.hold_for_signature(&new, bank.public(), &certified(sizes));
        assert_eq!(code(held), ErrorCode::LimitExceeded, "{sizes:?}");
    }
    let mut wide = record(Sha256, "3", None, Dossier::New);
    wide.draft.profile.digest.bytes = [1; 32];
    assert_eq!(code(ledger.append(wide.clone())), ErrorCode::DigestMismatch);
    wide.profile = std::sync::Arc::from(&b"{}"[..]);
    wide.draft.profile.digest = Digest::of(Sha256, b"{}");
    assert_eq!(code(ledger.append(wide)), ErrorCode::InvalidProfile);
    assert_eq!(ledger.status().unwrap(), before);
    drop(ledger);
    for (now, system, expected) in [
        (impossible_times()[0].clone(), "a", ErrorCode::OutOfRange),
        (TimeClaim::declared(1), &*"x".repeat(70_000), ErrorCode::TooLarge),
    ] {
        let environment = Environment { system: Some(system.into()), ..Environment::default() };
        let options = OpenOptions { now, environment, ..open_options() };
        let store = Box::new(SqliteStore::open(&path).unwrap());
        assert_eq!(code(Ledger::open(store, options)), expected);
    }
    let ledger = open(SqliteStore::open(&path).unwrap()).unwrap();
    assert_eq!(ledger.status().unwrap(), before);
    assert_sound(&ledger);
}

#[test]
fn a_ledger_that_cannot_start_leaves_the_store_empty() {
    let bank = key(SigAlg::Ed25519, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let options = || create_options(Sha256, &bank);
    let long = Environment { device: Some("x".repeat(70_000)), ..Environment::default() };
    let wrong = [
        yinzheng::ledger::CreateOptions { organisation: String::new(), ..options() },
        yinzheng::ledger::CreateOptions { organisation: "x".repeat(201), ..options() },
        yinzheng::ledger::CreateOptions { environment: long, ..options() },
        yinzheng::ledger::CreateOptions { created: impossible_times()[1].clone(), ..options() },
        yinzheng::ledger::CreateOptions { certificates: vec![vec![]], ..options() },
        yinzheng::ledger::CreateOptions { certificates: vec![vec![1]; 9], ..options() },
    ];
    drop(SqliteStore::create(&path).unwrap());
    for (at, options) in wrong.into_iter().enumerate() {
        let store = Box::new(SqliteStore::open(&path).unwrap());
        assert!(Ledger::create(store, options).is_err(), "case {at}");
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!((store.next_sequence().unwrap(), store.meta("genesis").unwrap()), (0, None));
        assert_eq!(code(open(store)), ErrorCode::NotALedger);
    }
    drop(create(SqliteStore::open(&path).unwrap(), Sha256, &bank));
    let again = Ledger::create(Box::new(SqliteStore::open(&path).unwrap()), options());
    assert_eq!(code(again), ErrorCode::InvalidArgument);
}

#[test]
fn a_reader_and_a_replica_write_nothing() {
    let bank = key(SigAlg::Ed25519, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = create(SqliteStore::create(&path).unwrap(), Sha256, &bank);
    seal(&ledger, &bank);
    let bundle = ledger.export(0, 0, Vec::new()).unwrap();
    let mut replica = MemoryStore::new();
    import(&mut replica, bundle.as_slice()).unwrap();
    assert_eq!(code(open(replica.clone())), ErrorCode::ReadOnly, "it has no writer");
    let mut own = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(code(import(&mut own, bundle.as_slice())), ErrorCode::InvalidArgument);
    let replica = Ledger::open(
        Box::new(replica),
        OpenOptions { vault_key: None, read_only: true, ..open_options() },
    );
    let readers = [open_for_reading(own).unwrap(), replica.unwrap()];
    for reader in readers {
        let new = record(Sha256, "1", None, Dossier::New);
        let time = TimeClaim::declared(1);
        let calls: Vec<Result<()>> = vec![
            reader.append(new.clone()).map(drop),
            reader.append_many(&[]).map(drop),
            reader.append_entry(&closed()).map(drop),
            reader.hold_for_signature(&new, bank.public(), &terms(Role::Lender)).map(drop),
            reader.finish_statement(1, &[]).map(drop),
            reader.drop_statement(1, RefuseReason::Declined, time.clone()).map(drop),
            reader.begin(1).map(drop),
            reader.commit(&[]).map(drop),
            rotate(&reader, &bank).map(drop),
            reader.rewrap(&vault_key(), time, |_, _| {}).map(drop),
        ];
        for (at, result) in calls.into_iter().enumerate() {
            assert_eq!(code(result), ErrorCode::ReadOnly, "call {at}");
        }
        assert_sound(&reader);
        assert_eq!(reader.head().unwrap(), ledger.head().unwrap());
    }
    assert_sound(&ledger);
}

#[test]
fn a_head_that_the_host_holds_must_be_there() {
    let bank = key(SigAlg::Ed25519, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(create(SqliteStore::create(&path).unwrap(), Sha256, &bank));
    let expecting = |height, block_hash| {
        let expected_head = Some(ExpectedHead { height, block_hash });
        let options = OpenOptions { expected_head, ..open_options() };
        Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), options)
    };
    assert_eq!(code(expecting(0, [0; 32])), ErrorCode::HeadMismatch, "no block yet");
    let ledger = open(SqliteStore::open(&path).unwrap()).unwrap();
    seal(&ledger, &bank);
    let head = ledger.head().unwrap().unwrap();
    drop(ledger);
    assert_eq!(code(expecting(0, [0; 32])), ErrorCode::HeadMismatch);
    assert_eq!(code(expecting(1, head.block_hash)), ErrorCode::HeadMismatch);
    assert_eq!(code(expecting(u64::MAX, head.block_hash)), ErrorCode::HeadMismatch);
    expecting(0, head.block_hash).unwrap();
}
