//! Values, profiles, tombstones, holds, findings and declared times.

use super::*;
use crate::entry::{
    Event, Facts, Hold, HoldAction, HoldReason, REFERENCE_NAME, Tombstone, TombstoneReason,
};
use crate::hash::HashAlg;
use crate::proof::scene::{Bank, CONSENT, QUERY, START, opened, simple};
use crate::record::{ProfileRef, RecordBuilder};
use crate::sign::SigAlg;
use crate::time::{Moment, NotBefore, NotBeforeKind, Tier, TimeClaim};
use crate::value::{Disclosure, Value};

fn bank() -> Bank {
    simple(HashAlg::Sha256, SigAlg::P256)
}

fn disclosure(name: &str, text: &str) -> Vec<u8> {
    Disclosure { salt: [1; 16], value: Value::Text(text.into()), name: name.into() }.encode()
}

#[test]
fn values_must_fit_their_commitments() {
    let proof = bank().prove();
    // Another value under a name of the record.
    let forged = tamper(proof.clone(), at(3, 1), |item| {
        item.disclosures[1] = disclosure("loan.amount", "9000");
    });
    let verdict = check(&forged);
    let found = line(&verdict, "record.values", "contradicted");
    assert_eq!(found.facts["names"], serde_json::json!(["loan.amount"]));
    only_contradicted(&verdict, &["record.values"]);
    let field = verdict.records[1].fields.iter().find(|f| f.name == "loan.amount").unwrap();
    assert_eq!((field.state, &field.value), ("mismatch", &None));
    line(&verdict, "rule.arithmetic", "not-proven.values");
    // A name that the record does not have.
    let stray = tamper(proof, at(3, 1), |item| {
        item.disclosures.push(disclosure("z.stray", "x"));
    });
    let verdict = check(&stray);
    let found = line(&verdict, "record.values", "contradicted");
    assert_eq!(found.facts["names"], serde_json::json!(["z.stray"]));
    assert_eq!(verdict.records[1].fields.last().unwrap().state, "mismatch");
}

#[test]
fn the_same_value_under_another_salt_does_not_fit() {
    let proof = tamper(bank().prove(), at(3, 1), |item| {
        let mut one = Disclosure::parse(&item.disclosures[0]).unwrap();
        one.salt[0] ^= 1;
        item.disclosures[0] = one.encode();
    });
    line(&check(&proof), "record.values", "contradicted");
}

#[test]
fn withheld_values_are_counted_by_name() {
    let bank = bank();
    let proof = bank.prove_with(|_, _, _| true, |_, name| name != "loan.amount", &[]);
    let verdict = check(&proof);
    let found = line(&verdict, "record.withheld", "not-checked");
    assert_eq!(found.facts["names"], serde_json::json!(["loan.amount"]));
    line(&verdict, "rule.arithmetic", "not-proven.values");
    let none = check(&bank.prove_with(|_, _, _| true, |_, _| false, &[]));
    line(&none, "record.values", "not-checked");
    assert_eq!(none.records[1].fields.iter().filter(|f| f.state == "withheld").count(), 5);
    no_line(&check(&bank.prove()), "record.withheld", "not-checked");
    assert!(none.records[0].not_collected.contains(&"doc.file".to_owned()));
}

#[test]
fn profiles_must_be_those_that_records_name() {
    // Not shown.
    let mut proof = bank().prove();
    proof.profiles.pop();
    let verdict = check(&proof);
    assert_eq!(verdict.lines_of("record.profile").filter(|l| l.outcome == "not-proven").count(), 1);
    only_contradicted(&verdict, &[]);
    // A record that gives the file another id or version.
    for (id, version) in [("query.other", 1), ("query.test", 2)] {
        let mut bank = Bank::new(HashAlg::Sha256, SigAlg::P256, 2);
        bank.profiles.push(QUERY.into());
        let digest = Digest::of(HashAlg::Sha256, QUERY.as_bytes());
        let profile = ProfileRef { id: id.into(), version, digest };
        let draft = RecordBuilder::new(profile, TimeClaim::declared(1)).build().unwrap();
        bank.record([1; 16], &draft);
        bank.seal();
        line(&check(&bank.prove()), "record.profile", "contradicted");
    }
}

#[test]
fn a_profile_of_a_later_version_is_what_it_is_but_is_not_read() {
    let file = QUERY.replacen("\"phase\":3", "\"phase\":3,\"later\":true", 1);
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::P256, 2);
    bank.profiles.push(file.clone().into_bytes());
    let digest = Digest::of(HashAlg::Sm3, file.as_bytes());
    let profile = ProfileRef { id: "query.test".into(), version: 1, digest };
    let draft = RecordBuilder::new(profile, TimeClaim::declared(1)).build().unwrap();
    bank.record([1; 16], &draft);
    bank.seal();
    let verdict = check(&bank.prove());
    line(&verdict, "record.profile", "not-checked");
    assert_eq!(verdict.lines_of("rule.order").count(), 0);
}

fn tombstone(records: Vec<Digest>, names: Option<Vec<String>>, reference: [u8; 32]) -> Vec<u8> {
    let reason = TombstoneReason::PersonsRequest;
    Tombstone { records, names, reason, reference, time: TimeClaim::declared(9) }.encode()
}

#[test]
fn erased_values_are_told_from_withheld_ones() {
    let mut bank = bank();
    let record = *bank.disclosures.keys().find(|d| bank.disclosures[d].len() == 5).unwrap();
    bank.push(tombstone(vec![record], Some(vec!["loan.amount".into()]), [0; 32]));
    bank.seal();
    let closed = bank.prove_with(|_, _, _| true, |_, name| name != "loan.amount", &[]);
    let verdict = check(&closed);
    assert_eq!(line(&verdict, "record.erased", "proven").facts["erased"], 1);
    let field = |verdict: &Verdict| {
        let record = &verdict.records[1];
        record.fields.iter().find(|f| f.name == "loan.amount").unwrap().state
    };
    assert_eq!(field(&verdict), "erased");
    no_line(&verdict, "record.withheld", "not-checked");
    // Shown all the same: somebody kept a copy.
    let verdict = check(&bank.prove());
    line(&verdict, "record.erased", "not-proven");
    assert_eq!(field(&verdict), "shown");
    // All values of it.
    let mut bank = self::bank();
    bank.push(tombstone(vec![record], None, [0; 32]));
    bank.seal();
    let verdict = check(&bank.prove_with(|_, _, _| true, |_, _| false, &[]));
    assert_eq!(line(&verdict, "record.erased", "proven").facts["erased"], 5);
    // A tombstone that is not proven erases nothing; neither does one of another ledger.
    let broken = tamper(bank.prove_with(|_, _, _| true, |_, _| false, &[]), at(4, 1), |item| {
        item.entry = tombstone(vec![record], Some(vec!["loan.limit".into()]), [0; 32]);
    });
    assert_eq!(check(&broken).lines_of("record.erased").count(), 0);
}

#[test]
fn the_reference_of_a_mark_must_fit() {
    let reference = Disclosure {
        salt: [3; 16],
        value: Value::Text("2026-17".into()),
        name: REFERENCE_NAME.into(),
    };
    let record = Digest { alg: HashAlg::Sha256, bytes: [1; 32] };
    let marks = [
        tombstone(vec![record], None, reference.commitment(HashAlg::Sha256)),
        Hold {
            action: HoldAction::Set,
            records: vec![record],
            reason: HoldReason::Dispute,
            reference: reference.commitment(HashAlg::Sha256),
            time: TimeClaim::declared(9),
        }
        .encode(),
    ];
    for mark in marks {
        let mut bank = bank();
        bank.push(mark);
        bank.seal();
        let open = |text: &str| {
            let value = Value::Text(text.into());
            let shown = Disclosure { value, ..reference.clone() }.encode();
            check(&tamper(bank.prove(), at(4, 1), |item| item.disclosures.push(shown)))
        };
        line(&open("2026-17"), "mark.reference", "proven");
        line(&open("2026-18"), "mark.reference", "contradicted");
    }
}

#[test]
fn holds_are_told() {
    let mut bank = bank();
    let record = *bank.disclosures.keys().next().unwrap();
    for action in [HoldAction::Set, HoldAction::Lift] {
        let (reason, time) = (HoldReason::Audit, TimeClaim::declared(9));
        bank.push(
            Hold { action, records: vec![record], reason, reference: [0; 32], time }.encode(),
        );
    }
    bank.seal();
    let verdict = check(&bank.prove());
    let actions: Vec<_> =
        verdict.lines_of("record.hold").map(|l| l.facts["action"].clone()).collect();
    assert_eq!(actions, ["set", "lift"], "in the order of sealing");
    assert_eq!(line(&verdict, "record.hold", "proven").head, "lawfulness");
}

#[test]
fn findings_are_told_and_block_nothing() {
    let mut bank = Bank::new(HashAlg::Sha256, SigAlg::P256, 2);
    let draft = bank.draft(QUERY, r#"{"金额":" 12,x ","查询时间":"01"}"#, &[]);
    bank.record([1; 16], &draft);
    bank.seal();
    let verdict = check(&bank.prove());
    let found: Vec<_> = verdict.lines_of("record.findings").map(|l| &l.facts["fields"]).collect();
    assert!(found.contains(&&serde_json::json!(["loan.amount", "query.at"])), "{found:?}");
    assert!(verdict.lines_of("record.findings").all(|line| line.status == Status::NotProven));
    all_proven(&verdict, "record.values");
    only_contradicted(&verdict, &["rule.consent"]);
}

/// A ledger with one record of this time.
fn timed(time: TimeClaim) -> Verdict {
    let mut bank = Bank::new(HashAlg::Sha256, SigAlg::P256, 2);
    bank.profiles.push(CONSENT.into());
    let digest = Digest::of(HashAlg::Sha256, CONSENT.as_bytes());
    let profile = ProfileRef { id: "consent.test".into(), version: 1, digest };
    let draft = RecordBuilder::new(profile, time).build().unwrap();
    bank.record([1; 16], &draft);
    bank.seal();
    check(&bank.prove())
}

#[test]
fn declared_times_are_no_proof() {
    let start = START as i64 * 1000;
    let at = |ms: i64| TimeClaim::new(Moment::new(ms, 480), Tier::Device);
    let good = timed(at(start));
    line(&good, "record.time", "not-proven");
    line(&good, "record.not-later", "not-proven");
    line(&good, "record.not-earlier", "not-proven");
    // The block was begun at start + 60 s.
    line(&timed(at(start + 60_999)), "record.time", "not-proven");
    line(&timed(at(start + 61_000)), "record.time", "not-proven.after-block");
    line(&timed(at(AT.unix_ms + 1)), "record.time", "not-proven.future");
    let mut early = at(start);
    early.occurred = Some(Moment::new(start + 1, 480));
    line(&timed(early.clone()), "record.time", "contradicted");
    early.uncertainty_ms = Some(1);
    line(&timed(early), "record.time", "not-proven");
}

#[test]
fn a_record_is_not_older_than_the_block_it_names() {
    let elsewhere = bank();
    let sealed = Digest { alg: HashAlg::Sha256, bytes: *elsewhere.head.sealed_digest() };
    let name = |kind, digest| {
        let mut time = TimeClaim::declared(1);
        time.not_before = Some(NotBefore { kind, digest });
        time
    };
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Sm2, 30);
    bank.profiles.push(CONSENT.into());
    let digest = Digest::of(HashAlg::Sm3, CONSENT.as_bytes());
    let profile = ProfileRef { id: "consent.test".into(), version: 1, digest };
    let draft = RecordBuilder::new(profile, name(NotBeforeKind::Block, sealed)).build().unwrap();
    bank.record([1; 16], &draft);
    bank.seal();
    line(&check(&bank.prove()), "record.not-earlier", "not-proven");
    let joined = Proof::join(vec![bank.prove(), elsewhere.prove()]).unwrap();
    line(&check(&joined), "record.not-earlier", "proven");
    // The right digest under the wrong hash names nothing.
    let wrong = Digest { alg: HashAlg::Sm3, ..sealed };
    line(&timed(name(NotBeforeKind::Block, wrong)), "record.not-earlier", "not-proven");
    line(&timed(name(NotBeforeKind::SignedNonce, sealed)), "record.not-earlier", "not-proven");
    line(&timed(name(NotBeforeKind::Token, sealed)), "record.not-earlier", "not-proven");
}

#[test]
fn environment_and_damage_are_the_ledgers_own_words() {
    let mut bank = bank();
    bank.push(opened());
    let facts = Facts::Damage { at: 3, what: 2 };
    bank.push(Event { time: TimeClaim::declared(1), facts }.encode());
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(verdict.lines_of("ledger.environment").count(), 2);
    assert_eq!(line(&verdict, "ledger.damage", "proven").facts["at"], 3);
    let said = &line(&verdict, "ledger.environment", "not-proven").says;
    assert!(said.zh.contains("自检 通过") && said.en.contains("self-test passed"));
}
