//! Which key was in force when: the one place where ledger and verifier learn who may sign a block or a statement.

use super::{
    Custody, KeyAction, KeyClaims, KeyEntry, KeyRole, RevokeReason, verify_possession,
    verify_possession_for,
};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::sign::PublicKey;

/// A key with its place in a chain of key entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInForce {
    /// Digest of its key entry: the `kid`.
    pub kid: [u8; 32],
    /// Whose key.
    pub role: KeyRole,
    /// The key.
    pub key: PublicKey,
    /// Custody as claimed.
    pub custody: Custody,
    /// X.509 certificates in DER, leaf first.
    pub certificates: Vec<Vec<u8>>,
    /// Epoch of a ledger key.
    pub epoch: Option<u64>,
    /// Height of the block that brought it in.
    pub since: u64,
    /// Height of the block with the entry that ended it, if any.
    pub ended: Option<u64>,
    /// Height of the block with its revocation, and why.
    pub revoked: Option<(u64, RevokeReason)>,
    /// Commitment to the next ledger key, where its entry made one.
    pub next_key: Option<[u8; 32]>,
}

/// The ledger keys of a ledger, epoch by epoch from genesis.
#[derive(Clone, Debug)]
pub struct LedgerKeys {
    hash: HashAlg,
    ledger_id: Digest,
    keys: Vec<KeyInForce>,
    log: Vec<(u64, Vec<u8>)>,
}

impl LedgerKeys {
    /// Starts with the key embedded in genesis.
    ///
    /// # Errors
    /// As [`KeyEntry::parse_first`].
    pub fn from_genesis(
        embedded_key_entry: &[u8],
        hash: HashAlg,
        ledger_id: Digest,
    ) -> Result<Self> {
        let claims = KeyEntry::parse_first(embedded_key_entry)?;
        let first = key_in_force(embedded_key_entry, claims, hash, 0)?;
        Ok(Self { hash, ledger_id, keys: vec![first], log: vec![(0, embedded_key_entry.to_vec())] })
    }

    /// Takes in the key entry of a block at `height` (format §5.1). A rotation of the ledger key is in force from the
    /// next block. Entries of other roles are checked for possession and otherwise left to [`SignerKeys`].
    ///
    /// # Errors
    /// `KeyNotInForce` when the entry before is not the one it must be, `OutOfRange` for a wrong epoch or a second
    /// rotation in one block, `DigestMismatch` against a committed next key, or what the possession check gives.
    /// Nothing is taken in then.
    pub fn apply(&mut self, entry_bytes: &[u8], height: u64) -> Result<()> {
        let (entry, claims) = KeyEntry::parse(entry_bytes)?;
        verify_possession(&entry, &claims, &self.ledger_id)?;
        if claims.role != KeyRole::Ledger {
            return Ok(());
        }
        match claims.action {
            KeyAction::Enrol => {
                return Err(Error::new(
                    ErrorCode::OutOfRange,
                    "a ledger key is enrolled only in genesis",
                ));
            }
            KeyAction::Rotate => {
                self.check_rotation(&claims, height)?;
                let next = key_in_force(entry_bytes, claims, self.hash, height)?;
                if let Some(last) = self.keys.last_mut() {
                    last.ended = Some(height);
                }
                self.keys.push(next);
            }
            KeyAction::Revoke => {
                // The key in force cannot be revoked, only rotated: it signs the block that says so.
                let in_force = self.at(height).epoch;
                let target = self
                    .keys
                    .iter_mut()
                    .find(|key| Some(key.kid) == claims.previous && key.epoch < in_force);
                revoke(target, &claims, height)?;
            }
        }
        self.log.push((height, entry_bytes.to_vec()));
        Ok(())
    }

    /// The ledger key that signs the block at `height`.
    pub fn at(&self, height: u64) -> &KeyInForce {
        let found = self.keys.iter().rev().find(|key| key.epoch == Some(0) || key.since < height);
        found.unwrap_or_else(|| self.newest())
    }

    /// The key of a key entry's digest.
    pub fn by_kid(&self, kid: &[u8; 32]) -> Option<&KeyInForce> {
        self.keys.iter().find(|key| key.kid == *kid)
    }

    /// All ledger keys, epoch by epoch.
    pub fn all(&self) -> &[KeyInForce] {
        &self.keys
    }

    /// The newest ledger key, in force or from the next block on.
    #[allow(clippy::indexing_slicing)] // `keys` is never empty: genesis brings the first.
    pub fn newest(&self) -> &KeyInForce {
        &self.keys[self.keys.len() - 1]
    }

    /// Height and exact bytes of every ledger key entry, the one embedded in genesis first: enough to build this again.
    pub fn log(&self) -> &[(u64, Vec<u8>)] {
        &self.log
    }

    fn check_rotation(&self, claims: &KeyClaims, height: u64) -> Result<()> {
        let newest = self.newest();
        if claims.previous != Some(newest.kid) {
            return Err(Error::new(
                ErrorCode::KeyNotInForce,
                "a rotation names the newest ledger key's entry",
            ));
        }
        if claims.epoch != newest.epoch.and_then(|epoch| epoch.checked_add(1)) {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "the epoch after a rotation is one more than before",
            ));
        }
        if newest.epoch != Some(0) && newest.since == height {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "one rotation of the ledger key in a block",
            ));
        }
        match (newest.next_key, &claims.key) {
            (Some(committed), Some(key))
                if committed != KeyClaims::commitment_to(key, self.hash) =>
            {
                Err(Error::new(ErrorCode::DigestMismatch, "not the next key that was committed to"))
            }
            _ => Ok(()),
        }
    }
}

/// The keys of customers, devices and witnesses that a ledger has sealed.
#[derive(Clone, Debug)]
pub struct SignerKeys {
    hash: HashAlg,
    /// The ledger, and the one that it goes on from: a key may have been brought in for either.
    ledgers: Vec<Digest>,
    keys: Vec<KeyInForce>,
}

impl SignerKeys {
    /// None yet.
    pub fn new(hash: HashAlg, ledger_id: Digest) -> Self {
        Self { hash, ledgers: vec![ledger_id], keys: Vec::new() }
    }

    /// The same, for a ledger that goes on from another and may have taken over entries that are bound to that one
    /// (format §5.5).
    #[must_use]
    pub fn going_on_from(mut self, ledger_before: Option<Digest>) -> Self {
        self.ledgers.extend(ledger_before);
        self
    }

    /// Takes in a key entry of a block at `height`; entries of the ledger role are passed over.
    ///
    /// # Errors
    /// `DuplicateKey` for an entry taken in before, `KeyNotInForce` when the key to be replaced or revoked is not
    /// there or ended already, or what the possession check gives. Nothing is taken in then.
    pub fn apply(&mut self, entry_bytes: &[u8], height: u64) -> Result<()> {
        let (entry, claims) = KeyEntry::parse(entry_bytes)?;
        if claims.role == KeyRole::Ledger {
            return Ok(());
        }
        verify_possession_for(&entry, &claims, &self.ledgers)?;
        if self.by_kid(&KeyEntry::digest(entry_bytes, self.hash)).is_some() {
            return Err(Error::new(ErrorCode::DuplicateKey, "this key entry is known already"));
        }
        let role = claims.role;
        let target = self.keys.iter_mut().find(|key| {
            Some(key.kid) == claims.previous && key.role == role && key.ended.is_none()
        });
        match claims.action {
            KeyAction::Enrol => {}
            KeyAction::Rotate => match target {
                Some(key) => key.ended = Some(height),
                None => {
                    return Err(Error::new(
                        ErrorCode::KeyNotInForce,
                        "the key to be replaced is not in force",
                    ));
                }
            },
            KeyAction::Revoke => return revoke(target, &claims, height),
        }
        self.keys.push(key_in_force(entry_bytes, claims, self.hash, height)?);
        Ok(())
    }

    /// The key of a key entry's digest.
    pub fn by_kid(&self, kid: &[u8; 32]) -> Option<&KeyInForce> {
        self.keys.iter().find(|key| key.kid == *kid)
    }

    /// All keys in the order they came in.
    pub fn all(&self) -> &[KeyInForce] {
        &self.keys
    }
}

fn revoke(target: Option<&mut KeyInForce>, claims: &KeyClaims, height: u64) -> Result<()> {
    match (target, claims.reason) {
        (Some(key), Some(reason)) if key.revoked.is_none() => {
            key.ended.get_or_insert(height);
            key.revoked = Some((height, reason));
            Ok(())
        }
        _ => Err(Error::new(
            ErrorCode::KeyNotInForce,
            "only a key in use, or a retired ledger key, can be revoked",
        )),
    }
}

fn key_in_force(
    entry_bytes: &[u8],
    claims: KeyClaims,
    hash: HashAlg,
    height: u64,
) -> Result<KeyInForce> {
    let missing = || {
        Error::new(ErrorCode::MissingKey, "a key entry that brings a key in has key and custody")
    };
    Ok(KeyInForce {
        kid: KeyEntry::digest(entry_bytes, hash),
        role: claims.role,
        key: claims.key.ok_or_else(missing)?,
        custody: claims.custody.ok_or_else(missing)?,
        certificates: claims.certificates,
        epoch: claims.epoch,
        since: height,
        ended: None,
        revoked: None,
        next_key: claims.next_key,
    })
}
