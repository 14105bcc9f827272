//! Certificates as received, with what a chain asks of them.

mod purposes;

use core::fmt;

use der::{Decode, Tag};
#[cfg(feature = "envelope")]
use der::{
    Encode,
    asn1::{AnyRef, IntRef},
};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

use super::CERTIFICATE_BYTES;
use super::algorithm;
use super::elements::{Elements, object, whole};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{HashAlg, hex};
use crate::sign::PublicKey;

/// Extensions that are understood here; a critical one that is not makes a certificate unusable (RFC 5280 §4.2).
/// Of policies only their presence is understood: no chain is asked for one.
const UNDERSTOOD: [&str; 4] = ["2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.32"];

/// An X.509 certificate: the bytes received, and what was read of them. Reading checks form only; whom it comes from is
/// asked of [`super::Trust`].
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    read: x509_cert::Certificate,
    /// The signed part, as received.
    tbs: Vec<u8>,
    not_before_ms: i64,
    not_after_ms: i64,
    constraints: Option<BasicConstraints>,
    usage: Option<KeyUsage>,
    /// Whether it is critical, and the purposes.
    extended: Option<(bool, ExtendedKeyUsage)>,
    /// A critical extension that is not understood.
    unknown_critical: bool,
}

impl Certificate {
    /// Reads a certificate from its DER.
    ///
    /// # Errors
    /// `TooLarge` above 16,384 bytes; `InvalidCertificate` for what is none, has bytes after its end, an extension twice or
    /// one that cannot be read.
    pub fn parse(der: &[u8]) -> Result<Self> {
        if der.len() > CERTIFICATE_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "a certificate has at most 16,384 bytes"));
        }
        let read = x509_cert::Certificate::from_der(der).map_err(|_| bad("certificate"))?;
        let any = whole(der, ErrorCode::InvalidCertificate, "certificate")?;
        let mut fields =
            Elements::of(any, Tag::Sequence, ErrorCode::InvalidCertificate, "certificate")?;
        let tbs = fields.raw()?.to_vec();
        let inner = read.tbs_certificate();
        if inner.signature() != read.signature_algorithm() {
            return Err(bad("a certificate that names two signature algorithms"));
        }
        let extensions = inner.extensions().map(Vec::as_slice).unwrap_or_default();
        let mut ids: Vec<_> = extensions.iter().map(|extension| extension.extn_id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|two| two.first() == two.last()) {
            return Err(bad("an extension that stands twice"));
        }
        let understood = |oid| UNDERSTOOD.iter().any(|dotted| object(dotted) == oid);
        let unknown_critical =
            extensions.iter().any(|extension| extension.critical && !understood(extension.extn_id));
        let unreadable = |_| bad("an extension that cannot be read");
        let constraints = inner.get_extension().map_err(unreadable)?;
        let usage = inner.get_extension().map_err(unreadable)?;
        let extended = inner.get_extension().map_err(unreadable)?;
        let validity = inner.validity();
        Ok(Self {
            der: der.to_vec(),
            tbs,
            not_before_ms: millis(validity.not_before),
            not_after_ms: millis(validity.not_after).saturating_add(999),
            constraints: constraints.map(|(_, constraints)| constraints),
            usage: usage.map(|(_, usage)| usage),
            extended,
            unknown_critical,
            read,
        })
    }

    /// Reads one certificate from PEM (RFC 7468 §5).
    ///
    /// # Errors
    /// As [`Certificate::parse`].
    pub fn from_pem(text: &str) -> Result<Self> {
        if text.len() > 2 * CERTIFICATE_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "a certificate has at most 16,384 bytes"));
        }
        let (label, document) =
            der::Document::from_pem(text.trim()).map_err(|_| bad("PEM of a CERTIFICATE"))?;
        if label != "CERTIFICATE" {
            return Err(bad("PEM of a CERTIFICATE"));
        }
        Self::parse(document.as_bytes())
    }

    /// The bytes, as received.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The subject's name as RFC 4514 writes it. It comes from whoever made the certificate: show it escaped.
    pub fn subject(&self) -> String {
        self.read.tbs_certificate().subject().to_string()
    }

    /// The issuer's name as RFC 4514 writes it.
    pub fn issuer(&self) -> String {
        self.read.tbs_certificate().issuer().to_string()
    }

    /// The serial number in hex, without leading zeros.
    pub fn serial(&self) -> String {
        let digits = hex::encode(self.read.tbs_certificate().serial_number().as_bytes());
        match digits.trim_start_matches('0') {
            "" => "0".to_owned(),
            rest => rest.to_owned(),
        }
    }

    /// Valid from, milliseconds since 1970.
    pub fn not_before_ms(&self) -> i64 {
        self.not_before_ms
    }

    /// Valid until, milliseconds since 1970, the last one included.
    pub fn not_after_ms(&self) -> i64 {
        self.not_after_ms
    }

    /// SHA-256 of the bytes: what `x5t` and fingerprints are.
    pub fn fingerprint(&self) -> [u8; 32] {
        HashAlg::Sha256.digest(&self.der)
    }

    /// The certified key, where it is one of the kinds that this library signs with; an SM2 key gets the default user ID.
    ///
    /// # Errors
    /// `UnsupportedAlgorithm`, `InvalidKey`.
    pub fn key(&self) -> Result<PublicKey> {
        algorithm::public_key(self.spki())
    }

    /// Whether it is one of this key, whatever user ID the key has.
    pub fn certifies(&self, key: &PublicKey) -> bool {
        self.key().is_ok_and(|own| own.alg() == key.alg() && own.bytes() == key.bytes())
    }

    pub(super) fn spki(&self) -> &x509_cert::spki::SubjectPublicKeyInfoOwned {
        self.read.tbs_certificate().subject_public_key_info()
    }

    pub(super) fn subject_name(&self) -> &x509_cert::name::Name {
        self.read.tbs_certificate().subject()
    }

    pub(super) fn issuer_name(&self) -> &x509_cert::name::Name {
        self.read.tbs_certificate().issuer()
    }

    pub(super) fn serial_bytes(&self) -> &[u8] {
        self.read.tbs_certificate().serial_number().as_bytes()
    }

    /// IssuerAndSerialNumber (RFC 5652 §10.2.4), DER: how an envelope names the holder.
    #[cfg(feature = "envelope")]
    pub(crate) fn issuer_and_serial(&self) -> Result<Vec<u8>> {
        let written = || {
            let serial = IntRef::new(self.serial_bytes())?.to_der()?;
            AnyRef::new(Tag::Sequence, &[self.issuer_name().to_der()?, serial].concat())?.to_der()
        };
        written().map_err(|_| bad("issuer and serial number"))
    }

    /// The subject key identifier, where it has one.
    pub(crate) fn key_identifier(&self) -> Option<Vec<u8>> {
        let found = self.read.tbs_certificate().get_extension();
        let (_, id): (bool, x509_cert::ext::pkix::SubjectKeyIdentifier) = found.ok()??;
        Some(id.0.as_bytes().to_vec())
    }

    /// Whether subject and issuer are one name.
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject_name() == self.issuer_name()
    }

    /// Whether the issuer's key made this certificate's signature.
    pub(super) fn is_signed_by(&self, issuer: &Certificate) -> Result<()> {
        let signature = self.read.signature().as_bytes().ok_or_else(|| bad("signature"))?;
        let algorithm = self.read.signature_algorithm();
        algorithm::verify(issuer.spki(), algorithm, None, &self.tbs, signature)
    }

    /// Checks that it was valid at a time and holds nothing critical that is not understood.
    pub(crate) fn check_at(&self, at_ms: i64) -> Result<()> {
        if at_ms < self.not_before_ms || at_ms > self.not_after_ms {
            return Err(Error::new(ErrorCode::CertificateNotValid, "outside its validity"));
        }
        if self.unknown_critical {
            return Err(bad("a critical extension that is not understood"));
        }
        Ok(())
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate(sha256 {})", hex::encode(&self.fingerprint()))
    }
}

/// A time of a certificate in milliseconds since 1970.
pub(super) fn millis(time: x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX)
}

fn bad(what: &str) -> Error {
    Error::new(ErrorCode::InvalidCertificate, what)
}
