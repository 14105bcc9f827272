//! Whole ledgers as sync bundles.

use super::*;
use crate::bundle::{BundleBlock, BundleHeader, BundleWriter};
use crate::codec::MapBuilder;
use crate::entry::{Event, Facts};
use crate::hash::HashAlg;
use crate::proof::scene::{CONSENT, opened, simple};
use crate::sign::SigAlg;
use crate::time::TimeClaim;

fn blocks(bank: &Bank) -> Vec<BundleBlock> {
    let block = |sealed: &crate::proof::scene::Sealed| BundleBlock {
        sealed: sealed.block.sealed_bytes(),
        entries: sealed.entries.clone(),
        outside: Vec::new(),
    };
    bank.blocks.iter().map(block).collect()
}

fn write(bank: &Bank, first: u64, blocks: &[BundleBlock]) -> Vec<u8> {
    let last = bank.blocks.last().unwrap();
    let header = BundleHeader {
        ledger_id: bank.id(),
        first,
        last: last.block.header().height,
        block_hash: last.block.block_hash(&last.root),
        sealed_digest: last.block.sealed_digest(),
    };
    let mut writer = BundleWriter::new(Vec::new(), header).unwrap();
    for block in blocks {
        writer.block(block).unwrap();
    }
    writer.finish().unwrap()
}

fn whole(bank: &Bank) -> Vec<u8> {
    write(bank, 0, &blocks(bank))
}

/// The whole ledger, with words beside its last block.
pub(super) fn whole_with(bank: &Bank, words: &[crate::anchor::Outside]) -> Vec<u8> {
    let mut blocks = blocks(bank);
    blocks.last_mut().unwrap().outside = words.to_vec();
    write(bank, 0, &blocks)
}

fn read(bytes: &[u8]) -> Verdict {
    verify_bundle(bytes, &Policy::empty(), AT)
}

#[test]
fn an_honest_ledger_holds() {
    for hash in HashAlg::ALL {
        for alg in SigAlg::ALL {
            let bank = simple(hash, alg);
            let bytes = whole(&bank);
            let verdict = verify_bundle(&bytes[..], &ledger_policy(&[&bank]), AT);
            assert_eq!(verdict.count(Status::Contradicted), 0, "{}", verdict.text(Lang::En));
            for check in ["bundle.blocks", "bundle.complete", "ledger.genesis", "ledger.origin"] {
                all_proven(&verdict, check);
            }
            assert_eq!(verdict.summary[0].id, "origin-checked");
            assert_eq!(verdict.ledgers[0].blocks, 4);
            assert_eq!(verdict.inputs.evidence.size, bytes.len() as u64);
            assert_eq!(
                verdict.inputs.evidence.sha256,
                hex::encode(&HashAlg::Sha256.digest(&bytes))
            );
            assert_eq!(
                verdict.to_json(),
                verify_bundle(&bytes[..], &ledger_policy(&[&bank]), AT).to_json()
            );
            assert_eq!(read(&bytes).summary[0].id, "integrity-only");
        }
    }
}

#[test]
fn a_changed_block_is_found() {
    let bank = simple(HashAlg::Sha256, SigAlg::Ed25519);
    let change = |change: &dyn Fn(&mut Vec<BundleBlock>)| {
        let mut blocks = blocks(&bank);
        change(&mut blocks);
        read(&write(&bank, 0, &blocks))
    };
    let verdict = change(&|blocks| blocks[2].entries[1] = opened());
    assert_eq!(line(&verdict, "bundle.blocks", "contradicted").facts["height"], 2);
    let verdict = change(&|blocks| *blocks[1].sealed.last_mut().unwrap() ^= 1);
    assert_eq!(line(&verdict, "bundle.blocks", "contradicted").facts["height"], 1);
    assert!(verdict.ledgers[0].known_as.is_none());
    // A block without entries is no block; those before it hold.
    let verdict = change(&|blocks| drop(blocks[3].entries.pop()));
    line(&verdict, "bundle.complete", "contradicted");
    assert_eq!(line(&verdict, "bundle.blocks", "proven").facts["last"], 2);
    no_line(&verdict, "ledger.origin", "proven.ledger");
}

#[test]
fn a_cut_bundle_is_found() {
    let bank = simple(HashAlg::Sha256, SigAlg::Ed25519);
    let bytes = whole(&bank);
    for cut in [bytes.len() - 1, bytes.len() - 40, bytes.len() / 2] {
        line(&read(&bytes[..cut]), "bundle.complete", "contradicted");
    }
    line(&read(&[&bytes[..], &[0]].concat()), "bundle.complete", "contradicted");
    // Cut so that the header knows nothing of it, by somebody who holds an older head.
    let mut short = simple(HashAlg::Sha256, SigAlg::Ed25519);
    short.blocks.pop();
    let verdict = read(&whole(&short));
    assert_eq!(verdict.count(Status::Contradicted), 0);
    assert_eq!(line(&verdict, "ledger.tail", "not-checked").facts["height"], 2);
}

#[test]
fn what_is_no_bundle_is_unreadable() {
    let bank = simple(HashAlg::Sha256, SigAlg::Ed25519);
    let proof = bank.prove().encode().unwrap();
    for bytes in [&b""[..], b"junk", &proof] {
        assert!(read(bytes).is_unreadable());
    }
}

#[test]
fn a_part_of_a_ledger_cannot_be_checked_alone() {
    let bank = simple(HashAlg::Sha256, SigAlg::Ed25519);
    let verdict = read(&write(&bank, 2, &blocks(&bank)[2..]));
    line(&verdict, "bundle.blocks", "not-proven");
    no_line(&verdict, "bundle.complete", "proven");
    assert_eq!(verdict.count(Status::Contradicted), 0);
}

#[test]
fn places_are_unique_and_follow_each_other() {
    let sealed = |change: &dyn Fn(&mut Bank)| {
        let mut bank = simple(HashAlg::Sm3, SigAlg::Ed25519);
        change(&mut bank);
        bank.seal();
        read(&whole(&bank))
    };
    let twice = |bank: &mut Bank| {
        let draft = bank.draft(CONSENT, "{}", &[]);
        let record = draft.at([1; 16], 0, None).unwrap();
        bank.push(record.encode());
    };
    line(&sealed(&twice), "dossier.one-per-place", "contradicted");
    let gap = |bank: &mut Bank| {
        let draft = bank.draft(CONSENT, "{}", &[]);
        let before = Digest { alg: HashAlg::Sm3, bytes: [1; 32] };
        bank.push(draft.at([1; 16], 7, Some(before)).unwrap().encode());
    };
    let verdict = sealed(&gap);
    assert_eq!(line(&verdict, "dossier.order", "contradicted").facts["what"], "missing-before");
    let wrong = |bank: &mut Bank| {
        let draft = bank.draft(CONSENT, "{}", &[]);
        let before = Digest { alg: HashAlg::Sm3, bytes: [1; 32] };
        bank.push(draft.at([1; 16], 2, Some(before)).unwrap().encode());
    };
    let verdict = sealed(&wrong);
    assert_eq!(line(&verdict, "dossier.order", "contradicted").facts["what"], "predecessor");
    // The same record again, bare beside its statement, is one.
    let again = |bank: &mut Bank| {
        let record = bank.blocks[3].entries[1].clone();
        bank.push(record);
    };
    only_contradicted(&sealed(&again), &[]);
}

#[test]
fn unknown_entries_harm_nothing_but_themselves() {
    let mut bank = simple(HashAlg::Sm3, SigAlg::Ed25519);
    bank.push(MapBuilder::new().put_uint(0, 20).finish());
    bank.push(MapBuilder::new().put_uint(0, 100).finish());
    let facts = Facts::Damage { at: 1, what: 1 };
    bank.push(Event { time: TimeClaim::declared(1), facts }.encode());
    bank.seal();
    let verdict = read(&whole(&bank));
    line(&verdict, "entry.in-block", "not-proven.critical");
    line(&verdict, "entry.readable", "not-checked");
    line(&verdict, "bundle.blocks", "proven");
}
