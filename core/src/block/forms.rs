//! Sealed blocks and receipts in forms that they do not have.

use super::*;
use crate::claim;
use crate::codec::{MapBuilder, Writer};
use crate::media;
use crate::sign::SigAlg;
use crate::testing::{
    code, first, key, link_to, next, next_header, opened, part, refs, signed, with, without,
};

fn scene() -> (crate::sign::SoftwareKey, Head, Vec<Vec<u8>>) {
    let key = key(SigAlg::Ed25519, 1);
    let head = first(HashAlg::Sha256, &key).head;
    let entries = vec![link_to(&head), opened(1), opened(2)];
    (key, head, entries)
}

#[test]
fn a_signature_of_another_message_seals_nothing() {
    let (key, head, entries) = scene();
    let header = next_header(&head, &entries);
    let root = crate::merkle::root(
        HashAlg::Sha256,
        &crate::merkle::leaf_hashes(HashAlg::Sha256, &entries),
    );
    let good = header.encode();
    let check = |sealed: &[u8]| code(Head::check(Some(&head), sealed, &refs(&entries)));
    for typ in [media::STATEMENT, media::COUNTERSIGNATURE, media::POSSESSION] {
        let protected = with(&good, 16, &Writer::new().text(typ).finish());
        let sealed = signed(&protected, &root, false, &key);
        assert_eq!(check(&sealed), ErrorCode::WrongMediaType, "{typ}");
    }
    for (name, protected, expected) in [
        ("crit", with(&good, 2, &[0x81, 0x01]), ErrorCode::UnknownCritical),
        ("an optional label", with(&good, 64, &[0xf6]), ErrorCode::UnknownCritical),
        ("no typ", without(&good, 16), ErrorCode::MissingKey),
        ("no alg", without(&good, 1), ErrorCode::MissingKey),
        ("no kid", without(&good, 4), ErrorCode::MissingKey),
        ("no claims", without(&good, 15), ErrorCode::MissingKey),
        ("no vds", without(&good, 395), ErrorCode::MissingKey),
        ("another vds", with(&good, 395, &[0x02]), ErrorCode::UnsupportedAlgorithm),
        ("another alg", with(&good, 1, &[0x33]), ErrorCode::UnsupportedAlgorithm),
        ("no header", vec![], ErrorCode::Truncated),
    ] {
        assert_eq!(check(&signed(&protected, &root, false, &key)), expected, "{name}");
    }
    assert_eq!(check(&signed(&good, &root, true, &key)), ErrorCode::WrongType, "attached root");
    let mut message = Sign1::parse(&signed(&good, &root, false, &key)).unwrap();
    message.unprotected = vec![0xa1, 0x18, 0x40, 0xf6];
    assert_eq!(check(&message.encode()), ErrorCode::UnknownCritical, "unprotected header");
    message.unprotected = vec![0xa0];
    assert_eq!(check(&message.encode()[1..]), ErrorCode::WrongType, "untagged");
}

#[test]
fn claims_say_one_thing_only() {
    let (_, head, entries) = scene();
    let good = next_header(&head, &entries).encode();
    let claims = part(&good, 15);
    let text = |text: &str| Writer::new().text(text).finish();
    let id = crate::hash::hex::encode(&head.ledger_id().bytes);
    let uint = |n: u64| Writer::new().uint(n).finish();
    for (name, claims, expected) in [
        (
            "iss of another ledger",
            with(&claims, 1, &text(&"0".repeat(64))),
            ErrorCode::DigestMismatch,
        ),
        ("iss in capitals", with(&claims, 1, &text(&id.to_uppercase())), ErrorCode::DigestMismatch),
        (
            "sub of another height",
            with(&claims, 2, &text(&format!("{id}/2"))),
            ErrorCode::DigestMismatch,
        ),
        (
            "sub with a zero more",
            with(&claims, 2, &text(&format!("{id}/01"))),
            ErrorCode::DigestMismatch,
        ),
        ("no sub", without(&claims, 2), ErrorCode::MissingKey),
        ("no iat", without(&claims, 6), ErrorCode::MissingKey),
        ("no height", without(&claims, claim::HEIGHT), ErrorCode::MissingKey),
        ("no entry count", without(&claims, claim::ENTRY_COUNT), ErrorCode::MissingKey),
        ("no first sequence", without(&claims, claim::FIRST_SEQUENCE), ErrorCode::MissingKey),
        ("no history root", without(&claims, claim::HISTORY_ROOT), ErrorCode::MissingKey),
        ("no epoch", without(&claims, claim::KEY_EPOCH), ErrorCode::MissingKey),
        ("a claim more", with(&claims, claim::ROLE, &[0x01]), ErrorCode::UnknownCritical),
        ("exp", with(&claims, 4, &[0x01]), ErrorCode::UnknownCritical),
        ("height of 2^53", with(&claims, claim::HEIGHT, &uint(1 << 53)), ErrorCode::OutOfRange),
        (
            "a short ledger id",
            with(&claims, claim::LEDGER_ID, &[0x41, 0x00]),
            ErrorCode::OutOfRange,
        ),
    ] {
        let protected = with(&good, 15, &claims);
        assert_eq!(code(BlockHeader::parse(&protected)), expected, "{name}");
    }
}

#[test]
fn a_signature_in_another_form_is_no_seal() {
    let key = key(SigAlg::P256, 1);
    let sealed = first(HashAlg::Sha256, &key).block.sealed_bytes();
    let good = Sign1::parse(&sealed).unwrap();
    let signature = Signature::from_canonical(SigAlg::P256, &good.signature).unwrap();
    let mut high = good.signature.clone();
    high[32..].copy_from_slice(&crate::testing::negated_p256(&good.signature[32..]));
    for (name, signature, expected) in [
        ("DER", signature.to_der(), ErrorCode::InvalidSignature),
        ("high s", high, ErrorCode::HighS),
        ("63 bytes", good.signature[..63].to_vec(), ErrorCode::InvalidSignature),
        ("none", vec![], ErrorCode::InvalidSignature),
        ("zeros", vec![0; 64], ErrorCode::InvalidSignature),
        ("too long", vec![1; 8193], ErrorCode::TooLarge),
    ] {
        let bytes = Sign1 { signature, ..good.clone() }.encode();
        assert_eq!(code(Block::parse(&bytes)), expected, "{name}");
    }
}

/// A block of `size` leaves and the receipt of leaf `index`.
fn receipt(size: u64, index: u64) -> (Vec<Vec<u8>>, SealedBlock, Receipt) {
    let (key, head, _) = scene();
    let contents: Vec<Vec<u8>> = (1..size).map(|at| opened(at as i64)).collect();
    let (sealed, entries) = next(&head, &key, &contents).unwrap();
    let tree = crate::merkle::Tree::new(
        HashAlg::Sha256,
        crate::merkle::leaf_hashes(HashAlg::Sha256, &entries),
    );
    let receipt = sealed.block.receipt(index, tree.path(index).unwrap());
    (entries, sealed, receipt)
}

fn with_unprotected(receipt: &Receipt, unprotected: Vec<u8>) -> Vec<u8> {
    Sign1 { unprotected, ..Sign1::parse(&receipt.encode()).unwrap() }.encode()
}

fn inclusion(size: u64, index: u64, path: &[[u8; 32]]) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(3).uint(size).uint(index).array(path.len());
    for node in path {
        w.bstr(node);
    }
    w.finish()
}

fn proofs(inclusions: &[Vec<u8>]) -> Vec<u8> {
    let list = MapBuilder::new().put(-1, |w| {
        w.array(inclusions.len());
        for one in inclusions {
            w.bstr(one);
        }
        w
    });
    MapBuilder::new().put(396, |w| list.write(w)).finish()
}

#[test]
fn a_receipt_has_one_path_and_nothing_else() {
    let (_, _, good) = receipt(8, 5);
    let one = inclusion(8, 5, good.path());
    assert_eq!(
        Receipt::parse(&with_unprotected(&good, proofs(std::slice::from_ref(&one)))).unwrap(),
        good
    );
    let consistency = MapBuilder::new().put(-2, |w| w.array(0));
    let both = MapBuilder::new().put(-1, |w| w.array(1).bstr(&one)).put(-2, |w| w.array(0));
    let bare = MapBuilder::new().put(-1, |w| w.array(1).raw(&one));
    let alone = MapBuilder::new().put(-1, |w| w.bstr(&one));
    let under = |map: MapBuilder| MapBuilder::new().put(396, |w| map.write(w)).finish();
    for (name, unprotected, expected) in [
        ("two paths", proofs(&[one.clone(), one.clone()]), ErrorCode::WrongType),
        ("no path", proofs(&[]), ErrorCode::WrongType),
        ("none at all", vec![0xa0], ErrorCode::MissingKey),
        ("a consistency proof", under(consistency), ErrorCode::UnknownCritical),
        ("both kinds", under(both), ErrorCode::UnknownCritical),
        ("not in a byte string", under(bare), ErrorCode::WrongType),
        ("not in a list", under(alone), ErrorCode::WrongType),
        (
            "a label more",
            with(&proofs(std::slice::from_ref(&one)), 64, &[0xf6]),
            ErrorCode::UnknownCritical,
        ),
        (
            "kid outside",
            with(&proofs(std::slice::from_ref(&one)), 4, &[0x40]),
            ErrorCode::UnknownCritical,
        ),
        (
            "bytes behind the path",
            proofs(&[[one.clone(), vec![0]].concat()]),
            ErrorCode::TrailingBytes,
        ),
        ("a path cut short", proofs(&[one[..one.len() - 1].to_vec()]), ErrorCode::Truncated),
        (
            "a size not in shortest form",
            proofs(&[[&[0x83, 0x18, 0x08], &one[2..]].concat()]),
            ErrorCode::NotShortest,
        ),
    ] {
        let bytes = with_unprotected(&good, unprotected);
        assert_eq!(code(Receipt::parse(&bytes)), expected, "{name}");
    }
}

#[test]
fn a_lie_about_size_or_index_is_refused_or_leads_elsewhere() {
    for (size, index) in [(8, 5), (6, 5), (5, 4), (7, 6), (2, 1), (3, 0)] {
        let (entries, sealed, good) = receipt(size, index);
        let parse = |size, index, path: &[[u8; 32]]| {
            Receipt::parse(&with_unprotected(&good, proofs(&[inclusion(size, index, path)])))
        };
        for wrong in (1..20).chain([1 << 20, (1 << 53) - 1]).filter(|wrong| *wrong != size) {
            let error = code(parse(wrong, index, good.path()));
            assert_eq!(error, ErrorCode::OutOfRange, "size {wrong} for {size}");
        }
        for wrong in (0..20).filter(|wrong| *wrong != index) {
            match parse(size, wrong, good.path()) {
                Err(error) => assert_eq!(error.code(), ErrorCode::PathLength),
                Ok(read) => {
                    let root = read.root(&entries[index as usize]).unwrap();
                    assert_ne!(root, sealed.root, "index {wrong} for {index} of {size}");
                }
            }
        }
        let longer: Vec<[u8; 32]> = good.path().iter().copied().chain([[0; 32]]).collect();
        assert_eq!(code(parse(size, index, &longer)), ErrorCode::PathLength);
        let shorter = &good.path()[1..];
        assert_eq!(code(parse(size, index, shorter)), ErrorCode::PathLength);
        assert_eq!(code(parse(size, index, &[[0; 32]; 64])), ErrorCode::PathLength);
        assert_eq!(code(parse(1 << 53, index, good.path())), ErrorCode::OutOfRange);
    }
}

#[test]
fn a_swapped_entry_or_node_leads_to_another_root() {
    let (entries, sealed, good) = receipt(8, 5);
    for (index, entry) in entries.iter().enumerate() {
        assert_eq!(good.root(entry).unwrap() == sealed.root, index == 5);
    }
    for at in 0..good.path().len() {
        let mut path = good.path().to_vec();
        path[at][31] ^= 1;
        let lie = sealed.block.receipt(5, path);
        assert_ne!(lie.root(&entries[5]).unwrap(), sealed.root);
    }
}

#[test]
fn sequence_numbers_leave_links_out() {
    let (_, _, good) = receipt(8, 0);
    assert_eq!(good.sequence(), None, "the link");
    assert_eq!(receipt(8, 1).2.sequence(), Some(2));
    let header = good.block().header();
    assert_eq!(header.sequence_of(7), Some(8));
    assert_eq!(header.sequence_of(8), None, "beyond the block");
    assert_eq!(header.sequence_of(u64::MAX), None);
}
