use super::*;
use crate::entry::{Body, Entry};
use crate::hash::Digest;
use crate::sign::{SigAlg, Signature, SoftwareKey};
use crate::testing::{
    code, every_bit_counts, every_cut_is_refused, first_claims, key, key_entry, negated_p256, with,
};

const HASH: HashAlg = HashAlg::Sm3;

fn ledger_id() -> Digest {
    Digest::of(HASH, b"a ledger")
}

fn enrolment(role: KeyRole, key: &SoftwareKey) -> KeyClaims {
    KeyClaims::enrol(role, key.public().clone(), Custody::Shield, -1)
}

fn of_ledger(previous: [u8; 32], epoch: u64, key: &SoftwareKey) -> KeyClaims {
    KeyClaims::rotate(KeyRole::Ledger, key.public().clone(), Custody::Hsm, 0, previous, Some(epoch))
}

fn complete(claims: &KeyClaims, key: &SoftwareKey) -> Vec<u8> {
    key_entry(claims, key, &ledger_id())
}

fn revocation(role: KeyRole, target: [u8; 32]) -> Vec<u8> {
    KeyEntry::new(&KeyClaims::revoke(role, target, RevokeReason::Compromised, 9)).encode()
}

fn ledger_keys() -> LedgerKeys {
    let first = KeyEntry::new(&first_claims(&key(SigAlg::Ed25519, 1))).encode();
    LedgerKeys::from_genesis(&first, HASH, ledger_id()).unwrap()
}

fn signer_keys() -> SignerKeys {
    SignerKeys::new(HASH, ledger_id())
}

fn verified(bytes: &[u8]) -> Result<KeyClaims> {
    let (entry, claims) = KeyEntry::parse(bytes)?;
    verify_possession(&entry, &claims, &ledger_id())?;
    Ok(claims)
}

// Claims and entries.

#[test]
fn claims_are_read_back_for_every_role_algorithm_and_custody() {
    for role in KeyRole::ALL {
        for alg in SigAlg::ALL {
            for custody in Custody::ALL {
                let mut claims = enrolment(*role, &key(alg, 3));
                claims.custody = Some(*custody);
                claims.certificates = (0..8).map(|n| vec![n; 1 + usize::from(n)]).collect();
                claims.attestation =
                    Some(Attestation { format: "apple".into(), bytes: vec![1; 16_384] });
                assert_eq!(KeyClaims::parse(&claims.encode()).unwrap(), claims);
            }
        }
        for reason in RevokeReason::ALL {
            let claims = KeyClaims::revoke(*role, [1; 32], *reason, i64::MIN);
            assert_eq!(KeyClaims::parse(&claims.encode()).unwrap(), claims);
        }
    }
}

#[test]
fn numbers_without_a_meaning_are_refused() {
    assert_eq!(code(KeyAction::from_number(0)), ErrorCode::OutOfRange);
    assert_eq!(code(KeyAction::from_number(4)), ErrorCode::OutOfRange);
    assert_eq!(code(KeyRole::from_number(0)), ErrorCode::OutOfRange);
    assert_eq!(code(KeyRole::from_number(5)), ErrorCode::OutOfRange);
    assert_eq!(code(Custody::from_number(9)), ErrorCode::OutOfRange);
    assert_eq!(code(RevokeReason::from_number(0)), ErrorCode::OutOfRange);
    assert_eq!(code(RevokeReason::from_number(5)), ErrorCode::OutOfRange);
}

#[test]
fn certificates_and_attestations_have_limits() {
    let good = enrolment(KeyRole::Customer, &key(SigAlg::P256, 3));
    let with_certificates =
        |certificates: Vec<Vec<u8>>| KeyClaims { certificates, ..good.clone() }.encode();
    let attested = |bytes: usize| {
        let attestation = Some(Attestation { format: "x".into(), bytes: vec![1; bytes] });
        KeyClaims { attestation, ..good.clone() }.encode()
    };
    assert!(KeyClaims::parse(&with_certificates(vec![vec![1; 16_384]])).is_ok());
    assert_eq!(
        code(KeyClaims::parse(&with_certificates(vec![vec![1; 16_385]]))),
        ErrorCode::TooLarge
    );
    assert_eq!(code(KeyClaims::parse(&with_certificates(vec![vec![]]))), ErrorCode::TooLarge);
    assert_eq!(code(KeyClaims::parse(&with_certificates(vec![vec![1]; 9]))), ErrorCode::OutOfRange);
    assert_eq!(code(KeyClaims::parse(&attested(16_385))), ErrorCode::TooLarge);
    assert_eq!(code(KeyClaims::parse(&attested(0))), ErrorCode::TooLarge);
}

#[test]
fn a_user_id_has_1_to_8191_bytes() {
    let named = |bytes: usize| {
        let key = key(SigAlg::Sm2, 3).with_sm2_id(&vec![b'x'; bytes]).unwrap();
        let claims = enrolment(KeyRole::Customer, &key);
        KeyClaims::parse(&claims.encode()).map(|read| assert_eq!(read, claims))
    };
    named(1).unwrap();
    named(8191).unwrap();
    assert_eq!(code(named(0)), ErrorCode::OutOfRange);
    let claims = enrolment(KeyRole::Customer, &key(SigAlg::Sm2, 3)).encode();
    let long = with(&claims, 3, &crate::codec::Writer::new().bstr(&[0; 8192]).finish());
    assert_eq!(code(KeyClaims::parse(&long)), ErrorCode::OutOfRange);
}

#[test]
fn every_bit_of_a_key_entry_counts() {
    for alg in SigAlg::ALL {
        let key = key(alg, 3);
        let good = complete(&enrolment(KeyRole::Device, &key), &key);
        every_bit_counts(&good, |bytes| verified(bytes).is_ok());
        every_cut_is_refused(&good, verified);
    }
}

// Possession.

#[test]
fn possession_takes_any_form_of_the_signature_and_keeps_one() {
    let key = key(SigAlg::P256, 3);
    let claims = enrolment(KeyRole::Customer, &key);
    let signature = key.sign(&possession_to_be_signed(&claims, &ledger_id()).unwrap()).unwrap();
    let high = [&signature.bytes()[..32], &negated_p256(&signature.bytes()[32..])].concat();
    let entry =
        |signature: &[u8]| KeyEntry::with_possession(&claims, &ledger_id(), signature).unwrap();
    let expected = entry(signature.bytes());
    assert_eq!(entry(&signature.to_der()), expected);
    assert_eq!(entry(&high), expected);
}

#[test]
fn possession_of_another_key_or_for_another_ledger_is_none() {
    for alg in SigAlg::ALL {
        let (mine, other) = (key(alg, 3), key(alg, 4));
        let claims = enrolment(KeyRole::Customer, &mine);
        let elsewhere = Digest::of(HashAlg::Sha256, b"another");
        let sign = |signer: &SoftwareKey, ledger: &Digest| {
            let message = possession_to_be_signed(&claims, ledger).unwrap();
            signer.sign(&message).unwrap().bytes().to_vec()
        };
        let complete =
            |signature: &[u8]| KeyEntry::with_possession(&claims, &ledger_id(), signature);
        assert_eq!(code(complete(&sign(&other, &ledger_id()))), ErrorCode::SignatureMismatch);
        assert_eq!(code(complete(&sign(&mine, &elsewhere))), ErrorCode::SignatureMismatch);
        assert_eq!(code(complete(&[0; 63])), ErrorCode::InvalidSignature);
        let entry = key_entry(&claims, &mine, &elsewhere);
        assert_eq!(code(verified(&entry)), ErrorCode::DigestMismatch);
        // The entry of somebody else's key with this possession message in it.
        let (theirs, _) =
            KeyEntry::parse(&complete(&sign(&mine, &ledger_id())).unwrap().encode()).unwrap();
        let claims_bytes = enrolment(KeyRole::Customer, &other).encode();
        let stolen = KeyEntry { claims_bytes, ..theirs }.encode();
        assert_eq!(code(verified(&stolen)), ErrorCode::SignatureMismatch);
    }
}

#[test]
fn a_revocation_needs_no_possession() {
    let claims = KeyClaims::revoke(KeyRole::Customer, [1; 32], RevokeReason::Lost, 0);
    assert_eq!(code(possession_to_be_signed(&claims, &ledger_id())), ErrorCode::InvalidArgument);
    assert_eq!(
        code(KeyEntry::with_possession(&claims, &ledger_id(), &[0; 64])),
        ErrorCode::InvalidArgument
    );
    verified(&revocation(KeyRole::Customer, [1; 32])).unwrap();
}

#[test]
fn a_leaf_shows_possession_exactly_where_a_key_comes_in() {
    let key = key(SigAlg::Ed25519, 3);
    let claims = enrolment(KeyRole::Customer, &key);
    let good = complete(&claims, &key);
    assert!(matches!(Entry::parse(&good).unwrap().body, Body::Key(..)));
    assert_eq!(code(Entry::parse(&KeyEntry::new(&claims).encode())), ErrorCode::MissingKey);
    let (entry, _) = KeyEntry::parse(&good).unwrap();
    let (bare, _) = KeyEntry::parse(&revocation(KeyRole::Customer, [1; 32])).unwrap();
    let both = KeyEntry { possession: entry.possession, ..bare }.encode();
    assert_eq!(code(Entry::parse(&both)), ErrorCode::UnknownCritical);
    let rubbish =
        KeyEntry { possession: Some(b"rubbish".to_vec()), ..KeyEntry::new(&claims) }.encode();
    assert!(Entry::parse(&rubbish).is_err());
}

// Ledger keys.

#[test]
fn a_rotation_is_in_force_from_the_next_block() {
    let mut keys = ledger_keys();
    let first = keys.newest().kid;
    let second = complete(&of_ledger(first, 1, &key(SigAlg::Sm2, 2)), &key(SigAlg::Sm2, 2));
    keys.apply(&second, 4).unwrap();
    let kid = KeyEntry::digest(&second, HASH);
    for (height, expected) in [(0, first), (3, first), (4, first), (5, kid), (1 << 52, kid)] {
        assert_eq!(keys.at(height).kid, expected, "height {height}");
    }
    assert_eq!(keys.by_kid(&first).unwrap().ended, Some(4));
    assert_eq!(keys.by_kid(&[0; 32]), None);
    let third = complete(&of_ledger(kid, 2, &key(SigAlg::P256, 3)), &key(SigAlg::P256, 3));
    assert_eq!(code(keys.apply(&third, 4)), ErrorCode::OutOfRange, "twice in one block");
    keys.apply(&third, 5).unwrap();
    assert_eq!((keys.at(5).kid, keys.at(6).epoch), (kid, Some(2)));
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut keys = ledger_keys();
    let first = keys.newest().kid;
    let (new, other) = (key(SigAlg::Ed25519, 2), key(SigAlg::Ed25519, 3));
    let before = format!("{keys:?}");
    for (entry, expected) in [
        (complete(&of_ledger(first, 2, &new), &new), ErrorCode::OutOfRange),
        (complete(&of_ledger(first, 0, &new), &new), ErrorCode::OutOfRange),
        (complete(&of_ledger([1; 32], 1, &new), &new), ErrorCode::KeyNotInForce),
        (complete(&first_claims(&new), &new), ErrorCode::OutOfRange),
        (KeyEntry::new(&of_ledger(first, 1, &new)).encode(), ErrorCode::MissingKey),
        (
            key_entry(&of_ledger(first, 1, &new), &new, &Digest::of(HASH, b"x")),
            ErrorCode::DigestMismatch,
        ),
        (revocation(KeyRole::Ledger, first), ErrorCode::KeyNotInForce),
        (revocation(KeyRole::Ledger, [1; 32]), ErrorCode::KeyNotInForce),
        (KeyEntry::new(&enrolment(KeyRole::Customer, &other)).encode(), ErrorCode::MissingKey),
    ] {
        assert_eq!(code(keys.apply(&entry, 3)), expected);
        assert_eq!(format!("{keys:?}"), before);
    }
}

#[test]
fn only_a_retired_ledger_key_is_revoked_and_once() {
    let mut keys = ledger_keys();
    let first = keys.newest().kid;
    let new = key(SigAlg::Ed25519, 2);
    let second = complete(&of_ledger(first, 1, &new), &new);
    keys.apply(&second, 2).unwrap();
    let (of_first, of_second) = (
        revocation(KeyRole::Ledger, first),
        revocation(KeyRole::Ledger, KeyEntry::digest(&second, HASH)),
    );
    assert_eq!(code(keys.apply(&of_first, 2)), ErrorCode::KeyNotInForce, "it signs block 2");
    assert_eq!(code(keys.apply(&of_second, 2)), ErrorCode::KeyNotInForce, "the key to come");
    assert_eq!(code(keys.apply(&of_second, 3)), ErrorCode::KeyNotInForce, "the key in force");
    keys.apply(&of_first, 3).unwrap();
    assert_eq!(keys.by_kid(&first).unwrap().revoked, Some((3, RevokeReason::Compromised)));
    assert_eq!(keys.by_kid(&first).unwrap().ended, Some(2));
    assert_eq!(code(keys.apply(&of_first, 4)), ErrorCode::KeyNotInForce, "twice");
}

#[test]
fn a_key_that_genesis_did_not_commit_to_is_refused() {
    let (first, wanted, other) = (key(SigAlg::P256, 1), key(SigAlg::Sm2, 2), key(SigAlg::Sm2, 3));
    let committed = |hash| KeyClaims {
        next_key: Some(KeyClaims::commitment_to(wanted.public(), hash)),
        ..first_claims(&first)
    };
    let start = |claims: &KeyClaims| {
        LedgerKeys::from_genesis(&KeyEntry::new(claims).encode(), HASH, ledger_id()).unwrap()
    };
    let mut keys = start(&committed(HASH));
    let kid = keys.newest().kid;
    let rotate = |key: &SoftwareKey| complete(&of_ledger(kid, 1, key), key);
    assert_eq!(code(keys.apply(&rotate(&other), 1)), ErrorCode::DigestMismatch);
    // The commitment is to the key, whatever user id it comes with.
    let named = key(SigAlg::Sm2, 2).with_sm2_id(b"another id").unwrap();
    keys.clone().apply(&rotate(&named), 1).unwrap();
    keys.apply(&rotate(&wanted), 1).unwrap();
    let mut under_the_other_hash = start(&committed(HashAlg::Sha256));
    let kid = under_the_other_hash.newest().kid;
    let entry = complete(&of_ledger(kid, 1, &wanted), &wanted);
    assert_eq!(code(under_the_other_hash.apply(&entry, 1)), ErrorCode::DigestMismatch);
}

#[test]
fn genesis_embeds_an_enrolment_of_epoch_0_alone() {
    let first = key(SigAlg::Ed25519, 1);
    let parse = |bytes: &[u8]| LedgerKeys::from_genesis(bytes, HASH, ledger_id());
    let good = KeyEntry::new(&first_claims(&first)).encode();
    parse(&good).unwrap();
    let epoch = KeyClaims { epoch: Some(1), ..first_claims(&first) };
    assert_eq!(code(parse(&KeyEntry::new(&epoch).encode())), ErrorCode::OutOfRange);
    let customer = enrolment(KeyRole::Customer, &first);
    assert_eq!(code(parse(&KeyEntry::new(&customer).encode())), ErrorCode::OutOfRange);
    assert_eq!(code(parse(&complete(&first_claims(&first), &first))), ErrorCode::UnknownCritical);
    assert_eq!(code(parse(&with(&good, 64, &[0xf6]))), ErrorCode::UnknownCritical);
    every_cut_is_refused(&good, parse);
}

#[test]
fn the_log_builds_the_same_keys_again() {
    let mut keys = ledger_keys();
    for (epoch, height) in [(1, 3), (2, 9), (3, 10)] {
        let new = key(SigAlg::Ed25519, epoch as u8 + 1);
        keys.apply(&complete(&of_ledger(keys.newest().kid, epoch, &new), &new), height).unwrap();
    }
    keys.apply(&revocation(KeyRole::Ledger, keys.all()[1].kid), 11).unwrap();
    let customer = key(SigAlg::P256, 9);
    keys.apply(&complete(&enrolment(KeyRole::Customer, &customer), &customer), 11).unwrap();
    let ((_, first), rest) = keys.log().split_first().unwrap();
    let mut again = LedgerKeys::from_genesis(first, HASH, ledger_id()).unwrap();
    for (height, entry) in rest {
        again.apply(entry, *height).unwrap();
    }
    assert_eq!(again.all(), keys.all());
    assert_eq!(again.log(), keys.log());
}

// Keys of signers.

#[test]
fn a_signers_key_is_enrolled_replaced_and_revoked() {
    let mut keys = signer_keys();
    let (old, new) = (key(SigAlg::Sm2, 3), key(SigAlg::P256, 4));
    let first = complete(&enrolment(KeyRole::Customer, &old), &old);
    let kid = KeyEntry::digest(&first, HASH);
    keys.apply(&first, 1).unwrap();
    let public = new.public().clone();
    let claims = KeyClaims::rotate(KeyRole::Customer, public, Custody::Enclave, 2, kid, None);
    let second = complete(&claims, &new);
    keys.apply(&second, 2).unwrap();
    assert_eq!(keys.by_kid(&kid).unwrap().ended, Some(2));
    let second = KeyEntry::digest(&second, HASH);
    keys.apply(&revocation(KeyRole::Customer, second), 5).unwrap();
    assert_eq!(keys.by_kid(&second).unwrap().revoked, Some((5, RevokeReason::Compromised)));
    assert_eq!(keys.all().len(), 2);
}

#[test]
fn signers_keys_change_by_the_rules_only() {
    let mut keys = signer_keys();
    let (old, new) = (key(SigAlg::Sm2, 3), key(SigAlg::Sm2, 4));
    let first = complete(&enrolment(KeyRole::Customer, &old), &old);
    let kid = KeyEntry::digest(&first, HASH);
    let rotate = |role, before| {
        complete(
            &KeyClaims::rotate(role, new.public().clone(), Custody::Shield, 2, before, None),
            &new,
        )
    };
    assert_eq!(code(keys.apply(&rotate(KeyRole::Customer, kid), 1)), ErrorCode::KeyNotInForce);
    keys.apply(&first, 1).unwrap();
    for (entry, expected) in [
        (first.clone(), ErrorCode::DuplicateKey),
        (rotate(KeyRole::Device, kid), ErrorCode::KeyNotInForce),
        (rotate(KeyRole::Customer, [1; 32]), ErrorCode::KeyNotInForce),
        (revocation(KeyRole::Witness, kid), ErrorCode::KeyNotInForce),
        (revocation(KeyRole::Customer, [1; 32]), ErrorCode::KeyNotInForce),
        (KeyEntry::new(&enrolment(KeyRole::Customer, &new)).encode(), ErrorCode::MissingKey),
        (
            key_entry(&enrolment(KeyRole::Customer, &new), &new, &Digest::of(HASH, b"x")),
            ErrorCode::DigestMismatch,
        ),
    ] {
        assert_eq!(code(keys.apply(&entry, 2)), expected);
        assert_eq!(keys.all().len(), 1);
        assert_eq!(keys.by_kid(&kid).unwrap().ended, None);
    }
    keys.apply(&revocation(KeyRole::Customer, kid), 3).unwrap();
    assert_eq!(code(keys.apply(&rotate(KeyRole::Customer, kid), 4)), ErrorCode::KeyNotInForce);
    assert_eq!(code(keys.apply(&revocation(KeyRole::Customer, kid), 4)), ErrorCode::KeyNotInForce);
    assert_eq!(
        code(keys.apply(&first, 4)),
        ErrorCode::DuplicateKey,
        "a revoked key does not come back"
    );
}

#[test]
fn each_list_passes_the_other_roles_over() {
    let customer = key(SigAlg::P256, 3);
    let entry = complete(&enrolment(KeyRole::Witness, &customer), &customer);
    let mut ledger = ledger_keys();
    ledger.apply(&entry, 1).unwrap();
    assert_eq!((ledger.all().len(), ledger.log().len()), (1, 1));
    let mut signers = signer_keys();
    let new = key(SigAlg::P256, 4);
    signers.apply(&complete(&of_ledger(ledger.newest().kid, 1, &new), &new), 1).unwrap();
    assert_eq!(signers.all().len(), 0);
}

#[test]
fn a_high_s_in_a_possession_is_not_ours() {
    let key = key(SigAlg::P256, 3);
    let claims = enrolment(KeyRole::Customer, &key);
    let (entry, _) = KeyEntry::parse(&complete(&claims, &key)).unwrap();
    let mut message = crate::sign::Sign1::parse(entry.possession.as_ref().unwrap()).unwrap();
    let high = [&message.signature[..32], &negated_p256(&message.signature[32..])].concat();
    assert!(Signature::from_outside(SigAlg::P256, &high).unwrap().is_high_s());
    message.signature = high;
    let entry = KeyEntry { possession: Some(message.encode()), ..entry };
    assert_eq!(code(verify_possession(&entry, &claims, &ledger_id())), ErrorCode::HighS);
}
