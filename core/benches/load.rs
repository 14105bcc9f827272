//! Load: threads that append at one time, and a ledger that grows. Beside the disk's own sync, and beside what it was when it was small.
//!
//! `YINZHENG_BENCH_ENTRIES` says how large it grows (default 200,000; the long run is 10,000,000 and takes about 15 GB),
//! `YINZHENG_BENCH_DIR` where.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::print_stdout
)]

mod common;

use std::fs::File;
use std::path::Path;
use std::thread;
use std::time::Instant;

use common::controls::RawLog;
use common::ledgers::{create, open, seal};
use common::{Line, records};
use yinzheng::hash::HashAlg;
use yinzheng::ledger::{Disclose, Ledger, NewRecord, ProofRequest, Selection, import};
use yinzheng::record::RecordBuilder;
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::SqliteStore;
use yinzheng::time::TimeClaim;
use yinzheng::value::{Field, FieldClass, Value};

/// Records of one append.
const AT_ONCE: usize = 10_000;

fn key() -> SoftwareKey {
    SoftwareKey::from_seed(SigAlg::Ed25519, &[1; 32]).unwrap()
}

/// A record with one field: an end-of-day line.
fn line(seed: usize) -> NewRecord {
    let (profile, reference) = records::profile(HashAlg::Sha256);
    let field = Field {
        name: "balance".into(),
        class: FieldClass::C2,
        value: Value::Text(format!("{seed:012}.00")),
    };
    let time = TimeClaim::declared(1_700_000_000_000);
    let draft = RecordBuilder::new(reference, time).fields([field]).build().unwrap();
    NewRecord::new(profile, draft)
}

fn elapsed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Appends of full records, shared out among threads, beside one thread that writes and syncs a plain file as often.
fn threads(folder: &Path, appends: usize) -> Vec<Line> {
    let place = tempfile::tempdir_in(folder).unwrap();
    let mut lines = Vec::new();
    for count in [1, 4, 64] {
        let mut pairs = Vec::new();
        for round in 0..3 {
            let path = |name: &str| place.path().join(format!("{name} {count} {round}"));
            let ledger = create(&path("ledger"), HashAlg::Sha256, &key());
            let mut new = records::new_records(HashAlg::Sha256, appends);
            let opaque = records::opaque_entry(1_500, 1);
            let mut log = RawLog::create(&path("raw"));
            let raw = elapsed(|| (0..appends).for_each(|_| log.append(&[&opaque], None)));
            let shares: Vec<Vec<NewRecord>> =
                (0..count).map(|_| new.split_off(new.len() - appends / count)).collect();
            let done: usize = shares.iter().map(Vec::len).sum();
            let ours = elapsed(|| {
                thread::scope(|scope| {
                    for share in shares {
                        scope.spawn(|| {
                            share.into_iter().for_each(|new| drop(ledger.append(new).unwrap()));
                        });
                    }
                });
            });
            pairs.push((ours / done as f64, raw / appends as f64));
        }
        let work = format!("one of many appends, 30 fields, {count} threads");
        lines.push(Line::of(&work, "one thread, write and fdatasync of 1,500 bytes", None, &pairs));
    }
    lines
}

/// The most memory that this process ever had, in MiB.
fn peak_mib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    number.unwrap_or_default() / 1024
}

fn size_mib(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len() >> 20)
}

/// Opens it anew and proves a record in its middle: seconds of both.
fn open_and_prove(path: &Path) -> (f64, f64) {
    let mut ledger: Option<Ledger> = None;
    let opened = common::median((0..5).map(|_| {
        ledger = None;
        elapsed(|| ledger = Some(open(path)))
    }));
    let ledger = ledger.unwrap();
    let middle = ledger.status().unwrap().entries / 2;
    let request =
        ProofRequest { records: Selection::Sequences(vec![middle]), disclose: Disclose::All };
    let first = elapsed(|| drop(ledger.prove(&request).unwrap()));
    let next = common::median((0..5).map(|_| elapsed(|| drop(ledger.prove(&request).unwrap()))));
    println!(
        "    first proof after opening {}, then {}",
        common::seconds(first),
        common::seconds(next)
    );
    (opened, next)
}

fn grow(folder: &Path, entries: usize) {
    let place = tempfile::tempdir_in(folder).unwrap();
    let path = place.path().join("ledger.yzl");
    let mut ledger = Some(create(&path, HashAlg::Sha256, &key()));
    let (mut done, mut appending, mut sealing) = (0, 0.0, 0.0);
    let mut report_at = (entries / 100).max(AT_ONCE);
    println!("\n### A ledger that grows\n");
    while done < entries {
        let new: Vec<NewRecord> = (done..done + AT_ONCE).map(line).collect();
        let open_now = ledger.as_ref().unwrap();
        appending += elapsed(|| drop(open_now.append_many(&new).unwrap()));
        done += AT_ONCE;
        if done % (10 * AT_ONCE) == 0 || done >= entries || done >= report_at {
            sealing += elapsed(|| seal(open_now, &key()));
        }
        if done >= report_at {
            drop(ledger.take());
            let (opened, proved) = open_and_prove(&path);
            println!(
                "  {done} entries: append {} and seal {} each, {} MiB; open {}, prove {}; memory so far {} MiB",
                common::seconds(appending / done as f64),
                common::seconds(sealing / done as f64),
                size_mib(&path),
                common::seconds(opened),
                common::seconds(proved),
                peak_mib()
            );
            ledger = Some(open(&path));
            report_at = (report_at * 10).min(entries.max(report_at + 1));
        }
    }
    let ledger = ledger.unwrap();
    let (bundle, replica) = (place.path().join("bundle"), place.path().join("replica.yzl"));
    let height = ledger.head().unwrap().unwrap().height;
    let before = peak_mib();
    let out = std::io::BufWriter::new(File::create(&bundle).unwrap());
    let exported = elapsed(|| drop(ledger.export(0, height, out).unwrap()));
    let mut store = SqliteStore::create(&replica).unwrap();
    let input = File::open(&bundle).unwrap();
    let imported = elapsed(|| {
        import(&mut store, input).unwrap();
    });
    println!(
        "  bundle of {} MiB: export {}, import into a file {}; memory before {before} MiB, after {} MiB",
        size_mib(&bundle),
        common::seconds(exported),
        common::seconds(imported),
        peak_mib()
    );
}

fn main() {
    let number = |name: &str, default: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (appends, entries) = match common::only_a_try() {
        true => (64, AT_ONCE),
        false => (6_400, number("YINZHENG_BENCH_ENTRIES", 200_000)),
    };
    let folder = common::folder();
    common::print("Threads that append", &threads(&folder, appends));
    grow(&folder, entries);
}
