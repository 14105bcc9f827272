//! From an empty folder to a checked proof.
//!
//! ```sh
//! cargo run -p yinzheng --example first_ledger
//! ```

#![allow(clippy::print_stdout)] // an example speaks to its reader

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use yinzheng::hash::{HashAlg, hex};
use yinzheng::key::Custody;
use yinzheng::ledger::{
    CreateOptions, Disclose, Environment, Ledger, NewRecord, OpenOptions, ProofRequest, Selection,
};
use yinzheng::profile::builtin_by_id;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::SqliteStore;
use yinzheng::time::{Moment, Tier, TimeClaim};
use yinzheng::value::Lang;
use yinzheng::vault::VaultKey;
use yinzheng::verify::{DeclaredTime, Policy, verify};
use yinzheng::{Error, ErrorCode, Result};

const MESSAGE: &str = r#"{"借据号":"JJ-20261101-0001","还款期次":1,"应还合计":"471.35","实还合计":"471.35",
    "还款时间":"2026-11-01 10:00:00.0","还款账号":"13900000001"}"#;

fn main() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("yinzheng-first-ledger-{}", std::process::id()));
    std::fs::create_dir_all(&folder)
        .map_err(|error| Error::new(ErrorCode::Storage, error.kind().to_string()))?;
    let result = run(&folder.join("ledger.db"));
    let _ = std::fs::remove_dir_all(&folder);
    result
}

fn run(path: &Path) -> Result<()> {
    // Both keys belong into hardware: the ledger key signs blocks, the vault key opens the values.
    let key = SoftwareKey::generate(SigAlg::Sm2)?;
    let vault_key = VaultKey::generate()?;
    let options = CreateOptions {
        hash: HashAlg::Sm3,
        key: key.public().clone(),
        custody: Custody::Software,
        certificates: Vec::new(),
        next_key: None,
        organisation: "示例银行股份有限公司".to_owned(),
        created: now(),
        continues: None,
        environment: environment(),
        vault_key: vault_key.clone(),
    };
    let ledger = Ledger::create(Box::new(SqliteStore::create(path)?), options)?;

    // The event, with the bank's own keys, in the business flow.
    let profile = builtin_by_id("loan.repayment")
        .ok_or_else(|| Error::new(ErrorCode::NotFound, "profile"))?;
    let reading = profile.read(MESSAGE.as_bytes(), &[])?;
    let draft = RecordBuilder::new(ProfileRef::of(profile, HashAlg::Sm3), now())
        .fields(reading.fields)
        .build()?;
    let appended =
        ledger.append(NewRecord::new(profile, draft).with_business_id("JJ-20261101-0001/1"))?;
    println!("保全号 {}\n存证编号 {}", appended.preservation_number, appended.number);

    // A block, signed where the key lives.
    let sealed = ledger.seal_with(seconds(), |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec()))?;
    println!("sealed in block {}", sealed.height);
    drop(ledger);

    // Later, in another process: open, with the head that was mirrored elsewhere, and prove.
    let options = OpenOptions {
        vault_key: Some(vault_key),
        expected_head: None,
        environment: environment(),
        now: now(),
        read_only: false,
    };
    let ledger = Ledger::open(Box::new(SqliteStore::open(path)?), options)?;
    let request = ProofRequest {
        records: Selection::Dossier(appended.dossier),
        disclose: Disclose::ByProfile,
    };
    let proof = ledger.prove(&request)?.encode()?;

    // Anywhere, offline: the verifier brings the ledger id from outside the proof.
    let id = hex::encode(&ledger.id().bytes);
    let policy = format!(r#"{{"ledgers":[{{"id":"{id}","hash":"SM3","name":"示例银行"}}]}}"#);
    let at = DeclaredTime { unix_ms: now().captured.unix_ms };
    println!("{}", verify(&proof, &Policy::parse(policy.as_bytes())?, at).text(Lang::Zh));
    Ok(())
}

fn environment() -> Environment {
    Environment {
        system: Some(std::env::consts::OS.to_owned()),
        device: Some("server".to_owned()),
        build: None,
        clock: Some(Tier::Ntp),
    }
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn now() -> TimeClaim {
    let ms = i64::try_from(seconds()).unwrap_or_default() * 1000;
    TimeClaim::new(Moment::new(ms, 480), Tier::Ntp)
}
