//! `SEQUENCE { r INTEGER, s INTEGER }` in DER (X.690, GM/T 0009 §7.2), strictly: one encoding for one pair.

/// Reads r and s, each as 32 bytes. `None` unless the bytes are exactly one sequence of exactly two
/// non-negative, minimally encoded integers below 2^256.
pub(super) fn read(bytes: &[u8]) -> Option<[u8; 64]> {
    let (body, rest) = element(bytes, 0x30)?;
    let (r, tail) = element(body, 0x02)?;
    let (s, tail) = element(tail, 0x02)?;
    if !rest.is_empty() || !tail.is_empty() {
        return None;
    }
    let mut out = [0; 64];
    let (high, low) = out.split_at_mut(32);
    integer(r, high)?;
    integer(s, low)?;
    Some(out)
}

/// The content of the element at the start, and what follows. Two integers of 33 bytes fit the short form of
/// a length, so every longer form is not minimal here.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, len], rest) = bytes.split_first_chunk::<2>()?;
    if found != tag || len >= 0x80 {
        return None;
    }
    rest.split_at_checked(usize::from(len))
}

fn integer(content: &[u8], out: &mut [u8]) -> Option<()> {
    let digits = match content {
        [] | [0x80..=0xff, ..] | [0, 0..=0x7f, ..] => return None,
        [0, rest @ ..] if !rest.is_empty() => rest,
        digits => digits,
    };
    let start = out.len().checked_sub(digits.len())?;
    out.get_mut(start..)?.copy_from_slice(digits);
    Some(())
}

/// Writes r and s.
pub(super) fn write(signature: &[u8; 64]) -> Vec<u8> {
    let (r, s) = signature.split_at(32);
    let body = [minimal(r), minimal(s)].concat();
    // At most 70 bytes: a short-form length.
    [&[0x30, body.len() as u8][..], &body].concat()
}

fn minimal(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count().min(number.len() - 1);
    let digits = number.get(zeros..).unwrap_or_default();
    let sign: &[u8] = if digits.first().is_some_and(|first| *first >= 0x80) { &[0] } else { &[] };
    [&[0x02, (sign.len() + digits.len()) as u8], sign, digits].concat()
}
