#![forbid(unsafe_code)]
//! The one boundary API of Yinzheng 印证. C, JNI and Swift are thin adapters over it, with no logic of their own.
//!
//! Everything crosses as plain data: bytes, integers, and [`Handle`]s for what lives longer than a call. Structured requests and
//! replies are JSON in UTF-8; sealed things (entries, receipts, blocks, proofs) are their exact bytes. A call that fails gives a
//! [`Failure`] with a number of the error table. `docs/ffi.md` describes requests, replies and conventions.
//!
//! - **Handles** are generational: zero, stale, foreign and doubly closed ones are error 204, never anything worse. A call
//!   works on its own reference, so closing a handle while another thread uses it is safe.
//! - **Panics** stop at this boundary: the call gives error 901, its handle gives 205 from then on, the host lives.
//! - **Signing has two phases** and nothing calls back: one call gives the bytes to sign, a later one takes the signature.
//! - **Randomness** comes from the operating system; there is no way to put any in. Times come in through requests; where one
//!   is left out, the system's clock is read and the claim says so (tier `device`).

#[cfg(panic = "abort")]
compile_error!("the facade must be able to catch panics: build with panic = \"unwind\"");

mod attach;
mod check;
#[cfg(feature = "seal")]
mod countersign;
#[cfg(feature = "seal")]
mod create;
#[cfg(feature = "seal")]
mod detached;
mod facts;
mod failure;
mod guard;
mod handle;
mod info;
mod json;
mod keys;
#[cfg(feature = "store")]
mod ledger;
mod paper;
mod profiles;
mod proofs;
#[cfg(feature = "test-panic")]
pub mod provoke;
#[cfg(feature = "seal")]
mod request;
#[cfg(feature = "seal")]
mod signing;
#[cfg(feature = "seal")]
mod statements;
#[cfg(feature = "seal")]
mod time;
mod verify;
mod words;

pub use attach::{hash_begin, hash_bytes, hash_file, hash_finish, hash_reader, hash_update};
pub use check::{check_consistency, check_inclusion, check_signature, digest, tree_root};
#[cfg(feature = "seal")]
pub use countersign::{countersignature_draft, countersignature_finish};
#[cfg(feature = "seal")]
pub use detached::{
    SealedOut, genesis_make, history_path, record_make, sealer_add, sealer_finish, sealer_open,
    sealer_prepare, sealer_receipt,
};
pub use facts::inspect;
pub use failure::{Failure, Outcome};
pub use guard::discard;
pub use handle::{Handle, close, handle_count};
pub use info::{error_info, limits, version};
pub use json::json_get;
pub use keys::key_describe;
#[cfg(feature = "seal")]
pub use keys::{key_from_pkcs8, key_generate, key_public, key_sign, key_sign_digest, key_to_pkcs8};
#[cfg(feature = "store")]
pub use ledger::*;
pub use paper::verdict_paper;
pub use profiles::{
    profile_describe, profile_file, profile_list, profile_load, profile_read, value_read,
};
pub use proofs::{proof_assemble, proof_deposit, proof_disclose, proof_join, proof_kit};
#[cfg(feature = "seal")]
pub use signing::{Draft, ToSign};
#[cfg(feature = "seal")]
pub use statements::{statement_draft, statement_finish};
pub use verify::{BundleFrom, VerdictForm, verify_bundle, verify_proof};
/// For adapters that refuse something themselves: see [`Failure::new`].
pub use yinzheng::ErrorCode;
