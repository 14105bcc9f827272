//! Sealed envelopes: a proof, a bundle or any other bytes, encrypted to the public keys of those who may read it, so that it can
//! pass through hands that may not. Cargo feature `envelope`.
//!
//! The form is version 1 of the age format (<https://c2sp.org/age>) with X25519 recipients: `age`, `rage` and `pyrage` open
//! what is sealed here and the other way round. A fresh file key of 16 bytes is wrapped for each recipient (X25519, HKDF-SHA-256,
//! ChaCha20-Poly1305), a MAC under it holds the header together, and the content follows in chunks of 64 KiB, each authenticated
//! with its number and whether it is the last.
//!
//! [`gm`] is the form of the Chinese suite, SM2 and SM4, for holders of SM2 certificates.
//!
//! An envelope says nothing about who sealed it: whoever knows a recipient's public key can make one. What is inside carries
//! its own signatures. Anybody sees how many recipients there are and how long the content is; who they are, only themselves.

pub mod gm;
mod header;
mod keys;
mod stream;

use zeroize::Zeroizing;

pub use keys::{Identity, Recipient};

use crate::error::{Error, ErrorCode, Result};
use crate::random::Random;
use crate::sign::stack::without_traces;
use header::Header;

/// The first line of every envelope.
const VERSION: &str = "age-encryption.org/v1";
/// The most recipients of one envelope.
pub const RECIPIENTS: usize = 128;

type FileKey = Zeroizing<[u8; 16]>;

/// Whether bytes begin as an envelope does.
pub fn is_envelope(bytes: &[u8]) -> bool {
    bytes.strip_prefix(VERSION.as_bytes()).is_some_and(|rest| rest.starts_with(b"\n"))
}

/// Encrypts bytes to recipients; any one of them can open the envelope.
///
/// # Errors
/// `LimitExceeded` without a recipient or beyond [`RECIPIENTS`], `InvalidKey` for a public key of low order,
/// `RandomUnavailable`.
pub fn seal(content: &[u8], to: &[Recipient]) -> Result<Vec<u8>> {
    seal_with(content, to, &mut Random::system())
}

fn seal_with(content: &[u8], to: &[Recipient], random: &mut Random) -> Result<Vec<u8>> {
    if to.is_empty() || to.len() > RECIPIENTS {
        return Err(Error::new(ErrorCode::LimitExceeded, "an envelope has 1 to 128 recipients"));
    }
    without_traces(|| {
        let file_key: FileKey = Zeroizing::new(random.array()?);
        let mut out = header::write(&file_key, to, random)?.into_bytes();
        stream::seal(&file_key, content, random, &mut out)?;
        Ok(out)
    })
}

/// Opens an envelope with a recipient's secret key.
///
/// # Errors
/// `WrongType` for what is no envelope, `InvalidKey` when it is not addressed to this key, `DigestMismatch` when any byte of it
/// was changed, `Truncated` when it ends too early, `LimitExceeded` for a header beyond 64 KiB.
pub fn open(envelope: &[u8], identity: &Identity) -> Result<Zeroizing<Vec<u8>>> {
    let header = Header::parse(envelope)?;
    without_traces(|| {
        let file_key = header.file_key(identity)?;
        header.check(&file_key)?;
        stream::open(&file_key, header.payload)
    })
}

/// HKDF-SHA-256 (RFC 5869) to 32 bytes.
fn derive(salt: &[u8], secret: &[u8], info: &str) -> Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    hkdf::Hkdf::<sha2::Sha256>::new(Some(salt), secret)
        .expand(info.as_bytes(), key.as_mut_slice())
        .map_err(|_| Error::new(ErrorCode::Internal, "HKDF length"))?;
    Ok(key)
}

fn changed() -> Error {
    Error::new(ErrorCode::DigestMismatch, "the envelope was changed")
}

#[cfg(test)]
mod tests;
