#![forbid(unsafe_code)]
//! Yinzheng 印证: electronic evidence sealed where it happens, checkable by anyone, offline.
//!
//! 印 is the seal, 证 is the proof. The library turns business events into evidence that a court, a notary or an arbitrator
//! can check years later without trusting whoever made it. It has no network and no server; time comes in through
//! arguments, randomness from the operating system.
//!
//! # The whole story
//!
//! A customer pays an instalment. The event becomes a *record* whose values are salted commitments, the record is *appended* to a
//! *ledger*, sealed into a signed *block*, *proven* to somebody with some of its values shown, and *verified* offline:
//!
//! ```
//! # #[cfg(feature = "store")]
//! # fn story() -> yinzheng::Result<()> {
//! use yinzheng::hash::HashAlg;
//! use yinzheng::key::Custody;
//! use yinzheng::ledger::{CreateOptions, Disclose, Environment, Ledger, NewRecord, ProofRequest, Selection};
//! use yinzheng::profile::builtin_by_id;
//! use yinzheng::record::{ProfileRef, RecordBuilder};
//! use yinzheng::sign::{SigAlg, SoftwareKey};
//! use yinzheng::store::MemoryStore; // SqliteStore::create("ledger.db") for a real one
//! use yinzheng::time::{Moment, Tier, TimeClaim};
//! use yinzheng::vault::VaultKey;
//! use yinzheng::verify::{DeclaredTime, Policy, Status, verify};
//!
//! // A ledger: its hash for good, the first key, the organisation's name for itself.
//! let key = SoftwareKey::generate(SigAlg::Sm2)?; // production keys live in an HSM, a shield or an enclave
//! let now = TimeClaim::new(Moment::new(1_793_500_000_000, 480), Tier::Ntp);
//! let ledger = Ledger::create(Box::new(MemoryStore::new()), CreateOptions {
//!     hash: HashAlg::Sm3,
//!     key: key.public().clone(),
//!     custody: Custody::Software,
//!     certificates: vec![],
//!     next_key: None,
//!     organisation: "示例银行股份有限公司".into(),
//!     created: now.clone(),
//!     continues: None,
//!     environment: Environment::default(),
//!     vault_key: VaultKey::generate()?,
//! })?;
//!
//! // A business message with the bank's own keys; the profile knows what they mean.
//! let profile = builtin_by_id("loan.repayment").expect("a profile of the library");
//! let message = r#"{"借据号":"JJ-0001","实还合计":"471.35","还款时间":"2026-11-01 10:00:00"}"#;
//! let fields = profile.read(message.as_bytes(), &[])?.fields;
//! let draft = RecordBuilder::new(ProfileRef::of(profile, HashAlg::Sm3), now).fields(fields).build()?;
//!
//! // Durable when this returns; the same business id again gives the same answer.
//! let appended = ledger.append(NewRecord::new(profile, draft).with_business_id("JJ-0001/1"))?;
//!
//! // Two phases: the bytes go out, the signature comes back. `seal_with` is for signers that answer at once.
//! let block = ledger.begin(1_793_500_001)?;
//! let signature = key.sign(&block.to_be_signed)?;
//! ledger.commit(signature.bytes())?;
//!
//! // A proof that shows one value and withholds the rest.
//! let proof = ledger.prove(&ProofRequest {
//!     records: Selection::Dossier(appended.dossier),
//!     disclose: Disclose::Names(vec!["paid.total".into()]),
//! })?;
//!
//! // Anybody checks it, with what he knows from elsewhere: here, the ledger's id.
//! let policy = format!(r#"{{"ledgers":[{{"id":"{}","hash":"SM3","name":"示例银行"}}]}}"#,
//!     yinzheng::hash::hex::encode(&ledger.id().bytes));
//! let at = DeclaredTime { unix_ms: 1_800_000_000_000 };
//! let verdict = verify(&proof.encode()?, &Policy::parse(policy.as_bytes())?, at);
//! assert_eq!(verdict.count(Status::Contradicted), 0);
//! # Ok(()) }
//! # #[cfg(not(feature = "store"))]
//! # fn story() -> yinzheng::Result<()> { Ok(()) }
//! # story().unwrap();
//! ```
//!
//! # Where to look
//!
//! Data flows one way: event → record → batch → block → proof → verdict. A module uses only what stands before it.
//!
//! | storey | modules | what |
//! |---|---|---|
//! | bytes | [`codec`] [`hash`] [`sign`] [`merkle`], `x509` (its feature) | canonical CBOR, digests, signatures, trees; they know nothing of evidence |
//! | what is said | [`time`] [`value`] [`profile`] [`key`] [`record`] [`statement`] [`entry`] | claims, fields, keys, events, parties' signatures |
//! | what is sealed | [`block`] [`anchor`] [`bundle`] | blocks and receipts, words from outside, sync bundles |
//! | what is shown | [`proof`] [`verify`] [`export`] [`paper`] [`number`], `package` and `envelope` (their features) | proofs, verdicts, kits for experts, pages for courts, numbers people read, evidence packages, sealing to recipients |
//! | what is kept | `store`, `vault`, `ledger` (feature `store`) | the embedded ledger over SQLite or memory |
//!
//! [`block::Head`] is the ledger as a state machine without I/O, for hosts that seal with their own database.
//!
//! # Features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `x509` | yes | timestamps of RFC 3161 authorities and certificate chains; without it verdicts say of both NOT CHECKED |
//! | `store` | yes | `ledger`, `store`, `vault`; without it a verifier builds with no SQLite in it |
//! | `envelope` | no | `envelope`: proofs and bundles encrypted to recipients |
//! | `package` | no | `package`: evidence packages, one ZIP for a court |
//! | `second-opinion` | no | other people's implementations of every algorithm beside ours, and a verdict line that both agree |
//!
//! # Errors
//!
//! One type, [`Error`]: a fixed number, where it happened, and what to do. It never holds a field's value. What a
//! verification finds is data ([`verify::Verdict`]), not an error.
//!
//! # The format
//!
//! `docs/format.md` in the repository is enough to write a reader without this crate. Version 0 may still change.

pub mod anchor;
pub mod block;
pub mod bundle;
pub mod claim;
pub mod codec;
pub mod entry;
#[cfg(feature = "envelope")]
pub mod envelope;
pub mod error;
pub mod export;
pub mod hash;
pub mod key;
#[cfg(feature = "store")]
pub mod ledger;
pub mod media;
pub mod merkle;
pub mod number;
mod numbered;
#[cfg(feature = "package")]
pub mod package;
pub mod paper;
pub mod profile;
pub mod proof;
pub mod random;
pub mod record;
pub mod sign;
pub mod statement;
#[cfg(feature = "store")]
pub mod store;
pub mod time;
pub mod value;
#[cfg(feature = "store")]
pub mod vault;
pub mod verify;
#[cfg(feature = "x509")]
pub mod x509;

pub use error::{Error, ErrorCode, Result};

#[cfg(test)]
mod testing;
