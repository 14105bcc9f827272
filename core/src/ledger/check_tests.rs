//! What a check says of a file whose rows somebody changed: what is wrong, and where.

use std::path::Path;

use rusqlite::Connection;

use super::tests::{create, key, open_options, record, seal};
use super::*;
use crate::entry::TombstoneReason;
use crate::sign::SigAlg;
use crate::store::{MemoryStore, SqliteStore};
use crate::time::TimeClaim;

/// Five blocks, some values erased, three records that are not sealed: entries 0 to 15.
fn fill(store: Box<dyn Store>) -> Ledger {
    let bank = key(SigAlg::Ed25519, 1);
    let ledger = create(store, HashAlg::Sha256, &bank);
    let new = |value: u64, dossier| {
        record(HashAlg::Sha256, &format!(r#"{{"a":"{value}"}}"#), None, dossier)
    };
    seal(&ledger, &bank);
    for block in 0..4 {
        let first = ledger.append(new(block, Dossier::New)).unwrap();
        let here = Dossier::Existing(first.dossier);
        ledger.append_many(&[new(block + 1, here), new(block + 2, Dossier::New)]).unwrap();
        if block == 2 {
            let erase = EraseRequest {
                target: EraseTarget::Records(vec![first.sequence]),
                reason: TombstoneReason::PersonsRequest,
                reference: "request".into(),
                time: TimeClaim::declared(7),
            };
            ledger.erase(&erase).unwrap();
        }
        seal(&ledger, &bank);
    }
    ledger.append(new(9, Dossier::New)).unwrap();
    ledger
}

fn file(path: &Path) -> Ledger {
    Ledger::open(Box::new(SqliteStore::open(path).unwrap()), open_options()).unwrap()
}

#[test]
fn a_whole_ledger_is_found_whole_by_many_threads_and_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let in_file = fill(Box::new(SqliteStore::create(&path).unwrap()));
    let in_memory = fill(Box::new(MemoryStore::new()));
    let mut seen = Vec::new();
    let report = in_file.check(|done, of| seen.push((done, of))).unwrap();
    assert_eq!(seen, [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)], "each block once, in order");
    assert_eq!(report, in_memory.check(|_, _| {}).unwrap());
    assert_eq!((report.blocks, report.entries, report.problems.len()), (5, 16, 0));
    // 13 records with a value, one of them erased.
    assert_eq!(report.values, 12);
}

#[test]
fn a_changed_row_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(fill(Box::new(SqliteStore::create(&path).unwrap())));
    let good = std::fs::read(&path).unwrap();
    let missing = "values are missing that nobody erased";
    let place = "its place in the dossier does not lead to it";
    let cases: [(&str, Option<u64>, Option<u64>, &str); 12] = [
        ("DELETE FROM place WHERE sequence=3", Some(1), Some(3), place),
        ("DELETE FROM place WHERE sequence=15", None, Some(15), place),
        ("UPDATE place SET place=7 WHERE sequence=3", Some(1), Some(3), place),
        // A row once more, in a run that is not there: it leads to the entry, and should not be.
        (
            "INSERT INTO place SELECT 99, dossier, place, sequence, alg, digest, mark FROM place WHERE sequence=3",
            None,
            None,
            "14 places, but entries lead to 13",
        ),
        // The one row that leads to the entry, where nobody looks.
        ("UPDATE place SET run=99 WHERE sequence=3", Some(1), Some(3), place),
        // A row once more, in another run that is there: only one of the two is found.
        (
            "INSERT INTO place SELECT other.run, dossier, place, sequence, alg, digest, place.mark FROM place, run AS other
             WHERE sequence=3 AND other.run<>place.run LIMIT 1",
            None,
            None,
            "one place of a dossier is taken twice",
        ),
        ("DELETE FROM vault WHERE sequence=5", Some(2), Some(5), missing),
        ("DELETE FROM vault WHERE sequence=15", None, Some(15), missing),
        ("UPDATE vault SET key=x'00' WHERE sequence=5", Some(2), Some(5), "store: vault"),
        (
            "UPDATE vault SET data=zeroblob(40) WHERE sequence=5",
            Some(2),
            Some(5),
            "a vault row does not open with its own key",
        ),
        ("DELETE FROM about", Some(3), Some(11), "what it is about does not lead to it"),
        (
            "UPDATE block SET nodes=CAST(zeroblob(32) || substr(nodes, 33) AS BLOB) WHERE height=2",
            Some(2),
            None,
            "the stored tree is not that of the entries",
        ),
    ];
    for (sql, height, sequence, text) in cases {
        std::fs::write(&path, &good).unwrap();
        assert!(Connection::open(&path).unwrap().execute(sql, []).unwrap() > 0, "{sql}");
        let ledger = file(&path);
        let report = ledger.check(|_, _| {}).unwrap();
        let named = report.problems.iter().any(|problem| {
            (problem.height, problem.sequence) == (height, sequence)
                && problem.error.context() == text
        });
        assert!(named, "{sql}: {:#?}", report.problems);
        let others = report.problems.iter().filter(|problem| {
            problem.sequence.is_some_and(|at| Some(at) != sequence)
                || problem.height.is_some_and(|at| Some(at) != height)
        });
        // Where a tombstone cannot be found, what it erased is missing too.
        let others: Vec<_> = others.filter(|problem| problem.sequence != Some(8)).collect();
        assert!(others.is_empty(), "{sql}: {others:#?}");
    }
}

#[test]
fn a_run_that_is_gone_is_noticed_whichever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(fill(Box::new(SqliteStore::create(&path).unwrap())));
    let good = std::fs::read(&path).unwrap();
    for which in ["run=(SELECT min(run) FROM run)", "run=(SELECT max(run) FROM run)", "run>0"] {
        std::fs::write(&path, &good).unwrap();
        let raw = Connection::open(&path).unwrap();
        assert!(raw.execute(&format!("DELETE FROM run WHERE {which}"), []).unwrap() > 0);
        drop(raw);
        let report = file(&path).check(|_, _| {}).unwrap();
        assert!(!report.problems.is_empty(), "{which}");
    }
}

#[test]
fn entries_of_a_block_that_is_gone_are_looked_at_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(fill(Box::new(SqliteStore::create(&path).unwrap())));
    let raw = Connection::open(&path).unwrap();
    raw.execute("DELETE FROM block WHERE height=2", []).unwrap();
    raw.execute("DELETE FROM vault WHERE sequence=6", []).unwrap();
    drop(raw);
    let report = file(&path).check(|_, _| {}).unwrap();
    let of = |height, sequence| {
        let same =
            |problem: &&CheckProblem| (problem.height, problem.sequence) == (height, sequence);
        report.problems.iter().filter(same).count()
    };
    assert_eq!((of(Some(2), None), of(None, Some(6))), (1, 1), "{report:#?}");
    assert_eq!((report.blocks, report.entries), (3, 16), "block 3's link goes through it");
}
