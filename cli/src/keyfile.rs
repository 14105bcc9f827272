//! Keys in files: encrypted PKCS#8 for signing keys, one line for vault keys, passphrases in files of their own.
//! Everything made here is a software key, and says so.

use std::path::{Path, PathBuf};

use yinzheng::hash::{HashAlg, hex};
use yinzheng::random::Random;
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::vault::{VaultKey, VaultSuite};
use zeroize::Zeroizing;

use crate::failure::{Both, Exit, Failure, Result};
use crate::files;

const PASSPHRASE_VARIABLE: &str = "YINZHENG_PASSPHRASE";
/// More than any key file has.
pub(crate) const KEY_FILE_BYTES: usize = 64 * 1024;

/// A passphrase, and where it came from.
pub(crate) enum Passphrase {
    /// The caller gave it; it is written nowhere.
    Given(Zeroizing<String>),
    /// Made up for trying out; it is kept in a file beside the key.
    MadeUp(Zeroizing<String>),
}

impl Passphrase {
    pub(crate) fn text(&self) -> &str {
        match self {
            Passphrase::Given(text) | Passphrase::MadeUp(text) => text,
        }
    }
}

/// The passphrase that the caller gave: in a file, or in the environment.
pub(crate) fn given(file: Option<&Path>) -> Result<Option<Zeroizing<String>>> {
    match file {
        Some(path) => in_file(path).map(Some),
        None => {
            std::env::var(PASSPHRASE_VARIABLE).ok().map(Zeroizing::new).map(not_empty).transpose()
        }
    }
}

/// The passphrase in a file.
pub(crate) fn in_file(path: &Path) -> Result<Zeroizing<String>> {
    not_empty(files::read_secret_line(path)?)
}

fn not_empty(text: Zeroizing<String>) -> Result<Zeroizing<String>> {
    if text.is_empty() {
        return Err(Failure::input(
            Both::new("口令为空", "the passphrase is empty"),
            Both::new(
                "请在口令文件的第一行，或环境变量 YINZHENG_PASSPHRASE 中给出口令。",
                "Put one on the first line of the passphrase file, or into YINZHENG_PASSPHRASE.",
            ),
        )
        .with_exit(Exit::Key));
    }
    Ok(text)
}

/// The caller's passphrase, or a new one for trying out.
pub(crate) fn given_or_made_up(file: Option<&Path>) -> Result<Passphrase> {
    match given(file)? {
        Some(text) => Ok(Passphrase::Given(text)),
        None => {
            let bytes = Zeroizing::new(Random::system().array::<16>()?);
            Ok(Passphrase::MadeUp(Zeroizing::new(hex::encode(bytes.as_slice()))))
        }
    }
}

/// Makes a software key and writes it.
pub(crate) fn make(files: &KeyFiles, alg: SigAlg, passphrase: &Passphrase) -> Result<SoftwareKey> {
    let key = SoftwareKey::generate(alg)?;
    write(&key, files, passphrase)?;
    Ok(key)
}

/// Writes a software key, its passphrase where it was made up, and its public half: the key last, so that none is there that
/// nobody can open.
pub(crate) fn write(key: &SoftwareKey, files: &KeyFiles, passphrase: &Passphrase) -> Result<()> {
    let pem = Zeroizing::new(key.to_pkcs8_pem(passphrase.text())?);
    if let Passphrase::MadeUp(text) = passphrase {
        files::write_secret(&files.passphrase, format!("{}\n", text.as_str()).as_bytes())?;
    }
    files::write(&files.public, key.public().to_spki_pem()?.as_bytes(), false)?;
    files::write_secret(&files.key, pem.as_bytes())
}

/// Reads a signing key with the caller's passphrase, or the one in the file beside it.
pub(crate) fn open(files: &KeyFiles, passphrase_file: Option<&Path>) -> Result<SoftwareKey> {
    let passphrase = match given(passphrase_file)? {
        Some(text) => text,
        None if files.passphrase.is_file() => files::read_secret_line(&files.passphrase)?,
        None => {
            return Err(Failure::input(
                Both::new("打开密钥文件需要口令", "the key file needs its passphrase"),
                Both::new(
                    "请用 --passphrase-file 指定口令文件，或设置环境变量 YINZHENG_PASSPHRASE。",
                    "Name a file with --passphrase-file, or set YINZHENG_PASSPHRASE.",
                ),
            )
            .with_exit(Exit::Key)
            .at(&files.key));
        }
    };
    let pem = Zeroizing::new(files::read_text(&files.key, KEY_FILE_BYTES)?);
    SoftwareKey::from_pkcs8_pem(&pem, passphrase.as_bytes())
        .map_err(|error| Failure::from(error).at(&files.key))
}

/// The files of one signing key: `<stem>.key.pem`, `<stem>.passphrase`, `<stem>.public.pem`.
#[derive(Clone, Debug)]
pub(crate) struct KeyFiles {
    pub(crate) key: PathBuf,
    pub(crate) passphrase: PathBuf,
    pub(crate) public: PathBuf,
}

impl KeyFiles {
    /// Those beside `path`, whose extension does not matter.
    pub(crate) fn beside(path: &Path) -> Self {
        Self {
            key: path.with_extension("key.pem"),
            passphrase: path.with_extension("passphrase"),
            public: path.with_extension("public.pem"),
        }
    }

    /// Those that a name without extension stands for; dots in it stay.
    pub(crate) fn named(name: &Path) -> Self {
        let with = |extension: &str| {
            let mut path = name.as_os_str().to_owned();
            path.push(extension);
            PathBuf::from(path)
        };
        Self { key: with(".key.pem"), passphrase: with(".passphrase"), public: with(".public.pem") }
    }

    /// A key file with the passphrase beside it, where it is named as ours are.
    pub(crate) fn of_key(key: &Path) -> Self {
        let name = key.to_string_lossy();
        let stem = name.strip_suffix(".key.pem").unwrap_or(&name);
        Self { key: key.to_owned(), ..Self::named(Path::new(stem)) }
    }
}

/// Makes a vault key and writes it: SM4-GCM for a ledger of the SM family, else AES-256-GCM.
pub(crate) fn make_vault_key(path: &Path, hash: HashAlg) -> Result<VaultKey> {
    let suite = match hash {
        HashAlg::Sha256 => VaultSuite::Aes256Gcm,
        HashAlg::Sm3 => VaultSuite::Sm4Gcm,
    };
    let key = VaultKey::generate_for(suite)?;
    let digits = Zeroizing::new(hex::encode(key.expose()));
    let text = Zeroizing::new(format!("{} {}\n", suite.name(), digits.as_str()));
    files::write_secret(path, text.as_bytes())?;
    Ok(key)
}

/// Reads a vault key.
pub(crate) fn open_vault_key(path: &Path) -> Result<VaultKey> {
    let line = files::read_secret_line(path)?;
    let read = || {
        let (name, digits) = line.split_once(' ')?;
        let suite = VaultSuite::ALL.iter().copied().find(|suite| suite.name() == name)?;
        let bytes = Zeroizing::new(hex::decode(digits.trim_end()).ok()?);
        VaultKey::from_slice(suite, &bytes).ok()
    };
    read().ok_or_else(|| {
        Failure::input(
            Both::new("不是保管库密钥文件", "not a vault key file"),
            Both::new(
                "文件只有一行：AES-256-GCM 或 SM4-GCM，空格，小写十六进制的密钥。",
                "The file is one line: AES-256-GCM or SM4-GCM, a space, the key in lower-case hexadecimal.",
            ),
        )
        .with_exit(Exit::Key)
        .at(path)
    })
}
