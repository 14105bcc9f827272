//! Certificates beside keys: whose key the first one certifies, and whether a chain leads from it to an authority of the
//! policy at the time that was declared. Whose key it is can be read in every build; chains take the feature `x509`.

use serde_json::{Value, json};

use super::case::Case;
use super::lines::{Lines, time_text};
use super::words::Say;
use crate::sign::PublicKey;

/// Certificates that stand beside a key, in a key entry or a statement.
pub(super) struct Beside<'c> {
    /// DER, the first one the key's own.
    pub(super) certificates: &'c [Vec<u8>],
    pub(super) attestations: usize,
    /// The key; `None` where none was found: then nobody can tell whose certificate it is.
    pub(super) key: Option<&'c PublicKey>,
    /// The declared time, milliseconds since 1970: when the key was enrolled, or the statement signed.
    pub(super) at_ms: i64,
}

/// Says the line about certificates and attestations, when there are any.
pub(super) fn say(case: &Case<'_>, beside: &Beside<'_>, subject: &str, lines: &mut Lines) {
    let Beside { certificates, attestations, .. } = beside;
    let mut facts = json!({ "certificates": certificates.len(), "attestations": attestations });
    if certificates.is_empty() && *attestations == 0 {
        return;
    }
    let looked = match certificates.is_empty() {
        true => None,
        false => look(case, beside),
    };
    let Some((say, more)) = looked else {
        return lines.say(Say::KeyCertificateNotChecked, subject, facts);
    };
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
        facts.insert("at".to_owned(), json!(time_text(beside.at_ms, 0)));
    }
    lines.say(say, subject, facts);
}

/// How the chain comes out; `None` where this build does not look, or the policy names no authority to look for.
#[cfg(feature = "x509")]
fn look(case: &Case<'_>, beside: &Beside<'_>) -> Option<(Say, Value)> {
    use crate::x509::{Certificate, Purpose};

    let first = beside.certificates.first()?;
    let authorities = case.policy.key_authorities();
    if authorities.names.is_empty() {
        return None;
    }
    match beside.key {
        None => return Some((Say::KeyCertificateNotProvenUnknown, json!({}))),
        Some(key) if !is_of(first, key) => {
            return Some((Say::KeyCertificateNotProvenKey, json!({})));
        }
        Some(_) => {}
    }
    let failed =
        |error: &crate::Error| json!({ "where": error.context(), "error": error.number() });
    let leaf = match Certificate::parse(first) {
        Ok(leaf) => leaf,
        Err(error) => return Some((Say::KeyCertificateNotProven, failed(&error))),
    };
    let others: Vec<Certificate> =
        beside.certificates.iter().skip(1).filter_map(|der| Certificate::parse(der).ok()).collect();
    let mut facts = described(&leaf);
    let mut add = |more: Value| {
        if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
            facts.extend(more);
        }
    };
    let say = match authorities.trust.chain(&leaf, &others, beside.at_ms, Purpose::Signing) {
        Ok(chain) => {
            add(json!({ "by": authorities.names.get(chain.anchor) }));
            match chain.revocation_checked {
                true => Say::KeyCertificateProvenUnrevoked,
                false => Say::KeyCertificateProven,
            }
        }
        Err(error) => {
            add(failed(&error));
            Say::KeyCertificateNotProven
        }
    };
    Some((say, facts))
}

/// This build follows no chains, and says so.
#[cfg(not(feature = "x509"))]
fn look(case: &Case<'_>, beside: &Beside<'_>) -> Option<(Say, Value)> {
    let _ = (&case.policy.key_authorities().names, beside.key, beside.at_ms);
    None
}

/// Issuer, subject, serial number and validity, as facts.
#[cfg(feature = "x509")]
pub(super) fn described(certificate: &crate::x509::Certificate) -> Value {
    json!({
        "subject": certificate.subject(),
        "issuer": certificate.issuer(),
        "serial": certificate.serial(),
        "not_before": time_text(certificate.not_before_ms(), 0),
        "not_after": time_text(certificate.not_after_ms(), 0),
        "sha256": crate::hash::hex::encode(&certificate.fingerprint()),
    })
}

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const VERSION: u8 = 0xa0;

/// Whether the certificate (DER, RFC 5280 §4.1) is one of this key. What cannot be read is not.
pub(super) fn is_of(certificate: &[u8], key: &PublicKey) -> bool {
    subject_key(certificate)
        .and_then(|bits| PublicKey::from_raw(key.alg(), bits).ok())
        .is_some_and(|certified| certified.bytes() == key.bytes())
}

/// The content of subjectPublicKey: the point, or the 32 bytes of Ed25519.
fn subject_key(certificate: &[u8]) -> Option<&[u8]> {
    let (whole, rest) = element(certificate, SEQUENCE)?;
    if !rest.is_empty() {
        return None;
    }
    let (mut tbs, _) = element(whole, SEQUENCE)?;
    if tbs.first() == Some(&VERSION) {
        tbs = any(tbs)?.1;
    }
    // serialNumber, signature, issuer, validity, subject
    for _ in 0..5 {
        tbs = any(tbs)?.1;
    }
    let (info, _) = element(tbs, SEQUENCE)?;
    let (_, bits) = element(info, SEQUENCE)?;
    match element(bits, BIT_STRING)? {
        ([0, key @ ..], []) => Some(key),
        _ => None,
    }
}

/// The content of the element with this tag at the start, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    if bytes.first() == Some(&tag) { any(bytes) } else { None }
}

/// The content of the element at the start, and what follows it. Lengths in DER: shortest form, at most two bytes of
/// length (certificates here have at most 16,384 bytes).
fn any(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[_, first], rest) = bytes.split_first_chunk::<2>()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 => {
            let (&[len], rest) = rest.split_first_chunk::<1>()?;
            (usize::from(len), rest)
        }
        0x82 => {
            let (&len, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(len)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(len)
}
