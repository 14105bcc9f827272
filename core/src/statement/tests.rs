use super::*;
use crate::codec::Writer;
use crate::entry::{Body, Entry};
use crate::record::{ProfileRef, RecordBuilder};
use crate::sign::SoftwareKey;
use crate::testing::{
    code, every_bit_counts, every_cut_is_refused, key, negated_p256, part, signed, with,
};
use crate::time::TimeClaim;

fn record() -> Record {
    let profile =
        ProfileRef { id: "test".into(), version: 1, digest: Digest::of(HashAlg::Sm3, b"{}") };
    let draft = RecordBuilder::new(profile, TimeClaim::declared(5)).build().unwrap();
    draft.at([7; 16], 0, None).unwrap()
}

fn terms(role: Role) -> Terms {
    Terms { kid: None, role, issued_at: 9, displayed: None, audience: None, certificates: vec![] }
}

fn draft(key: &SoftwareKey, terms: &Terms) -> StatementDraft {
    StatementDraft::over_record(&record(), key.public(), terms).unwrap()
}

fn sign(draft: &StatementDraft, key: &SoftwareKey) -> Vec<u8> {
    draft.finish(key.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap()
}

fn verified(bytes: &[u8], key: &PublicKey) -> Result<Statement> {
    let statement = Statement::parse(bytes)?;
    statement.verify(key)?;
    Ok(statement)
}

#[test]
fn what_is_signed_is_read_back() {
    for alg in SigAlg::ALL {
        for role in Role::ALL {
            let key = key(alg, 3);
            let terms = Terms {
                kid: Some([3; 32]),
                displayed: Some(Digest::of(HashAlg::Sha256, b"shown")),
                audience: Some(Digest::of(HashAlg::Sm3, b"ledger")),
                certificates: vec![vec![0x30, 0]; 3],
                ..terms(*role)
            };
            let read = verified(&sign(&draft(&key, &terms), &key), key.public()).unwrap();
            assert_eq!((read.alg, read.kid, read.role), (alg, [3; 32], *role));
            assert_eq!(
                (read.issued_at, read.displayed, read.audience),
                (9, terms.displayed, terms.audience)
            );
            assert_eq!(read.certificates, terms.certificates);
            assert_eq!(read.record(), Some(&record()));
            assert_eq!(read.record_digest(), record().digest(&record().encode()));
        }
    }
}

#[test]
fn a_further_signer_signs_the_digest() {
    let key = key(SigAlg::Sm2, 4);
    let digest = record().digest(&record().encode());
    let draft = StatementDraft::over_digest(digest, key.public(), &terms(Role::Witness)).unwrap();
    let read = verified(&sign(&draft, &key), key.public()).unwrap();
    assert_eq!(read.payload, Payload::Reference(Reference { record: digest, role: Role::Witness }));
    assert_eq!(read.kid, key.public().thumbprint());
    assert_eq!(read.record(), None);
    assert_eq!(read.record_digest(), digest);
}

#[test]
fn a_draft_survives_a_restart() {
    for key in [key(SigAlg::Ed25519, 3), key(SigAlg::Sm2, 3).with_sm2_id(b"an id").unwrap()] {
        let draft = draft(&key, &terms(Role::Customer));
        let again = StatementDraft::decode(&draft.encode()).unwrap();
        assert_eq!(again, draft);
        assert_eq!(again.to_be_signed(), draft.to_be_signed());
        verified(&sign(&again, &key), key.public()).unwrap();
        every_cut_is_refused(&draft.encode(), StatementDraft::decode);
    }
}

#[test]
fn a_draft_takes_any_form_of_the_signature_and_seals_one() {
    let key = key(SigAlg::P256, 3);
    let draft = draft(&key, &terms(Role::Customer));
    let signature = key.sign(&draft.to_be_signed()).unwrap();
    let high = [&signature.bytes()[..32], &negated_p256(&signature.bytes()[32..])].concat();
    let expected = draft.finish(signature.bytes()).unwrap();
    assert_eq!(draft.finish(&signature.to_der()).unwrap(), expected);
    assert_eq!(draft.finish(&high).unwrap(), expected);
    let high_der = Signature::from_outside(SigAlg::P256, &high).unwrap().to_der();
    assert_eq!(draft.finish(&high_der).unwrap(), expected);
}

#[test]
fn a_wrong_signature_leaves_the_draft_as_it_was() {
    for alg in SigAlg::ALL {
        let (mine, other) = (key(alg, 3), key(alg, 4));
        let draft = draft(&mine, &terms(Role::Customer));
        let message = draft.to_be_signed();
        let by_other = other.sign(&message).unwrap();
        let over_other = mine.sign(&message[1..]).unwrap();
        assert_eq!(code(draft.finish(by_other.bytes())), ErrorCode::SignatureMismatch);
        assert_eq!(code(draft.finish(over_other.bytes())), ErrorCode::SignatureMismatch);
        for rubbish in [&[][..], &[0; 63], &[0; 65], &[0x30, 0x00]] {
            assert_eq!(code(draft.finish(rubbish)), ErrorCode::InvalidSignature);
        }
        assert_eq!(code(draft.finish(&vec![1; 9000])), ErrorCode::TooLarge);
        verified(&sign(&draft, &mine), mine.public()).unwrap();
    }
    let named = key(SigAlg::Sm2, 3).with_sm2_id(b"another").unwrap();
    let draft = draft(&key(SigAlg::Sm2, 3), &terms(Role::Customer));
    let signature = named.sign(&draft.to_be_signed()).unwrap();
    assert_eq!(code(draft.finish(signature.bytes())), ErrorCode::SignatureMismatch, "user id");
}

#[test]
fn certificates_have_limits() {
    let key = key(SigAlg::P256, 3);
    let with = |certificates: Vec<Vec<u8>>| {
        StatementDraft::over_record(
            &record(),
            key.public(),
            &Terms { certificates, ..terms(Role::Agent) },
        )
    };
    assert_eq!(code(with(vec![vec![0x30]; 9])), ErrorCode::LimitExceeded);
    assert_eq!(code(with(vec![vec![]])), ErrorCode::LimitExceeded);
    assert_eq!(code(with(vec![vec![0x30; 16_385]])), ErrorCode::LimitExceeded);
    let one = sign(&with(vec![vec![0x30; 16_384]]).unwrap(), &key);
    assert_eq!(verified(&one, key.public()).unwrap().certificates.len(), 1);
    // Each certificate is small enough, their header is not: nobody could read it, so it is not made.
    assert_eq!(code(with(vec![vec![0x30; 16_384]; 2])), ErrorCode::LimitExceeded);
}

#[test]
fn the_key_must_be_the_headers() {
    let mine = key(SigAlg::Ed25519, 3);
    let bytes = sign(&draft(&mine, &terms(Role::Customer)), &mine);
    assert_eq!(
        code(verified(&bytes, key(SigAlg::Ed25519, 4).public())),
        ErrorCode::SignatureMismatch
    );
    assert_eq!(code(verified(&bytes, key(SigAlg::P256, 3).public())), ErrorCode::AlgorithmMismatch);
    assert_eq!(code(verified(&bytes, key(SigAlg::Sm2, 3).public())), ErrorCode::AlgorithmMismatch);
}

#[test]
fn every_bit_of_a_statement_counts() {
    for alg in SigAlg::ALL {
        let key = key(alg, 3);
        let terms = Terms { certificates: vec![vec![0x30, 0x00]], ..terms(Role::Customer) };
        let good = sign(&draft(&key, &terms), &key);
        every_bit_counts(&good, |bytes| verified(bytes, key.public()).is_ok());
        every_cut_is_refused(&good, Statement::parse);
    }
}

// As entries.

/// A statement over any record bytes, with the right `sub`.
fn over(record: &[u8], key: &SoftwareKey) -> Vec<u8> {
    let message = draft(key, &terms(Role::Customer)).to_be_signed();
    let parts = Item::parse(&message, message.len()).unwrap().array_n::<4>().unwrap();
    let header = parts[1].bstr().unwrap();
    let number = number::record_number(&Digest::of(HashAlg::Sm3, record));
    let claims = with(&part(header, 15), 2, &Writer::new().text(&number).finish());
    signed(&with(header, 15, &claims), record, true, key)
}

#[test]
fn unknown_keys_of_the_record_are_those_of_the_entry() {
    let key = key(SigAlg::Ed25519, 3);
    let plain = over(&record().encode(), &key);
    assert!(!Entry::parse(&plain).unwrap().has_unknown_optional);
    let optional = over(&with(&record().encode(), 64, &[0xf6]), &key);
    let entry = Entry::parse(&optional).unwrap();
    assert!(entry.has_unknown_optional);
    assert!(matches!(entry.body, Body::Statement(_)));
    let critical = over(&with(&record().encode(), 10, &[0xf6]), &key);
    let entry = Entry::parse(&critical).unwrap();
    assert_eq!(entry.body, Body::Unknown { critical: true });
    assert_eq!(entry.place(), None);
    assert_eq!(code(Statement::parse(&critical)), ErrorCode::UnknownCritical);
}

#[test]
fn an_unknown_record_excuses_nothing_else() {
    let key = key(SigAlg::P256, 3);
    let good = over(&with(&record().encode(), 10, &[0xf6]), &key);
    let message = Sign1::parse(&good).unwrap();
    let header = &message.protected;
    let payload = message.payload.clone().unwrap();
    let high = [&message.signature[..32], &negated_p256(&message.signature[32..])].concat();
    for (name, bytes, expected) in [
        (
            "crit",
            signed(&with(header, 2, &[0x80]), &payload, true, &key),
            ErrorCode::UnknownCritical,
        ),
        ("high s", Sign1 { signature: high, ..message.clone() }.encode(), ErrorCode::HighS),
        (
            "x5t alone",
            signed(&with(header, 34, &[0x80]), &payload, true, &key),
            ErrorCode::WrongType,
        ),
        (
            "iat",
            signed(&with(header, 15, &with(&part(header, 15), 6, &[0x20])), &payload, true, &key),
            ErrorCode::WrongType,
        ),
        (
            "payload not canonical",
            signed(header, &[&payload[..], &[0]].concat(), true, &key),
            ErrorCode::TrailingBytes,
        ),
    ] {
        assert_eq!(code(Entry::parse(&bytes)), expected, "{name}");
    }
}

#[test]
fn a_statement_is_an_entry_of_at_most_65535_bytes() {
    let key = key(SigAlg::Ed25519, 3);
    let padded = |bytes: usize| {
        let filler = Writer::new().bstr(&vec![0; bytes]).finish();
        over(&with(&record().encode(), 64, &filler), &key)
    };
    let overhead = padded(60_000).len() - 60_000;
    assert!(Statement::parse(&padded(65_535 - overhead)).is_ok());
    assert_eq!(code(Statement::parse(&padded(65_536 - overhead))), ErrorCode::TooLarge);
    assert_eq!(code(Entry::parse(&padded(65_536 - overhead))), ErrorCode::TooLarge);
}

#[test]
fn references_are_read_strictly() {
    let good = Reference { record: Digest::of(HashAlg::Sm3, b""), role: Role::Notary };
    assert_eq!(Reference::parse(&good.encode()).unwrap(), good);
    let bytes = good.encode();
    assert_eq!(code(Reference::parse(&with(&bytes, 0, &[0x02]))), ErrorCode::WrongKind);
    assert_eq!(code(Reference::parse(&record().encode())), ErrorCode::WrongKind);
    assert_eq!(code(Reference::parse(&with(&bytes, 2, &[0x00]))), ErrorCode::OutOfRange);
    assert_eq!(code(Reference::parse(&with(&bytes, 2, &[0x0b]))), ErrorCode::OutOfRange);
    assert_eq!(code(Reference::parse(&with(&bytes, 64, &[0xf6]))), ErrorCode::UnknownCritical);
    assert_eq!(code(Entry::parse(&bytes)), ErrorCode::WrongKind);
    every_cut_is_refused(&bytes, Reference::parse);
}
