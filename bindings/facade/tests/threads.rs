//! Threads: a handle may be used by many and closed by one at any moment.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};

use common::*;
use serde_json::json;
use yinzheng_facade::*;

#[test]
fn eight_threads_call_while_one_closes() {
    for round in 0..30 {
        let (ledger, key) = ledger("SHA-256", "Ed25519");
        let gone = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let gone = &gone;
                scope.spawn(move || {
                    let mut calls = 0u64;
                    loop {
                        let closed = gone.load(Ordering::Acquire);
                        let outcome = match thread % 4 {
                            0 => ledger_append(ledger, &bytes(&loan("1.00"))).map(drop),
                            1 => ledger_status(ledger).map(drop),
                            2 => ledger_entry(ledger, 0).map(drop),
                            _ => ledger_begin(ledger, 1).map(drop),
                        };
                        match outcome {
                            Ok(()) => assert!(!closed, "a call after the close went through"),
                            Err(failure) if failure.number == 506 => {}
                            Err(failure) => {
                                assert_eq!(failure.number, 204, "{}", failure.message);
                                break;
                            }
                        }
                        calls += 1;
                        assert!(calls < 1_000_000);
                    }
                });
            }
            std::thread::sleep(std::time::Duration::from_millis(round % 5));
            close(ledger).unwrap();
            gone.store(true, Ordering::Release);
        });
        assert_eq!(number(ledger_status(ledger)), 204);
        close(key).unwrap();
    }
}

#[test]
fn a_close_while_all_race_to_close_succeeds_once() {
    for _ in 0..50 {
        let (ledger, key) = ledger("SHA-256", "Ed25519");
        let closed: usize = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(move || usize::from(close(ledger).is_ok()))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(closed, 1);
        close(key).unwrap();
    }
}

#[test]
fn threads_append_and_one_seals() {
    let (ledger, key) = ledger("SM3", "SM2");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for at in 0..25 {
                    let mut request = loan("1.00");
                    request["business_id"] = json!(format!("{thread}-{at}"));
                    append(ledger, &request);
                }
            });
        }
        for _ in 0..5 {
            append(ledger, &loan("2.00"));
            seal(ledger, key);
        }
    });
    append(ledger, &loan("3.00"));
    seal(ledger, key);
    let status = value(&ledger_status(ledger).unwrap());
    assert_eq!((&status["entries"], &status["unsealed"]), (&json!(2 + 100 + 5 + 1), &json!(0)));
    assert_eq!(value(&ledger_check(ledger).unwrap())["problems"], json!([]));
    [ledger, key].into_iter().for_each(|handle| close(handle).unwrap());
}

#[test]
fn one_stream_of_pieces_from_two_threads_is_safe() {
    let hash = hash_begin().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(move || (0..1000).for_each(|_| hash_update(hash, &[7; 100]).unwrap()));
        }
    });
    assert_eq!(value(&hash_finish(hash).unwrap())["size"], 200_000);
    close(hash).unwrap();
}
