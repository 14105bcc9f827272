//! The vault: what opens the commitments, encrypted. Each record's disclosures stand under a random key of their own,
//! and that key is wrapped by a vault key which the host holds. Destroying one row's key erases its values; the sealed
//! commitments, and with them every proof, stay as they are.
//!
//! Both layers are bound to the record's digest, so that rows cannot be swapped. A wrapped key is
//! `suite ‖ vault key id (8) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`; data is `suite ‖ ciphertext ‖ tag (16)`, with a fixed
//! nonce, since each record's key encrypts one message only.

mod cipher;
mod key;

pub use cipher::VaultSuite;
pub use key::VaultKey;

use zeroize::Zeroizing;

use crate::codec::{Item, Writer};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::random::Random;
use crate::store::VaultRow;
use crate::value::Disclosure;
use cipher::NONCE;

const WRAP_LABEL: &[u8] = b"yinzheng vault: record key, version 1";
const DATA_LABEL: &[u8] = b"yinzheng vault: disclosures, version 1";
/// The most bytes of one record's disclosures; 512 fields of large values stay below it.
const DATA_BYTES: usize = 64 * 1024 * 1024;

/// Encrypts and decrypts with a vault key.
pub(crate) struct Vault {
    key: VaultKey,
    id: [u8; 8],
}

impl Vault {
    pub(crate) fn new(key: &VaultKey) -> Self {
        Self { id: key.id(), key: key.clone() }
    }

    /// The id of the vault key.
    pub(crate) fn id(&self) -> [u8; 8] {
        self.id
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
        let suite = self.key.suite();
        let mut key = Zeroizing::new(vec![0; suite.key_len()]);
        random.fill(&mut key)?;
        let mut data = vec![suite_byte(suite)];
        data.extend(suite.seal(&key, [0; NONCE], &plain, &bound(DATA_LABEL, record))?);
        Ok(VaultRow { key: self.wrap(&key, &bound(WRAP_LABEL, record), random)?, data })
    }

    /// Decrypts a record's disclosures.
    ///
    /// `WrongVaultKey` when the wrapped key does not open, `Damaged` when the data does not.
    pub(crate) fn open(&self, record: &Digest, row: &VaultRow) -> Result<Vec<Disclosure>> {
        let key = self.unwrap(&row.key, &bound(WRAP_LABEL, record))?;
        let (suite, body) = split_suite(&row.data).ok_or_else(damaged)?;
        let plain =
            suite.open(&key, [0; NONCE], body, &bound(DATA_LABEL, record)).ok_or_else(damaged)?;
        let plain = Zeroizing::new(plain);
        let list = Item::parse(&plain, DATA_BYTES)?.array()?;
        list.into_iter().map(|disclosure| Disclosure::parse(disclosure.bstr()?)).collect()
    }

    /// The same row under another vault key: only the wrapped key changes.
    pub(crate) fn rewrap(
        &self,
        record: &Digest,
        row: &VaultRow,
        to: &Vault,
        random: &mut Random,
    ) -> Result<VaultRow> {
        let aad = bound(WRAP_LABEL, record);
        let key = self.unwrap(&row.key, &aad)?;
        Ok(VaultRow { key: to.wrap(&key, &aad, random)?, data: row.data.clone() })
    }

    /// Whether a wrapped key names this vault key.
    pub(crate) fn wrapped(&self, wrapped: &[u8]) -> bool {
        wrapped.get(1..9) == Some(self.id.as_slice())
    }

    /// Wraps a secret.
    pub(crate) fn wrap(&self, secret: &[u8], aad: &[u8], random: &mut Random) -> Result<Vec<u8>> {
        let suite = self.key.suite();
        let nonce = random.array::<NONCE>()?;
        let mut out = vec![suite_byte(suite)];
        out.extend(self.id);
        out.extend(nonce);
        out.extend(suite.seal(self.key.expose(), nonce, secret, aad)?);
        Ok(out)
    }

    /// Unwraps; `WrongVaultKey` when this key, or this place, is not the right one.
    pub(crate) fn unwrap(&self, wrapped: &[u8], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let wrong = || Error::new(ErrorCode::WrongVaultKey, "a wrapped key does not open here");
        let (suite, body) = split_suite(wrapped)
            .filter(|(suite, _)| *suite == self.key.suite())
            .ok_or_else(wrong)?;
        let (id, body) = body.split_first_chunk::<8>().ok_or_else(wrong)?;
        let (nonce, body) = body.split_first_chunk::<NONCE>().ok_or_else(wrong)?;
        if *id != self.id {
            return Err(wrong());
        }
        let secret = suite.open(self.key.expose(), *nonce, body, aad).ok_or_else(wrong)?;
        Ok(Zeroizing::new(secret))
    }
}

fn suite_byte(suite: VaultSuite) -> u8 {
    u8::try_from(suite.number()).unwrap_or_default()
}

fn split_suite(bytes: &[u8]) -> Option<(VaultSuite, &[u8])> {
    let (suite, body) = bytes.split_first()?;
    Some((VaultSuite::from_number(u64::from(*suite)).ok()?, body))
}

fn bound(label: &[u8], record: &Digest) -> Vec<u8> {
    [label, record.alg.name().as_bytes(), &record.bytes].concat()
}

fn damaged() -> Error {
    Error::new(ErrorCode::Damaged, "a vault row does not open with its own key")
}

#[cfg(test)]
mod tests;
