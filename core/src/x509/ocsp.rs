//! Answers about single certificates (RFC 6960 §4.2).

use der::asn1::{AnyRef, BitStringRef, GeneralizedTime, IntRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::algorithm::{self, Hash};
use super::chain::Revocation;
use super::elements::{Elements, context, object, whole};
use super::{Certificate, OCSP_BYTES};
use crate::error::{Error, ErrorCode, Result};

/// id-pkix-ocsp-basic.
const BASIC: &str = "1.3.6.1.5.5.7.48.1.1";
/// Most certificates and answers in one response.
const MANY: usize = 16;
const WHAT: &str = "OCSP response";

/// An OCSP response, read but not yet believed.
#[derive(Clone, Debug)]
pub struct OcspResponse {
    tbs: Vec<u8>,
    answers: Vec<Answer>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
    produced_ms: i64,
}

#[derive(Clone, Debug)]
struct Answer {
    hash: Hash,
    issuer_name: Vec<u8>,
    issuer_key: Vec<u8>,
    serial: Vec<u8>,
    said: Revocation,
    this_ms: i64,
    next_ms: Option<i64>,
}

impl OcspResponse {
    /// Reads a successful basic response from its DER.
    ///
    /// # Errors
    /// `TooLarge` above 65,536 bytes, `InvalidCertificate`, `UnsupportedAlgorithm`.
    pub fn parse(der: &[u8]) -> Result<Self> {
        let code = ErrorCode::InvalidCertificate;
        if der.len() > OCSP_BYTES {
            return Err(Error::new(
                ErrorCode::TooLarge,
                "an OCSP response has at most 65,536 bytes",
            ));
        }
        let mut outer = Elements::of(whole(der, code, WHAT)?, Tag::Sequence, code, WHAT)?;
        let status = outer.any()?;
        if der::Tagged::tag(&status) != Tag::Enumerated || status.value() != [0] {
            return Err(outer.bad());
        }
        let mut wrapped = outer.open(context(0, true))?.open(Tag::Sequence)?;
        let kind: ObjectIdentifier = wrapped.read()?;
        let basic: &OctetStringRef = wrapped.read()?;
        if kind != object(BASIC) {
            return Err(wrapped.bad());
        }
        wrapped.end()?;
        outer.end()?;
        let mut basic =
            Elements::of(whole(basic.as_bytes(), code, WHAT)?, Tag::Sequence, code, WHAT)?;
        let tbs = basic.raw()?;
        let algorithm = basic.read()?;
        let signature: BitStringRef<'_> = basic.read()?;
        let mut certificates = Vec::new();
        if let Some(list) = basic.optional(context(0, true))? {
            let mut list = Elements::inside(list.value(), code, WHAT)?.open(Tag::Sequence)?;
            while !list.is_empty() && certificates.len() < MANY {
                certificates.push(Certificate::parse(list.raw()?)?);
            }
            list.end()?;
        }
        basic.end()?;
        let mut data = Elements::of(whole(tbs, code, WHAT)?, Tag::Sequence, code, WHAT)?;
        data.optional(context(0, true))?;
        // Who answers is told by the signature; the id only helps to find the key.
        data.any()?;
        let produced_ms = time(data.read()?);
        let mut list = data.open(Tag::Sequence)?;
        let mut answers = Vec::new();
        while !list.is_empty() && answers.len() < MANY {
            answers.push(answer(list.open(Tag::Sequence)?)?);
        }
        list.end()?;
        Ok(Self {
            tbs: tbs.to_vec(),
            answers,
            algorithm,
            signature: signature.as_bytes().ok_or_else(|| basic.bad())?.to_vec(),
            certificates,
            produced_ms,
        })
    }

    /// What it says about a certificate of this issuer at a moment.
    pub(super) fn about(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        given: &[Certificate],
        at_ms: i64,
    ) -> Revocation {
        let about = self.answers.iter().find(|answer| answer.is_about(certificate, issuer));
        let Some(answer) = about.filter(|_| self.is_authorised(issuer, given)) else {
            return Revocation::Unknown;
        };
        match answer.said {
            Revocation::Good => {
                let ended = answer.next_ms.unwrap_or(answer.this_ms) < at_ms;
                match !ended && answer.this_ms <= certificate.not_after_ms() {
                    true => Revocation::Good,
                    false => Revocation::Unknown,
                }
            }
            other => other,
        }
    }

    /// Whether the issuer signed it, or somebody whom the issuer certified for that (RFC 6960 §4.2.2.2).
    fn is_authorised(&self, issuer: &Certificate, given: &[Certificate]) -> bool {
        let signed_by = |certificate: &Certificate| {
            let key = certificate.spki();
            algorithm::verify(key, &self.algorithm, None, &self.tbs, &self.signature).is_ok()
        };
        let delegated = |certificate: &&Certificate| {
            certificate.is_for_ocsp()
                && certificate.issuer_name() == issuer.subject_name()
                && certificate.check_at(self.produced_ms).is_ok()
                && certificate.check_signing().is_ok()
                && certificate.is_signed_by(issuer).is_ok()
        };
        signed_by(issuer) || self.certificates.iter().chain(given).filter(delegated).any(signed_by)
    }
}

impl Answer {
    fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        use der::Encode;
        let name = certificate.issuer_name().to_der().unwrap_or_default();
        let key = issuer.spki().subject_public_key.as_bytes().unwrap_or_default();
        self.serial == certificate.serial_bytes()
            && self.issuer_name == self.hash.digest(&name)
            && self.issuer_key == self.hash.digest(key)
    }
}

fn answer(mut fields: Elements<'_>) -> Result<Answer> {
    let mut id = fields.open(Tag::Sequence)?;
    let hash: AlgorithmIdentifierOwned = id.read()?;
    let issuer_name: &OctetStringRef = id.read()?;
    let issuer_key: &OctetStringRef = id.read()?;
    let serial: IntRef<'_> = id.read()?;
    id.end()?;
    let said = status(fields.any()?, &fields)?;
    let this_ms = time(fields.read()?);
    let next_ms = fields.explicit::<GeneralizedTime>(0)?.map(time);
    Ok(Answer {
        hash: Hash::from_oid(&hash.oid)?,
        issuer_name: issuer_name.as_bytes().to_vec(),
        issuer_key: issuer_key.as_bytes().to_vec(),
        serial: serial.as_bytes().to_vec(),
        said,
        this_ms,
        next_ms,
    })
}

fn status(any: AnyRef<'_>, place: &Elements<'_>) -> Result<Revocation> {
    let tag = der::Tagged::tag(&any);
    if tag == context(0, false) {
        return Ok(Revocation::Good);
    }
    if tag != context(1, true) {
        return Ok(Revocation::Unknown);
    }
    let mut info = Elements::inside(any.value(), ErrorCode::InvalidCertificate, WHAT)?;
    let at_ms = time(info.read()?);
    let reason = match info.optional(context(0, true))? {
        None => None,
        Some(reason) => {
            let reason = AnyRef::from_der(reason.value()).map_err(|_| place.bad())?;
            reason.value().last().copied()
        }
    };
    Ok(Revocation::Revoked { at_ms, reason })
}

fn time(at: GeneralizedTime) -> i64 {
    i64::try_from(at.to_unix_duration().as_millis()).unwrap_or(i64::MAX)
}
