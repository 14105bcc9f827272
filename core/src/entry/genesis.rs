//! The beginning of a ledger, and the link that ties each later block to the one before.

use crate::codec::{Item, Map, MapBuilder};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::key::KeyEntry;
use crate::numbered::numbered;
use crate::time::TimeClaim;

use super::FORMAT_VERSION;

pub(crate) const LINK_KIND: u64 = 0;
pub(crate) const GENESIS_KIND: u64 = 1;

const ORGANISATION_BYTES: usize = 200;

/// Leaf 0 of every block after the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Block hash of the block before.
    pub previous_block: [u8; 32],
    /// Sealed digest of the block before: covers its signature, so that a later timestamp covers it too.
    pub previous_sealed: [u8; 32],
}

impl Link {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapBuilder::new()
            .put_uint(0, LINK_KIND)
            .put_bstr(1, &self.previous_block)
            .put_bstr(2, &self.previous_sealed)
            .finish()
    }

    pub(super) fn read(map: &Map<'_>) -> Result<Self> {
        Ok(Self {
            previous_block: map.read(1, |digest| digest.bstr32())?,
            previous_sealed: map.read(2, |digest| digest.bstr32())?,
        })
    }
}

numbered! {
    /// Why a ledger goes on from another.
    ContinueReason, "reason is 1 to 4":
    /// The other was closed by size or date.
    Rollover = 1 "rollover",
    /// The other was restored from a backup and may have lost its end.
    Restore = 2 "restore",
    /// Nobody can sign for the other any more.
    KeyLost = 3 "key-lost",
    /// The other's hash is to be replaced.
    NewHash = 4 "new-hash",
}

/// The ledger that a new one goes on from, and its last known block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continues {
    /// The other ledger's id.
    pub ledger_id: Digest,
    /// Height of its last known block.
    pub height: u64,
    /// That block's hash.
    pub block_hash: Digest,
    /// That block's sealed digest.
    pub sealed_digest: Digest,
    /// Why.
    pub reason: ContinueReason,
}

/// The first entry of a ledger. Its digest is the ledger id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The ledger's hash.
    pub hash: HashAlg,
    /// The first ledger key's entry, exact bytes.
    pub key_entry: Vec<u8>,
    /// 16 random bytes, so that no two ledgers have one id.
    pub nonce: [u8; 16],
    /// When it was created.
    pub created: TimeClaim,
    /// The sealing organisation, as it calls itself: 1–200 bytes. It proves nothing by itself.
    pub organisation: String,
    /// The ledger it goes on from.
    pub continues: Option<Continues>,
}

impl Genesis {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut map = MapBuilder::new()
            .put_uint(0, GENESIS_KIND)
            .put_uint(1, FORMAT_VERSION)
            .put_int(2, self.hash.cose_id())
            .put_bstr(3, &self.key_entry)
            .put_bstr(4, &self.nonce)
            .put(5, |w| self.created.write(w))
            .put_text(6, &self.organisation);
        if let Some(other) = &self.continues {
            map = map.put(7, |w| {
                MapBuilder::new()
                    .put(0, |w| other.ledger_id.write(w))
                    .put_uint(1, other.height)
                    .put(2, |w| other.block_hash.write(w))
                    .put(3, |w| other.sealed_digest.write(w))
                    .put_uint(4, other.reason.number())
                    .write(w)
            });
        }
        map.finish()
    }

    pub(super) fn read(map: &Map<'_>) -> Result<Self> {
        if map.read(1, |version| version.uint())? != FORMAT_VERSION {
            return Err(Error::new(
                ErrorCode::UnsupportedVersion,
                "genesis: this library reads format 0",
            ));
        }
        let genesis = Self {
            hash: map.read(2, |alg| HashAlg::from_cose_id(alg.int()?))?,
            key_entry: map.read(3, |entry| entry.bstr())?.to_vec(),
            nonce: map.read(4, |nonce| nonce.bstr_n::<16>())?,
            created: map.read(5, TimeClaim::read)?,
            organisation: map.read(6, |name| name.text())?.to_owned(),
            continues: map.read_opt(7, read_continues)?,
        };
        KeyEntry::parse_first(&genesis.key_entry).map_err(|error| error.within("first key"))?;
        check_organisation(&genesis.organisation)
            .map_err(|_| Error::new(ErrorCode::OutOfRange, "organisation"))?;
        Ok(genesis)
    }
}

/// Checks an organisation's name before it is sealed.
///
/// # Errors
/// `InvalidArgument` for a name of other than 1–200 bytes.
pub(crate) fn check_organisation(name: &str) -> Result<()> {
    if name.is_empty() || name.len() > ORGANISATION_BYTES {
        return Err(Error::new(
            ErrorCode::InvalidArgument,
            "an organisation's name has 1 to 200 bytes",
        ));
    }
    Ok(())
}

fn read_continues(item: Item<'_>) -> Result<Continues> {
    let map = item.map()?;
    map.only(&[0, 1, 2, 3, 4])?;
    let other = Continues {
        ledger_id: map.read(0, Digest::read)?,
        height: map.read(1, |height| height.count())?,
        block_hash: map.read(2, Digest::read)?,
        sealed_digest: map.read(3, Digest::read)?,
        reason: map.read(4, |reason| ContinueReason::from_number(reason.uint()?))?,
    };
    Digest::same_hash(&[other.ledger_id, other.block_hash, other.sealed_digest])?;
    Ok(other)
}
