//! Small ledgers for tests.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use yinzheng::ErrorCode;
use yinzheng::entry::{Event, Facts};
use yinzheng::hash::HashAlg;
use yinzheng::key::Custody;
use yinzheng::ledger::{
    Appended, CreateOptions, Disclose, Dossier, Environment, Ledger, NewRecord, OpenOptions,
    ProofRequest, Sealed, Selection,
};
use yinzheng::profile::builtin_by_id;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::{Role, Terms};
use yinzheng::store::Store;
use yinzheng::time::TimeClaim;
use yinzheng::vault::VaultKey;

/// A key that every run has again.
pub fn key(alg: SigAlg, seed: u8) -> SoftwareKey {
    SoftwareKey::from_seed(alg, &[seed; 32]).unwrap()
}

pub fn create_options(hash: HashAlg, key: &SoftwareKey) -> CreateOptions {
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
        vault_key: vault_key(),
    }
}

pub fn vault_key() -> VaultKey {
    VaultKey::from_bytes([3; 32])
}

pub fn create(store: impl Store + 'static, hash: HashAlg, key: &SoftwareKey) -> Ledger {
    Ledger::create(Box::new(store), create_options(hash, key)).unwrap()
}

pub fn open_options() -> OpenOptions {
    OpenOptions {
        vault_key: Some(vault_key()),
        expected_head: None,
        environment: Environment::default(),
        now: TimeClaim::declared(5),
        read_only: false,
    }
}

pub fn open(store: impl Store + 'static) -> yinzheng::Result<Ledger> {
    Ledger::open(Box::new(store), open_options())
}

pub fn open_for_reading(store: impl Store + 'static) -> yinzheng::Result<Ledger> {
    Ledger::open(Box::new(store), OpenOptions { read_only: true, ..open_options() })
}

/// A record with one field, `a`.
pub fn record(hash: HashAlg, value: &str, id: Option<&str>, dossier: Dossier) -> NewRecord {
    let profile = builtin_by_id("generic").unwrap();
    let message = format!(r#"{{"a":"{value}"}}"#);
    let reading = profile.read(message.as_bytes(), &[]).unwrap();
    let reference = ProfileRef::of(profile, hash);
    let draft = RecordBuilder::new(reference, TimeClaim::declared(2))
        .fields(reading.fields)
        .build()
        .unwrap();
    NewRecord { business_id: id.map(Into::into), dossier, ..NewRecord::new(profile, draft) }
}

pub fn append(ledger: &Ledger, value: &str, id: Option<&str>, dossier: Dossier) -> Appended {
    ledger.append(record(HashAlg::Sha256, value, id, dossier)).unwrap()
}

pub fn seal(ledger: &Ledger, key: &SoftwareKey) -> Sealed {
    ledger.seal_with(9, |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec())).unwrap()
}

pub fn terms(role: Role) -> Terms {
    Terms {
        kid: None,
        role,
        issued_at: 4,
        displayed: None,
        audience: None,
        certificates: Vec::new(),
    }
}

/// Brings in `new` as the next ledger key.
pub fn rotate(ledger: &Ledger, new: &SoftwareKey) -> yinzheng::Result<[u8; 32]> {
    let claims = ledger.rotation_claims(new.public().clone(), Custody::Hsm, 7)?;
    let possession = new.sign(&ledger.key_to_be_signed(&claims)?)?;
    ledger.append_key(&claims, possession.bytes())
}

pub fn closed() -> Vec<u8> {
    let facts = Facts::Closed { successor_key: None, successor_nonce: None };
    Event { time: TimeClaim::declared(9), facts }.encode()
}

pub fn whole(dossier: [u8; 16]) -> ProofRequest {
    ProofRequest { records: Selection::Dossier(dossier), disclose: Disclose::All }
}

/// Nothing is wrong with a ledger.
pub fn assert_sound(ledger: &Ledger) {
    let report = ledger.check(|_, _| {}).unwrap();
    assert_eq!(report.problems, [], "of {report:?}");
    assert_eq!(report.blocks, ledger.status().unwrap().blocks);
}

pub fn code<T>(result: yinzheng::Result<T>) -> ErrorCode {
    match result {
        Ok(_) => panic!("an error was expected"),
        Err(error) => error.code(),
    }
}

/// The bytes of a platform's receipt: a word from outside that needs nobody to be made.
pub fn platform_word(byte: u8) -> Vec<u8> {
    yinzheng::anchor::PlatformReceipt {
        platform: "p".into(),
        id: "1".into(),
        transaction: None,
        height: None,
        block_hash: None,
        time_ms: None,
        court_transaction: None,
        raw: vec![byte; 9],
    }
    .encode()
}
