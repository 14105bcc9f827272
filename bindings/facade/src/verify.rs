//! Verdicts 核验结论. A verification that could be made is no error, whatever it finds: the verdict is data.

use std::fs::File;
use std::io::Read;

use yinzheng::value::Lang;
use yinzheng::verify::{self, DeclaredTime, Policy, Verdict};
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::{guard, json};

/// How a verdict is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VerdictForm {
    /// For programs: the same evidence, policy and time give the same bytes everywhere.
    Json,
    /// For people, in Chinese.
    Zh,
    /// For people, in English.
    En,
}

impl VerdictForm {
    /// The form of a name: `json`, `zh` or `en`.
    ///
    /// # Errors
    /// `UnknownName`.
    pub fn from_name(name: &[u8]) -> Result<Self> {
        match name {
            b"json" | b"" => Ok(Self::Json),
            b"zh" => Ok(Self::Zh),
            b"en" => Ok(Self::En),
            _ => Err(Error::new(ErrorCode::UnknownName, "form: json, zh or en")),
        }
    }
}

/// Verifies the bytes of a proof, over one ledger or several, against a policy (empty: nothing is known from outside, so that
/// only integrity is checked), at a declared time in milliseconds since 1970.
///
/// # Errors
/// `InvalidPolicy`, `UnknownName`. Bytes that cannot be read give a verdict that says so.
pub fn verify_proof(proof: &[u8], policy: &[u8], at_ms: i64, form: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("verify_proof", || {
        let form = VerdictForm::from_name(form)?;
        let verdict = verify::verify(proof, &read_policy(policy)?, DeclaredTime { unix_ms: at_ms });
        Ok(write(&verdict, form))
    })
}

/// Verifies a bundle, every block of it: from memory, or from a file with constant memory.
///
/// # Errors
/// As [`verify_proof`]; `Storage` when the file cannot be opened.
pub fn verify_bundle(
    bundle: BundleFrom<'_>,
    policy: &[u8],
    at_ms: i64,
    form: &[u8],
) -> Outcome<Vec<u8>> {
    guard::run("verify_bundle", || {
        let form = VerdictForm::from_name(form)?;
        let policy = read_policy(policy)?;
        let reader: Box<dyn Read> = match bundle {
            BundleFrom::Bytes(bytes) => Box::new(bytes),
            BundleFrom::File(path) => Box::new(open(json::text("path", path)?)?),
        };
        let verdict = verify::verify_bundle(reader, &policy, DeclaredTime { unix_ms: at_ms });
        Ok(write(&verdict, form))
    })
}

/// Where a bundle comes from.
#[derive(Clone, Copy, Debug)]
pub enum BundleFrom<'a> {
    /// Its bytes.
    Bytes(&'a [u8]),
    /// The path of its file, UTF-8.
    File(&'a [u8]),
}

pub(crate) fn open(path: &str) -> Result<File> {
    File::open(path)
        .map_err(|error| Error::new(ErrorCode::Storage, format!("file: {}", error.kind())))
}

fn read_policy(policy: &[u8]) -> Result<Policy> {
    if policy.is_empty() { Ok(Policy::empty()) } else { Policy::parse(policy) }
}

fn write(verdict: &Verdict, form: VerdictForm) -> Vec<u8> {
    match form {
        VerdictForm::Json => verdict.to_json(),
        VerdictForm::Zh => verdict.text(Lang::Zh),
        VerdictForm::En => verdict.text(Lang::En),
    }
    .into_bytes()
}
