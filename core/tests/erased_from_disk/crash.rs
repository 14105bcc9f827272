//! A process that dies while it erases: the next open finishes, and then nothing of what was erased is left either.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus};

use yinzheng::ErrorCode;
use yinzheng::entry::TombstoneReason;
use yinzheng::hash::HashAlg;
use yinzheng::ledger::{EraseRequest, EraseTarget};
use yinzheng::sign::SigAlg;
use yinzheng::store::SqliteStore;
use yinzheng::time::TimeClaim;

use crate::disk::Disk;
use crate::ledgers::{assert_sound, create, key, open, seal};
use crate::planted::{Planted, Traces, search, search_files};

const RECORDS: usize = 24;
/// Where the child finds the ledger.
const FOLDER: &str = "YINZHENG_ERASING_CHILD";
/// The calls at which the child dies: those that change a file or make a change durable.
const CALLS: [&str; 4] = ["pwrite64", "fdatasync", "fsync", "ftruncate"];
/// How many points of each call are tried, evenly among those that a whole run makes.
const POINTS: usize = 7;

/// Whether a record is to be erased whole, by field, or not at all.
fn target(at: usize, sequence: u64) -> Option<EraseTarget> {
    match at % 3 {
        0 => Some(EraseTarget::Records(vec![sequence])),
        1 => Some(EraseTarget::Fields(sequence, vec!["subject.mobile".into()])),
        _ => None,
    }
}

/// A ledger as it lies there while it is in use, half of its rows in the write-ahead log, and what the vault holds of each record.
fn prepare(folder: &Path) -> Vec<(u64, Planted)> {
    let path = folder.join("ledger.db");
    let bank = key(SigAlg::Ed25519, 1);
    let made = tempfile::tempdir().unwrap();
    let working = made.path().join("ledger.db");
    let mut ledger = create(SqliteStore::create(&working).unwrap(), HashAlg::Sha256, &bank);
    let mut records = Vec::new();
    for at in 0..RECORDS {
        records.push(ledger.append(crate::record(at)).unwrap().sequence);
        if at == RECORDS / 2 {
            seal(&ledger, &bank);
            drop(ledger);
            ledger = open(SqliteStore::open(&working).unwrap()).unwrap();
        }
    }
    for end in ["", "-wal"] {
        let name = |path: &Path| format!("{}{end}", path.display());
        fs::copy(name(&working), name(&path)).unwrap();
    }
    let plant = |(at, sequence): (usize, &u64)| {
        let mut planted = Planted::default();
        crate::plant_row(&mut planted, &working, at, *sequence);
        (*sequence, planted)
    };
    records.iter().enumerate().map(plant).collect()
}

/// Not a test of its own: what the child does, when it is told where.
#[test]
#[ignore = "the child of a_killed_erasure_is_finished_and_leaves_nothing"]
fn the_child_erases() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let ledger = open(SqliteStore::open(Path::new(&folder).join("ledger.db")).unwrap()).unwrap();
    let mut at = 0;
    for sequence in 0..ledger.status().unwrap().entries {
        if ledger.disclosures(sequence).is_err() {
            continue;
        }
        if let Some(target) = target(at, sequence) {
            let reason = TombstoneReason::PersonsRequest;
            let reference = "person's request 42".into();
            let time = TimeClaim::declared(8);
            ledger.erase(&EraseRequest { target, reason, reference, time }).unwrap();
        }
        at += 1;
    }
}

/// Runs the child under strace, which kills it at the `when`-th `call` on the ledger's files, and counts into `log`.
fn child(folder: &Path, log: &Path, inject: Option<(&str, usize)>) -> ExitStatus {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-qq", "-o"])
        .arg(log)
        .args(["-e", "trace=pwrite64,fdatasync,fsync,ftruncate"]);
    for end in ["", "-wal", "-shm"] {
        command.arg("-P").arg(folder.join(format!("ledger.db{end}")));
    }
    if let Some((call, when)) = inject {
        command.args(["-e", &format!("inject={call}:signal=KILL:when={when}")]);
    }
    command.arg(std::env::current_exe().unwrap());
    command.args(["--exact", "crash::the_child_erases", "--ignored", "--test-threads=1"]);
    command.env(FOLDER, folder).output().unwrap().status
}

/// What remained after the child died and the ledger was opened again; how many of the records were erased by then.
fn check(folder: &Path, records: &[(u64, Planted)], whose: &str) -> (Traces, usize) {
    let ledger = open(SqliteStore::open(folder.join("ledger.db")).unwrap()).unwrap();
    assert_sound(&ledger);
    let (mut traces, mut erased) = (Traces::default(), 0);
    for (at, (sequence, planted)) in records.iter().enumerate() {
        let whole = match ledger.disclosures(*sequence) {
            Ok(left) => left.iter().any(|disclosure| disclosure.name == "subject.mobile"),
            Err(error) if error.code() == ErrorCode::Erased => false,
            Err(error) => panic!("{whose}: {error}"),
        };
        let place = if whole { &mut traces.kept } else { &mut traces.gone };
        place.extend(planted);
        erased += usize::from(!whole);
        assert!(whole || target(at, *sequence).is_some(), "{whose}: erased what was not to be");
    }
    drop(ledger);
    search_files(folder, &traces, whose);
    (traces, erased)
}

#[test]
#[ignore = "needs root, a loop device and strace: sh tests/run.sh erasure"]
fn a_killed_erasure_is_finished_and_leaves_nothing() {
    let made = tempfile::tempdir().unwrap();
    let log = made.path().join("log");
    let counted = made.path().join("counted");
    fs::create_dir(&counted).unwrap();
    let records = prepare(&counted);
    assert!(child(&counted, &log, None).success());
    let calls = fs::read_to_string(&log).unwrap();
    let (_, all) = check(&counted, &records, "not killed");
    assert_eq!(all, RECORDS / 3 * 2);

    let (mut points, mut between) = (0, 0);
    for call in CALLS {
        let count = calls.lines().filter(|line| line.contains(&format!(" {call}("))).count();
        for point in 0..POINTS.min(count) {
            let when = 1 + point * count / POINTS.min(count);
            let mut disk = Disk::make(16 << 20).unwrap();
            let records = prepare(&disk.mount);
            let whose = format!("killed at {call} {when} of {count}");
            assert!(!child(&disk.mount, &log, Some((call, when))).success(), "{whose}");
            let (traces, erased) = check(&disk.mount, &records, &whose);
            disk.unmount();
            search(&fs::read(&disk.image).unwrap(), &traces, &format!("the image, {whose}"));
            points += 1;
            between += usize::from(erased > 0 && erased < all);
        }
    }
    println!("{points} points, {between} with a part of the erasures done");
    assert!(points > 15 && between > 5, "{points} points, {between} between");
}
