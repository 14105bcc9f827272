//! Entries that try to change the ledger, or hide that they do.

use super::*;
use crate::codec::MapBuilder;
use crate::hash::Digest;
use crate::key::{Custody, KeyClaims, KeyEntry, KeyRole};
use crate::sign::{SigAlg, SoftwareKey};
use crate::testing::{
    closed, code, first, first_claims, first_with, forged, genesis_with, key, key_entry, link_to,
    next, next_header, opened, padded, refs, rotation, with, without,
};

fn check(before: Option<&Head>, sealed: &[u8], entries: &[Vec<u8>]) -> Result<SealedBlock> {
    Head::check(before, sealed, &refs(entries))
}

fn scene() -> (SoftwareKey, Head) {
    let key = key(SigAlg::Ed25519, 1);
    let head = first(HashAlg::Sha256, &key).head;
    (key, head)
}

/// What `Head::check` says of a block over link and `contents`, signed by the key in force whatever it holds.
fn sealed_all_the_same(
    head: &Head,
    key: &SoftwareKey,
    contents: &[Vec<u8>],
) -> Result<SealedBlock> {
    let mut entries = vec![link_to(head)];
    entries.extend(contents.iter().cloned());
    check(Some(head), &forged(&next_header(head, &entries), key, &entries), &entries)
}

#[test]
fn links_and_genesis_hide_behind_no_map_head() {
    let (key, head) = scene();
    let genesis = genesis_with(HashAlg::Sha256, &first_claims(&key)).encode();
    for entry in [&link_to(&head), &genesis] {
        for keys in [0, 1, 30, 300, 2000] {
            let contents = [opened(1), padded(entry, keys)];
            let error = code(sealed_all_the_same(&head, &key, &contents));
            assert_eq!(error, ErrorCode::ChainBroken, "{keys} optional keys");
            assert_eq!(code(head.prepare(&refs(&contents), 2)), ErrorCode::ChainBroken);
        }
    }
}

#[test]
fn a_rotation_with_optional_keys_is_a_rotation() {
    let (old, head) = scene();
    let new = key(SigAlg::Sm2, 2);
    for keys in [0, 1, 22, 30, 253, 300] {
        let entry = padded(&key_entry(&rotation(&head, &new), &new, &head.ledger_id()), keys);
        let (rotated, _) = next(&head, &old, std::slice::from_ref(&entry)).unwrap();
        let newest = rotated.head.keys().newest();
        assert_eq!(newest.kid, KeyEntry::digest(&entry, HashAlg::Sha256), "{keys} optional keys");
        // The thief of the old key finds it worthless from the next block on.
        let entries = vec![link_to(&rotated.head), opened(3)];
        let forgery = BlockHeader {
            alg: SigAlg::Ed25519,
            kid: head.keys().newest().kid,
            key_epoch: 0,
            ..next_header(&rotated.head, &entries)
        };
        let sealed = forged(&forgery, &old, &entries);
        assert_eq!(code(check(Some(&rotated.head), &sealed, &entries)), ErrorCode::KeyNotInForce);
        let named_right = forged(&next_header(&rotated.head, &entries), &old, &entries);
        assert!(check(Some(&rotated.head), &named_right, &entries).is_err());
        next(&rotated.head, &new, &[opened(3)]).unwrap();
    }
}

#[test]
fn an_omitted_rotation_leaves_its_successors_without_a_key() {
    let (old, head) = scene();
    let new = key(SigAlg::P256, 2);
    let entry = key_entry(&rotation(&head, &new), &new, &head.ledger_id());
    let (rotated, _) = next(&head, &old, &[entry]).unwrap();
    let (_, entries) = next(&rotated.head, &new, &[opened(3)]).unwrap();
    let (plain, _) = next(&head, &old, &[opened(1)]).unwrap();
    // Everything but the rotation is as if it had been there.
    let header = BlockHeader {
        kid: rotated.head.keys().newest().kid,
        key_epoch: 1,
        alg: SigAlg::P256,
        ..next_header(&plain.head, &[link_to(&plain.head), entries[1].clone()])
    };
    let entries = vec![link_to(&plain.head), entries[1].clone()];
    let sealed = forged(&header, &new, &entries);
    assert_eq!(code(check(Some(&plain.head), &sealed, &entries)), ErrorCode::KeyNotInForce);
}

#[test]
fn closed_ends_the_block_however_it_is_written() {
    let (key, head) = scene();
    for keys in [0, 30, 300] {
        let last = padded(&closed(), keys);
        let error = code(sealed_all_the_same(&head, &key, &[last.clone(), opened(1)]));
        assert_eq!(error, ErrorCode::LedgerClosed, "{keys} optional keys");
        let sealed = sealed_all_the_same(&head, &key, &[opened(1), last]).unwrap();
        assert!(sealed.head.is_closed());
        let entries = vec![link_to(&sealed.head), opened(1)];
        let after = forged(&next_header(&sealed.head, &entries), &key, &entries);
        let error = code(check(Some(&sealed.head), &after, &entries));
        assert_eq!(error, ErrorCode::LedgerClosed);
    }
}

#[test]
fn what_is_no_entry_is_no_leaf() {
    let (key, head) = scene();
    let reference = MapBuilder::new().put_uint(0, 9).put_uint(1, 1).finish();
    let countersignature = MapBuilder::new().put_uint(0, 10).put_uint(1, 1).finish();
    for (name, leaf, expected) in [
        ("nothing", vec![], ErrorCode::WrongType),
        ("null", vec![0xf6], ErrorCode::WrongType),
        ("an empty map", vec![0xa0], ErrorCode::WrongType),
        ("a map without kind", vec![0xa1, 0x01, 0x00], ErrorCode::WrongType),
        ("an array", vec![0x81, 0x00], ErrorCode::WrongType),
        ("an open map", vec![0xbf, 0x00, 0x03, 0xff], ErrorCode::WrongType),
        ("a decimal", vec![0xc4, 0x82, 0x00, 0x00], ErrorCode::WrongType),
        ("an untagged message", vec![0x84, 0x40, 0xa0, 0x40, 0x40], ErrorCode::WrongType),
        ("a reference", reference, ErrorCode::WrongKind),
        ("a countersignature's payload", countersignature, ErrorCode::WrongKind),
        ("65,536 bytes", with(&opened(1), 64, &long(65_536)), ErrorCode::TooLarge),
    ] {
        let contents = [opened(1), leaf];
        let found = sealed_all_the_same(&head, &key, &contents);
        assert_eq!(found.unwrap_err().code(), expected, "{name}");
        assert_eq!(code(head.prepare(&refs(&contents), 2)), expected, "{name}");
    }
}

fn long(bytes: usize) -> Vec<u8> {
    Writer::new().bstr(&vec![0; bytes]).finish()
}

#[test]
fn an_entry_from_a_newer_version_harms_no_other() {
    let (key, head) = scene();
    let customer = key_of_a_customer();
    let claims = KeyClaims::enrol(KeyRole::Customer, customer.public().clone(), Custody::Shield, 1);
    let elsewhere = key_entry(&claims, &customer, &Digest { alg: HashAlg::Sm3, bytes: [3; 32] });
    let rotation = key_entry(&rotation(&head, &customer), &customer, &head.ledger_id());
    for (name, leaf) in [
        ("a critical kind", MapBuilder::new().put_uint(0, 11).finish()),
        ("an optional kind", MapBuilder::new().put_uint(0, 64).finish()),
        ("a critical key", with(&opened(1), 63, &[0xf6])),
        ("a closed event with a critical key", with(&closed(), 63, &[0xf6])),
        ("an event with an unknown code", with(&opened(1), 1, &[0x08])),
        ("a key entry with a critical key", with(&rotation, 4, &[0xf6])),
        ("a customer's key shown to another ledger", elsewhere),
    ] {
        let sealed = sealed_all_the_same(&head, &key, &[leaf, opened(2)]).expect(name);
        assert_eq!(sealed.head.keys().all().len(), 1, "{name}: the ledger key stays");
        assert!(!sealed.head.is_closed(), "{name}");
    }
}

#[test]
fn a_malformed_entry_about_the_ledger_is_refused_with_its_block() {
    let (key, head) = scene();
    let good = rotation(&head, &key_of_a_customer()).encode();
    let of = |claims: Vec<u8>| KeyEntry { claims_bytes: claims, possession: None }.encode();
    for (name, leaf, expected) in [
        ("claims that are no CBOR", of(vec![0xff]), ErrorCode::UnsupportedItem),
        ("a key role that is none", of(with(&good, 1, &[0x05])), ErrorCode::OutOfRange),
        ("a claim more", of(with(&good, 64, &[0xf6])), ErrorCode::UnknownCritical),
        (
            "closed with unknown facts",
            with(&closed(), 3, &[0xa1, 0x05, 0x00]),
            ErrorCode::UnknownCritical,
        ),
        ("closed without time", without(&closed(), 2), ErrorCode::MissingKey),
        ("not canonical", [&[0xb8, 0x03], &closed()[1..]].concat(), ErrorCode::NotShortest),
    ] {
        let found = sealed_all_the_same(&head, &key, &[opened(1), leaf]);
        assert_eq!(found.unwrap_err().code(), expected, "{name}");
    }
}

fn key_of_a_customer() -> SoftwareKey {
    key(SigAlg::Sm2, 9)
}

#[test]
fn a_block_with_a_false_rotation_is_refused() {
    let (old, head) = scene();
    let (new, third) = (key(SigAlg::Ed25519, 2), key(SigAlg::Ed25519, 3));
    let good = rotation(&head, &new);
    let ledger = head.ledger_id();
    let second = KeyClaims {
        previous: Some(KeyEntry::digest(&key_entry(&good, &new, &ledger), HashAlg::Sha256)),
        epoch: Some(2),
        ..rotation(&head, &third)
    };
    let cases: [(&str, Vec<Vec<u8>>, ErrorCode); 7] = [
        (
            "possession for another ledger",
            vec![key_entry(&good, &new, &Digest { alg: HashAlg::Sha256, bytes: [0; 32] })],
            ErrorCode::DigestMismatch,
        ),
        ("no possession", vec![KeyEntry::new(&good).encode()], ErrorCode::MissingKey),
        (
            "another entry before",
            vec![key_entry(&KeyClaims { previous: Some([0; 32]), ..good.clone() }, &new, &ledger)],
            ErrorCode::KeyNotInForce,
        ),
        (
            "epoch 2 after 0",
            vec![key_entry(&KeyClaims { epoch: Some(2), ..good.clone() }, &new, &ledger)],
            ErrorCode::OutOfRange,
        ),
        (
            "two in one block",
            vec![key_entry(&good, &new, &ledger), key_entry(&second, &third, &ledger)],
            ErrorCode::OutOfRange,
        ),
        (
            "the same one twice",
            vec![key_entry(&good, &new, &ledger), key_entry(&good, &new, &ledger)],
            ErrorCode::KeyNotInForce,
        ),
        (
            "an enrolment",
            vec![key_entry(&first_claims(&new), &new, &ledger)],
            ErrorCode::OutOfRange,
        ),
    ];
    for (name, contents, expected) in cases {
        assert_eq!(code(sealed_all_the_same(&head, &old, &contents)), expected, "{name}");
        assert_eq!(code(head.prepare(&refs(&contents), 2)), expected, "{name}");
    }
}

#[test]
fn a_committed_next_key_is_the_only_one() {
    let (old, wanted, other) =
        (key(SigAlg::Ed25519, 1), key(SigAlg::P256, 2), key(SigAlg::P256, 3));
    let hash = HashAlg::Sm3;
    let commitment = KeyClaims::commitment_to(wanted.public(), hash);
    let claims = KeyClaims { next_key: Some(commitment), ..first_claims(&old) };
    let head = first_with(&genesis_with(hash, &claims), &old).head;
    let ledger = head.ledger_id();
    let wrong = key_entry(&rotation(&head, &other), &other, &ledger);
    assert_eq!(code(next(&head, &old, &[wrong])), ErrorCode::DigestMismatch);
    let right = key_entry(&rotation(&head, &wanted), &wanted, &ledger);
    next(&head, &old, &[right]).unwrap();
}
