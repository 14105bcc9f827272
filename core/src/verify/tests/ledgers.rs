//! Forged, forked, broken ledgers.

use super::*;
use crate::block::Receipt;
use crate::entry::Link;
use crate::hash::HashAlg;
use crate::proof::scene::{Bank, genesis, key, opened, seal_any, simple};
use crate::proof::{LedgerEvidence, Proof};
use crate::sign::SigAlg;

fn bank() -> Bank {
    simple(HashAlg::Sha256, SigAlg::Ed25519)
}

fn with_receipt(item: &mut ProofItem, change: impl FnOnce(&mut Receipt)) {
    let mut receipt = item.receipt().unwrap();
    change(&mut receipt);
    item.receipt = receipt.encode();
}

/// The receipt with a bit of its path turned.
fn turn_path(item: &mut ProofItem) {
    with_receipt(item, |receipt| {
        let mut path = receipt.path().to_vec();
        path[0][0] ^= 1;
        *receipt = receipt.block().receipt(receipt.index(), path);
    });
}

#[test]
fn genesis_must_give_the_ledger_id() {
    // Another genesis under the same blocks.
    let other = genesis(HashAlg::Sha256, &key(SigAlg::Ed25519, 1), "别的银行").encode();
    let proof = tamper(bank().prove(), at(0, 0), |item| item.entry = other.clone());
    let verdict = check(&proof);
    line(&verdict, "ledger.genesis", "contradicted");
    line(&verdict, "ledger.origin", "not-checked");
    line(&verdict, "block.signature", "not-proven.key");
    // A block 0 that names an id of its own.
    let mut bank = bank();
    let mut header = bank.blocks[0].block.header().clone();
    header.ledger_id = [9; 32];
    bank.blocks = vec![seal_any(&header, bank.blocks[0].entries.clone(), &bank.key)];
    let verdict = check(&bank.prove());
    line(&verdict, "ledger.genesis", "contradicted");
    assert_eq!(verdict.ledgers[0].organisation, None);
}

#[test]
fn a_ledger_has_one_hash() {
    // Blocks name SHA-256 where genesis fixes SM3.
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 1);
    let mut header = bank.blocks[0].block.header().clone();
    header.hash = HashAlg::Sha256;
    header.history_root = HashAlg::Sha256.digest(&[]);
    bank.hash = HashAlg::Sha256;
    bank.blocks = vec![seal_any(&header, bank.blocks[0].entries.clone(), &bank.key)];
    line(&check(&bank.prove()), "ledger.genesis", "contradicted");
    // A later block under another hash.
    let mut bank = simple(HashAlg::Sm3, SigAlg::Ed25519);
    bank.push(opened());
    bank.forge(|header, _| header.hash = HashAlg::Sha256);
    line(&check(&bank.prove()), "block.key", "contradicted");
}

#[test]
fn a_block_must_fit_its_signature() {
    let all = |mut proof: Proof| {
        for item in proof.items.iter_mut().filter(|item| at(2, 0)(item) || at(2, 1)(item)) {
            turn_path(item);
        }
        proof
    };
    let verdict = check(&all(bank().prove()));
    let found = line(&verdict, "block.signature", "contradicted");
    assert!(found.subject.ends_with("/2"));
    line(&verdict, "entry.in-block", "contradicted");
    line(&verdict, "block.history", "not-proven");
    line(&verdict, "ledger.one-history", "not-proven");
    assert_eq!(verdict.summary[0].id, "contradicted");
    // Signed by somebody else in the name of the key in force.
    let mut bank = bank();
    bank.push(opened());
    bank.forge(|_, _| {});
    let (header, entries) = {
        let last = bank.blocks.pop().unwrap();
        (last.block.header().clone(), last.entries)
    };
    bank.blocks.push(seal_any(&header, entries, &key(SigAlg::Ed25519, 77)));
    let verdict = check(&bank.prove());
    line(&verdict, "block.signature", "contradicted");
    line(&verdict, "block.key", "proven");
}

#[test]
fn an_sm2_signature_that_does_not_fit_names_the_switch_that_would() {
    let bank = simple(HashAlg::Sm3, SigAlg::Sm2);
    let secret = &bank.key;
    let message = bank.blocks[1].block.to_be_signed(&bank.blocks[1].root);
    let hint = |key: &crate::sign::PublicKey, signature: &[u8]| {
        super::super::hints::sm2(key, &message, signature)
    };
    let signature = secret.sign(&message).unwrap();
    let odd = secret.public().clone().with_sm2_id(b"somebody").unwrap();
    assert_eq!(hint(&odd, signature.bytes()), Some("sm2-default-id"));
    let digest = HashAlg::Sm3.digest(&message);
    let over_digest = secret.sign(&digest).unwrap();
    assert_eq!(hint(secret.public(), over_digest.bytes()), Some("sm2-signed-digest"));
    let other = secret.sign(b"something else").unwrap();
    assert_eq!(hint(secret.public(), other.bytes()), None);
    let ed = key(SigAlg::Ed25519, 1);
    assert_eq!(hint(ed.public(), signature.bytes()), None);
}

#[test]
fn blocks_must_lie_in_the_heads_history() {
    // A path that leads elsewhere.
    let mut proof = bank().prove();
    proof.ledgers[0].history[1].1[0][5] ^= 4;
    let verdict = check(&proof);
    let found = line(&verdict, "block.history", "contradicted");
    assert!(found.subject.ends_with("/1"));
    line(&verdict, "ledger.one-history", "not-proven");
    line(&verdict, "entry.in-block", "not-proven.block");
    // A head that was signed over another history.
    let mut bank = bank();
    bank.push(opened());
    bank.forge(|header, _| header.history_root = [7; 32]);
    let verdict = check(&bank.prove());
    assert_eq!(
        verdict.lines_of("block.history").filter(|l| l.outcome == "contradicted").count(),
        4
    );
}

#[test]
fn a_block_must_follow_the_one_before() {
    type Forge = fn(&mut Bank);
    let cases: [(&str, Forge); 4] = [
        ("previous-block", |bank| {
            bank.forge(|header, entries| {
                header.previous_block = Some([3; 32]);
                let sealed = [4; 32];
                entries[0] = Link { previous_block: [3; 32], previous_sealed: sealed }.encode();
            });
        }),
        ("sequence", |bank| bank.forge(|header, _| header.first_sequence += 1)),
        ("link", |bank| {
            bank.forge(|header, entries| {
                let before = header.previous_block.unwrap();
                entries[0] = Link { previous_block: before, previous_sealed: [4; 32] }.encode();
            });
        }),
        ("link", |bank| {
            bank.forge(|_, entries| {
                entries[0] = Link { previous_block: [3; 32], previous_sealed: [4; 32] }.encode();
            });
        }),
    ];
    for (what, forge) in cases {
        let mut bank = bank();
        bank.push(opened());
        forge(&mut bank);
        let verdict = check(&bank.prove());
        assert_eq!(line(&verdict, "block.follows", "contradicted").facts["what"], what);
        only_contradicted(&verdict, &["block.follows"]);
    }
}

#[test]
fn sequence_numbers_must_leave_room_for_what_is_not_shown() {
    let mut bank = Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 1);
    for entries in [5, 1, 1] {
        (0..entries).for_each(|_| drop(bank.push(opened())));
        bank.seal();
    }
    bank.push(opened());
    bank.forge(|header, _| header.first_sequence = 8);
    // Blocks 2 and 3 are left out: block 1 ends at 6, and each of them has one entry at least.
    let proof = bank.prove_with(|height, _, _| height < 2, |_, _| true, &[]);
    let verdict = check(&proof);
    assert_eq!(line(&verdict, "block.follows", "contradicted").facts["what"], "sequence");
}

/// Two ledgers that are one up to block 3 and differ in block 4.
fn forked() -> (Bank, Bank) {
    let (mut left, mut right) = (bank(), bank());
    for (bank, count) in [(&mut left, 3), (&mut right, 2)] {
        for _ in 0..count {
            bank.push(opened());
        }
        bank.seal();
    }
    (left, right)
}

#[test]
fn two_blocks_at_one_height_contradict_each_other() {
    let (left, right) = forked();
    // At the head.
    let mut proof = left.prove_with(|_, index, _| index < 2, |_, _| true, &[]);
    let other = right.prove();
    proof.items.extend(other.items.iter().filter(|item| at(4, 2)(item)).cloned());
    let verdict = check_with(&proof, &ledger_policy(&[&left]));
    let found = line(&verdict, "ledger.one-history", "contradicted");
    assert_eq!(found.facts["height"], 4);
    assert_eq!(found.facts["sealed_digests"].as_array().unwrap().len(), 2);
    line(&verdict, "block.history", "contradicted");
    line(&verdict, "ledger.origin", "not-proven.integrity");
    assert_eq!(verdict.summary[0].id, "contradicted");
    // Below the head.
    let (mut left, right) = forked();
    left.push(opened());
    left.seal();
    let mut proof = left.prove_with(|_, index, _| index < 2, |_, _| true, &[]);
    let other = right.prove();
    proof.items.extend(other.items.iter().filter(|item| at(4, 2)(item)).cloned());
    let verdict = check(&proof);
    line(&verdict, "ledger.one-history", "contradicted");
    let lost = line(&verdict, "block.history", "contradicted");
    assert!(lost.subject.ends_with("/4"));
}

#[test]
fn the_head_listed_is_the_block_shown_at_its_height() {
    let (left, right) = forked();
    let mut proof = left.prove();
    proof.ledgers[0].head = right.prove().ledgers[0].head.clone();
    let verdict = check_with(&proof, &ledger_policy(&[&left]));
    line(&verdict, "ledger.one-history", "contradicted.head");
    line(&verdict, "ledger.origin", "not-proven.integrity");
    line(&verdict, "block.history", "not-proven");
    // The same when only its signature differs: a signature that is not deterministic, or not one at all.
    let mut proof = left.prove();
    let mut head = crate::sign::Sign1::parse(&proof.ledgers[0].head).unwrap();
    head.signature[0] ^= 1;
    proof.ledgers[0].head = head.encode();
    line(&check(&proof), "ledger.one-history", "contradicted.head");
}

#[test]
fn a_genesis_of_a_later_version_is_not_proven() {
    let mut bank = bank();
    let header = bank.blocks[0].block.header().clone();
    let genesis = crate::codec::MapBuilder::new().put_uint(0, 1).put_uint(40, 0).finish();
    let header =
        crate::block::BlockHeader { ledger_id: HashAlg::Sha256.digest(&genesis), ..header };
    bank.blocks = vec![seal_any(&header, vec![genesis, opened()], &bank.key)];
    let verdict = check(&bank.prove_with(|_, _, _| true, |_, _| true, &[]));
    line(&verdict, "ledger.genesis", "not-proven");
    only_contradicted(&verdict, &[]);
    // Another kind is no genesis, known or not.
    let header = bank.blocks[0].block.header().clone();
    let other = crate::codec::MapBuilder::new().put_uint(0, 40).finish();
    let header = crate::block::BlockHeader { ledger_id: HashAlg::Sha256.digest(&other), ..header };
    bank.blocks = vec![seal_any(&header, vec![other, opened()], &bank.key)];
    let verdict = check(&bank.prove_with(|_, _, _| true, |_, _| true, &[]));
    line(&verdict, "entry.position", "contradicted");
}

#[test]
fn a_cut_ledger_says_nothing_about_its_end() {
    let (kept, mut short) = (bank(), bank());
    short.blocks.pop();
    let verdict = check(&short.prove());
    assert_eq!(verdict.count(Status::Contradicted), 0, "a prefix is in order");
    assert_eq!(line(&verdict, "ledger.tail", "not-checked").facts["height"], 2);
    assert!(verdict.summary.iter().any(|line| line.id == "after-the-last"));
    // A bank that kept the newer head knows better: the heads differ.
    assert_ne!(verdict.ledgers[0].head_digest, check(&kept.prove()).ledgers[0].head_digest);
}

#[test]
fn a_head_of_another_ledger_is_no_head() {
    let mut proof = bank().prove();
    let other = simple(HashAlg::Sha256, SigAlg::P256).prove();
    proof.ledgers = vec![LedgerEvidence { ..other.ledgers[0].clone() }];
    assert!(proof.encode().is_err());
}

#[test]
fn a_whole_forged_ledger_is_perfect_in_itself() {
    // The bank's name, another key: everything is proven but whose it is.
    let forger = key(SigAlg::Ed25519, 66);
    let forged = {
        let start = genesis(HashAlg::Sha256, &forger, "测试银行 1");
        Bank::start(forger, start, 66)
    };
    let verdict = check_with(&forged.prove(), &ledger_policy(&[&bank()]));
    assert_eq!(verdict.count(Status::Contradicted), 0);
    line(&verdict, "ledger.origin", "not-proven");
    assert_eq!(verdict.summary[0].id, "integrity-only");
}
