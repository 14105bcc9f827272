//! Many threads on one ledger, readers beside it, and a second process that must stay out.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/ledger.rs"]
mod common;

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use common::*;
use yinzheng::ErrorCode;
use yinzheng::hash::HashAlg::Sha256;
use yinzheng::ledger::{Dossier, Ledger, OpenOptions, import};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::{MemoryStore, SqliteStore};
use yinzheng::verify::{DeclaredTime, Policy, Status, verify};

const WRITERS: usize = 4;
const EACH: usize = 40;

/// Says to a copy of this test program what to do.
const ORDER: &str = "YINZHENG_TEST_HOLD";

fn assert_proves(ledger: &Ledger, dossier: [u8; 16]) -> bool {
    let proof = match ledger.prove(&whole(dossier)) {
        Ok(proof) => proof.encode().unwrap(),
        Err(error) => {
            assert_eq!(error.code(), ErrorCode::NotFound, "only what is not sealed yet: {error}");
            return false;
        }
    };
    let verdict = verify(&proof, &Policy::empty(), DeclaredTime { unix_ms: 1_000_000 });
    let wrong = verdict.lines.iter().filter(|line| line.status == Status::Contradicted).count();
    assert!(!verdict.is_unreadable() && wrong == 0, "{:?}", verdict.lines);
    true
}

/// Appends one by one and in batches, each under an id that another thread uses, too.
fn write(ledger: &Ledger, thread: usize, dossier: [u8; 16]) -> Vec<(u64, u64)> {
    let mut mine = Vec::new();
    for at in 0..EACH {
        // Two threads race for each of these; one appends, the other learns of it.
        let shared = format!("shared {} {at}", thread / 2);
        append(ledger, "s", Some(&shared), Dossier::Existing(dossier));
        if at % 4 == 0 {
            let many: Vec<_> =
                (0..3).map(|_| record(Sha256, "m", None, Dossier::Existing(dossier))).collect();
            let appended = ledger.append_many(&many).unwrap();
            assert!(appended.windows(2).all(|two| two[0].sequence + 1 == two[1].sequence));
            mine.extend(appended.iter().map(|a| (a.sequence, a.place)));
        } else {
            let one = append(ledger, "o", None, Dossier::Existing(dossier));
            mine.push((one.sequence, one.place));
        }
    }
    mine
}

fn try_to_seal(ledger: &Ledger, key: &SoftwareKey) {
    let result = ledger.seal_with(9, |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec()));
    if let Err(error) = result {
        let raced = matches!(
            error.code(),
            ErrorCode::NothingToSeal
                | ErrorCode::NothingPending
                | ErrorCode::StalePending
                | ErrorCode::SignatureMismatch
        );
        assert!(raced, "{error}");
    }
}

#[test]
fn threads_append_seal_prove_check_and_export_at_once() {
    let bank = key(SigAlg::Ed25519, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = create(SqliteStore::create(&path).unwrap(), Sha256, &bank);
    seal(&ledger, &bank);
    let dossier = append(&ledger, "0", None, Dossier::New).dossier;
    let done = AtomicBool::new(false);
    let written = thread::scope(|scope| {
        let (ledger, done, bank) = (&ledger, &done, &bank);
        let writers: Vec<_> = (0..WRITERS)
            .map(|thread| scope.spawn(move || write(ledger, thread, dossier)))
            .collect();
        // Two that seal: what one has begun, the other may commit.
        for _ in 0..2 {
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    try_to_seal(ledger, bank);
                }
            });
        }
        scope.spawn(move || {
            let mut proven = 0;
            while !done.load(Ordering::Relaxed) {
                proven += u32::from(assert_proves(ledger, dossier));
            }
            assert!(proven > 0);
        });
        scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                assert_eq!(
                    ledger
                        .check(|_, _| assert!(!ledger.status().unwrap().closed))
                        .unwrap()
                        .problems,
                    []
                );
            }
        });
        let path = &path;
        scope.spawn(move || {
            let mut replica = MemoryStore::new();
            while !done.load(Ordering::Relaxed) {
                let last = ledger.head().unwrap().unwrap().height;
                let bundle = ledger.export(0, last, Vec::new()).unwrap();
                assert_eq!(import(&mut replica, bundle.as_slice()).unwrap().height, last);
                // A reader of the file beside the writer.
                let reader = open_for_reading(SqliteStore::open_read_only(path).unwrap()).unwrap();
                assert!(reader.head().unwrap().unwrap().height >= last);
                assert_proves(&reader, dossier);
            }
        });
        let written: Vec<_> =
            writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        done.store(true, Ordering::Relaxed);
        written
    });
    try_to_seal(&ledger, &bank);
    assert_sound(&ledger);
    let sequences: HashSet<u64> = written.iter().map(|(sequence, _)| *sequence).collect();
    assert_eq!(sequences.len(), written.len(), "no sequence number was given twice");
    let places = ledger.dossier(&dossier).unwrap();
    let numbers: Vec<u64> = places.iter().map(|row| row.place).collect();
    assert_eq!(numbers, (0..places.len() as u64).collect::<Vec<_>>());
    for (sequence, place) in &written {
        assert_eq!(places[*place as usize].sequence, Some(*sequence));
    }
    assert_eq!(places.len(), 1 + written.len() + WRITERS / 2 * EACH, "shared ids once each");
}

#[test]
fn readers_open_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let keys: Vec<SoftwareKey> = (1..40).map(|seed| key(SigAlg::Ed25519, seed)).collect();
    let ledger = create(SqliteStore::create(&path).unwrap(), Sha256, &keys[0]);
    seal(&ledger, &keys[0]);
    let dossier = append(&ledger, "0", None, Dossier::New).dossier;
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            let (path, done) = (&path, &done);
            scope.spawn(move || {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let reader =
                        open_for_reading(SqliteStore::open_read_only(path).unwrap()).unwrap();
                    let status = reader.status().unwrap();
                    assert!(status.entries >= last, "never back");
                    last = status.entries;
                    reader.ledger_keys().unwrap();
                    let pending = reader.pending().unwrap();
                    assert!(pending.is_none_or(|block| block.height == status.blocks));
                    assert_proves(&reader, dossier);
                }
            });
        }
        // Rotations in block after block, with a block begun before each: a reader must never count one to a wrong block.
        for key in keys.windows(2) {
            let begun = ledger.begin(9).unwrap();
            rotate(&ledger, &key[1]).unwrap();
            append(&ledger, "1", None, Dossier::Existing(dossier));
            let old = keys.iter().find(|key| *key.public() == begun.key).unwrap();
            ledger.commit(old.sign(&begun.to_be_signed).unwrap().bytes()).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_sound(&ledger);
}

/// A copy of this program that opens the ledger, says how that went, and holds it until it is killed.
fn child(path: &Path) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_child_holds_the_ledger", "--nocapture", "--test-threads=1"])
        .env(ORDER, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let said = lines.find_map(|line| Some(line.unwrap().split_once("opened: ")?.1.to_owned()));
    (child, said.unwrap())
}

/// Not a test of its own: what the copy of this program does.
#[test]
#[allow(clippy::print_stdout)]
fn a_child_holds_the_ledger() {
    let Some(path) = std::env::var_os(ORDER) else { return };
    let opened = SqliteStore::open(&path).map(|store| (open(store).unwrap(), ()));
    println!("opened: {:?}", opened.as_ref().map(|_| ()).map_err(|error| error.code()));
    if opened.is_ok() {
        loop {
            thread::park();
        }
    }
}

#[test]
fn a_second_process_stays_out_until_the_first_is_gone() {
    let bank = key(SigAlg::Ed25519, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = create(SqliteStore::create(&path).unwrap(), Sha256, &bank);
    seal(&ledger, &bank);
    let (mut locked_out, said) = child(&path);
    assert_eq!(said, "Err(Locked)");
    assert!(locked_out.wait().unwrap().success());
    append(&ledger, "1", None, Dossier::New);
    drop(ledger);
    let (mut holder, said) = child(&path);
    assert_eq!(said, "Ok(())");
    assert_eq!(code(SqliteStore::open(&path)), ErrorCode::Locked);
    assert_eq!(code(SqliteStore::create(&path)), ErrorCode::Locked);
    let options = OpenOptions { read_only: true, ..open_options() };
    let reader = Ledger::open(Box::new(SqliteStore::open_read_only(&path).unwrap()), options);
    assert_eq!(reader.unwrap().status().unwrap().entries, 3, "reading needs no lock");
    holder.kill().unwrap();
    holder.wait().unwrap();
    let ledger = open(SqliteStore::open(&path).unwrap()).unwrap();
    seal(&ledger, &bank);
    assert_sound(&ledger);
}
