//! Creating and opening.

use serde::Deserialize;
use serde_json::json;
use yinzheng::hash::hex;
use yinzheng::ledger::{CreateOptions, Environment, ExpectedHead, Ledger, OpenOptions};
use yinzheng::store::{MemoryStore, SqliteStore, Store};
use yinzheng::vault::{VaultKey, VaultSuite};
use yinzheng::{Error, ErrorCode, Result};

use crate::create::{CreateWire, EnvironmentWire, LimitsWire};
use crate::failure::Outcome;
use crate::handle::{self, Handle};
use crate::time::{self, TimeWire};
use crate::words;
use crate::{guard, json};

/// A new vault key for `AES-256-GCM` (32 bytes) or `SM4-GCM` (16 bytes), for the host to keep in a key store: without it the
/// ledger's values cannot be opened again.
///
/// # Errors
/// `UnknownName`, `RandomUnavailable`.
pub fn vault_key_generate(suite: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("vault_key_generate", || {
        let suite = json::text("suite", suite)?;
        let suite = words::named("suite", VaultSuite::ALL, VaultSuite::name, suite)?;
        Ok(VaultKey::generate_for(suite)?.expose().to_vec())
    })
}

/// The suite follows from the length. Where the host wraps the records' keys, these bytes key the digests of business ids only.
pub(super) fn vault_key(bytes: &[u8], wrapped_by_host: bool) -> Result<VaultKey> {
    let suite = match bytes.len() {
        16 => VaultSuite::Sm4Gcm,
        _ => VaultSuite::Aes256Gcm,
    };
    match wrapped_by_host {
        true => VaultKey::wrapped_by_host(suite, bytes),
        false => VaultKey::from_slice(suite, bytes),
    }
}

fn environment(wire: &EnvironmentWire) -> Result<Environment> {
    Ok(Environment {
        system: wire.system.clone(),
        device: wire.device.clone(),
        build: wire.build()?,
        clock: wire.clock()?,
    })
}

/// Makes a new ledger in a new file and gives its handle. Block 0 is sealed by [`super::ledger_begin`] and
/// [`super::ledger_commit`] like every other.
///
/// `request`: `{"hash":"SHA-256|SM3","key":{…},"custody","organisation", ?"certificates":[hex], ?"next_key":hex, ?"created":time,
/// ?"continues":{"ledger_id","height","block_hash","sealed_digest","reason"}, ?"environment":{"system","device","build","clock"},
/// ?"in_memory":true, ?"wrapped_by_host":true, ?"limits":{?"append_records", ?"waiting_entries"}}`. In memory (then without a path) nothing outlives the handle: for tests and
/// demonstrations. Wrapped by the host: its HSM wraps every record's key ([`super::ledger_draw_record_key`]), and `vault_key` keys
/// the digests of business ids only. The limits hold until the handle is closed: records in one append (100,000 without a word), and
/// entries that may wait for a block before records are refused with `LimitExceeded` (10,000,000).
///
/// # Errors
/// `InvalidArgument`, `UnknownName`, `InvalidKey`, `Locked`, 6xx.
pub fn ledger_create(path: &[u8], vault_key: &[u8], request: &[u8]) -> Outcome<Handle> {
    guard::run("ledger_create", || {
        let mut wire: CreateWire = json::object("request", request)?;
        let path = json::text("path", path)?;
        let options = create_options(&mut wire, vault_key)?;
        let limits = LimitsWire::read(wire.limits.as_ref())?;
        let ledger = Ledger::create(fresh_store(path, wire.in_memory)?, options)?;
        ledger.set_limits(limits)?;
        handle::keep(ledger)
    })
}

pub(super) fn create_options(wire: &mut CreateWire, vault_key: &[u8]) -> Result<CreateOptions> {
    let vault_key = self::vault_key(vault_key, wire.wrapped_by_host)?;
    Ok(CreateOptions {
        hash: wire.hash()?,
        key: wire.key.read()?,
        custody: wire.custody()?,
        certificates: wire.certificates()?,
        next_key: wire.next_key()?,
        created: wire.created()?,
        continues: wire.continues()?,
        environment: environment(&wire.environment)?,
        vault_key,
        organisation: std::mem::take(&mut wire.organisation),
    })
}

/// A store that nothing is in yet.
pub(super) fn fresh_store(path: &str, in_memory: bool) -> Result<Box<dyn Store>> {
    Ok(watched(match (in_memory, path.is_empty()) {
        (false, false) => Box::new(SqliteStore::create(path)?),
        (true, true) => Box::new(MemoryStore::new()),
        _ => {
            let what = "either a path, or in_memory and no path";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
    }))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct OpenWire {
    expected_head: Option<HeadWire>,
    environment: EnvironmentWire,
    now: Option<TimeWire>,
    read_only: bool,
    wrapped_by_host: bool,
    limits: Option<LimitsWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadWire {
    height: u64,
    block_hash: String,
}

/// Opens a ledger's file and gives a handle. One process holds it for writing. `vault_key` may be empty: then values stay closed
/// and no records are appended.
///
/// `request` (may be empty): `{?"expected_head":{"height","block_hash"}, ?"environment":{…}, ?"now":time, ?"read_only":bool,
/// ?"wrapped_by_host":bool, ?"limits":{…}}`, limits as in [`ledger_create`]. The expected head is the one the host mirrored elsewhere: a store that is older, or another, is refused.
///
/// # Errors
/// `NotALedger`, `WrongVaultKey`, `HeadMismatch`, `Locked`, `Damaged`, `SchemaTooNew`, other 6xx.
pub fn ledger_open(path: &[u8], vault_key: &[u8], request: &[u8]) -> Outcome<Handle> {
    guard::run("ledger_open", || {
        let wire: OpenWire = if request.is_empty() {
            OpenWire::default()
        } else {
            json::object("request", request)?
        };
        let expected_head = match &wire.expected_head {
            None => None,
            Some(head) => Some(ExpectedHead {
                height: head.height,
                block_hash: words::hex_n("block_hash", &head.block_hash)?,
            }),
        };
        let vault_key = match vault_key {
            [] => None,
            bytes => Some(self::vault_key(bytes, wire.wrapped_by_host)?),
        };
        let options = OpenOptions {
            vault_key,
            expected_head,
            environment: environment(&wire.environment)?,
            now: time::time(wire.now)?,
            read_only: wire.read_only,
        };
        let limits = LimitsWire::read(wire.limits.as_ref())?;
        let path = json::text("path", path)?;
        let store = match wire.read_only {
            true => SqliteStore::open_read_only(path)?,
            false => SqliteStore::open(path)?,
        };
        let ledger = Ledger::open(watched(Box::new(store)), options)?;
        ledger.set_limits(limits)?;
        handle::keep(ledger)
    })
}

#[cfg(not(feature = "test-panic"))]
fn watched(store: Box<dyn Store>) -> Box<dyn Store> {
    store
}

#[cfg(feature = "test-panic")]
fn watched(store: Box<dyn Store>) -> Box<dyn Store> {
    Box::new(crate::provoke::PanickingStore(store))
}

/// Shared by replies: `"sha256:…"` of the ledger and hex of the rest.
pub(super) fn head_json(head: &yinzheng::ledger::HeadInfo) -> serde_json::Value {
    json!({
        "ledger_id": head.ledger_id.to_string(),
        "height": head.height,
        "block_hash": hex::encode(&head.block_hash),
        "sealed_digest": hex::encode(&head.sealed_digest),
        "next_sequence": head.next_sequence,
    })
}
