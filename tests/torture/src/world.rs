//! What child and parent share: keys, records, places of files.

use std::path::{Path, PathBuf};

use yinzheng::hash::HashAlg::Sha256;
use yinzheng::key::Custody;
use yinzheng::ledger::{CreateOptions, Dossier, Environment, Ledger, NewRecord, OpenOptions};
use yinzheng::profile::builtin_by_id;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::{PublicKey, SigAlg, SoftwareKey};
use yinzheng::statement::{Role, Terms};
use yinzheng::store::SqliteStore;
use yinzheng::time::TimeClaim;
use yinzheng::vault::VaultKey;
use yinzheng::{Error, ErrorCode, Result};

pub fn ledger_path(folder: &Path) -> PathBuf {
    folder.join("ledger.db")
}

pub fn replica_path(folder: &Path) -> PathBuf {
    folder.join("replica.db")
}

/// The ledger key of an epoch.
pub fn ledger_key(epoch: u64) -> Result<SoftwareKey> {
    let mut seed = [7; 32];
    for (to, from) in seed.iter_mut().zip(epoch.to_be_bytes()) {
        *to = from;
    }
    SoftwareKey::from_seed(SigAlg::Ed25519, &seed)
}

pub fn customer_key() -> Result<SoftwareKey> {
    SoftwareKey::from_seed(SigAlg::Ed25519, &[9; 32])
}

/// A signature by whichever ledger key it must be.
pub fn sign(key: &PublicKey, epochs: usize, bytes: &[u8]) -> Result<Vec<u8>> {
    for epoch in 0..=epochs as u64 {
        let own = ledger_key(epoch)?;
        if own.public() == key {
            return Ok(own.sign(bytes)?.bytes().to_vec());
        }
    }
    Err(Error::new(ErrorCode::Internal, "the ledger asks for a key that was never brought in"))
}

pub fn create(path: &Path) -> Result<Ledger> {
    let options = CreateOptions {
        hash: Sha256,
        key: ledger_key(0)?.public().clone(),
        custody: Custody::Software,
        certificates: Vec::new(),
        next_key: None,
        organisation: "测试银行".into(),
        created: TimeClaim::declared(1),
        continues: None,
        environment: Environment::default(),
        vault_key: VaultKey::from_bytes([3; 32]),
    };
    Ledger::create(Box::new(SqliteStore::create(path)?), options)
}

pub fn open(path: &Path) -> Result<Ledger> {
    Ledger::open(Box::new(SqliteStore::open(path)?), options(false))
}

pub fn open_for_reading(path: &Path) -> Result<Ledger> {
    Ledger::open(Box::new(SqliteStore::open_read_only(path)?), options(true))
}

fn options(read_only: bool) -> OpenOptions {
    OpenOptions {
        vault_key: Some(VaultKey::from_bytes([3; 32])),
        expected_head: None,
        environment: Environment::default(),
        now: TimeClaim::declared(5),
        read_only,
    }
}

/// The record that a business id stands for: the same whoever asks.
pub fn record(id: &str, dossier: Dossier) -> Result<NewRecord> {
    let internal = || Error::new(ErrorCode::Internal, "the generic profile");
    let profile = builtin_by_id("generic").ok_or_else(internal)?;
    // Some are long, so that batches spill over pages.
    let long = "长".repeat(id.len() * 37 % 400);
    let message = format!(r#"{{"号":"{id}","文":"{long}"}}"#);
    let reading = profile.read(message.as_bytes(), &[])?;
    let draft = RecordBuilder::new(ProfileRef::of(profile, Sha256), TimeClaim::declared(2))
        .fields(reading.fields)
        .build()?;
    let new = NewRecord::new(profile, draft).with_business_id(id);
    Ok(NewRecord { dossier, ..new })
}

pub fn terms() -> Terms {
    Terms {
        kid: None,
        role: Role::Customer,
        issued_at: 4,
        displayed: None,
        audience: None,
        certificates: Vec::new(),
    }
}
