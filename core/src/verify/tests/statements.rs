//! Statements: key, role, ledger, what was displayed.

use super::*;
use crate::hash::{HashAlg, TwinDigest};
use crate::key::{KeyEntry, KeyRole, RevokeReason};
use crate::proof::scene::{Bank, CONSENT, key, opened};
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::{Role, Terms};
use crate::value::{Attachment, Field, FieldClass, Parsed, Value};

const DOSSIER: [u8; 16] = [4; 16];

fn bank() -> Bank {
    Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 20)
}

/// A ledger with one statement by `signer`, whose key was enrolled with `enrolled`.
fn signed(
    enrolled: KeyRole,
    change: impl FnOnce(&Bank, &mut Terms),
) -> (Bank, SoftwareKey, [u8; 32], Digest) {
    let mut bank = bank();
    let signer = key(SigAlg::Sm2, 21);
    let kid = bank.enrol(enrolled, &signer);
    bank.seal();
    let draft = bank.draft(CONSENT, r#"{"授权编号":"A1"}"#, &[]);
    let mut terms = bank.terms(Some(kid), Role::Customer);
    change(&bank, &mut terms);
    let record = bank.signed_record(DOSSIER, &draft, &signer, &terms);
    bank.seal();
    (bank, signer, kid, record)
}

#[test]
fn the_other_sides_signature_lifts_the_grade() {
    let (bank, ..) = signed(KeyRole::Customer, |_, _| {});
    let verdict = check(&bank.prove());
    assert_eq!(verdict.records[0].grade, "countersigned-by-party");
    assert_eq!(verdict.records[0].signed_by, ["customer"]);
    only_contradicted(&verdict, &[]);
}

#[test]
fn a_signature_must_fit() {
    let (bank, ..) = signed(KeyRole::Customer, |_, _| {});
    // The leaf as sealed by a bank that changed it before sealing.
    let spoil = |at_byte: fn(&mut Vec<u8>)| {
        let (mut again, ..) = signed(KeyRole::Customer, |_, _| {});
        let mut statement = again.blocks.pop().unwrap().entries[1].clone();
        at_byte(&mut statement);
        let mut head = None;
        for sealed in &again.blocks {
            let entries: Vec<&[u8]> = sealed.entries.iter().map(Vec::as_slice).collect();
            let bytes = sealed.block.sealed_bytes();
            head = Some(crate::block::Head::check(head.as_ref(), &bytes, &entries).unwrap().head);
        }
        again.head = head.unwrap();
        again.push(statement);
        again.seal();
        check(&again.prove())
    };
    // A byte of the signature; of the displayed record.
    let last = |bytes: &mut Vec<u8>| *bytes.last_mut().unwrap() ^= 1;
    let verdict = spoil(last);
    line(&verdict, "statement.signature", "contradicted");
    assert_eq!(verdict.records[0].grade, "self");
    only_contradicted(&verdict, &["statement.signature"]);
    let role = |bytes: &mut Vec<u8>| {
        // Claim -65544: role 1 becomes 6, an agent.
        let claim = [0x3a, 0x00, 0x01, 0x00, 0x07];
        let at = bytes.windows(5).position(|five| five == claim).unwrap();
        bytes[at + 5] = 6;
    };
    line(&spoil(role), "statement.signature", "contradicted");
    assert_eq!(check(&bank.prove()).count(Status::Contradicted), 0);
}

#[test]
fn a_key_that_nobody_shows_proves_nothing() {
    let (bank, signer, ..) = signed(KeyRole::Customer, |_, _| {});
    let verdict = check(&without(bank.prove(), at(1, 1)));
    line(&verdict, "statement.signature", "not-proven.key");
    assert_eq!(verdict.records[0].grade, "self");
    // By thumbprint: known to nobody, then to the policy.
    let (bank, ..) = signed(KeyRole::Customer, |_, terms| terms.kid = None);
    line(&check(&bank.prove()), "statement.signature", "not-proven.key");
    let policy = policy(&format!(r#"{{"keys":[{}]}}"#, known(&signer, "customer")));
    let verdict = check_with(&bank.prove(), &policy);
    assert_eq!(line(&verdict, "statement.signature", "proven").facts["source"], "policy");
    line(&verdict, "statement.role", "proven");
    assert_eq!(verdict.records[0].grade, "countersigned-by-party");
}

#[test]
fn a_key_speaks_for_its_role_only() {
    for (enrolled, role, fits) in [
        (KeyRole::Customer, Role::Customer, true),
        (KeyRole::Customer, Role::Guarantor, true),
        (KeyRole::Customer, Role::Lender, false),
        (KeyRole::Device, Role::Device, true),
        (KeyRole::Device, Role::Customer, false),
        (KeyRole::Witness, Role::Notary, true),
        (KeyRole::Witness, Role::Customer, false),
        (KeyRole::Witness, Role::Lender, false),
    ] {
        let (bank, ..) = signed(enrolled, |_, terms| terms.role = role);
        let verdict = check(&bank.prove());
        let outcome = if fits { "proven" } else { "contradicted" };
        line(&verdict, "statement.role", outcome);
        if !fits {
            assert_eq!(verdict.records[0].grade, "self");
        }
    }
    // What the policy knows a key for counts too, and nothing else.
    let (bank, signer, ..) = signed(KeyRole::Device, |_, terms| {
        (terms.role, terms.kid) = (Role::Customer, None);
    });
    let notary = policy(&format!(r#"{{"keys":[{}]}}"#, known(&signer, "notary")));
    line(&check_with(&bank.prove(), &notary), "statement.role", "contradicted");
}

#[test]
fn a_notary_whom_only_the_ledger_knows_is_no_notary() {
    let (bank, signer, ..) = signed(KeyRole::Witness, |_, terms| terms.role = Role::Notary);
    assert_eq!(check(&bank.prove()).records[0].grade, "self", "the bank enrolled it itself");
    let policy = policy(&format!(r#"{{"keys":[{}]}}"#, known(&signer, "notary")));
    assert_eq!(check_with(&bank.prove(), &policy).records[0].grade, "notarised");
}

#[test]
fn the_ledgers_own_key_lifts_nothing() {
    let mut bank = bank();
    let kid = bank.head.keys().newest().kid;
    let own = key(SigAlg::Ed25519, 20);
    let draft = bank.draft(CONSENT, r#"{"授权编号":"A1"}"#, &[]);
    let terms = bank.terms(Some(kid), Role::Lender);
    bank.signed_record(DOSSIER, &draft, &own, &terms);
    bank.seal();
    let verdict = check(&bank.prove());
    line(&verdict, "statement.signature", "proven");
    assert_eq!(verdict.records[0].grade, "self");
}

#[test]
fn a_statement_is_meant_for_one_ledger() {
    let elsewhere = Digest { alg: HashAlg::Sm3, bytes: [8; 32] };
    for audience in [elsewhere, Digest { alg: HashAlg::Sha256, ..bank().id() }] {
        let (bank, ..) = signed(KeyRole::Customer, |_, terms| terms.audience = Some(audience));
        let verdict = check(&bank.prove());
        line(&verdict, "statement.audience", "contradicted");
        assert_eq!(verdict.records[0].grade, "self");
    }
    let (bank, ..) = signed(KeyRole::Customer, |_, terms| terms.audience = None);
    let verdict = check(&bank.prove());
    line(&verdict, "statement.audience", "not-proven");
    assert_eq!(verdict.records[0].grade, "countersigned-by-party");
}

#[test]
fn a_key_speaks_from_its_entry_until_its_end() {
    // Signed after the key was revoked.
    let (mut bank, signer, kid, record) = signed(KeyRole::Customer, |_, _| {});
    bank.revoke(KeyRole::Customer, kid, RevokeReason::Retired, 0);
    bank.seal();
    let terms = bank.terms(Some(kid), Role::Customer);
    bank.signed_digest(record, &signer, &terms);
    bank.seal();
    let verdict = check(&bank.prove());
    let keys: Vec<_> = verdict.lines_of("statement.key").map(|line| line.outcome).collect();
    assert_eq!(keys, ["proven", "contradicted"]);
    // Signed before the key was there: statement and enrolment in one block, in the wrong order.
    let mut bank = self::bank();
    let draft = bank.draft(CONSENT, r#"{"授权编号":"A1"}"#, &[]);
    let kid = bank.enrol(KeyRole::Customer, &signer);
    let enrolment = bank.pending.pop().unwrap();
    assert_eq!(kid, KeyEntry::digest(&enrolment, bank.hash));
    let terms = bank.terms(Some(kid), Role::Customer);
    bank.signed_record(DOSSIER, &draft, &signer, &terms);
    bank.push(enrolment);
    bank.seal();
    line(&check(&bank.prove()), "statement.key", "contradicted");
}

#[test]
fn a_further_signer_needs_the_record() {
    let (mut bank, signer, kid, record) = signed(KeyRole::Customer, |_, _| {});
    let terms = bank.terms(Some(kid), Role::Guarantor);
    bank.signed_digest(record, &signer, &terms);
    let nowhere = Digest { alg: HashAlg::Sm3, bytes: [6; 32] };
    let terms = bank.terms(Some(kid), Role::Customer);
    bank.signed_digest(nowhere, &signer, &terms);
    bank.push(opened());
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(verdict.records[0].signed_by, ["customer", "guarantor"]);
    let open = line(&verdict, "statement.record", "not-proven");
    assert_eq!(open.subject, crate::number::record_number(&nowhere));
    assert_eq!(verdict.lines_of("statement.record").filter(|l| l.outcome == "proven").count(), 2);
    // The record itself left out.
    let verdict = check(&without(bank.prove(), at(2, 1)));
    assert_eq!(
        verdict.lines_of("statement.record").filter(|l| l.outcome == "not-proven").count(),
        2
    );
}

#[test]
fn what_was_displayed_is_a_file_of_the_record() {
    let shown = TwinDigest::of("授权书".as_bytes());
    for (alg, bytes) in [(HashAlg::Sha256, shown.sha256), (HashAlg::Sm3, shown.sm3)] {
        let mut bank = bank();
        let signer = key(SigAlg::Sm2, 21);
        let kid = bank.enrol(KeyRole::Customer, &signer);
        bank.seal();
        let file = Attachment { media_type: "text/plain".into(), digest: shown, title: "x".into() };
        let value = Value::of(Parsed::Attachment(file), None, &[]).unwrap();
        let field = Field { name: "doc.file".into(), class: FieldClass::C2, value };
        let draft = bank.draft_of(CONSENT, vec![field], &[]);
        let mut terms = bank.terms(Some(kid), Role::Customer);
        terms.displayed = Some(Digest { alg, bytes });
        bank.signed_record(DOSSIER, &draft, &signer, &terms);
        bank.seal();
        let verdict = check(&bank.prove());
        assert_eq!(line(&verdict, "statement.displayed", "proven").facts["field"], "doc.file");
        // Not opened, it cannot be told.
        let closed = bank.prove_with(|_, _, _| true, |_, _| false, &[]);
        line(&check(&closed), "statement.displayed", "not-proven");
    }
    let (bank, ..) = signed(KeyRole::Customer, |_, terms| {
        terms.displayed = Some(Digest { alg: HashAlg::Sm3, bytes: [1; 32] });
    });
    line(&check(&bank.prove()), "statement.displayed", "not-proven");
    let (bank, ..) = signed(KeyRole::Customer, |_, _| {});
    line(&check(&bank.prove()), "statement.displayed", "not-proven.none");
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len();
    let head = match len {
        0..=0x7f => vec![tag, len as u8],
        0x80..=0xff => vec![tag, 0x81, len as u8],
        _ => vec![tag, 0x82, (len >> 8) as u8, len as u8],
    };
    [head, content.to_vec()].concat()
}

/// The skeleton of a certificate over a public key: enough to find the key, and no more.
fn certificate(key: &SoftwareKey, padding: usize) -> Vec<u8> {
    let empty = der(0x30, &[]);
    let name = der(0x30, &vec![0x05; padding]);
    let parts = [
        der(0xa0, &der(0x02, &[2])),
        der(0x02, &[1]),
        empty.clone(),
        name.clone(),
        empty.clone(),
        name,
        key.public().to_spki_der(),
    ];
    der(0x30, &[der(0x30, &parts.concat()), empty, der(0x03, &[0, 1])].concat())
}

#[test]
fn a_certificate_is_one_of_the_signers_key() {
    for (alg, padding) in
        [(SigAlg::Sm2, 0), (SigAlg::P256, 0), (SigAlg::Sm2, 60), (SigAlg::Sm2, 300)]
    {
        let (bank, ..) = signed(KeyRole::Customer, |_, terms| {
            terms.certificates = vec![certificate(&key(alg, 21), padding)];
        });
        let verdict = check(&bank.prove());
        line(&verdict, "key.certificate", "not-checked");
        if alg == SigAlg::Sm2 {
            only_contradicted(&verdict, &[]);
        } else {
            line(&verdict, "statement.certificate", "contradicted");
            assert_eq!(verdict.records[0].grade, "self");
        }
    }
    // Another key of the same kind; bytes that are no certificate; one that is cut.
    let good = certificate(&key(SigAlg::Sm2, 21), 0);
    for bytes in [certificate(&key(SigAlg::Sm2, 22), 0), vec![0x30, 0], good[..90].to_vec()] {
        let (bank, ..) = signed(KeyRole::Customer, |_, terms| terms.certificates = vec![bytes]);
        line(&check(&bank.prove()), "statement.certificate", "contradicted");
    }
}
