//! Leaves hashed piece by piece lead to what the whole list leads to, and nothing hides between the pieces.

use super::*;
use crate::sign::SigAlg;
use crate::testing::{
    closed, code, first, first_claims, genesis_with, key, opened, refs, sign_block,
};

/// A leaf that the rules of the chain pass over, as they do over records.
const PASSED: [u8; 4] = [0xa1, 0x00, 0x02, 0xf6];

fn hashed(before: Option<&Head>, contents: &[Vec<u8>], piece: usize) -> BlockLeaves {
    let mut leaves = match before {
        None => LeafHasher::first(HashAlg::Sha256),
        Some(head) => LeafHasher::after(head),
    };
    for piece in contents.chunks(piece) {
        leaves.add(&refs(piece));
        leaves.add(&[]);
    }
    leaves.finish()
}

#[test]
fn pieces_are_sealed_as_the_whole_is() {
    let bank = key(SigAlg::Ed25519, 1);
    let genesis = genesis_with(HashAlg::Sha256, &first_claims(&bank)).encode();
    let head = first(HashAlg::Sha256, &bank).head;
    let passed = PASSED.to_vec();
    let (entries, last) = ([opened(1), passed.clone(), opened(2)], closed());
    for (before, contents) in [
        (None, vec![genesis.clone(), opened(1)]),
        (None, vec![genesis, opened(1), passed.clone(), opened(2)]),
        (Some(&head), vec![passed.clone()]),
        (Some(&head), entries.to_vec()),
        (Some(&head), vec![passed.clone(), passed.clone(), last]),
    ] {
        let whole = match before {
            None => Head::prepare_first(&refs(&contents), 3).unwrap(),
            Some(head) => head.prepare(&refs(&contents), 3).unwrap(),
        };
        let block = sign_block(&whole, &bank);
        let all: Vec<Vec<u8>> = whole.link.iter().cloned().chain(contents.clone()).collect();
        let sealed = Head::check(before, &block.sealed_bytes(), &refs(&all)).unwrap();
        for piece in 1..5 {
            let leaves = hashed(before, &contents, piece);
            let prepared = Head::prepare_leaves(before, &leaves, 3).unwrap();
            assert_eq!((&prepared.protected, prepared.root), (&whole.protected, whole.root));
            let again = Head::check_leaves(before, &block, &leaves).unwrap();
            assert_eq!(again.head.encode(), sealed.head.encode());
        }
    }
}

#[test]
fn nothing_hides_between_the_pieces() {
    let bank = key(SigAlg::Ed25519, 1);
    let genesis = genesis_with(HashAlg::Sha256, &first_claims(&bank)).encode();
    let head = first(HashAlg::Sha256, &bank).head;
    let passed = PASSED.to_vec();
    let link = head.next_link();
    let wrong = [
        (Some(&head), vec![]),
        (Some(&head), vec![closed(), passed.clone()]),
        (Some(&head), vec![closed(), passed.clone(), closed()]),
        (Some(&head), vec![passed.clone(), link, passed.clone()]),
        (Some(&head), vec![passed.clone(), vec![7], passed.clone()]),
        (None, vec![genesis.clone()]),
        (None, vec![genesis.clone(), passed.clone(), opened(1)]),
        (None, vec![passed.clone(), genesis, opened(1)]),
    ];
    for (at, (before, contents)) in wrong.into_iter().enumerate() {
        let expected = code(match before {
            None => Head::prepare_first(&refs(&contents), 3),
            Some(head) => head.prepare(&refs(&contents), 3),
        });
        for piece in 1..4 {
            let leaves = hashed(before, &contents, piece);
            let found = code(Head::prepare_leaves(before, &leaves, 3));
            assert_eq!(found, expected, "case {at}, pieces of {piece}");
        }
    }
    // Hashed with another algorithm, or behind another head's link.
    let bare = |hash, leaves: &[Vec<u8>]| {
        let mut hasher = LeafHasher::first(hash);
        hasher.add(&refs(leaves));
        hasher.finish()
    };
    let first_block = [genesis_with(HashAlg::Sha256, &first_claims(&bank)).encode(), opened(1)];
    let (mine, other) = (head.next_link(), vec![0xa0]);
    for (before, leaves) in [
        (None, bare(HashAlg::Sm3, &first_block)),
        (Some(&head), bare(HashAlg::Sm3, &[mine, opened(2)])),
        (Some(&head), bare(HashAlg::Sha256, &[other, opened(2)])),
        (Some(&head), bare(HashAlg::Sha256, &[opened(2), opened(3)])),
    ] {
        assert_eq!(code(Head::prepare_leaves(before, &leaves, 3)), ErrorCode::ChainBroken);
    }
    let contents = [opened(2), passed];
    let block = sign_block(&head.prepare(&refs(&contents), 3).unwrap(), &bank);
    for other in [&contents[..1], &[opened(2), opened(2)], &[opened(2), opened(3), opened(4)]] {
        let leaves = hashed(Some(&head), other, 2);
        assert!(Head::check_leaves(Some(&head), &block, &leaves).is_err());
    }
}
