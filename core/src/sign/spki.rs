//! SubjectPublicKeyInfo (RFC 5280 §4.1, RFC 5480, RFC 8410, GM/T 0009 §7.1). For the three kinds of key the
//! structure is a fixed row of bytes before the key, so reading is a comparison.

use pkcs8::LineEnding;
use pkcs8::der::Document;

use super::{PublicKey, SigAlg};
use crate::{Error, ErrorCode, Result};

/// SEQUENCE { SEQUENCE { id-Ed25519 }, BIT STRING of 32 bytes.
const ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING of 65 bytes: 04 ‖ x ‖ y.
const P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// SEQUENCE { SEQUENCE { id-ecPublicKey, 1.2.156.10197.1.301 }, BIT STRING of 65 bytes: 04 ‖ x ‖ y.
const SM2: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00, 0x04,
];

const LABEL: &str = "PUBLIC KEY";

fn prefix(alg: SigAlg) -> &'static [u8] {
    match alg {
        SigAlg::Ed25519 => ED25519,
        SigAlg::P256 => P256,
        SigAlg::Sm2 => SM2,
    }
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo with a named curve and an uncompressed point. An SM2 key gets the
    /// default user id, which this structure does not carry.
    ///
    /// Errors: [`ErrorCode::UnsupportedAlgorithm`] for any other structure, [`ErrorCode::InvalidKey`] for a
    /// key that is not one.
    pub fn from_spki_der(der: &[u8]) -> Result<Self> {
        SigAlg::ALL
            .into_iter()
            .find_map(|alg| Some((alg, der.strip_prefix(prefix(alg))?)))
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::UnsupportedAlgorithm,
                    "DER of an Ed25519, P-256 or SM2 public key",
                )
            })
            .and_then(|(alg, key)| {
                // Without this a point in another form could follow a prefix that announces x ‖ y.
                let expected = if alg == SigAlg::Ed25519 { 32 } else { 64 };
                if key.len() != expected {
                    return Err(Error::new(
                        ErrorCode::InvalidKey,
                        "public key of the wrong length",
                    ));
                }
                Self::from_raw(alg, key)
            })
    }

    /// The key as a DER SubjectPublicKeyInfo.
    pub fn to_spki_der(&self) -> Vec<u8> {
        [prefix(self.alg()), self.bytes()].concat()
    }

    /// Reads a PEM `PUBLIC KEY` (RFC 7468 §13). Errors: [`ErrorCode::InvalidKey`] for what is not such a
    /// file, and as [`PublicKey::from_spki_der`].
    pub fn from_spki_pem(text: &str) -> Result<Self> {
        let bad = |_| Error::new(ErrorCode::InvalidKey, "PEM of a PUBLIC KEY");
        let (label, document) = Document::from_pem(text).map_err(bad)?;
        if label != LABEL {
            return Err(Error::new(ErrorCode::InvalidKey, "PEM of a PUBLIC KEY"));
        }
        Self::from_spki_der(document.as_bytes())
    }

    /// The key as PEM, as `openssl pkey -pubin` reads it.
    pub fn to_spki_pem(&self) -> Result<String> {
        Document::try_from(self.to_spki_der())
            .and_then(|document| document.to_pem(LABEL, LineEnding::LF))
            .map_err(|_| Error::new(ErrorCode::Internal, "writing a public key as PEM"))
    }
}
