use serde_json::{Value, json};
use yinzheng::codec::{Item, MapBuilder};
use yinzheng::sign::{PublicKey, SigAlg, Sign1, Signature, SoftwareKey, Strictness, sig_structure};

use crate::{bytes, hex, result};

/// Secrets of these vectors only; the SM2 one is GM/T 0003.5 annex A's.
fn key(alg: SigAlg) -> SoftwareKey {
    let seed = match alg {
        SigAlg::Ed25519 => "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        SigAlg::P256 => "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
        SigAlg::Sm2 => "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8",
    };
    SoftwareKey::from_seed(alg, &bytes(seed).try_into().unwrap()).unwrap()
}

fn keys() -> Vec<Value> {
    let describe = |name: String, public: &PublicKey| {
        json!({
            "name": name, "alg": public.alg().cose_id(), "cose_key": hex(public.to_cose_key()),
            "thumbprint": hex(public.thumbprint()), "spki_der": hex(public.to_spki_der()),
            "sm2_id": public.sm2_id().map(hex), "sm2_z": public.sm2_z().map(hex),
        })
    };
    let mut keys: Vec<Value> =
        SigAlg::ALL.iter().map(|alg| describe(alg.name().to_owned(), key(*alg).public())).collect();
    for (name, id) in
        [("SM2, empty user id", &b""[..]), ("SM2, another user id", b"ALICE123@YAHOO.COM")]
    {
        let public = key(SigAlg::Sm2).public().clone().with_sm2_id(id).unwrap();
        keys.push(describe(name.to_owned(), &public));
    }
    keys
}

fn bad_keys() -> Vec<Value> {
    let weak = format!("a40101032720062158200100{}", "00".repeat(30));
    let p256 = key(SigAlg::P256).public().to_cose_key();
    let moved = {
        let mut moved = p256.clone();
        *moved.last_mut().unwrap() ^= 1;
        hex(moved)
    };
    let as_sm2 = hex(&p256).replacen("a501020326", "a50102033a000101d1", 1);
    let cases = [
        ("small-order", "Ed25519: the identity", weak.clone(), "InvalidKey"),
        (
            "not-canonical",
            "Ed25519: y = p + 3",
            weak.replace(&weak[20..], &format!("f0{}7f", "ff".repeat(30))),
            "InvalidKey",
        ),
        ("off-curve", "P-256: y changed by one bit", moved, "InvalidKey"),
        ("mixed", "a P-256 key under the number of SM2", as_sm2, "InvalidKey"),
        (
            "es384",
            "an algorithm the format does not have",
            hex(&p256).replacen("0326", "033822", 1),
            "UnsupportedAlgorithm",
        ),
        (
            "extra",
            "a member that keys do not have",
            hex(&p256).replacen("a5010203", "a6010202410003", 1),
            "UnknownCritical",
        ),
        (
            "no-algorithm",
            "no member 3",
            hex(&p256).replacen("a501020326", "a40102", 1),
            "MissingKey",
        ),
    ];
    cases
        .into_iter()
        .map(|(name, what, text, expected)| {
            let input = bytes(&text);
            let outcome = Item::parse(&input, 200).and_then(PublicKey::from_cose_key);
            json!({"name": name, "what": what, "hex": text, "result": result(&outcome, expected, name)})
        })
        .collect()
}

fn signatures() -> Vec<Value> {
    let mut vectors = Vec::new();
    for alg in SigAlg::ALL {
        let key = key(alg);
        for message in [&b""[..], b"message digest", "借款金额 5000.00".as_bytes()] {
            let signature = key.sign(message).unwrap();
            key.public().verify(message, &signature, Strictness::Ours).unwrap();
            vectors.push(json!({
                "name": alg.name(), "alg": alg.cose_id(), "cose_key": hex(key.public().to_cose_key()),
                "message": hex(message), "digest_to_sign": key.public().digest_to_sign(message).map(hex),
                "signature": hex(signature.bytes()), "der": hex(signature.to_der()), "result": "ok",
            }));
        }
    }
    vectors
}

/// Signatures as they may come in, and what becomes of them in what we seal and in evidence from outside.
fn forms() -> Vec<Value> {
    let rfc6979_r = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
    let high =
        format!("{rfc6979_r}f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    let gm = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
              b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
    let n_p256 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let one = format!("{:0>64}", "1");
    let zero = "00".repeat(32);
    let sm2_sum = format!("{one}fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122");
    let ed = key(SigAlg::Ed25519).sign(b"").unwrap();
    let l = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let ed_high = format!("{}{l}", hex(&ed.bytes()[..32]));
    let (ed, p, s) = (SigAlg::Ed25519, SigAlg::P256, SigAlg::Sm2);
    let bad = "InvalidSignature";
    let cases: Vec<(&str, &str, SigAlg, String, &str, &str, &str)> = vec![
        // name, what, algorithm, bytes; as we seal it, from outside, as a signer gave it
        ("high-s", "RFC 6979 §A.2.5, \"sample\": s above n/2", p, high, "HighS", "ok", "ok"),
        ("gm", "GM/T 0003.5 annex A", s, gm.to_owned(), "ok", "ok", "ok"),
        ("zero-r", "r = 0", p, format!("{zero}{one}"), bad, bad, bad),
        ("zero-s", "s = 0", s, format!("{one}{zero}"), bad, bad, bad),
        ("r-n", "r = n", p, format!("{n_p256}{one}"), bad, bad, bad),
        ("s-n", "s = n", p, format!("{one}{n_p256}"), bad, bad, bad),
        ("sum-n", "SM2: r + s = n", s, sm2_sum, bad, bad, bad),
        ("s-l", "Ed25519: S = L", ed, ed_high, bad, bad, bad),
        ("der", "DER, which signers give", p, "3006020101020102".to_owned(), bad, bad, "ok"),
        ("der-long", "a length in long form", p, "308106020101020102".to_owned(), bad, bad, bad),
        (
            "der-zeros",
            "a number with a zero in front",
            p,
            "300702020001020102".to_owned(),
            bad,
            bad,
            bad,
        ),
        ("der-negative", "a negative number", s, "3006020181020102".to_owned(), bad, bad, bad),
        ("der-trailing", "a byte after the end", s, "300602010102010200".to_owned(), bad, bad, bad),
        (
            "der-ed25519",
            "Ed25519 has no DER form",
            ed,
            "3006020101020102".to_owned(),
            bad,
            bad,
            bad,
        ),
        ("short", "63 bytes", p, format!("{one}{}", &one[2..]), bad, bad, bad),
    ];
    cases
        .into_iter()
        .map(|(name, what, alg, text, ours, outside, given)| {
            let input = bytes(&text);
            let normal = Signature::normalise(alg, &input);
            json!({
                "name": name, "what": what, "alg": alg.cose_id(), "hex": text,
                "sealed": result(&Signature::from_canonical(alg, &input), ours, name),
                "outside": result(&Signature::from_outside(alg, &input), outside, name),
                "given": result(&normal, given, name),
                "normal_form": normal.ok().map(|signature| hex(signature.bytes())),
            })
        })
        .collect()
}

fn messages() -> Vec<Value> {
    SigAlg::ALL
        .iter()
        .flat_map(|alg| {
            let key = key(*alg);
            let protected = MapBuilder::new()
                .put_int(1, alg.cose_id())
                .put_text(16, "application/vnd.yinzheng.block+cose")
                .finish();
            let payload = [0x5a; 32];
            let signed = sig_structure(&protected, &payload);
            let signature = key.sign(&signed).unwrap().bytes().to_vec();
            let message = Sign1::new(protected, None, signature);
            let attached = Sign1 { payload: Some(payload.to_vec()), ..message.clone() };
            let entry = |name: String, message: &Sign1| {
                json!({
                    "name": name, "message": hex(message.encode()), "payload": hex(payload),
                    "sig_structure": hex(&signed), "cose_key": hex(key.public().to_cose_key()),
                })
            };
            [
                entry(format!("{alg}, detached"), &message),
                entry(format!("{alg}, attached"), &attached),
            ]
        })
        .collect()
}

#[test]
fn signature() {
    let file = json!({
        "about": "docs/format.md §3: keys, signatures and COSE_Sign1. An SM2 key without sm2_id has the default one.",
        "keys": keys(),
        "bad_keys": bad_keys(),
        "signatures": signatures(),
        "forms": forms(),
        "messages": messages(),
    });
    crate::common::assert_blessed("tests/vectors/signature.json", &crate::common::pretty(&file));
}
