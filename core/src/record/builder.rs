//! From fields to a record: draws the salts, commits to the values, and keeps the disclosures apart.

use super::{Citation, FieldCommitment, Members, ProfileRef, Record, Relation};
use crate::codec::limits;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::random::Random;
use crate::time::TimeClaim;
use crate::value::{Disclosure, Encoded, Field};

/// A record before it has a place in a dossier, with the disclosures that open its commitments.
///
/// The ledger gives it its place and predecessor when it is appended, so that a host never keeps count itself.
#[derive(Clone)]
pub struct RecordDraft {
    /// The profile it follows.
    pub profile: ProfileRef,
    /// Commitments, names ascending.
    pub fields: Vec<FieldCommitment>,
    /// What opens them: salt, value and name, in the same order. Kept in the vault, never sealed.
    pub disclosures: Vec<Disclosure>,
    /// When it happened and was captured.
    pub time: TimeClaim,
    /// The record's own hash.
    pub hash: HashAlg,
    /// Citations besides the predecessor.
    pub citations: Vec<Citation>,
    /// The record that this one corrects.
    pub supersedes: Option<Digest>,
}

impl core::fmt::Debug for RecordDraft {
    /// Values stay out of logs.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RecordDraft({}, {} fields)", self.profile.id, self.fields.len())
    }
}

impl RecordDraft {
    /// The record at `place` of `dossier`, following `predecessor`.
    ///
    /// # Errors
    /// What a reader of the record would refuse: `OutOfRange` when a predecessor is missing at a place above 0 or given at
    /// place 0, `TooLarge` beyond 64 citations, `DuplicateKey` for a citation given twice.
    pub fn at(&self, dossier: [u8; 16], place: u64, predecessor: Option<Digest>) -> Result<Record> {
        let record = Record {
            profile: self.profile.clone(),
            dossier,
            place,
            citations: self.citations_after(predecessor),
            fields: self.fields.clone(),
            time: self.time.clone(),
            hash: self.hash,
            supersedes: self.supersedes,
        };
        record.members().check()?;
        Ok(record)
    }

    /// The bytes of the record at `place` of `dossier`, without a copy of its members: `at(…)?.encode()`.
    ///
    /// # Errors
    /// As [`RecordDraft::at`].
    pub fn encode_at(
        &self,
        dossier: [u8; 16],
        place: u64,
        predecessor: Option<Digest>,
    ) -> Result<Vec<u8>> {
        let members = Members {
            profile: &self.profile,
            dossier: &dossier,
            place,
            citations: &self.citations_after(predecessor),
            fields: &self.fields,
            time: &self.time,
            hash: self.hash,
            supersedes: self.supersedes.as_ref(),
        };
        members.check()?;
        Ok(members.encode())
    }

    fn citations_after(&self, predecessor: Option<Digest>) -> Vec<Citation> {
        let before = predecessor.map(|digest| Citation { relation: Relation::Predecessor, digest });
        before.into_iter().chain(self.citations.iter().copied()).collect()
    }
}

/// Builds a [`RecordDraft`] from a profile and fields.
pub struct RecordBuilder {
    profile: ProfileRef,
    time: TimeClaim,
    fields: Vec<Field>,
    citations: Vec<Citation>,
    supersedes: Option<Digest>,
}

impl RecordBuilder {
    /// Starts a record that follows `profile`, with its time claim. The record's hash is that of the profile's digest.
    pub fn new(profile: ProfileRef, time: TimeClaim) -> Self {
        Self { profile, time, fields: Vec::new(), citations: Vec::new(), supersedes: None }
    }

    /// Adds fields, usually those that [`crate::profile::Profile::read`] made of a business message.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        match self.fields.is_empty() {
            true => self.fields = fields.into_iter().collect(), // a vector stays where it is
            false => self.fields.extend(fields),
        }
        self
    }

    /// Adds a citation of another record.
    ///
    /// The predecessor is not cited here: the ledger does that.
    #[must_use]
    pub fn cite(mut self, relation: Relation, digest: Digest) -> Self {
        self.citations.push(Citation { relation, digest });
        self
    }

    /// Says that this record corrects an earlier one.
    #[must_use]
    pub fn supersedes(mut self, digest: Digest) -> Self {
        self.supersedes = Some(digest);
        self
    }

    /// Draws salts from the operating system and commits to every value.
    ///
    /// # Errors
    /// `DuplicateKey` for a name given twice, `LimitExceeded` beyond 512 fields or for a name of other than 1–128
    /// bytes, `InvalidArgument` for a cited predecessor, `RandomUnavailable`.
    pub fn build(self) -> Result<RecordDraft> {
        self.build_with(&mut Random::system())
    }

    /// As [`RecordBuilder::build`], with a given source of randomness.
    ///
    /// # Errors
    /// As [`RecordBuilder::build`].
    pub fn build_with(mut self, random: &mut Random) -> Result<RecordDraft> {
        if self.citations.iter().any(|citation| citation.relation == Relation::Predecessor) {
            return Err(Error::new(ErrorCode::InvalidArgument, "the ledger adds the predecessor"));
        }
        if self.fields.len() > limits::FIELDS {
            return Err(Error::new(ErrorCode::LimitExceeded, "at most 512 fields"));
        }
        if self
            .fields
            .iter()
            .any(|field| field.name.is_empty() || field.name.len() > limits::NAME_BYTES)
        {
            return Err(Error::new(ErrorCode::LimitExceeded, "a field name has 1 to 128 bytes"));
        }
        self.fields.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        if self.fields.windows(2).any(|pair| matches!(pair, [a, b] if a.name == b.name)) {
            return Err(Error::new(ErrorCode::DuplicateKey, "a field name stands twice"));
        }
        let hash = self.profile.digest.alg;
        let disclosures = commit(self.fields, random)?;
        // All disclosures are encoded first and hashed in one call, so that an engine with lanes can take them together.
        let digests = hash.digest_many(Encoded::of(&disclosures).pieces());
        let fields = disclosures
            .iter()
            .zip(digests)
            .map(|(disclosure, commitment)| FieldCommitment {
                name: disclosure.name.clone(),
                commitment,
            })
            .collect();
        Ok(RecordDraft {
            profile: self.profile,
            fields,
            disclosures,
            time: self.time,
            hash,
            citations: self.citations,
            supersedes: self.supersedes,
        })
    }
}

/// One call to the operating system for all salts of a record.
fn commit(fields: Vec<Field>, random: &mut Random) -> Result<Vec<Disclosure>> {
    let mut salts = vec![0u8; fields.len() * 16];
    random.fill(&mut salts)?;
    let (salts, _) = salts.as_chunks::<16>();
    Ok(fields
        .into_iter()
        .zip(salts)
        .map(|(field, salt)| Disclosure { salt: *salt, value: field.value, name: field.name })
        .collect())
}
