//! Moving the vault to another vault key.

use super::append::readable;
use super::hold::rewrap_held;
use super::start::INDEX_LABEL;
use super::{Inner, Ledger, meta};
use crate::codec::{Item, Writer};
use crate::entry::{Entry, Event, Facts, VaultStep};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::store::Changes;
use crate::time::TimeClaim;
use crate::vault::{Vault, VaultKey};

const BATCH: usize = 1_000;

/// What a re-wrap did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewrapReport {
    /// Rows moved by this call.
    pub moved: u64,
    /// Rows that an earlier, unfinished call had moved.
    pub moved_before: u64,
    /// Id of the old vault key, to be confirmed destroyed.
    pub old_key: [u8; 8],
}

/// A vault key that was in use once.
pub(super) struct OldVaultKey {
    id: [u8; 8],
    /// Sequence number from which on another key was in use.
    pub(super) replaced_at: u64,
    pub(super) destroyed: bool,
}

impl Ledger {
    /// Moves every wrapped key to another vault key; values are not encrypted again. It may be interrupted: open the ledger with
    /// the old key and call it again with the same new one. When it returns, the ledger uses the new key, and an event says so.
    ///
    /// `progress` gets the sequence number reached and the number after the last.
    ///
    /// # Errors
    /// `WrongVaultKey` when the ledger is open without its vault key, or an unfinished re-wrap went to another key,
    /// `InvalidArgument` for the key in use, 6xx.
    pub fn rewrap(
        &self,
        new: &VaultKey,
        time: TimeClaim,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<RewrapReport> {
        let to = Vault::new(new);
        let mut report = RewrapReport { moved: 0, moved_before: 0, old_key: [0; 8] };
        let mut next = 0;
        loop {
            // The lock is taken for one batch at a time, so that appending goes on meanwhile.
            let mut inner = self.lock_for_writing()?;
            inner.check_open()?;
            let end = inner.store.next_sequence()?;
            match inner.rewrap_batch(&to, next, &mut report)? {
                Some(after) => next = after,
                None => {
                    inner.finish_rewrap(to, time)?;
                    return Ok(report);
                }
            }
            drop(inner);
            progress(next, end);
        }
    }

    /// Takes the host's word that no copy of an old vault key is left anywhere, and seals it as an event.
    ///
    /// # Errors
    /// `NotFound` for an id that was never in use, `InvalidArgument` for the key in use, 6xx.
    pub fn confirm_vault_key_destroyed(&self, key_id: [u8; 8], time: TimeClaim) -> Result<u64> {
        let mut inner = self.lock_for_writing()?;
        inner.check_open()?;
        if inner.vault.as_ref().is_some_and(|vault| vault.id() == key_id) {
            return Err(Error::new(ErrorCode::InvalidArgument, "this vault key is in use"));
        }
        let mut keys = inner.old_vault_keys()?;
        let known = keys.iter_mut().find(|key| key.id == key_id);
        known
            .ok_or_else(|| {
                Error::new(ErrorCode::NotFound, "no vault key with this id was replaced")
            })?
            .destroyed = true;
        inner.note_vault(key_id, VaultStep::Destroyed, time, &keys, Changes::default())
    }
}

impl Inner {
    /// Moves one batch of rows; gives where to go on, or `None` at the end.
    fn rewrap_batch(
        &mut self,
        to: &Vault,
        first: u64,
        report: &mut RewrapReport,
    ) -> Result<Option<u64>> {
        let closed = || {
            Error::new(ErrorCode::WrongVaultKey, "open the ledger with its vault key to move it")
        };
        let from = self.vault.as_ref().ok_or_else(closed)?;
        if from.is_by_host() || to.is_by_host() {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "the host wraps: replace wrapped keys one by one",
            ));
        }
        if from.id() == to.id() {
            return Err(Error::new(ErrorCode::InvalidArgument, "this vault key is in use already"));
        }
        report.old_key = from.id();
        let rows = self.store.vault_rows(first, BATCH)?;
        let Some((last, _)) = rows.last() else { return Ok(None) };
        let after = last + 1;
        let mut changes = Changes::default();
        for (sequence, row) in rows {
            if to.wrapped(&row.key) {
                report.moved_before += 1;
                continue;
            }
            let subject = self.vault_subject(sequence)?;
            let row = from.rewrap(&subject, &row, to, &mut self.random)?;
            changes.erased.push(sequence);
            changes.vault.push((sequence, row));
        }
        report.moved += changes.vault.len() as u64;
        self.store.apply(&changes)?;
        Ok(Some(after))
    }

    /// What a vault row is bound to: the record's digest, or that of the tombstone or hold itself.
    fn vault_subject(&self, sequence: u64) -> Result<Digest> {
        let bytes = self.entry_at(sequence)?;
        let entry = Entry::parse(&bytes)?;
        Ok(entry
            .record()
            .map_or_else(|| entry.digest(self.hash), |(record, bytes)| record.digest(bytes)))
    }

    fn finish_rewrap(&mut self, to: Vault, time: TimeClaim) -> Result<()> {
        let from = self.vault.as_ref().ok_or_else(|| Error::new(ErrorCode::Internal, "re-wrap"))?;
        let wrapped = self
            .store
            .meta(meta::INDEX_KEY)?
            .ok_or_else(|| Error::new(ErrorCode::Damaged, "index key"))?;
        let index_key = from.unwrap(&wrapped, INDEX_LABEL)?;
        let mut changes = Changes {
            meta: vec![
                (meta::INDEX_KEY, Some(to.wrap(&index_key, INDEX_LABEL, &mut self.random)?)),
                (meta::SCRUB, Some(vec![1])),
            ],
            ..Changes::default()
        };
        for (id, row) in self.store.held()? {
            changes.held.push((id, None));
            changes.held.push((id, Some(rewrap_held(&row, from, &to, &mut self.random)?)));
        }
        let old = from.id();
        let mut keys = self.old_vault_keys()?;
        keys.push(OldVaultKey {
            id: old,
            replaced_at: self.store.next_sequence()?,
            destroyed: false,
        });
        self.note_vault(old, VaultStep::Replaced, time, &keys, changes)?;
        self.vault = Some(to);
        // The old wrapped keys must not stay in the journal either.
        self.finish_erasure()
    }

    fn note_vault(
        &mut self,
        key_id: [u8; 8],
        step: VaultStep,
        time: TimeClaim,
        keys: &[OldVaultKey],
        mut changes: Changes,
    ) -> Result<u64> {
        let sequence = self.store.next_sequence()?;
        let event = Event { time, facts: Facts::Vault { key_id, step } };
        changes.entries = Some((sequence, vec![readable(event.encode())?]));
        let mut w = Writer::new();
        w.array(keys.len());
        for key in keys {
            w.array(3).bstr(&key.id).uint(key.replaced_at).bool(key.destroyed);
        }
        changes.meta.push((meta::VAULT_KEYS, Some(w.finish())));
        self.store.apply(&changes)?;
        Ok(sequence)
    }

    /// Vault keys that were replaced, oldest first.
    pub(super) fn old_vault_keys(&self) -> Result<Vec<OldVaultKey>> {
        let Some(bytes) = self.store.meta(meta::VAULT_KEYS)? else { return Ok(Vec::new()) };
        let keys = Item::parse(&bytes, bytes.len())?.array()?;
        let read = |key: Item<'_>| {
            let [id, replaced_at, destroyed] = key.array_n::<3>()?;
            Ok(OldVaultKey {
                id: id.bstr_n::<8>()?,
                replaced_at: replaced_at.count()?,
                destroyed: destroyed.bool()?,
            })
        };
        keys.into_iter().map(read).collect()
    }
}
