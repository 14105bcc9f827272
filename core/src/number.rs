//! Numbers people read: the preservation number 保全号 of a dossier and the record number 存证编号 (format §12).
//!
//! They are names, not proofs: a verifier compares full digests.

use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;

/// Crockford's base32: no I, L, O or U.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA_SYMBOLS: usize = 26;
const MODULUS: u32 = 1021;

/// A number that was read and whose check characters are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// A preservation number: the dossier id.
    Preservation([u8; 16]),
    /// A record number: the first 130 bits of the record digest, left-aligned in 17 bytes.
    Record([u8; 17]),
}

/// The preservation number 保全号 of a dossier, for example `D-0000-…`.
pub fn preservation_number(dossier: &[u8; 16]) -> String {
    // 130 bits: two zero bits, then the id.
    let id = u128::from_be_bytes(*dossier);
    let mut bits = [0; 17];
    let (head, tail) = bits.split_at_mut(16);
    head.copy_from_slice(&(id >> 2).to_be_bytes());
    tail.fill(dossier.last().copied().unwrap_or_default() << 6);
    format('D', &bits)
}

/// The record number 存证编号: the first 130 bits of the record digest.
pub fn record_number(digest: &Digest) -> String {
    format('R', digest.bytes.first_chunk().unwrap_or(&[0; 17]))
}

/// Reads a number as a person types it: case, spaces and hyphens do not matter; I and L count as 1, O as 0.
///
/// # Errors
/// `InvalidNumber` for another letter or length, a symbol that is none, or wrong check characters.
pub fn parse(text: &str) -> Result<Number> {
    let mut symbols = text.chars().filter(|c| !matches!(c, ' ' | '-'));
    let letter = symbols.next().map(|c| c.to_ascii_uppercase());
    let values: Vec<u8> = symbols.map(value).collect::<Result<_>>()?;
    if values.len() != DATA_SYMBOLS + 2 {
        return Err(Error::new(ErrorCode::InvalidNumber, "a letter and 28 symbols are expected"));
    }
    if values.iter().fold(0, |rest, v| (rest * 32 + u32::from(*v)) % MODULUS) != 0 {
        return Err(Error::new(ErrorCode::InvalidNumber, "the check characters do not fit"));
    }
    let bits: Vec<bool> = values
        .iter()
        .take(DATA_SYMBOLS)
        .flat_map(|v| (0..5).rev().map(move |at| v >> at & 1 == 1))
        .collect();
    match letter {
        Some('D') if bits.iter().take(2).all(|bit| !bit) => {
            Ok(Number::Preservation(pack(bits.get(2..).unwrap_or_default())))
        }
        Some('R') => Ok(Number::Record(pack(&bits))),
        _ => Err(Error::new(ErrorCode::InvalidNumber, "it starts with D or R")),
    }
}

impl Number {
    /// Whether this is the record number of `digest`.
    pub fn names(&self, digest: &Digest) -> bool {
        matches!(self, Number::Record(_)) && parse(&record_number(digest)).as_ref() == Ok(self)
    }
}

fn pack<const N: usize>(bits: &[bool]) -> [u8; N] {
    let mut out = [0u8; N];
    for (at, bit) in bits.iter().enumerate() {
        if let (Some(byte), true) = (out.get_mut(at / 8), *bit) {
            *byte |= 0x80 >> (at % 8);
        }
    }
    out
}

fn value(symbol: char) -> Result<u8> {
    let symbol = match symbol.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    SYMBOLS
        .iter()
        .position(|s| char::from(*s) == symbol)
        .and_then(|at| u8::try_from(at).ok())
        .ok_or_else(|| Error::new(ErrorCode::InvalidNumber, "a character that no number has"))
}

/// Prints the first 130 bits.
fn format(letter: char, bits: &[u8; 17]) -> String {
    let five = |symbol: usize| {
        let at = symbol * 5;
        let byte = |at: usize| u16::from(bits.get(at).copied().unwrap_or_default());
        let pair = byte(at / 8) << 8 | byte(at / 8 + 1);
        (pair >> (11 - at % 8)) as u8 & 31
    };
    let mut values = [0; DATA_SYMBOLS + 2];
    values.iter_mut().take(DATA_SYMBOLS).enumerate().for_each(|(at, value)| *value = five(at));
    // The check characters are 0 so far.
    let rest = values.iter().fold(0, |rest, v| (rest * 32 + u32::from(*v)) % MODULUS);
    let check = (MODULUS - rest) % MODULUS;
    let characters = [check / 32, check % 32].map(|v| u8::try_from(v).unwrap_or_default());
    values.iter_mut().skip(DATA_SYMBOLS).zip(characters).for_each(|(value, c)| *value = c);
    let mut text = String::with_capacity(1 + values.len() / 4 * 5);
    text.push(letter);
    for group in values.chunks(4) {
        text.push('-');
        text.extend(
            group.iter().filter_map(|v| SYMBOLS.get(usize::from(*v))).map(|s| char::from(*s)),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::HashAlg;

    #[test]
    fn numbers_read_back() {
        for seed in 0u8..50 {
            let dossier: [u8; 16] =
                core::array::from_fn(|at| seed.wrapping_mul(37).wrapping_add(at as u8 * 11));
            assert_eq!(
                parse(&preservation_number(&dossier)).unwrap(),
                Number::Preservation(dossier)
            );
            let digest = Digest::of(HashAlg::Sm3, &[seed]);
            let number = parse(&record_number(&digest)).unwrap();
            assert!(number.names(&digest));
            assert!(!number.names(&Digest::of(HashAlg::Sm3, &[seed, 0])));
        }
        assert_eq!(preservation_number(&[0; 16]), "D-0000-0000-0000-0000-0000-0000-0000");
    }

    #[test]
    fn people_may_type_loosely() {
        let text = preservation_number(&[1; 16]);
        let loose = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(parse(&loose).unwrap(), Number::Preservation([1; 16]));
    }

    #[test]
    fn every_single_typing_error_is_found() {
        let text = record_number(&Digest::of(HashAlg::Sha256, b"x"));
        for (at, old) in text.char_indices().skip(2).filter(|(_, c)| *c != '-') {
            for new in SYMBOLS.iter().map(|s| char::from(*s)).filter(|new| *new != old) {
                let mut wrong = text.clone();
                wrong.replace_range(at..at + 1, &new.to_string());
                assert_eq!(parse(&wrong).unwrap_err().code(), ErrorCode::InvalidNumber, "{wrong}");
            }
        }
    }

    #[test]
    fn swapped_neighbours_are_found() {
        let text: Vec<char> =
            record_number(&Digest::of(HashAlg::Sha256, b"y")).replace('-', "").chars().collect();
        for at in 1..text.len() - 1 {
            let mut wrong = text.clone();
            wrong.swap(at, at + 1);
            if wrong != text {
                assert!(parse(&wrong.iter().collect::<String>()).is_err());
            }
        }
    }

    #[test]
    fn other_letters_lengths_and_symbols_are_refused() {
        let good = preservation_number(&[7; 16]);
        for wrong in [
            "",
            "D",
            "X-0000",
            &good[..good.len() - 1],
            &format!("{good}0"),
            &good.replace('D', "E"),
            &good.replace('0', "U"),
        ] {
            assert_eq!(parse(wrong).unwrap_err().code(), ErrorCode::InvalidNumber, "{wrong}");
        }
        // A dossier's number with one of its two zero bits set is none.
        let digest = Digest { alg: HashAlg::Sha256, bytes: [0xff; 32] };
        assert!(parse(&record_number(&digest).replace('R', "D")).is_err());
    }
}
