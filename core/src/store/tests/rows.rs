use super::*;

#[test]
fn every_changed_row_is_found_when_it_is_read_and_when_it_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let good = std::fs::read(&path).unwrap();
    type Read = fn(&SqliteStore) -> Result<()>;
    let cases: [(&str, Read); 16] = [
        ("UPDATE meta SET value=x'00' WHERE name='head'", |s| s.meta("head").map(drop)),
        ("UPDATE meta SET mark=mark+1 WHERE name='head'", |s| s.meta("head").map(drop)),
        ("UPDATE batch SET first=1", |s| s.entries(0, 9).map(drop)),
        ("UPDATE batch SET entries=replace(entries, x'02', x'03')", |s| s.entries(0, 9).map(drop)),
        ("UPDATE block SET first=1", |s| s.block(0).map(drop)),
        ("UPDATE block SET content=4", |s| s.height_of(3).map(drop)),
        ("UPDATE block SET sealed=x'73'", |s| s.block(0).map(drop)),
        ("UPDATE place SET digest=zeroblob(32)", |s| s.places(&[1; 16]).map(drop)),
        ("UPDATE place SET sequence=sequence+1", |s| s.last_place(&[2; 16]).map(drop)),
        ("UPDATE business_id SET sequence=2", |s| s.business_id(&[7; 16]).map(drop)),
        ("UPDATE business_id SET mark=7", |s| s.business_ids_from(0).map(drop)),
        ("UPDATE vault SET key=x'00'", |s| s.vault(1).map(drop)),
        ("UPDATE about SET sequence=sequence+1", |s| s.about(&[6; 32]).map(drop)),
        ("UPDATE profile SET file='[]'", |s| s.profile(&digest(9)).map(drop)),
        ("UPDATE held SET id=id+1 WHERE id=3", |s| s.held().map(drop)),
        ("UPDATE outside SET target=1 WHERE kind=1", |s| s.outside(OutsideKey::Block(1)).map(drop)),
    ];
    for (sql, read) in cases {
        std::fs::write(&path, &good).unwrap();
        assert!(raw(&path).execute(sql, []).unwrap() > 0);
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(read(&store).unwrap_err().code(), ErrorCode::Damaged, "{sql}");
        assert!(store.check().iter().all(|error| error.code() == ErrorCode::Damaged));
        assert!(!store.check().is_empty(), "{sql}");
    }
}

#[test]
fn a_missing_batch_is_never_bridged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut store = SqliteStore::create(&path).unwrap();
    for first in [0, 2, 4] {
        store.apply(&Changes { entries: entries(first, 2), ..Changes::default() }).unwrap();
    }
    raw(&path).execute("DELETE FROM batch WHERE first=2", []).unwrap();
    for (first, count) in [(0, 6), (1, 4), (2, 3), (3, 2)] {
        assert_eq!(store.entries(first, count).unwrap_err().code(), ErrorCode::Damaged);
    }
    assert_eq!(store.entries(0, 2).unwrap().len(), 2);
    assert_eq!(store.entries(4, 2).unwrap().len(), 2);
}

#[test]
fn rows_are_found_in_whatever_run_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut store = SqliteStore::create(&path).unwrap();
    // Runs of three entries in tests, two of one size make the next: enough for every size.
    for at in 0..40u64 {
        let dossier = at as u8 % 7;
        store
            .apply(&Changes {
                entries: entries(at, 1),
                places: vec![place(dossier, at / 7, Some(at))],
                business_ids: vec![([at as u8; 16], at)],
                about: vec![([dossier; 32], at)],
                ..Changes::default()
            })
            .unwrap();
    }
    let sizes: Vec<i64> = raw(&path)
        .prepare("SELECT size FROM run ORDER BY run")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    assert!(sizes.contains(&2) && sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
    for at in 0..40u64 {
        let dossier = at as u8 % 7;
        assert_eq!(store.business_id(&[at as u8; 16]).unwrap(), Some(at));
        let found = store.place(&[dossier; 16], at / 7).unwrap();
        assert_eq!(found, Some(place(dossier, at / 7, Some(at))));
        assert!(store.about(&[dossier; 32]).unwrap().contains(&at));
    }
    for dossier in 0..7u8 {
        let places = store.places(&[dossier; 16]).unwrap();
        assert!(places.iter().map(|row| row.place).eq(0..places.len() as u64));
        assert_eq!(store.last_place(&[dossier; 16]).unwrap().as_ref(), places.last());
    }
    let mut by_key = BTreeMap::new();
    store
        .visit_places(&mut |row| {
            assert!(by_key.insert((row.dossier, row.place), row.sequence).is_none());
            Ok(())
        })
        .unwrap();
    assert!((0..40u64).all(|at| by_key[&([at as u8 % 7; 16], at / 7)] == Some(at)));
    let first: Vec<[u8; 16]> = (2..5u8).map(|dossier| [dossier; 16]).collect();
    assert_eq!(store.dossiers(Some([1; 16]), 3).unwrap(), first);
    assert_eq!(store.check(), []);
    // A run that is missing would hide its rows: nothing is appended over it.
    raw(&path).execute("DELETE FROM run WHERE run=(SELECT min(run) FROM run)", []).unwrap();
    let next = Changes {
        entries: entries(40, 1),
        places: vec![place(0, 0, Some(40))],
        ..Changes::default()
    };
    assert_eq!(store.apply(&next).unwrap_err().code(), ErrorCode::Damaged);
    assert_eq!(store.check().len(), 1);
}

#[test]
fn a_run_does_not_grow_with_what_is_written_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut store = SqliteStore::create(&path).unwrap();
    let mut at = 0u64;
    // Size of each run and the entries in it; the last one is still open.
    let spans = |path: &Path, end: u64| -> Vec<(i64, u64)> {
        let connection = raw(path);
        let mut statement = connection.prepare("SELECT size, first FROM run ORDER BY run").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)));
        let rows = rows.unwrap().collect::<rusqlite::Result<Vec<(i64, u64)>>>().unwrap();
        let ends = rows.iter().skip(1).map(|(_, first)| *first).chain([end]);
        rows.iter().zip(ends).map(|((size, first), end)| (*size, end - first)).collect()
    };
    // Large runs hold twelve entries here, so no more than two of the next smaller size and one append come together.
    for count in [1, 7, 1, 13, 2, 2, 2, 5, 5, 5, 30, 1, 1, 1, 11, 11, 11, 11, 11, 6, 6, 6, 1] {
        let places = (at..at + count).map(|at| place(at as u8, at, Some(at))).collect();
        store
            .apply(&Changes { entries: entries(at, count), places, ..Changes::default() })
            .unwrap();
        at += count;
        let spans = spans(&path, at);
        assert!(spans.is_sorted_by(|a, b| a.0 >= b.0), "{spans:?}");
        assert!(spans.iter().all(|(_, span)| *span <= 30), "{spans:?}");
        let begins = if count < 6 {
            0
        } else if count < 12 {
            1
        } else {
            2
        };
        assert!(spans.last().unwrap().0 == begins, "{count}: {spans:?}");
        assert_eq!(store.check(), []);
    }
    for at in 0..at {
        assert!(store.place(&[at as u8; 16], at).unwrap().is_some(), "{at}");
    }
}

#[test]
fn a_row_that_is_not_of_its_form_stops_no_append() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut store = SqliteStore::create(&path).unwrap();
    let append = |store: &mut SqliteStore, at: u64| {
        store.apply(&Changes {
            entries: entries(at, 1),
            begun: vec![place(at as u8, 0, Some(at))],
            business_ids: vec![([at as u8; 16], at)],
            ..Changes::default()
        })
    };
    (0..2).for_each(|at| append(&mut store, at).unwrap());
    raw(&path).execute("UPDATE business_id SET id=x'00' WHERE sequence=1", []).unwrap();
    (2..20).for_each(|at| append(&mut store, at).unwrap());
    assert_eq!(store.business_id(&[0; 16]).unwrap(), Some(0));
    assert_eq!(store.place(&[1; 16], 0).unwrap(), Some(place(1, 0, Some(1))));
    assert!((2..20u8).all(|at| store.business_id(&[at; 16]).unwrap() == Some(u64::from(at))));
    assert_eq!(store.sizes().unwrap().places, 20, "each once");
    assert_eq!(store.check().len(), 1, "the check value of that row");
}
