use std::sync::Arc;

use super::*;
use crate::bundle::BundleReader;
use crate::entry::{Body, Entry, RefuseReason};
use crate::hash::HashAlg;
use crate::key::{Custody, KeyClaims, KeyRole};
use crate::number;
use crate::profile::builtin_by_id;
use crate::record::{ProfileRef, RecordBuilder};
use crate::sign::{PublicKey, SigAlg, SoftwareKey};
use crate::statement::{Role, Terms};
use crate::store::{MemoryStore, SqliteStore};
use crate::time::TimeClaim;
use crate::vault::VaultKey;

pub(super) fn key(alg: SigAlg, seed: u8) -> SoftwareKey {
    SoftwareKey::from_seed(alg, &[seed; 32]).unwrap()
}

pub(super) fn create_options(hash: HashAlg, key: &SoftwareKey) -> CreateOptions {
    CreateOptions {
        hash,
        key: key.public().clone(),
        custody: Custody::Software,
        certificates: Vec::new(),
        next_key: None,
        organisation: "测试银行".into(),
        created: TimeClaim::declared(1),
        continues: None,
        environment: Environment::default(),
        vault_key: VaultKey::from_bytes([3; 32]),
    }
}

pub(super) fn create(store: Box<dyn Store>, hash: HashAlg, key: &SoftwareKey) -> Ledger {
    Ledger::create(store, create_options(hash, key)).unwrap()
}

pub(super) fn open_options() -> OpenOptions {
    OpenOptions {
        vault_key: Some(VaultKey::from_bytes([3; 32])),
        expected_head: None,
        environment: Environment::default(),
        now: TimeClaim::declared(5),
        read_only: false,
    }
}

pub(super) fn record(
    hash: HashAlg,
    message: &str,
    id: Option<&str>,
    dossier: Dossier,
) -> NewRecord {
    let profile = builtin_by_id("generic").unwrap();
    let reading = profile.read(message.as_bytes(), &[]).unwrap();
    let draft = RecordBuilder::new(ProfileRef::of(profile, hash), TimeClaim::declared(2))
        .fields(reading.fields)
        .build()
        .unwrap();
    NewRecord {
        business_id: id.map(Into::into),
        dossier,
        draft,
        profile: Arc::from(profile.bytes()),
    }
}

pub(super) fn seal(ledger: &Ledger, key: &SoftwareKey) -> Sealed {
    ledger.seal_with(9, |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec())).unwrap()
}

fn terms(role: Role) -> Terms {
    Terms {
        kid: None,
        role,
        issued_at: 4,
        displayed: None,
        audience: None,
        certificates: Vec::new(),
    }
}

#[test]
fn a_dossier_is_sealed_proven_and_read_back_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for (hash, alg) in [
        (HashAlg::Sha256, SigAlg::P256),
        (HashAlg::Sm3, SigAlg::Sm2),
        (HashAlg::Sha256, SigAlg::Ed25519),
    ] {
        let path = folder.path().join(format!("{}.db", alg.name()));
        let key = key(alg, 1);
        let ledger = create(Box::new(SqliteStore::create(&path).unwrap()), hash, &key);
        seal(&ledger, &key);
        let first = ledger.append(record(hash, r#"{"a":"1"}"#, Some("b1"), Dossier::New)).unwrap();
        let more: Vec<NewRecord> = (0..5)
            .map(|at| {
                record(hash, &format!(r#"{{"a":"{at}"}}"#), None, Dossier::Existing(first.dossier))
            })
            .collect();
        let more = ledger.append_many(&more).unwrap();
        assert_eq!(more.iter().map(|a| a.place).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        let sealed = seal(&ledger, &key);
        assert_eq!((sealed.height, sealed.entries), (1, 6));
        drop(ledger);

        let ledger =
            Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), open_options()).unwrap();
        assert_eq!(ledger.status().unwrap().unsealed, 0, "nothing new about the environment");
        let request =
            ProofRequest { records: Selection::Dossier(first.dossier), disclose: Disclose::All };
        let proof = ledger.prove(&request).unwrap();
        assert_eq!(proof.items.len(), 2 + 6);
        assert_eq!(proof.items.iter().map(|item| item.disclosures.len()).sum::<usize>(), 6);
        let found = ledger.find(&number::parse(&more[3].number).unwrap()).unwrap();
        assert!(matches!(found, Found::Record(row) if row.digest == more[3].digest));
        let report = ledger.check(|_, _| {}).unwrap();
        assert_eq!(
            (report.blocks, report.entries, report.values, report.problems.len()),
            (2, 8, 6, 0)
        );
    }
}

#[test]
fn the_same_business_id_is_one_record() {
    let key = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key);
    let first = ledger
        .append(record(HashAlg::Sha256, r#"{"a":"1"}"#, Some("loan-1"), Dossier::New))
        .unwrap();
    let again = ledger
        .append(record(HashAlg::Sha256, r#"{"a":"1"}"#, Some("loan-1"), Dossier::New))
        .unwrap();
    assert_eq!(again, Appended { replayed: true, ..first.clone() });
    assert_eq!(ledger.status().unwrap().entries, 3);
    let other =
        ledger.append(record(HashAlg::Sha256, r#"{"a":"2"}"#, Some("loan-1"), Dossier::New));
    assert_eq!(other.unwrap_err().code(), ErrorCode::Conflict);
    let elsewhere = ledger.append(record(
        HashAlg::Sha256,
        r#"{"a":"1"}"#,
        Some("loan-1"),
        Dossier::Existing([9; 16]),
    ));
    assert_eq!(elsewhere.unwrap_err().code(), ErrorCode::Conflict);
    let twice = [
        record(HashAlg::Sha256, r#"{"a":"1"}"#, Some("loan-2"), Dossier::New),
        record(HashAlg::Sha256, r#"{"a":"1"}"#, Some("loan-2"), Dossier::New),
    ];
    assert_eq!(ledger.append_many(&twice).unwrap_err().code(), ErrorCode::Conflict);
    assert_eq!(ledger.status().unwrap().entries, 3, "a refused append changes nothing");
}

#[test]
fn a_begun_block_keeps_its_bytes_across_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let key = key(SigAlg::Sm2, 1);
    let ledger = create(Box::new(SqliteStore::create(&path).unwrap()), HashAlg::Sm3, &key);
    let begun = ledger.begin(9).unwrap();
    ledger.append(record(HashAlg::Sm3, r#"{"a":"late"}"#, None, Dossier::New)).unwrap();
    assert_eq!(
        ledger.begin(77).unwrap(),
        begun,
        "the same bytes, whatever the time and whatever was appended"
    );
    drop(ledger);
    let ledger = Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), open_options()).unwrap();
    assert_eq!(ledger.pending().unwrap().as_ref(), Some(&begun));
    let wrong = ledger.commit(key.sign(b"something else").unwrap().bytes());
    assert_eq!(wrong.unwrap_err().code(), ErrorCode::SignatureMismatch);
    ledger.commit(&key.sign(&begun.to_be_signed).unwrap().to_der()).unwrap();
    assert_eq!(ledger.commit(&[0; 64]).unwrap_err().code(), ErrorCode::NothingPending);
    assert_eq!(
        ledger.status().unwrap().unsealed,
        1,
        "what came in between goes into the next block"
    );
    assert_eq!(seal(&ledger, &key).height, 1);
    assert_eq!(ledger.begin(9).unwrap_err().code(), ErrorCode::NothingToSeal);
}

#[test]
fn a_held_record_keeps_its_place_until_it_is_signed_or_dropped() {
    let (bank, customer) = (key(SigAlg::Ed25519, 1), key(SigAlg::P256, 2));
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &bank);
    let first = ledger.append(record(HashAlg::Sha256, r#"{"a":"0"}"#, None, Dossier::New)).unwrap();
    let new = |text: &str| record(HashAlg::Sha256, text, None, Dossier::Existing(first.dossier));
    let one = ledger
        .hold_for_signature(&new(r#"{"a":"1"}"#), customer.public(), &terms(Role::Customer))
        .unwrap();
    let two = ledger
        .hold_for_signature(&new(r#"{"a":"2"}"#), customer.public(), &terms(Role::Customer))
        .unwrap();
    let three = ledger.append(new(r#"{"a":"3"}"#)).unwrap();
    assert_eq!((one.place, two.place, three.place), (1, 2, 3));
    let wrong = ledger.finish_statement(one.id, bank.sign(&one.to_be_signed).unwrap().bytes());
    assert_eq!(wrong.unwrap_err().code(), ErrorCode::SignatureMismatch);
    let signed =
        ledger.finish_statement(one.id, customer.sign(&one.to_be_signed).unwrap().bytes()).unwrap();
    assert_eq!((signed.place, signed.digest), (1, one.digest));
    let dropped =
        ledger.drop_statement(two.id, RefuseReason::Declined, TimeClaim::declared(6)).unwrap();
    let bytes = ledger.entry(dropped).unwrap();
    assert_eq!(Entry::parse(&bytes).unwrap().place().unwrap().digest, two.digest);
    assert!(ledger.held().unwrap().is_empty());
    assert_eq!(ledger.finish_statement(two.id, &[1; 64]).unwrap_err().code(), ErrorCode::NotFound);
    let bytes = ledger.entry(three.sequence).unwrap();
    let entry = Entry::parse(&bytes).unwrap();
    assert_eq!(
        entry.place().unwrap().predecessor,
        Some(two.digest),
        "the chain does not mind what became of it"
    );
    seal(&ledger, &bank);
    assert_eq!(ledger.dossier(&first.dossier).unwrap().len(), 4);
}

#[test]
fn a_rotated_key_signs_from_the_next_block_on() {
    let (old, new) = (key(SigAlg::Ed25519, 1), key(SigAlg::Sm2, 2));
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sm3, &old);
    seal(&ledger, &old);
    let claims = ledger.rotation_claims(new.public().clone(), Custody::Hsm, 7).unwrap();
    let message = ledger.key_to_be_signed(&claims).unwrap();
    let foreign = ledger.append_key(&claims, old.sign(&message).unwrap().bytes());
    assert!(foreign.is_err(), "only the new key shows possession of the new key");
    ledger.append_key(&claims, new.sign(&message).unwrap().bytes()).unwrap();
    seal(&ledger, &old);
    let appended =
        ledger.append(record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New)).unwrap();
    assert_eq!(&ledger.begin(9).unwrap().key, new.public());
    seal(&ledger, &new);
    let request = ProofRequest {
        records: Selection::Sequences(vec![appended.sequence]),
        disclose: Disclose::None,
    };
    let proof = ledger.prove(&request).unwrap();
    let keys = proof
        .items
        .iter()
        .filter(|item| matches!(Entry::parse(&item.entry).unwrap().body, Body::Key(..)));
    assert_eq!(keys.count(), 1, "the rotation travels with the proof");
}

#[test]
fn a_customers_key_and_further_signers_travel_with_the_record() {
    let (bank, customer) = (key(SigAlg::Ed25519, 1), key(SigAlg::P256, 2));
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &bank);
    let claims =
        KeyClaims::enrol(KeyRole::Customer, customer.public().clone(), Custody::Enclave, 1);
    let possession = customer.sign(&ledger.key_to_be_signed(&claims).unwrap()).unwrap();
    let kid = ledger.append_key(&claims, possession.bytes()).unwrap();
    let appended =
        ledger.append(record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New)).unwrap();
    let terms = Terms { kid: Some(kid), audience: Some(ledger.id()), ..terms(Role::Customer) };
    let draft =
        crate::statement::StatementDraft::over_digest(appended.digest, customer.public(), &terms)
            .unwrap();
    let leaf = draft.finish(customer.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap();
    ledger.append_entry(&leaf).unwrap();
    seal(&ledger, &bank);
    let request = ProofRequest {
        records: Selection::Sequences(vec![appended.sequence]),
        disclose: Disclose::None,
    };
    let proof = ledger.prove(&request).unwrap();
    assert_eq!(proof.items.len(), 5, "genesis, opened, key, record, statement");
}

#[test]
fn a_store_behind_or_beside_the_mirrored_head_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let key = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(SqliteStore::create(&path).unwrap()), HashAlg::Sha256, &key);
    seal(&ledger, &key);
    drop(ledger);
    let copy = folder.path().join("old.db");
    std::fs::copy(&path, &copy).unwrap();
    let head = |path: &std::path::Path, text: &str| {
        let ledger =
            Ledger::open(Box::new(SqliteStore::open(path).unwrap()), open_options()).unwrap();
        ledger.append(record(HashAlg::Sha256, text, None, Dossier::New)).unwrap();
        seal(&ledger, &key);
        ledger.head().unwrap().unwrap()
    };
    let open = |path: &std::path::Path, head: &HeadInfo| {
        let expected = Some(ExpectedHead { height: head.height, block_hash: head.block_hash });
        let options = OpenOptions { expected_head: expected, ..open_options() };
        Ledger::open(Box::new(SqliteStore::open(path).unwrap()), options).map(|_| ())
    };
    let mirrored = head(&path, r#"{"a":"1"}"#);
    open(&path, &mirrored).unwrap();
    assert_eq!(open(&copy, &mirrored).unwrap_err().code(), ErrorCode::HeadMismatch, "rolled back");
    head(&copy, r#"{"a":"2"}"#);
    assert_eq!(
        open(&copy, &mirrored).unwrap_err().code(),
        ErrorCode::HeadMismatch,
        "another branch"
    );
    let later = head(&path, r#"{"a":"3"}"#);
    open(&path, &mirrored).unwrap();
    open(&path, &later).unwrap();
}

#[test]
fn one_writer_at_a_time_and_readers_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let key = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(SqliteStore::create(&path).unwrap()), HashAlg::Sha256, &key);
    seal(&ledger, &key);
    assert_eq!(SqliteStore::open(&path).unwrap_err().code(), ErrorCode::Locked);
    let options = OpenOptions { read_only: true, vault_key: None, ..open_options() };
    let reader =
        Ledger::open(Box::new(SqliteStore::open_read_only(&path).unwrap()), options).unwrap();
    assert_eq!(reader.head().unwrap(), ledger.head().unwrap());
    assert_eq!(reader.begin(1).unwrap_err().code(), ErrorCode::ReadOnly);
}

#[test]
fn a_wrong_vault_key_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let key = key(SigAlg::Ed25519, 1);
    drop(create(Box::new(SqliteStore::create(&path).unwrap()), HashAlg::Sha256, &key));
    let options = OpenOptions { vault_key: Some(VaultKey::from_bytes([4; 32])), ..open_options() };
    let error = Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), options).unwrap_err();
    assert_eq!(error.code(), ErrorCode::WrongVaultKey);
    let options = OpenOptions { vault_key: None, ..open_options() };
    let ledger = Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), options).unwrap();
    let error =
        ledger.append(record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::WrongVaultKey);
    seal(&ledger, &key);
}

#[test]
fn a_bundle_makes_a_replica_and_may_be_sent_again() {
    let key = key(SigAlg::Sm2, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sm3, &key);
    seal(&ledger, &key);
    for at in 0..4 {
        ledger
            .append(record(HashAlg::Sha256, &format!(r#"{{"a":"{at}"}}"#), None, Dossier::New))
            .unwrap();
        seal(&ledger, &key);
    }
    let bundle = ledger.export(0, 4, Vec::new()).unwrap();
    assert_eq!(BundleReader::new(bundle.as_slice()).unwrap().header().last, 4);
    let mut replica = MemoryStore::new();
    assert_eq!(
        import(&mut replica, bundle.as_slice()).unwrap(),
        ImportReport { imported: 5, known: 0, height: 4 }
    );
    assert_eq!(
        import(&mut replica, bundle.as_slice()).unwrap(),
        ImportReport { imported: 0, known: 5, height: 4 }
    );
    let later = ledger.export(2, 4, Vec::new()).unwrap();
    let mut gap = MemoryStore::new();
    assert_eq!(import(&mut gap, later.as_slice()).unwrap_err().code(), ErrorCode::ChainBroken);
    let options = OpenOptions { vault_key: None, read_only: true, ..open_options() };
    let reader = Ledger::open(Box::new(replica), options).unwrap();
    assert_eq!(reader.head().unwrap(), ledger.head().unwrap());
    assert!(reader.check(|_, _| {}).unwrap().problems.is_empty());
    let older = ledger.consistency(1, 4).unwrap();
    older.check().unwrap();
}

#[test]
fn nothing_is_appended_after_closing() {
    let key = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key);
    let facts = crate::entry::Facts::Closed { successor_key: None, successor_nonce: None };
    let closed = crate::entry::Event { time: TimeClaim::declared(9), facts }.encode();
    ledger.append_entry(&closed).unwrap();
    let error =
        ledger.append(record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::LedgerClosed);
    seal(&ledger, &key);
    assert_eq!(ledger.append_entry(&closed).unwrap_err().code(), ErrorCode::LedgerClosed);
}

#[test]
fn keys_in_force_are_asked_of_public_keys_only() {
    let key = key(SigAlg::P256, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key);
    let keys: Vec<PublicKey> =
        ledger.ledger_keys().unwrap().into_iter().map(|key| key.key).collect();
    assert_eq!(keys, [key.public().clone()]);
}

mod feed;
mod group;
mod limits;
mod privacy;
#[cfg(feature = "x509")]
mod stamps;
