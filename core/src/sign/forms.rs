//! The ways in which signers write a signature, read leniently, for [`super::diagnose`] only.

use super::{SigAlg, Signature, der};
use crate::hash::hex;

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureForm {
    /// 64 bytes or strict DER.
    AsAsked,
    /// DER with padding, a missing zero byte, long lengths or bytes behind it.
    LooseDer,
    /// s ‖ r.
    Swapped,
    /// r and s each little-endian.
    LittleEndian,
    /// s ‖ r, each little-endian: the 64 bytes backwards.
    Reversed,
    /// Hexadecimal or base64 text in place of bytes.
    Text,
    /// 65 bytes: with a recovery id before or behind.
    WithRecoveryId,
    /// 128 bytes: r ‖ s ‖ x ‖ y.
    WithKey,
    /// Inside an OCTET STRING or BIT STRING.
    Wrapped,
}

impl SignatureForm {
    /// What an engineer reads.
    pub(super) fn says(self) -> &'static str {
        match self {
            SignatureForm::AsAsked => "",
            SignatureForm::LooseDer => {
                "the DER is not strict (padding, sign byte, long length or trailing bytes): write r and s as 64 bytes or as minimal DER"
            }
            SignatureForm::Swapped => "s stands before r: swap the halves",
            SignatureForm::LittleEndian => {
                "r and s are little-endian: reverse the bytes of each half"
            }
            SignatureForm::Reversed => "the 64 bytes are backwards: reverse them",
            SignatureForm::Text => "it is hexadecimal or base64 text: hand in the bytes",
            SignatureForm::WithRecoveryId => "65 bytes: leave out the recovery id",
            SignatureForm::WithKey => {
                "128 bytes: hand in r and s without the public key behind them"
            }
            SignatureForm::Wrapped => {
                "it stands inside an OCTET STRING or BIT STRING: hand in the content"
            }
        }
    }
}

/// Every reading of `given` that is a signature in form, the asked one first.
pub(super) fn readings(alg: SigAlg, given: &[u8]) -> Vec<(SignatureForm, Signature)> {
    let mut out = Vec::new();
    let mut add = |form: SignatureForm, bytes: [u8; 64]| {
        if let Ok(signature) = Signature::from_outside(alg, &bytes)
            && !out.iter().any(|(_, known)| *known == signature)
        {
            out.push((form, signature));
        }
    };
    if let Some(bytes) = strict(alg, given) {
        add(SignatureForm::AsAsked, bytes);
        for (form, bytes) in turned(&bytes) {
            add(form, bytes);
        }
    }
    if alg != SigAlg::Ed25519
        && let Some(bytes) = loose(given)
    {
        add(SignatureForm::LooseDer, bytes);
    }
    for (form, bytes) in cut(given) {
        add(form, bytes);
    }
    if let Some(inner) = unwrapped(given)
        && let Some(bytes) = strict(alg, inner)
    {
        add(SignatureForm::Wrapped, bytes);
    }
    if let Some(decoded) = text(given)
        && let Some(bytes) = strict(alg, &decoded)
    {
        add(SignatureForm::Text, bytes);
    }
    out
}

fn strict(alg: SigAlg, given: &[u8]) -> Option<[u8; 64]> {
    match given.try_into() {
        Ok(raw) => Some(raw),
        Err(_) if alg == SigAlg::Ed25519 => None,
        Err(_) => der::read(given),
    }
}

fn turned(bytes: &[u8; 64]) -> [(SignatureForm, [u8; 64]); 3] {
    let mut swapped = *bytes;
    swapped.rotate_left(32);
    let mut reversed = *bytes;
    reversed.reverse();
    let mut little = reversed;
    little.rotate_left(32);
    [
        (SignatureForm::Swapped, swapped),
        (SignatureForm::LittleEndian, little),
        (SignatureForm::Reversed, reversed),
    ]
}

fn cut(given: &[u8]) -> Vec<(SignatureForm, [u8; 64])> {
    let first = given.first_chunk::<64>().copied();
    let last = given.last_chunk::<64>().copied();
    let (form, readings) = match given.len() {
        65 => (SignatureForm::WithRecoveryId, vec![first, last]),
        128 => (SignatureForm::WithKey, vec![first]),
        _ => return Vec::new(),
    };
    readings.into_iter().flatten().map(|bytes| (form, bytes)).collect()
}

/// The content of an OCTET STRING (04) or BIT STRING (03, no unused bits) around the whole.
fn unwrapped(given: &[u8]) -> Option<&[u8]> {
    let (tag, len, body) = header(given)?;
    match tag {
        0x04 if body.len() == len => Some(body),
        0x03 if body.len() == len => body.strip_prefix(&[0]),
        _ => None,
    }
}

/// r and s from anything that looks like `SEQUENCE { INTEGER, INTEGER }`.
fn loose(given: &[u8]) -> Option<[u8; 64]> {
    let (0x30, _, body) = header(given)? else { return None };
    let (0x02, len, rest) = header(body)? else { return None };
    let (r, rest) = rest.split_at_checked(len)?;
    let (0x02, len, rest) = header(rest)? else { return None };
    let (s, _) = rest.split_at_checked(len)?;
    let mut out = [0; 64];
    let (high, low) = out.split_at_mut(32);
    for (number, to) in [(r, high), (s, low)] {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let digits = number.get(zeros..)?;
        to.get_mut(32usize.checked_sub(digits.len())?..)?.copy_from_slice(digits);
    }
    Some(out)
}

/// Tag, length in any form of at most two bytes, and what follows.
fn header(bytes: &[u8]) -> Option<(u8, usize, &[u8])> {
    let (&[tag, first], rest) = bytes.split_first_chunk::<2>()?;
    match first {
        0..=0x7f => Some((tag, usize::from(first), rest)),
        0x81 => rest.split_first().map(|(len, rest)| (tag, usize::from(*len), rest)),
        0x82 => rest
            .split_first_chunk::<2>()
            .map(|(len, rest)| (tag, usize::from(u16::from_be_bytes(*len)), rest)),
        _ => None,
    }
}

/// Hexadecimal of either case, or base64 of either alphabet, with white space around it.
fn text(given: &[u8]) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(given).ok()?.trim();
    let text = text.strip_prefix("0x").unwrap_or(text);
    hex::decode(&text.to_ascii_lowercase()).ok().or_else(|| base64(text))
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut out) = (0u32, 0u32, Vec::new());
    for symbol in text.trim_end_matches('=').bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    Some(out)
}
