//! The one shape of CMS that a timestamp token has: SignedData with content inside and exactly one signer, who signs
//! attributes (RFC 5652 §5, RFC 3161 §2.4.2).

use der::Tag;
use der::asn1::{AnyRef, IntRef, ObjectIdentifier, OctetStringRef};
use x509_cert::name::Name;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::algorithm::{self, Hash};
use super::elements::{Elements, context, object, whole};
use super::{CERTIFICATE_BYTES, Certificate};
use crate::error::{Error, ErrorCode, Result};

/// signedData under PKCS#7, and under the arc of GM/T 0010.
const SIGNED_DATA: [&str; 2] = ["1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2"];
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
/// Most certificates, and most signed attributes.
const MANY: usize = 16;
const CODE: ErrorCode = ErrorCode::InvalidToken;

/// SignedData, read. Nothing in it is believed yet.
#[derive(Clone, Debug)]
pub(crate) struct SignedData {
    /// What kind of content it is.
    pub(crate) content_type: ObjectIdentifier,
    /// The content.
    pub(crate) content: Vec<u8>,
    /// The certificates that came with it, as far as they could be read.
    pub(crate) certificates: Vec<Certificate>,
    signer: Signer,
}

#[derive(Clone, Debug)]
struct Signer {
    id: SignerId,
    digest: AlgorithmIdentifierOwned,
    /// The signed attributes as SET OF, which is what is signed.
    attributes: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    message_digest: Vec<u8>,
    certificate: CertificateId,
}

#[derive(Clone, Debug)]
enum SignerId {
    Issuer(Name, Vec<u8>),
    Key(Vec<u8>),
}

/// ESSCertID (RFC 2634 §5.4.1) or ESSCertIDv2 (RFC 5035 §4): which certificate the signer means.
#[derive(Clone, Debug)]
struct CertificateId {
    hash: Hash,
    digest: Vec<u8>,
}

impl SignedData {
    /// Reads it from the DER of a ContentInfo.
    ///
    /// # Errors
    /// `InvalidToken` for another content type, other than one signer, attributes that are missing or stand twice, bytes
    /// after the end and whatever else does not fit the form; `UnsupportedAlgorithm`.
    pub(crate) fn parse(der: &[u8]) -> Result<Self> {
        let mut info = Elements::of(whole(der, CODE, "CMS")?, Tag::Sequence, CODE, "CMS")?;
        let kind: ObjectIdentifier = info.read()?;
        if !SIGNED_DATA.iter().any(|dotted| object(dotted) == kind) {
            return Err(Error::new(CODE, "not signed data"));
        }
        let mut wrapped = info.open(context(0, true))?;
        info.end()?;
        let mut data = wrapped.open(Tag::Sequence)?;
        wrapped.end()?;
        let _version: IntRef<'_> = data.read()?;
        data.open(Tag::Set)?;
        let mut encapsulated = data.open(Tag::Sequence)?;
        let content_type: ObjectIdentifier = encapsulated.read()?;
        let content: &OctetStringRef =
            encapsulated.explicit(0)?.ok_or_else(|| Error::new(CODE, "no content"))?;
        encapsulated.end()?;
        let mut certificates = Vec::new();
        if let Some(list) = data.optional(context(0, true))? {
            certificates = read_certificates(list)?;
        }
        data.optional(context(1, true))?;
        let mut signers = data.open(Tag::Set)?;
        data.end()?;
        let signer = read_signer(signers.open(Tag::Sequence)?, &content_type)?;
        if !signers.is_empty() {
            return Err(Error::new(CODE, "more than one signer"));
        }
        Ok(Self { content_type, content: content.as_bytes().to_vec(), certificates, signer })
    }

    /// The signer's certificate, among those that came with it and others.
    ///
    /// # Errors
    /// `UntrustedChain` when none is the signer's; `CertificateMismatch` when the attribute means another.
    pub(crate) fn signer<'c>(
        &'c self,
        others: impl IntoIterator<Item = &'c Certificate>,
    ) -> Result<&'c Certificate> {
        let is_named = |certificate: &&Certificate| match &self.signer.id {
            SignerId::Issuer(issuer, serial) => {
                certificate.issuer_name() == issuer && certificate.serial_bytes() == serial
            }
            SignerId::Key(id) => certificate.key_identifier().as_ref() == Some(id),
        };
        let named = self.certificates.iter().chain(others).filter(is_named);
        let CertificateId { hash, digest } = &self.signer.certificate;
        let mut found = None;
        for certificate in named {
            if hash.digest(certificate.der()) == *digest {
                return Ok(certificate);
            }
            found = Some(certificate);
        }
        Err(match found {
            Some(_) => Error::new(ErrorCode::CertificateMismatch, "ESSCertID"),
            None => Error::new(ErrorCode::UntrustedChain, "the signer's certificate is not given"),
        })
    }

    /// Checks content and signature with the signer's certificate.
    ///
    /// # Errors
    /// `DigestMismatch` when the signed attributes are of other content; as [`algorithm::verify`].
    pub(crate) fn verify(&self, certificate: &Certificate) -> Result<()> {
        let signer = &self.signer;
        let digest = Hash::from_oid(&signer.digest.oid)?;
        if digest == Hash::Sha1 {
            return Err(Error::new(ErrorCode::UnsupportedAlgorithm, "SHA-1"));
        }
        if digest.digest(&self.content) != signer.message_digest {
            return Err(Error::new(ErrorCode::DigestMismatch, "content of the token"));
        }
        algorithm::verify(
            certificate.spki(),
            &signer.algorithm,
            Some(digest),
            &signer.attributes,
            &signer.signature,
        )
    }
}

/// What stands in the set beside certificates proper (attribute certificates, other formats) is of no use here.
fn read_certificates(list: AnyRef<'_>) -> Result<Vec<Certificate>> {
    let mut list = Elements::inside(list.value(), CODE, "certificates")?;
    let (mut certificates, mut seen) = (Vec::new(), 0);
    while !list.is_empty() {
        if seen == MANY {
            return Err(Error::new(CODE, "more than 16 certificates"));
        }
        seen += 1;
        let bytes = list.raw()?;
        if bytes.first() == Some(&0x30) && bytes.len() <= CERTIFICATE_BYTES {
            certificates.extend(Certificate::parse(bytes));
        }
    }
    Ok(certificates)
}

fn read_signer(mut fields: Elements<'_>, content_type: &ObjectIdentifier) -> Result<Signer> {
    let _version: IntRef<'_> = fields.read()?;
    let id = match fields.optional(context(0, false))? {
        Some(key) => SignerId::Key(key.value().to_vec()),
        None => {
            let mut issuer = fields.open(Tag::Sequence)?;
            let name: Name = issuer.read()?;
            let serial: IntRef<'_> = issuer.read()?;
            issuer.end()?;
            SignerId::Issuer(name, serial.as_bytes().to_vec())
        }
    };
    let digest = fields.read()?;
    let signed = fields
        .optional(context(0, true))?
        .ok_or_else(|| Error::new(CODE, "no signed attributes"))?;
    let algorithm = fields.read()?;
    let signature: &OctetStringRef = fields.read()?;
    fields.optional(context(1, true))?;
    fields.end()?;
    let attributes = Attributes::read(signed)?;
    let named: ObjectIdentifier = attributes.one(CONTENT_TYPE)?.decode()?;
    if named != *content_type {
        return Err(Error::new(CODE, "the signed content type is another one"));
    }
    let message_digest: &OctetStringRef = attributes.one(MESSAGE_DIGEST)?.decode()?;
    Ok(Signer {
        id,
        digest,
        attributes: as_set(signed)?,
        algorithm,
        signature: signature.as_bytes().to_vec(),
        message_digest: message_digest.as_bytes().to_vec(),
        certificate: attributes.certificate()?,
    })
}

/// The signed attributes with the tag that they are signed under (RFC 5652 §5.4), otherwise as received.
fn as_set(signed: AnyRef<'_>) -> Result<Vec<u8>> {
    use der::Encode;
    let set = AnyRef::new(Tag::Set, signed.value());
    set.and_then(|set| set.to_der()).map_err(|_| Error::new(CODE, "signed attributes"))
}

/// Signed attributes: what each is, and its one value.
struct Attributes<'a>(Vec<(ObjectIdentifier, AnyRef<'a>)>);

struct Attribute<'a>(AnyRef<'a>);

impl<'a> Attributes<'a> {
    fn read(signed: AnyRef<'a>) -> Result<Self> {
        let mut list = Elements::inside(signed.value(), CODE, "signed attributes")?;
        let mut found = Vec::new();
        while !list.is_empty() {
            if found.len() == MANY {
                return Err(Error::new(CODE, "more than 16 signed attributes"));
            }
            let mut attribute = list.open(Tag::Sequence)?;
            let kind = attribute.read()?;
            let mut values = attribute.open(Tag::Set)?;
            attribute.end()?;
            let value = values.any()?;
            values.end()?;
            found.push((kind, value));
        }
        Ok(Self(found))
    }

    fn find(&self, dotted: &'static str) -> Result<Option<Attribute<'a>>> {
        let mut found = self.0.iter().filter(|(kind, _)| *kind == object(dotted));
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Error::new(CODE, "a signed attribute that stands twice")),
            (first, None) => Ok(first.map(|(_, value)| Attribute(*value))),
        }
    }

    fn one(&self, dotted: &'static str) -> Result<Attribute<'a>> {
        self.find(dotted)?.ok_or_else(|| Error::new(CODE, "a signed attribute is missing"))
    }

    /// The first certificate that the signing certificate attribute names; the newer one where both stand.
    fn certificate(&self) -> Result<CertificateId> {
        let missing = || Error::new(CODE, "no attribute names the signing certificate");
        let (value, newer) = match self.find(SIGNING_CERTIFICATE_V2)? {
            Some(value) => (value, true),
            None => (self.find(SIGNING_CERTIFICATE)?.ok_or_else(missing)?, false),
        };
        let place = "signing certificate";
        let mut list = Elements::of(value.0, Tag::Sequence, CODE, place)?.open(Tag::Sequence)?;
        let mut first = list.open(Tag::Sequence)?;
        let mut hash = if newer { Hash::Sha256 } else { Hash::Sha1 };
        if newer && let Some(named) = first.optional(Tag::Sequence)? {
            let mut named = Elements::of(named, Tag::Sequence, CODE, place)?;
            hash = Hash::from_oid(&named.read()?)?;
        }
        let digest: &OctetStringRef = first.read()?;
        Ok(CertificateId { hash, digest: digest.as_bytes().to_vec() })
    }
}

impl<'a> Attribute<'a> {
    fn decode<T: der::DecodeValue<'a> + der::FixedTag + 'a>(self) -> Result<T> {
        self.0.decode_as().map_err(|_| Error::new(CODE, "a signed attribute of another type"))
    }
}
