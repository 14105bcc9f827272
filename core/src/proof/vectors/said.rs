//! Proofs that can be read and do not hold: what is said in them, by parties, of dossiers, of other ledgers, by outsiders.

use super::*;
use crate::entry::{ContinueReason, Continues, Event, Facts, ObservedHead, RefuseReason};
use crate::key::{KeyEntry, KeyRole};
use crate::proof::scene::{CONSENT, genesis, key};
use crate::statement::Role;
use crate::time::TimeClaim;

const DOSSIER: [u8; 16] = [8; 16];

/// A ledger with a customer's key, and a statement of hers that `change` may spoil before it is sealed.
fn stated(role: Role, change: impl FnOnce(&mut Bank, &mut Vec<u8>)) -> Proof {
    let mut bank = bank();
    let signer = key(SigAlg::Sm2, 21);
    let kid = bank.enrol(KeyRole::Customer, &signer);
    bank.seal();
    let draft = bank.draft(CONSENT, r#"{"授权编号":"A1"}"#, &[]);
    let terms = bank.terms(Some(kid), role);
    bank.signed_record(DOSSIER, &draft, &signer, &terms);
    let mut statement = bank.pending.pop().unwrap();
    change(&mut bank, &mut statement);
    bank.push(statement);
    bank.seal();
    bank.prove()
}

fn statements() -> Vec<Case> {
    let no = Outcome::Contradicted;
    let spoilt = stated(Role::Customer, |_, statement| *statement.last_mut().unwrap() ^= 1);
    let payload = stated(Role::Customer, |_, statement| {
        let at = statement.windows(4).position(|four| four == [0x50, 8, 8, 8]).unwrap();
        statement[at + 1] = 9;
    });
    let lender = stated(Role::Lender, |_, _| {});
    let revoked = stated(Role::Customer, |bank, _| {
        let kid = KeyEntry::digest(&bank.blocks[4].entries[1], bank.hash);
        bank.revoke(KeyRole::Customer, kid, crate::key::RevokeReason::Retired, 0);
        bank.seal();
    });
    let mut meant = bank();
    let customer = key(SigAlg::P256, 9);
    let kid = KeyEntry::digest(&meant.blocks[1].entries[1], meant.hash);
    let draft = meant.draft(CONSENT, r#"{"授权编号":"A2"}"#, &[]);
    let mut terms = meant.terms(Some(kid), Role::Customer);
    terms.audience = Some(Digest { alg: HashAlg::Sm3, bytes: [8; 32] });
    meant.signed_record(DOSSIER, &draft, &customer, &terms);
    meant.seal();
    vec![
        Case::bare(
            "statement-signature",
            "a bit of its signature",
            &spoilt,
            no(&["statement.signature"]),
        ),
        Case::bare(
            "statement-record",
            "a byte of the record in it, whose number its header names",
            &payload,
            Outcome::Refused("DigestMismatch"),
        ),
        Case::bare(
            "statement-role",
            "a customer's key speaks for the lender",
            &lender,
            no(&["statement.role"]),
        ),
        Case::bare(
            "statement-revoked",
            "the key was revoked before",
            &revoked,
            no(&["statement.key"]),
        ),
        Case::bare(
            "statement-audience",
            "meant for another ledger",
            &meant.prove(),
            no(&["statement.audience"]),
        ),
    ]
}

fn dossiers() -> Vec<Case> {
    let no = Outcome::Contradicted;
    let line = || {
        let mut bank = bank();
        let digests = [1, 2].map(|_| {
            let draft = bank.draft(CONSENT, r#"{"授权编号":"A1"}"#, &[]);
            bank.record(DOSSIER, &draft)
        });
        bank.seal();
        (bank, digests)
    };
    let another = |place: u64, before: Digest| {
        let (mut bank, _) = line();
        let draft = bank.draft(CONSENT, r#"{"授权编号":"A3"}"#, &[]);
        bank.push(draft.at(DOSSIER, place, Some(before)).unwrap().encode());
        bank.seal();
        bank.prove()
    };
    let (mut bank, digests) = line();
    let facts = Facts::Refused {
        dossier: DOSSIER,
        place: 1,
        record: digests[1],
        reason: Some(RefuseReason::Declined),
        predecessor: Some(digests[0]),
    };
    bank.push(Event { time: TimeClaim::declared(1), facts }.encode());
    bank.seal();
    let wrong = Digest { alg: HashAlg::Sha256, bytes: [7; 32] };
    vec![
        Case::bare(
            "place-twice",
            "two records at one place",
            &another(1, digests[0]),
            no(&["dossier.one-per-place"]),
        ),
        Case::bare(
            "place-refused",
            "a record and a refusal at one place",
            &bank.prove(),
            no(&["dossier.one-per-place"]),
        ),
        Case::bare(
            "predecessor",
            "not what stands at the place before",
            &another(2, wrong),
            no(&["dossier.order"]),
        ),
    ]
}

/// What is said about other ledgers, and what others say.
fn others() -> Vec<Case> {
    let no = Outcome::Contradicted;
    let other = simple(HashAlg::Sm3, SigAlg::Sm2);
    let typed = |bytes: &[u8; 32]| Digest { alg: other.hash, bytes: *bytes };
    let (ledger_id, height) = (other.id(), other.head.height());
    let block_hash = typed(other.head.block_hash());
    let sealed_digest = typed(&[6; 32]);
    let joined = |bank: &Bank| Proof::join(vec![bank.prove(), other.prove()]).unwrap();
    let with = |entry: Vec<u8>| {
        let mut bank = bank();
        bank.push(entry);
        bank.seal();
        joined(&bank)
    };
    let time = TimeClaim::declared(1);
    let observed =
        ObservedHead { ledger_id, height, block_hash, sealed_digest, time: time.clone() };
    let facts = Facts::Restored { ledger_id, height, block_hash: sealed_digest };
    let first = key(SigAlg::P256, 31);
    let mut start = genesis(HashAlg::Sha256, &first, "x");
    let reason = ContinueReason::Restore;
    start.continues = Some(Continues { ledger_id, height, block_hash, sealed_digest, reason });
    let continues = Bank::start(first, start, 31);
    let notary = key(SigAlg::Ed25519, 63);
    let policy = knows(&[(&notary, "notary")]);
    let mut spoilt = bank().countersign(&notary, Some(Role::Notary), 1);
    *spoilt.bytes.last_mut().unwrap() ^= 1;
    // It names the head of another ledger and is attached to this one's.
    let mut elsewhere = simple(HashAlg::Sha256, SigAlg::P256).countersign(&notary, None, 1);
    elsewhere.digest.bytes = *bank().head.sealed_digest();
    let word = |word| bank().prove_with(|_, _, _| true, |_, _| true, &[word]);
    let (spoilt, elsewhere) = (word(spoilt), word(elsewhere));
    let check = no(&["outside.countersignature"]);
    vec![
        Case::bare(
            "observed-false",
            "another ledger's head, otherwise",
            &with(observed.encode()),
            no(&["observed.head"]),
        ),
        Case::bare(
            "restored-false",
            "restored to a block that is not there",
            &with(Event { time, facts }.encode()),
            no(&["ledger.restored"]),
        ),
        Case::bare(
            "continues-false",
            "it goes on from a block that is not there",
            &joined(&continues),
            no(&["ledger.continues"]),
        ),
        Case::bare("countersignature-spoilt", "a bit of its signature", &spoilt, check)
            .with(policy.clone()),
        Case::bare("countersignature-elsewhere", "it is about another ledger", &elsewhere, check)
            .with(policy),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [statements(), dossiers(), others()].into_iter().flatten().collect()
}
