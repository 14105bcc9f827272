//! Checking a package from strangers: what is in it, whether it belongs together, and what its proof proves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};

use zip::{CompressionMethod, ZipArchive};

use super::derive::derive;
use super::options::{OPTIONS_BYTES, PackageOptions};
use super::write::{extension, named};
use super::{FILES, OPTIONS, ORIGINALS, POLICY, PROOF, UNPACKED_BYTES};
use crate::codec::limits;
use crate::hash::{TwinDigest, hex};
use crate::verify::{POLICY_BYTES, Policy, Verdict, verify};
use crate::{Error, ErrorCode, Result};

/// What is small is never a bomb; above it nothing may unpack to more than [`RATIO`] times its size.
const SMALL: u64 = 1 << 20;
const RATIO: u64 = 200;

/// Longest path in a package.
const PATH: usize = 160;

/// Length of the record that a ZIP ends with when it has no comment.
const END: u64 = 22;

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
    let mut left: BTreeSet<&str> = names.keys().map(String::as_str).collect();
    for (wanted, media_type) in named(&own_verdict) {
        let digest = hex::encode(&wanted.sha256);
        let path = format!("{ORIGINALS}{digest}.{}", extension(media_type));
        let Some(index) = names.get(&path) else {
            absent.push(digest);
            continue;
        };
        left.remove(path.as_str());
        let same = digest_of(&mut zip, *index)? == wanted;
        say(&path, if same { Outcome::Original } else { Outcome::Differs });
        there.insert(digest);
    }
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

fn bad(what: &'static str) -> Error {
    Error::new(ErrorCode::InvalidPackage, what)
}

/// Opens the archive after a look at how many files it says it has.
fn open<R: Read + Seek>(mut source: R) -> Result<ZipArchive<R>> {
    let read = |source: &mut R| {
        let size = source.seek(SeekFrom::End(0))?;
        let mut end = [0u8; END as usize];
        source.seek(SeekFrom::Start(size.saturating_sub(END)))?;
        source.read_exact(&mut end)?;
        source.rewind()?;
        Ok::<_, std::io::Error>(end)
    };
    let end = read(&mut source).map_err(|_| bad("no ZIP"))?;
    let [b'P', b'K', 5, 6, _, _, _, _, _, _, low, high, ..] = end else {
        return Err(bad("no ZIP, or one with a comment"));
    };
    if usize::from(u16::from_le_bytes([low, high])) > FILES {
        return Err(Error::new(ErrorCode::LimitExceeded, "files of a package"));
    }
    ZipArchive::new(source).map_err(|_| bad("no ZIP"))
}

/// The index of every file by its path. Nothing was unpacked yet when something is wrong.
fn names<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<BTreeMap<String, usize>> {
    if zip.len() > FILES {
        return Err(Error::new(ErrorCode::LimitExceeded, "files of a package"));
    }
    if zip.has_duplicate_names() || zip.has_overlapping_entries().unwrap_or(true) {
        return Err(bad("a name stands twice, or files share bytes"));
    }
    let (mut names, mut unpacked) = (BTreeMap::new(), 0u64);
    let mut folded = BTreeSet::new();
    for index in 0..zip.len() {
        let file = zip.by_index_raw(index).map_err(|_| bad("a file that cannot be read"))?;
        let name = std::str::from_utf8(file.name_raw()).ok().filter(|name| is_plain(name));
        let name = name.ok_or_else(|| bad("a name that is not plain"))?.to_owned();
        let plain = file.is_file() && !file.is_symlink() && !file.encrypted();
        let method =
            matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated);
        if !plain || !method {
            return Err(bad(
                "a folder, a link, or a file that is encrypted or packed in another way",
            ));
        }
        unpacked = unpacked.saturating_add(file.size());
        let bomb = file.size() > SMALL && file.size() / RATIO > file.compressed_size();
        if bomb || unpacked > UNPACKED_BYTES {
            return Err(Error::new(ErrorCode::LimitExceeded, "unpacked size of a package"));
        }
        // Some file systems hold A and a for one name.
        if !folded.insert(name.to_ascii_lowercase()) {
            return Err(bad("a name stands twice"));
        }
        names.insert(name, index);
    }
    Ok(names)
}

/// Letters, digits and `-._` in parts between `/`; no part begins with a dot, so none leads up or hides.
fn is_plain(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
    };
    name.len() <= PATH && name.split('/').all(part)
}

/// A file that is held in memory.
fn small<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    names: &BTreeMap<String, usize>,
    name: &'static str,
    limit: u64,
) -> Result<Vec<u8>> {
    let index = names.get(name).ok_or_else(|| Error::new(ErrorCode::InvalidPackage, name))?;
    let file = zip.by_index(*index).map_err(|_| bad("a file that cannot be read"))?;
    if file.size() > limit {
        return Err(Error::new(ErrorCode::LimitExceeded, name));
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
    if bytes.len() as u64 > limit {
        return Err(Error::new(ErrorCode::LimitExceeded, name));
    }
    Ok(bytes)
}

/// The digests of a file, read once and kept nowhere.
fn digest_of<R: Read + Seek>(zip: &mut ZipArchive<R>, index: usize) -> Result<TwinDigest> {
    let file = zip.by_index(index).map_err(|_| bad("a file that cannot be read"))?;
    let declared = file.size();
    let digest = TwinDigest::of_reader(file.take(declared + 1)).map_err(|_| damaged())?;
    if digest.size != declared {
        return Err(bad("a file of another size than the package says"));
    }
    Ok(digest)
}

fn damaged() -> Error {
    Error::new(ErrorCode::DigestMismatch, "a file of the package is damaged")
}

/// Whether a later version of the program may say the same in other words here. Kits, blocks and README.txt are what they are.
fn is_worded(path: &str) -> bool {
    path == "verdict.json" || path == "evidence-list.csv" || path.ends_with(".html")
}

/// Whether the package's verdict says that another version of the program made it. Nothing supports that, so it excuses nothing.
fn is_other_version<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    names: &BTreeMap<String, usize>,
    ours: &str,
) -> Result<bool> {
    if !names.contains_key("verdict.json") {
        return Ok(false);
    }
    let json = small(zip, names, "verdict.json", crate::paper::VERDICT_BYTES as u64)?;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap_or_default();
    let theirs = json.pointer("/inputs/verifier").and_then(serde_json::Value::as_str);
    Ok(theirs.is_some_and(|theirs| theirs.starts_with("yinzheng ") && theirs != ours))
}
