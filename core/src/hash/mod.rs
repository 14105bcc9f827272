//! Digests: SHA-256 (FIPS 180-4) and SM3 (GM/T 0004, GB/T 32905), one message or many.

pub mod hex;
#[cfg(all(feature = "lanes", target_arch = "x86_64", any(vectors, test)))]
mod lanes;
mod short;
mod twin;

#[cfg(test)]
mod tests;

use core::fmt;
use core::str::FromStr;

use sha2::Digest as _;

use crate::codec::{Item, Writer};
use crate::{Error, ErrorCode, Result};

pub use twin::TwinDigest;

/// A hash algorithm. Both give 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum HashAlg {
    /// SHA-256, COSE algorithm −16 (RFC 9054).
    Sha256,
    /// SM3, COSE algorithm −66003 (private use: none is registered).
    Sm3,
}

impl HashAlg {
    /// Both algorithms.
    pub const ALL: [HashAlg; 2] = [HashAlg::Sha256, HashAlg::Sm3];

    /// The COSE algorithm number: −16 or −66003.
    pub fn cose_id(self) -> i64 {
        match self {
            HashAlg::Sha256 => -16,
            HashAlg::Sm3 => -66_003,
        }
    }

    /// The algorithm with this COSE number; others are [`ErrorCode::UnsupportedAlgorithm`].
    pub fn from_cose_id(id: i64) -> Result<Self> {
        match id {
            -16 => Ok(HashAlg::Sha256),
            -66_003 => Ok(HashAlg::Sm3),
            _ => Err(Error::new(ErrorCode::UnsupportedAlgorithm, format!("hash algorithm {id}"))),
        }
    }

    /// The name people use: `SHA-256` or `SM3`.
    pub fn name(self) -> &'static str {
        match self {
            HashAlg::Sha256 => "SHA-256",
            HashAlg::Sm3 => "SM3",
        }
    }

    /// The name in front of a printed digest: `sha256` or `sm3`.
    pub fn prefix(self) -> &'static str {
        match self {
            HashAlg::Sha256 => "sha256",
            HashAlg::Sm3 => "sm3",
        }
    }

    /// The digest of one message.
    #[inline]
    pub fn digest(self, message: &[u8]) -> [u8; 32] {
        match self {
            HashAlg::Sha256 => {
                short::sha256(&[message]).unwrap_or_else(|| sha2::Sha256::digest(message).into())
            }
            HashAlg::Sm3 => sm3::Sm3::digest(message).into(),
        }
    }

    /// The digest of the parts put together, without joining them in memory.
    #[inline]
    pub fn digest_parts(self, parts: &[&[u8]]) -> [u8; 32] {
        match self {
            HashAlg::Sha256 => short::sha256(parts).unwrap_or_else(|| {
                let start = sha2::Sha256::new();
                parts.iter().fold(start, |h, part| h.chain_update(part)).finalize().into()
            }),
            HashAlg::Sm3 => {
                parts.iter().fold(sm3::Sm3::new(), |h, part| h.chain_update(part)).finalize().into()
            }
        }
    }

    /// The digests of many messages, in their order. Whoever has many short messages (commitments, leaves)
    /// calls this: where the processor allows it, sixteen are hashed at a time.
    pub fn digest_many<'m>(self, messages: impl IntoIterator<Item = &'m [u8]>) -> Vec<[u8; 32]> {
        let mut digests = Vec::new();
        self.digest_many_into(None, messages, &mut digests);
        digests
    }

    /// As [`HashAlg::digest_many`], with the same byte in front of each message, or none, and behind what is in `out`.
    pub(crate) fn digest_many_into<'m>(
        self,
        prefix: Option<u8>,
        messages: impl IntoIterator<Item = &'m [u8]>,
        out: &mut Vec<[u8; 32]>,
    ) {
        let messages = messages.into_iter();
        out.reserve(messages.size_hint().0);
        #[cfg(all(feature = "lanes", target_arch = "x86_64", vectors))]
        let Some(messages) = lanes::digests(self, prefix, messages, out) else { return };
        match prefix {
            None => out.extend(messages.map(|message| self.digest(message))),
            Some(byte) => {
                out.extend(messages.map(|message| self.digest_parts(&[&[byte], message])));
            }
        }
    }

    /// A hasher for a message that comes in pieces.
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            HashAlg::Sha256 => Engine::Sha256(sha2::Sha256::new()),
            HashAlg::Sm3 => Engine::Sm3(sm3::Sm3::new()),
        })
    }
}

impl fmt::Display for HashAlg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A digest in the making.
#[derive(Clone)]
pub struct Hasher(Engine);

#[derive(Clone)]
enum Engine {
    Sha256(sha2::Sha256),
    Sm3(sm3::Sm3),
}

impl Hasher {
    /// Takes the next piece of the message.
    pub fn update(&mut self, piece: &[u8]) -> &mut Self {
        match &mut self.0 {
            Engine::Sha256(engine) => engine.update(piece),
            Engine::Sm3(engine) => engine.update(piece),
        }
        self
    }

    /// The digest.
    pub fn finish(self) -> [u8; 32] {
        match self.0 {
            Engine::Sha256(engine) => engine.finalize().into(),
            Engine::Sm3(engine) => engine.finalize().into(),
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Engine::Sha256(_) => "Hasher(SHA-256)",
            Engine::Sm3(_) => "Hasher(SM3)",
        })
    }
}

/// A digest that names its algorithm. On the wire `[alg, bytes]`, printed `sha256:…` or `sm3:…` in
/// lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    /// The algorithm.
    pub alg: HashAlg,
    /// The 32 bytes it gave.
    pub bytes: [u8; 32],
}

impl Digest {
    /// The digest of `message`.
    pub fn of(alg: HashAlg, message: &[u8]) -> Self {
        Self { alg, bytes: alg.digest(message) }
    }

    /// Writes `[alg, bytes]`.
    pub fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        w.array(2).int(self.alg.cose_id()).bstr(&self.bytes)
    }

    /// Reads `[alg, bytes]`. Errors: [`ErrorCode::WrongType`], `UnsupportedAlgorithm`, `OutOfRange` (length).
    pub fn read(item: Item<'_>) -> Result<Self> {
        let [alg, bytes] = item.array_n::<2>().map_err(|error| error.within("digest"))?;
        Ok(Self { alg: HashAlg::from_cose_id(alg.int()?)?, bytes: bytes.bstr32()? })
    }

    /// Whether all digests are under one hash, as those of one ledger are; if not, [`ErrorCode::OutOfRange`].
    pub fn same_hash(digests: &[Self]) -> Result<()> {
        if digests.iter().all(|digest| Some(digest.alg) == digests.first().map(|first| first.alg)) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::OutOfRange, "digests of one ledger are under its hash"))
    }

    /// Whether `message` has this digest; if not, [`ErrorCode::DigestMismatch`].
    pub fn check(&self, message: &[u8]) -> Result<()> {
        if self.alg.digest(message) == self.bytes {
            return Ok(());
        }
        Err(Error::new(ErrorCode::DigestMismatch, self.alg.name()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.alg.prefix(), hex::encode(&self.bytes))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = Error;

    /// Reads the printed form, lower case only. Errors: [`ErrorCode::InvalidArgument`],
    /// [`ErrorCode::UnsupportedAlgorithm`].
    fn from_str(text: &str) -> Result<Self> {
        let (prefix, digits) = text
            .split_once(':')
            .ok_or_else(|| Error::new(ErrorCode::InvalidArgument, "digest: sha256:… or sm3:…"))?;
        let alg = HashAlg::ALL.into_iter().find(|alg| alg.prefix() == prefix).ok_or_else(|| {
            Error::new(ErrorCode::UnsupportedAlgorithm, "digest: sha256:… or sm3:…")
        })?;
        Ok(Self { alg, bytes: hex::decode_n(digits)? })
    }
}
