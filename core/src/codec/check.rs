//! The strict check: one linear pass, no recursion, no allocation.

use super::decimal::EXPONENT;
use super::head::{self, ARRAY, BYTES, Head, MAP, NEGINT, NULL, SIMPLE, TAG, TEXT, UINT};
use super::limits::{DEPTH, MAP_KEY};
use crate::ErrorCode;

/// Tag of a decimal fraction (RFC 8949 §3.4.4).
pub(super) const TAG_DECIMAL: u64 = 4;
/// Tag of a COSE_Sign1 (RFC 9052 §2).
pub(super) const TAG_SIGN1: u64 = 18;

/// What is wrong, and at which byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) code: ErrorCode,
    pub(super) at: usize,
}

/// What an open array, map or tag may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Anything.
    Items,
    /// Keys and values.
    Pairs,
    /// The four parts of a message, in one array.
    Message,
    /// The parts themselves: bytes, a map, bytes or null, bytes.
    Parts,
}

/// An array, map or tag that is still open: how many elements or pairs are to come.
#[derive(Clone, Copy)]
struct Open {
    left: u64,
    holds: Holds,
    /// The key before, as (major type, argument): in shortest form these order as the encoded bytes do.
    last: Option<(u8, u64)>,
}

/// Checks the first item of `bytes` and gives its length.
pub(super) fn item(bytes: &[u8]) -> Result<usize, Fault> {
    let mut pos = 0usize;
    let mut open = [Open { left: 0, holds: Holds::Items, last: None }; DEPTH];
    let mut depth = 0usize;
    loop {
        let mut inside = Holds::Items;
        if let Some(top) = depth.checked_sub(1).and_then(|i| open.get_mut(i)) {
            inside = top.holds;
            match inside {
                Holds::Pairs => pos += key(bytes, pos, &mut top.last)?,
                Holds::Parts => part(bytes, pos, top.left)?,
                Holds::Items | Holds::Message => {}
            }
        }
        let head = read(bytes, pos)?;
        match head.major {
            ARRAY | MAP => {
                let map = head.major == MAP;
                let holds = match (map, inside) {
                    (true, _) => Holds::Pairs,
                    (false, Holds::Message) => Holds::Parts,
                    (false, _) => Holds::Items,
                };
                let body = pos + head.len;
                // Each element takes a byte at least, so a count beyond the input is refused before any walk.
                let room = bytes.len() as u64 - body as u64;
                if head.arg > if map { room / 2 } else { room } {
                    return Err(Fault { code: ErrorCode::Truncated, at: pos });
                }
                let slot =
                    open.get_mut(depth).ok_or(Fault { code: ErrorCode::TooDeep, at: pos })?;
                pos = body;
                if head.arg > 0 {
                    *slot = Open { left: head.arg, holds, last: None };
                    depth += 1;
                    continue;
                }
            }
            TAG if head.arg == TAG_SIGN1 => {
                let inner = read(bytes, pos + head.len)?;
                if inner.major != ARRAY || inner.arg != 4 {
                    return Err(Fault { code: ErrorCode::UnsupportedItem, at: pos });
                }
                let slot =
                    open.get_mut(depth).ok_or(Fault { code: ErrorCode::TooDeep, at: pos })?;
                *slot = Open { left: 1, holds: Holds::Message, last: None };
                pos += head.len;
                depth += 1;
                continue;
            }
            TAG if head.arg == TAG_DECIMAL => {
                // The tag is one level, the pair in it another.
                if depth + 2 > DEPTH {
                    return Err(Fault { code: ErrorCode::TooDeep, at: pos });
                }
                pos += decimal(bytes, pos, head)?;
            }
            _ => pos += scalar(bytes, pos, head)?,
        }
        // An item is complete: close every array and map that it was the last of.
        loop {
            let Some(top) = depth.checked_sub(1).and_then(|i| open.get_mut(i)) else {
                return Ok(pos);
            };
            top.left -= 1;
            if top.left > 0 {
                break;
            }
            depth -= 1;
        }
    }
}

#[inline]
fn read(bytes: &[u8], pos: usize) -> Result<Head, Fault> {
    head::read(bytes.get(pos..).unwrap_or_default()).map_err(|code| Fault { code, at: pos })
}

/// A part of a signed message, counted from its end.
fn part(bytes: &[u8], pos: usize, left: u64) -> Result<(), Fault> {
    let head = read(bytes, pos)?;
    let null = head.major == SIMPLE && head.arg == NULL;
    let fits = match left {
        3 => head.major == MAP,
        2 => head.major == BYTES || null,
        _ => head.major == BYTES,
    };
    if fits { Ok(()) } else { Err(Fault { code: ErrorCode::WrongType, at: pos }) }
}

/// A map key: an integer, above the one before. Gives its length.
#[inline]
fn key(bytes: &[u8], pos: usize, last: &mut Option<(u8, u64)>) -> Result<usize, Fault> {
    let head = read(bytes, pos)?;
    let fault = |code| Err(Fault { code, at: pos });
    if head.major != UINT && head.major != NEGINT {
        return fault(ErrorCode::UnsupportedItem);
    }
    if head::integer(head).is_none() || (head.major == UINT && head.arg > MAP_KEY) {
        return fault(ErrorCode::OutOfRange);
    }
    let this = (head.major, head.arg);
    match *last {
        Some(before) if before == this => fault(ErrorCode::DuplicateKey),
        Some(before) if before > this => fault(ErrorCode::MapOrder),
        _ => {
            *last = Some(this);
            Ok(head.len)
        }
    }
}

/// Anything that holds no other item. Gives its length.
#[inline]
fn scalar(bytes: &[u8], pos: usize, head: Head) -> Result<usize, Fault> {
    let fault = |code| Err(Fault { code, at: pos });
    match head.major {
        UINT | NEGINT if head::integer(head).is_some() => Ok(head.len),
        UINT | NEGINT => fault(ErrorCode::OutOfRange),
        BYTES | TEXT => {
            let body = bytes.get(pos + head.len..).unwrap_or_default();
            let content = usize::try_from(head.arg).ok().and_then(|n| body.get(..n));
            let Some(content) = content else { return fault(ErrorCode::Truncated) };
            if head.major == TEXT && core::str::from_utf8(content).is_err() {
                return fault(ErrorCode::InvalidUtf8);
            }
            Ok(head.len + content.len())
        }
        SIMPLE => Ok(head.len),
        _ => fault(ErrorCode::UnsupportedItem),
    }
}

/// Tag 4 with exactly [exponent, mantissa]. Gives its length, tag included.
fn decimal(bytes: &[u8], pos: usize, tag: Head) -> Result<usize, Fault> {
    let fault = |code, at| Err(Fault { code, at });
    let mut at = pos + tag.len;
    let pair = read(bytes, at)?;
    if pair.major != ARRAY || pair.arg != 2 {
        return fault(ErrorCode::UnsupportedItem, at);
    }
    at += pair.len;
    let exponent = read(bytes, at)?;
    if exponent.major != UINT && exponent.major != NEGINT {
        return fault(ErrorCode::UnsupportedItem, at);
    }
    if !head::integer(exponent).is_some_and(|e| EXPONENT.contains(&e)) {
        return fault(ErrorCode::OutOfRange, at);
    }
    at += exponent.len;
    let mantissa = read(bytes, at)?;
    if mantissa.major != UINT && mantissa.major != NEGINT {
        return fault(ErrorCode::UnsupportedItem, at);
    }
    if head::integer(mantissa).is_none() {
        return fault(ErrorCode::OutOfRange, at);
    }
    Ok(at + mantissa.len - pos)
}

/// The length of the first item of bytes that were checked before; 0 when they were not.
pub(super) fn skip(bytes: &[u8]) -> usize {
    let (mut pos, mut pending) = (0usize, 1u64);
    while pending > 0 {
        let Ok(head) = head::read(bytes.get(pos..).unwrap_or_default()) else { return 0 };
        pos += head.len;
        pending -= 1;
        match head.major {
            BYTES | TEXT => pos += head.arg as usize,
            ARRAY => pending += head.arg,
            MAP => pending += 2 * head.arg,
            TAG => pending += 1,
            _ => {}
        }
    }
    pos
}
