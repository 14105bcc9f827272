//! What verification gives: lines, records, dossiers and ledgers, as data that is the same bytes everywhere.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lines::time_text;
use super::{DeclaredTime, Policy};
use crate::hash::{TwinDigest, hex};
use crate::value::{Label, Lang};

/// How a check came out. There is no single "valid".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    /// What the line says was shown.
    #[serde(rename = "PROVEN")]
    Proven,
    /// What is shown contradicts itself, or what it was sealed as.
    #[serde(rename = "CONTRADICTED")]
    Contradicted,
    /// What is shown does not suffice.
    #[serde(rename = "NOT_PROVEN")]
    NotProven,
    /// Not looked at: nothing to look at, or this version cannot.
    #[serde(rename = "NOT_CHECKED")]
    NotChecked,
}

impl Status {
    /// All, in the order in which counts are given.
    pub const ALL: [Status; 4] =
        [Status::Proven, Status::Contradicted, Status::NotProven, Status::NotChecked];

    /// The word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Status::Proven => "PROVEN",
            Status::Contradicted => "CONTRADICTED",
            Status::NotProven => "NOT_PROVEN",
            Status::NotChecked => "NOT_CHECKED",
        }
    }
}

/// A text in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl From<Label> for Text {
    fn from(label: Label) -> Self {
        Self { zh: label.zh, en: label.en }
    }
}

/// One check on one thing.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Line {
    /// `authenticity` 真实性, `relevance` 关联性 or `lawfulness` 合法性.
    pub head: &'static str,
    /// The check's fixed id, listed in `docs/verdicts.md`.
    pub check: &'static str,
    /// What it is about: a record number `R-…`, a preservation number `D-…`, or `proof`, `policy`, `ledger:<id>`,
    /// `block:<id>/<height>`, `entry:<id>/<height>/<index>`, `key:<kid>`, `outside:<n>`, `profile:<sha256>`.
    pub subject: String,
    /// How it came out.
    pub status: Status,
    /// The outcome in detail: the status in small letters and, after a dot, a reason where there are several.
    pub outcome: &'static str,
    /// What the line says.
    pub says: Text,
    /// What it does not say.
    pub says_not: Text,
    /// The facts that the sentence rests on. Times are milliseconds since 1970 unless they are text.
    pub facts: Map<String, Value>,
}

/// A sentence of the summary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SummaryLine {
    /// Its fixed id.
    pub id: &'static str,
    /// The sentence.
    #[serde(flatten)]
    pub text: Text,
}

/// Everything that fixes a verdict. The same inputs give the same bytes on every platform.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Inputs {
    /// What was verified.
    pub evidence: InputDigest,
    /// The policy file; absent without one.
    pub policy: Option<InputDigest>,
    /// Declared time of verification, milliseconds since 1970.
    pub declared_time_ms: i64,
    /// The same as text, in UTC.
    pub declared_time: String,
    /// Name and version of the verifier.
    pub verifier: &'static str,
    /// Format version that it reads.
    pub format: u64,
}

/// Size and digests of an input file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct InputDigest {
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hex.
    pub sha256: String,
    /// SM3 in hex.
    pub sm3: String,
}

/// A field of a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FieldView {
    /// Its public name.
    pub name: String,
    /// What the profile calls it.
    pub label: Text,
    /// `shown`, `withheld`, `erased`, or `mismatch` when what is shown does not fit the commitment.
    pub state: &'static str,
    /// The value for people; absent unless shown.
    pub value: Option<Text>,
    /// What of the value a reader sees for whom personal data is masked: the value where the profile shows it in full, else its
    /// masked form; absent where there is none. The same that is shown to a regulator, see `docs/privacy.md`.
    pub masked: Option<Text>,
    /// Size and digests of the file, where the value is an attachment.
    pub file: Option<FileView>,
    /// The text as captured, where it differs from the value.
    pub original: Option<String>,
    /// Ids of the findings sealed with the value.
    pub findings: Vec<String>,
}

/// An attachment that a value names; the file itself is not in a proof.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FileView {
    /// Media type, as sealed.
    pub media_type: String,
    /// Size and digests, as sealed.
    #[serde(flatten)]
    pub digest: InputDigest,
}

/// A record shown.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RecordView {
    /// Record number 存证编号.
    pub number: String,
    /// Digest, with its algorithm.
    pub digest: String,
    /// Ledger id.
    pub ledger: String,
    /// Height of its block.
    pub height: u64,
    /// Sequence number in the ledger.
    pub sequence: Option<u64>,
    /// Whether it is proven to be in a signed block.
    pub sealed: Status,
    /// Preservation number 保全号 of its dossier.
    pub dossier: String,
    /// Place in the dossier, within the ledger.
    pub place: u64,
    /// Profile id.
    pub profile: String,
    /// Profile version.
    pub profile_version: u64,
    /// What the profile calls such a record.
    pub label: Text,
    /// Declared time: when it happened, RFC 3339.
    pub happened: Option<String>,
    /// Declared time of capture, RFC 3339.
    pub captured: Option<String>,
    /// Clock tier as declared.
    pub clock: &'static str,
    /// Roles of verified statements over it.
    pub signed_by: Vec<&'static str>,
    /// `self`, `countersigned-by-party`, `witnessed` or `notarised`.
    pub grade: &'static str,
    /// The grade in words.
    pub grade_name: Text,
    /// What would lift it.
    pub lift: Text,
    /// Record number of the record that replaced it.
    pub superseded_by: Option<String>,
    /// Its fields, by name.
    pub fields: Vec<FieldView>,
    /// Fields of the profile that the record does not have.
    pub not_collected: Vec<String>,
}

/// What one ledger shows of a dossier.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DossierPart {
    /// Ledger id.
    pub ledger: String,
    /// Places shown, ascending.
    pub places: Vec<u64>,
    /// Places missing below the last one shown, as ranges from – to, both included.
    pub missing: Vec<[u64; 2]>,
    /// The last place shown.
    pub last: u64,
    /// Whether all places up to the last one shown are there. Nothing is said about later ones.
    pub complete_up_to_last: bool,
}

/// A dossier, over all ledgers shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DossierView {
    /// Preservation number 保全号.
    pub number: String,
    /// Its parts, by ledger.
    pub parts: Vec<DossierPart>,
}

/// A ledger shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LedgerView {
    /// Its id.
    pub id: String,
    /// Its hash.
    pub hash: &'static str,
    /// Name of the sealing organisation, as it calls itself.
    pub organisation: Option<String>,
    /// Name in the policy, where origin is proven.
    pub known_as: Option<String>,
    /// Height of the newest block shown.
    pub head_height: u64,
    /// Sealed digest of the newest block shown.
    pub head_digest: String,
    /// Declared time of the newest block's beginning, RFC 3339.
    pub head_begun: Option<String>,
    /// Blocks shown.
    pub blocks: u64,
}

/// A verdict 核验结论. Its JSON is the same bytes for the same evidence, policy and declared time.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Verdict {
    /// The first line says what was checked at all; the others count.
    pub summary: Vec<SummaryLine>,
    /// What was verified, against what, when, by what.
    pub inputs: Inputs,
    /// Ledgers shown.
    pub ledgers: Vec<LedgerView>,
    /// Dossiers shown.
    pub dossiers: Vec<DossierView>,
    /// Records shown, in the order of the proof.
    pub records: Vec<RecordView>,
    /// Every check.
    pub lines: Vec<Line>,
}

impl Verdict {
    /// The verdict as JSON, members in fixed order, no white space.
    pub fn to_json(&self) -> String {
        // Nothing in it can fail to serialise: no maps with other keys than text, no floats.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How many lines have a status.
    pub fn count(&self, status: Status) -> usize {
        self.lines.iter().filter(|line| line.status == status).count()
    }

    /// Whether the input could not be read at all.
    pub fn is_unreadable(&self) -> bool {
        self.summary.first().is_some_and(|line| line.id == "unreadable")
    }

    /// The lines of one check.
    pub fn lines_of(&self, check: &str) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.check == check)
    }
}

impl Inputs {
    pub(super) fn new(evidence: &TwinDigest, policy: &Policy, at: DeclaredTime) -> Self {
        Self {
            evidence: InputDigest::of(evidence),
            policy: policy.bytes().map(|bytes| InputDigest::of(&TwinDigest::of(bytes))),
            declared_time_ms: at.unix_ms,
            declared_time: time_text(at.unix_ms, 0).unwrap_or_default(),
            verifier: concat!("yinzheng ", env!("CARGO_PKG_VERSION")),
            format: crate::entry::FORMAT_VERSION,
        }
    }
}

impl InputDigest {
    pub(super) fn of(digest: &TwinDigest) -> Self {
        Self {
            size: digest.size,
            sha256: hex::encode(&digest.sha256),
            sm3: hex::encode(&digest.sm3),
        }
    }
}
