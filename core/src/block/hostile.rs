//! Chains that somebody with the ledger key in hand might make.

use super::*;
use crate::codec::MapBuilder;
use crate::hash::Digest;
use crate::key::{Custody, KeyClaims, KeyRole, RevokeReason};
use crate::sign::{SigAlg, SoftwareKey};
use crate::testing::{
    closed, code, first, first_claims, forged, genesis_with, key, key_entry, link_to, next_header,
    opened, part, refs, with,
};

fn check(before: Option<&Head>, sealed: &[u8], entries: &[Vec<u8>]) -> Result<SealedBlock> {
    Head::check(before, sealed, &refs(entries))
}

/// A ledger of one block, and the entries of a second one.
fn scene() -> (SoftwareKey, Head, Vec<Vec<u8>>) {
    let key = key(SigAlg::Ed25519, 1);
    let head = first(HashAlg::Sha256, &key).head;
    let entries = vec![link_to(&head), opened(1), opened(2)];
    (key, head, entries)
}

#[test]
fn every_claim_of_a_header_is_checked() {
    let (key, head, entries) = scene();
    let good = next_header(&head, &entries);
    check(Some(&head), &forged(&good, &key, &entries), &entries).unwrap();
    let lies: [(&str, BlockHeader, ErrorCode); 14] = [
        ("alg", BlockHeader { alg: SigAlg::P256, ..good.clone() }, ErrorCode::AlgorithmMismatch),
        ("kid", BlockHeader { kid: [1; 32], ..good.clone() }, ErrorCode::KeyNotInForce),
        ("ledger id", BlockHeader { ledger_id: [1; 32], ..good.clone() }, ErrorCode::ChainBroken),
        (
            "height",
            BlockHeader { height: 2, first_sequence: 3, ..good.clone() },
            ErrorCode::ChainBroken,
        ),
        ("entry count", BlockHeader { entry_count: 4, ..good.clone() }, ErrorCode::ChainBroken),
        ("one entry", BlockHeader { entry_count: 1, ..good.clone() }, ErrorCode::OutOfRange),
        (
            "too many entries",
            BlockHeader { entry_count: MAX_ENTRIES + 1, ..good.clone() },
            ErrorCode::OutOfRange,
        ),
        ("sequence", BlockHeader { first_sequence: 3, ..good.clone() }, ErrorCode::ChainBroken),
        ("low sequence", BlockHeader { first_sequence: 1, ..good.clone() }, ErrorCode::OutOfRange),
        (
            "block before",
            BlockHeader { previous_block: Some([1; 32]), ..good.clone() },
            ErrorCode::ChainBroken,
        ),
        (
            "no block before",
            BlockHeader { previous_block: None, ..good.clone() },
            ErrorCode::OutOfRange,
        ),
        ("history", BlockHeader { history_root: [1; 32], ..good.clone() }, ErrorCode::ChainBroken),
        (
            "empty history",
            BlockHeader { history_root: HashAlg::Sha256.digest(&[]), ..good.clone() },
            ErrorCode::OutOfRange,
        ),
        ("epoch", BlockHeader { key_epoch: 1, ..good.clone() }, ErrorCode::KeyNotInForce),
    ];
    for (name, header, expected) in lies {
        let sealed = forged(&header, &key, &entries);
        assert_eq!(code(check(Some(&head), &sealed, &entries)), expected, "{name}");
    }
}

#[test]
fn another_hash_needs_its_own_tree_and_is_refused() {
    let (key, head, entries) = scene();
    let header = BlockHeader { hash: HashAlg::Sm3, ..next_header(&head, &entries) };
    let sealed = forged(&header, &key, &entries);
    assert_eq!(code(check(Some(&head), &sealed, &entries)), ErrorCode::ChainBroken);
}

#[test]
fn block_0_says_nothing_that_it_cannot_know() {
    let key = key(SigAlg::P256, 1);
    let sealed = first(HashAlg::Sm3, &key);
    let genesis = genesis_with(HashAlg::Sm3, &first_claims(&key)).encode();
    let entries = vec![genesis, opened(1)];
    let good = sealed.block.header().clone();
    check(None, &forged(&good, &key, &entries), &entries).unwrap();
    let lies: [(&str, BlockHeader, ErrorCode); 7] = [
        (
            "block before",
            BlockHeader { previous_block: Some([1; 32]), ..good.clone() },
            ErrorCode::OutOfRange,
        ),
        ("history", BlockHeader { history_root: [1; 32], ..good.clone() }, ErrorCode::OutOfRange),
        (
            "history under the other hash",
            BlockHeader { history_root: HashAlg::Sha256.digest(&[]), ..good.clone() },
            ErrorCode::OutOfRange,
        ),
        ("sequence", BlockHeader { first_sequence: 1, ..good.clone() }, ErrorCode::OutOfRange),
        ("epoch", BlockHeader { key_epoch: 1, ..good.clone() }, ErrorCode::OutOfRange),
        ("ledger id", BlockHeader { ledger_id: [1; 32], ..good.clone() }, ErrorCode::ChainBroken),
        ("kid", BlockHeader { kid: [1; 32], ..good.clone() }, ErrorCode::KeyNotInForce),
    ];
    for (name, header, expected) in lies {
        let sealed = forged(&header, &key, &entries);
        assert_eq!(code(check(None, &sealed, &entries)), expected, "{name}");
    }
}

#[test]
fn block_0_is_genesis_and_then_opened() {
    let key = key(SigAlg::Ed25519, 1);
    let genesis = genesis_with(HashAlg::Sha256, &first_claims(&key)).encode();
    let cases: [(&str, Vec<Vec<u8>>, ErrorCode); 6] = [
        ("genesis alone", vec![genesis.clone()], ErrorCode::ChainBroken),
        ("opened first", vec![opened(1), genesis.clone()], ErrorCode::ChainBroken),
        ("no opened", vec![genesis.clone(), closed()], ErrorCode::ChainBroken),
        ("twice genesis", vec![genesis.clone(), genesis.clone()], ErrorCode::ChainBroken),
        (
            "genesis again later",
            vec![genesis.clone(), opened(1), genesis.clone()],
            ErrorCode::ChainBroken,
        ),
        ("after closed", vec![genesis, opened(1), closed(), opened(2)], ErrorCode::LedgerClosed),
    ];
    for (name, entries, expected) in cases {
        assert_eq!(code(Head::prepare_first(&refs(&entries), 1)), expected, "{name}");
    }
}

#[test]
fn a_genesis_of_another_ledger_does_not_carry_this_block() {
    let key = key(SigAlg::Ed25519, 1);
    let sealed = first(HashAlg::Sha256, &key);
    let mut other = genesis_with(HashAlg::Sha256, &first_claims(&key));
    other.organisation = "another".into();
    let entries = vec![other.encode(), opened(1)];
    let error = code(check(None, &sealed.block.sealed_bytes(), &entries));
    assert_eq!(error, ErrorCode::ChainBroken);
}

#[test]
fn genesis_carries_a_first_key_and_nothing_else() {
    let key = key(SigAlg::Ed25519, 1);
    let good = first_claims(&key);
    let cases = [
        KeyClaims { epoch: Some(1), ..good.clone() },
        KeyClaims { role: KeyRole::Customer, epoch: None, ..good.clone() },
        KeyClaims::rotate(
            KeyRole::Ledger,
            key.public().clone(),
            Custody::Software,
            0,
            [0; 32],
            Some(0),
        ),
        KeyClaims::revoke(KeyRole::Ledger, [0; 32], RevokeReason::Lost, 0),
    ];
    for (index, claims) in cases.iter().enumerate() {
        let entries = vec![genesis_with(HashAlg::Sha256, claims).encode(), opened(1)];
        let error = code(Head::prepare_first(&refs(&entries), 1));
        assert_eq!(error, ErrorCode::OutOfRange, "case {index}");
    }
    let mut shown = genesis_with(HashAlg::Sha256, &good);
    shown.key_entry = key_entry(&good, &key, &Digest { alg: HashAlg::Sha256, bytes: [0; 32] });
    let entries = vec![shown.encode(), opened(1)];
    assert_eq!(
        code(Head::prepare_first(&refs(&entries), 1)),
        ErrorCode::UnknownCritical,
        "possession"
    );
}

#[test]
fn leaf_0_is_exactly_the_link() {
    let (key, head, entries) = scene();
    let link = &entries[0];
    let zero = MapBuilder::new().put_bstr(1, &[0; 32]).finish();
    for (name, leaf) in [
        ("no link", opened(0)),
        ("an optional key more", with(link, 64, &[0xf6])),
        ("another block hash", with(link, 1, &part(&zero, 1))),
        ("another sealed digest", with(link, 2, &part(&zero, 1))),
    ] {
        let mut entries = entries.clone();
        entries[0] = leaf;
        let sealed = forged(&next_header(&head, &entries), &key, &entries);
        assert_eq!(code(check(Some(&head), &sealed, &entries)), ErrorCode::ChainBroken, "{name}");
    }
}

#[test]
fn a_head_that_was_tampered_with_is_not_read() {
    let (_, head, _) = scene();
    let good = head.encode();
    let parts = crate::codec::Item::parse(&good, good.len()).unwrap().array().unwrap();
    for (name, at, value) in [
        ("another height", 1, vec![0x05]),
        ("no history", 5, vec![0x82, 0x00, 0x80]),
        ("no keys", 6, vec![0x80]),
    ] {
        let mut w = Writer::new();
        w.array(parts.len());
        for (index, part) in parts.iter().enumerate() {
            w.raw(if index == at { &value } else { part.bytes() });
        }
        assert!(Head::decode(&w.finish()).is_err(), "{name}");
    }
    for cut in 0..good.len() {
        assert!(Head::decode(&good[..cut]).is_err(), "cut at {cut}");
    }
}
