//! Proofs 证据 as bytes: joining them, showing more values, and making one out of a host's own database.

use serde::Deserialize;
use yinzheng::anchor::Outside;
use yinzheng::codec::{Item, limits};
use yinzheng::export::{self, Platform};
use yinzheng::hash::hex;
use yinzheng::proof::{LedgerEvidence, Proof, ProofItem};
use yinzheng::value::Disclosure;
use yinzheng::verify::Policy;
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::{guard, json, words};

const PROOFS: usize = 1024;

/// One proof out of several, usually one of each ledger of a dossier.
///
/// # Errors
/// `Conflict` for one ledger with two heads; `LimitExceeded`; 3xx.
pub fn proof_join(proofs: &[&[u8]]) -> Outcome<Vec<u8>> {
    guard::run("proof_join", || {
        if proofs.is_empty() || proofs.len() > PROOFS {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "1 to 1,024 proofs are joined at once",
            ));
        }
        let total = proofs.iter().fold(0usize, |sum, proof| sum.saturating_add(proof.len()));
        if total > limits::PROOF_BYTES {
            return Err(Error::new(ErrorCode::LimitExceeded, "a proof has at most 64 MiB"));
        }
        let proofs: Vec<Proof> =
            proofs.iter().map(|bytes| Proof::parse(bytes)).collect::<Result<_>>()?;
        Proof::join(proofs)?.encode()
    })
}

/// The same proof with more values of one record shown. `record` is its digest (`sha256:…`), `disclosures` a JSON array of
/// disclosures in hex.
///
/// # Errors
/// `NotFound`, `DigestMismatch` for a value that opens none of its commitments, `Conflict`, 3xx.
pub fn proof_disclose(proof: &[u8], record: &[u8], disclosures: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("proof_disclose", || {
        let record = words::digest("record", json::text("record", record)?)?;
        let disclosures: Vec<Disclosure> = json::read::<Vec<String>>("disclosures", disclosures)?
            .iter()
            .map(|text| Disclosure::parse(&words::hex_bytes("disclosure", text)?))
            .collect::<Result<_>>()?;
        Proof::parse(proof)?.with_disclosures(&record, &disclosures)?.encode()
    })
}

/// The verification kit of one record (`sha256:…`) or of one entry (`sha256:…/sequence`: a ledger id and a sequence number) that a
/// proof shows: `[{"name","hex"}]`, files with which an expert checks every signature by openssl alone.
///
/// # Errors
/// `NotFound`, `InvalidArgument`, 3xx.
pub fn proof_kit(proof: &[u8], about: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("proof_kit", || {
        let about = json::text("about", about)?;
        let proof = Proof::parse(proof)?;
        let files = match about.split_once('/') {
            None => {
                let record = words::digest("record", about)?;
                export::kit_of_record(&proof, &record, &Policy::empty())?
            }
            Some((ledger, sequence)) => {
                let sequence = sequence.parse().map_err(|_| {
                    Error::new(
                        ErrorCode::InvalidArgument,
                        "about: a sequence number after the slash",
                    )
                })?;
                let ledger = words::digest("ledger", ledger)?;
                export::kit_of_sequence(&proof, &ledger, sequence, &Policy::empty())?
            }
        };
        let rows = files
            .iter()
            .map(|file| serde_json::json!({ "name": file.name, "hex": hex::encode(&file.bytes) }));
        Ok(json::reply(&serde_json::Value::Array(rows.collect())))
    })
}

/// What a platform that takes digests into its chain wants to be told of a record (its digest) that the proof shows, as JSON for the
/// host to send. `platform`: `antchain`, `esign`, `btoe`, `baidu`, `bjca`, `cmevi`, `p3211`, `fisco`. What it answers is kept by
/// `ledger_attach` as a platform's receipt.
///
/// # Errors
/// `NotFound`, `UnknownName`, `LimitExceeded` for more values than BJCA takes, `InvalidArgument` where the platform takes a party's
/// signature and there is none, 3xx.
pub fn proof_deposit(proof: &[u8], record: &[u8], platform: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("proof_deposit", || {
        let record = words::digest("record", json::text("record", record)?)?;
        let platform = json::text("platform", platform)?;
        let platform = words::named("platform", &Platform::ALL, |known| known.name(), platform)?;
        export::deposit(&Proof::parse(proof)?, &record, platform)
    })
}

/// Everything hex.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofWire {
    items: Vec<ItemWire>,
    profiles: Vec<String>,
    ledgers: Vec<LedgerWire>,
    #[serde(default)]
    outside: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemWire {
    entry: String,
    receipt: String,
    #[serde(default)]
    disclosures: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerWire {
    head: String,
    #[serde(default)]
    history: Vec<HistoryWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryWire {
    height: u64,
    path: String,
}

/// A proof out of pieces that a host keeps itself (detached sealing):
/// `{"items":[{"entry","receipt","disclosures":[]}],"profiles":[],"ledgers":[{"head","history":[{"height","path"}]}],"outside":[]}`,
/// all bytes in hex. They may stand in any order.
///
/// # Errors
/// `InvalidArgument` for another form, 3xx for pieces that do not belong together.
pub fn proof_assemble(request: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("proof_assemble", || {
        let wire: ProofWire = json::object("proof", request)?;
        let bytes = |what: &'static str| move |text: &String| words::hex_bytes(what, text);
        let items = wire
            .items
            .iter()
            .map(|item| {
                Ok(ProofItem {
                    entry: words::hex_bytes("entry", &item.entry)?,
                    receipt: words::hex_bytes("receipt", &item.receipt)?,
                    disclosures: item
                        .disclosures
                        .iter()
                        .map(bytes("disclosure"))
                        .collect::<Result<_>>()?,
                })
            })
            .collect::<Result<_>>()?;
        let ledgers = wire.ledgers.iter().map(LedgerWire::read).collect::<Result<_>>()?;
        let outside = wire.outside.iter().map(|text| read_outside(text)).collect::<Result<_>>()?;
        let profiles = wire.profiles.iter().map(bytes("profile")).collect::<Result<_>>()?;
        Proof { items, profiles, ledgers, outside }.encode()
    })
}

impl LedgerWire {
    fn read(&self) -> Result<LedgerEvidence> {
        let history = self
            .history
            .iter()
            .map(|step| {
                Ok((step.height, words::nodes("path", &words::hex_bytes("path", &step.path)?)?))
            })
            .collect::<Result<_>>()?;
        Ok(LedgerEvidence { head: words::hex_bytes("head", &self.head)?, history })
    }
}

/// A word from outside in its wire form, hex.
pub(crate) fn read_outside(text: &str) -> Result<Outside> {
    let bytes = words::hex_bytes("outside", text)?;
    Outside::read(Item::parse(&bytes, 2 * limits::ENTRY_BYTES)?)
}
