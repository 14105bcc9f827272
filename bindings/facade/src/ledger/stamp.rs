//! Timestamps 可信时间戳 of RFC 3161 authorities, in two phases: the request goes out, the answer comes back.

use serde::Deserialize;
use serde_json::value::RawValue;
use yinzheng::ledger::Ledger;
use yinzheng::store::OutsideKey;
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::handle::Handle;
use crate::{guard, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestWire {
    height: Option<u64>,
    sequence: Option<u64>,
    hash: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachWire {
    height: Option<u64>,
    sequence: Option<u64>,
    policy: Option<Box<RawValue>>,
}

fn target(height: Option<u64>, sequence: Option<u64>) -> Result<OutsideKey> {
    match (height, sequence) {
        (Some(height), None) => Ok(OutsideKey::Block(height)),
        (None, Some(sequence)) => Ok(OutsideKey::Entry(sequence)),
        _ => Err(Error::new(ErrorCode::InvalidArgument, "either height or sequence")),
    }
}

/// A request for a timestamp over a block or an entry: `{"height"|"sequence", ?"hash":"SHA-256|SM3"}`. What comes back is
/// TimeStampReq in DER: POST it to the authority as `application/timestamp-query`, and keep it until the answer is there.
///
/// # Errors
/// `InvalidArgument`, `UnknownName`, `NotFound`, `RandomUnavailable`, 6xx; `UnsupportedAlgorithm` in a build without X.509.
pub fn ledger_timestamp_request(ledger: Handle, request: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_timestamp_request", ledger, |ledger: &Ledger| {
        let wire: RequestWire = json::object("request", request)?;
        let key = target(wire.height, wire.sequence)?;
        make(ledger, key, wire.hash.as_deref())
    })
}

/// Takes the authority's answer (`application/timestamp-reply`) to a request and keeps the token beside its block or entry, so
/// that proofs carry it: `{"height"|"sequence", ?"policy":{…}}`. With a policy its chain is checked now, and one that
/// names no authority for timestamps refuses every token (419); without a policy that is left to whoever verifies.
/// Gives `{"time_ms", "accuracy_ms", "serial", "policy", "hash", "imprint", "token":hex}`.
///
/// # Errors
/// `AuthorityDeclined`, `NonceMismatch`, `DigestMismatch`, `InvalidToken` and the rest of 4xx; `InvalidArgument`,
/// `InvalidPolicy`, `NotFound`, 6xx.
pub fn ledger_timestamp_attach(
    ledger: Handle,
    request: &[u8],
    query: &[u8],
    response: &[u8],
) -> Outcome<Vec<u8>> {
    guard::with("ledger_timestamp_attach", ledger, |ledger: &Ledger| {
        let wire: AttachWire = json::object("request", request)?;
        let key = target(wire.height, wire.sequence)?;
        attach(ledger, key, wire.policy.as_deref(), query, response)
    })
}

#[cfg(feature = "x509")]
fn make(ledger: &Ledger, key: OutsideKey, hash: Option<&str>) -> Result<Vec<u8>> {
    use yinzheng::hash::HashAlg;

    let hash = match hash {
        None => HashAlg::Sha256,
        Some(name) => crate::words::named("hash", &HashAlg::ALL, HashAlg::name, name)?,
    };
    Ok(ledger.timestamp_request(key, hash)?.encode())
}

#[cfg(feature = "x509")]
fn attach(
    ledger: &Ledger,
    key: OutsideKey,
    policy: Option<&RawValue>,
    query: &[u8],
    response: &[u8],
) -> Result<Vec<u8>> {
    use yinzheng::anchor::TimestampRequest;
    use yinzheng::verify::Policy;

    let policy = policy.map(|json| Policy::parse(json.get().as_bytes())).transpose()?;
    let trust = policy.as_ref().map(Policy::timestamp_trust);
    let query = TimestampRequest::parse(query)?;
    let token = ledger.attach_timestamp(key, &query, response, trust)?;
    Ok(json::reply(&serde_json::json!({
        "time_ms": token.time_ms(),
        "accuracy_ms": token.accuracy_ms(),
        "serial": token.serial(),
        "policy": token.policy(),
        "hash": token.imprint().hash(),
        "imprint": token.imprint().hex(),
        "token": yinzheng::hash::hex::encode(token.bytes()),
    })))
}

#[cfg(not(feature = "x509"))]
fn make(_: &Ledger, _: OutsideKey, _: Option<&str>) -> Result<Vec<u8>> {
    Err(Error::new(ErrorCode::UnsupportedAlgorithm, "this build has no X.509"))
}

#[cfg(not(feature = "x509"))]
fn attach(_: &Ledger, _: OutsideKey, _: Option<&RawValue>, _: &[u8], _: &[u8]) -> Result<Vec<u8>> {
    Err(Error::new(ErrorCode::UnsupportedAlgorithm, "this build has no X.509"))
}
