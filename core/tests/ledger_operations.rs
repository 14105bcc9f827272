//! What a bank's operations do with a ledger: copies while it is in use, a store that came back from one, clocks that jump, a
//! clone that signed too, and how the ledger stands.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/ledger.rs"]
mod common;

use std::fs;
use std::path::Path;

use common::*;
use yinzheng::ErrorCode;
use yinzheng::anchor::{Outside, OutsideKind, TargetKind};
use yinzheng::bundle::{BundleBlock, BundleReader};
use yinzheng::entry::{Body, Entry, Facts};
use yinzheng::hash::HashAlg::{Sha256, Sm3};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::ledger::{Dossier, ExpectedHead, Ledger, NewRecord, OpenOptions, import};
use yinzheng::sign::SigAlg;
use yinzheng::statement::Role;
use yinzheng::store::{MemoryStore, OutsideKey, SqliteStore, backup};
use yinzheng::time::{Moment, Tier, TimeClaim};
use yinzheng::vault::VaultKey;
use yinzheng::verify::{DeclaredTime, Policy, Status, verify};

fn open_file(path: &Path) -> Ledger {
    open(SqliteStore::open(path).unwrap()).unwrap()
}

/// A time with both clocks' readings, in seconds.
fn at(wall_s: i64, monotonic_s: u64, boot: u8) -> TimeClaim {
    TimeClaim {
        monotonic_ms: Some(monotonic_s * 1000),
        boot_id: Some([boot; 16]),
        ..TimeClaim::new(Moment::new(wall_s * 1000, 480), Tier::Device)
    }
}

fn timed(time: TimeClaim) -> NewRecord {
    let mut new = record(Sha256, "1", None, Dossier::New);
    new.draft.time = time;
    new
}

/// Steps sealed in the ledger, in order: sequence number, milliseconds, whether a boot came between.
fn steps(ledger: &Ledger) -> Vec<(u64, i64, bool)> {
    let mut found = Vec::new();
    for sequence in 0..ledger.status().unwrap().entries {
        let bytes = ledger.entry(sequence).unwrap();
        let Body::Event(event) = Entry::parse(&bytes).unwrap().body else { continue };
        if let Facts::Clock { step_ms, boot_before, boot_after } = event.facts {
            assert_eq!(boot_before.is_some(), boot_after.is_some());
            found.push((sequence, step_ms, boot_after.is_some()));
        }
    }
    found
}

#[test]
fn a_step_of_the_clock_is_sealed_before_what_came_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.yzl");
    let key = key(SigAlg::P256, 1);
    let ledger = create(SqliteStore::create(&path).unwrap(), Sha256, &key);
    // Time passes, then the clock is set back an hour, then forward by less than is worth a word, then by a week.
    let times = [(1000, 10), (1600, 610), (-1900, 710), (-1899, 710), (602_901, 710)];
    let appended: Vec<_> =
        times.iter().map(|(wall, run)| ledger.append(timed(at(*wall, *run, 1))).unwrap()).collect();
    assert_eq!(steps(&ledger), [(4, -3_600_000, false), (7, 604_800_000, false)]);
    assert_eq!(appended.iter().map(|a| a.sequence).collect::<Vec<_>>(), [2, 3, 5, 6, 8]);
    seal(&ledger, &key);
    drop(ledger);
    // Started again: the other clock begins anew, and that the wall clock is behind shows all the same.
    let options = OpenOptions { now: at(602_000, 3, 2), ..open_options() };
    let ledger = Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), options).unwrap();
    assert_eq!(steps(&ledger).last(), Some(&(9, -901_000, true)));
    // In one append, the record before in it counts.
    let many: Vec<_> = [(602_010, 13), (700_000, 14), (700_001, 15)]
        .map(|(wall, run)| timed(at(wall, run, 2)))
        .into();
    ledger.append_many(&many).unwrap();
    assert_eq!(steps(&ledger).last(), Some(&(11, 97_989_000, false)));
    // A record that waits for its signature was captured, too.
    let held = timed(at(700_500, 16, 2));
    ledger.hold_for_signature(&held, key.public(), &terms(Role::Witness)).unwrap();
    assert_eq!(steps(&ledger).last(), Some(&(14, 498_000, false)));
    // The host asks; claims that name one clock only say nothing.
    assert_eq!(ledger.note_clock(&at(700_501, 17, 2)).unwrap(), None);
    assert_eq!(ledger.note_clock(&TimeClaim::declared(5)).unwrap(), None);
    assert_eq!(ledger.note_clock(&at(700_900, 18, 2)).unwrap(), Some(15));
    let far = TimeClaim { monotonic_ms: Some(u64::MAX), ..at(1, 1, 2) };
    assert_eq!(code(ledger.note_clock(&far)), ErrorCode::OutOfRange);
    assert_eq!(steps(&ledger).len(), 6);
    seal(&ledger, &key);
    assert_sound(&ledger);
}

#[test]
fn a_backup_is_a_whole_ledger_made_beside_its_writer() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("ledger.yzl"), folder.path().join("copy.yzl"));
    let key = key(SigAlg::Sm2, 1);
    let ledger = create(SqliteStore::create(&path).unwrap(), Sm3, &key);
    seal(&ledger, &key);
    let first = append(&ledger, "1", Some("id"), Dossier::New);
    seal(&ledger, &key);
    append(&ledger, "2", None, Dossier::Existing(first.dossier));
    // A leftover of a backup that was cut.
    fs::write(folder.path().join("copy.yzl.part"), b"half").unwrap();
    backup(&path, &copy).unwrap();
    assert!(!folder.path().join("copy.yzl.part").exists());
    append(&ledger, "3", None, Dossier::Existing(first.dossier));
    seal(&ledger, &key);
    let head = ledger.head().unwrap().unwrap();
    let known = ExpectedHead { height: head.height, block_hash: head.block_hash };
    // As it stood then, unsealed entry and values included.
    let restored = open_file(&copy);
    let status = restored.status().unwrap();
    assert_eq!((status.blocks, status.unsealed), (2, 1));
    assert!(append(&restored, "1", Some("id"), Dossier::New).replayed);
    assert_eq!(restored.disclosures(first.sequence).unwrap().len(), 1);
    assert_sound(&restored);
    drop(restored);
    // It lags behind what the host knows, the vault key is missing or is another: three answers.
    let open_with = |options| Ledger::open(Box::new(SqliteStore::open(&copy).unwrap()), options);
    let options = OpenOptions { expected_head: Some(known), ..open_options() };
    assert_eq!(code(open_with(options)), ErrorCode::HeadMismatch);
    let options = OpenOptions { vault_key: Some(VaultKey::from_bytes([9; 32])), ..open_options() };
    assert_eq!(code(open_with(options)), ErrorCode::WrongVaultKey);
    let without = open_with(OpenOptions { vault_key: None, ..open_options() }).unwrap();
    assert_eq!(code(without.disclosures(first.sequence)), ErrorCode::WrongVaultKey);
    assert_sound(&without);
    // Nothing is written over, and nothing is made of what is no ledger.
    assert_eq!(code(backup(&path, &copy)), ErrorCode::InvalidArgument);
    let other = folder.path().join("other");
    assert_eq!(code(backup(folder.path().join("none"), &other)), ErrorCode::NotALedger);
    fs::write(folder.path().join("text"), "no ledger at all").unwrap();
    assert_eq!(code(backup(folder.path().join("text"), &other)), ErrorCode::NotALedger);
    assert_eq!(code(backup(&path, folder.path().join("no/folder/x"))), ErrorCode::Storage);
    assert!(!other.exists());
}

fn blocks(bundle: &[u8]) -> Vec<BundleBlock> {
    let mut reader = BundleReader::new(bundle).unwrap();
    core::iter::from_fn(|| reader.next_block().unwrap()).collect()
}

/// One ledger, cloned after two blocks; then each signs on, the clone as many blocks as named.
fn cloned(folder: &Path, hash: HashAlg, rotated: bool) -> (Ledger, Ledger) {
    let (path, copy) = (folder.join("ledger.yzl"), folder.join("clone.yzl"));
    let (mut key, next) = (key(SigAlg::P256, 1), key(SigAlg::P256, 2));
    let ledger = create(SqliteStore::create(&path).unwrap(), hash, &key);
    seal(&ledger, &key);
    append(&ledger, "1", None, Dossier::New);
    if rotated {
        rotate(&ledger, &next).unwrap();
    }
    backup(&path, &copy).unwrap();
    let clone = open_file(&copy);
    for (ledger, value) in [(&ledger, "2"), (&clone, "3")] {
        append(ledger, value, None, Dossier::New);
        seal(ledger, &key);
    }
    if rotated {
        key = next;
    }
    append(&ledger, "4", None, Dossier::New);
    seal(&ledger, &key);
    (ledger, clone)
}

#[test]
fn two_blocks_at_one_height_make_a_proof_of_the_fork() {
    for (hash, rotated) in [(Sha256, false), (Sm3, true)] {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, clone) = cloned(folder.path(), hash, rotated);
        let others = blocks(&clone.export(0, 1, Vec::new()).unwrap());
        let proof = ledger.prove_fork(&others[1]).unwrap().encode().unwrap();
        let verdict = verify(&proof, &Policy::empty(), DeclaredTime { unix_ms: 1_000_000 });
        assert!(!verdict.is_unreadable());
        let says = |id: &str, status: Status| {
            verdict.lines.iter().filter(|line| line.check == id && line.status == status).count()
        };
        assert_eq!(says("ledger.one-history", Status::Contradicted), 1, "{:?}", verdict.lines);
        assert_eq!(says("block.signature", Status::Contradicted), 0);
        assert!(says("block.signature", Status::Proven) >= 3, "{:?}", verdict.lines);
        // A replica that was sent one branch proves it as well.
        let mut store = MemoryStore::new();
        import(&mut store, ledger.export(0, 2, Vec::new()).unwrap().as_slice()).unwrap();
        let replica = open_for_reading(store).unwrap();
        assert_eq!(replica.prove_fork(&others[1]).unwrap().encode().unwrap(), proof);
        // What is no fork.
        let own = blocks(&ledger.export(0, 2, Vec::new()).unwrap());
        assert_eq!(code(ledger.prove_fork(&others[0])), ErrorCode::InvalidArgument);
        assert_eq!(code(clone.prove_fork(&own[2])), ErrorCode::NotFound);
        let mut unsigned = others[1].clone();
        let last = unsigned.sealed.len() - 1;
        unsigned.sealed[last] ^= 1;
        assert_eq!(code(ledger.prove_fork(&unsigned)), ErrorCode::SignatureMismatch);
        let mut fewer = others[1].clone();
        fewer.entries.pop();
        assert_eq!(code(ledger.prove_fork(&fewer)), ErrorCode::ChainBroken);
        let stranger = create(MemoryStore::new(), hash, &key(SigAlg::P256, 3));
        seal(&stranger, &key(SigAlg::P256, 3));
        let strange = blocks(&stranger.export(0, 0, Vec::new()).unwrap());
        assert_eq!(code(ledger.prove_fork(&strange[0])), ErrorCode::InvalidArgument);
    }
}

#[test]
fn the_status_says_how_long_a_signature_is_waited_for_and_what_outsiders_saw() {
    let folder = tempfile::tempdir().unwrap();
    let key = key(SigAlg::Ed25519, 1);
    let ledger = create(SqliteStore::create(folder.path().join("l")).unwrap(), Sha256, &key);
    let fresh = ledger.status().unwrap();
    assert_eq!((fresh.pending_since_s, fresh.last_outside), (None, None));
    assert!(fresh.store_bytes > 0);
    let pending = ledger.begin(77).unwrap();
    assert_eq!(ledger.status().unwrap().pending_since_s, Some(77));
    ledger.commit(key.sign(&pending.to_be_signed).unwrap().bytes()).unwrap();
    assert_eq!(ledger.status().unwrap().pending_since_s, None);
    for value in ["1", "2"] {
        append(&ledger, value, None, Dossier::New);
        seal(&ledger, &key);
    }
    let sealed = ledger.block(1).unwrap().0.sealed_digest();
    let word = Outside {
        kind: OutsideKind::PlatformReceipt,
        bytes: platform_word(1),
        target: TargetKind::Block,
        digest: Digest { alg: Sha256, bytes: sealed },
    };
    ledger.attach(OutsideKey::Block(1), &word).unwrap();
    assert_eq!(ledger.status().unwrap().last_outside, Some(1));
}
