//! The feed tells everything once, in order, and goes on from any cursor.

use super::*;
use crate::entry::{HoldAction, HoldReason, TombstoneReason};

fn now() -> TimeClaim {
    TimeClaim::declared(7)
}

/// A ledger with one of each kind that a host makes, in three blocks.
fn busy() -> (Ledger, SoftwareKey) {
    let signer = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &signer);
    seal(&ledger, &signer);
    let first = ledger.append(record(HashAlg::Sha256, r#"{"a":"1"}"#, None, Dossier::New)).unwrap();
    let customer = key(SigAlg::P256, 2);
    let held = record(HashAlg::Sha256, r#"{"a":"2"}"#, None, Dossier::Existing(first.dossier));
    let held = ledger.hold_for_signature(&held, customer.public(), &terms(Role::Customer)).unwrap();
    let signature = customer.sign(&held.to_be_signed).unwrap();
    ledger.finish_statement(held.id, signature.bytes()).unwrap();
    seal(&ledger, &signer);
    for action in [HoldAction::Set, HoldAction::Lift] {
        let (records, reference) = (vec![first.sequence], "H-1".to_owned());
        let reason = HoldReason::Dispute;
        ledger.hold(&HoldRequest { action, records, reason, reference, time: now() }).unwrap();
    }
    let target = EraseTarget::Records(vec![first.sequence]);
    let (reason, reference) = (TombstoneReason::PersonsRequest, "E-1".to_owned());
    ledger.erase(&EraseRequest { target, reason, reference, time: now() }).unwrap();
    seal(&ledger, &signer);
    (ledger, signer)
}

fn names(items: &[FeedItem]) -> Vec<&'static str> {
    items.iter().map(|item| item.what.name()).collect()
}

#[test]
fn everything_that_is_sealed_is_told_once_and_in_order() {
    let (ledger, signer) = busy();
    let items = ledger.feed(FeedCursor::default(), usize::MAX).unwrap();
    let told = names(&items);
    let beginning = told.iter().position(|name| *name == "block").unwrap();
    assert_eq!(told[0], "other", "genesis");
    let rest = ["record", "record", "block", "hold", "hold", "erased", "block"];
    assert_eq!(told[beginning + 1..], rest, "{told:?}");
    let signed: Vec<_> = items
        .iter()
        .filter_map(|item| match &item.what {
            Happened::Record { signed_by, place, .. } => Some((*place, *signed_by)),
            _ => None,
        })
        .collect();
    assert_eq!(signed, [(0, None), (1, Some(Role::Customer))]);
    // Sequence numbers without a gap, each with the block that it is in.
    let sequences: Vec<u64> = items.iter().filter_map(|item| item.sequence).collect();
    assert_eq!(sequences, (0..sequences.len() as u64).collect::<Vec<_>>());
    for item in items.iter().filter(|item| item.sequence.is_some()) {
        assert_eq!(ledger.height_of(item.sequence.unwrap()).unwrap(), Some(item.height));
    }
    let last = items.last().unwrap();
    let head = ledger.head().unwrap().unwrap();
    let block = Happened::Block { block_hash: head.block_hash, sealed_digest: head.sealed_digest };
    assert_eq!(last.what, block);

    // Nothing more until something more is sealed.
    assert_eq!(ledger.feed(last.next, 9).unwrap(), []);
    ledger.append(record(HashAlg::Sha256, r#"{"a":"3"}"#, None, Dossier::New)).unwrap();
    assert_eq!(ledger.feed(last.next, 9).unwrap(), [], "appended is not sealed");
    seal(&ledger, &signer);
    assert_eq!(names(&ledger.feed(last.next, 9).unwrap()), ["record", "block"]);
}

#[test]
fn a_reader_goes_on_from_any_cursor_with_any_limit() {
    let (ledger, _) = busy();
    let all = ledger.feed(FeedCursor::default(), usize::MAX).unwrap();
    for limit in 1..=all.len() {
        let (mut cursor, mut got) = (FeedCursor::default(), Vec::new());
        loop {
            let items = ledger.feed(cursor, limit).unwrap();
            assert!(items.len() <= limit);
            let Some(last) = items.last() else { break };
            cursor = last.next.to_string().parse().unwrap();
            got.extend(items);
        }
        assert_eq!(got, all, "{limit} at a time");
    }
    assert_eq!(ledger.feed(FeedCursor::default(), 0).unwrap(), []);
}

#[test]
fn cursors_of_other_ledgers_and_times_are_refused() {
    let (ledger, _) = busy();
    let refused = |text: &str| ledger.feed(text.parse().unwrap(), 1).unwrap_err().code();
    assert_eq!(refused("4.0"), ErrorCode::HeadMismatch, "a block that is not there");
    assert_eq!(refused("3.1"), ErrorCode::HeadMismatch);
    assert_eq!(refused("1.99"), ErrorCode::InvalidArgument);
    assert_eq!(ledger.feed("3.0".parse().unwrap(), 1).unwrap(), []);
    for text in [
        "",
        "1",
        "1.",
        ".1",
        "1.2.3",
        "-1.0",
        "+1.0",
        "01.0",
        "1.00",
        " 1.0",
        "1.0 ",
        "18446744073709551616.0",
    ] {
        let error = text.parse::<FeedCursor>().unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument, "{text:?}");
    }
}
