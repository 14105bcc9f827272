//! One module a file.

mod block;
mod bundle;
mod countersignature;
mod entry;
mod key;
mod key_chain;
mod number;
mod receipt;
mod record;
mod statement;
mod time;
