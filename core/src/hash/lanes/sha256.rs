//! The compression function of SHA-256 (FIPS 180-4 §6.2.2), for sixteen messages.

use super::{Block, LANES, Row, State, feed_forward};

/// Words of the expanded message, and rounds.
const WORDS: usize = 64;

#[inline(always)]
pub(super) fn compress(state: &mut State, block: &Block) {
    let mut words = [Row::ZERO; WORDS];
    words[..16].copy_from_slice(block);
    let mut rows = *state;
    for (t, k) in (0..48).step_by(8).zip(K[..48].as_chunks().0) {
        let Some(eight) = expand(&mut words, t) else { return };
        eight_rounds(&mut rows, eight, k);
    }
    for (eight, k) in words[48..].as_chunks().0.iter().zip(K[48..].as_chunks().0) {
        eight_rounds(&mut rows, eight, k);
    }
    feed_forward(state, &rows, u32::wrapping_add);
}

/// Makes the words `t + 16` to `t + 23`, so that they are ready long before their rounds, and gives the words `t` to `t + 7`.
#[inline(always)]
fn expand(words: &mut [Row; WORDS], t: usize) -> Option<&[Row; 8]> {
    let (before, after) = words.split_at_mut_checked(t + 16)?;
    let before = before.last_chunk::<16>()?;
    let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = before;
    let [new0, new1, new2, new3, new4, new5, new6, new7] = after.first_chunk_mut::<8>()?;
    word(w0, w1, w9, w14, new0);
    word(w1, w2, w10, w15, new1);
    word(w2, w3, w11, new0, new2);
    word(w3, w4, w12, new1, new3);
    word(w4, w5, w13, new2, new4);
    word(w5, w6, w14, new3, new5);
    word(w6, w7, w15, new4, new6);
    word(w7, w8, new0, new5, new7);
    before.first_chunk()
}

/// One word out of those 16, 15, 7 and 2 places before it.
#[inline(always)]
#[allow(clippy::indexing_slicing)] // see `super`
fn word(w16: &Row, w15: &Row, w7: &Row, w2: &Row, new: &mut Row) {
    for n in 0..LANES {
        let (w15, w2) = (w15.0[n], w2.0[n]);
        let s0 = w15.rotate_right(7) ^ w15.rotate_right(18) ^ (w15 >> 3);
        let s1 = w2.rotate_right(17) ^ w2.rotate_right(19) ^ (w2 >> 10);
        new.0[n] = w16.0[n].wrapping_add(s0).wrapping_add(w7.0[n]).wrapping_add(s1);
    }
}

/// Eight rounds, after which every word of the state is in its own place again.
#[inline(always)]
fn eight_rounds(state: &mut State, words: &[Row; 8], k: &[u32; 8]) {
    let [a, b, c, d, e, f, g, h] = state;
    let [w0, w1, w2, w3, w4, w5, w6, w7] = words;
    let [k0, k1, k2, k3, k4, k5, k6, k7] = *k;
    round(k0, w0, [a, b, c, e, f, g], d, h);
    round(k1, w1, [h, a, b, d, e, f], c, g);
    round(k2, w2, [g, h, a, c, d, e], b, f);
    round(k3, w3, [f, g, h, b, c, d], a, e);
    round(k4, w4, [e, f, g, a, b, c], h, d);
    round(k5, w5, [d, e, f, h, a, b], g, c);
    round(k6, w6, [c, d, e, g, h, a], f, b);
    round(k7, w7, [b, c, d, f, g, h], e, a);
}

/// One round: `d` becomes the next `e`, `h` the next `a`; the other words move on by their names.
#[inline(always)]
#[allow(clippy::indexing_slicing)] // see `super`
fn round(k: u32, w: &Row, [a, b, c, e, f, g]: [&Row; 6], d: &mut Row, h: &mut Row) {
    for n in 0..LANES {
        let (a, b, c) = (a.0[n], b.0[n], c.0[n]);
        let (e, f, g) = (e.0[n], f.0[n], g.0[n]);
        let sum1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let sum0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let (choice, majority) = ((e & f) ^ (!e & g), (a & b) ^ (a & c) ^ (b & c));
        let t1 =
            h.0[n].wrapping_add(w.0[n].wrapping_add(k)).wrapping_add(choice).wrapping_add(sum1);
        d.0[n] = d.0[n].wrapping_add(t1);
        h.0[n] = t1.wrapping_add(sum0.wrapping_add(majority));
    }
}

/// FIPS 180-4 §4.2.2: the fractional parts of the cube roots of the first 64 primes.
#[rustfmt::skip]
const K: [u32; WORDS] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];
