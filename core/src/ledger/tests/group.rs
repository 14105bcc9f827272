use std::thread;

use super::*;
use crate::ledger::group::Waiting;

/// Lets `count` records queue up while nobody can write, then writes them all from here, as the first of them would.
fn together(
    ledger: &Ledger,
    records: Vec<NewRecord>,
) -> (usize, Vec<crate::error::Result<Appended>>) {
    let count = records.len();
    let queue = &ledger.queue;
    queue.state.lock().unwrap().writing = true;
    thread::scope(|scope| {
        let calls: Vec<_> = records
            .into_iter()
            .enumerate()
            .map(|(at, record)| {
                let call = scope.spawn(|| ledger.append(record));
                while queue.state.lock().unwrap().waiting.len() <= at {
                    thread::yield_now();
                }
                call
            })
            .collect();
        let group: Vec<Arc<Waiting>> = core::mem::take(&mut queue.state.lock().unwrap().waiting);
        assert_eq!(group.len(), count);
        let mut inner = ledger.lock_for_writing().unwrap();
        let at_once = inner.append_together(&group).unwrap();
        inner.append_group(group.get(at_once..).unwrap());
        drop(inner);
        queue.state.lock().unwrap().writing = false;
        queue.turn.notify_all();
        (at_once, calls.into_iter().map(|call| call.join().unwrap()).collect())
    })
}

fn new_ledger(hash: HashAlg) -> Ledger {
    create(Box::new(MemoryStore::new()), hash, &key(SigAlg::P256, 1))
}

#[test]
fn threads_that_append_at_one_time_share_a_write() {
    let ledger = new_ledger(HashAlg::Sm3);
    let dossier = ledger.append(record(HashAlg::Sm3, "{}", None, Dossier::New)).unwrap().dossier;
    let records = (0..6)
        .map(|at| {
            record(
                HashAlg::Sm3,
                r#"{"a":"1"}"#,
                Some(&format!("id {at}")),
                Dossier::Existing(dossier),
            )
        })
        .collect();
    let (at_once, appended) = together(&ledger, records);
    assert_eq!(at_once, 6, "one write for all");
    let places: Vec<_> = appended.iter().map(|one| one.as_ref().unwrap().place).collect();
    assert_eq!(places, [1, 2, 3, 4, 5, 6]);
    for one in appended {
        let one = one.unwrap();
        let bytes = ledger.entry(one.sequence).unwrap();
        assert_eq!(Entry::parse(&bytes).unwrap().place().unwrap().digest, one.digest);
    }
}

#[test]
fn a_refused_record_keeps_no_other_from_being_written() {
    let ledger = new_ledger(HashAlg::Sha256);
    let good = || record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New);
    let long_id = record(HashAlg::Sha256, "{}", Some(&"x".repeat(257)), Dossier::New);
    let no_id = record(HashAlg::Sha256, "{}", Some(""), Dossier::New);
    let (at_once, appended) = together(&ledger, vec![good(), long_id, no_id, good()]);
    assert_eq!(at_once, 4);
    let codes: Vec<_> =
        appended.iter().map(|one| one.as_ref().err().map(|error| error.code())).collect();
    assert_eq!(
        codes,
        [None, Some(ErrorCode::InvalidArgument), Some(ErrorCode::InvalidArgument), None]
    );
    let sequences: Vec<_> = appended.iter().flatten().map(|one| one.sequence).collect();
    assert_eq!(sequences, [2, 3], "no gap where one was refused");
}

#[test]
fn one_business_id_twice_is_written_once_and_answered_twice() {
    let ledger = new_ledger(HashAlg::Sha256);
    let same = || record(HashAlg::Sha256, r#"{"a":"1"}"#, Some("b"), Dossier::New);
    let other = record(HashAlg::Sha256, r#"{"a":"2"}"#, Some("b"), Dossier::New);
    let (at_once, appended) = together(&ledger, vec![same(), same(), other]);
    assert_eq!(at_once, 1, "the second must read what the first wrote");
    let (first, second) = (appended[0].as_ref().unwrap(), appended[1].as_ref().unwrap());
    assert_eq!((first.sequence, first.replayed), (second.sequence, false));
    assert!(second.replayed);
    assert_eq!(appended[2].as_ref().unwrap_err().code(), ErrorCode::Conflict);
}

#[test]
fn nothing_waits_where_nothing_can_be_written() {
    let (mut store, key) = (MemoryStore::new(), key(SigAlg::P256, 1));
    let source = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key);
    seal(&source, &key);
    import(&mut store, source.export(0, 0, Vec::new()).unwrap().as_slice()).unwrap();
    let options = OpenOptions { read_only: true, vault_key: None, ..open_options() };
    let replica = Ledger::open(Box::new(store), options).unwrap();
    let refused = replica.append(record(HashAlg::Sha256, "{}", None, Dossier::New));
    assert_eq!(refused.unwrap_err().code(), ErrorCode::ReadOnly);
    let state = replica.queue.state.lock().unwrap();
    assert!(state.waiting.is_empty() && !state.writing);
}

#[test]
fn after_a_panic_everybody_gets_an_error_and_nobody_waits() {
    let ledger = new_ledger(HashAlg::Sha256);
    let panicked = thread::scope(|scope| {
        scope
            .spawn(|| {
                let _inner = ledger.lock_for_writing().unwrap();
                panic!("while it holds the ledger");
            })
            .join()
    });
    assert!(panicked.is_err());
    for _ in 0..2 {
        let refused = ledger.append(record(HashAlg::Sha256, "{}", None, Dossier::New));
        assert_eq!(refused.unwrap_err().code(), ErrorCode::Poisoned);
    }
}
