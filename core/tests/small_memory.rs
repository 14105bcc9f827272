//! A reader takes a small multiple of what it is given, however hostile: no count in the input makes it reserve
//! memory for what is not there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/meter.rs"]
mod meter;

use meter::peak;
use yinzheng::anchor::Countersignature;
use yinzheng::block::{Block, Receipt};
use yinzheng::bundle::BundleReader;
use yinzheng::codec::{MapBuilder, Writer};
use yinzheng::entry::Entry;
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::proof::Proof;

/// Bytes beside the multiple: buffers that a reader has whatever it reads.
const BASE: usize = 256 * 1024;
/// What each byte of input may cost.
const MULTIPLE: usize = 24;

#[track_caller]
fn measure(name: &str, input: &[u8], read: impl FnOnce(&[u8])) {
    let spent = peak(|| read(input));
    assert!(
        spent <= BASE + MULTIPLE * input.len(),
        "{name}: {spent} bytes held for {} bytes of input",
        input.len()
    );
}

/// Arrays, maps and strings that announce far more than follows.
fn announced() -> Vec<Vec<u8>> {
    let sizes = [[0xff; 8], [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 1, 0, 0, 0, 0]];
    [0x5b, 0x7b, 0x9b, 0xbb]
        .iter()
        .flat_map(|head| sizes.map(|size| [&[*head][..], &size, &[0; 40]].concat()))
        .collect()
}

fn entry_readers(name: &str, input: &[u8]) {
    measure(&format!("{name} as an entry"), input, |input| drop(Entry::parse(input)));
    measure(&format!("{name} as a block"), input, |input| drop(Block::parse(input)));
    measure(&format!("{name} as a receipt"), input, |input| drop(Receipt::parse(input)));
    measure(&format!("{name} as a countersignature"), input, |input| {
        drop(Countersignature::parse(input));
    });
    measure(&format!("{name} as a proof"), input, |input| drop(Proof::parse(input)));
    measure(&format!("{name} as a bundle"), input, |input| {
        if let Ok(mut reader) = BundleReader::new(input) {
            while let Ok(Some(_)) = reader.next_block() {}
        }
    });
}

#[test]
fn the_meter_measures() {
    assert!(peak(|| drop(vec![0u8; 1_000_000])) >= 1_000_000);
    assert!(peak(|| ()) < 1000);
}

#[test]
fn announced_sizes_reserve_nothing() {
    for (at, input) in announced().iter().enumerate() {
        entry_readers(&format!("announcement {at}"), input);
    }
}

#[test]
fn many_small_items_cost_little_each() {
    let tiny = |count: usize, item: &[u8]| {
        let mut w = Writer::new();
        w.array(count);
        (0..count).for_each(|_| {
            w.raw(item);
        });
        w.finish()
    };
    // An entry of 16,000 optional keys; a record with 60,000 fields that are none; 60,000 citations that are none.
    let keys =
        (64..16_000).fold(MapBuilder::new().put_uint(0, 2), |map, key| map.put(key, Writer::null));
    entry_readers("16,000 keys", &keys.finish());
    for key in [5, 6] {
        let map = MapBuilder::new().put_uint(0, 2).put_uint(1, 0).put_raw(key, &tiny(60_000, &[0]));
        entry_readers("60,000 items", &map.finish());
    }
    let path = Writer::new().array(3).uint(2).uint(0).raw(&tiny(60_000, &[0x40])).finish();
    let proofs = MapBuilder::new().put(-1, |w| w.array(1).bstr(&path));
    let unprotected = MapBuilder::new().put(396, |w| proofs.write(w)).finish();
    let receipt = Writer::new()
        .tag(18)
        .array(4)
        .bstr(&[0xa0])
        .raw(&unprotected)
        .null()
        .bstr(&[0; 64])
        .finish();
    entry_readers("a path of 60,000 nodes", &receipt);
}

fn bundle(block: &[u8]) -> Vec<u8> {
    let header = MapBuilder::new()
        .put_text(0, "yinzheng-bundle")
        .put_uint(1, 0)
        .put(2, |w| Digest::of(HashAlg::Sha256, b"").write(w))
        .put_uint(3, 0)
        .put_uint(4, 0)
        .put(5, |w| w.array(2).bstr(&[0; 32]).bstr(&[0; 32]))
        .finish();
    [&header[..], block].concat()
}

#[test]
fn a_bundle_of_millions_of_nothings_is_refused_early() {
    let list = |count: u32, item: &[u8]| {
        let mut bytes = vec![0x83, 0x40, 0x9a];
        bytes.extend(count.to_be_bytes());
        (0..count).for_each(|_| bytes.extend(item));
        bytes.push(0x80);
        bytes
    };
    for (name, count, item) in [
        ("numbers for entries", 4_000_000, &[0x00][..]),
        ("empty entries", 4_000_000, &[0x40]),
        ("entries of one byte", 2_000_000, &[0x41, 0x00]),
        ("more entries than a block has", 16_777_217, &[0x40]),
    ] {
        let input = bundle(&list(count, item));
        entry_readers(name, &input);
        let mut reader = BundleReader::new(input.as_slice()).unwrap();
        assert!(reader.next_block().is_err(), "{name}");
    }
    let words = [
        &[0x83, 0x40, 0x82, 0x41, 0x00, 0x41, 0x00, 0x9a, 0x00, 0x3d, 0x09, 0x00][..],
        &vec![0xa0; 4_000_000],
    ]
    .concat();
    entry_readers("4,000,000 words", &bundle(&words));
}
