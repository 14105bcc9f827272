#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::process::Command;

use super::*;
use crate::anchor::{Outside, OutsideKind};
use crate::block::Receipt;
use crate::hash::HashAlg;
use crate::key::KeyRole;
use crate::proof::scene::{Bank, QUERY, key, opened, simple};
use crate::sign::SigAlg;
use crate::statement::Role;

fn file<'k>(kit: &'k [KitFile], name: &str) -> &'k KitFile {
    kit.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("no {name} in the kit"))
}

fn commands(kit: &[KitFile]) -> Vec<(String, Option<String>)> {
    let text = String::from_utf8(file(kit, "COMMANDS.txt").bytes.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut commands = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("openssl ") {
            let expected = lines.get(at + 1).and_then(|next| next.strip_prefix("    "));
            // Behind the digest the name of a field may stand.
            let expected = expected.and_then(|line| line.split("  ").next());
            commands.push(((*line).to_owned(), expected.map(str::to_owned)));
        }
    }
    commands
}

/// Runs every command of a kit; gives how many said what they should.
fn run(kit: &[KitFile]) -> Option<Vec<bool>> {
    let openssl = Command::new("openssl").arg("version").output().ok()?;
    if !String::from_utf8_lossy(&openssl.stdout).starts_with("OpenSSL 3") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for file in kit {
        std::fs::write(folder.path().join(&file.name), &file.bytes).unwrap();
    }
    let run = |(command, expected): (String, Option<String>)| {
        let mut words = command.split(' ');
        let program = words.next().unwrap();
        let out = Command::new(program).args(words).current_dir(folder.path()).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        match expected {
            Some(digest) => said.trim_end().ends_with(&digest),
            None => out.status.success() && said.contains("erif"),
        }
    };
    Some(commands(kit).into_iter().map(run).collect())
}

#[test]
fn openssl_says_yes_to_every_command_of_a_kit() {
    for hash in HashAlg::ALL {
        for alg in SigAlg::ALL {
            let bank = simple(hash, alg);
            let proof = bank.prove();
            for sequence in 0..5 {
                let kit = kit_of_sequence(&proof, &bank.id(), sequence, &Policy::empty()).unwrap();
                let Some(results) = run(&kit) else {
                    eprintln!("skipped: no OpenSSL 3 here");
                    return;
                };
                assert!(results.len() >= 2, "steps and a signature at least");
                assert!(results.iter().all(|ok| *ok), "{hash} {alg} {sequence}: {results:?}");
            }
        }
    }
}

#[test]
fn openssl_says_no_once_a_byte_is_changed() {
    for alg in SigAlg::ALL {
        let bank = simple(HashAlg::Sm3, alg);
        let mut kit = kit_of_sequence(&bank.prove(), &bank.id(), 3, &Policy::empty()).unwrap();
        for file in kit.iter_mut().filter(|file| file.name.ends_with("-tbs.bin")) {
            *file.bytes.last_mut().unwrap() ^= 1;
        }
        let Some(results) = run(&kit) else { return };
        assert_eq!(
            results.iter().filter(|ok| !**ok).count(),
            4,
            "block hash, block, head, statement"
        );
    }
}

#[test]
fn a_signature_and_its_key_have_the_form_that_other_tools_take() {
    let bank = simple(HashAlg::Sha256, SigAlg::Ed25519);
    let kit = kit_of_sequence(&bank.prove(), &bank.id(), 3, &Policy::empty()).unwrap();
    assert_eq!(file(&kit, "block-signature.bin").bytes.len(), 64, "Ed25519 has no DER form");
    assert_eq!(file(&kit, "statement-1-signature.der").bytes[0], 0x30);
    assert!(file(&kit, "block-key.pem").bytes.starts_with(b"-----BEGIN PUBLIC KEY-----"));
    let tbs = &file(&kit, "block-tbs.bin").bytes;
    let receipt = Receipt::parse(&file(&kit, "receipt.cbor").bytes).unwrap();
    let root = receipt.root(&file(&kit, "entry.cbor").bytes).unwrap();
    assert!(tbs.ends_with(&root));
}

#[test]
fn a_record_brings_all_its_statements_along() {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Sm2, 4);
    let (customer, witness) = (key(SigAlg::Sm2, 5), key(SigAlg::Ed25519, 6));
    let customer_kid = bank.enrol(KeyRole::Customer, &customer);
    bank.seal();
    let draft = bank.draft(QUERY, r#"{"授权编号":"A1"}"#, &[]);
    let terms = bank.terms(Some(customer_kid), Role::Customer);
    let record = bank.signed_record([2; 16], &draft, &customer, &terms);
    // This key is known to nobody.
    let terms = bank.terms(None, Role::Witness);
    bank.signed_digest(record, &witness, &terms);
    bank.push(opened());
    bank.seal();
    let kit = kit_of_record(&bank.prove(), &record, &Policy::empty()).unwrap();
    for name in ["statement-1-tbs.bin", "statement-1-key.pem", "statement-2-tbs.bin"] {
        file(&kit, name);
    }
    assert!(!kit.iter().any(|file| file.name == "statement-2-key.pem"));
    let text = String::from_utf8(file(&kit, "COMMANDS.txt").bytes.clone()).unwrap();
    assert!(
        text.contains("statement-2 (Ed25519): the key is neither in the proof nor in the policy")
    );
    if let Some(results) = run(&kit) {
        assert!(results.iter().all(|ok| *ok));
    }
}

#[test]
fn words_from_outside_come_along_with_the_keys_of_the_policy() {
    for alg in SigAlg::ALL {
        let bank = simple(HashAlg::Sha256, SigAlg::P256);
        let notary = key(alg, 21);
        let head = bank.countersign(&notary, Some(Role::Notary), 0);
        let token =
            Outside { kind: OutsideKind::TimestampToken, bytes: vec![0x30], ..head.clone() };
        // About a block that is not on the way of the entry.
        let elsewhere = Digest { bytes: [9; 32], ..head.digest };
        let elsewhere = Outside { digest: elsewhere, ..token.clone() };
        let all = [head, token, elsewhere];
        let proof = bank.prove_with(|_, _, _| true, |_, _| true, &all);
        let id = bank.id();
        let stranger = kit_of_sequence(&proof, &id, 3, &Policy::empty()).unwrap();
        assert!(!stranger.iter().any(|file| file.name == "countersignature-1-key.pem"));
        let cose_key = crate::hash::hex::encode(&notary.public().to_cose_key());
        let policy =
            format!(r#"{{"keys":[{{"cose_key":"{cose_key}","role":"notary","name":"N"}}]}}"#);
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        let kit = kit_of_sequence(&proof, &id, 3, &policy).unwrap();
        assert_eq!(file(&kit, "token-1.tst").bytes, [0x30]);
        assert!(!kit.iter().any(|file| file.name == "token-2.tst"));
        let text = String::from_utf8(file(&kit, "COMMANDS.txt").bytes.clone()).unwrap();
        assert!(text.contains("openssl ts -verify -data head-block.cbor -in token-1.tst"));
        // The countersigned digest is that of the newest block, and stands in the signed bytes.
        let sealed = HashAlg::Sha256.digest(&file(&kit, "head-block.cbor").bytes);
        let tbs = &file(&kit, "countersignature-1-tbs.bin").bytes;
        assert!(tbs.windows(32).any(|window| window == sealed));
        if let Some(results) = run(&kit) {
            assert!(results.iter().all(|ok| *ok), "{alg}: {results:?}");
        }
    }
}

#[test]
fn the_history_root_stands_in_the_newest_block() {
    let bank = simple(HashAlg::Sm3, SigAlg::Sm2);
    let kit = kit_of_sequence(&bank.prove(), &bank.id(), 0, &Policy::empty()).unwrap();
    let mut names = kit.iter().filter(|file| file.name.starts_with("history-"));
    let root = HashAlg::Sm3.digest(&names.next_back().unwrap().bytes);
    assert!(file(&kit, "head-tbs.bin").bytes.windows(32).any(|window| window == root));
    // An entry of the newest block needs no such way.
    let newest = kit_of_sequence(&bank.prove(), &bank.id(), 4, &Policy::empty()).unwrap();
    assert!(!newest.iter().any(|file| file.name.starts_with("h")));
}

#[test]
fn an_odd_user_id_is_written_in_hex() {
    let odd = key(SigAlg::Sm2, 7).public().clone().with_sm2_id(b"a b$(c)").unwrap();
    let mut out = Commands::new(HashAlg::Sm3);
    let signature = key(SigAlg::Sm2, 7).sign(b"m").unwrap();
    out.signature("x", b"m", &signature, Some(&odd)).unwrap();
    let text = String::from_utf8(out.finish().pop().unwrap().bytes).unwrap();
    assert!(text.contains("hexdistid:61206224286329"), "nothing for a shell to take apart");
}

#[test]
fn what_is_not_shown_has_no_kit() {
    let bank = simple(HashAlg::Sha256, SigAlg::P256);
    let proof = bank.prove();
    let nobody = Digest { alg: HashAlg::Sha256, bytes: [0; 32] };
    for result in [
        kit_of_record(&proof, &nobody, &Policy::empty()),
        kit_of_sequence(&proof, &nobody, 0, &Policy::empty()),
        kit_of_sequence(&proof, &bank.id(), 99, &Policy::empty()),
    ] {
        assert_eq!(result.unwrap_err().code(), ErrorCode::NotFound);
    }
}
