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
