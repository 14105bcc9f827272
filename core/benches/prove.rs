//! Proofs: made from disk, read, verified. `cargo bench -p yinzheng --bench prove`

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::hint::black_box;
use std::path::Path;

use common::controls::{Chain, PlainSqlite};
use common::{Bar, Line, alone, beside, ledgers, records};
use criterion::Criterion;
use yinzheng::block::Receipt;
use yinzheng::hash::HashAlg;
use yinzheng::ledger::{Disclose, ProofRequest, Selection};
use yinzheng::merkle::{leaf_hash, node_hash};
use yinzheng::proof::Proof;
use yinzheng::sign::{SigAlg, SoftwareKey, Strictness};
use yinzheng::verify::{DeclaredTime, Policy, verify};

/// Records in blocks of 1,000, as in bulk sealing.
const RECORDS: usize = 20_000;

fn proofs(c: &mut Criterion, folder: &Path, hash: HashAlg, alg: SigAlg) -> Vec<Line> {
    let place = tempfile::tempdir_in(folder).unwrap();
    let path = place.path().join("ledger.db");
    let key = SoftwareKey::from_seed(alg, &[7; 32]).unwrap();
    let ledger = ledgers::create(&path, hash, &key);
    let batch = records::new_records(hash, 1_000);
    let mut sqlite = PlainSqlite::create(&place.path().join("sqlite"));
    let bytes = records::record_bytes(hash, 1);
    let rows = vec![bytes.as_slice(); batch.len()];
    for _ in 0..RECORDS / batch.len() {
        ledger.append_many(&batch).unwrap();
        ledgers::seal(&ledger, &key);
        sqlite.append(&rows, None::<(&mut Chain<'_>, bool)>);
    }
    let tell = |work: &str| format!("{work}, {hash}, {alg}");
    let mut at = 0u64;
    let mut any = || {
        at = (at + 7_919) % (RECORDS as u64);
        at + 2
    };
    let mut other = 0i64;
    let mut lines = vec![beside(
        c,
        &tell("entry and inclusion proof from disk"),
        Some(Bar::Within(150e-6)),
        || {
            let sequence = any();
            (ledger.entry(sequence).unwrap(), ledger.receipt(sequence).unwrap().encode())
        },
        ("SQLite, a row by its number", &mut || {
            other = (other + 7_919) % (RECORDS as i64);
            sqlite.read(other + 1)
        }),
    )];
    let request = |sequence| ProofRequest {
        records: Selection::Sequences(vec![sequence]),
        disclose: Disclose::All,
    };
    lines.push(alone(c, &tell("whole proof of one record, 30 values shown"), None, || {
        ledger.prove(&request(any())).unwrap().encode().unwrap()
    }));

    let sequence = any();
    let (entry, receipt) = (ledger.entry(sequence).unwrap(), ledger.receipt(sequence).unwrap());
    let encoded = receipt.encode();
    let steps = receipt.path().len();
    let root = receipt.root(&entry).unwrap();
    lines.push(beside(
        c,
        &tell("verify a record without signature"),
        Some(Bar::Within(3e-6)),
        || black_box(&receipt).root(black_box(&entry)).unwrap() == root,
        ("the hashing it must do", &mut || {
            let leaf = leaf_hash(hash, black_box(&entry));
            (0..steps).fold(leaf, |node, _| node_hash(hash, &node, &leaf))
        }),
    ));
    let signature = key.sign(b"message").unwrap();
    lines.push(beside(
        c,
        &tell("read a receipt, verify record and signature"),
        None,
        || {
            let receipt = Receipt::parse(black_box(&encoded)).unwrap();
            let root = receipt.root(&entry).unwrap();
            receipt.block().verify(&root, key.public()).unwrap();
        },
        ("the signature alone", &mut || {
            key.public().verify(black_box(b"message"), &signature, Strictness::Ours).unwrap()
        }),
    ));
    let proof = ledger.prove(&request(sequence)).unwrap().encode().unwrap();
    let title = format!("read a proof of {} bytes", proof.len());
    lines.push(beside(
        c,
        &tell(&title),
        None,
        || Proof::parse(black_box(&proof)).unwrap(),
        ("hashing it", &mut || hash.digest(black_box(&proof))),
    ));
    let policy = Policy::empty();
    lines.push(alone(c, &tell("verify that proof to a verdict"), None, || {
        verify(black_box(&proof), &policy, DeclaredTime { unix_ms: 1_800_000_000_000 })
    }));
    lines
}

fn main() {
    let mut c = common::criterion();
    let folder = common::folder();
    let mut lines = proofs(&mut c, &folder, HashAlg::Sha256, SigAlg::Ed25519);
    lines.extend(proofs(&mut c, &folder, HashAlg::Sha256, SigAlg::P256));
    lines.extend(proofs(&mut c, &folder, HashAlg::Sm3, SigAlg::Sm2));
    c.final_summary();
    common::print("Proofs", &lines);
}
