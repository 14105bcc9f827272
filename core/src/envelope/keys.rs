//! Keys of envelopes: `age1…` and `AGE-SECRET-KEY-1…`, X25519 keys in Bech32 (BIP 173).

use core::fmt;
use core::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode, Result};
use crate::random::Random;
use crate::sign::stack::without_traces;

const PUBLIC: &str = "age";
const SECRET: &str = "age-secret-key-";

/// Whom an envelope is for: an X25519 public key, `age1…` as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recipient(pub(super) [u8; 32]);

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode(PUBLIC, &self.0).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Recipient {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let key = Self(*decode(PUBLIC, text)?);
        if key.to_string() != text {
            return Err(invalid("not in the one form of a recipient's key"));
        }
        Ok(key)
    }
}

/// The secret key that opens envelopes, `AGE-SECRET-KEY-1…` as text. Wiped on drop.
pub struct Identity(pub(super) Box<StaticSecret>);

impl Identity {
    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// `RandomUnavailable`.
    pub fn generate() -> Result<Self> {
        without_traces(|| Ok(Self::of(&Zeroizing::new(Random::system().array()?))))
    }

    fn of(bytes: &Zeroizing<[u8; 32]>) -> Self {
        Self(Box::new(StaticSecret::from(**bytes)))
    }

    /// The public key, to be handed to whoever seals envelopes.
    pub fn recipient(&self) -> Recipient {
        Recipient(PublicKey::from(self.0.as_ref()).to_bytes())
    }

    /// The secret key as text, for the host to keep.
    ///
    /// # Errors
    /// `Internal`; never, in practice.
    pub fn expose(&self) -> Result<Zeroizing<String>> {
        let lower = Zeroizing::new(encode(SECRET, self.0.as_bytes())?);
        Ok(Zeroizing::new(lower.to_ascii_uppercase()))
    }

    /// Reads a key file: lines that are empty or begin with `#`, and one key.
    ///
    /// # Errors
    /// `InvalidKey` for another number of keys than one, or one that is none.
    pub fn from_key_file(text: &str) -> Result<Self> {
        let mut keys =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        match (keys.next(), keys.next()) {
            (Some(key), None) => key.parse(),
            _ => Err(invalid("a key file of an envelope holds one key")),
        }
    }
}

impl FromStr for Identity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let key = without_traces(|| decode(SECRET, text).map(|bytes| Self::of(&bytes)))?;
        if key.expose()?.as_str() != text {
            return Err(invalid("not in the one form of an envelope's secret key"));
        }
        Ok(key)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(redacted)")
    }
}

fn encode(kind: &str, bytes: &[u8; 32]) -> Result<String> {
    let fault = || Error::new(ErrorCode::Internal, "Bech32");
    let kind = Hrp::parse(kind).map_err(|_| fault())?;
    bech32::encode_lower::<Bech32>(kind, bytes).map_err(|_| fault())
}

fn decode(kind: &str, text: &str) -> Result<Zeroizing<[u8; 32]>> {
    let read = CheckedHrpstring::new::<Bech32>(text)
        .map_err(|_| invalid("not Bech32, or a character was mistyped"))?;
    if read.hrp().to_lowercase() != kind {
        return Err(invalid("a key of another kind"));
    }
    let mut key = Zeroizing::new([0; 32]);
    let mut bytes = read.byte_iter();
    for place in key.iter_mut() {
        *place = bytes.next().ok_or_else(|| invalid("an X25519 key has 32 bytes"))?;
    }
    match bytes.next() {
        None => Ok(key),
        Some(_) => Err(invalid("an X25519 key has 32 bytes")),
    }
}

fn invalid(what: &'static str) -> Error {
    Error::new(ErrorCode::InvalidKey, what)
}
