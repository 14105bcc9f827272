//! Signatures in their one form.

use core::fmt;

use super::{SigAlg, der};
use crate::codec::limits::SIGNATURE_BYTES;
use crate::{Error, ErrorCode, Result};

/// A signature and its algorithm: Ed25519 as RFC 8032 writes it, P-256 and SM2 as r ‖ s, 64 bytes always.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature {
    alg: SigAlg,
    bytes: [u8; 64],
}

/// The order of the Ed25519 base point, little-endian (RFC 8032 §5.1).
const ED25519_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

impl Signature {
    /// A signature as a signer gave it: 64 bytes or, for P-256 and SM2, strict DER. A high s of P-256 is
    /// turned into the low one, which signs the same.
    ///
    /// Errors: [`ErrorCode::TooLarge`] above 8 KiB; [`ErrorCode::InvalidSignature`] for any other form, r or
    /// s of 0 or not below the order, SM2 with r + s = n, Ed25519 with S not below the order.
    pub fn normalise(alg: SigAlg, given: &[u8]) -> Result<Self> {
        if given.len() > SIGNATURE_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "signature: at most 8 KiB"));
        }
        let bytes = match (alg, given.len()) {
            (SigAlg::Ed25519, _) | (_, 64) => raw(given)?,
            (SigAlg::P256 | SigAlg::Sm2, _) => der::read(given).ok_or_else(bad_form)?,
        };
        let bytes = match alg {
            SigAlg::P256 => p256_signature(&bytes)?.normalize_s().to_bytes().into(),
            SigAlg::Ed25519 | SigAlg::Sm2 => bytes,
        };
        Self { alg, bytes }.checked()
    }

    /// A signature as it stands in what we seal: 64 bytes, low-s for P-256.
    ///
    /// Errors: [`ErrorCode::InvalidSignature`] as [`Signature::normalise`], DER included;
    /// [`ErrorCode::HighS`].
    pub fn from_canonical(alg: SigAlg, bytes: &[u8]) -> Result<Self> {
        let signature = Self::from_outside(alg, bytes)?;
        if signature.is_high_s() { Err(high_s()) } else { Ok(signature) }
    }

    /// A signature as outsiders put it in their COSE messages: 64 bytes, a high s of P-256 kept as it is.
    pub fn from_outside(alg: SigAlg, bytes: &[u8]) -> Result<Self> {
        Self { alg, bytes: raw(bytes)? }.checked()
    }

    fn checked(self) -> Result<Self> {
        let in_range = match self.alg {
            SigAlg::Ed25519 => {
                let (_, s) = self.bytes.split_at(32);
                s.iter().rev().lt(ED25519_ORDER.iter().rev())
            }
            SigAlg::P256 => p256_signature(&self.bytes).is_ok(),
            SigAlg::Sm2 => sm2_signature(&self.bytes).is_ok_and(|signature| {
                let (r, s) = signature.split_scalars();
                *r + *s != sm2::Scalar::ZERO
            }),
        };
        if in_range { Ok(self) } else { Err(bad_form()) }
    }

    /// Whether this is a P-256 signature with s above half the order.
    pub fn is_high_s(&self) -> bool {
        self.alg == SigAlg::P256
            && p256_signature(&self.bytes)
                .is_ok_and(|signature| signature.normalize_s() != signature)
    }

    /// The algorithm.
    pub fn alg(&self) -> SigAlg {
        self.alg
    }

    /// The 64 bytes.
    pub fn bytes(&self) -> &[u8; 64] {
        &self.bytes
    }

    /// `SEQUENCE { r, s }` as most other tools take it; for Ed25519, which has no such form, the 64 bytes.
    pub fn to_der(&self) -> Vec<u8> {
        match self.alg {
            SigAlg::Ed25519 => self.bytes.to_vec(),
            SigAlg::P256 | SigAlg::Sm2 => der::write(&self.bytes),
        }
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({} {})", self.alg, crate::hash::hex::encode(&self.bytes))
    }
}

fn raw(bytes: &[u8]) -> Result<[u8; 64]> {
    bytes.try_into().map_err(|_| bad_form())
}

fn bad_form() -> Error {
    Error::new(ErrorCode::InvalidSignature, "")
}

pub(super) fn high_s() -> Error {
    Error::new(ErrorCode::HighS, "P-256")
}

/// Checks 0 < r, s < n.
pub(super) fn p256_signature(bytes: &[u8; 64]) -> Result<p256::ecdsa::Signature> {
    p256::ecdsa::Signature::from_slice(bytes).map_err(|_| bad_form())
}

/// Checks 0 < r, s < n.
pub(super) fn sm2_signature(bytes: &[u8; 64]) -> Result<sm2::dsa::Signature> {
    sm2::dsa::Signature::from_slice(bytes).map_err(|_| bad_form())
}
