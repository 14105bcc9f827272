//! Keys in the wrong hands, or in the wrong role.

use crate::key::{Custody, KeyClaims, KeyEntry, KeyRole, RevokeReason};
use crate::scene::{key, opened};
use crate::statement::{Role, StatementDraft};
use crate::*;

/// A thief with a ledger key that was replaced and reported signs a block that looks older. Nothing says that it is.
#[test]
fn thief_with_an_old_key_writes_an_old_block() {
    let mut bank = bank();
    let old = key(SigAlg::Ed25519, 1);
    bank.push(opened());
    bank.seal();
    holds(&stranger(&bank.prove()));
    let policy = knows_of_theft(&old, 1_000);
    let verdict = judge(&bank.prove(), &policy);
    holds(&verdict);
    line(&verdict, "block.signature", "not-proven.ended");
    line(&verdict, "entry.in-block", "not-proven.block");
    // Until somebody reports the key, nothing can catch him: that is why keys are kept in hardware and witnessed.
}

/// The same thief writes the rotation to a key of his own, and even the old key's revocation: the first key's entry had committed
/// to its successor, and his is another.
#[test]
fn thief_rotates_to_a_key_of_his_own() {
    let (planned, his) = (somebody(50), somebody(51));
    let old = the_banks_key();
    let mut start = scene::genesis(HashAlg::Sm3, &old, "示例银行");
    let claims = KeyClaims {
        next_key: Some(KeyClaims::commitment_to(planned.public(), HashAlg::Sm3)),
        ..KeyClaims::enrol(KeyRole::Ledger, old.public().clone(), Custody::Hsm, 0)
    };
    start.key_entry = KeyEntry::new(&claims).encode();
    let kid = KeyEntry::digest(&start.key_entry, HashAlg::Sm3);
    let mut bank = Bank::start(old, start, 1);
    let claims =
        KeyClaims::rotate(KeyRole::Ledger, his.public().clone(), Custody::Hsm, 0, kid, Some(1));
    let entry = bank.with_possession(&claims, &his);
    bank.push(opened());
    bank.forge(|_, entries| entries.push(entry));
    line(&stranger(&bank.prove()), "key.entry", "contradicted");
}

/// Without such a commitment his rotation fits. A verifier who knows of the theft still proves none of the old key's blocks by
/// it, unless a later key is known too.
#[test]
fn thief_rotates_where_nothing_was_committed() {
    let mut bank = bank();
    let old = the_banks_key();
    bank.rotate(somebody(51));
    bank.push(opened());
    bank.seal();
    let verdict = judge(&bank.prove(), &knows_of_theft(&old, 1_000));
    holds(&verdict);
    line(&verdict, "block.signature", "not-proven.ended");
    // His own blocks after it are proven to be *his ledger's*: origin is what the policy must know.
    line(&judge(&bank.prove(), &knows(&somebody(99), "ledger")), "ledger.origin", "not-proven");
}

/// A block by a key that is no longer in force.
#[test]
fn bank_uses_its_old_key_again() {
    let mut bank = bank();
    let old = the_banks_key();
    bank.rotate(somebody(50));
    let first = bank.head.keys().all()[0].clone();
    bank.push(opened());
    bank.key = old;
    bank.forge(|header, _| {
        (header.kid, header.key_epoch, header.alg) = (first.kid, 0, SigAlg::Ed25519);
    });
    line(&stranger(&bank.prove()), "block.key", "contradicted");
}

/// A rotation is left out of the proof: what the later key signed is not proven.
#[test]
fn somebody_leaves_the_rotation_out() {
    let mut bank = bank();
    bank.rotate(somebody(50));
    bank.push(opened());
    bank.seal();
    let mut proof = bank.prove();
    let is_rotation = |item: &ProofItem| {
        let entry = entry::Entry::parse(&item.entry).unwrap().body;
        matches!(entry, entry::Body::Key(_, claims) if claims.role == KeyRole::Ledger)
    };
    proof.items.retain(|item| !is_rotation(item));
    let verdict = stranger(&proof);
    holds(&verdict);
    line(&verdict, "ledger.keys", "not-proven");
    line(&verdict, "entry.in-block", "not-proven.block");
}

/// A bank invents the customer: it makes a key, enrols it as the customer's and signs. The signature is good; that it is this
/// person's stands nowhere, and every line about the key says so.
#[test]
fn bank_invents_a_customer() {
    let mut bank = bank();
    let invented = somebody(52);
    let kid = bank.enrol(KeyRole::Customer, &invented);
    let draft = bank.draft(CONTRACT, r#"{"金额":"5"}"#, &[]);
    let terms = bank.terms(Some(kid), Role::Customer);
    bank.seal();
    bank.signed_record([4; 16], &draft, &invented, &terms);
    bank.seal();
    let verdict = stranger(&bank.prove());
    holds(&verdict);
    let said = verdict.lines_of("statement.signature").last().unwrap();
    assert_eq!((said.outcome, &said.facts["known_as"]), ("proven", &serde_json::Value::Null));
    let custody = verdict.lines_of("key.custody");
    assert!(custody.map(|line| line.status).all(|status| status == Status::NotProven));
    // Whoever knows the customer's real key sees that this one is another.
    let verdict = judge(&bank.prove(), &knows(&somebody(9), "customer"));
    let last = verdict.lines_of("statement.signature").last().unwrap();
    assert_eq!(last.facts["known_as"], serde_json::Value::Null);
}

/// A bank is its own witness, by countersignature or by a statement: that lifts no grade.
#[test]
fn bank_is_its_own_witness() {
    let mut bank = bank();
    let own = the_banks_key();
    let kid = bank.head.keys().newest().kid;
    let record = bank.places[&[1; 16]].1;
    let terms = bank.terms(Some(kid), Role::Notary);
    bank.signed_digest(record, &own, &terms);
    bank.seal();
    let word = bank.countersign(&own, None, 1);
    let proof = bank.prove_with(|_, _, _| true, |_, _| true, &[word]);
    let verdict = stranger(&proof);
    line(&verdict, "statement.role", "contradicted");
    line(&verdict, "outside.countersignature", "not-proven.key");
    assert_eq!(verdict.records[1].grade, "self");
    // Even a policy that calls it a witness does not make it an outsider.
    let verdict = judge(&proof, &knows(&own, "witness"));
    assert_eq!(verdict.records[1].grade, "self");
}

/// A customer's signature for one ledger is sealed in another, a clerk's.
#[test]
fn clerk_takes_a_signature_to_another_ledger() {
    let (real, mut other) = (bank(), Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 70));
    let customer = somebody(9);
    let signed = real.blocks[2].entries[1].clone();
    other.enrol(KeyRole::Customer, &customer);
    other.push(signed);
    other.seal();
    other.profiles = real.profiles.clone();
    line(&stranger(&other.prove()), "statement.audience", "contradicted");
}

/// A signature is moved to another message, role or kind: the header says what it is, and is signed.
#[test]
fn somebody_shows_a_signature_as_another() {
    let bank = bank();
    let block = bank.blocks[2].block.sealed_bytes();
    assert!(statement::Statement::parse(&block).is_err(), "a block is no statement");
    let signed = &bank.blocks[2].entries[1];
    assert!(block::Block::parse(signed).is_err(), "nor a statement a block");
    assert!(anchor::Countersignature::parse(signed).is_err(), "nor a countersignature");
    // Another role under the same signature.
    let message = sign::Sign1::parse(signed).unwrap();
    let customer = [0x3a, 0x00, 0x01, 0x00, 0x07, 0x01];
    let spot = message.protected.windows(6).position(|six| six == customer).unwrap();
    let mut lie = message;
    lie.protected[spot + 5] = 2;
    let lie = lie.encode();
    let read = statement::Statement::parse(&lie).unwrap();
    assert!(read.verify(somebody(9).public()).is_err());
}

/// A customer's key that was reported stolen signs on.
#[test]
fn thief_signs_as_the_customer() {
    let mut bank = bank();
    let customer = somebody(9);
    let kid = KeyEntry::digest(&bank.blocks[1].entries[1], bank.hash);
    let draft = bank.draft(CONTRACT, r#"{"金额":"5"}"#, &[]);
    let terms = bank.terms(Some(kid), Role::Customer);
    bank.revoke(KeyRole::Customer, kid, RevokeReason::Compromised, 0);
    bank.seal();
    bank.signed_record([5; 16], &draft, &customer, &terms);
    bank.seal();
    line(&stranger(&bank.prove()), "statement.key", "contradicted");
}

/// A product signs SM2 with another user ID: the signature does not fit, and the line names the switch that would.
#[test]
fn product_signs_with_another_sm2_user_id() {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Sm2, 6);
    let record = bank.draft(CONTRACT, r#"{"金额":"5"}"#, &[]);
    let digest = bank.record([1; 16], &record);
    bank.seal();
    let signer = key(SigAlg::Sm2, 53);
    let kid = bank.enrol(KeyRole::Customer, &signer);
    bank.seal();
    let terms = bank.terms(Some(kid), Role::Customer);
    let draft = StatementDraft::over_digest(digest, signer.public(), &terms).unwrap();
    let other = key(SigAlg::Sm2, 53).with_sm2_id(b"ALICE123@YAHOO.COM").unwrap();
    let signature = other.sign(&draft.to_be_signed()).unwrap();
    assert!(draft.finish(signature.bytes()).is_err(), "we do not take it");
    let good = draft.finish(signer.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap();
    let message = sign::Sign1::parse(&good).unwrap();
    bank.push(sign::Sign1 { signature: signature.bytes().to_vec(), ..message }.encode());
    bank.seal();
    line(&stranger(&bank.prove()), "statement.signature", "contradicted");
}
