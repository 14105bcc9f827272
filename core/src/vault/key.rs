//! Keys of the vault: the vault key that the host holds, and the records' keys below it.

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::cipher::VaultSuite;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;
use crate::random::Random;

const ID_LABEL: &[u8] = b"yinzheng vault key id, version 1";

/// The key that wraps every record's key: bytes that the host keeps in a key store, an HSM or behind a passphrase.
///
/// One key wraps at most 2^32 records (random 96-bit nonces, NIST SP 800-38D §8.3).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct VaultKey {
    #[zeroize(skip)]
    suite: VaultSuite,
    /// With `by_host` these bytes key the digests of business ids and wrap nothing.
    bytes: Vec<u8>,
    by_host: bool,
}

impl VaultKey {
    /// An AES-256-GCM key from the operating system's randomness.
    ///
    /// # Errors
    /// `RandomUnavailable`.
    pub fn generate() -> Result<Self> {
        Self::generate_for(VaultSuite::Aes256Gcm)
    }

    /// A key of a suite from the operating system's randomness.
    ///
    /// # Errors
    /// `RandomUnavailable`.
    pub fn generate_for(suite: VaultSuite) -> Result<Self> {
        let mut key = Self { suite, bytes: vec![0; suite.key_len()], by_host: false };
        Random::system().fill(&mut key.bytes)?;
        Ok(key)
    }

    /// An AES-256-GCM key from 32 bytes that the host holds.
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let key = Self { suite: VaultSuite::Aes256Gcm, bytes: bytes.to_vec(), by_host: false };
        bytes.zeroize();
        key
    }

    /// A key of a suite from bytes that the host holds.
    ///
    /// # Errors
    /// `InvalidKey` for another length than the suite's: 32 bytes for AES-256-GCM, 16 for SM4-GCM.
    pub fn from_slice(suite: VaultSuite, bytes: &[u8]) -> Result<Self> {
        if bytes.len() != suite.key_len() {
            return Err(Error::new(
                ErrorCode::InvalidKey,
                format!("a vault key of {} has {} bytes", suite.name(), suite.key_len()),
            ));
        }
        Ok(Self { suite, bytes: bytes.to_vec(), by_host: false })
    }

    /// No vault key at all: the host wraps every record's key itself, see [`crate::ledger::Ledger::draw_record_keys`].
    /// `secret` keys the digests of business ids; the host keeps it as it would keep a vault key, and supplies it at every open.
    ///
    /// # Errors
    /// `InvalidKey` for a secret of another length than the suite's keys.
    pub fn wrapped_by_host(suite: VaultSuite, secret: &[u8]) -> Result<Self> {
        let mut key = Self::from_slice(suite, secret)?;
        key.by_host = true;
        Ok(key)
    }

    /// Whether the host wraps the records' keys.
    pub fn is_wrapped_by_host(&self) -> bool {
        self.by_host
    }

    /// The key's bytes, for the host to keep. They open every value in the vault.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// The suite.
    pub fn suite(&self) -> VaultSuite {
        self.suite
    }

    /// A public name of the key: says which key a row was wrapped with, and nothing about the key.
    pub fn id(&self) -> [u8; 8] {
        let digest = HashAlg::Sha256.digest_parts(&[ID_LABEL, &self.bytes]);
        digest.first_chunk::<8>().copied().unwrap_or_default()
    }
}

impl core::fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("VaultKey(redacted)")
    }
}
