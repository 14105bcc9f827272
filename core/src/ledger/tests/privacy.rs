//! Erasure, holds, restriction, re-wrapping.

use super::*;
use crate::entry::{HoldAction, HoldReason, TombstoneReason};
use crate::vault::VaultSuite;

const MESSAGE: &str = r#"{"电话":"13900001234","金额":"5000.00"}"#;

fn erase(target: EraseTarget) -> EraseRequest {
    EraseRequest {
        target,
        reason: TombstoneReason::PersonsRequest,
        reference: "请求 42".into(),
        time: TimeClaim::declared(8),
    }
}

fn hold(action: HoldAction, records: Vec<u64>) -> HoldRequest {
    HoldRequest {
        action,
        records,
        reason: HoldReason::Dispute,
        reference: "案 7".into(),
        time: TimeClaim::declared(8),
    }
}

fn ledger() -> (Ledger, SoftwareKey, Appended) {
    let key = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &key);
    let appended =
        ledger.append(record(HashAlg::Sha256, MESSAGE, Some("b"), Dossier::New)).unwrap();
    seal(&ledger, &key);
    (ledger, key, appended)
}

#[test]
fn erased_values_are_gone_and_the_record_stays_provable() {
    let (ledger, key, appended) = ledger();
    let erased = ledger.erase(&erase(EraseTarget::Records(vec![appended.sequence]))).unwrap();
    assert_eq!((erased.records.as_slice(), erased.names), ([appended.digest].as_slice(), None));
    assert_eq!(ledger.disclosures(appended.sequence).unwrap_err().code(), ErrorCode::Erased);
    let again = ledger.erase(&erase(EraseTarget::Records(vec![appended.sequence])));
    assert_eq!(again.unwrap_err().code(), ErrorCode::Erased);
    let replay = ledger.append(record(HashAlg::Sha256, MESSAGE, Some("b"), Dossier::New));
    assert_eq!(replay.unwrap_err().code(), ErrorCode::Erased);
    seal(&ledger, &key);
    let request = ProofRequest {
        records: Selection::Sequences(vec![appended.sequence]),
        disclose: Disclose::All,
    };
    let proof = ledger.prove(&request).unwrap();
    let shown: usize = proof.items.iter().map(|item| item.disclosures.len()).sum();
    assert_eq!((proof.items.len(), shown), (4, 1), "the tombstone comes along, with its reference");
    assert_eq!(ledger.erasure_reach(erased.tombstones[0]).unwrap(), ErasureReach::Here);
    assert!(ledger.check(|_, _| {}).unwrap().problems.is_empty());
}

#[test]
fn some_fields_are_erased_with_their_twins() {
    let (ledger, _, appended) = ledger();
    let unknown = EraseTarget::Fields(appended.sequence, vec!["nothing".into()]);
    let names: Vec<String> =
        ledger.disclosures(appended.sequence).unwrap().into_iter().map(|d| d.name).collect();
    let phone = names.iter().find(|name| name.contains("电话")).unwrap().clone();
    let fields = EraseTarget::Fields(appended.sequence, vec![phone]);
    assert_eq!(ledger.erase(&erase(unknown)).unwrap_err().code(), ErrorCode::UnknownName);
    ledger.erase(&erase(fields.clone())).unwrap();
    let left: Vec<String> =
        ledger.disclosures(appended.sequence).unwrap().into_iter().map(|d| d.name).collect();
    assert!(left.len() < names.len() && !left.iter().any(|name| name.contains("电话")), "{left:?}");
    assert_eq!(ledger.erase(&erase(fields)).unwrap_err().code(), ErrorCode::Erased);
    let replay = ledger.append(record(HashAlg::Sha256, MESSAGE, Some("b"), Dossier::New));
    assert_eq!(replay.unwrap_err().code(), ErrorCode::Erased);
}

#[test]
fn a_hold_suspends_erasure_and_a_restriction_disclosure() {
    let (ledger, key, appended) = ledger();
    ledger.hold(&hold(HoldAction::Set, vec![appended.sequence])).unwrap();
    let refused = ledger.erase(&erase(EraseTarget::Dossier(appended.dossier)));
    assert_eq!(refused.unwrap_err().code(), ErrorCode::OnHold);
    ledger.hold(&hold(HoldAction::Restrict, vec![appended.sequence])).unwrap();
    assert_eq!(ledger.disclosures(appended.sequence).unwrap_err().code(), ErrorCode::OnHold);
    seal(&ledger, &key);
    let request = ProofRequest {
        records: Selection::Sequences(vec![appended.sequence]),
        disclose: Disclose::ByProfile,
    };
    let shown: usize =
        ledger.prove(&request).unwrap().items.iter().map(|item| item.disclosures.len()).sum();
    assert_eq!(shown, 0);
    assert_eq!(
        ledger.hold_state(appended.sequence).unwrap(),
        HoldState { held: true, restricted: true }
    );
    ledger.hold(&hold(HoldAction::Lift, vec![appended.sequence])).unwrap();
    assert_eq!(ledger.hold_state(appended.sequence).unwrap(), HoldState::default());
    ledger.disclosures(appended.sequence).unwrap();
    ledger.erase(&erase(EraseTarget::Dossier(appended.dossier))).unwrap();
    for records in [vec![], vec![0], vec![99], vec![appended.sequence; 513]] {
        assert!(ledger.hold(&hold(HoldAction::Set, records)).is_err());
    }
}

#[test]
fn an_erasure_reaches_old_backups_once_their_vault_keys_are_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let bank = key(SigAlg::Sm2, 1);
    let ledger = create(Box::new(SqliteStore::create(&path).unwrap()), HashAlg::Sm3, &bank);
    let kept = ledger.append(record(HashAlg::Sm3, MESSAGE, Some("kept"), Dossier::New)).unwrap();
    let gone = ledger.append(record(HashAlg::Sm3, MESSAGE, None, Dossier::New)).unwrap();
    let customer = key(SigAlg::P256, 2);
    let new = record(HashAlg::Sm3, MESSAGE, None, Dossier::New);
    let held = ledger.hold_for_signature(&new, customer.public(), &terms(Role::Customer)).unwrap();
    let erased = ledger.erase(&erase(EraseTarget::Records(vec![gone.sequence]))).unwrap();
    let sm4 = VaultKey::from_slice(VaultSuite::Sm4Gcm, &[6; 16]).unwrap();
    let report = ledger.rewrap(&sm4, TimeClaim::declared(9), |_, _| {}).unwrap();
    assert_eq!((report.moved, report.moved_before), (2, 0), "one record, one tombstone");
    assert_eq!(ledger.erasure_reach(erased.tombstones[0]).unwrap(), ErasureReach::Here);
    let unknown = ledger.confirm_vault_key_destroyed([9; 8], TimeClaim::declared(9));
    assert_eq!(unknown.unwrap_err().code(), ErrorCode::NotFound);
    let in_use = ledger.confirm_vault_key_destroyed(sm4.id(), TimeClaim::declared(9));
    assert_eq!(in_use.unwrap_err().code(), ErrorCode::InvalidArgument);
    ledger.confirm_vault_key_destroyed(report.old_key, TimeClaim::declared(9)).unwrap();
    assert_eq!(ledger.erasure_reach(erased.tombstones[0]).unwrap(), ErasureReach::Everywhere);
    let later = ledger.erase(&erase(EraseTarget::Records(vec![kept.sequence]))).unwrap();
    assert_eq!(ledger.erasure_reach(later.tombstones[0]).unwrap(), ErasureReach::Here);
    let signed = ledger
        .finish_statement(held.id, customer.sign(&held.to_be_signed).unwrap().bytes())
        .unwrap();
    assert!(!ledger.disclosures(signed.sequence).unwrap().is_empty(), "held values moved, too");
    drop(ledger);
    let open = |key: VaultKey| {
        let options = OpenOptions { vault_key: Some(key), ..open_options() };
        Ledger::open(Box::new(SqliteStore::open(&path).unwrap()), options)
    };
    assert_eq!(open(VaultKey::from_bytes([3; 32])).unwrap_err().code(), ErrorCode::WrongVaultKey);
    open(sm4).unwrap().disclosures(signed.sequence).unwrap();
}

#[test]
fn a_host_may_wrap_every_record_key_itself() {
    let bank = key(SigAlg::Ed25519, 1);
    let ledger = Ledger::create(
        Box::new(MemoryStore::new()),
        CreateOptions {
            vault_key: VaultKey::wrapped_by_host(VaultSuite::Sm4Gcm, &[5; 16]).unwrap(),
            ..create_options(HashAlg::Sm3, &bank)
        },
    )
    .unwrap();
    let new = || record(HashAlg::Sm3, MESSAGE, Some("b"), Dossier::New);
    assert_eq!(
        ledger.append(new()).unwrap_err().code(),
        ErrorCode::WrongVaultKey,
        "no wrapped key is ready"
    );
    let keys = ledger.draw_record_keys(2).unwrap();
    let wrap = |key: &[u8]| key.iter().map(|byte| byte ^ 0x5a).collect::<Vec<u8>>(); // stands for an HSM
    for (ready, key) in keys.iter().enumerate() {
        assert_eq!(ledger.supply_wrapped_key(key.id, &wrap(&key.key)).unwrap(), ready + 1);
    }
    assert_eq!(
        ledger.supply_wrapped_key(keys[0].id, b"again").unwrap_err().code(),
        ErrorCode::NotFound
    );
    let appended = ledger.append(new()).unwrap();
    assert_eq!(ledger.disclosures(appended.sequence).unwrap_err().code(), ErrorCode::WrongVaultKey);
    assert!(ledger.append(new()).unwrap().replayed);
    let other =
        record(HashAlg::Sm3, r#"{"电话":"13900009999","金额":"5000.00"}"#, Some("b"), Dossier::New);
    assert_eq!(ledger.append(other).unwrap_err().code(), ErrorCode::Conflict);
    let wrapped = ledger.wrapped_key(appended.sequence).unwrap();
    let unwrapped = zeroize::Zeroizing::new(wrap(&wrapped));
    assert_eq!(ledger.disclosures_with_key(appended.sequence, &unwrapped).unwrap().len(), 2);
    let wrong = zeroize::Zeroizing::new(wrapped.clone());
    assert_eq!(
        ledger.disclosures_with_key(appended.sequence, &wrong).unwrap_err().code(),
        ErrorCode::Damaged
    );
    let phone = || erase(EraseTarget::Fields(appended.sequence, vec!["other.电话".into()]));
    let refused =
        |request: &EraseRequest, key| ledger.erase_with_key(request, key).unwrap_err().code();
    assert_eq!(ledger.erase(&phone()).unwrap_err().code(), ErrorCode::WrongVaultKey);
    assert_eq!(refused(&phone(), &wrong), ErrorCode::Damaged);
    assert_eq!(
        refused(&phone(), &unwrapped),
        ErrorCode::WrongVaultKey,
        "one key is ready, two are used"
    );
    let whole = erase(EraseTarget::Records(vec![appended.sequence]));
    assert_eq!(refused(&whole, &unwrapped), ErrorCode::InvalidArgument);
    assert_eq!(ledger.disclosures_with_key(appended.sequence, &unwrapped).unwrap().len(), 2);
    for key in ledger.draw_record_keys(3).unwrap() {
        ledger.supply_wrapped_key(key.id, &wrap(&key.key)).unwrap();
    }
    ledger.erase_with_key(&phone(), &unwrapped).unwrap();
    let renewed = ledger.wrapped_key(appended.sequence).unwrap();
    assert_ne!(renewed, wrapped, "what stays is under another key");
    assert_eq!(refused(&phone(), &unwrapped), ErrorCode::Damaged);
    let unwrapped = zeroize::Zeroizing::new(wrap(&renewed));
    let left = ledger.disclosures_with_key(appended.sequence, &unwrapped).unwrap();
    assert_eq!(left.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["other.金额"]);
    assert_eq!(refused(&phone(), &unwrapped), ErrorCode::Erased);
    assert_eq!(ledger.append(new()).unwrap_err().code(), ErrorCode::Erased, "and no conflict");
    ledger.replace_wrapped_key(appended.sequence, b"under another key").unwrap();
    assert_eq!(ledger.wrapped_key(appended.sequence).unwrap(), b"under another key");
    ledger.erase(&erase(EraseTarget::Records(vec![appended.sequence]))).unwrap();
    assert_eq!(ledger.wrapped_key(appended.sequence).unwrap_err().code(), ErrorCode::Erased);
    assert_eq!(ledger.append(new()).unwrap_err().code(), ErrorCode::Erased);
    let own = create(Box::new(MemoryStore::new()), HashAlg::Sm3, &bank);
    assert_eq!(own.draw_record_keys(1).unwrap_err().code(), ErrorCode::InvalidArgument);
    let appended = own.append(new()).unwrap();
    let fields = erase(EraseTarget::Fields(appended.sequence, vec!["other.电话".into()]));
    let refused = own.erase_with_key(&fields, &unwrapped).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidArgument);
}

#[test]
fn what_is_due_follows_the_profiles_times() {
    let bank = key(SigAlg::Ed25519, 1);
    let ledger = create(Box::new(MemoryStore::new()), HashAlg::Sha256, &bank);
    let profile = builtin_by_id("loan.disbursement").unwrap();
    let fields =
        profile.read(r#"{"姓名":"苏示例","营销活动":"A"}"#.as_bytes(), &[]).unwrap().fields;
    let reference = ProfileRef::of(profile, HashAlg::Sha256);
    let draft =
        RecordBuilder::new(reference, TimeClaim::declared(2)).fields(fields).build().unwrap();
    let appended = ledger.append(NewRecord::new(profile, draft)).unwrap();
    let starts = RetentionStarts {
        relationship_end: Some(0),
        transaction_end: Some(0),
        certificate_expiry: Some(0),
    };
    let due = |starts: &RetentionStarts, now| ledger.due(&appended.dossier, starts, now).unwrap();
    let soon = due(&starts, 1);
    assert!(
        soon[0].over.is_empty() && soon[0].unbounded.contains(&"other.营销活动".to_owned()),
        "{soon:?}"
    );
    let later = due(&starts, 20 * 366 * 86_400_000);
    assert!(later[0].over.contains(&"subject.name".to_owned()), "{later:?}");
    assert!(due(&RetentionStarts::default(), i64::MAX)[0].over.is_empty());
    ledger.erase(&erase(EraseTarget::Dossier(appended.dossier))).unwrap();
    assert!(due(&starts, 20 * 366 * 86_400_000).is_empty());
    assert_eq!(ledger.due(&[9; 16], &starts, 0).unwrap_err().code(), ErrorCode::NotFound);
}
