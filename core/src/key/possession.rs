//! Proof that whoever brings a key in can sign with it: a detached COSE_Sign1 by the new key over the claims,
//! bound to the ledger it is meant for, so that it cannot be shown elsewhere.

use super::{KeyClaims, KeyEntry};
use crate::claim;
use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::media;
use crate::sign::{SigAlg, Sign1, Signature, Strictness, sig_structure};

/// The protected header of a possession message.
pub fn possession_protected(alg: SigAlg, ledger_id: &Digest) -> Vec<u8> {
    let mut claims = Writer::new();
    MapBuilder::new().put(claim::AUDIENCE, |w| ledger_id.write(w)).write(&mut claims);
    MapBuilder::new()
        .put_int(1, alg.cose_id())
        .put_raw(15, &claims.finish())
        .put_text(16, media::POSSESSION)
        .finish()
}

/// The bytes that the new key signs.
///
/// # Errors
/// `InvalidArgument` when the claims carry no key.
pub fn to_be_signed(claims: &KeyClaims, ledger_id: &Digest) -> Result<Vec<u8>> {
    let key = claims.key.as_ref().ok_or_else(|| {
        Error::new(ErrorCode::InvalidArgument, "a revocation needs no possession")
    })?;
    Ok(sig_structure(&possession_protected(key.alg(), ledger_id), &claims.encode()))
}

impl KeyEntry {
    /// Completes an entry with the new key's signature over [`to_be_signed`]; the signature may be raw or DER and
    /// is verified before it is taken.
    ///
    /// # Errors
    /// `InvalidArgument` for claims without a key, `InvalidSignature` or `SignatureMismatch`.
    pub fn with_possession(
        claims: &KeyClaims,
        ledger_id: &Digest,
        signature: &[u8],
    ) -> Result<Self> {
        let key = claims.key.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::InvalidArgument, "a revocation needs no possession")
        })?;
        let signature = Signature::normalise(key.alg(), signature)?;
        key.verify(&to_be_signed(claims, ledger_id)?, &signature, Strictness::Ours)?;
        let message = Sign1 {
            protected: possession_protected(key.alg(), ledger_id),
            unprotected: vec![0xa0],
            payload: None,
            signature: signature.bytes().to_vec(),
        };
        Ok(Self { claims_bytes: claims.encode(), possession: Some(message.encode()) })
    }
}

/// Checks that `entry` shows possession of the key in `claims`, for this ledger.
///
/// # Errors
/// `MissingKey` without a possession message where one is needed; 3xx or 4xx when it does not hold.
pub fn verify(entry: &KeyEntry, claims: &KeyClaims, ledger_id: &Digest) -> Result<()> {
    let Some(key) = &claims.key else {
        return match entry.possession {
            None => Ok(()),
            Some(_) => {
                Err(Error::new(ErrorCode::UnknownCritical, "a revocation carries no possession"))
            }
        };
    };
    let bytes = entry
        .possession
        .as_deref()
        .ok_or_else(|| Error::new(ErrorCode::MissingKey, "possession"))?;
    let message = Sign1::parse(bytes)?;
    if message.payload.is_some() || message.unprotected != [0xa0] {
        return Err(Error::new(
            ErrorCode::WrongType,
            "possession: detached payload, empty unprotected header",
        ));
    }
    let header = Item::parse(&message.protected, limits::HEADER_BYTES)?.map()?;
    header.only(&[1, 15, 16])?;
    if header.read(16, |typ| typ.text())? != media::POSSESSION {
        return Err(Error::new(ErrorCode::WrongMediaType, "expected a possession message"));
    }
    if header.read(1, |alg| alg.int())? != key.alg().cose_id() {
        return Err(Error::new(ErrorCode::AlgorithmMismatch, "possession"));
    }
    let claim = header.read(15, |claims| claims.map())?;
    claim.only(&[claim::AUDIENCE])?;
    if claim.read(claim::AUDIENCE, Digest::read)? != *ledger_id {
        return Err(Error::new(
            ErrorCode::DigestMismatch,
            "possession was shown for another ledger",
        ));
    }
    let signature = Signature::from_canonical(key.alg(), &message.signature)?;
    key.verify(
        &sig_structure(&message.protected, &entry.claims_bytes),
        &signature,
        Strictness::Ours,
    )
}
