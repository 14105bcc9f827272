//! Statements 签署声明 as two-phase calls of their own: by further signers, and for detached sealing.

use serde::Deserialize;
use serde_json::json;
use yinzheng::record::Record;
use yinzheng::statement::StatementDraft;
use yinzheng::{Error, ErrorCode};

use crate::failure::Outcome;
use crate::request::SignerWire;
use crate::signing::{Draft, ToSign};
use crate::{guard, json, words};

/// Prepares a statement 签署声明. Over a record's own bytes (detached sealing, the first signer: the record travels inside), or, where
/// `record` is empty, over a digest (each further signer): `request` is `{"signer": {"key","role", …}, ?"record": "sha256:…"}`.
///
/// # Errors
/// `InvalidArgument`, `UnknownName`, `InvalidKey`, 3xx for bytes that are no record.
pub fn statement_draft(record: &[u8], request: &[u8]) -> Outcome<Draft> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        signer: SignerWire,
        record: Option<String>,
    }
    guard::run("statement_draft", || {
        let wire: Wire = json::object("request", request)?;
        let key = wire.signer.key.read()?;
        let draft = match (&wire.record, record.is_empty()) {
            (None, false) => {
                let record = Record::parse(record)?;
                let terms = wire.signer.terms(record.time.captured.unix_ms, None)?;
                StatementDraft::over_record(&record, &key, &terms)?
            }
            (Some(digest), true) => {
                if wire.signer.issued_at.is_none() {
                    let what = "signer: issued_at is missing";
                    return Err(Error::new(ErrorCode::InvalidArgument, what));
                }
                let digest = words::digest("record", digest)?;
                StatementDraft::over_digest(digest, &key, &wire.signer.terms(0, None)?)?
            }
            _ => {
                let what = "either the record's bytes or its digest";
                return Err(Error::new(ErrorCode::InvalidArgument, what));
            }
        };
        let to_sign = ToSign::new(draft.to_be_signed(), &key, json!({}));
        Ok(Draft { draft: draft.encode(), to_sign })
    })
}

/// Takes the signature over a statement's draft, raw or DER, verifies it, and gives the entry: for [`crate::ledger_append_entry`] or a
/// sealer.
///
/// # Errors
/// `InvalidSignature`, `SignatureMismatch`; 3xx for bytes that are no draft.
pub fn statement_finish(draft: &[u8], signature: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("statement_finish", || StatementDraft::decode(draft)?.finish(signature))
}
