//! The first bytes of an item: major type and argument, shortest form only (RFC 8949 §3, §4.2.1).

use crate::ErrorCode;

pub(super) const UINT: u8 = 0;
pub(super) const NEGINT: u8 = 1;
pub(super) const BYTES: u8 = 2;
pub(super) const TEXT: u8 = 3;
pub(super) const ARRAY: u8 = 4;
pub(super) const MAP: u8 = 5;
pub(super) const TAG: u8 = 6;
pub(super) const SIMPLE: u8 = 7;

pub(super) const FALSE: u64 = 20;
pub(super) const TRUE: u64 = 21;
pub(super) const NULL: u64 = 22;

/// Major type, argument, and how many bytes both took.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) major: u8,
    pub(super) arg: u64,
    pub(super) len: usize,
}

/// Reads the head at the start of `bytes`.
#[inline]
pub(super) fn read(bytes: &[u8]) -> Result<Head, ErrorCode> {
    let (&first, rest) = bytes.split_first().ok_or(ErrorCode::Truncated)?;
    let (major, info) = (first >> 5, first & 31);
    if major == SIMPLE {
        // Floats, undefined, other simple values and the break byte are not part of the format.
        let arg = u64::from(info);
        let known = matches!(arg, FALSE | TRUE | NULL);
        return if known {
            Ok(Head { major, arg, len: 1 })
        } else {
            Err(ErrorCode::UnsupportedItem)
        };
    }
    let (arg, len, least) = match info {
        0..=23 => return Ok(Head { major, arg: u64::from(info), len: 1 }),
        24 => (u64::from(u8::from_be_bytes(take(rest)?)), 2, 24),
        25 => (u64::from(u16::from_be_bytes(take(rest)?)), 3, 0x100),
        26 => (u64::from(u32::from_be_bytes(take(rest)?)), 5, 0x1_0000),
        27 => (u64::from_be_bytes(take(rest)?), 9, 0x1_0000_0000),
        // 28 to 30 are reserved, 31 is an indefinite length.
        _ => return Err(ErrorCode::UnsupportedItem),
    };
    if arg < least { Err(ErrorCode::NotShortest) } else { Ok(Head { major, arg, len }) }
}

#[inline]
fn take<const N: usize>(bytes: &[u8]) -> Result<[u8; N], ErrorCode> {
    bytes.first_chunk::<N>().copied().ok_or(ErrorCode::Truncated)
}

/// The integer a head of major type 0 or 1 stands for, when it fits `i64`.
#[inline]
pub(super) fn integer(head: Head) -> Option<i64> {
    let n = i64::try_from(head.arg).ok()?;
    match head.major {
        UINT => Some(n),
        NEGINT => Some(!n),
        _ => None,
    }
}
