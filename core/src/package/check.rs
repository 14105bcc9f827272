//! Checking a package from strangers: what is in it, whether it belongs together, and what its proof proves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read, Seek};

use serde::Deserialize;
use zip::ZipArchive;

use super::archive::{bad, digest_of, names, open, small};
use super::derive::derive;
use super::options::{OPTIONS_BYTES, PackageOptions};
use super::write::{extension, named};
use super::{OPTIONS, ORIGINALS, POLICY, PROOF};
use crate::Result;
use crate::codec::limits;
use crate::hash::{TwinDigest, hex};
use crate::verify::{POLICY_BYTES, Policy, Verdict, verify};

/// How a file of a package came out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Given: the proof, the policy, what was asked for.
    Given,
    /// An original whose bytes are those that a sealed record names.
    Original,
    /// Made again from what was given: the same bytes.
    Same,
    /// Made again from what was given: other bytes.
    Differs,
    /// A page, table or verdict that the package says another version of the program worded, and not the same: it was not compared. The
    /// package alone says so, so that a package with such a file is not one that was found good.
    OtherVersion,
    /// Follows from what was given, and is not there.
    Missing,
    /// Nothing that was given leads to it.
    Foreign,
}

impl Outcome {
    /// The word for machines.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Given => "given",
            Outcome::Original => "original",
            Outcome::Same => "same",
            Outcome::Differs => "differs",
            Outcome::OtherVersion => "other-version",
            Outcome::Missing => "missing",
            Outcome::Foreign => "foreign",
        }
    }

    /// Whether it speaks against the package.
    pub fn is_bad(self) -> bool {
        matches!(self, Outcome::Differs | Outcome::Missing | Outcome::Foreign)
    }

    /// Whether nothing is known about the file: neither that it fits nor that it does not.
    pub fn is_open(self) -> bool {
        self == Outcome::OtherVersion
    }
}

/// A file of a package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileCheck {
    /// Its path.
    pub path: String,
    /// How it came out.
    pub outcome: Outcome,
}

/// What a package holds.
#[derive(Debug)]
pub struct Checked {
    /// Every file, by path.
    pub files: Vec<FileCheck>,
    /// What was asked for.
    pub options: PackageOptions,
    /// The verdict on the proof under the *checker's* policy and time. What the package's own policy says stands in its pages.
    pub verdict: Verdict,
    /// Originals that the proof names and that are not in the package, by SHA-256 in hexadecimal.
    pub absent: Vec<String>,
}

/// Checks a package. The proof is verified with `policy`, which the checker brings along: a policy that came in the package proves
/// nothing about it.
///
/// # Errors
/// `InvalidPackage` for a ZIP that is none of ours: unreadable, encrypted, names that lead outside, stand twice or are no plain
/// names, files that share bytes, folders and links, no proof; `LimitExceeded` for too many files, too large ones, or ones that unpack to far more than
/// they are; `DigestMismatch` when a file is not what its own checksum says.
pub fn check(
    source: impl Read + Seek,
    policy: &Policy,
    at: crate::verify::DeclaredTime,
) -> Result<Checked> {
    let mut zip = open(source)?;
    let names = names(&mut zip)?;
    let options = PackageOptions::read(&small(&mut zip, &names, OPTIONS, OPTIONS_BYTES)?)?;
    let proof = small(&mut zip, &names, PROOF, limits::PROOF_BYTES as u64)?;
    let own = match names.contains_key(POLICY) {
        true => Policy::parse(&small(&mut zip, &names, POLICY, POLICY_BYTES as u64)?)?,
        false => Policy::empty(),
    };
    let own_verdict = verify(&proof, &own, options.at());
    let mut files = Vec::new();
    let mut say = |path: &str, outcome| files.push(FileCheck { path: path.to_owned(), outcome });
    for given in [OPTIONS, PROOF, POLICY].into_iter().filter(|name| names.contains_key(*name)) {
        say(given, Outcome::Given);
    }
    let (mut there, mut absent) = (BTreeSet::new(), Vec::new());
    let (mut fits, mut unlike) = (BTreeMap::new(), Vec::new());
    let mut left: BTreeSet<&str> = names.keys().map(String::as_str).collect();
    for (wanted, media_type) in named(&own_verdict) {
        let digest = hex::encode(&wanted.sha256);
        let path = format!("{ORIGINALS}{digest}.{}", extension(media_type));
        let Some(index) = names.get(&path) else {
            absent.push(digest);
            continue;
        };
        left.remove(path.as_str());
        if digest_of(&mut zip, *index)? == wanted {
            fits.insert(path, true);
            there.insert(wanted);
        } else {
            fits.entry(path.clone()).or_insert(false);
            unlike.push((path, wanted, digest));
        }
    }
    for (path, wanted, digest) in unlike {
        if fits.get(&path) == Some(&true) {
            // The file is another one, which has only its SHA-256 in common with this.
            absent.push(digest);
        } else {
            // Was spoilt afterwards: the pages say that it is there.
            there.insert(wanted);
        }
    }
    for (path, fits) in fits {
        say(&path, if fits { Outcome::Original } else { Outcome::Differs });
    }
    absent.sort();
    let derived = derive(&proof, &own, &own_verdict, &options, there)?;
    let version = is_other_version(&mut zip, &names, own_verdict.inputs.verifier)?;
    for (path, bytes) in &derived {
        left.remove(path.as_str());
        let outcome = match names.get(path) {
            None => Outcome::Missing,
            Some(index) if digest_of(&mut zip, *index)? == TwinDigest::of(bytes) => Outcome::Same,
            Some(_) if version && is_worded(path) => Outcome::OtherVersion,
            Some(_) => Outcome::Differs,
        };
        say(path, outcome);
    }
    for path in left.into_iter().filter(|path| ![OPTIONS, PROOF, POLICY].contains(path)) {
        say(path, Outcome::Foreign);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Checked { files, options, verdict: verify(&proof, policy, at), absent })
}

/// Whether a later version of the program may say the same in other words here. Kits, blocks and README.txt are what they are.
fn is_worded(path: &str) -> bool {
    path == "verdict.json" || path == "evidence-list.csv" || path.ends_with(".html")
}

/// What the package's verdict says of the program that made it, and nothing else of it.
#[derive(Deserialize)]
struct Theirs {
    inputs: TheirInputs,
}

#[derive(Deserialize)]
struct TheirInputs {
    verifier: String,
}

/// Whether the package's verdict says that another version of the program made it. Nothing supports that, so it excuses nothing.
fn is_other_version<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    names: &BTreeMap<String, usize>,
    ours: &str,
) -> Result<bool> {
    let Some(index) = names.get("verdict.json") else { return Ok(false) };
    let file = zip.by_index(*index).map_err(|_| bad("a file that cannot be read"))?;
    let limit = crate::paper::VERDICT_BYTES as u64;
    // Read piece by piece; what is no verdict of ours says nothing.
    let theirs = serde_json::from_reader::<_, Theirs>(BufReader::new(file.take(limit)));
    Ok(theirs.is_ok_and(|theirs| {
        let theirs = theirs.inputs.verifier;
        theirs.starts_with("yinzheng ") && theirs != ours
    }))
}
