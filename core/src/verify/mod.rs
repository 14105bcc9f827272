//! Verification: what a proof shows, line by line, offline, without store and without trusting whoever made it.
//!
//! A verdict 核验结论 never says one bare "valid". Every line says what is PROVEN, CONTRADICTED, NOT PROVEN or NOT CHECKED,
//! and what it does not say; lines stand under the court's three heads, authenticity 真实性, relevance 关联性 and lawfulness
//! 合法性. Who sealed a ledger takes an anchor from outside the proof, a [`Policy`]: without it the verdict begins with
//! *integrity only, origin not checked*. The same evidence, policy and declared time give the same bytes everywhere.
//!
//! All checks with their sentences are listed in `docs/verdicts.md`; the wording is data, `core/data/verdicts.json`.

mod bundle;
mod case;
mod certificate;
mod chain;
mod citations;
mod countersignatures;
mod dossiers;
mod ended;
mod entries;
mod grade;
mod hints;
mod ledgers;
mod lineage;
mod lines;
mod lookup;
mod marks;
mod outside;
mod policy;
mod records;
mod rules;
#[cfg(feature = "second-opinion")]
mod second;
mod signers;
mod statements;
mod text;
mod time;
mod tokens;
mod trust;
mod verdict;
mod views;
mod words;

pub use bundle::verify_bundle;
pub use policy::{KnownKey, KnownLedger, POLICY_BYTES, Policy, PolicyRole, RevokedKey};
pub use signers::Threshold;
pub use verdict::{
    DossierPart, DossierView, FieldView, FileView, InputDigest, Inputs, LedgerView, Line,
    RecordView, Status, SummaryLine, Text, Verdict,
};
pub use words::{check_name, head_name, status_name};

use serde_json::json;

use self::case::Case;
use self::dossiers::Dossiers;
use self::lines::Lines;
use self::records::Marks;
use self::words::Say;
use crate::error::Error;
use crate::hash::TwinDigest;
use crate::proof::Reading;

/// The time that a verification is declared to be made at. It comes from the caller: the library reads no clock here,
/// so that the same verification can be made again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DeclaredTime {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
}

/// Verifies the bytes of a proof (format §14) against what the verifier knows.
///
/// There is no error: bytes that cannot be read give a verdict that says so.
///
/// ```
/// use yinzheng::verify::{DeclaredTime, Policy, Status, verify};
///
/// let verdict = verify(b"not a proof", &Policy::empty(), DeclaredTime { unix_ms: 0 });
/// assert!(verdict.is_unreadable());
/// assert_eq!(verdict.lines[0].status, Status::Contradicted);
/// ```
pub fn verify(proof: &[u8], policy: &Policy, at: DeclaredTime) -> Verdict {
    let inputs = Inputs::new(&TwinDigest::of(proof), policy, at);
    let reading = match Reading::parse(proof) {
        Ok(reading) => reading,
        Err(error) => return unreadable(inputs, &error),
    };
    let entries = match reading.entries() {
        Ok(entries) => entries,
        Err(error) => return unreadable(inputs, &error),
    };
    let mut case = Case::new(&reading, &entries, policy, at);
    let mut lines = Lines::default();
    let facts = json!({
        "items": reading.proof.items.len(),
        "ledgers": reading.proof.ledgers.len(),
        "profiles": reading.proof.profiles.len(),
        "outside": reading.proof.outside.len(),
    });
    lines.say(Say::FormatReadableProven, "proof", facts);
    chain::check(&mut case);
    outside::check(&mut case);
    let marks = Marks::of(&case);
    ledgers::say(&case, &mut lines);
    entries::say(&case, &mut lines);
    outside::say(&case, &mut lines);
    statements::check(&mut case, &mut lines);
    records::say(&case, &marks, &mut lines);
    time::say(&case, &mut lines);
    marks::say(&case, &mut lines);
    let dossiers = Dossiers::of(&case);
    dossiers.say(&case, &mut lines);
    rules::say(&case, &dossiers, &mut lines);
    #[cfg(feature = "second-opinion")]
    second::say(&case, &mut lines);
    let ledgers = views::ledgers(&case);
    Verdict {
        summary: lines::summary(&lines.0, &ledgers, true),
        inputs,
        ledgers,
        dossiers: dossiers.views(&case),
        records: views::records(&case, &marks),
        lines: lines.0,
    }
}

fn unreadable(inputs: Inputs, error: &Error) -> Verdict {
    let mut lines = Lines::default();
    let facts = json!({ "where": error.context(), "error": error.number() });
    lines.say(Say::FormatReadableContradicted, "proof", facts);
    Verdict {
        summary: lines::summary(&lines.0, &[], false),
        inputs,
        ledgers: Vec::new(),
        dossiers: Vec::new(),
        records: Vec::new(),
        lines: lines.0,
    }
}

#[cfg(test)]
mod tests;
