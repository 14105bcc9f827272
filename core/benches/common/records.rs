//! Synthetic records of 30 fields: about 1,500 bytes of sealed record, and about 2,000 of values beside it.

use yinzheng::hash::HashAlg;
use yinzheng::ledger::NewRecord;
use yinzheng::profile::{Profile, builtin_by_id};
use yinzheng::record::{ProfileRef, RecordBuilder, RecordDraft};
use yinzheng::time::TimeClaim;
use yinzheng::value::{Field, FieldClass, Value};

/// Fields of each record.
pub const FIELDS: usize = 30;

/// The fields of one record.
pub fn fields(seed: usize) -> Vec<Field> {
    (0..FIELDS)
        .map(|at| Field {
            name: format!("loan.field_{at:02}"),
            class: FieldClass::C2,
            value: Value::Text(format!("{:08}.{at:02}", seed * FIELDS + at)),
        })
        .collect()
}

/// The profile that they follow, and a reference to it.
pub fn profile(hash: HashAlg) -> (&'static Profile, ProfileRef) {
    let profile = builtin_by_id("generic").unwrap();
    (profile, ProfileRef::of(profile, hash))
}

/// A draft with fresh salts.
pub fn draft(reference: &ProfileRef, seed: usize) -> RecordDraft {
    RecordBuilder::new(reference.clone(), TimeClaim::declared(1_700_000_000_000))
        .fields(fields(seed))
        .build()
        .unwrap()
}

/// Records to append, each in a dossier of its own.
pub fn new_records(hash: HashAlg, count: usize) -> Vec<NewRecord> {
    let (profile, reference) = profile(hash);
    (0..count).map(|seed| NewRecord::new(profile, draft(&reference, seed))).collect()
}

/// The bytes of one sealed record.
pub fn record_bytes(hash: HashAlg, seed: usize) -> Vec<u8> {
    draft(&profile(hash).1, seed).at([seed as u8; 16], 0, None).unwrap().encode()
}

/// Entries of exactly `len` bytes that are canonical and mean nothing: `{0: 64, 64: bytes}`, an optional kind.
pub fn opaque_entry(len: usize, seed: usize) -> Vec<u8> {
    let mut bytes = vec![0xa2, 0x00, 0x18, 0x40, 0x18, 0x40, 0x59];
    let body = len - bytes.len() - 2;
    bytes.extend(u16::try_from(body).unwrap().to_be_bytes());
    let mut state = seed as u64 + 1;
    bytes.extend((0..body).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    }));
    bytes
}
