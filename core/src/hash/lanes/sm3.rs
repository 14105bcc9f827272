//! The compression function of SM3 (GM/T 0004, GB/T 32905 §5.3), for sixteen messages.

use super::{Block, LANES, Row, State, feed_forward};

/// The initial value (§4.1).
pub(super) const START: [u32; 8] = [
    0x7380_166f,
    0x4914_b2b9,
    0x1724_42d7,
    0xda8a_0600,
    0xa96f_30bc,
    0x1631_38aa,
    0xe38d_ee4d,
    0xb0fb_0e4e,
];

/// Words of the expanded message.
const WORDS: usize = 68;

#[inline(always)]
pub(super) fn compress(state: &mut State, block: &Block) {
    let mut words = [Row::ZERO; WORDS];
    words[..16].copy_from_slice(block);
    let mut rows = *state;
    for t in (0..16).step_by(4) {
        let Some(eight) = expand(&mut words, t) else { return };
        four_rounds::<true>(&mut rows, eight, t);
    }
    for t in (16..52).step_by(4) {
        let Some(eight) = expand(&mut words, t) else { return };
        four_rounds::<false>(&mut rows, eight, t);
    }
    for t in (52..64).step_by(4) {
        let Some(eight) = words.get(t..).and_then(|words| words.first_chunk()) else { return };
        four_rounds::<false>(&mut rows, eight, t);
    }
    feed_forward(state, &rows, |before, made| before ^ made);
}

/// Makes the words `t + 16` to `t + 19`, so that they are ready long before their rounds, and gives the words `t` to `t + 7`.
#[inline(always)]
fn expand(words: &mut [Row; WORDS], t: usize) -> Option<&[Row; 8]> {
    let (before, after) = words.split_at_mut_checked(t + 16)?;
    let before = before.last_chunk::<16>()?;
    let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = before;
    let [new0, new1, new2, new3] = after.first_chunk_mut::<4>()?;
    word(w0, w3, w7, w10, w13, new0);
    word(w1, w4, w8, w11, w14, new1);
    word(w2, w5, w9, w12, w15, new2);
    word(w3, w6, w10, w13, new0, new3);
    before.first_chunk()
}

/// One word out of those 16, 13, 9, 6 and 3 places before it.
#[inline(always)]
#[allow(clippy::indexing_slicing)] // see `super`
fn word(w16: &Row, w13: &Row, w9: &Row, w6: &Row, w3: &Row, new: &mut Row) {
    for n in 0..LANES {
        let x = w16.0[n] ^ w9.0[n] ^ w3.0[n].rotate_left(15);
        let mixed = x ^ x.rotate_left(15) ^ x.rotate_left(23);
        new.0[n] = mixed ^ w13.0[n].rotate_left(7) ^ w6.0[n];
    }
}

/// The rounds `t` to `t + 3`, with the words `t` to `t + 7`; after four, every word of the state is in its own place again.
#[inline(always)]
fn four_rounds<const EARLY: bool>(state: &mut State, words: &[Row; 8], t: usize) {
    let [a, b, c, d, e, f, g, h] = state;
    let [w0, w1, w2, w3, w4, w5, w6, w7] = words;
    let k = |t| if EARLY { 0x79cc_4519_u32 } else { 0x7a87_9d8a }.rotate_left(t as u32);
    round::<EARLY>(k(t), [w0, w4], [a, c, e, g], [b, d, f, h]);
    round::<EARLY>(k(t + 1), [w1, w5], [d, b, h, f], [a, c, e, g]);
    round::<EARLY>(k(t + 2), [w2, w6], [c, a, g, e], [d, b, h, f]);
    round::<EARLY>(k(t + 3), [w3, w7], [b, d, f, h], [c, a, g, e]);
}

/// One round: of the state's eight words four are read and four are changed. `d` becomes the next `a`, `h` the next `e`.
#[inline(always)]
#[allow(clippy::indexing_slicing)] // see `super`
fn round<const EARLY: bool>(
    k: u32,
    [w, w4]: [&Row; 2],
    [a, c, e, g]: [&Row; 4],
    [b, d, f, h]: [&mut Row; 4],
) {
    for n in 0..LANES {
        let (w, w4) = (w.0[n], w4.0[n]);
        let (a, c, e, g) = (a.0[n], c.0[n], e.0[n], g.0[n]);
        let (b, d, f, h) = (&mut b.0[n], &mut d.0[n], &mut f.0[n], &mut h.0[n]);
        let a12 = a.rotate_left(12);
        let ss1 = a12.wrapping_add(e.wrapping_add(k)).rotate_left(7);
        let (ff, gg) = match EARLY {
            true => (a ^ *b ^ c, e ^ *f ^ g),
            false => ((a & *b) | (a & c) | (*b & c), (e & *f) | (!e & g)),
        };
        let tt1 = ff.wrapping_add(d.wrapping_add(w ^ w4)).wrapping_add(ss1 ^ a12);
        let tt2 = gg.wrapping_add(h.wrapping_add(w)).wrapping_add(ss1);
        *b = b.rotate_left(9);
        *d = tt1;
        *f = f.rotate_left(19);
        *h = tt2 ^ tt2.rotate_left(9) ^ tt2.rotate_left(17);
    }
}
