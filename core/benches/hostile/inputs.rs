//! Inputs of about so many bytes.

use yinzheng::codec::{MapBuilder, Writer};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::Custody;
use yinzheng::ledger::{
    CreateOptions, Disclose, Dossier, Environment, Ledger, NewRecord, ProofRequest, Selection,
};
use yinzheng::profile::builtin_by_id;
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::MemoryStore;
use yinzheng::time::TimeClaim;
use yinzheng::vault::VaultKey;

/// A list of this item.
pub(crate) fn list(bytes: usize, item: &[u8]) -> Vec<u8> {
    let count = bytes / item.len();
    let mut w = Writer::with_capacity(bytes + 9);
    w.array(count);
    for _ in 0..count {
        w.raw(item);
    }
    w.finish()
}

pub(crate) fn text(bytes: usize) -> Vec<u8> {
    Writer::new().text(&"证".repeat(bytes / 3)).finish()
}

pub(crate) fn keys(bytes: usize) -> Vec<u8> {
    let last = 64 + i64::try_from(bytes / 4).unwrap();
    let map = (64..last).fold(MapBuilder::new().put_uint(0, 2), |m, key| m.put(key, Writer::null));
    map.finish()
}

pub(crate) fn path(bytes: usize) -> Vec<u8> {
    let path = Writer::new().array(3).uint(2).uint(0).raw(&list(bytes, &[0x40])).finish();
    let proofs = MapBuilder::new().put(-1, |w| w.array(1).bstr(&path));
    let unprotected = MapBuilder::new().put(396, |w| proofs.write(w)).finish();
    let mut w = Writer::new();
    w.tag(18).array(4).bstr(&[0xa0]).raw(&unprotected).null().bstr(&[0; 64]).finish()
}

/// A proof whose member `key` is a list of this item, the other members empty.
pub(crate) fn proof_of(key: i64, bytes: usize, item: &[u8]) -> Vec<u8> {
    let many = list(bytes, item);
    let member = |own: i64| if own == key { many.clone() } else { vec![0x80] };
    MapBuilder::new()
        .put_text(0, "yinzheng-proof")
        .put_uint(1, 0)
        .put_raw(2, &member(2))
        .put_raw(3, &member(3))
        .put_raw(4, &member(4))
        .put_raw(5, &member(5))
        .finish()
}

pub(crate) fn bundle(bytes: usize, entry: &[u8]) -> Vec<u8> {
    let header = MapBuilder::new()
        .put_text(0, "yinzheng-bundle")
        .put_uint(1, 0)
        .put(2, |w| Digest::of(HashAlg::Sha256, b"").write(w))
        .put_uint(3, 0)
        .put_uint(4, 0)
        .put(5, |w| w.array(2).bstr(&[0; 32]).bstr(&[0; 32]))
        .finish();
    let mut block = Writer::new();
    block.array(3).bstr(&[]).raw(&list(bytes, entry)).array(0);
    [header, block.finish()].concat()
}

pub(crate) fn message_text(bytes: usize) -> Vec<u8> {
    format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes)).into_bytes()
}

pub(crate) fn profile(bytes: usize) -> Vec<u8> {
    let fields = vec!["{}"; bytes / 3].join(",");
    format!(r#"{{"profile":"a","version":1,"fields":[{fields}]}}"#).into_bytes()
}

pub(crate) fn policy(bytes: usize) -> Vec<u8> {
    let ledger = |n: usize| format!(r#"{{"id":"{n:064x}","hash":"SM3","name":"x"}}"#);
    // Within the limit of 4 MiB.
    let ledgers: Vec<String> = (0..bytes / 105).map(ledger).collect();
    format!(r#"{{"ledgers":[{}]}}"#, ledgers.join(",")).into_bytes()
}

/// An honest ledger, as a proof of everything and as a bundle, of about so many bytes each: signatures of SM2, the slowest.
pub(crate) fn ledger(bytes: usize, records_per_block: usize) -> (Vec<u8>, Vec<u8>) {
    let key = SoftwareKey::from_seed(SigAlg::Sm2, &[5; 32]).unwrap();
    let ledger = create(&key);
    let seal = || {
        ledger.seal_with(9, |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec())).unwrap();
    };
    seal();
    // A record with its receipt and its share of the block takes about this much of a proof.
    let each = if records_per_block == 1 { 2_000 } else { 1_200 };
    let blocks = (bytes / each / records_per_block).max(1);
    let mut sequences = Vec::new();
    for _ in 0..blocks {
        for _ in 0..records_per_block {
            let appended = ledger.append(record()).unwrap();
            sequences.push(appended.sequence);
        }
        seal();
    }
    let records = Selection::Sequences(sequences);
    let proof = ledger.prove(&ProofRequest { records, disclose: Disclose::All }).unwrap();
    let head = ledger.head().unwrap().unwrap();
    let bundle = ledger.export(0, head.height, Vec::new()).unwrap();
    (proof.encode().unwrap(), bundle)
}

fn create(key: &SoftwareKey) -> Ledger {
    let options = CreateOptions {
        hash: HashAlg::Sm3,
        key: key.public().clone(),
        custody: Custody::Software,
        certificates: Vec::new(),
        next_key: None,
        organisation: "测试银行".into(),
        created: TimeClaim::declared(1),
        continues: None,
        environment: Environment::default(),
        vault_key: VaultKey::from_bytes([3; 32]),
    };
    Ledger::create(Box::new(MemoryStore::new()), options).unwrap()
}

fn record() -> NewRecord {
    let profile = builtin_by_id("generic").unwrap();
    let fields = profile.read(br#"{"a":"1","b":"2"}"#, &[]).unwrap().fields;
    let reference = ProfileRef::of(profile, HashAlg::Sm3);
    let draft =
        RecordBuilder::new(reference, TimeClaim::declared(2)).fields(fields).build().unwrap();
    NewRecord { dossier: Dossier::New, ..NewRecord::new(profile, draft) }
}
