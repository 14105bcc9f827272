//! What a certificate may be used for (RFC 5280 §4.2.1.3, §4.2.1.9, §4.2.1.12).

use x509_cert::ext::pkix::ExtendedKeyUsage;

use super::super::chain::Purpose;
use super::super::elements::object;
use super::Certificate;
use crate::error::{Error, ErrorCode, Result};

/// id-kp-timeStamping (RFC 3161 §2.3).
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// anyExtendedKeyUsage (RFC 5280 §4.2.1.12).
const ANY_PURPOSE: &str = "2.5.29.37.0";
/// id-kp-OCSPSigning (RFC 6960 §4.2.2.2).
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";

impl Certificate {
    /// Checks that it may issue others for this purpose, with `below` certificates between it and the last one. An authority
    /// whose extended key usage leaves timestamps out issues no timestamp authority's certificate.
    pub(in crate::x509) fn check_issuer(&self, below: usize, purpose: Purpose) -> Result<()> {
        let wrong = |what: &str| Error::new(ErrorCode::WrongPurpose, what);
        match &self.constraints {
            Some(constraints) if constraints.ca => {
                let most = constraints.path_len_constraint.map(usize::from);
                if most.is_some_and(|most| below > most) {
                    return Err(wrong("more certificates below an issuer than it allows"));
                }
            }
            _ => return Err(wrong("an issuer that is no certificate authority")),
        }
        if self.usage.as_ref().is_some_and(|usage| !usage.key_cert_sign()) {
            return Err(wrong("an issuer whose key is not for certificates"));
        }
        let stamps = |purposes: &ExtendedKeyUsage| {
            purposes.0.iter().any(|id| *id == object(TIME_STAMPING) || *id == object(ANY_PURPOSE))
        };
        match &self.extended {
            Some((_, purposes)) if purpose == Purpose::TimeStamping && !stamps(purposes) => {
                Err(wrong("an issuer for other purposes than timestamps"))
            }
            _ => Ok(()),
        }
    }

    /// Checks that its key may sign revocation lists.
    pub(in crate::x509) fn may_sign_lists(&self) -> bool {
        self.usage.as_ref().is_none_or(|usage| usage.crl_sign())
    }

    /// Whether it was issued for answering OCSP requests.
    pub(in crate::x509) fn is_for_ocsp(&self) -> bool {
        self.extended
            .as_ref()
            .is_some_and(|(_, purposes)| purposes.0.contains(&object(OCSP_SIGNING)))
    }

    /// Whether it is an authority's.
    pub(in crate::x509) fn is_authority(&self) -> bool {
        self.constraints.as_ref().is_some_and(|constraints| constraints.ca)
    }

    /// Checks that it may sign timestamps at a time.
    pub(crate) fn check_stamp(&self, at_ms: i64) -> Result<()> {
        self.check_at(at_ms)?;
        self.check_time_stamping()
    }

    /// Checks that it is one for timestamps and nothing else (RFC 3161 §2.3).
    pub(in crate::x509) fn check_time_stamping(&self) -> Result<()> {
        let wrong = |what: &str| Err(Error::new(ErrorCode::WrongPurpose, what));
        match &self.extended {
            None => return wrong("a certificate without extended key usage"),
            Some((_, purposes)) if purposes.0 != [object(TIME_STAMPING)] => {
                return wrong("a certificate for other purposes than timestamps");
            }
            Some((false, _)) => return wrong("an extended key usage that is not critical"),
            Some((true, _)) => {}
        }
        self.check_signing()
    }

    /// Checks that its key may encrypt to its holder (RFC 5280 §4.2.1.3), who is no authority.
    #[cfg(feature = "envelope")]
    pub(crate) fn check_encryption(&self) -> Result<()> {
        if self.is_authority() {
            return Err(Error::new(ErrorCode::WrongPurpose, "an authority's certificate"));
        }
        match &self.usage {
            Some(usage)
                if !usage.key_encipherment()
                    && !usage.data_encipherment()
                    && !usage.key_agreement() =>
            {
                Err(Error::new(
                    ErrorCode::WrongPurpose,
                    "a certificate whose key is not for encryption",
                ))
            }
            _ => Ok(()),
        }
    }

    /// Checks that its key may sign what is no certificate.
    pub(in crate::x509) fn check_signing(&self) -> Result<()> {
        match &self.usage {
            Some(usage) if !usage.digital_signature() && !usage.non_repudiation() => {
                Err(Error::new(
                    ErrorCode::WrongPurpose,
                    "a certificate whose key is not for signatures",
                ))
            }
            _ => Ok(()),
        }
    }
}
