//! Countersignatures 会签: a node, a notary or another bank signs the head of a ledger that it has seen.

use crate::block::Head;
use crate::claim;
use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::media;
use crate::numbered::numbered;
use crate::sign::{PublicKey, SigAlg, Sign1, Signature, SigningRequest, Strictness, sig_structure};
use crate::statement::Role;
use crate::time::TimeClaim;

/// The kind number of a countersignature's payload. Never a leaf.
pub const KIND: u64 = 10;

numbered! {
    /// What the countersigner says.
    Claim, "claim is 1 or 2":
    /// It saw this block's digest.
    Seen = 1 "seen",
    /// It holds the earlier blocks, and this one extends them.
    Extends = 2 "extends",
}

/// A countersignature as read. Reading checks its form; [`Countersignature::verify`] checks the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersignature {
    /// The outsider's algorithm.
    pub alg: SigAlg,
    /// RFC 9679 thumbprint of its key.
    pub kid: [u8; 32],
    /// Its name, as it calls itself.
    pub issuer: String,
    /// Seconds since 1970, as claimed.
    pub issued_at: u64,
    /// Its role, where it says one.
    pub role: Option<Role>,
    /// The ledger.
    pub ledger_id: Digest,
    /// Height of the block.
    pub height: u64,
    /// Block hash.
    pub block_hash: Digest,
    /// Sealed digest.
    pub sealed_digest: Digest,
    /// What it says.
    pub claim: Claim,
    /// When, by its clock.
    pub time: TimeClaim,
    message: Sign1,
    payload: Vec<u8>,
}

/// A countersignature that waits for its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountersignatureDraft {
    protected: Vec<u8>,
    payload: Vec<u8>,
    key: PublicKey,
}

impl CountersignatureDraft {
    /// Prepares a countersignature over a ledger's head by the holder of `key`.
    pub fn new(
        head: &Head,
        claim_made: Claim,
        time: &TimeClaim,
        key: &PublicKey,
        issuer: &str,
        role: Option<Role>,
    ) -> Self {
        let typed = |bytes: &[u8; 32]| Digest { alg: head.hash(), bytes: *bytes };
        let payload = MapBuilder::new()
            .put_uint(0, KIND)
            .put(1, |w| head.ledger_id().write(w))
            .put_uint(2, head.height())
            .put(3, |w| typed(head.block_hash()).write(w))
            .put(4, |w| typed(head.sealed_digest()).write(w))
            .put_uint(5, head.height())
            .put_uint(6, claim_made.number())
            .put(7, |w| time.write(w))
            .finish();
        let issued_at = u64::try_from(time.captured.unix_ms.div_euclid(1000)).unwrap_or_default();
        let claims = MapBuilder::new().put_text(1, issuer).put_uint(6, issued_at).put_opt(
            claim::ROLE,
            role,
            |w, role| w.uint(role.number()),
        );
        let protected = MapBuilder::new()
            .put_int(1, key.alg().cose_id())
            .put_bstr(4, &key.thumbprint())
            .put(15, |w| claims.write(w))
            .put_text(16, media::COUNTERSIGNATURE)
            .finish();
        Self { protected, payload, key: key.clone() }
    }

    /// The bytes to sign, in message form.
    pub fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(&self.protected, &self.payload)
    }

    /// What the signer is asked to sign, in message and digest form.
    pub fn signing_request(&self) -> SigningRequest {
        SigningRequest::new(&self.key, self.to_be_signed())
    }

    /// The draft as bytes, to be kept until the signature comes, in another process if need be. They hold no secret.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(3).bstr(&self.protected).bstr(&self.payload);
        w.bstr(&SigningRequest::new(&self.key, Vec::new()).encode()).finish()
    }

    /// Reads a draft back.
    ///
    /// # Errors
    /// Any 3xx or 4xx.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let [protected, payload, key] = Item::parse(bytes, bytes.len())?.array_n::<3>()?;
        Ok(Self {
            protected: protected.bstr()?.to_vec(),
            payload: payload.bstr()?.to_vec(),
            key: SigningRequest::decode(key.bstr()?)?.key().clone(),
        })
    }

    /// Takes the signature, raw or DER, verifies it, and gives the message.
    ///
    /// # Errors
    /// `InvalidSignature` or `SignatureMismatch`; `TooLarge` or `OutOfRange` when name or time keep to no limit.
    pub fn finish(&self, signature: &[u8]) -> Result<Vec<u8>> {
        let signature = self.signing_request().accept(signature)?;
        let bytes = Sign1::new(
            self.protected.clone(),
            Some(self.payload.clone()),
            signature.bytes().to_vec(),
        )
        .encode();
        Countersignature::parse(&bytes)?;
        Ok(bytes)
    }
}

impl Countersignature {
    /// Reads a countersignature.
    ///
    /// # Errors
    /// Any 3xx, `WrongMediaType` for another kind of signed message, `InvalidSignature`.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let message = Sign1::parse(bytes)?;
        if message.unprotected != [0xa0] {
            return Err(Error::new(
                ErrorCode::UnknownCritical,
                "a countersignature's unprotected header is empty",
            ));
        }
        let header = Item::parse(&message.protected, limits::HEADER_BYTES)?.map()?;
        if header.read(16, |typ| typ.text())? != media::COUNTERSIGNATURE {
            return Err(Error::new(ErrorCode::WrongMediaType, "expected a countersignature"));
        }
        header.only(&[1, 4, 15, 16])?;
        let claims = header.read(15, |claims| claims.map())?;
        claims.only(&[1, 6, claim::ROLE])?;
        let payload =
            message.payload.clone().ok_or_else(|| Error::new(ErrorCode::MissingKey, "payload"))?;
        let map = Item::parse(&payload, limits::ENTRY_BYTES)?.map()?;
        if map.read(0, |kind| kind.uint())? != KIND {
            return Err(Error::new(ErrorCode::WrongKind, "expected a countersignature's payload"));
        }
        map.only(&[0, 1, 2, 3, 4, 5, 6, 7])?;
        let alg = header.read(1, |alg| SigAlg::from_cose_id(alg.int()?))?;
        Signature::from_outside(alg, &message.signature)?;
        let height = map.read(2, |height| height.count())?;
        if map.read(5, |size| size.count())? != height {
            return Err(Error::new(ErrorCode::OutOfRange, "the history size is the height"));
        }
        let countersignature = Self {
            alg,
            kid: header.read(4, |kid| kid.bstr32())?,
            issuer: claims.read(1, |iss| iss.text())?.to_owned(),
            issued_at: claims.read(6, |iat| iat.count())?,
            role: claims.read_opt(claim::ROLE, |role| Role::from_number(role.uint()?))?,
            ledger_id: map.read(1, Digest::read)?,
            height,
            block_hash: map.read(3, Digest::read)?,
            sealed_digest: map.read(4, Digest::read)?,
            claim: map.read(6, |claim| Claim::from_number(claim.uint()?))?,
            time: map.read(7, TimeClaim::read)?,
            message,
            payload,
        };
        let Self { ledger_id, block_hash, sealed_digest, .. } = &countersignature;
        Digest::same_hash(&[*ledger_id, *block_hash, *sealed_digest])?;
        Ok(countersignature)
    }

    /// The bytes that were signed.
    pub fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(&self.message.protected, &self.payload)
    }

    /// The signature, 64 bytes.
    pub fn signature(&self) -> &[u8] {
        &self.message.signature
    }

    /// Checks the signature with the outsider's key; a high s is accepted here.
    ///
    /// # Errors
    /// `InvalidKey` when the key is not the one named, `AlgorithmMismatch`, `SignatureMismatch`.
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        if key.thumbprint() != self.kid {
            return Err(Error::new(
                ErrorCode::InvalidKey,
                "the countersignature names another key",
            ));
        }
        if key.alg() != self.alg {
            return Err(Error::new(ErrorCode::AlgorithmMismatch, "countersignature"));
        }
        let signature = Signature::from_outside(self.alg, &self.message.signature)?;
        key.verify(&self.to_be_signed(), &signature, Strictness::Outside)
    }
}
