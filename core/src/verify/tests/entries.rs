//! Entries that were changed, that stand where they must not, or that a later version wrote.

use super::*;
use crate::codec::MapBuilder;
use crate::entry::{Event, Facts, Link};
use crate::hash::HashAlg;
use crate::proof::scene::{Bank, genesis, key, opened, seal_any, simple};
use crate::sign::SigAlg;
use crate::time::TimeClaim;

fn bank() -> Bank {
    simple(HashAlg::Sm3, SigAlg::P256)
}

/// What is pending is sealed by somebody who keeps no rule.
fn forged(entries: Vec<Vec<u8>>) -> Verdict {
    let mut bank = bank();
    bank.push(opened());
    bank.forge(|_, all| {
        all.truncate(1);
        all.extend(entries);
    });
    check(&bank.prove())
}

#[test]
fn a_changed_entry_is_found_beside_one_that_is_not() {
    // The record of block 3; the head's link stays as it was.
    let proof = tamper(bank().prove(), at(3, 1), |item| {
        // Another dossier id.
        let at = item.entry.windows(4).position(|four| four == [0x50, 1, 1, 1]).unwrap();
        item.entry[at + 1] = 2;
    });
    let verdict = check(&proof);
    let found = line(&verdict, "entry.in-block", "contradicted");
    assert!(found.subject.starts_with("R-"));
    only_contradicted(&verdict, &["entry.in-block"]);
    assert_eq!(verdict.records[1].sealed, Status::Contradicted);
    assert_eq!(verdict.records[1].grade, "self");
    // It takes no place: the dossier ends before it.
    assert_eq!(verdict.dossiers.len(), 1);
    assert_eq!(verdict.dossiers[0].parts[0].places, [0]);
    // A path that leads elsewhere, in the same way.
    let proof = tamper(bank().prove(), at(1, 1), |item| {
        let receipt = item.receipt().unwrap();
        let mut path = receipt.path().to_vec();
        path[0][31] ^= 0x80;
        item.receipt = receipt.block().receipt(receipt.index(), path).encode();
    });
    let verdict = check(&proof);
    let found = line(&verdict, "entry.in-block", "contradicted");
    assert!(found.subject.ends_with("/1/1"));
}

#[test]
fn a_receipt_of_another_entry_does_not_serve() {
    let bank = bank();
    let other = bank.prove().items.iter().find(|item| at(2, 1)(item)).unwrap().entry.clone();
    let proof = tamper(bank.prove(), at(3, 1), |item| item.entry = other.clone());
    let proof = tamper(proof, at(3, 1), |item| item.disclosures.clear());
    line(&check(&tidy(proof)), "entry.in-block", "contradicted");
}

#[test]
fn unknown_critical_content_is_never_proven() {
    let kind = MapBuilder::new().put_uint(0, 20).put_uint(1, 1).finish();
    let keyed = {
        let bytes = opened();
        let map = crate::codec::Item::parse(&bytes, bytes.len()).unwrap().map().unwrap();
        map.iter()
            .fold(MapBuilder::new(), |built, (key, value)| built.put_raw(key, value.bytes()))
            .put_uint(63, 1)
            .finish()
    };
    for entry in [kind, keyed] {
        let mut bank = bank();
        bank.push(opened());
        bank.push(entry);
        bank.seal();
        let verdict = check(&bank.prove());
        line(&verdict, "entry.in-block", "not-proven.critical");
        assert_eq!(verdict.count(Status::Contradicted), 0, "others are not harmed");
    }
}

#[test]
fn unknown_optional_content_is_not_checked() {
    let kind = MapBuilder::new().put_uint(0, 100).put_uint(1, 1).finish();
    let keyed = {
        let bytes = opened();
        let map = crate::codec::Item::parse(&bytes, bytes.len()).unwrap().map().unwrap();
        map.iter()
            .fold(MapBuilder::new(), |built, (key, value)| built.put_raw(key, value.bytes()))
            .put_uint(64, 1)
            .finish()
    };
    for entry in [kind, keyed] {
        let mut bank = bank();
        bank.push(entry);
        bank.seal();
        let verdict = check(&bank.prove());
        line(&verdict, "entry.readable", "not-checked");
        all_proven(&verdict, "entry.in-block");
    }
}

#[test]
fn genesis_and_links_stand_where_they_must() {
    let genesis = genesis(HashAlg::Sm3, &key(SigAlg::P256, 1), "x").encode();
    let link = Link { previous_block: [0; 32], previous_sealed: [0; 32] }.encode();
    for (entry, what) in [(genesis, "genesis"), (link, "link")] {
        let verdict = forged(vec![entry]);
        assert_eq!(line(&verdict, "entry.position", "contradicted").facts["what"], what);
    }
    // Something else where the link must stand.
    let mut bank = bank();
    bank.push(opened());
    bank.forge(|_, all| all[0] = opened());
    let verdict = check(&bank.prove());
    assert_eq!(line(&verdict, "entry.position", "contradicted").facts["what"], "link-expected");
    // Block 0 without its opened event.
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::P256, 1);
    let header = bank.blocks[0].block.header().clone();
    let facts = Facts::Clock { step_ms: 1, boot_before: None, boot_after: None };
    let clock = Event { time: TimeClaim::declared(1), facts }.encode();
    let entries = vec![bank.blocks[0].entries[0].clone(), clock];
    bank.blocks = vec![seal_any(&header, entries, &bank.key)];
    let verdict = check(&bank.prove());
    assert_eq!(line(&verdict, "entry.position", "contradicted").facts["what"], "opened-expected");
}

#[test]
fn nothing_follows_the_closed_event() {
    let facts = Facts::Closed { successor_key: None, successor_nonce: None };
    let closed = Event { time: TimeClaim::declared(1), facts }.encode();
    // In its own block.
    let verdict = forged(vec![closed.clone(), opened()]);
    assert_eq!(line(&verdict, "entry.position", "contradicted").facts["what"], "after-closed");
    // In a later block.
    let mut bank = bank();
    bank.push(opened());
    bank.pending.push(closed);
    bank.forge(|_, _| {});
    let (block, before) = (bank.blocks.pop().unwrap(), bank.head.clone());
    let entries: Vec<&[u8]> = block.entries.iter().map(Vec::as_slice).collect();
    let sealed = crate::block::Head::check(Some(&before), &block.block.sealed_bytes(), &entries);
    assert!(sealed.unwrap().head.is_closed());
    // The sealer goes on as if nothing had been closed.
    let header = crate::block::BlockHeader {
        height: 5,
        first_sequence: block.block.header().first_sequence + 2,
        previous_block: Some(block.block.block_hash(&block.root)),
        ..block.block.header().clone()
    };
    let link = Link {
        previous_block: block.block.block_hash(&block.root),
        previous_sealed: block.block.sealed_digest(),
    };
    bank.blocks.push(block);
    bank.blocks.push(seal_any(&header, vec![link.encode(), opened()], &bank.key));
    let verdict = check(&bank.prove());
    assert_eq!(line(&verdict, "entry.position", "contradicted").facts["what"], "after-closed");
}

#[test]
fn form_refuses_the_whole() {
    let bank = bank();
    let good = bank.prove();
    let unreadable = |proof: &Proof| assert!(proof.encode().is_err());
    // A malformed entry, disclosures beside a link, a profile that no record names.
    unreadable(&tamper(good.clone(), at(3, 1), |item| item.entry = vec![0xa1, 0x00, 0x02]));
    let disclosure = good.items.iter().find(|item| at(3, 1)(item)).unwrap().disclosures.clone();
    unreadable(&tamper(good.clone(), at(3, 0), |item| item.disclosures = disclosure.clone()));
    let mut proof = good.clone();
    proof.profiles.push(b"{}".to_vec());
    unreadable(&proof);
    for bytes in [&b""[..], b"junk", &[0xa0], &[0xff; 40]] {
        let verdict = verify(bytes, &Policy::empty(), AT);
        assert!(verdict.is_unreadable());
        line(&verdict, "format.readable", "contradicted");
        assert!(verdict.text(Lang::En).starts_with("unreadable"));
    }
    let bytes = good.encode().unwrap();
    for cut in [1, bytes.len() / 2, bytes.len() - 1] {
        assert!(verify(&bytes[..cut], &Policy::empty(), AT).is_unreadable());
    }
    assert!(verify(&[&bytes[..], &[0]].concat(), &Policy::empty(), AT).is_unreadable());
}
