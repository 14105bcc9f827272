//! Before the block: what happens between an event and its seal.

use crate::hash::Digest;
use crate::honest::{append, create, open, seal};
use crate::record::{ProfileRef, RecordBuilder, Relation};
use crate::scene::{CONSENT, QUERY, START};
use crate::time::TimeClaim;
use crate::*;
use yinzheng::ErrorCode;
use yinzheng::ledger::Dossier;
use yinzheng::profile::builtin_by_id;
use yinzheng::store::SqliteStore;

/// An insider edits a row between `append` and the block: what was handed out at `append` is looked for in the block.
#[test]
fn insider_edits_a_row_before_the_block() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let key = honest::key(SigAlg::Ed25519, 1);
    let ledger = create(SqliteStore::create(&path).unwrap(), HashAlg::Sha256, &key);
    seal(&ledger, &key);
    let appended = append(&ledger, "5000.00", None, Dossier::New);
    let entry = ledger.entry(appended.sequence).unwrap();
    drop(ledger);
    // The commitment of the record in the file, turned by one bit.
    let mut file = std::fs::read(&path).unwrap();
    let wal = path.with_extension("db-wal");
    let spoil = |file: &mut Vec<u8>| {
        let part = &entry[entry.len() / 2..entry.len() / 2 + 24];
        let found: Vec<usize> =
            (0..file.len().saturating_sub(24)).filter(|at| file[*at..].starts_with(part)).collect();
        found.iter().for_each(|at| file[*at + 12] ^= 1);
        found.len()
    };
    let mut hits = spoil(&mut file);
    std::fs::write(&path, file).unwrap();
    if let Ok(mut log) = std::fs::read(&wal) {
        hits += spoil(&mut log);
        std::fs::write(&wal, log).unwrap();
    }
    assert!(hits > 0);
    let refused =
        SqliteStore::open(&path).and_then(open).and_then(|ledger| ledger.begin(9).map(drop));
    assert_eq!(refused.map_err(|error| error.code()), Err(ErrorCode::Damaged));
}

/// An insider with software of his own seals another record in its stead. Nothing in the block can tell; but what the customer
/// took home at `append`, the record's number or his own signature, is not in it.
#[test]
fn insider_seals_another_record_than_was_appended() {
    let mut honest = bank();
    let promised = honest.draft(CONTRACT, r#"{"金额":"5000.00"}"#, &[]);
    let (_, digest) = honest.place([2; 16], &promised);
    let number = yinzheng::number::record_number(&digest);
    honest.places.remove(&[2; 16]);
    let sealed = honest.draft(CONTRACT, r#"{"金额":"9000.00"}"#, &[]);
    honest.record([2; 16], &sealed);
    honest.seal();
    let verdict = stranger(&honest.prove());
    holds(&verdict);
    assert!(verdict.records.iter().all(|record| record.number != number));
    // With a signature of the customer's over the record that was promised it is another matter.
    let mut bank = bank();
    let customer = somebody(9);
    let kid = bank.blocks[1].entries[1].clone();
    let kid = key::KeyEntry::digest(&kid, bank.hash);
    let promised = bank.draft(CONTRACT, r#"{"金额":"5000.00"}"#, &[]);
    let terms = bank.terms(Some(kid), statement::Role::Customer);
    bank.signed_record([2; 16], &promised, &customer, &terms);
    let signed = bank.pending.pop().unwrap();
    let message = sign::Sign1::parse(&signed).unwrap();
    let record = message.payload.clone().unwrap();
    let mut other = record.clone();
    *other.last_mut().unwrap() = if record.last() == Some(&0x2f) { 0x2e } else { 0x2f };
    let lie = sign::Sign1 { payload: Some(other), ..message }.encode();
    // The header names the record's number, so the file does not even read.
    bank.push(signed.clone());
    bank.seal();
    let proof = changed(bank.prove(), |item| item.entry == signed, |item| item.entry = lie);
    assert!(proof.encode().is_err());
}

/// A clerk writes an earlier time. A declared time is never proven; only what comes from outside bounds it, and only above.
#[test]
fn clerk_writes_an_earlier_time() {
    let mut bank = bank();
    bank.now -= 86_400 * 365;
    let draft = bank.draft(CONTRACT, r#"{"金额":"5"}"#, &[]);
    bank.now += 86_400 * 365;
    bank.record([2; 16], &draft);
    bank.seal();
    let verdict = stranger(&bank.prove());
    holds(&verdict);
    assert!(verdict.lines_of("record.time").all(|line| line.status != Status::Proven));
    assert!(verdict.lines_of("record.not-earlier").all(|line| line.status == Status::NotProven));
    // A later time than the block's own is seen.
    bank.now += 86_400;
    let draft = bank.draft(CONTRACT, r#"{"金额":"5"}"#, &[]);
    bank.now -= 86_400;
    bank.record([3; 16], &draft);
    bank.seal();
    line(&stranger(&bank.prove()), "record.time", "not-proven.after-block");
}

/// A bank queries the credit register first and has the consent signed afterwards.
#[test]
fn bank_gets_the_consent_after_its_use() {
    let mut bank = Bank::new(HashAlg::Sha256, SigAlg::Ed25519, 4);
    bank.now = START + 600;
    let consent = bank.draft(CONSENT, r#"{"授权编号":"A1","授权时间":"2026-03-01 08:10:00"}"#, &[]);
    let consent = bank.record([1; 16], &consent);
    bank.now = START + 60;
    let query = bank.draft(
        QUERY,
        r#"{"授权编号":"A1","查询时间":"2026-03-01 08:01:00"}"#,
        &[(Relation::Consent, consent)],
    );
    bank.record([1; 16], &query);
    bank.seal();
    let verdict = stranger(&bank.prove());
    line(&verdict, "consent.before-use", "contradicted");
    line(&verdict, "rule.consent", "contradicted");
}

/// Somebody wants a password kept as evidence: it is refused before anything is hashed, and no message repeats it.
#[test]
fn somebody_wants_a_password_kept() {
    let generic = builtin_by_id("generic").unwrap();
    let refused = generic.read(r#"{"支付密码":"123456"}"#.as_bytes(), &[]).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RefusedField);
    assert!(!format!("{refused} {refused:?}").contains("123456"));
}

/// Somebody has a withheld phone number guessed: a commitment is salted, so equal values have different ones and a guess without
/// the salt fits nothing.
#[test]
fn snoop_guesses_a_withheld_number() {
    let profile = builtin_by_id("generic").unwrap();
    let make = || {
        let fields = profile.read(r#"{"手机号":"13900001234"}"#.as_bytes(), &[]).unwrap().fields;
        RecordBuilder::new(ProfileRef::of(profile, HashAlg::Sm3), TimeClaim::declared(1))
            .fields(fields)
            .build()
            .unwrap()
            .at([1; 16], 0, None)
            .unwrap()
    };
    let (one, two) = (make(), make());
    for (a, b) in one.fields.iter().zip(&two.fields) {
        assert_eq!(a.name, b.name);
        assert_ne!(a.commitment, b.commitment, "{}", a.name);
        for guess in ["13900001234".as_bytes(), &[&[0; 16], "13900001234".as_bytes()].concat()] {
            assert_ne!(Digest::of(HashAlg::Sm3, guess).bytes, a.commitment);
        }
    }
}

/// Nobody may call an appended entry sealed: without a block there is nothing that a proof could show.
#[test]
fn bank_shows_what_is_not_sealed_yet() {
    let key = honest::key(SigAlg::Ed25519, 1);
    let ledger = create(yinzheng::store::MemoryStore::new(), HashAlg::Sha256, &key);
    seal(&ledger, &key);
    let appended = append(&ledger, "1", None, Dossier::New);
    assert_eq!(honest::code(ledger.prove(&honest::whole(appended.dossier))), ErrorCode::NotFound);
}
