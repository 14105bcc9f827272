//! After the fault: everything acknowledged is there, nothing is there by halves, and the ledger goes on.

use std::collections::BTreeSet;
use std::path::Path;

use yinzheng::entry::Entry;
use yinzheng::hash::{HashAlg::Sha256, hex};
use yinzheng::ledger::{Disclose, Dossier, Ledger, ProofRequest, Selection, import};
use yinzheng::merkle;
use yinzheng::store::SqliteStore;
use yinzheng::verify::{DeclaredTime, Policy, Status, verify};
use yinzheng::{Error, ErrorCode};

use crate::expected::{Doubt, Expected};
use crate::world;

type Outcome = Result<(), String>;

/// Holds the ledger in `folder` to what the child said.
pub fn check(folder: &Path, expected: &Expected) -> Outcome {
    let path = world::ledger_path(folder);
    let ledger = match world::open(&path) {
        Ok(ledger) => ledger,
        Err(error) if !expected.created && error.code() == ErrorCode::NotALedger => {
            world::create(&path).map_err(|error| format!("creating again: {error}"))?
        }
        Err(error) => return Err(format!("opening: {error}")),
    };
    sound(&ledger, "as found")?;
    entries(&ledger, expected)?;
    blocks(&ledger, expected)?;
    held(&ledger, expected)?;
    values(&ledger, expected)?;
    replays(&ledger, expected)?;
    go_on(&ledger)?;
    replica(&ledger, folder, expected)?;
    drop(ledger);
    let ledger = world::open(&path).map_err(|error| format!("opening again: {error}"))?;
    go_on(&ledger)?;
    drop(ledger);
    let reader = world::open_for_reading(&path).map_err(|error| format!("reading: {error}"))?;
    sound(&reader, "at the end")
}

fn sound(ledger: &Ledger, when: &str) -> Outcome {
    let report = ledger.check(|_, _| {}).map_err(|error| format!("check {when}: {error}"))?;
    match report.problems.as_slice() {
        [] => Ok(()),
        problems => Err(format!("check {when}: {problems:?}")),
    }
}

fn entries(ledger: &Ledger, expected: &Expected) -> Outcome {
    let total = ledger.status().map_err(said)?.entries;
    let sizes: Vec<u64> = expected.doubts.iter().map(|doubt| doubt.entries).collect();
    let begun = if expected.created { expected.entries } else { 2 };
    let unheard = total
        .checked_sub(begun)
        .ok_or_else(|| format!("{total} entries, but {begun} were acknowledged"))?;
    if !sums(&sizes).contains(&unheard) {
        return Err(format!("{unheard} entries more than acknowledged, from steps of {sizes:?}"));
    }
    for record in &expected.records {
        let bytes = ledger.entry(record.sequence).map_err(said)?;
        let entry = Entry::parse(&bytes).map_err(said)?;
        let place = entry.place().ok_or("no record where one was acknowledged")?;
        if hex::encode(&place.digest.bytes) != record.digest || place.place != record.place {
            return Err(format!("another record at {}", record.sequence));
        }
    }
    Ok(())
}

/// All sums of some of these.
fn sums(sizes: &[u64]) -> BTreeSet<u64> {
    let mut sums = BTreeSet::from([0]);
    for size in sizes {
        sums.extend(sums.clone().into_iter().map(|sum| sum + size));
    }
    sums
}

fn blocks(ledger: &Ledger, expected: &Expected) -> Outcome {
    let count = ledger.status().map_err(said)?.blocks;
    for (height, digest) in &expected.blocks {
        let (block, _) = ledger.block(*height).map_err(said)?;
        if hex::encode(&block.sealed_digest()) != *digest {
            return Err(format!("another block at height {height}"));
        }
    }
    for (height, bytes) in &expected.begun {
        let signed = if *height < count {
            if !expected.blocks.contains_key(height) && !expected.doubtful("commit", None) {
                return Err(format!("block {height} was sealed by nobody"));
            }
            let (block, entries) = ledger.block(*height).map_err(said)?;
            block.to_be_signed(&merkle::root(Sha256, &merkle::leaf_hashes(Sha256, &entries)))
        } else {
            let pending = ledger.pending().map_err(said)?;
            let pending = pending.ok_or_else(|| format!("block {height} is no longer pending"))?;
            pending.to_be_signed
        };
        if hex::encode(&Sha256.digest(&signed)) != *bytes {
            return Err(format!("block {height} is not the one whose bytes were handed out"));
        }
    }
    Ok(())
}

fn held(ledger: &Ledger, expected: &Expected) -> Outcome {
    let held = ledger.held().map_err(said)?;
    for (id, bytes) in &expected.held {
        let found = held.iter().find(|held| held.id == *id);
        let ended = ["finish", "drop"].iter().any(|kind| expected.doubtful(kind, Some(*id)));
        match found {
            None if ended => {}
            Some(held) if hex::encode(&Sha256.digest(&held.to_be_signed)) == *bytes => {}
            other => return Err(format!("held record {id} became {other:?}")),
        }
    }
    let unheard = held.iter().filter(|held| !expected.held.contains_key(&held.id)).count();
    let tries = expected.doubts.iter().filter(|doubt| doubt.kind == "hold").count();
    match unheard <= tries {
        true => Ok(()),
        false => Err(format!("{unheard} held records that nobody asked for")),
    }
}

fn values(ledger: &Ledger, expected: &Expected) -> Outcome {
    for record in &expected.records {
        let at = record.sequence;
        match (ledger.disclosures(at), expected.erased.contains(&at)) {
            (Ok(_), false) => {}
            (Err(error), true) if error.code() == ErrorCode::Erased => {}
            (Err(error), false)
                if error.code() == ErrorCode::Erased && expected.doubtful("erase", Some(at)) => {}
            (values, erased) => {
                return Err(format!("values of {at} (erased: {erased}): {:?}", values.map(drop)));
            }
        }
    }
    Ok(())
}

/// A host that did not hear the answer asks again.
fn replays(ledger: &Ledger, expected: &Expected) -> Outcome {
    for (id, dossier, sequence) in &expected.ids {
        match append(ledger, &[(id.clone(), dossier.clone())]) {
            Ok(again) if again == [(*sequence, true)] => {}
            Err(error) if error.code() == ErrorCode::Erased => {}
            other => return Err(format!("{id} at {sequence}, asked again: {other:?}")),
        }
    }
    for Doubt { ids, .. } in &expected.doubts {
        if ids.is_empty() {
            continue;
        }
        let again = append(ledger, ids).map_err(said)?;
        let there = again.iter().filter(|(_, replayed)| *replayed).count();
        if there != 0 && there != ids.len() {
            return Err(format!("{there} of {} records of one append are there", ids.len()));
        }
    }
    Ok(())
}

fn append(ledger: &Ledger, ids: &[(String, String)]) -> Result<Vec<(u64, bool)>, Error> {
    let mut news = Vec::new();
    for (id, dossier) in ids {
        let dossier = match dossier.as_str() {
            "new" => Dossier::New,
            other => {
                let id = hex::decode(other)?;
                let long = |_| Error::new(ErrorCode::Internal, "a dossier id has 16 bytes");
                Dossier::Existing(id.try_into().map_err(long)?)
            }
        };
        news.push(world::record(id, dossier)?);
    }
    let appended = ledger.append_many(&news)?;
    Ok(appended.iter().map(|done| (done.sequence, done.replayed)).collect())
}

fn go_on(ledger: &Ledger) -> Outcome {
    // What was begun first, then two more blocks.
    for round in 0..3 {
        let new = world::record(&format!("after {round}"), Dossier::New).map_err(said)?;
        let new = yinzheng::ledger::NewRecord { business_id: None, ..new };
        let appended = ledger.append(new).map_err(said)?;
        let block = ledger.begin(99).map_err(said)?;
        let epochs = ledger.ledger_keys().map_err(said)?.len();
        let signature = world::sign(&block.key, epochs, &block.to_be_signed).map_err(said)?;
        ledger.commit(&signature).map_err(said)?;
        if round == 2 {
            prove(ledger, appended.dossier)?;
        }
    }
    sound(ledger, "after going on")
}

fn prove(ledger: &Ledger, dossier: [u8; 16]) -> Outcome {
    let request = ProofRequest { records: Selection::Dossier(dossier), disclose: Disclose::All };
    let proof = ledger.prove(&request).and_then(|proof| proof.encode()).map_err(said)?;
    let verdict = verify(&proof, &Policy::empty(), DeclaredTime { unix_ms: 1_000_000 });
    let wrong = verdict.lines.iter().filter(|line| line.status == Status::Contradicted);
    match (verdict.is_unreadable(), wrong.count()) {
        (false, 0) => Ok(()),
        other => Err(format!("a proof that contradicts itself: {other:?}")),
    }
}

fn replica(ledger: &Ledger, folder: &Path, expected: &Expected) -> Outcome {
    let path = world::replica_path(folder);
    if let Some(height) = expected.replica {
        let reader = world::open_for_reading(&path).map_err(|e| format!("replica: {e}"))?;
        sound(&reader, "of the replica")?;
        let head = reader.head().map_err(said)?.map(|head| head.height);
        if head < Some(height) {
            return Err(format!("the replica had block {height}, and ends at {head:?}"));
        }
    }
    let mut store = match SqliteStore::open(&path) {
        Err(error) if error.code() == ErrorCode::NotALedger => SqliteStore::create(&path),
        other => other,
    }
    .map_err(|error| format!("replica: {error}"))?;
    let last = ledger.head().map_err(said)?.ok_or("no block")?.height;
    let bundle = ledger.export(0, last, Vec::new()).map_err(said)?;
    import(&mut store, bundle.as_slice()).map_err(|error| format!("replica: {error}"))?;
    drop(store);
    let reader = world::open_for_reading(&path).map_err(|e| format!("replica: {e}"))?;
    match reader.head().map_err(said)? == ledger.head().map_err(said)? {
        true => sound(&reader, "of the replica"),
        false => Err("the replica has another head".into()),
    }
}

fn said(error: Error) -> String {
    error.to_string()
}
