//! Deterministic CBOR, narrowed: the one encoding of everything this library seals.
//!
//! RFC 8949 §4.2.1 (core deterministic encoding) with less: definite lengths, integers within `i64`, byte and
//! text strings, arrays, maps with integer keys up to 65,535 in bytewise order, `false`, `true`, `null`, and two tags, 4
//! (decimal fraction, RFC 8949 §3.4.4) and 18 (COSE_Sign1, RFC 9052 §4.2). No floats, no `undefined`, no
//! indefinite lengths. Text is kept exactly as given: no Unicode normalisation.
//!
//! Reading is strict and happens once: [`Item::parse`] checks the whole input in one pass, and every [`Item`]
//! is from then on a view into bytes that are known to be canonical. Nothing is ever encoded again before it
//! is hashed: [`Item::bytes`] are the bytes as received.

mod check;
mod decimal;
mod head;
mod item;
pub mod limits;
mod map;
mod writer;

#[cfg(test)]
mod tests;

pub use decimal::Decimal;
pub use item::{Elements, Item, Kind};
pub use map::{Map, is_optional};
pub use writer::{MapBuilder, Writer};
