//! Whose ledger it is, and files that were tampered with as files.

use crate::block::Receipt;
use crate::scene::{genesis, key};
use crate::*;

/// A clerk makes a ledger in the bank's name, with keys, records, signatures, everything. It is perfect in itself; only what the
/// verifier knows from elsewhere tells it from the bank's.
#[test]
fn clerk_makes_a_ledger_in_the_banks_name() {
    let real = bank();
    let clerk = || key(SigAlg::Ed25519, 66);
    let forged = Bank::start(clerk(), genesis(HashAlg::Sm3, &clerk(), "测试银行 1"), 66);
    let verdict = stranger(&forged.prove());
    holds(&verdict);
    assert_eq!(verdict.summary[0].id, "integrity-only");
    line(&verdict, "ledger.origin", "not-checked");
    assert_eq!(verdict.ledgers[0].organisation, stranger(&real.prove()).ledgers[0].organisation);
    for knowing in [knows_ledger(&real), knows(&real.key, "ledger")] {
        line(&judge(&forged.prove(), &knowing), "ledger.origin", "not-proven");
        assert_eq!(judge(&real.prove(), &knowing).summary[0].id, "origin-checked");
    }
}

/// The bank's genesis is public: a clerk puts it at the head of blocks of his own.
#[test]
fn clerk_takes_the_banks_genesis() {
    let real = bank();
    let clerk = || key(SigAlg::Ed25519, 66);
    let mut forged = Bank::start(clerk(), genesis(HashAlg::Sm3, &clerk(), "x"), 66);
    forged.blocks = vec![scene::seal_any(
        real.blocks[0].block.header(),
        real.blocks[0].entries.clone(),
        &clerk(),
    )];
    let verdict = judge(&forged.prove(), &knows_ledger(&real));
    line(&verdict, "block.signature", "contradicted");
    line(&verdict, "ledger.origin", "not-proven.integrity");
    // Or he writes the bank's id over his own genesis.
    let mut header = forged.blocks[0].block.header().clone();
    header.ledger_id = real.id().bytes;
    let own = vec![genesis(HashAlg::Sm3, &clerk(), "x").encode(), scene::opened()];
    forged.blocks = vec![scene::seal_any(&header, own, &clerk())];
    let verdict = judge(&forged.prove(), &knows_ledger(&real));
    line(&verdict, "ledger.genesis", "contradicted");
}

/// A countersignature in a notary's name, by a key of the forger's.
#[test]
fn somebody_countersigns_in_a_notarys_name() {
    let bank = bank();
    let word = bank.countersign(&somebody(67), Some(statement::Role::Notary), 1);
    let proof = bank.prove_with(|_, _, _| true, |_, _| true, &[word]);
    for verdict in [stranger(&proof), judge(&proof, &knows(&somebody(61), "notary"))] {
        line(&verdict, "outside.countersignature", "not-proven.key");
        assert_eq!(verdict.records[1].grade, "self");
    }
    // A notary's real word about another block, attached to this one.
    let notary = somebody(61);
    let mut moved = bank.countersign(&notary, None, 1);
    moved.digest.bytes = bank.blocks[1].block.sealed_digest();
    let proof = bank.prove_with(|_, _, _| true, |_, _| true, &[moved]);
    line(
        &judge(&proof, &knows(&notary, "notary")),
        "outside.countersignature",
        "contradicted.target",
    );
}

/// Index and size of a receipt stand outside the signature (RFC 9942). Our blocks sign the size, and the path fits one index.
#[test]
fn somebody_rewrites_a_receipt() {
    let bank = bank();
    let receipt = bank.blocks[3].block.receipt(1, bank.blocks[3].tree().path(1).unwrap());
    let mut larger = receipt.encode();
    let size = [0x83, 0x02, 0x01];
    let spot = larger.windows(3).position(|three| three == size).unwrap();
    larger[spot + 1] = 3;
    assert!(Receipt::parse(&larger).is_err());
    let moved = bank.blocks[3].block.receipt(0, receipt.path().to_vec()).encode();
    let proof = changed(bank.prove(), at(3, 0), |item| item.receipt = moved);
    let whole = proof.encode().map(|bytes| verify(&bytes, &Policy::empty(), AT));
    let verdict = whole.unwrap();
    line(&verdict, "entry.in-block", "contradicted");
}

/// Somebody writes a file again with another tool: not one byte of what was hashed may change, so what is not canonical is
/// refused, not repaired.
#[test]
fn somebody_writes_the_file_again() {
    let bytes = bank().prove().encode().unwrap();
    // The map's first key, 0, in two bytes instead of one.
    let longer = [&bytes[..1], &[0x18, 0x00], &bytes[2..]].concat();
    let more = [&bytes[..], &[0x00]].concat();
    for lie in [longer, more, bytes[..bytes.len() - 1].to_vec()] {
        let verdict = verify(&lie, &Policy::empty(), AT);
        assert!(verdict.is_unreadable());
        line(&verdict, "format.readable", "contradicted");
    }
}

/// A bank shows the timestamp of another file beside its newest block. What was stamped stands in the token, so no authority
/// need be known to see it.
#[cfg(feature = "x509")]
#[test]
fn bank_shows_a_stamp_of_something_else() {
    use crate::anchor::{Outside, OutsideKind, TargetKind};

    let bank = bank();
    let file = include_str!("../../../tests/vectors/x509/timestamp.json");
    let vectors: serde_json::Value = serde_json::from_str(file).unwrap();
    let good = vectors["cases"][0]["hex"].as_str().unwrap();
    let stamp = Outside {
        kind: OutsideKind::TimestampToken,
        bytes: hex::decode(good).unwrap(),
        target: TargetKind::Block,
        digest: crate::hash::Digest { alg: bank.hash, bytes: *bank.head.sealed_digest() },
    };
    let verdict = stranger(&bank.prove_with(|_, _, _| true, |_, _| true, &[stamp]));
    line(&verdict, "outside.token", "contradicted.imprint");
    line(&verdict, "record.not-later", "not-proven");
}
