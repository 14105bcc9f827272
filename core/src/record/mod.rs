//! A record: one event of a matter, as canonical bytes whose field values are salted commitments (format §5.2).

mod builder;

pub use builder::{RecordBuilder, RecordDraft};

use core::cmp::Ordering;

use crate::codec::{Item, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::numbered::numbered;
use crate::profile::Profile;
use crate::time::TimeClaim;

/// The kind number of a record.
pub const KIND: u64 = 2;

/// Version of the record's layout.
pub const LAYOUT: u64 = 0;

const CITATIONS: usize = 64;
const KEYS: [i64; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

numbered! {
    /// How a record leans on another.
    Relation, "relation is 0 to 3":
    /// The dossier's record before, in the same ledger.
    Predecessor = 0 "predecessor",
    /// Any other record, also in another ledger.
    Reference = 1 "reference",
    /// The consent that this record relies on.
    Consent = 2 "consent",
    /// Evidence that belongs to this record.
    Evidence = 3 "evidence",
}

/// A reference to another record by its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// How this record leans on it.
    pub relation: Relation,
    /// The other record's digest, under its own hash.
    pub digest: Digest,
}

/// Which profile a record follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRef {
    /// The profile's id, for example `loan.disbursement`.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// Digest of the exact profile file bytes under the record's hash.
    pub digest: Digest,
}

impl ProfileRef {
    /// A reference to `profile` for records under `hash`.
    pub fn of(profile: &Profile, hash: HashAlg) -> Self {
        Self {
            id: profile.id().to_owned(),
            version: profile.version().into(),
            digest: profile.digest(hash),
        }
    }
}

/// A field as it stands in the record: its public name and the commitment to its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldCommitment {
    /// Public name, 1–128 bytes.
    pub name: String,
    /// H of the disclosure bytes (format §6).
    pub commitment: [u8; 32],
}

/// One event of a dossier, as sealed. Nothing in it names or leads to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The profile it follows.
    pub profile: ProfileRef,
    /// The dossier it belongs to, 16 random bytes.
    pub dossier: [u8; 16],
    /// Place in the dossier within one ledger: 0, 1, 2 …
    pub place: u64,
    /// Citations, the predecessor first.
    pub citations: Vec<Citation>,
    /// Fields, names strictly ascending by their UTF-8 bytes.
    pub fields: Vec<FieldCommitment>,
    /// When it happened and was captured.
    pub time: TimeClaim,
    /// The record's own hash.
    pub hash: HashAlg,
    /// The record that this one corrects and replaces.
    pub supersedes: Option<Digest>,
}

impl Record {
    /// The record's canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        self.members().encode()
    }

    fn members(&self) -> Members<'_> {
        Members {
            profile: &self.profile,
            dossier: &self.dossier,
            place: self.place,
            citations: &self.citations,
            fields: &self.fields,
            time: &self.time,
            hash: self.hash,
            supersedes: self.supersedes.as_ref(),
        }
    }

    /// Reads a record and checks its form: names ascending and unique, the predecessor exactly where it belongs.
    ///
    /// # Errors
    /// Any 3xx; `UnknownCritical` for an unknown critical key; `TooLarge` beyond 65,535 bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let map = Item::parse(bytes, limits::ENTRY_BYTES)?.map()?;
        if map.read(0, |kind| kind.uint())? != KIND {
            return Err(Error::new(ErrorCode::WrongKind, "expected a record"));
        }
        if map.read(1, |version| version.uint())? != LAYOUT {
            return Err(Error::new(ErrorCode::UnsupportedVersion, "record layout"));
        }
        if let Some(key) = map.unknown_critical(&KEYS) {
            return Err(Error::new(ErrorCode::UnknownCritical, format!("record: key {key}")));
        }
        let record = Self {
            profile: map.read(2, read_profile)?,
            dossier: map.read(3, |id| id.bstr_n::<16>())?,
            place: map.read(4, |place| place.count())?,
            citations: map.read(5, read_citations)?,
            fields: map.read(6, read_fields)?,
            time: map.read(7, TimeClaim::read)?,
            hash: map.read(8, |alg| HashAlg::from_cose_id(alg.int()?))?,
            supersedes: map.read_opt(9, Digest::read)?,
        };
        record.members().check()?;
        Ok(record)
    }

    /// Whether these bytes are a record with an unknown critical key: canonical, of this kind, and not to be read here.
    pub(crate) fn is_of_a_newer_version(bytes: &[u8]) -> Result<bool> {
        let map = Item::parse(bytes, limits::ENTRY_BYTES)?.map()?;
        Ok(map.read(0, |kind| kind.uint())? == KIND && map.unknown_critical(&KEYS).is_some())
    }

    /// Whether there are optional keys that this version does not know.
    pub(crate) fn has_unknown_optional(bytes: &[u8]) -> Result<bool> {
        Ok(Item::parse(bytes, limits::ENTRY_BYTES)?.map()?.keys().any(|key| !KEYS.contains(&key)))
    }

    /// The digest of a record's bytes under the record's own hash.
    pub fn digest(&self, record_bytes: &[u8]) -> Digest {
        Digest::of(self.hash, record_bytes)
    }

    /// The digest of the dossier's record before, which every place but 0 has.
    pub fn predecessor(&self) -> Option<&Digest> {
        predecessor(&self.citations)
    }

    /// The commitment under `name`.
    pub fn commitment(&self, name: &str) -> Option<&[u8; 32]> {
        let at = self.fields.binary_search_by(|field| field.name.as_str().cmp(name)).ok()?;
        self.fields.get(at).map(|field| &field.commitment)
    }
}

/// The members of a record, borrowed from a record or from a draft that is given its place.
struct Members<'a> {
    profile: &'a ProfileRef,
    dossier: &'a [u8; 16],
    place: u64,
    citations: &'a [Citation],
    fields: &'a [FieldCommitment],
    time: &'a TimeClaim,
    hash: HashAlg,
    supersedes: Option<&'a Digest>,
}

impl Members<'_> {
    /// The canonical bytes, keys ascending.
    fn encode(&self) -> Vec<u8> {
        let names: usize = self.fields.iter().map(|field| field.name.len() + 40).sum();
        let mut w = Writer::with_capacity(names + 48 * self.citations.len() + 256);
        w.map(if self.supersedes.is_some() { 10 } else { 9 });
        w.uint(0).uint(KIND).uint(1).uint(LAYOUT);
        w.uint(2).array(3).text(&self.profile.id).uint(self.profile.version);
        self.profile.digest.write(&mut w);
        w.uint(3).bstr(self.dossier).uint(4).uint(self.place);
        w.uint(5).array(self.citations.len());
        for citation in self.citations {
            citation.digest.write(w.array(2).uint(citation.relation.number()));
        }
        w.uint(6).array(self.fields.len());
        for field in self.fields {
            w.array(2).text(&field.name).bstr(&field.commitment);
        }
        self.time.write(w.uint(7));
        w.uint(8).int(self.hash.cose_id());
        if let Some(digest) = self.supersedes {
            digest.write(w.uint(9));
        }
        w.finish()
    }

    /// Checks what format §5.2 asks of a record's members together: the same when one is read and before one is sealed.
    fn check(&self) -> Result<()> {
        let wrong = |code, what: &str| Err(Error::new(code, what));
        if self.profile.digest.alg != self.hash {
            return wrong(
                ErrorCode::OutOfRange,
                "the profile digest is under the record's own hash",
            );
        }
        if self.fields.len() > limits::FIELDS || self.citations.len() > CITATIONS {
            return wrong(ErrorCode::TooLarge, "at most 512 fields and 64 citations");
        }
        let names = self.fields.iter().map(|field| field.name.as_str());
        if names
            .chain([self.profile.id.as_str()])
            .any(|name| !(1..=limits::NAME_BYTES).contains(&name.len()))
        {
            return wrong(ErrorCode::OutOfRange, "a name has 1 to 128 bytes");
        }
        for pair in self.fields.windows(2) {
            let [first, second] = pair else { continue };
            match first.name.cmp(&second.name) {
                Ordering::Less => {}
                Ordering::Equal => {
                    return wrong(ErrorCode::DuplicateKey, "a field name stands twice");
                }
                Ordering::Greater => return wrong(ErrorCode::MapOrder, "field names ascend"),
            }
        }
        let predecessors =
            self.citations.iter().filter(|citation| citation.relation == Relation::Predecessor);
        let expected = usize::from(self.place > 0);
        if predecessors.count() != expected
            || predecessor(self.citations).is_some() != (self.place > 0)
        {
            return wrong(ErrorCode::OutOfRange, "every place but 0 cites one predecessor, first");
        }
        let again = |(at, citation): (usize, &Citation)| {
            self.citations.iter().skip(at + 1).any(|other| other == citation)
        };
        if self.citations.iter().enumerate().any(again) {
            return wrong(ErrorCode::DuplicateKey, "a citation stands twice");
        }
        if self.place > limits::COUNT || self.profile.version > limits::COUNT {
            return wrong(ErrorCode::OutOfRange, "numbers stay below 2^53");
        }
        self.time.check()
    }
}

fn predecessor(citations: &[Citation]) -> Option<&Digest> {
    let first = citations.first().filter(|citation| citation.relation == Relation::Predecessor);
    first.map(|citation| &citation.digest)
}

fn read_profile(item: Item<'_>) -> Result<ProfileRef> {
    let [id, version, digest] = item.array_n::<3>()?;
    Ok(ProfileRef {
        id: id.text()?.to_owned(),
        version: version.count()?,
        digest: Digest::read(digest)?,
    })
}

fn read_citations(item: Item<'_>) -> Result<Vec<Citation>> {
    let read = |citation: Item<'_>| {
        let [relation, digest] = citation.array_n::<2>()?;
        Ok(Citation {
            relation: Relation::from_number(relation.uint()?)?,
            digest: Digest::read(digest)?,
        })
    };
    item.array()?.into_iter().map(read).collect()
}

fn read_fields(item: Item<'_>) -> Result<Vec<FieldCommitment>> {
    let read = |pair: Item<'_>| {
        let [name, commitment] = pair.array_n::<2>()?;
        Ok(FieldCommitment { name: name.text()?.to_owned(), commitment: commitment.bstr32()? })
    };
    item.array()?.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests;
