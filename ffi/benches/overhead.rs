//! What the door costs: the same work through the C functions and by calling core directly.
//! `cargo bench -p yinzheng-ffi`
#![allow(
    unsafe_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use yinzheng::hash::HashAlg;
use yinzheng::key::Custody;
use yinzheng::ledger::{
    CreateOptions, Disclose, Dossier, Environment, Ledger, NewRecord, ProofRequest, Selection,
};
use yinzheng::profile::{Profile, builtin_by_id};
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::store::MemoryStore;
use yinzheng::time::TimeClaim;
use yinzheng::vault::VaultKey;
use yinzheng::verify::{DeclaredTime, Policy, verify};
use yinzheng_ffi::*;

const SEED: [u8; 32] = [9; 32];
const FILE: &[u8] = include_bytes!("../../core/profiles/generic.json");
const NULL: *mut Error = core::ptr::null_mut();

/// A message of about 1 KiB in one field.
fn message() -> String {
    format!(r#"{{"备注":"{}"}}"#, "x".repeat(1_000))
}

/// The fastest of 25 rounds, in nanoseconds a call: other work on the machine only ever adds.
fn time(calls: u32, mut call: impl FnMut()) -> u128 {
    let mut rounds: Vec<Duration> = (0..25)
        .map(|_| {
            let start = Instant::now();
            (0..calls).for_each(|_| call());
            start.elapsed()
        })
        .collect();
    rounds.sort_unstable();
    rounds[0].as_nanos() / u128::from(calls)
}

fn row(what: &str, c: u128, core: Option<u128>) {
    let us = |ns: u128| format!("{}.{:02} µs", ns / 1000, ns % 1000 / 10);
    match core {
        None => println!("| {what} | {} | | |", us(c)),
        Some(core) => {
            let percent = (c.max(1) * 100 / core.max(1)) as i128 - 100;
            println!("| {what} | {} | {} | {percent:+} % |", us(c), us(core));
        }
    }
}

fn free(buffer: &mut Buffer) {
    // SAFETY: a buffer of the library.
    assert_eq!(unsafe { yz_buffer_free(buffer, NULL) }, 0);
}

struct Direct {
    ledger: Ledger,
    profile: &'static Profile,
    reference: ProfileRef,
    file: Arc<[u8]>,
}

impl Direct {
    fn new(key: &SoftwareKey) -> Self {
        let created = TimeClaim::declared(1);
        let vault_key = VaultKey::from_bytes([7; 32]);
        let options = CreateOptions {
            hash: HashAlg::Sha256,
            key: key.public().clone(),
            custody: Custody::Software,
            organisation: "示例银行".into(),
            created,
            continues: None,
            next_key: None,
            certificates: Vec::new(),
            environment: Environment::default(),
            vault_key,
        };
        let ledger = Ledger::create(Box::new(MemoryStore::new()), options).unwrap();
        let profile = builtin_by_id("generic").unwrap();
        let reference = ProfileRef {
            id: profile.id().to_owned(),
            version: profile.version().into(),
            digest: profile.digest(HashAlg::Sha256),
        };
        Self { ledger, file: FILE.into(), profile, reference }
    }

    fn append(&self, message: &str) {
        let reading = self.profile.read(message.as_bytes(), &[]).unwrap();
        let time = TimeClaim::declared(5);
        let draft = RecordBuilder::new(self.reference.clone(), time)
            .fields(reading.fields)
            .build()
            .unwrap();
        let record = NewRecord {
            business_id: None,
            dossier: Dossier::New,
            draft,
            profile: self.file.clone(),
        };
        black_box(self.ledger.append(record).unwrap());
    }
}

fn c_ledger(key: &SoftwareKey) -> u64 {
    let request = serde_json::json!({
        "hash": "SHA-256", "key": { "cose_key": yinzheng::hash::hex::encode(&key.public().to_cose_key()) },
        "custody": "software", "organisation": "示例银行", "created": 1, "in_memory": true,
    })
    .to_string();
    let mut ledger = 0;
    // SAFETY: pointers to locals.
    let number = unsafe {
        let none = core::ptr::null();
        yz_ledger_create(
            none,
            0,
            [7u8; 32].as_ptr(),
            32,
            request.as_ptr().cast(),
            request.len(),
            &mut ledger,
            NULL,
        )
    };
    assert_eq!(number, 0);
    ledger
}

fn main() {
    println!("| call | through C | core directly | the door |\n|---|---|---|---|");
    row(
        "empty call without a handle (`yz_abi_version`)",
        time(1_000_000, || {
            black_box(yz_abi_version());
        }),
        None,
    );
    let mut handle = 0;
    // SAFETY: pointers to locals.
    unsafe {
        assert_eq!(yz_hash_begin(&mut handle, NULL), 0);
        let empty = time(200_000, || {
            black_box(yz_hash_update(handle, core::ptr::null(), 0, NULL));
        });
        row("empty call on a handle (`yz_hash_update` of nothing)", empty, None);
        let mut out = Buffer { data: core::ptr::null_mut(), len: 0 };
        let reply = time(100_000, || {
            yz_digest(c"SM3".as_ptr(), 3, core::ptr::null(), 0, &mut out, NULL);
            free(&mut out);
        });
        let direct = time(100_000, || drop(black_box(HashAlg::Sm3.digest(b"").to_vec())));
        row("32 bytes given and freed (`yz_digest` of nothing)", reply, Some(direct));
        yz_close(handle, NULL);
    }

    let key = SoftwareKey::from_seed(SigAlg::Ed25519, &SEED).unwrap();
    let (text, direct, ledger) = (message(), Direct::new(&key), c_ledger(&key));
    let request = format!(r#"{{"profile":"generic","message":{text},"time":5}}"#);
    let c = time(1_000, || {
        let mut out = Buffer { data: core::ptr::null_mut(), len: 0 };
        // SAFETY: pointers to locals.
        let number = unsafe {
            yz_ledger_append(ledger, request.as_ptr().cast(), request.len(), &mut out, NULL)
        };
        assert_eq!(number, 0);
        free(&mut out);
    });
    row("append a record of 1 KiB, in memory", c, Some(time(1_000, || direct.append(&text))));

    direct.ledger.seal_with(9, |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec())).unwrap();
    direct.append(&text);
    let sealed =
        direct.ledger.seal_with(10, |bytes, _| Ok(key.sign(bytes)?.bytes().to_vec())).unwrap();
    let proof = direct
        .ledger
        .prove(&ProofRequest {
            records: Selection::Sequences(vec![sealed.first_sequence]),
            disclose: Disclose::All,
        })
        .unwrap()
        .encode()
        .unwrap();
    let c = time(200, || {
        let mut out = Buffer { data: core::ptr::null_mut(), len: 0 };
        // SAFETY: pointers to locals.
        let number = unsafe {
            let none = core::ptr::null();
            yz_verify_proof(proof.as_ptr(), proof.len(), none, 0, 5, none, 0, &mut out, NULL)
        };
        assert_eq!(number, 0);
        free(&mut out);
    });
    let policy = Policy::empty();
    let core = time(200, || {
        drop(black_box(verify(&proof, &policy, DeclaredTime { unix_ms: 5 }).to_json()))
    });
    row("verify a proof of one record to a verdict in JSON", c, Some(core));
    // SAFETY: no pointer but a null one.
    unsafe { yz_close(ledger, NULL) };
}
