#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::scene::{Bank, CONSENT, QUERY, key, opened, simple};
use super::*;
use crate::anchor::{OutsideKind, TargetKind};
use crate::hash::{Digest, HashAlg};
use crate::sign::SigAlg;
use crate::value::{Disclosure, Value};

fn bank() -> Bank {
    simple(HashAlg::Sha256, SigAlg::Ed25519)
}

/// The error that a proof gives when it is read as it is, without being put in order first.
fn refused(proof: &Proof) -> ErrorCode {
    Proof::parse(&proof.write()).expect_err("this must be refused").code()
}

fn change(change: impl FnOnce(&mut Proof)) -> ErrorCode {
    let mut proof = bank().prove();
    change(&mut proof);
    refused(&proof)
}

#[test]
fn a_proof_reads_back_as_it_was_written() {
    for hash in HashAlg::ALL {
        for alg in SigAlg::ALL {
            let proof = simple(hash, alg).prove();
            let bytes = proof.encode().unwrap();
            assert_eq!(Proof::parse(&bytes).unwrap(), proof);
            assert_eq!(proof.encode().unwrap(), bytes);
        }
    }
}

#[test]
fn writing_puts_everything_in_order_once() {
    let good = bank().prove();
    let mut mixed = good.clone();
    mixed.items.reverse();
    mixed.items.extend(good.items.clone());
    mixed.profiles.reverse();
    mixed.profiles.extend(good.profiles.clone());
    mixed.ledgers.extend(good.ledgers.clone());
    mixed.ledgers[0].history.reverse();
    for item in &mut mixed.items {
        item.disclosures.reverse();
    }
    assert_ne!(mixed, good);
    assert_eq!(mixed.encode().unwrap(), good.encode().unwrap());
}

#[test]
fn order_is_form() {
    for code in [
        change(|proof| proof.items.swap(0, 1)),
        change(|proof| {
            let twice = proof.items[2].clone();
            proof.items.insert(2, twice);
        }),
        change(|proof| proof.profiles.reverse()),
        change(|proof| {
            let twice = proof.profiles[0].clone();
            proof.profiles.insert(0, twice);
        }),
        change(|proof| proof.items[7].disclosures.reverse()),
        change(|proof| {
            let twice = proof.items[7].disclosures[0].clone();
            proof.items[7].disclosures.insert(0, twice);
        }),
        change(|proof| {
            let twice = proof.ledgers[0].clone();
            proof.ledgers.push(twice);
        }),
    ] {
        assert_eq!(code, ErrorCode::MapOrder);
    }
}

#[test]
fn blocks_heads_and_paths_belong_together() {
    for code in [
        change(|proof| drop(proof.items.remove(0))),
        change(|proof| proof.items.truncate(6)),
        change(|proof| drop(proof.ledgers[0].history.pop())),
        change(|proof| {
            let extra = (3, proof.ledgers[0].history[2].1.clone());
            proof.ledgers[0].history.push(extra);
        }),
        change(|proof| proof.ledgers[0].history.swap(0, 1)),
        change(|proof| proof.ledgers.clear()),
        change(|proof| proof.ledgers = simple(HashAlg::Sm3, SigAlg::P256).prove().ledgers),
        change(|proof| {
            // A head below the newest block shown.
            proof.ledgers[0].head = bank().blocks[1].block.sealed_bytes();
        }),
        change(|proof| {
            let other = simple(HashAlg::Sm3, SigAlg::P256).prove();
            proof.items.insert(0, other.items[0].clone());
            proof.items.sort_by_key(|item| item.receipt().unwrap().block().header().ledger_id);
        }),
    ] {
        assert_eq!(code, ErrorCode::MissingKey);
    }
    assert_eq!(change(|proof| proof.ledgers[0].history[0].1.push([0; 32])), ErrorCode::PathLength);
    assert_eq!(change(|proof| proof.ledgers[0].history[1].1.clear()), ErrorCode::PathLength);
}

#[test]
fn parts_have_their_limits() {
    assert_eq!(change(|proof| proof.items.clear()), ErrorCode::OutOfRange);
    let outside = Outside {
        kind: OutsideKind::TimestampToken,
        bytes: vec![1],
        target: TargetKind::Block,
        digest: Digest { alg: HashAlg::Sha256, bytes: [0; 32] },
    };
    assert_eq!(change(|proof| proof.outside = vec![outside.clone(); 1025]), ErrorCode::TooLarge);
    let long = vec![0; crate::codec::limits::ENTRY_BYTES + 1];
    assert_eq!(change(|proof| proof.items[1].entry = long.clone()), ErrorCode::TooLarge);
    let file = format!("{{{}}}", " ".repeat(crate::codec::limits::PROFILE_BYTES));
    assert_eq!(change(|proof| proof.profiles = vec![file.into_bytes()]), ErrorCode::TooLarge);
    assert_eq!(change(|proof| proof.profiles = vec![b"[]".to_vec()]), ErrorCode::WrongType);
    assert_eq!(change(|proof| proof.profiles = vec![vec![]]), ErrorCode::WrongType);
    assert_eq!(change(|proof| proof.profiles = vec![vec![b'{', 0xff]]), ErrorCode::InvalidUtf8);
    let mut small = bank().prove();
    small.outside = vec![outside; 1024];
    Proof::parse(&small.write()).unwrap();
}

#[test]
fn what_stands_beside_an_entry_must_have_a_place_there() {
    let stray = Disclosure { salt: [0; 16], value: Value::Null, name: "x".into() }.encode();
    // Beside genesis, a key entry and a link; items 0, 3 and 2.
    for at in [0, 2, 3] {
        assert_eq!(
            change(|proof| proof.items[at].disclosures = vec![stray.clone()]),
            ErrorCode::UnknownCritical
        );
    }
    assert_eq!(change(|proof| proof.items[7].disclosures[0] = vec![0x80]), ErrorCode::WrongType);
    // A profile that no record shown names.
    assert_eq!(
        change(|proof| {
            proof.profiles.push(b"{\"a\":1}".to_vec());
            proof.profiles.sort_by_key(|file| HashAlg::Sha256.digest(file));
        }),
        ErrorCode::UnknownCritical
    );
}

#[test]
fn the_frame_is_strict() {
    let good = bank().prove().write();
    let with = |key: i64, value: &[u8]| {
        let map = crate::codec::Item::parse(&good, good.len()).unwrap().map().unwrap();
        let rebuilt =
            map.iter().fold(MapBuilder::new(), |built, (k, v)| built.put_raw(k, v.bytes()));
        Proof::parse(&rebuilt.put_raw(key, value).finish()).unwrap_err().code()
    };
    assert_eq!(with(0, b"\x61x"), ErrorCode::WrongKind);
    assert_eq!(with(1, &[1]), ErrorCode::UnsupportedVersion);
    assert_eq!(with(6, &[0]), ErrorCode::UnknownCritical);
    assert_eq!(with(2, &[0]), ErrorCode::WrongType);
    assert_eq!(with(64, &[0]), ErrorCode::UnknownCritical, "a proof has no optional keys");
    assert_eq!(Proof::parse(&[]).unwrap_err().code(), ErrorCode::Truncated);
    let trailing = [&good[..], &[0]].concat();
    assert_eq!(Proof::parse(&trailing).unwrap_err().code(), ErrorCode::TrailingBytes);
}

#[test]
fn a_builder_makes_the_same_proof_in_any_order() {
    let bank = bank();
    let whole = bank.prove();
    let build = |reverse: bool, leave_out_head: bool| {
        let mut builder = ProofBuilder::new(bank.hash, bank.id().bytes);
        let mut items: Vec<&ProofItem> = whole.items.iter().collect();
        if reverse {
            items.reverse();
        }
        for item in items {
            let open: Vec<Disclosure> =
                item.disclosures.iter().map(|one| Disclosure::parse(one).unwrap()).collect();
            builder.item(item.entry.clone(), &item.receipt().unwrap(), &open);
        }
        for (height, path) in &whole.ledgers[0].history {
            builder.history(*height, path.clone());
        }
        builder.profile(QUERY.as_bytes()).profile(CONSENT.as_bytes()).profile(QUERY.as_bytes());
        if !leave_out_head {
            builder.head(&whole.ledgers[0].head);
        }
        builder.finish()
    };
    assert_eq!(build(false, false).unwrap(), whole);
    assert_eq!(build(true, false).unwrap(), whole);
    assert_eq!(build(false, true).unwrap_err().code(), ErrorCode::MissingKey);
    // Another ledger's entry does not belong in it.
    let other = simple(HashAlg::Sha256, SigAlg::P256).prove();
    let mut builder = ProofBuilder::new(bank.hash, bank.id().bytes);
    let item = &other.items[0];
    builder.item(item.entry.clone(), &item.receipt().unwrap(), &[]).head(&other.ledgers[0].head);
    assert_eq!(builder.finish().unwrap_err().code(), ErrorCode::InvalidArgument);
}

#[test]
fn proofs_join_when_their_heads_agree() {
    let bank = bank();
    let (left, right) = (
        bank.prove_with(|height, _, _| height < 3, |_, name| name == "consent.id", &[]),
        bank.prove_with(|height, _, _| height > 2, |_, _| true, &[]),
    );
    let joined = Proof::join(vec![left.clone(), right.clone()]).unwrap();
    assert_eq!(joined, Proof::join(vec![right, left.clone()]).unwrap());
    assert_eq!(joined.items.len(), bank.prove().items.len());
    // The same values twice are once; more of them are put together.
    let more = bank.prove_with(|height, _, _| height < 3, |_, name| name != "consent.id", &[]);
    let both = Proof::join(vec![left, more]).unwrap();
    assert_eq!(both.items[5].disclosures.len(), 4);
    // Another head of the same ledger.
    let mut longer = self::bank();
    longer.push(opened());
    longer.seal();
    let error = Proof::join(vec![bank.prove(), longer.prove()]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Conflict);
    assert!(Proof::join(Vec::new()).is_err());
}

#[test]
fn one_position_has_one_entry() {
    let bank = bank();
    let mut other = bank.prove();
    other.items[7].disclosures.clear();
    other.items[7].entry = opened();
    let error = Proof::join(vec![bank.prove(), other]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Conflict);
}

#[test]
fn more_values_of_a_record_can_be_shown() {
    let bank = bank();
    let (record, all) = bank.disclosures.iter().find(|(_, all)| all.len() == 5).unwrap();
    let closed = bank.prove_with(|_, _, _| true, |_, _| false, &[]);
    let open = closed.clone().with_disclosures(record, &all[1..3]).unwrap();
    assert_eq!(open.items[7].disclosures.len(), 2);
    let open = open.with_disclosures(record, all).unwrap();
    assert_eq!(open.items[7].disclosures.len(), 5);
    let mut wrong = all[0].clone();
    wrong.salt[0] ^= 1;
    let error = closed.clone().with_disclosures(record, &[wrong]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::DigestMismatch);
    let nobody = Digest { alg: HashAlg::Sha256, bytes: [0; 32] };
    assert_eq!(closed.with_disclosures(&nobody, all).unwrap_err().code(), ErrorCode::NotFound);
}

/// A ledger of `count` blocks.
fn chain(count: u64) -> Bank {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::P256, 50);
    while (bank.blocks.len() as u64) < count {
        bank.push(opened());
        bank.seal();
    }
    bank
}

fn between(bank: &Bank, older: u64, newer: u64) -> Result<ConsistencyProof> {
    let (old, new) = (&bank.blocks[older as usize], &bank.blocks[newer as usize]);
    let history = bank.history(newer);
    ConsistencyProof::new(old.block.clone(), old.root, new.block.clone(), new.root, history)
}

#[test]
fn any_block_extends_any_older_one() {
    let bank = chain(10);
    for newer in 1..10 {
        for older in 0..newer {
            let proof = between(&bank, older, newer).unwrap();
            let bytes = proof.encode();
            let read = ConsistencyProof::parse(&bytes).unwrap();
            assert_eq!(read, proof);
            read.verify(bank.head.keys()).unwrap();
            assert_eq!(read.older().header().height, older);
            assert_eq!(read.newer().header().height, newer);
        }
        assert!(between(&bank, newer, newer).is_err());
    }
}

#[test]
fn a_fork_has_no_consistency_proof() {
    let (left, mut right) = (chain(6), chain(5));
    right.push(opened());
    right.push(opened());
    right.seal();
    right.push(opened());
    right.seal();
    // The newer block of one branch over the older one of the other.
    let (old, new) = (&left.blocks[5], &right.blocks[6]);
    for history in [right.history(6), left.history(6)] {
        let made = ConsistencyProof::new(
            old.block.clone(),
            old.root,
            new.block.clone(),
            new.root,
            history,
        );
        assert_eq!(made.unwrap_err().code(), ErrorCode::RootMismatch);
    }
    // Two ledgers, or a history of the wrong length.
    let other = simple(HashAlg::Sm3, SigAlg::Sm2);
    let (old, new) = (&left.blocks[1], &other.blocks[3]);
    let made = ConsistencyProof::new(
        old.block.clone(),
        old.root,
        new.block.clone(),
        new.root,
        other.history(3),
    );
    assert_eq!(made.unwrap_err().code(), ErrorCode::ChainBroken);
    let (old, new) = (&left.blocks[1], &left.blocks[3]);
    let short = left.history(2);
    let made =
        ConsistencyProof::new(old.block.clone(), old.root, new.block.clone(), new.root, short);
    assert_eq!(made.unwrap_err().code(), ErrorCode::InvalidArgument);
}

#[test]
fn every_bit_of_a_consistency_proof_matters() {
    let mut bank = chain(4);
    bank.rotate(key(SigAlg::Sm2, 51));
    bank.push(opened());
    bank.seal();
    let bytes = between(&bank, 2, 5).unwrap().encode();
    let mut turned = bytes.clone();
    for at in 0..bytes.len() * 8 {
        turned[at / 8] ^= 1 << (at % 8);
        let held = ConsistencyProof::parse(&turned).and_then(|p| p.verify(bank.head.keys()));
        assert!(held.is_err(), "bit {at}");
        turned[at / 8] ^= 1 << (at % 8);
    }
    // Keys of another ledger do not serve.
    let other = chain(1);
    assert!(ConsistencyProof::parse(&bytes).unwrap().verify(other.head.keys()).is_err());
}
