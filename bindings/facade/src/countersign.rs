//! Countersignatures 会签: an outsider signs a ledger's head that it has seen, in two phases.

use serde::Deserialize;
use serde_json::json;
use yinzheng::anchor::{Claim, CountersignatureDraft};
use yinzheng::block::Head;
use yinzheng::statement::Role;

use crate::failure::Outcome;
use crate::keys::KeyWire;
use crate::signing::{Draft, ToSign};
use crate::time::{self, TimeWire};
use crate::{guard, json, words};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountersignatureWire {
    key: KeyWire,
    claim: String,
    issuer: String,
    role: Option<String>,
    time: Option<TimeWire>,
}

/// Prepares a countersignature over a ledger's head (its state, see [`crate::ledger_head_state`]), by a node, a notary or another
/// bank: `{"key","claim":"seen|extends","issuer", ?"role", ?"time"}`.
///
/// # Errors
/// `InvalidArgument`, `UnknownName`, `InvalidKey`, 3xx for bytes that are no head.
pub fn countersignature_draft(head: &[u8], request: &[u8]) -> Outcome<Draft> {
    guard::run("countersignature_draft", || {
        let head = Head::decode(head)?;
        let wire: CountersignatureWire = json::object("request", request)?;
        let claim = words::named("claim", Claim::ALL, Claim::name, &wire.claim)?;
        let role = |word: &str| words::named("role", Role::ALL, Role::name, word);
        let role = wire.role.as_deref().map(role).transpose()?;
        let (key, time) = (wire.key.read()?, time::time(wire.time)?);
        let draft = CountersignatureDraft::new(&head, claim, &time, &key, &wire.issuer, role);
        let info = json!({ "height": head.height() });
        Ok(Draft { draft: draft.encode(), to_sign: ToSign::new(draft.to_be_signed(), &key, info) })
    })
}

/// Takes the signature over a countersignature's draft, verifies it, and gives the message, for [`crate::ledger_attach`].
///
/// # Errors
/// `InvalidSignature`, `SignatureMismatch`; 3xx for bytes that are no draft.
pub fn countersignature_finish(draft: &[u8], signature: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("countersignature_finish", || {
        CountersignatureDraft::decode(draft)?.finish(signature)
    })
}
