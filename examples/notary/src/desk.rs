//! The notary's own things: its key, its ledger, and a replica of each ledger it was shown.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use yinzheng::anchor::{Claim, CountersignatureDraft};
use yinzheng::block::Head;
use yinzheng::hash::{Digest, HashAlg, hex};
use yinzheng::key::Custody;
use yinzheng::ledger::{CreateOptions, Environment, Ledger, OpenOptions};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::Role;
use yinzheng::store::{SqliteStore, Store};
use yinzheng::time::TimeClaim;
use yinzheng::vault::{VaultKey, VaultSuite};
use yinzheng::{Error, ErrorCode, Result};

use crate::{failed, write_new};

/// An open desk. One process at a time: the notary's own ledger has one writer.
pub struct Desk {
    home: PathBuf,
    /// A software key, for the example's sake; a notary signs with an HSM.
    key: SoftwareKey,
    pub(crate) name: String,
    pub(crate) own: Ledger,
}

impl Desk {
    /// Makes key, ledger and `policy.json`, the file that verifiers get, in a new folder.
    ///
    /// # Errors
    /// `Storage` when the folder is not empty, `RandomUnavailable`, 6xx.
    pub fn make(home: &Path, name: &str, passphrase: &str, now: &TimeClaim) -> Result<Self> {
        fs::create_dir_all(home.join("replicas")).map_err(|error| failed(&error))?;
        fs::create_dir_all(home.join("deposits")).map_err(|error| failed(&error))?;
        let key = SoftwareKey::generate(SigAlg::Sm2)?;
        write_new(&home.join("key.pem"), key.to_pkcs8_pem(passphrase)?.as_bytes())?;
        write_new(&home.join("name.txt"), name.as_bytes())?;
        let vault_key = VaultKey::generate_for(VaultSuite::Sm4Gcm)?;
        write_new(&home.join("vault.key"), vault_key.expose())?;
        let options = CreateOptions {
            hash: HashAlg::Sm3,
            key: key.public().clone(),
            custody: Custody::Software,
            certificates: Vec::new(),
            next_key: None,
            organisation: name.to_owned(),
            created: now.clone(),
            continues: None,
            environment: Environment::default(),
            vault_key,
        };
        let own = Ledger::create(Box::new(SqliteStore::create(home.join("own.ledger"))?), options)?;
        let desk = Self { home: home.to_owned(), key, name: name.to_owned(), own };
        desk.seal(now)?;
        write_new(&home.join("policy.json"), desk.policy().as_bytes())?;
        Ok(desk)
    }

    /// Opens what [`Desk::make`] made.
    ///
    /// # Errors
    /// `Storage`, `WrongPassphrase`, `Locked`, other 6xx.
    pub fn open(home: &Path, passphrase: &str, now: &TimeClaim) -> Result<Self> {
        let read = |name: &str| fs::read(home.join(name)).map_err(|error| failed(&error));
        let text = |name: &str| {
            String::from_utf8(read(name)?)
                .map_err(|_| Error::new(ErrorCode::Storage, format!("{name} is not UTF-8")))
        };
        let key = SoftwareKey::from_pkcs8_pem(&text("key.pem")?, passphrase)?;
        let options = OpenOptions {
            vault_key: Some(VaultKey::from_slice(VaultSuite::Sm4Gcm, &read("vault.key")?)?),
            expected_head: None,
            environment: Environment::default(),
            now: now.clone(),
            read_only: false,
        };
        let own = Ledger::open(Box::new(SqliteStore::open(home.join("own.ledger"))?), options)?;
        Ok(Self { home: home.to_owned(), key, name: text("name.txt")?, own })
    }

    /// What a verifier's policy needs to know of this notary.
    pub fn policy(&self) -> String {
        let (id, key) = (self.own.id(), self.key.public().to_cose_key());
        json!({
            "ledgers": [{ "id": hex::encode(&id.bytes), "hash": id.alg.name(), "name": self.name }],
            "keys": [{ "cose_key": hex::encode(&key), "role": "notary", "name": self.name }],
        })
        .to_string()
    }

    /// Seals what the notary's ledger has taken in.
    ///
    /// # Errors
    /// 6xx.
    pub fn seal(&self, now: &TimeClaim) -> Result<()> {
        let seconds = u64::try_from(now.captured.unix_ms / 1000).unwrap_or_default();
        let sign = |bytes: &[u8], _: &_| Ok(self.key.sign(bytes)?.bytes().to_vec());
        match self.own.seal_with(seconds, sign) {
            Err(error) if error.code() == ErrorCode::NothingToSeal => Ok(()),
            other => other.map(drop),
        }
    }

    /// The notary's word that a block extends everything it holds of its ledger.
    pub(crate) fn countersign(&self, head: &Head, now: &TimeClaim) -> Result<Vec<u8>> {
        let key = self.key.public();
        let role = Some(Role::Notary);
        let draft = CountersignatureDraft::new(head, Claim::Extends, now, key, &self.name, role);
        draft.finish(self.key.sign(&draft.to_be_signed())?.bytes())
    }

    pub(crate) fn replica_path(&self, ledger: &Digest) -> PathBuf {
        let name = format!("{}-{}.ledger", ledger.alg.prefix(), hex::encode(&ledger.bytes));
        self.home.join("replicas").join(name)
    }

    pub(crate) fn fork_path(&self, ledger: &Digest) -> PathBuf {
        self.replica_path(ledger).with_extension("fork.yzp")
    }

    /// The proof that this ledger was forked, if it ever was.
    pub(crate) fn fork_of(&self, ledger: &Digest) -> Result<Option<Vec<u8>>> {
        match fs::read(self.fork_path(ledger)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(|error| failed(&error)),
        }
    }

    pub(crate) fn deposit_path(&self, proof: &[u8]) -> PathBuf {
        let digest = HashAlg::Sha256.digest(proof);
        self.home.join("deposits").join(format!("{}.yzp", hex::encode(&digest)))
    }

    /// The replica of a ledger, for writing by an import.
    pub(crate) fn replica_store(&self, ledger: &Digest) -> Result<SqliteStore> {
        let path = self.replica_path(ledger);
        if path.exists() { SqliteStore::open(path) } else { SqliteStore::create(path) }
    }

    /// The replica of a ledger, for reading; `None` when the notary was never shown it.
    pub(crate) fn replica(&self, ledger: &Digest, now: &TimeClaim) -> Result<Option<Ledger>> {
        let path = self.replica_path(ledger);
        if !path.exists() {
            return Ok(None);
        }
        let store: Box<dyn Store> = Box::new(SqliteStore::open_read_only(path)?);
        let options = OpenOptions {
            vault_key: None,
            expected_head: None,
            environment: Environment::default(),
            now: now.clone(),
            read_only: true,
        };
        Ledger::open(store, options).map(Some)
    }
}
