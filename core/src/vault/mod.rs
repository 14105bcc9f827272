//! The vault: what opens the commitments, encrypted. Each record's disclosures stand under a random key of their own,
//! and that key is wrapped by a vault key which the host holds. Destroying one row's key erases its values; the sealed
//! commitments, and with them every proof, stay as they are.
//!
//! Both layers are bound to the record's digest, so that rows cannot be swapped. A wrapped key is
//! `suite ‖ vault key id (8) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`; data is `suite ‖ ciphertext ‖ tag (16)`, with a fixed
//! nonce, since each record's key encrypts one message only.

mod cipher;
mod host;
mod key;

pub use cipher::VaultSuite;
pub use host::RecordKey;
pub use key::VaultKey;

use zeroize::Zeroizing;

use crate::codec::{Item, Writer};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::random::Random;
use crate::store::VaultRow;
use crate::value::Disclosure;
use cipher::NONCE;

const WRAP_LABEL: &[u8] = b"yinzheng vault: record key, version 1";
const CONTENT_LABEL: &[u8] = b"yinzheng vault: content, version 1";
const DATA_LABEL: &[u8] = b"yinzheng vault: disclosures, version 1";
/// The most bytes of one record's disclosures; 512 fields of large values stay below it.
const DATA_BYTES: usize = 64 * 1024 * 1024;

/// Encrypts and decrypts with a vault key.
pub(crate) struct Vault {
    key: VaultKey,
    id: [u8; 8],
    pool: host::Pool,
}

impl Vault {
    pub(crate) fn new(key: &VaultKey) -> Self {
        Self { id: key.id(), key: key.clone(), pool: host::Pool::default() }
    }

    /// Another one with the same key, to open values with; keys that the host wrapped for this one stay here.
    pub(crate) fn for_opening(&self) -> Self {
        Self::new(&self.key)
    }

    /// Whether the host wraps the records' keys.
    pub(crate) fn is_by_host(&self) -> bool {
        self.key.is_wrapped_by_host()
    }

    /// The id of the vault key.
    pub(crate) fn id(&self) -> [u8; 8] {
        self.id
    }

    /// Encrypts a record's disclosures under a fresh key of its own, or the next one that the host wrapped.
    pub(crate) fn seal(
        &mut self,
        record: &Digest,
        disclosures: &[impl AsRef<[u8]>],
        random: &mut Random,
    ) -> Result<VaultRow> {
        // With room for all, so that no copy is left behind.
        let room =
            disclosures.iter().map(|disclosure| disclosure.as_ref().len() + 9).sum::<usize>();
        let mut w = Writer::with_capacity(room + 9);
        w.array(disclosures.len());
        for disclosure in disclosures {
            w.bstr(disclosure.as_ref());
        }
        let plain = Zeroizing::new(w.finish());
        let suite = self.key.suite();
        let (key, wrapped) = if self.key.is_wrapped_by_host() {
            let (key, body) = self.pool.take()?;
            (key, self.named(&self.content_digest(disclosures), &body))
        } else {
            let mut key = Zeroizing::new(vec![0; suite.key_len()]);
            random.fill(&mut key)?;
            let wrapped = self.wrap(&key, &bound(WRAP_LABEL, record), random)?;
            (key, wrapped)
        };
        let mut data = vec![suite_byte(suite)];
        data.extend(suite.seal(&key, [0; NONCE], &plain, &bound(DATA_LABEL, record))?);
        Ok(VaultRow { key: wrapped, data })
    }

    /// Decrypts a record's disclosures.
    ///
    /// `WrongVaultKey` when the wrapped key does not open, `Damaged` when the data does not.
    pub(crate) fn open(&self, record: &Digest, row: &VaultRow) -> Result<Vec<Disclosure>> {
        if self.key.is_wrapped_by_host() {
            return Err(Error::new(
                ErrorCode::WrongVaultKey,
                "the host wrapped this record's key: unwrap it there, and open with it",
            ));
        }
        let key = self.unwrap(&row.key, &bound(WRAP_LABEL, record))?;
        open_with(&key, record, row)
    }

    /// Keys for the host to wrap.
    pub(crate) fn draw(&mut self, count: usize, random: &mut Random) -> Result<Vec<RecordKey>> {
        if !self.key.is_wrapped_by_host() {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "this ledger wraps its record keys itself",
            ));
        }
        self.pool.draw(count, self.key.suite().key_len(), random)
    }

    /// Takes a wrapped key back; gives how many are ready.
    pub(crate) fn supply(&mut self, id: u64, wrapped: &[u8]) -> Result<usize> {
        self.pool.supply(id, wrapped)?;
        Ok(self.pool.ready())
    }

    /// A wrapped form by the host, behind suite, key id and content digest.
    pub(crate) fn named(&self, content: &[u8; 32], body: &[u8]) -> Vec<u8> {
        [&[suite_byte(self.key.suite())], self.id.as_slice(), content, body].concat()
    }

    /// A keyed digest of names and values without their salts: where the host holds the keys, it tells whether a business id
    /// came again with the same content. It stands in the row and is destroyed with it.
    pub(crate) fn content_digest(&self, disclosures: &[impl AsRef<[u8]>]) -> [u8; 32] {
        let mut hasher = HashAlg::Sha256.hasher();
        hasher.update(CONTENT_LABEL).update(self.key.expose());
        for disclosure in disclosures {
            // 83 50, then 16 bytes of salt: format §6.
            let content = disclosure.as_ref().get(18..).unwrap_or_default();
            hasher.update(&(content.len() as u64).to_be_bytes()).update(content);
        }
        hasher.finish()
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

/// Decrypts a record's disclosures with its own key.
pub(crate) fn open_with(key: &[u8], record: &Digest, row: &VaultRow) -> Result<Vec<Disclosure>> {
    let (suite, body) = split_suite(&row.data).ok_or_else(damaged)?;
    let plain =
        suite.open(key, [0; NONCE], body, &bound(DATA_LABEL, record)).ok_or_else(damaged)?;
    let plain = Zeroizing::new(plain);
    let list = Item::parse(&plain, DATA_BYTES)?.array()?;
    list.into_iter().map(|disclosure| Disclosure::parse(disclosure.bstr()?)).collect()
}

/// Content digest and the host's own wrapped form, from a row of a ledger whose host wraps.
pub(crate) fn host_parts(wrapped: &[u8]) -> Result<(&[u8; 32], &[u8])> {
    wrapped.get(9..).and_then(|rest| rest.split_first_chunk::<32>()).ok_or_else(damaged)
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
