//! More than one block takes, and states that do not fit each other. (A block takes 50 entries in these tests.)

use super::*;

pub(super) fn rotate(ledger: &Ledger, new: &SoftwareKey) -> Result<[u8; 32]> {
    let claims = ledger.rotation_claims(new.public().clone(), Custody::Hsm, 7)?;
    let possession = new.sign(&ledger.key_to_be_signed(&claims)?)?;
    ledger.append_key(&claims, possession.bytes())
}

fn fill(ledger: &Ledger, count: usize) {
    let new = record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New);
    ledger.append_many(&vec![new; count]).unwrap();
}

#[test]
fn rotations_beyond_a_blocks_limit_are_counted_to_the_block_they_land_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let keys: Vec<SoftwareKey> = (1..6).map(|seed| key(SigAlg::Ed25519, seed)).collect();
    let mut ledger =
        create(Box::new(SqliteStore::create(&path).unwrap()), HashAlg::Sha256, &keys[0]);
    let again = |ledger: Ledger| {
        drop(ledger);
        Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), open_options()).unwrap()
    };
    seal(&ledger, &keys[0]);
    rotate(&ledger, &keys[1]).unwrap(); // block 1
    fill(&ledger, 49);
    ledger = again(ledger);
    rotate(&ledger, &keys[2]).unwrap(); // block 2, its first entry
    assert_eq!(rotate(&ledger, &keys[3]).unwrap_err().code(), ErrorCode::OutOfRange);
    ledger = again(ledger);
    let first = ledger.begin(9).unwrap();
    assert_eq!(first.entries, 51, "with the link");
    ledger = again(ledger);
    assert_eq!(
        rotate(&ledger, &keys[3]).unwrap_err().code(),
        ErrorCode::OutOfRange,
        "nobody could commit block 2 with both"
    );
    fill(&ledger, 49);
    rotate(&ledger, &keys[3]).unwrap(); // block 3
    ledger = again(ledger);
    ledger.commit(keys[0].sign(&first.to_be_signed).unwrap().bytes()).unwrap();
    ledger = again(ledger);
    for key in &keys[1..4] {
        ledger = again(ledger);
        if ledger.status().unwrap().unsealed == 0 {
            fill(&ledger, 1);
        }
        seal(&ledger, key);
    }
    let since: Vec<u64> = ledger.ledger_keys().unwrap().iter().map(|key| key.since).collect();
    assert_eq!(since, [0, 1, 2, 3]);
    assert_eq!(ledger.check(|_, _| {}).unwrap().problems, []);
}

#[test]
fn a_host_sets_what_the_ledger_takes_at_once() {
    let bank = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &bank);
    seal(&ledger, &bank);
    assert_eq!(ledger.limits().unwrap(), Limits::default());
    for (append_records, waiting_entries) in [(0, 1), (1_000_001, 1), (1, 0)] {
        let refused = ledger.set_limits(Limits { append_records, waiting_entries }).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidArgument);
    }
    assert_eq!(ledger.limits().unwrap(), Limits::default(), "nothing was set");
    ledger.set_limits(Limits { append_records: 3, waiting_entries: 5 }).unwrap();
    let new = |id: Option<&str>| record(HashAlg::Sha256, r#"{"a":"1"}"#, id, Dossier::New);
    let refused = |count: usize| ledger.append_many(&vec![new(None); count]).unwrap_err().code();
    assert_eq!(refused(4), ErrorCode::LimitExceeded);
    let first = ledger.append(new(Some("first"))).unwrap();
    fill(&ledger, 2);
    assert_eq!(refused(3), ErrorCode::LimitExceeded, "two have room");
    assert_eq!(ledger.status().unwrap().unsealed, 3, "all of an append or none");
    fill(&ledger, 2);
    assert_eq!(refused(1), ErrorCode::LimitExceeded);
    assert_eq!(ledger.append(new(None)).unwrap_err().code(), ErrorCode::LimitExceeded);
    let again = ledger.append(new(Some("first"))).unwrap();
    assert!(again.replayed && again.digest == first.digest, "what is there is still told");
    // What waits for its signature still waits.
    let pending = ledger.begin(9).unwrap();
    assert_eq!(refused(1), ErrorCode::LimitExceeded);
    ledger.commit(bank.sign(&pending.to_be_signed).unwrap().bytes()).unwrap();
    fill(&ledger, 3);
    // What is held for a signature takes its room, and is never refused when it comes back.
    let customer = key(SigAlg::P256, 7);
    let terms = Terms::new(Role::Customer, 9);
    let hold = || ledger.hold_for_signature(&new(None), customer.public(), &terms);
    let held = [hold().unwrap(), hold().unwrap()];
    assert_eq!(hold().unwrap_err().code(), ErrorCode::LimitExceeded);
    fill(&ledger, 2);
    for held in held {
        let signature = customer.sign(&held.to_be_signed).unwrap();
        ledger.finish_statement(held.id, signature.bytes()).unwrap();
    }
    assert_eq!(
        ledger.status().unwrap().unsealed,
        7,
        "two records too many, whose signer was asked"
    );
}

#[test]
fn a_clock_event_takes_no_records_room() {
    let bank = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &bank);
    seal(&ledger, &bank);
    ledger.set_limits(Limits { append_records: 1, waiting_entries: 1 }).unwrap();
    let at = |wall_ms: i64, monotonic_ms: u64| {
        let mut new = record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New);
        let mut time =
            TimeClaim::new(crate::time::Moment::new(wall_ms, 0), crate::time::Tier::Device);
        time.monotonic_ms = Some(monotonic_ms);
        time.boot_id = Some([1; 16]);
        new.draft.time = time;
        ledger.append(new)
    };
    at(1_000_000, 1_000).unwrap();
    seal(&ledger, &bank);
    // The wall clock jumped back: an event before the record.
    at(1_000, 2_000).unwrap();
    assert_eq!(ledger.status().unwrap().unsealed, 2);
    assert_eq!(at(2_000, 3_000).unwrap_err().code(), ErrorCode::LimitExceeded);
}

/// A store whose named state can be spoilt, as a bug or a forger would.
fn spoilt(name: &'static str, value: Option<Vec<u8>>) -> Result<Ledger> {
    let bank = key(SigAlg::Ed25519, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = create(Box::new(SqliteStore::create(&path).unwrap()), HashAlg::Sha256, &bank);
    seal(&ledger, &bank);
    fill(&ledger, 2);
    ledger.begin(9).unwrap();
    drop(ledger);
    let mut store = SqliteStore::open(&path).unwrap();
    let meta = vec![(name, value)];
    store.apply(&crate::store::Changes { meta, ..Default::default() }).unwrap();
    Ledger::open(Box::new(store), open_options())
}

#[test]
fn a_state_that_does_not_fit_is_not_built_on() {
    let other = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key(SigAlg::P256, 7));
    seal(&other, &key(SigAlg::P256, 7));
    fill(&other, 1);
    other.begin(9).unwrap();
    let of_other = |name| other.lock().unwrap().store.meta(name).unwrap();
    for name in [meta::HEAD, meta::PENDING, meta::GENESIS] {
        for value in [of_other(name), Some(vec![0xa0]), Some(vec![0; 90])] {
            let error = spoilt(name, value).unwrap_err();
            let typed = matches!(error.code(), ErrorCode::Damaged | ErrorCode::NotALedger);
            assert!(typed, "{name}: {error:?}");
        }
    }
    for name in [meta::HEAD, meta::PENDING, meta::ENDED, meta::UNFINISHED] {
        assert_eq!(spoilt(name, None).unwrap_err().code(), ErrorCode::Damaged, "{name}");
    }
    assert_eq!(spoilt(meta::GENESIS, None).unwrap_err().code(), ErrorCode::NotALedger);
    assert_eq!(spoilt(meta::INDEX_KEY, None).unwrap_err().code(), ErrorCode::Damaged);
    assert!(spoilt(meta::PENDING, Some(vec![])).is_ok());
}
