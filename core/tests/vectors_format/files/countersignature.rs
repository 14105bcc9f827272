//! `countersignature.json`: format §9.

use serde_json::{Value, json};
use yinzheng::anchor::{Claim, Countersignature, CountersignatureDraft};
use yinzheng::claim;
use yinzheng::codec::{Item, Writer};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::media;
use yinzheng::sign::{SigAlg, Sign1, SoftwareKey};
use yinzheng::statement::Role;
use yinzheng::time::TimeClaim;

use crate::facts::{self, present, read_key};
use crate::scene::{OTHER, SUITES, WITNESS, ledger};
use crate::testing::{key, negated_p256, part, signed, with, without};
use crate::{Cases, hex, publish};

/// Read, then verified with the outsider's key that stands beside the case.
fn read(beside: &Value, bytes: &[u8]) -> yinzheng::Result<Value> {
    let word = Countersignature::parse(bytes)?;
    word.verify(&read_key(&beside["key"]))?;
    Ok(present(json!({
        "alg": word.alg.cose_id(),
        "kid": hex(word.kid),
        "issuer": word.issuer,
        "issued_at": word.issued_at,
        "role": word.role.map(Role::number),
        "ledger_id": facts::digest(&word.ledger_id),
        "height": word.height,
        "block_hash": facts::digest(&word.block_hash),
        "sealed_digest": facts::digest(&word.sealed_digest),
        "claim": word.claim.number(),
        "time": facts::time(&word.time),
        "to_be_signed": hex(word.to_be_signed()),
    })))
}

pub(crate) fn countersigned(
    suite: usize,
    claim: Claim,
    role: Option<Role>,
    key: &SoftwareKey,
) -> Vec<u8> {
    let (_, hash, alg) = SUITES[suite];
    let draft = draft(hash, alg, claim, role, key);
    draft.finish(key.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap()
}

fn draft(
    hash: HashAlg,
    alg: SigAlg,
    claim: Claim,
    role: Option<Role>,
    key: &SoftwareKey,
) -> CountersignatureDraft {
    let head = &ledger(hash, alg)[2].head;
    let time = TimeClaim::declared(1_793_491_300_500);
    CountersignatureDraft::new(head, claim, &time, key.public(), "示例公证处", role)
}

#[test]
fn vectors() {
    let mut cases = Cases::new(read);
    accepted(&mut cases);
    headers(&mut cases);
    payloads(&mut cases);
    messages(&mut cases);
    publish(
        "countersignature",
        &json!({
            "about": "docs/format.md §9: countersignatures of block 2 of the ledgers in block.json. See README.md.",
            "cases": cases.done(),
        }),
    );
}

fn beside(key: &SoftwareKey) -> Value {
    json!({"key": facts::key(key.public())})
}

fn accepted(cases: &mut Cases<'_>) {
    for alg in SigAlg::ALL {
        let witness = key(alg, WITNESS);
        for (suite, (ledger, ..)) in SUITES.iter().enumerate() {
            let name = format!("{}-on-{ledger}", alg.name().to_lowercase());
            let claim = if suite == 0 { Claim::Seen } else { Claim::Extends };
            cases.ok(
                &name,
                "any suite signs any ledger",
                beside(&witness),
                &countersigned(suite, claim, None, &witness),
            );
        }
    }
    let notary = key(SigAlg::Sm2, WITNESS).with_sm2_id(b"notary@example").unwrap();
    let bytes = countersigned(1, Claim::Extends, Some(Role::Notary), &notary);
    cases.ok("notary", "a role, and an SM2 user id", beside(&notary), &bytes);
    let witness = key(SigAlg::P256, WITNESS);
    let message = Sign1::parse(&countersigned(0, Claim::Seen, None, &witness)).unwrap();
    let signature = [&message.signature[..32], &negated_p256(&message.signature[32..])].concat();
    let (low, high) = (message.signature.clone(), signature.clone());
    cases.ok(
        "high-s",
        "outsiders may use the high s",
        beside(&witness),
        &Sign1 { signature: high, ..message }.encode(),
    );
    assert_ne!(low, signature);
}

fn headers(cases: &mut Cases<'_>) {
    let witness = key(SigAlg::Ed25519, WITNESS);
    let good = Sign1::parse(&countersigned(0, Claim::Seen, Some(Role::Witness), &witness)).unwrap();
    let payload = good.payload.clone().unwrap();
    let header = &good.protected;
    let mut refuse = |name: &str, what: &str, header: Vec<u8>, error: &str| {
        cases.refuse(
            name,
            what,
            beside(&witness),
            &signed(&header, &payload, true, &witness),
            error,
        );
    };
    let text = |text: &str| Writer::new().text(text).finish();
    for label in [1, 4, 15, 16] {
        refuse(
            &format!("no-label-{label}"),
            "a header is missing",
            without(header, label),
            "MissingKey",
        );
    }
    for (name, typ) in [
        ("block", media::BLOCK),
        ("statement", media::STATEMENT),
        ("possession", media::POSSESSION),
    ] {
        refuse(
            &format!("typ-{name}"),
            "another kind of message",
            with(header, 16, &text(typ)),
            "WrongMediaType",
        );
    }
    refuse("crit", "crit is refused", with(header, 2, &[0x81, 0x01]), "UnknownCritical");
    refuse(
        "label-3",
        "no content type",
        with(header, 3, &text("application/cbor")),
        "UnknownCritical",
    );
    refuse("label-64", "no other header", with(header, 64, &[0xf6]), "UnknownCritical");
    refuse(
        "alg-sm2",
        "the key is an Ed25519 key",
        with(header, 1, &Writer::new().int(-66_002).finish()),
        "AlgorithmMismatch",
    );
    refuse(
        "alg-rs256",
        "an algorithm that we do not use",
        with(header, 1, &Writer::new().int(-257).finish()),
        "UnsupportedAlgorithm",
    );
    refuse(
        "kid-31",
        "31 bytes",
        with(header, 4, &Writer::new().bstr(&[0; 31]).finish()),
        "OutOfRange",
    );
    refuse(
        "kid-other",
        "the thumbprint of another key",
        with(header, 4, &Writer::new().bstr(&[0; 32]).finish()),
        "InvalidKey",
    );
    let claims = part(header, 15);
    let mut refuse = |name: &str, what: &str, claims: Vec<u8>, error: &str| {
        refuse(name, what, with(header, 15, &claims), error)
    };
    refuse("no-iss", "no name", without(&claims, 1), "MissingKey");
    refuse("no-iat", "no time", without(&claims, 6), "MissingKey");
    refuse("iss-bytes", "a name is text", with(&claims, 1, &[0x40]), "WrongType");
    refuse("iat-negative", "before 1970", with(&claims, 6, &[0x20]), "WrongType");
    refuse("role-11", "no such role", with(&claims, claim::ROLE, &[0x0b]), "OutOfRange");
    refuse("claim-sub", "a claim more", with(&claims, 2, &text("x")), "UnknownCritical");
    refuse(
        "claim-audience",
        "a statement's claim",
        with(&claims, claim::AUDIENCE, &[0xf6]),
        "UnknownCritical",
    );
}

fn payloads(cases: &mut Cases<'_>) {
    let witness = key(SigAlg::Ed25519, WITNESS);
    let message = Sign1::parse(&countersigned(0, Claim::Seen, None, &witness)).unwrap();
    let good = message.payload.clone().unwrap();
    let mut refuse = |name: &str, what: &str, payload: Vec<u8>, error: &str| {
        cases.refuse(
            name,
            what,
            beside(&witness),
            &signed(&message.protected, &payload, true, &witness),
            error,
        );
    };
    for key in 0..8 {
        refuse(
            &format!("payload-no-{key}"),
            "a member is missing",
            without(&good, key),
            "MissingKey",
        );
    }
    let sm3 = Writer::new();
    let mut sm3 = sm3;
    Digest::of(HashAlg::Sm3, b"").write(&mut sm3);
    let sm3 = sm3.finish();
    let bare = Writer::new().bstr(&[0; 32]).finish();
    let uint = |n: u64| Writer::new().uint(n).finish();
    refuse("payload-kind-9", "a reference", with(&good, 0, &[0x09]), "WrongKind");
    refuse("payload-kind-7", "an observed head", with(&good, 0, &[0x07]), "WrongKind");
    refuse("payload-key-8", "an unknown member", with(&good, 8, &[0xf6]), "UnknownCritical");
    refuse("payload-key-64", "nor an optional one", with(&good, 64, &[0xf6]), "UnknownCritical");
    refuse("payload-bare-id", "a bare ledger id", with(&good, 1, &bare), "WrongType");
    refuse("payload-bare-sealed", "a bare sealed digest", with(&good, 4, &bare), "WrongType");
    refuse(
        "payload-two-hashes-id",
        "a ledger id under another hash",
        with(&good, 1, &sm3),
        "OutOfRange",
    );
    refuse(
        "payload-two-hashes-block",
        "a block hash under another hash",
        with(&good, 3, &sm3),
        "OutOfRange",
    );
    refuse(
        "payload-two-hashes-sealed",
        "a sealed digest under another hash",
        with(&good, 4, &sm3),
        "OutOfRange",
    );
    refuse(
        "payload-history-size",
        "a history size that is not the height",
        with(&good, 5, &[0x03]),
        "OutOfRange",
    );
    refuse(
        "payload-height-2-53",
        "2^53 is too large",
        with(&with(&good, 2, &uint(1 << 53)), 5, &uint(1 << 53)),
        "OutOfRange",
    );
    refuse("payload-claim-0", "no such claim", with(&good, 6, &[0x00]), "OutOfRange");
    refuse("payload-claim-3", "no such claim", with(&good, 6, &[0x03]), "OutOfRange");
    refuse(
        "payload-time",
        "a time claim without its tier",
        with(&good, 7, &without(&part(&good, 7), 2)),
        "MissingKey",
    );
    refuse(
        "payload-trailing",
        "a byte behind the payload",
        [&good[..], &[0xf6]].concat(),
        "TrailingBytes",
    );
    refuse("payload-empty", "a payload of no bytes", vec![], "Truncated");
}

fn messages(cases: &mut Cases<'_>) {
    let witness = key(SigAlg::P256, WITNESS);
    let bytes = countersigned(0, Claim::Seen, None, &witness);
    let good = Sign1::parse(&bytes).unwrap();
    let mut refuse = |name: &str, what: &str, bytes: &[u8], error: &str| {
        cases.refuse(name, what, beside(&witness), bytes, error);
    };
    refuse("untagged", "the tag is missing", &bytes[1..], "WrongType");
    refuse(
        "detached",
        "the payload detached",
        &Sign1 { payload: None, ..good.clone() }.encode(),
        "MissingKey",
    );
    refuse(
        "unprotected",
        "something in the unprotected header",
        &Sign1 { unprotected: vec![0xa1, 0x04, 0x40], ..good.clone() }.encode(),
        "UnknownCritical",
    );
    refuse("trailing", "a byte more", &[&bytes[..], &[0xf6]].concat(), "TrailingBytes");
    refuse("cut", "a byte less", &bytes[..bytes.len() - 1], "Truncated");
    refuse(
        "block",
        "a block in its place",
        &ledger(HashAlg::Sha256, SigAlg::Ed25519)[2].sealed,
        "WrongMediaType",
    );
    let der =
        yinzheng::sign::Signature::from_canonical(SigAlg::P256, &good.signature).unwrap().to_der();
    refuse(
        "signature-der",
        "DER has no place in COSE",
        &Sign1 { signature: der, ..good.clone() }.encode(),
        "InvalidSignature",
    );
    refuse(
        "signature-63",
        "63 bytes",
        &Sign1 { signature: good.signature[..63].to_vec(), ..good.clone() }.encode(),
        "InvalidSignature",
    );
    let claims = Item::parse(&good.protected, good.protected.len()).unwrap().map().unwrap();
    assert!(claims.has(15));
    for alg in SigAlg::ALL {
        let witness = key(alg, WITNESS);
        let message = Sign1::parse(&countersigned(1, Claim::Seen, None, &witness)).unwrap();
        let mut signature = message.signature.clone();
        signature[40] ^= 1;
        let name = format!("signature-flipped-{}", alg.name().to_lowercase());
        cases.refuse(
            &name,
            "one bit",
            beside(&witness),
            &Sign1 { signature, ..message.clone() }.encode(),
            "SignatureMismatch",
        );
        let name = format!("key-other-{}", alg.name().to_lowercase());
        cases.refuse(
            &name,
            "another key than the one named",
            beside(&key(alg, OTHER)),
            &message.encode(),
            "InvalidKey",
        );
    }
    let sm2 = key(SigAlg::Sm2, WITNESS);
    let named = key(SigAlg::Sm2, WITNESS).with_sm2_id(b"notary@example").unwrap();
    let bytes = countersigned(1, Claim::Seen, None, &sm2);
    cases.refuse(
        "sm2-id",
        "the thumbprint does not name the user id, the signature does",
        beside(&named),
        &bytes,
        "SignatureMismatch",
    );
}
