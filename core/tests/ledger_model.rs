//! Random scripts over a ledger in a file and a ledger in memory, closed and opened in between: both must do the same to the
//! byte, and what a plain model of a few counters says. A failure shrinks to a short script.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/ledger.rs"]
mod common;
#[path = "common/shared_store.rs"]
mod shared_store;

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use common::*;
use proptest::prelude::*;
use shared_store::SharedStore;
use yinzheng::entry::{RefuseReason, TombstoneReason};
use yinzheng::hash::HashAlg::{Sha256, Sm3};
use yinzheng::ledger::{Dossier, EraseRequest, EraseTarget, Ledger, NewRecord, import};
use yinzheng::random::Random;
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::Role;
use yinzheng::store::{MemoryStore, SqliteStore, Store};
use yinzheng::time::TimeClaim;
use yinzheng::verify::{DeclaredTime, Policy, Status, verify};
use yinzheng::{ErrorCode, Result};

#[derive(Clone, Debug)]
struct New {
    /// A new dossier, or the one with this number, counted around.
    dossier: Option<usize>,
    value: u8,
    id: Option<u8>,
}

#[derive(Clone, Debug)]
enum Step {
    Append(New),
    AppendMany(Vec<New>),
    Hold(New),
    /// With the customer's signature, or somebody else's.
    Finish(usize, bool),
    Drop(usize),
    Begin,
    /// With the ledger's signature, or somebody else's.
    Commit(bool),
    Rotate,
    Erase(usize),
    Close,
    Reopen,
    Prove(usize),
    Sync,
}

fn any_new() -> impl Strategy<Value = New> {
    (prop::option::of(0usize..4), 0u8..2, prop::option::weighted(0.4, 0u8..4))
        .prop_map(|(dossier, value, id)| New { dossier, value, id })
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any_new().prop_map(Step::Append),
        2 => prop::collection::vec(any_new(), 0..4).prop_map(Step::AppendMany),
        3 => any_new().prop_map(Step::Hold),
        3 => (0usize..3, prop::bool::weighted(0.8)).prop_map(|(at, good)| Step::Finish(at, good)),
        1 => (0usize..3).prop_map(Step::Drop),
        5 => Just(Step::Begin),
        5 => prop::bool::weighted(0.9).prop_map(Step::Commit),
        2 => Just(Step::Rotate),
        1 => (0usize..4).prop_map(Step::Erase),
        1 => Just(Step::Close),
        4 => Just(Step::Reopen),
        2 => (0usize..4).prop_map(Step::Prove),
        1 => Just(Step::Sync),
    ]
}

/// What must be so, in a few counters.
#[derive(Default)]
struct Model {
    entries: u64,
    sealed: u64,
    blocks: u64,
    /// Entries up to which the pending block goes.
    pending: Option<u64>,
    closed: bool,
    places: Vec<([u8; 16], u64)>,
    /// Business ids with value, dossier and place they stand for, and its sequence number, if it has one already.
    ids: BTreeMap<u8, (u8, [u8; 16], u64, Option<u64>)>,
    /// Records by dossier that have values, and those that have none any more.
    records: Vec<([u8; 16], u64)>,
    erased: HashSet<u64>,
    held: Vec<(u64, New)>,
    /// Which block a rotation is in that waits for it.
    rotation_lands: Option<u64>,
}

struct Run {
    ledgers: Vec<Ledger>,
    path: PathBuf,
    memory: SharedStore,
    replicas: [Box<dyn Store>; 2],
    keys: Vec<SoftwareKey>,
    customer: SoftwareKey,
    opened: u32,
    model: Model,
    _folder: tempfile::TempDir,
}

impl Run {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let memory = SharedStore::new();
        let keys = vec![key(SigAlg::Ed25519, 1)];
        let stores: [Box<dyn Store>; 2] =
            [Box::new(SqliteStore::create(&path).unwrap()), Box::new(memory.clone())];
        let ledgers = stores.map(|store| {
            let random = Random::fixed_for_tests("create");
            Ledger::create_with(store, create_options(Sha256, &keys[0]), random).unwrap()
        });
        let replica = SqliteStore::create(folder.path().join("replica.db")).unwrap();
        Self {
            ledgers: ledgers.into(),
            path,
            memory,
            replicas: [Box::new(replica), Box::new(MemoryStore::new())],
            keys,
            customer: key(SigAlg::P256, 99),
            opened: 0,
            model: Model { entries: 2, ..Model::default() },
            _folder: folder,
        }
    }

    /// Does the same with both ledgers; both must answer the same.
    fn both<T: PartialEq + core::fmt::Debug>(
        &self,
        call: impl Fn(&Ledger) -> Result<T>,
    ) -> core::result::Result<T, ErrorCode> {
        let mut answers = self.ledgers.iter().map(|ledger| call(ledger).map_err(|e| e.code()));
        let (one, two) = (answers.next().unwrap(), answers.next().unwrap());
        assert_eq!(one, two, "file and memory");
        one
    }

    fn record(&self, new: &New) -> NewRecord {
        let dossier = match (new.dossier, self.model.places.len()) {
            (Some(at), count) if count > 0 => Dossier::Existing(self.model.places[at % count].0),
            _ => Dossier::New,
        };
        let id = new.id.map(|id| format!("id-{id}"));
        record(
            if new.value == 0 { Sha256 } else { Sm3 },
            &new.value.to_string(),
            id.as_deref(),
            dossier,
        )
    }

    /// What the model says about appending or holding; `Ok(true)` for a replay.
    fn expect(
        &self,
        new: &New,
        dossier: Dossier,
        to_hold: bool,
    ) -> core::result::Result<bool, ErrorCode> {
        let known = new.id.and_then(|id| self.model.ids.get(&id));
        if to_hold && self.model.closed {
            return Err(ErrorCode::LedgerClosed);
        }
        match known {
            None if self.model.closed => Err(ErrorCode::LedgerClosed),
            None => Ok(false),
            // The record that began a dossier may be sent again with or without the dossier's id.
            Some((value, of, place, Some(sequence))) if !to_hold && *value == new.value => {
                let same = match dossier {
                    Dossier::New => *place == 0,
                    Dossier::Existing(id) => id == *of,
                };
                match self.model.erased.contains(sequence) {
                    _ if !same => Err(ErrorCode::Conflict),
                    true => Err(ErrorCode::Erased),
                    false => Ok(true),
                }
            }
            Some(_) => Err(ErrorCode::Conflict),
        }
    }

    fn take(&mut self, dossier: [u8; 16], place: u64) {
        match self.model.places.iter_mut().find(|(id, _)| *id == dossier) {
            Some((_, next)) => {
                assert_eq!(place, *next);
                *next += 1;
            }
            None => {
                assert_eq!(place, 0);
                self.model.places.push((dossier, 1));
            }
        }
    }

    fn append(&mut self, news: &[New]) {
        let records: Vec<NewRecord> = news.iter().map(|new| self.record(new)).collect();
        let answer = self.both(|ledger| ledger.append_many(&records));
        let mut expected = Ok(());
        let mut seen = Vec::new();
        for (new, record) in news.iter().zip(&records) {
            if new.id.is_some_and(|id| seen.contains(&id)) {
                expected = Err(ErrorCode::Conflict);
                break;
            }
            match self.expect(new, record.dossier, false) {
                Err(code) => {
                    expected = Err(code);
                    break;
                }
                Ok(true) => {}
                Ok(false) => seen.extend(new.id),
            }
        }
        assert_eq!(answer.as_ref().map(drop).map_err(|code| *code), expected, "{news:?}");
        let Ok(appended) = answer else { return };
        for (new, done) in news.iter().zip(appended) {
            if done.replayed {
                continue;
            }
            assert_eq!(done.sequence, self.model.entries);
            self.model.entries += 1;
            self.model.records.push((done.dossier, done.sequence));
            self.take(done.dossier, done.place);
            if let Some(id) = new.id {
                let known = (new.value, done.dossier, done.place, Some(done.sequence));
                self.model.ids.insert(id, known);
            }
        }
    }

    fn hold(&mut self, new: &New) {
        let record = self.record(new);
        let expected = self.expect(new, record.dossier, true).map(|_| ());
        let customer = self.customer.public().clone();
        let answer = self
            .both(|ledger| ledger.hold_for_signature(&record, &customer, &terms(Role::Customer)));
        assert_eq!(answer.as_ref().map(drop).map_err(|code| *code), expected);
        let Ok(held) = answer else { return };
        self.take(held.dossier, held.place);
        if let Some(id) = new.id {
            self.model.ids.insert(id, (new.value, held.dossier, held.place, None));
        }
        self.model.held.push((held.id, new.clone()));
    }

    fn finish(&mut self, at: usize, good: bool) {
        let Some((id, new)) = self.held(at) else { return };
        let held = self.both(Ledger::held).unwrap();
        let to_sign = &held.iter().find(|held| held.id == id).unwrap().to_be_signed;
        let signer = if good { &self.customer } else { &key(SigAlg::P256, 98) };
        let signature = signer.sign(to_sign).unwrap();
        let answer = self.both(|ledger| ledger.finish_statement(id, signature.bytes()));
        if !good {
            assert_eq!(answer.unwrap_err(), ErrorCode::SignatureMismatch);
            return;
        }
        let signed = answer.unwrap();
        assert_eq!(signed.sequence, self.model.entries);
        self.model.entries += 1;
        self.model.records.push((signed.dossier, signed.sequence));
        if let Some(known) = new.id.and_then(|id| self.model.ids.get_mut(&id)) {
            known.3 = Some(signed.sequence);
        }
        self.model.held.retain(|(held, _)| *held != id);
    }

    fn drop_held(&mut self, at: usize) {
        let Some((id, new)) = self.held(at) else { return };
        let time = TimeClaim::declared(6);
        let sequence = self
            .both(|ledger| ledger.drop_statement(id, RefuseReason::Declined, time.clone()))
            .unwrap();
        assert_eq!(sequence, self.model.entries);
        self.model.entries += 1;
        if let Some(id) = new.id {
            self.model.ids.remove(&id);
        }
        self.model.held.retain(|(held, _)| *held != id);
    }

    /// A held record, or a call about none.
    fn held(&self, at: usize) -> Option<(u64, New)> {
        if let Some(held) = self.model.held.get(at) {
            return Some(held.clone());
        }
        let nobody = self.both(|ledger| ledger.finish_statement(1 << 40, &[0; 64]));
        assert_eq!(nobody.unwrap_err(), ErrorCode::NotFound);
        None
    }

    fn begin(&mut self) {
        let answer = self.both(|ledger| ledger.begin(9));
        if self.model.pending.is_none() && self.model.sealed == self.model.entries {
            assert_eq!(answer.unwrap_err(), ErrorCode::NothingToSeal);
            return;
        }
        let pending = answer.unwrap();
        assert_eq!(pending.height, self.model.blocks);
        let end = *self.model.pending.get_or_insert(self.model.entries);
        assert_eq!(pending.entries, end - self.model.sealed + u64::from(pending.height > 0));
    }

    fn commit(&mut self, good: bool) {
        let Some(pending) = self.both(Ledger::pending).unwrap() else {
            assert_eq!(self.model.pending, None);
            let answer = self.both(|ledger| ledger.commit(&[1; 64]));
            assert_eq!(answer.unwrap_err(), ErrorCode::NothingPending);
            return;
        };
        let mut signers = self.keys.iter();
        let signer = match good {
            true => signers.find(|key| *key.public() == pending.key).unwrap(),
            false => &self.customer,
        };
        let signature = signer.sign(&pending.to_be_signed).unwrap();
        let answer = self.both(|ledger| ledger.commit(signature.bytes()));
        if !good {
            let code = answer.unwrap_err();
            assert!(matches!(code, ErrorCode::SignatureMismatch | ErrorCode::InvalidSignature));
            return;
        }
        let sealed = answer.unwrap();
        assert_eq!((sealed.height, sealed.first_sequence), (self.model.blocks, self.model.sealed));
        if self.model.rotation_lands.is_some_and(|height| height <= sealed.height) {
            self.model.rotation_lands = None;
        }
        self.model.blocks += 1;
        self.model.sealed = self.model.pending.take().unwrap();
    }

    fn rotate(&mut self) {
        let new = key(SigAlg::Ed25519, 100 + self.keys.len() as u8);
        let lands = self.model.blocks + u64::from(self.model.pending.is_some());
        let answer = self.both(|ledger| rotate(ledger, &new));
        if self.model.closed {
            assert_eq!(answer.unwrap_err(), ErrorCode::LedgerClosed);
        } else if self.model.rotation_lands == Some(lands) {
            assert_eq!(answer.unwrap_err(), ErrorCode::OutOfRange);
        } else {
            answer.unwrap();
            self.keys.push(new);
            self.model.entries += 1;
            self.model.rotation_lands = Some(lands);
        }
    }

    fn erase(&mut self, at: usize) {
        let Some((dossier, _)) = self.model.places.get(at).copied() else { return };
        let request = EraseRequest {
            target: EraseTarget::Dossier(dossier),
            reason: TombstoneReason::PersonsRequest,
            reference: "request 7".into(),
            time: TimeClaim::declared(8),
        };
        let answer = self.both(|ledger| ledger.erase(&request));
        let held = self.both(Ledger::held).unwrap();
        let records: Vec<u64> =
            self.model.records.iter().filter(|(of, _)| *of == dossier).map(|(_, at)| *at).collect();
        let expected = if self.model.closed {
            Err(ErrorCode::LedgerClosed)
        } else if held.iter().any(|held| held.dossier == dossier) {
            Err(ErrorCode::InvalidArgument)
        } else if records.is_empty() {
            Err(ErrorCode::NotFound)
        } else if records.iter().all(|at| self.model.erased.contains(at)) {
            Err(ErrorCode::Erased)
        } else {
            Ok(vec![self.model.entries])
        };
        assert_eq!(answer.map(|erased| erased.tombstones), expected);
        if expected.is_ok() {
            self.model.entries += 1;
            self.model.erased.extend(records);
        }
    }

    fn close(&mut self) {
        let answer = self.both(|ledger| ledger.append_entry(&closed()));
        if self.model.closed {
            assert_eq!(answer.unwrap_err(), ErrorCode::LedgerClosed);
        } else if !self.model.held.is_empty() {
            assert_eq!(answer.unwrap_err(), ErrorCode::InvalidArgument);
        } else {
            assert_eq!(answer.unwrap(), self.model.entries);
            self.model.entries += 1;
            self.model.closed = true;
        }
    }

    fn reopen(&mut self) {
        self.ledgers.clear();
        self.opened += 1;
        let label = format!("open {}", self.opened);
        let stores: [Box<dyn Store>; 2] =
            [Box::new(SqliteStore::open(&self.path).unwrap()), Box::new(self.memory.clone())];
        for store in stores {
            let random = Random::fixed_for_tests(&label);
            self.ledgers.push(Ledger::open_with(store, open_options(), random).unwrap());
        }
    }

    fn prove(&self, at: usize) {
        let Some((dossier, _)) = self.model.places.get(at) else { return };
        match self.both(|ledger| ledger.prove(&whole(*dossier))?.encode()) {
            Ok(proof) => {
                let verdict = verify(&proof, &Policy::empty(), DeclaredTime { unix_ms: 1_000_000 });
                let wrong: Vec<_> = verdict
                    .lines
                    .iter()
                    .filter(|line| line.status == Status::Contradicted)
                    .collect();
                assert!(wrong.is_empty() && !verdict.is_unreadable(), "{wrong:?}");
            }
            Err(code) => assert_eq!(code, ErrorCode::NotFound, "nothing of it is sealed"),
        }
    }

    fn sync(&mut self) {
        if self.model.blocks == 0 {
            return;
        }
        let last = self.model.blocks - 1;
        let bundle = self.both(|ledger| ledger.export(0, last, Vec::new())).unwrap();
        for replica in &mut self.replicas {
            let report = import(&mut **replica, bundle.as_slice()).unwrap();
            assert_eq!((report.height, report.known + report.imported), (last, last + 1));
        }
        let head = self.ledgers[0].head_state().unwrap().encode();
        for replica in &self.replicas {
            assert_eq!(replica.meta("head").unwrap(), Some(head.clone()));
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Append(new) => self.append(std::slice::from_ref(new)),
            Step::AppendMany(news) => self.append(news),
            Step::Hold(new) => self.hold(new),
            Step::Finish(at, good) => self.finish(*at, *good),
            Step::Drop(at) => self.drop_held(*at),
            Step::Begin => self.begin(),
            Step::Commit(good) => self.commit(*good),
            Step::Rotate => self.rotate(),
            Step::Erase(at) => self.erase(*at),
            Step::Close => self.close(),
            Step::Reopen => self.reopen(),
            Step::Prove(at) => self.prove(*at),
            Step::Sync => self.sync(),
        }
        let status = self
            .both(|ledger| Ok(yinzheng::ledger::Status { store_bytes: 0, ..ledger.status()? }))
            .unwrap();
        let model = &self.model;
        assert_eq!(
            (status.entries, status.unsealed, status.blocks, status.pending, status.held),
            (
                model.entries,
                model.entries - model.sealed,
                model.blocks,
                model.pending.is_some(),
                model.held.len() as u64
            )
        );
        assert_eq!(status.closed, model.closed);
        assert_eq!(self.both(Ledger::ledger_keys).unwrap().len(), self.keys.len());
    }

    fn end(&self) {
        for (dossier, places) in &self.model.places {
            let rows = self.both(|ledger| ledger.dossier(dossier)).unwrap();
            assert_eq!(rows.len() as u64, *places);
        }
        for sequence in 0..self.model.entries {
            self.both(|ledger| ledger.entry(sequence)).unwrap();
        }
        self.ledgers.iter().for_each(assert_sound);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn file_and_memory_do_what_the_model_says(script in prop::collection::vec(any_step(), 1..40)) {
        let mut run = Run::new();
        for step in &script {
            run.step(step);
        }
        run.end();
    }
}
