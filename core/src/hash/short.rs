//! SHA-256 of short messages: padded on the stack and compressed in one call. Commitments, leaves and nodes are
//! all short, and for them the general hasher spends more on its buffer than on half a compression.

use sha2::block_api::compress256;

const BLOCKS: usize = 3;

/// Longest message that fits with its padding: a 1 bit (a byte) and the length (8 bytes).
const LONGEST: usize = 64 * BLOCKS - 9;

/// The initial hash value (FIPS 180-4 §5.3.3).
pub(super) const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The digest of the parts put together, when they are short; `None` when they are not.
#[inline]
pub(super) fn sha256(parts: &[&[u8]]) -> Option<[u8; 32]> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    if len > LONGEST {
        return None;
    }
    let mut blocks = [[0u8; 64]; BLOCKS];
    let used = blocks.get_mut(..(len + 9).div_ceil(64))?;
    let bytes = used.as_flattened_mut();
    let mut at = 0;
    for part in parts {
        bytes.get_mut(at..at + part.len())?.copy_from_slice(part);
        at += part.len();
    }
    *bytes.get_mut(len)? = 0x80;
    *bytes.last_chunk_mut::<8>()? = (len as u64 * 8).to_be_bytes();
    let mut state = START;
    compress256(&mut state, used);
    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    Some(digest)
}
