//! Where ledgers are: the file of one, the secrets beside it, and the default one in the user's home.

use std::path::{Path, PathBuf};

use yinzheng::hash::HashAlg;
use yinzheng::key::Custody;
use yinzheng::ledger::{CreateOptions, Environment, ExpectedHead, Ledger, OpenOptions, Sealed};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::SqliteStore;
use yinzheng::time::{Tier, TimeClaim};
use yinzheng::vault::VaultKey;

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Both, Exit, Failure, Result};
use crate::keyfile::{self, KeyFiles, Passphrase};
use crate::{clock, files};

const HOME_VARIABLE: &str = "YINZHENG_HOME";
const DEFAULT_NAME: &str = "ledger.db";
const NOTE_NAME: &str = "SOFTWARE-KEYS.txt";

/// Stands beside every key that the command makes.
const NOTE: &str = "\
本文件夹中的密钥是软件密钥，供试用。Keys in this folder are software keys, for trying out.

*.key.pem      签名私钥，加密的 PKCS#8          signing key, encrypted PKCS#8
*.passphrase   自动生成的口令，与密钥放在一起，等于没有口令   made-up passphrase: beside its key it protects nothing
*.vault-key    保管库密钥，能解开账本中的全部字段值     opens every value in the ledger
*.public.pem   公钥，可以公开                 public key, may be given away

正式使用时：签名密钥放入硬件、手机盾、加密机，口令和保管库密钥另行保管。
For real use keep signing keys in hardware, and passphrase and vault key somewhere else.
";

/// A ledger's file and the secrets beside it.
#[derive(Clone, Debug)]
pub(crate) struct LedgerFiles {
    pub(crate) db: PathBuf,
    pub(crate) key: KeyFiles,
    pub(crate) vault_key: PathBuf,
}

impl LedgerFiles {
    pub(crate) fn at(db: &Path) -> Self {
        Self {
            db: db.to_owned(),
            key: KeyFiles::beside(db),
            vault_key: db.with_extension("vault-key"),
        }
    }

    /// The one that the command line names, or the default.
    pub(crate) fn of(arg: &LedgerArg) -> Result<Self> {
        match &arg.ledger {
            Some(path) => Self::named(path),
            None => Ok(Self::at(&home()?.join(DEFAULT_NAME))),
        }
    }

    /// A ledger's file, or a folder that holds exactly one.
    pub(crate) fn named(path: &Path) -> Result<Self> {
        if !path.is_dir() {
            return Ok(Self::at(path));
        }
        let mut found = databases(path);
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(Self::at(&one)),
            (None, _) => Ok(Self::at(&path.join(DEFAULT_NAME))),
            (Some(_), false) => Err(Failure::input(
                Both::new("文件夹中有多个账本", "the folder holds several ledgers"),
                Both::new("请指明其中一个 .db 文件。", "Name one of its .db files."),
            )
            .at(path)),
        }
    }

    pub(crate) fn need(&self) -> Result<()> {
        if self.db.is_file() {
            return Ok(());
        }
        Err(Failure::input(
            Both::new("这里没有账本", "no ledger is there"),
            Both::new(
                "请检查 --ledger；或先封存：yinzheng seal 报文.json --profile 模板。",
                "Check --ledger, or seal something first: yinzheng seal MESSAGE.json --profile ID.",
            ),
        )
        .at(&self.db))
    }
}

/// The ledgers in a folder, by name.
pub(crate) fn databases(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .collect();
    found.sort();
    found
}

/// `$YINZHENG_HOME`, else `~/.yinzheng`.
fn home() -> Result<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    variable(HOME_VARIABLE)
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".yinzheng")))
        .ok_or_else(|| {
            Failure::input(
                Both::new("找不到用户主目录", "no home folder"),
                Both::new(
                    "请设置 YINZHENG_HOME，或用 --ledger。",
                    "Set YINZHENG_HOME, or use --ledger.",
                ),
            )
        })
}

/// What a new ledger is made of.
pub(crate) struct NewLedger {
    pub(crate) hash: HashAlg,
    /// Of a new key; where one lies beside the ledger's place already, what that one is expected to be.
    pub(crate) alg: Option<SigAlg>,
    pub(crate) organisation: String,
    pub(crate) created: TimeClaim,
}

/// An open ledger with the key that signs its blocks.
pub(crate) struct Signing {
    pub(crate) ledger: Ledger,
    pub(crate) key: SoftwareKey,
}

/// Makes a ledger with a software key: the one that lies there already, from `keygen`, or a new one. Keys are written
/// first: a ledger whose key is lost cannot be sealed any more.
pub(crate) fn create(
    files: &LedgerFiles,
    new: NewLedger,
    passphrase: &Passphrase,
    passphrase_file: Option<&Path>,
    vault_key: Option<VaultKey>,
) -> Result<Signing> {
    if let Some(folder) = files.db.parent() {
        files::make_folder(folder)?;
        note(folder)?;
    }
    if files.db.exists() {
        return Err(Failure::input(
            Both::new("账本已存在", "a ledger is there already"),
            Both::new("请换一个位置。", "Choose another place."),
        )
        .at(&files.db));
    }
    let key = if files.key.key.exists() {
        lying_there(files, new.alg, passphrase_file)?
    } else {
        keyfile::make(&files.key, new.alg.unwrap_or(SigAlg::Ed25519), passphrase)?
    };
    let vault_key = match vault_key {
        Some(key) => key,
        None => keyfile::make_vault_key(&files.vault_key, new.hash)?,
    };
    let clock = new.created.tier;
    let options = CreateOptions {
        hash: new.hash,
        key: key.public().clone(),
        custody: Custody::Software,
        certificates: Vec::new(),
        next_key: None,
        organisation: new.organisation,
        created: new.created,
        continues: None,
        environment: environment(clock),
        vault_key,
    };
    let store =
        SqliteStore::create(&files.db).map_err(|error| Failure::from(error).at(&files.db))?;
    Ok(Signing { ledger: Ledger::create(Box::new(store), options)?, key })
}

fn lying_there(
    files: &LedgerFiles,
    alg: Option<SigAlg>,
    passphrase_file: Option<&Path>,
) -> Result<SoftwareKey> {
    let key = keyfile::open(&files.key, passphrase_file)?;
    if alg.is_some_and(|alg| alg != key.alg()) {
        return Err(Failure::input(
            Both::new("已有的密钥是另一种算法", "the key that lies there is of another algorithm"),
            Both::new("请去掉 --key，或换一个位置。", "Leave --key out, or choose another place."),
        )
        .with_exit(Exit::Key)
        .at(&files.key.key));
    }
    Ok(key)
}

/// Opens a ledger to add to it and to seal.
pub(crate) fn open_signing(files: &LedgerFiles, secrets: &Secrets) -> Result<Signing> {
    files.need()?;
    let here = |error: yinzheng::Error| Failure::from(error).at(&files.db);
    let key = keyfile::open(&files.key, secrets.passphrase_file.as_deref())?;
    let options = OpenOptions {
        vault_key: vault_key(files, secrets)?,
        expected_head: None,
        environment: environment(Tier::Device),
        now: clock::captured_now(),
        read_only: false,
    };
    let store = SqliteStore::open(&files.db).map_err(here)?;
    Ok(Signing { ledger: Ledger::open(Box::new(store), options).map_err(here)?, key })
}

/// Opens a ledger to keep something beside it, without its signing key.
pub(crate) fn open_writing(files: &LedgerFiles) -> Result<Ledger> {
    files.need()?;
    let here = |error: yinzheng::Error| Failure::from(error).at(&files.db);
    let options = OpenOptions {
        vault_key: vault_key(files, &Secrets::default())?,
        expected_head: None,
        environment: environment(Tier::Device),
        now: clock::captured_now(),
        read_only: false,
    };
    let store = SqliteStore::open(&files.db).map_err(here)?;
    Ledger::open(Box::new(store), options).map_err(here)
}

/// Opens a ledger for reading, with its values where the vault key is at hand.
pub(crate) fn open_reading(files: &LedgerFiles, secrets: &Secrets) -> Result<Ledger> {
    open_expecting(files, secrets, None)
}

/// As [`open_reading`]; the ledger must contain a head that is known from elsewhere.
pub(crate) fn open_expecting(
    files: &LedgerFiles,
    secrets: &Secrets,
    expected_head: Option<ExpectedHead>,
) -> Result<Ledger> {
    files.need()?;
    let here = |error: yinzheng::Error| Failure::from(error).at(&files.db);
    let options = OpenOptions {
        vault_key: vault_key(files, secrets)?,
        expected_head,
        environment: Environment::default(),
        now: clock::captured_now(),
        read_only: true,
    };
    let store = SqliteStore::open_read_only(&files.db).map_err(here)?;
    Ledger::open(Box::new(store), options).map_err(here)
}

/// The vault key named, or the one beside the ledger, or none.
fn vault_key(files: &LedgerFiles, secrets: &Secrets) -> Result<Option<VaultKey>> {
    match &secrets.vault_key {
        Some(path) => keyfile::open_vault_key(path).map(Some),
        None if files.vault_key.is_file() => keyfile::open_vault_key(&files.vault_key).map(Some),
        None => Ok(None),
    }
}

impl Signing {
    /// Seals blocks until nothing waits any more.
    pub(crate) fn seal_all(&self, begun_at_s: u64) -> Result<Vec<Sealed>> {
        let mut blocks = Vec::new();
        loop {
            let status = self.ledger.status()?;
            if status.unsealed == 0 && !status.pending {
                return Ok(blocks);
            }
            blocks.push(self.ledger.seal_with(begun_at_s, |bytes, expected| {
                if expected != self.key.public() {
                    return Err(yinzheng::Error::new(
                        yinzheng::ErrorCode::KeyNotInForce,
                        "the key file is not this ledger's key in force",
                    ));
                }
                Ok(self.key.sign(bytes)?.bytes().to_vec())
            })?);
        }
    }
}

/// Makes the folder that a key goes into; where its passphrase will lie beside it, the note does, too.
pub(crate) fn make_folder_of_keys(key: &Path, passphrase: &Passphrase) -> Result<()> {
    let folder = key.parent().unwrap_or(Path::new(""));
    if !folder.as_os_str().is_empty() {
        files::make_folder(folder)?;
    }
    match passphrase {
        Passphrase::MadeUp(_) => note(folder),
        Passphrase::Given(_) => Ok(()),
    }
}

/// Puts the note about software keys into a folder.
pub(crate) fn note(folder: &Path) -> Result<()> {
    files::write(&folder.join(NOTE_NAME), NOTE.as_bytes(), true)
}

fn environment(clock: Tier) -> Environment {
    Environment {
        system: Some(format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        device: None,
        build: None,
        clock: Some(clock),
    }
}
