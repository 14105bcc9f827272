//! Keys and signatures: Ed25519 (RFC 8032), ECDSA P-256 with SHA-256 (FIPS 186-5), SM2 with SM3 (GM/T 0003.2,
//! GM/T 0009), and the COSE_Sign1 message (RFC 9052 §4.2) that carries them.
//!
//! One signature has one form: 64 bytes, `r ‖ s` for the curves (P-256 in low-s form). DER and high-s are
//! taken from signers and outsiders and turned into that form; what *we* seal is refused in any other.

mod der;
mod diagnose;
mod forms;
mod gm_file;
mod inputs;
mod pkcs8_file;
mod public;
mod recover;
mod request;
#[cfg(feature = "second-opinion")]
pub mod second_opinion;
mod sign1;
mod signature;
#[cfg(feature = "envelope")]
pub(crate) mod sm2_cipher;
pub mod sm2_digest;
mod software;
mod spki;
pub(crate) mod stack;

#[cfg(test)]
mod tests;

use core::fmt;

use crate::{Error, ErrorCode, Result};

pub use diagnose::{Diagnosis, Switches, diagnose, diagnose_among};
pub use forms::SignatureForm;
pub use inputs::SignedInput;
pub use pkcs8_file::KeyFileScheme;
pub use public::{PublicKey, SM2_DEFAULT_ID, Strictness};
pub use request::{SigningRequest, Sm2Input};
pub use sign1::{Sign1, TAG_SIGN1, sig_structure};
pub use signature::Signature;
pub use software::SoftwareKey;

/// A signature algorithm, hash included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum SigAlg {
    /// Ed25519, COSE algorithm −8 (EdDSA, RFC 9053 §2.2).
    Ed25519,
    /// ECDSA on P-256 with SHA-256, COSE algorithm −7 (ES256, RFC 9053 §2.1).
    P256,
    /// SM2 with SM3, COSE algorithm −66002 (private use: none is registered).
    Sm2,
}

impl SigAlg {
    /// All algorithms.
    pub const ALL: [SigAlg; 3] = [SigAlg::Ed25519, SigAlg::P256, SigAlg::Sm2];

    /// The COSE algorithm number.
    pub fn cose_id(self) -> i64 {
        match self {
            SigAlg::Ed25519 => -8,
            SigAlg::P256 => -7,
            SigAlg::Sm2 => -66_002,
        }
    }

    /// The algorithm with this COSE number; others are [`ErrorCode::UnsupportedAlgorithm`].
    pub fn from_cose_id(id: i64) -> Result<Self> {
        Self::ALL.into_iter().find(|alg| alg.cose_id() == id).ok_or_else(|| {
            Error::new(ErrorCode::UnsupportedAlgorithm, format!("signature algorithm {id}"))
        })
    }

    /// The name people use: `Ed25519`, `P-256` or `SM2`.
    pub fn name(self) -> &'static str {
        match self {
            SigAlg::Ed25519 => "Ed25519",
            SigAlg::P256 => "P-256",
            SigAlg::Sm2 => "SM2",
        }
    }

    /// The algorithm of this name, as [`SigAlg::name`] writes it; others are
    /// [`ErrorCode::UnsupportedAlgorithm`].
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|alg| alg.name() == name)
            .ok_or_else(|| Error::new(ErrorCode::UnsupportedAlgorithm, "Ed25519, P-256 or SM2"))
    }
}

impl fmt::Display for SigAlg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
