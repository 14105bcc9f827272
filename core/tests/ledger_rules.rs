//! How pending blocks, rotations, held records, business ids and closing go together, across closing and opening.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/ledger.rs"]
mod common;

use std::path::PathBuf;

use common::*;
use yinzheng::ErrorCode;
use yinzheng::entry::{Entry, RefuseReason};
use yinzheng::hash::HashAlg::{Sha256, Sm3};
use yinzheng::key::{KeyClaims, KeyRole, RevokeReason};
use yinzheng::ledger::{Appended, Dossier, Environment, Ledger, OpenOptions};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::Role;
use yinzheng::store::SqliteStore;
use yinzheng::time::TimeClaim;

/// A ledger in a file that can be closed and opened at any point.
struct Stage {
    ledger: Option<Ledger>,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Stage {
    fn new(key: &SoftwareKey) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let ledger = create(SqliteStore::create(&path).unwrap(), Sm3, key);
        Self { ledger: Some(ledger), path, _folder: folder }
    }

    /// The ledger, closed and opened again.
    fn again(&mut self) -> &Ledger {
        self.ledger = None;
        self.ledger.insert(open(SqliteStore::open(&self.path).unwrap()).unwrap())
    }

    fn now(&self) -> &Ledger {
        self.ledger.as_ref().unwrap()
    }
}

#[test]
fn a_rotation_while_a_block_is_pending_counts_from_the_block_it_lands_in() {
    let (old, new, third) = (key(SigAlg::Sm2, 1), key(SigAlg::P256, 2), key(SigAlg::Ed25519, 3));
    let mut stage = Stage::new(&old);
    seal(stage.now(), &old);
    append(stage.now(), "1", None, Dossier::New);
    let first = stage.now().begin(9).unwrap();
    rotate(stage.again(), &new).unwrap();
    assert_eq!(stage.again().pending().unwrap().as_ref(), Some(&first));
    assert_eq!(code(rotate(stage.again(), &third)), ErrorCode::OutOfRange, "two in one block");
    append(stage.now(), "2", None, Dossier::New);
    let wrong = new.sign(&first.to_be_signed).unwrap();
    assert_eq!(code(stage.now().commit(wrong.bytes())), ErrorCode::SignatureMismatch);
    stage.again().commit(old.sign(&first.to_be_signed).unwrap().bytes()).unwrap();
    // The rotation is in block 2, which the old key signs still.
    assert_eq!(&stage.again().begin(9).unwrap().key, old.public());
    rotate(stage.again(), &third).unwrap();
    seal(stage.again(), &old);
    assert_eq!(&stage.again().begin(9).unwrap().key, new.public());
    seal(stage.again(), &new);
    let last = append(stage.again(), "3", None, Dossier::New);
    assert_eq!(&stage.again().begin(9).unwrap().key, third.public());
    assert_eq!(seal(stage.again(), &third).height, 4);
    let ledger = stage.again();
    let epochs: Vec<_> = ledger.ledger_keys().unwrap().iter().map(|key| key.since).collect();
    assert_eq!(epochs, [0, 2, 3]);
    assert_sound(ledger);
    let proof = ledger.prove(&whole(last.dossier)).unwrap();
    assert_eq!(proof.items.len(), 2 + 2 + 1, "genesis, opened, both rotations, the record");
    let claims = KeyClaims::revoke(
        KeyRole::Ledger,
        ledger.ledger_keys().unwrap()[0].kid,
        RevokeReason::Retired,
        8,
    );
    ledger.append_revocation(&claims).unwrap();
    seal(stage.again(), &third);
    assert_sound(stage.again());
}

#[test]
fn a_rotation_before_the_first_block_is_in_force_from_the_second() {
    let (old, new, third) = (key(SigAlg::Ed25519, 1), key(SigAlg::Sm2, 2), key(SigAlg::P256, 3));
    let mut stage = Stage::new(&old);
    rotate(stage.again(), &new).unwrap();
    assert_eq!(code(rotate(stage.again(), &third)), ErrorCode::OutOfRange);
    assert_eq!(&stage.again().begin(1).unwrap().key, old.public());
    rotate(stage.again(), &third).unwrap();
    seal(stage.again(), &old);
    seal(stage.again(), &new);
    append(stage.again(), "1", None, Dossier::New);
    seal(stage.again(), &third);
    assert_sound(stage.again());
}

#[test]
fn a_business_id_is_taken_from_the_moment_its_record_is_held() {
    let (bank, customer) = (key(SigAlg::Ed25519, 1), key(SigAlg::P256, 2));
    let mut stage = Stage::new(&bank);
    let new = |value: &str| record(Sha256, value, Some("loan"), Dossier::New);
    let hold = |ledger: &Ledger| {
        ledger.hold_for_signature(&new("1"), customer.public(), &terms(Role::Customer))
    };
    let held = hold(stage.now()).unwrap();
    for value in ["1", "2"] {
        assert_eq!(code(stage.now().append(new(value))), ErrorCode::Conflict);
        assert_eq!(code(stage.again().append(new(value))), ErrorCode::Conflict);
        let many = [record(Sha256, "0", None, Dossier::New), new(value)];
        assert_eq!(code(stage.now().append_many(&many)), ErrorCode::Conflict);
    }
    assert_eq!(code(hold(stage.again())), ErrorCode::Conflict);
    assert_eq!(stage.now().status().unwrap().entries, 2, "nothing was appended");
    let signature = customer.sign(&held.to_be_signed).unwrap();
    let signed = stage.again().finish_statement(held.id, signature.bytes()).unwrap();
    let replayed = stage.again().append(new("1")).unwrap();
    assert_eq!(replayed, Appended { replayed: true, ..signed.clone() });
    assert_eq!(code(stage.now().append(new("2"))), ErrorCode::Conflict);
    assert_eq!(code(hold(stage.now())), ErrorCode::Conflict);
    assert_eq!(code(stage.now().finish_statement(held.id, signature.bytes())), ErrorCode::NotFound);
    seal(stage.again(), &bank);
    assert_sound(stage.now());
}

#[test]
fn a_dropped_record_frees_its_business_id_and_never_lends_its_number() {
    let (bank, customer) = (key(SigAlg::Ed25519, 1), key(SigAlg::Sm2, 2));
    let mut stage = Stage::new(&bank);
    let hold = |ledger: &Ledger, value: &str, dossier| {
        let new = record(Sha256, value, Some("loan"), dossier);
        ledger.hold_for_signature(&new, customer.public(), &terms(Role::Customer)).unwrap()
    };
    let first = hold(stage.now(), "1", Dossier::New);
    let time = || TimeClaim::declared(3);
    stage.again().drop_statement(first.id, RefuseReason::TimedOut, time()).unwrap();
    let second = hold(stage.again(), "2", Dossier::Existing(first.dossier));
    assert!(second.id > first.id, "a late answer about the first must not reach the second");
    assert_eq!(second.place, 1);
    let late = stage.again().drop_statement(first.id, RefuseReason::TimedOut, time());
    assert_eq!(code(late), ErrorCode::NotFound);
    let signature = customer.sign(&first.to_be_signed).unwrap();
    let late = stage.now().finish_statement(second.id, signature.bytes());
    assert_eq!(code(late), ErrorCode::SignatureMismatch);
    let third = append(stage.now(), "3", None, Dossier::Existing(first.dossier));
    let signature = customer.sign(&second.to_be_signed).unwrap();
    stage.again().finish_statement(second.id, signature.bytes()).unwrap();
    seal(stage.again(), &bank);
    let ledger = stage.again();
    let predecessor = |sequence: u64| {
        let bytes = ledger.entry(sequence).unwrap();
        Entry::parse(&bytes).unwrap().place().unwrap().predecessor
    };
    let places = ledger.dossier(&first.dossier).unwrap();
    assert_eq!(
        places.iter().map(|row| row.digest).collect::<Vec<_>>(),
        [first.digest, second.digest, third.digest]
    );
    for (at, row) in places.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| places[at].digest);
        assert_eq!(predecessor(row.sequence.unwrap()), before);
    }
    assert_eq!(ledger.prove(&whole(first.dossier)).unwrap().items.len(), 2 + 3);
    assert_sound(ledger);
}

#[test]
fn closing_waits_for_held_records_and_ends_everything_but_answers() {
    let (bank, customer) = (key(SigAlg::P256, 1), key(SigAlg::P256, 2));
    let mut stage = Stage::new(&bank);
    let first = append(stage.now(), "1", Some("one"), Dossier::New);
    let new = record(Sha256, "2", None, Dossier::New);
    let held =
        stage.now().hold_for_signature(&new, customer.public(), &terms(Role::Customer)).unwrap();
    assert_eq!(code(stage.again().append_entry(&closed())), ErrorCode::InvalidArgument);
    let signature = customer.sign(&held.to_be_signed).unwrap();
    stage.now().finish_statement(held.id, signature.bytes()).unwrap();
    let pending = stage.again().begin(9).unwrap();
    stage.again().append_entry(&closed()).unwrap();
    for _ in 0..2 {
        let ledger = stage.again();
        assert!(ledger.status().unwrap().closed);
        let more = || record(Sha256, "3", None, Dossier::Existing(first.dossier));
        assert_eq!(code(ledger.append(more())), ErrorCode::LedgerClosed);
        assert_eq!(code(ledger.append_entry(&closed())), ErrorCode::LedgerClosed);
        assert_eq!(code(rotate(ledger, &customer)), ErrorCode::LedgerClosed);
        let held = ledger.hold_for_signature(&more(), customer.public(), &terms(Role::Customer));
        assert_eq!(code(held), ErrorCode::LedgerClosed);
        let again = append(ledger, "1", Some("one"), Dossier::New);
        assert_eq!(again, Appended { replayed: true, ..first.clone() }, "a retry still learns");
    }
    stage.again().commit(bank.sign(&pending.to_be_signed).unwrap().bytes()).unwrap();
    assert_eq!(seal(stage.again(), &bank).entries, 1, "the closed event");
    let changed = OpenOptions {
        environment: Environment { system: Some("newer".into()), ..Environment::default() },
        ..open_options()
    };
    stage.ledger = None;
    let store = Box::new(SqliteStore::open(&stage.path).unwrap());
    let ledger = Ledger::open(store, changed).unwrap();
    assert_eq!(ledger.status().unwrap().unsealed, 0, "no event after the end");
    assert_eq!(code(ledger.begin(9)), ErrorCode::NothingToSeal);
    assert!(ledger.status().unwrap().closed);
    assert_sound(&ledger);
}

#[test]
fn one_append_of_many_is_all_or_nothing() {
    let bank = key(SigAlg::Ed25519, 1);
    let mut stage = Stage::new(&bank);
    let first = append(stage.now(), "1", Some("one"), Dossier::New);
    let of = |value: &str, id: Option<&str>, dossier| record(Sha256, value, id, dossier);
    let here = Dossier::Existing(first.dossier);
    let good = [
        of("2", Some("two"), here),
        of("1", Some("one"), Dossier::New),
        of("3", None, here),
        of("4", Some("four"), Dossier::New),
        of("5", Some("five"), here),
    ];
    for bad in [
        of("other", Some("one"), Dossier::New),
        of("2", Some("two"), here),
        of("6", Some(""), here),
        of("6", Some(&"x".repeat(257)), here),
    ] {
        for at in 1..=good.len() {
            let mut many = good.to_vec();
            many.insert(at, bad.clone());
            assert!(stage.now().append_many(&many).is_err());
            assert_eq!(stage.now().status().unwrap().entries, 3);
        }
    }
    let appended = stage.again().append_many(&good).unwrap();
    let places: Vec<_> = appended.iter().map(|a| (a.place, a.replayed)).collect();
    assert_eq!(places, [(1, false), (0, true), (2, false), (0, false), (3, false)]);
    assert_eq!(appended[1].sequence, first.sequence);
    let again = stage.again().append_many(&good).unwrap();
    for (at, (one, two)) in appended.iter().zip(&again).enumerate() {
        assert_eq!(two.replayed, at != 2, "the one without an id is new");
        assert_eq!(one.sequence == two.sequence, at != 2);
    }
    assert_eq!(stage.again().append_many(&[]).unwrap(), []);
    seal(stage.again(), &bank);
    assert_sound(stage.again());
    assert_eq!(stage.again().append_many(&good[..2]).unwrap()[0].sequence, appended[0].sequence);
}
