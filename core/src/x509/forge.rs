//! Authorities of our own for the tests, honest and otherwise: certificates, lists and tokens with everything that may be
//! wrong about them as a switch. Keys, times and numbers are fixed, so that the same bytes come out every time.

mod revocations;
mod tokens;

use der::asn1::ObjectIdentifier;

pub(crate) use revocations::*;
pub(crate) use tokens::*;

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
