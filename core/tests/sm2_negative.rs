//! The negative catalogue of SM2: what must be refused, and with which error, in `tests/vectors/sm2_negative.json`. Nobody
//! publishes one for SM2 as Wycheproof does for other curves. Deterministic: fixed keys, fixed messages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{assert_blessed, pretty};
use serde_json::{Map, Value, json};
use yinzheng::codec::{Item, MapBuilder};
use yinzheng::hash::{HashAlg, hex};
use yinzheng::sign::{
    PublicKey, SM2_DEFAULT_ID, SigAlg, Signature, SoftwareKey, Strictness, sm2_digest,
};

const MESSAGE: &[u8] = b"message digest";
const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
const PRIME: &str = "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff";

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

/// The key of GM/T 0003.5 annex A.
fn key() -> SoftwareKey {
    let seed = bytes("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8");
    SoftwareKey::from_seed(SigAlg::Sm2, seed.as_slice().try_into().unwrap()).unwrap()
}

/// Its signature in the standard: r and s.
fn good() -> (Vec<u8>, Vec<u8>) {
    (
        bytes("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"),
        bytes("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"),
    )
}

fn minus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0i16;
    let mut out: Vec<u8> = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .map(|(a, b)| {
            let digit = i16::from(*a) - i16::from(*b) - borrow;
            borrow = i16::from(digit < 0);
            digit.rem_euclid(256) as u8
        })
        .collect();
    out.reverse();
    out
}

fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let body = [&[2, r.len() as u8], r, &[2, s.len() as u8], s].concat();
    [&[0x30, body.len() as u8], &body[..]].concat()
}

fn error<T>(result: yinzheng::Result<T>) -> Value {
    match result {
        Ok(_) => panic!("this must be refused"),
        Err(error) => json!({ "number": error.number(), "name": error.code().name() }),
    }
}

/// A signature that is handed in as raw bytes or DER under a key and a user id.
fn signature(what: &str, id: &[u8], given: &[u8]) -> Value {
    let key = key().public().clone().with_sm2_id(id).unwrap();
    let verdict = Signature::normalise(SigAlg::Sm2, given)
        .and_then(|signature| key.verify(MESSAGE, &signature, Strictness::Outside));
    let mut case = Map::new();
    case.insert("what".into(), what.into());
    if id != SM2_DEFAULT_ID {
        case.insert("sm2_id".into(), hex::encode(id).into());
    }
    case.insert("signature".into(), hex::encode(given).into());
    case.insert("error".into(), error(verdict));
    Value::Object(case)
}

fn out_of_range() -> Vec<Value> {
    let (r, s) = good();
    let (zero, order) = (vec![0; 32], bytes(ORDER));
    let one = [&[0; 31][..], &[1]].concat();
    let raw = |what: &str, r: &[u8], s: &[u8]| signature(what, SM2_DEFAULT_ID, &[r, s].concat());
    vec![
        raw("r is 0", &zero, &s),
        raw("s is 0", &r, &zero),
        raw("r and s are 0", &zero, &zero),
        raw("r is n", &order, &s),
        raw("s is n", &r, &order),
        raw("r is all ones", &[0xff; 32], &s),
        raw("s is all ones", &r, &[0xff; 32]),
        raw("r + s is n", &r, &minus(&order, &r)),
        raw("r is 1, s is n - 1", &one, &minus(&order, &one)),
        raw("r is 1, s is 1", &one, &one),
        raw("r is n - r", &minus(&order, &r), &s),
        raw("s is n - s: no other form of the same, as with ECDSA", &r, &minus(&order, &s)),
        raw("s stands before r", &s, &r),
        raw("the halves are little-endian", &backwards(&r), &backwards(&s)),
    ]
}

fn backwards(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}

fn encodings() -> Vec<Value> {
    let (r, s) = good();
    let (r33, s33) = ([&[0], &r[..]].concat(), [&[0], &s[..]].concat());
    let strict = der(&r33, &s33);
    let given = |what: &str, bytes: Vec<u8>| signature(what, SM2_DEFAULT_ID, &bytes);
    vec![
        given("DER: r has no zero byte and is negative", der(&r, &s33)),
        given("DER: s has no zero byte and is negative", der(&r33, &s)),
        given("DER: r has one zero byte too many", der(&[&[0], &r33[..]].concat(), &s33)),
        given("DER: s has one zero byte too many", der(&r33, &[&[0], &s33[..]].concat())),
        given("DER: a byte behind the sequence", [&strict[..], &[0]].concat()),
        given("DER: a byte inside the sequence, behind s", {
            let body = [&strict[2..], &[0]].concat();
            [&[0x30, body.len() as u8], &body[..]].concat()
        }),
        given("DER: a third integer", {
            let body = [&strict[2..], &[2, 1, 1]].concat();
            [&[0x30, body.len() as u8], &body[..]].concat()
        }),
        given("DER: only r", [&[0x30, 35, 2, 33], &r33[..]].concat()),
        given(
            "DER: the length in its long form",
            [&[0x30, 0x81, strict[1]], &strict[2..]].concat(),
        ),
        given("BER: indefinite length", [&[0x30, 0x80], &strict[2..], &[0, 0]].concat()),
        given("DER: a SET in place of the SEQUENCE", [&[0x31], &strict[1..]].concat()),
        given("DER: an OCTET STRING in place of r", {
            let mut wrong = strict.clone();
            wrong[2] = 4;
            wrong
        }),
        given("DER: an empty integer", der(&[], &s33)),
        given("DER: r of 34 bytes", der(&[&[1], &r33[..]].concat(), &s33)),
        given("DER: cut off", strict[..strict.len() - 1].to_vec()),
        given("DER: r is 0", der(&[0], &s33)),
        given("DER: s is n", der(&r33, &[&[0], &bytes(ORDER)[..]].concat())),
        given("63 bytes", [&r[..], &s[..31]].concat()),
        given("65 bytes: a recovery id behind", [&r[..], &s[..], &[0]].concat()),
        given(
            "128 bytes: the public key behind",
            [&r[..], &s[..], key().public().bytes()].concat(),
        ),
        given("hexadecimal text", hex::encode(&[&r[..], &s[..]].concat()).into_bytes()),
        given("nothing", Vec::new()),
    ]
}

fn inputs() -> Vec<Value> {
    let key = key();
    let z = key.public().sm2_z().unwrap();
    let e = sm2_digest::e(&z, MESSAGE);
    let sm3 = |bytes: &[u8]| HashAlg::Sm3.digest(bytes);
    let over = |what: &str, digest: [u8; 32]| {
        signature(what, SM2_DEFAULT_ID, key.sign_digest(&digest).unwrap().bytes())
    };
    let other = SoftwareKey::from_seed(SigAlg::Sm2, &[1; 32]).unwrap();
    // A mistake of old implementations: ENTL in bytes and not in bits.
    let entl = {
        let curve = "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc\
                     28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93\
                     32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7\
                     bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";
        let input = [&[0, 16], SM2_DEFAULT_ID, &bytes(curve), key.public().bytes()].concat();
        sm2_digest::e(&sm3(&input), MESSAGE)
    };
    vec![
        over("SM3 of the message, without Z", sm3(MESSAGE)),
        over("e hashed again", sm3(&e)),
        over("e taken for a message, with Z", sm2_digest::e(&z, &e)),
        over("the message hashed before it is hashed with Z", sm2_digest::e(&z, &sm3(MESSAGE))),
        over("SHA-256 of the message", HashAlg::Sha256.digest(MESSAGE)),
        over("the message as hexadecimal text", sm2_digest::e(&z, hex::encode(MESSAGE).as_bytes())),
        over("ENTL counts bytes", entl),
        over("Z of another key", sm2_digest::e(&other.public().sm2_z().unwrap(), MESSAGE)),
        over("another message", sm2_digest::e(&z, b"message digesT")),
        signature("another key", SM2_DEFAULT_ID, other.sign(MESSAGE).unwrap().bytes()),
        signature(
            "another key that was handed e",
            SM2_DEFAULT_ID,
            other.sign_digest(&e).unwrap().bytes(),
        ),
    ]
}

fn user_ids() -> Vec<Value> {
    let (r, s) = good();
    let default = [r, s].concat();
    let signed_as = |id: &[u8]| {
        let key = key().with_sm2_id(id).unwrap();
        key.sign(MESSAGE).unwrap().bytes().to_vec()
    };
    vec![
        signature("signed with the default id, checked with the empty one", b"", &default),
        signature(
            "signed with the empty id, checked with the default one",
            SM2_DEFAULT_ID,
            &signed_as(b""),
        ),
        signature(
            "signed with the default id, checked with ALICE123@YAHOO.COM",
            b"ALICE123@YAHOO.COM",
            &default,
        ),
        signature(
            "signed with the id of TLS 1.3",
            SM2_DEFAULT_ID,
            &signed_as(b"TLSv1.3+GM+Cipher+Suite"),
        ),
        signature(
            "signed with the id as hexadecimal text",
            SM2_DEFAULT_ID,
            &signed_as(b"31323334353637383132333435363738"),
        ),
        signature(
            "signed with the id without its last digit",
            SM2_DEFAULT_ID,
            &signed_as(b"123456781234567"),
        ),
        signature(
            "signed with the id and a zero byte",
            SM2_DEFAULT_ID,
            &signed_as(b"1234567812345678\0"),
        ),
    ]
}

fn keys() -> Vec<Value> {
    let point = key().public().bytes().to_vec();
    let (x, y) = point.split_at(32);
    let raw = |what: &str, bytes: Vec<u8>| {
        let error = error(PublicKey::from_raw(SigAlg::Sm2, &bytes));
        json!({ "what": what, "sec1": hex::encode(&bytes), "error": error })
    };
    let mut off = point.clone();
    off[63] ^= 1;
    let p256 = SoftwareKey::from_seed(SigAlg::P256, &[7; 32]).unwrap();
    vec![
        raw("a point off the curve", off),
        raw("x and y swapped", [y, x].concat()),
        raw("little-endian", [backwards(x), backwards(y)].concat()),
        raw("a point of P-256", p256.public().bytes().to_vec()),
        raw("x is the prime", [&bytes(PRIME)[..], y].concat()),
        raw("y is the prime", [x, &bytes(PRIME)[..]].concat()),
        raw("0, 0", vec![0; 64]),
        raw("the identity", vec![0]),
        raw("hybrid form", [&[6 | (y[31] & 1)], &point[..]].concat()),
        raw("compressed form without its sign", [&[5], x].concat()),
        raw("half a point", x.to_vec()),
        raw("a byte too many", [&point[..], &[0]].concat()),
    ]
}

fn cose_keys() -> Vec<Value> {
    let point = key().public().bytes().to_vec();
    let (x, y) = point.split_at(32);
    let map = |alg: i64, crv: i64| {
        MapBuilder::new()
            .put_int(1, 2)
            .put_int(3, alg)
            .put_int(-1, crv)
            .put_bstr(-2, x)
            .put_bstr(-3, y)
    };
    let case = |what: &str, bytes: Vec<u8>| {
        let read = Item::parse(&bytes, bytes.len()).and_then(PublicKey::from_cose_key);
        json!({ "what": what, "cose_key": hex::encode(&bytes), "error": error(read) })
    };
    let spki = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
    let wrong_curve = [bytes(spki), point.clone()].concat();
    vec![
        case("the curve P-256 with SM2's algorithm", map(-66_002, 1).finish()),
        case("SM2's curve with ES256", map(-7, -66_006).finish()),
        case("SM2's point as a P-256 key", map(-7, 1).finish()),
        case(
            "no y",
            MapBuilder::new()
                .put_int(1, 2)
                .put_int(3, -66_002)
                .put_int(-1, -66_006)
                .put_bstr(-2, x)
                .finish(),
        ),
        case("key type OKP", map(-66_002, -66_006).put_int(1, 1).finish()),
        json!({
            "what": "SM2's point under prime256v1 in a SubjectPublicKeyInfo",
            "spki_der": hex::encode(&wrong_curve),
            "error": error(PublicKey::from_spki_der(&wrong_curve)),
        }),
    ]
}

#[test]
fn the_catalogue() {
    let (r, s) = good();
    let key = key();
    let good = [r, s].concat();
    let signature = Signature::from_canonical(SigAlg::Sm2, &good).unwrap();
    key.public().verify(MESSAGE, &signature, Strictness::Ours).unwrap();
    let signatures = [out_of_range(), encodings(), inputs(), user_ids()].concat();
    let file = json!({
        "about": "docs/format.md §3: what SM2 refuses. The key is that of GM/T 0003.5 annex A, the message \"message digest\", \
                  the user id 1234567812345678 unless sm2_id says another. Signatures are handed in as a signer's answer: 64 bytes \
                  r and s, or strict DER.",
        "key": hex::encode(key.public().bytes()),
        "message": hex::encode(MESSAGE),
        "accepted": { "what": "the standard's own signature", "signature": hex::encode(&good), "der": hex::encode(&signature.to_der()) },
        "signatures": signatures,
        "keys": keys(),
        "structures": cose_keys(),
    });
    assert_blessed("tests/vectors/sm2_negative.json", &pretty(&file));
}
