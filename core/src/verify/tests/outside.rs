//! Words from outside: countersignatures, tokens, platform receipts.

use super::*;
use crate::anchor::{Claim, Outside, OutsideKind, PlatformReceipt, TargetKind};
use crate::hash::HashAlg;
use crate::proof::scene::{Bank, countersign, key, opened, simple};
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::Role;

fn bank() -> Bank {
    simple(HashAlg::Sm3, SigAlg::Sm2)
}

fn notary() -> SoftwareKey {
    key(SigAlg::P256, 80)
}

fn known_as(role: &str) -> Policy {
    policy(&format!(r#"{{"keys":[{}]}}"#, known(&notary(), role)))
}

fn with(bank: &Bank, outside: &[Outside]) -> Proof {
    bank.prove_with(|_, _, _| true, |_, _| true, outside)
}

#[test]
fn a_countersignature_of_the_head_lifts_every_record() {
    let bank = bank();
    let word = bank.countersign(&notary(), None, 1_900_000);
    let proof = with(&bank, &[word]);
    for (role, grade) in [
        ("notary", "notarised"),
        ("witness", "witnessed"),
        ("lender", "witnessed"),
        ("customer", "countersigned-by-party"),
    ] {
        let verdict = check_with(&proof, &known_as(role));
        line(&verdict, "outside.countersignature", "proven.seen");
        assert_eq!(verdict.records[1].grade, grade, "{role}");
        let seen = line(&verdict, "record.not-later", "proven");
        assert_eq!(seen.facts["time_ms"], 1_900_000);
    }
    let extends = countersign(&bank.head, &notary(), None, 1, Claim::Extends);
    let verdict = check_with(&with(&bank, &[extends]), &known_as("notary"));
    line(&verdict, "outside.countersignature", "proven.extends");
    // The earliest of several is named.
    let words = [5_000_000, 3_000_000, 4_000_000].map(|ms| bank.countersign(&notary(), None, ms));
    let verdict = check_with(&with(&bank, &words), &known_as("notary"));
    assert_eq!(line(&verdict, "record.not-later", "proven").facts["time_ms"], 3_000_000);
}

#[test]
fn a_stranger_proves_nothing() {
    let bank = bank();
    let word = bank.countersign(&notary(), Some(Role::Notary), 1);
    let verdict = check(&with(&bank, std::slice::from_ref(&word)));
    line(&verdict, "outside.countersignature", "not-proven.key");
    line(&verdict, "record.not-later", "not-proven");
    assert_eq!(verdict.records[1].grade, "self", "its own word for its role is worth nothing");
    let other = policy(&format!(r#"{{"keys":[{}]}}"#, known(&key(SigAlg::Sm2, 81), "notary")));
    line(&check_with(&with(&bank, &[word]), &other), "outside.countersignature", "not-proven.key");
}

#[test]
fn a_countersignature_must_fit_key_and_target() {
    let bank = bank();
    let good = bank.countersign(&notary(), None, 1);
    let mut bent = good.clone();
    *bent.bytes.last_mut().unwrap() ^= 1;
    let verdict = check_with(&with(&bank, &[bent]), &known_as("notary"));
    line(&verdict, "outside.countersignature", "contradicted.signature");
    // Attached to another block than it speaks of.
    let mut moved = good.clone();
    moved.digest.bytes = bank.blocks[1].block.sealed_digest();
    let verdict = check_with(&with(&bank, &[moved]), &known_as("notary"));
    line(&verdict, "outside.countersignature", "contradicted.target");
    let mut typed = good;
    typed.digest.alg = HashAlg::Sha256;
    let verdict = check_with(&with(&bank, &[typed]), &known_as("notary"));
    line(&verdict, "outside.countersignature", "contradicted.target");
}

#[test]
fn a_block_that_is_not_shown_proves_nothing_here() {
    let mut bank = bank();
    let older = bank.prove();
    bank.push(opened());
    bank.seal();
    let mut proof = older;
    proof.outside.push(bank.countersign(&notary(), None, 1));
    let verdict = check_with(&proof, &known_as("notary"));
    line(&verdict, "outside.countersignature", "not-proven.block");
    assert_eq!(verdict.records[1].grade, "self");
    // Another ledger's block.
    let other = simple(HashAlg::Sm3, SigAlg::P256);
    let word = other.countersign(&notary(), None, 1);
    let verdict = check_with(&with(&bank, &[word]), &known_as("notary"));
    line(&verdict, "outside.countersignature", "not-proven.block");
}

#[test]
fn a_head_that_an_outsider_knows_otherwise_is_contradicted() {
    let (mut left, mut right) = (bank(), bank());
    left.push(opened());
    left.seal();
    right.push(opened());
    right.push(opened());
    right.seal();
    let word = left.countersign(&notary(), None, 1);
    let verdict = check_with(&with(&right, std::slice::from_ref(&word)), &known_as("notary"));
    let found = line(&verdict, "outside.countersignature", "contradicted.fork");
    assert_eq!(found.facts["height"], 4);
    assert_eq!(verdict.summary[0].id, "contradicted");
    // From a stranger it is only noise.
    only_contradicted(&check(&with(&right, &[word])), &[]);
}

#[test]
fn a_revoked_countersigner_proves_nothing() {
    let bank = bank();
    let word = bank.countersign(&notary(), None, 1_000);
    let thumbprint = hex::encode(&notary().public().thumbprint());
    for since in [1, 2_000] {
        let revoked = policy(&format!(
            r#"{{"keys":[{}],"revoked":[{{"thumbprint":"{thumbprint}","since_ms":{since}}}]}}"#,
            known(&notary(), "notary")
        ));
        let verdict = check_with(&with(&bank, std::slice::from_ref(&word)), &revoked);
        line(&verdict, "outside.countersignature", "not-proven.revoked");
        assert_eq!(verdict.records[1].grade, "self");
    }
}

#[test]
fn the_sealer_is_no_outsider_to_itself() {
    let bank = bank();
    let word = bank.countersign(&bank.key, Some(Role::Witness), 1);
    let own = policy(&format!(r#"{{"keys":[{}]}}"#, known(&bank.key, "witness")));
    let verdict = check_with(&with(&bank, &[word]), &own);
    line(&verdict, "outside.countersignature", "proven.seen");
    assert_eq!(verdict.records[1].grade, "self");
}

#[test]
fn a_word_about_an_older_block_does_not_reach_later_records() {
    let mut bank = bank();
    let word = bank.countersign(&notary(), None, 1);
    let draft = bank.draft(crate::proof::scene::CONSENT, r#"{"授权编号":"Z"}"#, &[]);
    bank.record([9; 16], &draft);
    bank.seal();
    let verdict = check_with(&with(&bank, &[word]), &known_as("notary"));
    let grades: Vec<_> = verdict.records.iter().map(|record| record.grade).collect();
    assert_eq!(grades, ["notarised", "notarised", "self"]);
    assert_eq!(verdict.records[2].height, 4);
}

/// What a build says of bytes that are no token.
const UNREADABLE: &str = if cfg!(feature = "x509") { "not-proven.form" } else { "not-checked" };

#[test]
fn platform_receipts_are_not_checked_nor_is_what_is_no_token() {
    let bank = bank();
    let digest = Digest { alg: bank.hash, bytes: *bank.head.sealed_digest() };
    let entry = Digest::of(bank.hash, &bank.blocks[3].entries[1]);
    let receipt = PlatformReceipt {
        platform: "测试链".into(),
        id: "1".into(),
        transaction: None,
        height: Some(7),
        block_hash: None,
        time_ms: None,
        court_transaction: None,
        raw: vec![1],
    };
    let token = |target, digest| Outside {
        kind: OutsideKind::TimestampToken,
        bytes: vec![0x30, 0],
        target,
        digest,
    };
    let platform = |digest| Outside {
        kind: OutsideKind::PlatformReceipt,
        bytes: receipt.encode(),
        target: TargetKind::Block,
        digest,
    };
    let nowhere = Digest { alg: bank.hash, bytes: [1; 32] };
    for (outside, check, outcome) in [
        (token(TargetKind::Block, digest), "outside.token", UNREADABLE),
        (token(TargetKind::Entry, entry), "outside.token", UNREADABLE),
        (token(TargetKind::Entry, digest), "outside.token", "not-proven"),
        (token(TargetKind::Block, nowhere), "outside.token", "not-proven"),
        (platform(digest), "outside.platform", "not-checked"),
        (platform(nowhere), "outside.platform", "not-proven"),
    ] {
        let verdict = check_with(&with(&bank, &[outside]), &known_as("notary"));
        line(&verdict, check, outcome);
        line(&verdict, "record.not-later", "not-proven");
        assert_eq!(verdict.records[1].grade, "self");
    }
}
