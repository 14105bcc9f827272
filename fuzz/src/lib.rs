//! What must hold for any bytes, one function for each reader. They panic where it does not hold.
//!
//! cargo-fuzz calls them (`fuzz_targets/`), and so does a plain test over `corpus/` and all vectors (`core/tests/fuzz_corpus.rs`).

#![forbid(unsafe_code)]

mod codec;
mod parts;
mod sealed;
mod stamps;
mod words;

pub use codec::codec;
pub use parts::{entry, key, outside, policy};
pub use sealed::{block, bundle, proof, receipt};
pub use stamps::timestamp;
pub use words::{message, profile};

/// A target's name and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 12] = [
    ("codec", codec),
    ("entry", entry),
    ("block", block),
    ("receipt", receipt),
    ("proof", proof),
    ("bundle", bundle),
    ("profile", profile),
    ("message", message),
    ("key", key),
    ("outside", outside),
    ("policy", policy),
    ("timestamp", timestamp),
];
