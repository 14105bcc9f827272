//! What platforms that take digests into their chains want to be told of a record: one JSON object each, for the host to send
//! (存证平台). Pure functions of a proof; nothing is sent and nothing is checked here.
//!
//! The members are those that the platforms' public interface descriptions name for the evidence itself; what belongs to an account
//! with the platform (application ids, tokens, the outer envelope) is the host's. What a platform answers comes back as a
//! [`PlatformReceipt`](crate::anchor::PlatformReceipt).

use base64ct::{Base64, Encoding};
use serde_json::{Map, Value, json};

use crate::anchor::OutsideKind;
use crate::entry::{Body, Entry};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg, hex};
use crate::number;
use crate::profile::Profile;
use crate::proof::{Proof, ProofItem};
use crate::record::{Record, Relation};
use crate::statement::Statement;
use crate::value::{Disclosure, Lang};

/// The most bytes of the values that BJCA takes.
const BJCA_BYTES: usize = 2048;

/// Whose interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// 蚂蚁链 AntChain: a step of an evidence flow, with a hash template.
    AntChain,
    /// e签宝: an evidence point with a digest under SHA-256, and values.
    Esign,
    /// BTOE: a digest under SM3.
    Btoe,
    /// 百度 Baidu: a file's digest under SM3.
    Baidu,
    /// 数字认证 BJCA: a digest under SM3, and values in order.
    Bjca,
    /// CMEVI: a digest, and a timestamp token where the proof has one.
    Cmevi,
    /// P3211: the digests of the dossier and of the records before, and a party's signature.
    P3211,
    /// The evidence sample of FISCO BCOS: a digest and a party's signature.
    Fisco,
}

impl Platform {
    /// All of them.
    pub const ALL: [Platform; 8] = [
        Platform::AntChain,
        Platform::Esign,
        Platform::Btoe,
        Platform::Baidu,
        Platform::Bjca,
        Platform::Cmevi,
        Platform::P3211,
        Platform::Fisco,
    ];

    /// Its name in requests and commands.
    pub fn name(self) -> &'static str {
        match self {
            Platform::AntChain => "antchain",
            Platform::Esign => "esign",
            Platform::Btoe => "btoe",
            Platform::Baidu => "baidu",
            Platform::Bjca => "bjca",
            Platform::Cmevi => "cmevi",
            Platform::P3211 => "p3211",
            Platform::Fisco => "fisco",
        }
    }
}

/// What to send to a platform about a record that the proof shows: JSON in UTF-8. Values go into it only where the platform takes
/// some, and only those that the proof discloses.
///
/// # Errors
/// `NotFound` when the proof does not show the record; `LimitExceeded` when BJCA's 2,048 bytes of values are not enough;
/// `InvalidArgument` for P3211 and FISCO without a party's signature over the record; 3xx of the proof's entries.
pub fn deposit(proof: &Proof, record: &Digest, platform: Platform) -> Result<Vec<u8>> {
    let (item, entry) = item_of(proof, record)?;
    let (read, bytes) = entry.record().ok_or_else(not_shown)?;
    let found = Found { proof, item, entry: &entry, record: read, bytes };
    let reply = match platform {
        Platform::AntChain => json!({
            "flowName": number::preservation_number(&read.dossier),
            "phaseNo": read.place,
            "originDataId": found.number(),
            "templateType": "Hash",
            "notaryContent": found.hex(HashAlg::Sha256),
        }),
        Platform::Esign => json!({
            "contentDescription": format!("{}.cbor", found.number()),
            "contentDigest": found.hex(HashAlg::Sha256),
            // A text that is JSON itself.
            "segmentData": Value::Object(found.values()?).to_string(),
        }),
        Platform::Btoe => json!({
            "BusinessId": found.number(),
            "HashType": 0,
            "EvidenceHash": found.hex(HashAlg::Sm3),
        }),
        Platform::Baidu => json!({
            "file_name": format!("{}.cbor", found.number()),
            "file_hash": found.hex(HashAlg::Sm3),
        }),
        Platform::Bjca => found.bjca()?,
        Platform::Cmevi => found.cmevi(),
        Platform::P3211 => found.p3211()?,
        Platform::Fisco => {
            let statement = found.signature()?;
            json!({
                "evidenceId": found.number(),
                "evidenceHash": found.hex(HashAlg::Sm3),
                "signature": hex::encode(statement.signature()),
            })
        }
    };
    serde_json::to_vec(&reply).map_err(|_| Error::new(ErrorCode::Internal, "JSON"))
}

pub(super) fn not_shown() -> Error {
    Error::new(ErrorCode::NotFound, "the proof does not show this record")
}

/// The record's entry, and what the proof shows with it.
pub(super) fn item_of<'p>(proof: &'p Proof, record: &Digest) -> Result<(&'p ProofItem, Entry<'p>)> {
    for item in &proof.items {
        let entry = Entry::parse(&item.entry)?;
        if entry.record().is_some_and(|(read, bytes)| read.digest(bytes) == *record) {
            return Ok((item, entry));
        }
    }
    Err(not_shown())
}

/// A record in a proof.
struct Found<'p> {
    proof: &'p Proof,
    item: &'p ProofItem,
    entry: &'p Entry<'p>,
    record: &'p Record,
    /// Its canonical bytes: what platforms are given the digest of.
    bytes: &'p [u8],
}

impl Found<'_> {
    fn number(&self) -> String {
        number::record_number(&self.record.digest(self.bytes))
    }

    fn hex(&self, alg: HashAlg) -> String {
        hex::encode(&alg.digest(self.bytes))
    }

    /// What is disclosed, in Chinese, under the labels of the record's profile.
    fn values(&self) -> Result<Map<String, Value>> {
        let wanted = &self.record.profile.digest;
        let file = self.proof.profiles.iter().find(|file| wanted.check(file).is_ok());
        let profile = file.map(|file| Profile::parse(file)).transpose()?;
        let mut values = Map::new();
        for disclosure in &self.item.disclosures {
            let Disclosure { name, value, .. } = Disclosure::parse(disclosure)?;
            let label = profile.as_ref().map(|profile| profile.field_label(&name, Lang::Zh));
            values.insert(label.unwrap_or(name), Value::String(value.display(Lang::Zh)));
        }
        Ok(values)
    }

    fn bjca(&self) -> Result<Value> {
        let values = self.values()?;
        let pairs: Vec<Value> =
            values.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        let data = Value::Array(pairs);
        if data.to_string().len() > BJCA_BYTES {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "BJCA takes 2,048 bytes of values; disclose fewer",
            ));
        }
        let hash = Base64::encode_string(&HashAlg::Sm3.digest(self.bytes));
        Ok(
            json!({ "hash": hash, "hashAlgorithm": "SM3", "signAlgorithm": "SM3withSM2", "data": data }),
        )
    }

    fn cmevi(&self) -> Value {
        let token = self.proof.outside.iter().find(|word| word.kind == OutsideKind::TimestampToken);
        let mut metadata = json!({
            "hashType": "record",
            "hashAlgorithm": "SM3",
            "timestamp": self.record.time.captured.unix_ms,
        });
        if let (Some(token), Some(members)) = (token, metadata.as_object_mut()) {
            members.insert("proveTimestamp".into(), Base64::encode_string(&token.bytes).into());
        }
        json!({ "id": self.number(), "hash": self.hex(HashAlg::Sm3), "metadata": metadata })
    }

    fn p3211(&self) -> Result<Value> {
        let statement = self.signature()?;
        let before = self.record.citations.iter();
        let before = before.filter(|citation| citation.relation == Relation::Predecessor);
        let before: Vec<String> =
            before.map(|citation| hex::encode(&citation.digest.bytes)).collect();
        Ok(json!({
            "mainEid": hex::encode(&HashAlg::Sm3.digest(&self.record.dossier)),
            "preEids": before,
            "eid": hex::encode(&self.record.digest(self.bytes).bytes),
            "account": hex::encode(&statement.kid),
            "signature": hex::encode(statement.signature()),
        }))
    }

    /// The first signer's statement that the record stands in.
    fn signature(&self) -> Result<&Statement> {
        match &self.entry.body {
            Body::Statement(statement) => Ok(statement),
            _ => Err(Error::new(
                ErrorCode::InvalidArgument,
                "this platform takes a party's signature over the record, and nobody signed it",
            )),
        }
    }
}
