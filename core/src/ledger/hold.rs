//! Records that a party signs before they are sealed: they keep their place in the dossier, wait for the signature across
//! restarts, and end as a statement, or as a *refused* event in the same place.

use std::collections::{HashMap, HashSet};

use super::append::Batch;
use super::append::readable;
use super::types::{Appended, Held, NewRecord};
use super::{Inner, Ledger, meta};
use crate::codec::{Item, Writer};
use crate::entry::{Event, Facts, RefuseReason};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::random::Random;
use crate::record::Record;
use crate::sign::PublicKey;
use crate::statement::{StatementDraft, Terms};
use crate::store::{Changes, PlaceRow, VaultRow};
use crate::time::TimeClaim;
use crate::vault::Vault;

/// A held record as the store keeps it: enough to go on in another process.
struct HeldRow {
    statement: StatementDraft,
    vault: VaultRow,
    business_id: Option<[u8; 16]>,
}

impl Ledger {
    /// Places a record in its dossier and gives the bytes that a party must sign over it. The record takes its place now; later
    /// records of the dossier follow it. It is an entry only once [`Ledger::finish_statement`] has the signature.
    ///
    /// # Errors
    /// As [`Ledger::append`]; `Conflict` when the business id is taken.
    pub fn hold_for_signature(
        &self,
        new: &NewRecord,
        key: &PublicKey,
        terms: &Terms,
    ) -> Result<Held> {
        let mut inner = self.lock_for_writing()?;
        inner.check_open()?;
        let business_id =
            new.business_id.as_deref().map(|id| inner.business_key(id)).transpose()?;
        if let Some(id) = &business_id
            && (inner.store.business_id(id)?.is_some() || inner.reserved()?.contains(id))
        {
            return Err(Error::new(ErrorCode::Conflict, "this business id is taken"));
        }
        // What is held becomes an entry, and may not be refused then.
        let held = inner.store.held()?.len() as u64;
        inner.check_room(inner.store.next_sequence()? + held)?;
        let (record_bytes, row) = inner.place_record(new, &HashMap::new())?;
        let statement = StatementDraft::over_record(&Record::parse(&record_bytes)?, key, terms)?;
        let vault = inner.encrypt(&row.digest, &new.draft.disclosures)?;
        let id = inner.next_held_id()?;
        let held = HeldRow { statement, vault, business_id };
        let changes = Changes {
            places: vec![row],
            held: vec![(id, Some(held.encode()))],
            meta: vec![(meta::LAST_HELD, Some(Writer::new().uint(id).finish()))],
            ..Changes::default()
        };
        let mut batch = Batch { changes, ..Batch::default() };
        inner.keep_profile(new, &mut batch.changes)?;
        let clock = inner.clock_event(&new.draft.time, &batch);
        batch.note_clock(clock, &new.draft.time);
        inner.write(batch)?;
        inner.reserved = None;
        held.describe(id)
    }

    /// Records that wait for a signature.
    ///
    /// # Errors
    /// `Damaged`, 6xx.
    pub fn held(&self) -> Result<Vec<Held>> {
        let inner = self.lock()?;
        inner
            .store
            .held()?
            .into_iter()
            .map(|(id, row)| HeldRow::decode(&row)?.describe(id))
            .collect()
    }

    /// Takes the signature of a held record, raw r‖s or DER, verifies it, and appends the statement.
    ///
    /// # Errors
    /// `NotFound` for an id that is not held, `InvalidSignature` or `SignatureMismatch` (the record stays held), 6xx.
    pub fn finish_statement(&self, id: u64, signature: &[u8]) -> Result<Appended> {
        let mut inner = self.lock_for_writing()?;
        inner.check_not_ended()?;
        let held = inner.held_row(id)?;
        let record = held.record()?;
        let others: Vec<&PublicKey> = inner.keys.all().iter().map(|known| &known.key).collect();
        let bytes = held.statement.finish_knowing(signature, &others)?;
        let sequence = inner.store.next_sequence()?;
        let digest = held.digest()?;
        let row = PlaceRow {
            dossier: record.dossier,
            place: record.place,
            sequence: Some(sequence),
            digest,
        };
        let changes = Changes {
            entries: Some((sequence, vec![bytes])),
            places: vec![row],
            vault: vec![(sequence, held.vault)],
            held: vec![(id, None)],
            business_ids: held.business_id.into_iter().map(|id| (id, sequence)).collect(),
            about: record.supersedes.iter().map(|digest| (digest.bytes, sequence)).collect(),
            ..Changes::default()
        };
        inner.store.apply(&changes)?;
        inner.reserved = None;
        Ok(Appended::new(sequence, digest, record.dossier, record.place, false))
    }

    /// Drops a held record: a *refused* event takes its place and names its digest; its values are gone.
    ///
    /// # Errors
    /// `NotFound` for an id that is not held, 6xx.
    pub fn drop_statement(&self, id: u64, reason: RefuseReason, time: TimeClaim) -> Result<u64> {
        let mut inner = self.lock_for_writing()?;
        inner.check_not_ended()?;
        let held = inner.held_row(id)?;
        let record = held.record()?;
        let facts = Facts::Refused {
            dossier: record.dossier,
            place: record.place,
            record: held.digest()?,
            reason: Some(reason),
            predecessor: record.predecessor().copied(),
        };
        let sequence = inner.store.next_sequence()?;
        let row = PlaceRow {
            dossier: record.dossier,
            place: record.place,
            sequence: Some(sequence),
            digest: held.digest()?,
        };
        inner.store.apply(&Changes {
            entries: Some((sequence, vec![readable(Event { time, facts }.encode())?])),
            places: vec![row],
            held: vec![(id, None)],
            ..Changes::default()
        })?;
        inner.reserved = None;
        Ok(sequence)
    }
}

impl Inner {
    fn held_row(&self, id: u64) -> Result<HeldRow> {
        let row = self.store.held()?.into_iter().find(|(held, _)| *held == id);
        let (_, bytes) =
            row.ok_or_else(|| Error::new(ErrorCode::NotFound, "no record is held under this id"))?;
        HeldRow::decode(&bytes)
    }

    /// Ids are never given twice: a host that repeats a call about one record must not reach another.
    fn next_held_id(&self) -> Result<u64> {
        let last = match self.store.meta(meta::LAST_HELD)? {
            Some(bytes) => Item::parse(&bytes, bytes.len())?.count()?,
            None => 0,
        };
        Ok(last + 1)
    }

    /// The place that every held record must have.
    pub(super) fn held_places(&self) -> Result<Vec<PlaceRow>> {
        let read = |(_, row): (u64, Vec<u8>)| {
            let held = HeldRow::decode(&row)?;
            let (record, digest) = (held.record()?, held.digest()?);
            Ok(PlaceRow { dossier: record.dossier, place: record.place, sequence: None, digest })
        };
        self.store.held()?.into_iter().map(read).collect()
    }

    /// Business ids of held records: they are taken, though they lead to no entry yet.
    pub(super) fn reserved(&mut self) -> Result<&HashSet<[u8; 16]>> {
        if self.reserved.is_none() {
            let mut reserved = HashSet::new();
            for (_, row) in self.store.held()? {
                reserved.extend(HeldRow::decode(&row)?.business_id);
            }
            self.reserved = Some(reserved);
        }
        self.reserved.as_ref().ok_or_else(|| Error::new(ErrorCode::Internal, "business ids"))
    }
}

/// The place that a held record keeps, and its profile.
pub(super) fn held_place(row: &[u8]) -> Result<(PlaceRow, Digest)> {
    let held = HeldRow::decode(row)?;
    let record = held.record()?;
    let row = PlaceRow {
        dossier: record.dossier,
        place: record.place,
        sequence: None,
        digest: held.digest()?,
    };
    Ok((row, record.profile.digest))
}

/// A held record's row with its values under another vault key.
pub(super) fn rewrap_held(
    row: &[u8],
    from: &Vault,
    to: &Vault,
    random: &mut Random,
) -> Result<Vec<u8>> {
    let mut held = HeldRow::decode(row)?;
    held.vault = from.rewrap(&held.digest()?, &held.vault, to, random)?;
    Ok(held.encode())
}

impl HeldRow {
    fn record(&self) -> Result<Record> {
        Record::parse(self.statement.payload())
    }

    fn digest(&self) -> Result<Digest> {
        Ok(self.record()?.digest(self.statement.payload()))
    }

    fn describe(&self, id: u64) -> Result<Held> {
        let record = self.record()?;
        Ok(Held {
            id,
            digest: self.digest()?,
            dossier: record.dossier,
            place: record.place,
            to_be_signed: self.statement.to_be_signed(),
            key: self.statement.key().clone(),
        })
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(4).bstr(&self.statement.encode()).bstr(&self.vault.key).bstr(&self.vault.data);
        match &self.business_id {
            Some(id) => w.bstr(id),
            None => w.null(),
        };
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let damaged =
            |error: Error| Error::new(ErrorCode::Damaged, format!("held record: {error}"));
        let read = || -> Result<Self> {
            let [statement, key, data, id] = Item::parse(bytes, bytes.len())?.array_n::<4>()?;
            Ok(Self {
                statement: StatementDraft::decode(statement.bstr()?)?,
                vault: VaultRow { key: key.bstr()?.to_vec(), data: data.bstr()?.to_vec() },
                business_id: if id.is_null() { None } else { Some(id.bstr_n::<16>()?) },
            })
        };
        read().map_err(damaged)
    }
}
