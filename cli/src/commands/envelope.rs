//! `yinzheng envelope`: proofs, bundles and other files, encrypted to those who may read them: in the age format, or with SM2 and
//! SM4 to holders of SM2 certificates.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use yinzheng::envelope::{self, Identity, Recipient, gm};
use yinzheng::x509::Certificate;
use yinzheng::{Error, ErrorCode};
use zeroize::Zeroizing;

use crate::clock;
use crate::failure::{Both, Failure, Result};
use crate::files;
use crate::keyfile::{self, KeyFiles};
use crate::output::{Done, Page, Pick, Screen, Tone, span};

/// The largest file that is sealed or opened; it is held in memory.
const BYTES: usize = 1 << 30;
const KEY_BYTES: usize = 64 * 1024;

/// What to do.
#[derive(Debug, Args)]
pub(crate) struct EnvelopeArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A new key to receive envelopes with 收件密钥
    Key {
        /// File for the secret key, for its owner only
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Encrypt a file to one or more recipients 密封
    Seal {
        /// A proof, a bundle, any file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// A recipient's public key, age1…, or the file of his SM2 encryption certificate; give it again for each, all of one kind
        #[arg(long, value_name = "KEY|CERTIFICATE", required = true)]
        to: Vec<String>,
        /// The envelope; without it the file's name and .age, or .p7m for certificates
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Overwrite it
        #[arg(long)]
        force: bool,
    },
    /// Decrypt a file with a recipient's secret key 拆封
    Open {
        /// An envelope
        #[arg(value_name = "FILE.age|FILE.p7m")]
        file: PathBuf,
        /// File with the secret key: AGE-SECRET-KEY-1…, or the encrypted SM2 key of a certificate
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// File with the SM2 key's passphrase; else $YINZHENG_PASSPHRASE, else the file beside the key
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// What was in it; without it the envelope's name without .age or .p7m
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Overwrite it
        #[arg(long)]
        force: bool,
    },
}

/// Runs the command.
pub(crate) fn run(args: &EnvelopeArgs, screen: &Screen) -> Result<Done> {
    match &args.what {
        What::Key { out } => key(out, screen),
        What::Seal { file, to, out, force } => seal(file, to, out.as_deref(), *force, screen),
        What::Open { file, key, passphrase_file, out, force } => {
            let key = Key { file: key, passphrase_file: passphrase_file.as_deref() };
            open(file, &key, out.as_deref(), *force, screen)
        }
    }
}

fn key(out: &Path, screen: &Screen) -> Result<Done> {
    let identity = Identity::generate()?;
    let public = identity.recipient().to_string();
    let text = Zeroizing::new(format!("# public key: {public}\n{}\n", *identity.expose()?));
    files::write_secret(out, text.as_bytes())?;
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(lang.pick("已生成收件密钥", "made a key to receive envelopes"), Tone::Bold));
    page.table(
        2,
        vec![
            vec![lang.pick("公钥", "public key").into(), public.clone().into()],
            vec![lang.pick("私钥文件", "secret key").into(), out.display().to_string().into()],
        ],
    );
    page.paragraph(
        2,
        span("", Tone::Plain),
        lang.pick(
            "把公钥交给寄件人；私钥文件未加密，请妥善保管。",
            "Hand the public key to whoever sends. The secret key's file is not encrypted: keep it safe.",
        ),
        Tone::Dim,
    );
    Ok(Done::fine(json!({ "public_key": public, "file": out }), page))
}

fn seal(
    file: &Path,
    to: &[String],
    out: Option<&Path>,
    force: bool,
    screen: &Screen,
) -> Result<Done> {
    let content = Zeroizing::new(files::read(file, BYTES)?);
    let (sealed, extension) = if to.iter().all(|to| to.starts_with("age1")) {
        let read = |text: &String| {
            text.parse::<Recipient>().map_err(|error| Failure::from(error).on(text.clone()))
        };
        (envelope::seal(&content, &to.iter().map(read).collect::<Result<Vec<_>>>()?)?, ".age")
    } else {
        let holders = to.iter().map(|to| holder(Path::new(to))).collect::<Result<Vec<_>>>()?;
        (gm::seal(&content, &holders)?, ".p7m")
    };
    let out = out.map_or_else(|| with_extension(file, extension), Path::to_path_buf);
    files::write(&out, &sealed, force)?;
    let count = to.len();
    let mut page = Page::new();
    page.line(span(
        screen
            .lang
            .pick(format!("已密封给 {count} 个收件人"), format!("sealed to {count} recipients")),
        Tone::Bold,
    ));
    page.line(format!("  {}", out.display()));
    Ok(Done::fine(json!({ "file": out, "size": sealed.len(), "recipients": to }), page))
}

/// A recipient by his certificate.
fn holder(path: &Path) -> Result<gm::Recipient> {
    let bytes = files::read(path, KEY_BYTES)?;
    let certificate = match core::str::from_utf8(&bytes) {
        Ok(text) => Certificate::from_pem(text),
        Err(_) => Certificate::parse(&bytes),
    };
    let now = clock::now_ms();
    let holder = certificate.and_then(|certificate| gm::Recipient::of(&certificate, now));
    holder.map_err(|error| {
        let code = error.code();
        let failure = Failure::from(error).at(path);
        match code {
            ErrorCode::WrongPurpose => failure.next(Both::new(
                "这张证书不用于加密（签名证书或机构证书）：请改用收件人的加密证书。",
                "It is not for encryption (one to sign with, or an authority's): take the recipient's own to encrypt with.",
            )),
            _ => failure,
        }
    })
}

/// Where the recipient's secret key stands.
struct Key<'a> {
    file: &'a Path,
    passphrase_file: Option<&'a Path>,
}

impl Key<'_> {
    fn open(&self, sealed: &[u8], file: &Path) -> Result<Zeroizing<Vec<u8>>> {
        let opened = if gm::is_envelope(sealed) {
            let files = KeyFiles::of_key(self.file);
            gm::open(sealed, &keyfile::open(&files, self.passphrase_file)?)
        } else if !envelope::is_envelope(sealed) {
            return Err(Failure::from(Error::new(ErrorCode::WrongType, "an envelope")).at(file));
        } else {
            let text = Zeroizing::new(files::read_text(self.file, KEY_BYTES)?);
            let identity = Identity::from_key_file(&text)
                .map_err(|error| Failure::from(error).at(self.file))?;
            envelope::open(sealed, &identity)
        };
        opened.map_err(|error| {
            let code = error.code();
            let failure = Failure::from(error).at(file);
            match code {
                ErrorCode::InvalidKey => failure.next(Both::new(
                    "这个信封不是给这把密钥的：请换一把，或请寄件人重新密封。",
                    "It is not addressed to this key: use another one, or ask the sender to seal it again.",
                )),
                _ => failure,
            }
        })
    }
}

fn open(
    file: &Path,
    key: &Key<'_>,
    out: Option<&Path>,
    force: bool,
    screen: &Screen,
) -> Result<Done> {
    let sealed = files::read(file, BYTES)?;
    let content = key.open(&sealed, file)?;
    let out = match out {
        Some(out) => out.to_path_buf(),
        None if file.extension().is_some_and(|end| end == "age" || end == "p7m") => {
            file.with_extension("")
        }
        None => {
            return Err(Failure::input(
                Both::new("不知道写到哪里", "where to write it is not known"),
                Both::new("请用 -o 指定文件。", "Name a file with -o."),
            ));
        }
    };
    files::write_private(&out, &content, force)?;
    let mut page = Page::new();
    let title = if gm::is_envelope(&sealed) {
        screen.lang.pick("已拆封", "opened")
    } else {
        screen.lang.pick("已拆封，未被改动", "opened, unchanged")
    };
    page.line(span(title, Tone::Bold));
    page.line(format!("  {}", out.display()));
    page.paragraph(
        2,
        span("", Tone::Plain),
        screen.lang.pick(
            "信封不说明是谁寄的：用 yinzheng verify 核验里面的文件。",
            "An envelope does not say who sent it: check what was in it with yinzheng verify.",
        ),
        Tone::Dim,
    );
    // Only the age form would have noticed a change.
    let authenticated = !gm::is_envelope(&sealed);
    let said = json!({ "file": out, "size": content.len(), "authenticated": authenticated });
    Ok(Done::fine(said, page))
}

fn with_extension(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(extension);
    name.into()
}
