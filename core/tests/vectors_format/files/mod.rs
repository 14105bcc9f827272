//! One module a file.

mod block;
mod block_refused;
mod bundle;
mod countersignature;
mod entry;
mod entry_refused;
mod key;
mod key_chain;
mod number;
mod receipt;
mod record;
mod statement;
mod time;
