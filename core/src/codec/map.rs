//! A map of a checked item.

use super::Item;
use crate::{Error, ErrorCode, Result};

/// The pairs of a map: integer keys in canonical order, each once.
#[derive(Clone, Debug)]
pub struct Map<'a> {
    pairs: Vec<(i64, Item<'a>)>,
}

/// Canonical order of integer keys: unsigned ones ascending, then negative ones from −1 downward. In shortest
/// form that is the bytewise order of their encodings.
pub(super) fn order(key: i64) -> (bool, i64) {
    (key < 0, if key < 0 { !key } else { key })
}

impl<'a> Map<'a> {
    /// `body` holds `count` pairs and was checked before.
    pub(super) fn of_checked(body: &'a [u8], count: u64) -> Option<Self> {
        let mut rest = body;
        let mut pairs = Vec::with_capacity(usize::try_from(count).ok()?.min(body.len()));
        for _ in 0..count {
            let (key, after) = Item::first_of_checked(rest)?;
            let (value, after) = Item::first_of_checked(after)?;
            pairs.push((key.int().ok()?, value));
            rest = after;
        }
        Some(Self { pairs })
    }

    /// The value of `key`, if the map has it.
    pub fn get(&self, key: i64) -> Option<Item<'a>> {
        let at = self.pairs.binary_search_by_key(&order(key), |pair| order(pair.0)).ok()?;
        self.pairs.get(at).map(|pair| pair.1)
    }

    /// The value of `key`; [`ErrorCode::MissingKey`] when the map does not have it.
    pub fn need(&self, key: i64) -> Result<Item<'a>> {
        self.get(key).ok_or_else(|| Error::new(ErrorCode::MissingKey, format!("key {key}")))
    }

    /// Whether the map has `key`.
    pub fn has(&self, key: i64) -> bool {
        self.get(key).is_some()
    }

    /// The keys in canonical order.
    pub fn keys(&self) -> impl Iterator<Item = i64> + '_ {
        self.pairs.iter().map(|pair| pair.0)
    }

    /// Keys and values in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = (i64, Item<'a>)> + '_ {
        self.pairs.iter().copied()
    }

    /// How many pairs.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether the map is empty.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Refuses every key that is not in `known` with [`ErrorCode::UnknownCritical`]: the rule for blocks,
    /// receipts, proofs and bundles.
    pub fn only(&self, known: &[i64]) -> Result<()> {
        match self.keys().find(|key| !known.contains(key)) {
            Some(key) => Err(Error::new(ErrorCode::UnknownCritical, format!("key {key}"))),
            None => Ok(()),
        }
    }

    /// The first critical key that is not in `known`: the rule for entries, see [`is_optional`].
    pub fn unknown_critical(&self, known: &[i64]) -> Option<i64> {
        self.keys().find(|key| !known.contains(key) && !is_optional(*key))
    }

    /// The value of `key` as `read` reads it, with the key named in an error.
    pub fn read<T>(&self, key: i64, read: impl FnOnce(Item<'a>) -> Result<T>) -> Result<T> {
        read(self.need(key)?).map_err(|error| error.within(&format!("key {key}")))
    }

    /// As [`Map::read`], and `None` when the key is absent.
    pub fn read_opt<T>(
        &self,
        key: i64,
        read: impl FnOnce(Item<'a>) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.get(key) {
            Some(item) => read(item).map(Some).map_err(|error| error.within(&format!("key {key}"))),
            None => Ok(None),
        }
    }

    /// The only pair of a map of one; anything else is [`ErrorCode::WrongType`].
    pub fn single(&self) -> Result<(i64, Item<'a>)> {
        match self.pairs.as_slice() {
            [pair] => Ok(*pair),
            [] | [_, _, ..] => Err(Error::new(ErrorCode::WrongType, "expected a map of one pair")),
        }
    }
}

/// Whether a reader that does not know this key of an entry may go on: 64 to 65,535 are optional, and so are
/// private ones below −65,536; all others are critical.
pub fn is_optional(key: i64) -> bool {
    (64..=65_535).contains(&key) || key < -65_536
}
