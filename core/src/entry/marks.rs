//! Marks on what was sealed before: erased, held, seen elsewhere, renewed.

use crate::codec::{Item, Map, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::numbered::numbered;
use crate::time::TimeClaim;

pub(super) const TOMBSTONE_KIND: u64 = 4;
pub(super) const HOLD_KIND: u64 = 5;
pub(super) const OBSERVED_HEAD_KIND: u64 = 7;
pub(super) const RENEWAL_KIND: u64 = 8;

/// The name under which the reference of a tombstone or hold is committed to.
pub const REFERENCE_NAME: &str = "reference";

numbered! {
    /// Why values were erased.
    TombstoneReason, "reason is 1 to 4":
    /// The time to keep them is over.
    RetentionOver = 1 "retention-over",
    /// The person asked for it.
    PersonsRequest = 2 "persons-request",
    /// A court or authority ordered it.
    Order = 3 "order",
    /// They should not have been kept.
    Error = 4 "error",
}

numbered! {
    /// What a hold does.
    HoldAction, "hold action is 1 to 3":
    /// Suspends erasure.
    Set = 1 "set",
    /// Ends the hold or restriction.
    Lift = 2 "lift",
    /// Blocks disclosure without erasing.
    Restrict = 3 "restrict",
}

numbered! {
    /// Why a hold stands.
    HoldReason, "reason is 1 to 4":
    /// A dispute.
    Dispute = 1 "dispute",
    /// An investigation.
    Investigation = 2 "investigation",
    /// An audit.
    Audit = 3 "audit",
    /// The person asked for it.
    PersonsRequest = 4 "persons-request",
}

/// Values were erased: digests, never a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Digests of the records.
    pub records: Vec<Digest>,
    /// Names whose values were erased, ascending; `None` means all.
    pub names: Option<Vec<String>>,
    /// Why.
    pub reason: TombstoneReason,
    /// Salted commitment to a reference, for example a request's number.
    pub reference: [u8; 32],
    /// When.
    pub time: TimeClaim,
}

impl Tombstone {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapBuilder::new()
            .put_uint(0, TOMBSTONE_KIND)
            .put(1, |w| write_digests(w, &self.records))
            .put(2, |w| match &self.names {
                None => w.null(),
                Some(names) => {
                    w.array(names.len());
                    for name in names {
                        w.text(name);
                    }
                    w
                }
            })
            .put_uint(3, self.reason.number())
            .put_bstr(4, &self.reference)
            .put(5, |w| self.time.write(w))
            .finish()
    }

    pub(super) fn read(map: &Map<'_>) -> Result<Self> {
        Ok(Self {
            records: map.read(1, read_digests)?,
            names: map.read(2, read_names)?,
            reason: map.read(3, |reason| TombstoneReason::from_number(reason.uint()?))?,
            reference: map.read(4, |digest| digest.bstr32())?,
            time: map.read(5, TimeClaim::read)?,
        })
    }
}

/// A hold on records, its end, or a restriction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Set, lift or restrict.
    pub action: HoldAction,
    /// Digests of the records.
    pub records: Vec<Digest>,
    /// Why.
    pub reason: HoldReason,
    /// Salted commitment to a reference.
    pub reference: [u8; 32],
    /// When.
    pub time: TimeClaim,
}

impl Hold {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapBuilder::new()
            .put_uint(0, HOLD_KIND)
            .put_uint(1, self.action.number())
            .put(2, |w| write_digests(w, &self.records))
            .put_uint(3, self.reason.number())
            .put_bstr(4, &self.reference)
            .put(5, |w| self.time.write(w))
            .finish()
    }

    pub(super) fn read(map: &Map<'_>) -> Result<Self> {
        Ok(Self {
            action: map.read(1, |action| HoldAction::from_number(action.uint()?))?,
            records: map.read(2, read_digests)?,
            reason: map.read(3, |reason| HoldReason::from_number(reason.uint()?))?,
            reference: map.read(4, |digest| digest.bstr32())?,
            time: map.read(5, TimeClaim::read)?,
        })
    }
}

/// Another ledger's head, seen by this ledger's sealer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedHead {
    /// The other ledger.
    pub ledger_id: Digest,
    /// Height of its head.
    pub height: u64,
    /// Block hash of its head.
    pub block_hash: Digest,
    /// Sealed digest of its head.
    pub sealed_digest: Digest,
    /// When it was seen.
    pub time: TimeClaim,
}

impl ObservedHead {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapBuilder::new()
            .put_uint(0, OBSERVED_HEAD_KIND)
            .put(1, |w| self.ledger_id.write(w))
            .put_uint(2, self.height)
            .put(3, |w| self.block_hash.write(w))
            .put(4, |w| self.sealed_digest.write(w))
            .put(5, |w| self.time.write(w))
            .finish()
    }

    pub(super) fn read(map: &Map<'_>) -> Result<Self> {
        let head = Self {
            ledger_id: map.read(1, Digest::read)?,
            height: map.read(2, |height| height.count())?,
            block_hash: map.read(3, Digest::read)?,
            sealed_digest: map.read(4, Digest::read)?,
            time: map.read(5, TimeClaim::read)?,
        };
        Digest::same_hash(&[head.ledger_id, head.block_hash, head.sealed_digest])?;
        Ok(head)
    }
}

/// A range of an older ledger under a new hash: carries it past the end of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The older ledger.
    pub ledger_id: Digest,
    /// First height.
    pub first: u64,
    /// Last height.
    pub last: u64,
    /// RFC 9162 root under the new hash, over sealed bytes and entries block by block.
    pub root: Digest,
    /// Number of leaves.
    pub leaves: u64,
}

impl Renewal {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapBuilder::new()
            .put_uint(0, RENEWAL_KIND)
            .put(1, |w| self.ledger_id.write(w))
            .put_uint(2, self.first)
            .put_uint(3, self.last)
            .put(4, |w| self.root.write(w))
            .put_uint(5, self.leaves)
            .finish()
    }

    pub(super) fn read(map: &Map<'_>) -> Result<Self> {
        let renewal = Self {
            ledger_id: map.read(1, Digest::read)?,
            first: map.read(2, |height| height.count())?,
            last: map.read(3, |height| height.count())?,
            root: map.read(4, Digest::read)?,
            leaves: map.read(5, |count| count.count())?,
        };
        if renewal.first > renewal.last {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "the first height is not above the last",
            ));
        }
        Ok(renewal)
    }
}

fn write_digests<'w>(w: &'w mut Writer, digests: &[Digest]) -> &'w mut Writer {
    w.array(digests.len());
    for digest in digests {
        digest.write(w);
    }
    w
}

fn read_digests(item: Item<'_>) -> Result<Vec<Digest>> {
    let list = item.array()?;
    if list.is_empty() || list.len() > limits::FIELDS {
        return Err(Error::new(ErrorCode::OutOfRange, "1 to 512 record digests"));
    }
    list.into_iter().map(Digest::read).collect()
}

fn read_names(item: Item<'_>) -> Result<Option<Vec<String>>> {
    if item.is_null() {
        return Ok(None);
    }
    let names: Vec<String> =
        item.array()?.iter().map(|name| name.text().map(str::to_owned)).collect::<Result<_>>()?;
    if names.is_empty() || names.len() > limits::FIELDS {
        return Err(Error::new(ErrorCode::OutOfRange, "1 to 512 names, or null for all"));
    }
    if names.iter().any(|name| name.is_empty() || name.len() > limits::NAME_BYTES) {
        return Err(Error::new(ErrorCode::OutOfRange, "a name has 1 to 128 bytes"));
    }
    if !names.is_sorted_by(|a, b| a < b) {
        return Err(Error::new(ErrorCode::MapOrder, "names ascend, each once"));
    }
    Ok(Some(names))
}
