//! What `entry.json` refuses.

use yinzheng::codec::Writer;
use yinzheng::entry::HoldAction;
use yinzheng::hash::{Digest, HashAlg};

use super::entry::{
    customers_key, digest, hold, ledger_genesis, link, observed, opened, payloads, raw, refused,
    renewal, tombstone,
};
use crate::scene::{event, first_record};
use crate::testing::{part, with, without};

/// Name, what it is, bytes, error.
type Case = (String, String, Vec<u8>, &'static str);

fn case(name: &str, what: &str, bytes: Vec<u8>, error: &'static str) -> Case {
    (name.into(), what.into(), bytes, error)
}

pub(crate) fn all() -> Vec<Case> {
    [forms(), missing(), genesis(), marks(), heads(), opened_event(), other_events()].concat()
}

fn forms() -> Vec<Case> {
    let [reference, countersignature] = payloads().try_into().unwrap();
    let good = link();
    vec![
        case("reference", "the payload of a statement is no entry", reference, "WrongKind"),
        case(
            "countersignature-payload",
            "nor that of a countersignature",
            countersignature,
            "WrongKind",
        ),
        case("empty", "nothing", vec![], "Truncated"),
        case("null", "null", vec![0xf6], "WrongType"),
        case("empty-map", "no kind", vec![0xa0], "MissingKey"),
        case("kind-missing", "a map without key 0", vec![0xa1, 0x01, 0x00], "MissingKey"),
        case("kind-negative", "kinds are not negative", vec![0xa1, 0x00, 0x20], "WrongType"),
        case(
            "kind-65536",
            "kinds end at 65,535",
            vec![0xa1, 0x00, 0x1a, 0x00, 0x01, 0x00, 0x00],
            "OutOfRange",
        ),
        case("kind-text", "a kind in words", vec![0xa1, 0x00, 0x61, 0x30], "WrongType"),
        case("kind-null", "no kind", vec![0xa1, 0x00, 0xf6], "WrongType"),
        case("array", "an array", vec![0x81, 0x00], "WrongType"),
        case("decimal", "another tag", vec![0xc4, 0x82, 0x00, 0x00], "WrongType"),
        case(
            "key-65536",
            "keys end at 65,535",
            [&[0xa4], &good[1..], &[0x1a, 0x00, 0x01, 0x00, 0x00, 0xf6]].concat(),
            "OutOfRange",
        ),
        case(
            "text-key",
            "a text as a key",
            [&[0xa4], &good[1..], &[0x61, 0x78, 0xf6]].concat(),
            "UnsupportedItem",
        ),
        case("trailing", "a byte more", [&good[..], &[0x00]].concat(), "TrailingBytes"),
        case("cut", "a byte less", good[..good.len() - 1].to_vec(), "Truncated"),
        case(
            "open-map",
            "a map without length",
            [&[0xbf], &good[1..], &[0xff]].concat(),
            "UnsupportedItem",
        ),
        case(
            "long-head",
            "a map head in two bytes",
            [&[0xb8, 0x03], &good[1..]].concat(),
            "NotShortest",
        ),
        case(
            "nested-9",
            "an optional key nested too deep",
            with(&good, 64, &[&[0x81; 8][..], &[0xf6]].concat()),
            "TooDeep",
        ),
        case(
            "unknown-kind-nested",
            "an unknown kind is canonical all the same",
            vec![0xa2, 0x00, 0x18, 0x40, 0x00, 0x00],
            "DuplicateKey",
        ),
        case(
            "float-optional",
            "a float under an optional key",
            with_raw_optional(&good, &[0xf9, 0x00, 0x00]),
            "UnsupportedItem",
        ),
        case(
            "unsorted-optional",
            "an optional key before key 1",
            [&[0xa4, 0x00, 0x00, 0x18, 0x40, 0xf6], &good[3..]].concat(),
            "MapOrder",
        ),
    ]
}

/// With key 64 and bytes that no canonical item has.
fn with_raw_optional(entry: &[u8], value: &[u8]) -> Vec<u8> {
    [&[entry[0] + 1], &entry[1..], &[0x18, 0x40], value].concat()
}

/// Every required key of every kind, left out.
fn missing() -> Vec<Case> {
    let kinds: [(&str, Vec<u8>, &[i64]); 9] = [
        ("link", link(), &[1, 2]),
        ("genesis", ledger_genesis(false), &[1, 2, 3, 4, 5, 6]),
        ("record", first_record(HashAlg::Sha256).encode(), &[1, 2, 3, 4, 5, 6, 7, 8]),
        ("key", customers_key(), &[1, 2]),
        ("tombstone", tombstone(None), &[1, 2, 3, 4, 5]),
        ("hold", hold(HoldAction::Set), &[1, 2, 3, 4, 5]),
        ("event", opened(), &[1, 2, 3]),
        ("observed-head", observed(), &[1, 2, 3, 4, 5]),
        ("renewal", renewal(), &[1, 2, 3, 4, 5]),
    ];
    let left_out = kinds.into_iter().flat_map(|(name, entry, keys)| {
        keys.iter()
            .map(move |key| {
                case(
                    &format!("{name}-no-{key}"),
                    "a required key is missing",
                    without(&entry, *key),
                    "MissingKey",
                )
            })
            .collect::<Vec<_>>()
    });
    left_out.collect()
}

fn genesis() -> Vec<Case> {
    let good = ledger_genesis(true);
    let continues = part(&good, 7);
    let other = |key: i64, value: &[u8]| with(&good, 7, &with(&continues, key, value));
    let text = |text: &str| raw(|w| w.text(text));
    vec![
        case(
            "genesis-format-1",
            "a format of the future",
            with(&good, 1, &[0x01]),
            "UnsupportedVersion",
        ),
        case(
            "genesis-hash",
            "SHA-384 is not used",
            with(&good, 2, &raw(|w| w.int(-43))),
            "UnsupportedAlgorithm",
        ),
        case(
            "genesis-key-bare",
            "the first key not in a byte string",
            with(&good, 3, &[0xa0]),
            "WrongType",
        ),
        case(
            "genesis-key-rubbish",
            "the first key is no key entry",
            with(&good, 3, &raw(|w| w.bstr(b"\xff"))),
            "UnsupportedItem",
        ),
        case(
            "genesis-key-customer",
            "a customer's key",
            with(&good, 3, &raw(|w| w.bstr(&customers_key()))),
            "OutOfRange",
        ),
        case(
            "genesis-nonce-15",
            "15 bytes",
            with(&good, 4, &raw(|w| w.bstr(&[0; 15]))),
            "OutOfRange",
        ),
        case("genesis-nameless", "no name", with(&good, 6, &text("")), "OutOfRange"),
        case(
            "genesis-name-201",
            "a name of 201 bytes",
            with(&good, 6, &text(&"银".repeat(67))),
            "OutOfRange",
        ),
        case("continues-reason-5", "no such reason", other(4, &[0x05]), "OutOfRange"),
        case("continues-reason-0", "no such reason", other(4, &[0x00]), "OutOfRange"),
        case(
            "continues-bare",
            "a bare ledger id",
            other(0, &raw(|w| w.bstr(&[0; 32]))),
            "WrongType",
        ),
        case(
            "continues-two-hashes",
            "a block hash under another hash than the ledger's",
            other(2, &raw(|w| Digest::of(HashAlg::Sm3, b"").write(w))),
            "OutOfRange",
        ),
        case(
            "continues-height",
            "a height of 2^53",
            other(1, &raw(|w| w.uint(1 << 53))),
            "OutOfRange",
        ),
        case("continues-key-5", "an unknown key", other(5, &[0xf6]), "UnknownCritical"),
        case("continues-key-64", "nor an optional one", other(64, &[0xf6]), "UnknownCritical"),
        case(
            "continues-no-sealed",
            "no sealed digest",
            with(&good, 7, &without(&continues, 3)),
            "MissingKey",
        ),
        case("link-31", "31 bytes", with(&link(), 1, &raw(|w| w.bstr(&[0; 31]))), "OutOfRange"),
        case(
            "link-typed",
            "a block hash is bare",
            with(&link(), 1, &raw(|w| digest("x").write(w))),
            "WrongType",
        ),
    ]
}

fn names(names: &[&str]) -> Vec<u8> {
    raw(|w| names.iter().fold(w.array(names.len()), |w, name| w.text(name)))
}

fn marks() -> Vec<Case> {
    let erased = tombstone(None);
    let held = hold(HoldAction::Set);
    let list = |count: usize| raw(|w| (0..count).fold(w.array(count), |w, _| digest("x").write(w)));
    let bare = raw(|w| w.array(1).bstr(&[0; 32]));
    vec![
        case("tombstone-no-records", "an empty list", with(&erased, 1, &list(0)), "OutOfRange"),
        case("tombstone-bare", "a bare digest", with(&erased, 1, &bare), "WrongType"),
        case(
            "tombstone-no-names",
            "an empty list; null means all",
            with(&erased, 2, &names(&[])),
            "OutOfRange",
        ),
        case(
            "tombstone-name-empty",
            "a name of no bytes",
            with(&erased, 2, &names(&[""])),
            "OutOfRange",
        ),
        case(
            "tombstone-name-129",
            "a name of 129 bytes",
            with(&erased, 2, &names(&[&"n".repeat(129)])),
            "OutOfRange",
        ),
        case(
            "tombstone-name-twice",
            "a name twice",
            with(&erased, 2, &names(&["a", "a"])),
            "MapOrder",
        ),
        case(
            "tombstone-names-descend",
            "names not in order",
            with(&erased, 2, &names(&["b", "a"])),
            "MapOrder",
        ),
        case("tombstone-false", "false is not all", with(&erased, 2, &[0xf4]), "WrongType"),
        case("tombstone-reason-0", "no such reason", with(&erased, 3, &[0x00]), "OutOfRange"),
        case("tombstone-reason-5", "no such reason", with(&erased, 3, &[0x05]), "OutOfRange"),
        case(
            "tombstone-reference-31",
            "31 bytes",
            with(&erased, 4, &raw(|w| w.bstr(&[0; 31]))),
            "OutOfRange",
        ),
        case(
            "tombstone-reference-text",
            "the reference in clear",
            with(&erased, 4, &raw(|w| w.text("case 17"))),
            "WrongType",
        ),
        case("hold-action-0", "no such action", with(&held, 1, &[0x00]), "OutOfRange"),
        case("hold-action-4", "no such action", with(&held, 1, &[0x04]), "OutOfRange"),
        case("hold-no-records", "an empty list", with(&held, 2, &list(0)), "OutOfRange"),
        case("hold-null", "null is no list", with(&held, 2, &[0xf6]), "WrongType"),
        case("hold-reason-5", "no such reason", with(&held, 3, &[0x05]), "OutOfRange"),
        case(
            "hold-time-text",
            "a date in words",
            with(&held, 5, &raw(|w| w.text("2026-11-01"))),
            "WrongType",
        ),
    ]
}

fn heads() -> Vec<Case> {
    let (seen, old) = (observed(), renewal());
    let sm3 = raw(|w| Digest::of(HashAlg::Sm3, b"").write(w));
    let uint = |n: u64| raw(|w| w.uint(n));
    vec![
        case(
            "observed-bare",
            "a bare ledger id",
            with(&seen, 1, &raw(|w| w.bstr(&[0; 32]))),
            "WrongType",
        ),
        case("observed-height", "a height of 2^53", with(&seen, 2, &uint(1 << 53)), "OutOfRange"),
        case(
            "observed-two-hashes",
            "a block hash under another hash",
            with(&seen, 3, &sm3),
            "OutOfRange",
        ),
        case(
            "observed-two-hashes-sealed",
            "a sealed digest under another hash",
            with(&seen, 4, &sm3),
            "OutOfRange",
        ),
        case(
            "renewal-backwards",
            "the first height above the last",
            with(&old, 2, &uint(42)),
            "OutOfRange",
        ),
        case("renewal-negative", "a height below 0", with(&old, 2, &[0x20]), "WrongType"),
        case(
            "renewal-bare-root",
            "a root without its hash",
            with(&old, 4, &raw(|w| w.bstr(&[0; 32]))),
            "WrongType",
        ),
        case("renewal-leaves", "2^53 leaves", with(&old, 5, &uint(1 << 53)), "OutOfRange"),
    ]
}

fn opened_event() -> Vec<Case> {
    let good = opened();
    let facts = part(&good, 3);
    let fact = |key: i64, value: &[u8]| with(&good, 3, &with(&facts, key, value));
    vec![
        case(
            "event-code-text",
            "a code in words",
            with(&good, 1, &raw(|w| w.text("opened"))),
            "WrongType",
        ),
        case("event-code-negative", "codes are not negative", with(&good, 1, &[0x20]), "WrongType"),
        case(
            "event-63-timeless",
            "an unknown code has a time all the same",
            without(&with(&good, 1, &[0x18, 0x3f]), 2),
            "MissingKey",
        ),
        case(
            "event-63-facts",
            "and its facts are a map",
            with(&with(&good, 1, &[0x18, 0x3f]), 3, &[0x80]),
            "WrongType",
        ),
        case("opened-no-library", "no library", with(&good, 3, &without(&facts, 1)), "MissingKey"),
        case("opened-build-31", "31 bytes", fact(2, &raw(|w| w.bstr(&[0; 31]))), "OutOfRange"),
        case(
            "opened-system-bytes",
            "a system's name is text",
            fact(3, &raw(|w| w.bstr(b"linux"))),
            "WrongType",
        ),
        case("opened-self-test-0", "no such result", fact(5, &[0x00]), "OutOfRange"),
        case("opened-self-test-true", "a number, not true", fact(5, &[0xf5]), "WrongType"),
        case("opened-clock-7", "no such tier", fact(6, &[0x07]), "OutOfRange"),
        case("opened-fact-7", "no such fact", fact(7, &[0xf6]), "UnknownCritical"),
        case("opened-fact-64", "nor an optional one", fact(64, &[0xf6]), "UnknownCritical"),
        case("opened-facts-array", "facts as an array", with(&good, 3, &[0x80]), "WrongType"),
        case(
            "opened-as-closed",
            "the facts of another event",
            with(&good, 1, &[0x02]),
            "UnknownCritical",
        ),
    ]
}

fn other_events() -> Vec<Case> {
    use yinzheng::entry::{Facts, VaultStep};
    let closed = event(Facts::Closed { successor_key: None, successor_nonce: None });
    let clock = event(Facts::Clock { step_ms: 1, boot_before: None, boot_after: None });
    let restored =
        event(Facts::Restored { ledger_id: digest("a"), height: 1, block_hash: digest("b") });
    let damage = event(Facts::Damage { at: 1, what: 1 });
    let vault = event(Facts::Vault { key_id: [7; 8], step: VaultStep::Replaced });
    let fact =
        |event: &[u8], key: i64, value: &[u8]| with(event, 3, &with(&part(event, 3), key, value));
    let no_fact = |event: &[u8], key: i64| with(event, 3, &without(&part(event, 3), key));
    let bytes = |n: usize| Writer::new().bstr(&vec![0; n]).finish();
    let sm3 = raw(|w| Digest::of(HashAlg::Sm3, b"").write(w));
    let predecessor = raw(|w| digest("before").write(w));
    vec![
        case(
            "closed-empty-facts",
            "empty facts are left out",
            with(&closed, 3, &[0xa0]),
            "OutOfRange",
        ),
        case("closed-null-facts", "null is no map", with(&closed, 3, &[0xf6]), "WrongType"),
        case(
            "closed-nonce-15",
            "15 bytes",
            with(&closed, 3, &[&[0xa1, 0x02], &bytes(15)[..]].concat()),
            "OutOfRange",
        ),
        case(
            "closed-key-33",
            "33 bytes",
            with(&closed, 3, &[&[0xa1, 0x01], &bytes(33)[..]].concat()),
            "OutOfRange",
        ),
        case("clock-no-step", "facts without the step", without(&clock, 3), "MissingKey"),
        case("clock-step-text", "a step in words", fact(&clock, 1, &[0x61, 0x31]), "WrongType"),
        case("clock-boot-8", "8 bytes", fact(&clock, 2, &bytes(8)), "OutOfRange"),
        case("restored-bare", "a bare ledger id", fact(&restored, 1, &bytes(32)), "WrongType"),
        case(
            "restored-two-hashes",
            "a block hash under another hash",
            fact(&restored, 3, &sm3),
            "OutOfRange",
        ),
        case("restored-no-height", "no height", no_fact(&restored, 2), "MissingKey"),
        case(
            "refused-no-record",
            "the record that was dropped is not named",
            no_fact(&refused(0), 3),
            "MissingKey",
        ),
        case("refused-no-place", "no place", no_fact(&refused(0), 2), "MissingKey"),
        case(
            "refused-predecessor-at-0",
            "place 0 has none",
            fact(&refused(0), 5, &predecessor),
            "OutOfRange",
        ),
        case("refused-no-predecessor", "place 1 has one", no_fact(&refused(1), 5), "OutOfRange"),
        case("refused-reason-5", "no such reason", fact(&refused(0), 4, &[0x05]), "OutOfRange"),
        case("refused-dossier-15", "15 bytes", fact(&refused(0), 1, &bytes(15)), "OutOfRange"),
        case("refused-bare", "a bare digest", fact(&refused(0), 3, &bytes(32)), "WrongType"),
        case("damage-0", "no such thing", fact(&damage, 2, &[0x00]), "OutOfRange"),
        case("damage-4", "no such thing", fact(&damage, 2, &[0x04]), "OutOfRange"),
        case(
            "damage-2-53",
            "2^53 is too large",
            fact(&damage, 1, &raw(|w| w.uint(1 << 53))),
            "OutOfRange",
        ),
        case("vault-id-7", "7 bytes", fact(&vault, 1, &bytes(7)), "OutOfRange"),
        case("vault-step-3", "no such step", fact(&vault, 2, &[0x03]), "OutOfRange"),
    ]
}
