//! Which message is in which lane. A lane whose message ended takes the next one, so that messages of different lengths do not
//! wait for one another; once too few are left, each goes on alone from where it is.

use sha2::block_api::compress256;
use sm3::Sm3Core;
use sm3::digest::block_api::UpdateCore as _;
use sm3::digest::common::hazmat::{SerializableState as _, SerializedState};

use super::padded::Padded;
use super::{Block, LANES, Row, State, rows};
use crate::hash::HashAlg;

/// A message on its way, and where its digest goes.
struct Lane<'m> {
    blocks: Padded<'m>,
    place: usize,
}

/// Appends the digests of `prefix` and each message to `out`, in their order, with lanes for as long as `worth` of them are
/// taken.
pub(super) fn digests<'m>(
    alg: HashAlg,
    compress: fn(&mut State, &Block),
    worth: usize,
    prefix: Option<u8>,
    mut messages: impl Iterator<Item = &'m [u8]>,
    out: &mut Vec<[u8; 32]>,
) {
    let start = alg.start();
    let mut lanes: [Option<Lane<'m>>; LANES] = [const { None }; LANES];
    let mut state: State = start.map(|word| Row([word; LANES]));
    let mut blocks = [[0; 64]; LANES];
    loop {
        for (at, lane) in lanes.iter_mut().enumerate() {
            if lane.is_none() {
                let Some(message) = messages.next() else { break };
                *lane = Some(Lane { blocks: Padded::new(prefix, message), place: out.len() });
                put(&mut state, at, start);
                out.push([0; 32]);
            }
        }
        if lanes.iter().flatten().count() < worth.min(LANES) {
            break;
        }
        for (lane, block) in lanes.iter_mut().zip(&mut blocks) {
            // What an idle lane compresses again is nobody's.
            lane.as_mut().and_then(|lane| lane.blocks.next(block));
        }
        compress(&mut state, &rows(&blocks));
        for (at, lane) in lanes.iter_mut().enumerate() {
            if let Some(Lane { place, .. }) = lane.take_if(|lane| lane.blocks.is_done())
                && let Some(out) = out.get_mut(place)
            {
                *out = digest(take(&state, at));
            }
        }
    }
    for (at, lane) in lanes.into_iter().enumerate() {
        if let Some(Lane { blocks, place }) = lane
            && let Some(out) = out.get_mut(place)
        {
            *out = digest(alone(alg, take(&state, at), blocks));
        }
    }
}

impl HashAlg {
    /// The chaining value that every message begins with.
    fn start(self) -> [u32; 8] {
        match self {
            HashAlg::Sha256 => super::super::short::START,
            HashAlg::Sm3 => super::sm3::START,
        }
    }
}

/// Compresses what is left of one message.
fn alone(alg: HashAlg, mut state: [u32; 8], mut blocks: Padded<'_>) -> [u32; 8] {
    let mut block = [0; 64];
    match alg {
        HashAlg::Sha256 => {
            while blocks.next(&mut block).is_some() {
                compress256(&mut state, &[block]);
            }
        }
        HashAlg::Sm3 => {
            // The state as the crate keeps it: the chaining value, least byte first, and a count that only its own padding needs.
            let mut kept = SerializedState::<Sm3Core>::default();
            for (bytes, word) in kept.as_chunks_mut::<4>().0.iter_mut().zip(state) {
                *bytes = word.to_le_bytes();
            }
            let mut core = Sm3Core::deserialize(&kept).unwrap_or_default();
            while blocks.next(&mut block).is_some() {
                core.update_blocks(&[block.into()]);
            }
            for (word, bytes) in state.iter_mut().zip(core.serialize().as_chunks::<4>().0) {
                *word = u32::from_le_bytes(*bytes);
            }
        }
    }
    state
}

#[inline]
fn digest(state: [u32; 8]) -> [u8; 32] {
    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

/// Writes the chaining value of one lane.
#[inline]
fn put(state: &mut State, lane: usize, words: [u32; 8]) {
    for (row, word) in state.iter_mut().zip(words) {
        if let Some(slot) = row.0.get_mut(lane) {
            *slot = word;
        }
    }
}

/// Reads the chaining value of one lane.
#[inline]
fn take(state: &State, lane: usize) -> [u32; 8] {
    let mut words = [0; 8];
    for (word, row) in words.iter_mut().zip(state) {
        if let Some(slot) = row.0.get(lane) {
            *word = *slot;
        }
    }
    words
}
