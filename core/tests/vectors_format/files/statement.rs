//! `statement.json`: format §5.3.

use serde_json::{Value, json};
use yinzheng::codec::{Item, Writer};
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::sign::{SigAlg, Sign1, Signature, SoftwareKey, sig_structure};
use yinzheng::statement::{Payload, Reference, Role, StatementDraft, Terms};
use yinzheng::{Error, ErrorCode, claim, media};

use crate::facts::{self, present, read_key};
use crate::scene::{CUSTOMER, OTHER, WITNESS, certificate, first_record, statement, terms};
use crate::testing::{key, negated_p256, part, signed, with, without};
use crate::{Cases, hex, publish};

/// Read as an entry, then verified with the key that stands beside the case.
fn read(beside: &Value, bytes: &[u8]) -> yinzheng::Result<Value> {
    let entry = Entry::parse(bytes)?;
    let statement = match &entry.body {
        Body::Statement(statement) => statement,
        Body::Unknown { .. } => return Err(Error::new(ErrorCode::UnknownCritical, "its record")),
        _ => return Err(Error::new(ErrorCode::WrongKind, "not a statement")),
    };
    statement.verify(&read_key(&beside["key"]))?;
    let certificates: Vec<String> = statement.certificates.iter().map(hex).collect();
    let payload = match &statement.payload {
        Payload::Record(_) => "record",
        Payload::Reference(_) => "reference",
    };
    let record = statement.record_digest();
    Ok(present(json!({
        "entry_digest": entry.digest(HashAlg::Sha256).to_string(),
        "alg": statement.alg.cose_id(),
        "kid": hex(statement.kid),
        "role": statement.role.number(),
        "issued_at": statement.issued_at,
        "displayed": statement.displayed.as_ref().map(facts::digest),
        "audience": statement.audience.as_ref().map(facts::digest),
        "certificates": (!certificates.is_empty()).then_some(certificates),
        "payload": payload,
        "record_digest": facts::digest(&record),
        "record_number": yinzheng::number::record_number(&record),
        "unknown_optional": entry.has_unknown_optional.then_some(true),
        "to_be_signed": hex(statement.to_be_signed()),
    })))
}

#[test]
fn vectors() {
    let mut cases = Cases::new(read);
    accepted(&mut cases);
    refused_messages(&mut cases);
    refused_headers(&mut cases);
    refused_claims(&mut cases);
    refused_certificates(&mut cases);
    refused_payloads(&mut cases);
    refused_signatures(&mut cases);
    publish(
        "statement",
        &json!({
            "about": "docs/format.md §5.3: statements as entries, with the key that verifies them. See README.md.",
            "cases": cases.done(),
        }),
    );
}

fn beside(key: &SoftwareKey) -> Value {
    json!({"key": facts::key(key.public())})
}

fn over_record(key: &SoftwareKey, terms: &Terms) -> StatementDraft {
    StatementDraft::over_record(&first_record(HashAlg::Sha256), key.public(), terms).unwrap()
}

fn over_digest(key: &SoftwareKey, role: Role) -> StatementDraft {
    let record = Digest::of(HashAlg::Sm3, &first_record(HashAlg::Sm3).encode());
    StatementDraft::over_digest(record, key.public(), &terms(role)).unwrap()
}

fn accepted(cases: &mut Cases<'_>) {
    for alg in SigAlg::ALL {
        let (customer, witness) = (key(alg, CUSTOMER), key(alg, WITNESS));
        let name = alg.name().to_lowercase();
        let first = statement(&over_record(&customer, &terms(Role::Customer)), &customer);
        cases.ok(
            &format!("first-{name}"),
            "the first signer, over the record itself",
            beside(&customer),
            &first,
        );
        let further = statement(&over_digest(&witness, Role::Witness), &witness);
        cases.ok(
            &format!("further-{name}"),
            "a further signer, over a reference",
            beside(&witness),
            &further,
        );
        for count in [1u8, 2, 8] {
            let certificates = (1..=count).map(certificate).collect();
            let terms = Terms { certificates, ..terms(Role::Customer) };
            let bytes = statement(&over_record(&customer, &terms), &customer);
            cases.ok(
                &format!("certificates-{count}-{name}"),
                "x5chain and x5t",
                beside(&customer),
                &bytes,
            );
        }
    }
    let customer = key(SigAlg::Sm2, CUSTOMER).with_sm2_id("客户00017".as_bytes()).unwrap();
    let bytes = statement(&over_record(&customer, &terms(Role::Guarantor)), &customer);
    cases.ok("sm2-id", "an SM2 user id of its own", beside(&customer), &bytes);
    let customer = key(SigAlg::P256, CUSTOMER);
    let full = Terms {
        kid: Some([7; 32]),
        displayed: Some(Digest::of(HashAlg::Sm3, "您将借款5000元".as_bytes())),
        audience: Some(Digest::of(HashAlg::Sha256, b"a ledger")),
        ..terms(Role::Agent)
    };
    let bytes = statement(&over_record(&customer, &full), &customer);
    cases.ok(
        "every-claim",
        "kid of a key entry, what was displayed, which ledger",
        beside(&customer),
        &bytes,
    );
    for role in Role::ALL {
        let bytes = statement(&over_digest(&customer, *role), &customer);
        cases.ok(&format!("role-{}", role.name()), "each role once", beside(&customer), &bytes);
    }
    let record = with(&first_record(HashAlg::Sha256).encode(), 64, &[0xf6]);
    let bytes = remade(&customer, |header| header, &record);
    cases.ok("optional-key", "the record has an unknown optional key", beside(&customer), &bytes);
}

/// A first signer's statement with its header changed and its payload replaced; `sub` follows the payload.
pub(crate) fn remade(
    key: &SoftwareKey,
    change: impl Fn(Vec<u8>) -> Vec<u8>,
    payload: &[u8],
) -> Vec<u8> {
    let header = header(&over_record(key, &terms(Role::Customer)));
    let number = yinzheng::number::record_number(&Digest::of(HashAlg::Sha256, payload));
    let claims = with(&part(&header, 15), 2, &Writer::new().text(&number).finish());
    signed(&change(with(&header, 15, &claims)), payload, true, key)
}

/// The protected header of a draft, taken out of what it signs.
fn header(draft: &StatementDraft) -> Vec<u8> {
    let message = draft.to_be_signed();
    let parts = Item::parse(&message, message.len()).unwrap().array_n::<4>().unwrap();
    parts[1].bstr().unwrap().to_vec()
}

fn record() -> Vec<u8> {
    first_record(HashAlg::Sha256).encode()
}

fn raw(write: impl FnOnce(&mut Writer) -> &mut Writer) -> Vec<u8> {
    write(&mut Writer::new()).finish()
}

fn refused_messages(cases: &mut Cases<'_>) {
    let customer = key(SigAlg::Ed25519, CUSTOMER);
    let good = statement(&over_record(&customer, &terms(Role::Customer)), &customer);
    let message = Sign1::parse(&good).unwrap();
    let mut refuse = |name: &str, what: &str, bytes: &[u8], error: &str| {
        cases.refuse(name, what, beside(&customer), bytes, error)
    };
    refuse("untagged", "the tag is missing", &good[1..], "WrongType");
    refuse(
        "tag-98",
        "the tag of COSE_Sign",
        &[&[0xd8, 0x62], &good[1..]].concat(),
        "UnsupportedItem",
    );
    refuse("tag-17", "the tag of COSE_Mac0", &[&[0xd1], &good[1..]].concat(), "UnsupportedItem");
    refuse(
        "tag-long-form",
        "tag 18 in two bytes",
        &[&[0xd8, 0x12], &good[1..]].concat(),
        "NotShortest",
    );
    refuse("tag-twice", "tag 18 around tag 18", &[&[0xd2], &good[..]].concat(), "UnsupportedItem");
    refuse(
        "payload-nil",
        "the payload is detached",
        &Sign1 { payload: None, ..message.clone() }.encode(),
        "MissingKey",
    );
    refuse(
        "payload-empty",
        "a payload of no bytes",
        &Sign1 { payload: Some(vec![]), ..message.clone() }.encode(),
        "Truncated",
    );
    refuse("payload-bare", "the record not in a byte string", &unwrapped(&message), "WrongType");
    refuse(
        "unprotected",
        "something in the unprotected header",
        &Sign1 { unprotected: vec![0xa1, 0x18, 0x40, 0xf6], ..message.clone() }.encode(),
        "UnknownCritical",
    );
    refuse(
        "unprotected-kid",
        "a kid in the unprotected header",
        &Sign1 { unprotected: vec![0xa1, 0x04, 0x40], ..message.clone() }.encode(),
        "UnknownCritical",
    );
    refuse(
        "protected-empty",
        "no protected header",
        &Sign1 { protected: vec![], ..message.clone() }.encode(),
        "Truncated",
    );
    refuse(
        "protected-array",
        "no map in it",
        &Sign1 { protected: vec![0x80], ..message.clone() }.encode(),
        "WrongType",
    );
    refuse(
        "protected-trailing",
        "a byte behind the map",
        &Sign1 { protected: [&message.protected[..], &[0xf6]].concat(), ..message.clone() }
            .encode(),
        "TrailingBytes",
    );
    refuse(
        "trailing",
        "a byte behind the statement",
        &[&good[..], &[0xf6]].concat(),
        "TrailingBytes",
    );
    refuse("cut", "a byte less", &good[..good.len() - 1], "Truncated");
    refuse(
        "three-parts",
        "no signature",
        &[&[0xd2, 0x83], &good[2..good.len() - 66]].concat(),
        "UnsupportedItem",
    );
    refuse("payload-changed", "another record", &other_record(&message).encode(), "DigestMismatch");
}

fn unwrapped(message: &Sign1) -> Vec<u8> {
    let mut w = Writer::new();
    w.tag(18).array(4).bstr(&message.protected).raw(&[0xa0]);
    w.raw(message.payload.as_ref().unwrap()).bstr(&message.signature).finish()
}

/// The same signature over the record of another dossier.
fn other_record(message: &Sign1) -> Sign1 {
    let payload = with(&record(), 3, &raw(|w| w.bstr(&[0; 16])));
    Sign1 { payload: Some(payload), ..message.clone() }
}

fn refused_headers(cases: &mut Cases<'_>) {
    let customer = key(SigAlg::Ed25519, CUSTOMER);
    let mut refuse = |name: &str, what: &str, change: &dyn Fn(Vec<u8>) -> Vec<u8>, error: &str| {
        cases.refuse(name, what, beside(&customer), &remade(&customer, change, &record()), error);
    };
    for key in [1, 3, 4, 15, 16] {
        refuse(
            &format!("no-label-{key}"),
            "a header is missing",
            &|h| without(&h, key),
            "MissingKey",
        );
    }
    for (name, typ) in [
        ("block", media::BLOCK),
        ("countersignature", media::COUNTERSIGNATURE),
        ("possession", media::POSSESSION),
    ] {
        refuse(
            &format!("typ-{name}"),
            "another kind of message",
            &|h| with(&h, 16, &raw(|w| w.text(typ))),
            "WrongMediaType",
        );
    }
    refuse(
        "typ-capital",
        "the typ with a capital letter",
        &|h| with(&h, 16, &raw(|w| w.text("Application/vnd.yinzheng.statement+cose"))),
        "WrongMediaType",
    );
    refuse("typ-number", "the typ as a number", &|h| with(&h, 16, &[0x00]), "WrongType");
    refuse(
        "crit",
        "crit is refused, whatever it names",
        &|h| with(&h, 2, &[0x81, 0x10]),
        "UnknownCritical",
    );
    refuse("label-64", "no other header", &|h| with(&h, 64, &[0xf6]), "UnknownCritical");
    refuse(
        "label-minus-70000",
        "nor a private one",
        &|h| with(&h, -70_000, &[0xf6]),
        "UnknownCritical",
    );
    refuse(
        "alg-sm2",
        "the key is an Ed25519 key",
        &|h| with(&h, 1, &raw(|w| w.int(-66_002))),
        "AlgorithmMismatch",
    );
    refuse(
        "alg-eddsa-19",
        "−19 is another number of Ed25519",
        &|h| with(&h, 1, &[0x32]),
        "UnsupportedAlgorithm",
    );
    refuse(
        "alg-text",
        "an algorithm in words",
        &|h| with(&h, 1, &raw(|w| w.text("EdDSA"))),
        "WrongType",
    );
    refuse("kid-31", "31 bytes", &|h| with(&h, 4, &raw(|w| w.bstr(&[0; 31]))), "OutOfRange");
    refuse(
        "kid-other",
        "kid and iss disagree",
        &|h| with(&h, 4, &raw(|w| w.bstr(&[0; 32]))),
        "DigestMismatch",
    );
    refuse(
        "content-cbor",
        "another content type",
        &|h| with(&h, 3, &raw(|w| w.text("application/cbor"))),
        "WrongMediaType",
    );
    refuse(
        "content-reference",
        "a record that is announced as a reference",
        &|h| with(&h, 3, &raw(|w| w.text(media::REFERENCE))),
        "WrongKind",
    );
}

fn refused_claims(cases: &mut Cases<'_>) {
    let customer = key(SigAlg::Ed25519, CUSTOMER);
    let mut refuse = |name: &str, what: &str, change: &dyn Fn(Vec<u8>) -> Vec<u8>, error: &str| {
        let header = |header: Vec<u8>| with(&header, 15, &change(part(&header, 15)));
        cases.refuse(name, what, beside(&customer), &remade(&customer, header, &record()), error);
    };
    for key in [1, 2, 6, claim::ROLE] {
        refuse(
            &format!("no-claim-{key}"),
            "a claim is missing",
            &|c| without(&c, key),
            "MissingKey",
        );
    }
    let capital = hex(key(SigAlg::Ed25519, CUSTOMER).public().thumbprint()).to_uppercase();
    refuse(
        "iss-capital",
        "the kid in capitals",
        &|c| with(&c, 1, &raw(|w| w.text(&capital))),
        "DigestMismatch",
    );
    refuse("iss-name", "a name", &|c| with(&c, 1, &raw(|w| w.text("张三"))), "DigestMismatch");
    refuse(
        "sub-other",
        "the number of another record",
        &|c| with(&c, 2, &raw(|w| w.text("R-0000-0000-0000-0000-0000-0000-0000"))),
        "DigestMismatch",
    );
    let number = yinzheng::number::record_number(&Digest::of(HashAlg::Sha256, &record()));
    refuse(
        "sub-bare",
        "the number without its hyphens",
        &|c| with(&c, 2, &raw(|w| w.text(&number.replace('-', "")))),
        "DigestMismatch",
    );
    refuse("iat-negative", "before 1970", &|c| with(&c, 6, &[0x20]), "WrongType");
    refuse(
        "iat-2-53",
        "2^53 is too large",
        &|c| with(&c, 6, &raw(|w| w.uint(1 << 53))),
        "OutOfRange",
    );
    refuse("iat-tagged", "a decimal", &|c| with(&c, 6, &[0xc4, 0x82, 0x00, 0x01]), "WrongType");
    refuse("role-0", "no such role", &|c| with(&c, claim::ROLE, &[0x00]), "OutOfRange");
    refuse("role-11", "no such role", &|c| with(&c, claim::ROLE, &[0x0b]), "OutOfRange");
    refuse("exp", "a claim that we do not use", &|c| with(&c, 4, &[0x01]), "UnknownCritical");
    refuse(
        "claim-ledger-id",
        "a block's claim",
        &|c| with(&c, claim::LEDGER_ID, &raw(|w| w.bstr(&[0; 32]))),
        "UnknownCritical",
    );
    refuse(
        "displayed-bare",
        "a digest without its algorithm",
        &|c| with(&c, claim::DISPLAYED, &raw(|w| w.bstr(&[0; 32]))),
        "WrongType",
    );
    refuse(
        "audience-bare",
        "a ledger id without its hash",
        &|c| with(&c, claim::AUDIENCE, &raw(|w| w.bstr(&[0; 32]))),
        "WrongType",
    );
    refuse(
        "audience-33",
        "33 bytes",
        &|c| with(&c, claim::AUDIENCE, &raw(|w| w.array(2).int(-16).bstr(&[0; 33]))),
        "OutOfRange",
    );
}

fn refused_certificates(cases: &mut Cases<'_>) {
    let customer = key(SigAlg::P256, CUSTOMER);
    let x5t = |certificate: &[u8]| raw(|w| Digest::of(HashAlg::Sha256, certificate).write(w));
    let list = |count: u8| {
        raw(|w| {
            w.array(usize::from(count));
            (1..=count).fold(w, |w, n| w.bstr(&certificate(n)))
        })
    };
    let one = certificate(1);
    let mut refuse = |name: &str,
                      what: &str,
                      chain: Option<Vec<u8>>,
                      x5t: Option<Vec<u8>>,
                      error: &str| {
        let header = |header: Vec<u8>| {
            let header = chain.as_ref().map_or(header.clone(), |chain| with(&header, 33, chain));
            x5t.as_ref().map_or(header.clone(), |x5t| with(&header, 34, x5t))
        };
        cases.refuse(name, what, beside(&customer), &remade(&customer, header, &record()), error);
    };
    let single = raw(|w| w.bstr(&one));
    refuse("x5t-alone", "x5t without x5chain", None, Some(x5t(&one)), "DigestMismatch");
    refuse("x5chain-alone", "x5chain without x5t", Some(single.clone()), None, "DigestMismatch");
    refuse("x5chain-empty", "an empty chain", Some(list(0)), Some(x5t(&one)), "OutOfRange");
    refuse(
        "x5chain-empty-bstr",
        "a certificate of no bytes",
        Some(vec![0x40]),
        Some(x5t(&[])),
        "TooLarge",
    );
    refuse(
        "x5chain-list-of-1",
        "one certificate stands alone",
        Some(list(1)),
        Some(x5t(&one)),
        "OutOfRange",
    );
    refuse("x5chain-9", "one too many", Some(list(9)), Some(x5t(&one)), "OutOfRange");
    refuse(
        "x5chain-text",
        "PEM is not DER",
        Some(raw(|w| w.text("-----BEGIN CERTIFICATE-----"))),
        Some(x5t(&one)),
        "WrongType",
    );
    refuse(
        "x5chain-nested",
        "a list in the list",
        Some([&[0x82], &single[..], &list(0)].concat()),
        Some(x5t(&one)),
        "WrongType",
    );
    refuse(
        "x5t-other",
        "x5t of another certificate",
        Some(single.clone()),
        Some(x5t(&certificate(2))),
        "DigestMismatch",
    );
    refuse(
        "x5t-second",
        "x5t of the second certificate",
        Some(list(2)),
        Some(x5t(&certificate(2))),
        "DigestMismatch",
    );
    refuse(
        "x5t-sm3",
        "x5t is under SHA-256",
        Some(single.clone()),
        Some(raw(|w| Digest::of(HashAlg::Sm3, &one).write(w))),
        "DigestMismatch",
    );
    refuse(
        "x5t-bare",
        "a digest without its algorithm",
        Some(single),
        Some(raw(|w| w.bstr(&[0; 32]))),
        "WrongType",
    );
}

fn refused_payloads(cases: &mut Cases<'_>) {
    let customer = key(SigAlg::Ed25519, CUSTOMER);
    let mut first = |name: &str, what: &str, payload: &[u8], error: &str| {
        cases.refuse(name, what, beside(&customer), &remade(&customer, |h| h, payload), error);
    };
    let good = record();
    first(
        "record-critical-key",
        "the record has an unknown critical key: never PROVEN",
        &with(&good, 10, &[0xf6]),
        "UnknownCritical",
    );
    first(
        "record-layout-1",
        "a layout of the future",
        &with(&good, 1, &[0x01]),
        "UnsupportedVersion",
    );
    first(
        "record-trailing",
        "a byte behind the record",
        &[&good[..], &[0xf6]].concat(),
        "TrailingBytes",
    );
    first("record-malformed", "no dossier id", &without(&good, 3), "MissingKey");
    first("tombstone", "an entry that is no record", &with(&good, 0, &[0x04]), "WrongKind");
    let inner = statement(&over_record(&customer, &terms(Role::Customer)), &customer);
    first("statement-in-statement", "a statement as the payload", &inner, "WrongType");
    let reference = Reference { record: Digest::of(HashAlg::Sha256, &good), role: Role::Witness };
    first(
        "reference-as-record",
        "a reference that is announced as a record",
        &reference.encode(),
        "WrongKind",
    );

    let header = header(&over_digest(&customer, Role::Witness));
    let record = Digest::of(HashAlg::Sm3, &first_record(HashAlg::Sm3).encode());
    let reference = |role| Reference { record, role }.encode();
    let mut further = |name: &str, what: &str, payload: &[u8], error: &str| {
        cases.refuse(
            name,
            what,
            beside(&customer),
            &signed(&header, payload, true, &customer),
            error,
        );
    };
    further(
        "reference-other-role",
        "the roles in header and payload differ",
        &reference(Role::Notary),
        "OutOfRange",
    );
    further(
        "reference-other-record",
        "sub is another record's",
        &Reference { record: Digest::of(HashAlg::Sm3, b""), role: Role::Witness }.encode(),
        "DigestMismatch",
    );
    let good = reference(Role::Witness);
    further(
        "reference-kind-2",
        "not the kind of a reference",
        &with(&good, 0, &[0x02]),
        "WrongKind",
    );
    further("reference-key-3", "an unknown key", &with(&good, 3, &[0xf6]), "UnknownCritical");
    further(
        "reference-key-64",
        "a reference is no entry: nor an optional one",
        &with(&good, 64, &[0xf6]),
        "UnknownCritical",
    );
    further("reference-no-role", "no role", &without(&good, 2), "MissingKey");
    further(
        "reference-bare",
        "a digest without its algorithm",
        &with(&good, 1, &raw(|w| w.bstr(&[0; 32]))),
        "WrongType",
    );
}

fn refused_signatures(cases: &mut Cases<'_>) {
    for alg in SigAlg::ALL {
        let (customer, other) = (key(alg, CUSTOMER), key(alg, OTHER));
        let name = alg.name().to_lowercase();
        let good = statement(&over_record(&customer, &terms(Role::Customer)), &customer);
        let message = Sign1::parse(&good).unwrap();
        let signature = Signature::from_canonical(alg, &message.signature).unwrap();
        let mut refuse = |what: &str, why: &str, signature: Vec<u8>, error: &str| {
            let bytes = Sign1 { signature, ..message.clone() }.encode();
            cases.refuse(
                &format!("signature-{what}-{name}"),
                why,
                beside(&customer),
                &bytes,
                error,
            );
        };
        let with_s = |s: &[u8]| [&message.signature[..32], s].concat();
        refuse("none", "no signature", vec![], "InvalidSignature");
        refuse("63", "63 bytes", message.signature[..63].to_vec(), "InvalidSignature");
        refuse("65", "65 bytes", [&message.signature[..], &[0]].concat(), "InvalidSignature");
        let mut flipped = message.signature.clone();
        flipped[40] ^= 1;
        refuse("flipped", "one bit", flipped, "SignatureMismatch");
        let wrong = other.sign(&sig_structure(&message.protected, &record())).unwrap();
        refuse("other-key", "another key's signature", wrong.bytes().to_vec(), "SignatureMismatch");
        match alg {
            SigAlg::Ed25519 => {
                // S + L signs the same where S < L is not asked.
                let order = crate::bytes(
                    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
                );
                refuse(
                    "s-plus-l",
                    "S at or above the order",
                    with_s(&added(&message.signature[32..], &order)),
                    "InvalidSignature",
                );
                refuse(
                    "small-r",
                    "R of small order",
                    [&[0u8; 32][..], &message.signature[32..]].concat(),
                    "SignatureMismatch",
                );
            }
            SigAlg::P256 | SigAlg::Sm2 => {
                let order = crate::bytes(match alg {
                    SigAlg::P256 => {
                        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
                    }
                    _ => "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123",
                });
                refuse("s-zero", "s = 0", with_s(&[0; 32]), "InvalidSignature");
                refuse("s-order", "s = n", with_s(&order), "InvalidSignature");
                refuse(
                    "r-order",
                    "r = n",
                    [&order[..], &message.signature[32..]].concat(),
                    "InvalidSignature",
                );
                refuse(
                    "r-zero",
                    "r = 0",
                    [&[0u8; 32][..], &message.signature[32..]].concat(),
                    "InvalidSignature",
                );
                refuse("der", "DER is not sealed", signature.to_der(), "InvalidSignature");
                let rest = subtracted(&order, &message.signature[..32]);
                if alg == SigAlg::Sm2 {
                    refuse("r-plus-s", "r + s = n", with_s(&rest), "InvalidSignature");
                } else {
                    refuse(
                        "high-s",
                        "the other s",
                        with_s(&negated_p256(&message.signature[32..])),
                        "HighS",
                    );
                }
            }
        }
        let beside = beside(&other);
        cases.refuse(
            &format!("key-other-{name}"),
            "verified with another key",
            beside,
            &good,
            "SignatureMismatch",
        );
    }
    let (p256, sm2) = (key(SigAlg::P256, CUSTOMER), key(SigAlg::Sm2, CUSTOMER));
    let good = statement(&over_record(&p256, &terms(Role::Customer)), &p256);
    cases.refuse(
        "key-other-alg",
        "a key of another algorithm",
        beside(&sm2),
        &good,
        "AlgorithmMismatch",
    );
    let good = statement(&over_record(&sm2, &terms(Role::Customer)), &sm2);
    for (name, id) in
        [("empty", &b""[..]), ("name", "客户00017".as_bytes()), ("short", b"123456781234567")]
    {
        let named = key(SigAlg::Sm2, CUSTOMER).with_sm2_id(id).unwrap();
        cases.refuse(
            &format!("sm2-id-{name}"),
            "signed under the default user id",
            beside(&named),
            &good,
            "SignatureMismatch",
        );
    }
}

/// a + b, little-endian.
fn added(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0u16;
    a.iter()
        .zip(b)
        .map(|(a, b)| {
            let sum = u16::from(*a) + u16::from(*b) + carry;
            carry = sum >> 8;
            sum as u8
        })
        .collect()
}

/// a − b, big-endian.
fn subtracted(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0i16;
    let mut out: Vec<u8> = a
        .iter()
        .zip(b)
        .rev()
        .map(|(a, b)| {
            let digit = i16::from(*a) - i16::from(*b) - borrow;
            borrow = i16::from(digit < 0);
            (digit + 256 * borrow) as u8
        })
        .collect();
    out.reverse();
    out
}
