use super::*;
use crate::entry::{Event, Facts, Genesis, Link};
use crate::key::{Custody, KeyClaims, KeyEntry, KeyRole};
use crate::sign::{SigAlg, SoftwareKey};
use crate::time::TimeClaim;

fn key(alg: SigAlg, seed: u8) -> SoftwareKey {
    SoftwareKey::from_seed(alg, &[seed; 32]).unwrap()
}

fn event(ms: i64) -> Vec<u8> {
    let facts = Facts::Opened {
        library: "yinzheng test".into(),
        build: None,
        system: None,
        device: None,
        self_test_passed: Some(true),
        clock: None,
    };
    Event { time: TimeClaim::declared(ms), facts }.encode()
}

fn closed() -> Vec<u8> {
    let facts = Facts::Closed { successor_key: None, successor_nonce: None };
    Event { time: TimeClaim::declared(9), facts }.encode()
}

fn genesis(hash: HashAlg, key: &SoftwareKey) -> Vec<u8> {
    let claims = KeyClaims::enrol(KeyRole::Ledger, key.public().clone(), Custody::Software, 0);
    Genesis {
        hash,
        key_entry: KeyEntry::new(&claims).encode(),
        nonce: [7; 16],
        created: TimeClaim::declared(1),
        organisation: "测试银行".into(),
        continues: None,
    }
    .encode()
}

fn seal(prepared: &PreparedBlock, key: &SoftwareKey) -> Block {
    prepared.sign(key.sign(&prepared.to_be_signed()).unwrap().bytes()).unwrap()
}

fn first(hash: HashAlg, key: &SoftwareKey) -> SealedBlock {
    let entries = [genesis(hash, key), event(1)];
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let block = seal(&Head::prepare_first(&entries, 1).unwrap(), key);
    Head::check(None, &block.sealed_bytes(), &entries).unwrap()
}

fn next(head: &Head, key: &SoftwareKey, contents: &[Vec<u8>]) -> (SealedBlock, Vec<Vec<u8>>) {
    let refs: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    let prepared = head.prepare(&refs, 2).unwrap();
    let block = seal(&prepared, key);
    let mut entries = vec![prepared.link.unwrap()];
    entries.extend(contents.iter().cloned());
    (check(Some(head), &block.sealed_bytes(), &entries).unwrap(), entries)
}

fn check(before: Option<&Head>, sealed: &[u8], entries: &[Vec<u8>]) -> Result<SealedBlock> {
    let refs: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    Head::check(before, sealed, &refs)
}

#[test]
fn every_hash_with_every_algorithm_makes_a_chain() {
    for hash in HashAlg::ALL {
        for alg in [SigAlg::Ed25519, SigAlg::P256, SigAlg::Sm2] {
            let key = key(alg, 1);
            let mut head = first(hash, &key).head;
            for n in 1..6u64 {
                let contents: Vec<Vec<u8>> = (0..n).map(|at| event(at as i64)).collect();
                let (sealed, entries) = next(&head, &key, &contents);
                assert_eq!(sealed.block.header().height, n);
                let leaves = crate::merkle::leaf_hashes(hash, &entries);
                let tree = crate::merkle::Tree::new(hash, leaves);
                for (index, entry) in entries.iter().enumerate() {
                    let receipt =
                        sealed.block.receipt(index as u64, tree.path(index as u64).unwrap());
                    let read = Receipt::parse(&receipt.encode()).unwrap();
                    assert_eq!(read, receipt);
                    assert_eq!(read.root(entry).unwrap(), sealed.root);
                    read.block().verify(&sealed.root, key.public()).unwrap();
                }
                let decoded = Head::decode(&sealed.head.encode()).unwrap();
                assert_eq!(decoded.encode(), sealed.head.encode());
                head = decoded;
            }
            assert_eq!(head.next_sequence(), 2 + 1 + 2 + 3 + 4 + 5);
        }
    }
}

#[test]
fn a_block_must_follow_the_one_before() {
    let key = key(SigAlg::Ed25519, 1);
    let head = first(HashAlg::Sha256, &key).head;
    let (one, one_entries) = next(&head, &key, &[event(1)]);
    let (two, two_entries) = next(&one.head, &key, &[event(2)]);
    let code = |before: Option<&Head>, sealed: &SealedBlock, entries: &[Vec<u8>]| {
        check(before, &sealed.block.sealed_bytes(), entries).unwrap_err().code()
    };
    assert_eq!(code(Some(&head), &two, &two_entries), ErrorCode::ChainBroken, "a block left out");
    assert_eq!(
        code(Some(&one.head), &one, &one_entries),
        ErrorCode::ChainBroken,
        "the same block again"
    );
    assert_eq!(code(None, &two, &two_entries), ErrorCode::ChainBroken, "no genesis");
    let mut shorter = two_entries.clone();
    shorter.pop();
    assert_eq!(code(Some(&one.head), &two, &shorter), ErrorCode::ChainBroken, "an entry left out");
    let mut other = two_entries.clone();
    other[1] = event(3);
    assert_eq!(code(Some(&one.head), &two, &other), ErrorCode::SignatureMismatch, "another entry");
    let mut unlinked = two_entries;
    unlinked[0] = Link { previous_block: [0; 32], previous_sealed: [0; 32] }.encode();
    assert_eq!(code(Some(&one.head), &two, &unlinked), ErrorCode::ChainBroken, "another link");
}

#[test]
fn another_branch_does_not_follow() {
    let key = key(SigAlg::Ed25519, 1);
    let head = first(HashAlg::Sm3, &key).head;
    let (left, _) = next(&head, &key, &[event(1)]);
    let (right, _) = next(&head, &key, &[event(2)]);
    let (child, entries) = next(&right.head, &key, &[event(3)]);
    let error = check(Some(&left.head), &child.block.sealed_bytes(), &entries).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ChainBroken);
}

#[test]
fn only_the_key_in_force_seals() {
    let (old, new) = (key(SigAlg::P256, 1), key(SigAlg::Sm2, 2));
    let head = first(HashAlg::Sha256, &old).head;
    let claims = KeyClaims::rotate(
        KeyRole::Ledger,
        new.public().clone(),
        Custody::Hsm,
        5,
        head.keys().newest().kid,
        Some(1),
    );
    let message = crate::key::possession_to_be_signed(&claims, &head.ledger_id()).unwrap();
    let entry =
        KeyEntry::with_possession(&claims, &head.ledger_id(), new.sign(&message).unwrap().bytes())
            .unwrap();
    // The rotation is sealed by the old key; the next block needs the new one.
    let (rotated, _) = next(&head, &old, &[entry.encode()]);
    let contents = [event(1)];
    let refs: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    let prepared = rotated.head.prepare(&refs, 3).unwrap();
    assert_eq!(&prepared.key, new.public());
    let by_old = old.sign(&prepared.to_be_signed()).unwrap();
    assert!(prepared.sign(by_old.bytes()).is_err());
    let (after, _) = next(&rotated.head, &new, &contents);
    assert_eq!(after.block.header().key_epoch, 1);
}

#[test]
fn nothing_follows_the_closed_event() {
    let key = key(SigAlg::Ed25519, 1);
    let head = first(HashAlg::Sha256, &key).head;
    let (last, _) = next(&head, &key, &[closed()]);
    assert!(last.head.is_closed());
    assert_eq!(last.head.prepare(&[&event(1)], 2).unwrap_err().code(), ErrorCode::LedgerClosed);
    // Nobody prepares a block with an entry behind it either; see `hostile` for one that is signed all the same.
    let contents = [closed(), event(1)];
    let refs: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    assert_eq!(head.prepare(&refs, 2).unwrap_err().code(), ErrorCode::LedgerClosed);
}

#[test]
fn a_rewritten_size_or_index_is_refused() {
    // RFC 9942 signs neither; our header does.
    let key = key(SigAlg::Ed25519, 1);
    let head = first(HashAlg::Sha256, &key).head;
    let (sealed, entries) = next(&head, &key, &[event(1), event(2), event(3), event(4)]);
    let tree = crate::merkle::Tree::new(
        HashAlg::Sha256,
        crate::merkle::leaf_hashes(HashAlg::Sha256, &entries),
    );
    let good = sealed.block.receipt(2, tree.path(2).unwrap());
    let encoded = good.encode();
    assert!(Receipt::parse(&encoded).is_ok());
    for index in [0, 1, 3, 4, 5, 1 << 52] {
        let lie = Receipt { index, ..good.clone() };
        let refused = Receipt::parse(&lie.encode()).is_err();
        assert!(refused || lie.root(&entries[2]).unwrap() != sealed.root, "index {index}");
    }
    let mut bigger = good.clone();
    bigger.block.header.entry_count = 8;
    // `encode` writes the size from the header and the protected bytes as they were signed.
    assert_eq!(Receipt::parse(&bigger.encode()).unwrap_err().code(), ErrorCode::OutOfRange);
}

#[test]
fn a_sealed_block_is_no_receipt_and_a_receipt_no_sealed_block() {
    let key = key(SigAlg::Ed25519, 1);
    let sealed = first(HashAlg::Sha256, &key);
    assert!(Receipt::parse(&sealed.block.sealed_bytes()).is_err());
    let receipt = sealed.block.receipt(0, vec![[0; 32]]);
    assert!(Block::parse(&receipt.encode()).is_err());
}
