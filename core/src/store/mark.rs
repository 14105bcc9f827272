//! Check values of stored rows, so that rot is found when a row is read: before anything is signed over it, and before it is
//! shown. Any change inside one 8-byte word is found for certain, any other with all but 2^-64. They are no evidence: whoever can
//! write the file can write them too.

/// Collects what a row holds.
#[derive(Clone, Copy)]
pub(super) struct Mark(u64);

/// Odd, so that a step can be undone from either of its inputs: a change in one word always reaches the end.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
const LANES: [u64; 4] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 1];

fn step(state: u64, word: u64) -> u64 {
    (state ^ word).wrapping_mul(FACTOR).rotate_left(29)
}

fn word(bytes: &[u8]) -> u64 {
    let mut padded = [0; 8];
    for (to, from) in padded.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(padded)
}

impl Mark {
    /// Starts a row; `table` keeps rows of one table from passing for another's.
    pub(super) fn of(table: u64) -> Self {
        Self(step(FACTOR, table))
    }

    /// Takes in a number.
    pub(super) fn number(self, number: i64) -> Self {
        Self(step(self.0, u64::from_le_bytes(number.to_le_bytes())))
    }

    /// Takes in bytes with their length: in four lanes, which a processor works on side by side.
    pub(super) fn bytes(self, bytes: &[u8]) -> Self {
        let mut lanes = LANES.map(|lane| lane ^ self.0);
        let (chunks, rest) = bytes.as_chunks::<32>();
        for chunk in chunks {
            let (parts, _) = chunk.as_chunks::<8>();
            for (lane, part) in lanes.iter_mut().zip(parts) {
                *lane = step(*lane, u64::from_le_bytes(*part));
            }
        }
        for (lane, part) in lanes.iter_mut().zip(rest.chunks(8)) {
            *lane = step(*lane, word(part));
        }
        Self(lanes.into_iter().fold(step(self.0, bytes.len() as u64), step))
    }

    /// The value as a store keeps it.
    pub(super) fn value(self) -> i64 {
        i64::from_le_bytes(self.0.to_le_bytes())
    }
}
