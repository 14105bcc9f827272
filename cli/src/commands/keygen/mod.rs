//! `yinzheng keygen`: makes software keys, takes them over from other tools and hands them on, writes public halves, reads
//! public keys of others.

mod secret;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use yinzheng::hash::hex;
use yinzheng::sign::{PublicKey, SigAlg, SoftwareKey};
use zeroize::Zeroizing;

use crate::failure::{Both, Failure, Result};
use crate::keyfile::{self, KeyFiles, Passphrase};
use crate::output::{Done, Page, Pick, Screen, Span, Tone, span};
use crate::{files, home};

/// What to do.
#[derive(Debug, Args)]
pub(crate) struct KeygenArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A new Ed25519 key
    Ed25519(New),
    /// A new ECDSA P-256 key
    P256(New),
    /// A new SM2 key
    Sm2(New),
    /// The public half of a key file, as PEM 导出公钥
    Public {
        /// An encrypted PKCS#8 file
        #[arg(value_name = "KEY.pem")]
        file: PathBuf,
        /// File for the public key
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
        /// File with its passphrase; else $YINZHENG_PASSPHRASE, else the file beside it
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Write a secret key for another tool, under another passphrase 导出私钥
    Export(secret::Export),
    /// Take over a secret key of another tool, or read a public key and say what a policy needs of it 导入密钥
    Import {
        /// PEM: a PUBLIC KEY, or a PKCS#8 PRIVATE KEY, encrypted or not
        #[arg(value_name = "FILE.pem")]
        file: PathBuf,
        /// Secret key: where to write it, as for a new one
        #[arg(short, long, value_name = "NAME", help_heading = "A secret key 私钥")]
        out: Option<PathBuf>,
        /// File with the passphrase that opens it; else the new one's
        #[arg(long, value_name = "FILE", help_heading = "A secret key 私钥", requires = "out")]
        old_passphrase_file: Option<PathBuf>,
        /// File with its new passphrase; else $YINZHENG_PASSPHRASE; else one is made up
        #[arg(long, value_name = "FILE", help_heading = "A secret key 私钥", requires = "out")]
        passphrase_file: Option<PathBuf>,
        /// User id of an SM2 key, where it is not the usual 1234567812345678
        #[arg(long, value_name = "ID", help_heading = "A public key 公钥", conflicts_with = "out")]
        sm2_id: Option<String>,
        /// What the key is trusted for: ledger, customer, witness, notary …
        #[arg(
            long,
            value_name = "ROLE",
            default_value = "witness",
            help_heading = "A public key 公钥",
            conflicts_with = "out"
        )]
        role: String,
        /// Whose it is, in your words
        #[arg(
            long,
            value_name = "NAME",
            default_value = "",
            help_heading = "A public key 公钥",
            conflicts_with = "out"
        )]
        name: String,
    },
}

#[derive(Debug, Args)]
struct New {
    /// Where to write it: NAME.key.pem, NAME.public.pem, and NAME.passphrase when no passphrase is given
    #[arg(short, long, value_name = "NAME")]
    out: PathBuf,
    /// File with the passphrase; else $YINZHENG_PASSPHRASE; else one is made up
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &KeygenArgs, screen: &Screen) -> Result<Done> {
    match &args.what {
        What::Ed25519(new) => make(SigAlg::Ed25519, new, screen),
        What::P256(new) => make(SigAlg::P256, new, screen),
        What::Sm2(new) => make(SigAlg::Sm2, new, screen),
        What::Public { file, out, passphrase_file } => {
            let beside = KeyFiles::of_key(file);
            let key = keyfile::open(&beside, passphrase_file.as_deref())?;
            files::write(out, key.public().to_spki_pem()?.as_bytes(), false)?;
            let warnings = vec![secret::software(screen)];
            Ok(told(key.public(), None, &[("public", out)], warnings, screen))
        }
        What::Export(args) => secret::export(args, screen),
        What::Import { file, out, old_passphrase_file, passphrase_file, sm2_id, role, name } => {
            let pem = Zeroizing::new(files::read_text(file, keyfile::KEY_FILE_BYTES)?);
            let (old, new) = (old_passphrase_file.as_deref(), passphrase_file.as_deref());
            match (pem.contains("PRIVATE KEY"), out) {
                (true, Some(out)) => secret::import(&pem, file, out, old, new, screen),
                (true, None) => Err(needs_out(file)),
                (false, Some(_)) => Err(is_public(file)),
                (false, None) => import(&pem, file, sm2_id.as_deref(), role, name, screen),
            }
        }
    }
}

fn make(alg: SigAlg, new: &New, screen: &Screen) -> Result<Done> {
    let passphrase = keyfile::given_or_made_up(new.passphrase_file.as_deref())?;
    let files = KeyFiles::named(&new.out);
    home::make_folder_of_keys(&files.key, &passphrase)?;
    let key = keyfile::make(&files, alg, &passphrase)?;
    Ok(made(&key, &files, &passphrase, screen))
}

/// A secret key that was written.
fn made(key: &SoftwareKey, files: &KeyFiles, passphrase: &Passphrase, screen: &Screen) -> Done {
    let mut written: Vec<(&str, &Path)> = vec![("secret", &files.key), ("public", &files.public)];
    let mut warnings = vec![secret::software(screen)];
    if matches!(passphrase, Passphrase::MadeUp(_)) {
        written.push(("passphrase", &files.passphrase));
        warnings.push(screen.lang.pick(
            "口令自动生成，就放在密钥旁边：只供试用。",
            "Its passphrase was made up and lies beside it: for trying out only.",
        ));
    }
    told(key.public(), None, &written, warnings, screen)
}

fn import(
    pem: &str,
    file: &Path,
    sm2_id: Option<&str>,
    role: &str,
    name: &str,
    screen: &Screen,
) -> Result<Done> {
    let here = |error: yinzheng::Error| Failure::from(error).at(file);
    let key = PublicKey::from_spki_pem(pem).map_err(here)?;
    let key = match sm2_id {
        Some(id) => key.with_sm2_id(id.as_bytes()).map_err(here)?,
        None => key,
    };
    let mut line = json!({"cose_key": hex::encode(&key.to_cose_key()), "role": role, "name": name});
    if let (Some(id), Value::Object(map)) = (sm2_id, &mut line) {
        map.insert("sm2_id".to_owned(), json!(id));
    }
    // The policy's own reader says whether role and key can stand in a policy.
    let policy = json!({"keys": [line]});
    yinzheng::verify::Policy::parse(policy.to_string().as_bytes())?;
    Ok(told(&key, Some(&policy), &[], Vec::new(), screen))
}

fn needs_out(file: &Path) -> Failure {
    Failure::input(
        Both::new("这是私钥", "this is a secret key"),
        Both::new(
            "导入它请加 -o 名称；只取公钥：yinzheng keygen public。",
            "To take it over name a place with -o; for its public half: yinzheng keygen public.",
        ),
    )
    .at(file)
}

fn is_public(file: &Path) -> Failure {
    Failure::input(
        Both::new("这不是私钥", "this is no secret key"),
        Both::new("公钥不需要 -o。", "A public key is read without -o."),
    )
    .at(file)
}

fn told(
    key: &PublicKey,
    policy: Option<&Value>,
    written: &[(&str, &Path)],
    warnings: Vec<&str>,
    screen: &Screen,
) -> Done {
    let lang = screen.lang;
    let mut page = Page::new();
    let mut rows: Vec<Vec<Span>> = vec![
        vec![lang.pick("算法", "algorithm").into(), key.alg().name().into()],
        vec![lang.pick("指纹", "thumbprint").into(), hex::encode(&key.thumbprint()).into()],
    ];
    if let Some(id) = key.sm2_id() {
        let id = String::from_utf8_lossy(id).into_owned();
        rows.push(vec![
            "SM2 ID".into(),
            yinzheng::value::escape::for_people(&id).into_owned().into(),
        ]);
    }
    for (what, path) in written {
        let what = match *what {
            "secret" => lang.pick("私钥", "secret key"),
            "public" => lang.pick("公钥", "public key"),
            _ => lang.pick("口令", "passphrase"),
        };
        rows.push(vec![what.into(), path.display().to_string().into()]);
    }
    page.table(0, rows);
    for warning in warnings {
        page.paragraph(0, span("! ", Tone::Warn), warning, Tone::Plain);
    }
    if let Some(policy) = policy {
        page.heading(lang.pick("放入核验策略的内容", "For a verification policy"));
        page.line(policy.to_string());
    }
    let files: serde_json::Map<String, Value> =
        written.iter().map(|(what, path)| ((*what).to_owned(), json!(path))).collect();
    let json = json!({
        "algorithm": key.alg().name(),
        "thumbprint": hex::encode(&key.thumbprint()),
        "cose_key": hex::encode(&key.to_cose_key()),
        // Whatever is written here comes from a secret key in a file; of a public key that was read nobody can tell.
        "custody": (!written.is_empty()).then_some("software"),
        "files": files,
        "policy": policy,
    });
    Done::fine(json, page)
}
