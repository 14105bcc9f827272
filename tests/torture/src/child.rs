//! The child: does what the script says on a real file, and says before each step that it tries, and after it how it went.
//! Whatever it says was done must still be so, however it ends.

use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};

use yinzheng::entry::{RefuseReason, TombstoneReason};
use yinzheng::hash::{HashAlg::Sha256, hex};
use yinzheng::key::Custody;
use yinzheng::ledger::{Dossier, EraseRequest, EraseTarget, Ledger, NewRecord, import};
use yinzheng::store::SqliteStore;
use yinzheng::time::TimeClaim;
use yinzheng::{ErrorCode, Result};

use crate::script::{Dice, Step, step};
use crate::world;

struct Child {
    folder: PathBuf,
    ledger: Option<Ledger>,
    dice: Dice,
    dossiers: Vec<[u8; 16]>,
    held: VecDeque<(u64, Vec<u8>)>,
    records: Vec<u64>,
    rotations: u64,
    /// Height that the replica has, plus one.
    replicated: u64,
    /// Number of the next business id.
    next_id: u64,
    seed: u64,
}

/// One line, in one system call: it is in the pipe when this returns.
fn say(line: &str) {
    let _ = std::io::stdout().write_all(format!("{line}\n").as_bytes());
    let _ = std::io::stdout().flush();
}

/// Runs `steps` steps in `folder`. Gives the exit status.
pub fn run(folder: &Path, seed: u64, steps: usize) -> i32 {
    let mut child = Child {
        folder: folder.to_owned(),
        ledger: None,
        dice: Dice::new(seed),
        dossiers: Vec::new(),
        held: VecDeque::new(),
        records: Vec::new(),
        rotations: 0,
        replicated: 0,
        next_id: 0,
        seed,
    };
    say("try create 2");
    match world::create(&world::ledger_path(folder)) {
        Ok(ledger) => {
            say("ok create");
            child.ledger = Some(ledger);
        }
        Err(error) => {
            say(&format!("err {}", error.number()));
            return 3;
        }
    }
    for at in 0..steps {
        let step = step(at, &mut child.dice);
        if let Err(error) = child.step(step) {
            say(&format!("err {}", error.number()));
            // Half of the time a host would go on with the handle it has, half of the time open the ledger again.
            if child.dice.below(2) == 0 && !child.reopen() {
                return 3;
            }
        }
    }
    drop(child.ledger.take());
    say("end");
    0
}

impl Child {
    fn ledger(&self) -> Result<&Ledger> {
        let closed =
            || yinzheng::Error::new(ErrorCode::Storage, "the ledger could not be opened again");
        self.ledger.as_ref().ok_or_else(closed)
    }

    /// Opens the ledger again; what the ledger then has is the starting point of what follows.
    fn reopen(&mut self) -> bool {
        for _ in 0..3 {
            self.ledger = None;
            say("try reopen 0");
            match self.open() {
                Ok(()) => {
                    say("ok reopen");
                    return true;
                }
                Err(error) => say(&format!("err {}", error.number())),
            }
        }
        false
    }

    fn open(&mut self) -> Result<()> {
        let ledger = world::open(&world::ledger_path(&self.folder))?;
        let held = ledger.held()?;
        self.held = held.into_iter().map(|held| (held.id, held.to_be_signed)).collect();
        self.rotations = ledger.ledger_keys()?.len() as u64 - 1;
        self.ledger = Some(ledger);
        Ok(())
    }

    fn id(&mut self) -> String {
        self.next_id += 1;
        format!("{:x}-{}", self.seed, self.next_id)
    }

    fn dossier(&mut self) -> Dossier {
        match self.dice.below(3) {
            0 => Dossier::New,
            _ => self.dice.choose(&self.dossiers).map_or(Dossier::New, |id| Dossier::Existing(*id)),
        }
    }

    fn step(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Append(count) => self.append(count),
            Step::Hold => self.hold(),
            Step::Finish => self.finish(),
            Step::Drop => self.drop_held(),
            Step::Begin => self.begin(),
            Step::Commit => self.commit(),
            Step::Rotate => self.rotate(),
            Step::Erase => self.erase(),
            Step::Import => self.import(),
            Step::Reopen => {
                self.reopen();
                Ok(())
            }
        }
    }

    fn append(&mut self, count: u64) -> Result<()> {
        let mut news: Vec<NewRecord> = Vec::new();
        let mut tries = String::new();
        for _ in 0..count {
            let (id, dossier) = (self.id(), self.dossier());
            let name = match dossier {
                Dossier::New => "new".to_owned(),
                Dossier::Existing(id) => hex::encode(&id),
            };
            tries.push_str(&format!(" {id}={name}"));
            news.push(world::record(&id, dossier)?);
        }
        say(&format!("try append {count}{tries}"));
        let appended = self.ledger()?.append_many(&news)?;
        let mut line = String::from("ok append");
        for done in &appended {
            let (dossier, digest) = (hex::encode(&done.dossier), hex::encode(&done.digest.bytes));
            line.push_str(&format!(" {}:{}:{dossier}:{digest}", done.sequence, done.place));
            if done.place == 0 {
                self.dossiers.push(done.dossier);
            }
            self.records.push(done.sequence);
        }
        say(&line);
        Ok(())
    }

    fn hold(&mut self) -> Result<()> {
        let (id, dossier) = (self.id(), self.dossier());
        let new = world::record(&id, dossier)?;
        let customer = world::customer_key()?;
        say("try hold 0");
        let held = self.ledger()?.hold_for_signature(&new, customer.public(), &world::terms())?;
        let bytes = Sha256.digest(&held.to_be_signed);
        say(&format!("ok hold {}:{}", held.id, hex::encode(&bytes)));
        if held.place == 0 {
            self.dossiers.push(held.dossier);
        }
        self.held.push_back((held.id, held.to_be_signed));
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        let Some((id, bytes)) = self.held.front().cloned() else { return Ok(()) };
        let signature = world::customer_key()?.sign(&bytes)?;
        say(&format!("try finish 1 {id}"));
        let done = self.ledger()?.finish_statement(id, signature.bytes())?;
        let (dossier, digest) = (hex::encode(&done.dossier), hex::encode(&done.digest.bytes));
        say(&format!("ok finish {id} {}:{}:{dossier}:{digest}", done.sequence, done.place));
        self.records.push(done.sequence);
        self.held.pop_front();
        Ok(())
    }

    fn drop_held(&mut self) -> Result<()> {
        let Some((id, _)) = self.held.front().cloned() else { return Ok(()) };
        say(&format!("try drop 1 {id}"));
        let time = TimeClaim::declared(6);
        let sequence = self.ledger()?.drop_statement(id, RefuseReason::Declined, time)?;
        say(&format!("ok drop {id} {sequence}"));
        self.held.pop_front();
        Ok(())
    }

    fn begin(&mut self) -> Result<()> {
        say("try begin 0");
        match self.ledger()?.begin(self.next_id) {
            Ok(block) => {
                let bytes = hex::encode(&Sha256.digest(&block.to_be_signed));
                say(&format!("ok begin {}:{bytes}", block.height));
                Ok(())
            }
            Err(error) if error.code() == ErrorCode::NothingToSeal => {
                say("ok nothing");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn commit(&mut self) -> Result<()> {
        let ledger = self.ledger()?;
        let Some(block) = ledger.pending()? else { return Ok(()) };
        let epochs = ledger.ledger_keys()?.len();
        let signature = world::sign(&block.key, epochs, &block.to_be_signed)?;
        say("try commit 0");
        let sealed = ledger.commit(&signature)?;
        say(&format!("ok commit {}:{}", sealed.height, hex::encode(&sealed.sealed_digest)));
        Ok(())
    }

    fn rotate(&mut self) -> Result<()> {
        let new = world::ledger_key(self.rotations + 1)?;
        let ledger = self.ledger()?;
        let claims = ledger.rotation_claims(new.public().clone(), Custody::Software, 7)?;
        let possession = new.sign(&ledger.key_to_be_signed(&claims)?)?;
        say("try rotate 1");
        match ledger.append_key(&claims, possession.bytes()) {
            Ok(_) => {
                self.rotations += 1;
                say("ok entry");
                Ok(())
            }
            // Another one waits for the same block.
            Err(error) if error.code() == ErrorCode::OutOfRange => {
                say("ok nothing");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn erase(&mut self) -> Result<()> {
        let Some(sequence) = self.dice.choose(&self.records).copied() else { return Ok(()) };
        let request = EraseRequest {
            target: EraseTarget::Records(vec![sequence]),
            reason: TombstoneReason::PersonsRequest,
            reference: "request".into(),
            time: TimeClaim::declared(8),
        };
        say(&format!("try erase 1 {sequence}"));
        match self.ledger()?.erase(&request) {
            Ok(_) => {
                say(&format!("ok erase {sequence}"));
                Ok(())
            }
            Err(error) if error.code() == ErrorCode::Erased => {
                say("ok nothing");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn import(&mut self) -> Result<()> {
        let ledger = self.ledger()?;
        let Some(head) = ledger.head()? else { return Ok(()) };
        let bundle = ledger.export(self.replicated.min(head.height), head.height, Vec::new())?;
        say("try import 0");
        let path = world::replica_path(&self.folder);
        let mut store = match SqliteStore::open(&path) {
            Err(error) if error.code() == ErrorCode::NotALedger => SqliteStore::create(&path)?,
            other => other?,
        };
        let report = import(&mut store, bundle.as_slice())?;
        say(&format!("ok import {}", report.height));
        self.replicated = report.height + 1;
        Ok(())
    }
}
