use proptest::prelude::*;

use super::*;
use crate::codec::Writer;
use crate::random::Random;
use crate::testing::{code, every_cut_is_refused, with};
use crate::time::{Moment, Tier};
use crate::value::{Disclosure, Field, FieldClass, Value};

fn profile(hash: HashAlg) -> ProfileRef {
    ProfileRef { id: "test.profile".into(), version: 1, digest: Digest::of(hash, b"{}") }
}

fn field(name: &str, text: &str) -> Field {
    Field { name: name.into(), class: FieldClass::C2, value: Value::Text(text.into()) }
}

fn builder(fields: Vec<Field>) -> RecordBuilder {
    RecordBuilder::new(profile(HashAlg::Sha256), TimeClaim::declared(5)).fields(fields)
}

fn build(fields: Vec<Field>) -> Result<RecordDraft> {
    builder(fields).build_with(&mut Random::fixed_for_tests("record"))
}

fn many(count: usize) -> Vec<Field> {
    (0..count).map(|n| field(&format!("field.{n}"), "x")).collect()
}

fn record() -> Record {
    build(vec![field("b", "2"), field("a", "1")]).unwrap().at([7; 16], 0, None).unwrap()
}

fn digest(n: u64) -> Digest {
    Digest::of(HashAlg::Sm3, &n.to_be_bytes())
}

// From fields to a record.

#[test]
fn a_draft_sorts_its_names_and_its_disclosures_open_them() {
    for hash in HashAlg::ALL {
        let draft = RecordBuilder::new(profile(hash), TimeClaim::declared(5))
            .fields([field("b", "2"), field("中", "3"), field("a", "1")])
            .build()
            .unwrap();
        let record = draft.at([7; 16], 0, None).unwrap();
        let names: Vec<&str> = record.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "中"]);
        assert_eq!(record.hash, hash);
        for disclosure in &draft.disclosures {
            assert_eq!(record.commitment(&disclosure.name), Some(&disclosure.commitment(hash)));
        }
        assert_eq!(record.commitment("c"), None);
    }
}

#[test]
fn salts_are_drawn_anew_each_time_and_for_each_field() {
    let mut salts: Vec<[u8; 16]> = (0..3)
        .flat_map(|_| builder(many(20)).build().unwrap().disclosures)
        .map(|disclosure| disclosure.salt)
        .collect();
    salts.sort_unstable();
    salts.dedup();
    assert_eq!(salts.len(), 60);
}

#[test]
fn values_stay_out_of_the_record_and_out_of_logs() {
    let draft = build(vec![field("phone", "13900001234")]).unwrap();
    let bytes = draft.at([7; 16], 0, None).unwrap().encode();
    let secret = b"13900001234";
    assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    assert!(!format!("{draft:?}").contains("13900001234"));
}

#[test]
fn fields_that_no_record_may_have_are_refused_early() {
    assert_eq!(code(build(vec![field("a", "1"), field("a", "2")])), ErrorCode::DuplicateKey);
    assert_eq!(code(build(many(513))), ErrorCode::LimitExceeded);
    assert_eq!(code(build(vec![field("", "1")])), ErrorCode::LimitExceeded);
    assert_eq!(code(build(vec![field(&"n".repeat(129), "1")])), ErrorCode::LimitExceeded);
    let cited = builder(vec![]).cite(Relation::Predecessor, digest(1)).build();
    assert_eq!(code(cited), ErrorCode::InvalidArgument);
    assert!(build(many(512)).is_ok());
    assert!(build(vec![field(&"n".repeat(128), "1")]).is_ok());
}

#[test]
fn a_place_and_its_predecessor_belong_together() {
    let draft = build(vec![]).unwrap();
    assert_eq!(code(draft.at([7; 16], 1, None)), ErrorCode::OutOfRange);
    assert_eq!(code(draft.at([7; 16], 0, Some(digest(1)))), ErrorCode::OutOfRange);
    assert_eq!(code(draft.at([7; 16], 1 << 53, Some(digest(1)))), ErrorCode::OutOfRange);
    let second = draft.at([7; 16], 1, Some(digest(1))).unwrap();
    assert_eq!(second.predecessor(), Some(&digest(1)));
    assert_eq!(record().predecessor(), None);
}

#[test]
fn a_draft_that_nobody_could_read_makes_no_record() {
    let cite =
        |count| (0..count).fold(builder(vec![]), |b, n| b.cite(Relation::Reference, digest(n)));
    let draft = cite(64).build().unwrap();
    draft.at([7; 16], 0, None).unwrap();
    // The predecessor would be the 65th.
    assert_eq!(code(draft.at([7; 16], 1, Some(digest(99)))), ErrorCode::TooLarge);
    assert_eq!(code(cite(65).build().unwrap().at([7; 16], 0, None)), ErrorCode::TooLarge);
    let twice =
        builder(vec![]).cite(Relation::Consent, digest(1)).cite(Relation::Consent, digest(1));
    assert_eq!(code(twice.build().unwrap().at([7; 16], 0, None)), ErrorCode::DuplicateKey);
    let mut nameless = profile(HashAlg::Sha256);
    nameless.id = String::new();
    let draft = RecordBuilder::new(nameless, TimeClaim::declared(5)).build().unwrap();
    assert_eq!(code(draft.at([7; 16], 0, None)), ErrorCode::OutOfRange);
    let mut late = TimeClaim::declared(5);
    late.captured.offset_minutes = 1440;
    let draft = RecordBuilder::new(profile(HashAlg::Sha256), late).build().unwrap();
    assert_eq!(code(draft.at([7; 16], 0, None)), ErrorCode::OutOfRange);
    let mut draft = build(vec![]).unwrap();
    draft.hash = HashAlg::Sm3;
    assert_eq!(
        code(draft.at([7; 16], 0, None)),
        ErrorCode::OutOfRange,
        "the profile is under SHA-256"
    );
}

// Bytes.

#[test]
fn limits_hold_to_the_last_field_and_byte() {
    let fields = |count: usize| {
        let fields = (0..count)
            .map(|n| FieldCommitment { name: format!("f{n:03}"), commitment: [1; 32] })
            .collect();
        Record { fields, ..record() }.encode()
    };
    assert_eq!(Record::parse(&fields(512)).unwrap().fields.len(), 512);
    assert_eq!(code(Record::parse(&fields(513))), ErrorCode::TooLarge);
    let padded =
        |bytes: usize| with(&record().encode(), 64, &Writer::new().bstr(&vec![0; bytes]).finish());
    let overhead = padded(60_000).len() - 60_000;
    assert!(Record::parse(&padded(65_535 - overhead)).is_ok());
    assert_eq!(code(Record::parse(&padded(65_536 - overhead))), ErrorCode::TooLarge);
}

#[test]
fn every_cut_of_a_record_is_refused() {
    every_cut_is_refused(&record().encode(), Record::parse);
}

#[test]
fn the_digest_is_over_the_bytes_as_received() {
    let plain = record().encode();
    let padded = with(&plain, 64, &[0xf6]);
    let read = Record::parse(&padded).unwrap();
    assert_eq!(read, record(), "what an optional key says is not read");
    assert_ne!(read.digest(&padded), read.digest(&plain), "but it is digested");
    assert_ne!(read.encode(), padded);
}

fn any_digest() -> impl Strategy<Value = Digest> {
    (any::<bool>(), any::<[u8; 32]>()).prop_map(|(sm3, bytes)| Digest {
        alg: if sm3 { HashAlg::Sm3 } else { HashAlg::Sha256 },
        bytes,
    })
}

fn any_time() -> impl Strategy<Value = TimeClaim> {
    let moment = || {
        (any::<i64>(), -1439i16..=1439, proptest::option::of("[ -~]{1,64}")).prop_map(
            |(unix_ms, offset_minutes, original)| Moment { unix_ms, offset_minutes, original },
        )
    };
    let number = || proptest::option::of(0u64..1 << 53);
    (
        (proptest::option::of(moment()), moment(), 0u64..7),
        (number(), number(), number(), proptest::option::of(any::<[u8; 16]>())),
    )
        .prop_map(|((occurred, captured, tier), (age, uncertainty, reading, boot))| {
            TimeClaim {
                occurred,
                sync_age_ms: age,
                uncertainty_ms: uncertainty,
                monotonic_ms: reading,
                boot_id: boot,
                ..TimeClaim::new(captured, Tier::from_number(tier).unwrap())
            }
        })
}

fn any_record() -> impl Strategy<Value = Record> {
    let names = proptest::collection::btree_set("\\PC{1,20}", 0..12);
    let citations = proptest::collection::vec((1u64..4, any_digest()), 0..6);
    (
        ("\\PC{1,30}", 0u64..1 << 53, any_digest(), any::<[u8; 16]>()),
        (0u64..4, any_digest(), citations),
        (names, any_time(), proptest::option::of(any_digest())),
    )
        .prop_map(
            |(
                (id, version, profile, dossier),
                (place, before, cited),
                (names, time, supersedes),
            )| {
                let mut citations: Vec<Citation> = Vec::new();
                if place > 0 {
                    citations.push(Citation { relation: Relation::Predecessor, digest: before });
                }
                for (relation, digest) in cited {
                    let citation =
                        Citation { relation: Relation::from_number(relation).unwrap(), digest };
                    if !citations.contains(&citation) {
                        citations.push(citation);
                    }
                }
                let fields = names
                    .into_iter()
                    .map(|name| FieldCommitment {
                        commitment: HashAlg::Sm3.digest(name.as_bytes()),
                        name,
                    })
                    .collect();
                let hash = profile.alg;
                let profile = ProfileRef { id, version, digest: profile };
                Record { profile, dossier, place, citations, fields, time, hash, supersedes }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(record in any_record()) {
        prop_assert_eq!(Record::parse(&record.encode()).unwrap(), record);
    }

    /// What a reader accepts has one spelling: it either was not changed in meaning's way or it is refused.
    #[test]
    fn a_changed_byte_is_refused_or_read_as_what_it_says(
        record in any_record(), at in any::<prop::sample::Index>(), flip in 1u8..
    ) {
        let mut bytes = record.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(read) = Record::parse(&bytes) {
            prop_assert_ne!(&read, &record);
            prop_assert_eq!(read.encode(), bytes);
        }
    }

    #[test]
    fn a_disclosure_opens_one_commitment_only(salt in any::<[u8; 16]>(), text in ".{0,20}", name in "[a-z]{1,8}") {
        let one = Disclosure { salt, value: Value::Text(text.clone()), name: name.clone() };
        let other = Disclosure { salt, value: Value::Text(format!("{text} ")), name };
        prop_assert_ne!(one.commitment(HashAlg::Sha256), other.commitment(HashAlg::Sha256));
    }
}
