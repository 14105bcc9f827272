#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod any_changes;
mod files;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::*;
use crate::error::ErrorCode;
use crate::hash::HashAlg;

/// A driver under test, with the way to close and open it again.
struct Driver {
    store: Box<dyn Store>,
    path: Option<PathBuf>,
    _folder: Option<tempfile::TempDir>,
}

impl Driver {
    fn both() -> [Driver; 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let store = Box::new(SqliteStore::create(&path).unwrap());
        let sqlite = Driver { store, path: Some(path), _folder: Some(folder) };
        [sqlite, Driver { store: Box::new(MemoryStore::new()), path: None, _folder: None }]
    }

    fn reopen(&mut self) {
        if let Some(path) = &self.path {
            self.store = Box::new(MemoryStore::new());
            self.store = Box::new(SqliteStore::open(path).unwrap());
        }
    }
}

fn digest(of: u8) -> Digest {
    Digest::of(if of.is_multiple_of(2) { HashAlg::Sha256 } else { HashAlg::Sm3 }, &[of])
}

fn place(dossier: u8, place: u64, sequence: Option<u64>) -> PlaceRow {
    PlaceRow { dossier: [dossier; 16], place, sequence, digest: digest(dossier ^ place as u8) }
}

fn block(height: u64, first: u64, content: u64) -> (BlockRow, Vec<u8>) {
    let sealed = format!("sealed {height}").into_bytes();
    let row = BlockRow { height, first, content, sealed, history_leaf: [height as u8; 32] };
    (row, (0..content as u8 * 2).flat_map(|at| [at; 32]).collect())
}

fn entries(first: u64, count: u64) -> Option<(u64, Vec<Vec<u8>>)> {
    Some((first, (first..first + count).map(|at| vec![at as u8; at as usize % 70]).collect()))
}

/// One of everything.
fn one_of_everything() -> Changes {
    Changes {
        expected: vec![("head", None)],
        entries: entries(0, 5),
        places: vec![place(1, 0, Some(1)), place(1, 1, None)],
        begun: vec![place(2, 0, Some(3))],
        business_ids: vec![([7; 16], 1), ([8; 16], 3)],
        erased: vec![4],
        vault: vec![(1, VaultRow { key: b"key".to_vec(), data: vec![] })],
        about: vec![([5; 32], 4), ([5; 32], 2), ([6; 32], 2)],
        profiles: vec![(digest(9), b"{}".to_vec())],
        held: vec![(3, Some(b"three".to_vec())), (1, Some(b"one".to_vec()))],
        block: Some(block(0, 0, 3)),
        outside: vec![
            (OutsideKey::Block(0), b"x".to_vec()),
            (OutsideKey::Entry(0), b"y".to_vec()),
            (OutsideKey::Block(0), b"x".to_vec()),
        ],
        meta: vec![("head", Some(b"h".to_vec())), ("pending", Some(vec![])), ("genesis", None)],
    }
}

/// What the calls that give things one by one give.
fn visited(store: &dyn Store) -> String {
    let entries = [(0, 1_000), (2, 2), (1, 0), (99, 1)].map(|(first, count)| {
        let mut seen = Vec::new();
        let done = store.visit_entries(first, count, &mut |at, list| {
            seen.extend((at..).zip(list.iter().map(|entry| entry.to_vec())));
            Ok(())
        });
        done.map(|()| seen)
    });
    let mut places = BTreeMap::new();
    let done = store.visit_places(&mut |row| {
        assert!(places.insert((row.dossier, row.place), row).is_none(), "each once");
        Ok(())
    });
    let words = [(0, 3), (1, 9)].map(|(first, count)| {
        store.entries_with_words(first, count).unwrap().into_iter().collect::<BTreeSet<_>>()
    });
    format!("{entries:?} {done:?} {places:?} {words:?}")
}

/// Everything that can be read, in one comparable value.
fn everything(store: &dyn Store) -> String {
    let visited = visited(store);
    let dossiers = [[0; 16], [1; 16], [2; 16], [3; 16]];
    let blocks: Vec<_> = (0..4)
        .map(|at| (store.block(at), store.tree(at), store.nodes(at, &[]), store.nodes(at, &[1, 0])))
        .collect();
    let prefix = |of: u8| *digest(of).bytes.first_chunk::<17>().unwrap();
    format!(
        "{:?}",
        (
            (store.next_sequence(), store.entries(0, 1_000), store.entries(2, 2), blocks),
            (0..12).map(|at| (store.height_of(at), store.vault(at))).collect::<Vec<_>>(),
            [(0, 99), (1, 1), (2, 9)].map(|(first, limit)| store.vault_rows(first, limit)),
            [(0, 9), (1, 1)].map(|(first, count)| store.history_leaves(first, count)),
            dossiers.map(|id| (store.last_place(&id), store.places(&id), store.place(&id, 1))),
            (store.dossiers(None, 9), store.dossiers(None, 1), store.dossiers(Some([1; 16]), 9)),
            (0..6).map(|of| store.find_record(&prefix(of))).collect::<Vec<_>>(),
            (
                [0, 2].map(|first| {
                    store
                        .business_ids_from(first)
                        .map(|ids| ids.into_iter().collect::<BTreeMap<_, _>>())
                }),
                [[7; 16], [8; 16], [9; 16]].map(|id| store.business_id(&id)),
                [[5; 32], [6; 32], [7; 32]].map(|subject| store.about(&subject)),
            ),
            ([9, 8].map(|of| store.profile(&digest(of))), store.held()),
            [OutsideKey::Block(0), OutsideKey::Entry(0)].map(|key| store.outside(key)),
            (["head", "pending", "genesis", "none"].map(|name| store.meta(name)), store.sizes()),
            (store.check(), visited),
        )
    )
}

#[test]
fn both_drivers_give_back_what_was_applied() {
    let [mut sqlite, mut memory] = Driver::both();
    assert_eq!(everything(&*sqlite.store), everything(&*memory.store), "empty");
    let more = Changes {
        expected: vec![("head", Some(b"h".to_vec())), ("none", None)],
        entries: entries(5, 3),
        places: vec![place(1, 1, Some(6)), place(1, 2, Some(7))],
        erased: vec![1, 3],
        vault: [1, 2, 9].map(|at| (at, VaultRow { key: vec![at as u8], data: vec![] })).to_vec(),
        about: vec![([5; 32], 4), ([5; 32], 5)],
        profiles: vec![(digest(9), b"not the first".to_vec())],
        held: vec![(1, None), (9, None), (4, Some(vec![4])), (4, None), (4, Some(vec![5]))],
        block: Some(block(1, 3, 4)),
        meta: vec![("head", Some(b"other".to_vec())), ("pending", None)],
        ..Changes::default()
    };
    for changes in [one_of_everything(), more, Changes::default()] {
        for driver in [&mut sqlite, &mut memory] {
            driver.store.apply(&changes).unwrap();
        }
        let read = everything(&*sqlite.store);
        assert_eq!(read, everything(&*memory.store));
        sqlite.reopen();
        assert_eq!(read, everything(&*sqlite.store), "after closing and opening");
    }
    let store = &sqlite.store;
    assert_eq!(store.entries(6, 1).unwrap(), [vec![6; 6]]);
    assert_eq!(store.last_place(&[1; 16]).unwrap(), Some(place(1, 2, Some(7))));
    assert_eq!(store.about(&[5; 32]).unwrap(), [2, 4, 5]);
    assert_eq!(store.held().unwrap(), [(3, b"three".to_vec()), (4, vec![5])]);
    assert_eq!(store.height_of(6).unwrap(), Some(1));
    assert_eq!(store.height_of(7).unwrap(), None, "not sealed");
    assert_eq!(store.check(), []);
}

#[test]
fn numbers_beyond_everything_lead_to_nothing() {
    for mut driver in Driver::both() {
        driver.store.apply(&one_of_everything()).unwrap();
        let store = &driver.store;
        for far in [5, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
            assert_eq!(store.entries(far, 1).unwrap(), Vec::<Vec<u8>>::new());
            assert_eq!(store.entries(far, u64::MAX).unwrap(), Vec::<Vec<u8>>::new());
            assert_eq!(store.block(far).unwrap(), None);
            assert_eq!(store.nodes(far, &[0]).unwrap(), None);
            assert_eq!(store.tree(far).unwrap(), None);
            assert_eq!(store.place(&[1; 16], far).unwrap(), None);
            assert_eq!(store.height_of(far).unwrap(), None);
            assert_eq!(store.vault(far).unwrap(), None);
            assert_eq!(store.vault_rows(far, usize::MAX).unwrap(), []);
            assert_eq!(store.history_leaves(far, u64::MAX).unwrap(), [[0; 32]; 0]);
            assert_eq!(store.outside(OutsideKey::Block(far)).unwrap(), Vec::<Vec<u8>>::new());
        }
        assert_eq!(store.entries(0, u64::MAX).unwrap().len(), 5);
        assert_eq!(store.entries(3, 0).unwrap().len(), 0);
        assert_eq!(store.dossiers(None, usize::MAX).unwrap().len(), 2);
        assert_eq!(store.dossiers(None, 0).unwrap().len(), 0);
        let past_the_root = store.nodes(0, &[99]);
        assert_eq!(past_the_root.unwrap_err().code(), ErrorCode::Damaged);
    }
}

#[test]
fn a_visit_ends_with_the_first_error() {
    for mut driver in Driver::both() {
        driver.store.apply(&one_of_everything()).unwrap();
        let refused = || Err(Error::new(ErrorCode::Internal, "enough"));
        let mut calls = 0;
        let mut once = || {
            calls += 1;
            refused()
        };
        let entries = driver.store.visit_entries(0, 9, &mut |_, _| once());
        let places = driver.store.visit_places(&mut |_| once());
        assert_eq!((entries, places, calls), (refused(), refused(), 2));
    }
}

#[test]
fn reads_between_begin_and_end_are_of_one_moment() {
    let [mut writer, _] = Driver::both();
    writer.store.apply(&one_of_everything()).unwrap();
    let reader = writer.store.reader().unwrap();
    let head =
        |value: u8| Changes { meta: vec![("head", Some(vec![value]))], ..Changes::default() };
    reader.begin_reading().unwrap();
    let before = reader.meta("head").unwrap();
    writer.store.apply(&head(7)).unwrap();
    assert_eq!(reader.meta("head").unwrap(), before);
    reader.end_reading().unwrap();
    reader.end_reading().unwrap();
    assert_eq!(reader.meta("head").unwrap(), Some(vec![7]));
    // What is applied ends it.
    writer.store.begin_reading().unwrap();
    writer.store.begin_reading().unwrap();
    writer.store.apply(&head(8)).unwrap();
    assert_eq!(reader.meta("head").unwrap(), Some(vec![8]));
    assert!(MemoryStore::new().reader().is_none());
}

#[test]
fn what_contradicts_the_store_changes_nothing() {
    let with = |change: fn(&mut Changes)| {
        let mut changes = Changes {
            entries: entries(5, 1),
            meta: vec![("head", Some(b"changed".to_vec()))],
            outside: vec![(OutsideKey::Block(0), b"new".to_vec())],
            ..Changes::default()
        };
        change(&mut changes);
        changes
    };
    let cases: [(ErrorCode, Changes); 17] = [
        (ErrorCode::Internal, with(|c| c.entries = entries(4, 1))),
        (ErrorCode::Internal, with(|c| c.entries = entries(6, 1))),
        (ErrorCode::Internal, with(|c| c.block = Some(block(0, 3, 2)))),
        (ErrorCode::Internal, with(|c| c.block = Some(block(2, 3, 2)))),
        (ErrorCode::Locked, with(|c| c.expected = vec![("head", None)])),
        (ErrorCode::Locked, with(|c| c.expected = vec![("head", Some(b"g".to_vec()))])),
        (ErrorCode::Locked, with(|c| c.expected = vec![("genesis", Some(vec![]))])),
        (ErrorCode::PlaceTaken, with(|c| c.places = vec![place(1, 0, Some(5))])),
        (ErrorCode::PlaceTaken, with(|c| c.places = vec![place(1, 0, None)])),
        (
            ErrorCode::PlaceTaken,
            with(|c| c.places = vec![PlaceRow { digest: digest(77), ..place(1, 1, Some(5)) }]),
        ),
        (
            ErrorCode::PlaceTaken,
            with(|c| c.places = vec![place(3, 0, Some(5)), place(3, 0, Some(6))]),
        ),
        (
            ErrorCode::PlaceTaken,
            with(|c| c.begun = vec![place(3, 0, Some(5)), place(3, 0, Some(6))]),
        ),
        (ErrorCode::Internal, with(|c| c.begun = vec![place(3, 0, None)])),
        (ErrorCode::Damaged, with(|c| c.business_ids = vec![([9; 16], 5), ([7; 16], 5)])),
        (ErrorCode::Damaged, with(|c| c.business_ids = vec![([9; 16], 5), ([9; 16], 6)])),
        (ErrorCode::Damaged, with(|c| c.vault = vec![(1, VaultRow { key: vec![], data: vec![] })])),
        (ErrorCode::Damaged, with(|c| c.held = vec![(3, Some(vec![]))])),
    ];
    for mut driver in Driver::both() {
        driver.store.apply(&one_of_everything()).unwrap();
        let before = everything(&*driver.store);
        for (at, (code, changes)) in cases.iter().enumerate() {
            let error = driver.store.apply(changes).unwrap_err();
            assert_eq!(error.code(), *code, "case {at}: {error}");
            assert_eq!(everything(&*driver.store), before, "case {at}");
        }
        driver.reopen();
        assert_eq!(everything(&*driver.store), before);
        driver.store.apply(&with(|_| ())).unwrap();
    }
}

fn raw(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

/// A ledger's file with one of everything in it.
fn filled(folder: &Path) -> PathBuf {
    let path = folder.join("ledger.db");
    SqliteStore::create(&path).unwrap().apply(&one_of_everything()).unwrap();
    path
}
