//! For hosts whose HSM or certified module wraps the records' keys: keys out, wrapped keys in, and the way back for reading.

use zeroize::Zeroizing;

use super::{Inner, Ledger};
use crate::error::{Error, ErrorCode, Result};
use crate::store::{Changes, VaultRow};
use crate::value::Disclosure;
use crate::vault::{RecordKey, host_parts, open_with};

impl Ledger {
    /// Draws record keys for the host to wrap. Only for a ledger opened with
    /// [`VaultKey::wrapped_by_host`](crate::vault::VaultKey::wrapped_by_host). Keys that are never supplied are forgotten with
    /// the process.
    ///
    /// # Errors
    /// `InvalidArgument` for a ledger that wraps its keys itself, `LimitExceeded` when 100,000 keys wait, `WrongVaultKey`.
    pub fn draw_record_keys(&self, count: usize) -> Result<Vec<RecordKey>> {
        let mut inner = self.lock_for_writing()?;
        let Inner { vault, random, .. } = &mut *inner;
        vault.as_mut().ok_or_else(closed)?.draw(count, random)
    }

    /// Takes the wrapped form of a drawn key; gives how many keys are ready. Each appended record, and each tombstone or hold, uses
    /// up one.
    ///
    /// # Errors
    /// `NotFound` for a number that does not wait, `InvalidArgument` for a form beyond 4,096 bytes, `WrongVaultKey`.
    pub fn supply_wrapped_key(&self, id: u64, wrapped: &[u8]) -> Result<usize> {
        let mut inner = self.lock_for_writing()?;
        inner.vault.as_mut().ok_or_else(closed)?.supply(id, wrapped)
    }

    /// The wrapped key of an entry's values, as the host supplied it.
    ///
    /// # Errors
    /// `Erased`, `NotFound`, 6xx.
    pub fn wrapped_key(&self, sequence: u64) -> Result<Vec<u8>> {
        let inner = self.lock()?;
        let row = inner.vault_row(sequence)?;
        Ok(host_parts(&row.key)?.1.to_vec())
    }

    /// The values of a record, opened with its own key, which the host unwrapped.
    ///
    /// # Errors
    /// `Damaged` when the key is not this record's, `Erased`, `OnHold` while disclosure is restricted, `NotFound`, 6xx.
    pub fn disclosures_with_key(
        &self,
        sequence: u64,
        key: &Zeroizing<Vec<u8>>,
    ) -> Result<Vec<Disclosure>> {
        let inner = self.lock()?;
        let digest = inner.record_digest_at(sequence)?;
        inner.check_unrestricted(&digest)?;
        open_with(key, &digest, &inner.vault_row(sequence)?)
    }

    /// Puts another wrapped form of the same record key in place, for a host that moves to another wrapping key. Read the forms with
    /// [`Ledger::wrapped_key`]; when all are replaced, the old wrapping key can be destroyed.
    ///
    /// # Errors
    /// `InvalidArgument` for a ledger that wraps its keys itself, `Erased`, 6xx.
    pub fn replace_wrapped_key(&self, sequence: u64, wrapped: &[u8]) -> Result<()> {
        let mut inner = self.lock_for_writing()?;
        let row = inner.vault_row(sequence)?;
        let vault = inner.vault.as_ref().ok_or_else(closed)?;
        if !vault.is_by_host() || wrapped.is_empty() || wrapped.len() > 4096 {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "a form of 1 to 4,096 bytes, for a ledger whose host wraps",
            ));
        }
        let key = vault.named(host_parts(&row.key)?.0, wrapped);
        let row = VaultRow { key, data: row.data };
        inner.store.apply(&Changes {
            erased: vec![sequence],
            vault: vec![(sequence, row)],
            ..Changes::default()
        })
    }
}

impl Inner {
    pub(super) fn vault_row(&self, sequence: u64) -> Result<VaultRow> {
        self.entry_at(sequence)?;
        self.store
            .vault(sequence)?
            .ok_or_else(|| Error::new(ErrorCode::Erased, "no values are kept for this entry"))
    }
}

fn closed() -> Error {
    Error::new(ErrorCode::WrongVaultKey, "open the ledger with the host's vault secret")
}
