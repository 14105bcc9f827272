//! `time.json`: format §4.

use serde_json::json;
use yinzheng::codec::{Item, Writer};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::time::{Moment, NotBefore, NotBeforeKind, Tier, TimeClaim};

use crate::testing::{part, with, without};
use crate::{Cases, facts, publish, swapped};

pub(crate) fn encode(claim: &TimeClaim) -> Vec<u8> {
    let mut w = Writer::new();
    claim.write(&mut w);
    w.finish()
}

pub(crate) fn full() -> TimeClaim {
    TimeClaim {
        occurred: Some(Moment {
            unix_ms: 1_793_491_200_000,
            offset_minutes: 480,
            original: Some("2026-11-01 08:00:00".into()),
        }),
        captured: Moment::new(1_793_491_200_123, 480),
        tier: Tier::Ntp,
        sync_age_ms: Some(60_000),
        uncertainty_ms: Some(250),
        monotonic_ms: Some(77),
        boot_id: Some([9; 16]),
        not_before: Some(NotBefore {
            kind: NotBeforeKind::Block,
            digest: Digest::of(HashAlg::Sm3, b"a block seen before"),
        }),
    }
}

#[test]
fn vectors() {
    let mut cases = Cases::new(|_, bytes| {
        TimeClaim::read(Item::parse(bytes, 65_535)?).map(|claim| facts::time(&claim))
    });
    accepted(&mut cases);
    refused(&mut cases);
    publish(
        "time",
        &json!({"about": "docs/format.md §4: one time claim. See README.md.", "cases": cases.done()}),
    );
}

fn accepted(cases: &mut Cases<'_>) {
    let none = || json!({});
    cases.ok("declared", "the least a claim can say", none(), &encode(&TimeClaim::declared(0)));
    cases.ok("full", "every key", none(), &encode(&full()));
    let mut early = TimeClaim::new(Moment::new(-62_135_596_800_001, -1439), Tier::Tsa);
    cases.ok("before-1970", "negative milliseconds, the least offset", none(), &encode(&early));
    early.captured =
        Moment { unix_ms: i64::MAX, offset_minutes: 1439, original: Some("x".repeat(64)) };
    cases.ok("latest", "the largest time and offset, 64 bytes of text", none(), &encode(&early));
    for (name, kind) in [("nonce", NotBeforeKind::SignedNonce), ("token", NotBeforeKind::Token)] {
        let digest = Digest::of(HashAlg::Sha256, name.as_bytes());
        let claim =
            TimeClaim { not_before: Some(NotBefore { kind, digest }), ..TimeClaim::declared(1) };
        cases.ok(&format!("not-before-{name}"), "what existed before", none(), &encode(&claim));
    }
    let claim = TimeClaim { monotonic_ms: Some((1 << 53) - 1), ..TimeClaim::declared(1) };
    cases.ok("largest-reading", "2^53 − 1", none(), &encode(&claim));
}

fn refused(cases: &mut Cases<'_>) {
    let mut refuse = |name: &str, what: &str, bytes: &[u8], error: &str| {
        cases.refuse(name, what, json!({}), bytes, error);
    };
    let good = encode(&full());
    let raw = |write: fn(&mut Writer) -> &mut Writer| write(&mut Writer::new()).finish();
    refuse("no-capture", "key 1 is missing", &without(&good, 1), "MissingKey");
    refuse("no-tier", "key 2 is missing", &without(&good, 2), "MissingKey");
    refuse("tier-7", "no such tier", &with(&good, 2, &[0x07]), "OutOfRange");
    refuse("tier-text", "a tier in words", &with(&good, 2, &raw(|w| w.text("ntp"))), "WrongType");
    refuse("unknown-key", "a claim has no key 8", &with(&good, 8, &[0x00]), "UnknownCritical");
    refuse(
        "optional-key",
        "optional keys are for entries",
        &with(&good, 64, &[0x00]),
        "UnknownCritical",
    );
    refuse("negative-key", "nor this one", &with(&good, -70_000, &[0x00]), "UnknownCritical");
    refuse("negative-age", "an age below 0", &with(&good, 3, &[0x20]), "WrongType");
    refuse(
        "age-2-53",
        "2^53 is too large",
        &with(&good, 3, &raw(|w| w.uint(1 << 53))),
        "OutOfRange",
    );
    refuse("uncertainty-null", "absent is absent", &with(&good, 4, &[0xf6]), "WrongType");
    refuse(
        "boot-15",
        "15 bytes of boot id",
        &with(&good, 6, &raw(|w| w.bstr(&[0; 15]))),
        "OutOfRange",
    );
    refuse(
        "boot-17",
        "17 bytes of boot id",
        &with(&good, 6, &raw(|w| w.bstr(&[0; 17]))),
        "OutOfRange",
    );
    refuse(
        "offset-1440",
        "a whole day",
        &with(&good, 1, &raw(|w| w.array(2).int(0).int(1440))),
        "OutOfRange",
    );
    refuse(
        "offset-minus-1440",
        "a whole day back",
        &with(&good, 1, &raw(|w| w.array(2).int(0).int(-1440))),
        "OutOfRange",
    );
    refuse("moment-of-1", "no offset", &with(&good, 1, &raw(|w| w.array(1).int(0))), "WrongType");
    refuse(
        "moment-of-4",
        "one part too many",
        &with(&good, 1, &raw(|w| w.array(4).int(0).int(0).text("x").int(0))),
        "WrongType",
    );
    refuse("moment-map", "a map instead", &with(&good, 1, &[0xa0]), "WrongType");
    refuse(
        "moment-text",
        "a time as text",
        &with(&good, 1, &raw(|w| w.array(2).text("0").int(0))),
        "WrongType",
    );
    refuse(
        "original-empty",
        "no text at all",
        &with(&good, 0, &raw(|w| w.array(3).int(0).int(0).text(""))),
        "OutOfRange",
    );
    refuse(
        "original-65",
        "65 bytes of text",
        &with(&good, 0, &raw(|w| w.array(3).int(0).int(0).text(&"x".repeat(65)))),
        "OutOfRange",
    );
    refuse(
        "original-null",
        "absent is absent",
        &with(&good, 0, &raw(|w| w.array(3).int(0).int(0).null())),
        "WrongType",
    );
    let digest = part(&part_of_pair(&good), 1);
    let before = |kind: u64, digest: &[u8]| {
        with(&good, 7, &Writer::new().array(2).uint(kind).raw(digest).finish())
    };
    refuse("not-before-0", "no such kind", &before(0, &digest), "OutOfRange");
    refuse("not-before-4", "no such kind", &before(4, &digest), "OutOfRange");
    refuse(
        "not-before-bare",
        "a digest without its algorithm",
        &before(2, &raw(|w| w.bstr(&[0; 32]))),
        "WrongType",
    );
    refuse(
        "not-before-hash",
        "SHA-384 is not used",
        &before(2, &raw(|w| w.array(2).int(-43).bstr(&[0; 32]))),
        "UnsupportedAlgorithm",
    );
    refuse(
        "not-before-31",
        "31 bytes of digest",
        &before(2, &raw(|w| w.array(2).int(-16).bstr(&[0; 31]))),
        "OutOfRange",
    );
    let declared = encode(&TimeClaim::declared(0));
    refuse("array", "not a map", &[0x82, 0x00, 0x00], "WrongType");
    refuse("trailing", "a byte more", &[&declared[..], &[0]].concat(), "TrailingBytes");
    refuse("cut", "a byte less", &declared[..declared.len() - 1], "Truncated");
    refuse("order", "key 2 before key 1", &[0xa2, 0x02, 0x00, 0x01, 0x82, 0x00, 0x00], "MapOrder");
    refuse("twice", "key 1 twice", &[0xa2, 0x01, 0x82, 0, 0, 0x01, 0x82, 0, 0], "DuplicateKey");
    refuse(
        "long-form",
        "0 in two bytes",
        &swapped(&declared, &[0x82, 0x00], &[0x82, 0x18, 0x00]),
        "NotShortest",
    );
    refuse(
        "float",
        "a time as a float",
        &swapped(&declared, &[0x82, 0x00], &[0x82, 0xf9, 0x00, 0x00]),
        "UnsupportedItem",
    );
}

/// The not-before pair of a claim as a map of 0 and 1, so that its digest can be taken by number.
fn part_of_pair(claim: &[u8]) -> Vec<u8> {
    let pair = part(claim, 7);
    let items = Item::parse(&pair, pair.len()).unwrap().array().unwrap();
    let mut w = Writer::new();
    w.map(items.len());
    for (at, item) in items.iter().enumerate() {
        w.uint(at as u64).raw(item.bytes());
    }
    w.finish()
}
