//! The Swift door: functions exported by uniffi over [`yinzheng_facade`], with no logic of their own.
//!
//! - Bytes, integers and handles cross, nothing else; texts are UTF-8 in bytes. What goes in is read where Swift keeps it,
//!   during the call, and not copied: so no copy of a secret has to be wiped here.
//! - Nothing calls back into Swift. What fails throws [`Failure`], made here at the very end.
//! - Panics are caught by the facade, and once more by uniffi around each function. Every function can fail, because only of
//!   those can uniffi give a panic to Swift as an error; in any other it would end the app.
//! - `bindings/swift/generated` is made out of the built library by `bindings/swift/generate.sh`.

// The boundary to Swift: everything unsafe is made by uniffi's macros.
#![allow(unsafe_code)]

mod bridge;
mod check;
#[cfg(feature = "seal")]
mod detached;
#[cfg(feature = "store")]
mod hostkeys;
mod info;
#[cfg(feature = "seal")]
mod keys;
#[cfg(feature = "store")]
mod ledger;
#[cfg(feature = "store")]
mod manage;
#[cfg(feature = "test-panic")]
mod provoke;
#[cfg(feature = "store")]
mod read;
mod verify;

pub use bridge::*;

uniffi::setup_scaffolding!();
