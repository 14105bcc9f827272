//! What bytes say that a signer is asked to sign: for whoever shows a text beside them and must know that it is theirs.

use serde_json::{Value, json};
use yinzheng::claim;
use yinzheng::codec::{Item, limits};
use yinzheng::hash::{Digest, hex};
use yinzheng::key::KeyClaims;
use yinzheng::media;
use yinzheng::number;
use yinzheng::sign::{SigAlg, Sign1};
use yinzheng::statement::{Payload, Statement};
use yinzheng::{Error, ErrorCode, Result};

use super::said::{bytes, digest, present};
use super::sealed::Beside;

/// r and s are 1: a form that every algorithm takes. Nobody made it, so nothing of it is told.
const NO_SIGNATURE: [u8; 64] = {
    let mut both = [0; 64];
    both[31] = 1;
    both[63] = 1;
    both
};

/// A Sig_structure: which kind of message it signs and, of a statement or a key, what it says. Nothing is verified: there is no
/// signature yet.
pub(super) fn to_be_signed(read: &[u8], beside: &Beside) -> Result<Value> {
    let most = limits::ENTRY_BYTES.saturating_add(limits::HEADER_BYTES);
    let [context, protected, outside, payload] = Item::parse(read, most)?.array_n::<4>()?;
    if context.text()? != "Signature1" || !outside.bstr()?.is_empty() {
        return Err(Error::new(ErrorCode::WrongMediaType, "not what this format signs"));
    }
    let (protected, payload) = (protected.bstr()?, payload.bstr()?);
    let header = Item::parse(protected, limits::HEADER_BYTES)?.map()?;
    let mut said = match header.read(16, |typ| typ.text())? {
        media::STATEMENT => statement(protected, payload)?,
        media::POSSESSION => {
            let claims = header.read(15, |claims| claims.map())?;
            possession(payload, &claims.read(claim::AUDIENCE, Digest::read)?)?
        }
        media::BLOCK => json!({ "what": "block" }),
        media::COUNTERSIGNATURE => json!({ "what": "countersignature" }),
        _ => return Err(Error::new(ErrorCode::WrongMediaType, "not what this format signs")),
    };
    let alg = header.read(1, |alg| SigAlg::from_cose_id(alg.int()?))?;
    let digest = match &beside.key {
        Some(key) => {
            let key = key.read()?;
            if key.alg() != alg {
                return Err(Error::new(ErrorCode::AlgorithmMismatch, "key"));
            }
            key.digest_to_sign(read).map(|digest| hex::encode(&digest))
        }
        None => None,
    };
    if let Some(members) = said.as_object_mut() {
        members.insert("algorithm".into(), json!(alg.name()));
        members.insert("digest_to_sign".into(), json!(digest));
    }
    Ok(present(said))
}

fn statement(protected: &[u8], payload: &[u8]) -> Result<Value> {
    let whole = Sign1::new(protected.to_vec(), Some(payload.to_vec()), NO_SIGNATURE.to_vec());
    let statement = Statement::parse(&whole.encode())?;
    let record = statement.record_digest();
    Ok(json!({
        "what": "statement",
        "kid": bytes(statement.kid),
        "role": statement.role.name(),
        "issued_at": statement.issued_at,
        "displayed": statement.displayed.as_ref().map(digest),
        "audience": statement.audience.as_ref().map(digest),
        "payload": match &statement.payload {
            Payload::Record(_) => "record",
            Payload::Reference(_) => "reference",
        },
        "record_digest": digest(&record),
        "record_number": number::record_number(&record),
    }))
}

fn possession(payload: &[u8], ledger: &Digest) -> Result<Value> {
    let claims = KeyClaims::parse(payload)?;
    Ok(json!({
        "what": "possession",
        "action": claims.action.name(),
        "role": claims.role.name(),
        "thumbprint": claims.key.as_ref().map(|key| bytes(key.thumbprint())),
        "audience": digest(ledger),
    }))
}

#[cfg(all(test, feature = "store"))]
#[allow(clippy::unwrap_used)] // helpers of tests lie outside of them
mod tests {
    use super::*;
    use yinzheng::hash::HashAlg;
    use yinzheng::key::{Custody, KeyRole, possession_to_be_signed};
    use yinzheng::sign::{PublicKey, SoftwareKey, sig_structure};
    use yinzheng::statement::{Role, StatementDraft, Terms};

    fn of(alg: SigAlg) -> PublicKey {
        SoftwareKey::from_seed(alg, &[7; 32]).unwrap().public().clone()
    }

    fn read(bytes: &[u8]) -> Value {
        to_be_signed(bytes, &Beside::default()).unwrap()
    }

    #[test]
    fn a_statement_tells_what_was_displayed() {
        for alg in [SigAlg::Ed25519, SigAlg::P256, SigAlg::Sm2] {
            let record = Digest::of(HashAlg::Sm3, b"a record");
            let shown = Digest::of(HashAlg::Sm3, "借款 5000.00 元".as_bytes());
            let mut terms = Terms::new(Role::Customer, 9);
            let draft = StatementDraft::over_digest(record, &of(alg), &terms).unwrap();
            assert_eq!(read(&draft.to_be_signed()).get("displayed"), None);
            terms = terms.displayed(shown);
            let draft = StatementDraft::over_digest(record, &of(alg), &terms).unwrap();
            let said = read(&draft.to_be_signed());
            assert_eq!(said["what"], "statement");
            assert_eq!(said["displayed"], shown.to_string());
            assert_eq!(said["record_digest"], record.to_string());
            assert_eq!(said["algorithm"], alg.name());
        }
    }

    #[test]
    fn the_digest_for_a_device_is_made_of_these_bytes() {
        let key = of(SigAlg::Sm2);
        let terms = Terms::new(Role::Customer, 9);
        let record = Digest::of(HashAlg::Sm3, b"a record");
        let bytes = StatementDraft::over_digest(record, &key, &terms).unwrap().to_be_signed();
        let wire = json!({ "key": { "cose_key": hex::encode(&key.to_cose_key()) } });
        let beside: Beside = serde_json::from_value(wire).unwrap();
        let said = to_be_signed(&bytes, &beside).unwrap();
        assert_eq!(said["digest_to_sign"], hex::encode(&key.digest_to_sign(&bytes).unwrap()));
        let wire = json!({ "key": { "cose_key": hex::encode(&of(SigAlg::P256).to_cose_key()) } });
        let beside: Beside = serde_json::from_value(wire).unwrap();
        assert_eq!(to_be_signed(&bytes, &beside).unwrap_err().code(), ErrorCode::AlgorithmMismatch);
    }

    #[test]
    fn a_key_is_not_taken_for_a_statement() {
        let key = of(SigAlg::Sm2);
        let claims =
            yinzheng::key::KeyClaims::enrol(KeyRole::Customer, key.clone(), Custody::Shield, 0);
        let ledger = Digest::of(HashAlg::Sm3, b"a ledger");
        let said = read(&possession_to_be_signed(&claims, &ledger).unwrap());
        assert_eq!(said["what"], "possession");
        assert_eq!(said["audience"], ledger.to_string());
        assert_eq!(said["thumbprint"], bytes(key.thumbprint()));
    }

    #[test]
    fn what_stands_outside_the_signed_parts_is_refused() {
        let terms = Terms::new(Role::Customer, 9);
        let record = Digest::of(HashAlg::Sm3, b"a record");
        let good =
            StatementDraft::over_digest(record, &of(SigAlg::Sm2), &terms).unwrap().to_be_signed();
        assert!(to_be_signed(&[good.clone(), vec![0]].concat(), &Beside::default()).is_err());
        assert!(to_be_signed(&good[..good.len() - 1], &Beside::default()).is_err());
        let [_, protected, _, _] = Item::parse(&good, 99_999).unwrap().array_n::<4>().unwrap();
        let other = sig_structure(protected.bstr().unwrap(), b"another payload");
        assert!(to_be_signed(&other, &Beside::default()).is_err());
    }
}
