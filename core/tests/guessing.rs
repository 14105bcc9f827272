//! Phone numbers are few. Who has a record and not its salts must not find the number by trying them all; who has an
//! unsalted digest finds it at once. Both are tried here with the same guesses.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/ledger.rs"]
mod common;

use std::collections::HashMap;

use common::{create, key, seal};
use yinzheng::entry::Entry;
use yinzheng::hash::HashAlg;
use yinzheng::ledger::{Disclose, Ledger, NewRecord, ProofRequest, Selection};
use yinzheng::profile::{Profile, builtin_by_id};
use yinzheng::proof::Proof;
use yinzheng::record::{ProfileRef, Record, RecordBuilder};
use yinzheng::sign::SigAlg;
use yinzheng::store::MemoryStore;
use yinzheng::time::TimeClaim;
use yinzheng::value::{Disclosure, Value};

const NAME: &str = "subject.mobile";
/// The number that the record holds, and the block of ten thousand that the snoop knows it is in.
const NUMBER: &str = "13900001234";

fn numbers() -> impl Iterator<Item = String> {
    (0..10_000).map(|last| format!("1390000{last:04}"))
}

fn profile() -> &'static Profile {
    builtin_by_id("loan.disbursement").unwrap()
}

/// Values as the record would hold them: the number itself, and its masked form.
fn values(number: &str) -> Vec<(String, Value)> {
    let message = format!(r#"{{"手机号":"{number}"}}"#);
    let fields = profile().read(message.as_bytes(), &[]).unwrap().fields;
    fields.into_iter().map(|field| (field.name, field.value)).collect()
}

/// Every digest that somebody without the salt can think of, with the number it stands for: of the bare text, of the value,
/// of the disclosure with each salt in `salts`.
fn table(alg: HashAlg, salts: &[[u8; 16]]) -> HashMap<[u8; 32], String> {
    let mut table = HashMap::new();
    for number in numbers() {
        for text in [number.clone(), format!("+86{number}"), format!("{NAME}{number}")] {
            table.insert(alg.digest(text.as_bytes()), number.clone());
        }
        for (name, value) in values(&number) {
            for salt in salts {
                let (name, value) = (name.clone(), value.clone());
                let commitment = Disclosure { salt: *salt, value, name }.commitment(alg);
                table.insert(commitment, number.clone());
            }
        }
    }
    table
}

fn ledger(alg: HashAlg) -> Ledger {
    let bank = key(SigAlg::Ed25519, 1);
    let ledger = create(MemoryStore::new(), alg, &bank);
    let message = format!(r#"{{"手机号":"{NUMBER}"}}"#);
    let fields = profile().read(message.as_bytes(), &[]).unwrap().fields;
    let draft = RecordBuilder::new(ProfileRef::of(profile(), alg), TimeClaim::declared(2))
        .fields(fields)
        .build()
        .unwrap();
    ledger.append(NewRecord::new(profile(), draft)).unwrap();
    seal(&ledger, &bank);
    ledger
}

/// The record of a proof, and what the proof shows of it.
fn record(ledger: &Ledger, disclose: Disclose) -> (Record, Vec<Disclosure>) {
    let sequence = 2;
    let request = ProofRequest { records: Selection::Sequences(vec![sequence]), disclose };
    // Through the file: what the snoop holds is what was sent.
    let proof = Proof::parse(&ledger.prove(&request).unwrap().encode().unwrap()).unwrap();
    let found = proof.items.iter().find_map(|item| {
        let record = Entry::parse(&item.entry).unwrap().record().map(|(record, _)| record.clone());
        record.map(|record| (record, &item.disclosures))
    });
    let (record, shown) = found.unwrap();
    let shown = shown.iter().map(|bytes| Disclosure::parse(bytes).unwrap()).collect();
    (record, shown)
}

fn found<'t>(record: &Record, table: &'t HashMap<[u8; 32], String>) -> Vec<&'t str> {
    let digests = record.fields.iter().map(|field| &field.commitment);
    digests.filter_map(|digest| table.get(digest)).map(String::as_str).collect()
}

#[test]
fn no_number_is_found_without_the_salt() {
    for alg in [HashAlg::Sha256, HashAlg::Sm3] {
        let ledger = ledger(alg);
        let guesses = table(alg, &[[0; 16], [0xff; 16]]);
        let (hidden, shown) = record(&ledger, Disclose::None);
        assert!(shown.is_empty() && hidden.commitment(NAME).is_some());
        assert!(found(&hidden, &guesses).is_empty());
        // The salts of what is shown are not those of what is not: the masked form gives four digits away, not the rest.
        let masked = Disclose::Names(vec![format!("{NAME}.masked")]);
        let (record, shown) = record(&ledger, masked);
        assert_eq!(shown.len(), 1);
        let guesses = table(alg, &[shown[0].salt]);
        let hits = found(&record, &guesses);
        assert!(
            hits.len() == 1,
            "only the masked form itself, which is the same for all: {hits:?}"
        );
        assert_ne!(shown[0].commitment(alg), *record.commitment(NAME).unwrap());
        assert!(!guesses.contains_key(record.commitment(NAME).unwrap()));
    }
}

/// The same guesses, where they must work: else the test above would show nothing.
#[test]
fn the_number_is_found_in_an_unsalted_twin_and_with_the_salt() {
    for alg in [HashAlg::Sha256, HashAlg::Sm3] {
        let ledger = ledger(alg);
        let (record, _) = record(&ledger, Disclose::None);
        let mut twin = record.clone();
        let disclosures = ledger.disclosures(2).unwrap();
        for field in &mut twin.fields {
            let own = disclosures.iter().find(|own| own.name == field.name).unwrap();
            field.commitment = Disclosure { salt: [0; 16], ..own.clone() }.commitment(alg);
        }
        let guesses = table(alg, &[[0; 16]]);
        assert_eq!(guesses.get(twin.commitment(NAME).unwrap()).map(String::as_str), Some(NUMBER));
        let salt = disclosures.iter().find(|own| own.name == NAME).unwrap().salt;
        let guesses = table(alg, &[salt]);
        assert_eq!(found(&record, &guesses), [NUMBER]);
    }
}
