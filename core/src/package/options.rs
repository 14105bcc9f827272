//! What a package was asked to be: `package.json`.

use serde::{Deserialize, Serialize};

use crate::paper::PaperOptions;
use crate::value::Lang;
use crate::verify::DeclaredTime;
use crate::{Error, ErrorCode, Result};

/// Largest `package.json`, in bytes.
pub(super) const OPTIONS_BYTES: u64 = 64 * 1024;

/// Whom a package is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// 法院: certificates, list, originals, kits.
    Court,
    /// 仲裁: the same, and an annex for every contract, since parties may have agreed on this way to check.
    Arbitration,
    /// 公证: as for a court, and the newest block of every ledger as a file, for the notary to sign or stamp.
    Notary,
}

impl Preset {
    /// All of them.
    pub const ALL: [Preset; 3] = [Preset::Court, Preset::Arbitration, Preset::Notary];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Court => "court",
            Preset::Arbitration => "arbitration",
            Preset::Notary => "notary",
        }
    }
}

/// What a package was asked to be. It travels in the package, so that others can make its pages again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageOptions {
    /// Version of this file: 1.
    package: u64,
    /// Whom it is for.
    pub preset: Preset,
    /// Declared time of verification, milliseconds since 1970.
    pub at_ms: i64,
    lang: String,
    full: bool,
    number: Option<String>,
    issuer: Option<String>,
    applicant: Option<String>,
    purpose: Option<String>,
}

impl PackageOptions {
    /// A package of this kind, verified at this time, with pages as `paper` says. The originals of `paper` are not used: which are there
    /// is seen when they are packed.
    pub fn new(preset: Preset, at: DeclaredTime, paper: &PaperOptions) -> Self {
        Self {
            package: 1,
            preset,
            at_ms: at.unix_ms,
            lang: if paper.lang == Lang::Zh { "zh" } else { "en" }.to_owned(),
            full: paper.full,
            number: paper.number.clone(),
            issuer: paper.issuer.clone(),
            applicant: paper.applicant.clone(),
            purpose: paper.purpose.clone(),
        }
    }

    pub(super) fn read(json: &[u8]) -> Result<Self> {
        let bad = || Error::new(ErrorCode::InvalidPackage, super::OPTIONS);
        let read: Self = serde_json::from_slice(json).map_err(|_| bad())?;
        let known = read.package == 1 && matches!(read.lang.as_str(), "zh" | "en");
        // What is written again must be what was read, else two packages would say the same.
        if !known || read.write() != json {
            return Err(bad());
        }
        Ok(read)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        // Nothing in it can fail to serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn at(&self) -> DeclaredTime {
        DeclaredTime { unix_ms: self.at_ms }
    }

    pub(super) fn paper(&self) -> PaperOptions {
        let lang = if self.lang == "zh" { Lang::Zh } else { Lang::En };
        PaperOptions {
            full: self.full,
            number: self.number.clone(),
            issuer: self.issuer.clone(),
            applicant: self.applicant.clone(),
            purpose: self.purpose.clone(),
            ..PaperOptions::new(lang)
        }
    }
}
