//! Proofs that cannot be read: encoding, order, limits, parts that do not belong together.

use super::*;
use crate::anchor::{Outside, OutsideKind, TargetKind};
use crate::block::Receipt;
use crate::codec::{Item, MapBuilder, Writer};
use crate::proof::scene::CONSENT;
use crate::value::{Disclosure, Value};

/// Two blocks, one record with two values; the items are genesis, opened, link and record.
fn small() -> Proof {
    let mut bank = Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 3);
    let draft = bank.draft(CONSENT, r#"{"授权编号":"A1","授权时间":"2026-03-01 08:01:00"}"#, &[]);
    bank.record([1; 16], &draft);
    bank.seal();
    bank.prove()
}

/// That one after `change`, without its profile and without being put in order.
fn spoilt(change: impl FnOnce(&mut Proof)) -> Vec<u8> {
    let mut proof = Proof { profiles: Vec::new(), ..small() };
    change(&mut proof);
    proof.write()
}

/// A longer proof as it is after `change`, with its two profiles and without being put in order.
fn with_profiles(change: impl FnOnce(&mut Proof)) -> Vec<u8> {
    let mut proof = bank().prove();
    change(&mut proof);
    proof.write()
}

/// The same without profiles.
fn raw(change: impl FnOnce(&mut Proof)) -> Vec<u8> {
    with_profiles(|proof| {
        proof.profiles.clear();
        change(proof);
    })
}

/// The proof with one member replaced, or left out.
fn member(key: i64, value: Option<&[u8]>) -> Vec<u8> {
    let good = spoilt(|_| {});
    let map = Item::parse(&good, good.len()).unwrap().map().unwrap();
    let kept = map.iter().filter(|(known, _)| *known != key);
    let built = kept.fold(MapBuilder::new(), |built, (key, item)| built.put_raw(key, item.bytes()));
    match value {
        Some(value) => built.put_raw(key, value).finish(),
        None => built.finish(),
    }
}

fn frame() -> Vec<(&'static str, &'static str, Vec<u8>, &'static str)> {
    let good = spoilt(|_| {});
    let text = |text: &str| Writer::new().text(text).finish();
    let mut long_form = vec![0xb8, 0x06];
    long_form.extend_from_slice(&good[1..]);
    let mut deep = vec![0x81; 9];
    deep.push(0);
    vec![
        ("nothing", "no bytes", Vec::new(), "Truncated"),
        ("cut", "its last byte is missing", good[..good.len() - 1].to_vec(), "Truncated"),
        ("half", "half of it", good[..good.len() / 2].to_vec(), "Truncated"),
        ("trailing", "a byte behind it", [good.as_slice(), &[0]].concat(), "TrailingBytes"),
        ("twice", "the same proof twice", [good.as_slice(), &good].concat(), "TrailingBytes"),
        ("long-form", "a map head that is not the shortest", long_form, "NotShortest"),
        ("tagged", "a foreign tag", [&[0xc1], good.as_slice()].concat(), "UnsupportedItem"),
        ("array", "an array", vec![0x80], "WrongType"),
        ("json", "JSON", b"{}".to_vec(), "Truncated"),
        ("magic", "another magic", member(0, Some(&text("yinzheng-bundle"))), "WrongKind"),
        ("version", "version 1", member(1, Some(&[1])), "UnsupportedVersion"),
        ("version-float", "version as a float", member(1, Some(&[0xf9, 0, 0])), "UnsupportedItem"),
        ("no-magic", "no magic", member(0, None), "MissingKey"),
        ("no-version", "no version", member(1, None), "MissingKey"),
        ("no-items", "no items", member(2, None), "MissingKey"),
        ("no-profiles", "no list of profiles", member(3, None), "MissingKey"),
        ("no-ledgers", "no ledgers", member(4, None), "MissingKey"),
        ("no-outside", "no list of words", member(5, None), "MissingKey"),
        ("critical-key", "an unknown key", member(6, Some(&[0])), "UnknownCritical"),
        (
            "optional-key",
            "an unknown key that would be optional in an entry",
            member(70, Some(&[0])),
            "UnknownCritical",
        ),
        ("items-deep", "nine arrays in one another", member(2, Some(&deep)), "TooDeep"),
        ("items-text", "items that are none", member(2, Some(&text("x"))), "WrongType"),
    ]
}

fn order() -> Vec<(&'static str, &'static str, Vec<u8>, &'static str)> {
    let doubled = |proof: &mut Proof| proof.items.insert(2, proof.items[2].clone());
    vec![
        ("items-swapped", "items out of order", raw(|proof| proof.items.swap(0, 1)), "MapOrder"),
        ("item-twice", "an item twice", raw(doubled), "MapOrder"),
        (
            "profiles-swapped",
            "profiles out of order",
            with_profiles(|proof| proof.profiles.reverse()),
            "MapOrder",
        ),
        (
            "profile-twice",
            "a profile twice",
            with_profiles(|proof| proof.profiles.insert(0, proof.profiles[0].clone())),
            "MapOrder",
        ),
        (
            "values-swapped",
            "disclosures out of order",
            raw(|proof| proof.items[7].disclosures.reverse()),
            "MapOrder",
        ),
        (
            "value-twice",
            "a disclosure twice",
            raw(|proof| {
                let twice = proof.items[7].disclosures[0].clone();
                proof.items[7].disclosures.insert(0, twice);
            }),
            "MapOrder",
        ),
        (
            "ledger-twice",
            "a ledger twice",
            raw(|proof| proof.ledgers.push(proof.ledgers[0].clone())),
            "MapOrder",
        ),
    ]
}

fn belonging() -> Vec<(&'static str, &'static str, Vec<u8>, &'static str)> {
    let other = || simple(HashAlg::Sm3, SigAlg::P256).prove();
    vec![
        ("items-none", "an empty list of items", raw(|proof| proof.items.clear()), "OutOfRange"),
        ("genesis-omitted", "no genesis", raw(|proof| drop(proof.items.remove(0))), "MissingKey"),
        (
            "head-not-shown",
            "nothing of the newest block",
            raw(|proof| proof.items.truncate(6)),
            "MissingKey",
        ),
        (
            "history-omitted",
            "no path for a block shown",
            raw(|proof| drop(proof.ledgers[0].history.pop())),
            "MissingKey",
        ),
        (
            "history-more",
            "a path for a block that is not shown",
            raw(|proof| {
                let extra = (3, proof.ledgers[0].history[2].1.clone());
                proof.ledgers[0].history.push(extra);
            }),
            "MissingKey",
        ),
        (
            "history-swapped",
            "paths out of order",
            raw(|proof| proof.ledgers[0].history.swap(0, 1)),
            "MissingKey",
        ),
        (
            "path-long",
            "a path that is too long",
            raw(|proof| proof.ledgers[0].history[0].1.push([0; 32])),
            "PathLength",
        ),
        (
            "path-short",
            "a path that is too short",
            raw(|proof| proof.ledgers[0].history[1].1.clear()),
            "PathLength",
        ),
        ("ledgers-none", "no ledger", raw(|proof| proof.ledgers.clear()), "MissingKey"),
        (
            "ledger-other",
            "another ledger's head",
            raw(|proof| proof.ledgers = other().ledgers),
            "MissingKey",
        ),
        (
            "head-older",
            "a head below a block shown",
            raw(|proof| {
                proof.ledgers[0].head = bank().blocks[1].block.sealed_bytes();
            }),
            "MissingKey",
        ),
        (
            "head-statement",
            "a statement in place of a block",
            raw(|proof| {
                proof.ledgers[0].head = bank().blocks[2].entries[1].clone();
            }),
            "WrongMediaType",
        ),
        (
            "receipt-statement",
            "a statement in place of a receipt",
            raw(|proof| {
                proof.items[1].receipt = bank().blocks[2].entries[1].clone();
            }),
            "WrongMediaType",
        ),
        (
            "receipt-bare",
            "a block in place of a receipt",
            raw(|proof| {
                proof.items[1].receipt = bank().blocks[0].block.sealed_bytes();
            }),
            "MissingKey",
        ),
        (
            "receipt-index",
            "index and size are the receipt's own, and the path is too long for them",
            raw(|proof| {
                let receipt = proof.items[1].receipt().unwrap();
                let path = [receipt.path(), &[[0; 32]]].concat();
                proof.items[1].receipt = receipt.block().receipt(1, path).encode();
            }),
            "PathLength",
        ),
        (
            "receipt-size",
            "a size that is not the signed entry count",
            receipt_of_size(3),
            "OutOfRange",
        ),
    ]
}

/// The receipt of genesis with another size: RFC 9942 does not sign it, the header's entry count does.
fn receipt_of_size(size: u8) -> Vec<u8> {
    raw(|proof| {
        let receipt = &mut proof.items[0].receipt;
        let at = receipt.windows(3).position(|three| three == [0x83, 2, 0]).unwrap();
        receipt[at + 1] = size;
        assert!(Receipt::parse(receipt).is_err());
    })
}

fn parts() -> Vec<(&'static str, &'static str, Vec<u8>, &'static str)> {
    let stray = Disclosure { salt: [0; 16], value: Value::Null, name: "x".into() }.encode();
    let beside = |at: usize| spoilt(|proof| proof.items[at].disclosures = vec![stray.clone()]);
    let outside = |bytes: Vec<u8>| {
        spoilt(|proof| {
            proof.outside = vec![Outside {
                kind: OutsideKind::TimestampToken,
                bytes,
                target: TargetKind::Block,
                digest: Digest { alg: HashAlg::Sha256, bytes: [0; 32] },
            }];
        })
    };
    let empty_list = Writer::new().array(0).finish();
    let mut kind_4 = Writer::new();
    let word = MapBuilder::new().put_uint(0, 4).put_bstr(1, &[1]).put_raw(2, &empty_list);
    word.write(kind_4.array(1));
    vec![
        ("value-beside-genesis", "a disclosure with genesis", beside(0), "UnknownCritical"),
        ("value-beside-link", "a disclosure with a link", beside(2), "UnknownCritical"),
        ("value-beside-event", "a disclosure with an event", beside(1), "UnknownCritical"),
        (
            "value-malformed",
            "a disclosure that is none",
            spoilt(|proof| proof.items[3].disclosures[0] = vec![0x80]),
            "WrongType",
        ),
        (
            "profile-not-named",
            "a profile that no record names",
            spoilt(|proof| {
                proof.profiles = vec![b"{\"a\":1}".to_vec()];
            }),
            "UnknownCritical",
        ),
        (
            "profile-array",
            "a profile that is no object",
            spoilt(|proof| proof.profiles = vec![b"[]".to_vec()]),
            "WrongType",
        ),
        (
            "profile-empty",
            "a profile without bytes",
            spoilt(|proof| proof.profiles = vec![vec![]]),
            "WrongType",
        ),
        (
            "profile-not-utf8",
            "a profile that is no text",
            spoilt(|proof| proof.profiles = vec![vec![b'{', 0xff]]),
            "InvalidUtf8",
        ),
        (
            "profile-changed",
            "a byte of a profile",
            with_profiles(|proof| {
                let end = proof.profiles[0].len() - 1;
                proof.profiles[0].insert(end, b' ');
                proof.profiles.sort_by_key(|file| HashAlg::Sha256.digest(file));
            }),
            "UnknownCritical",
        ),
        (
            "entry-malformed",
            "an entry that is none",
            spoilt(|proof| proof.items[1].entry = vec![0x80]),
            "WrongType",
        ),
        (
            "entry-reference",
            "a reference as an entry",
            spoilt(|proof| {
                proof.items[1].entry = MapBuilder::new().put_uint(0, 9).finish();
            }),
            "WrongKind",
        ),
        (
            "entry-empty",
            "an entry without bytes",
            spoilt(|proof| proof.items[1].entry.clear()),
            "Truncated",
        ),
        ("outside-empty", "a word without bytes", outside(Vec::new()), "TooLarge"),
        (
            "outside-kind",
            "a word of an unknown kind",
            member(5, Some(&kind_4.finish())),
            "WrongType",
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [frame(), order(), belonging(), parts()]
        .into_iter()
        .flatten()
        .map(|(name, what, bytes, error)| Case::new(name, what, bytes, Outcome::Refused(error)))
        .collect()
}
