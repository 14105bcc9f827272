#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bundles;
mod dossiers;
mod entries;
mod flips;
mod honest;
mod keys;
mod ledgers;
mod lineage;
mod outside;
mod policies;
mod records;
mod rules;
#[cfg(feature = "x509")]
mod stamps;
mod statements;
mod wording;

use super::*;
use crate::entry::Entry;
use crate::hash::{Digest, hex};
use crate::proof::scene::Bank;
use crate::proof::{Proof, ProofItem};
use crate::value::Lang;

const AT: DeclaredTime = DeclaredTime { unix_ms: 1_800_000_000_000 };

fn check(proof: &Proof) -> Verdict {
    check_with(proof, &Policy::empty())
}

fn check_with(proof: &Proof, policy: &Policy) -> Verdict {
    verify(&proof.encode().unwrap(), policy, AT)
}

/// The first line of a check with this outcome. Without one the lines of the check are told.
#[track_caller]
fn line<'v>(verdict: &'v Verdict, check: &str, outcome: &str) -> &'v Line {
    let found = verdict.lines_of(check).find(|line| line.outcome == outcome);
    found.unwrap_or_else(|| {
        let lines: Vec<_> = verdict.lines_of(check).map(|l| (l.outcome, &l.says.en)).collect();
        panic!("no {check} {outcome}: {lines:?} {:?}", verdict.summary)
    })
}

#[track_caller]
fn no_line(verdict: &Verdict, check: &str, outcome: &str) {
    let found = verdict.lines_of(check).find(|line| line.outcome == outcome);
    assert!(found.is_none(), "{found:?}");
}

#[track_caller]
fn all_proven(verdict: &Verdict, check: &str) {
    assert!(verdict.lines_of(check).count() > 0, "no line of {check}");
    let other = verdict.lines_of(check).find(|line| line.status != Status::Proven);
    assert!(other.is_none(), "{other:?}");
}

/// Nothing but these checks is contradicted.
#[track_caller]
fn only_contradicted(verdict: &Verdict, checks: &[&str]) {
    for line in verdict.lines.iter().filter(|line| line.status == Status::Contradicted) {
        assert!(checks.contains(&line.check), "{line:?}");
    }
}

/// The first item that `find` picks, changed.
fn tamper(
    mut proof: Proof,
    find: impl Fn(&ProofItem) -> bool,
    change: impl FnOnce(&mut ProofItem),
) -> Proof {
    change(proof.items.iter_mut().find(|item| find(item)).expect("such an item"));
    proof
}

fn at(height: u64, index: u64) -> impl Fn(&ProofItem) -> bool {
    move |item| {
        let receipt = item.receipt().unwrap();
        (receipt.block().header().height, receipt.index()) == (height, index)
    }
}

/// The proof without the items that `drop` picks.
fn without(mut proof: Proof, drop: impl Fn(&ProofItem) -> bool) -> Proof {
    proof.items.retain(|item| !drop(item));
    tidy(proof)
}

/// The proof without profiles that no record in it names.
fn tidy(mut proof: Proof) -> Proof {
    let named: Vec<Digest> = proof
        .items
        .iter()
        .filter_map(|item| {
            let entry = Entry::parse(&item.entry).ok()?;
            entry.record().map(|(record, _)| record.profile.digest)
        })
        .collect();
    proof.profiles.retain(|file| named.iter().any(|digest| digest.check(file).is_ok()));
    proof
}

fn ledger_policy(banks: &[&Bank]) -> Policy {
    let ledgers: Vec<String> = banks
        .iter()
        .map(|bank| {
            let (id, hash) = (hex::encode(&bank.id().bytes), bank.hash.name());
            format!(r#"{{"id":"{id}","hash":"{hash}","name":"银行"}}"#)
        })
        .collect();
    policy(&format!(r#"{{"ledgers":[{}]}}"#, ledgers.join(",")))
}

fn policy(json: &str) -> Policy {
    Policy::parse(json.as_bytes()).unwrap()
}

/// A key line of a policy.
fn known(key: &crate::sign::SoftwareKey, role: &str) -> String {
    let bytes = hex::encode(&key.public().to_cose_key());
    format!(r#"{{"cose_key":"{bytes}","role":"{role}","name":"known {role}"}}"#)
}
