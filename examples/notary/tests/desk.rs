//! Bank, notary and forger.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use yinzheng::ErrorCode;
use yinzheng::anchor::{Outside, OutsideKind, TargetKind};
use yinzheng::entry::Entry;
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::Custody;
use yinzheng::ledger::{
    CreateOptions, Disclose, Environment, Ledger, NewRecord, OpenOptions, ProofRequest, Selection,
};
use yinzheng::profile::builtin_by_id;
use yinzheng::proof::Proof;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::{OutsideKey, SqliteStore, backup};
use yinzheng::time::{Moment, Tier, TimeClaim};
use yinzheng::vault::VaultKey;
use yinzheng::verify::{DeclaredTime, Policy, Status, Verdict, verify};
use yinzheng_notary_example::{Answer, Desk};

const SECONDS: u64 = 1_793_500_000;
const NAME: &str = "示例公证处";
/// Stands in every record of the bank, and may never reach the notary.
const SECRET: &str = "13900001234";

fn now() -> TimeClaim {
    TimeClaim::new(Moment::new(i64::try_from(SECONDS).unwrap() * 1000, 480), Tier::Ntp)
}

struct Bank {
    folder: PathBuf,
    ledger: Ledger,
    key: SoftwareKey,
    vault_key: VaultKey,
    dossier: [u8; 16],
}

impl Bank {
    /// A ledger with a dossier of two records.
    fn new(folder: &Path) -> Self {
        let (key, vault_key) =
            (SoftwareKey::generate(SigAlg::P256).unwrap(), VaultKey::generate().unwrap());
        let options = CreateOptions {
            hash: HashAlg::Sha256,
            key: key.public().clone(),
            custody: Custody::Software,
            certificates: Vec::new(),
            next_key: None,
            organisation: "示例银行".to_owned(),
            created: now(),
            continues: None,
            environment: Environment::default(),
            vault_key: vault_key.clone(),
        };
        let store = SqliteStore::create(folder.join("bank.ledger")).unwrap();
        let ledger = Ledger::create(Box::new(store), options).unwrap();
        let folder = folder.to_owned();
        let mut bank = Self { folder, ledger, key, vault_key, dossier: [0; 16] };
        bank.dossier = bank.append(None);
        bank.append(Some(bank.dossier));
        bank.seal();
        bank
    }

    /// The bank's ledger as a forger has it: a copy of its file, and its key.
    fn forger(&self) -> Self {
        let path = self.folder.join("forged.ledger");
        backup(self.folder.join("bank.ledger"), &path).unwrap();
        let options = OpenOptions {
            vault_key: Some(self.vault_key.clone()),
            expected_head: None,
            environment: Environment::default(),
            now: now(),
            read_only: false,
        };
        let ledger = Ledger::open(Box::new(SqliteStore::open(path).unwrap()), options).unwrap();
        let pem = self.key.to_pkcs8_pem("p").unwrap();
        let key = SoftwareKey::from_pkcs8_pem(&pem, "p").unwrap();
        let (folder, vault_key) = (self.folder.clone(), self.vault_key.clone());
        Self { folder, ledger, key, vault_key, dossier: self.dossier }
    }

    fn append(&self, dossier: Option<[u8; 16]>) -> [u8; 16] {
        let profile = builtin_by_id("generic").unwrap();
        let message = format!(r#"{{"手机":"{SECRET}"}}"#);
        let fields = profile.read(message.as_bytes(), &[]).unwrap().fields;
        let profile_ref = ProfileRef::of(profile, HashAlg::Sha256);
        let draft = RecordBuilder::new(profile_ref, now()).fields(fields).build().unwrap();
        let record = NewRecord::new(profile, draft);
        let record = match dossier {
            None => record,
            Some(dossier) => record.in_dossier(dossier),
        };
        self.ledger.append(record).unwrap().dossier
    }

    fn seal(&self) {
        let sign = |bytes: &[u8], _: &_| Ok(self.key.sign(bytes)?.bytes().to_vec());
        self.ledger.seal_with(SECONDS, sign).unwrap();
    }

    fn height(&self) -> u64 {
        self.ledger.head().unwrap().unwrap().height
    }

    fn bundle(&self) -> PathBuf {
        let bytes = self.ledger.export(0, self.height(), Vec::new()).unwrap();
        self.write("bundle.yzb", &bytes)
    }

    fn prove(&self, records: Selection, disclose: Disclose) -> Vec<u8> {
        self.ledger.prove(&ProofRequest { records, disclose }).unwrap().encode().unwrap()
    }

    fn dossier(&self, disclose: Disclose) -> PathBuf {
        self.write("dossier.yzp", &self.prove(Selection::Dossier(self.dossier), disclose))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn attach(&self, height: u64, word: Vec<u8>) {
        let (block, _) = self.ledger.block(height).unwrap();
        let outside = Outside {
            kind: OutsideKind::Countersignature,
            bytes: word,
            target: TargetKind::Block,
            digest: Digest { alg: HashAlg::Sha256, bytes: block.sealed_digest() },
        };
        self.ledger.attach(OutsideKey::Block(height), &outside).unwrap();
    }
}

fn desk(folder: &Path) -> Desk {
    Desk::make(&folder.join("notary"), NAME, "passphrase", &now()).unwrap()
}

fn judged(proof: &[u8], desk: &Desk) -> Verdict {
    let policy = Policy::parse(desk.policy().as_bytes()).unwrap();
    let verdict = verify(proof, &policy, DeclaredTime { unix_ms: now().captured.unix_ms });
    assert!(!verdict.is_unreadable());
    verdict
}

fn words(desk: &Desk, path: &Path) -> Vec<u8> {
    match desk.take_bundle(path, &now()).unwrap() {
        Answer::Countersigned { word, .. } => word,
        other => panic!("{other}"),
    }
}

#[track_caller]
fn refused(answer: Answer) -> (ErrorCode, Option<Vec<u8>>) {
    match answer {
        Answer::Refused { why, fork } => (why.code(), fork),
        other => panic!("{other}"),
    }
}

#[test]
fn a_countersigned_record_is_notarised() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, desk) = (Bank::new(folder.path()), desk(folder.path()));
    let before = judged(&bank.prove(Selection::Dossier(bank.dossier), Disclose::None), &desk);
    assert!(before.records.iter().all(|record| record.grade == "self"));

    bank.attach(0, words(&desk, &bank.bundle()));
    let after = judged(&bank.prove(Selection::Dossier(bank.dossier), Disclose::None), &desk);
    assert!(after.records.iter().all(|record| record.grade == "notarised"), "{:?}", after.records);

    // The next head extends what is held; the one before, handed in again, changes nothing.
    let old = bank.bundle();
    let old_bytes = fs::read(&old).unwrap();
    bank.append(None);
    bank.seal();
    bank.attach(1, words(&desk, &bank.bundle()));
    let old = bank.write("old.yzb", &old_bytes);
    match desk.take_bundle(&old, &now()).unwrap() {
        Answer::Countersigned { height, .. } => assert_eq!(height, 1, "only the newest is signed"),
        other => panic!("{other}"),
    }
}

#[test]
fn a_forger_gets_a_proof_of_the_fork_and_no_word_ever_after() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, desk) = (Bank::new(folder.path()), desk(folder.path()));
    words(&desk, &bank.bundle());
    let forger = bank.forger();
    for sealer in [&bank, &forger] {
        sealer.append(None);
        sealer.seal();
    }
    let honest = bank.bundle();
    words(&desk, &honest);
    let honest_bytes = fs::read(&honest).unwrap();
    let (code, fork) = refused(desk.take_bundle(&forger.bundle(), &now()).unwrap());
    assert_eq!(code, ErrorCode::ChainBroken);
    let fork = fork.unwrap();
    let verdict = judged(&fork, &desk);
    let line = verdict.lines_of("ledger.one-history").next().unwrap();
    assert_eq!(line.status, Status::Contradicted);

    // Whose fault it was, nobody knows: the key signed both. Nothing of it is signed any more, no dossier either.
    let dossier = bank.dossier(Disclose::None);
    assert_eq!(refused(desk.take_dossier(&dossier, &now()).unwrap()).0, ErrorCode::ChainBroken);
    let honest = bank.write("honest.yzb", &honest_bytes);
    let (code, again) = refused(desk.take_bundle(&honest, &now()).unwrap());
    assert_eq!((code, again), (ErrorCode::ChainBroken, Some(fork)));
}

#[test]
fn what_is_no_bundle_or_spoilt_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, desk) = (Bank::new(folder.path()), desk(folder.path()));
    let good = fs::read(bank.bundle()).unwrap();
    for spoilt in [&b""[..], b"no bundle", &good[..good.len() - 1], &good[..good.len() / 2]] {
        let (_, fork) = refused(desk.take_bundle(&bank.write("x.yzb", spoilt), &now()).unwrap());
        assert_eq!(fork, None);
    }
    let mut flipped = good.clone();
    let at = flipped.len() / 2;
    flipped[at] ^= 1;
    refused(desk.take_bundle(&bank.write("x.yzb", &flipped), &now()).unwrap());
    // Only block 0 of the cut bundle was whole, and that is kept: it is right.
    words(&desk, &bank.bundle());

    // A gap: blocks from 1 on, of a ledger that is not known.
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    let other = Bank::new(&other);
    other.append(None);
    other.seal();
    let gap = other.ledger.export(1, 1, Vec::new()).unwrap();
    refused(desk.take_bundle(&other.write("x.yzb", &gap), &now()).unwrap());
    let replicas = fs::read_dir(folder.path().join("notary/replicas")).unwrap();
    let paths = replicas.map(|file| file.unwrap().path());
    assert_eq!(paths.filter(|path| path.extension().is_some_and(|ext| ext == "ledger")).count(), 1);
    words(&desk, &other.bundle());
}

#[test]
fn a_whole_dossier_gets_one_number() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, desk) = (Bank::new(folder.path()), desk(folder.path()));
    let dossier = bank.dossier(Disclose::None);
    let (code, _) = refused(desk.take_dossier(&dossier, &now()).unwrap());
    assert_eq!(code, ErrorCode::NotFound, "the ledger is not known");
    words(&desk, &bank.bundle());

    let first = desk.take_dossier(&dossier, &now()).unwrap();
    let Answer::Deposited { number, proof } = &first else { panic!("{first}") };
    assert_eq!(number, "示例公证处存管字第000001号");
    let verdict = judged(proof, &desk);
    assert_eq!(verdict.count(Status::Contradicted), 0);
    let of_bank = verdict.records.iter().filter(|record| record.profile == "generic");
    assert_eq!(of_bank.clone().count(), 2);
    assert!(of_bank.clone().all(|record| record.grade == "notarised"));
    let again = desk.take_dossier(&dossier, &now()).unwrap();
    assert_eq!(again.file(), first.file(), "the same proof has one number");

    bank.append(Some(bank.dossier));
    bank.seal();
    let ahead = bank.dossier(Disclose::None);
    let (code, _) = refused(desk.take_dossier(&ahead, &now()).unwrap());
    assert_eq!(code, ErrorCode::HeadMismatch, "newer than what is held");
    words(&desk, &bank.bundle());
    let Answer::Deposited { number, .. } = desk.take_dossier(&ahead, &now()).unwrap() else {
        panic!("refused")
    };
    assert_eq!(number, "示例公证处存管字第000002号");
}

#[test]
fn a_dossier_over_two_ledgers_is_cited_by_the_last_record_of_each() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, desk) = (Bank::new(folder.path()), desk(folder.path()));
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    let other = Bank::new(&other);
    other.append(Some(bank.dossier));
    other.seal();
    words(&desk, &bank.bundle());
    words(&desk, &other.bundle());
    let parts =
        [&bank, &other].map(|one| one.prove(Selection::Dossier(bank.dossier), Disclose::None));
    let parts = parts.map(|part| Proof::parse(&part).unwrap());
    let both = Proof::join(parts.into()).unwrap().encode().unwrap();
    let both = bank.write("both.yzp", &both);
    let Answer::Deposited { proof, .. } = desk.take_dossier(&both, &now()).unwrap() else {
        panic!("refused")
    };
    let proof = Proof::parse(&proof).unwrap();
    let mut cited = Vec::new();
    for item in &proof.items {
        if let Some((record, _)) = Entry::parse(&item.entry).unwrap().record()
            && record.profile.id == "example.notary.deposit"
        {
            cited.extend(record.citations.iter().map(|citation| citation.digest));
        }
    }
    cited.sort_unstable_by_key(|digest| digest.bytes);
    let last = |one: &Bank| one.ledger.dossier(&bank.dossier).unwrap().last().unwrap().digest;
    let mut wanted = vec![last(&bank), last(&other)];
    wanted.sort_unstable_by_key(|digest| digest.bytes);
    assert_eq!(cited, wanted);
}

#[test]
fn values_parts_and_forgeries_are_not_deposited() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, desk) = (Bank::new(folder.path()), desk(folder.path()));
    words(&desk, &bank.bundle());
    let all = bank.dossier(Disclose::All);
    assert_eq!(refused(desk.take_dossier(&all, &now()).unwrap()).0, ErrorCode::InvalidArgument);
    let first = bank.ledger.dossier(&bank.dossier).unwrap()[0].sequence.unwrap();
    let part = bank.prove(Selection::Sequences(vec![first]), Disclose::None);
    let part = bank.write("part.yzp", &part);
    assert_eq!(refused(desk.take_dossier(&part, &now()).unwrap()).0, ErrorCode::InvalidArgument);
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    let other = Bank::new(&other);
    let stranger = other.dossier(Disclose::None);
    assert_eq!(refused(desk.take_dossier(&stranger, &now()).unwrap()).0, ErrorCode::NotFound);
    let mut flipped = fs::read(bank.dossier(Disclose::None)).unwrap();
    for at in [20, flipped.len() / 2, flipped.len() - 20] {
        flipped[at] ^= 4;
        refused(desk.take_dossier(&bank.write("flipped.yzp", &flipped), &now()).unwrap());
        flipped[at] ^= 4;
    }
}

#[test]
fn the_desk_opens_again_and_never_saw_a_value() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, first) = (Bank::new(folder.path()), desk(folder.path()));
    words(&first, &bank.bundle());
    let dossier = bank.dossier(Disclose::None);
    let answer = first.take_dossier(&dossier, &now()).unwrap();
    first.seal(&now()).unwrap();
    drop(first);
    let home = folder.path().join("notary");
    assert!(Desk::open(&home, "wrong", &now()).is_err());
    assert!(Desk::make(&home, NAME, "passphrase", &now()).is_err(), "nothing is made over it");
    let desk = Desk::open(&home, "passphrase", &now()).unwrap();
    assert_eq!(desk.take_dossier(&dossier, &now()).unwrap().file(), answer.file());
    drop(desk);

    let mut seen = 0;
    for part in [home.clone(), home.join("replicas"), home.join("deposits")] {
        for file in fs::read_dir(part).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                seen += 1;
                let bytes = fs::read(&path).unwrap();
                let found = bytes.windows(SECRET.len()).any(|at| at == SECRET.as_bytes());
                assert!(!found, "{} holds a value", path.display());
            }
        }
    }
    assert!(seen >= 6, "{seen} files were looked at");
}
