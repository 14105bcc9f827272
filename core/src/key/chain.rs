//! The ledger key in force at each height, followed from genesis: the one place where ledger and verifier learn
//! which key may sign a block.

use super::{Custody, KeyAction, KeyClaims, KeyEntry, KeyRole, RevokeReason, verify_possession};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::sign::PublicKey;

/// A key with its place in the chain of key entries.
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
    /// Epoch of a ledger key.
    pub epoch: Option<u64>,
    /// Height of the block that brought it in.
    pub since: u64,
    /// Height of the block with the entry that ended it, and why: replaced, or revoked.
    pub ended: Option<(u64, Option<RevokeReason>)>,
    next_key: Option<[u8; 32]>,
}

/// All keys that a ledger has sealed, in order.
#[derive(Clone, Debug)]
pub struct LedgerKeys {
    hash: HashAlg,
    ledger_id: Digest,
    keys: Vec<KeyInForce>,
}

impl LedgerKeys {
    /// Starts with the key embedded in genesis.
    ///
    /// # Errors
    /// 3xx or 4xx when it is no enrolment of a ledger key with epoch 0, or carries a possession.
    pub fn from_genesis(embedded_key_entry: &[u8], hash: HashAlg, ledger_id: Digest) -> Result<Self> {
        let (entry, claims) = KeyEntry::parse(embedded_key_entry)?;
        let expected = claims.action == KeyAction::Enrol && claims.role == KeyRole::Ledger && claims.epoch == Some(0);
        if !expected || entry.possession.is_some() {
            return Err(Error::new(ErrorCode::OutOfRange, "genesis enrols a ledger key of epoch 0, without possession"));
        }
        let mut keys = Self { hash, ledger_id, keys: Vec::new() };
        keys.push(embedded_key_entry, claims, 0)?;
        Ok(keys)
    }

    /// Takes in the key entry of a block at `height` (format §5.1). A rotation of the ledger key is in force from the
    /// next block.
    ///
    /// # Errors
    /// `KeyNotInForce` when the entry before is not the one it must be, `OutOfRange` for a wrong epoch or a second
    /// ledger rotation in one block, `DigestMismatch` against a committed next key, or what the possession check gives.
    /// Nothing is taken in then.
    pub fn apply(&mut self, entry_bytes: &[u8], height: u64) -> Result<()> {
        let (entry, claims) = KeyEntry::parse(entry_bytes)?;
        verify_possession(&entry, &claims, &self.ledger_id)?;
        let kid = KeyEntry::digest(entry_bytes, self.hash);
        if self.by_kid(&kid).is_some() {
            return Err(Error::new(ErrorCode::DuplicateKey, "this key entry is in the ledger already"));
        }
        match claims.action {
            KeyAction::Enrol if claims.role == KeyRole::Ledger => {
                return Err(Error::new(ErrorCode::OutOfRange, "a ledger key is enrolled only in genesis"));
            }
            KeyAction::Enrol => {}
            KeyAction::Rotate => self.check_rotation(&claims, height)?,
            KeyAction::Revoke => return self.revoke(&claims, height),
        }
        if let Some(previous) = claims.previous {
            self.end(&previous, height, None);
        }
        self.push(entry_bytes, claims, height)
    }

    /// The ledger key that signs the block at `height`.
    pub fn at(&self, height: u64) -> Option<&KeyInForce> {
        self.keys.iter().rev().find(|key| key.epoch == Some(0) || key.epoch.is_some() && key.since < height)
    }

    /// The key of a key entry's digest.
    pub fn by_kid(&self, kid: &[u8; 32]) -> Option<&KeyInForce> {
        self.keys.iter().find(|key| key.kid == *kid)
    }

    /// All keys in the order they came in.
    pub fn all(&self) -> &[KeyInForce] {
        &self.keys
    }

    /// The newest ledger key, whether already in force or from the next block.
    pub fn newest_ledger_key(&self) -> Option<&KeyInForce> {
        self.keys.iter().rev().find(|key| key.epoch.is_some())
    }

    fn check_rotation(&self, claims: &KeyClaims, height: u64) -> Result<()> {
        let previous = claims.previous.and_then(|kid| self.by_kid(&kid));
        let Some(previous) = previous.filter(|key| key.role == claims.role && key.ended.is_none()) else {
            return Err(Error::new(ErrorCode::KeyNotInForce, "the key to be replaced is not in force"));
        };
        if claims.role != KeyRole::Ledger {
            return Ok(());
        }
        if claims.epoch != previous.epoch.and_then(|epoch| epoch.checked_add(1)) {
            return Err(Error::new(ErrorCode::OutOfRange, "the epoch after a rotation is one more than before"));
        }
        if previous.since == height && previous.epoch != Some(0) {
            return Err(Error::new(ErrorCode::OutOfRange, "one rotation of the ledger key in a block"));
        }
        match (previous.next_key, &claims.key) {
            (Some(committed), Some(key)) if committed != KeyClaims::commitment_to(key, self.hash) => {
                Err(Error::new(ErrorCode::DigestMismatch, "not the next key that was committed to"))
            }
            _ => Ok(()),
        }
    }

    fn revoke(&mut self, claims: &KeyClaims, height: u64) -> Result<()> {
        let target = claims.previous.and_then(|kid| self.by_kid(&kid)).filter(|key| key.role == claims.role);
        let revocable = |key: &KeyInForce| match key.role {
            KeyRole::Ledger => key.ended.is_some_and(|(_, reason)| reason.is_none()),
            _ => key.ended.is_none(),
        };
        let Some(kid) = target.filter(|key| revocable(key)).map(|key| key.kid) else {
            return Err(Error::new(ErrorCode::KeyNotInForce, "only a key in use, or a retired ledger key, can be revoked"));
        };
        self.end(&kid, height, claims.reason);
        Ok(())
    }

    fn end(&mut self, kid: &[u8; 32], height: u64, reason: Option<RevokeReason>) {
        if let Some(key) = self.keys.iter_mut().find(|key| key.kid == *kid) {
            key.ended = Some((key.ended.map_or(height, |(first, _)| first), reason));
        }
    }

    fn push(&mut self, entry_bytes: &[u8], claims: KeyClaims, height: u64) -> Result<()> {
        let missing = || Error::new(ErrorCode::MissingKey, "a key entry that brings a key in has key and custody");
        self.keys.push(KeyInForce {
            kid: KeyEntry::digest(entry_bytes, self.hash),
            role: claims.role,
            key: claims.key.ok_or_else(missing)?,
            custody: claims.custody.ok_or_else(missing)?,
            epoch: claims.epoch,
            since: height,
            ended: None,
            next_key: claims.next_key,
        });
        Ok(())
    }
}
