//! Revocation lists (RFC 5280 §5).

use der::{Decode, Tag};
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::IssuingDistributionPoint;

use super::algorithm;
use super::certificate::millis;
use super::chain::Revocation;
use super::elements::{Elements, object, whole};
use super::{CRL_BYTES, Certificate};
use crate::error::{Error, ErrorCode, Result};

const REASON_CODE: &str = "2.5.29.21";
const DISTRIBUTION_POINT: &str = "2.5.29.28";

/// A revocation list, read but not yet believed: that takes its issuer.
#[derive(Clone, Debug)]
pub struct Crl {
    read: CertificateList,
    tbs: Vec<u8>,
    /// Which certificates it leaves out, when it says so.
    scope: Option<IssuingDistributionPoint>,
}

impl Crl {
    /// Reads a list from its DER. Delta lists, indirect ones and those for some reasons only are refused: by themselves they do
    /// not say that a certificate is good.
    ///
    /// # Errors
    /// `TooLarge` above 2 MiB, `InvalidCertificate`.
    pub fn parse(der: &[u8]) -> Result<Self> {
        if der.len() > CRL_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "a revocation list has at most 2 MiB"));
        }
        let read = CertificateList::from_der(der).map_err(|_| bad("revocation list"))?;
        let any = whole(der, ErrorCode::InvalidCertificate, "revocation list")?;
        let mut fields =
            Elements::of(any, Tag::Sequence, ErrorCode::InvalidCertificate, "revocation list")?;
        let tbs = fields.raw()?.to_vec();
        if read.tbs_cert_list.signature != read.signature_algorithm {
            return Err(bad("a revocation list that names two signature algorithms"));
        }
        let mut scope = None;
        let extensions = read.tbs_cert_list.crl_extensions.iter().flatten();
        for extension in extensions {
            if extension.extn_id == object(DISTRIBUTION_POINT) {
                let point = IssuingDistributionPoint::from_der(extension.extn_value.as_bytes());
                let point = point.map_err(|_| bad("distribution point"))?;
                if point.indirect_crl
                    || point.only_some_reasons.is_some()
                    || point.only_contains_attribute_certs
                {
                    return Err(bad("a revocation list that is not about all certificates"));
                }
                scope = Some(point);
            } else if extension.critical {
                return Err(bad(
                    "a revocation list with a critical extension that is not understood",
                ));
            }
        }
        let entries = read.tbs_cert_list.revoked_certificates.iter().flatten();
        let mut entry_extensions =
            entries.flat_map(|entry| entry.crl_entry_extensions.iter().flatten());
        if entry_extensions
            .any(|extension| extension.critical && extension.extn_id != object(REASON_CODE))
        {
            return Err(bad("a revocation list with a critical extension that is not understood"));
        }
        Ok(Self { read, tbs, scope })
    }

    /// Reads one list from PEM.
    ///
    /// # Errors
    /// As [`Crl::parse`].
    pub fn from_pem(text: &str) -> Result<Self> {
        if text.len() > 2 * CRL_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "a revocation list has at most 2 MiB"));
        }
        let (label, document) =
            der::Document::from_pem(text.trim()).map_err(|_| bad("PEM of an X509 CRL"))?;
        if label != "X509 CRL" {
            return Err(bad("PEM of an X509 CRL"));
        }
        Self::parse(document.as_bytes())
    }

    /// What it says about a certificate of this issuer at a moment. A list that ended before speaks for no later moment, and one
    /// that does not say when it ends only up to its own; one issued later still names what was revoked, as long as the
    /// certificate had not expired. A list of one distribution point says what is revoked, never what is good.
    pub(super) fn about(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at_ms: i64,
    ) -> Revocation {
        let list = &self.read.tbs_cert_list;
        if list.issuer != *certificate.issuer_name() || self.is_signed_by(issuer).is_err() {
            return Revocation::Unknown;
        }
        let entry = list
            .revoked_certificates
            .iter()
            .flatten()
            .find(|entry| entry.serial_number.as_bytes() == certificate.serial_bytes());
        if let Some(entry) = entry {
            let reason = entry.crl_entry_extensions.iter().flatten();
            let reason = reason
                .filter(|extension| extension.extn_id == object(REASON_CODE))
                .find_map(|extension| extension.extn_value.as_bytes().last().copied());
            return Revocation::Revoked { at_ms: millis(entry.revocation_date), reason };
        }
        // A list of one distribution point may be one of several, and another may name the certificate.
        let in_scope = self.scope.as_ref().is_none_or(|scope| {
            scope.distribution_point.is_none()
                && match certificate.is_authority() {
                    true => !scope.only_contains_user_certs,
                    false => !scope.only_contains_ca_certs,
                }
        });
        let this_update = millis(list.this_update);
        let ended = list.next_update.map_or(this_update, millis) < at_ms;
        match in_scope && !ended && this_update <= certificate.not_after_ms() {
            true => Revocation::Good,
            false => Revocation::Unknown,
        }
    }

    fn is_signed_by(&self, issuer: &Certificate) -> Result<()> {
        if !issuer.may_sign_lists() {
            return Err(Error::new(ErrorCode::WrongPurpose, "revocation list"));
        }
        let signature = self.read.signature.as_bytes().ok_or_else(|| bad("signature"))?;
        algorithm::verify(issuer.spki(), &self.read.signature_algorithm, None, &self.tbs, signature)
    }
}

fn bad(what: &str) -> Error {
    Error::new(ErrorCode::InvalidCertificate, what)
}
