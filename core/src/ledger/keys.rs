//! Changing the ledger key, and bringing in keys of customers, devices and witnesses.

use super::Ledger;
use crate::error::{Error, ErrorCode, Result};
use crate::key::{
    Custody, KeyClaims, KeyEntry, KeyInForce, KeyRole, possession_request, possession_to_be_signed,
};
use crate::sign::{PublicKey, SigningRequest};

impl Ledger {
    /// Claims that bring in a new ledger key after the newest one. They may still be completed (certificates, attestation,
    /// commitment to the next key) before [`Ledger::key_to_be_signed`] is asked.
    ///
    /// # Errors
    /// `Poisoned`.
    pub fn rotation_claims(
        &self,
        key: PublicKey,
        custody: Custody,
        effective_ms: i64,
    ) -> Result<KeyClaims> {
        let inner = self.lock()?;
        let newest = inner.keys.newest();
        let epoch = newest.epoch.map(|epoch| epoch + 1);
        Ok(KeyClaims::rotate(KeyRole::Ledger, key, custody, effective_ms, newest.kid, epoch))
    }

    /// The bytes that a key signs to show that its holder has it, for this ledger.
    ///
    /// # Errors
    /// `InvalidArgument` for claims without a key; 3xx for claims that no entry may hold, such as an attestation beyond 16,384 bytes: that
    /// shows before somebody has signed.
    pub fn key_to_be_signed(&self, claims: &KeyClaims) -> Result<Vec<u8>> {
        let message = possession_to_be_signed(claims, &self.id)?;
        KeyClaims::parse(&claims.encode())?;
        Ok(message)
    }

    /// What the holder of a key is asked to sign, in message and digest form, to bring it into this ledger.
    ///
    /// # Errors
    /// As [`Ledger::key_to_be_signed`].
    pub fn key_signing_request(&self, claims: &KeyClaims) -> Result<SigningRequest> {
        self.key_to_be_signed(claims)?;
        possession_request(claims, &self.id)
    }

    /// Appends a key entry with the new key's own signature over [`Ledger::key_to_be_signed`], and gives its digest, the
    /// `kid` of what the key will sign. A new ledger key is in force from the block after the one that seals this entry.
    ///
    /// # Errors
    /// `SignatureMismatch` for a signature that is not the new key's, `KeyNotInForce`, `OutOfRange` for a second rotation in
    /// one block, 6xx.
    pub fn append_key(&self, claims: &KeyClaims, possession: &[u8]) -> Result<[u8; 32]> {
        let entry = KeyEntry::with_possession(claims, &self.id, possession)?.encode();
        self.append_entry(&entry)?;
        Ok(KeyEntry::digest(&entry, self.id.alg))
    }

    /// Appends a revocation.
    ///
    /// # Errors
    /// `InvalidArgument` for claims that bring a key in, `KeyNotInForce`, 6xx.
    pub fn append_revocation(&self, claims: &KeyClaims) -> Result<u64> {
        if claims.key.is_some() {
            return Err(Error::new(ErrorCode::InvalidArgument, "a revocation brings no key in"));
        }
        self.append_entry(&KeyEntry::new(claims).encode())
    }

    /// The ledger keys, epoch by epoch, entries that wait for their block included.
    ///
    /// # Errors
    /// `Poisoned`.
    pub fn ledger_keys(&self) -> Result<Vec<KeyInForce>> {
        let inner = self.lock()?;
        inner.check_whole()?;
        Ok(inner.keys.all().to_vec())
    }
}
