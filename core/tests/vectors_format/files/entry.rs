//! `entry.json`: format §5, every kind and every event.

use serde_json::{Value, json};
use yinzheng::codec::{MapBuilder, Writer};
use yinzheng::entry::{
    Body, Entry, Event, Facts, Hold, HoldAction, HoldReason, Link, ObservedHead, RefuseReason,
    Renewal, Tombstone, TombstoneReason, VaultStep,
};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::{Custody, KeyClaims, KeyEntry, KeyRole};
use yinzheng::sign::SigAlg;
use yinzheng::statement::{Reference, Role, StatementDraft};
use yinzheng::time::{Tier, TimeClaim};

use super::entry_refused;
use crate::facts::{self, present};
use crate::scene::{CUSTOMER, DOSSIER, LEDGER, event, first_record, genesis, statement, terms};
use crate::testing::{key, key_entry, with};
use crate::{Cases, hex, publish};

/// What an entry says. The parts that other files show in full (records, keys, statements) are named only.
fn read(_: &Value, bytes: &[u8]) -> yinzheng::Result<Value> {
    let entry = Entry::parse(bytes)?;
    let (kind, says) = match &entry.body {
        Body::Link(link) => (
            "link",
            json!({"previous_block": hex(link.previous_block), "previous_sealed": hex(link.previous_sealed)}),
        ),
        Body::Genesis(genesis) => (
            "genesis",
            json!({
                "hash": genesis.hash.cose_id(),
                "ledger_id": entry.digest(genesis.hash).to_string(),
                "first_kid": hex(KeyEntry::digest(&genesis.key_entry, genesis.hash)),
                "nonce": hex(genesis.nonce),
                "created": facts::time(&genesis.created),
                "organisation": genesis.organisation,
                "continues": genesis.continues.as_ref().map(|other| json!({
                    "ledger_id": facts::digest(&other.ledger_id),
                    "height": other.height,
                    "block_hash": facts::digest(&other.block_hash),
                    "sealed_digest": facts::digest(&other.sealed_digest),
                    "reason": other.reason.number(),
                })),
            }),
        ),
        Body::Record(record) => {
            ("record", json!({"record_digest": facts::digest(&record.digest(bytes))}))
        }
        Body::Key(..) => ("key", json!({})),
        Body::Tombstone(one) => (
            "tombstone",
            json!({
                "records": digests(&one.records),
                "names": one.names,
                "reason": one.reason.number(),
                "reference": hex(one.reference),
                "time": facts::time(&one.time),
            }),
        ),
        Body::Hold(one) => (
            "hold",
            json!({
                "action": one.action.number(),
                "records": digests(&one.records),
                "reason": one.reason.number(),
                "reference": hex(one.reference),
                "time": facts::time(&one.time),
            }),
        ),
        Body::Event(event) => (
            "event",
            json!({
                "code": event.code().number(),
                "time": facts::time(&event.time),
                "facts": event_facts(event),
            }),
        ),
        Body::ObservedHead(head) => (
            "observed head",
            json!({
                "ledger_id": facts::digest(&head.ledger_id),
                "height": head.height,
                "block_hash": facts::digest(&head.block_hash),
                "sealed_digest": facts::digest(&head.sealed_digest),
                "time": facts::time(&head.time),
            }),
        ),
        Body::Renewal(one) => (
            "renewal",
            json!({
                "ledger_id": facts::digest(&one.ledger_id),
                "first": one.first,
                "last": one.last,
                "root": facts::digest(&one.root),
                "leaves": one.leaves,
            }),
        ),
        Body::Statement(statement) => {
            ("statement", json!({"record_digest": facts::digest(&statement.record_digest())}))
        }
        Body::Unknown { critical: true } => ("unknown, critical", json!({})),
        Body::Unknown { critical: false } => ("unknown, optional", json!({})),
    };
    let place = entry.place().map(|place| {
        present(json!({
            "dossier": hex(place.dossier),
            "place": place.place,
            "digest": facts::digest(&place.digest),
            "predecessor": place.predecessor.as_ref().map(facts::digest),
        }))
    });
    Ok(present(json!({
        "kind": kind,
        "sha256": hex(entry.digest(HashAlg::Sha256).bytes),
        "sm3": hex(entry.digest(HashAlg::Sm3).bytes),
        "unknown_optional": entry.has_unknown_optional.then_some(true),
        "takes": place,
        "says": present(says),
    })))
}

fn digests(list: &[Digest]) -> Vec<Value> {
    list.iter().map(facts::digest).collect()
}

fn event_facts(event: &Event) -> Value {
    present(match &event.facts {
        Facts::Opened { library, build, system, device, self_test_passed, clock } => json!({
            "1": library,
            "2": build.map(hex),
            "3": system,
            "4": device,
            "5": self_test_passed.map(|passed| if passed { 1 } else { 2 }),
            "6": clock.map(|tier| tier as u64),
        }),
        Facts::Closed { successor_key, successor_nonce } => {
            json!({"1": successor_key.map(hex), "2": successor_nonce.map(hex)})
        }
        Facts::Clock { step_ms, boot_before, boot_after } => {
            json!({"1": step_ms, "2": boot_before.map(hex), "3": boot_after.map(hex)})
        }
        Facts::Restored { ledger_id, height, block_hash } => {
            json!({"1": facts::digest(ledger_id), "2": height, "3": facts::digest(block_hash)})
        }
        Facts::Refused { dossier, place, record, reason, predecessor } => json!({
            "1": hex(dossier),
            "2": place,
            "3": facts::digest(record),
            "4": reason.map(RefuseReason::number),
            "5": predecessor.as_ref().map(facts::digest),
        }),
        Facts::Damage { at, what } => json!({"1": at, "2": what}),
        Facts::Vault { key_id, step } => json!({"1": hex(key_id), "2": step.number()}),
    })
}

#[test]
fn vectors() {
    let mut cases = Cases::new(read);
    for (name, what, bytes) in accepted().into_iter().chain(events()).chain(unknown()) {
        cases.ok(name, what, json!({}), &bytes);
    }
    for (name, what, bytes, error) in entry_refused::all() {
        cases.refuse(&name, &what, json!({}), &bytes, error);
    }
    publish(
        "entry",
        &json!({"about": "docs/format.md §5: entries of every kind. See README.md.", "cases": cases.done()}),
    );
}

type Case = (&'static str, &'static str, Vec<u8>);

pub(crate) fn digest(text: &str) -> Digest {
    Digest::of(HashAlg::Sha256, text.as_bytes())
}

pub(crate) fn time() -> TimeClaim {
    TimeClaim::declared(1_793_491_200_000)
}

pub(crate) fn link() -> Vec<u8> {
    Link { previous_block: [1; 32], previous_sealed: [2; 32] }.encode()
}

pub(crate) fn ledger_genesis(continues: bool) -> Vec<u8> {
    let first = KeyClaims::enrol(
        KeyRole::Ledger,
        key(SigAlg::Sm2, LEDGER).public().clone(),
        Custody::Hsm,
        0,
    );
    genesis(HashAlg::Sm3, &first, continues).encode()
}

pub(crate) fn customers_key() -> Vec<u8> {
    let customer = key(SigAlg::P256, CUSTOMER);
    let claims =
        KeyClaims::enrol(KeyRole::Customer, customer.public().clone(), Custody::Enclave, 0);
    key_entry(&claims, &customer, &digest("a ledger"))
}

pub(crate) fn tombstone(names: Option<&[&str]>) -> Vec<u8> {
    Tombstone {
        records: vec![digest("a record"), Digest::of(HashAlg::Sm3, b"another")],
        names: names.map(|names| names.iter().map(|name| (*name).into()).collect()),
        reason: TombstoneReason::PersonsRequest,
        reference: [3; 32],
        time: time(),
    }
    .encode()
}

pub(crate) fn hold(action: HoldAction) -> Vec<u8> {
    Hold {
        action,
        records: vec![digest("a record")],
        reason: HoldReason::Dispute,
        reference: [3; 32],
        time: time(),
    }
    .encode()
}

pub(crate) fn observed() -> Vec<u8> {
    ObservedHead {
        ledger_id: digest("another ledger"),
        height: 17,
        block_hash: digest("its block"),
        sealed_digest: digest("its sealed bytes"),
        time: time(),
    }
    .encode()
}

pub(crate) fn renewal() -> Vec<u8> {
    Renewal {
        ledger_id: digest("an older ledger"),
        first: 0,
        last: 41,
        root: Digest::of(HashAlg::Sm3, b"root"),
        leaves: 1042,
    }
    .encode()
}

fn accepted() -> Vec<Case> {
    let customer = key(SigAlg::P256, CUSTOMER);
    let first = first_record(HashAlg::Sm3);
    let further = StatementDraft::over_digest(
        first.digest(&first.encode()),
        customer.public(),
        &terms(Role::Customer),
    );
    let signed = StatementDraft::over_record(&first, customer.public(), &terms(Role::Customer));
    vec![
        ("link", "leaf 0 of every block but the first", link()),
        ("genesis", "the beginning of a ledger", ledger_genesis(false)),
        ("genesis-continues", "a ledger that goes on from another", ledger_genesis(true)),
        ("record", "see record.json", first.encode()),
        ("key", "see key.json", customers_key()),
        ("tombstone-all", "all values of two records were erased", tombstone(None)),
        ("tombstone-names", "two names of them", tombstone(Some(&["loan.amount", "loan.purpose"]))),
        ("hold-set", "erasure is suspended", hold(HoldAction::Set)),
        ("hold-lift", "the hold ends", hold(HoldAction::Lift)),
        ("hold-restrict", "disclosure is blocked", hold(HoldAction::Restrict)),
        ("observed-head", "another ledger's head", observed()),
        ("renewal", "an older range under a new hash", renewal()),
        ("statement-first", "see statement.json", statement(&signed.unwrap(), &customer)),
        ("statement-further", "it takes no place", statement(&further.unwrap(), &customer)),
    ]
}

pub(crate) fn opened() -> Vec<u8> {
    event(Facts::Opened {
        library: "yinzheng 0.1.0".into(),
        build: Some([4; 32]),
        system: Some("HarmonyOS 5.0".into()),
        device: Some("phone".into()),
        self_test_passed: Some(true),
        clock: Some(Tier::Ntp),
    })
}

pub(crate) fn refused(place: u64) -> Vec<u8> {
    event(Facts::Refused {
        dossier: DOSSIER,
        place,
        record: digest("the dropped record"),
        reason: Some(RefuseReason::Declined),
        predecessor: (place > 0).then(|| digest("the record before")),
    })
}

fn events() -> Vec<Case> {
    let least = Facts::Opened {
        library: "yinzheng 0.1.0".into(),
        build: None,
        system: None,
        device: None,
        self_test_passed: None,
        clock: None,
    };
    let closed = |key: Option<[u8; 32]>| {
        event(Facts::Closed { successor_key: key, successor_nonce: key.map(|_| [6; 16]) })
    };
    let boot = Some([8; 16]);
    vec![
        ("opened", "every fact", opened()),
        ("opened-least", "the library alone", event(least)),
        ("closed", "for good: no facts, and no key 3", closed(None)),
        ("closed-successor", "another ledger goes on", closed(Some([5; 32]))),
        (
            "clock",
            "the wall clock was set back",
            event(Facts::Clock { step_ms: -3_600_000, boot_before: None, boot_after: None }),
        ),
        (
            "clock-boot",
            "the device was started again",
            event(Facts::Clock { step_ms: 0, boot_before: boot, boot_after: Some([9; 16]) }),
        ),
        (
            "restored",
            "a backup was put back",
            event(Facts::Restored {
                ledger_id: digest("a ledger"),
                height: 5,
                block_hash: digest("its block"),
            }),
        ),
        ("refused-0", "the first place of a dossier stays with a dropped record", refused(0)),
        ("refused-1", "a later one", refused(1)),
        ("damage-block", "a block was found damaged", event(Facts::Damage { at: 3, what: 1 })),
        ("damage-value", "a value was", event(Facts::Damage { at: 12, what: 3 })),
        (
            "vault-replaced",
            "the vault has another key",
            event(Facts::Vault { key_id: [7; 8], step: VaultStep::Replaced }),
        ),
        (
            "vault-destroyed",
            "the host destroyed the old one",
            event(Facts::Vault { key_id: [7; 8], step: VaultStep::Destroyed }),
        ),
    ]
}

/// What a reader of this version lets through and does not understand.
fn unknown() -> Vec<Case> {
    let kind = |kind: u64| MapBuilder::new().put_uint(0, kind).finish();
    let customer = key(SigAlg::P256, CUSTOMER);
    let record = with(&first_record(HashAlg::Sha256).encode(), 10, &[0xf6]);
    let newer = super::statement::remade(&customer, |header| header, &record);
    vec![
        ("kind-11", "an unknown critical kind", kind(11)),
        ("kind-63", "the last critical one", kind(63)),
        ("kind-64", "the first optional one", kind(64)),
        ("kind-65535", "the last one", kind(65_535)),
        ("key-64", "an unknown optional key", with(&opened(), 64, &[0xf6])),
        ("key-65535", "the last one", with(&link(), 65_535, &[0xf6])),
        (
            "key-minus-65537",
            "a private optional key",
            with(&hold(HoldAction::Set), -65_537, &[0xf6]),
        ),
        ("key-63", "an unknown critical key: the rest is not read", with(&opened(), 63, &[0xf6])),
        ("key-minus-1", "another", with(&link(), -1, &[0xf6])),
        ("event-63", "an event with an unknown code", with(&opened(), 1, &[0x18, 0x3f])),
        (
            "statement-newer-record",
            "the record in the statement has an unknown critical key",
            newer,
        ),
    ]
}

/// Payloads of signed messages, which are no entries.
pub(crate) fn payloads() -> Vec<Vec<u8>> {
    let reference = Reference { record: digest("a record"), role: Role::Witness }.encode();
    let countersignature =
        MapBuilder::new().put_uint(0, 10).put(1, |w| digest("a ledger").write(w)).finish();
    vec![reference, countersignature]
}

pub(crate) fn raw(write: impl FnOnce(&mut Writer) -> &mut Writer) -> Vec<u8> {
    write(&mut Writer::new()).finish()
}
