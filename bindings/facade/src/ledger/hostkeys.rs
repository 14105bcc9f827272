//! For hosts whose HSM or certified module wraps the records' keys: keys out, wrapped keys in, and the way back for reading.

use yinzheng::ledger::Ledger;
use yinzheng::{Error, ErrorCode};
use zeroize::Zeroizing;

use super::prove::disclosures_json;
use crate::failure::Outcome;
use crate::guard;
use crate::handle::Handle;

/// Draws a record key for the host to wrap: its number and its bytes. Only for a ledger made and opened with `wrapped_by_host`.
/// Each appended record, tombstone and hold uses up one key; a key whose wrapped form never comes is forgotten with the handle.
///
/// # Errors
/// `InvalidArgument` for a ledger that wraps its keys itself, `LimitExceeded` when 100,000 keys wait, `WrongVaultKey`,
/// `RandomUnavailable`.
pub fn ledger_draw_record_key(ledger: Handle) -> Outcome<(u64, Vec<u8>)> {
    guard::with("ledger_draw_record_key", ledger, |ledger: &Ledger| {
        let drawn = ledger.draw_record_keys(1)?.pop();
        let mut drawn = drawn.ok_or_else(|| Error::new(ErrorCode::Internal, "no key was drawn"))?;
        Ok((drawn.id, std::mem::take(&mut *drawn.key)))
    })
}

/// Takes the wrapped form of a drawn key (1 to 4,096 bytes, as the host's module gives it), and tells how many keys are ready.
///
/// # Errors
/// `NotFound` for a number that does not wait, `InvalidArgument` for a form of another length, `WrongVaultKey`.
pub fn ledger_supply_wrapped_key(ledger: Handle, id: u64, wrapped: &[u8]) -> Outcome<u64> {
    guard::with("ledger_supply_wrapped_key", ledger, |ledger: &Ledger| {
        let ready = ledger.supply_wrapped_key(id, wrapped)?;
        Ok(u64::try_from(ready).unwrap_or(u64::MAX))
    })
}

/// The wrapped key of an entry's values, for the host to unwrap.
///
/// # Errors
/// `Erased`, `NotFound`, 6xx.
pub fn ledger_wrapped_key(ledger: Handle, sequence: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_wrapped_key", ledger, |ledger: &Ledger| ledger.wrapped_key(sequence))
}

/// As [`super::ledger_disclosures`], opened with the record's own key, which the host unwrapped.
///
/// # Errors
/// `Damaged` when the key is not this record's, `Erased`, `OnHold` while disclosure is restricted, `NotFound`, 6xx.
pub fn ledger_disclosures_with_key(ledger: Handle, sequence: u64, key: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_disclosures_with_key", ledger, |ledger: &Ledger| {
        let key = Zeroizing::new(key.to_vec());
        Ok(disclosures_json(&ledger.disclosures_with_key(sequence, &key)?))
    })
}

/// Puts another wrapped form of the same record key in place, for a host that moves to another wrapping key. When all are replaced,
/// the old wrapping key can be destroyed.
///
/// # Errors
/// `InvalidArgument` for a ledger that wraps its keys itself, `Erased`, `NotFound`, 6xx.
pub fn ledger_replace_wrapped_key(ledger: Handle, sequence: u64, wrapped: &[u8]) -> Outcome<()> {
    guard::with("ledger_replace_wrapped_key", ledger, |ledger: &Ledger| {
        ledger.replace_wrapped_key(sequence, wrapped)
    })
}
