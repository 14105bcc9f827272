//! Keys of the ledger and of those who sign in it.

use serde::Deserialize;
use serde_json::{Value, json};
use yinzheng::hash::hex;
use yinzheng::key::{Attestation, KeyClaims, KeyRole, RevokeReason};
use yinzheng::ledger::Ledger;
use yinzheng::{Error, ErrorCode, Result};

use crate::create::custody;
use crate::failure::Outcome;
use crate::handle::Handle;
use crate::keys::KeyWire;
use crate::signing::{Draft, ToSign};
use crate::{guard, json, words};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimsWire {
    role: String,
    key: KeyWire,
    custody: String,
    effective_ms: i64,
    previous: Option<String>,
    next_key: Option<KeyWire>,
    #[serde(default)]
    certificates: Vec<String>,
    attestation: Option<AttestationWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttestationWire {
    format: String,
    bytes: String,
}

impl ClaimsWire {
    fn claims(&self, ledger: &Ledger) -> Result<KeyClaims> {
        let role = role(&self.role)?;
        let (key, custody) = (self.key.read()?, custody(&self.custody)?);
        let mut claims = match (role, &self.previous) {
            (KeyRole::Ledger, None) => ledger.rotation_claims(key, custody, self.effective_ms)?,
            (KeyRole::Ledger, Some(_)) => {
                let what = "a ledger key follows the newest one; previous is the ledger's to know";
                return Err(Error::new(ErrorCode::InvalidArgument, what));
            }
            (role, None) => KeyClaims::enrol(role, key, custody, self.effective_ms),
            (role, Some(previous)) => {
                let previous = words::hex_n("previous", previous)?;
                KeyClaims::rotate(role, key, custody, self.effective_ms, previous, None)
            }
        };
        claims.certificates = words::certificates(&self.certificates)?;
        if let Some(next) = &self.next_key {
            claims.next_key = Some(KeyClaims::commitment_to(&next.read()?, ledger.hash()));
        }
        if let Some(wire) = &self.attestation {
            let bytes = words::hex_bytes("attestation", &wire.bytes)?;
            claims.attestation = Some(Attestation { format: wire.format.clone(), bytes });
        }
        Ok(claims)
    }
}

fn role(word: &str) -> Result<KeyRole> {
    words::named("role", KeyRole::ALL, KeyRole::name, word)
}

/// Prepares the entry of a new key, whose holder must sign to show that he has it. Role `ledger` rotates the ledger key; `customer`,
/// `device` and `witness` enrol a key, or replace the one of `previous`. `request`: `{"role","key","custody","effective_ms",
/// ?"previous":kid, ?"next_key":{key}, ?"certificates":[hex], ?"attestation":{"format","bytes"}}`.
///
/// # Errors
/// `InvalidArgument`, `UnknownName`, `InvalidKey`.
pub fn ledger_key_draft(ledger: Handle, request: &[u8]) -> Outcome<Draft> {
    guard::with("ledger_key_draft", ledger, |ledger: &Ledger| {
        let wire: ClaimsWire = json::object("request", request)?;
        let claims = wire.claims(ledger)?;
        let key = wire.key.read()?;
        let info = json!({
            "action": claims.action.name(), "role": claims.role.name(), "epoch": claims.epoch,
        });
        let to_sign = ToSign::new(ledger.key_to_be_signed(&claims)?, &key, info);
        Ok(Draft { draft: claims.encode(), to_sign })
    })
}

/// Takes the new key's own signature over its draft, and appends the entry. Gives its digest: the `kid` of what the key will
/// sign, 32 bytes. A new ledger key is in force from the block after the one that seals it.
///
/// # Errors
/// `SignatureMismatch`, `InvalidSignature`, `KeyNotInForce`, `OutOfRange`, 3xx for bytes that are no draft, 6xx.
pub fn ledger_key_finish(ledger: Handle, draft: &[u8], signature: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_key_finish", ledger, |ledger: &Ledger| {
        Ok(ledger.append_key(&KeyClaims::parse(draft)?, signature)?.to_vec())
    })
}

/// Appends the end of a key: `{"role","previous":kid,"reason":"retired|lost|compromised|superseded","effective_ms"}`. Gives the entry's
/// sequence number.
///
/// # Errors
/// `KeyNotInForce`, `UnknownName`, `InvalidArgument`, 6xx.
pub fn ledger_key_revoke(ledger: Handle, request: &[u8]) -> Outcome<u64> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        role: String,
        previous: String,
        reason: String,
        effective_ms: i64,
    }
    guard::with("ledger_key_revoke", ledger, |ledger: &Ledger| {
        let wire: Wire = json::object("request", request)?;
        let reason = &wire.reason;
        let reason = words::named("reason", RevokeReason::ALL, RevokeReason::name, reason)?;
        let previous = words::hex_n("previous", &wire.previous)?;
        ledger.append_revocation(&KeyClaims::revoke(
            role(&wire.role)?,
            previous,
            reason,
            wire.effective_ms,
        ))
    })
}

/// The ledger keys, epoch by epoch: `[{"kid","epoch","custody","since","ended","revoked","key"}]`, heights of blocks.
///
/// # Errors
/// `InvalidHandle`.
pub fn ledger_keys(ledger: Handle) -> Outcome<Vec<u8>> {
    guard::with("ledger_keys", ledger, |ledger: &Ledger| {
        let keys = ledger.ledger_keys()?;
        let rows = keys.iter().map(|key| {
            json!({
                "kid": hex::encode(&key.kid),
                "epoch": key.epoch,
                "custody": key.custody.name(),
                "since": key.since,
                "ended": key.ended,
                "revoked": key.revoked.map(|(height, reason)| json!({
                    "height": height, "reason": reason.name(),
                })),
                "key": words::key_json(&key.key),
            })
        });
        Ok(json::reply(&Value::Array(rows.collect())))
    })
}
