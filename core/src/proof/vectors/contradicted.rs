//! Proofs that can be read and do not hold: spoilt on the way, or blocks and keys against the rules.

use super::*;
use crate::entry::{Event, Facts, Link};
use crate::key::{Custody, KeyClaims, KeyEntry, KeyRole};
use crate::proof::ProofItem;
use crate::proof::scene::{genesis, key, seal_any};
use crate::time::TimeClaim;
use crate::value::{Disclosure, Value};

fn at(height: u64, index: u64) -> impl Fn(&ProofItem) -> bool {
    move |item| {
        let receipt = item.receipt().unwrap();
        (receipt.block().header().height, receipt.index()) == (height, index)
    }
}

fn changed(height: u64, index: u64, change: impl FnOnce(&mut ProofItem)) -> Proof {
    let mut proof = bank().prove();
    change(proof.items.iter_mut().find(|item| at(height, index)(item)).unwrap());
    proof
}

fn turn_path(item: &mut ProofItem) {
    let receipt = item.receipt().unwrap();
    let mut path = receipt.path().to_vec();
    path[0][0] ^= 1;
    item.receipt = receipt.block().receipt(receipt.index(), path).encode();
}

/// Bytes of the proof, changed on the way.
fn on_the_way() -> Vec<Case> {
    let no = Outcome::Contradicted;
    let entry = changed(3, 1, |item| {
        let at = item.entry.windows(4).position(|four| four == [0x50, 1, 1, 1]).unwrap();
        item.entry[at + 1] = 2;
    });
    let mut all = bank().prove();
    all.items.iter_mut().filter(|item| at(2, 0)(item) || at(2, 1)(item)).for_each(turn_path);
    let other = bank().prove().items.iter().find(|item| at(2, 1)(item)).unwrap().entry.clone();
    let swapped = changed(3, 1, |item| {
        item.entry = other;
        item.disclosures.clear();
    });
    let mut history = bank().prove();
    history.ledgers[0].history[1].1[0][0] ^= 1;
    let disclose = |name: &str, salt: u8| {
        let value = Value::Text("20000.00".into());
        Disclosure { salt: [salt; 16], value, name: name.into() }.encode()
    };
    let value = changed(3, 1, |item| item.disclosures = vec![disclose("loan.amount", 1)]);
    let elsewhere = changed(3, 1, |item| item.disclosures = vec![disclose("loan.nothing", 1)]);
    let genesis = genesis(HashAlg::Sha256, &key(SigAlg::Ed25519, 1), "别的银行").encode();
    let foreign = changed(0, 0, |item| item.entry = genesis);
    vec![
        Case::bare("entry-changed", "a byte of a record", &entry, no(&["entry.in-block"])),
        Case::bare("path-changed", "one path", &changed(1, 1, turn_path), no(&["entry.in-block"])),
        Case::bare("paths-changed", "all paths of a block", &all, no(&["block.signature"])),
        Case::bare(
            "entry-swapped",
            "the receipt of another entry",
            &swapped,
            no(&["entry.in-block"]),
        ),
        Case::bare("history-path", "a path to the head", &history, no(&["block.history"])),
        Case::bare("value-changed", "another value and salt", &value, no(&["record.values"])),
        Case::bare(
            "value-elsewhere",
            "a name not in the record",
            &elsewhere,
            no(&["record.values"]),
        ),
        Case::bare("genesis-foreign", "another genesis", &foreign, no(&["ledger.genesis"])),
    ]
}

/// Blocks that a sealer signed against the rules.
fn blocks() -> Vec<Case> {
    let no = Outcome::Contradicted;
    let case =
        |name: &str, what, bank: &Bank, checks| Case::bare(name, what, &bank.prove(), no(checks));
    let link = |block, sealed| Link { previous_block: block, previous_sealed: sealed }.encode();
    let mut cases = vec![
        case(
            "history-lies",
            "a false history root",
            &forged(|header, _| header.history_root = [9; 32]),
            &["block.history"],
        ),
        case(
            "previous-other",
            "header and link name another block",
            &forged(|header, entries| {
                header.previous_block = Some([3; 32]);
                entries[0] = link([3; 32], [4; 32]);
            }),
            &["block.follows"],
        ),
        case(
            "link-disagrees",
            "the link names another block than the header",
            &forged(|_, entries| entries[0] = link([3; 32], [4; 32])),
            &["block.follows"],
        ),
        case(
            "link-sealed",
            "the link names another sealed digest",
            &forged(|header, entries| {
                entries[0] = link(header.previous_block.unwrap(), [4; 32]);
            }),
            &["block.follows"],
        ),
        case(
            "sequence",
            "sequence numbers leave one out",
            &forged(|header, _| header.first_sequence += 1),
            &["block.follows"],
        ),
        case(
            "epoch",
            "an epoch that the key has not",
            &forged(|header, _| header.key_epoch = 1),
            &["block.key"],
        ),
        case(
            "kid",
            "a key that nobody has",
            &forged(|header, _| header.kid = [5; 32]),
            &["block.key"],
        ),
        case(
            "link-second",
            "a second link",
            &forged(|_, entries| entries.push(link([0; 32], [0; 32]))),
            &["entry.position"],
        ),
        case(
            "link-missing",
            "something else where the link stands",
            &forged(|_, entries| entries[0] = opened()),
            &["entry.position"],
        ),
        case(
            "genesis-again",
            "a second genesis",
            &forged(|_, entries| {
                entries.push(genesis(HashAlg::Sm3, &key(SigAlg::P256, 1), "x").encode());
            }),
            &["entry.position"],
        ),
        case(
            "after-closed",
            "an entry after the end",
            &forged(|_, entries| {
                let facts = Facts::Closed { successor_key: None, successor_nonce: None };
                entries.insert(1, Event { time: TimeClaim::declared(1), facts }.encode());
            }),
            &["entry.position"],
        ),
        case(
            "other-hash",
            "a block under another hash",
            &forged(|header, _| header.hash = HashAlg::Sm3),
            &["block.key"],
        ),
    ];
    let mut thief = bank();
    thief.key = key(SigAlg::Ed25519, 77);
    thief.push(opened());
    thief.forge(|_, _| {});
    cases.push(case(
        "other-key",
        "signed by a key that is not the ledger's",
        &thief,
        &["block.signature"],
    ));
    let mut retired = bank();
    let first = retired.head.keys().newest().kid;
    retired.rotate(key(SigAlg::P256, 50));
    retired.key = key(SigAlg::Ed25519, 1);
    retired.push(opened());
    retired.forge(|header, _| {
        (header.kid, header.key_epoch, header.alg) = (first, 0, SigAlg::Ed25519);
    });
    cases.push(case(
        "retired-key",
        "signed by the key before the one in force",
        &retired,
        &["block.key"],
    ));
    let (mut left, mut right) = (bank(), bank());
    for (bank, count) in [(&mut left, 3), (&mut right, 2)] {
        (0..count).for_each(|_| drop(bank.push(opened())));
        bank.seal();
    }
    let mut forked = left.prove_with(|_, index, _| index < 2, |_, _| true, &[]);
    forked.items.extend(right.prove().items.into_iter().filter(at(4, 2)));
    cases.push(Case::bare(
        "forked",
        "two blocks at one height",
        &forked,
        no(&["ledger.one-history"]),
    ));
    let mut head = left.prove();
    head.ledgers[0].head = right.prove().ledgers[0].head.clone();
    cases.push(Case::bare(
        "head-other",
        "a head that is not the block shown",
        &head,
        no(&["ledger.one-history"]),
    ));
    let mut first = Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 1);
    let mut header = first.blocks[0].block.header().clone();
    header.ledger_id = [9; 32];
    first.blocks = vec![seal_any(&header, first.blocks[0].entries.clone(), &first.key)];
    cases.push(case("ledger-id", "an id that is not genesis' digest", &first, &["ledger.genesis"]));
    cases
}

/// Keys brought in against the rules.
fn keys() -> Vec<Case> {
    let new = key(SigAlg::P256, 52);
    let claims = |kid, epoch| {
        let key = new.public().clone();
        KeyClaims::rotate(KeyRole::Ledger, key, Custody::Hsm, 0, kid, Some(epoch))
    };
    let honest = bank();
    let kid = honest.head.keys().newest().kid;
    let other = simple(HashAlg::Sha256, SigAlg::P256);
    let customer = KeyEntry::digest(&honest.blocks[1].entries[1], honest.hash);
    let second = KeyClaims::enrol(KeyRole::Ledger, new.public().clone(), Custody::Hsm, 0);
    let no = Outcome::Contradicted(&["key.entry"]);
    [
        ("rotation-epoch", "an epoch is left out", honest.with_possession(&claims(kid, 2), &new)),
        (
            "rotation-elsewhere",
            "possession shown for another ledger",
            other.with_possession(&claims(kid, 1), &new),
        ),
        (
            "rotation-unknown",
            "it replaces an entry that is not there",
            honest.with_possession(&claims([9; 32], 1), &new),
        ),
        (
            "rotation-of-party",
            "it replaces a customer's key",
            honest.with_possession(&claims(customer, 1), &new),
        ),
        (
            "ledger-key-again",
            "a ledger key enrolled outside genesis",
            honest.with_possession(&second, &new),
        ),
    ]
    .into_iter()
    .map(|(name, what, entry)| {
        Case::bare(name, what, &forged(|_, entries| entries.push(entry)).prove(), no)
    })
    .collect()
}

pub(super) fn cases() -> Vec<Case> {
    [on_the_way(), blocks(), keys()].into_iter().flatten().collect()
}
