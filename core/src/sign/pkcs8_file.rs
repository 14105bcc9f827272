//! Secret keys in files: PKCS#8 (RFC 5958) encrypted with PBES2 (RFC 8018): PBKDF2-HMAC-SHA256, AES-256-CBC.
//! `openssl pkcs8 -in FILE` opens them, and they are the same files that openssl writes. The Chinese suite stands in
//! [`super::gm_file`].

use ed25519_dalek::pkcs8::KeypairBytes;
use pkcs8::der::pem::encode_string;
use pkcs8::der::{Decode, SecretDocument};
use pkcs8::pkcs5::{EncryptionScheme, pbes2};
use pkcs8::{EncodePrivateKey, EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef};

use super::software::Secret;
use super::stack::without_traces;
use super::{SoftwareKey, gm_file};
use crate::{Error, ErrorCode, Result};

const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
const PLAIN: &str = "PRIVATE KEY";

/// OWASP's figure for PBKDF2-HMAC-SHA256.
pub(super) const ITERATIONS: u32 = 600_000;

/// Costs a file may ask for: a hostile one must not stop the reader for hours or take its memory.
pub(super) const MAX_ITERATIONS: u32 = 10_000_000;
const MAX_SCRYPT_BYTES: u64 = 256 * 1024 * 1024;
const MAX_SCRYPT_PARALLEL: u64 = 16;

/// How a key file is encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum KeyFileScheme {
    /// PBKDF2-HMAC-SHA-256 and AES-256-CBC: what openssl opens and writes.
    #[default]
    Aes256,
    /// PBKDF2-HMAC-SM3 and SM4-CBC (GM/T 0091): what GmSSL, gmsm and newer OpenSSL open.
    Sm4,
}

impl SoftwareKey {
    /// The secret key as an encrypted PEM file, [`KeyFileScheme::Aes256`]. An empty passphrase is
    /// [`ErrorCode::InvalidArgument`].
    pub fn to_pkcs8_pem(&self, passphrase: impl AsRef<[u8]>) -> Result<String> {
        self.to_pkcs8_pem_as(KeyFileScheme::Aes256, passphrase)
    }

    /// The secret key as an encrypted PEM file of this scheme; errors as [`SoftwareKey::to_pkcs8_pem`]. Both are read by
    /// [`SoftwareKey::from_pkcs8_pem`].
    pub fn to_pkcs8_pem_as(
        &self,
        scheme: KeyFileScheme,
        passphrase: impl AsRef<[u8]>,
    ) -> Result<String> {
        if passphrase.as_ref().is_empty() {
            return Err(Error::new(ErrorCode::InvalidArgument, "passphrase: not empty"));
        }
        without_traces(|| self.encrypted(scheme, passphrase.as_ref()))
    }

    fn encrypted(&self, scheme: KeyFileScheme, passphrase: &[u8]) -> Result<String> {
        if scheme == KeyFileScheme::Sm4 {
            let failed = || Error::new(ErrorCode::Internal, "writing a key file");
            let document = self.document().ok_or_else(failed)?;
            let der = gm_file::encrypt(document.as_bytes(), passphrase)?;
            return encode_string(ENCRYPTED, LineEnding::LF, &der).map_err(|_| failed());
        }
        let (mut salt, mut iv) = ([0u8; 16], [0u8; 16]);
        getrandom::fill(&mut salt)
            .and_then(|()| getrandom::fill(&mut iv))
            .map_err(|_| Error::new(ErrorCode::RandomUnavailable, "encrypting a key"))?;
        let failed = || Error::new(ErrorCode::Internal, "writing a key file");
        let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, iv);
        let document = self.document().ok_or_else(failed)?;
        let info = PrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|_| failed())?;
        info.encrypt_with_params(parameters.map_err(|_| failed())?, passphrase)
            .ok()
            .and_then(|encrypted| encrypted.to_pem(ENCRYPTED, LineEnding::LF).ok())
            .map(|pem| String::clone(&pem))
            .ok_or_else(failed)
    }

    pub(super) fn document(&self) -> Option<SecretDocument> {
        match self.secret() {
            // Without the public key: version 1 of the structure, which older openssl reads too.
            Secret::Ed25519(key) => {
                KeypairBytes { secret_key: key.to_bytes(), public_key: None }.to_pkcs8_der().ok()
            }
            Secret::P256(key) => p256::SecretKey::from(key).to_pkcs8_der().ok(),
            Secret::Sm2(key) => key.to_pkcs8_der().ok(),
        }
    }

    /// Reads a secret key from PEM: an encrypted file with its passphrase, or, with an empty passphrase, a
    /// file that is not encrypted. An SM2 key gets the default user id, which the file does not carry.
    ///
    /// Errors: [`ErrorCode::KeyFile`] when the file is not such a file, asks for unreasonable work, or the
    /// passphrase is wrong; [`ErrorCode::UnsupportedAlgorithm`] for a key of another kind.
    pub fn from_pkcs8_pem(text: &str, passphrase: impl AsRef<[u8]>) -> Result<Self> {
        without_traces(|| Self::decrypted(text, passphrase.as_ref()))
    }

    fn decrypted(text: &str, passphrase: &[u8]) -> Result<Self> {
        let (label, document) =
            SecretDocument::from_pem(text).map_err(|_| unreadable("not a PEM file"))?;
        match (label, passphrase.is_empty()) {
            (PLAIN, true) => Self::of_document(document.as_bytes()),
            (PLAIN, false) => Err(unreadable("the file is not encrypted")),
            (ENCRYPTED, true) => Err(unreadable("the file needs a passphrase")),
            (ENCRYPTED, false) if gm_file::is_ours(document.as_bytes()) => {
                Self::of_document(&gm_file::decrypt(document.as_bytes(), passphrase)?)
            }
            (ENCRYPTED, false) => {
                let encrypted = EncryptedPrivateKeyInfoRef::from_der(document.as_bytes())
                    .map_err(|_| unreadable("not an encrypted private key"))?;
                check_cost(&encrypted.encryption_algorithm)?;
                let plain = encrypted
                    .decrypt(passphrase)
                    .map_err(|_| unreadable("wrong passphrase or cipher"))?;
                Self::of_document(plain.as_bytes())
            }
            _ => Err(unreadable("not a private key")),
        }
    }

    fn of_document(der: &[u8]) -> Result<Self> {
        let info = || PrivateKeyInfoRef::try_from(der).map_err(|_| unreadable("not a private key"));
        if let Ok(pair) = KeypairBytes::try_from(info()?) {
            let key = ed25519_dalek::SigningKey::try_from(&pair)
                .map_err(|_| unreadable("public key is not the secret key's"))?;
            return Self::of(Secret::Ed25519(key));
        }
        if let Ok(key) = p256::SecretKey::try_from(info()?) {
            return Self::of(Secret::P256(key.into()));
        }
        if let Ok(key) = sm2::SecretKey::try_from(info()?) {
            return Self::of(Secret::Sm2(key));
        }
        Err(Error::new(ErrorCode::UnsupportedAlgorithm, "key file: Ed25519, P-256 or SM2"))
    }
}

pub(super) fn unreadable(what: &'static str) -> Error {
    Error::new(ErrorCode::KeyFile, what)
}

fn check_cost(scheme: &EncryptionScheme) -> Result<()> {
    let reasonable = match scheme {
        EncryptionScheme::Pbes2(parameters) => match &parameters.kdf {
            pbes2::Kdf::Pbkdf2(kdf) => kdf.iteration_count <= MAX_ITERATIONS,
            pbes2::Kdf::Scrypt(kdf) => {
                let (n, r, p) =
                    (kdf.cost_parameter, u64::from(kdf.block_size), u64::from(kdf.parallelization));
                // N of 0 would make the library that computes it panic.
                n.is_power_of_two()
                    && n.checked_mul(128 * r).is_some_and(|bytes| bytes <= MAX_SCRYPT_BYTES)
                    && p <= MAX_SCRYPT_PARALLEL
            }
            _ => false,
        },
        _ => false,
    };
    if reasonable { Ok(()) } else { Err(unreadable("cipher or cost not supported")) }
}
