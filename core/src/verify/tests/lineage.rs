//! Ledgers that go on from others: what was taken over keeps its meaning, and nothing else slips through with it.

use super::*;
use crate::entry::{ContinueReason, Continues};
use crate::hash::HashAlg;
use crate::key::{KeyRole, RevokeReason};
use crate::proof::scene::{Bank, CONSENT, genesis, key, opened};
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::Role;

const DOSSIER: [u8; 16] = [4; 16];

/// A ledger that goes on from `old`, with what that one never sealed.
fn after(old: &mut Bank, seed: u8, forge: impl FnOnce(&mut Continues)) -> Bank {
    let typed = |bytes: &[u8; 32]| Digest { alg: old.hash, bytes: *bytes };
    let mut continues = Continues {
        ledger_id: old.id(),
        height: old.head.height(),
        block_hash: typed(old.head.block_hash()),
        sealed_digest: typed(old.head.sealed_digest()),
        reason: ContinueReason::KeyLost,
    };
    forge(&mut continues);
    let first = key(SigAlg::P256, seed);
    let mut start = genesis(old.hash, &first, "x");
    start.continues = Some(continues);
    let mut new = Bank::start(first, start, seed);
    new.pending = std::mem::take(&mut old.pending);
    new.places = old.places.clone();
    new.disclosures = old.disclosures.clone();
    new.profiles = old.profiles.clone();
    new.seal();
    new
}

/// A ledger with a customer's key and a first record, sealed, and the customer's statement over a second, not sealed.
fn old(change: impl FnOnce(&mut Bank, [u8; 32])) -> (Bank, SoftwareKey) {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 20);
    let customer = key(SigAlg::Sm2, 21);
    let kid = bank.enrol(KeyRole::Customer, &customer);
    let draft = bank.draft(CONSENT, r#"{"授权编号":"A1"}"#, &[]);
    bank.record(DOSSIER, &draft);
    bank.seal();
    change(&mut bank, kid);
    let draft = bank.draft(CONSENT, r#"{"授权编号":"A2"}"#, &[]);
    let terms = bank.terms(Some(kid), Role::Customer);
    bank.signed_record(DOSSIER, &draft, &customer, &terms);
    (bank, customer)
}

fn joined(proofs: &[&Bank]) -> Verdict {
    check(&Proof::join(proofs.iter().map(|bank| bank.prove()).collect()).unwrap())
}

#[test]
fn what_was_taken_over_means_what_it_meant() {
    let (mut before, _) = old(|_, _| {});
    let new = after(&mut before, 31, |_| {});
    let verdict = joined(&[&before, &new]);
    only_contradicted(&verdict, &[]);
    all_proven(&verdict, "ledger.continues");
    line(&verdict, "statement.audience", "proven.before");
    all_proven(&verdict, "statement.signature");
    all_proven(&verdict, "statement.key");
    all_proven(&verdict, "dossier.places");
    line(&verdict, "dossier.order", "proven");
    let signed = verdict.records.iter().find(|record| record.place == 1).unwrap();
    assert_eq!(signed.grade, "countersigned-by-party");
    // By itself the new ledger does not show the key, nor the place before; but it is no contradiction either.
    let alone = check(&new.prove());
    only_contradicted(&alone, &[]);
    line(&alone, "statement.audience", "proven.before");
    line(&alone, "statement.signature", "not-proven.key");
    line(&alone, "dossier.places", "not-proven");
}

#[test]
fn a_key_entry_may_come_over_too() {
    let mut before = Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 20);
    let customer = key(SigAlg::P256, 21);
    before.push(opened());
    before.seal();
    let kid = before.enrol(KeyRole::Customer, &customer);
    let draft = before.draft(CONSENT, r#"{"授权编号":"A1"}"#, &[]);
    let terms = before.terms(Some(kid), Role::Customer);
    before.signed_record(DOSSIER, &draft, &customer, &terms);
    let pending = before.pending.clone();
    let new = after(&mut before, 31, |_| {});
    let verdict = check(&new.prove());
    only_contradicted(&verdict, &[]);
    all_proven(&verdict, "statement.key");
    all_proven(&verdict, "statement.signature");
    // In a ledger that goes on from nothing the same entries were carried there by somebody.
    let mut other = Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 40);
    other.pending = pending;
    other.disclosures = before.disclosures.clone();
    other.profiles = before.profiles.clone();
    other.seal();
    let verdict = check(&other.prove());
    line(&verdict, "statement.audience", "contradicted");
    assert!(verdict.lines_of("statement.key").all(|line| line.status != Status::Proven));
}

#[test]
fn a_key_that_ended_there_or_on_the_way_signs_nothing() {
    let lost = |bank: &mut Bank, kid: [u8; 32]| {
        bank.revoke(KeyRole::Customer, kid, RevokeReason::Lost, 1);
    };
    // Revoked and sealed in the old ledger; revoked among what was taken over.
    for seal in [true, false] {
        let (mut before, _) = old(|bank, kid| {
            lost(bank, kid);
            if seal {
                bank.seal();
            }
        });
        let new = after(&mut before, 31, |_| {});
        let verdict = joined(&[&before, &new]);
        line(&verdict, "statement.key", "contradicted");
        let signed = verdict.records.iter().find(|record| record.place == 1).unwrap();
        assert_eq!(signed.grade, "self", "{seal}");
    }
}

#[test]
fn a_place_that_does_not_follow_there_is_contradicted() {
    let (mut before, _) = old(|_, _| {});
    let new = after(&mut before, 31, |_| {});
    // The old ledger's sealer signs another place 0 in a ledger of the same lineage: the digest differs.
    let mut forged = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 20);
    let draft = forged.draft(CONSENT, r#"{"授权编号":"B1"}"#, &[]);
    forged.record(DOSSIER, &draft);
    forged.seal();
    assert_eq!(forged.id(), before.id(), "one genesis, another block 1");
    let verdict = joined(&[&forged, &new]);
    line(&verdict, "dossier.order", "contradicted");
    line(&verdict, "ledger.continues", "contradicted");
}

#[test]
fn an_audience_further_back_needs_the_row_between() {
    let (mut first, customer) = old(|_, _| {});
    let terms = first.terms(None, Role::Customer);
    let meant = first.pending.clone();
    let mut second = after(&mut first, 31, |_| {});
    second.pending = meant;
    second.places.clear();
    let third = after(&mut second, 32, |_| {});
    let alone = check(&third.prove());
    line(&alone, "statement.audience", "not-proven.before");
    let between = joined(&[&second, &third]);
    line(&between, "statement.audience", "proven.before");
    // A ledger that is shown, and is not in the row, is another ledger.
    let other = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 50);
    let mut stray = third;
    let mut wrong = terms;
    wrong.audience = Some(other.id());
    let draft = stray.draft(CONSENT, r#"{"授权编号":"C1"}"#, &[]);
    stray.signed_record([9; 16], &draft, &customer, &wrong);
    stray.seal();
    let verdict = joined(&[&first, &second, &stray]);
    line(&verdict, "statement.audience", "contradicted");
}

#[test]
fn a_ledger_that_names_no_other_takes_nothing_over() {
    let (mut before, _) = old(|_, _| {});
    let new = after(&mut before, 31, |continues| {
        continues.ledger_id.bytes = [3; 32];
    });
    let verdict = joined(&[&before, &new]);
    line(&verdict, "statement.signature", "not-proven.key");
    line(&verdict, "statement.audience", "not-proven.before");
}
