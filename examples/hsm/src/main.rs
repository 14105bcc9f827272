//! A ledger whose key never leaves a PKCS#11 token: makes the key there, creates a ledger in the file named, appends a record,
//! seals it with the token, proves and verifies it. With a third file it then loses the key, and lets a second ledger with a
//! new key take over what the first could not seal any more.
//!
//! ```sh
//! YINZHENG_PKCS11_MODULE=/usr/lib/softhsm/libsofthsm2.so YINZHENG_PKCS11_PIN=1234 \
//!   cargo run -p yinzheng-hsm-example -- my-token ledger.db [successor.db]
//! ```

#![allow(clippy::print_stdout)] // an example speaks to its reader

use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use yinzheng::entry::ContinueReason;
use yinzheng::hash::{HashAlg, hex};
use yinzheng::key::Custody;
use yinzheng::ledger::{
    Appended, ContinueOptions, CreateOptions, Disclose, Environment, Ledger, NewRecord,
    ProofRequest, Selection,
};
use yinzheng::profile::builtin_by_id;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::store::SqliteStore;
use yinzheng::time::{Moment, Tier, TimeClaim};
use yinzheng::value::Lang;
use yinzheng::vault::VaultKey;
use yinzheng::verify::{DeclaredTime, Policy, Status, verify};
use yinzheng::{Error, ErrorCode, Result};
use yinzheng_hsm_example::pkcs11::{Token, TokenKey};

const MESSAGE: &str = r#"{"借据号":"JJ-20261101-0001","还款期次":1,"应还合计":"471.35","实还合计":"471.35",
    "还款时间":"2026-11-01 10:00:00.0","还款账号":"13900000001"}"#;
const KEY: &str = "yinzheng-ledger";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [label, path] => run(label, Path::new(path), None),
        [label, path, next] => run(label, Path::new(path), Some(Path::new(next))),
        _ => Err(Error::new(ErrorCode::InvalidArgument, "TOKEN LEDGER.db [SUCCESSOR.db]")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(label: &str, path: &Path, next: Option<&Path>) -> Result<()> {
    let module = variable("YINZHENG_PKCS11_MODULE")?;
    let token = Token::open(Path::new(&module), label, &variable("YINZHENG_PKCS11_PIN")?)?;
    let key = match token.find(KEY)? {
        Some(key) => key,
        None => token.generate(KEY)?,
    };
    if token.gives_secret(&key)? {
        return Err(Error::new(ErrorCode::InvalidKey, "the token would give its secret away"));
    }
    println!("the key was made on the token and cannot leave it");

    let vault_key = VaultKey::generate()?;
    let options = options(&key, vault_key.clone());
    let ledger = Ledger::create(Box::new(SqliteStore::create(path)?), options)?;
    let appended = ledger.append(record()?)?;

    // Two phases: the bytes go out, the token signs their digest, the signature comes back and is checked.
    let request = ledger.begin(seconds())?.signing_request();
    println!("asked for {} over {} bytes", request.scheme(), request.message().len());
    let sealed = ledger.commit(&token.sign(&key, &request)?)?;
    println!("sealed in block {}: {}", sealed.height, appended.number);
    show(&ledger, &appended)?;
    match next {
        Some(next) => lose(&token, key, &ledger, next, vault_key),
        None => Ok(()),
    }
}

/// The key is destroyed while a block waits for it. The record in it is not lost.
fn lose(
    token: &Token,
    key: TokenKey,
    ledger: &Ledger,
    next: &Path,
    vault_key: VaultKey,
) -> Result<()> {
    let waiting = ledger.append(record()?)?;
    let pending = ledger.begin(seconds())?;
    token.destroy(KEY)?;
    match token.sign(&key, &pending.signing_request()) {
        Err(error) if error.code() == ErrorCode::SignerKeyGone => println!("{error}"),
        other => return Err(other.err().unwrap_or_else(|| Error::new(ErrorCode::Internal, "?"))),
    }
    let key = token.generate(KEY)?;
    let options = ContinueOptions {
        reason: ContinueReason::KeyLost,
        create: options(&key, vault_key),
        last_known: None,
    };
    let store = Box::new(SqliteStore::create(next)?);
    let (successor, taken) = Ledger::continue_from(ledger, store, options)?;
    let request = successor.begin(seconds())?.signing_request();
    let sealed = successor.commit(&token.sign(&key, &request)?)?;
    println!(
        "another ledger goes on: took over {} entries, sealed them in its block {}",
        taken.entries, sealed.height
    );
    show(&successor, &waiting)
}

/// Proves a dossier and verifies the proof as anybody would.
fn show(ledger: &Ledger, appended: &Appended) -> Result<()> {
    let wanted = ProofRequest {
        records: Selection::Dossier(appended.dossier),
        disclose: Disclose::ByProfile,
    };
    let proof = ledger.prove(&wanted)?.encode()?;
    let id = hex::encode(&ledger.id().bytes);
    let policy = format!(r#"{{"ledgers":[{{"id":"{id}","hash":"SHA-256","name":"示例银行"}}]}}"#);
    let at = DeclaredTime { unix_ms: now().captured.unix_ms };
    let verdict = verify(&proof, &Policy::parse(policy.as_bytes())?, at);
    println!("{}", verdict.text(Lang::En));
    match verdict.count(Status::Contradicted) {
        0 => Ok(()),
        _ => Err(Error::new(ErrorCode::SignatureMismatch, "the verdict contradicts something")),
    }
}

fn record() -> Result<NewRecord> {
    let profile = builtin_by_id("loan.repayment")
        .ok_or_else(|| Error::new(ErrorCode::NotFound, "profile"))?;
    let reading = profile.read(MESSAGE.as_bytes(), &[])?;
    let draft = RecordBuilder::new(ProfileRef::of(profile, HashAlg::Sha256), now())
        .fields(reading.fields)
        .build()?;
    Ok(NewRecord::new(profile, draft))
}

fn options(key: &TokenKey, vault_key: VaultKey) -> CreateOptions {
    CreateOptions {
        hash: HashAlg::Sha256,
        key: key.public().clone(),
        custody: Custody::Hsm,
        certificates: Vec::new(),
        next_key: None,
        organisation: "示例银行股份有限公司".to_owned(),
        created: now(),
        continues: None,
        environment: Environment {
            system: Some(std::env::consts::OS.to_owned()),
            device: Some("server".to_owned()),
            build: None,
            clock: Some(Tier::Ntp),
        },
        vault_key,
    }
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| Error::new(ErrorCode::InvalidArgument, format!("set {name}")))
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn now() -> TimeClaim {
    let ms = i64::try_from(seconds()).unwrap_or_default() * 1000;
    TimeClaim::new(Moment::new(ms, 480), Tier::Ntp)
}
