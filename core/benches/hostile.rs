//! What a reader spends on the worst input that we know for it: milliseconds per megabyte at three sizes, and the most bytes held for
//! each byte of input. Time per megabyte must not grow with the size, and memory stays a small multiple.
//! `cargo bench -p yinzheng --bench hostile`

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::float_arithmetic
)]

#[path = "hostile/inputs.rs"]
mod inputs;
#[path = "../tests/common/meter.rs"]
mod meter;

use std::time::{Duration, Instant};

use yinzheng::block::Receipt;
use yinzheng::bundle::BundleReader;
use yinzheng::codec::Item;
use yinzheng::entry::Entry;
use yinzheng::profile::{Profile, builtin_by_id};
use yinzheng::proof::Proof;
use yinzheng::verify::{DeclaredTime, Policy, verify, verify_bundle};

const AT: DeclaredTime = DeclaredTime { unix_ms: 1_800_000_000_000 };
const MEGABYTE: usize = 1_000_000;

/// A reader, a shape of input, and how to make it of about so many bytes.
struct Line {
    reader: &'static str,
    shape: &'static str,
    /// What the smallest of the three sizes is.
    start: usize,
    make: fn(usize) -> Vec<u8>,
    read: fn(&[u8]),
}

fn item(input: &[u8]) {
    let _ = Item::parse(input, input.len());
}

fn proof(input: &[u8]) {
    let _ = Proof::parse(input);
}

fn verdict(input: &[u8]) {
    drop(verify(input, &Policy::empty(), AT).to_json());
}

fn bundle(input: &[u8]) {
    if let Ok(mut reader) = BundleReader::new(input) {
        while let Ok(Some(_)) = reader.next_block() {}
    }
}

fn bundle_verdict(input: &[u8]) {
    drop(verify_bundle(input, &Policy::empty(), AT).to_json());
}

fn message(input: &[u8]) {
    let _ = builtin_by_id("generic").unwrap().read(input, &[]);
}

const LINES: [Line; 19] = [
    Line {
        reader: "codec",
        shape: "empty arrays",
        start: MEGABYTE,
        make: |n| inputs::list(n, &[0x80]),
        read: item,
    },
    Line {
        reader: "codec",
        shape: "small integers",
        start: MEGABYTE,
        make: |n| inputs::list(n, &[0]),
        read: item,
    },
    Line {
        reader: "codec",
        shape: "seven levels, again and again",
        start: MEGABYTE,
        make: |n| inputs::list(n, &[0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x80]),
        read: item,
    },
    Line {
        reader: "codec",
        shape: "decimals",
        start: MEGABYTE,
        make: |n| inputs::list(n, &[0xc4, 0x82, 0, 0]),
        read: item,
    },
    Line {
        reader: "codec",
        shape: "signed messages",
        start: MEGABYTE,
        make: |n| inputs::list(n, &[0xd2, 0x84, 0x40, 0xa0, 0xf6, 0x40]),
        read: item,
    },
    Line {
        reader: "codec",
        shape: "text of three-byte letters",
        start: MEGABYTE,
        make: inputs::text,
        read: item,
    },
    Line {
        reader: "entry",
        shape: "optional keys",
        start: 15_000,
        make: inputs::keys,
        read: |input| drop(Entry::parse(input)),
    },
    Line {
        reader: "receipt",
        shape: "a path of empty nodes",
        start: 15_000,
        make: inputs::path,
        read: |input| drop(Receipt::parse(input)),
    },
    Line {
        reader: "proof",
        shape: "items that are none",
        start: MEGABYTE,
        make: |n| inputs::proof_of(2, n, &[0xa0]),
        read: proof,
    },
    Line {
        reader: "proof",
        shape: "profiles of two bytes",
        start: MEGABYTE,
        make: |n| inputs::proof_of(3, n, &[0x42, b'{', b'}']),
        read: proof,
    },
    Line {
        reader: "proof",
        shape: "empty words from outside",
        start: MEGABYTE,
        make: |n| inputs::proof_of(5, n, &[0xa0]),
        read: proof,
    },
    Line {
        reader: "verdict",
        shape: "honest, every block with a signature",
        start: 250_000,
        make: |n| inputs::ledger(n, 1).0,
        read: verdict,
    },
    Line {
        reader: "verdict",
        shape: "honest, 50 records a block",
        start: 250_000,
        make: |n| inputs::ledger(n, 50).0,
        read: verdict,
    },
    Line {
        reader: "bundle",
        shape: "entries of one byte",
        start: MEGABYTE,
        make: |n| inputs::bundle(n, &[0x41, 0]),
        read: bundle,
    },
    Line {
        reader: "bundle verdict",
        shape: "honest, every block with a signature",
        start: 100_000,
        make: |n| inputs::ledger(n, 1).1,
        read: bundle_verdict,
    },
    Line {
        reader: "message",
        shape: "a text of one letter",
        start: 250_000,
        make: inputs::message_text,
        read: message,
    },
    Line {
        reader: "message",
        shape: "lists in lists",
        start: 250_000,
        make: |n| vec![b'['; n],
        read: message,
    },
    Line {
        reader: "profile",
        shape: "fields that are none",
        start: 15_000,
        make: inputs::profile,
        read: |input| drop(Profile::parse(input)),
    },
    Line {
        reader: "policy",
        shape: "ledgers",
        start: MEGABYTE,
        make: inputs::policy,
        read: |input| drop(Policy::parse(input)),
    },
];

/// Time that this thread was given, on Linux; else what the clock says. Other programs on the machine count in the second only.
fn spent(begun: Instant) -> Duration {
    let given = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    match given.split(' ').next().and_then(|first| first.parse().ok()) {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => begun.elapsed(),
    }
}

/// Milliseconds of one run, from as many as take a tenth of a second.
fn milliseconds(read: fn(&[u8]), input: &[u8]) -> f64 {
    let begun = Instant::now();
    let before = spent(begun);
    for runs in 1.. {
        read(input);
        let took = spent(begun) - before;
        if took >= Duration::from_millis(100) {
            return took.as_secs_f64() * 1e3 / f64::from(runs);
        }
    }
    0.0
}

fn main() {
    println!("| reader | shape | ms per MB, at 1, 2 and 4 times | growth | bytes held per byte |");
    println!("|---|---|---|---|---|");
    let mut worst = 0.0f64;
    for line in &LINES {
        let mut per_megabyte = Vec::new();
        let mut held = 0.0f64;
        let mut start = 0;
        for times in [1, 2, 4] {
            let input = (line.make)(line.start * times);
            start = if times == 1 { input.len() } else { start };
            let ms = milliseconds(line.read, &input);
            per_megabyte.push(ms * 1e6 / input.len() as f64);
            let peak = meter::peak(|| (line.read)(&input));
            held = held.max(peak as f64 / input.len() as f64);
        }
        let growth = per_megabyte[2] / per_megabyte[0];
        worst = worst.max(growth);
        let figures: Vec<String> = per_megabyte.iter().map(|ms| format!("{ms:.2}")).collect();
        println!(
            "| {} | {}, {} kB | {} | {growth:.2} | {held:.1} |",
            line.reader,
            line.shape,
            start / 1000,
            figures.join(", ")
        );
    }
    println!("\nlargest growth per megabyte, from the smallest to four times of it: {worst:.2}");
}
