//! A statement: a party's signature over a record (format §5.3), shaped so that COSE and SCITT tools can check it.
//!
//! The first signer signs the record itself, which is then sealed inside the statement; each further signer signs a
//! reference to it. Signing has two phases: [`StatementDraft::to_be_signed`] gives the bytes, and
//! [`StatementDraft::finish`] takes the signature back, in another process if need be.

mod draft;

pub use draft::{StatementDraft, Terms};

use crate::claim;
use crate::codec::{Item, Map, MapBuilder, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::media;
use crate::number;
use crate::numbered::numbered;
use crate::record::Record;
use crate::sign::{PublicKey, SigAlg, Sign1, Signature, Strictness, sig_structure};

/// The kind number of a reference, the payload of further signers. Never a leaf.
pub const REFERENCE_KIND: u64 = 9;

numbered! {
    /// In which role somebody signs.
    Role, "role is 1 to 10":
    /// The customer.
    Customer = 1 "customer",
    /// The customer's device.
    Device = 2 "device",
    /// The lender.
    Lender = 3 "lender",
    /// Somebody who saw it.
    Witness = 4 "witness",
    /// The platform that runs the app.
    Platform = 5 "platform",
    /// An agent of the customer.
    Agent = 6 "agent",
    /// A guarantor.
    Guarantor = 7 "guarantor",
    /// A teller at the counter.
    Teller = 8 "teller",
    /// A notary.
    Notary = 9 "notary",
    /// The customer's own bank.
    CustomersBank = 10 "customers-bank",
}

/// The payload of a further signer: which record, in which role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Digest of the record under its own hash.
    pub record: Digest,
    /// Role of the signer.
    pub role: Role,
}

impl Reference {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapBuilder::new()
            .put_uint(0, REFERENCE_KIND)
            .put(1, |w| self.record.write(w))
            .put_uint(2, self.role.number())
            .finish()
    }

    /// Reads a reference.
    ///
    /// # Errors
    /// Any 3xx.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let map = Item::parse(bytes, limits::ENTRY_BYTES)?.map()?;
        if map.read(0, |kind| kind.uint())? != REFERENCE_KIND {
            return Err(Error::new(ErrorCode::WrongKind, "expected a reference"));
        }
        map.only(&[0, 1, 2])?;
        Ok(Self {
            record: map.read(1, Digest::read)?,
            role: map.read(2, |role| Role::from_number(role.uint()?))?,
        })
    }
}

/// What a statement signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The record itself: the first signer.
    Record(Box<Record>),
    /// A record sealed elsewhere: a further signer.
    Reference(Reference),
}

/// A statement as read from its bytes. Reading checks its form; [`Statement::verify`] checks the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The signer's algorithm.
    pub alg: SigAlg,
    /// Digest of the signer's key entry, or the RFC 9679 thumbprint of the key.
    pub kid: [u8; 32],
    /// Seconds since 1970, when it was signed as claimed.
    pub issued_at: u64,
    /// Role of the signer.
    pub role: Role,
    /// Digest of what was displayed to the signer.
    pub displayed: Option<Digest>,
    /// Ledger it is meant for.
    pub audience: Option<Digest>,
    /// X.509 certificates, DER, leaf first.
    pub certificates: Vec<Vec<u8>>,
    /// What is signed.
    pub payload: Payload,
    message: Sign1,
    payload_bytes: Vec<u8>,
}

impl Statement {
    /// Reads a statement from the bytes of a leaf.
    ///
    /// # Errors
    /// 3xx for anything that is not exactly the form of format §5.3, `WrongMediaType` for another kind of signed message,
    /// `InvalidSignature` or `HighS` for a signature not in canonical form, `UnknownCritical` also for a record with an
    /// unknown critical key.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Self::read(bytes)?
            .ok_or_else(|| Error::new(ErrorCode::UnknownCritical, "the record in the statement"))
    }

    /// As [`Statement::parse`], but `None` where all that is wrong is an unknown critical key in the record: such an entry
    /// is not refused (format §1).
    pub(crate) fn read(bytes: &[u8]) -> Result<Option<Self>> {
        if bytes.len() > limits::ENTRY_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "an entry has at most 65,535 bytes"));
        }
        let message = Sign1::parse(bytes)?;
        if message.unprotected != [0xa0] {
            return Err(Error::new(
                ErrorCode::UnknownCritical,
                "a statement's unprotected header is empty",
            ));
        }
        let header = Item::parse(&message.protected, limits::HEADER_BYTES)?.map()?;
        if header.read(16, |typ| typ.text())? != media::STATEMENT {
            return Err(Error::new(ErrorCode::WrongMediaType, "expected a statement"));
        }
        header.only(&[1, 3, 4, 15, 16, 33, 34])?;
        let payload_bytes = message
            .payload
            .clone()
            .ok_or_else(|| Error::new(ErrorCode::MissingKey, "a statement carries its payload"))?;
        let alg = header.read(1, |alg| SigAlg::from_cose_id(alg.int()?))?;
        let kid = header.read(4, |kid| kid.bstr32())?;
        let claims = header.read(15, |claims| claims.map())?;
        claims.only(&[1, 2, 6, claim::ROLE, claim::DISPLAYED, claim::AUDIENCE])?;
        if claims.read(1, |iss| iss.text())? != crate::hash::hex::encode(&kid) {
            return Err(Error::new(ErrorCode::DigestMismatch, "iss is the kid in hex"));
        }
        let role = claims.read(claim::ROLE, |role| Role::from_number(role.uint()?))?;
        Signature::from_canonical(alg, &message.signature)?;
        let subject = claims.read(2, |sub| sub.text())?.to_owned();
        let content_type = header.read(3, |content| content.text())?;
        let certificates = read_chain(&header)?;
        let (displayed, audience) = (
            claims.read_opt(claim::DISPLAYED, Digest::read)?,
            claims.read_opt(claim::AUDIENCE, Digest::read)?,
        );
        let issued_at = claims.read(6, |iat| iat.count())?;
        if content_type == media::RECORD && Record::is_of_a_newer_version(&payload_bytes)? {
            return Ok(None);
        }
        let statement = Self {
            alg,
            kid,
            issued_at,
            role,
            displayed,
            audience,
            certificates,
            payload: read_payload(content_type, &payload_bytes, role)?,
            message,
            payload_bytes,
        };
        if subject != number::record_number(&statement.record_digest()) {
            return Err(Error::new(ErrorCode::DigestMismatch, "sub is the record number"));
        }
        Ok(Some(statement))
    }

    /// The digest of the record that this statement is about.
    pub fn record_digest(&self) -> Digest {
        match &self.payload {
            Payload::Record(record) => record.digest(&self.payload_bytes),
            Payload::Reference(reference) => reference.record,
        }
    }

    /// The payload's exact bytes: the record, or the reference.
    pub fn payload_bytes(&self) -> &[u8] {
        &self.payload_bytes
    }

    /// The bytes that were signed.
    pub fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(&self.message.protected, &self.payload_bytes)
    }

    /// The signature, 64 bytes.
    pub fn signature(&self) -> &[u8] {
        &self.message.signature
    }

    /// Checks the signature with the signer's key.
    ///
    /// # Errors
    /// `AlgorithmMismatch` when the header names another algorithm than the key's, `SignatureMismatch`.
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        if key.alg() != self.alg {
            return Err(Error::new(ErrorCode::AlgorithmMismatch, "statement"));
        }
        let signature = Signature::from_canonical(self.alg, &self.message.signature)?;
        key.verify(&self.to_be_signed(), &signature, Strictness::Ours)
    }
}

fn read_payload(content_type: &str, bytes: &[u8], role: Role) -> Result<Payload> {
    match content_type {
        media::RECORD => Ok(Payload::Record(Box::new(Record::parse(bytes)?))),
        media::REFERENCE => {
            let reference = Reference::parse(bytes)?;
            if reference.role != role {
                return Err(Error::new(
                    ErrorCode::OutOfRange,
                    "the role in the payload is the role in the header",
                ));
            }
            Ok(Payload::Reference(reference))
        }
        _ => Err(Error::new(
            ErrorCode::WrongMediaType,
            "a statement's content is a record or a reference",
        )),
    }
}

/// `x5chain` (33, RFC 9360) and the SHA-256 of its leaf (34), which stand together or not at all.
fn read_chain(header: &Map<'_>) -> Result<Vec<Vec<u8>>> {
    let chain = match header.get(33) {
        None => Vec::new(),
        Some(one) if one.bstr().is_ok() => vec![one.bstr()?.to_vec()],
        Some(list) => {
            let list = list.array()?;
            if !(2..=8).contains(&list.len()) {
                return Err(Error::new(
                    ErrorCode::OutOfRange,
                    "x5chain: one certificate alone, or a list of 2 to 8",
                ));
            }
            list.iter()
                .map(|certificate| certificate.bstr().map(<[u8]>::to_vec))
                .collect::<Result<_>>()?
        }
    };
    if chain.iter().any(|certificate| certificate.is_empty() || certificate.len() > 16_384) {
        return Err(Error::new(ErrorCode::TooLarge, "a certificate has 1 to 16,384 bytes"));
    }
    match (chain.first(), header.read_opt(34, Digest::read)?) {
        (None, None) => Ok(chain),
        (Some(leaf), Some(digest)) if digest == Digest::of(HashAlg::Sha256, leaf) => Ok(chain),
        _ => Err(Error::new(
            ErrorCode::DigestMismatch,
            "x5t is the SHA-256 of the first certificate, exactly where there is one",
        )),
    }
}

#[cfg(test)]
mod tests;
