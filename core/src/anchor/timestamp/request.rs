//! Asking an authority, and taking its answer (RFC 3161 §2.4).

use der::asn1::{AnyRef, OctetStringRef, UintRef};
use der::{Encode, Sequence, Tag};
use x509_cert::spki::AlgorithmIdentifierRef;

use super::{Imprint, Timestamp, info};
use crate::codec::limits;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;
use crate::random::Random;
use crate::x509::{Elements, Hash, Trust, whole};

const CODE: ErrorCode = ErrorCode::InvalidToken;
/// Largest request and response in bytes. A response is a token with a few words around it.
const REQUEST_BYTES: usize = 4096;
const RESPONSE_BYTES: usize = limits::ENTRY_BYTES + 4096;

/// A request for a timestamp. Its bytes are all there is to keep until the answer comes: they hold nonce and imprint, and no
/// secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimestampRequest {
    imprint: Imprint,
    nonce: Vec<u8>,
}

#[derive(Sequence)]
struct MessageImprint<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    digest: &'a OctetStringRef,
}

#[derive(Sequence)]
struct TimeStampReq<'a> {
    version: u8,
    imprint: MessageImprint<'a>,
    nonce: UintRef<'a>,
    certificates: bool,
}

impl TimestampRequest {
    /// A request over these bytes, the sealed bytes of a block or the bytes of an entry, with a nonce from the operating
    /// system. The authority is asked to send its certificates along.
    ///
    /// # Errors
    /// `RandomUnavailable`.
    pub fn new(hash: HashAlg, data: &[u8]) -> Result<Self> {
        Self::with_random(hash, data, &mut Random::system())
    }

    pub(crate) fn with_random(hash: HashAlg, data: &[u8], random: &mut Random) -> Result<Self> {
        let mut nonce = random.array::<16>()?;
        // Positive and without a leading zero, so that every authority gives back the same bytes.
        if let Some(first) = nonce.first_mut() {
            *first = (*first & 0x7f) | 0x40;
        }
        Ok(Self { imprint: Imprint::of(Hash::from(hash), data), nonce: nonce.to_vec() })
    }

    /// The imprint that is asked for.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// The nonce, big-endian without leading zeros.
    pub fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// TimeStampReq in DER: what goes to the authority as `application/timestamp-query`.
    pub fn encode(&self) -> Vec<u8> {
        let build = || -> der::Result<Vec<u8>> {
            let request = TimeStampReq {
                version: 1,
                imprint: MessageImprint {
                    algorithm: AlgorithmIdentifierRef {
                        oid: self.imprint.algorithm().oid(),
                        parameters: Some(AnyRef::NULL),
                    },
                    digest: OctetStringRef::new(self.imprint.digest())?,
                },
                nonce: UintRef::new(&self.nonce)?,
                certificates: true,
            };
            request.to_der()
        };
        // Nothing in it can fail: short numbers and digests.
        build().unwrap_or_default()
    }

    /// Reads a request back, ours or one that `openssl ts -query -cert` made.
    ///
    /// # Errors
    /// `InvalidToken` for what is no request with a nonce that asks for certificates, and for one that asks for a policy of the
    /// authority's or has extensions; `UnsupportedAlgorithm`.
    pub fn parse(der: &[u8]) -> Result<Self> {
        if der.len() > REQUEST_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "a request has at most 4,096 bytes"));
        }
        let place = "TimeStampReq";
        let mut fields = Elements::of(whole(der, CODE, place)?, Tag::Sequence, CODE, place)?;
        let version: UintRef<'_> = fields.read()?;
        if version.as_bytes() != [1] {
            return Err(fields.bad());
        }
        let imprint = Imprint::read(fields.open(Tag::Sequence)?)?;
        // It is not kept, so that no answer could be compared with it.
        if fields.optional(Tag::ObjectIdentifier)?.is_some() {
            return Err(Error::new(CODE, "a request that asks for a policy"));
        }
        let nonce = fields
            .optional(Tag::Integer)?
            .ok_or_else(|| Error::new(CODE, "a request without a nonce"))?;
        let certificates = fields.optional(Tag::Boolean)?;
        if certificates.is_none_or(|asked| asked.value() != [0xff]) {
            return Err(Error::new(CODE, "a request that does not ask for certificates"));
        }
        fields.end()?;
        Ok(Self { imprint, nonce: info::number(nonce)? })
    }

    /// Takes the authority's whole answer (`application/timestamp-reply`) and gives the token in it: granted, over this
    /// imprint, with this nonce, signed by the certificate that it names, which is one for timestamps. With `trust` the chain
    /// is checked as well; without, that is left to whoever verifies.
    ///
    /// # Errors
    /// `AuthorityDeclined` with the status; `InvalidToken`; `DigestMismatch` for another imprint; `NonceMismatch`; and as
    /// [`Timestamp::verify`].
    pub fn accept(&self, response: &[u8], trust: Option<&Trust>) -> Result<Timestamp> {
        let token = Timestamp::parse(token_in(response)?)?;
        if *token.imprint() != self.imprint {
            return Err(Error::new(ErrorCode::DigestMismatch, "the token is about other bytes"));
        }
        if token.nonce() != Some(self.nonce.as_slice()) {
            return Err(Error::new(ErrorCode::NonceMismatch, "nonce"));
        }
        match trust {
            Some(trust) => token.verify(trust).map(drop)?,
            None => token.verify_alone()?,
        }
        Ok(token)
    }
}

/// The token in a response whose status says that it was granted.
fn token_in(response: &[u8]) -> Result<&[u8]> {
    if response.len() > RESPONSE_BYTES {
        return Err(Error::new(
            ErrorCode::TooLarge,
            "a response with a token of at most 65,535 bytes",
        ));
    }
    let place = "TimeStampResp";
    let mut fields = Elements::of(whole(response, CODE, place)?, Tag::Sequence, CODE, place)?;
    let mut status = fields.open(Tag::Sequence)?;
    let number: UintRef<'_> = status.read()?;
    match number.as_bytes() {
        // granted, granted with changes: whether they matter shows in the token.
        [0 | 1] => {}
        [number @ 2..=5] => {
            let words = ["rejection", "waiting", "revocation warning", "revocation notification"];
            let word = words.get(usize::from(*number) - 2).copied().unwrap_or_default();
            return Err(Error::new(
                ErrorCode::AuthorityDeclined,
                format!("status {number}, {word}"),
            ));
        }
        _ => return Err(status.bad()),
    }
    let token = fields.raw()?;
    fields.end()?;
    Ok(token)
}
