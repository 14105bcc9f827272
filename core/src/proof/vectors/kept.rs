//! Proofs of which nothing is contradicted: whole, or with something left out.

use super::*;
use crate::key::{KeyEntry, KeyRole, RevokeReason};
use crate::proof::ProofItem;
use crate::proof::scene::{genesis, key};
use crate::statement::Role;

fn without(mut proof: Proof, drop: impl Fn(&ProofItem) -> bool) -> Proof {
    proof.items.retain(|item| !drop(item));
    proof
}

fn whole() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, hash, alg) in [
        ("sha256-ed25519", HashAlg::Sha256, SigAlg::Ed25519),
        ("sha256-p256", HashAlg::Sha256, SigAlg::P256),
        ("sm3-sm2", HashAlg::Sm3, SigAlg::Sm2),
    ] {
        let what = "everything shown: a customer's statement and a query that cites it";
        cases.push(Case::of(name, what, &simple(hash, alg).prove(), Outcome::Ok));
    }
    let closed = bank().prove_with(|_, _, _| true, |_, _| false, &[]);
    cases.push(Case::bare("withheld", "no value shown", &closed, Outcome::Ok));
    let mut rotated = bank();
    rotated.rotate(key(SigAlg::P256, 50));
    rotated.push(opened());
    rotated.seal();
    cases.push(Case::bare("rotated", "the ledger key was rotated", &rotated.prove(), Outcome::Ok));
    let notary = key(SigAlg::Sm2, 61);
    let word = [bank().countersign(&notary, Some(Role::Notary), 1)];
    let proof = bank().prove_with(|_, _, _| true, |_, _| true, &word);
    let what = "a notary of the policy has countersigned the newest block";
    let case = Case::bare("countersigned", what, &proof, Outcome::Ok);
    cases.push(case.with(knows(&[(&notary, "notary")])));
    let twice = {
        let mut bank = bank();
        let again = bank.blocks[3].entries[1].clone();
        bank.push(again.clone());
        bank.push(again);
        bank.seal();
        bank
    };
    let what = "the same record as three leaves, two of them in one block: one record";
    cases.push(Case::bare("leaf-doubled", what, &twice.prove(), Outcome::Ok));
    let forger = key(SigAlg::Ed25519, 66);
    let start = genesis(HashAlg::Sha256, &forger, "测试银行 1");
    let ledger = Bank::start(forger, start, 66);
    let what =
        "a ledger that somebody else made under the bank's name, and no policy: perfect in itself";
    cases.push(Case::bare("forged-ledger", what, &ledger.prove(), Outcome::Ok));
    cases
}

fn in_part() -> Vec<Case> {
    let open = Outcome::NotProven;
    let mut cases = Vec::new();
    let mut rotated = bank();
    rotated.rotate(key(SigAlg::P256, 50));
    rotated.push(opened());
    rotated.seal();
    let rotation = |item: &ProofItem| {
        let Ok(Entry { body: crate::entry::Body::Key(_, claims), .. }) = Entry::parse(&item.entry)
        else {
            return false;
        };
        claims.role == KeyRole::Ledger
    };
    let mut proof = without(rotated.prove(), rotation);
    proof.ledgers[0].history.retain(|(height, _)| {
        proof.items.iter().any(|item| item.receipt().unwrap().block().header().height == *height)
    });
    let what = "the rotation is left out: the key of the newest block is not shown";
    cases.push(Case::bare("rotation-omitted", what, &proof, open(&["block.key"])));
    let mut proof = bank().prove();
    proof.profiles.pop();
    let what = "the profile file of a record is left out";
    cases.push(Case::of("profile-omitted", what, &proof, Outcome::Open(&["record.profile"])));
    let kid = |bank: &Bank| KeyEntry::digest(&bank.blocks[1].entries[1], bank.hash);
    let is_customer = |item: &ProofItem| KeyEntry::parse(&item.entry).is_ok();
    let what = "the key entry of the statement's signer is left out";
    let proof = without(bank().prove(), is_customer);
    cases.push(Case::bare("signer-omitted", what, &proof, Outcome::Open(&["statement.signature"])));
    let mut lost = bank();
    let (customer, now) = (kid(&lost), lost.now_ms());
    lost.revoke(KeyRole::Customer, customer, RevokeReason::Compromised, now);
    lost.seal();
    let what = "the customer's key is in other hands, and nothing from outside is older";
    cases.push(Case::bare(
        "signer-compromised",
        what,
        &lost.prove(),
        Outcome::Open(&["statement.signature"]),
    ));
    for (name, reason) in [("compromised", RevokeReason::Compromised), ("lost", RevokeReason::Lost)]
    {
        let mut bank = bank();
        let old = bank.rotate(key(SigAlg::P256, 60));
        let now = bank.now_ms();
        bank.revoke(KeyRole::Ledger, old, reason, now);
        bank.seal();
        let what = "the first ledger key was in other hands, and nothing from outside is older";
        let name = format!("ledger-key-{name}");
        cases.push(Case::bare(&name, what, &bank.prove(), open(&["block.signature"])));
    }
    let thumbprint = hex::encode(&bank().key.public().thumbprint());
    let policy = format!(r#"{{"revoked":[{{"thumbprint":"{thumbprint}","since_ms":5}}]}}"#);
    let what = "the policy ends the ledger key";
    let case = Case::bare("revoked-by-policy", what, &bank().prove(), open(&["block.signature"]));
    cases.push(case.with(policy));
    let stranger = key(SigAlg::Ed25519, 62);
    let word = [bank().countersign(&stranger, None, 1)];
    let proof = bank().prove_with(|_, _, _| true, |_, _| true, &word);
    let what = "a countersignature by a key that the policy does not know";
    cases.push(Case::bare("stranger", what, &proof, Outcome::Open(&["outside.countersignature"])));
    for (name, kind, checks) in
        [("kind-critical", 40, open(&["entry.in-block"])), ("kind-optional", 70, Outcome::Ok)]
    {
        let mut bank = bank();
        bank.push(crate::codec::MapBuilder::new().put_uint(0, kind).finish());
        bank.seal();
        cases.push(Case::bare(name, "an entry of an unknown kind", &bank.prove(), checks));
    }
    cases
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = whole();
    cases.extend(in_part());
    cases
}
