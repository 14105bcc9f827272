//! The lowest storey: one strict check, trees against rs_merkle in the same run, digests, signatures.
//! `cargo bench -p yinzheng --bench bytes`

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use yinzheng::codec::{Item, MapBuilder, Writer};
use yinzheng::hash::HashAlg;
use yinzheng::merkle::{Frontier, Node, Tree, leaf_hashes, root, second_opinion, verify_inclusion};
use yinzheng::sign::{SigAlg, SoftwareKey, Strictness};

/// The shape of a record with 31 fields: about 1,500 bytes.
fn write_record(names: &[String]) -> Vec<u8> {
    MapBuilder::with_capacity(2_000)
        .put_uint(0, 2)
        .put_uint(1, 0)
        .put(2, |w| w.array(3).text("loan.disbursement").uint(1).array(2).int(-16).bstr(&[1; 32]))
        .put_bstr(3, &[2; 16])
        .put_uint(4, 7)
        .put(5, |w| w.array(1).array(2).uint(0).array(2).int(-16).bstr(&[3; 32]))
        .put(6, |w| {
            names.iter().fold(w.array(names.len()), |w, name| w.array(2).text(name).bstr(&[4; 32]))
        })
        .put(7, |w| w.map(2).int(1).array(2).uint(1_700_000_000_000).uint(480).int(2).uint(4))
        .put_int(8, -16)
        .finish()
}

fn codec(c: &mut Criterion) {
    let names: Vec<String> = (10..41).map(|n| format!("loan.field_{n}")).collect();
    let record = write_record(&names);
    let mut group = c.benchmark_group(format!("record of {} bytes", record.len()));
    group.throughput(Throughput::Bytes(record.len() as u64));
    group.bench_function("strict check", |b| {
        b.iter(|| Item::parse(black_box(&record), 65_535).unwrap())
    });
    group.bench_function("write", |b| b.iter(|| write_record(black_box(&names))));
    group.bench_function("read every field", |b| {
        b.iter(|| {
            let map = Item::parse(black_box(&record), 65_535).unwrap().map().unwrap();
            let fields = map.need(6).unwrap();
            fields
                .elements()
                .unwrap()
                .map(|f| f.array_n::<2>().unwrap()[0].text().unwrap().len())
                .sum::<usize>()
        })
    });
    group.finish();
    c.bench_function("write a disclosure", |b| {
        b.iter(|| {
            Writer::new()
                .array(3)
                .bstr(&[1; 16])
                .text(black_box("5000.00"))
                .text("loan.amount")
                .finish()
        })
    });
}

fn trees(c: &mut Criterion) {
    for alg in HashAlg::ALL {
        let entries: Vec<[u8; 32]> =
            (0..100_000u32).map(|n| alg.digest(&n.to_be_bytes())).collect();
        let leaves: Vec<Node> = leaf_hashes(alg, &entries);
        let mut group = c.benchmark_group(format!("tree of 100,000 leaves, {alg}"));
        group.throughput(Throughput::Elements(leaves.len() as u64)).sample_size(20);
        group.bench_function("leaf hashes", |b| b.iter(|| leaf_hashes(alg, black_box(&entries))));
        group.bench_function("root", |b| b.iter(|| root(alg, black_box(&leaves))));
        group.bench_function("leaves and root", |b| {
            b.iter(|| root(alg, &leaf_hashes(alg, black_box(&entries))))
        });
        group
            .bench_function("all levels", |b| b.iter(|| Tree::new(alg, black_box(leaves.clone()))));
        group.bench_function("frontier", |b| {
            b.iter(|| Frontier::of(alg, black_box(&leaves)).root())
        });
        group.bench_function("rs_merkle root", |b| {
            b.iter(|| second_opinion::root(alg, black_box(&leaves)))
        });
        group.bench_function("rs_merkle leaves and root", |b| {
            b.iter(|| second_opinion::root(alg, &leaf_hashes(alg, black_box(&entries))))
        });
        group.finish();
        let tree = Tree::new(alg, leaves);
        let path = tree.path(54_321).unwrap();
        let (leaf, top) = (tree.leaves()[54_321], tree.root());
        c.bench_with_input(BenchmarkId::new("verify inclusion", alg), &path, |b, path| {
            b.iter(|| verify_inclusion(alg, leaf, 54_321, 100_000, black_box(path), &top).unwrap())
        });
    }
}

fn digests(c: &mut Criterion) {
    for alg in HashAlg::ALL {
        let messages: Vec<[u8; 48]> = (0..1000u32).map(|n| [n as u8; 48]).collect();
        let mut group = c.benchmark_group(format!("1,000 messages of 48 bytes, {alg}"));
        group.throughput(Throughput::Elements(1000));
        group.bench_function("digest_many", |b| {
            b.iter(|| alg.digest_many(black_box(&messages).iter().map(|m| &m[..])))
        });
        group.finish();
    }
}

fn signatures(c: &mut Criterion) {
    for alg in SigAlg::ALL {
        let key = SoftwareKey::from_seed(alg, &[7; 32]).unwrap();
        let signature = key.sign(b"message").unwrap();
        c.bench_function(&format!("sign {alg}"), |b| {
            b.iter(|| key.sign(black_box(b"message")).unwrap())
        });
        c.bench_function(&format!("verify {alg}"), |b| {
            b.iter(|| {
                key.public().verify(black_box(b"message"), &signature, Strictness::Ours).unwrap()
            })
        });
    }
}

criterion_group!(benches, codec, trees, digests, signatures);
criterion_main!(benches);
