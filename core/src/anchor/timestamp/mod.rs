//! Timestamps 可信时间戳: tokens of RFC 3161 authorities (in China GM/T 0033), over the sealed bytes of a block or the bytes of
//! an entry. The library asks nobody: it makes the request, the host carries it to an authority, and the answer may come
//! back into another process.
//!
//! ```
//! use yinzheng::anchor::TimestampRequest;
//! use yinzheng::hash::HashAlg;
//!
//! let request = TimestampRequest::new(HashAlg::Sha256, b"sealed bytes")?;
//! let query = request.encode(); // POST it as application/timestamp-query; keep it until the answer is here
//! // later, perhaps elsewhere:
//! let request = TimestampRequest::parse(&query)?;
//! assert!(request.accept(b"no answer", None).is_err());
//! # Ok::<(), yinzheng::Error>(())
//! ```

mod imprint;
mod info;
mod request;

pub use imprint::Imprint;
pub use request::TimestampRequest;

pub(crate) use imprint::fits as imprint_fits;

use self::info::Info;
use crate::codec::limits;
use crate::error::{Error, ErrorCode, Result};
use crate::x509::{Certificate, Chain, Purpose, SignedData, Trust, object};

/// id-ct-TSTInfo.
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";

/// A timestamp token as received. Reading checks its form; nothing that it says is believed before [`Timestamp::verify`].
#[derive(Clone, Debug)]
pub struct Timestamp {
    bytes: Vec<u8>,
    info: Info,
    signed: SignedData,
}

/// What a token says, once its signature and chain hold.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The authority's certificate.
    pub certificate: Certificate,
    /// The chain from there to an anchor.
    pub chain: Chain,
}

impl Timestamp {
    /// Reads a token: the ContentInfo, not the whole response.
    ///
    /// # Errors
    /// `TooLarge` above 65,535 bytes; `InvalidToken` for what is no token with exactly one signer who signs content type,
    /// digest and the name of his certificate; `UnsupportedAlgorithm`.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > limits::ENTRY_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "a token has at most 65,535 bytes"));
        }
        let signed = SignedData::parse(bytes)?;
        if signed.content_type != object(TST_INFO) {
            return Err(Error::new(ErrorCode::InvalidToken, "signed content that is no timestamp"));
        }
        let info = Info::parse(&signed.content)?;
        Ok(Self { bytes: bytes.to_vec(), info, signed })
    }

    /// The bytes, as received.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest that was stamped.
    pub fn imprint(&self) -> &Imprint {
        &self.info.imprint
    }

    /// When, by the authority's clock, milliseconds since 1970.
    pub fn time_ms(&self) -> i64 {
        self.info.time_ms
    }

    /// How far that may be off, in milliseconds, as the authority says; rounded up. `None` where it does not say.
    pub fn accuracy_ms(&self) -> Option<u64> {
        self.info.accuracy_ms
    }

    /// The authority's number for it, in hex.
    pub fn serial(&self) -> &str {
        &self.info.serial
    }

    /// The authority's policy, as a dotted number.
    pub fn policy(&self) -> &str {
        &self.info.policy
    }

    /// The nonce of the request, big-endian without leading zeros.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.info.nonce.as_deref()
    }

    /// No later than: the time and its accuracy.
    pub fn latest_ms(&self) -> i64 {
        self.time_ms().saturating_add(self.slack())
    }

    /// No earlier than: the time less its accuracy.
    pub fn earliest_ms(&self) -> i64 {
        self.time_ms().saturating_sub(self.slack())
    }

    fn slack(&self) -> i64 {
        self.accuracy_ms().and_then(|ms| i64::try_from(ms).ok()).unwrap_or(0)
    }

    /// Checks that it is about these bytes.
    ///
    /// # Errors
    /// `DigestMismatch`.
    pub fn covers(&self, data: &[u8]) -> Result<()> {
        match self.imprint().is_of(data) {
            true => Ok(()),
            false => Err(Error::new(ErrorCode::DigestMismatch, "the imprint is of other bytes")),
        }
    }

    /// Checks the signature with the authority's certificate, whoever that is: what can be checked before anybody is trusted.
    ///
    /// # Errors
    /// `UntrustedChain` without its certificate, `CertificateMismatch`, `WrongPurpose`, `CertificateNotValid`,
    /// `DigestMismatch`, `SignatureMismatch` and the rest of 4xx.
    pub fn verify_alone(&self) -> Result<()> {
        let certificate = self.signed.signer([])?;
        certificate.check_stamp(self.time_ms())?;
        self.signed.verify(certificate)
    }

    /// Checks everything but the imprint: whose certificate it is, its chain at the time of the token, and the signature.
    ///
    /// # Errors
    /// As [`Timestamp::verify_alone`] and [`Trust::chain`], which comes first: `SignatureMismatch` and `DigestMismatch` mean that the
    /// authority is one that is trusted, but did not sign this.
    pub fn verify(&self, trust: &Trust) -> Result<Stamp> {
        let known = trust.others.iter().chain(&trust.anchors);
        let certificate = self.signed.signer(known)?;
        let given = &self.signed.certificates;
        let chain = trust.chain(certificate, given, self.time_ms(), Purpose::TimeStamping)?;
        self.signed.verify(certificate)?;
        Ok(Stamp { certificate: certificate.clone(), chain })
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod vectors;
