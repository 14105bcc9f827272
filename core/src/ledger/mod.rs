//! The ledger: one sealer's chain of blocks, driven over a store.
//!
//! Entries are *appended* (durable when the call returns) and later *sealed* into a signed block. An appended entry is the
//! sealer's own word; only a sealed one is evidence. Sealing has two phases: [`Ledger::begin`] gives the bytes to sign,
//! the host signs them wherever its key lives, and [`Ledger::commit`] takes the signature back. Once its bytes were
//! handed out, a block is the only one this ledger will ever offer at that height.
//!
//! The rules of the chain are in [`crate::block::Head`], a state machine without I/O that a host may also drive over its
//! own database.

mod append;
mod check;
mod clock;
mod continuing;
mod course;
mod erase;
mod examine;
mod feed;
mod fork;
mod group;
mod hold;
mod holds;
mod hostkeys;
mod keys;
mod limits;
mod load;
mod named;
mod policy;
mod prove;
mod prove_head;
mod read;
mod retention;
mod rewrap;
mod seal;
#[cfg(feature = "x509")]
mod stamp;
mod start;
mod sync;
mod types;

pub use check::{CheckProblem, CheckReport};
pub use continuing::{ContinueOptions, TakenOver};
pub use erase::{EraseRequest, EraseTarget, Erased, ErasureReach};
pub use feed::{FEED_ITEMS, FeedCursor, FeedItem, Happened};
pub use holds::{HoldRequest, HoldState};
pub use limits::Limits;
pub use policy::{SealPolicy, Status};
pub use prove::{Disclose, ProofRequest, Selection};
pub use prove_head::ProofHead;
pub use read::Found;
pub use retention::{Due, RetentionStarts};
pub use rewrap::RewrapReport;
pub use start::{CreateOptions, Environment, ExpectedHead, OpenOptions};
pub use sync::{ImportReport, import};
pub use types::{Appended, Dossier, HeadInfo, Held, NewRecord, Pending, Sealed};

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};

use zeroize::Zeroizing;

use crate::block::Head;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::key::LedgerKeys;
use crate::merkle::Tree;
use crate::random::Random;
use crate::store::Store;
use crate::vault::Vault;

/// Names of state in the store.
mod meta {
    pub(super) const GENESIS: &str = "genesis";
    pub(super) const HEAD: &str = "head";
    pub(super) const PENDING: &str = "pending";
    pub(super) const ENVIRONMENT: &str = "environment";
    pub(super) const INDEX_KEY: &str = "index-key";
    /// Both clocks as last captured.
    pub(super) const CLOCK: &str = "clock";
    pub(super) const LAST_HELD: &str = "last-held";
    pub(super) const SCRUB: &str = "scrub";
    /// Another ledger goes on from this one.
    pub(super) const ENDED: &str = "ended";
    /// Entries of the ledger before are still being taken over.
    pub(super) const UNFINISHED: &str = "unfinished";
    pub(super) const VAULT_KEYS: &str = "vault-keys";
}

/// An open ledger. All methods take `&self`; one call at a time changes it.
pub struct Ledger {
    inner: Mutex<Inner>,
    /// Records that threads wait to append.
    queue: group::Queue,
    id: Digest,
}

struct Inner {
    store: Box<dyn Store>,
    hash: HashAlg,
    id: Digest,
    /// The ledger that this one goes on from.
    continued: Option<Digest>,
    /// `None` until block 0 is sealed.
    head: Option<Head>,
    /// The head as the store has it.
    stored_head: Option<Vec<u8>>,
    /// Ledger keys including entries that are appended and not yet sealed.
    keys: LedgerKeys,
    /// A closed event was appended.
    closing: bool,
    /// Another ledger goes on from this one: nothing is appended or sealed here any more.
    ended: bool,
    pending: Option<seal::PendingBlock>,
    vault: Option<Vault>,
    /// Keys the digests of business ids, so that they cannot be tried out without the vault key.
    index_key: Option<Zeroizing<Vec<u8>>>,
    known_profiles: HashSet<[u8; 32]>,
    /// Both clocks as last captured.
    clock: Option<clock::Reading>,
    /// Business ids of records held for signature; `None` until asked for.
    reserved: Option<HashSet<[u8; 16]>>,
    history: Option<Tree>,
    /// What is wrong with head, pending block or unsealed entries of a ledger open for reading.
    damage: Option<Error>,
    /// Filled by imports: there are neither values nor profiles.
    replica: bool,
    read_only: bool,
    limits: Limits,
    random: Random,
}

impl Ledger {
    fn new(inner: Inner) -> Self {
        Self { id: inner.id, inner: Mutex::new(inner), queue: group::Queue::default() }
    }

    /// The ledger id: digest of the genesis entry.
    pub fn id(&self) -> Digest {
        self.id
    }

    /// The ledger's hash.
    pub fn hash(&self) -> HashAlg {
        self.id.alg
    }

    fn lock(&self) -> Result<MutexGuard<'_, Inner>> {
        self.inner
            .lock()
            .map_err(|_| Error::new(ErrorCode::Poisoned, "a call on this ledger panicked"))
    }

    fn lock_for_writing(&self) -> Result<MutexGuard<'_, Inner>> {
        let inner = self.lock()?;
        if inner.read_only {
            return Err(Error::new(ErrorCode::ReadOnly, "opened for reading, or without a writer"));
        }
        Ok(inner)
    }
}

impl core::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Ledger({})", self.id)
    }
}

impl Inner {
    /// The sequence number of the first entry that is not in a signed block.
    fn first_unsealed(&self) -> u64 {
        self.head.as_ref().map_or(0, Head::next_sequence)
    }
}

#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod continuing_tests;
#[cfg(test)]
mod signing_tests;
#[cfg(test)]
mod tests;
