//! Secret keys from and for other tools: encrypted PKCS#8 in, encrypted PKCS#8 out. Nothing is ever written in clear.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use yinzheng::sign::{KeyFileScheme, SoftwareKey};
use zeroize::Zeroizing;

use super::told;
use crate::failure::{Both, Exit, Failure, Result};
use crate::keyfile::{self, KeyFiles};
use crate::output::{Done, Pick, Screen};
use crate::{files, home};

/// A key file for another tool.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// An encrypted PKCS#8 file
    #[arg(value_name = "KEY.pem")]
    file: PathBuf,
    /// The new file
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// How it is encrypted
    #[arg(long, value_enum, value_name = "SCHEME", default_value = "aes")]
    scheme: SchemeArg,
    /// File with the passphrase of the new file
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: PathBuf,
    /// File with the passphrase that opens the key; else $YINZHENG_PASSPHRASE, else the file beside it
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SchemeArg {
    /// AES-256 under HMAC-SHA-256: openssl, Java, .NET, Go
    Aes,
    /// SM4 under HMAC-SM3: GmSSL, gmsm
    Sm4,
}

impl From<SchemeArg> for KeyFileScheme {
    fn from(arg: SchemeArg) -> Self {
        match arg {
            SchemeArg::Aes => KeyFileScheme::Aes256,
            SchemeArg::Sm4 => KeyFileScheme::Sm4,
        }
    }
}

/// Writes a secret key under another passphrase, and perhaps another scheme.
pub(super) fn export(args: &Export, screen: &Screen) -> Result<Done> {
    let key = keyfile::open(&KeyFiles::of_key(&args.file), args.passphrase_file.as_deref())?;
    let passphrase = keyfile::in_file(&args.new_passphrase_file)?;
    let pem = Zeroizing::new(key.to_pkcs8_pem_as(args.scheme.into(), passphrase.as_bytes())?);
    files::write_secret(&args.out, pem.as_bytes())?;
    let written: [(&str, &Path); 1] = [("secret", &args.out)];
    Ok(told(key.public(), None, &written, vec![software(screen)], screen))
}

/// Takes over a secret key that another tool made, as the key `name`. `opens` is a file with its passphrase.
pub(super) fn import(
    pem: &Zeroizing<String>,
    file: &Path,
    name: &Path,
    opens: Option<&Path>,
    passphrase_file: Option<&Path>,
    screen: &Screen,
) -> Result<Done> {
    let encrypted = pem.contains("ENCRYPTED PRIVATE KEY");
    let old = match opens {
        Some(path) => keyfile::in_file(path)?,
        None if encrypted => keyfile::given(passphrase_file)?.ok_or_else(|| needs_one(file))?,
        None => Zeroizing::new(String::new()),
    };
    let here = |error: yinzheng::Error| Failure::from(error).at(file);
    let key = SoftwareKey::from_pkcs8_pem(pem, old.as_bytes()).map_err(here)?;
    let passphrase = keyfile::given_or_made_up(passphrase_file)?;
    let files = KeyFiles::named(name);
    home::make_folder_of_keys(&files.key, &passphrase)?;
    keyfile::write(&key, &files, &passphrase)?;
    Ok(super::made(&key, &files, &passphrase, screen))
}

/// What has to be said wherever a secret key is a file.
pub(super) fn software(screen: &Screen) -> &'static str {
    screen.lang.pick(
        "这是软件密钥；正式使用请放在硬件、盾或加密机中。",
        "This is a software key; for real use keep keys in hardware, a shield or an HSM.",
    )
}

fn needs_one(file: &Path) -> Failure {
    Failure::input(
        Both::new("打开密钥文件需要口令", "the key file needs its passphrase"),
        Both::new(
            "请用 --old-passphrase-file 指定该文件的口令，或设置环境变量 YINZHENG_PASSPHRASE。",
            "Name a file with --old-passphrase-file, or set YINZHENG_PASSPHRASE.",
        ),
    )
    .with_exit(Exit::Key)
    .at(file)
}
