//! What durability costs: bulk sealing, single appends, reopening, checking a whole ledger, each beside what anybody could
//! do with the same bytes on the same disk. Contestants take turns on fresh files, so that Criterion's own sampling (one
//! after the other) would not do here.
//!
//! `cargo bench -p yinzheng --bench seal`; `YINZHENG_BENCH_DIR` names a folder on the disk to measure (default: Cargo's
//! target folder), `YINZHENG_BENCH_RECORDS` the number of records (default 100,000), `YINZHENG_BENCH_ROUNDS` the rounds.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::print_stdout
)]

mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use common::controls::{BlobSqlite, Chain, PlainSqlite, RawLog};
use common::ledgers::{create, open, read_only, seal};
use common::{Bar, Line, records};
use yinzheng::block::{Head, LeafHasher};
use yinzheng::hash::HashAlg;
use yinzheng::ledger::{NewRecord, import};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::{BlockRow, Changes, MemoryStore, SqliteStore, Store};

const BLOCK: usize = 1_000;
const BYTES: usize = 1_500;

/// How much is measured.
struct Size {
    records: usize,
    rounds: usize,
    singles: usize,
}

/// What is appended: made before the clock starts, used in turn.
struct Inputs {
    alg: HashAlg,
    key: SoftwareKey,
    records: Vec<NewRecord>,
    bare: Vec<NewRecord>,
    opaque: Vec<Vec<u8>>,
}

impl Inputs {
    fn new(alg: HashAlg) -> Self {
        let records = records::new_records(alg, BLOCK);
        let bare = records
            .iter()
            .cloned()
            .map(|mut record| {
                record.draft.disclosures.clear();
                record
            })
            .collect();
        let opaque = (0..BLOCK).map(|seed| records::opaque_entry(BYTES, seed)).collect();
        let key = SoftwareKey::from_seed(SigAlg::Ed25519, &[7; 32]).unwrap();
        Self { alg, key, records, bare, opaque }
    }

    fn opaque(&self) -> Vec<&[u8]> {
        self.opaque.iter().map(Vec::as_slice).collect()
    }
}

/// A contestant: fills a fresh file, and gives the time without making or closing it.
type Contestant = (&'static str, fn(&Path, &Inputs, usize) -> Duration);

fn raw(path: &Path, inputs: &Inputs, records: usize) -> Duration {
    let mut log = RawLog::create(path);
    let opaque = inputs.opaque();
    timed(records, || log.append(&opaque, None))
}

fn raw_seal(path: &Path, inputs: &Inputs, records: usize) -> Duration {
    let mut log = RawLog::create(path);
    let mut chain = Chain::new(inputs.alg, &inputs.key);
    let opaque = inputs.opaque();
    timed(records, || log.append(&opaque, Some(&mut chain)))
}

fn plain_sqlite(path: &Path, inputs: &Inputs, records: usize) -> Duration {
    let mut sqlite = PlainSqlite::create(path);
    let opaque = inputs.opaque();
    timed(records, || sqlite.append(&opaque, None))
}

fn blob_sqlite(path: &Path, inputs: &Inputs, records: usize) -> Duration {
    let mut sqlite = BlobSqlite::create(path);
    let mut chain = Chain::new(inputs.alg, &inputs.key);
    let opaque = inputs.opaque();
    timed(records, || sqlite.append(&opaque, &mut chain))
}

/// Entries that mean nothing, through the store and the state machine: what a host does that loads and seals on its own. Entries
/// and block become durable in one step, as with the controls and as in an import.
fn ours_opaque(path: &Path, inputs: &Inputs, records: usize) -> Duration {
    let ledger = create(path, inputs.alg, &inputs.key);
    let mut head = ledger.head_state().unwrap();
    drop(ledger);
    let mut store = SqliteStore::open(path).unwrap();
    let mut took = Duration::ZERO;
    for _ in 0..records / BLOCK {
        // The store takes them; the controls borrow theirs.
        let entries = inputs.opaque.clone();
        let start = Instant::now();
        head = seal_opaque(&mut store, &head, entries, &inputs.key);
        took += start.elapsed();
    }
    took
}

fn seal_opaque(
    store: &mut SqliteStore,
    head: &Head,
    entries: Vec<Vec<u8>>,
    key: &SoftwareKey,
) -> Head {
    let mut leaves = LeafHasher::after(head);
    leaves.add(&entries.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let leaves = leaves.finish();
    let prepared = Head::prepare_leaves(Some(head), &leaves, 9).unwrap();
    let signature = key.sign(&prepared.to_be_signed()).unwrap();
    let block = prepared.sign(signature.bytes()).unwrap();
    let sealed = Head::check_leaves(Some(head), &block, &leaves).unwrap();
    let row = BlockRow {
        height: sealed.head.height(),
        first: head.next_sequence(),
        content: BLOCK as u64,
        sealed: block.sealed_bytes(),
        history_leaf: [0; 32],
    };
    let tree = leaves.tree().to_flat();
    let (entries, block) = (Some((head.next_sequence(), entries)), Some((row, tree)));
    store.apply(&Changes { entries, block, ..Changes::default() }).unwrap();
    sealed.head
}

fn ours_bare(path: &Path, inputs: &Inputs, records: usize) -> Duration {
    let ledger = create(path, inputs.alg, &inputs.key);
    timed(records, || {
        ledger.append_many(&inputs.bare).unwrap();
        seal(&ledger, &inputs.key);
    })
}

fn ours_full(path: &Path, inputs: &Inputs, records: usize) -> Duration {
    let ledger = create(path, inputs.alg, &inputs.key);
    timed(records, || {
        ledger.append_many(&inputs.records).unwrap();
        seal(&ledger, &inputs.key);
    })
}

fn ours_with_ids(path: &Path, inputs: &Inputs, records: usize) -> Duration {
    let ledger = create(path, inputs.alg, &inputs.key);
    let mut list = inputs.records.clone();
    let mut id = 0u64;
    timed(records, || {
        for record in &mut list {
            record.business_id = Some(format!("event-{id}"));
            id += 1;
        }
        ledger.append_many(&list).unwrap();
        seal(&ledger, &inputs.key);
    })
}

const BULK: [Contestant; 8] = [
    ("raw log", raw),
    ("raw-seal", raw_seal),
    ("SQLite, a row per record", plain_sqlite),
    ("SQLite, a blob per block, sealed", blob_sqlite),
    ("ours, opaque", ours_opaque),
    ("ours, records without values", ours_bare),
    ("ours, 30 fields with values", ours_full),
    ("ours, 30 fields with values and business ids", ours_with_ids),
];

fn timed(records: usize, mut block: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..records / BLOCK {
        block();
    }
    start.elapsed()
}

fn bulk(folder: &Path, size: &Size, inputs: &Inputs) -> Vec<Line> {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); BULK.len()];
    let mut bytes = vec![0u64; BULK.len()];
    let mut work = vec![0u64; BULK.len()];
    for round in 0..size.rounds {
        // Each round starts with another contestant, so that none always comes after the same neighbour.
        for at in (0..BULK.len()).map(|at| (at + round) % BULK.len()) {
            let place = tempfile::tempdir_in(folder).unwrap();
            let before = (written(), processor_ns());
            let time = BULK[at].1(&place.path().join("ledger.db"), inputs, size.records);
            bytes[at] = written() - before.0;
            work[at] = processor_ns() - before.1;
            times[at].push(time.as_secs_f64() / size.records as f64);
        }
    }
    println!("\n{} records of {BYTES} bytes, {}:", size.records, inputs.alg);
    for (at, (name, _)) in BULK.iter().enumerate() {
        let time = common::median(times[at].iter().copied());
        println!(
            "  {name:45} {:>9} each, {:>4.0} k/s, processor {:>9}, written {:.2} x",
            common::seconds(time),
            1e-3 / time,
            common::seconds(work[at] as f64 * 1e-9 / size.records as f64),
            bytes[at] as f64 / (size.records * BYTES) as f64
        );
    }
    let line = |work: usize, control: usize, bar: Option<Bar>| {
        let pairs: Vec<(f64, f64)> =
            times[work].iter().copied().zip(times[control].iter().copied()).collect();
        let title = format!("seal in blocks of 1,000, {}, {}", BULK[work].0, inputs.alg);
        Line::of(&title, BULK[control].0, bar, &pairs)
    };
    vec![
        line(4, 1, Some(Bar::Rate(0.5))),
        line(4, 3, None),
        line(5, 1, None),
        line(5, 2, None),
        line(6, 1, None),
        line(6, 2, None),
        line(7, 2, None),
    ]
}

/// Bytes that this process had the kernel write to disks so far.
fn written() -> u64 {
    let text = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    line.and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// Nanoseconds that this process's first thread was running: what noise from other processes cannot stretch.
fn processor_ns() -> u64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// One durable append after the other, contestants taking turns.
fn single(folder: &Path, size: &Size, inputs: &Inputs) -> Vec<Line> {
    let place = tempfile::tempdir_in(folder).unwrap();
    let path = |name: &str| place.path().join(name);
    let mut log = RawLog::create(&path("raw"));
    let mut sqlite = PlainSqlite::create(&path("sqlite"));
    let ledger = create(&path("ledger.db"), inputs.alg, &inputs.key);
    let mut chains = [Chain::new(inputs.alg, &inputs.key), Chain::new(inputs.alg, &inputs.key)];
    let mut times: [Vec<f64>; 4] = Default::default();
    for at in 0..size.singles {
        let opaque = [inputs.opaque[at % BLOCK].as_slice()];
        let mut with_id = inputs.records[at % BLOCK].clone();
        with_id.business_id = Some(format!("event-{at}"));
        let bare = inputs.bare[at % BLOCK].clone();
        let mut time = |of: usize, work: &mut dyn FnMut()| {
            let start = Instant::now();
            work();
            times[of].push(start.elapsed().as_secs_f64());
        };
        time(0, &mut || log.append(&opaque, Some(&mut chains[0])));
        time(1, &mut || sqlite.append(&opaque, Some((&mut chains[1], at % BLOCK == 0))));
        time(2, &mut || drop(ledger.append(bare.clone()).unwrap()));
        time(3, &mut || drop(ledger.append(with_id.clone()).unwrap()));
        if at % BLOCK == BLOCK - 1 {
            seal(&ledger, &inputs.key);
        }
    }
    let line = |work: &str, of: usize, control: (&str, usize), bar: Option<Bar>| {
        let pairs: Vec<(f64, f64)> =
            times[of].iter().copied().zip(times[control.1].iter().copied()).collect();
        Line::of(&format!("{work}, {}", inputs.alg), control.0, bar, &pairs)
    };
    let sealed = ("SQLite sealed", 1);
    vec![
        line("one durable append, no values", 2, sealed, Some(Bar::Times(1.15))),
        line("one durable append, 30 fields, business id", 3, sealed, Some(Bar::Times(1.15))),
        line("one durable append, no values", 2, ("raw-seal", 0), None),
    ]
}

/// Reopening and checking whole ledgers of two sizes.
fn whole(folder: &Path, size: &Size, inputs: &Inputs) -> Vec<Line> {
    let place = tempfile::tempdir_in(folder).unwrap();
    let path = |name: &str| place.path().join(name);
    let (small, large) = (path("small.db"), path("large.db"));
    ours_full(&small, inputs, BLOCK);
    ours_full(&large, inputs, size.records);
    plain_sqlite(&path("sqlite"), inputs, size.records);
    blob_sqlite(&path("blob"), inputs, size.records);
    let mut lines = Vec::new();
    let mut open_pairs = [Vec::new(), Vec::new()];
    for _ in 0..size.singles.min(200) {
        let time = |work: &dyn Fn()| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        };
        let sqlite = time(&|| assert!(PlainSqlite::open(&path("sqlite")).count() > 0));
        open_pairs[0].push((time(&|| drop(open(&small))), sqlite));
        open_pairs[1].push((time(&|| drop(open(&large))), sqlite));
    }
    for (count, pairs) in [BLOCK, size.records].iter().zip(&open_pairs) {
        let title = format!("reopen at {count} records, {}", inputs.alg);
        lines.push(Line::of(&title, "SQLite's own open", Some(Bar::Times(1.5)), pairs));
    }
    let ledger = open(&large);
    let reader = read_only(&large);
    let height = ledger.head().unwrap().unwrap().height;
    let mut bundle = Vec::new();
    let mut times: [Vec<f64>; 5] = Default::default();
    for _ in 0..size.rounds {
        let mut time = |of: usize, work: &mut dyn FnMut()| {
            let start = Instant::now();
            work();
            times[of].push(start.elapsed().as_secs_f64() / size.records as f64);
        };
        time(0, &mut || {
            BlobSqlite::open(&path("blob")).verify(inputs.alg, inputs.key.public(), BYTES)
        });
        time(1, &mut || assert!(reader.check(|_, _| {}).unwrap().problems.is_empty()));
        time(2, &mut || assert!(ledger.check(|_, _| {}).unwrap().problems.is_empty()));
        time(3, &mut || bundle = ledger.export(0, height, Vec::new()).unwrap());
        time(4, &mut || {
            import(&mut MemoryStore::new(), bundle.as_slice()).unwrap();
        });
    }
    let mut line = |work: &str, of: usize, bar: Option<Bar>| {
        let pairs: Vec<(f64, f64)> =
            times[of].iter().copied().zip(times[0].iter().copied()).collect();
        let title = format!("{work}, per record, {}", inputs.alg);
        lines.push(Line::of(&title, "SQLite blobs, read and verified", bar, &pairs));
    };
    line("check a whole ledger", 1, Some(Bar::Times(1.2)));
    line("check a whole ledger and open every value", 2, None);
    line("export a bundle", 3, None);
    line("import a bundle into memory", 4, None);
    lines
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() {
    let size = match common::only_a_try() {
        true => Size { records: BLOCK, rounds: 1, singles: 3 },
        false => Size {
            records: number("YINZHENG_BENCH_RECORDS", 100_000),
            rounds: number("YINZHENG_BENCH_ROUNDS", 3),
            singles: 2_000,
        },
    };
    let folder = common::folder();
    let only = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let wanted = |part: &str| only.as_deref().is_none_or(|only| part.contains(only));
    let mut lines = Vec::new();
    for alg in HashAlg::ALL {
        let inputs = Inputs::new(alg);
        if wanted("bulk") {
            lines.extend(bulk(&folder, &size, &inputs));
        }
        if wanted("single") {
            lines.extend(single(&folder, &size, &inputs));
        }
        if wanted("whole") {
            lines.extend(whole(&folder, &size, &inputs));
        }
    }
    common::print("Sealing, durably", &lines);
}
