//! The C door: exported functions over [`yinzheng_facade`], with no logic of their own.
//!
//! `include/yinzheng.h` is generated from this crate and is the documentation for its users; `docs/ffi.md` has the conventions
//! in prose. Here stand only the rules for whoever writes a function:
//!
//! - It is a single `unsafe` block around [`bridge::run`]. Outs come first, so that they are initialised whatever fails after.
//! - The contract that every `unsafe` block relies on is the header's: a pointer is null, or good for as many bytes as its
//!   length says (inputs) or for one object of its type (outs), until the call returns. Null, misalignment, doubled outs,
//!   lengths beyond reason, and everything about handles and buffers are checked and become error numbers.
//! - The documentation says what is given and who frees it, the errors by number, and which threads may call.

// The one crate whose business is raw pointers.
#![allow(unsafe_code)]
// Said once, above and in the header, for all.
#![allow(clippy::missing_safety_doc)]

// In the order of the header.
mod bridge;
mod buffer;
mod info;

#[cfg(feature = "store")]
mod ledger;

#[cfg(feature = "store")]
mod seal;

#[cfg(feature = "store")]
mod read;

#[cfg(feature = "store")]
mod prove;

#[cfg(feature = "store")]
mod manage;

#[cfg(feature = "store")]
mod privacy;

#[cfg(feature = "store")]
mod hostkeys;

#[cfg(feature = "store")]
mod sync;

#[cfg(feature = "seal")]
mod keys;

mod profiles;

mod verify;

mod hash;

mod check;

#[cfg(feature = "seal")]
mod detached;

#[cfg(feature = "seal")]
mod statements;

#[cfg(feature = "test-panic")]
mod test_panic;

pub use bridge::{Error, Handle, Slice};
pub use buffer::{Buffer, yz_buffer_count, yz_buffer_free};
pub use check::*;
#[cfg(feature = "seal")]
pub use detached::*;
pub use hash::*;
#[cfg(feature = "store")]
pub use hostkeys::*;
pub use info::*;
#[cfg(feature = "seal")]
pub use keys::*;
#[cfg(feature = "store")]
pub use ledger::*;
#[cfg(feature = "store")]
pub use manage::*;
#[cfg(feature = "store")]
pub use privacy::*;
pub use profiles::*;
#[cfg(feature = "store")]
pub use prove::*;
#[cfg(feature = "store")]
pub use read::*;
#[cfg(feature = "store")]
pub use seal::*;
#[cfg(feature = "seal")]
pub use statements::*;
#[cfg(feature = "store")]
pub use sync::*;
#[cfg(feature = "test-panic")]
pub use test_panic::*;
pub use verify::*;
