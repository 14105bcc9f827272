//! What a token stamps: a digest under the token's own hash.

use crate::error::{Error, ErrorCode, Result};
use crate::hash::hex;
use crate::x509::{Elements, Hash};

/// A digest, and under which hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imprint {
    hash: Hash,
    digest: Vec<u8>,
}

impl Imprint {
    /// The imprint of these bytes.
    pub(super) fn of(hash: Hash, data: &[u8]) -> Self {
        Self { hash, digest: hash.digest(data) }
    }

    /// Reads MessageImprint (RFC 3161 §2.4.1). SHA-1 is not taken: it can be collided.
    pub(super) fn read(mut fields: Elements<'_>) -> Result<Self> {
        let algorithm: x509_cert::spki::AlgorithmIdentifierOwned = fields.read()?;
        let hash = Hash::from_oid(&algorithm.oid)?;
        let digest: &der::asn1::OctetStringRef = fields.read()?;
        fields.end()?;
        if hash == Hash::Sha1 {
            return Err(Error::new(ErrorCode::UnsupportedAlgorithm, "an imprint under SHA-1"));
        }
        if digest.as_bytes().len() != hash.digest(b"").len() {
            return Err(Error::new(ErrorCode::InvalidToken, "an imprint of another length"));
        }
        Ok(Self { hash, digest: digest.as_bytes().to_vec() })
    }

    /// Whether it is the imprint of these bytes.
    pub fn is_of(&self, data: &[u8]) -> bool {
        self.hash.digest(data) == self.digest
    }

    /// The hash: `SHA-256`, `SHA-384`, `SHA-512` or `SM3`.
    pub fn hash(&self) -> &'static str {
        self.hash.name()
    }

    /// The digest.
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// The digest in hex.
    pub fn hex(&self) -> String {
        hex::encode(&self.digest)
    }

    pub(super) fn algorithm(&self) -> Hash {
        self.hash
    }
}

/// Whether the imprint in a token is of these bytes: `None` where no imprint under a known hash can be found. Looks for the
/// imprint alone and forgives the rest, so that a token about other bytes is told apart even where it is no good token.
pub(crate) fn fits(token: &[u8], data: &[u8]) -> Option<bool> {
    let content = wrapped(token)?;
    let (info, []) = inside(content, 0x30)? else { return None };
    let imprint = nth(info, 2).filter(|(tag, _)| *tag == 0x30)?.1;
    let algorithm = nth(imprint, 0).filter(|(tag, _)| *tag == 0x30)?.1;
    let oid = nth(algorithm, 0)?.1;
    let hash = Hash::from_oid(&der::asn1::ObjectIdentifier::from_bytes(oid).ok()?).ok()?;
    nth(info, 4)?;
    let digest = nth(imprint, 1)?.1;
    (hash != Hash::Sha1).then(|| hash.digest(data) == digest)
}

/// The content of the signed data that a token is.
fn wrapped(token: &[u8]) -> Option<&[u8]> {
    const SIGNED_DATA: [&str; 2] = ["2a864886f70d010702", "2a811ccf550601040202"];
    const TST_INFO: &str = "2a864886f70d0109100104";
    let (info, []) = inside(token, 0x30)? else { return None };
    let (0x06, kind) = nth(info, 0)? else { return None };
    if !SIGNED_DATA.contains(&hex::encode(kind).as_str()) {
        return None;
    }
    let (signed, []) = inside(nth(info, 1)?.1, 0x30)? else { return None };
    let (0x30, content) = nth(signed, 2)? else { return None };
    let (0x06, kind) = nth(content, 0)? else { return None };
    if hex::encode(kind) != TST_INFO {
        return None;
    }
    let (octets, []) = inside(nth(content, 1)?.1, 0x04)? else { return None };
    Some(octets)
}

/// The element with this number inside `bytes`, all of which must be elements.
fn nth(bytes: &[u8], number: usize) -> Option<(u8, &[u8])> {
    let (mut rest, mut found, mut at) = (bytes, None, 0);
    while !rest.is_empty() {
        let (tag, content, after) = element(rest)?;
        if at == number {
            found = Some((tag, content));
        }
        at += 1;
        rest = after;
    }
    found
}

/// The content of the element with this tag at the start, and what follows.
fn inside(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = element(bytes)?;
    (found == tag).then_some((content, rest))
}

fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = bytes.split_first_chunk::<2>()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            (digits.iter().fold(0usize, |len, digit| (len << 8) | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(len)?;
    Some((tag, content, rest))
}
