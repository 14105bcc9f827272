//! Digests of attachments: always SHA-256 and SM3 together, in one pass, from bytes, a file, a stream, or pieces.
//!
//! Replies are `{"size","sha256","sm3"}`; put one as `digest` into an append request.

use std::io::Read;
use std::sync::{Mutex, PoisonError};

#[cfg(any(feature = "seal", feature = "paper"))]
use serde::Deserialize;
use serde_json::json;
use yinzheng::hash::{HashAlg, Hasher, TwinDigest, hex};
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::handle::{self, Handle, Object};
#[cfg(any(feature = "seal", feature = "paper"))]
use crate::words;
use crate::{guard, json};

/// A digest as the replies have it.
#[cfg(any(feature = "seal", feature = "paper"))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DigestWire {
    size: u64,
    sha256: String,
    sm3: String,
}

#[cfg(any(feature = "seal", feature = "paper"))]
impl DigestWire {
    pub(crate) fn read(&self) -> Result<TwinDigest> {
        Ok(TwinDigest {
            size: self.size,
            sha256: words::hex_n("sha256", &self.sha256)?,
            sm3: words::hex_n("sm3", &self.sm3)?,
        })
    }
}

/// A digest in the making; `None` once finished.
struct Hashing(Mutex<Option<Pieces>>);

struct Pieces {
    size: u64,
    sha256: Hasher,
    sm3: Hasher,
}

impl Object for Hashing {
    const TYPE: u64 = 4;
    const NAME: &'static str = "hash in the making";
}

/// Digests of bytes in memory.
pub fn hash_bytes(bytes: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("hash_bytes", || Ok(reply(&TwinDigest::of(bytes))))
}

/// Digests of a file, read once.
///
/// # Errors
/// `Storage` when it cannot be read.
pub fn hash_file(path: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("hash_file", || Ok(reply(&digest_of_file(json::text("path", path)?)?)))
}

/// Digests of everything a stream gives, for adapters that turn a file descriptor into one.
///
/// # Errors
/// `Storage` when it cannot be read.
pub fn hash_reader(source: impl Read) -> Outcome<Vec<u8>> {
    guard::run("hash_reader", || Ok(reply(&TwinDigest::of_reader(source)?)))
}

/// Starts a digest of bytes that come in pieces. One thread's pieces at a time.
pub fn hash_begin() -> Outcome<Handle> {
    guard::run("hash_begin", || {
        handle::keep(Hashing(Mutex::new(Some(Pieces {
            size: 0,
            sha256: HashAlg::Sha256.hasher(),
            sm3: HashAlg::Sm3.hasher(),
        }))))
    })
}

/// Takes the next piece.
///
/// # Errors
/// `InvalidHandle`, also after [`hash_finish`].
pub fn hash_update(hash: Handle, piece: &[u8]) -> Outcome<()> {
    guard::with("hash_update", hash, |hashing: &Hashing| {
        let mut pieces = hashing.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pieces = pieces.as_mut().ok_or_else(finished)?;
        pieces.size += piece.len() as u64;
        pieces.sha256.update(piece);
        pieces.sm3.update(piece);
        Ok(())
    })
}

/// Gives the digests. The handle must still be closed.
///
/// # Errors
/// `InvalidHandle`, also when called twice.
pub fn hash_finish(hash: Handle) -> Outcome<Vec<u8>> {
    guard::with("hash_finish", hash, |hashing: &Hashing| {
        let mut pieces = hashing.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Pieces { size, sha256, sm3 } = pieces.take().ok_or_else(finished)?;
        Ok(reply(&TwinDigest { size, sha256: sha256.finish(), sm3: sm3.finish() }))
    })
}

fn finished() -> Error {
    Error::new(ErrorCode::InvalidHandle, "the digest was given out already")
}

fn reply(digest: &TwinDigest) -> Vec<u8> {
    json::reply(&json!({
        "size": digest.size,
        "sha256": hex::encode(&digest.sha256),
        "sm3": hex::encode(&digest.sm3),
    }))
}

pub(crate) fn digest_of_file(path: &str) -> Result<TwinDigest> {
    let file = std::fs::File::open(path).map_err(|error| {
        // Paths may name customers: only the kind of error is told.
        Error::new(ErrorCode::Storage, format!("attachment: {}", error.kind()))
    })?;
    TwinDigest::of_reader(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_gives_the_same_digests() {
        let bytes = "合同".repeat(50_000).into_bytes();
        let whole = hash_bytes(&bytes).unwrap();
        assert_eq!(hash_reader(bytes.as_slice()).unwrap(), whole);
        let hash = hash_begin().unwrap();
        bytes.chunks(777).for_each(|piece| hash_update(hash, piece).unwrap());
        assert_eq!(hash_finish(hash).unwrap(), whole);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        assert_eq!(hash_file(file.path().to_str().unwrap().as_bytes()).unwrap(), whole);
        assert_eq!(hash_update(hash, b"x").unwrap_err().number, 204);
        assert_eq!(hash_finish(hash).unwrap_err().number, 204);
        crate::close(hash).unwrap();
        assert_eq!(hash_update(hash, b"x").unwrap_err().number, 204);
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        assert_eq!(hash_file(b"/nowhere/file").unwrap_err().number, 601);
        assert_eq!(hash_file(b"/").unwrap_err().number, 601);
        assert_eq!(hash_file(b"").unwrap_err().number, 601);
        assert_eq!(hash_file(b"a\0b").unwrap_err().number, 601);
        assert_eq!(hash_file(b"\xff").unwrap_err().number, 309);
        assert_eq!(hash_finish(0).unwrap_err().number, 204);
    }
}
