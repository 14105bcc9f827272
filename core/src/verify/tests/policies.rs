//! Policies: what they may say, and what they ask for.

use super::*;
use crate::error::ErrorCode;
use crate::hash::HashAlg;
use crate::key::KeyRole;
use crate::proof::scene::{key, simple};
use crate::sign::SigAlg;
use crate::statement::Role;

#[test]
fn anything_but_the_known_form_is_refused() {
    let key = known(&key(SigAlg::P256, 1), "notary");
    let id = "00".repeat(32);
    for json in [
        "",
        "[]",
        "{} x",
        r#"{"require":["customer"]}"#,
        r#"{"revoked":[["00",0]]}"#,
        r#"{"unknown":1}"#,
        r#"{"ledgers":[],"ledgers":[]}"#,
        r#"{"ledgers":[{"id":"00","hash":"SM3","name":"x"}]}"#,
        &format!(r#"{{"ledgers":[{{"id":"{id}","hash":"MD5","name":"x"}}]}}"#),
        &format!(r#"{{"ledgers":[{{"id":"{id}","hash":"SM3"}}]}}"#),
        &format!(r#"{{"ledgers":[{{"id":"{id}","hash":"SM3","name":"x","more":1}}]}}"#),
        &format!(
            r#"{{"ledgers":[{{"id":"{id}","hash":"SM3","name":"x"}},{{"id":"{id}","hash":"SHA-256","name":"y"}}]}}"#
        ),
        &format!(r#"{{"keys":[{key},{key}]}}"#),
        &format!(r#"{{"keys":[{}]}}"#, key.replace("notary", "king")),
        &format!(r#"{{"keys":[{}]}}"#, key.replace("\"role\"", "\"sm2_id\":\"x\",\"role\"")),
        &format!(r#"{{"keys":[{}]}}"#, key.replace("\"role\"", "\"spki_pem\":\"x\",\"role\"")),
        &format!(r#"{{"keys":[{}]}}"#, key.replace("cose_key\":\"a5", "cose_key\":\"a4")),
        r#"{"keys":[{"role":"notary","name":"x"}]}"#,
        r#"{"keys":[{"spki_pem":"nonsense","role":"notary","name":"x"}]}"#,
        r#"{"revoked":[{"thumbprint":"zz","since_ms":0}]}"#,
        r#"{"require":{"signers":["nobody"]}}"#,
        r#"{"require":{"countersignatures":-1}}"#,
        r#"{"require":{"signers":[1]}}"#,
        r#"{"require":{"signers":[[1,["customer"],null]]}}"#,
        r#"{"require":{"signers":[{"at_least":0,"of":["customer"]}]}}"#,
        r#"{"require":{"signers":[{"at_least":-1,"of":["customer"]}]}}"#,
        r#"{"require":{"signers":[{"at_least":1,"of":[]}]}}"#,
        r#"{"require":{"signers":[{"at_least":1,"of":["nobody"]}]}}"#,
        r#"{"require":{"signers":[{"at_least":2,"of":["customer","customer"]}]}}"#,
        r#"{"require":{"signers":[{"at_least":1}]}}"#,
        r#"{"require":{"signers":[{"of":["customer"]}]}}"#,
        r#"{"require":{"signers":[{"at_least":1,"of":["customer"],"more":1}]}}"#,
    ] {
        let error = Policy::parse(json.as_bytes()).expect_err(json);
        assert_eq!(error.code(), ErrorCode::InvalidPolicy, "{json}");
    }
    let big = format!("{{}}{}", " ".repeat(POLICY_BYTES));
    assert_eq!(Policy::parse(big.as_bytes()).unwrap_err().code(), ErrorCode::TooLarge);
}

#[test]
fn a_key_may_come_as_pem_or_with_a_user_id() {
    let sm2 = key(SigAlg::Sm2, 3);
    let pem = sm2.public().to_spki_pem().unwrap().replace('\n', "\\n");
    let json = format!(
        r#"{{"keys":[{{"spki_pem":"{pem}","sm2_id":"ALICE","role":"witness","name":"x"}}]}}"#
    );
    let read = policy(&json);
    assert_eq!(read.keys()[0].key.sm2_id(), Some(&b"ALICE"[..]));
    assert_eq!(read.keys()[0].thumbprint, sm2.public().thumbprint());
    // One key in two roles is no doublet.
    let both = format!("{},{}", known(&sm2, "ledger"), known(&sm2, "notary"));
    assert_eq!(policy(&format!(r#"{{"keys":[{both}]}}"#)).keys().len(), 2);
}

#[test]
fn origin_takes_the_id_or_the_key() {
    let bank = simple(HashAlg::Sha256, SigAlg::P256);
    let proof = bank.prove();
    let verdict = check_with(&proof, &ledger_policy(&[&bank]));
    line(&verdict, "ledger.origin", "proven.ledger");
    assert_eq!(verdict.summary[0].id, "origin-checked");
    assert_eq!(verdict.ledgers[0].known_as.as_deref(), Some("银行"));
    let by_key = policy(&format!(r#"{{"keys":[{}]}}"#, known(&bank.key, "ledger")));
    line(&check_with(&proof, &by_key), "ledger.origin", "proven.key");
    // The key in another role, another key, another hash of the same id.
    let witness = policy(&format!(r#"{{"keys":[{}]}}"#, known(&bank.key, "witness")));
    line(&check_with(&proof, &witness), "ledger.origin", "not-proven");
    let stranger = policy(&format!(r#"{{"keys":[{}]}}"#, known(&key(SigAlg::P256, 90), "ledger")));
    line(&check_with(&proof, &stranger), "ledger.origin", "not-proven");
    let id = hex::encode(&bank.id().bytes);
    let hash = policy(&format!(r#"{{"ledgers":[{{"id":"{id}","hash":"SM3","name":"x"}}]}}"#));
    line(&check_with(&proof, &hash), "ledger.origin", "not-proven");
    line(&check_with(&proof, &policy("{}")), "ledger.origin", "not-proven");
}

#[test]
fn a_known_ledger_whose_head_does_not_hold_is_not_proven() {
    let bank = simple(HashAlg::Sha256, SigAlg::P256);
    let mut proof = bank.prove();
    for item in proof.items.iter_mut().filter(|item| at(3, 0)(item) || at(3, 1)(item)) {
        let receipt = item.receipt().unwrap();
        let mut path = receipt.path().to_vec();
        path[0][0] ^= 1;
        item.receipt = receipt.block().receipt(receipt.index(), path).encode();
    }
    let verdict = check_with(&proof, &ledger_policy(&[&bank]));
    line(&verdict, "ledger.origin", "not-proven.integrity");
    assert_eq!(verdict.ledgers[0].known_as, None);
}

#[test]
fn required_signers_are_looked_for_in_every_dossier() {
    let mut bank = simple(HashAlg::Sha256, SigAlg::P256);
    let asks = policy(r#"{"require":{"signers":["customer","notary"]}}"#);
    let verdict = check_with(&bank.prove(), &asks);
    assert_eq!(line(&verdict, "policy.signers", "proven").facts["role"], "customer");
    assert_eq!(line(&verdict, "policy.signers", "not-proven").facts["role"], "notary");
    let draft = bank.draft(crate::proof::scene::CONSENT, "{}", &[]);
    bank.record([2; 16], &draft);
    bank.seal();
    let verdict = check_with(&bank.prove(), &asks);
    assert_eq!(verdict.lines_of("policy.signers").filter(|l| l.outcome == "proven").count(), 1);
    assert_eq!(verdict.lines_of("policy.signers").count(), 4);
}

/// Outcome and count of each threshold, as (subject, found, reached).
fn thresholds(bank: &crate::proof::scene::Bank, json: &str) -> Vec<(String, u64, bool)> {
    let asks = policy(&format!(r#"{{"require":{{"signers":[{json}]}}}}"#));
    let verdict = check_with(&bank.prove(), &asks);
    let lines = verdict.lines_of("policy.signers").map(|line| {
        let reached = line.outcome == "proven.threshold";
        assert!(reached || line.outcome == "not-proven.threshold");
        (line.subject.clone(), line.facts["found"].as_u64().unwrap(), reached)
    });
    lines.collect()
}

#[test]
fn a_threshold_counts_different_keys_of_one_record() {
    let mut bank = simple(HashAlg::Sha256, SigAlg::P256);
    let (customer, device) = (key(SigAlg::P256, 31), key(SigAlg::Sm2, 32));
    let witnesses = [key(SigAlg::Ed25519, 33), key(SigAlg::Ed25519, 34)];
    let kid = bank.enrol(KeyRole::Customer, &customer);
    let of_device = bank.enrol(KeyRole::Device, &device);
    let of_witnesses: Vec<_> =
        witnesses.iter().map(|key| bank.enrol(KeyRole::Witness, key)).collect();
    bank.seal();
    let draft = bank.draft(crate::proof::scene::CONSENT, "{}", &[]);
    let first = bank.terms(Some(kid), Role::Customer);
    let record = bank.signed_record([2; 16], &draft, &customer, &first);
    let count = |bank: &_, json: &str| {
        let number = crate::number::preservation_number(&[2; 16]);
        let all = thresholds(bank, json).into_iter();
        all.filter(|(subject, ..)| *subject == number).map(|(_, found, ok)| (found, ok)).next()
    };
    let both = r#"{"at_least":2,"of":["customer","agent","device"]}"#;
    bank.seal();
    assert_eq!(count(&bank, both), Some((1, false)));
    // The same key once more, in another role that it may speak in: still one signer.
    let again = bank.terms(Some(kid), Role::Agent);
    bank.signed_digest(record, &customer, &again);
    bank.seal();
    assert_eq!(count(&bank, both), Some((1, false)));
    // A signature of another record does not help, one that its key may not give does not either.
    let other = bank.record([2; 16], &draft);
    let terms = bank.terms(Some(of_device), Role::Device);
    bank.signed_digest(other, &device, &terms);
    let wrong = bank.terms(Some(of_device), Role::Agent);
    bank.signed_digest(record, &device, &wrong);
    bank.seal();
    assert_eq!(count(&bank, both), Some((1, false)));
    bank.signed_digest(record, &device, &terms);
    bank.seal();
    assert_eq!(count(&bank, both), Some((2, true)));
    assert_eq!(
        count(&bank, r#"{"at_least":3,"of":["customer","agent","device"]}"#),
        Some((2, false))
    );
    // Two of one role.
    let two = r#"{"at_least":2,"of":["witness"]}"#;
    assert_eq!(count(&bank, two), Some((0, false)));
    for (key, kid) in witnesses.iter().zip(of_witnesses) {
        let terms = bank.terms(Some(kid), Role::Witness);
        bank.signed_digest(record, key, &terms);
    }
    bank.seal();
    assert_eq!(count(&bank, two), Some((2, true)));
    // Of a profile: every record of it, one by one.
    let of_profile =
        thresholds(&bank, r#"{"at_least":1,"of":["customer"],"profile":"consent.test"}"#);
    let found: Vec<_> = of_profile.iter().map(|(_, found, ok)| (*found, *ok)).collect();
    assert_eq!(found, [(1, true), (1, true), (0, false)], "{of_profile:?}");
    assert!(of_profile.iter().all(|(subject, ..)| subject.starts_with('R')));
    assert_eq!(thresholds(&bank, r#"{"at_least":1,"of":["customer"],"profile":"none"}"#), []);
    // What it says, in words.
    let asks = policy(&format!(r#"{{"require":{{"signers":[{both}]}}}}"#));
    let verdict = check_with(&bank.prove(), &asks);
    let said = &line(&verdict, "policy.signers", "proven.threshold").says;
    assert!(
        said.en.contains("2 different keys") && said.zh.contains("客户、代理人、设备"),
        "{said:?}"
    );
}

#[test]
fn required_countersignatures_come_from_different_outsiders() {
    let bank = simple(HashAlg::Sha256, SigAlg::P256);
    let (one, two) = (key(SigAlg::Sm2, 91), key(SigAlg::Ed25519, 92));
    let asks = |count: u64| {
        policy(&format!(
            r#"{{"keys":[{},{}],"require":{{"countersignatures":{count}}}}}"#,
            known(&one, "witness"),
            known(&two, "witness")
        ))
    };
    let words = |keys: &[&crate::sign::SoftwareKey]| {
        let words: Vec<_> =
            keys.iter().zip(1..).map(|(key, ms)| bank.countersign(key, None, ms)).collect();
        bank.prove_with(|_, _, _| true, |_, _| true, &words)
    };
    let outcome = |count, keys: &[&crate::sign::SoftwareKey]| {
        let verdict = check_with(&words(keys), &asks(count));
        verdict.lines_of("policy.countersignatures").next().map(|line| line.outcome)
    };
    assert_eq!(outcome(2, &[&one, &two]), Some("proven"));
    assert_eq!(outcome(2, &[&one, &one]), Some("not-proven"), "one outsider twice");
    assert_eq!(outcome(1, &[]), Some("not-proven"));
    assert_eq!(outcome(0, &[]), None);
}
