//! Keys: in force, rotated, revoked, compromised.

use super::*;
use crate::anchor::{Claim, Outside};
use crate::entry::Body;
use crate::hash::HashAlg;
use crate::key::{Custody, KeyClaims, KeyEntry, KeyRole, RevokeReason};
use crate::proof::scene::{Bank, countersign, key, opened, simple};
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::Role;

fn bank() -> Bank {
    simple(HashAlg::Sha256, SigAlg::Ed25519)
}

fn rotated() -> Bank {
    let mut bank = bank();
    bank.rotate(key(SigAlg::P256, 50));
    bank.push(opened());
    bank.seal();
    bank
}

fn is_key(item: &ProofItem) -> bool {
    matches!(Entry::parse(&item.entry).unwrap().body, Body::Key(_, claims) if claims.role == KeyRole::Ledger)
}

#[test]
fn a_key_entry_left_out_proves_nothing_after_it() {
    let proof = without(rotated().prove(), is_key);
    let verdict = check(&proof);
    let found = line(&verdict, "ledger.keys", "not-proven");
    assert_eq!((&found.facts["epochs"], &found.facts["epoch"]), (&1.into(), &1.into()));
    line(&verdict, "block.key", "not-proven");
    line(&verdict, "block.signature", "not-proven.key");
    line(&verdict, "entry.in-block", "not-proven.block");
    line(&verdict, "block.history", "not-proven");
    only_contradicted(&verdict, &[]);
    // The second of two rotations does not connect without the first.
    let mut bank = rotated();
    bank.rotate(key(SigAlg::Sm2, 51));
    bank.push(opened());
    bank.seal();
    let mut first = true;
    let mut proof = bank.prove();
    proof.items.retain(|item| !(is_key(item) && std::mem::take(&mut first)));
    let verdict = check(&proof);
    line(&verdict, "ledger.keys", "not-proven");
    only_contradicted(&verdict, &[]);
}

#[test]
fn only_the_key_in_force_signs() {
    // The old key after the rotation.
    let mut bank = bank();
    let old = key(SigAlg::Ed25519, 1);
    bank.rotate(key(SigAlg::P256, 50));
    let newest = bank.head.keys().all()[0].clone();
    bank.push(opened());
    bank.key = old;
    bank.forge(|header, _| {
        header.kid = newest.kid;
        header.key_epoch = 0;
        header.alg = SigAlg::Ed25519;
    });
    let verdict = check(&bank.prove());
    line(&verdict, "block.key", "contradicted");
    line(&verdict, "block.signature", "not-proven.key");
    // The right key under a wrong epoch.
    let mut bank = self::bank();
    bank.push(opened());
    bank.forge(|header, _| header.key_epoch = 1);
    line(&check(&bank.prove()), "block.key", "contradicted");
    // A kid that nobody has, within the epochs that are shown.
    let mut bank = self::bank();
    bank.push(opened());
    bank.forge(|header, _| header.kid = [5; 32]);
    line(&check(&bank.prove()), "block.key", "contradicted");
}

#[test]
fn a_rotation_must_hold() {
    let new = key(SigAlg::P256, 52);
    let claims = |bank: &Bank, epoch| {
        let newest = bank.head.keys().newest().kid;
        let key = new.public().clone();
        KeyClaims::rotate(KeyRole::Ledger, key, Custody::Hsm, 0, newest, Some(epoch))
    };
    let other_ledger = simple(HashAlg::Sha256, SigAlg::P256);
    type Make<'m> = &'m dyn Fn(&Bank) -> Vec<u8>;
    let cases: [Make<'_>; 3] = [
        // A wrong epoch; possession shown for another ledger; another key than the one that shows possession.
        &|bank| bank.with_possession(&claims(bank, 2), &new),
        &|bank| other_ledger.with_possession(&claims(bank, 1), &new),
        &|bank| {
            let good = bank.with_possession(&claims(bank, 1), &new);
            let (entry, _) = KeyEntry::parse(&good).unwrap();
            let key = key(SigAlg::P256, 53).public().clone();
            let kid = bank.head.keys().newest().kid;
            let claims = KeyClaims::rotate(KeyRole::Ledger, key, Custody::Hsm, 0, kid, Some(1));
            KeyEntry { claims_bytes: claims.encode(), ..entry }.encode()
        },
    ];
    for make in cases {
        let mut bank = bank();
        bank.push(opened());
        let entry = make(&bank);
        bank.forge(|_, entries| entries.push(entry));
        line(&check(&bank.prove()), "key.entry", "contradicted");
    }
    // A key that takes the place of one that is not the newest.
    let mut bank = rotated();
    let kid = bank.head.keys().all()[0].kid;
    let key = new.public().clone();
    let claims = KeyClaims::rotate(KeyRole::Ledger, key, Custody::Hsm, 0, kid, Some(2));
    let entry = bank.with_possession(&claims, &new);
    bank.push(opened());
    bank.forge(|_, entries| entries.push(entry));
    line(&check(&bank.prove()), "key.entry", "contradicted");
}

#[test]
fn a_signers_key_whose_earlier_entry_is_not_shown_is_not_connected() {
    let mut bank = bank();
    let old = bank.blocks[1].entries[1].clone();
    let kid = KeyEntry::digest(&old, bank.hash);
    let new = key(SigAlg::Ed25519, 54);
    let public = new.public().clone();
    let claims = KeyClaims::rotate(KeyRole::Customer, public, Custody::Shield, 0, kid, None);
    let entry = bank.with_possession(&claims, &new);
    bank.push(entry);
    bank.seal();
    all_proven(&check(&bank.prove()), "key.entry");
    let verdict = check(&without(bank.prove(), at(1, 1)));
    line(&verdict, "key.entry", "not-proven");
    // The same again, as a revocation.
    let mut bank = self::bank();
    bank.revoke(KeyRole::Customer, kid, RevokeReason::Retired, 0);
    bank.seal();
    line(&check(&without(bank.prove(), at(1, 1))), "key.entry", "not-proven");
    // But a key that has ended cannot end again.
    bank.push(opened());
    let again = KeyEntry::new(&KeyClaims::revoke(KeyRole::Customer, kid, RevokeReason::Lost, 0));
    bank.forge(|_, entries| entries.push(again.encode()));
    line(&check(&bank.prove()), "key.entry", "contradicted");
}

#[test]
fn custody_is_declared() {
    let verdict = check(&bank().prove());
    let custody: Vec<_> =
        verdict.lines_of("key.custody").map(|line| line.facts["custody"].clone()).collect();
    assert_eq!(custody, ["software", "shield"]);
    assert!(verdict.lines_of("key.custody").all(|line| line.status == Status::NotProven));
}

#[test]
fn certificates_and_attestations_are_not_checked() {
    let mut bank = bank();
    let device = key(SigAlg::P256, 55);
    let mut claims =
        KeyClaims::enrol(KeyRole::Device, device.public().clone(), Custody::Enclave, 0);
    claims.attestation = Some(crate::key::Attestation { format: "x".into(), bytes: vec![1] });
    let entry = bank.with_possession(&claims, &device);
    bank.push(entry);
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(line(&verdict, "key.certificate", "not-checked").facts["attestations"], 1);
    no_line(&check(&self::bank().prove()), "key.certificate", "not-checked");
}

/// A ledger whose first key was retired at block 4 and is said, in block 5, to be in other hands since `since`.
fn compromised(reason: RevokeReason, commit: bool) -> (Bank, SoftwareKey) {
    let next = key(SigAlg::P256, 60);
    let mut bank = match commit {
        false => bank(),
        true => {
            let first = key(SigAlg::Ed25519, 1);
            let public = first.public().clone();
            let mut claims = KeyClaims::enrol(KeyRole::Ledger, public, Custody::Software, 0);
            claims.next_key = Some(KeyClaims::commitment_to(next.public(), HashAlg::Sha256));
            let mut genesis = crate::proof::scene::genesis(HashAlg::Sha256, &first, "x");
            genesis.key_entry = KeyEntry::new(&claims).encode();
            Bank::start(first, genesis, 1)
        }
    };
    let old = bank.rotate(next);
    let now = bank.now_ms();
    bank.revoke(KeyRole::Ledger, old, reason, now);
    bank.seal();
    (bank, key(SigAlg::Sm2, 61))
}

fn with_outside(bank: &Bank, outside: &[Outside]) -> Proof {
    bank.prove_with(|_, _, _| true, |_, _| true, outside)
}

#[test]
fn blocks_of_a_retired_key_stand() {
    for reason in [RevokeReason::Retired, RevokeReason::Superseded] {
        let (bank, _) = compromised(reason, false);
        let verdict = check(&bank.prove());
        all_proven(&verdict, "block.signature");
        assert_eq!(line(&verdict, "key.revoked", "proven").facts["reason"], reason.name());
    }
}

#[test]
fn blocks_of_a_key_in_other_hands_stand_only_on_older_words_from_outside() {
    for reason in [RevokeReason::Compromised, RevokeReason::Lost] {
        let (bank, notary) = compromised(reason, false);
        let policy = policy(&format!(r#"{{"keys":[{}]}}"#, known(&notary, "notary")));
        let verdict = check_with(&bank.prove(), &policy);
        let count = |verdict: &Verdict| {
            verdict.lines_of("block.signature").filter(|l| l.outcome == "not-proven.ended").count()
        };
        assert_eq!(count(&verdict), 5, "blocks 0 to 4; block 5 has the new key");
        line(&verdict, "entry.in-block", "not-proven.block");
        assert!(verdict.records.iter().all(|record| record.sealed == Status::NotProven));
        // A word about the head, whose history holds them: too late, then early enough.
        let since = bank.now_ms() - 60_000;
        let late = with_outside(&bank, &[bank.countersign(&notary, None, since + 1)]);
        assert_eq!(count(&check_with(&late, &policy)), 5);
        let early = with_outside(&bank, &[bank.countersign(&notary, None, since - 100_000)]);
        let verdict = check_with(&early, &policy);
        // Its own time (iat) counts in whole seconds.
        assert_eq!(count(&verdict), 0, "{}", verdict.text(Lang::En));
        // The same word by somebody whom the policy does not know is worth nothing.
        assert_eq!(count(&check(&early)), 5);
    }
}

#[test]
fn a_word_about_a_block_below_the_head_covers_only_what_leads_down_from_it() {
    let (bank, notary) = compromised(RevokeReason::Compromised, false);
    let policy = policy(&format!(r#"{{"keys":[{}]}}"#, known(&notary, "notary")));
    // The head as it was after block 2.
    let mut head = None;
    for sealed in bank.blocks.iter().take(3) {
        let entries: Vec<&[u8]> = sealed.entries.iter().map(Vec::as_slice).collect();
        let bytes = sealed.block.sealed_bytes();
        head = Some(crate::block::Head::check(head.as_ref(), &bytes, &entries).unwrap().head);
    }
    let word = countersign(&head.unwrap(), &notary, None, 1_000, Claim::Seen);
    let ended = |proof: &Proof| -> Vec<String> {
        let verdict = check_with(proof, &policy);
        let lines = verdict.lines_of("block.signature");
        let ended = lines.filter(|l| l.outcome == "not-proven.ended");
        ended.map(|l| l.subject.rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(ended(&with_outside(&bank, std::slice::from_ref(&word))), ["3", "4"]);
    // With block 1 not shown, nothing leads from block 2 to block 0.
    let gap = bank.prove_with(|height, _, _| height != 1, |_, _| true, &[word]);
    let gap = without(gap, |item| at(1, 1)(item));
    let mut gap = gap;
    gap.ledgers[0].history.retain(|(height, _)| *height != 1);
    assert_eq!(ended(&gap), ["0", "3", "4"]);
}

#[test]
fn a_later_key_holds_older_blocks_where_it_cannot_be_a_thiefs() {
    // The first key's entry committed to the second.
    let (bank, _) = compromised(RevokeReason::Compromised, true);
    all_proven(&check(&bank.prove()), "block.signature");
    // The policy knows the second key.
    let (bank, _) = compromised(RevokeReason::Compromised, false);
    let later = policy(&format!(r#"{{"keys":[{}]}}"#, known(&bank.key, "ledger")));
    let verdict = check_with(&bank.prove(), &later);
    all_proven(&verdict, "block.signature");
    line(&verdict, "ledger.origin", "proven.key");
}

#[test]
fn the_policy_can_end_a_key() {
    let bank = bank();
    let thumbprint = hex::encode(&bank.key.public().thumbprint());
    let json = format!(
        r#"{{"keys":[{}],"revoked":[{{"thumbprint":"{thumbprint}","since_ms":5}}]}}"#,
        known(&bank.key, "ledger")
    );
    let verdict = check_with(&bank.prove(), &policy(&json));
    let found = verdict.lines_of("block.signature").all(|l| l.outcome == "not-proven.ended");
    assert!(found, "{}", verdict.text(Lang::En));
    line(&verdict, "ledger.origin", "not-proven");
    // A statement's key too.
    let customer = key(SigAlg::P256, 9);
    let thumbprint = hex::encode(&customer.public().thumbprint());
    let json = format!(r#"{{"revoked":[{{"thumbprint":"{thumbprint}","since_ms":5}}]}}"#);
    let verdict = check_with(&bank.prove(), &policy(&json));
    line(&verdict, "statement.signature", "not-proven.revoked");
    assert_eq!(verdict.records[0].grade, "self");
}

#[test]
fn a_customers_key_in_other_hands_needs_an_older_word_too() {
    let mut bank = bank();
    let kid = KeyEntry::digest(&bank.blocks[1].entries[1], bank.hash);
    let since = bank.now_ms();
    bank.revoke(KeyRole::Customer, kid, RevokeReason::Compromised, since);
    bank.seal();
    let verdict = check(&bank.prove());
    line(&verdict, "statement.signature", "not-proven.revoked");
    line(&verdict, "statement.key", "proven");
    let notary = key(SigAlg::P256, 62);
    let word = bank.countersign(&notary, Some(Role::Notary), since - 1_000);
    let policy = policy(&format!(r#"{{"keys":[{}]}}"#, known(&notary, "notary")));
    let verdict = check_with(&with_outside(&bank, &[word]), &policy);
    line(&verdict, "statement.signature", "proven");
}

#[test]
fn a_thief_of_two_keys_cannot_rotate_past_a_commitment() {
    // The first key committed to the second; the thief has both, and rotates on to a key of his own.
    let (mut bank, own) = compromised(RevokeReason::Compromised, true);
    let ended = bank.rotate(own);
    let now = bank.now_ms();
    bank.revoke(KeyRole::Ledger, ended, RevokeReason::Compromised, now);
    bank.seal();
    let verdict = check(&bank.prove());
    let open = |verdict: &Verdict| {
        verdict.lines_of("block.signature").filter(|l| l.outcome == "not-proven.ended").count()
    };
    let blocks = verdict.lines_of("block.signature").count();
    assert_eq!(open(&verdict), blocks - 1, "only the head's key has not ended");
    // Somebody who knows the last key from elsewhere knows that the way to it was no thief's.
    let known = policy(&format!(r#"{{"keys":[{}]}}"#, known(&key(SigAlg::Sm2, 61), "ledger")));
    assert_eq!(open(&check_with(&bank.prove(), &known)), 0);
}
