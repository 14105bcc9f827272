//! Writing a package.

use std::collections::BTreeSet;
use std::io::{Read, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::derive::{NOT_MADE, derive, twin};
use super::options::PackageOptions;
use super::{FILES, OPTIONS, ORIGINALS, POLICY, PROOF};
use crate::hash::{TwinDigest, hex};
use crate::verify::{Policy, Verdict, verify};
use crate::{Error, ErrorCode, Result};

/// Where originals come from: whoever packs keeps them somewhere.
pub trait Originals {
    /// The bytes of the file with these digests; `None` when it is not there.
    ///
    /// # Errors
    /// What keeps a file that is there from being read.
    fn open(&self, wanted: &TwinDigest) -> Result<Option<Box<dyn Read + '_>>>;
}

/// What was packed.
#[derive(Debug)]
pub struct Written {
    /// The verdict on the proof, as the pages tell it.
    pub verdict: Verdict,
    /// Files in the package.
    pub files: usize,
    /// Originals in the package.
    pub originals: usize,
    /// Originals that the proof names and that were not there, by SHA-256 in hexadecimal.
    pub absent: Vec<String>,
    /// Records of which no kit could be made; the number of the error stands in the place of the kit.
    pub without_kit: usize,
}

/// Writes a package. Originals are copied in pieces and hashed on the way; the rest is held in memory.
///
/// # Errors
/// `DigestMismatch` when an original is not what was sealed; `LimitExceeded` when there would be more than [`FILES`] files; `Storage` when
/// reading or writing fails.
pub fn write(
    proof: &[u8],
    policy: &Policy,
    options: &PackageOptions,
    originals: &dyn Originals,
    out: impl Write + Seek,
) -> Result<Written> {
    let verdict = verify(proof, policy, options.at());
    let named = named(&verdict);
    if named.len() > FILES {
        return Err(Error::new(ErrorCode::LimitExceeded, "files of a package"));
    }
    let mut zip = ZipWriter::new(out);
    let mut count = 0;
    let mut put = |zip: &mut ZipWriter<_>, name: &str, bytes: &[u8]| {
        count += 1;
        start(zip, name, bytes.len() as u64)?;
        zip.write_all(bytes).map_err(|error| failed(&error))
    };
    put(&mut zip, OPTIONS, &options.write())?;
    put(&mut zip, PROOF, proof)?;
    if let Some(policy) = policy.bytes() {
        put(&mut zip, POLICY, policy)?;
    }
    let (mut there, mut absent) = (BTreeSet::new(), Vec::new());
    for (wanted, media_type) in named {
        let name = hex::encode(&wanted.sha256);
        match originals.open(&wanted)? {
            None => absent.push(name),
            Some(source) => {
                start(
                    &mut zip,
                    &format!("{ORIGINALS}{name}.{}", extension(media_type)),
                    wanted.size,
                )?;
                copy(source, &wanted, &mut zip)?;
                there.insert(wanted);
            }
        }
    }
    let packed = there.len();
    let derived = derive(proof, policy, &verdict, options, there)?;
    let without_kit = derived.keys().filter(|name| name.ends_with(NOT_MADE)).count();
    for (name, bytes) in derived {
        put(&mut zip, &name, &bytes)?;
    }
    zip.finish().map_err(|_| Error::new(ErrorCode::Storage, "writing the package"))?;
    Ok(Written { verdict, files: count + packed, originals: packed, absent, without_kit })
}

/// Files that shown values name, each once, in order of their digests.
pub(super) fn named(verdict: &Verdict) -> Vec<(TwinDigest, &str)> {
    let fields = verdict.records.iter().flat_map(|record| &record.fields);
    let mut files: Vec<(TwinDigest, &str)> = fields
        .filter_map(|field| field.file.as_ref())
        .filter_map(|file| Some((twin(file)?, file.media_type.as_str())))
        .collect();
    files.sort_by_key(|(digest, media_type)| (digest.sha256, digest.size, digest.sm3, *media_type));
    // Two records may name one file. Of two that have only their SHA-256 in common, each is wanted.
    files.dedup_by_key(|(digest, _)| *digest);
    files
}

/// An ending that a desktop knows, for the few types that contracts and letters have.
pub(super) fn extension(media_type: &str) -> &'static str {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => "pdf",
        "application/json" => "json",
        "application/ofd" => "ofd",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "text/csv" => "csv",
        "text/plain" => "txt",
        _ => "bin",
    }
}

fn start<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, size: u64) -> Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .large_file(size >= u64::from(u32::MAX));
    zip.start_file(name, options).map_err(|_| Error::new(ErrorCode::Storage, "writing the package"))
}

/// Copies an original in pieces; what is not what was sealed is refused.
fn copy(source: Box<dyn Read + '_>, wanted: &TwinDigest, out: &mut impl Write) -> Result<()> {
    let mut tee = Tee { source: source.take(wanted.size + 1), out, error: None };
    let digest = TwinDigest::of_reader(&mut tee)?;
    if let Some(error) = tee.error {
        return Err(failed(&error));
    }
    if digest != *wanted {
        return Err(Error::new(ErrorCode::DigestMismatch, "an original is not what was sealed"));
    }
    Ok(())
}

/// Hands on what is read.
struct Tee<'a, R, W> {
    source: R,
    out: &'a mut W,
    error: Option<std::io::Error>,
}

impl<R: Read, W: Write> Read for Tee<'_, R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        if let Err(error) = self.out.write_all(buffer.get(..read).unwrap_or_default()) {
            let kind = error.kind();
            self.error = Some(error);
            return Err(kind.into());
        }
        Ok(read)
    }
}

fn failed(error: &std::io::Error) -> Error {
    let code = match error.kind() {
        std::io::ErrorKind::StorageFull => ErrorCode::DiskFull,
        _ => ErrorCode::Storage,
    };
    Error::new(code, "writing the package")
}
