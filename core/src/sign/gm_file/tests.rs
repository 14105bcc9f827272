#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use pkcs8::LineEnding;
use pkcs8::der::pem::encode_string;

use super::super::{KeyFileScheme, SigAlg, SoftwareKey};
use super::*;

const PASSPHRASE: &str = "pw";

/// The SM2 key 0707…07, written by gmsm 0.15.5 (Go): HMAC-SM3, with the key's length.
const GMSM: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIH3MGIGCSqGSIb3DQEFDTBVMDUGCSqGSIb3DQEFDDAoBBCSNkQvn2vsykLgF6ic
ghXnAgIIAAIBEDANBgkqgRzPVQGDEQIFADAcBggqgRzPVQFoAgQQwlRJd4nNLdbz
3o3jN4BcrwSBkJG8o8VjONbPZU/sYyfYHlHro/hbJF2Prq24cFVzzZfeMaeYPvyZ
im8pjnIuynHg/ppc8xIzfeR5tTbHWla2vn3TZL62InRS6IN1JerRKgrito1eXTD0
kp+gJMFSfNRikb0HJypocoBiskhFgmYH9+lQM5tk13cblM2RPipuOGBqm4fvn9DG
stB72gnStZm/NQ==
-----END ENCRYPTED PRIVATE KEY-----
";

/// The same key, written by OpenSSL 3.0.19 (`-v2 sm4-cbc`), which has no HMAC-SM3.
const OPENSSL: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGqMFYGCSqGSIb3DQEFDTBJMCkGCSqGSIb3DQEFDDAcBAguOqJdaVbHIgICCAAw
DAYIKoZIhvcNAgkFADAcBggqgRzPVQFoAgQQCkXnhCQmxgj13Sh83gf5PgRQrKGI
YOZE7J/5kL5Uz+X6Z83a5Ugt4zhpgxXQP2KzrSggqOSfyhAB/GJD2vv88acq/ROJ
W+Dz0iitgBHNxg5A4lWNLjxPkzm0f8k5LALpxKE=
-----END ENCRYPTED PRIVATE KEY-----
";

fn key() -> SoftwareKey {
    SoftwareKey::from_seed(SigAlg::Sm2, &[7; 32]).unwrap()
}

fn pem(der: &[u8]) -> String {
    encode_string("ENCRYPTED PRIVATE KEY", LineEnding::LF, der).unwrap()
}

#[track_caller]
fn refused(der: &[u8]) {
    let opened = SoftwareKey::from_pkcs8_pem(&pem(der), PASSPHRASE);
    assert_eq!(opened.unwrap_err().code(), ErrorCode::KeyFile);
}

/// A small file that opens, and its parts, to be spoilt one by one.
struct Parts {
    scheme: ObjectIdentifier,
    derivation: ObjectIdentifier,
    salt: Vec<u8>,
    iterations: u32,
    key_length: Option<u16>,
    prf: Option<ObjectIdentifier>,
    cipher: ObjectIdentifier,
    iv: Vec<u8>,
}

impl Parts {
    fn new() -> Self {
        Self {
            scheme: PBES2,
            derivation: PBKDF2,
            salt: vec![1; 16],
            iterations: 1,
            key_length: None,
            prf: Some(HMAC_SM3),
            cipher: SM4_CBC,
            iv: vec![2; 16],
        }
    }

    fn file(&self) -> Vec<u8> {
        let sm3 = self.prf != Some(HMAC_SHA256);
        let iterations = self.iterations.clamp(1, 10);
        let derivation = Derivation { salt: &self.salt, iterations, sm3 };
        let plain = key().document().unwrap();
        let data = encrypt_with(plain.as_bytes(), &derivation.key(PASSPHRASE.as_bytes()), &[2; 16]);
        let octets = |bytes: &[u8]| OctetStringRef::new(bytes).unwrap().to_der().unwrap();
        let mut parameters = vec![octets(&self.salt), self.iterations.to_der().unwrap()];
        parameters.extend(self.key_length.map(|len| len.to_der().unwrap()));
        if let Some(oid) = self.prf {
            let prf = AlgorithmIdentifierRef { oid, parameters: Some(AnyRef::NULL) };
            parameters.push(prf.to_der().unwrap());
        }
        let named = |oid: ObjectIdentifier, parameters: Vec<u8>| {
            sequence(&[oid.to_der().unwrap(), parameters]).unwrap()
        };
        let derivation = named(self.derivation, sequence(&parameters).unwrap());
        let encryption = named(self.cipher, octets(&self.iv));
        let algorithm = named(self.scheme, sequence(&[derivation, encryption]).unwrap());
        sequence(&[algorithm, octets(&data)]).unwrap()
    }
}

#[test]
fn files_of_other_products_open() {
    for file in [GMSM, OPENSSL] {
        let opened = SoftwareKey::from_pkcs8_pem(file, PASSPHRASE).unwrap();
        assert_eq!(opened.public(), key().public());
        for wrong in ["", "PW", "pw "] {
            let error = SoftwareKey::from_pkcs8_pem(file, wrong).unwrap_err();
            assert_eq!(error.code(), ErrorCode::KeyFile);
        }
    }
}

#[test]
fn every_identifier_in_use_is_read() {
    let mut gm = Parts { scheme: PBES2_GM, derivation: PBKDF2_GM, ..Parts::new() };
    for prf in [Some(HMAC_SM3), Some(HMAC_SM3_GM), Some(HMAC_SHA256), None] {
        for key_length in [None, Some(16)] {
            gm.prf = prf;
            gm.key_length = key_length;
            let opened = SoftwareKey::from_pkcs8_pem(&pem(&gm.file()), PASSPHRASE).unwrap();
            assert_eq!(opened.public(), key().public());
            let ours = Parts { prf, key_length, ..Parts::new() };
            let opened = SoftwareKey::from_pkcs8_pem(&pem(&ours.file()), PASSPHRASE);
            // In PKCS #5 no PRF means HMAC-SHA-1.
            assert_eq!(opened.is_ok(), prf.is_some());
        }
    }
}

#[test]
fn what_we_write_has_the_common_identifiers_and_opens() {
    for alg in SigAlg::ALL {
        let key = SoftwareKey::generate(alg).unwrap();
        let file = key.to_pkcs8_pem_as(KeyFileScheme::Sm4, "口令").unwrap();
        let der = pkcs8::der::SecretDocument::from_pem(&file).unwrap().1;
        let oid = |oid: ObjectIdentifier| oid.to_der().unwrap();
        for expected in [PBES2, PBKDF2, HMAC_SM3, SM4_CBC] {
            let expected = oid(expected);
            assert!(der.as_bytes().windows(expected.len()).any(|there| there == expected));
        }
        let back = SoftwareKey::from_pkcs8_pem(&file, "口令").unwrap();
        assert_eq!(back.public(), key.public());
        assert_eq!(back.sign(b"m").unwrap(), key.sign(b"m").unwrap());
        let empty = key.to_pkcs8_pem_as(KeyFileScheme::Sm4, "");
        assert_eq!(empty.unwrap_err().code(), ErrorCode::InvalidArgument);
        let wrong = SoftwareKey::from_pkcs8_pem(&file, "口令 ").unwrap_err();
        assert_eq!(wrong.code(), ErrorCode::KeyFile);
    }
}

#[test]
fn other_parameters_are_refused() {
    let good = Parts::new().file();
    SoftwareKey::from_pkcs8_pem(&pem(&good), PASSPHRASE).unwrap();
    let sm4_gcm = ObjectIdentifier::new_unwrap("1.2.156.10197.1.104.8");
    let sha1 = ObjectIdentifier::new_unwrap("1.2.840.113549.2.7");
    let scrypt = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");
    let pbes1 = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.3");
    for spoilt in [
        Parts { iterations: 0, ..Parts::new() },
        Parts { iterations: MAX_ITERATIONS + 1, ..Parts::new() },
        Parts { iterations: u32::MAX, ..Parts::new() },
        Parts { key_length: Some(15), ..Parts::new() },
        Parts { key_length: Some(32), ..Parts::new() },
        Parts { prf: Some(sha1), ..Parts::new() },
        Parts { prf: Some(SM4_CBC), ..Parts::new() },
        Parts { derivation: scrypt, ..Parts::new() },
        Parts { scheme: pbes1, ..Parts::new() },
        Parts { cipher: sm4_gcm, ..Parts::new() },
        Parts { cipher: sm4_gcm, scheme: PBES2_GM, ..Parts::new() },
        Parts { iv: vec![2; 15], ..Parts::new() },
        Parts { iv: vec![2; 17], ..Parts::new() },
        Parts { iv: vec![], ..Parts::new() },
        Parts { iv: vec![3; 16], ..Parts::new() },
    ] {
        refused(&spoilt.file());
    }
}

#[test]
fn a_spoilt_file_never_opens_and_never_panics() {
    let good = Parts::new().file();
    for cut in 0..good.len() {
        refused(&good[..cut]);
    }
    refused(&[&good[..], &[0]].concat());
    let mut same = 0;
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut spoilt = good.clone();
            spoilt[at] ^= 1 << bit;
            // A flip in the first encrypted block may hit what the structure does not look at; the key must be the same then.
            if let Ok(opened) = SoftwareKey::from_pkcs8_pem(&pem(&spoilt), PASSPHRASE) {
                assert_eq!(opened.public(), key().public(), "byte {at}, bit {bit}");
                same += 1;
            }
        }
    }
    assert!(same < 40, "{same} flips went unseen");
}
