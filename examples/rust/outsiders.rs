//! A record that a customer signs and a notary countersigns, proven for people who have none of our code.
//!
//! For each of the three signature algorithms the folder gets `NAME.yzp`, a policy `NAME.policy.json` with the notary's key, and
//! `NAME.number` with the record's number. A verification kit comes out of them by
//! `yinzheng export --kit R-… --proof NAME.yzp --policy NAME.policy.json -o kit`; see `docs/verify-without-us.md`.
//!
//! ```sh
//! cargo run -p yinzheng --example outsiders -- FOLDER
//! ```

#![allow(clippy::print_stdout)] // an example speaks to its reader

use std::path::Path;

use yinzheng::anchor::{Claim, CountersignatureDraft, Outside, OutsideKind, TargetKind};
use yinzheng::hash::{Digest, HashAlg, hex};
use yinzheng::key::{Custody, KeyClaims, KeyRole};
use yinzheng::ledger::{
    Appended, CreateOptions, Disclose, Environment, Ledger, NewRecord, ProofRequest, Selection,
};
use yinzheng::profile::builtin_by_id;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::{Role, Terms};
use yinzheng::store::{MemoryStore, OutsideKey};
use yinzheng::time::{Moment, Tier, TimeClaim};
use yinzheng::vault::VaultKey;
use yinzheng::{Error, ErrorCode, Result};

const MESSAGE: &str = r#"{"授权编号":"SQ-20261101-0001","授权时间":"2026-11-01 09:30:00.0"}"#;
/// 2026-11-01T01:30:00Z, the only time in this example, so that only keys and salts differ from run to run.
const SECONDS: u64 = 1_793_496_600;

fn main() -> Result<()> {
    let folder =
        std::env::args().nth(1).ok_or_else(|| missing("a folder, as the only argument"))?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)
        .map_err(|error| Error::new(ErrorCode::Storage, error.kind().to_string()))?;
    for (name, hash, alg) in [
        ("ed25519", HashAlg::Sha256, SigAlg::Ed25519),
        ("p256", HashAlg::Sha256, SigAlg::P256),
        ("sm2", HashAlg::Sm3, SigAlg::Sm2),
    ] {
        let number = one(folder, name, hash, alg)?;
        println!("{name}: {number}");
    }
    Ok(())
}

/// A ledger of four blocks whose every signature is of one algorithm; gives the number of the signed record.
fn one(folder: &Path, name: &str, hash: HashAlg, alg: SigAlg) -> Result<String> {
    let [bank, mut customer, notary] =
        [SoftwareKey::generate(alg)?, SoftwareKey::generate(alg)?, SoftwareKey::generate(alg)?];
    if alg == SigAlg::Sm2 {
        // A user ID of her own: whoever checks must be told it, and the kit does.
        customer = customer.with_sm2_id("zhang.san@example.com".as_bytes())?;
    }
    let ledger = Ledger::create(
        Box::new(MemoryStore::new()),
        CreateOptions {
            hash,
            key: bank.public().clone(),
            custody: Custody::Software,
            certificates: Vec::new(),
            next_key: None,
            organisation: "示例银行股份有限公司".to_owned(),
            created: now(),
            continues: None,
            environment: Environment::default(),
            vault_key: VaultKey::generate()?,
        },
    )?;
    let customer_kid = enrol(&ledger, &customer)?;
    seal(&ledger, &bank)?;
    let signed = signed_record(&ledger, hash, &customer, customer_kid)?;
    seal(&ledger, &bank)?;
    // Later events, so that the record's block is not the newest one.
    for _ in 0..4 {
        ledger.append(record(hash)?)?;
    }
    seal(&ledger, &bank)?;
    countersign(&ledger, &notary)?;

    let proof = ledger.prove(&ProofRequest {
        records: Selection::Dossier(signed.dossier),
        disclose: Disclose::All,
    })?;
    write(&folder.join(format!("{name}.yzp")), &proof.encode()?)?;
    write(&folder.join(format!("{name}.policy.json")), policy(&ledger, &notary).as_bytes())?;
    write(&folder.join(format!("{name}.number")), signed.number.as_bytes())?;
    Ok(signed.number)
}

/// The customer's key comes in with its own signature over its claims.
fn enrol(ledger: &Ledger, customer: &SoftwareKey) -> Result<[u8; 32]> {
    let key = customer.public().clone();
    let claims = KeyClaims::enrol(KeyRole::Customer, key, Custody::Shield, ms());
    let possession = customer.sign(&ledger.key_to_be_signed(&claims)?)?;
    ledger.append_key(&claims, possession.bytes())
}

fn record(hash: HashAlg) -> Result<NewRecord> {
    let profile = builtin_by_id("generic").ok_or_else(|| missing("profile"))?;
    let fields = profile.read(MESSAGE.as_bytes(), &[])?.fields;
    let draft = RecordBuilder::new(ProfileRef::of(profile, hash), now()).fields(fields).build()?;
    Ok(NewRecord::new(profile, draft))
}

fn signed_record(
    ledger: &Ledger,
    hash: HashAlg,
    customer: &SoftwareKey,
    kid: [u8; 32],
) -> Result<Appended> {
    let terms = Terms::new(Role::Customer, SECONDS).by(kid).meant_for(ledger.id());
    let held = ledger.hold_for_signature(&record(hash)?, customer.public(), &terms)?;
    ledger.finish_statement(held.id, customer.sign(&held.to_be_signed)?.bytes())
}

/// The notary saw the newest block, and says so.
fn countersign(ledger: &Ledger, notary: &SoftwareKey) -> Result<()> {
    let head = ledger.head_state()?;
    let (key, role) = (notary.public(), Some(Role::Notary));
    let draft = CountersignatureDraft::new(&head, Claim::Seen, &now(), key, "示例公证处", role);
    let bytes = draft.finish(notary.sign(&draft.to_be_signed())?.bytes())?;
    let word = Outside {
        kind: OutsideKind::Countersignature,
        bytes,
        target: TargetKind::Block,
        digest: Digest { alg: head.hash(), bytes: *head.sealed_digest() },
    };
    ledger.attach(OutsideKey::Block(head.height()), &word)
}

fn policy(ledger: &Ledger, notary: &SoftwareKey) -> String {
    let (id, hash) = (hex::encode(&ledger.id().bytes), ledger.id().alg.name());
    let key = hex::encode(&notary.public().to_cose_key());
    format!(
        r#"{{"ledgers":[{{"id":"{id}","hash":"{hash}","name":"示例银行"}}],
"keys":[{{"cose_key":"{key}","role":"notary","name":"示例公证处"}}]}}"#
    )
}

fn seal(ledger: &Ledger, key: &SoftwareKey) -> Result<()> {
    ledger.seal_with(SECONDS, |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec())).map(drop)
}

fn now() -> TimeClaim {
    TimeClaim::new(Moment::new(ms(), 480), Tier::Ntp)
}

fn ms() -> i64 {
    i64::try_from(SECONDS).unwrap_or_default() * 1000
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes)
        .map_err(|error| Error::new(ErrorCode::Storage, error.kind().to_string()))
}

fn missing(what: &str) -> Error {
    Error::new(ErrorCode::NotFound, what)
}
