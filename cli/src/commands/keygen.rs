//! `yinzheng keygen`: makes software keys, writes public halves, reads public keys of others.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use yinzheng::hash::hex;
use yinzheng::sign::{PublicKey, SigAlg};

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
    /// Read a public key (PEM) and say what a policy needs of it 读取公钥
    Import {
        /// A PEM PUBLIC KEY
        #[arg(value_name = "PUBLIC.pem")]
        file: PathBuf,
        /// User id of an SM2 key, where it is not the usual 1234567812345678
        #[arg(long, value_name = "ID")]
        sm2_id: Option<String>,
        /// What the key is trusted for: ledger, customer, witness, notary …
        #[arg(long, value_name = "ROLE", default_value = "witness")]
        role: String,
        /// Whose it is, in your words
        #[arg(long, value_name = "NAME", default_value = "")]
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
            Ok(told(key.public(), None, &[("public", out)], Vec::new(), screen))
        }
        What::Import { file, sm2_id, role, name } => {
            import(file, sm2_id.as_deref(), role, name, screen)
        }
    }
}

fn make(alg: SigAlg, new: &New, screen: &Screen) -> Result<Done> {
    let passphrase = keyfile::given_or_made_up(new.passphrase_file.as_deref())?;
    let made_up = matches!(passphrase, Passphrase::MadeUp(_));
    let files = KeyFiles::named(&new.out);
    if let Some(folder) = files.key.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        crate::files::make_folder(folder)?;
    }
    if made_up && let Some(folder) = files.key.parent() {
        home::note(folder)?;
    }
    let key = keyfile::make(&files, alg, &passphrase)?;
    let mut written: Vec<(&str, &Path)> = vec![("secret", &files.key), ("public", &files.public)];
    let mut warnings = vec![screen.lang.pick(
        "这是软件密钥；正式使用请放在硬件、盾或加密机中。",
        "This is a software key; for real use keep keys in hardware, a shield or an HSM.",
    )];
    if made_up {
        written.push(("passphrase", &files.passphrase));
        warnings.push(screen.lang.pick(
            "口令自动生成，就放在密钥旁边：只供试用。",
            "Its passphrase was made up and lies beside it: for trying out only.",
        ));
    }
    Ok(told(key.public(), None, &written, warnings, screen))
}

fn import(
    file: &Path,
    sm2_id: Option<&str>,
    role: &str,
    name: &str,
    screen: &Screen,
) -> Result<Done> {
    let pem = files::read_text(file, 64 * 1024)?;
    if pem.contains("PRIVATE KEY") {
        return Err(Failure::input(
            Both::new("这是私钥，不是公钥", "this is a secret key, not a public one"),
            Both::new(
                "取其公钥：yinzheng keygen public。",
                "Take its public half: yinzheng keygen public.",
            ),
        )
        .at(file));
    }
    let here = |error: yinzheng::Error| Failure::from(error).at(file);
    let key = PublicKey::from_spki_pem(&pem).map_err(here)?;
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
        "custody": if written.iter().any(|(what, _)| *what == "secret") { Some("software") } else { None },
        "files": files,
        "policy": policy,
    });
    Done::fine(json, page)
}
