#![forbid(unsafe_code)]
//! Yinzheng 印证: electronic evidence sealed where it happens, checkable by anyone, offline.

pub mod anchor;
pub mod block;
pub mod bundle;
pub mod claim;
pub mod codec;
pub mod entry;
pub mod error;
pub mod hash;
pub mod key;
#[cfg(feature = "store")]
pub mod ledger;
pub mod media;
pub mod merkle;
pub mod number;
mod numbered;
pub mod profile;
pub mod proof;
pub mod random;
pub mod record;
pub mod sign;
pub mod statement;
#[cfg(feature = "store")]
pub mod store;
pub mod time;
pub mod value;
#[cfg(feature = "store")]
pub mod vault;
pub mod verify;

pub use error::{Error, ErrorCode, Result};

#[cfg(test)]
mod testing;
