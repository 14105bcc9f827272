//! The verification policy that comes with a sealed story: it names the ledgers, so that origin can be checked. Whoever
//! verifies takes the ledger ids from a source of their own, a contract or a web page, and not from the proof.

use serde_json::{Value, json};

use super::run::Running;

/// A policy that knows these ledgers.
pub(super) fn of(ledgers: &[Running]) -> Value {
    let ledgers: Vec<Value> = ledgers
        .iter()
        .map(|running| {
            let id = running.open.ledger.id();
            json!({
                "id": yinzheng::hash::hex::encode(&id.bytes),
                "hash": id.alg.name(),
                "name": format!("{} ({})", running.organisation, running.name),
            })
        })
        .collect();
    json!({ "ledgers": ledgers })
}
