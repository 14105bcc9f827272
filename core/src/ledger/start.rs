//! Creating and opening a ledger.

use zeroize::Zeroizing;

use super::append::readable;
use super::{Inner, Ledger, meta};
use crate::block::Head;
use crate::entry::{Continues, Event, Facts, Genesis};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;
use crate::key::{Custody, KeyClaims, KeyEntry, KeyRole};
use crate::random::Random;
use crate::sign::PublicKey;
use crate::store::{Changes, Store};
use crate::time::{Tier, TimeClaim};
use crate::vault::{Vault, VaultKey};

/// What a new ledger is made of.
pub struct CreateOptions {
    /// The ledger's hash, for good.
    pub hash: HashAlg,
    /// The first ledger key.
    pub key: PublicKey,
    /// Where its secret half is kept, as claimed.
    pub custody: Custody,
    /// Certificates for it, DER, leaf first.
    pub certificates: Vec<Vec<u8>>,
    /// Commitment to the next ledger key, see [`KeyClaims::commitment_to`].
    pub next_key: Option<[u8; 32]>,
    /// The sealing organisation's name for itself, 1–200 bytes.
    pub organisation: String,
    /// When the ledger is created.
    pub created: TimeClaim,
    /// The ledger that it goes on from.
    pub continues: Option<Continues>,
    /// What it runs on.
    pub environment: Environment,
    /// Wraps the keys of all values in the vault.
    pub vault_key: VaultKey,
}

/// What a ledger is opened with.
pub struct OpenOptions {
    /// Opens the vault. Without it the ledger can be read, sealed and verified, but values stay closed and no records are
    /// appended.
    pub vault_key: Option<VaultKey>,
    /// The head that the host kept elsewhere; a store that is older or different is refused.
    pub expected_head: Option<ExpectedHead>,
    /// What it runs on; new facts are sealed as an *opened* event.
    pub environment: Environment,
    /// When it is opened.
    pub now: TimeClaim,
    /// Whether only to read.
    pub read_only: bool,
}

/// A head mirrored by the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedHead {
    /// Height.
    pub height: u64,
    /// Block hash.
    pub block_hash: [u8; 32],
}

/// Facts about where a ledger runs, as the host knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Operating system and version.
    pub system: Option<String>,
    /// Device class, for example `server` or `phone`.
    pub device: Option<String>,
    /// SHA-256 of the build that runs.
    pub build: Option<[u8; 32]>,
    /// Tier of the clock in use.
    pub clock: Option<Tier>,
}

impl Environment {
    fn event(&self, time: TimeClaim, self_test_passed: bool) -> Event {
        let facts = Facts::Opened {
            library: concat!("yinzheng ", env!("CARGO_PKG_VERSION")).to_owned(),
            build: self.build,
            system: self.system.clone(),
            device: self.device.clone(),
            self_test_passed: Some(self_test_passed),
            clock: self.clock,
        };
        Event { time, facts }
    }
}

/// What a store starts with when its ledger goes on from another.
#[derive(Default)]
pub(super) struct Start {
    /// Nonce of genesis, where it was announced.
    pub(super) nonce: Option<[u8; 16]>,
    /// The index key of the ledger before, wrapped: business ids stay what they were.
    pub(super) index_key: Option<Vec<u8>>,
    /// Events behind *opened*.
    pub(super) events: Vec<Event>,
    /// Whether entries are still to be taken over.
    pub(super) unfinished: bool,
}

pub(super) const INDEX_LABEL: &[u8] = b"yinzheng vault: index key, version 1";

/// The first state of a new ledger, before it is written. Whatever could be wrong with it is found while it is prepared.
pub(super) struct Beginning {
    changes: Changes,
    vault: Vault,
    random: Random,
}

impl Beginning {
    pub(super) fn prepare(
        options: CreateOptions,
        mut random: Random,
        start: Start,
    ) -> Result<Self> {
        crate::entry::check_organisation(&options.organisation)?;
        let mut claims = KeyClaims::enrol(
            KeyRole::Ledger,
            options.key,
            options.custody,
            options.created.captured.unix_ms,
        );
        claims.certificates = options.certificates;
        claims.next_key = options.next_key;
        let genesis = Genesis {
            hash: options.hash,
            key_entry: KeyEntry::new(&claims).encode(),
            nonce: start.nonce.map_or_else(|| random.array(), Ok)?,
            created: options.created.clone(),
            organisation: options.organisation,
            continues: options.continues,
        };
        let opened = options.environment.event(options.created, self_test());
        let mut entries = vec![genesis.encode(), opened.encode()];
        entries.extend(start.events.iter().map(Event::encode));
        // What could not be sealed must not be written: nothing could be done with the store any more.
        let refs: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        Head::prepare_first(&refs, 0)?;
        let vault = Vault::new(&options.vault_key);
        let wrapped = match start.index_key {
            Some(wrapped) => wrapped,
            None => {
                let key = Zeroizing::new(random.array::<32>()?);
                vault.wrap(key.as_slice(), INDEX_LABEL, &mut random)?
            }
        };
        let changes = Changes {
            meta: vec![
                (meta::GENESIS, entries.first().cloned()),
                (meta::ENVIRONMENT, Some(environment_bytes(&opened))),
                (meta::INDEX_KEY, Some(wrapped)),
                // What means something by not being there is written all the same, so that a lost row is not taken for it.
                (meta::UNFINISHED, Some(vec![1; usize::from(start.unfinished)])),
                (meta::HEAD, Some(Vec::new())),
                (meta::PENDING, Some(Vec::new())),
                (meta::ENDED, Some(Vec::new())),
            ],
            entries: Some((0, entries)),
            ..Changes::default()
        };
        Ok(Self { changes, vault, random })
    }

    /// Makes it durable in an empty store.
    pub(super) fn write(self, mut store: Box<dyn Store>) -> Result<Ledger> {
        store.apply(&self.changes)?;
        let mut inner = Inner::load(store, Some(self.vault), self.random, false)?;
        inner.load_index_key()?;
        Ok(Ledger::new(inner))
    }
}

impl Ledger {
    /// Makes a new ledger in an empty store: genesis and the *opened* event are appended, and block 0 is sealed by
    /// [`Ledger::begin`] and [`Ledger::commit`] like every other.
    ///
    /// # Errors
    /// `InvalidArgument` for a store that is not empty or a name out of limits, `RandomUnavailable`, 6xx.
    pub fn create(store: Box<dyn Store>, options: CreateOptions) -> Result<Self> {
        Self::create_with(store, options, Random::system())
    }

    /// As [`Ledger::create`], with a given source of randomness.
    #[doc(hidden)]
    pub fn create_with(
        store: Box<dyn Store>,
        options: CreateOptions,
        random: Random,
    ) -> Result<Self> {
        if store.next_sequence()? != 0 {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "the store holds a ledger already; open it",
            ));
        }
        Beginning::prepare(options, random, Start::default())?.write(store)
    }

    /// Opens a ledger.
    ///
    /// # Errors
    /// `NotALedger`, `WrongVaultKey`, `HeadMismatch` when the store is older than, or differs from, the head the host
    /// holds, `ReadOnly` for a replica that is not opened for reading, `Damaged`, 6xx.
    pub fn open(store: Box<dyn Store>, options: OpenOptions) -> Result<Self> {
        Self::open_with(store, options, Random::system())
    }

    /// As [`Ledger::open`], with a given source of randomness.
    #[doc(hidden)]
    pub fn open_with(store: Box<dyn Store>, options: OpenOptions, random: Random) -> Result<Self> {
        let vault = options.vault_key.as_ref().map(Vault::new);
        store.begin_reading()?;
        let mut inner = Inner::load(store, vault, random, options.read_only)?;
        if inner.store.meta(meta::UNFINISHED)?.is_some_and(|row| !row.is_empty()) {
            return Err(Error::new(
                ErrorCode::NotALedger,
                "it was to go on from another and was interrupted; throw it away and continue again",
            ));
        }
        inner.load_index_key()?;
        if let Some(expected) = options.expected_head {
            inner.check_expected(expected)?;
        }
        inner.store.end_reading()?;
        match inner.finish_erasure() {
            // A reader beside us holds the journal: the erasure stays unfinished, and sealing must not wait for it.
            Err(error) if error.code() == ErrorCode::Locked => {}
            other => other?,
        }
        if !inner.read_only && !inner.closing && !inner.ended {
            inner.note_environment(&options.environment, &options.now)?;
            inner.note_clock(&options.now)?;
        }
        Ok(Self::new(inner))
    }
}

impl Inner {
    /// A mirror older than the store is normal (a crash between commit and mirror); one that is newer, or names another
    /// block, means that the store was rolled back or cloned.
    fn check_expected(&self, expected: ExpectedHead) -> Result<()> {
        let mismatch = |what: &str| Err(Error::new(ErrorCode::HeadMismatch, what));
        let Some(head) = &self.head else { return mismatch("the store has no block") };
        if expected.height > head.height() {
            return mismatch("the store ends before the block you hold");
        }
        let stored = self.stored_block(expected.height)?;
        if stored.block.block_hash(&stored.root) != expected.block_hash {
            return mismatch("another block stands at the height you hold");
        }
        Ok(())
    }

    fn note_environment(&mut self, environment: &Environment, now: &TimeClaim) -> Result<()> {
        let event = environment.event(now.clone(), self_test());
        let bytes = readable(event.encode())?;
        let facts = environment_bytes(&event);
        if self.store.meta(meta::ENVIRONMENT)?.as_deref() == Some(&facts) {
            return Ok(());
        }
        let sequence = self.store.next_sequence()?;
        self.store.apply(&Changes {
            entries: Some((sequence, vec![bytes])),
            meta: vec![(meta::ENVIRONMENT, Some(facts))],
            ..Changes::default()
        })
    }
}

/// The facts of an opened event without its time, to see whether they changed.
fn environment_bytes(event: &Event) -> Vec<u8> {
    Event { time: TimeClaim::declared(0), facts: event.facts.clone() }.encode()
}

/// Known answers of both hashes: cheap enough for every open, and a broken build is found before it seals anything.
fn self_test() -> bool {
    const SHA256_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const SM3_ABC: &str = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    crate::hash::hex::encode(&HashAlg::Sha256.digest(b"abc")) == SHA256_ABC
        && crate::hash::hex::encode(&HashAlg::Sm3.digest(b"abc")) == SM3_ABC
}
