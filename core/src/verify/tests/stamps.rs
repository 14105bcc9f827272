//! Timestamp tokens and certificate chains, against authorities of the policy.

use super::*;
use crate::anchor::{Outside, OutsideKind, TargetKind};
use crate::hash::HashAlg;
use crate::key::{Custody, KeyClaims, KeyRole, RevokeReason};
use crate::proof::scene::{key, opened, simple};
use crate::record::{ProfileRef, RecordBuilder};
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::Role;
use crate::time::{NotBefore, NotBeforeKind, TimeClaim};
use crate::x509::forge::*;

/// 2026-06-01T12:00:00Z, the time of the tokens.
const STAMPED_MS: i64 = 1_780_315_200_000;
const PROFILE: &str = r#"{"profile":"t","version":1,"label":{"zh":"","en":""},"default_offset":"+08:00","fields":[],"refused":[],"rules":[]}"#;

fn house() -> House {
    House::new(SigAlg::P256)
}

fn trusting(house: &House, purposes: &str, more: &str) -> Policy {
    policy(&format!(r#"{{"anchors":[{}]{more}}}"#, house.anchor(purposes)))
}

fn on_block(bank: &Bank, height: usize, token: Vec<u8>) -> Outside {
    let sealed = bank.blocks[height].block.sealed_digest();
    let digest = Digest { alg: bank.hash, bytes: sealed };
    Outside { kind: OutsideKind::TimestampToken, bytes: token, target: TargetKind::Block, digest }
}

fn on_head(bank: &Bank, token: Vec<u8>) -> Outside {
    on_block(bank, bank.blocks.len() - 1, token)
}

fn head_bytes(bank: &Bank) -> Vec<u8> {
    bank.blocks[bank.blocks.len() - 1].block.sealed_bytes()
}

fn with(bank: &Bank, outside: &[Outside]) -> Proof {
    bank.prove_with(|_, _, _| true, |_, _| true, outside)
}

#[test]
fn a_stamp_on_the_head_lifts_every_record() {
    let house = house();
    let bank = simple(HashAlg::Sm3, SigAlg::Sm2);
    let token = house.stamping(&head_bytes(&bank)).token();
    let proof = with(&bank, &[on_head(&bank, token)]);
    let policy = trusting(&house, r#""timestamps""#, r#","require":{"timestamps":1}"#);
    let verdict = check_with(&proof, &policy);
    let said = line(&verdict, "outside.token", "proven");
    assert_eq!(said.facts["by"], "Test Root");
    assert_eq!(said.facts["certificate"]["subject"], "CN=Stamper");
    assert_eq!(said.facts["time_ms"], STAMPED_MS);
    let seen = line(&verdict, "record.not-later", "proven.token");
    assert_eq!(seen.facts["time_ms"], STAMPED_MS);
    assert!(verdict.records.iter().all(|record| record.grade == "witnessed"));
    line(&verdict, "policy.timestamps", "proven");
    let two = trusting(&house, r#""timestamps""#, r#","require":{"timestamps":2}"#);
    line(&check_with(&proof, &two), "policy.timestamps", "not-proven");
    // Accuracy counts against it.
    let accuracy = seq(&[&[2, 1, 2]]);
    let token = Stamping { accuracy, ..house.stamping(&head_bytes(&bank)) }.token();
    let verdict = check_with(&with(&bank, &[on_head(&bank, token)]), &policy);
    let seen = line(&verdict, "record.not-later", "proven.token");
    assert_eq!(seen.facts["time_ms"], STAMPED_MS + 2000);
}

#[test]
fn a_stranger_stamps_nothing() {
    let house = house();
    let bank = simple(HashAlg::Sha256, SigAlg::P256);
    let proof = with(&bank, &[on_head(&bank, house.stamping(&head_bytes(&bank)).token())]);
    let for_keys = trusting(&house, r#""keys""#, "");
    let other = trusting(&House::new(SigAlg::Sm2), r#""timestamps""#, "");
    for policy in [Policy::empty(), for_keys, other] {
        let verdict = check_with(&proof, &policy);
        line(&verdict, "outside.token", "not-proven.authority");
        line(&verdict, "record.not-later", "not-proven");
        assert_eq!(verdict.records[1].grade, "self");
        only_contradicted(&verdict, &[]);
    }
}

#[test]
fn a_stamp_is_about_what_it_stands_beside() {
    let house = house();
    let bank = simple(HashAlg::Sm3, SigAlg::Sm2);
    let policy = trusting(&house, r#""timestamps""#, "");
    let of_other = house.stamping(b"other").token();
    let spoilt = Stamping { spoilt: true, ..house.stamping(&head_bytes(&bank)) }.token();
    let digest =
        Stamping { digest_of: Some(vec![1]), ..house.stamping(&head_bytes(&bank)) }.token();
    let two = Stamping { signers: 2, ..house.stamping(&head_bytes(&bank)) }.token();
    let late = Stamping { time: "20400101000000Z", ..house.stamping(&head_bytes(&bank)) }.token();
    for (token, outcome) in [
        (of_other.clone(), "contradicted.imprint"),
        (spoilt, "contradicted.signature"),
        (digest, "contradicted.signature"),
        (two, "not-proven.form"),
        (late, "not-proven.authority"),
        (b"junk".to_vec(), "not-proven.form"),
    ] {
        let verdict = check_with(&with(&bank, &[on_head(&bank, token)]), &policy);
        line(&verdict, "outside.token", outcome);
        line(&verdict, "record.not-later", "not-proven");
        assert_ne!(verdict.records[0].grade, "witnessed", "{outcome}");
    }
    // The imprint contradicts whoever signed.
    let verdict = check(&with(&bank, &[on_head(&bank, of_other)]));
    line(&verdict, "outside.token", "contradicted.imprint");
    let mut nowhere = on_head(&bank, house.stamping(&head_bytes(&bank)).token());
    nowhere.digest.bytes = [9; 32];
    let verdict = check_with(&with(&bank, &[nowhere]), &policy);
    line(&verdict, "outside.token", "not-proven");
    line(&verdict, "record.not-later", "not-proven");
}

#[test]
fn a_stamp_below_the_head_covers_what_leads_down_from_it() {
    let house = house();
    let mut bank = simple(HashAlg::Sha256, SigAlg::Ed25519);
    let stamped = bank.blocks.len() - 1;
    let draft = bank.draft(PROFILE, r#"{"a":"1"}"#, &[]);
    bank.record([8; 16], &draft);
    bank.seal();
    let token = house.stamping(&bank.blocks[stamped].block.sealed_bytes()).token();
    let policy = trusting(&house, r#""timestamps""#, "");
    let verdict = check_with(&with(&bank, &[on_block(&bank, stamped, token)]), &policy);
    let grades: Vec<_> = verdict.records.iter().map(|record| record.grade).collect();
    assert_eq!(grades, ["witnessed", "witnessed", "self"]);
}

/// A bank with one record that a customer signed, and its entry.
fn signed(terms: impl FnOnce(&mut crate::statement::Terms)) -> (Bank, SoftwareKey, Vec<u8>) {
    let mut bank = Bank::new(HashAlg::Sha256, SigAlg::P256, 61);
    let customer = Key::new(SigAlg::P256, 203).0;
    let kid = bank.enrol(KeyRole::Customer, &customer);
    let draft = bank.draft(PROFILE, r#"{"a":"1"}"#, &[]);
    let mut of = bank.terms(Some(kid), Role::Customer);
    terms(&mut of);
    bank.signed_record([1; 16], &draft, &customer, &of);
    let height = usize::try_from(bank.seal()).unwrap();
    let entry = bank.blocks[height].entries.last().unwrap().clone();
    (bank, customer, entry)
}

#[test]
fn a_statements_bytes_can_be_stamped() {
    let house = house();
    let (bank, _, entry) = signed(|_| {});
    let digest = Digest::of(bank.hash, &entry);
    let kind = OutsideKind::TimestampToken;
    let word = |bytes| Outside { kind, bytes, target: TargetKind::Entry, digest };
    let policy = trusting(&house, r#""timestamps""#, r#","require":{"timestamps":1}"#);
    let verdict = check_with(&with(&bank, &[word(house.stamping(&entry).token())]), &policy);
    line(&verdict, "outside.token", "proven");
    line(&verdict, "record.not-later", "proven.token");
    assert_eq!(verdict.records[0].grade, "witnessed");
    // That says nothing of the ledger.
    line(&verdict, "policy.timestamps", "not-proven");
    let other = check_with(&with(&bank, &[word(house.stamping(b"x").token())]), &policy);
    line(&other, "outside.token", "contradicted.imprint");
}

#[test]
fn a_stamp_older_than_the_end_of_a_key_keeps_its_blocks() {
    let house = house();
    let policy = trusting(&house, r#""timestamps""#, "");
    let mut bank = simple(HashAlg::Sm3, SigAlg::P256);
    let kid = bank.head.keys().newest().kid;
    bank.rotate(key(SigAlg::P256, 71));
    bank.push(opened());
    bank.revoke(KeyRole::Ledger, kid, RevokeReason::Compromised, STAMPED_MS + 1);
    bank.seal();
    line(&check_with(&bank.prove(), &policy), "block.signature", "not-proven.ended");
    let token = |time| Stamping { time, ..house.stamping(&head_bytes(&bank)) }.token();
    let early = with(&bank, &[on_head(&bank, token("20260601120000Z"))]);
    all_proven(&check_with(&early, &policy), "block.signature");
    let late = with(&bank, &[on_head(&bank, token("20260601120001Z"))]);
    line(&check_with(&late, &policy), "block.signature", "not-proven.ended");
}

#[test]
fn a_record_lies_between_the_token_it_names_and_the_one_that_covers_it() {
    let house = house();
    let policy = trusting(&house, r#""timestamps""#, "");
    let of = |named: &[u8], covered_at: &'static str| {
        let mut bank = simple(HashAlg::Sha256, SigAlg::P256);
        let before = bank.blocks.len() - 1;
        let mut time = TimeClaim::declared(1);
        let digest = Digest::of(HashAlg::Sha256, named);
        time.not_before = Some(NotBefore { kind: NotBeforeKind::Token, digest });
        bank.profiles.push(PROFILE.into());
        let profile = ProfileRef {
            id: "t".into(),
            version: 1,
            digest: Digest::of(HashAlg::Sha256, PROFILE.as_bytes()),
        };
        bank.record([7; 16], &RecordBuilder::new(profile, time).build().unwrap());
        bank.seal();
        let token = Stamping { time: covered_at, ..house.stamping(&head_bytes(&bank)) }.token();
        let words = [on_block(&bank, before, named.to_vec()), on_head(&bank, token)];
        check_with(&with(&bank, &words), &policy)
    };
    let before = simple(HashAlg::Sha256, SigAlg::P256);
    let data = head_bytes(&before);
    let named = house.stamping(&data).token();
    let verdict = of(&named, "20260601130000Z");
    assert_eq!(line(&verdict, "record.not-earlier", "proven.token").facts["time_ms"], STAMPED_MS);
    let between = line(&verdict, "record.interval", "proven");
    assert_eq!(between.facts["from_ms"], STAMPED_MS);
    assert_eq!(between.facts["to_ms"], STAMPED_MS + 3_600_000);
    line(&of(&named, "20260601110000Z"), "record.interval", "contradicted");
    // A token that nobody stands behind bounds nothing.
    let stranger = House::new(SigAlg::Ed25519).stamping(&data).token();
    let verdict = of(&stranger, "20260601130000Z");
    line(&verdict, "record.not-earlier", "not-proven.token");
    assert_eq!(verdict.lines_of("record.interval").count(), 0);
}

fn certified(house: &House, chain: Vec<Vec<u8>>, at_ms: i64, custody: Custody) -> Bank {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Sm2, 62);
    let key = &house.leaf.0;
    let claims = KeyClaims {
        certificates: chain,
        ..KeyClaims::enrol(KeyRole::Customer, key.public().clone(), custody, at_ms)
    };
    let entry = bank.with_possession(&claims, key);
    bank.push(entry);
    bank.seal();
    bank
}

#[test]
fn a_keys_chain_is_checked_at_the_declared_time() {
    for alg in [SigAlg::P256, SigAlg::Sm2, SigAlg::Ed25519] {
        let house = House::new(alg);
        let chain = vec![house.person_certificate.clone(), house.middle_certificate.clone()];
        let bank = certified(&house, chain.clone(), STAMPED_MS, Custody::Shield);
        let policy = trusting(&house, r#""keys""#, "");
        let verdict = check_with(&bank.prove(), &policy);
        let said = line(&verdict, "key.certificate", "proven");
        assert_eq!(said.facts["subject"], "CN=Person");
        assert_eq!(said.facts["issuer"], "CN=Middle");
        assert_eq!(said.facts["serial"], "4");
        assert_eq!(said.facts["not_before"], "2025-01-01T00:00:00+00:00");
        assert!(said.says.en.contains("CN=Person") && said.says.zh.contains("CN=Person"));
        for nobody in [Policy::empty(), trusting(&house, r#""timestamps""#, "")] {
            line(&check_with(&bank.prove(), &nobody), "key.certificate", "not-checked");
        }
        let error = |chain: Vec<Vec<u8>>, at_ms| {
            let bank = certified(&house, chain, at_ms, Custody::Shield);
            let verdict = check_with(&bank.prove(), &policy);
            line(&verdict, "key.certificate", "not-proven").facts["error"].clone()
        };
        assert_eq!(error(chain.clone(), 0), 420, "before it was valid");
        assert_eq!(error(chain[..1].to_vec(), STAMPED_MS), 419, "without the one between");
        let server = Spec { usage: Some(0x20), ..Spec::person() };
        let server = server.certificate(&house.leaf, &house.middle);
        assert_eq!(error(vec![server, chain[1].clone()], STAMPED_MS), 421);
        let crl = crl(
            "Middle",
            &house.middle,
            ["260101000000Z", "270101000000Z"],
            Some((4, "260301000000Z", None)),
        );
        let list = serde_json::to_string(&pem("X509 CRL", &crl)).unwrap();
        let revoked = trusting(&house, r#""keys""#, &format!(r#","crls_pem":[{list}]"#));
        let said = check_with(&bank.prove(), &revoked);
        assert_eq!(line(&said, "key.certificate", "not-proven").facts["error"], 422);
        let of_another = vec![house.stamper_certificate.clone(), chain[1].clone()];
        let another = Key::new(alg, 9);
        let of_another_key =
            vec![Spec::person().certificate(&another, &house.middle), chain[1].clone()];
        let bank = certified(&house, of_another_key, STAMPED_MS, Custody::Shield);
        line(&check_with(&bank.prove(), &policy), "key.certificate", "not-proven.key");
        // For timestamps only, but its key may sign: what it is for is the policy's matter.
        let bank = certified(&house, of_another, STAMPED_MS, Custody::Shield);
        line(&check_with(&bank.prove(), &policy), "key.certificate", "proven");
    }
}

#[test]
fn a_statements_chain_is_checked_at_the_time_it_claims() {
    let house = house();
    let chain = vec![house.person_certificate.clone(), house.middle_certificate.clone()];
    let policy = trusting(&house, r#""keys""#, "");
    let (bank, ..) = signed(|terms| {
        terms.certificates = chain.clone();
        terms.issued_at = u64::try_from(STAMPED_MS / 1000).unwrap();
    });
    let verdict = check_with(&bank.prove(), &policy);
    line(&verdict, "key.certificate", "proven");
    let (bank, ..) = signed(|terms| {
        terms.certificates = chain;
        terms.issued_at = 1;
    });
    let verdict = check_with(&bank.prove(), &policy);
    assert_eq!(line(&verdict, "key.certificate", "not-proven").facts["error"], 420);
}

#[test]
fn somebody_elses_chain_beside_a_statement_proves_nothing() {
    let house = house();
    let chain = || vec![house.person_certificate.clone(), house.middle_certificate.clone()];
    let policy = trusting(&house, r#""keys""#, "");
    let issued_at = u64::try_from(STAMPED_MS / 1000).unwrap();
    // A key that nobody knows, beside a public chain of somebody.
    let (mut bank, customer, _) = signed(|_| {});
    let draft = bank.draft(PROFILE, r#"{"a":"2"}"#, &[]);
    let mut terms = bank.terms(Some([9; 32]), Role::Customer);
    (terms.certificates, terms.issued_at) = (chain(), issued_at);
    bank.signed_record([2; 16], &draft, &customer, &terms);
    bank.seal();
    let verdict = check_with(&bank.prove(), &policy);
    line(&verdict, "statement.signature", "not-proven.key");
    line(&verdict, "key.certificate", "not-proven.unknown");
    no_line(&verdict, "key.certificate", "proven");
    line(&check(&bank.prove()), "key.certificate", "not-checked");
    // A key that is known, beside a chain of another one.
    let another = Key::new(SigAlg::P256, 9);
    let (bank, ..) = signed(|terms| {
        let leaf = Spec::person().certificate(&another, &house.middle);
        terms.certificates = vec![leaf, house.middle_certificate.clone()];
        terms.issued_at = issued_at;
    });
    let verdict = check_with(&bank.prove(), &policy);
    line(&verdict, "statement.certificate", "contradicted");
    line(&verdict, "key.certificate", "not-proven.key");
    no_line(&verdict, "key.certificate", "proven");
}

#[test]
fn names_in_certificates_are_escaped_for_people() {
    let house = house();
    let spec = Spec { subject: "张\u{202e}三<b>", ..Spec::person() };
    let chain =
        vec![spec.certificate(&house.leaf, &house.middle), house.middle_certificate.clone()];
    let bank = certified(&house, chain, STAMPED_MS, Custody::Hsm);
    let verdict = check_with(&bank.prove(), &trusting(&house, r#""keys""#, ""));
    let said = line(&verdict, "key.certificate", "proven");
    assert!(said.says.zh.contains("\\u{202e}"), "{:?}", said.says);
    assert!(!verdict.to_json().contains('\u{202e}'));
}

#[test]
fn keys_in_other_hands_say_so() {
    let house = house();
    for (custody, outcome) in [
        (Custody::Hosted, "not-proven.hosted"),
        (Custody::OneTime, "not-proven.one-time"),
        (Custody::Shield, "not-proven"),
    ] {
        let bank = certified(&house, Vec::new(), 1, custody);
        let verdict = check(&bank.prove());
        let said =
            verdict.lines_of("key.custody").find(|line| line.facts["custody"] == custody.name());
        assert_eq!(said.unwrap().outcome, outcome);
    }
}
