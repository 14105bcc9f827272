//! `key.json`: format §5.1, single entries.

use serde_json::{Value, json};
use yinzheng::codec::Writer;
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::{
    Attestation, Custody, KeyAction, KeyClaims, KeyEntry, KeyRole, RevokeReason,
    possession_protected, verify_possession,
};
use yinzheng::sign::{SigAlg, Sign1, SoftwareKey, sig_structure};
use yinzheng::{Error, ErrorCode};

use super::key_chain;
use crate::facts::{self, present};
use crate::scene::{CUSTOMER, LEDGER, NEXT_LEDGER, OTHER, certificate};
use crate::testing::{key, key_entry, negated_p256, part, with, without};
use crate::{Cases, hex, publish};

pub(crate) fn ledger_id() -> Digest {
    Digest::of(HashAlg::Sm3, b"the ledger that the key is meant for")
}

/// Beside a case stands the ledger id, or `first` for the key entry in genesis.
fn read(beside: &Value, bytes: &[u8]) -> yinzheng::Result<Value> {
    if beside["first"] == true {
        return KeyEntry::parse_first(bytes).map(|claims| described(&claims, bytes, HashAlg::Sm3));
    }
    let ledger: Digest = beside["ledger_id"].as_str().unwrap().parse().unwrap();
    match Entry::parse(bytes)?.body {
        Body::Key(entry, claims) => {
            verify_possession(&entry, &claims, &ledger)?;
            Ok(described(&claims, bytes, ledger.alg))
        }
        Body::Unknown { .. } => Err(Error::new(ErrorCode::UnknownCritical, "key entry")),
        _ => Err(Error::new(ErrorCode::WrongKind, "key entry")),
    }
}

fn described(claims: &KeyClaims, bytes: &[u8], hash: HashAlg) -> Value {
    let certificates: Vec<String> = claims.certificates.iter().map(hex).collect();
    present(json!({
        "kid": hex(KeyEntry::digest(bytes, hash)),
        "action": claims.action.number(),
        "role": claims.role.number(),
        "key": claims.key.as_ref().map(facts::key),
        "thumbprint": claims.key.as_ref().map(|key| hex(key.thumbprint())),
        "custody": claims.custody.map(Custody::number),
        "certificates": (!certificates.is_empty()).then_some(certificates),
        "attestation": claims.attestation.as_ref().map(|one| json!([one.format, hex(&one.bytes)])),
        "effective_ms": claims.effective_ms,
        "previous": claims.previous.map(hex),
        "epoch": claims.epoch,
        "reason": claims.reason.map(RevokeReason::number),
        "next_key": claims.next_key.map(hex),
    }))
}

#[test]
fn vectors() {
    let mut cases = Cases::new(read);
    accepted(&mut cases);
    refused_claims(&mut cases);
    refused_entries(&mut cases);
    refused_possessions(&mut cases);
    publish(
        "key",
        &json!({
            "about": "docs/format.md §5.1. `cases`: single key entries, possession included. `chains`: key entries in \
                      order, under a ledger's first key. See README.md.",
            "cases": cases.done(),
            "chains": key_chain::all(),
        }),
    );
}

fn beside() -> Value {
    json!({"ledger_id": ledger_id().to_string()})
}

fn enrolment(alg: SigAlg) -> KeyClaims {
    KeyClaims::enrol(
        KeyRole::Customer,
        key(alg, CUSTOMER).public().clone(),
        Custody::Hardware,
        1_793_491_200_000,
    )
}

fn rotation(alg: SigAlg) -> KeyClaims {
    let new = key(alg, NEXT_LEDGER).public().clone();
    KeyClaims::rotate(KeyRole::Ledger, new, Custody::Hsm, 5, [7; 32], Some(1))
}

fn revocation() -> KeyClaims {
    KeyClaims::revoke(KeyRole::Customer, [7; 32], RevokeReason::Compromised, 9)
}

/// An entry over any claims bytes, with a possession signature over exactly these.
fn entry(claims: &[u8], key: &SoftwareKey) -> Vec<u8> {
    possessed(claims, key, &possession_protected(key.alg(), &ledger_id()))
}

fn possessed(claims: &[u8], key: &SoftwareKey, protected: &[u8]) -> Vec<u8> {
    let signature = key.sign(&sig_structure(protected, claims)).unwrap();
    let message = Sign1::new(protected.to_vec(), None, signature.bytes().to_vec()).encode();
    KeyEntry { claims_bytes: claims.to_vec(), possession: Some(message) }.encode()
}

fn bare(claims: &[u8]) -> Vec<u8> {
    KeyEntry { claims_bytes: claims.to_vec(), possession: None }.encode()
}

fn accepted(cases: &mut Cases<'_>) {
    for alg in SigAlg::ALL {
        let name = alg.name().to_lowercase();
        let first = KeyClaims::enrol(
            KeyRole::Ledger,
            key(alg, LEDGER).public().clone(),
            Custody::Hsm,
            1_793_491_200_000,
        );
        cases.ok(
            &format!("first-{name}"),
            "the key entry in genesis",
            json!({"first": true}),
            &KeyEntry::new(&first).encode(),
        );
        let enrolled = key_entry(&enrolment(alg), &key(alg, CUSTOMER), &ledger_id());
        cases.ok(&format!("enrol-{name}"), "a customer's key", beside(), &enrolled);
        let next = key(alg, OTHER);
        let rotated = KeyClaims {
            next_key: Some(KeyClaims::commitment_to(next.public(), HashAlg::Sm3)),
            ..rotation(alg)
        };
        let rotated = key_entry(&rotated, &key(alg, NEXT_LEDGER), &ledger_id());
        cases.ok(
            &format!("rotate-{name}"),
            "a ledger key that commits to the next",
            beside(),
            &rotated,
        );
    }
    let claims = KeyClaims {
        role: KeyRole::Device,
        certificates: (1..=8).map(certificate).collect(),
        attestation: Some(Attestation { format: "android-key".into(), bytes: vec![0xa5; 40] }),
        ..enrolment(SigAlg::P256)
    };
    let everything = key_entry(&claims, &key(SigAlg::P256, CUSTOMER), &ledger_id());
    cases.ok("everything", "8 certificates and an attestation", beside(), &everything);
    let named = key(SigAlg::Sm2, CUSTOMER).with_sm2_id("客户00017".as_bytes()).unwrap();
    let claims = KeyClaims { key: Some(named.public().clone()), ..enrolment(SigAlg::Sm2) };
    cases.ok(
        "sm2-id",
        "an SM2 user id of its own",
        beside(),
        &key_entry(&claims, &named, &ledger_id()),
    );
    for reason in RevokeReason::ALL {
        let claims = KeyClaims { reason: Some(*reason), ..revocation() };
        cases.ok(
            &format!("revoke-{}", reason.name()),
            "a revocation has no key and no possession",
            beside(),
            &KeyEntry::new(&claims).encode(),
        );
    }
    let optional = with(
        &key_entry(&enrolment(SigAlg::Ed25519), &key(SigAlg::Ed25519, CUSTOMER), &ledger_id()),
        64,
        &[0xf6],
    );
    cases.ok("optional-key", "key 64 is passed over, and part of the kid", beside(), &optional);
}

fn refused_claims(cases: &mut Cases<'_>) {
    let ed = key(SigAlg::Ed25519, CUSTOMER);
    let sm2 = key(SigAlg::Sm2, CUSTOMER);
    let raw = |write: fn(&mut Writer) -> &mut Writer| write(&mut Writer::new()).finish();
    let good = enrolment(SigAlg::Ed25519).encode();
    let good_sm2 = enrolment(SigAlg::Sm2).encode();
    let ledger = rotation(SigAlg::Ed25519);
    let new = key(SigAlg::Ed25519, NEXT_LEDGER);
    let mut refuse = |name: &str, what: &str, claims: Vec<u8>, key: &SoftwareKey, error: &str| {
        cases.refuse(name, what, beside(), &entry(&claims, key), error);
    };
    for key in [0, 1, 7] {
        refuse(
            &format!("no-claim-{key}"),
            "a claim is missing",
            without(&good, key),
            &ed,
            "MissingKey",
        );
    }
    refuse("action-4", "no such action", with(&good, 0, &[0x04]), &ed, "OutOfRange");
    refuse("role-0", "no such role", with(&good, 1, &[0x00]), &ed, "OutOfRange");
    refuse("role-5", "no such role", with(&good, 1, &[0x05]), &ed, "OutOfRange");
    refuse("custody-9", "no such custody", with(&good, 4, &[0x09]), &ed, "OutOfRange");
    refuse("no-key", "an enrolment without key", without(&good, 2), &ed, "OutOfRange");
    refuse("no-custody", "a key without custody", without(&good, 4), &ed, "OutOfRange");
    refuse("no-sm2-id", "an SM2 key without user id", without(&good_sm2, 3), &sm2, "OutOfRange");
    refuse("sm2-id-empty", "an empty user id", with(&good_sm2, 3, &[0x40]), &sm2, "OutOfRange");
    refuse(
        "sm2-id-text",
        "a user id is bytes",
        with(&good_sm2, 3, &raw(|w| w.text("1234567812345678"))),
        &sm2,
        "WrongType",
    );
    refuse(
        "sm2-id-ed25519",
        "a user id beside an Ed25519 key",
        with(&good, 3, &raw(|w| w.bstr(b"1234"))),
        &ed,
        "OutOfRange",
    );
    refuse("certificates-none", "an empty list", with(&good, 5, &[0x80]), &ed, "OutOfRange");
    let nine: Vec<Vec<u8>> = (1..=9).map(certificate).collect();
    let nine = KeyClaims { certificates: nine, ..enrolment(SigAlg::Ed25519) };
    refuse("certificates-9", "one too many", nine.encode(), &ed, "OutOfRange");
    refuse(
        "certificate-empty",
        "a certificate of no bytes",
        with(&good, 5, &[0x81, 0x40]),
        &ed,
        "TooLarge",
    );
    let attested = |bytes: Vec<u8>| KeyClaims {
        attestation: Some(Attestation { format: "x".into(), bytes }),
        ..enrolment(SigAlg::Ed25519)
    };
    refuse(
        "attestation-empty",
        "an attestation of no bytes",
        attested(vec![]).encode(),
        &ed,
        "TooLarge",
    );
    refuse(
        "attestation-alone",
        "bytes without their format",
        with(&good, 6, &raw(|w| w.bstr(b"x"))),
        &ed,
        "WrongType",
    );
    refuse(
        "effective-text",
        "a date in words",
        with(&good, 7, &raw(|w| w.text("2026"))),
        &ed,
        "WrongType",
    );
    refuse(
        "previous-in-enrolment",
        "nothing is replaced",
        with(&good, 8, &raw(|w| w.bstr(&[7; 32]))),
        &ed,
        "OutOfRange",
    );
    refuse(
        "epoch-of-customer",
        "only ledger keys have epochs",
        with(&good, 9, &[0x00]),
        &ed,
        "OutOfRange",
    );
    refuse(
        "reason-in-enrolment",
        "nothing is revoked",
        with(&good, 10, &[0x01]),
        &ed,
        "OutOfRange",
    );
    refuse(
        "next-of-customer",
        "only ledger keys commit to a next",
        with(&good, 11, &raw(|w| w.bstr(&[7; 32]))),
        &ed,
        "OutOfRange",
    );
    refuse("claim-12", "an unknown claim", with(&good, 12, &[0xf6]), &ed, "UnknownCritical");
    refuse(
        "claim-64",
        "optional keys stand at the top of entries only",
        with(&good, 64, &[0xf6]),
        &ed,
        "UnknownCritical",
    );
    refuse(
        "rotation-of-nothing",
        "no entry before",
        without(&ledger.encode(), 8),
        &new,
        "OutOfRange",
    );
    refuse(
        "rotation-without-epoch",
        "a ledger key without epoch",
        without(&ledger.encode(), 9),
        &new,
        "OutOfRange",
    );
    refuse(
        "epoch-2-53",
        "2^53 is too large",
        with(&ledger.encode(), 9, &raw(|w| w.uint(1 << 53))),
        &new,
        "OutOfRange",
    );
    refuse(
        "previous-31",
        "31 bytes",
        with(&ledger.encode(), 8, &raw(|w| w.bstr(&[7; 31]))),
        &new,
        "OutOfRange",
    );
    refuse(
        "previous-typed",
        "a key entry's digest is bare",
        with(&ledger.encode(), 8, &raw(|w| Digest::of(HashAlg::Sm3, b"").write(w))),
        &new,
        "WrongType",
    );
    let cose = part(&good, 2);
    refuse(
        "cose-key-alg",
        "an Ed25519 key that says P-256",
        with(&good, 2, &with(&cose, 3, &[0x26])),
        &ed,
        "InvalidKey",
    );
    refuse(
        "cose-key-eddsa-19",
        "−19 is another number of Ed25519",
        with(&good, 2, &with(&cose, 3, &[0x32])),
        &ed,
        "UnsupportedAlgorithm",
    );
    refuse(
        "cose-key-kid",
        "no other member stands in a key",
        with(&good, 2, &with(&cose, 2, &[0x40])),
        &ed,
        "UnknownCritical",
    );
    refuse(
        "cose-key-private",
        "least of all the secret",
        with(&good, 2, &with(&cose, -4, &raw(|w| w.bstr(&[1; 32])))),
        &ed,
        "UnknownCritical",
    );
    refuse(
        "cose-key-small-order",
        "a point of small order",
        with(&good, 2, &with(&cose, -2, &raw(|w| w.bstr(&[0; 32])))),
        &ed,
        "InvalidKey",
    );
    let curve = part(&enrolment(SigAlg::P256).encode(), 2);
    let p256 = key(SigAlg::P256, CUSTOMER);
    let off =
        with(&enrolment(SigAlg::P256).encode(), 2, &with(&curve, -3, &raw(|w| w.bstr(&[1; 32]))));
    refuse("cose-key-off-curve", "a point that is not on the curve", off, &p256, "InvalidKey");
    let as_sm2 = with(
        &with(
            &enrolment(SigAlg::P256).encode(),
            2,
            &with(&with(&curve, 3, &raw(|w| w.int(-66_002))), -1, &raw(|w| w.int(-66_006))),
        ),
        3,
        &raw(|w| w.bstr(b"1")),
    );
    refuse("cose-key-other-curve", "a P-256 point on the SM2 curve", as_sm2, &p256, "InvalidKey");
}

fn refused_entries(cases: &mut Cases<'_>) {
    let ed = key(SigAlg::Ed25519, CUSTOMER);
    let claims = enrolment(SigAlg::Ed25519).encode();
    let good = entry(&claims, &ed);
    let mut refuse = |name: &str, what: &str, bytes: &[u8], error: &str| {
        cases.refuse(name, what, beside(), bytes, error)
    };
    refuse("no-claims", "key 1 is missing", &without(&good, 1), "MissingKey");
    refuse("claims-bare", "claims not in a byte string", &with(&good, 1, &claims), "WrongType");
    refuse(
        "claims-trailing",
        "a byte behind the claims",
        &entry(&[&claims[..], &[0xf6]].concat(), &ed),
        "TrailingBytes",
    );
    refuse("claims-empty", "no claims", &entry(&[], &ed), "Truncated");
    refuse(
        "critical-key",
        "an unknown critical key: never PROVEN",
        &with(&good, 3, &[0xf6]),
        "UnknownCritical",
    );
    let revocation = revocation();
    let with_claim = |key: i64, value: &[u8]| bare(&with(&revocation.encode(), key, value));
    refuse(
        "revocation-of-nothing",
        "no entry named",
        &bare(&without(&revocation.encode(), 8)),
        "OutOfRange",
    );
    refuse(
        "revocation-without-reason",
        "no reason",
        &bare(&without(&revocation.encode(), 10)),
        "OutOfRange",
    );
    refuse("revocation-reason-5", "no such reason", &with_claim(10, &[0x05]), "OutOfRange");
    refuse(
        "revocation-with-key",
        "a key that nobody needs",
        &with_claim(2, &part(&claims, 2)),
        "OutOfRange",
    );
    refuse(
        "revocation-with-custody",
        "custody without a key",
        &with_claim(4, &[0x01]),
        "OutOfRange",
    );
    refuse(
        "revocation-with-epoch",
        "an epoch without a key",
        &with_claim(9, &[0x01]),
        "OutOfRange",
    );
    refuse(
        "revocation-with-certificate",
        "certificates of no key",
        &with_claim(5, &Writer::new().array(1).bstr(&certificate(1)).finish()),
        "OutOfRange",
    );
    refuse(
        "revocation-with-possession",
        "a possession of no key",
        &with(&bare(&revocation.encode()), 2, &part(&good, 2)),
        "UnknownCritical",
    );
    refuse(
        "rotation-kind-2",
        "a key entry that says it is a record",
        &with(&good, 0, &[0x02]),
        "WrongType",
    );
    let first = |claims: &KeyClaims| KeyEntry::new(claims).encode();
    let ledger = KeyClaims::enrol(
        KeyRole::Ledger,
        key(SigAlg::Ed25519, LEDGER).public().clone(),
        Custody::Hsm,
        0,
    );
    let mut refuse = |name: &str, what: &str, bytes: &[u8], error: &str| {
        cases.refuse(name, what, json!({"first": true}), bytes, error)
    };
    refuse(
        "first-epoch-1",
        "genesis has epoch 0",
        &first(&KeyClaims { epoch: Some(1), ..ledger.clone() }),
        "OutOfRange",
    );
    refuse(
        "first-customer",
        "genesis has a ledger key",
        &first(&enrolment(SigAlg::Ed25519)),
        "OutOfRange",
    );
    refuse(
        "first-rotation",
        "genesis replaces nothing",
        &first(&rotation(SigAlg::Ed25519)),
        "OutOfRange",
    );
    refuse(
        "first-revocation",
        "genesis revokes nothing",
        &first(&KeyClaims {
            role: KeyRole::Ledger,
            action: KeyAction::Revoke,
            ..revocation.clone()
        }),
        "OutOfRange",
    );
    refuse(
        "first-possession",
        "block 0's signature shows possession",
        &key_entry(&ledger, &key(SigAlg::Ed25519, LEDGER), &ledger_id()),
        "UnknownCritical",
    );
    refuse(
        "first-optional-key",
        "it is no entry of its own",
        &with(&first(&ledger), 64, &[0xf6]),
        "UnknownCritical",
    );
    refuse("first-kind-2", "not a key entry", &with(&first(&ledger), 0, &[0x02]), "WrongKind");
}

fn refused_possessions(cases: &mut Cases<'_>) {
    let (p256, other) = (key(SigAlg::P256, CUSTOMER), key(SigAlg::P256, OTHER));
    let claims = enrolment(SigAlg::P256).encode();
    let protected = possession_protected(SigAlg::P256, &ledger_id());
    let good = entry(&claims, &p256);
    let message = {
        let item = part(&good, 2);
        let item = yinzheng::codec::Item::parse(&item, item.len()).unwrap();
        Sign1::parse(item.bstr().unwrap()).unwrap()
    };
    let carrying = |message: Vec<u8>| {
        KeyEntry { claims_bytes: claims.clone(), possession: Some(message) }.encode()
    };
    let mut refuse = |name: &str, what: &str, bytes: &[u8], error: &str| {
        cases.refuse(name, what, beside(), bytes, error)
    };
    refuse("possession-missing", "an enrolment shows possession", &bare(&claims), "MissingKey");
    refuse("possession-null", "null is none", &with(&good, 2, &[0xf6]), "WrongType");
    refuse(
        "possession-bare",
        "not in a byte string",
        &with(&good, 2, &message.encode()),
        "WrongType",
    );
    refuse(
        "possession-untagged",
        "the tag is missing",
        &carrying(message.encode()[1..].to_vec()),
        "WrongType",
    );
    refuse(
        "possession-attached",
        "the claims attached",
        &carrying(Sign1 { payload: Some(claims.clone()), ..message.clone() }.encode()),
        "WrongType",
    );
    refuse(
        "possession-unprotected",
        "something in the unprotected header",
        &carrying(Sign1 { unprotected: vec![0xa1, 0x04, 0x40], ..message.clone() }.encode()),
        "WrongType",
    );
    refuse(
        "possession-signature-0",
        "a signature of zeros",
        &carrying(Sign1 { signature: vec![0; 64], ..message.clone() }.encode()),
        "InvalidSignature",
    );
    let mut high = message.signature.clone();
    high[32..].copy_from_slice(&negated_p256(&message.signature[32..]));
    refuse(
        "possession-high-s",
        "the other s",
        &carrying(Sign1 { signature: high, ..message.clone() }.encode()),
        "HighS",
    );
    let der = yinzheng::sign::Signature::from_canonical(SigAlg::P256, &message.signature)
        .unwrap()
        .to_der();
    refuse(
        "possession-der",
        "a signature in DER",
        &carrying(Sign1 { signature: der, ..message.clone() }.encode()),
        "InvalidSignature",
    );
    refuse(
        "possession-other-key",
        "signed by another key",
        &possessed(&claims, &other, &protected),
        "SignatureMismatch",
    );
    let sha = Digest::of(HashAlg::Sha256, b"another ledger");
    refuse(
        "possession-other-ledger",
        "shown to another ledger",
        &possessed(&claims, &p256, &possession_protected(SigAlg::P256, &sha)),
        "DigestMismatch",
    );
    let same = Digest { alg: HashAlg::Sha256, ..ledger_id() };
    refuse(
        "possession-other-hash",
        "the same id under another hash",
        &possessed(&claims, &p256, &possession_protected(SigAlg::P256, &same)),
        "DigestMismatch",
    );
    refuse(
        "possession-other-alg",
        "the header names another algorithm",
        &possessed(&claims, &p256, &possession_protected(SigAlg::Sm2, &ledger_id())),
        "AlgorithmMismatch",
    );
    refuse(
        "possession-out-of-range",
        "the header names an algorithm that has no such signature: form, whatever the key",
        &possessed(&claims, &p256, &possession_protected(SigAlg::Ed25519, &ledger_id())),
        "InvalidSignature",
    );
    let typ = |typ: &str| with(&protected, 16, &Writer::new().text(typ).finish());
    refuse(
        "possession-as-statement",
        "a statement's typ",
        &possessed(&claims, &p256, &typ("application/vnd.yinzheng.statement+cose")),
        "WrongMediaType",
    );
    refuse(
        "possession-as-block",
        "a block's typ",
        &possessed(&claims, &p256, &typ("application/vnd.yinzheng.block+cose")),
        "WrongMediaType",
    );
    refuse(
        "possession-no-typ",
        "no typ",
        &possessed(&claims, &p256, &without(&protected, 16)),
        "MissingKey",
    );
    refuse(
        "possession-no-alg",
        "no alg",
        &possessed(&claims, &p256, &without(&protected, 1)),
        "MissingKey",
    );
    refuse(
        "possession-crit",
        "crit is refused",
        &possessed(&claims, &p256, &with(&protected, 2, &[0x81, 0x01])),
        "UnknownCritical",
    );
    refuse(
        "possession-claim",
        "a claim more",
        &possessed(&claims, &p256, &with(&protected, 15, &with(&part(&protected, 15), 6, &[0x01]))),
        "UnknownCritical",
    );
    let empty = Sign1 { protected: vec![], ..message.clone() };
    refuse("possession-no-header", "no protected header", &carrying(empty.encode()), "Truncated");
    let changed = KeyClaims { effective_ms: 0, ..enrolment(SigAlg::P256) }.encode();
    refuse(
        "possession-other-claims",
        "signed over other claims",
        &with(&good, 1, &Writer::new().bstr(&changed).finish()),
        "SignatureMismatch",
    );
    let sm2 = key(SigAlg::Sm2, CUSTOMER);
    let other_id =
        with(&enrolment(SigAlg::Sm2).encode(), 3, &Writer::new().bstr(b"another").finish());
    refuse(
        "possession-sm2-id",
        "signed under the default user id",
        &entry(&other_id, &sm2),
        "SignatureMismatch",
    );
}
