//! A verdict as pages read it: from its JSON alone. Members that this version does not know are left out of the page, not refused:
//! every line still comes with its own sentence.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::hash::{TwinDigest, hex};
use crate::value::{Label, Lang};
use crate::verify::Status;
use crate::{Error, ErrorCode, Result};

/// Largest verdict that a page is made of, in bytes of JSON.
pub const VERDICT_BYTES: usize = 64 * 1024 * 1024;

#[derive(Deserialize)]
pub(super) struct Given {
    pub(super) summary: Vec<Summary>,
    pub(super) inputs: Inputs,
    pub(super) ledgers: Vec<Ledger>,
    pub(super) dossiers: Vec<Dossier>,
    pub(super) records: Vec<Record>,
    pub(super) lines: Vec<Line>,
}

#[derive(Deserialize)]
pub(super) struct Summary {
    pub(super) id: String,
    pub(super) zh: String,
    pub(super) en: String,
}

impl Summary {
    pub(super) fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Inputs {
    pub(super) evidence: FileDigest,
    pub(super) policy: Option<FileDigest>,
    pub(super) declared_time: String,
    pub(super) verifier: String,
    pub(super) format: u64,
}

#[derive(Deserialize)]
pub(super) struct FileDigest {
    pub(super) size: u64,
    pub(super) sha256: String,
    pub(super) sm3: String,
}

impl FileDigest {
    /// Both digests and the size; `None` where they are no digests.
    pub(super) fn twin(&self) -> Option<TwinDigest> {
        Some(TwinDigest {
            size: self.size,
            sha256: hex::decode_n(&self.sha256).ok()?,
            sm3: hex::decode_n(&self.sm3).ok()?,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Ledger {
    pub(super) id: String,
    pub(super) hash: String,
    pub(super) organisation: Option<String>,
    pub(super) known_as: Option<String>,
    pub(super) head_height: u64,
    pub(super) head_digest: String,
    pub(super) head_begun: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Dossier {
    pub(super) number: String,
    pub(super) parts: Vec<Part>,
}

#[derive(Deserialize)]
pub(super) struct Part {
    pub(super) ledger: String,
    pub(super) places: Vec<u64>,
    pub(super) missing: Vec<[u64; 2]>,
    pub(super) last: u64,
}

#[derive(Deserialize)]
pub(super) struct Record {
    pub(super) number: String,
    pub(super) digest: String,
    pub(super) ledger: String,
    pub(super) height: u64,
    pub(super) sequence: Option<u64>,
    pub(super) sealed: Status,
    pub(super) dossier: String,
    pub(super) place: u64,
    pub(super) profile: String,
    pub(super) profile_version: u64,
    pub(super) label: Label,
    pub(super) happened: Option<String>,
    pub(super) captured: Option<String>,
    pub(super) clock: String,
    pub(super) signed_by: Vec<String>,
    pub(super) grade_name: Label,
    pub(super) lift: Label,
    pub(super) superseded_by: Option<String>,
    pub(super) fields: Vec<Field>,
}

#[derive(Deserialize)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: Label,
    pub(super) state: String,
    pub(super) value: Option<Label>,
    pub(super) masked: Option<Label>,
    pub(super) file: Option<File>,
    pub(super) original: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) media_type: String,
    #[serde(flatten)]
    pub(super) digest: FileDigest,
}

#[derive(Deserialize)]
pub(super) struct Line {
    pub(super) head: String,
    pub(super) check: String,
    pub(super) subject: String,
    pub(super) status: Status,
    pub(super) says: Label,
    pub(super) says_not: Label,
    pub(super) facts: Map<String, Value>,
}

impl Line {
    /// A fact that is a text.
    pub(super) fn told(&self, name: &str) -> Option<&str> {
        self.facts.get(name).and_then(Value::as_str)
    }
}

/// Whether what is shown of a record is what was sealed: the answer of 在线诉讼规则 16 (一致 / 不一致 / 未核验).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Consistency {
    Same,
    Differs,
    Open,
}

/// The check of what is shown against what was sealed.
const VALUES: &str = "record.values";

impl Given {
    pub(super) fn read(json: &[u8]) -> Result<Self> {
        if json.len() > VERDICT_BYTES {
            return Err(Error::new(ErrorCode::LimitExceeded, "verdict"));
        }
        // The parser's own message may hold a value of the verdict; only the place goes out.
        serde_json::from_slice(json).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            Error::new(ErrorCode::InvalidVerdict, place)
        })
    }

    pub(super) fn about<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.subject == subject)
    }

    /// Whether the values shown are those that were sealed. Where none is shown there is nothing to compare; what else may be wrong
    /// with the record is no answer to this question, and [`Given::contradictions`] counts it.
    pub(super) fn consistency(&self, record: &Record) -> Consistency {
        let values = |status| {
            self.about(&record.number).any(|line| line.check == VALUES && line.status == status)
        };
        let mismatch = record.fields.iter().any(|field| field.state == "mismatch");
        if mismatch || values(Status::Contradicted) || record.sealed == Status::Contradicted {
            Consistency::Differs
        } else if record.sealed == Status::Proven && values(Status::Proven) {
            Consistency::Same
        } else {
            Consistency::Open
        }
    }

    /// Contradictions about a record that are not about its values: of signers, times, rules.
    pub(super) fn contradictions(&self, record: &Record) -> usize {
        let contradicted =
            |line: &&Line| line.status == Status::Contradicted && line.check != VALUES;
        self.about(&record.number).filter(contradicted).count()
    }

    pub(super) fn count(&self, head: &str, status: Status) -> usize {
        self.lines.iter().filter(|line| line.head == head && line.status == status).count()
    }

    pub(super) fn ledger(&self, id: &str) -> Option<&Ledger> {
        self.ledgers.iter().find(|ledger| ledger.id == id)
    }
}

impl Field {
    /// As [`Field::shown`]; of an attachment its title alone, since its digests stand beside it.
    pub(super) fn titled(&self, full: bool, lang: Lang) -> Option<&str> {
        let value = self.shown(full, lang)?;
        let title = self.file.as_ref().and_then(|_| value.rsplit_once(" ("));
        Some(title.map_or(value, |(title, _)| title))
    }

    /// The value that the page shows; `None` where it is withheld, erased, or hidden on this page.
    pub(super) fn shown(&self, full: bool, lang: Lang) -> Option<&str> {
        let value = if full { &self.value } else { &self.masked };
        value.as_ref().map(|value| value.get(lang))
    }
}
