//! Receipts of deposit platforms, kept as received beside what the host read from them.

use crate::codec::{Item, MapBuilder, limits};
use crate::error::Result;

/// A platform's receipt. The library does not check it: the verdict says NOT CHECKED and shows what it claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformReceipt {
    /// The platform, as it calls itself.
    pub platform: String,
    /// The deposit's id there.
    pub id: String,
    /// Transaction.
    pub transaction: Option<String>,
    /// Height of the platform's block.
    pub height: Option<u64>,
    /// Hash of the platform's block, as text.
    pub block_hash: Option<String>,
    /// Time in the receipt, milliseconds since 1970.
    pub time_ms: Option<i64>,
    /// Transaction on a court's chain.
    pub court_transaction: Option<String>,
    /// The receipt's raw bytes, as received.
    pub raw: Vec<u8>,
}

impl PlatformReceipt {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapBuilder::new()
            .put_text(0, &self.platform)
            .put_text(1, &self.id)
            .put_opt(2, self.transaction.as_ref(), |w, text| w.text(text))
            .put_opt(3, self.height, |w, height| w.uint(height))
            .put_opt(4, self.block_hash.as_ref(), |w, text| w.text(text))
            .put_opt(5, self.time_ms, |w, ms| w.int(ms))
            .put_opt(6, self.court_transaction.as_ref(), |w, text| w.text(text))
            .put_bstr(7, &self.raw)
            .finish()
    }

    /// Reads it back.
    ///
    /// # Errors
    /// Any 3xx.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let map = Item::parse(bytes, limits::ENTRY_BYTES)?.map()?;
        map.only(&[0, 1, 2, 3, 4, 5, 6, 7])?;
        let text = |item: Item<'_>| item.text().map(str::to_owned);
        Ok(Self {
            platform: map.read(0, text)?,
            id: map.read(1, text)?,
            transaction: map.read_opt(2, text)?,
            height: map.read_opt(3, |height| height.count())?,
            block_hash: map.read_opt(4, text)?,
            time_ms: map.read_opt(5, |ms| ms.int())?,
            court_transaction: map.read_opt(6, text)?,
            raw: map.read(7, |raw| raw.bstr())?.to_vec(),
        })
    }
}
