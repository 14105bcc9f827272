//! Bundles that are sent twice, cut, put in another order, changed bit by bit, or made by somebody else: a replica has whole,
//! checked blocks of one ledger, and nothing else.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/ledger.rs"]
mod common;

use common::*;
use yinzheng::ErrorCode;
use yinzheng::anchor::{Outside, OutsideKind, TargetKind};
use yinzheng::bundle::{BundleBlock, BundleHeader, BundleReader, BundleWriter};
use yinzheng::hash::HashAlg::{Sha256, Sm3};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::ledger::{Dossier, ImportReport, Ledger, OpenOptions, import};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::{MemoryStore, OutsideKey, SqliteStore};

const BLOCKS: u64 = 5;

/// A ledger with a rotation, a dossier over several blocks, and a closed event at its end.
fn ledger(hash: HashAlg) -> (Ledger, [u8; 16]) {
    let (old, new) = (key(SigAlg::Ed25519, 1), key(SigAlg::P256, 2));
    let ledger = create(MemoryStore::new(), hash, &old);
    seal(&ledger, &old);
    let first = append(&ledger, "1", None, Dossier::New);
    rotate(&ledger, &new).unwrap();
    seal(&ledger, &old);
    for value in ["2", "3"] {
        append(&ledger, value, None, Dossier::Existing(first.dossier));
        append(&ledger, value, None, Dossier::New);
        seal(&ledger, &new);
    }
    ledger.append_entry(&closed()).unwrap();
    seal(&ledger, &new);
    (ledger, first.dossier)
}

fn bundle(ledger: &Ledger, first: u64, last: u64) -> Vec<u8> {
    ledger.export(first, last, Vec::new()).unwrap()
}

fn state(store: &MemoryStore) -> String {
    format!("{store:?}")
}

/// What a replica may be after a bundle that went wrong: nothing, or the first blocks of the true ledger.
fn prefixes(ledger: &Ledger) -> Vec<(String, MemoryStore)> {
    let mut states = vec![(state(&MemoryStore::new()), MemoryStore::new())];
    for last in 0..BLOCKS {
        let mut store = MemoryStore::new();
        import(&mut store, bundle(ledger, 0, last).as_slice()).unwrap();
        states.push((state(&store), store));
    }
    states
}

#[test]
fn any_order_of_ranges_that_leaves_no_gap_gives_the_same_replica() {
    for hash in [Sha256, Sm3] {
        let (ledger, dossier) = ledger(hash);
        let whole_bundle = bundle(&ledger, 0, BLOCKS - 1);
        let mut at_once = MemoryStore::new();
        let report = import(&mut at_once, whole_bundle.as_slice()).unwrap();
        assert_eq!(report, ImportReport { imported: BLOCKS, known: 0, height: BLOCKS - 1 });
        let mut bit_by_bit = MemoryStore::new();
        for (first, last) in [(0, 0), (0, 2), (1, 1), (3, 3), (0, 3), (2, 4), (4, 4), (0, 4)] {
            import(&mut bit_by_bit, bundle(&ledger, first, last).as_slice()).unwrap();
        }
        assert_eq!(state(&at_once), state(&bit_by_bit));
        let folder = tempfile::tempdir().unwrap();
        let mut file = SqliteStore::create(folder.path().join("replica.db")).unwrap();
        import(&mut file, whole_bundle.as_slice()).unwrap();
        let readers = [
            Ledger::open(Box::new(at_once), OpenOptions { read_only: true, ..open_options() }),
            open_for_reading(file),
        ];
        for reader in readers {
            let reader = reader.unwrap();
            assert_sound(&reader);
            assert_eq!(reader.dossier(&dossier).unwrap(), ledger.dossier(&dossier).unwrap());
            assert_eq!(bundle(&reader, 0, BLOCKS - 1), whole_bundle, "it can be passed on");
            for sequence in 0..ledger.status().unwrap().entries {
                assert_eq!(reader.receipt(sequence).unwrap(), ledger.receipt(sequence).unwrap());
            }
        }
    }
}

#[test]
fn a_gap_another_ledger_or_another_branch_changes_nothing() {
    let (ledger, _) = ledger(Sha256);
    let other = self::ledger(Sha256).0;
    let (_, full) = prefixes(&ledger).pop().unwrap();
    let (_, two) = prefixes(&ledger).swap_remove(2);
    let cases = [
        (MemoryStore::new(), bundle(&ledger, 1, 4), ErrorCode::ChainBroken),
        (two.clone(), bundle(&ledger, 3, 4), ErrorCode::ChainBroken),
        (two.clone(), bundle(&other, 0, 4), ErrorCode::InvalidArgument),
        (full.clone(), bundle(&other, 0, 4), ErrorCode::InvalidArgument),
    ];
    for (mut store, bundle, expected) in cases {
        let before = state(&store);
        assert_eq!(code(import(&mut store, bundle.as_slice())), expected);
        assert_eq!(state(&store), before);
    }
}

#[test]
fn a_bundle_cut_anywhere_leaves_whole_blocks_and_can_be_sent_again() {
    let (ledger, _) = ledger(Sha256);
    let good = bundle(&ledger, 0, BLOCKS - 1);
    let states = prefixes(&ledger);
    for cut in 0..good.len() {
        let mut store = MemoryStore::new();
        let error = import(&mut store, &good[..cut]).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Truncated, "cut at {cut}: {error}");
        assert!(states.iter().any(|(known, _)| *known == state(&store)), "cut at {cut}");
        if cut % 97 == 0 {
            import(&mut store, good.as_slice()).unwrap();
            assert_eq!(state(&store), states[5].0);
        }
    }
    let mut store = MemoryStore::new();
    let more = [good.as_slice(), &[0]].concat();
    assert_eq!(code(import(&mut store, more.as_slice())), ErrorCode::TrailingBytes);
}

#[test]
fn a_changed_bit_is_refused_by_an_empty_and_by_a_full_replica() {
    let (ledger, _) = ledger(Sha256);
    let good = bundle(&ledger, 0, BLOCKS - 1);
    let states = prefixes(&ledger);
    for bit in (0..good.len() * 8).step_by(5) {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let mut empty = MemoryStore::new();
        assert!(import(&mut empty, bad.as_slice()).is_err(), "bit {bit}");
        assert!(states.iter().any(|(known, _)| *known == state(&empty)), "bit {bit}");
        // Known blocks are compared, not taken on trust.
        let mut full = states[5].1.clone();
        assert!(import(&mut full, bad.as_slice()).is_err(), "bit {bit} of a known block");
        assert_eq!(state(&full), states[5].0, "bit {bit}");
    }
}

/// Blocks of a bundle, to be put together otherwise.
fn parts(bytes: &[u8]) -> (BundleHeader, Vec<BundleBlock>) {
    let mut reader = BundleReader::new(bytes).unwrap();
    let header = reader.header().clone();
    let mut blocks = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        blocks.push(block);
    }
    (header, blocks)
}

fn put_together(header: &BundleHeader, blocks: &[BundleBlock]) -> Vec<u8> {
    let mut writer = BundleWriter::new(Vec::new(), header.clone()).unwrap();
    blocks.iter().for_each(|block| writer.block(block).unwrap());
    writer.finish().unwrap()
}

#[test]
fn blocks_and_entries_in_another_order_or_number_are_refused() {
    let (ledger, _) = ledger(Sha256);
    let states = prefixes(&ledger);
    let (header, blocks) = parts(&bundle(&ledger, 0, BLOCKS - 1));
    let changed = |change: &dyn Fn(&mut Vec<BundleBlock>)| {
        let mut blocks = blocks.clone();
        change(&mut blocks);
        put_together(&header, &blocks)
    };
    let mut bad = Vec::new();
    for (a, b) in [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)] {
        bad.push(changed(&|blocks| blocks.swap(a, b)));
        bad.push(changed(&|blocks| blocks[a] = blocks[b].clone()));
        bad.push(changed(&|blocks| blocks[a].entries = blocks[b].entries.clone()));
        bad.push(changed(&|blocks| blocks[a].sealed = blocks[b].sealed.clone()));
    }
    for at in 0..blocks.len() {
        bad.push(changed(&|blocks| blocks[at].entries.swap(0, 1)));
        bad.push(changed(&|blocks| drop(blocks[at].entries.pop())));
        bad.push(changed(&|blocks| {
            let last = blocks[at].entries.last().cloned().unwrap();
            blocks[at].entries.push(last);
        }));
        bad.push(changed(&|blocks| blocks[at].sealed.truncate(40)));
    }
    let other_head = [
        BundleHeader { block_hash: [1; 32], ..header.clone() },
        BundleHeader { sealed_digest: [1; 32], ..header.clone() },
        BundleHeader { ledger_id: Digest { alg: Sha256, bytes: [1; 32] }, ..header.clone() },
        BundleHeader {
            ledger_id: Digest { alg: Sm3, bytes: header.ledger_id.bytes },
            ..header.clone()
        },
        BundleHeader { first: 1, last: BLOCKS, ..header.clone() },
    ];
    bad.extend(other_head.iter().map(|header| put_together(header, &blocks)));
    for (at, bytes) in bad.iter().enumerate() {
        for (before, store) in [&states[0], &states[3], &states[5]] {
            let mut store = store.clone();
            import(&mut store, bytes.as_slice()).unwrap_err();
            let after = state(&store);
            assert!(
                after == *before || states.iter().any(|(known, _)| *known == after),
                "case {at}"
            );
        }
    }
}

#[test]
fn words_from_outside_arrive_late_and_once_and_about_their_own_block() {
    let (ledger, _) = ledger(Sha256);
    let mut replica = MemoryStore::new();
    import(&mut replica, bundle(&ledger, 0, 4).as_slice()).unwrap();
    let digest = |height| ledger.block(height).unwrap().0.sealed_digest();
    let word = |height, byte| Outside {
        kind: OutsideKind::PlatformReceipt,
        bytes: platform_word(byte),
        target: TargetKind::Block,
        digest: Digest { alg: Sha256, bytes: digest(height) },
    };
    ledger.attach(OutsideKey::Block(2), &word(2, 1)).unwrap();
    let early = bundle(&ledger, 0, 4);
    ledger.attach(OutsideKey::Block(2), &word(2, 2)).unwrap();
    let late = bundle(&ledger, 2, 3);
    for bytes in [&early, &late, &early, &late] {
        import(&mut replica, bytes.as_slice()).unwrap();
    }
    let (header, blocks) = parts(&late);
    for outside in [
        word(3, 1),
        Outside { kind: OutsideKind::Countersignature, ..word(2, 1) },
        Outside { target: TargetKind::Entry, ..word(2, 1) },
    ] {
        let mut blocks = blocks.clone();
        blocks[0].outside.push(outside);
        let before = state(&replica);
        let bytes = put_together(&header, &blocks);
        assert!(import(&mut replica, bytes.as_slice()).is_err());
        assert_eq!(state(&replica), before);
    }
    let options = OpenOptions { read_only: true, vault_key: None, ..open_options() };
    let reader = Ledger::open(Box::new(replica), options).unwrap();
    assert_eq!(bundle(&reader, 0, 4), bundle(&ledger, 0, 4));
    assert_sound(&reader);
}

#[test]
fn a_ledger_of_its_own_takes_no_bundle() {
    let (ledger, _) = ledger(Sha256);
    let bank: SoftwareKey = key(SigAlg::Ed25519, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.db");
    let own = create(SqliteStore::create(&path).unwrap(), Sha256, &bank);
    seal(&own, &bank);
    let itself = bundle(&own, 0, 0);
    drop(own);
    let mut store = SqliteStore::open(&path).unwrap();
    for bytes in [itself, bundle(&ledger, 0, 4)] {
        assert_eq!(code(import(&mut store, bytes.as_slice())), ErrorCode::InvalidArgument);
    }
    drop(store);
    assert_sound(&open(SqliteStore::open(&path).unwrap()).unwrap());
}
