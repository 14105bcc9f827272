//! Proof that whoever brings a key in can sign with it: a detached COSE_Sign1 by the new key over the claims,
//! bound to the ledger it is meant for, so that it cannot be shown elsewhere.

use super::{KeyClaims, KeyEntry};
use crate::claim;
use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::media;
use crate::sign::{SigAlg, Sign1, Signature, SigningRequest, Strictness, sig_structure};

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

/// What the new key's holder is asked to sign, in message and digest form.
///
/// # Errors
/// `InvalidArgument` when the claims carry no key.
pub fn signing_request(claims: &KeyClaims, ledger_id: &Digest) -> Result<SigningRequest> {
    let message = to_be_signed(claims, ledger_id)?;
    claims
        .key
        .as_ref()
        .map(|key| SigningRequest::new(key, message))
        .ok_or_else(|| Error::new(ErrorCode::InvalidArgument, "a revocation needs no possession"))
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
        let signature = signing_request(claims, ledger_id)?.accept(signature)?;
        let message = Sign1 {
            protected: possession_protected(key.alg(), ledger_id),
            unprotected: vec![0xa0],
            payload: None,
            signature: signature.bytes().to_vec(),
        };
        Ok(Self { claims_bytes: claims.encode(), possession: Some(message.encode()) })
    }
}

/// A possession message, read but not verified.
pub(super) struct Possession {
    ledger_id: Digest,
    message: Sign1,
    signature: Signature,
}

/// Reads the possession message of `entry`; `None` for a revocation, which has none.
pub(super) fn read(entry: &KeyEntry, claims: &KeyClaims) -> Result<Option<Possession>> {
    let bytes = match (&claims.key, &entry.possession) {
        (Some(_), Some(bytes)) => bytes,
        (Some(_), None) => return Err(Error::new(ErrorCode::MissingKey, "possession")),
        (None, None) => return Ok(None),
        (None, Some(_)) => {
            return Err(Error::new(
                ErrorCode::UnknownCritical,
                "a revocation carries no possession",
            ));
        }
    };
    let message = Sign1::parse(bytes)?;
    if message.payload.is_some() || !message.is_sealed() {
        return Err(Error::new(
            ErrorCode::WrongType,
            "possession: detached payload, empty unprotected header",
        ));
    }
    let header = Item::parse(&message.protected, limits::HEADER_BYTES)?.map()?;
    if header.read(16, |typ| typ.text())? != media::POSSESSION {
        return Err(Error::new(ErrorCode::WrongMediaType, "expected a possession message"));
    }
    header.only(&[1, 15, 16])?;
    let claim = header.read(15, |claims| claims.map())?;
    claim.only(&[claim::AUDIENCE])?;
    let ledger_id = claim.read(claim::AUDIENCE, Digest::read)?;
    let alg = header.read(1, |alg| SigAlg::from_cose_id(alg.int()?))?;
    let signature = Signature::from_canonical(alg, &message.signature)?;
    Ok(Some(Possession { ledger_id, message, signature }))
}

/// Checks that `entry` shows possession of the key in `claims`, for this ledger.
///
/// # Errors
/// `MissingKey` without a possession message where one is needed; 3xx or 4xx when it does not hold.
pub fn verify(entry: &KeyEntry, claims: &KeyClaims, ledger_id: &Digest) -> Result<()> {
    verify_for(entry, claims, core::slice::from_ref(ledger_id))
}

/// As [`verify`], for an entry that may be bound to one of several ledgers: the one it stands in, or the one that this one
/// goes on from and took it over from (format §5.5).
///
/// # Errors
/// As [`verify`].
pub fn verify_for(entry: &KeyEntry, claims: &KeyClaims, ledgers: &[Digest]) -> Result<()> {
    let (Some(possession), Some(key)) = (read(entry, claims)?, &claims.key) else { return Ok(()) };
    if possession.signature.alg() != key.alg() {
        return Err(Error::new(ErrorCode::AlgorithmMismatch, "possession"));
    }
    if !ledgers.contains(&possession.ledger_id) {
        return Err(Error::new(
            ErrorCode::DigestMismatch,
            "possession was shown for another ledger",
        ));
    }
    key.verify(
        &sig_structure(&possession.message.protected, &entry.claims_bytes),
        &possession.signature,
        Strictness::Ours,
    )
}
