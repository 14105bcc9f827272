//! Places, predecessors, duplicates, citations, corrections, ledgers that speak of each other.

use super::*;
use crate::entry::{ContinueReason, Continues, Event, Facts, ObservedHead, RefuseReason, Renewal};
use crate::hash::HashAlg;
use crate::proof::scene::{Bank, CONSENT, QUERY, genesis, key, simple};
use crate::record::{Citation, Record, RecordDraft, Relation};
use crate::sign::SigAlg;
use crate::time::TimeClaim;

const DOSSIER: [u8; 16] = [5; 16];

fn bank() -> Bank {
    Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 30)
}

/// Records at places 0 to `count` − 1, one in each block.
fn line_of(count: usize) -> (Bank, Vec<Digest>) {
    let mut bank = bank();
    let digests = (0..count)
        .map(|n| {
            let draft = bank.draft(CONSENT, &format!(r#"{{"授权编号":"A{n}"}}"#), &[]);
            let digest = bank.record(DOSSIER, &draft);
            bank.seal();
            digest
        })
        .collect();
    (bank, digests)
}

fn next(bank: &mut Bank) -> RecordDraft {
    bank.draft(CONSENT, r#"{"授权编号":"N"}"#, &[])
}

#[test]
fn missing_places_are_told() {
    let (bank, _) = line_of(5);
    for (hidden, missing) in [(vec![2], "2"), (vec![1, 2, 4], "0–1, 3"), (vec![1], "0")] {
        let proof = bank.prove_with(|height, _, _| !hidden.contains(&height), |_, _| true, &[]);
        let verdict = check(&proof);
        let found = line(&verdict, "dossier.places", "not-proven");
        let shown = found.facts["missing"].as_array().unwrap();
        let shown: Vec<&str> = shown.iter().map(|range| range.as_str().unwrap()).collect();
        match hidden.as_slice() {
            [2] => assert_eq!(shown, ["1"]),
            [1] => assert_eq!(shown, ["0"]),
            _ => assert_eq!(shown, ["0–1", "3"], "{missing}"),
        }
        assert!(!verdict.dossiers[0].parts[0].complete_up_to_last);
        only_contradicted(&verdict, &[]);
    }
    // The last one left out is not missing: nothing is said about what follows.
    let proof = bank.prove_with(|height, index, _| height < 5 || index == 0, |_, _| true, &[]);
    let verdict = check(&proof);
    line(&verdict, "dossier.places", "proven");
    assert_eq!(line(&verdict, "dossier.tail", "not-checked").facts["last"], 3);
}

#[test]
fn a_place_beyond_reason_costs_nothing() {
    let mut bank = bank();
    let draft = next(&mut bank);
    let far =
        draft.at(DOSSIER, (1 << 53) - 1, Some(Digest { alg: HashAlg::Sha256, bytes: [1; 32] }));
    bank.push(far.unwrap().encode());
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(verdict.dossiers[0].parts[0].missing, [[0, (1 << 53) - 2]]);
}

#[test]
fn two_entries_at_one_place_contradict_each_other() {
    let (mut bank, digests) = line_of(2);
    // Another record at place 1.
    let draft = next(&mut bank);
    bank.push(draft.at(DOSSIER, 1, Some(digests[0])).unwrap().encode());
    bank.seal();
    let verdict = check(&bank.prove());
    let found = line(&verdict, "dossier.one-per-place", "contradicted");
    assert_eq!(found.facts["place"], 1);
    assert_eq!(found.facts["entries"].as_array().unwrap().len(), 2);
    // A refused event beside the record that it says was dropped.
    let (mut bank, digests) = line_of(2);
    let facts = Facts::Refused {
        dossier: DOSSIER,
        place: 1,
        record: digests[1],
        reason: Some(RefuseReason::Declined),
        predecessor: Some(digests[0]),
    };
    bank.push(Event { time: TimeClaim::declared(1), facts }.encode());
    bank.seal();
    line(&check(&bank.prove()), "dossier.one-per-place", "contradicted");
    // The same record twice is one.
    let (mut bank, _) = line_of(2);
    let again = bank.blocks[2].entries[1].clone();
    bank.push(again);
    bank.seal();
    no_line(&check(&bank.prove()), "dossier.one-per-place", "contradicted");
}

#[test]
fn a_refused_event_takes_its_place() {
    let (mut bank, digests) = line_of(1);
    let draft = next(&mut bank);
    let (_, dropped) = bank.place(DOSSIER, &draft);
    let draft = next(&mut bank);
    bank.record(DOSSIER, &draft);
    bank.seal();
    line(&check(&bank.prove()), "dossier.places", "not-proven");
    let facts = Facts::Refused {
        dossier: DOSSIER,
        place: 1,
        record: dropped,
        reason: Some(RefuseReason::TimedOut),
        predecessor: Some(digests[0]),
    };
    bank.push(Event { time: TimeClaim::declared(1), facts }.encode());
    bank.seal();
    let verdict = check(&bank.prove());
    line(&verdict, "dossier.places", "proven");
    only_contradicted(&verdict, &["dossier.order"]);
}

#[test]
fn places_follow_each_other() {
    // A predecessor that is not what took the place before.
    let (mut bank, _) = line_of(2);
    let draft = next(&mut bank);
    let wrong = Digest { alg: HashAlg::Sha256, bytes: [7; 32] };
    bank.push(draft.at(DOSSIER, 2, Some(wrong)).unwrap().encode());
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(line(&verdict, "dossier.order", "contradicted").facts["what"], "predecessor");
    // A place that was sealed before the one it follows.
    let mut bank = bank_with_two_places_in_the_wrong_order();
    let verdict = check(&bank.prove());
    assert_eq!(line(&verdict, "dossier.order", "contradicted").facts["what"], "sealed-before");
    // In two blocks too.
    let second = bank.blocks.pop().unwrap();
    assert_eq!(second.entries.len(), 3);
}

fn bank_with_two_places_in_the_wrong_order() -> Bank {
    let mut bank = bank();
    let draft = next(&mut bank);
    bank.record(DOSSIER, &draft);
    let draft = next(&mut bank);
    bank.record(DOSSIER, &draft);
    bank.pending.reverse();
    bank.seal();
    bank
}

#[test]
fn monotonic_readings_rise_with_the_places() {
    let readings = |second: u64, boot: u8| {
        let mut bank = bank();
        for (reading, boot) in [(1_000, 1), (second, boot)] {
            let mut draft = next(&mut bank);
            draft.time.monotonic_ms = Some(reading);
            draft.time.boot_id = Some([boot; 16]);
            bank.record(DOSSIER, &draft);
        }
        bank.seal();
        check(&bank.prove())
    };
    line(&readings(1_000, 1), "record.monotonic", "proven");
    line(&readings(999, 1), "record.monotonic", "contradicted");
    assert_eq!(readings(999, 2).lines_of("record.monotonic").count(), 0, "another boot");
}

#[test]
fn citations_resolve_or_are_not_shown() {
    let (mut bank, digests) = line_of(1);
    let nowhere = Digest { alg: HashAlg::Sm3, bytes: [7; 32] };
    let draft = bank.draft(
        QUERY,
        "{}",
        &[(Relation::Reference, digests[0]), (Relation::Evidence, nowhere)],
    );
    bank.record(DOSSIER, &draft);
    bank.seal();
    let verdict = check(&bank.prove());
    let found = line(&verdict, "record.citations", "not-proven");
    assert_eq!((&found.facts["open"], &found.facts["resolved"]), (&1.into(), &1.into()));
    // The record that is cited is there, but changed: it does not count.
    let proof = tamper(bank.prove(), at(1, 1), |item| {
        let at = item.entry.windows(2).position(|two| two == [0x50, 5]).unwrap();
        item.entry[at + 1] = 6;
        item.disclosures.clear();
    });
    assert_eq!(line(&check(&proof), "record.citations", "not-proven").facts["open"], 2);
}

#[test]
fn consent_comes_before_its_use() {
    let mut bank = bank();
    let mut consent = next(&mut bank);
    let given = consent.time.captured.unix_ms;
    let mut used = |ms: i64, shift: i64| {
        let mut bank = self::bank();
        consent.time.captured.unix_ms = given + shift;
        let digest = bank.record(DOSSIER, &consent);
        let mut draft = bank.draft(QUERY, "{}", &[(Relation::Consent, digest)]);
        draft.time.captured.unix_ms = given + ms;
        bank.record(DOSSIER, &draft);
        bank.seal();
        bank.profiles.push(CONSENT.into());
        bank
    };
    line(&check(&used(0, 0).prove()), "consent.before-use", "proven");
    let late = check(&used(0, 1).prove());
    let found = line(&late, "consent.before-use", "contradicted");
    assert_eq!(found.head, "lawfulness");
    let hidden = used(1, 0).prove_with(|_, index, _| index != 1, |_, _| true, &[]);
    line(&check(&hidden), "consent.before-use", "not-proven");
    // Nothing at all about consent.
    let (bank, _) = line_of(2);
    line(&check(&bank.prove()), "consent.none", "not-checked");
}

#[test]
fn corrections_stay_within_their_dossier() {
    let (mut bank, digests) = line_of(1);
    let mut draft = next(&mut bank);
    draft.supersedes = Some(digests[0]);
    bank.record(DOSSIER, &draft);
    bank.seal();
    let verdict = check(&bank.prove());
    line(&verdict, "record.supersedes", "proven");
    assert_eq!(verdict.records[0].superseded_by.as_ref(), Some(&verdict.records[1].number));
    assert_eq!(verdict.records[1].superseded_by, None);
    // In another dossier.
    let (mut bank, digests) = line_of(1);
    let mut draft = next(&mut bank);
    draft.supersedes = Some(digests[0]);
    bank.record([6; 16], &draft);
    bank.seal();
    let verdict = check(&bank.prove());
    line(&verdict, "record.supersedes", "contradicted");
    assert_eq!(verdict.records[0].superseded_by, None);
    // Not shown.
    let (mut bank, _) = line_of(1);
    let mut draft = next(&mut bank);
    draft.supersedes = Some(Digest { alg: HashAlg::Sm3, bytes: [3; 32] });
    bank.record(DOSSIER, &draft);
    bank.seal();
    line(&check(&bank.prove()), "record.supersedes", "not-proven");
}

fn head_of(bank: &Bank, spoil: u8) -> (Digest, u64, Digest, Digest) {
    let head = &bank.head;
    let typed = |bytes: &[u8; 32]| Digest { alg: bank.hash, bytes: *bytes };
    let mut sealed = typed(head.sealed_digest());
    sealed.bytes[0] ^= spoil;
    (head.ledger_id(), head.height(), typed(head.block_hash()), sealed)
}

#[test]
fn an_observed_head_is_that_of_the_other_ledger() {
    let other = simple(HashAlg::Sm3, SigAlg::Sm2);
    for (spoil, outcome) in [(0, "proven"), (1, "contradicted")] {
        let (ledger_id, height, block_hash, sealed_digest) = head_of(&other, spoil);
        let time = TimeClaim::declared(1);
        let mut bank = bank();
        bank.push(ObservedHead { ledger_id, height, block_hash, sealed_digest, time }.encode());
        bank.seal();
        line(&check(&bank.prove()), "observed.head", "not-proven");
        let joined = Proof::join(vec![bank.prove(), other.prove()]).unwrap();
        line(&check(&joined), "observed.head", outcome);
    }
}

#[test]
fn a_ledger_continues_the_one_it_names() {
    let other = simple(HashAlg::Sm3, SigAlg::Sm2);
    let reason = ContinueReason::Restore;
    for (spoil, outcome) in [(0, "proven"), (1, "contradicted")] {
        let (ledger_id, height, block_hash, sealed_digest) = head_of(&other, spoil);
        let first = key(SigAlg::P256, 31);
        let mut start = genesis(HashAlg::Sha256, &first, "x");
        start.continues = Some(Continues { ledger_id, height, block_hash, sealed_digest, reason });
        let bank = Bank::start(first, start, 31);
        line(&check(&bank.prove()), "ledger.continues", "not-proven");
        let joined = Proof::join(vec![bank.prove(), other.prove()]).unwrap();
        line(&check(&joined), "ledger.continues", outcome);
    }
    // Restored: the older ledger went on elsewhere, which is no contradiction in itself.
    let (ledger_id, height, block_hash, _) = head_of(&other, 0);
    for (block_hash, outcome) in
        [(block_hash, "proven"), (Digest { bytes: [1; 32], ..block_hash }, "contradicted")]
    {
        let facts = Facts::Restored { ledger_id, height, block_hash };
        let mut bank = bank();
        bank.push(Event { time: TimeClaim::declared(1), facts }.encode());
        bank.seal();
        line(&check(&bank.prove()), "ledger.restored", "not-proven");
        let joined = Proof::join(vec![bank.prove(), other.prove()]).unwrap();
        line(&check(&joined), "ledger.restored", outcome);
    }
}

#[test]
fn a_renewal_is_not_checked() {
    let other = simple(HashAlg::Sm3, SigAlg::Sm2);
    let root = Digest { alg: HashAlg::Sha256, bytes: [1; 32] };
    let mut bank = bank();
    let renewal = Renewal { ledger_id: other.id(), first: 0, last: 3, root, leaves: 12 };
    bank.push(renewal.encode());
    bank.seal();
    line(&check(&bank.prove()), "renewal", "not-checked");
}

#[test]
fn a_predecessor_is_no_citation_to_resolve() {
    let (bank, digests) = line_of(2);
    let proof = bank.prove_with(|height, _, _| height != 1, |_, _| true, &[]);
    let verdict = check(&proof);
    assert_eq!(verdict.lines_of("record.citations").count(), 0);
    let bytes = &bank.blocks[2].entries[1];
    let record = Record::parse(bytes).unwrap();
    let expected = Citation { relation: Relation::Predecessor, digest: digests[0] };
    assert_eq!(record.citations, [expected]);
}

#[test]
fn what_is_named_as_the_place_before_must_have_taken_it() {
    // Place 5 names what took place 0; place 2 of another dossier names a record of this one.
    let (mut bank, digests) = line_of(2);
    let draft = next(&mut bank);
    bank.push(draft.at(DOSSIER, 5, Some(digests[0])).unwrap().encode());
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(line(&verdict, "dossier.order", "contradicted").facts["what"], "other-place");
    let (mut bank, digests) = line_of(2);
    let draft = next(&mut bank);
    bank.push(draft.at([6; 16], 2, Some(digests[1])).unwrap().encode());
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(line(&verdict, "dossier.order", "contradicted").facts["what"], "other-place");
    // Named and not shown is only missing.
    let proof = bank.prove_with(|height, _, _| height == 0 || height > 2, |_, _| true, &[]);
    only_contradicted(&check(&proof), &[]);
}
