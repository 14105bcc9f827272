//! Other people's vectors, run when they are at hand. They are not part of this repository: put them in a
//! directory and name it in `YINZHENG_FOREIGN_VECTORS`.
//!
//! - `merkle/`: `testdata/` of transparency-dev/merkle (`inclusion/`, `consistency/`)
//! - `ed25519_test.json`, `ecdsa_secp256r1_sha256_test.json`, `ecdsa_secp256r1_sha256_p1363_test.json`:
//!   `testvectors_v1/` of C2SP/wycheproof
//! - `ed25519vectors.json`: `ed25519/` of C2SP/CCTV

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use yinzheng::hash::{HashAlg, hex};
use yinzheng::merkle::{Node, verify_consistency, verify_inclusion};
use yinzheng::sign::{PublicKey, SigAlg, Signature, Strictness};

fn foreign(name: &str) -> PathBuf {
    let dir = std::env::var_os("YINZHENG_FOREIGN_VECTORS")
        .expect("YINZHENG_FOREIGN_VECTORS names a folder");
    Path::new(&dir).join(name)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn files_under(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

fn base64(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::new());
    for symbol in text.trim_end_matches('=').bytes() {
        let value = alphabet.iter().position(|a| *a == symbol).unwrap();
        bits = bits << 6 | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}

/// A node. Some vectors have placeholders of other lengths, which no caller of ours could pass: their digest
/// stands for them, so that equal ones stay equal and all others fit nothing.
fn node(value: &Value) -> Node {
    let bytes = base64(value.as_str().unwrap_or_default());
    bytes.as_slice().try_into().unwrap_or_else(|_| HashAlg::Sha256.digest(&bytes))
}

fn path(value: &Value) -> Vec<Node> {
    value.as_array().map_or(&[][..], Vec::as_slice).iter().map(node).collect()
}

#[test]
#[ignore = "needs files that others publish, see above"]
fn merkle_inclusion() {
    let dir = foreign("merkle/inclusion");
    let files = files_under(&dir);
    for file in &files {
        let case = json(file);
        let (leaf, root, path) =
            (node(&case["leafHash"]), node(&case["root"]), path(&case["proof"]));
        let (index, size) = (case["leafIdx"].as_u64().unwrap(), case["treeSize"].as_u64().unwrap());
        let verdict = verify_inclusion(HashAlg::Sha256, leaf, index, size, &path, &root);
        let placeholder = ["leafHash", "root"]
            .iter()
            .any(|name| case[*name].as_str().is_none_or(|text| base64(text).len() != 32));
        let refused = verdict.is_err() || placeholder;
        assert_eq!(refused, case["wantErr"].as_bool().unwrap(), "{}", file.display());
    }
    println!("{} inclusion vectors", files.len());
}

#[test]
#[ignore = "needs files that others publish, see above"]
fn merkle_consistency() {
    let dir = foreign("merkle/consistency");
    let files = files_under(&dir);
    for file in &files {
        let case = json(file);
        let (m, n) = (case["size1"].as_u64().unwrap(), case["size2"].as_u64().unwrap());
        let (a, b, path) = (node(&case["root1"]), node(&case["root2"]), path(&case["proof"]));
        let verdict = verify_consistency(HashAlg::Sha256, m, n, &a, &b, &path);
        // An empty tree proves nothing: we refuse it where the other library lets it pass.
        let refused = case["wantErr"].as_bool().unwrap() || m == 0;
        assert_eq!(verdict.is_err(), refused, "{}", file.display());
    }
    println!("{} consistency vectors", files.len());
}

fn text(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn wycheproof(
    name: &str,
    read: impl Fn(&Value) -> PublicKey,
    form: impl Fn(&[u8]) -> Option<Signature>,
) {
    let file = foreign(name);
    let mut count = 0;
    for group in json(&file)["testGroups"].as_array().unwrap() {
        let key = read(group);
        assert_eq!(PublicKey::from_spki_der(&text(&group["publicKeyDer"])).unwrap(), key);
        for case in group["tests"].as_array().unwrap() {
            let verdict = form(&text(&case["sig"]))
                .and_then(|sig| key.verify(&text(&case["msg"]), &sig, Strictness::Outside).ok());
            let valid = case["result"] == "valid";
            assert_eq!(verdict.is_some(), valid, "{name} {}", case["tcId"]);
            count += 1;
        }
    }
    println!("{name}: {count} vectors");
}

#[test]
#[ignore = "needs files that others publish, see above"]
fn wycheproof_signatures() {
    let ec = |group: &Value| {
        PublicKey::from_raw(SigAlg::P256, &text(&group["publicKey"]["uncompressed"])).unwrap()
    };
    let ed = |group: &Value| {
        PublicKey::from_raw(SigAlg::Ed25519, &text(&group["publicKey"]["pk"])).unwrap()
    };
    wycheproof("ed25519_test.json", ed, |sig| Signature::from_canonical(SigAlg::Ed25519, sig).ok());
    wycheproof("ecdsa_secp256r1_sha256_p1363_test.json", ec, |sig| {
        Signature::from_outside(SigAlg::P256, sig).ok()
    });
    wycheproof("ecdsa_secp256r1_sha256_test.json", ec, |sig| {
        // A DER input of 64 bytes is taken for r ‖ s; none of these is one.
        Signature::normalise(SigAlg::P256, sig).ok()
    });
}

/// Edge cases of points: strict verification refuses every one that names a low order or another spelling.
#[test]
#[ignore = "needs files that others publish, see above"]
fn ed25519_edge_cases() {
    let file = foreign("ed25519vectors.json");
    let (mut count, mut passed) = (0, 0);
    for case in json(&file).as_array().unwrap() {
        let flags = case["flags"].as_array().map(|flags| format!("{flags:?}")).unwrap_or_default();
        let message = case["msg"].as_str().unwrap().as_bytes();
        let verdict = PublicKey::from_raw(SigAlg::Ed25519, &text(&case["key"])).and_then(|key| {
            let signature = Signature::from_canonical(SigAlg::Ed25519, &text(&case["sig"]))?;
            key.verify(message, &signature, Strictness::Ours)
        });
        let strict = ["low_order_A", "low_order_R", "non_canonical", "low_order_residue"];
        if strict.iter().any(|flag| flags.contains(flag)) {
            assert!(verdict.is_err(), "{flags}");
        }
        passed += usize::from(verdict.is_ok());
        count += 1;
    }
    println!("ed25519vectors.json: {count} vectors, {passed} verify");
}
