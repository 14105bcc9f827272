//! The one thing that is read of an X.509 certificate: whose key it certifies. Names, validity, issuer and revocation
//! are not looked at here.

use crate::sign::PublicKey;

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
