//! Public keys in requests, and keys that the library itself holds.
//!
//! A key in a request is one of `{"spki_pem"}`, `{"spki_der"}` (hex), `{"cose_key"}` (hex) or `{"raw","algorithm"}` (hex; Ed25519,
//! P-256 or SM2), for SM2 with `sm2_id` (text) or `sm2_id_hex` where it is not the default one.

use serde::Deserialize;
use yinzheng::codec::Item;
use yinzheng::sign::{PublicKey, SigAlg};
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::{guard, json, words};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyWire {
    spki_pem: Option<String>,
    spki_der: Option<String>,
    cose_key: Option<String>,
    raw: Option<String>,
    algorithm: Option<String>,
    sm2_id: Option<String>,
    sm2_id_hex: Option<String>,
}

pub(crate) fn read(key: &[u8]) -> Result<PublicKey> {
    json::object::<KeyWire>("key", key)?.read()
}

pub(crate) fn algorithm(name: &str) -> Result<SigAlg> {
    words::named("algorithm", &SigAlg::ALL, SigAlg::name, name)
}

impl KeyWire {
    pub(crate) fn read(&self) -> Result<PublicKey> {
        let one = |what: &str| Err(Error::new(ErrorCode::InvalidArgument, what));
        if self.algorithm.is_some() != self.raw.is_some() {
            return one("key: algorithm stands exactly with raw");
        }
        let key = match (&self.spki_pem, &self.spki_der, &self.cose_key, &self.raw, &self.algorithm)
        {
            (Some(pem), None, None, None, None) => PublicKey::from_spki_pem(pem)?,
            (None, Some(der), None, None, None) => {
                PublicKey::from_spki_der(&words::hex_bytes("spki_der", der)?)?
            }
            (None, None, Some(cose), None, None) => {
                let bytes = words::hex_bytes("cose_key", cose)?;
                PublicKey::from_cose_key(Item::parse(&bytes, bytes.len())?)?
            }
            (None, None, None, Some(raw), Some(name)) => {
                PublicKey::from_raw(algorithm(name)?, &words::hex_bytes("raw", raw)?)?
            }
            _ => return one("key: exactly one of spki_pem, spki_der, cose_key, raw"),
        };
        match (&self.sm2_id, &self.sm2_id_hex) {
            (None, None) => Ok(key),
            (Some(id), None) => key.with_sm2_id(id.as_bytes()),
            (None, Some(id)) => key.with_sm2_id(&words::hex_bytes("sm2_id_hex", id)?),
            (Some(_), Some(_)) => one("key: sm2_id or sm2_id_hex"),
        }
    }
}

/// What is known of a public key: `{"algorithm","cose_key","spki_der","thumbprint","sm2_id_hex","sm2_z"}`, bytes in hex.
///
/// # Errors
/// `InvalidKey` for a key that is not usable, `InvalidArgument` for another form.
pub fn key_describe(key: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("key_describe", || Ok(json::reply(&words::key_json(&read(key)?))))
}

#[cfg(feature = "seal")]
pub use software::*;

#[cfg(feature = "seal")]
mod software {
    use yinzheng::sign::SoftwareKey;

    use super::*;
    use crate::handle::{self, Handle, Object};

    impl Object for SoftwareKey {
        const TYPE: u64 = 2;
        const NAME: &'static str = "software key";
    }

    /// A new software key: `Ed25519`, `P-256` or `SM2`. It lives in this process's memory, wiped when closed; its custody is always
    /// `software`.
    ///
    /// # Errors
    /// `UnknownName`, `RandomUnavailable`.
    pub fn key_generate(algorithm_name: &[u8]) -> Outcome<Handle> {
        guard::run("key_generate", || {
            let alg = algorithm(json::text("algorithm", algorithm_name)?)?;
            handle::keep(SoftwareKey::generate(alg)?)
        })
    }

    /// A software key out of a PKCS#8 PEM file's text; an empty passphrase stands for a file that is not encrypted.
    ///
    /// # Errors
    /// `KeyFile`, `UnsupportedAlgorithm`.
    pub fn key_from_pkcs8(pem: &[u8], passphrase: &[u8]) -> Outcome<Handle> {
        guard::run("key_from_pkcs8", || {
            handle::keep(SoftwareKey::from_pkcs8_pem(json::text("pem", pem)?, passphrase)?)
        })
    }

    /// A software key as the text of an encrypted PKCS#8 PEM file that openssl opens.
    ///
    /// # Errors
    /// `InvalidArgument` for an empty passphrase, `InvalidHandle`.
    pub fn key_to_pkcs8(key: Handle, passphrase: &[u8]) -> Outcome<Vec<u8>> {
        guard::with("key_to_pkcs8", key, |key: &SoftwareKey| {
            Ok(key.to_pkcs8_pem(passphrase)?.into_bytes())
        })
    }

    /// The public half, as [`key_describe`] gives it.
    ///
    /// # Errors
    /// `InvalidHandle`.
    pub fn key_public(key: Handle) -> Outcome<Vec<u8>> {
        guard::with("key_public", key, |key: &SoftwareKey| {
            Ok(json::reply(&words::key_json(key.public())))
        })
    }

    /// Signs a message, in message form (hash, Z and e are the library's business). Gives 64 bytes.
    ///
    /// # Errors
    /// `InvalidHandle`.
    pub fn key_sign(key: Handle, message: &[u8]) -> Outcome<Vec<u8>> {
        guard::with("key_sign", key, |key: &SoftwareKey| Ok(key.sign(message)?.bytes().to_vec()))
    }

    /// Signs a digest of 32 bytes as it is (`digest_to_sign` of a signing info): what devices do that take digests, and what
    /// their simulators need.
    ///
    /// # Errors
    /// `UnsupportedAlgorithm` for Ed25519, `InvalidArgument` for another length, `InvalidHandle`.
    pub fn key_sign_digest(key: Handle, digest: &[u8]) -> Outcome<Vec<u8>> {
        guard::with("key_sign_digest", key, |key: &SoftwareKey| {
            let digest = words::bytes_n("digest", digest)?;
            Ok(key.sign_digest(&digest)?.bytes().to_vec())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "seal")]
    use serde_json::Value;

    const COSE: &str =
        "a4010103272006215820d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    #[test]
    fn forms_of_a_key_that_are_none() {
        for (key, number) in [
            ("", 101),
            ("{}", 101),
            (r#"{"cose_key":""}"#, 301),
            (r#"{"cose_key":"zz"}"#, 101),
            (&format!(r#"{{"cose_key":"{COSE}","raw":"00"}}"#), 101),
            (&format!(r#"{{"cose_key":"{COSE}","raw":"00","algorithm":"SM2"}}"#), 101),
            (&format!(r#"{{"cose_key":"{COSE}","sm2_id":"x"}}"#), 101),
            (&format!(r#"{{"cose_key":"{COSE}00"}}"#), 306),
            (r#"{"raw":"00","algorithm":"SM2"}"#, 402),
            (r#"{"raw":"00","algorithm":"RSA"}"#, 102),
            (r#"{"raw":"00"}"#, 101),
            (r#"{"spki_pem":"-----BEGIN"}"#, 402),
            (r#"{"spki_der":"3000"}"#, 401),
            (r#"{"jwk":{}}"#, 101),
        ] {
            assert_eq!(key_describe(key.as_bytes()).unwrap_err().number, number, "{key}");
        }
    }

    #[cfg(feature = "seal")]
    #[test]
    fn software_keys_sign_and_go_to_files_and_back() {
        for name in ["Ed25519", "P-256", "SM2"] {
            let key = key_generate(name.as_bytes()).unwrap();
            let public: Value = serde_json::from_slice(&key_public(key).unwrap()).unwrap();
            assert_eq!(public["algorithm"], name);
            let wire = format!(r#"{{"spki_der":{}}}"#, public["spki_der"]);
            let signature = key_sign(key, "借款".as_bytes()).unwrap();
            let check = |message: &[u8], form: &[u8]| {
                crate::check_signature(wire.as_bytes(), message, &signature, form)
            };
            assert_eq!(check("借款".as_bytes(), b"sealed").unwrap(), signature);
            assert_eq!(check(b"other", b"given").unwrap_err().number, 404);
            assert_eq!(check(b"other", b"any").unwrap_err().number, 102);
            let digest = key_sign_digest(key, &[7; 32]);
            assert_eq!(
                digest.err().map_or(0, |e| e.number),
                if name == "Ed25519" { 401 } else { 0 }
            );
            assert_eq!(key_sign_digest(key, &[7; 31]).unwrap_err().number, 101);
            crate::close(key).unwrap();
            assert_eq!(key_sign(key, b"").unwrap_err().number, 204);
        }
    }

    #[cfg(feature = "seal")]
    #[test]
    fn key_files_need_their_passphrase() {
        let key = key_generate(b"P-256").unwrap();
        let pem = key_to_pkcs8(key, b"secret").unwrap();
        let again = key_from_pkcs8(&pem, b"secret").unwrap();
        assert_eq!(key_public(key).unwrap(), key_public(again).unwrap());
        assert_eq!(key_to_pkcs8(key, b"").unwrap_err().number, 101);
        assert_eq!(key_from_pkcs8(&pem, b"").unwrap_err().number, 410);
        assert_eq!(key_from_pkcs8(b"nothing", b"").unwrap_err().number, 410);
        assert_eq!(key_from_pkcs8(b"\xff", b"").unwrap_err().number, 309);
        assert_eq!(key_generate(b"RSA").unwrap_err().number, 102);
        assert_eq!(key_generate(b"\xff").unwrap_err().number, 309);
        [key, again].into_iter().for_each(|key| crate::close(key).unwrap());
    }
}
