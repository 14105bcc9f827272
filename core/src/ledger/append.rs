//! Appending: durable when the call returns, and once only for each business id.

use std::collections::HashMap;

use super::clock::Reading;
use super::types::{Appended, Dossier, NewRecord};
use super::{Inner, Ledger, meta};
use crate::codec::limits;
use crate::entry::{Body, Entry, EventCode};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::profile::Profile;
use crate::record::{Record, Relation};
use crate::store::{Changes, PlaceRow};
use crate::value::{Disclosure, Encoded};

const BUSINESS_ID_BYTES: usize = 256;
/// Random bytes that one record takes: dossier id, record key, nonce.
const DRAWN: usize = 16 + 32 + 12;

impl Ledger {
    /// Appends records in one durable step: all of them, or none.
    ///
    /// # Errors
    /// `Conflict` for a business id with other content, twice in one call, or of a record that is held for signature; `Erased`
    /// when its values were erased; `LimitExceeded`; `LedgerClosed`; `DigestMismatch` or `InvalidProfile` for another profile
    /// file than the draft names; `WrongVaultKey` without a vault key; 6xx.
    pub fn append_many(&self, records: &[NewRecord]) -> Result<Vec<Appended>> {
        let mut inner = self.lock_for_writing()?;
        let most = inner.limits.append_records;
        if records.len() > most {
            let what = format!("at most {most} records in one append");
            return Err(Error::new(ErrorCode::LimitExceeded, what));
        }
        let mut batch = Batch::default();
        inner.store.begin_reading()?;
        if let Err(error) = inner.draw_for(records.len()) {
            inner.store.end_reading()?;
            return Err(error);
        }
        let added: Result<Vec<Appended>> =
            records.iter().map(|record| inner.add(record, &mut batch)).collect();
        inner.random.forget();
        let ended = inner.store.end_reading();
        let appended = added?;
        ended?;
        inner.write(batch)?;
        Ok(appended)
    }

    /// Appends an entry that the host made itself: a key entry, an event, a hold, a tombstone, an observed head, a renewal,
    /// or a further signer's statement. Records and first signers' statements have calls of their own.
    ///
    /// # Errors
    /// `WrongKind` for an entry that is not appended this way, `KeyNotInForce` and what else key entries give,
    /// `LedgerClosed`, 3xx, 6xx.
    pub fn append_entry(&self, bytes: &[u8]) -> Result<u64> {
        let mut inner = self.lock_for_writing()?;
        inner.check_open()?;
        inner.add_entry(bytes)
    }
}

/// What one append adds, with what later records of the same append must see.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) changes: Changes,
    pub(super) entries: Vec<Vec<u8>>,
    pub(super) clock: Option<Reading>,
    pub(super) places: HashMap<[u8; 16], PlaceRow>,
    pub(super) ids: HashMap<[u8; 16], Appended>,
}

impl Inner {
    /// Whether another ledger goes on from this one.
    pub(super) fn check_not_ended(&self) -> Result<()> {
        if self.ended {
            return Err(Error::new(ErrorCode::LedgerClosed, "another ledger goes on from it"));
        }
        Ok(())
    }

    pub(super) fn check_open(&self) -> Result<()> {
        self.check_not_ended()?;
        if self.closing {
            return Err(Error::new(ErrorCode::LedgerClosed, "a closed event was appended"));
        }
        Ok(())
    }

    /// Draws what this many records will take at once, which is cheaper; [`crate::random::Random::forget`] what is left.
    pub(super) fn draw_for(&mut self, records: usize) -> Result<()> {
        self.random.draw_ahead(records * DRAWN)
    }

    /// Makes a batch durable.
    pub(super) fn write(&mut self, mut batch: Batch) -> Result<()> {
        if let Some(reading) = batch.clock {
            batch.changes.meta.push((meta::CLOCK, Some(reading.encode())));
        }
        if !batch.entries.is_empty() {
            batch.changes.entries = Some((self.store.next_sequence()?, batch.entries));
        } else if batch.changes.meta.is_empty() {
            return Ok(());
        }
        self.store.apply(&batch.changes)?;
        self.clock = batch.clock.or(self.clock);
        let profiles = batch.changes.profiles.iter().map(|(digest, _)| digest.bytes);
        self.known_profiles.extend(profiles);
        Ok(())
    }

    /// Whether the batch has a record under this one's business id.
    pub(super) fn is_repeated(&self, new: &NewRecord, batch: &Batch) -> bool {
        let id = new.business_id.as_deref().filter(|_| !batch.ids.is_empty());
        let key = id.and_then(|id| self.business_key(id).ok());
        key.is_some_and(|key| batch.ids.contains_key(&key))
    }

    /// Adds a record to a batch; after an error the batch is as it was.
    pub(super) fn add(&mut self, new: &NewRecord, batch: &mut Batch) -> Result<Appended> {
        let id = new.business_id.as_deref().map(|id| self.business_key(id)).transpose()?;
        if let Some(id) = &id {
            if let Some(earlier) = batch.ids.get(id) {
                return Err(Error::new(
                    ErrorCode::Conflict,
                    format!("twice in one append, first as {}", earlier.number),
                ));
            }
            if let Some(sequence) = self.store.business_id(id)? {
                return self.replay(new, sequence);
            }
            if self.reserved()?.contains(id) {
                return Err(Error::new(
                    ErrorCode::Conflict,
                    "a record under this business id is held for signature",
                ));
            }
        }
        self.check_open()?;
        let (record, row) = self.place_record(new, &batch.places)?;
        let clock = self.clock_event(&new.draft.time, batch);
        let before = batch.entries.len() as u64 + u64::from(clock.is_some());
        let sequence = self.store.next_sequence()? + before;
        self.check_room(self.store.next_sequence()? + batch.entries.len() as u64)?;
        let vault_row = self.encrypt(&row.digest, &new.draft.disclosures)?;
        self.keep_profile(new, &mut batch.changes)?;
        batch.note_clock(clock, &new.draft.time);
        let row = PlaceRow { sequence: Some(sequence), ..row };
        batch.places.insert(row.dossier, row);
        match new.dossier {
            Dossier::New => batch.changes.begun.push(row),
            Dossier::Existing(_) => batch.changes.places.push(row),
        }
        batch.changes.vault.push((sequence, vault_row));
        if let Some(digest) = &new.draft.supersedes {
            batch.changes.about.push((digest.bytes, sequence));
        }
        batch.entries.push(record);
        let appended = Appended::new(sequence, row.digest, row.dossier, row.place, false);
        if let Some(id) = id {
            batch.changes.business_ids.push((id, sequence));
            batch.ids.insert(id, appended.clone());
        }
        Ok(appended)
    }

    /// Gives a record its dossier, place and predecessor. The row's sequence number is left to the caller.
    pub(super) fn place_record(
        &mut self,
        new: &NewRecord,
        ahead: &HashMap<[u8; 16], PlaceRow>,
    ) -> Result<(Vec<u8>, PlaceRow)> {
        let (dossier, before) = match new.dossier {
            Dossier::New => (self.random.array()?, None),
            Dossier::Existing(id) => match ahead.get(&id) {
                Some(row) => (id, Some(*row)),
                None => (id, self.store.last_place(&id)?),
            },
        };
        let place = before.map_or(0, |row| row.place + 1);
        let record = new.draft.encode_at(dossier, place, before.map(|row| row.digest))?;
        if record.len() > limits::ENTRY_BYTES {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "a record has at most 65,535 bytes; use fewer fields or citations",
            ));
        }
        let digest = Digest::of(new.draft.hash, &record);
        Ok((record, PlaceRow { dossier, place, sequence: None, digest }))
    }

    pub(super) fn encrypt(
        &mut self,
        record: &Digest,
        disclosures: &[Disclosure],
    ) -> Result<crate::store::VaultRow> {
        let Some(vault) = &mut self.vault else {
            return Err(Error::new(
                ErrorCode::WrongVaultKey,
                "open the ledger with its vault key to append records",
            ));
        };
        let encoded = Encoded::of(disclosures);
        vault.seal(record, &encoded.pieces().collect::<Vec<_>>(), &mut self.random)
    }

    pub(super) fn keep_profile(&mut self, new: &NewRecord, changes: &mut Changes) -> Result<()> {
        let digest = new.draft.profile.digest;
        let in_batch = changes.profiles.iter().any(|(known, _)| *known == digest);
        if in_batch || self.known_profiles.contains(&digest.bytes) {
            return Ok(());
        }
        digest.check(&new.profile).map_err(|error| error.within("profile file"))?;
        // Once its records are sealed, a profile that cannot be read could never be shown with them.
        let profile = Profile::parse(&new.profile)?;
        let named = &new.draft.profile;
        if profile.id() != named.id || u64::from(profile.version()) != named.version {
            return Err(Error::new(
                ErrorCode::InvalidProfile,
                "the record names another profile or version than the file",
            ));
        }
        changes.profiles.push((digest, new.profile.to_vec()));
        Ok(())
    }

    /// The digest under which a business id is kept. Keyed, so that ids cannot be tried out with the file alone.
    pub(super) fn business_key(&self, id: &str) -> Result<[u8; 16]> {
        if id.is_empty() || id.len() > BUSINESS_ID_BYTES {
            return Err(Error::new(ErrorCode::InvalidArgument, "a business id has 1 to 256 bytes"));
        }
        let key = self.index_key.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::WrongVaultKey, "business ids need the vault key")
        })?;
        let digest = HashAlg::Sha256.digest_parts(&[b"yinzheng business id", key, id.as_bytes()]);
        digest
            .first_chunk::<16>()
            .copied()
            .ok_or_else(|| Error::new(ErrorCode::Internal, "business id"))
    }

    /// A business id that is there already: the same content gives the same answer. Salts, capture time and place are not
    /// content, since a host that tries again after a crash draws and reads them anew.
    pub(super) fn replay(&self, new: &NewRecord, sequence: u64) -> Result<Appended> {
        let bytes = self.entry_at(sequence)?;
        let entry = Entry::parse(&bytes)?;
        let (record, record_bytes) = entry
            .record()
            .ok_or_else(|| Error::new(ErrorCode::Damaged, "a business id leads to no record"))?;
        let digest = record.digest(record_bytes);
        if !same_content(record, new)
            || !self.same_values(sequence, &digest, record.fields.len(), new)?
        {
            return Err(Error::new(ErrorCode::Conflict, "this business id"));
        }
        Ok(Appended::new(sequence, digest, record.dossier, record.place, true))
    }

    fn same_values(
        &self,
        sequence: u64,
        digest: &Digest,
        fields: usize,
        new: &NewRecord,
    ) -> Result<bool> {
        if let Some(vault) = self.vault.as_ref().filter(|vault| vault.is_by_host()) {
            let row = self.vault_row(sequence)?;
            let encoded = Encoded::of(&new.draft.disclosures);
            let content = vault.content_digest(&encoded.pieces().collect::<Vec<_>>());
            let same = *crate::vault::host_parts(&row.key)?.0 == content;
            // What is left of a record after an erasure has another digest.
            if !same && self.is_erased_from(digest)? {
                return Err(Error::new(ErrorCode::Erased, "some values of this business id"));
            }
            return Ok(same);
        }
        let kept = self.open_vault(sequence, digest)?;
        if kept.len() < fields {
            return Err(Error::new(ErrorCode::Erased, "some values of this business id"));
        }
        let content = |disclosure: &Disclosure| (disclosure.name.clone(), disclosure.value.clone());
        Ok(kept.iter().map(content).eq(new.draft.disclosures.iter().map(content)))
    }

    pub(super) fn add_entry(&mut self, bytes: &[u8]) -> Result<u64> {
        let entry = Entry::parse(bytes)?;
        let sequence = self.store.next_sequence()?;
        self.check_appendable(&entry)?;
        let mut keys = None;
        if let Body::Key(..) = entry.body {
            let mut next = self.keys.clone();
            next.apply(bytes, self.landing_height(sequence))?;
            keys = Some(next);
        }
        self.store.apply(&Changes {
            entries: Some((sequence, vec![bytes.to_vec()])),
            about: subjects(&entry, self.hash)
                .into_iter()
                .map(|subject| (subject, sequence))
                .collect(),
            ..Changes::default()
        })?;
        if let Some(keys) = keys {
            self.keys = keys;
        }
        self.closing =
            matches!(&entry.body, Body::Event(event) if event.code() == EventCode::Closed);
        Ok(sequence)
    }

    /// Whether what is meant for `ledger` may stand here: it is this one, or the one that this one goes on from.
    fn answers_to(&self, ledger: &Digest) -> bool {
        *ledger == self.id || Some(*ledger) == self.continued
    }

    fn check_appendable(&self, entry: &Entry<'_>) -> Result<()> {
        match &entry.body {
            Body::Event(event) if event.code() == EventCode::Refused => {
                Err(wrong_kind("a record held for signature is dropped, not refused by hand"))
            }
            Body::Event(event)
                if event.code() == EventCode::Closed && !self.store.held()?.is_empty() =>
            {
                Err(Error::new(
                    ErrorCode::InvalidArgument,
                    "records are held for signature; finish or drop them first",
                ))
            }
            Body::Statement(statement)
                if statement.audience.is_some_and(|ledger| !self.answers_to(&ledger)) =>
            {
                Err(Error::new(
                    ErrorCode::InvalidArgument,
                    "the statement is meant for another ledger",
                ))
            }
            Body::Statement(statement) if statement.record().is_some() => {
                Err(wrong_kind("a first signer's statement goes through hold_for_signature"))
            }
            Body::Link(_) | Body::Genesis(_) | Body::Record(_) | Body::Unknown { .. } => {
                Err(wrong_kind("links, genesis and records are not appended as entries"))
            }
            _ => Ok(()),
        }
    }
}

/// What an entry is about: the digests under which a proof of something else must find it again.
pub(super) fn subjects(entry: &Entry<'_>, hash: HashAlg) -> Vec<[u8; 32]> {
    let superseded =
        entry.record().and_then(|(record, _)| record.supersedes).map(|digest| digest.bytes);
    let mut subjects: Vec<[u8; 32]> = superseded.into_iter().collect();
    match &entry.body {
        Body::Key(_, claims) => {
            subjects.extend([Some(hash.digest(entry.bytes)), claims.previous].into_iter().flatten())
        }
        Body::Tombstone(tombstone) => {
            subjects.extend(tombstone.records.iter().map(|record| record.bytes))
        }
        Body::Hold(hold) => subjects.extend(hold.records.iter().map(|record| record.bytes)),
        Body::Statement(statement) if statement.record().is_none() => {
            subjects.push(statement.record_digest().bytes)
        }
        _ => {}
    }
    subjects
}

/// An entry that the host had a hand in, once everybody can read it: nothing else may be sealed, nor stop the next open.
pub(super) fn readable(bytes: Vec<u8>) -> Result<Vec<u8>> {
    Entry::parse(&bytes)?;
    Ok(bytes)
}

fn same_content(record: &Record, new: &NewRecord) -> bool {
    let cited =
        record.citations.iter().filter(|citation| citation.relation != Relation::Predecessor);
    record.profile == new.draft.profile
        && record.supersedes == new.draft.supersedes
        && cited.eq(new.draft.citations.iter())
        && match new.dossier {
            Dossier::New => record.place == 0,
            Dossier::Existing(id) => record.dossier == id,
        }
}

fn wrong_kind(what: &str) -> Error {
    Error::new(ErrorCode::WrongKind, what)
}
