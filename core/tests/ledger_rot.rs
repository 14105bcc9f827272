//! Bits that flip in a ledger's file: every answer is the right one or an error, nothing wrong is ever signed or shown, and what
//! reading cannot see (a row that nothing leads to any more) is found by `check`.
//!
//! A sample by default. `YINZHENG_ROT_STRIDE=1 cargo test --release --test ledger_rot` flips a bit in every byte.

#![cfg(feature = "store")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

#[path = "common/ledger.rs"]
mod common;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use common::*;
use yinzheng::anchor::{Outside, OutsideKind, TargetKind};
use yinzheng::entry::{HoldAction, HoldReason, TombstoneReason};
use yinzheng::hash::{Digest, HashAlg::Sha256};
use yinzheng::key::{Custody, KeyClaims, KeyRole};
use yinzheng::ledger::{Dossier, EraseRequest, EraseTarget, HoldRequest, Ledger};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::{Role, StatementDraft, Terms};
use yinzheng::store::{OutsideKey, SqliteStore};
use yinzheng::time::TimeClaim;
use yinzheng::verify::{DeclaredTime, Policy, Status, verify};
use yinzheng::{Error, ErrorCode, number};

fn keys() -> [SoftwareKey; 3] {
    [key(SigAlg::Ed25519, 1), key(SigAlg::Ed25519, 2), key(SigAlg::Ed25519, 3)]
}

/// A ledger with everything in it: rotation, customer's key, statement, held record, tombstone, hold, words from outside.
fn build(path: &Path, begun: bool) -> [u8; 16] {
    let [old, new, customer] = keys();
    let ledger = create(SqliteStore::create(path).unwrap(), Sha256, &old);
    let claims = KeyClaims::enrol(KeyRole::Customer, customer.public().clone(), Custody::Shield, 1);
    let possession = customer.sign(&ledger.key_to_be_signed(&claims).unwrap()).unwrap();
    let kid = ledger.append_key(&claims, possession.bytes()).unwrap();
    seal(&ledger, &old);
    let first = append(&ledger, "1", Some("one"), Dossier::New);
    let here = Dossier::Existing(first.dossier);
    let terms = Terms { kid: Some(kid), audience: Some(ledger.id()), ..terms(Role::Customer) };
    let draft = StatementDraft::over_digest(first.digest, customer.public(), &terms).unwrap();
    let signature = customer.sign(&draft.to_be_signed()).unwrap();
    ledger.append_entry(&draft.finish(signature.bytes()).unwrap()).unwrap();
    let new_record = record(Sha256, "2", Some("two"), here);
    let held = ledger.hold_for_signature(&new_record, customer.public(), &terms).unwrap();
    let signature = customer.sign(&held.to_be_signed).unwrap();
    ledger.finish_statement(held.id, signature.bytes()).unwrap();
    rotate(&ledger, &new).unwrap();
    let sealed = seal(&ledger, &old);
    let other = append(&ledger, "3", Some("three"), Dossier::New);
    let time = || TimeClaim::declared(7);
    let hold = HoldRequest {
        action: HoldAction::Set,
        records: vec![first.sequence],
        reason: HoldReason::Audit,
        reference: "audit 1".into(),
        time: time(),
    };
    ledger.hold(&hold).unwrap();
    let erase = EraseRequest {
        target: EraseTarget::Records(vec![other.sequence]),
        reason: TombstoneReason::PersonsRequest,
        reference: "request 1".into(),
        time: time(),
    };
    ledger.erase(&erase).unwrap();
    seal(&ledger, &new);
    let word = Outside {
        kind: OutsideKind::PlatformReceipt,
        bytes: platform_word(7),
        target: TargetKind::Block,
        digest: Digest { alg: Sha256, bytes: sealed.sealed_digest },
    };
    ledger.attach(OutsideKey::Block(sealed.height), &word).unwrap();
    let many: Vec<_> = (0..3).map(|at| record(Sha256, &at.to_string(), None, here)).collect();
    ledger.append_many(&many).unwrap();
    if begun {
        ledger.begin(50).unwrap();
    }
    append(&ledger, "4", Some("four"), here);
    ledger
        .hold_for_signature(&record(Sha256, "5", Some("five"), here), customer.public(), &terms)
        .unwrap();
    first.dossier
}

type Answers = BTreeMap<String, Result<String, ErrorCode>>;

fn answer<T: core::fmt::Debug>(result: yinzheng::Result<T>) -> Result<String, ErrorCode> {
    result.map(|value| format!("{value:?}")).map_err(|error: Error| error.code())
}

/// All questions a host can ask without changing anything.
fn ask(ledger: &Ledger, dossier: [u8; 16]) -> Answers {
    let mut answers = Answers::new();
    let mut put = |name: String, answer| drop(answers.insert(name, answer));
    for at in 0..15 {
        put(format!("entry {at}"), answer(ledger.entry(at)));
        put(format!("receipt {at}"), answer(ledger.receipt(at)));
        put(format!("values {at}"), answer(ledger.disclosures(at)));
        put(format!("height of {at}"), answer(ledger.height_of(at)));
    }
    for at in 0..4 {
        put(format!("block {at}"), answer(ledger.block(at)));
        put(format!("consistency {at}"), answer(ledger.consistency(at, 2)));
    }
    put("status".into(), answer(ledger.status()));
    put("held".into(), answer(ledger.held()));
    put("head".into(), answer(ledger.head()));
    put("pending".into(), answer(ledger.pending()));
    put("keys".into(), answer(ledger.ledger_keys()));
    put("places".into(), answer(ledger.dossier(&dossier)));
    put("dossiers".into(), answer(ledger.dossiers(None, 9)));
    put("export".into(), answer(ledger.export(0, 2, Vec::new())));
    let number = number::parse(&number::preservation_number(&dossier)).unwrap();
    put("find".into(), answer(ledger.find(&number)));
    let proof = ledger.prove(&whole(dossier)).and_then(|proof| proof.encode());
    if let Ok(proof) = &proof {
        let verdict = verify(proof, &Policy::empty(), DeclaredTime { unix_ms: 1_000_000 });
        let wrong: Vec<_> =
            verdict.lines.iter().filter(|line| line.status == Status::Contradicted).collect();
        // The words from outside are no real tokens.
        assert!(!verdict.is_unreadable() && wrong.is_empty(), "{wrong:?}");
    }
    put("proof".into(), answer(proof));
    answers
}

/// What changes something, and what would be signed.
fn act(ledger: &Ledger, dossier: [u8; 16]) -> Answers {
    let mut answers = Answers::new();
    for (id, of) in [("one", Dossier::New), ("two", Dossier::Existing(dossier))] {
        let value = if id == "one" { "1" } else { "2" };
        let again = ledger.append(record(Sha256, value, Some(id), of));
        let again = again.map(|appended| (appended.sequence, appended.place, appended.replayed));
        answers.insert(format!("replay {id}"), answer(again));
    }
    answers.insert("begin".into(), answer(ledger.begin(50)));
    let next = ledger.append(record(Sha256, "9", None, Dossier::Existing(dossier)));
    let follows = next.and_then(|next| {
        let bytes = ledger.entry(next.sequence)?;
        let entry = yinzheng::entry::Entry::parse(&bytes)?;
        Ok((next.sequence, entry.place().map(|place| (place.place, place.predecessor))))
    });
    answers.insert("append".into(), answer(follows));
    answers
}

/// A typed error that says what is wrong; nothing else may be said about a damaged file.
fn is_about_damage(code: ErrorCode) -> bool {
    use ErrorCode as E;
    matches!(code, E::Damaged | E::Storage | E::NotALedger | E::SchemaTooNew | E::WrongVaultKey)
}

/// Answers that a hidden row leaves out: allowed only when `check` says that something is wrong.
fn compare(right: &Answers, found: &Answers, unseen: &mut Vec<String>) {
    for (question, right) in right {
        match &found[question] {
            answer if answer == right => {}
            Err(code) if is_about_damage(*code) => {}
            other => unseen.push(format!("{question}: {other:?} instead of {right:?}")),
        }
    }
}

struct Rot {
    path: PathBuf,
    good: Vec<u8>,
    dossier: [u8; 16],
    asked: Answers,
    acted: Answers,
    _folder: tempfile::TempDir,
}

/// What became of the flips.
#[derive(Default, Debug)]
struct Tally {
    flips: u32,
    harmless: u32,
    refused_at_open: u32,
    errors: u32,
    found_by_check_alone: u32,
}

impl Rot {
    fn new(begun: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let dossier = build(&path, begun);
        let good = fs::read(&path).unwrap();
        let mut rot = Self {
            path,
            good,
            dossier,
            asked: Answers::new(),
            acted: Answers::new(),
            _folder: folder,
        };
        let ledger = open(SqliteStore::open(&rot.path).unwrap()).unwrap();
        assert_sound(&ledger);
        rot.asked = ask(&ledger, dossier);
        rot.acted = act(&ledger, dossier);
        rot
    }

    fn put(&self, bytes: &[u8]) {
        for beside in ["-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(beside);
            let _ = fs::remove_file(name);
        }
        fs::write(&self.path, bytes).unwrap();
    }

    fn flip(&self, byte: usize, bit: usize, tally: &mut Tally) {
        let mut bytes = self.good.clone();
        bytes[byte] ^= 1 << bit;
        self.put(&bytes);
        tally.flips += 1;
        let mut unseen = Vec::new();
        // Read first, as a forensic expert would; the file must not change by it.
        let reader = SqliteStore::open_read_only(&self.path).and_then(open_for_reading);
        let mut any_error = false;
        if let Ok(reader) = &reader {
            let found = ask(reader, self.dossier);
            compare(&self.asked, &found, &mut unseen);
            any_error |= found.iter().any(|(question, answer)| self.asked[question] != *answer);
            let noticed =
                reader.check(|_, _| {}).map_or(true, |report| !report.problems.is_empty());
            assert!(
                noticed || unseen.is_empty(),
                "byte {byte} bit {bit}, for reading: {unseen:#?}"
            );
        }
        drop(reader);
        match SqliteStore::open(&self.path).and_then(open) {
            Err(error) => {
                assert!(is_about_damage(error.code()), "byte {byte} bit {bit}: open: {error}");
                tally.refused_at_open += 1;
            }
            Ok(ledger) => {
                let report = ledger.check(|_, _| {});
                let found = ask(&ledger, self.dossier);
                compare(&self.asked, &found, &mut unseen);
                any_error |= found.iter().any(|(question, answer)| self.asked[question] != *answer);
                let acted = act(&ledger, self.dossier);
                compare(&self.acted, &acted, &mut unseen);
                any_error |= acted.iter().any(|(question, answer)| self.acted[question] != *answer);
                let noticed = report.as_ref().map_or(true, |report| !report.problems.is_empty());
                assert!(noticed || unseen.is_empty(), "byte {byte} bit {bit}: {unseen:#?}");
                match (noticed, any_error) {
                    (false, false) => tally.harmless += 1,
                    (true, false) => tally.found_by_check_alone += 1,
                    _ => tally.errors += 1,
                }
                assert!(noticed || !any_error, "byte {byte} bit {bit}: check saw nothing");
            }
        }
    }

    fn run(&self, stride: usize) -> Tally {
        let mut tally = Tally::default();
        let used = |at: usize| {
            let around = at.saturating_sub(8)..self.good.len().min(at + 8);
            self.good[around].iter().any(|byte| *byte != 0)
        };
        for byte in (0..self.good.len()).filter(|at| used(*at)).step_by(stride) {
            let bit = byte.wrapping_mul(5) % 8;
            let flip = AssertUnwindSafe(|| self.flip(byte, bit, &mut tally));
            if let Err(panic) = catch_unwind(flip) {
                println!("at byte {byte}, bit {bit}");
                std::panic::resume_unwind(panic);
            }
        }
        tally
    }
}

fn stride() -> usize {
    std::env::var("YINZHENG_ROT_STRIDE").ok().and_then(|text| text.parse().ok()).unwrap_or(61)
}

#[test]
fn a_flipped_bit_is_harmless_or_noticed_where_entries_wait() {
    println!("{:?}", Rot::new(false).run(stride()));
}

#[test]
fn a_flipped_bit_is_harmless_or_noticed_where_a_block_is_begun() {
    println!("{:?}", Rot::new(true).run(stride()));
}
