//! Authorities of our own for the tests, honest and otherwise: certificates, lists and tokens with everything that may be
//! wrong about them as a switch. Keys, times and numbers are fixed, so that the same bytes come out every time.

use der::asn1::ObjectIdentifier;

use crate::hash::HashAlg;
use crate::sign::{SigAlg, SoftwareKey};

pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let len = content.len();
    let head = match len {
        0..=0x7f => vec![tag, len as u8],
        0x80..=0xff => vec![tag, 0x81, len as u8],
        _ => vec![tag, 0x82, (len >> 8) as u8, len as u8],
    };
    [head, content].concat()
}

pub(crate) fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    tlv(0x06, &[ObjectIdentifier::new_unwrap(dotted).as_bytes()])
}

fn uint(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
    let sign: &[u8] = if bytes[from] >= 0x80 { &[0] } else { &[] };
    tlv(0x02, &[sign, &bytes[from..]])
}

/// A name with one common name.
pub(crate) fn name(common: &str) -> Vec<u8> {
    seq(&[&tlv(0x31, &[&seq(&[&oid("2.5.4.3"), &tlv(0x0c, &[common.as_bytes()])])])])
}

/// A key that signs in the form of certificates and CMS.
pub(crate) struct Key(pub(crate) SoftwareKey);

impl Key {
    pub(crate) fn new(alg: SigAlg, seed: u8) -> Self {
        Self(SoftwareKey::from_seed(alg, &[seed; 32]).unwrap())
    }

    pub(crate) fn algorithm(&self) -> Vec<u8> {
        seq(&[&oid(match self.0.alg() {
            SigAlg::Ed25519 => "1.3.101.112",
            SigAlg::P256 => "1.2.840.10045.4.3.2",
            SigAlg::Sm2 => "1.2.156.10197.1.501",
        })])
    }

    pub(crate) fn hash(&self) -> HashAlg {
        if self.0.alg() == SigAlg::Sm2 { HashAlg::Sm3 } else { HashAlg::Sha256 }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).unwrap().to_der()
    }
}

/// What a certificate says.
#[derive(Clone)]
pub(crate) struct Spec {
    pub(crate) subject: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) serial: u64,
    pub(crate) from: &'static str,
    pub(crate) until: &'static str,
    /// Whether it is an authority's, and how many may stand below.
    pub(crate) ca: Option<Option<u8>>,
    /// Bits of key usage, first byte as DER writes it.
    pub(crate) usage: Option<u8>,
    /// Critical, and purposes.
    pub(crate) extended: Option<(bool, &'static [&'static str])>,
    /// A critical extension that nobody understands.
    pub(crate) odd: bool,
}

pub(crate) const STAMPING: &str = "1.3.6.1.5.5.7.3.8";
pub(crate) const SERVER: &str = "1.3.6.1.5.5.7.3.1";

impl Spec {
    pub(crate) fn root() -> Self {
        Self {
            subject: "Root",
            issuer: "Root",
            serial: 1,
            from: "250101000000Z",
            until: "350101000000Z",
            ca: Some(None),
            usage: Some(0x06),
            extended: None,
            odd: false,
        }
    }

    pub(crate) fn middle() -> Self {
        Self { subject: "Middle", serial: 2, ..Self::root() }
    }

    /// A timestamp authority's certificate under the middle one.
    pub(crate) fn stamper() -> Self {
        Self {
            subject: "Stamper",
            issuer: "Middle",
            serial: 3,
            ca: None,
            usage: Some(0xc0),
            extended: Some((true, &[STAMPING])),
            ..Self::root()
        }
    }

    pub(crate) fn person() -> Self {
        Self { subject: "Person", serial: 4, extended: None, ..Self::stamper() }
    }

    pub(crate) fn certificate(&self, key: &Key, signer: &Key) -> Vec<u8> {
        let extension = |id: &str, critical: bool, value: &[u8]| {
            let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
            seq(&[&oid(id), critical, &tlv(4, &[value])])
        };
        let mut extensions = Vec::new();
        if let Some(most) = self.ca {
            let most = most.map(|most| uint(most.into())).unwrap_or_default();
            extensions.push(extension("2.5.29.19", true, &seq(&[&[1, 1, 0xff], &most])));
        }
        if let Some(bits) = self.usage {
            let unused = bits.trailing_zeros() as u8;
            extensions.push(extension("2.5.29.15", true, &tlv(3, &[&[unused, bits]])));
        }
        if let Some((critical, purposes)) = self.extended {
            let list: Vec<u8> = purposes.iter().flat_map(|purpose| oid(purpose)).collect();
            extensions.push(extension("2.5.29.37", critical, &seq(&[&list])));
        }
        if self.odd {
            extensions.push(extension("1.3.6.1.4.1.32473.1", true, &[5, 0]));
        }
        let list = tlv(0xa3, &[&seq(&[&extensions.concat()])]);
        let tbs = seq(&[
            &tlv(0xa0, &[&uint(2)]),
            &uint(self.serial),
            &signer.algorithm(),
            &name(self.issuer),
            &seq(&[&tlv(0x17, &[self.from.as_bytes()]), &tlv(0x17, &[self.until.as_bytes()])]),
            &name(self.subject),
            &key.0.public().to_spki_der(),
            if extensions.is_empty() { &[] } else { &list },
        ]);
        signed(&tbs, signer)
    }
}

/// `SEQUENCE { to be signed, algorithm, signature }`.
pub(crate) fn signed(tbs: &[u8], signer: &Key) -> Vec<u8> {
    seq(&[tbs, &signer.algorithm(), &tlv(3, &[&[0], &signer.sign(tbs)])])
}

/// A list by which `signer`, called `issuer`, revokes one number, with a reason.
pub(crate) fn crl(
    issuer: &str,
    signer: &Key,
    times: [&str; 2],
    revoked: Option<(u64, &str, Option<u8>)>,
) -> Vec<u8> {
    crl_of(issuer, signer, &times, revoked, &[])
}

/// The same with as many of its times as are given, and anything behind the entries.
pub(crate) fn crl_of(
    issuer: &str,
    signer: &Key,
    times: &[&str],
    revoked: Option<(u64, &str, Option<u8>)>,
    behind: &[u8],
) -> Vec<u8> {
    let entry = revoked.map(|(serial, at, reason)| {
        let reason =
            reason.map(|reason| seq(&[&seq(&[&oid("2.5.29.21"), &tlv(4, &[&[0x0a, 1, reason]])])]));
        let entry = [uint(serial), tlv(0x17, &[at.as_bytes()]), reason.unwrap_or_default()];
        seq(&[&seq(&[&entry.concat()])])
    });
    let times: Vec<u8> = times.iter().flat_map(|time| tlv(0x17, &[time.as_bytes()])).collect();
    let tbs = [uint(1), signer.algorithm(), name(issuer), times, entry.unwrap_or_default()];
    signed(&seq(&[&tbs.concat(), behind]), signer)
}

/// The extension by which a list says that it is the one of a distribution point, as it stands behind the entries.
pub(crate) fn one_distribution_point() -> Vec<u8> {
    let full_name = tlv(0xa0, &[&tlv(0x86, &[b"http://crl.example/7"])]);
    let point = seq(&[&tlv(0xa0, &[&full_name])]);
    let extension = seq(&[&oid("2.5.29.28"), &[1, 1, 0xff], &tlv(4, &[&point])]);
    tlv(0xa0, &[&seq(&[&extension])])
}

/// An OCSP response by `signer` about a number of `issuer`'s.
pub(crate) fn ocsp(
    issuer: &str,
    issuer_key: &Key,
    signer: &Key,
    serial: u64,
    status: &[u8],
    certificates: &[Vec<u8>],
) -> Vec<u8> {
    let bits = [&[4][..], issuer_key.0.public().bytes()].concat();
    let hash = |bytes: &[u8]| tlv(4, &[&super::Hash::Sha1.digest(bytes)]);
    let sha1 = seq(&[&oid("1.3.14.3.2.26"), &[5, 0]]);
    let id = seq(&[&sha1, &hash(&name(issuer)), &hash(&bits), &uint(serial)]);
    let time = |text: &str| tlv(0x18, &[text.as_bytes()]);
    let next = tlv(0xa0, &[&time("20270101000000Z")]);
    let answer = seq(&[&id, status, &time("20260102000000Z"), &next]);
    let responder = tlv(0xa1, &[&name("Responder")]);
    let tbs = seq(&[&responder, &time("20260102000000Z"), &seq(&[&answer])]);
    let list = tlv(0xa0, &[&seq(&[&certificates.concat()])]);
    let list: &[u8] = if certificates.is_empty() { &[] } else { &list };
    let signature = tlv(3, &[&[0], &signer.sign(&tbs)]);
    let basic = seq(&[&tbs, &signer.algorithm(), &signature, list]);
    let bytes = seq(&[&oid("1.3.6.1.5.5.7.48.1.1"), &tlv(4, &[&basic])]);
    seq(&[&[0x0a, 1, 0], &tlv(0xa0, &[&bytes])])
}

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
                    let digest = tlv(4, &[&super::Hash::Sha1.digest(named)]);
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

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    use base64ct::{Base64, Encoding as _};
    let mut text = format!("-----BEGIN {label}-----\n");
    let encoded = Base64::encode_string(der);
    for line in encoded.as_bytes().chunks(64) {
        text.push_str(core::str::from_utf8(line).unwrap());
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}

/// A root, one between, and a timestamp authority, all with keys of one kind.
pub(crate) struct House {
    pub(crate) root: Key,
    pub(crate) middle: Key,
    pub(crate) leaf: Key,
    pub(crate) root_certificate: Vec<u8>,
    pub(crate) middle_certificate: Vec<u8>,
    pub(crate) stamper_certificate: Vec<u8>,
    pub(crate) person_certificate: Vec<u8>,
}

impl House {
    pub(crate) fn new(alg: SigAlg) -> Self {
        let [root, middle, leaf] = [201, 202, 203].map(|seed| Key::new(alg, seed));
        Self {
            root_certificate: Spec::root().certificate(&root, &root),
            middle_certificate: Spec::middle().certificate(&middle, &root),
            stamper_certificate: Spec::stamper().certificate(&leaf, &middle),
            person_certificate: Spec::person().certificate(&leaf, &middle),
            root,
            middle,
            leaf,
        }
    }

    /// A good token over `data`, with the certificates up to the root.
    pub(crate) fn stamping(&self, data: &[u8]) -> Stamping<'_> {
        let mut stamping = Stamping::over(data, &self.leaf, &self.stamper_certificate);
        stamping.carried.push(self.middle_certificate.clone());
        stamping
    }

    /// The same with another certificate of the authority.
    pub(crate) fn stamping_with(&self, data: &[u8], spec: &Spec) -> Stamping<'_> {
        let certificate = spec.certificate(&self.leaf, &self.middle);
        let mut stamping = Stamping::over(data, &self.leaf, &certificate);
        stamping.carried.push(self.middle_certificate.clone());
        stamping
    }

    /// An anchor line of a policy.
    pub(crate) fn anchor(&self, purposes: &str) -> String {
        let pem = serde_json::to_string(&pem("CERTIFICATE", &self.root_certificate)).unwrap();
        format!(r#"{{"certificate_pem":{pem},"for":[{purposes}],"name":"Test Root"}}"#)
    }
}
