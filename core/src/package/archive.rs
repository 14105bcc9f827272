//! The ZIP that a package from strangers is: its end, its list of files, its files one by one. Nothing is held in memory before its
//! size is known and within the limits.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};

use zip::read::{ArchiveOffset, Config};
use zip::{CompressionMethod, ZipArchive};

use super::{FILES, UNPACKED_BYTES};
use crate::hash::TwinDigest;
use crate::{Error, ErrorCode, Result};

/// What is small is never a bomb; above it nothing may unpack to more than [`RATIO`] times its size.
const SMALL: u64 = 1 << 20;
const RATIO: u64 = 200;

/// Longest path in a package.
const PATH: usize = 160;

/// Longest list of files, in bytes: room for a path and what other programs put beside it.
const LIST: u64 = FILES as u64 * 512;

/// A file takes at least as many bytes in the list (APPNOTE 4.3.12).
const LISTED: u64 = 46;

/// Lengths of the records that a ZIP ends with when it has no comment (APPNOTE 4.3.14 to 4.3.16).
const END64: usize = 56;
const LOCATOR: usize = 20;
const END: usize = 22;

/// Opens the archive after a look at how many files it says it has, and how long the list of them is: a reader of ZIPs makes room for
/// as many. The list has to end where the archive's last records begin, else the reader would look for another list.
pub(super) fn open<R: Read + Seek>(mut source: R) -> Result<ZipArchive<R>> {
    let mut read = || {
        let size = source.seek(SeekFrom::End(0))?;
        let mut tail = Vec::new();
        source.seek(SeekFrom::Start(size.saturating_sub((END64 + LOCATOR + END) as u64)))?;
        source.by_ref().take((END64 + LOCATOR + END) as u64).read_to_end(&mut tail)?;
        Ok::<_, std::io::Error>((size, tail))
    };
    let (size, tail) = read().map_err(|_| bad("no ZIP"))?;
    let list = List::of(size, &tail).ok_or_else(|| bad("no ZIP, or one with a comment"))?;
    if list.files > FILES as u64 || list.bytes > LIST {
        return Err(Error::new(ErrorCode::LimitExceeded, "files of a package"));
    }
    let begins = source.seek(SeekFrom::Start(list.start)).and_then(|_| {
        let mut magic = [0; 4];
        source.read_exact(&mut magic)?;
        Ok(magic == *b"PK\x01\x02")
    });
    let ends = list.start.checked_add(list.bytes) == Some(list.end);
    if !begins.unwrap_or(false) || !ends || list.files * LISTED > list.bytes {
        return Err(bad("a ZIP whose list of files is not where it says"));
    }
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    ZipArchive::with_config(config, source).map_err(|_| bad("no ZIP"))
}

/// What the last records say of the list of files.
struct List {
    files: u64,
    start: u64,
    bytes: u64,
    /// Where the last records begin.
    end: u64,
}

impl List {
    /// From the last bytes of an archive of this size; `None` where they are not what a ZIP in one piece without a comment ends with.
    fn of(size: u64, tail: &[u8]) -> Option<Self> {
        let (before, end) = tail.split_at_checked(tail.len().checked_sub(END)?)?;
        // Disk, disk of the list, files on this disk, files, bytes of the list, its start, length of the comment.
        let [0, 0, here, files, bytes, start, 0] =
            numbers(end, b"PK\x05\x06", [2, 2, 2, 2, 4, 4, 2])?
        else {
            return None;
        };
        let at = |records: usize| size.checked_sub(records as u64);
        let wide = files == 0xffff || bytes == 0xffff_ffff || start == 0xffff_ffff;
        let (before, locator) = before.split_at(before.len().saturating_sub(LOCATOR));
        if !wide || !locator.starts_with(b"PK\x06\x07") {
            let list = Self { files, start, bytes, end: at(END)? };
            return (here == files).then_some(list);
        }
        let [0, place, 0 | 1] = numbers(locator, b"PK\x06\x07", [4, 8, 4])? else { return None };
        // Length of what follows, versions, disk, disk of the list, files on this disk, files, bytes of the list, its start.
        let [44, _, 0, 0, here, files, bytes, start] =
            numbers(before, b"PK\x06\x06", [8, 4, 4, 4, 8, 8, 8, 8])?
        else {
            return None;
        };
        let list = Self { files, start, bytes, end: at(END64 + LOCATOR + END)? };
        (here == files && place == list.end).then_some(list)
    }
}

/// The numbers of a record that begins with these bytes, by their lengths; `None` for anything else.
fn numbers<const N: usize>(record: &[u8], magic: &[u8], lengths: [usize; N]) -> Option<[u64; N]> {
    let mut rest = record.strip_prefix(magic)?;
    let mut read = [0; N];
    for (number, length) in read.iter_mut().zip(lengths) {
        let (bytes, more) = rest.split_at_checked(length)?;
        *number = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        rest = more;
    }
    rest.is_empty().then_some(read)
}

/// The index of every file by its path. Nothing was unpacked yet when something is wrong.
pub(super) fn names<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<BTreeMap<String, usize>> {
    // A file says its name and size twice: a program that reads the other ones must not unpack other files.
    zip.validate_header_consistency().map_err(|_| {
        bad("a name stands twice, files share bytes, or a file has two names or is not in the list")
    })?;
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
pub(super) fn small<R: Read + Seek>(
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
pub(super) fn digest_of<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    index: usize,
) -> Result<TwinDigest> {
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

pub(super) fn bad(what: &'static str) -> Error {
    Error::new(ErrorCode::InvalidPackage, what)
}
