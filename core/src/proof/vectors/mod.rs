//! Known proofs with known outcomes: `tests/vectors/proof.json`, described in `tests/vectors/README.md`. Every run makes them afresh
//! and compares byte for byte; `YINZHENG_BLESS=1` writes them.

mod contradicted;
mod kept;
mod refused;
mod said;

use std::path::Path;

use serde_json::{Map, Value, json};

use super::Proof;
use super::scene::{Bank, opened, simple};
use crate::entry::Entry;
use crate::hash::{Digest, HashAlg, hex};
use crate::sign::{SigAlg, SoftwareKey};
use crate::verify::{DeclaredTime, Policy, Status, verify};

const AT: DeclaredTime = DeclaredTime { unix_ms: 1_800_000_000_000 };

/// What a verifier must find.
#[derive(Clone, Copy)]
enum Outcome {
    /// Nothing contradicted, every integrity check proven.
    Ok,
    /// The same, while these checks, of parties and outsiders, are not proven.
    Open(&'static [&'static str]),
    /// Nothing contradicted; these checks are not proven somewhere.
    NotProven(&'static [&'static str]),
    /// These checks are contradicted, perhaps among others.
    Contradicted(&'static [&'static str]),
    /// Not readable.
    Refused(&'static str),
}

struct Case {
    name: String,
    what: &'static str,
    bytes: Vec<u8>,
    policy: Option<String>,
    outcome: Outcome,
}

impl Case {
    fn new(name: &str, what: &'static str, bytes: Vec<u8>, outcome: Outcome) -> Self {
        Self { name: name.to_owned(), what, bytes, policy: None, outcome }
    }

    /// A proof in order, without its profile files: they only make it long.
    fn bare(name: &str, what: &'static str, proof: &Proof, outcome: Outcome) -> Self {
        Self::of(name, what, &Proof { profiles: Vec::new(), ..proof.clone() }, outcome)
    }

    /// A proof in order, without profiles that no record in it names.
    fn of(name: &str, what: &'static str, proof: &Proof, outcome: Outcome) -> Self {
        let mut proof = proof.clone();
        let named: Vec<Digest> = proof
            .items
            .iter()
            .filter_map(|item| {
                Entry::parse(&item.entry).ok()?.record().map(|(r, _)| r.profile.digest)
            })
            .collect();
        proof.profiles.retain(|file| named.iter().any(|digest| digest.check(file).is_ok()));
        // One that cannot be read shows below as a surprise.
        let bytes = proof.encode().unwrap_or_else(|_| proof.write());
        Self::new(name, what, bytes, outcome)
    }

    fn with(self, policy: String) -> Self {
        Self { policy: Some(policy), ..self }
    }

    /// What the library says otherwise than the case.
    fn surprise(&self) -> Option<String> {
        let policy = match &self.policy {
            Some(json) => Policy::parse(json.as_bytes()).unwrap(),
            None => Policy::empty(),
        };
        let verdict = verify(&self.bytes, &policy, AT);
        let lines = |status| -> Vec<&str> {
            let lines = verdict.lines.iter().filter(|line| line.status == status);
            lines.map(|line| line.check).collect()
        };
        let (contradicted, open) = (lines(Status::Contradicted), lines(Status::NotProven));
        let named = |checks: &[&str], found: &[&str]| checks.iter().all(|one| found.contains(one));
        let fits = match self.outcome {
            Outcome::Refused(code) => {
                verdict.is_unreadable()
                    && Proof::parse(&self.bytes).unwrap_err().code().name() == code
            }
            Outcome::Contradicted(checks) => named(checks, &contradicted),
            Outcome::Open(checks) | Outcome::NotProven(checks) => {
                contradicted.is_empty() && named(checks, &open)
            }
            Outcome::Ok => contradicted.is_empty() && !verdict.is_unreadable(),
        };
        let code = Proof::parse(&self.bytes).err().map(|error| error.code().name());
        (!fits).then(|| {
            format!("{}: {code:?}, contradicted {contradicted:?}, open {open:?}", self.name)
        })
    }

    fn json(&self) -> Value {
        let mut case = Map::new();
        case.insert("name".into(), json!(self.name));
        case.insert("what".into(), json!(self.what));
        if let Some(policy) = &self.policy {
            case.insert("policy".into(), json!(policy));
        }
        case.insert("hex".into(), json!(hex::encode(&self.bytes)));
        let (result, checks) = match self.outcome {
            Outcome::Ok => ("ok", &[][..]),
            Outcome::Open(checks) => ("ok", checks),
            Outcome::NotProven(checks) => ("not-proven", checks),
            Outcome::Contradicted(checks) => ("contradicted", checks),
            Outcome::Refused(code) => (code, &[][..]),
        };
        case.insert("result".into(), json!(result));
        if !checks.is_empty() {
            case.insert("checks".into(), json!(checks));
        }
        Value::Object(case)
    }
}

/// The ledger that most cases start from.
fn bank() -> Bank {
    simple(HashAlg::Sha256, SigAlg::Ed25519)
}

/// The same with one more entry sealed as `change` wants it: a sealer who keeps no rule.
fn forged(change: impl FnOnce(&mut crate::block::BlockHeader, &mut Vec<Vec<u8>>)) -> Bank {
    let mut bank = bank();
    bank.push(opened());
    bank.forge(change);
    bank
}

/// A policy that knows these keys.
fn knows(keys: &[(&SoftwareKey, &str)]) -> String {
    let line = |(key, role): &(&SoftwareKey, &str)| {
        let bytes = hex::encode(&key.public().to_cose_key());
        format!(r#"{{"cose_key":"{bytes}","role":"{role}","name":"known {role}"}}"#)
    };
    format!(r#"{{"keys":[{}]}}"#, keys.iter().map(line).collect::<Vec<_>>().join(","))
}

#[test]
fn known_proofs_have_known_outcomes() {
    let cases: Vec<Case> = [kept::cases(), contradicted::cases(), said::cases(), refused::cases()]
        .into_iter()
        .flatten()
        .collect();
    let surprises: Vec<String> = cases.iter().filter_map(Case::surprise).collect();
    assert!(surprises.is_empty(), "{surprises:#?}");
    let ok =
        cases.iter().filter(|case| matches!(case.outcome, Outcome::Ok | Outcome::Open(_))).count();
    assert!(cases.len() - ok >= 2 * ok, "two spoilt ones for each that is not");
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    assert!(names.is_sorted_by(|a, b| a < b), "a name stands twice");
    let about = "Proofs (format §10, §14), each with the outcome that a verifier must come to. See README.md.";
    let list: Vec<Value> = cases.iter().map(Case::json).collect();
    publish(&json!({ "about": about, "cases": list }));
}

fn publish(content: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/proof.json");
    let fresh = serde_json::to_string_pretty(content).unwrap() + "\n";
    if std::env::var_os("YINZHENG_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(path, fresh).unwrap();
        return;
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        known == fresh,
        "proof.json has moved. If that is meant, run once with YINZHENG_BLESS=1, read the diff, and say in CHANGELOG.md why."
    );
}
