//! From a certificate to one that the verifier trusts (RFC 5280 §6), at a moment.
//!
//! What stands in a certificate only counts once its chain holds. Name constraints and policy mappings are not understood:
//! a certificate with a critical one of those leads nowhere.

use super::Certificate;
use super::crl::Crl;
use super::ocsp::OcspResponse;
use crate::error::{Error, ErrorCode, Result};

/// Most certificates from the first to the anchor.
const LENGTH: usize = 8;
/// Most signatures that are tried for one chain: an honest one needs its length.
const ATTEMPTS: usize = 24;

/// What the first certificate is to be for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Timestamps, and nothing else (RFC 3161 §2.3).
    TimeStamping,
    /// Signatures over statements and blocks.
    Signing,
}

/// What a verifier trusts, and what it knows about revocation.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Certificates that chains may end in.
    pub anchors: Vec<Certificate>,
    /// Certificates that may stand between, where the evidence does not bring them.
    pub others: Vec<Certificate>,
    /// Revocation lists.
    pub crls: Vec<Crl>,
    /// OCSP responses.
    pub ocsp: Vec<OcspResponse>,
}

/// A chain that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The anchor, by its place in [`Trust::anchors`].
    pub anchor: usize,
    /// Certificates, the first one and the anchor included.
    pub length: usize,
    /// Whether something given says of every certificate below the anchor that it was not revoked.
    pub revocation_checked: bool,
}

/// What revocation says of one certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Revocation {
    /// Good, by something that speaks for the moment.
    Good,
    /// Nothing speaks for the moment.
    Unknown,
    /// Revoked at a time, with the number of a reason (RFC 5280 §5.3.1).
    Revoked { at_ms: i64, reason: Option<u8> },
}

impl Trust {
    /// The chain from `leaf` over `given` certificates to an anchor, as it held at `at_ms`.
    ///
    /// # Errors
    /// `CertificateNotValid` at that time; `WrongPurpose`; `CertificateRevoked`; `UntrustedChain` when nothing leads to an
    /// anchor, or what should is not signed by the next; `InvalidCertificate`; `LimitExceeded`.
    pub fn chain(
        &self,
        leaf: &Certificate,
        given: &[Certificate],
        at_ms: i64,
        purpose: Purpose,
    ) -> Result<Chain> {
        leaf.check_at(at_ms)?;
        match purpose {
            Purpose::TimeStamping => leaf.check_time_stamping()?,
            Purpose::Signing => leaf.check_signing()?,
        }
        if self.anchors.is_empty() {
            return Err(Error::new(ErrorCode::UntrustedChain, "nobody is trusted"));
        }
        if let Some(anchor) = self.anchors.iter().position(|anchor| anchor == leaf) {
            let revocation_checked = self.pinned_stands(leaf, given, at_ms, purpose)?;
            return Ok(Chain { anchor, length: 1, revocation_checked });
        }
        let mut attempts = ATTEMPTS;
        let mut refused = None;
        let mut ways: Vec<Vec<&Certificate>> = vec![vec![leaf]];
        while let Some(way) = ways.pop() {
            let Some(last) = way.last() else { continue };
            let mut longer = Vec::new();
            let issuers = self.others.iter().chain(given);
            let anchors = self.anchors.iter().map(|anchor| (anchor, true));
            for (issuer, is_anchor) in issuers.map(|other| (other, false)).chain(anchors) {
                if issuer.subject_name() != last.issuer_name() || way.contains(&issuer) {
                    continue;
                }
                let Some(left) = attempts.checked_sub(1) else {
                    return Err(Error::new(ErrorCode::LimitExceeded, "too many ways of a chain"));
                };
                attempts = left;
                if let Err(error) = issues(issuer, &way, at_ms, purpose) {
                    refused.get_or_insert(error);
                    continue;
                }
                let way: Vec<_> = way.iter().copied().chain([issuer]).collect();
                match is_anchor {
                    true => match self.finish(&way, given, at_ms) {
                        Ok(chain) => return Ok(chain),
                        Err(error) => refused = Some(error),
                    },
                    false if way.len() < LENGTH => longer.push(way),
                    false => {}
                }
            }
            ways.extend(longer);
        }
        Err(refused.unwrap_or_else(|| {
            Error::new(ErrorCode::UntrustedChain, "no issuer is given or trusted")
        }))
    }

    /// Asks about revocation along a way whose last certificate is an anchor.
    fn finish(&self, way: &[&Certificate], given: &[Certificate], at_ms: i64) -> Result<Chain> {
        let anchor = way.last().and_then(|last| self.anchors.iter().position(|one| one == *last));
        let mut revocation_checked = true;
        for (certificate, issuer) in way.iter().zip(way.iter().skip(1)) {
            revocation_checked &= self.stands(certificate, issuer, given, at_ms)?;
        }
        Ok(Chain { anchor: anchor.unwrap_or_default(), length: way.len(), revocation_checked })
    }

    /// Asks about the revocation of a certificate that is an anchor itself. Issuers are the verifier's own only: whoever brings
    /// the evidence could make a key that fits an old signature.
    fn pinned_stands(
        &self,
        leaf: &Certificate,
        given: &[Certificate],
        at_ms: i64,
        purpose: Purpose,
    ) -> Result<bool> {
        let mut stands = false;
        for issuer in self.others.iter().chain(&self.anchors) {
            if issuer.subject_name() == leaf.issuer_name()
                && issues(issuer, &[leaf], at_ms, purpose).is_ok()
            {
                stands |= self.stands(leaf, issuer, given, at_ms)?;
            }
        }
        Ok(stands)
    }

    /// Whether something given says that a certificate was not revoked at the moment. Every answer is asked: one that calls
    /// a key compromised counts, whatever an earlier one says.
    fn stands(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        given: &[Certificate],
        at_ms: i64,
    ) -> Result<bool> {
        let lists = self.crls.iter().map(|crl| crl.about(certificate, issuer, at_ms));
        let answers = self.ocsp.iter().map(|ocsp| ocsp.about(certificate, issuer, given, at_ms));
        let mut stands = false;
        for said in lists.chain(answers) {
            match said {
                Revocation::Good => stands = true,
                Revocation::Unknown => {}
                Revocation::Revoked { at_ms: since, reason } => {
                    // Who had the key may have dated back. Of the other reasons RFC 3161 §4 says that what is older stays good.
                    let stays_good = matches!(reason, Some(0 | 3 | 4 | 5));
                    if since <= at_ms || !stays_good {
                        return Err(Error::new(ErrorCode::CertificateRevoked, "in the chain"));
                    }
                    stands = true;
                }
            }
        }
        Ok(stands)
    }
}

/// Whether a certificate issued the last one of a way.
fn issues(issuer: &Certificate, way: &[&Certificate], at_ms: i64, purpose: Purpose) -> Result<()> {
    let Some((last, before)) = way.split_last() else { return Ok(()) };
    issuer.check_at(at_ms)?;
    // Certificates between this issuer and the first one, but for those an authority issued to itself (RFC 5280 §4.2.1.9).
    let between = before.iter().skip(1).chain(before.first().map(|_| last));
    issuer.check_issuer(between.filter(|one| !one.is_self_issued()).count(), purpose)?;
    last.is_signed_by(issuer).map_err(|error| {
        let why = format!("not signed by an issuer of that name: {}", error.code().message());
        Error::new(ErrorCode::UntrustedChain, why)
    })
}
