//! Key entries: which keys speak for a ledger, a customer, a device or a witness, since when, and in whose
//! custody as claimed (format §5.1).

mod chain;
mod claims;
mod possession;

pub use chain::{KeyInForce, LedgerKeys, SignerKeys};
pub use claims::{Attestation, Custody, KeyAction, KeyClaims, KeyRole, RevokeReason};
pub use possession::{
    possession_protected, signing_request as possession_request,
    to_be_signed as possession_to_be_signed, verify as verify_possession,
    verify_for as verify_possession_for,
};

use crate::codec::{Item, MapBuilder, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;

/// The kind number of a key entry.
pub const KIND: u64 = 3;

const CERTIFICATE_BYTES: usize = 16_384;
const CERTIFICATES: usize = 8;

/// A key entry: the claims as the exact bytes that possession was shown over, and that proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyEntry {
    /// The content of the byte string under key 1: deterministic CBOR of the claims.
    pub claims_bytes: Vec<u8>,
    /// The possession message, a tagged COSE_Sign1; absent in genesis and in revocations.
    pub possession: Option<Vec<u8>>,
}

impl KeyEntry {
    /// An entry over `claims`, without possession.
    pub fn new(claims: &KeyClaims) -> Self {
        Self { claims_bytes: claims.encode(), possession: None }
    }

    /// The entry's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut map = MapBuilder::new().put_uint(0, KIND).put_bstr(1, &self.claims_bytes);
        if let Some(message) = &self.possession {
            map = map.put_bstr(2, message);
        }
        map.finish()
    }

    /// Reads an entry and checks that its claims can be read.
    ///
    /// # Errors
    /// Any 3xx or 4xx; `UnknownCritical` for an unknown critical key.
    pub fn parse(bytes: &[u8]) -> Result<(Self, KeyClaims)> {
        let map = Item::parse(bytes, limits::ENTRY_BYTES)?.map()?;
        if map.read(0, |kind| kind.uint())? != KIND {
            return Err(Error::new(ErrorCode::WrongKind, "expected a key entry"));
        }
        if let Some(key) = map.unknown_critical(&[0, 1, 2]) {
            return Err(Error::new(ErrorCode::UnknownCritical, format!("key entry: key {key}")));
        }
        let claims_bytes = map.read(1, |claims| claims.bstr())?.to_vec();
        let claims = KeyClaims::parse(&claims_bytes).map_err(|error| error.within("key claims"))?;
        let possession = map.read_opt(2, |message| message.bstr().map(<[u8]>::to_vec))?;
        Ok((Self { claims_bytes, possession }, claims))
    }

    /// Reads the entry embedded in genesis: the enrolment of a ledger key with epoch 0, without possession, since block
    /// 0's signature shows that.
    ///
    /// # Errors
    /// As [`KeyEntry::parse`]; `OutOfRange` for another key entry, `UnknownCritical` for any key but 0 and 1.
    pub fn parse_first(bytes: &[u8]) -> Result<KeyClaims> {
        let (_, claims) = Self::parse(bytes)?;
        if claims.action != KeyAction::Enrol
            || claims.role != KeyRole::Ledger
            || claims.epoch != Some(0)
        {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "genesis enrols a ledger key of epoch 0",
            ));
        }
        Item::parse(bytes, limits::ENTRY_BYTES)?.map()?.only(&[0, 1])?;
        Ok(claims)
    }

    /// Checks what a leaf shows beyond its claims: a possession message of the right form exactly where a key comes in.
    /// Whether it holds is said by [`verify_possession`].
    ///
    /// # Errors
    /// `MissingKey` or `UnknownCritical` for a possession that is missing or too many, 3xx for one of another form.
    pub fn check_form(&self, claims: &KeyClaims) -> Result<()> {
        possession::read(self, claims).map(|_| ())
    }

    /// The digest of an entry's bytes under the ledger's hash: the `kid` of what the key signs.
    pub fn digest(entry_bytes: &[u8], hash: HashAlg) -> [u8; 32] {
        hash.digest(entry_bytes)
    }
}

#[cfg(test)]
mod tests;
