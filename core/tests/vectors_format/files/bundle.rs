//! `bundle.json`: format §11.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Value, json};
use yinzheng::anchor::{Claim, Outside, OutsideKind, PlatformReceipt, TargetKind};
use yinzheng::block::Head;
use yinzheng::bundle::{BundleBlock, BundleHeader, BundleReader, BundleWriter};
use yinzheng::codec::{Item, MapBuilder, Writer};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::sign::SigAlg;

use super::countersignature::countersigned;
use crate::scene::{SUITES, Sealed, WITNESS, ledger};
use crate::testing::{first, key, next, opened, with, without};
use crate::{Cases, hex, publish};

type States = RefCell<HashMap<String, Head>>;

/// Every block is checked after the one before; the first one after the last block of the case that `after` names.
fn read(states: &States, beside: &Value, bytes: &[u8]) -> yinzheng::Result<(Value, Head)> {
    let mut reader = BundleReader::new(bytes)?;
    let mut head = beside["after"].as_str().map(|name| states.borrow()[name].clone());
    let (mut blocks, mut words) = (0u64, 0);
    while let Some(block) = reader.next_block()? {
        head = Some(block.check(head.as_ref())?.head);
        blocks += 1;
        words += block.outside.len();
    }
    let header = reader.header();
    let head = head.unwrap();
    header.check_last(&head)?;
    let facts = json!({
        "ledger_id": header.ledger_id.to_string(),
        "first": header.first,
        "last": header.last,
        "block_hash": hex(header.block_hash),
        "sealed_digest": hex(header.sealed_digest),
        "blocks": blocks,
        "outside": words,
    });
    Ok((facts, head))
}

#[test]
fn vectors() {
    let states = States::default();
    let mut cases =
        Cases::new(|beside, bytes| read(&states, beside, bytes).map(|(facts, _)| facts));
    let mut ok = |name: &str, what: &str, after: Option<&str>, bytes: &[u8]| {
        let beside = json!({"after": after});
        cases.ok(name, what, beside.clone(), bytes);
        let (_, head) = read(&states, &beside, bytes).unwrap();
        states.borrow_mut().insert(name.into(), head);
    };
    for (name, hash, alg) in SUITES {
        let blocks = ledger(hash, alg);
        ok(name, "a whole ledger", None, &bundle(&blocks, 0, 3, vec![]));
    }
    let (_, hash, alg) = SUITES[1];
    let blocks = ledger(hash, alg);
    ok("half", "the first two blocks", None, &bundle(&blocks, 0, 1, vec![]));
    ok(
        "other-half",
        "the rest, on top of them",
        Some("half"),
        &bundle(&blocks, 2, 3, words(&blocks[2], hash)),
    );
    ok("small", "block 0 and one more, the base of what is refused here", None, &small().good);
    forms(&mut cases);
    orders(&mut cases);
    publish(
        "bundle",
        &json!({
            "about": "docs/format.md §11: bundles of the ledgers in block.json, and of a small one. See README.md.",
            "cases": cases.done(),
        }),
    );
}

/// A countersignature, a token (bytes that mean nothing here) and a platform's receipt, all about one block or entry.
fn words(block: &Sealed, hash: HashAlg) -> Vec<Outside> {
    let sealed = Digest::of(hash, &block.sealed);
    let receipt = PlatformReceipt {
        platform: "示例存证平台".into(),
        id: "EV-0001".into(),
        transaction: Some("0xabc".into()),
        height: Some(12_345),
        block_hash: None,
        time_ms: Some(1_793_491_400_000),
        court_transaction: None,
        raw: b"{}".to_vec(),
    };
    let about = |kind, bytes: Vec<u8>, target, digest| Outside { kind, bytes, target, digest };
    let entry = Digest::of(hash, &block.entries[1]);
    vec![
        about(
            OutsideKind::Countersignature,
            countersigned(1, Claim::Seen, None, &key(SigAlg::Ed25519, WITNESS)),
            TargetKind::Block,
            sealed,
        ),
        about(OutsideKind::TimestampToken, vec![0x30, 0x00], TargetKind::Entry, entry),
        about(OutsideKind::PlatformReceipt, receipt.encode(), TargetKind::Block, sealed),
    ]
}

fn bundle(blocks: &[Sealed], first: usize, last: usize, outside: Vec<Outside>) -> Vec<u8> {
    let header = BundleHeader {
        ledger_id: blocks[0].head.ledger_id(),
        first: first as u64,
        last: last as u64,
        block_hash: *blocks[last].head.block_hash(),
        sealed_digest: *blocks[last].head.sealed_digest(),
    };
    let mut writer = BundleWriter::new(Vec::new(), header).unwrap();
    let mut outside = Some(outside);
    for block in &blocks[first..=last] {
        let outside = outside.take().unwrap_or_default();
        let (sealed, entries) = (block.sealed.clone(), block.entries.clone());
        writer.block(&BundleBlock { sealed, entries, outside }).unwrap();
    }
    writer.finish().unwrap()
}

/// A bundle of two blocks in its parts: header, block items, end.
pub(crate) struct Small {
    good: Vec<u8>,
    header: Vec<u8>,
    blocks: [Vec<u8>; 2],
    end: Vec<u8>,
}

fn small() -> Small {
    let signer = key(SigAlg::Ed25519, 1);
    let zero = first(HashAlg::Sha256, &signer);
    let (one, entries) = next(&zero.head, &signer, &[opened(2)]).unwrap();
    let header = BundleHeader {
        ledger_id: one.head.ledger_id(),
        first: 0,
        last: 1,
        block_hash: *one.head.block_hash(),
        sealed_digest: *one.head.sealed_digest(),
    };
    let genesis =
        crate::testing::genesis_with(HashAlg::Sha256, &crate::testing::first_claims(&signer));
    let zero_entries = vec![genesis.encode(), opened(1)];
    let mut writer = BundleWriter::new(Vec::new(), header).unwrap();
    for (sealed, entries) in
        [(zero.block.sealed_bytes(), zero_entries), (one.block.sealed_bytes(), entries)]
    {
        writer.block(&BundleBlock { sealed, entries, outside: vec![] }).unwrap();
    }
    let good = writer.finish().unwrap();
    let mut rest = good.as_slice();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let (item, after) = Item::parse_prefix(rest, rest.len()).unwrap();
        parts.push(item.bytes().to_vec());
        rest = after;
    }
    let [header, zero, one, end] = parts.try_into().unwrap();
    Small { good, header, blocks: [zero, one], end }
}

fn raw(write: impl FnOnce(&mut Writer) -> &mut Writer) -> Vec<u8> {
    write(&mut Writer::new()).finish()
}

/// A block item with one of its parts replaced.
fn item(block: &[u8], at: usize, part: &[u8]) -> Vec<u8> {
    let parts = Item::parse(block, block.len()).unwrap().array().unwrap();
    let mut w = Writer::new();
    w.array(parts.len());
    for (index, old) in parts.iter().enumerate() {
        w.raw(if index == at { part } else { old.bytes() });
    }
    w.finish()
}

fn entries_of(block: &[u8]) -> Vec<Vec<u8>> {
    let parts = Item::parse(block, block.len()).unwrap().array().unwrap();
    parts[1].array().unwrap().iter().map(|entry| entry.bstr().unwrap().to_vec()).collect()
}

fn list(entries: &[Vec<u8>]) -> Vec<u8> {
    raw(|w| entries.iter().fold(w.array(entries.len()), |w, entry| w.bstr(entry)))
}

fn forms(cases: &mut Cases<'_>) {
    let Small { header, blocks: [zero, one], end, .. } = small();
    let mut refuse = |name: &str, what: &str, parts: &[&[u8]], error: &str| {
        cases.refuse(name, what, json!({"after": null}), &parts.concat(), error);
    };
    let mut headed = |name: &str, what: &str, header: Vec<u8>, error: &str| {
        refuse(name, what, &[&header, &zero, &one, &end], error)
    };
    let text = |text: &str| raw(|w| w.text(text));
    headed(
        "magic-proof",
        "a proof's magic",
        with(&header, 0, &text("yinzheng-proof")),
        "WrongKind",
    );
    headed("version-1", "a version of the future", with(&header, 1, &[0x01]), "UnsupportedVersion");
    for key in 0..6 {
        headed(
            &format!("no-{key}"),
            "a member of the header is missing",
            without(&header, key),
            "MissingKey",
        );
    }
    headed("header-6", "an unknown member", with(&header, 6, &[0xf6]), "UnknownCritical");
    headed("header-64", "nor an optional one", with(&header, 64, &[0xf6]), "UnknownCritical");
    headed(
        "header-backwards",
        "the first height above the last",
        with(&with(&header, 3, &[0x02]), 4, &[0x01]),
        "OutOfRange",
    );
    headed(
        "header-height-2-53",
        "2^53 is too large",
        with(&header, 4, &raw(|w| w.uint(1 << 53))),
        "OutOfRange",
    );
    headed(
        "header-bare-id",
        "a bare ledger id",
        with(&header, 2, &raw(|w| w.bstr(&[0; 32]))),
        "WrongType",
    );
    headed(
        "header-head-alone",
        "the block hash alone",
        with(&header, 5, &raw(|w| w.array(1).bstr(&[0; 32]))),
        "WrongType",
    );
    headed(
        "header-head-typed",
        "a block hash is bare",
        with(&header, 5, &raw(|w| w.array(2).array(0).array(0))),
        "WrongType",
    );
    let long = MapBuilder::new().put_text(0, &"x".repeat(2000)).finish();
    headed("header-long", "a header of 2,000 bytes", long, "TooLarge");
    headed("header-array", "a header that is no map", vec![0x80], "WrongType");
    headed(
        "header-long-form",
        "a number in two bytes",
        [&[0xb8, 0x06], &header[1..]].concat(),
        "NotShortest",
    );

    let mut block = |name: &str, what: &str, zero: Vec<u8>, error: &str| {
        refuse(name, what, &[&header, &zero, &one, &end], error)
    };
    let entries = entries_of(&zero);
    block("item-map", "a block item that is no list", vec![0xa0], "WrongType");
    block(
        "item-of-2",
        "nothing about outsiders",
        [&[0x82], &zero[1..zero.len() - 1]].concat(),
        "WrongType",
    );
    block("item-of-4", "a part more", [&[0x84], &zero[1..], &[0xf6]].concat(), "WrongType");
    block(
        "sealed-bare",
        "the sealed bytes in no byte string",
        item(&zero, 0, &[0xf6]),
        "WrongType",
    );
    block(
        "sealed-rubbish",
        "sealed bytes that are no block",
        item(&zero, 0, &raw(|w| w.bstr(b"\x80"))),
        "WrongType",
    );
    block("entries-none", "no entries", item(&zero, 1, &list(&[])), "OutOfRange");
    block("entries-1", "one entry", item(&zero, 1, &list(&entries[..1])), "OutOfRange");
    block(
        "entries-bare",
        "an entry in no byte string",
        item(&zero, 1, &raw(|w| w.array(2).bstr(&entries[0]).raw(&entries[1]))),
        "WrongType",
    );
    block(
        "entries-map",
        "entries as a map",
        item(&zero, 1, &[0xa2, 0x00, 0x40, 0x01, 0x40]),
        "WrongType",
    );
    block(
        "entry-empty",
        "an entry of no bytes",
        item(&zero, 1, &list(&[entries[0].clone(), vec![]])),
        "TooLarge",
    );
    block(
        "entry-more",
        "an entry more than was signed",
        item(&zero, 1, &list(&[&entries[..], &[opened(3)]].concat())),
        "ChainBroken",
    );
    block(
        "entry-other",
        "another entry than was signed",
        item(&zero, 1, &list(&[entries[0].clone(), opened(3)])),
        "SignatureMismatch",
    );
    let word = |word: &[u8]| item(&zero, 2, &[&[0x81], word].concat());
    let good = raw(|w| words(&ledger(SUITES[1].1, SUITES[1].2)[2], HashAlg::Sm3)[1].write(w));
    block("outside-null", "null is no list", item(&zero, 2, &[0xf6]), "WrongType");
    block("outside-kind-4", "no such kind", word(&with(&good, 0, &[0x04])), "OutOfRange");
    block("outside-kind-0", "no such kind", word(&with(&good, 0, &[0x00])), "OutOfRange");
    block("outside-empty", "a word of no bytes", word(&with(&good, 1, &[0x40])), "TooLarge");
    block(
        "outside-target-3",
        "no such target",
        word(&with(&good, 2, &raw(|w| Digest::of(HashAlg::Sm3, b"").write(w.array(2).uint(3))))),
        "OutOfRange",
    );
    block(
        "outside-target-bare",
        "a bare digest",
        word(&with(&good, 2, &raw(|w| w.array(2).uint(1).bstr(&[0; 32])))),
        "WrongType",
    );
    block(
        "outside-countersigned-entry",
        "a countersignature is about a block",
        word(&with(&good, 0, &[0x01])),
        "OutOfRange",
    );
    block("outside-key-3", "an unknown member", word(&with(&good, 3, &[0xf6])), "UnknownCritical");
    block("outside-no-target", "about nothing", word(&without(&good, 2)), "MissingKey");
}

fn orders(cases: &mut Cases<'_>) {
    let Small { good, header, blocks: [zero, one], end } = small();
    let mut refuse = |name: &str, what: &str, parts: &[&[u8]], error: &str| {
        cases.refuse(name, what, json!({"after": null}), &parts.concat(), error);
    };
    refuse("empty", "nothing", &[], "Truncated");
    refuse("header-only", "cut after the header", &[&header], "Truncated");
    refuse("no-end", "cut before the end", &[&header, &zero, &one], "Truncated");
    refuse("cut-in-block", "cut in the last block", &[&good[..good.len() - 20]], "Truncated");
    refuse("cut-in-header", "cut in the header", &[&header[..40]], "Truncated");
    refuse("block-left-out", "the last block left out", &[&header, &zero, &end], "WrongType");
    refuse("first-left-out", "block 0 left out", &[&header, &one, &end], "ChainBroken");
    refuse(
        "reordered",
        "the blocks in another order",
        &[&header, &one, &zero, &end],
        "ChainBroken",
    );
    refuse("block-twice", "block 0 twice", &[&header, &zero, &zero, &end], "ChainBroken");
    refuse("block-more", "a block more", &[&header, &zero, &one, &one, &end], "WrongType");
    refuse("end-1", "an end that counts less", &[&header, &zero, &one, &[0x01]], "Truncated");
    refuse("end-3", "an end that counts more", &[&header, &zero, &one, &[0x03]], "Truncated");
    refuse("end-text", "an end in words", &[&header, &zero, &one, &[0x61, 0x32]], "WrongType");
    refuse("end-negative", "an end below 0", &[&header, &zero, &one, &[0x20]], "WrongType");
    refuse(
        "end-long-form",
        "an end in two bytes",
        &[&header, &zero, &one, &[0x18, 0x02]],
        "NotShortest",
    );
    refuse("trailing", "a byte behind the end", &[&good, &[0x00]], "TrailingBytes");
    refuse("twice", "the bundle twice", &[&good, &good], "TrailingBytes");
    let huge = [0x9b, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    refuse("huge-array", "a list of 2^56 parts in nine bytes", &[&header, &huge], "Truncated");
    refuse(
        "huge-entries",
        "a list of 2^56 entries in nine bytes",
        &[&header, &[0x83, 0x40], &huge],
        "Truncated",
    );
    refuse(
        "huge-bytes",
        "a string of 2^56 bytes in nine bytes",
        &[&header, &[0x83, 0x5b], &huge[1..]],
        "Truncated",
    );
    let mut headed = |name: &str, what: &str, key: i64, value: &[u8], error: &str| {
        refuse(name, what, &[&with(&header, key, value), &zero, &one, &end], error);
    };
    headed(
        "other-ledger",
        "the header names another ledger",
        2,
        &raw(|w| Digest::of(HashAlg::Sha256, b"x").write(w)),
        "ChainBroken",
    );
    let id = entries_of(&zero);
    headed(
        "other-hash",
        "the same id under another hash",
        2,
        &raw(|w| Digest { alg: HashAlg::Sm3, bytes: HashAlg::Sha256.digest(&id[0]) }.write(w)),
        "ChainBroken",
    );
    headed("announces-2", "the header announces a block more", 4, &[0x02], "WrongType");
    headed("announces-0", "the header announces a block less", 4, &[0x00], "HeadMismatch");
    headed(
        "announces-from-1",
        "the header announces another first height",
        3,
        &[0x01],
        "ChainBroken",
    );
    let sealed = Item::parse(&one, one.len()).unwrap().array().unwrap()[0].bstr().unwrap().to_vec();
    let sealed = HashAlg::Sha256.digest(&sealed);
    headed(
        "other-block-hash",
        "the header names another last block",
        5,
        &raw(|w| w.array(2).bstr(&[0; 32]).bstr(&sealed)),
        "HeadMismatch",
    );
    headed(
        "other-sealed-digest",
        "the header names another signature of it",
        5,
        &raw(|w| w.array(2).bstr(&[0; 32]).bstr(&[0; 32])),
        "HeadMismatch",
    );
}
