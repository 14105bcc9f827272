//! Disclosed values as an SD-JWT (RFC 9901), for systems that read JSON credentials: the issuer signs the claims of one record,
//! and whoever holds the text shows as many of them as he likes.
//!
//! It is the issuer's word about a record, signed anew, and no evidence by itself: what was sealed when stands in the proof, whose
//! record it names. Claims have the record's own salts, so that who has both can see that they are the same values.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value as Json, json};

use super::deposit::{item_of, not_shown};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg, hex};
use crate::number;
use crate::proof::Proof;
use crate::sign::{PublicKey, SigAlg, SigningRequest};
use crate::value::{Disclosure, Lang, Parsed, Value};

/// `typ` of the header: application/evidence+sd-jwt (RFC 9901 §9.11).
const TYPE: &str = "evidence+sd-jwt";

/// Who issues it, when, and to whom.
#[derive(Clone, Debug, Default)]
pub struct SdJwtTerms {
    /// The issuer, a StringOrURI (RFC 7519 §4.1.1).
    pub issuer: String,
    /// Seconds since 1970.
    pub issued_at: u64,
    /// Until when verifiers take it, seconds since 1970; some take none without it.
    pub expires_at: Option<u64>,
    /// A key to which the text is bound (`cnf`, RFC 7800 §3.2): who shows it proves that he holds it.
    pub holder: Option<PublicKey>,
}

/// An SD-JWT that waits for the issuer's signature.
#[derive(Clone)]
pub struct SdJwtDraft {
    /// Header and payload, as they are signed.
    signed: String,
    /// In base64url, each for one claim.
    disclosures: Vec<String>,
    key: PublicKey,
}

impl core::fmt::Debug for SdJwtDraft {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SdJwtDraft({} claims)", self.disclosures.len())
    }
}

impl SdJwtDraft {
    /// Prepares an SD-JWT with a claim for each value that the proof discloses of a record, to be signed by `key`.
    ///
    /// # Errors
    /// `NotFound` when the proof does not show the record; `UnsupportedAlgorithm` for SM2, which JOSE has no name for (RFC 7518,
    /// RFC 8037); `InvalidArgument` for a field that is called `_sd` or `...`; 3xx of the proof's entries.
    pub fn new(
        proof: &Proof,
        record: &Digest,
        key: &PublicKey,
        terms: &SdJwtTerms,
    ) -> Result<Self> {
        let (item, entry) = item_of(proof, record)?;
        let (read, _) = entry.record().ok_or_else(not_shown)?;
        let mut disclosures = Vec::with_capacity(item.disclosures.len());
        for bytes in &item.disclosures {
            disclosures.push(claim(&Disclosure::parse(bytes)?)?);
        }
        // In the order of their digests: that says nothing of the fields' own order (RFC 9901 §4.2.4.1).
        let mut digests: Vec<String> = disclosures.iter().map(|text| digest(text)).collect();
        digests.sort();
        let header = json!({
            "alg": algorithm(key.alg())?,
            "typ": TYPE,
            "kid": hex::encode(&key.thumbprint()),
        });
        let mut payload = json!({
            "iss": terms.issuer,
            "iat": terms.issued_at,
            "record": record.to_string(),
            "record_number": number::record_number(record),
            "preservation_number": number::preservation_number(&read.dossier),
            "profile": read.profile.id,
            "_sd_alg": "sha-256",
            "_sd": digests,
        });
        if let Some(members) = payload.as_object_mut() {
            if let Some(at) = terms.expires_at {
                members.insert("exp".into(), json!(at));
            }
            if let Some(holder) = &terms.holder {
                members.insert("cnf".into(), json!({ "jwk": jwk(holder)? }));
            }
        }
        let part = |json: &Json| encode(json.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&payload));
        Ok(Self { signed, disclosures, key: key.clone() })
    }

    /// What the issuer is asked to sign.
    pub fn signing_request(&self) -> SigningRequest {
        SigningRequest::new(&self.key, self.signed.clone().into_bytes())
    }

    /// Takes the signature, raw or DER, verifies it, and gives the SD-JWT with all its disclosures: text in ASCII, with `~` at its
    /// end. To show less, a holder leaves disclosures out between two `~`.
    ///
    /// # Errors
    /// `InvalidSignature`, `SignatureMismatch`.
    pub fn finish(&self, signature: &[u8]) -> Result<String> {
        let signature = self.signing_request().accept(signature)?;
        let mut text = format!("{}.{}~", self.signed, encode(signature.bytes()));
        for disclosure in &self.disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        Ok(text)
    }
}

/// The disclosure of a claim (RFC 9901 §4.2.1).
fn claim(disclosure: &Disclosure) -> Result<String> {
    let Disclosure { name, value, salt } = disclosure;
    if name == "_sd" || name == "..." {
        return Err(Error::new(
            ErrorCode::InvalidArgument,
            "SD-JWT has its own use for the names `_sd` and `...`",
        ));
    }
    Ok(encode(json!([encode(salt), name, plain(value)]).to_string().as_bytes()))
}

/// Texts and codes exactly as they are, unknown as null, empty as an empty text, all else as a verdict in English shows it.
fn plain(value: &Value) -> Json {
    match (value, value.parsed()) {
        (Value::Null, _) => Json::Null,
        (value, _) if value.is_empty() => json!(""),
        (Value::Text(text), _)
        | (_, Some(Parsed::Text(text) | Parsed::Code { code: text, .. })) => {
            json!(text)
        }
        _ => json!(value.display(Lang::En)),
    }
}

/// The digest that stands for a disclosure in the payload (RFC 9901 §4.2.3).
fn digest(disclosure: &str) -> String {
    encode(&HashAlg::Sha256.digest(disclosure.as_bytes()))
}

fn algorithm(alg: SigAlg) -> Result<&'static str> {
    match alg {
        SigAlg::P256 => Ok("ES256"),
        SigAlg::Ed25519 => Ok("EdDSA"),
        SigAlg::Sm2 => Err(Error::new(
            ErrorCode::UnsupportedAlgorithm,
            "JOSE has no name for SM2; sign with P-256 or Ed25519",
        )),
    }
}

/// A public key as a JWK (RFC 7517, RFC 8037).
fn jwk(key: &PublicKey) -> Result<Json> {
    algorithm(key.alg())?;
    let half = key.bytes().len() / 2;
    Ok(match (key.alg(), key.bytes().split_at_checked(half)) {
        (SigAlg::P256, Some((x, y))) => {
            json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y) })
        }
        _ => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(key.bytes()) }),
    })
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
