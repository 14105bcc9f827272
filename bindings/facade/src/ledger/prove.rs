//! Proofs out of a ledger, and its values for the host itself.

use serde::Deserialize;
use serde_json::{Value, json};
use yinzheng::hash::hex;
use yinzheng::ledger::{Disclose, Ledger, ProofHead, ProofRequest, Selection};
use yinzheng::value::{Disclosure, FieldClass};
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::handle::Handle;
use crate::{guard, json, profiles, words};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProveWire {
    dossier: Option<String>,
    sequences: Option<Vec<u64>>,
    disclose: DiscloseWire,
    #[serde(default)]
    head: HeadWire,
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum HeadWire {
    #[default]
    Newest,
    Block(u64),
    Word(String),
}

impl HeadWire {
    fn read(self) -> Result<ProofHead> {
        match self {
            HeadWire::Newest => Ok(ProofHead::Newest),
            HeadWire::Block(height) => Ok(ProofHead::Block(height)),
            HeadWire::Word(word) => match word.parse()? {
                ProofHead::Block(_) => {
                    Err(Error::new(ErrorCode::InvalidArgument, "head: a height is a number"))
                }
                head => Ok(head),
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum DiscloseWire {
    Word(String),
    Chosen(ChosenWire),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChosenWire {
    names: Option<Vec<String>>,
    classes: Option<Vec<FieldClass>>,
}

impl DiscloseWire {
    fn read(self) -> Result<Disclose> {
        let other = || {
            let what = "disclose: all, none, profile, for:court, {\"names\"} or {\"classes\"}";
            Error::new(ErrorCode::InvalidArgument, what)
        };
        match self {
            DiscloseWire::Word(word) => match word.as_str() {
                "all" => Ok(Disclose::All),
                "none" => Ok(Disclose::None),
                "profile" => Ok(Disclose::ByProfile),
                _ => {
                    let audience = word.strip_prefix("for:").and_then(|word| word.parse().ok());
                    audience.map(Disclose::Audience).ok_or_else(other)
                }
            },
            DiscloseWire::Chosen(ChosenWire { names: Some(names), classes: None }) => {
                Ok(Disclose::Names(names))
            }
            DiscloseWire::Chosen(ChosenWire { names: None, classes: Some(classes) }) => {
                Ok(Disclose::Classes(classes))
            }
            DiscloseWire::Chosen(_) => Err(other()),
        }
    }
}

/// Makes a proof (`.yzp`): of a dossier or of single entries, showing the values that are chosen. `request`:
/// `{"dossier":"D-…"|hex} | {"sequences":[…]}` with `"disclose":"all"|"none"|"profile"|"for:court"|{"names":[…]}|{"classes":["C1"]}`
/// and perhaps `"head":"newest"|"witnessed"|height`: the block that the proof leads to; `witnessed` is the newest one with a timestamp or
/// countersignature that has the records in its history. What was sealed after that head is not shown.
///
/// # Errors
/// `NotFound` for records that are not there or not sealed under that head, `WrongVaultKey`, `Damaged`, 6xx.
pub fn ledger_prove(ledger: Handle, request: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_prove", ledger, |ledger: &Ledger| {
        let wire: ProveWire = json::object("request", request)?;
        let records = match (wire.dossier, wire.sequences) {
            (Some(dossier), None) => Selection::Dossier(words::dossier(&dossier)?),
            (None, Some(sequences)) => Selection::Sequences(sequences),
            _ => {
                let what = "either dossier or sequences";
                return Err(Error::new(ErrorCode::InvalidArgument, what));
            }
        };
        let request = ProofRequest { records, disclose: wire.disclose.read()? };
        ledger.prove_under(&request, wire.head.read()?)?.encode()
    })
}

/// The values of a record, for the host itself: `[{"name","hex","findings","zh","en","disclosure"}]`. `disclosure` (hex) shows this
/// value to whoever gets it ([`crate::proof_disclose`]).
///
/// # Errors
/// `WrongVaultKey`, `Erased`, `OnHold` while disclosure is restricted, `NotFound`.
pub fn ledger_disclosures(ledger: Handle, sequence: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_disclosures", ledger, |ledger: &Ledger| {
        Ok(disclosures_json(&ledger.disclosures(sequence)?))
    })
}

pub(super) fn disclosures_json(list: &[Disclosure]) -> Vec<u8> {
    let rows = list.iter().map(|disclosure| {
        let mut row = profiles::value_json(&disclosure.value);
        if let Some(members) = row.as_object_mut() {
            members.insert("name".into(), json!(disclosure.name));
            members.insert("disclosure".into(), json!(hex::encode(&disclosure.encode())));
        }
        row
    });
    json::reply(&Value::Array(rows.collect()))
}

/// Proof that the block at `older` is an ancestor of the one at `newer` (format §10).
///
/// # Errors
/// `NotFound`, `InvalidArgument` when `older` is not below `newer`.
pub fn ledger_consistency(ledger: Handle, older: u64, newer: u64) -> Outcome<Vec<u8>> {
    guard::with("ledger_consistency", ledger, |ledger: &Ledger| {
        Ok(ledger.consistency(older, newer)?.encode())
    })
}

/// Proof of misbehaviour: what stands in the bundle at some height is another block than here, and the same key signed both. Any
/// verifier answers CONTRADICTED to the line `ledger.one-history`. Works on a replica, too.
///
/// # Errors
/// `NotFound` when no block of the bundle is another one, `InvalidArgument` for another ledger's bundle, `SignatureMismatch` for a
/// block that the key did not sign, `ChainBroken`, 3xx, 6xx.
pub fn ledger_prove_fork(ledger: Handle, bundle: &[u8]) -> Outcome<Vec<u8>> {
    guard::with("ledger_prove_fork", ledger, |ledger: &Ledger| {
        ledger.prove_fork_in(bundle)?.encode()
    })
}
