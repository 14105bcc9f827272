//! Good proofs: nothing is contradicted, and the same inputs give the same bytes.

use super::*;
use crate::hash::HashAlg;
use crate::proof::scene::{CONSENT, QUERY, key, simple};
use crate::record::Relation;
use crate::sign::SigAlg;

#[test]
fn every_hash_with_every_algorithm() {
    for hash in HashAlg::ALL {
        for alg in SigAlg::ALL {
            let bank = simple(hash, alg);
            let proof = bank.prove();
            let verdict = check(&proof);
            assert_eq!(verdict.count(Status::Contradicted), 0, "{}", verdict.text(Lang::En));
            for check in [
                "format.readable",
                "ledger.genesis",
                "ledger.keys",
                "ledger.one-history",
                "block.key",
                "block.signature",
                "block.history",
                "block.follows",
                "entry.in-block",
                "key.entry",
                "statement.signature",
                "statement.key",
                "statement.role",
                "statement.audience",
                "statement.record",
                "record.profile",
                "record.values",
                "record.citations",
                "dossier.places",
                "dossier.order",
                "rule.consent",
                "rule.order",
                "rule.arithmetic",
                "value.masked",
                "consent.before-use",
            ] {
                all_proven(&verdict, check);
            }
            assert_eq!(verdict.records.len(), 2);
            assert_eq!(verdict.dossiers[0].parts[0].places, [0, 1]);
        }
    }
}

#[test]
fn without_a_policy_the_first_line_says_so() {
    let bank = simple(HashAlg::Sm3, SigAlg::Sm2);
    let verdict = check(&bank.prove());
    assert_eq!(verdict.summary[0].id, "integrity-only");
    assert_eq!(verdict.summary[0].text.zh, "只核验了完整性，未核验来源");
    assert_eq!(verdict.summary[0].text.en, "integrity only, origin not checked");
    line(&verdict, "ledger.origin", "not-checked");
    assert_eq!(verdict.ledgers[0].known_as, None);
    assert!(verdict.text(Lang::Zh).starts_with("只核验了完整性，未核验来源\n"));
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let bank = simple(HashAlg::Sha256, SigAlg::Ed25519);
    let bytes = bank.prove().encode().unwrap();
    let policy = ledger_policy(&[&bank]);
    let one = verify(&bytes, &policy, AT).to_json();
    assert_eq!(one, verify(&bytes, &policy, AT).to_json());
    // Each input moves the bytes.
    let later = DeclaredTime { unix_ms: AT.unix_ms + 1 };
    assert_ne!(one, verify(&bytes, &policy, later).to_json());
    assert_ne!(one, verify(&bytes, &Policy::empty(), AT).to_json());
    let other = super::policy(&format!("{} ", String::from_utf8_lossy(policy.bytes().unwrap())));
    assert_ne!(one, verify(&bytes, &other, AT).to_json(), "the policy file is digested as it is");
    let read: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!(read["inputs"]["verifier"], concat!("yinzheng ", env!("CARGO_PKG_VERSION")));
    assert!(!one.contains("\"valid\""), "there is no single valid");
}

#[test]
fn the_verdict_of_a_fixed_proof_does_not_move_by_itself() {
    // Keys, salts and times are fixed and Ed25519 is deterministic: the lines are the same on every platform.
    let bank = simple(HashAlg::Sha256, SigAlg::Ed25519);
    let proof = bank.prove_with(|_, index, _| index == 1, |_, _| false, &[]);
    let first = check(&proof);
    let told: Vec<_> = first.lines.iter().map(|l| (l.check, l.outcome)).collect();
    assert_eq!(told[0], ("format.readable", "proven"));
    assert_eq!(told[1], ("ledger.genesis", "proven"));
    assert_eq!(first.records[0].fields[0].state, "withheld");
}

#[test]
fn one_dossier_over_two_ledgers() {
    let phone = &mut Bank::new(HashAlg::Sha256, SigAlg::P256, 11);
    let core = &mut Bank::new(HashAlg::Sm3, SigAlg::Sm2, 12);
    let message = r#"{"姓名":"李四","授权编号":"B2","授权时间":"2026-03-01 08:00:30"}"#;
    let draft = phone.draft(CONSENT, message, &[]);
    let consent = phone.record([3; 16], &draft);
    phone.seal();
    core.now = phone.now;
    let message = r#"{"授权编号":"B2","查询时间":"2026-03-01 08:01:30"}"#;
    let draft = core.draft(QUERY, message, &[(Relation::Consent, consent)]);
    core.record([3; 16], &draft);
    core.seal();
    let (one, two) = (phone.prove(), core.prove());
    let proof = Proof::join(vec![two.clone(), one.clone()]).unwrap();
    assert_eq!(proof, Proof::join(vec![one, two.clone()]).unwrap(), "order does not matter");
    let verdict = check_with(&proof, &ledger_policy(&[phone, core]));
    assert_eq!(verdict.count(Status::Contradicted), 0, "{}", verdict.text(Lang::En));
    assert_eq!(verdict.summary[0].id, "origin-checked");
    assert_eq!(verdict.dossiers.len(), 1);
    assert_eq!(verdict.dossiers[0].parts.len(), 2);
    line(&verdict, "dossier.ledgers", "proven");
    all_proven(&verdict, "rule.consent");
    assert_eq!(verdict.lines_of("dossier.tail").count(), 2, "said for each ledger");
    // Each alone: the citation leads nowhere, and the rule has no partner.
    let alone = check(&two);
    line(&alone, "record.citations", "not-proven");
    line(&alone, "consent.before-use", "not-proven");
    line(&alone, "rule.consent", "not-proven.record");
    let partly = check_with(&proof, &ledger_policy(&[phone]));
    assert_eq!(partly.summary[0].id, "origin-in-part");
}

#[test]
fn ledgers_of_a_dossier_that_do_not_cite_each_other_are_not_tied() {
    let mut banks = [
        Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 11),
        Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 12),
    ];
    let proofs = banks.iter_mut().map(|bank| {
        let draft = bank.draft(CONSENT, r#"{"授权编号":"B2"}"#, &[]);
        bank.record([3; 16], &draft);
        bank.seal();
        bank.prove()
    });
    let verdict = check(&Proof::join(proofs.collect()).unwrap());
    line(&verdict, "dossier.ledgers", "not-proven");
    // Two records with one dossier and place do not contradict each other across ledgers.
    only_contradicted(&verdict, &[]);
}

#[test]
fn a_rotated_key_goes_on() {
    let mut bank = simple(HashAlg::Sha256, SigAlg::P256);
    bank.rotate(key(SigAlg::Sm2, 40));
    bank.rotate(key(SigAlg::Ed25519, 41));
    let draft = bank.draft(CONSENT, r#"{"授权编号":"A1"}"#, &[]);
    bank.record([1; 16], &draft);
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(verdict.count(Status::Contradicted), 0, "{}", verdict.text(Lang::En));
    all_proven(&verdict, "block.signature");
    assert_eq!(line(&verdict, "ledger.keys", "proven").facts["epochs"], 3);
}

/// With the feature, another implementation of each algorithm was asked about all of it.
#[cfg(feature = "second-opinion")]
#[test]
fn two_implementations_agree() {
    for (hash, alg) in [
        (HashAlg::Sha256, SigAlg::Ed25519),
        (HashAlg::Sha256, SigAlg::P256),
        (HashAlg::Sm3, SigAlg::Sm2),
    ] {
        let bank = crate::proof::scene::simple(hash, alg);
        let verdict = check(&bank.prove());
        let line = line(&verdict, "second-opinion", "proven");
        assert!(line.facts["signatures"].as_u64().unwrap() > 0);
        assert!(line.facts["digests"].as_u64().unwrap() > 1);
        let names = crate::sign::second_opinion::implementations(alg);
        assert!(names.iter().all(|name| line.says.en.contains(name)), "{}", line.says.en);
    }
}
