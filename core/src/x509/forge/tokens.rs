//! Timestamp tokens, and the responses they come in.

use super::*;

/// A token and everything about it.
pub(crate) struct Stamping<'k> {
    pub(crate) key: &'k Key,
    pub(crate) certificate: Vec<u8>,
    /// Certificates that travel in the token.
    pub(crate) carried: Vec<Vec<u8>>,
    /// Issuer's name and the number, as the signer is called by.
    pub(crate) signer: (&'static str, u64),
    pub(crate) imprint: (&'static str, Vec<u8>),
    pub(crate) time: &'static str,
    pub(crate) accuracy: Vec<u8>,
    pub(crate) nonce: Option<Vec<u8>>,
    /// Anything behind the nonce.
    pub(crate) behind: Vec<u8>,
    pub(crate) version: u64,
    pub(crate) arc: &'static str,
    pub(crate) content_type: &'static str,
    /// The content type that is signed.
    pub(crate) signed_type: &'static str,
    /// The certificate that the attribute names, as its digest is made of it; none for no attribute.
    pub(crate) names: Option<Vec<u8>>,
    /// Whether the attribute is the older one, with SHA-1.
    pub(crate) old_names: bool,
    pub(crate) signers: usize,
    /// Bytes that the signed digest is of instead of the content.
    pub(crate) digest_of: Option<Vec<u8>>,
    /// Whether the signature is over something else.
    pub(crate) spoilt: bool,
}

pub(crate) const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
pub(crate) const PKCS7: &str = "1.2.840.113549.1.7.2";
pub(crate) const GM: &str = "1.2.156.10197.6.1.4.2.2";
pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const SM3: &str = "1.2.156.10197.1.401";

impl<'k> Stamping<'k> {
    pub(crate) fn over(data: &[u8], key: &'k Key, certificate: &[u8]) -> Self {
        let hash = key.hash();
        let dotted = if hash == HashAlg::Sm3 { SM3 } else { SHA256 };
        Self {
            key,
            certificate: certificate.to_vec(),
            carried: vec![certificate.to_vec()],
            signer: ("Middle", 3),
            imprint: (dotted, hash.digest(data).to_vec()),
            time: "20260601120000Z",
            accuracy: Vec::new(),
            nonce: None,
            behind: Vec::new(),
            version: 1,
            arc: PKCS7,
            content_type: TST_INFO,
            signed_type: TST_INFO,
            names: Some(certificate.to_vec()),
            old_names: false,
            signers: 1,
            digest_of: None,
            spoilt: false,
        }
    }

    fn info(&self) -> Vec<u8> {
        let imprint = seq(&[&seq(&[&oid(self.imprint.0), &[5, 0]]), &tlv(4, &[&self.imprint.1])]);
        let nonce = self.nonce.as_ref().map(|nonce| tlv(2, &[nonce])).unwrap_or_default();
        seq(&[
            &uint(self.version),
            &oid("1.3.6.1.4.1.32473.2"),
            &imprint,
            &uint(77),
            &tlv(0x18, &[self.time.as_bytes()]),
            &self.accuracy,
            &nonce,
            &self.behind,
        ])
    }

    fn attributes(&self, content: &[u8]) -> Vec<u8> {
        let attribute = |id: &str, value: &[u8]| seq(&[&oid(id), &tlv(0x31, &[value])]);
        let digested = self.digest_of.as_deref().unwrap_or(content);
        let mut list = vec![
            attribute("1.2.840.113549.1.9.3", &oid(self.signed_type)),
            attribute("1.2.840.113549.1.9.4", &tlv(4, &[&self.key.hash().digest(digested)])),
        ];
        if let Some(named) = &self.names {
            list.push(match self.old_names {
                true => {
                    let digest = tlv(4, &[&crate::x509::Hash::Sha1.digest(named)]);
                    let named = seq(&[&seq(&[&seq(&[&digest])])]);
                    attribute("1.2.840.113549.1.9.16.2.12", &named)
                }
                false => {
                    let digest = tlv(4, &[&HashAlg::Sha256.digest(named)]);
                    let named = seq(&[&seq(&[&seq(&[&digest])])]);
                    attribute("1.2.840.113549.1.9.16.2.47", &named)
                }
            });
        }
        list.sort();
        list.concat()
    }

    /// The token.
    pub(crate) fn token(&self) -> Vec<u8> {
        let content = self.info();
        let attributes = self.attributes(&content);
        let mut message = tlv(0x31, &[&attributes]);
        if self.spoilt {
            message.push(0);
        }
        let digest = seq(&[&oid(if self.key.hash() == HashAlg::Sm3 { SM3 } else { SHA256 })]);
        let signer = seq(&[
            &uint(1),
            &seq(&[&name(self.signer.0), &uint(self.signer.1)]),
            &digest,
            &tlv(0xa0, &[&attributes]),
            &self.key.algorithm(),
            &tlv(4, &[&self.key.sign(&message)]),
        ]);
        let carried = tlv(0xa0, &[&self.carried.concat()]);
        let signed = seq(&[
            &uint(3),
            &tlv(0x31, &[&digest]),
            &seq(&[&oid(self.content_type), &tlv(0xa0, &[&tlv(4, &[&content])])]),
            if self.carried.is_empty() { &[] } else { &carried },
            &tlv(0x31, &[&signer.repeat(self.signers)]),
        ]);
        seq(&[&oid(self.arc), &tlv(0xa0, &[&signed])])
    }
}

/// A response with a status and what follows it.
pub(crate) fn response(status: u8, token: &[u8]) -> Vec<u8> {
    seq(&[&seq(&[&[2, 1, status]]), token])
}
