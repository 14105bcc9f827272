//! The forgery workshop: plays those who would cheat with evidence, one by one, with everything that they have (their own
//! keys, their own software, all files), and shows which line of the verdict catches them, or that none can and why.
//! `docs/threat-model.md` lists every test here.

#![cfg(feature = "store")]
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../common/ledger.rs"]
mod honest;
#[path = "../../src/proof/scene.rs"]
mod scene;

mod before;
mod disclosed;
mod histories;
mod origins;
mod page;
mod stolen;

// The names under which `scene.rs` finds the library, as the library's own tests do.
use yinzheng::{
    anchor, block, entry, hash, key, merkle, profile, random, record, sign, statement, time, value,
};

use yinzheng::proof::{LedgerEvidence, Proof, ProofItem};
use yinzheng::verify::{DeclaredTime, Line, Policy, Status, Verdict, verify};

use crate::hash::{HashAlg, hex};
use crate::scene::Bank;
use crate::sign::{SigAlg, SoftwareKey};

mod join {
    use super::Proof;

    /// Forgers put a proof together as they like.
    pub(crate) fn in_order(proof: Proof) -> yinzheng::Result<Proof> {
        Ok(proof)
    }
}

/// The profile of a contract, without rules.
const CONTRACT: &str = r#"{"profile":"contract.test","version":1,"label":{"zh":"测试合同","en":"Test contract"},"phase":6,"default_offset":"+08:00","fields":[
{"name":"loan.amount","label":{"zh":"金额","en":"Amount"},"type":"money","currency":"CNY","class":"C2","keys":["金额"],"disclose":"plain"}],
"refused":[],"rules":[]}"#;

const AT: DeclaredTime = DeclaredTime { unix_ms: 1_800_000_000_000 };

/// What somebody sees who knows nobody.
fn stranger(proof: &Proof) -> Verdict {
    judge(proof, &Policy::empty())
}

fn judge(proof: &Proof, policy: &Policy) -> Verdict {
    verify(&proof.encode().unwrap(), policy, AT)
}

/// The line that answers.
#[track_caller]
fn line<'v>(verdict: &'v Verdict, check: &str, outcome: &str) -> &'v Line {
    let found = verdict.lines_of(check).find(|line| line.outcome == outcome);
    found.unwrap_or_else(|| {
        let lines: Vec<_> = verdict.lines_of(check).map(|l| (l.outcome, &l.says.en)).collect();
        panic!("no {check} {outcome}: {lines:?} {:?}", verdict.summary)
    })
}

/// No line speaks against it.
#[track_caller]
fn holds(verdict: &Verdict) {
    let against = verdict.lines.iter().find(|line| line.status == Status::Contradicted);
    assert!(against.is_none(), "{against:?}");
}

fn bank() -> Bank {
    scene::simple(HashAlg::Sm3, SigAlg::Ed25519)
}

/// The key of [`bank`], in whoever's hands.
fn the_banks_key() -> SoftwareKey {
    scene::key(SigAlg::Ed25519, 1)
}

fn somebody(seed: u8) -> SoftwareKey {
    scene::key(SigAlg::P256, seed)
}

fn policy(json: &str) -> Policy {
    Policy::parse(json.as_bytes()).unwrap()
}

/// The verifier knows this ledger by its id.
fn knows_ledger(bank: &Bank) -> Policy {
    let (id, hash) = (hex::encode(&bank.id().bytes), bank.hash.name());
    policy(&format!(r#"{{"ledgers":[{{"id":"{id}","hash":"{hash}","name":"示例银行"}}]}}"#))
}

/// The verifier knows a key and its role.
fn knows(key: &SoftwareKey, role: &str) -> Policy {
    let key = hex::encode(&key.public().to_cose_key());
    policy(&format!(r#"{{"keys":[{{"cose_key":"{key}","role":"{role}","name":"known"}}]}}"#))
}

/// The verifier knows since when a key may be in other hands.
fn knows_of_theft(key: &SoftwareKey, since_ms: i64) -> Policy {
    let thumbprint = hex::encode(&key.public().thumbprint());
    policy(&format!(r#"{{"revoked":[{{"thumbprint":"{thumbprint}","since_ms":{since_ms}}}]}}"#))
}

/// The first item that `find` picks, changed.
fn changed(
    mut proof: Proof,
    find: impl Fn(&ProofItem) -> bool,
    change: impl FnOnce(&mut ProofItem),
) -> Proof {
    change(proof.items.iter_mut().find(|item| find(item)).expect("such an item"));
    proof
}

/// The item at a height and an index.
fn at(height: u64, index: u64) -> impl Fn(&ProofItem) -> bool {
    move |item| {
        let receipt = item.receipt().unwrap();
        (receipt.block().header().height, receipt.index()) == (height, index)
    }
}
