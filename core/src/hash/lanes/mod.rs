//! Sixteen messages at a time: a word of each stands side by side in a [`Row`], and every step of a compression is one plain
//! loop over the sixteen. The loops say nothing of a processor; the compiler makes vector instructions of them, once for each
//! kind of processor below, and the program asks which one it runs on. Other processors go one message at a time, and so does
//! a library built for size (`build.rs`).
//!
//! The loops over the sixteen index, which nothing else in this library does: the index is below [`LANES`], which the compiler sees
//! and checks nothing for; ten iterators side by side it does not always see through, and then makes no vectors.

mod padded;
mod schedule;
mod sha256;
mod sm3;
#[cfg(test)]
mod tests;

use multiversion::multiversion;
use multiversion::target::match_target;

use super::HashAlg;

/// Messages at a time.
const LANES: usize = 16;

/// The same word of every message.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Row([u32; LANES]);

impl Row {
    const ZERO: Self = Self([0; LANES]);
}

/// The chaining values of all messages, word by word.
type State = [Row; 8];

/// A block of every message, word by word.
type Block = [Row; 16];

/// How a processor takes sixteen blocks.
#[derive(Clone, Copy)]
struct Engine {
    /// Compresses a block of every message.
    compress: fn(&mut State, &Block),
    /// Words in one vector.
    width: usize,
}

/// Appends the digests of `prefix` and each message to `out`, in their order, where this processor takes several at a time;
/// elsewhere, and when there are too few, the messages are given back.
#[cfg_attr(not(vectors), allow(dead_code))] // tests without optimisation see to it that it is right, not that it is fast
pub(super) fn digests<'m, M: Iterator<Item = &'m [u8]>>(
    alg: HashAlg,
    prefix: Option<u8>,
    messages: M,
    out: &mut Vec<[u8; 32]>,
) -> Option<M> {
    let engine = match alg {
        HashAlg::Sm3 => sm3_engine(),
        HashAlg::Sha256 => sha256_engine(),
    };
    let most = messages.size_hint().1.unwrap_or(LANES);
    match engine.and_then(|engine| Some((engine, worth(alg, engine.width)?))) {
        Some((engine, worth)) if worth <= most => {
            schedule::digests(alg, engine.compress, worth, prefix, messages, out);
            None
        }
        _ => Some(messages),
    }
}

/// From how many messages on lanes are faster than one message after the other, as measured; `None` when they never are.
fn worth(alg: HashAlg, width: usize) -> Option<usize> {
    // Instructions for SHA-256 are almost as fast as the widest lanes; there are none here for SM3.
    let instructions = alg == HashAlg::Sha256 && std::arch::is_x86_feature_detected!("sha");
    match (width, instructions) {
        (16, false) => Some(4),
        (16, true) => Some(13),
        (_, false) => Some(6),
        (_, true) => None,
    }
}

#[multiversion(targets("x86_64+avx512f+avx2", "x86_64+avx2"))]
fn sm3_engine() -> Option<Engine> {
    #[allow(dead_code)] // on processors without lanes
    #[multiversion::inherit_target]
    fn compress(state: &mut State, block: &Block) {
        sm3::compress(state, block);
    }
    match_target! {
        "x86_64+avx512f" => Some(Engine { compress, width: 16 }),
        "x86_64+avx2" => Some(Engine { compress, width: 8 }),
        _ => None,
    }
}

#[multiversion(targets("x86_64+avx512f+avx2", "x86_64+avx2"))]
fn sha256_engine() -> Option<Engine> {
    #[allow(dead_code)] // on processors without lanes
    #[multiversion::inherit_target]
    fn compress(state: &mut State, block: &Block) {
        sha256::compress(state, block);
    }
    match_target! {
        "x86_64+avx512f" => Some(Engine { compress, width: 16 }),
        "x86_64+avx2" => Some(Engine { compress, width: 8 }),
        _ => None,
    }
}

/// The words of the blocks, side by side.
#[allow(clippy::indexing_slicing)] // see above
fn rows(blocks: &[[u8; 64]; LANES]) -> Block {
    let mut rows = [Row::ZERO; 16];
    for (n, block) in blocks.iter().enumerate() {
        for (row, word) in rows.iter_mut().zip(block.as_chunks().0) {
            row.0[n] = u32::from_be_bytes(*word);
        }
    }
    rows
}

/// Adds what the rounds made of a state to the state before, as `join` says.
#[inline(always)]
#[allow(clippy::indexing_slicing)] // see above
fn feed_forward(state: &mut State, rounds: &State, join: impl Fn(u32, u32) -> u32) {
    for (row, made) in state.iter_mut().zip(rounds) {
        for n in 0..LANES {
            row.0[n] = join(row.0[n], made.0[n]);
        }
    }
}
