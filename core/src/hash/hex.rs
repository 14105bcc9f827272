//! Hexadecimal, lower case.

use crate::{Error, ErrorCode, Result};

/// Two lower-case digits a byte.
pub fn encode(bytes: &[u8]) -> String {
    let digit =
        |nibble: u8| char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes of lower-case hexadecimal. An odd number of digits, or anything that is not `0-9a-f`, is
/// [`ErrorCode::InvalidArgument`]: one value has one spelling.
pub fn decode(text: &str) -> Result<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Error::new(
            ErrorCode::InvalidArgument,
            "hexadecimal: an even number of digits",
        ));
    }
    pairs.iter().map(|&[high, low]| Ok(nibble(high)? << 4 | nibble(low)?)).collect()
}

/// As [`decode`], for exactly `N` bytes.
pub fn decode_n<const N: usize>(text: &str) -> Result<[u8; N]> {
    decode(text)?.try_into().map_err(|_| {
        Error::new(ErrorCode::InvalidArgument, format!("hexadecimal: {} digits", 2 * N))
    })
}

fn nibble(digit: u8) -> Result<u8> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(Error::new(
            ErrorCode::InvalidArgument,
            "hexadecimal: digits 0-9 and a-f, lower case",
        )),
    }
}
