//! Words from outside: what others said about sealed bytes, kept beside them and never in them (format §9).

mod countersignature;
mod platform;
#[cfg(feature = "x509")]
mod timestamp;

pub use countersignature::{
    Claim, Countersignature, CountersignatureDraft, KIND as COUNTERSIGNATURE_KIND,
};
pub use platform::PlatformReceipt;
#[cfg(feature = "x509")]
pub(crate) use timestamp::imprint_fits;
#[cfg(feature = "x509")]
pub use timestamp::{Imprint, Stamp, Timestamp, TimestampRequest};

use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::numbered::numbered;

numbered! {
    /// What kind of word it is.
    OutsideKind, "outside kind is 1 to 3":
    /// A countersignature 会签.
    Countersignature = 1 "countersignature",
    /// An RFC 3161 timestamp token 可信时间戳.
    TimestampToken = 2 "timestamp-token",
    /// The receipt of a deposit platform.
    PlatformReceipt = 3 "platform-receipt",
}

numbered! {
    /// What it is about.
    TargetKind, "target is 1 or 2":
    /// A block: its sealed digest.
    Block = 1 "block",
    /// An entry, usually a statement: the digest of its bytes.
    Entry = 2 "entry",
}

/// A word from outside, with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Countersignature, token or platform receipt.
    pub kind: OutsideKind,
    /// Its bytes, as received.
    pub bytes: Vec<u8>,
    /// Block or entry.
    pub target: TargetKind,
    /// Sealed digest of the block, or digest of the entry's bytes under the ledger's hash.
    pub digest: Digest,
}

impl Outside {
    /// Writes `{0: kind, 1: bytes, 2: [target, digest]}`.
    pub fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        MapBuilder::new()
            .put_uint(0, self.kind.number())
            .put_bstr(1, &self.bytes)
            .put(2, |w| self.digest.write(w.array(2).uint(self.target.number())))
            .write(w)
    }

    /// Checks that a proof can carry it: sizes, target, and that a countersignature or a platform's receipt can be read. What
    /// it says, and who said it, is left to the verifier.
    ///
    /// # Errors
    /// As [`Outside::read`], or any 3xx about its bytes.
    pub fn check(&self) -> Result<()> {
        let mut w = Writer::new();
        self.write(&mut w);
        Self::read(Item::parse(w.as_bytes(), 2 * limits::ENTRY_BYTES)?)?;
        match self.kind {
            OutsideKind::Countersignature => Countersignature::parse(&self.bytes).map(drop),
            OutsideKind::PlatformReceipt => PlatformReceipt::parse(&self.bytes).map(drop),
            OutsideKind::TimestampToken => Ok(()),
        }
    }

    /// Reads it. The bytes themselves are read by whoever checks them.
    ///
    /// # Errors
    /// Any 3xx; `TooLarge` beyond 65,535 bytes.
    pub fn read(item: Item<'_>) -> Result<Self> {
        let map = item.map()?;
        map.only(&[0, 1, 2])?;
        let bytes = map.read(1, |bytes| bytes.bstr())?;
        if bytes.is_empty() || bytes.len() > limits::ENTRY_BYTES {
            return Err(Error::new(
                ErrorCode::TooLarge,
                "a word from outside has 1 to 65,535 bytes",
            ));
        }
        let [target, digest] = map.read(2, |target| target.array_n::<2>())?;
        let outside = Self {
            kind: map.read(0, |kind| OutsideKind::from_number(kind.uint()?))?,
            bytes: bytes.to_vec(),
            target: TargetKind::from_number(target.uint()?)?,
            digest: Digest::read(digest)?,
        };
        if outside.kind == OutsideKind::Countersignature && outside.target != TargetKind::Block {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "a countersignature's target is a block",
            ));
        }
        Ok(outside)
    }
}

#[cfg(test)]
mod tests;
