//! Writing canonical bytes.

use core::ops::Range;

use super::Decimal;
use super::check::TAG_DECIMAL;
use super::head::{ARRAY, BYTES, FALSE, MAP, NEGINT, NULL, SIMPLE, TAG, TEXT, TRUE, UINT};
use super::map::order;

/// An append-only writer of canonical CBOR. It never fails; whoever writes an array or map of `n` must write
/// `n` elements or pairs, keys ascending (or use [`MapBuilder`], which sorts).
#[derive(Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty writer with room for `bytes` bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes) }
    }

    /// A head in its shortest form (RFC 8949 §3, §4.2.1).
    #[inline]
    fn head(&mut self, major: u8, arg: u64) -> &mut Self {
        let major = major << 5;
        let [_, _, _, _, b3, b2, b1, b0] = arg.to_be_bytes();
        match arg {
            0..24 => self.out.push(major | b0),
            24..0x100 => self.out.extend_from_slice(&[major | 24, b0]),
            0x100..0x1_0000 => self.out.extend_from_slice(&[major | 25, b1, b0]),
            0x1_0000..0x1_0000_0000 => {
                self.out.extend_from_slice(&[major | 26, b3, b2, b1, b0]);
            }
            _ => {
                self.out.push(major | 27);
                self.out.extend_from_slice(&arg.to_be_bytes());
            }
        }
        self
    }

    /// An unsigned integer. Values above 2^63 − 1 are outside the format and every reader refuses them.
    pub fn uint(&mut self, value: u64) -> &mut Self {
        self.head(UINT, value)
    }

    /// An integer of either sign.
    pub fn int(&mut self, value: i64) -> &mut Self {
        match u64::try_from(value) {
            Ok(value) => self.head(UINT, value),
            Err(_) => self.head(NEGINT, !value as u64),
        }
    }

    /// A byte string.
    pub fn bstr(&mut self, content: &[u8]) -> &mut Self {
        self.head(BYTES, content.len() as u64).raw(content)
    }

    /// A text string, exactly as given.
    pub fn text(&mut self, content: &str) -> &mut Self {
        self.head(TEXT, content.len() as u64).raw(content.as_bytes())
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.head(SIMPLE, if value { TRUE } else { FALSE })
    }

    /// `null`.
    pub fn null(&mut self) -> &mut Self {
        self.head(SIMPLE, NULL)
    }

    /// The head of an array; its `len` elements come next.
    pub fn array(&mut self, len: usize) -> &mut Self {
        self.head(ARRAY, len as u64)
    }

    /// The head of a map; its `len` pairs come next, keys in canonical order.
    pub fn map(&mut self, len: usize) -> &mut Self {
        self.head(MAP, len as u64)
    }

    /// The head of a tag; what it tags comes next.
    pub fn tag(&mut self, tag: u64) -> &mut Self {
        self.head(TAG, tag)
    }

    /// A decimal fraction (tag 4).
    pub fn decimal(&mut self, value: Decimal) -> &mut Self {
        self.tag(TAG_DECIMAL).array(2).int(i64::from(value.exponent)).int(value.mantissa)
    }

    /// Bytes that are already canonical CBOR, as they are.
    pub fn raw(&mut self, encoded: &[u8]) -> &mut Self {
        self.out.extend_from_slice(encoded);
        self
    }

    /// The bytes so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// The bytes. The writer is empty afterwards, so the call may end a chain.
    pub fn finish(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.out)
    }
}

/// Builds a map whose pairs come in any order and are written in canonical order.
///
/// ```
/// use yinzheng::codec::MapBuilder;
/// let bytes = MapBuilder::new().put(3, |w| w.text("c")).put(1, |w| w.uint(7)).finish();
/// assert_eq!(bytes, [0xa2, 0x01, 0x07, 0x03, 0x61, b'c']);
/// ```
#[derive(Default)]
pub struct MapBuilder {
    values: Writer,
    pairs: Vec<(i64, Range<usize>)>,
}

impl MapBuilder {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty map with room for values of `bytes` bytes in all.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { values: Writer::with_capacity(bytes), pairs: Vec::with_capacity(8) }
    }

    /// Adds `key` with the one item that `write` writes. A key that is put again replaces the earlier one.
    #[must_use]
    pub fn put(mut self, key: i64, write: impl FnOnce(&mut Writer) -> &mut Writer) -> Self {
        let start = self.values.out.len();
        write(&mut self.values);
        let range = start..self.values.out.len();
        match self.pairs.iter_mut().find(|pair| pair.0 == key) {
            Some(pair) => pair.1 = range,
            None => self.pairs.push((key, range)),
        }
        self
    }

    /// Adds `key` when there is a value for it.
    #[must_use]
    pub fn put_opt<T>(
        self,
        key: i64,
        value: Option<T>,
        write: impl FnOnce(&mut Writer, T) -> &mut Writer,
    ) -> Self {
        match value {
            Some(value) => self.put(key, |w| write(w, value)),
            None => self,
        }
    }

    /// Adds an unsigned integer.
    #[must_use]
    pub fn put_uint(self, key: i64, value: u64) -> Self {
        self.put(key, |w| w.uint(value))
    }

    /// Adds an integer of either sign.
    #[must_use]
    pub fn put_int(self, key: i64, value: i64) -> Self {
        self.put(key, |w| w.int(value))
    }

    /// Adds a byte string.
    #[must_use]
    pub fn put_bstr(self, key: i64, content: &[u8]) -> Self {
        self.put(key, |w| w.bstr(content))
    }

    /// Adds a text string.
    #[must_use]
    pub fn put_text(self, key: i64, content: &str) -> Self {
        self.put(key, |w| w.text(content))
    }

    /// Adds an item that is already encoded.
    #[must_use]
    pub fn put_raw(self, key: i64, encoded: &[u8]) -> Self {
        self.put(key, |w| w.raw(encoded))
    }

    /// How many pairs so far.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are no pairs yet.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Writes the map, pairs in canonical order.
    pub fn write(mut self, w: &mut Writer) -> &mut Writer {
        self.pairs.sort_by_key(|pair| order(pair.0));
        w.map(self.pairs.len());
        for (key, range) in self.pairs {
            w.int(key).raw(self.values.out.get(range).unwrap_or_default());
        }
        w
    }

    /// The encoded map.
    pub fn finish(self) -> Vec<u8> {
        let mut w = Writer::with_capacity(self.values.out.len() + 16);
        self.write(&mut w);
        w.finish()
    }
}
