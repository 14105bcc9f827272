//! Ledgers that end and go on in another: what goes over, unchanged, and what never happens again to the old one.

use super::tests::{create, key, open_options, record, seal};
use super::*;
use crate::bundle::BundleReader;
use crate::entry::{Body, ContinueReason, Entry, Event, Facts, RefuseReason};
use crate::error::ErrorCode;
use crate::key::{Custody, KeyClaims, KeyRole};
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::{Role, StatementDraft, Terms};
use crate::store::{MemoryStore, SqliteStore};
use crate::time::TimeClaim;
use crate::vault::VaultKey;

const HASH: HashAlg = HashAlg::Sha256;

fn options(reason: ContinueReason, key: &SoftwareKey) -> ContinueOptions {
    ContinueOptions {
        reason,
        create: CreateOptions {
            hash: HASH,
            key: key.public().clone(),
            custody: Custody::Software,
            certificates: Vec::new(),
            next_key: None,
            organisation: "测试银行".into(),
            created: TimeClaim::declared(20),
            continues: None,
            environment: Environment::default(),
            vault_key: VaultKey::from_bytes([3; 32]),
        },
        last_known: None,
    }
}

fn go_on(old: &Ledger, options: ContinueOptions) -> crate::Result<(Ledger, TakenOver)> {
    Ledger::continue_from(old, Box::new(MemoryStore::new()), options)
}

#[track_caller]
fn code<T: core::fmt::Debug>(result: crate::Result<T>) -> ErrorCode {
    result.unwrap_err().code()
}

fn new(text: &str, id: Option<&str>, dossier: Dossier) -> NewRecord {
    record(HASH, &format!(r#"{{"a":"{text}"}}"#), id, dossier)
}

fn old_ledger(key: &SoftwareKey) -> (Ledger, Appended) {
    let ledger = create(Box::new(MemoryStore::new()), HASH, key);
    let first = ledger.append(new("0", Some("b0"), Dossier::New)).unwrap();
    seal(&ledger, key);
    (ledger, first)
}

#[test]
fn a_lost_key_costs_no_entry() {
    let (lost, fresh, customer) = (key(SigAlg::P256, 1), key(SigAlg::Sm2, 2), key(SigAlg::P256, 3));
    let (old, first) = old_ledger(&lost);
    let line = Dossier::Existing(first.dossier);
    // Before the key is lost: a key enrolled, records, one signed by the customer for this very ledger, a further
    // signature, one record held out, one declined, a block that waits for its signature, and something after it.
    let claims =
        KeyClaims::enrol(KeyRole::Customer, customer.public().clone(), Custody::Enclave, 1);
    let request = old.key_signing_request(&claims).unwrap();
    let kid = old.append_key(&claims, customer.sign(request.message()).unwrap().bytes()).unwrap();
    let terms = Terms::new(Role::Customer, 4).by(kid).meant_for(old.id());
    let second = old.append(new("1", Some("b1"), line)).unwrap();
    let held =
        old.hold_for_signature(&new("2", Some("b2"), line), customer.public(), &terms).unwrap();
    let signature = customer.sign(&held.to_be_signed).unwrap();
    let signed = old.finish_statement(held.id, signature.bytes()).unwrap();
    let draft = StatementDraft::over_digest(second.digest, customer.public(), &terms).unwrap();
    let further = draft.finish(customer.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap();
    old.append_entry(&further).unwrap();
    let pending = old.begin(9).unwrap();
    let declined =
        old.hold_for_signature(&new("3", None, line), customer.public(), &terms).unwrap();
    old.drop_statement(declined.id, RefuseReason::Declined, TimeClaim::declared(6)).unwrap();
    let waiting =
        old.hold_for_signature(&new("4", Some("b4"), line), customer.public(), &terms).unwrap();
    let behind = old.append(new("5", None, line)).unwrap();
    let other = old.append(new("9", Some("b9"), Dossier::New)).unwrap();
    let from = old.head().unwrap().unwrap();
    let unsealed: Vec<Vec<u8>> = (from.next_sequence..old.status().unwrap().entries)
        .map(|s| old.entry(s).unwrap())
        .collect();

    let (ledger, taken) = go_on(&old, options(ContinueReason::KeyLost, &fresh)).unwrap();
    assert_eq!(taken, TakenOver { entries: unsealed.len() as u64, held: 1, left: Vec::new() });
    let Body::Genesis(genesis) = Entry::parse(&ledger.entry(0).unwrap()).unwrap().body else {
        panic!("genesis");
    };
    let continues = genesis.continues.unwrap();
    assert_eq!((continues.ledger_id, continues.height), (old.id(), from.height));
    assert_eq!(continues.block_hash.bytes, from.block_hash);
    assert_eq!(continues.sealed_digest.bytes, from.sealed_digest);
    assert_eq!(continues.reason, ContinueReason::KeyLost);
    for (sequence, bytes) in (2..).zip(&unsealed) {
        assert_eq!(&ledger.entry(sequence).unwrap(), bytes, "unchanged, in their order");
    }

    // The old one: its block stays as it was and no other is ever offered, nor is anything taken any more.
    assert_eq!(old.pending().unwrap(), Some(pending.clone()));
    assert_eq!(old.begin(1_000).unwrap(), pending);
    let late = lost.sign(&pending.to_be_signed).unwrap();
    assert_eq!(code(old.commit(late.bytes())), ErrorCode::LedgerClosed);
    assert_eq!(code(old.append(new("x", None, Dossier::New))), ErrorCode::LedgerClosed);
    assert_eq!(code(old.append_entry(&further)), ErrorCode::LedgerClosed);
    assert_eq!(code(old.finish_statement(waiting.id, &[1; 64])), ErrorCode::LedgerClosed);
    let drop = old.drop_statement(waiting.id, RefuseReason::Locked, TimeClaim::declared(7));
    assert_eq!(code(drop), ErrorCode::LedgerClosed);
    let hold = old.hold_for_signature(&new("y", None, line), customer.public(), &terms);
    assert_eq!(code(hold), ErrorCode::LedgerClosed);
    assert_eq!(old.head().unwrap(), Some(from));

    // The new one: the line goes on, the customer finishes, retries give the same answer, values open.
    assert_eq!(ledger.held().unwrap(), std::slice::from_ref(&waiting));
    let signature = customer.sign(&waiting.to_be_signed).unwrap();
    let finished = ledger.finish_statement(waiting.id, signature.bytes()).unwrap();
    assert_eq!((finished.place, finished.digest), (waiting.place, waiting.digest));
    let again = ledger.append(new("1", Some("b1"), line)).unwrap();
    assert_eq!((again.digest, again.place, again.replayed), (second.digest, 1, true));
    assert_eq!(code(ledger.append(new("x", Some("b2"), line))), ErrorCode::Conflict);
    let next = ledger.append(new("6", None, line)).unwrap();
    assert_eq!(next.place, behind.place + 1);
    assert_eq!(ledger.append(new("9", None, Dossier::Existing(other.dossier))).unwrap().place, 1);
    seal(&ledger, &fresh);
    assert_eq!(ledger.head().unwrap().unwrap().height, 0);
    let report = ledger.check(|_, _| {}).unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    assert_eq!(ledger.disclosures(again.sequence).unwrap().len(), 1);
    let places: Vec<u64> =
        ledger.dossier(&first.dossier).unwrap().iter().map(|row| row.place).collect();
    assert_eq!(places, [1, 2, 3, 4, 5, 6]);
    assert_eq!(signed.place, 2);
    let all = ProofRequest { records: Selection::Dossier(first.dossier), disclose: Disclose::All };
    ledger.prove(&all).unwrap();
    // A replica takes it as it takes any ledger.
    let bundle = ledger.export(0, 0, Vec::new()).unwrap();
    assert_eq!(BundleReader::new(bundle.as_slice()).unwrap().header().last, 0);
    import(&mut MemoryStore::new(), bundle.as_slice()).unwrap();
}

#[test]
fn both_ledgers_are_what_they_are_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (lost, fresh, customer) = (key(SigAlg::P256, 1), key(SigAlg::P256, 2), key(SigAlg::Sm2, 3));
    let (a, b) = (folder.path().join("old.db"), folder.path().join("new.db"));
    let old = create(Box::new(SqliteStore::create(&a).unwrap()), HASH, &lost);
    seal(&old, &lost);
    let claims = KeyClaims::enrol(KeyRole::Customer, customer.public().clone(), Custody::Shield, 1);
    let request = old.key_signing_request(&claims).unwrap();
    old.append_key(&claims, customer.sign(request.message()).unwrap().bytes()).unwrap();
    let many: Vec<NewRecord> =
        (0..2_500).map(|at| new(&at.to_string(), Some(&format!("b{at}")), Dossier::New)).collect();
    let appended = old.append_many(&many).unwrap();
    let pending = old.begin(9).unwrap();
    let store = Box::new(SqliteStore::create(&b).unwrap());
    let (ledger, taken) =
        Ledger::continue_from(&old, store, options(ContinueReason::KeyLost, &fresh)).unwrap();
    assert_eq!((taken.entries, taken.held), (2_501, 0));
    drop((old, ledger));

    let old = Ledger::open(Box::new(SqliteStore::open(&a).unwrap()), open_options()).unwrap();
    assert_eq!(old.begin(77).unwrap(), pending);
    assert_eq!(code(old.commit(&[1; 64])), ErrorCode::LedgerClosed);
    assert_eq!(old.status().unwrap().entries, 2_503, "opening it again adds nothing");
    let ledger = Ledger::open(Box::new(SqliteStore::open(&b).unwrap()), open_options()).unwrap();
    seal(&ledger, &fresh);
    for at in [0, 999, 1_000, 2_499] {
        let again = ledger.append(many[at].clone()).unwrap();
        assert_eq!((again.digest, again.replayed), (appended[at].digest, true));
    }
    assert!(ledger.check(|_, _| {}).unwrap().problems.is_empty());
}

#[test]
fn what_speaks_of_the_old_ledger_itself_stays_behind() {
    let (lost, fresh) = (key(SigAlg::Ed25519, 1), key(SigAlg::Ed25519, 2));
    let (old, _) = old_ledger(&lost);
    let rotation = old.rotation_claims(fresh.public().clone(), Custody::Hsm, 7).unwrap();
    let request = old.key_signing_request(&rotation).unwrap();
    old.append_key(&rotation, fresh.sign(request.message()).unwrap().bytes()).unwrap();
    let facts = Facts::Clock { step_ms: 5, boot_before: None, boot_after: None };
    old.append_entry(&Event { time: TimeClaim::declared(8), facts }.encode()).unwrap();
    old.close(TimeClaim::declared(9), None).unwrap();
    let (ledger, taken) = go_on(&old, options(ContinueReason::KeyLost, &fresh)).unwrap();
    let left: Vec<u64> = taken.left.iter().map(|(sequence, _)| *sequence).collect();
    assert_eq!((taken.entries, left), (1, vec![3, 5]));
    assert!(taken.left[0].1.contains("key") && taken.left[1].1.contains("closed"));
    seal(&ledger, &fresh);
    assert_eq!(ledger.ledger_keys().unwrap().len(), 1);
}

#[test]
fn a_ledger_that_went_on_can_end_too() {
    let (lost, next, last) = (key(SigAlg::P256, 1), key(SigAlg::P256, 2), key(SigAlg::P256, 3));
    let customer = key(SigAlg::P256, 4);
    let (old, _) = old_ledger(&lost);
    let claims =
        KeyClaims::enrol(KeyRole::Customer, customer.public().clone(), Custody::Enclave, 1);
    let request = old.key_signing_request(&claims).unwrap();
    old.append_key(&claims, customer.sign(request.message()).unwrap().bytes()).unwrap();
    let record = old.append(new("1", None, Dossier::New)).unwrap();
    let (middle, _) = go_on(&old, options(ContinueReason::KeyLost, &next)).unwrap();
    assert_eq!(
        code(go_on(&middle, options(ContinueReason::KeyLost, &last))),
        ErrorCode::InvalidArgument
    );
    // Block 0 holds all that was taken over; what comes after it goes over again.
    let begun = middle.begin(1).unwrap();
    middle.commit(next.sign(&begun.to_be_signed).unwrap().bytes()).unwrap();
    let second = middle.append(new("2", None, Dossier::Existing(record.dossier))).unwrap();
    let mut moved = options(ContinueReason::KeyLost, &last);
    moved.create.created = TimeClaim::declared(30);
    let (ledger, taken) = go_on(&middle, moved).unwrap();
    assert_eq!((taken.entries, taken.left.len()), (1, 0));
    let row = ledger.dossier(&record.dossier).unwrap()[0];
    assert_eq!((row.place, row.digest), (1, second.digest));
}

#[test]
fn a_restored_store_goes_on_in_another_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, fresh) = (key(SigAlg::Sm2, 1), key(SigAlg::Sm2, 2));
    let (path, backup) = (folder.path().join("ledger.db"), folder.path().join("backup.db"));
    let ledger = create(Box::new(SqliteStore::create(&path).unwrap()), HASH, &bank);
    seal(&ledger, &bank);
    let first = ledger.append(new("1", Some("b1"), Dossier::New)).unwrap();
    drop(ledger);
    std::fs::copy(&path, &backup).unwrap();
    let ledger = Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), open_options()).unwrap();
    seal(&ledger, &bank);
    let mirrored = ledger.head().unwrap().unwrap();
    drop(ledger);

    let restored = SqliteStore::open(&backup).unwrap();
    let restored = Ledger::open(Box::new(restored), open_options()).unwrap();
    let head = restored.head().unwrap().unwrap();
    let with = |last_known: Option<HeadInfo>| ContinueOptions {
        last_known,
        ..options(ContinueReason::Restore, &fresh)
    };
    let wrong = HeadInfo { block_hash: [9; 32], ..head.clone() };
    assert_eq!(code(go_on(&restored, with(Some(wrong)))), ErrorCode::HeadMismatch);
    let foreign = HeadInfo { ledger_id: Digest::of(HASH, b"x"), ..mirrored.clone() };
    assert_eq!(code(go_on(&restored, with(Some(foreign)))), ErrorCode::HeadMismatch);
    let (ledger, taken) = go_on(&restored, with(Some(mirrored.clone()))).unwrap();
    assert_eq!((taken.entries, taken.left.len()), (1, 0));
    let body = |at| Entry::parse(&ledger.entry(at).unwrap()).unwrap().body;
    let Body::Genesis(genesis) = body(0) else { panic!("genesis") };
    assert_eq!(genesis.continues.unwrap().height, mirrored.height, "the last known block");
    let Body::Event(event) = body(2) else { panic!("restored") };
    let expected = Facts::Restored {
        ledger_id: restored.id(),
        height: head.height,
        block_hash: Digest { alg: HASH, bytes: head.block_hash },
    };
    assert_eq!(event.facts, expected, "the block that was restored");
    let again = ledger.append(new("1", Some("b1"), Dossier::New)).unwrap();
    assert_eq!((again.digest, again.replayed), (first.digest, true));
    seal(&ledger, &fresh);
    // A store opened for reading cannot be ended, and need not be: it is a copy.
    drop(restored);
    let reader = OpenOptions { read_only: true, vault_key: None, ..open_options() };
    let copy = Ledger::open(Box::new(SqliteStore::open_read_only(&path).unwrap()), reader).unwrap();
    go_on(&copy, options(ContinueReason::Restore, &fresh)).unwrap();
}

#[test]
fn a_rollover_keeps_what_it_announced() {
    let (bank, next, other) = (key(SigAlg::Ed25519, 1), key(SigAlg::Sm2, 2), key(SigAlg::Sm2, 3));
    let (old, _) = old_ledger(&bank);
    let rollover = |key: &SoftwareKey| options(ContinueReason::Rollover, key);
    assert_eq!(code(go_on(&old, rollover(&next))), ErrorCode::InvalidArgument, "not closed");
    let closed = old.close(TimeClaim::declared(9), Some(next.public())).unwrap();
    assert_eq!(code(go_on(&old, rollover(&next))), ErrorCode::InvalidArgument, "not sealed");
    seal(&old, &bank);
    assert_eq!(code(go_on(&old, rollover(&other))), ErrorCode::InvalidArgument, "another key");
    let mut sm3 = rollover(&next);
    sm3.reason = ContinueReason::NewHash;
    sm3.create.hash = HashAlg::Sm3;
    sm3.create.vault_key = VaultKey::from_bytes([8; 32]);
    let (ledger, taken) = go_on(&old, sm3).unwrap();
    assert_eq!(taken, TakenOver::default());
    let Body::Event(event) = Entry::parse(&old.entry(closed).unwrap()).unwrap().body else {
        panic!("closed");
    };
    let Facts::Closed { successor_nonce, .. } = event.facts else { panic!("closed") };
    let Body::Genesis(genesis) = Entry::parse(&ledger.entry(0).unwrap()).unwrap().body else {
        panic!("genesis");
    };
    assert_eq!(Some(genesis.nonce), successor_nonce);
    seal(&ledger, &next);
    assert_eq!(code(old.close(TimeClaim::declared(9), None)), ErrorCode::LedgerClosed);
}

#[test]
fn what_cannot_go_on_says_so_and_changes_nothing() {
    let (lost, fresh) = (key(SigAlg::P256, 1), key(SigAlg::P256, 2));
    let begun = create(Box::new(MemoryStore::new()), HASH, &lost);
    let lost_key = || options(ContinueReason::KeyLost, &fresh);
    assert_eq!(code(go_on(&begun, lost_key())), ErrorCode::InvalidArgument, "no block");
    let (old, _) = old_ledger(&lost);
    let mut wrong = lost_key();
    wrong.create.hash = HashAlg::Sm3;
    assert_eq!(code(go_on(&old, wrong)), ErrorCode::InvalidArgument, "another hash");
    let mut wrong = lost_key();
    wrong.create.vault_key = VaultKey::from_bytes([4; 32]);
    assert_eq!(code(go_on(&old, wrong)), ErrorCode::WrongVaultKey);
    let mut wrong = lost_key();
    wrong.create.organisation = String::new();
    assert_eq!(code(go_on(&old, wrong)), ErrorCode::InvalidArgument, "no name");
    let mut taken = MemoryStore::new();
    let bundle = old.export(0, 0, Vec::new()).unwrap();
    import(&mut taken, bundle.as_slice()).unwrap();
    let used = Ledger::continue_from(&old, Box::new(taken), lost_key());
    assert_eq!(code(used), ErrorCode::InvalidArgument, "a store in use");
    let mut replica = MemoryStore::new();
    import(&mut replica, bundle.as_slice()).unwrap();
    let reading = OpenOptions { read_only: true, vault_key: None, ..open_options() };
    let replica = Ledger::open(Box::new(replica), reading).unwrap();
    assert_eq!(code(go_on(&replica, lost_key())), ErrorCode::InvalidArgument, "a replica");
    // After all that the ledger is as it was.
    old.append(new("1", None, Dossier::New)).unwrap();
    seal(&old, &lost);
}

#[test]
fn a_statement_for_the_ledger_before_may_still_come_in() {
    let (lost, fresh, customer) =
        (key(SigAlg::P256, 1), key(SigAlg::P256, 2), key(SigAlg::P256, 3));
    let (old, first) = old_ledger(&lost);
    let meant_for = |id| {
        let terms = Terms::new(Role::Customer, 4).meant_for(id);
        let draft = StatementDraft::over_digest(first.digest, customer.public(), &terms).unwrap();
        draft.finish(customer.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap()
    };
    let (ledger, _) = go_on(&old, options(ContinueReason::KeyLost, &fresh)).unwrap();
    ledger.append_entry(&meant_for(old.id())).unwrap();
    ledger.append_entry(&meant_for(ledger.id())).unwrap();
    let foreign = ledger.append_entry(&meant_for(Digest::of(HASH, b"x")));
    assert_eq!(code(foreign), ErrorCode::InvalidArgument);
}
