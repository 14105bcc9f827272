//! One record of 30 fields beside the bare hashing it must do, and the reader's worst cases.
//! `cargo bench -p yinzheng --bench record`

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::hint::black_box;

use common::{Bar, Line, alone, beside, beside_given, records};
use criterion::Criterion;
use yinzheng::codec::Item;
use yinzheng::entry::Entry;
use yinzheng::hash::HashAlg;
use yinzheng::merkle::{leaf_hash, node_hash};
use yinzheng::record::{Record, RecordBuilder};
use yinzheng::time::TimeClaim;
use yinzheng::value::Field;

fn one_record(c: &mut Criterion, alg: HashAlg) -> Vec<Line> {
    let (_, reference) = records::profile(alg);
    let fields = records::fields(1);
    let draft = records::draft(&reference, 1);
    let values: Vec<Vec<u8>> = draft.disclosures.iter().map(|value| value.encode()).collect();
    let bytes = records::record_bytes(alg, 1);
    // Everything that the format has hashed once it is sealed: commitments, record digest, leaf, and one node a record.
    let mut bare = || {
        let commitments = alg.digest_many(black_box(&values).iter().map(Vec::as_slice));
        let leaf = leaf_hash(alg, black_box(&bytes));
        (commitments, alg.digest(&bytes), node_hash(alg, &leaf, &leaf))
    };
    let whole = |fields: Vec<Field>| {
        let draft = RecordBuilder::new(reference.clone(), TimeClaim::declared(7)).fields(fields);
        let record = draft.build().unwrap().encode_at([9; 16], 0, None).unwrap();
        let leaf = leaf_hash(alg, &record);
        (alg.digest(&record), node_hash(alg, &leaf, &leaf))
    };
    let mut lines = vec![beside_given(
        c,
        &format!("fields to sealed leaf, 30 fields, {alg}"),
        Some(Bar::Times(1.5)),
        || black_box(&fields).clone(),
        whole,
        ("the hashing it must do", &mut bare),
    )];
    lines.push(alone(c, &format!("read a record, {alg}"), None, || {
        Record::parse(black_box(&bytes)).unwrap()
    }));
    lines
}

/// Inputs of a mebibyte that make a reader work hardest for each byte.
fn worst_cases() -> Vec<(&'static str, Vec<u8>)> {
    const MEBIBYTE: usize = 1 << 20;
    let array_of = |item: &[u8]| {
        let count = u32::try_from((MEBIBYTE - 5) / item.len()).unwrap();
        let mut bytes = vec![0x9a];
        bytes.extend(count.to_be_bytes());
        bytes.extend(item.repeat(count as usize));
        bytes
    };
    let mut long_map = vec![0xba];
    let pairs = 200_000u32;
    long_map.extend(pairs.to_be_bytes());
    // Keys above 65,535 are refused, so a long map ends in a fault: the reader must come that far.
    (0..pairs).for_each(|key| {
        match key {
            0..24 => long_map.push(key as u8),
            24..256 => long_map.extend([0x18, key as u8]),
            _ => long_map.extend([0x19, (key >> 8) as u8, key as u8]),
        }
        long_map.push(0xf6);
    });
    let mut text = vec![0x7a];
    text.extend((((MEBIBYTE - 5) / 3 * 3) as u32).to_be_bytes());
    text.extend("印".repeat((MEBIBYTE - 5) / 3).bytes());
    vec![
        ("small integers", array_of(&[0x00])),
        ("empty arrays", array_of(&[0x80])),
        ("nests of six", array_of(&[0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x00])),
        ("maps of one pair", array_of(&[0xa1, 0x00, 0x00])),
        ("decimals", array_of(&[0xc4, 0x82, 0x00, 0x00])),
        ("long integers", array_of(&[0x1b, 0x10, 0, 0, 0, 0, 0, 0, 0])),
        ("a long map", long_map),
        ("Chinese text", text),
    ]
}

fn reader(c: &mut Criterion) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, bytes) in worst_cases() {
        let hash = HashAlg::Sha256;
        lines.push(beside(
            c,
            &format!("refuse or accept 1 MiB: {name}"),
            Some(Bar::Within(0.020)),
            || Item::parse(black_box(&bytes), 1 << 26).is_ok(),
            ("hashing it, SHA-256", &mut || hash.digest(black_box(&bytes))),
        ));
    }
    let full = records::record_bytes(HashAlg::Sha256, 3);
    let many = (1 << 20) / full.len();
    lines.push(alone(c, "1 MiB of records, each as an entry", None, || {
        (0..many).filter(|_| Entry::parse(black_box(&full)).is_ok()).count()
    }));
    lines
}

fn main() {
    let mut c = common::criterion();
    let mut lines: Vec<Line> =
        HashAlg::ALL.into_iter().flat_map(|alg| one_record(&mut c, alg)).collect();
    lines.extend(reader(&mut c));
    c.final_summary();
    common::print("Records and the strict reader", &lines);
}
