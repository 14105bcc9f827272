//! `block.json`: format §8, blocks with all their entries, one after the other.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Value, json};
use yinzheng::block::{Head, SealedBlock};
use yinzheng::codec::MapBuilder;
use yinzheng::entry::Facts;
use yinzheng::hash::HashAlg;
use yinzheng::key::KeyRole;
use yinzheng::sign::SigAlg;

use super::block_refused;
use crate::facts::present;
use crate::scene::{NEXT_LEDGER, SUITES, Sealed, event, grow, ledger};
use crate::testing::{key, key_entry, next, padded, refs, rotation, with};
use crate::{Cases, bytes, hex, publish};

/// The states that later blocks follow, by the name of the case that led to them.
pub(crate) type States = RefCell<HashMap<String, Head>>;

pub(crate) fn read(states: &States, beside: &Value, sealed: &[u8]) -> yinzheng::Result<Value> {
    let states = states.borrow();
    let before = beside["after"].as_str().map(|name| &states[name]);
    let entries: Vec<Vec<u8>> = beside["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| bytes(one.as_str().unwrap()))
        .collect();
    Head::check(before, sealed, &refs(&entries)).map(|checked| described(&checked))
}

pub(crate) fn described(checked: &SealedBlock) -> Value {
    let (header, head) = (checked.block.header(), &checked.head);
    present(json!({
        "ledger_id": head.ledger_id().to_string(),
        "height": header.height,
        "entry_count": header.entry_count,
        "first_sequence": header.first_sequence,
        "previous_block": header.previous_block.map(hex),
        "history_root": hex(header.history_root),
        "key_epoch": header.key_epoch,
        "kid": hex(header.kid),
        "begun_at": header.begun_at,
        "root": hex(checked.root),
        "to_be_signed": hex(checked.block.to_be_signed(&checked.root)),
        "block_hash": hex(head.block_hash()),
        "sealed_digest": hex(head.sealed_digest()),
        "next": {
            "history_root": hex(head.history_root()),
            "first_sequence": head.next_sequence(),
            "kid": hex(head.keys().at(head.height() + 1).kid),
            "closed": head.is_closed(),
        },
    }))
}

pub(crate) fn beside(after: Option<&str>, entries: &[Vec<u8>]) -> Value {
    json!({"after": after, "entries": entries.iter().map(hex).collect::<Vec<_>>()})
}

#[test]
fn vectors() {
    let states = States::default();
    let mut cases = Cases::new(|beside, sealed| read(&states, beside, sealed));
    for (name, hash, alg) in SUITES {
        let blocks = ledger(hash, alg);
        for (height, one) in blocks.iter().enumerate() {
            let after = (height > 0).then(|| format!("{name}-{}", height - 1));
            let what = [
                "genesis and opened",
                "a record, a customer's key",
                "a customer's statement, a new ledger key",
                "sealed by the new key",
            ][height];
            let beside = beside(after.as_deref(), &one.entries);
            cases.ok(&format!("{name}-{height}"), what, beside, &one.sealed);
            states.borrow_mut().insert(format!("{name}-{height}"), one.head.clone());
        }
    }
    more(&mut cases, &states);
    block_refused::add(&mut cases, &states);
    publish(
        "block",
        &json!({
            "about": "docs/format.md §8: blocks with their entries; `after` names the case whose block is the one before. See README.md.",
            "cases": cases.done(),
        }),
    );
}

/// Blocks on top of the first ledger that try what is allowed.
fn more(cases: &mut Cases<'_>, states: &States) {
    let (_, hash, alg) = SUITES[0];
    let mut blocks = ledger(hash, alg);
    let signer = key(alg, NEXT_LEDGER);
    let mut add = |name: &str, what: &str, after: &str, contents: &[Vec<u8>]| {
        let head = states.borrow()[after].clone();
        let (sealed, entries) = next(&head, &signer, contents).unwrap();
        cases.ok(name, what, beside(Some(after), &entries), &sealed.block.sealed_bytes());
        states.borrow_mut().insert(name.into(), sealed.head);
    };
    let clock = |step_ms| event(Facts::Clock { step_ms, boot_before: None, boot_after: None });
    let fork = "sha256-ed25519-2";
    add(
        "fork",
        "another block 3: good by itself, and with sha256-ed25519-3 a proof of misbehaviour",
        fork,
        &[clock(1)],
    );
    let unknown = [
        MapBuilder::new().put_uint(0, 11).finish(),
        MapBuilder::new().put_uint(0, 64).finish(),
        with(&clock(1), 63, &[0xf6]),
        with(&clock(1), 1, &[0x18, 0x3f]),
    ];
    add(
        "unknown-entries",
        "entries of a newer version are leaves like others",
        "sha256-ed25519-3",
        &unknown,
    );
    add("same-entry-twice", "leaves may be equal", "sha256-ed25519-3", &[clock(1), clock(1)]);
    let closed = event(Facts::Closed { successor_key: None, successor_nonce: None });
    add("closed", "the last block", "sha256-ed25519-3", &[clock(1), closed]);
    let head = blocks.last().unwrap().head.clone();
    let third = key(SigAlg::P256, 5);
    let hidden = padded(&key_entry(&rotation(&head, &third), &third, &head.ledger_id()), 260);
    add(
        "rotation-hidden",
        "a rotation with 263 keys, behind a map head of three bytes, is a rotation",
        "sha256-ed25519-3",
        &[hidden],
    );
    // The helper that grows ledgers agrees.
    grow(&mut blocks, alg, &[clock(2)]);
    assert_eq!(blocks.last().unwrap().head.height(), 4);
    assert!(
        blocks.iter().all(|one: &Sealed| one
            .head
            .keys()
            .all()
            .iter()
            .all(|k| k.role == KeyRole::Ledger))
    );
    assert_eq!(hash, HashAlg::Sha256);
}
