//! `record.json`: format §5.2.

use serde_json::{Value, json};
use yinzheng::codec::Writer;
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::record::{Citation, FieldCommitment, Record, Relation};
use yinzheng::value::Disclosure;

use crate::scene::{DOSSIER, draft, first_record, second_record};
use crate::testing::{part, with, without};
use crate::{Cases, bytes, facts, hex, publish, swapped};

/// A case may carry the disclosures that open the commitments.
fn read(beside: &Value, record: &[u8]) -> yinzheng::Result<Value> {
    let read = Record::parse(record)?;
    for disclosure in beside["disclosures"].as_array().into_iter().flatten() {
        let disclosure = Disclosure::parse(&bytes(disclosure.as_str().unwrap()))?;
        let commitment = disclosure.commitment(read.hash);
        if read.commitment(&disclosure.name) != Some(&commitment) {
            return Err(yinzheng::Error::new(yinzheng::ErrorCode::DigestMismatch, "disclosure"));
        }
    }
    Ok(facts::record(&read, record))
}

#[test]
fn vectors() {
    let mut cases = Cases::new(read);
    accepted(&mut cases);
    refused_shapes(&mut cases);
    refused_lists(&mut cases);
    refused_values(&mut cases);
    publish(
        "record",
        &json!({
            "about": "docs/format.md §5.2, §6: bare records, with disclosures that open their commitments. See README.md.",
            "cases": cases.done(),
        }),
    );
}

fn digest(text: &str) -> Digest {
    Digest::of(HashAlg::Sm3, text.as_bytes())
}

fn cite(relation: Relation, text: &str) -> Citation {
    Citation { relation, digest: digest(text) }
}

fn named(names: &[&str]) -> Vec<FieldCommitment> {
    names
        .iter()
        .map(|name| FieldCommitment {
            name: (*name).into(),
            commitment: HashAlg::Sha256.digest(name.as_bytes()),
        })
        .collect()
}

fn accepted(cases: &mut Cases<'_>) {
    for hash in HashAlg::ALL {
        let open: Vec<String> =
            draft(hash).disclosures.iter().map(|one| hex(one.encode())).collect();
        let name = hash.prefix();
        let record = first_record(hash);
        cases.ok(
            &format!("first-{name}"),
            "place 0, two fields, both opened",
            json!({"disclosures": open}),
            &record.encode(),
        );
        cases.ok(
            &format!("second-{name}"),
            "place 1 with its predecessor and a consent",
            json!({}),
            &second_record(hash).encode(),
        );
    }
    let record = first_record(HashAlg::Sha256);
    let all = Record {
        place: 3,
        citations: vec![
            cite(Relation::Predecessor, "a"),
            cite(Relation::Reference, "b"),
            cite(Relation::Consent, "b"),
            cite(Relation::Evidence, "c"),
        ],
        supersedes: Some(digest("d")),
        ..record.clone()
    };
    cases.ok(
        "every-relation",
        "all relations, and a record that this one supersedes",
        json!({}),
        &all.encode(),
    );
    let none = Record { fields: Vec::new(), ..record.clone() };
    cases.ok("no-fields", "a record without fields", json!({}), &none.encode());
    let names = Record {
        fields: named(&["A", "a", "a.b", "ab", "é", "中文", "\u{ff5e}", "\u{10000}"]),
        ..record.clone()
    };
    cases.ok(
        "name-order",
        "names ascend by UTF-8 bytes; by UTF-16 the last two would not",
        json!({}),
        &names.encode(),
    );
    let long = Record { fields: named(&[&"n".repeat(128)]), ..record.clone() };
    cases.ok("longest-name", "128 bytes", json!({}), &long.encode());
    let last = Record {
        place: (1 << 53) - 1,
        citations: vec![cite(Relation::Predecessor, "a")],
        ..record.clone()
    };
    cases.ok("last-place", "2^53 − 1", json!({}), &last.encode());
    let many = Record {
        citations: (0..64).map(|n| cite(Relation::Reference, &n.to_string())).collect(),
        ..record.clone()
    };
    cases.ok("64-citations", "as many as there may be", json!({}), &many.encode());
    let optional = with(&with(&record.encode(), 64, &[0xf6]), -65_537, &[0xf6]);
    cases.ok(
        "optional-keys",
        "keys 64 and −65537 are passed over, and part of the digest",
        json!({}),
        &optional,
    );
}

fn refused_shapes(cases: &mut Cases<'_>) {
    let mut refuse = |name: &str, what: &str, bytes: &[u8], error: &str| {
        cases.refuse(name, what, json!({}), bytes, error)
    };
    let good = first_record(HashAlg::Sha256).encode();
    for key in 0..9 {
        refuse(&format!("no-{key}"), "a key is missing", &without(&good, key), "MissingKey");
    }
    refuse("kind-3", "not a record", &with(&good, 0, &[0x03]), "WrongKind");
    refuse("layout-1", "a layout of the future", &with(&good, 1, &[0x01]), "UnsupportedVersion");
    for key in [10, 63, -1, -65_536] {
        let bytes = with(&good, key, &[0xf6]);
        refuse(
            &format!("critical-{key}"),
            "an unknown critical key: as an entry never PROVEN",
            &bytes,
            "UnknownCritical",
        );
    }
    refuse("array", "not a map", &[0x82, 0x02, 0x00], "WrongType");
    refuse(
        "statement",
        "a tag instead",
        &[&[0xd2, 0x84, 0x40, 0xa0, 0x40, 0x40][..]].concat(),
        "WrongType",
    );
    refuse("trailing", "a byte more", &[&good[..], &[0xf6]].concat(), "TrailingBytes");
    refuse("cut", "a byte less", &good[..good.len() - 1], "Truncated");
    refuse("empty", "nothing", &[], "Truncated");
    let order = [&[0xa9, 0x01, 0x00, 0x00, 0x02][..], &good[5..]].concat();
    refuse("order", "key 1 before key 0", &order, "MapOrder");
    let twice = [&[0xaa, 0x00, 0x02, 0x00, 0x02][..], &good[3..]].concat();
    refuse("twice", "key 0 twice", &twice, "DuplicateKey");
    let long = [&[0xa9, 0x00, 0x18, 0x02][..], &good[3..]].concat();
    refuse("long-form", "2 in two bytes", &long, "NotShortest");
    let open = [&[0xbf][..], &good[1..], &[0xff]].concat();
    refuse("open-map", "a map without length", &open, "UnsupportedItem");
    let text = Writer::new().text("2").finish();
    refuse(
        "text-key",
        "a text as a key",
        &[&[0xaa][..], &good[1..], &text, &[0xf6]].concat(),
        "UnsupportedItem",
    );
}

fn refused_lists(cases: &mut Cases<'_>) {
    let mut refuse = |name: &str, what: &str, record: Record, error: &str| {
        cases.refuse(name, what, json!({}), &record.encode(), error)
    };
    let good = first_record(HashAlg::Sha256);
    let cited = |place: u64, citations: Vec<Citation>| Record { place, citations, ..good.clone() };
    use Relation::{Predecessor, Reference};
    refuse("no-predecessor", "place 1 without one", cited(1, vec![]), "OutOfRange");
    refuse(
        "predecessor-at-0",
        "place 0 with one",
        cited(0, vec![cite(Predecessor, "a")]),
        "OutOfRange",
    );
    refuse(
        "two-predecessors",
        "place 1 with two",
        cited(1, vec![cite(Predecessor, "a"), cite(Predecessor, "b")]),
        "OutOfRange",
    );
    refuse(
        "predecessor-later",
        "not standing first",
        cited(1, vec![cite(Reference, "b"), cite(Predecessor, "a")]),
        "OutOfRange",
    );
    refuse(
        "citation-twice",
        "a citation stands once",
        cited(0, vec![cite(Reference, "a"), cite(Reference, "a")]),
        "DuplicateKey",
    );
    let many = (0..65).map(|n| cite(Reference, &n.to_string())).collect();
    refuse("65-citations", "one too many", cited(0, many), "TooLarge");
    let fields = |names: &[&str]| Record { fields: named(names), ..good.clone() };
    refuse("name-twice", "a name stands once", fields(&["a", "b", "b"]), "DuplicateKey");
    refuse("names-descend", "not in order", fields(&["b", "a"]), "MapOrder");
    refuse("names-by-length", "ordered by length first", fields(&["b", "aa"]), "MapOrder");
    refuse("names-utf16", "ordered as UTF-16", fields(&["\u{10000}", "\u{ff5e}"]), "MapOrder");
    refuse("name-empty", "no name", fields(&[""]), "OutOfRange");
    refuse("name-129", "129 bytes", fields(&[&"n".repeat(129)]), "OutOfRange");
    refuse("name-129-utf8", "43 characters of 3 bytes", fields(&[&"名".repeat(43)]), "OutOfRange");
    let mut profile = good.profile.clone();
    profile.id = String::new();
    refuse("profile-empty", "no profile id", Record { profile, ..good.clone() }, "OutOfRange");
    let mut profile = good.profile.clone();
    profile.digest = digest("profile");
    refuse(
        "profile-hash",
        "a profile digest under another hash",
        Record { profile, ..good.clone() },
        "OutOfRange",
    );
    let last = Record { place: 1 << 53, citations: vec![cite(Predecessor, "a")], ..good.clone() };
    refuse("place-2-53", "2^53 is too large", last, "OutOfRange");
}

fn refused_values(cases: &mut Cases<'_>) {
    let open = json!({"disclosures": [hex(draft(HashAlg::Sha256).disclosures[0].encode())]});
    let good = first_record(HashAlg::Sha256).encode();
    let mixed = Record { fields: draft(HashAlg::Sm3).fields, ..first_record(HashAlg::Sha256) };
    let raw = |write: fn(&mut Writer) -> &mut Writer| write(&mut Writer::new()).finish();
    let moved = swapped(&good, b"loan.purpose", b"loan.purposf");
    let mut other = draft(HashAlg::Sha256).disclosures[1].clone();
    other.salt[0] ^= 1;
    let name = "loan.amount";
    let lie = Disclosure { name: name.into(), ..other.clone() };
    for (case, what, beside, bytes) in [
        (
            "opened-by-another-salt",
            "the commitment is not to this salt",
            json!({"disclosures": [hex(other.encode())]}),
            &good,
        ),
        (
            "opened-under-another-name",
            "nor to this name",
            json!({"disclosures": [hex(lie.encode())]}),
            &good,
        ),
        (
            "opened-not-there",
            "no such field in the record",
            json!({"disclosures": [hex(draft(HashAlg::Sha256).disclosures[1].encode())]}),
            &moved,
        ),
        (
            "opened-by-another-hash",
            "a commitment under SM3 in a record under SHA-256",
            open,
            &mixed.encode(),
        ),
    ] {
        cases.refuse(case, what, beside, bytes, "DigestMismatch");
    }
    let mut refuse = |name: &str, what: &str, bytes: Vec<u8>, error: &str| {
        cases.refuse(name, what, json!({}), &bytes, error)
    };
    refuse("dossier-15", "15 bytes", with(&good, 3, &raw(|w| w.bstr(&DOSSIER[1..]))), "OutOfRange");
    refuse(
        "dossier-text",
        "text",
        with(&good, 3, &raw(|w| w.text("dossier-16-bytes"))),
        "WrongType",
    );
    refuse("place-negative", "place −1", with(&good, 4, &[0x20]), "WrongType");
    refuse(
        "relation-4",
        "no such relation",
        with(&good, 5, &raw(|w| Digest::of(HashAlg::Sm3, b"").write(w.array(1).array(2).uint(4)))),
        "OutOfRange",
    );
    refuse(
        "citation-bare",
        "a digest without its algorithm",
        with(&good, 5, &raw(|w| w.array(1).array(2).uint(1).bstr(&[0; 32]))),
        "WrongType",
    );
    refuse(
        "commitment-31",
        "31 bytes",
        with(&good, 6, &raw(|w| w.array(1).array(2).text("a").bstr(&[0; 31]))),
        "OutOfRange",
    );
    refuse(
        "commitment-typed",
        "a commitment is bare",
        with(
            &good,
            6,
            &raw(|w| Digest::of(HashAlg::Sm3, b"").write(w.array(1).array(2).text("a"))),
        ),
        "WrongType",
    );
    refuse("fields-map", "fields as a map", with(&good, 6, &[0xa0]), "WrongType");
    refuse("hash-48", "no such hash", with(&good, 8, &raw(|w| w.int(-44))), "UnsupportedAlgorithm");
    refuse(
        "hash-other",
        "the profile digest says another",
        with(&good, 8, &raw(|w| w.int(-66_003))),
        "OutOfRange",
    );
    refuse(
        "profile-pair",
        "no digest",
        with(&good, 2, &raw(|w| w.array(2).text("p").uint(1))),
        "WrongType",
    );
    refuse(
        "profile-version",
        "version −1",
        with(
            &good,
            2,
            &raw(|w| Digest::of(HashAlg::Sha256, b"").write(w.array(3).text("p").int(-1))),
        ),
        "WrongType",
    );
    refuse(
        "supersedes-bare",
        "a digest without its algorithm",
        with(&good, 9, &raw(|w| w.bstr(&[0; 32]))),
        "WrongType",
    );
    refuse("supersedes-null", "absent is absent", with(&good, 9, &[0xf6]), "WrongType");
    refuse(
        "time-without-tier",
        "the time claim is read too",
        with(&good, 7, &without(&part(&good, 7), 2)),
        "MissingKey",
    );
    refuse(
        "time-unknown",
        "unknown keys below the top level are refused",
        with(&good, 7, &with(&part(&good, 7), 64, &[0xf6])),
        "UnknownCritical",
    );
    refuse(
        "invalid-utf8",
        "a name that is no UTF-8",
        swapped(&good, b"loan.purpose", b"loan.purpos\xff"),
        "InvalidUtf8",
    );
    refuse(
        "float",
        "a place as a float",
        swapped(&good, &[0x04, 0x00, 0x05, 0x80], &[0x04, 0xf9, 0x00, 0x00, 0x05, 0x80]),
        "UnsupportedItem",
    );
}
