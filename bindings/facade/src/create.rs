//! What a new ledger is made of, with or without the embedded store.

use serde::Deserialize;
use yinzheng::entry::{ContinueReason, Continues};
use yinzheng::hash::HashAlg;
use yinzheng::key::Custody;
#[cfg(feature = "store")]
use yinzheng::ledger::Limits;
use yinzheng::time::{Tier, TimeClaim};
use yinzheng::{Error, ErrorCode, Result};

use crate::keys::KeyWire;
use crate::time::{self, TimeWire};
use crate::words;

/// `{"hash","key","custody","organisation", ?"certificates", ?"next_key", ?"created", ?"continues", ?"environment", ?"in_memory", ?"wrapped_by_host",
/// ?"limits"}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateWire {
    hash: String,
    pub(crate) key: KeyWire,
    custody: String,
    pub(crate) organisation: String,
    #[serde(default)]
    certificates: Vec<String>,
    next_key: Option<String>,
    created: Option<TimeWire>,
    continues: Option<ContinuesWire>,
    #[serde(default)]
    pub(crate) environment: EnvironmentWire,
    #[cfg_attr(not(feature = "store"), allow(dead_code))]
    #[serde(default)]
    pub(crate) in_memory: bool,
    #[cfg_attr(not(feature = "store"), allow(dead_code))]
    #[serde(default)]
    pub(crate) wrapped_by_host: bool,
    #[cfg(feature = "store")]
    pub(crate) limits: Option<LimitsWire>,
}

/// How much an open ledger takes at once.
#[cfg(feature = "store")]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsWire {
    append_records: Option<usize>,
    waiting_entries: Option<u64>,
}

#[cfg(feature = "store")]
impl LimitsWire {
    /// The limits that a request asks for, checked before anything is made or opened.
    pub(crate) fn read(wire: Option<&Self>) -> Result<Limits> {
        let usual = Limits::default();
        let asked = |ours: &Self| Limits {
            append_records: ours.append_records.unwrap_or(usual.append_records),
            waiting_entries: ours.waiting_entries.unwrap_or(usual.waiting_entries),
        };
        let limits = wire.map_or(usual, asked);
        limits.check().map(|()| limits)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContinuesWire {
    ledger_id: String,
    height: u64,
    block_hash: String,
    sealed_digest: String,
    reason: String,
}

/// Facts about where a ledger runs.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvironmentWire {
    pub(crate) system: Option<String>,
    pub(crate) device: Option<String>,
    build: Option<String>,
    clock: Option<String>,
}

impl EnvironmentWire {
    pub(crate) fn build(&self) -> Result<Option<[u8; 32]>> {
        self.build.as_deref().map(|build| words::hex_n("build", build)).transpose()
    }

    pub(crate) fn clock(&self) -> Result<Option<Tier>> {
        let tier = |name| words::named("clock", &Tier::ALL, Tier::name, name);
        self.clock.as_deref().map(tier).transpose()
    }
}

pub(crate) fn custody(word: &str) -> Result<Custody> {
    words::named("custody", Custody::ALL, Custody::name, word)
}

impl CreateWire {
    pub(crate) fn hash(&self) -> Result<HashAlg> {
        words::hash_alg(&self.hash)
    }

    pub(crate) fn custody(&self) -> Result<Custody> {
        custody(&self.custody)
    }

    pub(crate) fn certificates(&self) -> Result<Vec<Vec<u8>>> {
        words::certificates(&self.certificates)
    }

    pub(crate) fn next_key(&self) -> Result<Option<[u8; 32]>> {
        self.next_key.as_deref().map(|digest| words::hex_n("next_key", digest)).transpose()
    }

    pub(crate) fn created(&mut self) -> Result<TimeClaim> {
        time::time(self.created.take())
    }

    pub(crate) fn continues(&self) -> Result<Option<Continues>> {
        let Some(wire) = &self.continues else { return Ok(None) };
        let ledger_id = words::digest("ledger_id", &wire.ledger_id)?;
        let block_hash = words::digest("block_hash", &wire.block_hash)?;
        let sealed_digest = words::digest("sealed_digest", &wire.sealed_digest)?;
        if block_hash.alg != ledger_id.alg || sealed_digest.alg != ledger_id.alg {
            let what = "continues: its digests have the other ledger's hash";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
        let reason = &wire.reason;
        Ok(Some(Continues {
            ledger_id,
            height: wire.height,
            block_hash,
            sealed_digest,
            reason: words::named("reason", ContinueReason::ALL, ContinueReason::name, reason)?,
        }))
    }
}
