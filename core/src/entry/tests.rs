use proptest::prelude::*;

use super::genesis::check_organisation;
use super::*;
use crate::codec::{MapBuilder, Writer};
use crate::record::{ProfileRef, RecordBuilder};
use crate::sign::SigAlg;
use crate::testing::{
    code, every_cut_is_refused, first_claims, genesis_with, key, key_entry, padded, part, with,
    without,
};
use crate::time::{Tier, TimeClaim};

fn digest(text: &str) -> Digest {
    Digest::of(HashAlg::Sha256, text.as_bytes())
}

fn time() -> TimeClaim {
    TimeClaim::declared(5)
}

fn event(facts: Facts) -> Vec<u8> {
    Event { time: time(), facts }.encode()
}

fn record(place: u64) -> Vec<u8> {
    let profile = ProfileRef { id: "test".into(), version: 1, digest: digest("{}") };
    let draft = RecordBuilder::new(profile, time()).build().unwrap();
    draft.at([7; 16], place, (place > 0).then(|| digest("before"))).unwrap().encode()
}

fn genesis(continues: Option<Continues>) -> Vec<u8> {
    let first = first_claims(&key(SigAlg::P256, 1));
    Genesis { continues, ..genesis_with(HashAlg::Sha256, &first) }.encode()
}

fn older() -> Continues {
    Continues {
        ledger_id: digest("older"),
        height: 3,
        block_hash: digest("block"),
        sealed_digest: digest("sealed"),
        reason: ContinueReason::Restore,
    }
}

fn tombstone(records: usize, names: Option<Vec<String>>) -> Vec<u8> {
    Tombstone {
        records: (0..records).map(|n| digest(&n.to_string())).collect(),
        names,
        reason: TombstoneReason::RetentionOver,
        reference: [1; 32],
        time: time(),
    }
    .encode()
}

fn hold(records: usize) -> Vec<u8> {
    Hold {
        action: HoldAction::Restrict,
        records: (0..records).map(|n| digest(&n.to_string())).collect(),
        reason: HoldReason::Investigation,
        reference: [1; 32],
        time: time(),
    }
    .encode()
}

fn events() -> Vec<Facts> {
    let full = Facts::Opened {
        library: "yinzheng".into(),
        build: Some([1; 32]),
        system: Some("linux".into()),
        device: Some("server".into()),
        self_test_passed: Some(false),
        clock: Some(Tier::Tsa),
    };
    let least = Facts::Opened {
        library: String::new(),
        build: None,
        system: None,
        device: None,
        self_test_passed: None,
        clock: None,
    };
    let refused = |place: u64| Facts::Refused {
        dossier: [2; 16],
        place,
        record: digest("dropped"),
        reason: (place > 1).then_some(RefuseReason::TimedOut),
        predecessor: (place > 0).then(|| digest("before")),
    };
    vec![
        full,
        least,
        Facts::Closed { successor_key: None, successor_nonce: None },
        Facts::Closed { successor_key: Some([1; 32]), successor_nonce: Some([2; 16]) },
        Facts::Clock { step_ms: i64::MIN, boot_before: Some([1; 16]), boot_after: None },
        Facts::Restored { ledger_id: digest("id"), height: 1, block_hash: digest("hash") },
        refused(0),
        refused(1),
        refused(2),
        Facts::Damage { at: 0, what: 2 },
        Facts::Vault { key_id: [3; 8], step: VaultStep::Destroyed },
    ]
}

/// One entry of every kind and of every event, with the bytes that its type writes.
fn all() -> Vec<Vec<u8>> {
    let customer = key(SigAlg::Sm2, 3);
    let claims = crate::key::KeyClaims::enrol(
        crate::key::KeyRole::Customer,
        customer.public().clone(),
        crate::key::Custody::Hosted,
        1,
    );
    let observed = ObservedHead {
        ledger_id: digest("other"),
        height: 9,
        block_hash: digest("block"),
        sealed_digest: digest("sealed"),
        time: time(),
    };
    let renewal =
        Renewal { ledger_id: digest("old"), first: 3, last: 3, root: digest("root"), leaves: 3 };
    let mut list = vec![
        Link { previous_block: [1; 32], previous_sealed: [2; 32] }.encode(),
        genesis(None),
        genesis(Some(older())),
        record(0),
        record(1),
        key_entry(&claims, &customer, &digest("a ledger")),
        tombstone(1, None),
        tombstone(2, Some(vec!["a".into(), "b".into()])),
        hold(1),
        observed.encode(),
        renewal.encode(),
    ];
    list.extend(events().into_iter().map(event));
    list
}

/// The bytes that the type of what was read writes.
fn written(body: &Body) -> Vec<u8> {
    match body {
        Body::Link(one) => one.encode(),
        Body::Genesis(one) => one.encode(),
        Body::Record(one) => one.encode(),
        Body::Key(one, _) => one.encode(),
        Body::Tombstone(one) => one.encode(),
        Body::Hold(one) => one.encode(),
        Body::Event(one) => one.encode(),
        Body::ObservedHead(one) => one.encode(),
        Body::Renewal(one) => one.encode(),
        Body::Statement(_) | Body::Unknown { .. } => panic!("not written by a type"),
    }
}

#[test]
fn what_is_written_is_read_back() {
    for bytes in all() {
        let entry = Entry::parse(&bytes).unwrap();
        assert_eq!(written(&entry.body), bytes);
        assert!(!entry.has_unknown_optional);
        assert_eq!(entry.digest(HashAlg::Sm3), Digest::of(HashAlg::Sm3, &bytes));
    }
}

#[test]
fn every_event_says_its_code() {
    let codes: Vec<EventCode> =
        events().into_iter().map(|facts| Event { time: time(), facts }.code()).collect();
    assert!(EventCode::ALL.iter().all(|code| codes.contains(code)));
}

#[test]
fn every_cut_is_refused_whatever_the_entry() {
    for bytes in all() {
        every_cut_is_refused(&bytes, |cut| Entry::parse(cut).map(|_| ()));
    }
}

/// What is accepted says something else, and says it in one way only; or it is not understood.
#[test]
fn every_changed_bit_is_refused_or_read_as_what_it_says() {
    for good in all() {
        let before = Entry::parse(&good).unwrap().body;
        for at in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[at / 8] ^= 1 << (at % 8);
            let Ok(entry) = Entry::parse(&bytes) else { continue };
            match entry.body {
                Body::Unknown { .. } => {}
                body if entry.has_unknown_optional => drop(body),
                body => {
                    assert_ne!(body, before);
                    assert_eq!(written(&body), bytes);
                }
            }
        }
    }
}

#[test]
fn a_required_key_left_out_is_missed() {
    for bytes in all() {
        let map = Item::parse(&bytes, bytes.len()).unwrap().map().unwrap();
        for key in map.keys() {
            let shorter = without(&bytes, key);
            match Entry::parse(&shorter) {
                Err(error) => assert_eq!(error.code(), ErrorCode::MissingKey, "key {key}"),
                Ok(entry) => assert_eq!(written(&entry.body), shorter, "key {key} may be absent"),
            }
        }
    }
}

#[test]
fn unknown_keys_are_let_through_and_told_apart() {
    for bytes in all() {
        for (key, critical) in [
            (64, false),
            (65_535, false),
            (-65_537, false),
            (63, true),
            (-1, true),
            (-65_536, true),
        ] {
            let more = with(&bytes, key, &[0xf6]);
            let entry = Entry::parse(&more).unwrap();
            assert_eq!(entry.body == Body::Unknown { critical: true }, critical, "key {key}");
            assert_eq!(entry.has_unknown_optional, !critical, "key {key}");
            assert_eq!(entry.bytes, more);
        }
        // Hundreds of them, behind a longer map head.
        let entry = padded(&bytes, 300);
        let body = Entry::parse(&entry).unwrap().body;
        assert_eq!(body, Entry::parse(&bytes).unwrap().body);
    }
}

#[test]
fn an_unknown_critical_key_hides_nothing_that_is_not_canonical() {
    let bytes = with(&record(0), 63, &[0xf6]);
    assert_eq!(Entry::parse(&bytes).unwrap().body, Body::Unknown { critical: true });
    let trailing = [&bytes[..], &[0]].concat();
    assert_eq!(code(Entry::parse(&trailing)), ErrorCode::TrailingBytes);
}

#[test]
fn kinds_are_told_apart() {
    let of = |kind: u64| MapBuilder::new().put_uint(0, kind).put_uint(1, 5).finish();
    for kind in [11, 23, 24, 62, 63] {
        assert_eq!(Entry::parse(&of(kind)).unwrap().body, Body::Unknown { critical: true });
    }
    for kind in [64, 255, 256, 65_535] {
        let bytes = of(kind);
        let entry = Entry::parse(&bytes).unwrap();
        assert_eq!(entry.body, Body::Unknown { critical: false });
        assert!(entry.has_unknown_optional);
        assert_eq!((entry.place(), entry.record()), (None, None));
    }
    for kind in [9, 10] {
        assert_eq!(code(Entry::parse(&of(kind))), ErrorCode::WrongKind);
    }
    for kind in [65_536, 1 << 53, (1 << 63) - 1] {
        assert_eq!(code(Entry::parse(&of(kind))), ErrorCode::OutOfRange);
    }
}

#[test]
fn records_and_refused_events_take_places() {
    let first = record(0);
    let place = Entry::parse(&first).unwrap().place().unwrap();
    assert_eq!((place.dossier, place.place, place.predecessor), ([7; 16], 0, None));
    assert_eq!(place.digest, digest_of(&first));
    let second = record(1);
    assert_eq!(Entry::parse(&second).unwrap().place().unwrap().predecessor, Some(digest("before")));
    let taking: Vec<Place> = events()
        .into_iter()
        .filter_map(|facts| Entry::parse(&event(facts)).unwrap().place())
        .collect();
    assert_eq!(taking.len(), 3);
    assert!(
        taking.iter().all(|place| place.digest == digest("dropped") && place.dossier == [2; 16])
    );
    for bytes in [tombstone(1, None), hold(1), genesis(None)] {
        assert_eq!(Entry::parse(&bytes).unwrap().place(), None);
    }
}

fn digest_of(bytes: &[u8]) -> Digest {
    Digest::of(HashAlg::Sha256, bytes)
}

#[test]
fn lists_of_records_and_names_have_limits() {
    let names = |count: usize| Some((0..count).map(|n| format!("n{n:03}")).collect::<Vec<_>>());
    assert!(Entry::parse(&tombstone(512, names(512))).is_ok());
    assert_eq!(code(Entry::parse(&tombstone(513, None))), ErrorCode::OutOfRange);
    assert_eq!(code(Entry::parse(&tombstone(0, None))), ErrorCode::OutOfRange);
    assert_eq!(code(Entry::parse(&tombstone(1, names(513)))), ErrorCode::OutOfRange);
    assert_eq!(code(Entry::parse(&tombstone(1, names(0)))), ErrorCode::OutOfRange);
    assert!(Entry::parse(&hold(512)).is_ok());
    assert_eq!(code(Entry::parse(&hold(513))), ErrorCode::OutOfRange);
    let long = Some(vec!["名".repeat(43)]);
    assert_eq!(code(Entry::parse(&tombstone(1, long))), ErrorCode::OutOfRange);
}

#[test]
fn digests_of_another_ledger_are_under_its_hash() {
    let sm3 = |text: &str| Digest::of(HashAlg::Sm3, text.as_bytes());
    let good = older();
    for lie in [
        Continues { block_hash: sm3("block"), ..good },
        Continues { sealed_digest: sm3("sealed"), ..good },
        Continues { ledger_id: sm3("older"), ..good },
    ] {
        assert_eq!(code(Entry::parse(&genesis(Some(lie)))), ErrorCode::OutOfRange);
    }
    let restored = Facts::Restored { ledger_id: digest("id"), height: 1, block_hash: sm3("hash") };
    assert_eq!(code(Entry::parse(&event(restored))), ErrorCode::OutOfRange);
}

#[test]
fn a_name_of_an_organisation_has_1_to_200_bytes() {
    let named = |name: &str| {
        let genesis = genesis_with(HashAlg::Sm3, &first_claims(&key(SigAlg::P256, 1)));
        Genesis { organisation: name.into(), ..genesis }.encode()
    };
    assert!(Entry::parse(&named(&"x".repeat(200))).is_ok());
    assert_eq!(code(Entry::parse(&named(""))), ErrorCode::OutOfRange);
    assert_eq!(code(Entry::parse(&named(&"x".repeat(201)))), ErrorCode::OutOfRange);
    assert!(check_organisation("示例银行").is_ok());
    assert_eq!(code(check_organisation("")), ErrorCode::InvalidArgument);
}

#[test]
fn genesis_shows_a_first_key_and_no_other() {
    let good = genesis(None);
    let entry = |bytes: &[u8]| with(&good, 3, &Writer::new().bstr(bytes).finish());
    let ledger = key(SigAlg::P256, 1);
    let shown = key_entry(&first_claims(&ledger), &ledger, &digest("a ledger"));
    assert_eq!(code(Entry::parse(&entry(&shown))), ErrorCode::UnknownCritical);
    assert_eq!(code(Entry::parse(&entry(&[]))), ErrorCode::Truncated);
    assert_eq!(code(Entry::parse(&entry(&record(0)))), ErrorCode::WrongKind);
    assert_eq!(part(&good, 0), [0x01]);
}

#[test]
fn errors_say_where_and_never_what() {
    let bytes =
        with(&record(0), 6, &Writer::new().array(1).array(2).text("geheim").uint(5).finish());
    let error = Entry::parse(&bytes).unwrap_err();
    assert!(error.context().starts_with("record: key 6"), "{}", error.context());
    assert!(!format!("{error} {error:?}").contains("geheim"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Entry::parse(&bytes);
    }

    #[test]
    fn an_entry_with_bytes_thrown_in_is_read_or_refused(
        which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(),
        bytes in proptest::collection::vec(any::<u8>(), 1..8)
    ) {
        static ENTRIES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
        let good = which.get(ENTRIES.get_or_init(all)).clone();
        let at = at.index(good.len());
        let _ = Entry::parse(&[&good[..at], &bytes, &good[at..]].concat());
    }
}
