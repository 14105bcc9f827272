//! Evidence packages 证据包: one ZIP with a proof, the originals it names, the certificates, the evidence list, the policy, stamped
//! and countersigned blocks as files, and kits for experts. For a court, an arbitration body or a notary.
//!
//! Four things in a package are given: `proof.yzp`, `policy.json`, `package.json` (what was asked for) and the originals. All else
//! is made of them by rule, so [`check`] makes it again and compares: a certificate that does not belong to the proof beside it
//! shows. The same contents give the same bytes: fixed order, fixed times, nothing compressed.
//!
//! A package comes from strangers: names, counts and sizes are looked at before anything is read, and nothing is ever written.

mod archive;
#[cfg(test)]
mod archive_tests;
mod check;
mod derive;
mod options;
#[cfg(test)]
mod tests;
mod write;

pub use check::{Checked, FileCheck, Outcome, check};
pub use options::{PackageOptions, Preset};
pub use write::{Originals, Written, write};

use crate::profile::Audience;

/// How much of the values a package shows, unless told otherwise: a court, an arbitration body and a notary are one audience.
pub const AUDIENCE: Audience = Audience::Court;

/// Most files in a package.
pub const FILES: usize = 20_000;

/// Largest package, unpacked, in bytes.
pub const UNPACKED_BYTES: u64 = 64 << 30;

const PROOF: &str = "proof.yzp";
const POLICY: &str = "policy.json";
const OPTIONS: &str = "package.json";
const ORIGINALS: &str = "originals/";
