//! Several histories: who shows one thing to one and another to the next.

use crate::block::{Block, Head};
use crate::entry::{ContinueReason, Continues};
use crate::honest::{append, create, open, open_options, seal};
use crate::scene::{genesis, opened};
use crate::*;
use yinzheng::ErrorCode;
use yinzheng::bundle::{BundleBlock, BundleHeader, BundleWriter};
use yinzheng::ledger::{Dossier, ExpectedHead, Ledger, OpenOptions, import};
use yinzheng::proof::ConsistencyProof;
use yinzheng::store::{MemoryStore, SqliteStore, Store};

/// Two copies of one ledger that went on differently after block 3.
fn two_copies() -> (Bank, Bank) {
    let (mut left, mut right) = (bank(), bank());
    for (bank, amount) in [(&mut left, "1000.00"), (&mut right, "9000.00")] {
        let draft = bank.draft(CONTRACT, &format!(r#"{{"金额":"{amount}"}}"#), &[]);
        bank.record([1; 16], &draft);
        bank.seal();
    }
    (left, right)
}

/// Two contracts at one place of a dossier, in one block or in two.
fn two_contracts(sealed_between: bool) -> Bank {
    let mut bank = bank();
    for amount in ["1000.00", "9000.00"] {
        let draft = bank.draft(CONTRACT, &format!(r#"{{"金额":"{amount}"}}"#), &[]);
        let before = bank.places.get(&[1; 16]).copied();
        bank.record([1; 16], &draft);
        bank.places.insert([1; 16], before.unwrap());
        if sealed_between || amount == "9000.00" {
            bank.seal();
        }
    }
    bank
}

/// A bank seals two contracts at one place of a dossier. Each alone is perfect: nobody sees what is not shown. Whoever has both
/// has the contradiction in writing.
#[test]
fn bank_seals_two_contracts_at_one_place() {
    let bank = two_contracts(false);
    let only = |index: u64| bank.prove_with(|h, i, _| h < 4 || i == index, |_, _| true, &[]);
    let (mine, yours) = (only(1), only(2));
    holds(&stranger(&mine));
    holds(&stranger(&yours));
    let both = Proof::join(vec![mine, yours]).unwrap();
    let verdict = stranger(&both);
    assert_eq!(line(&verdict, "dossier.one-per-place", "contradicted").facts["place"], 2);
    // A predecessor tells them apart as well: the next record cites one of the two.
}

/// The same bank hands its ledger to a node: both contracts in one block, or the second one a block later. The node keeps neither.
#[test]
fn bank_sends_two_contracts_at_one_place_to_a_node() {
    for sealed_between in [false, true] {
        let bank = two_contracts(sealed_between);
        let (bundle, last) = (bundle(&bank), bank.head.height());
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteStore::create(folder.path().join("node.yzl")).unwrap();
        for mut node in [Box::new(MemoryStore::new()) as Box<dyn Store>, Box::new(file)] {
            let refused = import(node.as_mut(), bundle.as_slice());
            assert_eq!(honest::code(refused), ErrorCode::ChainBroken);
            assert!(node.block(last).unwrap().is_none(), "nothing of that block is kept");
            assert!(node.block(last - 1).unwrap().is_some());
        }
    }
}

/// Everything that a bank has sealed.
fn bundle(bank: &Bank) -> Vec<u8> {
    let last = bank.blocks.last().unwrap();
    let header = BundleHeader {
        ledger_id: bank.head.ledger_id(),
        first: 0,
        last: bank.head.height(),
        block_hash: last.block.block_hash(&last.root),
        sealed_digest: last.block.sealed_digest(),
    };
    let mut writer = BundleWriter::new(Vec::new(), header).unwrap();
    for sealed in &bank.blocks {
        let (sealed, entries) = (sealed.block.sealed_bytes(), sealed.entries.clone());
        writer.block(&BundleBlock { sealed, entries, outside: vec![] }).unwrap();
    }
    writer.finish().unwrap()
}

/// A clone of a phone has its key and its ledger and goes on in its own way. Two signed blocks at one height are proof of it.
#[test]
fn clone_of_the_phone_goes_on_by_itself() {
    let (phone, clone) = two_copies();
    holds(&stranger(&phone.prove()));
    holds(&stranger(&clone.prove()));
    let refused = Proof::join(vec![phone.prove(), clone.prove()]);
    assert_eq!(honest::code(refused), ErrorCode::Conflict, "no honest tool joins them");
    let mut both = phone.prove_with(|h, i, _| h < 4 || i == 0, |_, _| true, &[]);
    both.items.extend(clone.prove().items.into_iter().filter(|item| at(4, 1)(item)));
    let verdict = judge(&both, &knows_ledger(&phone));
    assert_eq!(line(&verdict, "ledger.one-history", "contradicted").facts["height"], 4);
    line(&verdict, "ledger.origin", "not-proven.integrity");
}

/// A node shows two histories. A witness that signed the head of one contradicts the other, if the verifier knows the witness.
#[test]
fn node_shows_two_histories() {
    let (shown_to_you, shown_to_me) = two_copies();
    let witness = somebody(60);
    let word = shown_to_you.countersign(&witness, None, 1);
    let proof = shown_to_me.prove_with(|_, _, _| true, |_, _| true, &[word]);
    let verdict = judge(&proof, &knows(&witness, "witness"));
    line(&verdict, "outside.countersignature", "contradicted.fork");
    // Whoever does not know the witness learns nothing.
    holds(&stranger(&proof));
    line(&stranger(&proof), "outside.countersignature", "not-proven.key");
    // A witness that asks for the way from the head it holds to the newer one is not fooled.
    assert!(way(&shown_to_me, 3, &shown_to_me, 4).is_ok());
    let mut longer = shown_to_me;
    longer.push(opened());
    longer.seal();
    assert!(way(&shown_to_you, 4, &longer, 5).is_err());
}

/// The way from block `old` of one copy to block `new` of the copy that is asked for it.
fn way(held: &Bank, old: usize, asked: &Bank, new: usize) -> yinzheng::Result<()> {
    let (older, newer) = (&held.blocks[old], &asked.blocks[new]);
    let history = asked.history(new as u64);
    ConsistencyProof::new(
        older.block.clone(),
        older.root,
        newer.block.clone(),
        newer.root,
        history,
    )?
    .verify(asked.head.keys())
}

/// A bank cuts the last blocks off its log, or all of it. Any prefix is in order; only a head kept elsewhere knows better.
#[test]
fn bank_cuts_its_log() {
    let whole = bank();
    let mut cut = bank();
    let dropped = cut.blocks.pop().unwrap();
    let verdict = stranger(&cut.prove());
    holds(&verdict);
    line(&verdict, "ledger.tail", "not-checked");
    line(&verdict, "dossier.tail", "not-checked");
    // The witness of the block that is gone: it cannot be proven, and the file says that it is not there.
    let witness = somebody(60);
    let word = whole.countersign(&witness, None, 1);
    let proof = cut.prove_with(|_, _, _| true, |_, _| true, &[word]);
    let verdict = judge(&proof, &knows(&witness, "witness"));
    let said = line(&verdict, "outside.countersignature", "not-proven.block");
    assert_eq!(said.facts["height"], dropped.block.header().height);
}

/// Somebody restores yesterday's backup. A head that the host keeps elsewhere, newer than the store, is a typed error; one that
/// is older is what a crash leaves, and no error.
#[test]
fn host_restores_yesterdays_backup() {
    let folder = tempfile::tempdir().unwrap();
    let (path, backup) = (folder.path().join("ledger.db"), folder.path().join("backup.db"));
    let key = honest::key(SigAlg::Ed25519, 1);
    let ledger = create(SqliteStore::create(&path).unwrap(), HashAlg::Sha256, &key);
    seal(&ledger, &key);
    let older = ledger.head().unwrap().unwrap();
    drop(ledger);
    std::fs::copy(&path, &backup).unwrap();
    let ledger = open(SqliteStore::open(&path).unwrap()).unwrap();
    append(&ledger, "1", None, Dossier::New);
    seal(&ledger, &key);
    let newer = ledger.head().unwrap().unwrap();
    drop(ledger);
    let opening = |path, head: &yinzheng::ledger::HeadInfo| {
        let expected_head = Some(ExpectedHead { height: head.height, block_hash: head.block_hash });
        let store = Box::new(SqliteStore::open(path).unwrap());
        Ledger::open(store, OpenOptions { expected_head, ..open_options() })
    };
    assert_eq!(honest::code(opening(&backup, &newer)), ErrorCode::HeadMismatch);
    assert!(opening(&backup, &older).is_ok(), "a mirror kept beside the store rolls back with it");
    assert!(opening(&path, &older).is_ok());
}

/// A bank rewrites an old block and seals everything after it anew. The new history is perfect in itself; whoever signed or
/// kept a head of the old one has the proof.
#[test]
fn bank_rewrites_its_history() {
    let old = bank();
    let mut new = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 1);
    for height in 1..old.blocks.len() {
        new.push(opened());
        assert_eq!(new.seal(), height as u64);
    }
    assert_eq!(old.id(), new.id(), "the same genesis");
    holds(&stranger(&new.prove()));
    let notary = somebody(61);
    let word = old.countersign(&notary, None, 1);
    let proof = new.prove_with(|_, _, _| true, |_, _| true, &[word]);
    let verdict = judge(&proof, &knows(&notary, "notary"));
    line(&verdict, "outside.countersignature", "contradicted.fork");
}

/// A sealer whose header, link and history disagree: the block itself is the proof.
#[test]
fn bank_lies_in_header_link_or_history() {
    for (check, outcome, lie) in [
        ("block.follows", "contradicted", 0),
        ("block.history", "contradicted", 1),
        ("block.follows", "contradicted", 2),
    ] {
        let mut bank = bank();
        bank.push(opened());
        bank.forge(|header, entries| match lie {
            0 => {
                entries[0] =
                    entry::Link { previous_block: [1; 32], previous_sealed: [2; 32] }.encode()
            }
            1 => header.history_root = [3; 32],
            _ => header.first_sequence += 7,
        });
        let verdict = stranger(&bank.prove());
        line(&verdict, check, outcome);
    }
}

/// A ledger that says it goes on from a bank's: where that one is shown the lie is plain; where not, nothing is proven.
#[test]
fn ledger_goes_on_from_one_that_knows_nothing_of_it() {
    let real = bank();
    let fake = |block_hash| {
        let key = scene::key(SigAlg::Ed25519, 77);
        let mut start = genesis(HashAlg::Sm3, &key, "示例银行");
        let typed = |bytes| hash::Digest { alg: HashAlg::Sm3, bytes };
        start.continues = Some(Continues {
            ledger_id: real.id(),
            height: 3,
            block_hash: typed(block_hash),
            sealed_digest: typed(*real.head.sealed_digest()),
            reason: ContinueReason::KeyLost,
        });
        Bank::start(key, start, 77)
    };
    let lie = Proof::join(vec![real.prove(), fake([9; 32]).prove()]).unwrap();
    line(&stranger(&lie), "ledger.continues", "contradicted");
    line(&stranger(&fake([9; 32]).prove()), "ledger.continues", "not-proven");
    // With the right digests it fits, for anybody can know those: it still is another ledger, and its origin is not proven.
    let copied = Proof::join(vec![real.prove(), fake(*real.head.block_hash()).prove()]).unwrap();
    let verdict = judge(&copied, &knows_ledger(&real));
    line(&verdict, "ledger.continues", "proven");
    line(&verdict, "ledger.origin", "not-proven");
    assert_eq!(verdict.summary[0].id, "origin-in-part");
}

/// A block is read and checked from nothing but its bytes: no proof of one ledger serves another.
#[test]
fn receipt_of_one_ledger_in_another() {
    let (one, other) = (bank(), scene::simple(HashAlg::Sm3, SigAlg::P256));
    let proof = changed(one.prove(), at(3, 1), |item| {
        item.receipt =
            other.prove().items.iter().find(|item| at(3, 1)(item)).unwrap().receipt.clone();
    });
    assert!(proof.encode().is_err(), "its ledger is not listed");
    let block: &Block = &other.blocks[3].block;
    let entries: Vec<&[u8]> = other.blocks[3].entries.iter().map(Vec::as_slice).collect();
    assert!(Head::check(Some(&one.head), &block.sealed_bytes(), &entries).is_err());
}
