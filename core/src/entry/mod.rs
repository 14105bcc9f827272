//! Entries: everything that can be a leaf of a block (format §5).
//!
//! A leaf needs only its bytes. [`Entry::parse`] says what they are; an unknown kind or an unknown key is reported,
//! not refused, so that one entry from a newer version never harms the others.

mod event;
mod genesis;
mod marks;

pub use event::{Event, EventCode, Facts, RefuseReason, VaultStep};
#[cfg(feature = "store")]
pub(crate) use genesis::check_organisation;
pub use genesis::{ContinueReason, Continues, Genesis, Link};
pub(crate) use genesis::{GENESIS_KIND, LINK_KIND};
pub use marks::{
    Hold, HoldAction, HoldReason, ObservedHead, REFERENCE_NAME, Renewal, Tombstone, TombstoneReason,
};

use crate::codec::{Item, Map, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::key::{self, KeyClaims, KeyEntry};
use crate::record::{self, Record};
use crate::statement::{self, Statement};

/// The format version that this library writes and reads.
pub const FORMAT_VERSION: u64 = 0;

/// Kinds up to this one are critical, those above are optional.
const LAST_CRITICAL: u64 = 63;
const LAST_KIND: u64 = 65_535;

/// The tag of a statement.
const SIGN1_TAG: u64 = 18;

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Ties a block to the one before.
    Link(Link),
    /// The beginning of a ledger.
    Genesis(Box<Genesis>),
    /// One event of a dossier.
    Record(Box<Record>),
    /// A key comes in, is replaced or ends.
    Key(Box<KeyEntry>, Box<KeyClaims>),
    /// Values were erased.
    Tombstone(Tombstone),
    /// Erasure is suspended, or disclosure restricted.
    Hold(Hold),
    /// Something happened to the ledger itself.
    Event(Box<Event>),
    /// Another ledger's head, seen.
    ObservedHead(ObservedHead),
    /// An older range under a new hash.
    Renewal(Renewal),
    /// A party's signature over a record.
    Statement(Box<Statement>),
    /// A kind, or a critical key, that this version does not know: never PROVEN, NOT CHECKED where optional.
    Unknown {
        /// Whether the unknown part is critical.
        critical: bool,
    },
}

/// An entry with its exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The bytes as sealed: what is hashed.
    pub bytes: &'a [u8],
    /// What they say.
    pub body: Body,
    /// Whether there are optional keys that this version does not know.
    pub has_unknown_optional: bool,
}

impl<'a> Entry<'a> {
    /// Reads an entry.
    ///
    /// # Errors
    /// 3xx when the bytes are not canonical, not an entry at all, or a known kind is malformed. Unknown kinds and
    /// keys are no errors.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let item = Item::parse(bytes, limits::ENTRY_BYTES)?;
        if item.tag() == Some(SIGN1_TAG) {
            return Self::of_statement(bytes).map_err(|error| error.within("statement"));
        }
        let map = item.map()?;
        let kind = map.read(0, |kind| kind.uint())?;
        if kind > LAST_KIND {
            return Err(Error::new(ErrorCode::OutOfRange, "kinds end at 65,535"));
        }
        if [statement::REFERENCE_KIND, crate::anchor::COUNTERSIGNATURE_KIND].contains(&kind) {
            return Err(Error::new(
                ErrorCode::WrongKind,
                "the payload of a signed message is no entry",
            ));
        }
        let Some(known) = known_keys(kind) else {
            let critical = kind <= LAST_CRITICAL;
            return Ok(Self {
                bytes,
                body: Body::Unknown { critical },
                has_unknown_optional: !critical,
            });
        };
        if map.unknown_critical(known).is_some() || Event::is_unknown(kind, &map)? {
            return Ok(Self {
                bytes,
                body: Body::Unknown { critical: true },
                has_unknown_optional: false,
            });
        }
        let has_unknown_optional = map.keys().any(|key| !known.contains(&key));
        let body = read_body(kind, bytes, &map)?;
        Ok(Self { bytes, body, has_unknown_optional })
    }

    fn of_statement(bytes: &'a [u8]) -> Result<Self> {
        let Some(statement) = Statement::read(bytes)? else {
            let body = Body::Unknown { critical: true };
            return Ok(Self { bytes, body, has_unknown_optional: false });
        };
        let has_unknown_optional = match statement.record() {
            Some(_) => Record::has_unknown_optional(statement.payload_bytes())?,
            None => false,
        };
        Ok(Self { bytes, body: Body::Statement(Box::new(statement)), has_unknown_optional })
    }

    /// The digest of the entry's bytes.
    pub fn digest(&self, hash: HashAlg) -> Digest {
        Digest::of(hash, self.bytes)
    }

    /// The number of its kind, understood or not; `None` for a statement.
    pub(crate) fn kind(&self) -> Option<u64> {
        Item::parse(self.bytes, limits::ENTRY_BYTES).ok()?.map().ok()?.get(0)?.uint().ok()
    }

    /// The record in this entry, bare or inside a first signer's statement, with its exact bytes.
    pub fn record(&self) -> Option<(&Record, &[u8])> {
        match &self.body {
            Body::Record(record) => Some((record, self.bytes)),
            Body::Statement(statement) => {
                statement.record().map(|record| (record, statement.payload_bytes()))
            }
            _ => None,
        }
    }

    /// Dossier and place that this entry takes, and the digest under which the next place cites it.
    pub fn place(&self) -> Option<Place> {
        if let Some((record, bytes)) = self.record() {
            let predecessor = record.predecessor().copied();
            return Some(Place {
                dossier: record.dossier,
                place: record.place,
                digest: record.digest(bytes),
                predecessor,
            });
        }
        let Body::Event(event) = &self.body else { return None };
        let Facts::Refused { dossier, place, record, predecessor, .. } = &event.facts else {
            return None;
        };
        Some(Place { dossier: *dossier, place: *place, digest: *record, predecessor: *predecessor })
    }
}

/// A place taken in a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The dossier.
    pub dossier: [u8; 16],
    /// The place.
    pub place: u64,
    /// Digest of what took it, as the next place cites it.
    pub digest: Digest,
    /// What the entry says took the place before.
    pub predecessor: Option<Digest>,
}

fn known_keys(kind: u64) -> Option<&'static [i64]> {
    const UP_TO: [i64; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let last = match kind {
        genesis::LINK_KIND => 2,
        genesis::GENESIS_KIND => 7,
        record::KIND => 9,
        key::KIND => 2,
        marks::TOMBSTONE_KIND
        | marks::HOLD_KIND
        | marks::OBSERVED_HEAD_KIND
        | marks::RENEWAL_KIND => 5,
        event::EVENT_KIND => 3,
        _ => return None,
    };
    UP_TO.get(..=last)
}

fn read_body(kind: u64, bytes: &[u8], map: &Map<'_>) -> Result<Body> {
    let body = match kind {
        genesis::LINK_KIND => Link::read(map).map(Body::Link).map_err(|error| error.within("link")),
        genesis::GENESIS_KIND => Genesis::read(map)
            .map(|g| Body::Genesis(Box::new(g)))
            .map_err(|error| error.within("genesis")),
        record::KIND => Record::parse(bytes)
            .map(|r| Body::Record(Box::new(r)))
            .map_err(|error| error.within("record")),
        key::KIND => KeyEntry::parse(bytes)
            .and_then(|(entry, claims)| entry.check_form(&claims).map(|()| (entry, claims)))
            .map(|(entry, claims)| Body::Key(Box::new(entry), Box::new(claims)))
            .map_err(|error| error.within("key entry")),
        marks::TOMBSTONE_KIND => {
            Tombstone::read(map).map(Body::Tombstone).map_err(|error| error.within("tombstone"))
        }
        marks::HOLD_KIND => Hold::read(map).map(Body::Hold).map_err(|error| error.within("hold")),
        marks::OBSERVED_HEAD_KIND => ObservedHead::read(map)
            .map(Body::ObservedHead)
            .map_err(|error| error.within("observed head")),
        marks::RENEWAL_KIND => {
            Renewal::read(map).map(Body::Renewal).map_err(|error| error.within("renewal"))
        }
        event::EVENT_KIND => Event::read(map)
            .map(|e| Body::Event(Box::new(e)))
            .map_err(|error| error.within("event")),
        _ => return Err(Error::new(ErrorCode::WrongKind, "not an entry")),
    }?;
    Ok(body)
}

#[cfg(test)]
mod tests;
