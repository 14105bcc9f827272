//! A view of one checked item.

use core::fmt;

use super::check::{self, Fault, TAG_DECIMAL};
use super::head::{self, ARRAY, BYTES, FALSE, Head, MAP, NEGINT, NULL, TAG, TEXT, TRUE, UINT};
use super::{Decimal, Map, limits};
use crate::{Error, ErrorCode, Result};

/// What an item is, to choose by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Kind {
    /// Unsigned integer, 0 to 2^63 − 1 (major type 0).
    Uint,
    /// Negative integer, −2^63 to −1 (major type 1).
    Negint,
    /// Byte string (major type 2).
    Bytes,
    /// Text string, UTF-8 (major type 3).
    Text,
    /// Array (major type 4).
    Array,
    /// Map with integer keys (major type 5).
    Map,
    /// Tag 4 or 18 and what it tags (major type 6).
    Tag,
    /// `false` or `true`.
    Bool,
    /// `null`.
    Null,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Uint => "unsigned integer",
            Kind::Negint => "negative integer",
            Kind::Bytes => "byte string",
            Kind::Text => "text",
            Kind::Array => "array",
            Kind::Map => "map",
            Kind::Tag => "tag",
            Kind::Bool => "bool",
            Kind::Null => "null",
        }
    }
}

/// Exactly one canonical item, as the bytes that were received. Made only by the strict check.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Item<'a> {
    bytes: &'a [u8],
}

impl fmt::Debug for Item<'_> {
    /// Kind and length only: an item may hold a field's value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Item({}, {} bytes)", self.kind().name(), self.bytes.len())
    }
}

impl<'a> Item<'a> {
    /// Checks `bytes` strictly: exactly one item of the narrowed deterministic CBOR, of at most `max_len`
    /// bytes, nothing after it.
    ///
    /// Errors: [`ErrorCode::TooLarge`], `Truncated`, `NotShortest`, `UnsupportedItem`, `MapOrder`,
    /// `DuplicateKey`, `TooDeep`, `InvalidUtf8`, `OutOfRange`, `TrailingBytes`. Linear in the input.
    pub fn parse(bytes: &'a [u8], max_len: usize) -> Result<Self> {
        if bytes.len() > max_len {
            return Err(Error::new(ErrorCode::TooLarge, format!("CBOR: at most {max_len} bytes")));
        }
        let len = check::item(bytes).map_err(report)?;
        if len != bytes.len() {
            return Err(report(Fault { code: ErrorCode::TrailingBytes, at: len }));
        }
        Ok(Self { bytes })
    }

    /// Checks the first item of a CBOR sequence (RFC 8742) and gives the bytes after it too.
    ///
    /// Errors as [`Item::parse`], without `TrailingBytes`; an item longer than `max_len` is `TooLarge`.
    pub fn parse_prefix(bytes: &'a [u8], max_len: usize) -> Result<(Self, &'a [u8])> {
        let window = bytes.get(..max_len).unwrap_or(bytes);
        let len = check::item(window).map_err(|fault| {
            if fault.code == ErrorCode::Truncated && window.len() < bytes.len() {
                return Error::new(ErrorCode::TooLarge, format!("CBOR: at most {max_len} bytes"));
            }
            report(fault)
        })?;
        let (bytes, rest) = bytes.split_at_checked(len).ok_or_else(fault_of_ours)?;
        Ok((Self { bytes }, rest))
    }

    /// Bytes that are part of a checked item and start an item of their own.
    pub(super) fn first_of_checked(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let len = check::skip(bytes);
        if len == 0 {
            return None;
        }
        let (bytes, rest) = bytes.split_at_checked(len)?;
        Some((Self { bytes }, rest))
    }

    /// The exact encoded bytes of this item: what is hashed.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What the item is.
    pub fn kind(&self) -> Kind {
        let head = self.head();
        match head.major {
            UINT => Kind::Uint,
            NEGINT => Kind::Negint,
            BYTES => Kind::Bytes,
            TEXT => Kind::Text,
            ARRAY => Kind::Array,
            MAP => Kind::Map,
            TAG => Kind::Tag,
            _ if head.arg == NULL => Kind::Null,
            _ => Kind::Bool,
        }
    }

    /// A checked item always has a head; `null` stands in for what can't happen.
    fn head(&self) -> Head {
        head::read(self.bytes).unwrap_or(Head { major: head::SIMPLE, arg: NULL, len: 0 })
    }

    fn body(&self, head: Head) -> &'a [u8] {
        self.bytes.get(head.len..).unwrap_or_default()
    }

    fn wrong_type(&self, expected: Kind) -> Error {
        let found = self.kind().name();
        Error::new(ErrorCode::WrongType, format!("expected {}, found {found}", expected.name()))
    }

    fn head_of(&self, major: u8, expected: Kind) -> Result<Head> {
        let head = self.head();
        if head.major == major { Ok(head) } else { Err(self.wrong_type(expected)) }
    }

    /// An unsigned integer, 0 to 2^63 − 1. Anything else is [`ErrorCode::WrongType`].
    pub fn uint(&self) -> Result<u64> {
        self.head_of(UINT, Kind::Uint).map(|head| head.arg)
    }

    /// An unsigned integer below 2^53. A larger one is [`ErrorCode::OutOfRange`].
    pub fn count(&self) -> Result<u64> {
        let n = self.uint()?;
        if n > limits::COUNT {
            return Err(Error::new(ErrorCode::OutOfRange, "counts are below 2^53"));
        }
        Ok(n)
    }

    /// An integer of either sign.
    pub fn int(&self) -> Result<i64> {
        head::integer(self.head()).ok_or_else(|| self.wrong_type(Kind::Uint))
    }

    /// The content of a byte string.
    pub fn bstr(&self) -> Result<&'a [u8]> {
        self.head_of(BYTES, Kind::Bytes).map(|head| self.body(head))
    }

    /// The content of a byte string of exactly `N` bytes; another length is [`ErrorCode::OutOfRange`].
    pub fn bstr_n<const N: usize>(&self) -> Result<[u8; N]> {
        let content = self.bstr()?;
        content.try_into().map_err(|_| {
            Error::new(
                ErrorCode::OutOfRange,
                format!("expected {N} bytes, found {}", content.len()),
            )
        })
    }

    /// The content of a byte string of exactly 32 bytes.
    pub fn bstr32(&self) -> Result<[u8; 32]> {
        self.bstr_n()
    }

    /// The content of a text string, exactly as written.
    pub fn text(&self) -> Result<&'a str> {
        let head = self.head_of(TEXT, Kind::Text)?;
        core::str::from_utf8(self.body(head)).map_err(|_| fault_of_ours())
    }

    /// `true` or `false`.
    pub fn bool(&self) -> Result<bool> {
        let head = self.head();
        match (head.major, head.arg) {
            (head::SIMPLE, TRUE) => Ok(true),
            (head::SIMPLE, FALSE) => Ok(false),
            _ => Err(self.wrong_type(Kind::Bool)),
        }
    }

    /// Whether the item is `null`.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// How many elements an array has, or pairs a map has.
    pub fn element_count(&self) -> Result<u64> {
        let head = self.head();
        if head.major == ARRAY || head.major == MAP {
            Ok(head.arg)
        } else {
            Err(self.wrong_type(Kind::Array))
        }
    }

    /// The elements of an array, one after the other, without allocation.
    pub fn elements(&self) -> Result<Elements<'a>> {
        let head = self.head_of(ARRAY, Kind::Array)?;
        Ok(Elements { rest: self.body(head), left: head.arg })
    }

    /// The elements of an array.
    pub fn array(&self) -> Result<Vec<Item<'a>>> {
        Ok(self.elements()?.collect())
    }

    /// The elements of an array of exactly `N`; another number of them is [`ErrorCode::WrongType`].
    pub fn array_n<const N: usize>(&self) -> Result<[Item<'a>; N]> {
        let mut elements = self.elements()?;
        if elements.left != N as u64 {
            let found = elements.left;
            let context = format!("expected an array of {N}, found {found}");
            return Err(Error::new(ErrorCode::WrongType, context));
        }
        // A checked array has as many elements as it says; the item itself stands in for what can't happen.
        Ok([(); N].map(|()| elements.next().unwrap_or(*self)))
    }

    /// The pairs of a map.
    pub fn map(&self) -> Result<Map<'a>> {
        let head = self.head_of(MAP, Kind::Map)?;
        Map::of_checked(self.body(head), head.arg).ok_or_else(fault_of_ours)
    }

    /// The number of the tag, when the item is a tag.
    pub fn tag(&self) -> Option<u64> {
        let head = self.head();
        (head.major == TAG).then_some(head.arg)
    }

    /// What `tag` tags; another tag, or none, is [`ErrorCode::WrongType`].
    pub fn tagged(&self, tag: u64) -> Result<Item<'a>> {
        let head = self.head_of(TAG, Kind::Tag)?;
        if head.arg != tag {
            return Err(Error::new(
                ErrorCode::WrongType,
                format!("expected tag {tag}, found {}", head.arg),
            ));
        }
        Ok(Self { bytes: self.body(head) })
    }

    /// A decimal fraction (tag 4).
    pub fn decimal(&self) -> Result<Decimal> {
        let mut parts = self.tagged(TAG_DECIMAL)?.elements()?;
        let (Some(exponent), Some(mantissa)) = (parts.next(), parts.next()) else {
            return Err(fault_of_ours());
        };
        let exponent = i8::try_from(exponent.int()?).map_err(|_| fault_of_ours())?;
        Decimal::new(exponent, mantissa.int()?)
    }
}

/// The elements of an array, in order. See [`Item::elements`].
#[derive(Clone)]
pub struct Elements<'a> {
    rest: &'a [u8],
    left: u64,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        if self.left == 0 {
            return None;
        }
        let (item, rest) = Item::first_of_checked(self.rest)?;
        self.left -= 1;
        self.rest = rest;
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // Bounded by the bytes at hand, since each element takes one at least.
        let left = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.rest.len());
        (left, Some(left))
    }
}

fn report(fault: Fault) -> Error {
    Error::new(fault.code, format!("CBOR, byte {}", fault.at))
}

pub(super) fn fault_of_ours() -> Error {
    Error::new(ErrorCode::Internal, "a checked CBOR item did not read back")
}
