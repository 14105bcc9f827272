//! A ledger that ends, and the one that goes on from it (format §5.5): at a rollover, after a restore, when its key is lost.
//!
//! What the old ledger never sealed is not lost with it. The new one takes such entries over byte for byte, held records
//! too: a customer's signature over a record stays what it was. Nothing is taken from a ledger that can still sign; it is
//! sealed there first.

use super::hold::held_place;
use super::start::{Beginning, INDEX_LABEL, Start};
use super::{CreateOptions, HeadInfo, Inner, Ledger, append, meta};
use crate::block::Head;
use crate::entry::{Body, ContinueReason, Continues, Entry, Event, EventCode, Facts};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::key::{KeyClaims, KeyRole, verify_possession_for};
use crate::random::Random;
use crate::store::{Changes, OutsideKey, PlaceRow, Store};
use crate::time::TimeClaim;

const BATCH: u64 = 1_000;

/// How a ledger goes on from another.
pub struct ContinueOptions {
    /// Why. For [`ContinueReason::KeyLost`] and [`ContinueReason::Restore`] entries that were never sealed are taken over, under the
    /// same hash and the same vault key; for the other two the old ledger was closed and has none.
    pub reason: ContinueReason,
    /// The new ledger. Its `continues` is left empty: it is filled in here.
    pub create: CreateOptions,
    /// After a restore: the last head that the host knows of from elsewhere, where it is later than the restored store's.
    pub last_known: Option<HeadInfo>,
}

/// What went over from the old ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// Entries, unchanged.
    pub entries: u64,
    /// Records held out for signature, under the same ids.
    pub held: u64,
    /// Entries that speak of the old ledger itself and stayed behind: sequence number there, and why.
    pub left: Vec<(u64, &'static str)>,
}

impl Ledger {
    /// Makes a new ledger in an empty store that goes on from `old`, whose head its genesis names. The old ledger ends: where it is
    /// open for writing, nothing is appended to it any more and no block of it is ever signed; a block that waits for its
    /// signature stays as it is.
    ///
    /// Business ids of records that are taken over still give the same answer; those of records sealed in the old ledger are
    /// known only there. If this call is interrupted, the new store is refused by [`Ledger::open`]: throw it away and call again.
    ///
    /// # Errors
    /// `InvalidArgument` for an old ledger without a block, one that still has something to seal at a rollover, another hash, a
    /// first key other than the closed event announced; `WrongVaultKey` for another vault key than the old ledger's;
    /// `HeadMismatch` when `last_known` is not a head of the old ledger; and as [`Ledger::create`].
    pub fn continue_from(
        old: &Ledger,
        store: Box<dyn Store>,
        options: ContinueOptions,
    ) -> Result<(Self, TakenOver)> {
        Self::continue_with(old, store, options, Random::system())
    }

    #[doc(hidden)]
    pub fn continue_with(
        old: &Ledger,
        store: Box<dyn Store>,
        options: ContinueOptions,
        random: Random,
    ) -> Result<(Self, TakenOver)> {
        let mut old = old.lock()?;
        if store.next_sequence()? != 0 {
            return Err(Error::new(ErrorCode::InvalidArgument, "the new store is not empty"));
        }
        let (continues, start) = old.start_of_successor(&options)?;
        let create = CreateOptions { continues, ..options.create };
        // What is refused is refused before the old ledger ends.
        let beginning = Beginning::prepare(create, random, start)?;
        old.end()?;
        let new = beginning.write(store)?;
        let taken = new.lock()?.take_over(&old)?;
        Ok((new, taken))
    }

    /// Closes the ledger for good and announces its successor: its first key, and a nonce that is drawn here for its genesis. Seal
    /// it, then call [`Ledger::continue_from`].
    ///
    /// # Errors
    /// `InvalidArgument` while records are held for signature, `LedgerClosed`, 6xx.
    pub fn close(
        &self,
        time: TimeClaim,
        successor: Option<&crate::sign::PublicKey>,
    ) -> Result<u64> {
        let mut inner = self.lock_for_writing()?;
        inner.check_open()?;
        let nonce = inner.random.array()?;
        let facts = Facts::Closed {
            successor_key: successor.map(|key| KeyClaims::commitment_to(key, inner.hash)),
            successor_nonce: successor.map(|_| nonce),
        };
        inner.add_entry(&Event { time, facts }.encode())
    }
}

impl Inner {
    /// What the new ledger's genesis says of this one, and how its store starts.
    fn start_of_successor(&self, options: &ContinueOptions) -> Result<(Option<Continues>, Start)> {
        let invalid = |what: &str| Error::new(ErrorCode::InvalidArgument, what);
        let create = &options.create;
        let head = self.head.as_ref().ok_or_else(|| {
            invalid("no block of the old ledger is sealed: there is nothing to go on from")
        })?;
        if create.continues.is_some() {
            return Err(invalid("`continues` is filled in here"));
        }
        let known = self.last_known(head, options.last_known.as_ref())?;
        let mut start = Start::default();
        match options.reason {
            ContinueReason::Rollover | ContinueReason::NewHash => {
                if !head.is_closed() {
                    return Err(invalid("close the old ledger and seal that first"));
                }
                start.nonce = self.announced(head, &create.key)?;
            }
            ContinueReason::KeyLost | ContinueReason::Restore => {
                if create.hash != self.hash {
                    return Err(invalid(
                        "unsealed entries are taken over under the same hash only",
                    ));
                }
                let wrapped = self.store.meta(meta::INDEX_KEY)?;
                let wrapped = wrapped.ok_or_else(|| {
                    invalid("the old store is a replica; continue from the ledger itself")
                })?;
                crate::vault::Vault::new(&create.vault_key).unwrap(&wrapped, INDEX_LABEL)?;
                start.index_key = Some(wrapped);
                start.unfinished = true;
            }
        }
        let typed = |bytes: [u8; 32]| Digest { alg: self.hash, bytes };
        if options.reason == ContinueReason::Restore {
            let facts = Facts::Restored {
                ledger_id: self.id,
                height: head.height(),
                block_hash: typed(*head.block_hash()),
            };
            start.events.push(Event { time: create.created.clone(), facts });
        }
        let continues = Continues {
            ledger_id: self.id,
            height: known.height,
            block_hash: typed(known.block_hash),
            sealed_digest: typed(known.sealed_digest),
            reason: options.reason,
        };
        Ok((Some(continues), start))
    }

    /// The head to name: the host's, where it is not older than the store's.
    fn last_known(&self, head: &Head, known: Option<&HeadInfo>) -> Result<HeadInfo> {
        let own = HeadInfo {
            ledger_id: self.id,
            height: head.height(),
            block_hash: *head.block_hash(),
            sealed_digest: *head.sealed_digest(),
            next_sequence: head.next_sequence(),
        };
        match known {
            None => Ok(own),
            Some(known) if known.ledger_id == self.id && known.height > own.height => {
                Ok(known.clone())
            }
            Some(known) if *known == own => Ok(own),
            Some(_) => Err(Error::new(
                ErrorCode::HeadMismatch,
                "the last known head is not one of the old ledger at or after its own",
            )),
        }
    }

    /// The nonce that the closed event announced, after checking that the first key is the announced one.
    fn announced(&self, head: &Head, key: &crate::sign::PublicKey) -> Result<Option<[u8; 16]>> {
        let last = self.entry_at(head.next_sequence().saturating_sub(1))?;
        let missing = || Error::new(ErrorCode::Damaged, "the last entry is not the closed event");
        let Body::Event(event) = Entry::parse(&last)?.body else { return Err(missing()) };
        let Facts::Closed { successor_key, successor_nonce } = event.facts else {
            return Err(missing());
        };
        if successor_key.is_some_and(|digest| digest != KeyClaims::commitment_to(key, self.hash)) {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "the closed event announced another first key",
            ));
        }
        Ok(successor_nonce)
    }

    fn end(&mut self) -> Result<()> {
        if self.read_only || self.ended {
            return Ok(());
        }
        self.store
            .apply(&Changes { meta: vec![(meta::ENDED, Some(vec![1]))], ..Changes::default() })?;
        self.ended = true;
        Ok(())
    }

    /// Takes over what `old` never sealed.
    fn take_over(&mut self, old: &Inner) -> Result<TakenOver> {
        let mut taken = TakenOver::default();
        if self.store.meta(meta::UNFINISHED)?.is_none_or(|row| row.is_empty()) {
            return Ok(taken);
        }
        let first = old.first_unsealed();
        let business_ids = old.store.business_ids_from(first)?;
        let mut at = first;
        loop {
            let entries = old.store.entries(at, BATCH)?;
            if entries.is_empty() {
                break;
            }
            let mut batch = Batch { next: self.store.next_sequence()?, ..Batch::default() };
            for (sequence, bytes) in (at..).zip(&entries) {
                match self.add_taken(old, sequence, bytes, &mut batch)? {
                    None => taken.entries += 1,
                    Some(why) => taken.left.push((sequence, why)),
                }
            }
            let moved = |(id, sequence): &([u8; 16], u64)| {
                let at = batch.moved.binary_search_by_key(sequence, |(from, _)| *from).ok()?;
                Some((*id, batch.moved.get(at)?.1))
            };
            batch.changes.business_ids = business_ids.iter().filter_map(moved).collect();
            let from = self.store.next_sequence()?;
            batch.changes.entries = Some((from, batch.entries));
            self.store.apply(&batch.changes)?;
            let profiles = batch.changes.profiles.iter();
            self.known_profiles.extend(profiles.map(|(digest, _)| digest.bytes));
            at += entries.len() as u64;
        }
        let ids = (meta::LAST_HELD, old.store.meta(meta::LAST_HELD)?);
        let mut last =
            Changes { meta: vec![(meta::UNFINISHED, Some(Vec::new())), ids], ..Changes::default() };
        for (id, row) in old.store.held()? {
            let (place, profile) = held_place(&row)?;
            last.places.push(place);
            self.copy_profile(old, &profile, &mut last)?;
            last.held.push((id, Some(row)));
            taken.held += 1;
        }
        self.store.apply(&last)?;
        self.reserved = None;
        Ok(taken)
    }

    /// Adds one entry of the old ledger to a batch, or says why it stays behind.
    fn add_taken(
        &self,
        old: &Inner,
        sequence: u64,
        bytes: &[u8],
        batch: &mut Batch,
    ) -> Result<Option<&'static str>> {
        let entry = Entry::parse(bytes)?;
        if let Some(why) = self.stays_behind(&entry, &old.id)? {
            return Ok(Some(why));
        }
        let to = batch.next;
        if let Some(place) = entry.place() {
            batch.changes.places.push(PlaceRow {
                dossier: place.dossier,
                place: place.place,
                sequence: Some(to),
                digest: place.digest,
            });
        }
        if let Some((record, _)) = entry.record() {
            self.copy_profile(old, &record.profile.digest, &mut batch.changes)?;
        }
        if let Some(row) = old.store.vault(sequence)? {
            batch.changes.vault.push((to, row));
        }
        for outside in old.store.outside(OutsideKey::Entry(sequence))? {
            batch.changes.outside.push((OutsideKey::Entry(to), outside));
        }
        let subjects = append::subjects(&entry, self.hash);
        batch.changes.about.extend(subjects.into_iter().map(|subject| (subject, to)));
        batch.entries.push(bytes.to_vec());
        batch.moved.push((sequence, to));
        batch.next += 1;
        Ok(None)
    }

    fn stays_behind(&self, entry: &Entry<'_>, old: &Digest) -> Result<Option<&'static str>> {
        Ok(match &entry.body {
            Body::Event(event) if event.code() == EventCode::Opened => {
                Some("it says how the old ledger was opened")
            }
            Body::Event(event) if event.code() == EventCode::Closed => {
                Some("it says that the old ledger was closed")
            }
            Body::Key(_, claims) if claims.role == KeyRole::Ledger => {
                Some("it is about a key of the old ledger itself")
            }
            Body::Key(key_entry, claims) => {
                let checked = verify_possession_for(key_entry, claims, &[self.id, *old]);
                checked
                    .err()
                    .map(|_| "possession was shown for a ledger further back: enrol it again")
            }
            Body::Genesis(_) | Body::Link(_) => Some("it belongs to the old ledger's chain"),
            _ => None,
        })
    }

    fn copy_profile(&self, old: &Inner, digest: &Digest, changes: &mut Changes) -> Result<()> {
        let known = self.known_profiles.contains(&digest.bytes)
            || changes.profiles.iter().any(|(there, _)| there == digest)
            || self.store.profile(digest)?.is_some();
        if !known && let Some(file) = old.store.profile(digest)? {
            changes.profiles.push((*digest, file));
        }
        Ok(())
    }
}

/// Entries on their way.
#[derive(Default)]
struct Batch {
    changes: Changes,
    entries: Vec<Vec<u8>>,
    /// Sequence numbers there and here, ascending.
    moved: Vec<(u64, u64)>,
    next: u64,
}
