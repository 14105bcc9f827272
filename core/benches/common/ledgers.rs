//! Ledgers on disk.

use std::path::Path;

use yinzheng::hash::HashAlg;
use yinzheng::key::Custody;
use yinzheng::ledger::{CreateOptions, Environment, Ledger, OpenOptions};
use yinzheng::sign::SoftwareKey;
use yinzheng::store::SqliteStore;
use yinzheng::time::TimeClaim;
use yinzheng::vault::VaultKey;

/// A new ledger with block 0 sealed.
pub fn create(path: &Path, hash: HashAlg, key: &SoftwareKey) -> Ledger {
    let options = CreateOptions {
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
    };
    let ledger = Ledger::create(Box::new(SqliteStore::create(path).unwrap()), options).unwrap();
    seal(&ledger, key);
    ledger
}

/// Opens it again.
pub fn open(path: &Path) -> Ledger {
    let store = SqliteStore::open(path).unwrap();
    Ledger::open(Box::new(store), options(Some(VaultKey::from_bytes([3; 32])))).unwrap()
}

/// Opens it for reading, without the vault key.
pub fn read_only(path: &Path) -> Ledger {
    let store = SqliteStore::open_read_only(path).unwrap();
    Ledger::open(Box::new(store), OpenOptions { read_only: true, ..options(None) }).unwrap()
}

fn options(vault_key: Option<VaultKey>) -> OpenOptions {
    OpenOptions {
        vault_key,
        expected_head: None,
        environment: Environment::default(),
        now: TimeClaim::declared(5),
        read_only: false,
    }
}

/// Seals everything that is not sealed.
pub fn seal(ledger: &Ledger, key: &SoftwareKey) {
    ledger.seal_with(9, |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec())).unwrap();
}
