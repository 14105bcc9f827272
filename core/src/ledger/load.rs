//! From a store to an open ledger: reading its state, and refusing what does not fit together before anything is built on it.

use std::collections::HashSet;

use super::clock::Reading;
use super::{Inner, Limits, meta, seal};
use crate::block::{Head, apply_leaves};
use crate::entry::{Body, Entry};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::key::LedgerKeys;
use crate::random::Random;
use crate::store::Store;
use crate::vault::Vault;

use super::start::INDEX_LABEL;

/// Entries that are read at once.
const CHUNK: u64 = 1024;

/// Named state, read.
#[derive(Default)]
struct State {
    stored_head: Option<Vec<u8>>,
    head: Option<Head>,
    pending: Option<seal::PendingBlock>,
    ended: bool,
}

impl State {
    /// Reads head and pending block of one moment, though a writer beside a reader may seal between two reads.
    fn read(store: &dyn Store, id: &Digest, is_replica: bool) -> Result<Self> {
        let (stored_head, pending) = loop {
            let head = store.meta(meta::HEAD)?;
            let pending = store.meta(meta::PENDING)?;
            if store.meta(meta::HEAD)? == head {
                break (head, pending);
            }
        };
        let ended = store.meta(meta::ENDED)?;
        let unfinished = store.meta(meta::UNFINISHED)?;
        let index_key = store.meta(meta::INDEX_KEY)?;
        // A replica has a head alone; in a ledger of its own every row stands from the start.
        let rows = [&stored_head, &pending, &ended, &unfinished, &index_key];
        let lost = match is_replica {
            true => store.meta(meta::ENVIRONMENT)?.is_some(),
            false => rows.iter().any(|row| row.is_none()),
        };
        if lost {
            return Err(Error::new(ErrorCode::Damaged, "a row of the ledger's state is missing"));
        }
        let filled = |row: &Option<Vec<u8>>| row.clone().filter(|row| !row.is_empty());
        let head = filled(&stored_head).as_deref().map(Head::decode).transpose();
        let head = head.map_err(damaged)?;
        if head.as_ref().is_some_and(|head| head.ledger_id() != *id) {
            return Err(Error::new(ErrorCode::Damaged, "the head is another ledger's"));
        }
        let pending = filled(&pending).map(seal::PendingBlock::decode).transpose();
        let ended = filled(&ended).is_some();
        Ok(Self { stored_head, head, pending: pending.map_err(damaged)?, ended })
    }
}

impl Inner {
    pub(super) fn load(
        store: Box<dyn Store>,
        vault: Option<Vault>,
        random: Random,
        read_only: bool,
    ) -> Result<Self> {
        let not_a_ledger = || Error::new(ErrorCode::NotALedger, "the store holds no genesis");
        let genesis_bytes = store.meta(meta::GENESIS)?.ok_or_else(not_a_ledger)?;
        let Body::Genesis(genesis) = Entry::parse(&genesis_bytes).map_err(damaged)?.body else {
            return Err(not_a_ledger());
        };
        let id = Digest::of(genesis.hash, &genesis_bytes);
        let replica = is_replica(&*store)?;
        if !read_only && replica {
            return Err(Error::new(ErrorCode::ReadOnly, "a replica is opened for reading"));
        }
        // A reader may go on: what is sealed and whole can still be read, and checked.
        let (state, damage) = match State::read(&*store, &id, replica) {
            Err(error) if read_only && error.code() == ErrorCode::Damaged => {
                (State::default(), Some(error))
            }
            other => (other?, None),
        };
        let keys = match &state.head {
            Some(head) => head.keys().clone(),
            None => LedgerKeys::from_genesis(&genesis.key_entry, genesis.hash, id)?,
        };
        let clock = store.meta(meta::CLOCK)?.as_deref().map(Reading::decode).transpose();
        let clock = clock.map_err(damaged)?;
        let mut inner = Self {
            store,
            hash: genesis.hash,
            id,
            continued: genesis.continues.map(|other| other.ledger_id),
            head: state.head,
            stored_head: state.stored_head,
            keys,
            closing: false,
            ended: state.ended,
            pending: state.pending,
            vault,
            index_key: None,
            known_profiles: HashSet::new(),
            clock,
            reserved: None,
            history: None,
            damage,
            replica,
            read_only,
            limits: Limits::default(),
            random,
        };
        if inner.damage.is_none() {
            let next_sequence = inner.next_sequence()?;
            let whole = inner
                .check_state(next_sequence)
                .and_then(|()| inner.follow_unsealed(next_sequence));
            match whole {
                Err(error) if read_only => inner.damage = Some(error),
                other => other?,
            }
        }
        Ok(inner)
    }

    /// The sequence number after the last entry that is looked at. A reader's store was opened before the head was read, and a
    /// writer may have sealed in between: then it is what head and pending block cover, and nothing beyond, since the next block's
    /// entries are not for this head to judge.
    pub(super) fn next_sequence(&self) -> Result<u64> {
        let known = self.store.next_sequence()?;
        let pending = self.pending.as_ref().map_or(0, |pending| pending.end);
        let covered = self.first_unsealed().max(pending);
        let there =
            covered > known && self.read_only && !self.store.entries(covered - 1, 1)?.is_empty();
        Ok(if there { covered } else { known })
    }

    /// Refuses what rests on head, pending block or unsealed entries while they are damaged. Only a reader gets that far.
    pub(super) fn check_whole(&self) -> Result<()> {
        self.damage.clone().map_or(Ok(()), Err)
    }

    /// Checks that head, pending block and entries fit each other, before anything is built on them.
    pub(super) fn check_state(&self, next_sequence: u64) -> Result<()> {
        let refuse = |what: &str| Err(Error::new(ErrorCode::Damaged, what));
        let not_first = || Error::new(ErrorCode::Damaged, "the first entry is not the genesis");
        // Every record has a row in the vault until it is erased. (A writer beside a reader may have gone on.)
        let lost = !self.read_only && !self.store.vault_rows(next_sequence, 1)?.is_empty();
        if self.first_unsealed() > next_sequence || lost {
            return refuse("entries at the end are missing");
        }
        match &self.head {
            Some(head) => drop(self.check_last_block(head)?),
            None => {
                let genesis = self.entry_at(0).map_err(|_| not_first())?;
                if Digest::of(self.hash, &genesis) != self.id {
                    return Err(not_first());
                }
            }
        }
        let fits = |pending: &seal::PendingBlock| {
            pending.fits(self.head.as_ref(), &self.id, next_sequence)
        };
        if self.pending.as_ref().is_some_and(|pending| !fits(pending)) {
            return refuse("the pending block does not follow the last one");
        }
        Ok(())
    }

    /// Takes the keys and the closed event among unsealed entries into account.
    fn follow_unsealed(&mut self, end: u64) -> Result<()> {
        self.closing = self.head.as_ref().is_some_and(Head::is_closed);
        let mut sequence = self.first_unsealed();
        while sequence < end {
            let entries = self.store.entries(sequence, (end - sequence).min(CHUNK))?;
            if entries.is_empty() {
                return Err(Error::new(ErrorCode::Damaged, "entries are missing"));
            }
            for bytes in &entries {
                // Genesis stands first and is read already.
                if sequence > 0 {
                    let height = self.landing_height(sequence);
                    self.closing = apply_leaves(&mut self.keys, height, &[bytes])?;
                }
                sequence += 1;
            }
        }
        Ok(())
    }

    pub(super) fn load_index_key(&mut self) -> Result<()> {
        let (Some(vault), Some(wrapped)) = (&self.vault, self.store.meta(meta::INDEX_KEY)?) else {
            return Ok(());
        };
        let key = vault.unwrap(&wrapped, INDEX_LABEL)?;
        if key.len() != 32 {
            return Err(Error::new(ErrorCode::Damaged, "index key"));
        }
        self.index_key = Some(key);
        Ok(())
    }
}

/// Whether a store was filled by imports alone: it has genesis and head, and none of the rows that a ledger of its own has from
/// the start.
pub(super) fn is_replica(store: &dyn Store) -> Result<bool> {
    for name in [meta::INDEX_KEY, meta::PENDING, meta::ENDED, meta::UNFINISHED] {
        if store.meta(name)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn damaged(error: Error) -> Error {
    Error::new(ErrorCode::Damaged, format!("state of the ledger: {error}"))
}
