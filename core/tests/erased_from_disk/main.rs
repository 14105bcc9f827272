//! What is left on a disk after values were erased: every file of the store, and the raw image of an unmounted file system,
//! free blocks and the file system's journal included, are searched for what the test planted. Values, salts and bare keys were
//! never written; wrapped keys and ciphertexts were, and must be gone, since who has the vault key could open them.

#![cfg(all(feature = "store", unix))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod crash;
mod disk;
#[path = "../common/ledger.rs"]
mod ledgers;
mod planted;

use std::fs;
use std::path::Path;

use disk::Disk;
use ledgers::{assert_sound, create, create_options, key, open, seal};
use planted::{Planted, Traces, search, search_files};
use yinzheng::entry::TombstoneReason;
use yinzheng::hash::HashAlg;
use yinzheng::ledger::{CreateOptions, Dossier, EraseRequest, EraseTarget, Ledger, NewRecord};
use yinzheng::profile::builtin_by_id;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::SigAlg;
use yinzheng::store::{SqliteStore, Store};
use yinzheng::time::TimeClaim;
use yinzheng::vault::{VaultKey, VaultSuite};

const RECORDS: usize = 240;

fn phone(at: usize) -> String {
    format!("139{:08}", 10_000_000 + at * 7)
}

fn record(at: usize) -> NewRecord {
    let profile = builtin_by_id("loan.disbursement").unwrap();
    // As unequal in size as records are.
    let other = "备注".repeat(at % 40);
    let message = format!(r#"{{"手机号":"{}","姓名":"苏示例{at}","备注":"{other}"}}"#, phone(at));
    let fields = profile.read(message.as_bytes(), &[]).unwrap().fields;
    let reference = ProfileRef::of(profile, HashAlg::Sha256);
    let draft =
        RecordBuilder::new(reference, TimeClaim::declared(2)).fields(fields).build().unwrap();
    let business_id = Some(format!("customer {}", phone(at)));
    NewRecord { business_id, dossier: Dossier::New, ..NewRecord::new(profile, draft) }
}

fn erase(ledger: &Ledger, target: EraseTarget) {
    let reference = "person's request 42".into();
    let reason = TombstoneReason::PersonsRequest;
    ledger
        .erase(&EraseRequest { target, reason, reference, time: TimeClaim::declared(8) })
        .unwrap();
}

/// Ledgers in `folder` that were written, closed, opened and erased from: a third of the records whole, a third by field.
fn use_ledgers(folder: &Path) -> Traces {
    let mut traces = Traces::default();
    let path = folder.join("ledger.db");
    let bank = key(SigAlg::Ed25519, 1);
    let mut ledger = create(SqliteStore::create(&path).unwrap(), HashAlg::Sha256, &bank);
    let mut records = Vec::new();
    for at in 0..RECORDS {
        records.push(ledger.append(record(at)).unwrap());
        if at % 50 == 49 {
            seal(&ledger, &bank);
        }
        if at % 80 == 79 {
            drop(ledger);
            ledger = open(SqliteStore::open(&path).unwrap()).unwrap();
        }
    }
    for (at, appended) in records.iter().enumerate() {
        let place = if at % 3 == 2 { &mut traces.kept } else { &mut traces.gone };
        plant_row(place, &path, at, appended.sequence);
        traces.never.add(&format!("phone of record {at}"), phone(at).as_bytes());
        for disclosure in ledger.disclosures(appended.sequence).unwrap() {
            traces.never.add(&format!("salt of record {at}"), &disclosure.salt);
        }
    }
    for (at, appended) in records.iter().enumerate() {
        match at % 3 {
            0 => erase(&ledger, EraseTarget::Records(vec![appended.sequence])),
            1 => {
                let names = vec!["subject.mobile".into()];
                erase(&ledger, EraseTarget::Fields(appended.sequence, names));
            }
            _ => {}
        }
    }
    seal(&ledger, &bank);
    assert_sound(&ledger);
    search_files(folder, &traces, "while the ledger is open");
    drop(ledger);
    use_host_keys(&folder.join("host.db"), &mut traces);
    traces
}

/// What the vault holds of a record.
fn plant_row(place: &mut Planted, path: &Path, at: usize, sequence: u64) {
    let row = SqliteStore::open_read_only(path).unwrap().vault(sequence).unwrap().unwrap();
    // Behind suite and key id, which are the same in all rows.
    place.add(&format!("wrapped key of record {at}"), &row.key[9..]);
    place.add(&format!("ciphertext of record {at}"), &row.data[1..]);
}

/// The same where the host wraps the keys, which shows the test every key itself.
fn use_host_keys(path: &Path, traces: &mut Traces) {
    let bank = key(SigAlg::Ed25519, 1);
    let vault_key = VaultKey::wrapped_by_host(VaultSuite::Aes256Gcm, &[5; 32]).unwrap();
    let options = CreateOptions { vault_key, ..create_options(HashAlg::Sha256, &bank) };
    let ledger = Ledger::create(Box::new(SqliteStore::create(path).unwrap()), options).unwrap();
    for (at, key) in ledger.draw_record_keys(8).unwrap().iter().enumerate() {
        let wrapped: Vec<u8> = key.key.iter().rev().map(|byte| byte ^ 0x5a).collect();
        ledger.supply_wrapped_key(key.id, &wrapped).unwrap();
        traces.never.add(&format!("key {at}"), &key.key);
    }
    let records: Vec<u64> = (0..4).map(|at| ledger.append(record(at)).unwrap().sequence).collect();
    for sequence in &records {
        traces.gone.add("key wrapped by the host", &ledger.wrapped_key(*sequence).unwrap());
    }
    erase(&ledger, EraseTarget::Records(records));
    seal(&ledger, &bank);
}

#[test]
fn no_file_of_the_store_keeps_what_was_erased() {
    let folder = tempfile::tempdir().unwrap();
    let traces = use_ledgers(folder.path());
    search_files(folder.path(), &traces, "after it was closed");
}

#[test]
#[ignore = "needs root and a loop device: sh tests/run.sh erasure"]
fn no_block_of_an_unmounted_disk_keeps_what_was_erased() {
    let mut disk = Disk::make(48 << 20).unwrap();
    let traces = use_ledgers(&disk.mount);
    disk.unmount();
    let image = fs::read(&disk.image).unwrap();
    assert!(!traces.kept.found(&image).is_empty(), "the search finds what was kept");
    search(&image, &traces, "the image");
}
