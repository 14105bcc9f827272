//! Panics on demand: for the tests of this door only.

use crate::bridge::Outcome;

#[uniffi::export]
pub(crate) fn provoke_arm(point: &[u8]) -> Outcome<()> {
    yinzheng_facade::provoke::arm(&String::from_utf8_lossy(point));
    Ok(())
}

/// A panic in the few lines around the facade.
#[uniffi::export]
#[allow(clippy::panic)] // what this module is for
pub(crate) fn provoke_outside() -> Outcome<()> {
    panic!("provoked outside the facade")
}
