//! The vault: what opens the commitments, encrypted. Each record's disclosures stand under a random key of their own
//! (AES-256-GCM), and that key is wrapped by a vault key which the host holds. Destroying one row's key erases its values;
//! the sealed commitments, and with them every proof, stay as they are.
//!
//! Both layers are bound to the record's digest, so that rows cannot be swapped.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::codec::{Item, Writer};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::random::Random;
use crate::store::VaultRow;
use crate::value::Disclosure;

const NONCE: usize = 12;
const WRAP_LABEL: &[u8] = b"yinzheng vault: record key, AES-256-GCM, version 1";
const DATA_LABEL: &[u8] = b"yinzheng vault: disclosures, AES-256-GCM, version 1";
/// The most bytes of one record's disclosures; 512 fields of large values stay below it.
const DATA_BYTES: usize = 16 * 1024 * 1024;

/// The key that wraps every record's key: 32 bytes that the host keeps in a key store, an HSM or a passphrase's shadow.
///
/// One key wraps at most 2^32 records (random 96-bit nonces, NIST SP 800-38D §8.3).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct VaultKey([u8; 32]);

impl VaultKey {
    /// A key from the operating system's randomness.
    ///
    /// # Errors
    /// `RandomUnavailable`.
    pub fn generate() -> Result<Self> {
        Ok(Self(Random::system().array()?))
    }

    /// A key from 32 bytes that the host holds.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key's bytes, for the host to keep. They open every value in the vault.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl core::fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("VaultKey(redacted)")
    }
}

/// Encrypts and decrypts with a vault key.
pub(crate) struct Vault {
    wrapping: Aes256Gcm,
}

impl Vault {
    pub(crate) fn new(key: &VaultKey) -> Self {
        Self { wrapping: Aes256Gcm::new(&key.0.into()) }
    }

    /// Encrypts a record's disclosures under a fresh key of its own.
    pub(crate) fn seal(
        &self,
        record: &Digest,
        disclosures: &[Vec<u8>],
        random: &mut Random,
    ) -> Result<VaultRow> {
        let mut w = Writer::new();
        w.array(disclosures.len());
        for disclosure in disclosures {
            w.bstr(disclosure);
        }
        let plain = Zeroizing::new(w.finish());
        let key = Zeroizing::new(random.array::<32>()?);
        // The key is used for this one message, so the nonce may be fixed.
        let payload = Payload { msg: &plain, aad: &bound(DATA_LABEL, record) };
        let data = Aes256Gcm::new(&(*key).into())
            .encrypt(&Nonce::from([0; NONCE]), payload)
            .map_err(|_| internal())?;
        Ok(VaultRow { key: self.wrap(key.as_slice(), &bound(WRAP_LABEL, record), random)?, data })
    }

    /// Decrypts a record's disclosures.
    ///
    /// `WrongVaultKey` when the wrapped key does not open, `Damaged` when the data does not.
    pub(crate) fn open(&self, record: &Digest, row: &VaultRow) -> Result<Vec<Disclosure>> {
        let key = self.unwrap(&row.key, &bound(WRAP_LABEL, record))?;
        let key: Zeroizing<[u8; 32]> =
            Zeroizing::new(key.as_slice().try_into().map_err(|_| damaged())?);
        let payload = Payload { msg: &row.data, aad: &bound(DATA_LABEL, record) };
        let plain = Aes256Gcm::new(&(*key).into())
            .decrypt(&Nonce::from([0; NONCE]), payload)
            .map_err(|_| damaged())?;
        let plain = Zeroizing::new(plain);
        let list = Item::parse(&plain, DATA_BYTES)?.array()?;
        list.into_iter().map(|disclosure| Disclosure::parse(disclosure.bstr()?)).collect()
    }

    /// Wraps 32 bytes: nonce, ciphertext, tag.
    pub(crate) fn wrap(&self, secret: &[u8], aad: &[u8], random: &mut Random) -> Result<Vec<u8>> {
        let nonce = random.array::<NONCE>()?;
        let wrapped = self
            .wrapping
            .encrypt(&Nonce::from(nonce), Payload { msg: secret, aad })
            .map_err(|_| internal())?;
        Ok([nonce.as_slice(), &wrapped].concat())
    }

    /// Unwraps; `WrongVaultKey` when this key, or this place, is not the right one.
    pub(crate) fn unwrap(&self, wrapped: &[u8], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let wrong = || Error::new(ErrorCode::WrongVaultKey, "a wrapped key does not open here");
        let (nonce, body) = wrapped.split_first_chunk::<NONCE>().ok_or_else(wrong)?;
        let secret = self
            .wrapping
            .decrypt(&Nonce::from(*nonce), Payload { msg: body, aad })
            .map_err(|_| wrong())?;
        Ok(Zeroizing::new(secret))
    }
}

fn bound(label: &[u8], record: &Digest) -> Vec<u8> {
    [label, record.alg.name().as_bytes(), &record.bytes].concat()
}

fn damaged() -> Error {
    Error::new(ErrorCode::Damaged, "a vault row does not open with its own key")
}

fn internal() -> Error {
    Error::new(ErrorCode::Internal, "AES-256-GCM encryption")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::HashAlg;
    use crate::value::Value;

    fn disclosures() -> Vec<Vec<u8>> {
        let make = |name: &str| {
            Disclosure { salt: [1; 16], value: Value::Text("甲".into()), name: name.into() }
                .encode()
        };
        vec![make("a"), make("b")]
    }

    fn vault(seed: u8) -> Vault {
        Vault::new(&VaultKey::from_bytes([seed; 32]))
    }

    #[test]
    fn what_is_put_in_comes_out() {
        let record = Digest::of(HashAlg::Sm3, b"record");
        let row = vault(1).seal(&record, &disclosures(), &mut Random::system()).unwrap();
        let opened: Vec<Vec<u8>> =
            vault(1).open(&record, &row).unwrap().iter().map(Disclosure::encode).collect();
        assert_eq!(opened, disclosures());
    }

    #[test]
    fn wrong_keys_swapped_rows_and_changed_bytes_are_told_apart() {
        let (one, two) = (Digest::of(HashAlg::Sha256, b"1"), Digest::of(HashAlg::Sha256, b"2"));
        let mut random = Random::system();
        let row = vault(1).seal(&one, &disclosures(), &mut random).unwrap();
        let other = vault(1).seal(&two, &disclosures(), &mut random).unwrap();
        let code = |vault: &Vault, record: &Digest, row: &VaultRow| {
            vault.open(record, row).unwrap_err().code()
        };
        assert_eq!(code(&vault(2), &one, &row), ErrorCode::WrongVaultKey);
        assert_eq!(code(&vault(1), &one, &other), ErrorCode::WrongVaultKey, "swapped rows");
        let mixed = VaultRow { key: row.key.clone(), data: other.data.clone() };
        assert_eq!(code(&vault(1), &one, &mixed), ErrorCode::Damaged, "swapped data");
        let same_digits = Digest { alg: HashAlg::Sm3, bytes: one.bytes };
        assert_eq!(code(&vault(1), &same_digits, &row), ErrorCode::WrongVaultKey, "another hash");
        for cut in [0, 11, 12, 30, row.key.len() - 1] {
            let short = VaultRow { key: row.key[..cut].to_vec(), data: row.data.clone() };
            assert_eq!(code(&vault(1), &one, &short), ErrorCode::WrongVaultKey, "key cut at {cut}");
        }
        for at in 0..row.data.len() {
            let mut changed = row.clone();
            changed.data[at] ^= 1;
            assert_eq!(code(&vault(1), &one, &changed), ErrorCode::Damaged, "byte {at}");
        }
    }

    #[test]
    fn keys_are_not_printed() {
        assert_eq!(format!("{:?}", VaultKey::from_bytes([0x55; 32])), "VaultKey(redacted)");
    }
}
