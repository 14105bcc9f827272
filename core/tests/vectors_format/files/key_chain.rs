//! `chains` of `key.json`: key entries one after the other, under a ledger's first key (format §5.1).

use serde_json::{Value, json};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::{Custody, KeyClaims, KeyEntry, KeyRole, LedgerKeys, RevokeReason, SignerKeys};
use yinzheng::sign::SigAlg;

use super::key::ledger_id;
use crate::hex;
use crate::scene::{CUSTOMER, LEDGER, NEXT_LEDGER, OTHER};
use crate::testing::{key, key_entry};

const HASH: HashAlg = HashAlg::Sm3;
const ALG: SigAlg = SigAlg::Ed25519;

/// The first key's entry, and entries with the height of their block.
struct Chain {
    first: Vec<u8>,
    entries: Vec<(u64, Vec<u8>)>,
}

fn chain(entries: Vec<(u64, Vec<u8>)>) -> Chain {
    let claims =
        KeyClaims::enrol(KeyRole::Ledger, key(ALG, LEDGER).public().clone(), Custody::Hsm, 0);
    Chain { first: KeyEntry::new(&claims).encode(), entries }
}

fn committed(entries: Vec<(u64, Vec<u8>)>) -> Chain {
    let claims = KeyClaims {
        next_key: Some(KeyClaims::commitment_to(key(ALG, NEXT_LEDGER).public(), HASH)),
        ..KeyClaims::enrol(KeyRole::Ledger, key(ALG, LEDGER).public().clone(), Custody::Hsm, 0)
    };
    Chain { first: KeyEntry::new(&claims).encode(), entries }
}

fn digest(entry: &[u8]) -> [u8; 32] {
    KeyEntry::digest(entry, HASH)
}

fn rotate(before: [u8; 32], epoch: u64, seed: u8) -> Vec<u8> {
    let new = key(ALG, seed);
    let claims = KeyClaims::rotate(
        KeyRole::Ledger,
        new.public().clone(),
        Custody::Hsm,
        5,
        before,
        Some(epoch),
    );
    key_entry(&claims, &new, &ledger_id())
}

fn revoke(role: KeyRole, target: [u8; 32], reason: RevokeReason) -> Vec<u8> {
    KeyEntry::new(&KeyClaims::revoke(role, target, reason, 9)).encode()
}

fn party(role: KeyRole, seed: u8, before: Option<[u8; 32]>) -> Vec<u8> {
    let key = key(SigAlg::Sm2, seed);
    let public = key.public().clone();
    let claims = match before {
        None => KeyClaims::enrol(role, public, Custody::Shield, 1),
        Some(before) => KeyClaims::rotate(role, public, Custody::Shield, 2, before, None),
    };
    key_entry(&claims, &key, &ledger_id())
}

/// What the chain comes to; an entry that breaks a rule is named by its place in the list.
fn read(chain: &Chain) -> Result<Value, (usize, &'static str)> {
    let mut ledger = LedgerKeys::from_genesis(&chain.first, HASH, ledger_id()).unwrap();
    let mut signers = SignerKeys::new(HASH, ledger_id());
    for (at, (height, entry)) in chain.entries.iter().enumerate() {
        ledger
            .apply(entry, *height)
            .and_then(|()| signers.apply(entry, *height))
            .map_err(|error| (at, error.code().name()))?;
    }
    let keys = ledger.all().iter().chain(signers.all()).map(|key| {
        crate::facts::present(json!({
            "kid": hex(key.kid),
            "role": key.role.number(),
            "epoch": key.epoch,
            "since": key.since,
            "ended": key.ended,
            "revoked": key.revoked.map(|(height, reason)| json!([height, reason.number()])),
        }))
    });
    let last = chain.entries.last().map_or(0, |(height, _)| height + 1);
    let in_force: Vec<String> = (0..=last).map(|height| hex(ledger.at(height).kid)).collect();
    Ok(json!({"keys": keys.collect::<Vec<_>>(), "in_force_by_height": in_force}))
}

pub(crate) fn all() -> Value {
    let list: Vec<(&str, &str, Chain, Result<(), (usize, &str)>)> =
        accepted().into_iter().chain(refused_ledger()).chain(refused_parties()).collect();
    let accepted = list.iter().filter(|(.., result)| result.is_ok()).count();
    assert!(list.len() >= 3 * accepted, "two refused for each accepted");
    let described = list.into_iter().map(|(name, what, chain, expected)| {
        let found = read(&chain);
        assert_eq!(found.as_ref().map(|_| ()).map_err(|error| *error), expected, "{name}");
        let entries: Vec<Value> = chain
            .entries
            .iter()
            .map(|(height, entry)| json!({"height": height, "hex": hex(entry)}))
            .collect();
        let mut case = json!({
            "name": name,
            "what": what,
            "ledger_id": ledger_id().to_string(),
            "first": hex(&chain.first),
            "entries": entries,
        });
        match found {
            Ok(facts) => {
                case["result"] = json!("ok");
                case["facts"] = facts;
            }
            Err((at, error)) => {
                case["result"] = json!(error);
                case["at"] = json!(at);
            }
        }
        case
    });
    Value::Array(described.collect())
}

type Case = (&'static str, &'static str, Chain, Result<(), (usize, &'static str)>);

fn first_kid() -> [u8; 32] {
    digest(&chain(vec![]).first)
}

fn accepted() -> Vec<Case> {
    let second = rotate(first_kid(), 1, NEXT_LEDGER);
    let third = rotate(digest(&second), 2, OTHER);
    let customer = party(KeyRole::Customer, CUSTOMER, None);
    let newer = party(KeyRole::Customer, OTHER, Some(digest(&customer)));
    let wanted = rotate(digest(&committed(vec![]).first), 1, NEXT_LEDGER);
    vec![
        ("first-only", "no entry after genesis", chain(vec![]), Ok(())),
        (
            "rotations",
            "two rotations, each in force from the next block",
            chain(vec![(2, second.clone()), (5, third)]),
            Ok(()),
        ),
        (
            "rotation-in-block-0",
            "a rotation right after genesis",
            chain(vec![(0, second.clone())]),
            Ok(()),
        ),
        ("committed", "the key that genesis committed to", committed(vec![(1, wanted)]), Ok(())),
        (
            "retired-revoked",
            "a retired ledger key turns out compromised",
            chain(vec![
                (2, second),
                (3, revoke(KeyRole::Ledger, first_kid(), RevokeReason::Compromised)),
            ]),
            Ok(()),
        ),
        (
            "parties",
            "a customer's key is enrolled, replaced, and the new one lost",
            chain(vec![
                (1, customer),
                (2, newer.clone()),
                (4, revoke(KeyRole::Customer, digest(&newer), RevokeReason::Lost)),
            ]),
            Ok(()),
        ),
    ]
}

fn refused_ledger() -> Vec<Case> {
    let second = rotate(first_kid(), 1, NEXT_LEDGER);
    let third = rotate(digest(&second), 2, OTHER);
    let revoked = revoke(KeyRole::Ledger, first_kid(), RevokeReason::Compromised);
    let other = {
        let new = key(ALG, NEXT_LEDGER);
        let claims = KeyClaims::rotate(
            KeyRole::Ledger,
            new.public().clone(),
            Custody::Hsm,
            5,
            first_kid(),
            Some(1),
        );
        key_entry(&claims, &new, &Digest::of(HASH, b"another ledger"))
    };
    let enrolled = {
        let new = key(ALG, NEXT_LEDGER);
        let claims = KeyClaims::enrol(KeyRole::Ledger, new.public().clone(), Custody::Hsm, 5);
        key_entry(&claims, &new, &ledger_id())
    };
    vec![
        (
            "epoch-skipped",
            "epoch 2 after 0",
            chain(vec![(1, rotate(first_kid(), 2, NEXT_LEDGER))]),
            Err((0, "OutOfRange")),
        ),
        (
            "epoch-again",
            "epoch 0 after 0",
            chain(vec![(1, rotate(first_kid(), 0, NEXT_LEDGER))]),
            Err((0, "OutOfRange")),
        ),
        (
            "from-nowhere",
            "the entry before is none of this ledger",
            chain(vec![(1, rotate([7; 32], 1, NEXT_LEDGER))]),
            Err((0, "KeyNotInForce")),
        ),
        (
            "from-retired",
            "a fork: the second rotation starts at the first key again",
            chain(vec![(1, second.clone()), (2, rotate(first_kid(), 2, OTHER))]),
            Err((1, "KeyNotInForce")),
        ),
        (
            "replayed",
            "the same rotation twice",
            chain(vec![(1, second.clone()), (2, second.clone())]),
            Err((1, "KeyNotInForce")),
        ),
        (
            "two-in-one-block",
            "two rotations in one block",
            chain(vec![(1, second.clone()), (1, third)]),
            Err((1, "OutOfRange")),
        ),
        (
            "enrolled-again",
            "a ledger key is enrolled in genesis only",
            chain(vec![(1, enrolled)]),
            Err((0, "OutOfRange")),
        ),
        (
            "not-the-committed",
            "genesis committed to another key",
            committed(vec![(1, rotate(digest(&committed(vec![]).first), 1, OTHER))]),
            Err((0, "DigestMismatch")),
        ),
        (
            "for-another-ledger",
            "possession was shown to another ledger",
            chain(vec![(1, other)]),
            Err((0, "DigestMismatch")),
        ),
        (
            "revoke-in-force",
            "the key in force cannot be revoked",
            chain(vec![(1, revoked.clone())]),
            Err((0, "KeyNotInForce")),
        ),
        (
            "revoke-in-its-last-block",
            "nor in the block that it still signs",
            chain(vec![(2, second.clone()), (2, revoked.clone())]),
            Err((1, "KeyNotInForce")),
        ),
        (
            "revoke-newest",
            "nor the one that comes into force",
            chain(vec![
                (2, second.clone()),
                (2, revoke(KeyRole::Ledger, digest(&second), RevokeReason::Lost)),
            ]),
            Err((1, "KeyNotInForce")),
        ),
        (
            "revoke-twice",
            "once is enough",
            chain(vec![(2, second), (3, revoked.clone()), (4, revoked)]),
            Err((2, "KeyNotInForce")),
        ),
    ]
}

fn refused_parties() -> Vec<Case> {
    let customer = party(KeyRole::Customer, CUSTOMER, None);
    let kid = digest(&customer);
    let newer = party(KeyRole::Customer, OTHER, Some(kid));
    let lost = revoke(KeyRole::Customer, kid, RevokeReason::Lost);
    let as_witness = revoke(KeyRole::Witness, kid, RevokeReason::Lost);
    vec![
        (
            "party-enrolled-twice",
            "the same entry twice",
            chain(vec![(1, customer.clone()), (2, customer.clone())]),
            Err((1, "DuplicateKey")),
        ),
        (
            "party-replaces-nothing",
            "the key to be replaced is not there",
            chain(vec![(1, newer.clone())]),
            Err((0, "KeyNotInForce")),
        ),
        (
            "party-replaced-twice",
            "it was replaced before",
            chain(vec![
                (1, customer.clone()),
                (2, newer),
                (3, party(KeyRole::Customer, LEDGER, Some(kid))),
            ]),
            Err((2, "KeyNotInForce")),
        ),
        (
            "party-other-role",
            "a device replaces a customer",
            chain(vec![(1, customer.clone()), (2, party(KeyRole::Device, OTHER, Some(kid)))]),
            Err((1, "KeyNotInForce")),
        ),
        (
            "party-revoked-by-other-role",
            "the entry named is a customer's",
            chain(vec![(1, customer.clone()), (2, as_witness)]),
            Err((1, "KeyNotInForce")),
        ),
        (
            "party-revoked-unknown",
            "nobody has this key",
            chain(vec![(1, revoke(KeyRole::Customer, [7; 32], RevokeReason::Lost))]),
            Err((0, "KeyNotInForce")),
        ),
        (
            "party-revoked-twice",
            "it was revoked before",
            chain(vec![(1, customer.clone()), (2, lost.clone()), (3, lost.clone())]),
            Err((2, "KeyNotInForce")),
        ),
        (
            "party-back-from-the-dead",
            "a revoked key is replaced",
            chain(vec![(1, customer), (2, lost), (3, party(KeyRole::Customer, OTHER, Some(kid)))]),
            Err((2, "KeyNotInForce")),
        ),
    ]
}
