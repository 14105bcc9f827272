//! `receipt.json`: format §8, one entry of a block at a time.

use serde_json::{Value, json};
use yinzheng::block::Receipt;
use yinzheng::codec::{Item, MapBuilder, Writer};
use yinzheng::merkle::{Tree, leaf_hashes};
use yinzheng::sign::{PublicKey, Sign1};

use crate::facts::{self, present, read_key};
use crate::scene::{SUITES, Sealed, ledger};
use crate::testing::{key, with};
use crate::{Cases, bytes, hex, publish};

/// The receipt is read, the entry's path walked to the root, and the signature over it verified.
fn read(beside: &Value, receipt: &[u8]) -> yinzheng::Result<Value> {
    let receipt = Receipt::parse(receipt)?;
    let root = receipt.root(&bytes(beside["entry"].as_str().unwrap()))?;
    receipt.block().verify(&root, &read_key(&beside["key"]))?;
    let header = receipt.block().header();
    Ok(present(json!({
        "ledger_id": hex(header.ledger_id),
        "height": header.height,
        "size": header.entry_count,
        "index": receipt.index(),
        "sequence": receipt.sequence(),
        "path": receipt.path().iter().map(hex).collect::<Vec<_>>(),
        "root": hex(root),
        "sealed": hex(receipt.block().sealed_bytes()),
    })))
}

fn beside(entry: &[u8], key: &PublicKey) -> Value {
    json!({"entry": hex(entry), "key": facts::key(key)})
}

fn receipt(block: &Sealed, index: usize) -> Receipt {
    let hash = block.head.hash();
    let tree = Tree::new(hash, leaf_hashes(hash, &block.entries));
    block.block.receipt(index as u64, tree.path(index as u64).unwrap())
}

#[test]
fn vectors() {
    let mut cases = Cases::new(read);
    for (name, hash, alg) in SUITES {
        for (height, block) in ledger(hash, alg).iter().enumerate() {
            for index in 0..block.entries.len() {
                every_leaf(&mut cases, &format!("{name}-{height}-{index}"), block, index);
            }
        }
    }
    let (_, hash, alg) = SUITES[0];
    let blocks = ledger(hash, alg);
    forms(&mut cases, &blocks[2]);
    others(&mut cases, &blocks);
    publish(
        "receipt",
        &json!({
            "about": "docs/format.md §8: receipts of every leaf of the ledgers in block.json. See README.md.",
            "cases": cases.done(),
        }),
    );
}

fn every_leaf(cases: &mut Cases<'_>, name: &str, block: &Sealed, index: usize) {
    let good = receipt(block, index);
    let (entry, size) = (&block.entries[index], block.entries.len());
    let key = block.key.public();
    cases.ok(name, "entry and receipt", beside(entry, key), &good.encode());
    // RFC 9942 signs neither size nor index.
    let larger = rewritten(&good, size as u64 + 1, index as u64, good.path());
    cases.refuse(
        &format!("{name}-size"),
        "the size is not the signed entry count",
        beside(entry, key),
        &larger,
        "OutOfRange",
    );
    let other = (index + 1) % size;
    let moved = rewritten(&good, size as u64, other as u64, good.path());
    let length = yinzheng::merkle::path_len(other as u64, size as u64);
    let error = if length == Some(good.path().len()) { "SignatureMismatch" } else { "PathLength" };
    cases.refuse(&format!("{name}-index"), "another index", beside(entry, key), &moved, error);
    cases.refuse(
        &format!("{name}-entry"),
        "another entry of the block",
        beside(&block.entries[other], key),
        &good.encode(),
        "SignatureMismatch",
    );
}

fn inclusion(size: u64, index: u64, path: &[[u8; 32]]) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(3).uint(size).uint(index).array(path.len());
    path.iter().fold(&mut w, |w, node| w.bstr(node)).finish()
}

fn proofs(inclusions: &[Vec<u8>]) -> Vec<u8> {
    let list = MapBuilder::new()
        .put(-1, |w| inclusions.iter().fold(w.array(inclusions.len()), |w, one| w.bstr(one)));
    MapBuilder::new().put(396, |w| list.write(w)).finish()
}

fn rewritten(receipt: &Receipt, size: u64, index: u64, path: &[[u8; 32]]) -> Vec<u8> {
    with_unprotected(receipt, proofs(&[inclusion(size, index, path)]))
}

fn with_unprotected(receipt: &Receipt, unprotected: Vec<u8>) -> Vec<u8> {
    Sign1 { unprotected, ..Sign1::parse(&receipt.encode()).unwrap() }.encode()
}

/// Leaf 1 of a block of three.
fn forms(cases: &mut Cases<'_>, block: &Sealed) {
    let good = receipt(block, 1);
    let (entry, key) = (&block.entries[1], block.key.public());
    let path = good.path();
    let one = inclusion(3, 1, path);
    let mut refuse = |name: &str, what: &str, unprotected: Vec<u8>, error: &str| {
        cases.refuse(name, what, beside(entry, key), &with_unprotected(&good, unprotected), error);
    };
    let only = proofs(std::slice::from_ref(&one));
    refuse("no-proof", "a sealed block is no receipt", vec![0xa0], "MissingKey");
    refuse("no-path", "an empty list", proofs(&[]), "WrongType");
    refuse("two-paths", "two paths", proofs(&[one.clone(), one.clone()]), "WrongType");
    refuse(
        "path-not-listed",
        "a path that stands in no list",
        under(|w| w.map(1).int(-1).bstr(&one)),
        "WrongType",
    );
    refuse(
        "path-bare",
        "a path that stands in no byte string",
        under(|w| w.map(1).int(-1).array(1).raw(&one)),
        "WrongType",
    );
    refuse(
        "consistency",
        "a consistency proof",
        under(|w| w.map(1).int(-2).array(0)),
        "UnknownCritical",
    );
    refuse(
        "both-proofs",
        "inclusion and consistency",
        under(|w| w.map(2).int(-1).array(1).bstr(&one).int(-2).array(0)),
        "UnknownCritical",
    );
    refuse(
        "kid-outside",
        "a kid in the unprotected header",
        with(&only, 4, &[0x40]),
        "UnknownCritical",
    );
    refuse("label-64-outside", "no other label", with(&only, 64, &[0xf6]), "UnknownCritical");
    refuse(
        "path-trailing",
        "a byte behind the path",
        proofs(&[[&one[..], &[0x00]].concat()]),
        "TrailingBytes",
    );
    refuse("path-cut", "a byte less", proofs(&[one[..one.len() - 1].to_vec()]), "Truncated");
    refuse(
        "size-long-form",
        "a size in two bytes",
        proofs(&[[&[0x83, 0x18, 0x03], &one[2..]].concat()]),
        "NotShortest",
    );
    let pair = Writer::new().array(2).uint(3).uint(1).finish();
    refuse("path-missing", "size and index alone", proofs(&[pair]), "WrongType");
    refuse(
        "node-31",
        "a node of 31 bytes",
        proofs(&[raw(|w| w.array(3).uint(3).uint(1).array(2).bstr(&[0; 31]).bstr(&[0; 32]))]),
        "OutOfRange",
    );
    refuse(
        "size-negative",
        "a size below 0",
        proofs(&[raw(|w| w.array(3).int(-3).uint(1).array(2).bstr(&path[0]).bstr(&path[1]))]),
        "WrongType",
    );
    refuse("size-2-53", "a size of 2^53", proofs(&[inclusion(1 << 53, 1, path)]), "OutOfRange");
    refuse(
        "index-is-size",
        "an index that is the size",
        proofs(&[inclusion(3, 3, path)]),
        "PathLength",
    );
    refuse(
        "index-large",
        "an index of 2^53 − 1",
        proofs(&[inclusion(3, (1 << 53) - 1, path)]),
        "PathLength",
    );
    refuse("path-short", "a node missing", proofs(&[inclusion(3, 1, &path[..1])]), "PathLength");
    refuse("path-empty", "no nodes", proofs(&[inclusion(3, 1, &[])]), "PathLength");
    let longer: Vec<[u8; 32]> = path.iter().copied().chain([[0; 32]]).collect();
    refuse("path-long", "a node more", proofs(&[inclusion(3, 1, &longer)]), "PathLength");
    refuse("path-64", "64 nodes", proofs(&[inclusion(3, 1, &[[0; 32]; 64])]), "PathLength");
    let swapped = [path[1], path[0]];
    refuse(
        "path-swapped",
        "the nodes in another order",
        proofs(&[inclusion(3, 1, &swapped)]),
        "SignatureMismatch",
    );
    let mut flipped = path.to_vec();
    flipped[0][31] ^= 1;
    refuse(
        "path-flipped",
        "one bit of a node",
        proofs(&[inclusion(3, 1, &flipped)]),
        "SignatureMismatch",
    );
}

fn raw(write: impl FnOnce(&mut Writer) -> &mut Writer) -> Vec<u8> {
    write(&mut Writer::new()).finish()
}

fn under(write: impl FnOnce(&mut Writer) -> &mut Writer) -> Vec<u8> {
    MapBuilder::new().put(396, write).finish()
}

/// Good receipts beside what they are not about, and other messages in their place.
fn others(cases: &mut Cases<'_>, blocks: &[Sealed]) {
    let good = receipt(&blocks[2], 1);
    let entry = &blocks[2].entries[1];
    let signer = blocks[2].key.public();
    let mut refuse =
        |name: &str, what: &str, entry: &[u8], key: &PublicKey, bytes: &[u8], error: &str| {
            cases.refuse(name, what, beside(entry, key), bytes, error);
        };
    refuse(
        "entry-optional-key",
        "the entry with a key more",
        &with_head(entry),
        signer,
        &good.encode(),
        "SignatureMismatch",
    );
    refuse(
        "entry-untagged",
        "the statement without its tag: some tools take that as the leaf",
        &entry[1..],
        signer,
        &good.encode(),
        "SignatureMismatch",
    );
    refuse(
        "entry-of-another-block",
        "an entry of another block",
        &blocks[1].entries[1],
        signer,
        &good.encode(),
        "SignatureMismatch",
    );
    refuse(
        "later-key",
        "the key that comes into force later",
        entry,
        blocks[3].key.public(),
        &good.encode(),
        "SignatureMismatch",
    );
    let sm2 = key(yinzheng::sign::SigAlg::Sm2, 1);
    refuse(
        "other-alg",
        "a key of another algorithm",
        entry,
        sm2.public(),
        &good.encode(),
        "AlgorithmMismatch",
    );
    let message = Sign1::parse(&good.encode()).unwrap();
    let attached = Sign1 { payload: Some(blocks[2].root.to_vec()), ..message.clone() };
    refuse("attached", "the root attached", entry, signer, &attached.encode(), "WrongType");
    refuse("untagged", "the tag is missing", entry, signer, &good.encode()[1..], "WrongType");
    refuse("statement", "a statement in its place", entry, signer, entry, "WrongMediaType");
    let of_another =
        Sign1 { signature: Sign1::parse(&blocks[1].sealed).unwrap().signature, ..message.clone() };
    refuse(
        "signature-of-another",
        "the signature of another block",
        entry,
        signer,
        &of_another.encode(),
        "SignatureMismatch",
    );
    let header = Sign1 { protected: Sign1::parse(&blocks[1].sealed).unwrap().protected, ..message };
    refuse(
        "header-of-another",
        "the header of another block of three",
        entry,
        signer,
        &header.encode(),
        "SignatureMismatch",
    );
}

/// A statement with an optional key in its record's map: other bytes, another leaf.
fn with_head(statement: &[u8]) -> Vec<u8> {
    let message = Sign1::parse(statement).unwrap();
    let payload = message.payload.clone().map(|payload| with(&payload, 64, &[0xf6]));
    let changed = Sign1 { payload, ..message }.encode();
    assert!(Item::parse(&changed, changed.len()).is_ok());
    changed
}
