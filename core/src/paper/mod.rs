//! Pages for people who decide: the certificates 存证证明 and 签约证明, the evidence list 证据目录, the annex of a contract 合同附页
//! and a signer's receipt 签署回执, made of a verdict's JSON alone.
//!
//! The page of a ledger for those who run it ([`ledger_page`]) is made of what its host sees, not of a verdict.
//!
//! A page is one offline HTML file: no script, nothing loaded, a content security policy that forbids both, print style for
//! A4. Nothing is checked here and nothing is added: what stands on the page stood in the verdict, and what the verdict does
//! not prove stands there too. The same verdict and options give the same bytes. Values are masked unless the caller wants
//! them in full; the rule is the one for a regulator (`docs/privacy.md`).
//!
//! Hostile text changes no page: markup is escaped, characters that hide or turn others are written out, letters that run from
//! right to left stay in their own box. The words of pages are data, `core/data/paper.json`.

mod annex;
mod certificate;
mod checks;
mod csv;
mod custody;
mod frame;
mod given;
#[cfg(test)]
mod given_tests;
mod head;
mod html;
mod list;
mod operations;
#[cfg(test)]
mod operations_tests;
mod qr;
mod receipt;
mod records;
mod signatures;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

pub use annex::annex;
pub use certificate::{Certificate, certificate};
pub use given::VERDICT_BYTES;
pub use list::{list_csv, list_html};
pub use operations::{KeyFacts, LedgerFacts, THRESHOLD_BYTES, Thresholds, ledger_page};
pub use receipt::receipt;

use crate::hash::TwinDigest;
use crate::value::Lang;

/// What a page says besides the verdict, and how.
#[derive(Clone, Debug)]
pub struct PaperOptions {
    /// The language.
    pub lang: Lang,
    /// Values in full. Without it they are masked.
    pub full: bool,
    /// The issuer's own number for the page; without it the page has none.
    pub number: Option<String>,
    /// Who issues it.
    pub issuer: Option<String>,
    /// Who asked for it, and in which standing.
    pub applicant: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// The originals that go with the page; `None`: nobody looked.
    pub originals: Option<BTreeSet<TwinDigest>>,
}

impl PaperOptions {
    /// A masked page in this language that names nobody.
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            full: false,
            number: None,
            issuer: None,
            applicant: None,
            purpose: None,
            originals: None,
        }
    }
}
