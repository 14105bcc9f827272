#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use multiversion::multiversion;
use proptest::prelude::*;
use sha2::Digest as _;

use super::*;
use crate::hash::hex;

/// As [`sm3_engine`] and [`sha256_engine`] on a processor without AVX-512.
#[multiversion(targets("x86_64+avx2"))]
fn narrow(alg: HashAlg) -> fn(&mut State, &Block) {
    #[multiversion::inherit_target]
    fn sm3(state: &mut State, block: &Block) {
        sm3::compress(state, block);
    }
    #[multiversion::inherit_target]
    fn sha256(state: &mut State, block: &Block) {
        sha256::compress(state, block);
    }
    match alg {
        HashAlg::Sm3 => sm3,
        HashAlg::Sha256 => sha256,
    }
}

/// Every way in which the loops are compiled that this processor can run: for its best, for AVX2, for no processor in particular.
fn ways(alg: HashAlg) -> Vec<fn(&mut State, &Block)> {
    let (best, plain): (_, fn(&mut State, &Block)) = match alg {
        HashAlg::Sm3 => (sm3_engine(), sm3::compress),
        HashAlg::Sha256 => (sha256_engine(), sha256::compress),
    };
    best.map(|engine| engine.compress).into_iter().chain([narrow(alg), plain]).collect()
}

/// The crates' own hashers, fed in two pieces.
fn expected(alg: HashAlg, prefix: Option<u8>, message: &[u8]) -> [u8; 32] {
    let prefix = prefix.as_slice();
    match alg {
        HashAlg::Sm3 => {
            ::sm3::Sm3::new().chain_update(prefix).chain_update(message).finalize().into()
        }
        HashAlg::Sha256 => {
            sha2::Sha256::new().chain_update(prefix).chain_update(message).finalize().into()
        }
    }
}

/// Hashes the messages in every way, lanes until the last `worth` of them, and compares.
fn compare(alg: HashAlg, worth: usize, prefix: Option<u8>, messages: &[Vec<u8>]) {
    let expected: Vec<_> = messages.iter().map(|one| expected(alg, prefix, one)).collect();
    for (way, compress) in ways(alg).into_iter().enumerate() {
        let mut out = vec![[7; 32]];
        let slices = messages.iter().map(Vec::as_slice);
        schedule::digests(alg, compress, worth, prefix, slices, &mut out);
        assert_eq!(out[0], [7; 32], "what was there stays");
        assert_eq!(out.len(), 1 + expected.len(), "{alg}, way {way}, worth {worth}");
        for (at, (one, expected)) in out[1..].iter().zip(&expected).enumerate() {
            assert_eq!(one, expected, "{alg}, way {way}, worth {worth}, message {at}");
        }
    }
}

#[test]
fn the_processor_gets_the_engine_that_it_can_run() {
    let wide = is_x86_feature_detected!("avx512f");
    for engine in [sm3_engine(), sha256_engine()] {
        match engine.map(|engine| engine.width) {
            Some(16) => assert!(wide),
            Some(8) => assert!(is_x86_feature_detected!("avx2")),
            Some(other) => panic!("{other} words"),
            None => assert!(!is_x86_feature_detected!("avx2")),
        }
    }
    for width in [8, 16] {
        assert!(worth(HashAlg::Sm3, width).is_some());
        assert!((HashAlg::ALL.into_iter().filter_map(|alg| worth(alg, width))).all(|n| n <= LANES));
    }
}

/// GB/T 32905 A.1 and A.2; FIPS 180-4's examples of one and of two blocks.
#[test]
fn published_digests() {
    let two = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".to_vec();
    let published = [
        (
            HashAlg::Sm3,
            b"abc".to_vec(),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        ),
        (
            HashAlg::Sm3,
            b"abcd".repeat(16),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        ),
        (
            HashAlg::Sha256,
            b"abc".to_vec(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (HashAlg::Sha256, two, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ];
    for (alg, message, digest) in published {
        for compress in ways(alg) {
            for count in [1, 16, 17] {
                let mut out = Vec::new();
                let messages = core::iter::repeat_n(message.as_slice(), count);
                schedule::digests(alg, compress, 1, None, messages, &mut out);
                assert_eq!(out.len(), count);
                assert!(out.iter().all(|one| hex::encode(one) == digest), "{alg} {count}");
            }
        }
    }
}

/// Every length around the ends of blocks, each message in another lane beside longer and shorter ones.
#[test]
fn every_length_is_padded_as_the_crates_pad_it() {
    let byte = |at: usize| (at * 31 + 7) as u8;
    let messages: Vec<Vec<u8>> = (0..260).map(|len| (0..len).map(byte).collect()).collect();
    for alg in HashAlg::ALL {
        for prefix in [None, Some(0), Some(0xff)] {
            for worth in [1, 4, LANES] {
                compare(alg, worth, prefix, &messages);
            }
        }
    }
}

/// A long message among short ones neither holds them up nor is given another one's blocks.
#[test]
fn long_and_short_messages_stand_side_by_side() {
    let mut messages: Vec<Vec<u8>> = (0..90u8).map(|n| vec![n; usize::from(n) % 5]).collect();
    for at in [0, 17, 18, 89] {
        messages[at] = vec![at as u8; 3_000 + at];
    }
    for alg in HashAlg::ALL {
        for worth in 1..=LANES + 1 {
            compare(alg, worth, Some(1), &messages);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 40 } else { 400 }))]
    #[test]
    fn any_messages_hash_as_one_by_one(
        messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..70),
        prefix: Option<u8>,
        worth in 1..=LANES,
    ) {
        for alg in HashAlg::ALL {
            compare(alg, worth, prefix, &messages);
            let slices = messages.iter().map(Vec::as_slice);
            let mut out = Vec::new();
            if let Some(given_back) = digests(alg, prefix, slices, &mut out) {
                prop_assert!(out.is_empty());
                prop_assert_eq!(given_back.len(), messages.len());
                alg.digest_many_into(prefix, given_back, &mut out);
            }
            let one_by_one: Vec<_> = messages.iter().map(|one| expected(alg, prefix, one)).collect();
            prop_assert_eq!(out, one_by_one);
        }
    }
}
